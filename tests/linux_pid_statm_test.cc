// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_statm.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

// "size resident shared text data", or "bad at N".
std::string Parse(const std::string &text) {
  struct sondei_linux_pid_statm row = {7, 7, 7, 7, 7};
  sondei_parse_error err;
  if (sondei_linux_parse_pid_statm(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(row.size + row.resident + row.shared + row.text + row.data, 35u) << text;
    return "bad at " + std::to_string(err.position);
  }
  return std::to_string(row.size) + " " + std::to_string(row.resident) + " " + std::to_string(row.shared) + " " +
         std::to_string(row.text) + " " + std::to_string(row.data);
}

TEST(LinuxPidStatm, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18", "765 410 382 5 0 90 0\n", "765 410 382 5 90"},
      {"a kernel thread, a zombie", "0 0 0 0 0 0 0\n", "0 0 0 0 0"},
      {"six columns, no line end", "1 2 3 4 5 6", "1 2 3 4 6"},
      {"a column more", "1 2 3 4 5 6 7 8\n", "1 2 3 4 6"},
      {"the largest", "18446744073709551615 1 1 1 0 1 0\n", "18446744073709551615 1 1 1 1"},
      {"too large", "1 18446744073709551616 1 1 0 1 0\n", "bad at 2"},
      {"below zero", "1 -1 1 1 0 1 0\n", "bad at 2"},
      {"garbage", "a b c\n", "bad at 0"},
      {"truncated", "765 410 382", "bad at 11"},
      {"empty", "", "bad at 0"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
