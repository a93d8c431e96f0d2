// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_working_set.h"
}

#include <gtest/gtest.h>

#include <string>

#include "tests/support/windows_bytes.h"

namespace {

constexpr uint64_t kShared = 0x100;

TEST(WindowsWorkingSet, Pages) {
  for (const size_t width : {size_t{4}, size_t{8}}) {
    const auto number = [width](uint64_t value) { return LittleEndian(value, width); };
    const struct {
      const char *origin;
      std::string bytes;
      uint64_t pages, private_pages;
      const char *expected;
      size_t position;
    } rows[] = {
        {"private and shared pages",
         number(4) + number(0x7ff0004) + number(0x7ff1001 | kShared) + number(0x7ff20e5 | kShared) + number(0), 4, 2,
         nullptr, 0},
        {"copy on write: not shared though its count is 1", number(1) + number(0x10025), 1, 1, nullptr, 0},
        {"every bit but that one", number(1) + number(~kShared), 1, 1, nullptr, 0},
        {"none", number(0), 0, 0, nullptr, 0},
        {"what follows is none of it", number(1) + number(kShared) + number(0), 1, 0, nullptr, 0},
        {"fewer than it says", number(2) + number(0), 7, 7, "as many pages as it says", 2 * width},
        {"half a page", number(2) + number(0) + std::string(width / 2, 'x'), 7, 7, "as many pages as it says",
         2 * width + width / 2},
        {"more than any memory holds", number(~UINT64_C(0)), 7, 7, "as many pages as it says", width},
        {"garbage", std::string(64, 'x'), 7, 7, "as many pages as it says", 64},
        {"truncated", std::string(width - 1, '\0'), 7, 7, "a number of pages", 0},
        {"empty", "", 7, 7, "a number of pages", 0},
    };
    for (const auto &row : rows) {
      const sondei_windows_block block = {SpanOf(row.bytes), 0x10000, width};
      sondei_windows_working_set set = {7, 7};
      sondei_parse_error err = {0, nullptr};
      const sonde_status status = sondei_windows_parse_working_set(&set, &err, &block);
      if (row.expected == nullptr) {
        EXPECT_EQ(status, SONDE_OK) << row.origin;
      } else {
        EXPECT_EQ(status, SONDE_ERR_PARSE) << row.origin;
        EXPECT_STREQ(err.expected, row.expected) << row.origin;
        EXPECT_EQ(err.position, row.position) << row.origin;
      }
      EXPECT_EQ(set.pages, row.pages) << row.origin;
      EXPECT_EQ(set.private_pages, row.private_pages) << row.origin;
    }
  }
}

TEST(WindowsWorkingSet, Size) {
  const std::string count = LittleEndian(1000, 8);
  const sondei_windows_block wide = {SpanOf(count), 0, 8};
  const sondei_windows_block narrow = {SpanOf(count), 0, 4};
  EXPECT_EQ(sondei_windows_working_set_size(&wide), 8008u);
  EXPECT_EQ(sondei_windows_working_set_size(&narrow), 4004u);
  const std::string most = LittleEndian(SIZE_MAX / 8, 8);
  const sondei_windows_block large = {SpanOf(most), 0, 8};
  EXPECT_EQ(sondei_windows_working_set_size(&large), 0u);
}

}  // namespace
