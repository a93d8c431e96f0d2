// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_uptime.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string text;
  uint64_t uptime;
  const char *expected;  // nullptr: understood
};

TEST(LinuxUptime, Table) {
  const Row rows[] = {
      {"Debian 12", "350735.47 234388.90\n", 350735470000000, nullptr},
      {"just booted", "0.00 0.00\n", 0, nullptr},
      {"one column", "12.5\n", 12500000000, nullptr},
      {"no fraction", "12 3\n", 12000000000, nullptr},
      {"more digits than nanoseconds", "1.0000000019 1\n", 1000000001, nullptr},
      {"the longest there is", "18446744073.709551615 0\n", UINT64_MAX, nullptr},
      {"longer", "18446744073.709551616 0\n", 0, "seconds since boot"},
      {"longer", "18446744074 0\n", 0, "seconds since boot"},
      {"negative", "-1.00 0\n", 0, "seconds since boot"},
      {"garbage", "\xff", 0, "seconds since boot"},
      {"truncated", " ", 0, "seconds since boot"},
      {"empty", "", 0, "seconds since boot"},
  };
  for (const Row &row : rows) {
    SCOPED_TRACE(row.origin);
    struct sondei_linux_uptime out = {4711};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_linux_parse_uptime(&out, &err, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(status, row.expected != nullptr ? SONDE_ERR_PARSE : SONDE_OK);
    EXPECT_EQ(out.uptime, row.expected != nullptr ? 4711 : row.uptime);
  }
}

}  // namespace
