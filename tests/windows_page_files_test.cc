// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_page_files.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

constexpr uint64_t kBase = 0x200000;

std::string Number(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

std::string Wide(const std::string &ascii) {
  std::string out;
  for (const char c : ascii) out += Number(static_cast<unsigned char>(c), 2);
  return out;
}

// One page file, its name behind it, as an answer has it at `at`. extended: with the two members of the EX class.
std::string File(size_t at, size_t pointer_size, uint32_t next, uint32_t total, const std::string &name,
                 bool extended = false) {
  const size_t header = 16 + 2 * pointer_size + (extended ? 8 : 0);
  std::string out = Number(next, 4) + Number(total, 4) + Number(total / 2, 4) + Number(total - 1, 4);
  out += Number(name.size() * 2, 2) + Number(name.size() * 2, 2);
  out.resize(16 + pointer_size);
  out += Number(kBase + at + header, pointer_size);
  if (extended) out += Number(16, 4) + Number(99, 4);
  return out + Wide(name);
}

// "total used peak name", or what was wrong, for each page file.
std::string Parse(const std::string &bytes, size_t pointer_size) {
  struct sondei_windows_page_files in = {{sondei_span_of(bytes.data(), bytes.size()), kBase, pointer_size}, 0, false};
  struct sondei_windows_page_file file = {};
  sondei_parse_error err;
  std::string all;
  while (sondei_windows_next_page_file(&file, &err, &in)) {
    if (!all.empty()) all += "; ";
    if (err.expected != nullptr) {
      all += "bad at " + std::to_string(err.position) + ": " + err.expected;
      continue;
    }
    all += std::to_string(file.total) + " " + std::to_string(file.used) + " " + std::to_string(file.peak) + " ";
    for (size_t i = 0; i < file.name.len; i += 2) all += file.name.data[i];
  }
  EXPECT_EQ(err.expected, nullptr);
  EXPECT_FALSE(sondei_windows_next_page_file(&file, &err, &in)) << "the end stays the end";
  return all;
}

struct Row {
  const char *origin;
  std::string bytes;
  std::string expected;
  size_t pointer_size;
};

TEST(WindowsPageFiles, Table) {
  const std::string name = "\\??\\C:\\pagefile.sys";
  const std::string last8 = File(0, 8, 0, 1000, name);
  const std::string two8 = File(0, 8, 72, 1000, name).append(2, '\0') + File(72, 8, 0, 64, "\\??\\D:\\swapfile.sys");
  const std::string two4 = File(0, 4, 64, 1000, name).append(2, '\0') + File(64, 4, 0, 64, "\\??\\D:\\swapfile.sys");
  const std::string ex8 = File(0, 8, 80, 1000, name, true).append(2, '\0') + File(80, 8, 0, 6, "\\??\\D:\\a", true);
  const std::string both = "1000 500 999 \\??\\C:\\pagefile.sys; 64 32 63 \\??\\D:\\swapfile.sys";
  const std::string at_end = "bad at 0: an offset of the next page file";
  std::string outside = last8;
  std::string outside_first = two8;
  outside[28] = outside_first[28] = 0x7f;
  const Row rows[] = {
      {"one", last8, "1000 500 999 \\??\\C:\\pagefile.sys", 8},
      {"two", two8, both, 8},
      {"two, of a 32-bit process", two4, both, 4},
      {"the EX class", ex8, "1000 500 999 \\??\\C:\\pagefile.sys; 6 3 5 \\??\\D:\\a", 8},
      {"no name", File(0, 8, 0, 7, ""), "7 3 6 ", 8},
      {"names at the end of all", File(0, 8, 32, 2, "").append(File(32, 8, 0, 4, "")), "2 1 1 ; 4 2 3 ", 8},
      {"the largest", File(0, 8, 0, UINT32_MAX, ""), "4294967295 2147483647 4294967294 ", 8},
      {"a name that lies elsewhere", outside, "bad at 16: a name within the answer", 8},
      {"a bad name does not hide the next", outside_first,
       "bad at 16: a name within the answer; 64 32 63 \\??\\D:\\swapfile.sys", 8},
      {"next is itself", File(0, 8, 4, 1000, name), at_end, 8},
      {"next is within the header", File(0, 8, 28, 1000, name), at_end, 8},
      {"next is not aligned", File(0, 8, 33, 1000, name), at_end, 8},
      {"next is behind the end", File(0, 8, 72, 1000, name), at_end, 8},
      {"next wraps", File(0, 8, 0xfffffffc, 1000, name), at_end, 8},
      {"garbage", std::string(32, '\xff'), at_end, 8},
      {"truncated", two8.substr(0, 100), "1000 500 999 \\??\\C:\\pagefile.sys; bad at 72: a whole page file", 8},
      {"truncated in a name", last8.substr(0, 40), "bad at 16: a name within the answer", 8},
      {"empty: there are none", "", "", 8},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.bytes, row.pointer_size), row.expected) << row.origin;
}

}  // namespace
