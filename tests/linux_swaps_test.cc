// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_swaps.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_swap row;
  sondei_parse_error err;
  while (sondei_linux_next_swap(&row, &err, &in)) {
    all += Text(row.name) + "|" + Text(row.type) + "|" + std::to_string(row.size) + "|" +
           (row.has_used ? std::to_string(row.used) : "-") + "|" +
           (row.has_priority ? std::to_string(row.priority) : "-");
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

TEST(LinuxSwaps, Table) {
  const std::string head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"no swap", head, ""},
      {"a partition and a file",
       head + "/dev/sda2                               partition\t1000000\t\t10\t\t-2\n"
              "/swap\\040file                          file\t\t2048\t\t0\t\t5\n",
       "/dev/sda2|partition|1024000000|10240|-2\n/swap\\040file|file|2097152|0|5\n"},
      {"removed while in use", head + "/swap\\040(deleted) file 4 0 -3\n", "/swap\\040(deleted)|file|4096|0|-3\n"},
      {"lxcfs", head + "none\t\t\t\t\tvirtual\t\t1048576\t0\t\t0\n", "none|virtual|1073741824|0|0\n"},
      {"no headings", "/dev/sda2 partition 4 0 -2\n", "/dev/sda2|partition|4096|0|-2\n"},
      {"no priority", "/dev/sda2 partition 4 0\n", "/dev/sda2|partition|4096|0|-\n"},
      {"short rows: gopsutil 29807693", "/a\n/b file\n/c file 4\n/d file 4 0 -1\n",
       "/a||0|-|- bad at 2: a type\n/b|file|0|-|- bad at 7: a size in KiB\n"
       "/c|file|4096|-|- bad at 9: what is used, in KiB\n/d|file|4096|0|-1\n"},
      {"more bytes than fit", "/a file 18014398509481984 0 -1\n", "/a|file|0|-|- bad at 8: a size in KiB\n"},
      {"negative size", "/a file -1 0 -1\n", "/a|file|0|-|- bad at 8: a size in KiB\n"},
      {"no number as priority", "/a file 1 0 x\n", "/a|file|1024|0|- bad at 12: a priority\n"},
      {"blank lines", "\n \n" + head + "\n", ""},
      {"garbage", "\xff\xfe \x01", "\xff\xfe|\x01|0|-|- bad at 4: a size in KiB\n"},
      {"truncated", head + "/dev/sd", "/dev/sd||0|-|- bad at 46: a type\n"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
  }
}

}  // namespace
