// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_fdinfo.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

// "valid: pos flags mnt_id ino", or "bad at N".
std::string Parse(const std::string &text) {
  struct sondei_linux_fdinfo row;
  struct sondei_linux_fdinfo untouched;
  sondei_parse_error err = {0, nullptr};
  memset(&row, 0x5a, sizeof row);
  memcpy(&untouched, &row, sizeof row);
  if (sondei_linux_parse_fdinfo(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&row, &untouched, sizeof row), 0) << text;
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::to_string(row.valid) + ": " + std::to_string(row.pos) + " " + std::to_string(row.flags) + " " +
         std::to_string(row.mnt_id) + " " + std::to_string(row.ino);
}

TEST(LinuxFdinfo, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18", "pos:\t5\nflags:\t0100002\nmnt_id:\t24\nino:\t3\n", "15: 5 32770 24 3"},
      {"Linux 2.6", "pos:\t1024\nflags:\t0100001\n", "3: 1024 32769 0 0"},
      {"epoll: pos and ino of others on one line",
       "pos:\t0\nflags:\t02000002\nmnt_id:\t15\ntfd:       12 events:       19 data:  ffffffff  pos:9 ino:1c sdev:8\n",
       "7: 0 524290 15 0"},
      {"a driver's lines", "pos:\t0\nflags:\t02\ndrm-driver:\ti915\npos:\t77\n", "3: 0 2 0 0"},
      {"each key again, from a driver",
       "pos:\t1\nflags:\t02\nmnt_id:\t3\nino:\t4\npos:\tx\nflags:\tx\nmnt_id:\tx\nino:\tx\n", "15: 1 2 3 4"},
      {"the position last", "flags:\t02\nmnt_id:\t3\nino:\t4\npos:\t1\n", "15: 1 2 3 4"},
      {"a position below zero", "pos:\t-1\nflags:\t02\n", "2: 0 2 0 0"},
      {"the largest", "pos:\t9223372036854775807\n", "1: 9223372036854775807 0 0 0"},
      {"too large", "pos:\t9223372036854775808\n", "bad at 4: a number"},
      {"no mount", "pos:\t1\nmnt_id:\tx\n", "bad at 14: a number"},
      {"no inode", "pos:\t1\nino:\t-1\n", "bad at 11: a number"},
      {"not octal", "pos:\t1\nflags:\t9\n", "bad at 14: a number"},
      {"garbage", "\x01\x02", "bad at 0: a line with a key"},
      {"truncated", "pos:\t12\nfla", "1: 12 0 0 0"},
      {"empty", "", "bad at 0: a line with a key"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
