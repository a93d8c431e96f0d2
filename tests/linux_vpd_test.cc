// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_vpd.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string bytes;
  std::string expected;
};

std::string Parse(const std::string &bytes) {
  sondei_span out = {nullptr, 4711};
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_vpd_serial(&out, &err, sondei_span_of(bytes.data(), bytes.size())) != SONDE_OK) {
    EXPECT_EQ(out.len, 4711u) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::string(out.data, out.len);
}

TEST(LinuxVpd, Table) {
  const Row rows[] = {
      {"a SATA disk through libata: padded in front", std::string("\0\x80\0\x14     WD-WCC4N1234567", 24),
       "WD-WCC4N1234567"},
      {"a SAS disk: padded behind", std::string("\0\x80\0\x06Z1Y0  ", 10), "Z1Y0"},
      {"bytes after the page",
       std::string("\0\x80\0\x02"
                   "abcd",
                   8),
       "ab"},
      {"NULs around", std::string("\0\x80\0\x04\0a\0\0", 8), "a"},
      {"no serial", std::string("\0\x80\0\0", 4), ""},
      {"only padding", std::string("\0\x80\0\x02 \0", 6), ""},
      {"another page",
       std::string("\0\x83\0\x01"
                   "a",
                   5),
       "bad at 0: page 0x80"},
      {"longer than its bytes",
       std::string("\0\x80\x01\0"
                   "a",
                   5),
       "bad at 2: a length within the page"},
      {"longer than its bytes, by one",
       std::string("\0\x80\0\x02"
                   "a",
                   5),
       "bad at 2: a length within the page"},
      {"256 bytes: the length's upper byte", std::string("\0\x80\x01\0", 4) + std::string(256, 'a') + "b",
       std::string(256, 'a')},
      {"garbage", std::string("\xff\xff\xff\xff", 4), "bad at 0: page 0x80"},
      {"truncated", std::string("\0\x80\0", 3), "bad at 0: page 0x80"},
      {"empty", "", "bad at 0: page 0x80"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.bytes), row.expected) << row.origin;
}

}  // namespace
