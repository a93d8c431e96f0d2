// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_autogroup.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  struct sondei_linux_pid_autogroup row = {7, 7};
  sondei_parse_error err;
  if (sondei_linux_parse_pid_autogroup(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(row.id, 7u) << text;
    EXPECT_EQ(row.nice, 7) << text;
    return "bad at " + std::to_string(err.position);
  }
  return std::to_string(row.id) + " " + std::to_string(row.nice);
}

TEST(LinuxPidAutogroup, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18", "/autogroup-1525 nice 0\n", "1525 0"},
      {"favoured", "/autogroup-7 nice -20", "7 -20"},
      {"too large", "/autogroup-18446744073709551616 nice 0\n", "bad at 11"},
      {"nice too large", "/autogroup-1 nice 2147483648\n", "bad at 18"},
      {"garbage", "x\n", "bad at 0"},
      {"truncated", "/autogroup-7 ni", "bad at 12"},
      {"empty: a kernel thread", "", "bad at 0"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
