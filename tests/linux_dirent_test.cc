// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_dirent.h"
}

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

namespace {

// A record as getdents64(2) describes it: d_ino, d_off, d_reclen, d_type, d_name, NUL, padding to 8.
std::string Record(uint64_t inode, uint8_t type, const std::string &name, int record_len = -1) {
  const uint64_t offset = 4711;
  const uint16_t len = static_cast<uint16_t>(record_len >= 0 ? record_len : (19 + name.size() + 1 + 7) / 8 * 8);
  std::string out(19, '\0');
  memcpy(&out[0], &inode, 8);
  memcpy(&out[8], &offset, 8);
  memcpy(&out[16], &len, 2);
  out[18] = static_cast<char>(type);
  out += name;
  out.resize(record_len >= 0 ? std::max(out.size() + 1, static_cast<size_t>(record_len)) : len, '\0');
  return out;
}

struct Row {
  const char *origin;
  std::string in;
  std::vector<std::string> names;
  size_t rest;  // bytes left, for what is no record
};

const Row kRows[] = {
    {"a process directory",
     Record(1, 4, ".") + Record(2, 4, "..") + Record(3, 4, "1") + Record(4, 4, "4711"),
     {".", "..", "1", "4711"},
     0},
    {"no padding needed", Record(1, 8, "1234"), {"1234"}, 0},
    {"the longest name", Record(1, 8, std::string(255, 'n')), {std::string(255, 'n')}, 0},
    {"longer than any file system has, to the end of a record",
     Record(1, 8, std::string(60000, 'n')),
     {std::string(60000, 'n')},
     0},
    {"any bytes", Record(1, 8, "a\nb\xff\x1b"), {"a\nb\xff\x1b"}, 0},
    {"an empty name", Record(1, 8, ""), {""}, 0},
    {"the largest numbers", Record(UINT64_MAX, 255, "x"), {"x"}, 0},
    {"garbage", std::string(40, '\xff'), {}, 40},
    {"a record of length 0 would never end", Record(1, 8, "x", 0), {}, 21},
    {"a record shorter than its head", Record(1, 8, "x", 19), {}, 21},
    {"a name without its NUL", Record(1, 8, "xyz").substr(0, 19) + "xyzzy", {}, 24},
    {"good, then longer than what is left", Record(1, 8, "ok") + Record(2, 8, "x", 64).substr(0, 40), {"ok"}, 40},
    {"truncated in the head", Record(1, 8, "ok") + Record(2, 8, "x").substr(0, 17), {"ok"}, 17},
    {"truncated in the name", Record(2, 8, "name").substr(0, 21), {}, 21},
    {"empty", "", {}, 0},
};

TEST(LinuxDirent, Table) {
  for (const Row &row : kRows) {
    const std::vector<char> bytes(row.in.begin(), row.in.end());
    sondei_span in = sondei_span_of(bytes.data(), bytes.size());
    sondei_parse_error err = {4711, nullptr};
    sondei_linux_dirent entry = {4711, 17, {"before", 6}};
    std::vector<std::string> names;
    while (sondei_linux_next_dirent(&entry, &err, &in)) {
      EXPECT_EQ(err.expected, nullptr) << row.origin;
      names.emplace_back(entry.name.data, entry.name.len);
      EXPECT_EQ(entry.name.data[entry.name.len], '\0') << row.origin;
    }
    EXPECT_EQ(names, row.names) << row.origin;
    EXPECT_EQ(in.len, row.rest) << row.origin;
    EXPECT_EQ(err.expected != nullptr, row.rest > 0) << row.origin;
    if (row.names.empty()) {
      EXPECT_EQ(entry.inode, 4711u) << row.origin;
      EXPECT_EQ(entry.type, 17u) << row.origin;
      EXPECT_STREQ(entry.name.data, "before") << row.origin;
    }
  }
}

TEST(LinuxDirent, Fields) {
  const std::string in = Record(0x0123456789abcdef, 10, "name");
  sondei_span span = sondei_span_of(in.data(), in.size());
  sondei_parse_error err;
  sondei_linux_dirent entry;
  ASSERT_TRUE(sondei_linux_next_dirent(&entry, &err, &span));
  EXPECT_EQ(entry.inode, UINT64_C(0x0123456789abcdef));
  EXPECT_EQ(entry.type, 10u);
}

}  // namespace
