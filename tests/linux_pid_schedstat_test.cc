// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_schedstat.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  struct sondei_linux_pid_schedstat row = {7, 7, 7};
  sondei_parse_error err;
  if (sondei_linux_parse_pid_schedstat(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(row.run_time + row.run_delay + row.slices, 21u) << text;
    return "bad at " + std::to_string(err.position);
  }
  return std::to_string(row.run_time) + " " + std::to_string(row.run_delay) + " " + std::to_string(row.slices);
}

TEST(LinuxPidSchedstat, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18", "123456 789 12\n", "123456 789 12"},
      {"just started", "0 0 1\n", "0 0 1"},
      {"the largest", "1 18446744073709551615 3", "1 18446744073709551615 3"},
      {"too large", "1 18446744073709551616 3\n", "bad at 2"},
      {"garbage", "a b c\n", "bad at 0"},
      {"truncated", "1 2", "bad at 3"},
      {"empty", "", "bad at 0"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
