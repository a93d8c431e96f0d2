// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_zoneinfo.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxZoneinfo, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"Linux 6.1, two zones",
       "Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 130711\n  pages free     3840\n        boost   "
       " 0\n"
       "        min      8\n        low      11\n        high     14\n        spanned  4095\n"
       "  pagesets\n    cpu: 0\n              count: 0\n              high:  0\n"
       "Node 0, zone   Normal\n  pages free     10\n        min      40\n        low      50\n",
       "61"},
      {"no number", "        low      \n", "bad at 17: a number of pages"},
      {"not a number", "low 1\nlow x\n", "bad at 10: a number of pages"},
      {"a tail", "low 1 2\n", "bad at 4: a number of pages"},
      {"the sum does not fit", "low 18446744073709551615\nlow 1\n", "bad at 29: a number of pages"},
      {"other words", "lowest 5\nlow: 7\nslow 3\n", "bad at 23: a low watermark"},
      {"garbage", "\xff", "bad at 1: a low watermark"},
      {"truncated", "  pages free     3840\n        lo", "bad at 32: a low watermark"},
      {"empty", "", "bad at 0: a low watermark"},
  };
  for (const auto &row : rows) {
    struct sondei_linux_zoneinfo out = {4711};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_zoneinfo(&out, &err, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_EQ(
        status == SONDE_OK ? std::to_string(out.low) : "bad at " + std::to_string(err.position) + ": " + err.expected,
        row.expected)
        << row.origin;
    if (status != SONDE_OK) {
      EXPECT_EQ(out.low, 4711u) << row.origin;
    }
  }
}

}  // namespace
