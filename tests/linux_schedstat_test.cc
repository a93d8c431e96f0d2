// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_schedstat.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  sondei_span in = sondei_span_of(text.data(), text.size());
  uint32_t version = 4711;
  if (!sondei_linux_take_schedstat_version(&version, &in)) {
    EXPECT_EQ(version, 4711u);
    EXPECT_EQ(in.len, text.size());
    return "no version";
  }
  std::string all = std::to_string(version) + "\n";
  struct sondei_linux_schedstat row;
  sondei_parse_error err;
  while (sondei_linux_next_schedstat(&row, &err, &in, version)) {
    all += std::to_string(row.cpu) + "|" + std::to_string(row.run_time) + "|" + std::to_string(row.wait_time) + "|" +
           std::to_string(row.timeslices);
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  return all;
}

TEST(LinuxSchedstat, Table) {
  const struct {
    const char *origin;
    std::string text, expected;
  } rows[] = {
      {"Linux 2.6.24: version 14, three counters more",
       "version 14\ntimestamp 4294923104\ncpu0 1 2 3 4 5 6 7 8 9 1000 2000 30\ndomain0 03 5 6\n",
       "14\n0|1000|2000|30\n"},
      {"Linux 2.6.32 to 6.5: version 15",
       "version 15\ntimestamp 4295018816\ncpu0 0 0 0 0 0 0 41203 5712 99\ndomain0 00000003 1 2 3\ncpu1 9 9 9 9 9 9 7 8 "
       "9\ndomain0 00000003 1\n",
       "15\n0|41203|5712|99\n1|7|8|9\n"},
      {"Linux 6.6: version 16", "version 16\ntimestamp 1\ncpu0 0 0 0 0 0 0 1 2 3\n", "16\n0|1|2|3\n"},
      {"Linux 6.14: version 17, domains have names",
       "version 17\ntimestamp 1\ncpu0 0 0 0 0 0 0 1 2 3\ndomain0 SMT 00000003 1\ndomain1 PKG 1\ncpu2 0 0 0 0 0 0 4 5 "
       "6\n",
       "17\n0|1|2|3\n2|4|5|6\n"},
      {"a later version with more columns", "version 18\ncpu0 0 0 0 0 0 0 1 2 3 4 5\n", "18\n0|1|2|3\n"},
      {"4,096 CPUs and numbers up to 2^64 - 1", "version 15\ncpu4095 0 0 0 0 0 0 18446744073709551615 0 0\n",
       "15\n4095|18446744073709551615|0|0\n"},
      {"a number that does not fit loses its row only",
       "version 15\ncpu0 0 0 0 0 0 0 18446744073709551616 1 1\ncpu1 0 0 0 0 0 0 1 1 1\n",
       "15\n0|0|0|0 bad at 17: a counter\n1|1|1|1\n"},
      {"a short row", "version 15\ncpu0 1 2 3\ncpu1 0 0 0 0 0 0 1 1 1\n",
       "15\n0|0|0|0 bad at 10: a counter\n1|1|1|1\n"},
      {"no CPU number", "version 15\ncpu 1\ncpux 1\ncpu9x 1\ncpu4294967296 1\n",
       "15\n9|0|0|0 bad at 17: a CPU number\n0|0|0|0 bad at 3: a CPU number\n"},
      {"blank lines", "\nversion 15\n\ncpu0  0 0 0 0 0 0\t1 2 3\n\n", "15\n0|1|2|3\n"},
      {"no version", "timestamp 1\ncpu0 0 0 0 0 0 0 1 2 3\n", "no version"},
      {"garbage", std::string("version \xff\x00\n", 11), "no version"},
      {"truncated", "version 15\ncpu0 0 0 0 0 0 0 1 2", "15\n0|0|0|0 bad at 20: a counter\n"},
      {"empty", "", "no version"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxSchedstat, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_schedstat row = {1, 2, 3, 4};
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_text("domain0 1\n");
  EXPECT_FALSE(sondei_linux_next_schedstat(&row, &err, &in, 15));
  EXPECT_EQ(row.run_time, 2u);
  EXPECT_EQ(err.expected, nullptr);
}

}  // namespace
