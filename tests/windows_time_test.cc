// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_time.h"
}

#include <gtest/gtest.h>

namespace {

TEST(WindowsTime, FiletimeToMoment) {
  const struct {
    const char *origin;
    uint64_t filetime;
    bool is_told;
    uint64_t moment;
  } rows[] = {
      {"1970-01-01", 116444736000000000, true, 0},
      {"a tick before", 116444735999999999, false, 0},
      {"a tick later", 116444736000000001, true, 100},
      {"2000-01-01", 125911584000000000, true, UINT64_C(946684800000000000)},
      {"2026-11-22 22:00:00.1234567", 134398656001234567, true, UINT64_C(1795392000123456700)},
      {"2038-01-19 03:14:08", 137919572480000000, true, UINT64_C(2147483648000000000)},
      {"the last that fits", 116444736000000000 + 184467440737095516, true, UINT64_C(18446744073709551600)},
      {"one too many", 116444736000000000 + 184467440737095517, false, 0},
      {"never", 0, false, 0},
      {"the largest signed: never", 0x7fffffffffffffff, false, 0},
      {"the largest", UINT64_MAX, false, 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    uint64_t out = 4711;
    EXPECT_EQ(sondei_windows_filetime_to_moment(row.filetime, &out), row.is_told);
    EXPECT_EQ(out, row.is_told ? row.moment : 4711);
  }
}

TEST(WindowsTime, TicksToNs) {
  const struct {
    uint64_t ticks;
    bool is_told;
    uint64_t ns;
  } rows[] = {
      {0, true, 0},
      {1, true, 100},
      {10000000, true, 1000000000},
      {UINT64_MAX / 100, true, UINT64_MAX - UINT64_MAX % 100},
      {UINT64_MAX / 100 + 1, false, 0},
      {UINT64_MAX, false, 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.ticks);
    uint64_t out = 4711;
    EXPECT_EQ(sondei_windows_ticks_to_ns(row.ticks, &out), row.is_told);
    EXPECT_EQ(out, row.is_told ? row.ns : 4711);
  }
}

TEST(WindowsTime, CounterToNs) {
  const struct {
    const char *origin;
    uint64_t count;
    uint64_t frequency;
    bool is_told;
    uint64_t ns;
  } rows[] = {
      {"Windows 10 and Wine: 10 MHz", 12345678901, 10000000, true, UINT64_C(1234567890100)},
      {"ACPI timer", 3579545, 3579545, true, 1000000000},
      {"ACPI timer, less than a second", 3579544, 3579545, true, 999999720},
      {"time stamp counter of 3 GHz, up for 190 years", UINT64_C(5991840000) * 3000000000 + 1, 3000000000, true,
       UINT64_C(5991840000000000000)},
      {"1 Hz, the last that fits", 18446744073, 1, true, UINT64_C(18446744073000000000)},
      {"1 Hz, one too many", 18446744074, 1, false, 0},
      {"2 Hz, too many by the fraction", 18446744073 * 2 + 1, 2, true, UINT64_C(18446744073500000000)},
      {"more than 18 GHz", UINT64_C(100000000000) * 3 / 2, UINT64_C(100000000000), true, 1500000000},
      {"the fastest", UINT64_MAX, UINT64_MAX, true, 1000000000},
      {"the fastest, half a second", UINT64_MAX / 2, UINT64_MAX, true, 499999999},
      {"overflows by the fraction", UINT64_C(18446744073) * 10 + 9, 10, false, 0},
      {"none", 1, 0, false, 0},
      {"garbage", UINT64_MAX, 1, false, 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    uint64_t out = 4711;
    EXPECT_EQ(sondei_windows_counter_to_ns(row.count, row.frequency, &out), row.is_told);
    EXPECT_EQ(out, row.is_told ? row.ns : 4711);
  }
}

}  // namespace
