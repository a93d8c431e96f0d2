// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pid_io.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

// "valid: rchar wchar syscr syscw read_bytes write_bytes cancelled_write_bytes", or "bad at N".
std::string Parse(const std::string &text) {
  struct sondei_linux_pid_io row;
  struct sondei_linux_pid_io untouched;
  sondei_parse_error err = {0, nullptr};
  memset(&row, 0x5a, sizeof row);
  memcpy(&untouched, &row, sizeof row);
  if (sondei_linux_parse_pid_io(&row, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&row, &untouched, sizeof row), 0) << text;
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::to_string(row.valid) + ": " + std::to_string(row.rchar) + " " + std::to_string(row.wchar) + " " +
         std::to_string(row.syscr) + " " + std::to_string(row.syscw) + " " + std::to_string(row.read_bytes) + " " +
         std::to_string(row.write_bytes) + " " + std::to_string(row.cancelled_write_bytes);
}

TEST(LinuxPidIo, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.18",
       "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n",
       "127: 1 2 3 4 5 6 7"},
      {"psutil #1004: blank and odd lines", "\nrchar: 1\n\nodd line\nnew_key: 9 kB\nwchar: 2\n", "3: 1 2 0 0 0 0 0"},
      {"gVisor: char", "char: 9\nwchar: 2\n", "3: 9 2 0 0 0 0 0"},
      {"no rchar", "wchar: 2\nwrite_bytes: 6\n", "34: 0 2 0 0 0 6 0"},
      {"the largest", "rchar: 18446744073709551615\n", "1: 18446744073709551615 0 0 0 0 0 0"},
      {"no line end", "rchar: 1", "1: 1 0 0 0 0 0 0"},
      {"too large", "wchar: 1\nrchar: 18446744073709551616\n", "bad at 15: a number"},
      {"no number", "rchar: x\n", "bad at 6: a number"},
      {"a number with a unit", "rchar: 1\nwchar: 2 kB\n", "bad at 15: a number"},
      {"a key that ends like one", "xrchar: 1\n", "bad at 0: a line with a key"},
      {"garbage", "\x01\x02", "bad at 0: a line with a key"},
      {"truncated", "rchar: 12\nwchar", "1: 12 0 0 0 0 0 0"},
      {"empty", "", "bad at 0: a line with a key"},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
