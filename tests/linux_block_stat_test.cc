// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_block_stat.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

// What was told: bytes and ns in the kernel's units again, so that the rows are readable.
std::string Parse(const std::string &text) {
  struct sondei_linux_block_stat s;
  struct sondei_linux_block_stat before;
  memset(&s, 0xa5, sizeof s);
  memcpy(&before, &s, sizeof s);
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_block_stat(&s, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&s, &before, sizeof s), 0) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  std::string all;
  const auto add = [&all](uint64_t value) { all += std::to_string(value) + " "; };
  const auto bytes = [&add](uint64_t value) {
    EXPECT_EQ(value % 512, 0u);
    add(value / 512);
  };
  const auto ns = [&add](uint64_t value) {
    EXPECT_EQ(value % 1000000, 0u);
    add(value / 1000000);
  };
  add(s.read_count), add(s.read_merged), bytes(s.read_bytes), ns(s.read_time);
  add(s.write_count), add(s.write_merged), bytes(s.write_bytes), ns(s.write_time);
  if (s.has_in_flight) add(s.in_flight);
  if (s.has_times) all += "| ", ns(s.busy_time), ns(s.weighted_time);
  if (s.has_discard)
    all += "| ", add(s.discard_count), add(s.discard_merged), bytes(s.discard_bytes), ns(s.discard_time);
  if (s.has_flush) all += "| ", add(s.flush_count), ns(s.flush_time);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxBlockStat, Table) {
  const Row rows[] = {
      {"4 numbers: a partition before 2.6.25", "10 20 30 40\n", "10 0 20 0 30 0 40 0 "},
      {"11: since 2.6.25", "1 2 3 4 5 6 7 8 9 10 11\n", "1 2 3 4 5 6 7 8 9 | 10 11 "},
      {"sysfs pads",
       "       1        2        3        4        5        6        7        8        9       10       11\n",
       "1 2 3 4 5 6 7 8 9 | 10 11 "},
      {"12: not known", "1 2 3 4 5 6 7 8 9 10 11 12", "1 2 3 4 5 6 7 8 9 | 10 11 "},
      {"14: lxcfs, psutil 7.2.2 loses the call", "1 2 3 4 5 6 7 8 9 10 11 12 13 14", "1 2 3 4 5 6 7 8 9 | 10 11 "},
      {"15: Linux 4.18", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "1 2 3 4 5 6 7 8 9 | 10 11 | 12 13 14 15 "},
      {"16: not known", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "1 2 3 4 5 6 7 8 9 | 10 11 | 12 13 14 15 "},
      {"17: Linux 5.5", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
       "1 2 3 4 5 6 7 8 9 | 10 11 | 12 13 14 15 | 16 17 "},
      {"20: the future", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 x 20\n",
       "1 2 3 4 5 6 7 8 9 | 10 11 | 12 13 14 15 | 16 17 "},
      {"in flight below zero, before 2.6.28", "1 2 3 4 5 6 7 8 -1 10 11", "1 2 3 4 5 6 7 8 | 10 11 "},
      {"the most that fits", "18446744073709551615 2 36028797018963967 18446744073709 5 6 7 8 9 10 11",
       "18446744073709551615 2 36028797018963967 18446744073709 5 6 7 8 9 | 10 11 "},
      {"a count over 64 bits", "18446744073709551616 2 3 4 5 6 7 8 9 10 11", "bad at 0: a number that fits"},
      {"sectors x 512 over 64 bits", "1 2 36028797018963968 4 5 6 7 8 9 10 11", "bad at 4: a number that fits"},
      {"milliseconds over 64 bits of ns", "1 2 3 18446744073710 5 6 7 8 9 10 11", "bad at 6: a number that fits"},
      {"discarded sectors over 64 bits", "1 2 3 4 5 6 7 8 9 10 11 12 13 36028797018963968 15",
       "bad at 30: a number that fits"},
      {"flush time over 64 bits", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 18446744073710",
       "bad at 39: a number that fits"},
      {"in flight, a sign and no number", "1 2 3 4 5 6 7 8 -x 10 11", "bad at 16: a number that fits"},
      {"a negative count", "-1 2 3 4", "bad at 0: a number that fits"},
      {"a word with a number in front", "1 2 3x 4", "bad at 4: a number that fits"},
      {"5 numbers", "1 2 3 4 5", "bad at 0: 4 or at least 11 numbers"},
      {"10 numbers", "1 2 3 4 5 6 7 8 9 10", "bad at 0: 4 or at least 11 numbers"},
      {"garbage", std::string("\xff\x00 a b c", 8), "bad at 0: a number that fits"},
      {"truncated", "1 2 3", "bad at 0: 4 or at least 11 numbers"},
      {"empty", "", "bad at 0: 4 or at least 11 numbers"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
