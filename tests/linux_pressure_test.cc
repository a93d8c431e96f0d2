// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_pressure.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Stall(const struct sondei_linux_stall &stall) {
  if (!stall.is_told) return "-";
  return std::to_string(stall.avg10) + " " + std::to_string(stall.avg60) + " " + std::to_string(stall.avg300) + " " +
         std::to_string(stall.total);
}

TEST(LinuxPressure, Table) {
  const std::string some = "some avg10=1.10 avg60=3.61 avg300=5.39 total=97850176\n";
  const struct {
    const char *origin;
    std::string text;
    std::string expected;  // some|full
  } rows[] = {
      {"Linux 6.18", some + "full avg10=0.00 avg60=0.00 avg300=0.00 total=0\n", "110 361 539 97850176000|0 0 0 0"},
      {"the CPU before Linux 5.13", some, "110 361 539 97850176000|-"},
      {"interrupts", "full avg10=100.00 avg60=99.99 avg300=0.01 total=1\n", "-|10000 9999 1 1000"},
      {"other rows, pairs, blank lines", "\nhalf x=1\nsome avg10=0.00 avg60=0.00 avg300=0.00 avg900=1 total=5",
       "0 0 0 5000|-"},
      {"a pair is missing", "some avg10=0.00 avg60=0.00 total=5\n", "bad at 34: three averages and a total"},
      {"no number", "some avg10= avg60=0.00 avg300=0.00 total=5\n", "bad at 11: a number"},
      {"a number with something behind", "some avg10=1.10x avg60=0.00 avg300=0.00 total=5\n", "bad at 11: a number"},
      {"a total with something behind", "some avg10=0.00 avg60=0.00 avg300=0.00 total=5k\n", "bad at 45: a number"},
      {"above 100 %", "some avg10=100.01 avg60=0.00 avg300=0.00 total=5\n", "bad at 11: a number"},
      {"a total that does not fit into nanoseconds", "some avg10=0.00 avg60=0.00 avg300=0.00 total=18446744073709552\n",
       "bad at 45: a number"},
      {"a comma", "some avg10=0,00 avg60=0.00 avg300=0.00 total=5\n", "bad at 11: a number"},
      {"garbage", "\xff\x01", "bad at 2: some or full"},
      {"truncated", "some avg10=0.00", "bad at 15: three averages and a total"},
      {"empty", "", "bad at 0: some or full"},
  };
  for (const auto &row : rows) {
    struct sondei_linux_pressure out = {};
    out.some.total = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_pressure(&out, &err, sondei_span_of(row.text.data(), row.text.size()));
    if (status == SONDE_OK) {
      EXPECT_EQ(Stall(out.some) + "|" + Stall(out.full), row.expected) << row.origin;
    } else {
      EXPECT_EQ("bad at " + std::to_string(err.position) + ": " + err.expected, row.expected) << row.origin;
      EXPECT_EQ(out.some.total, 4711u) << row.origin;
    }
  }
}

}  // namespace
