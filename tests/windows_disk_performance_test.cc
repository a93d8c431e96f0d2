// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_disk_performance.h"
}

#include <gtest/gtest.h>

#include "tests/support/windows_bytes.h"

namespace {

std::string Reply(uint64_t read_bytes, uint64_t write_bytes, uint64_t read_time, uint64_t write_time, uint32_t reads,
                  uint32_t writes, uint32_t depth) {
  return LittleEndian(read_bytes, 8) + LittleEndian(write_bytes, 8) + LittleEndian(read_time, 8) +
         LittleEndian(write_time, 8) + LittleEndian(0x1111111111111111, 8) + LittleEndian(reads, 4) +
         LittleEndian(writes, 4) + LittleEndian(depth, 4) + LittleEndian(0, 4) + LittleEndian(0x2222222222222222, 8) +
         LittleEndian(0, 4) + Utf16(u"PhysDisk") + LittleEndian(0, 4);
}

TEST(WindowsDiskPerformance, Table) {
  const uint64_t most = INT64_MAX;
  const struct {
    const char *origin;
    std::string bytes;
    sondei_windows_disk_performance out;
    const char *expected;  // nullptr: understood
    size_t position;
  } rows[] = {
      {"times are ticks of 100 ns",
       Reply(4096, 8192, 10000000, 3, 1, 2, 3),
       {4096, 8192, 1000000000, 300, 1, 2, 3},
       nullptr,
       0},
      {"a disk that did nothing", Reply(0, 0, 0, 0, 0, 0, 0), {0, 0, 0, 0, 0, 0, 0}, nullptr, 0},
      {"the largest",
       Reply(most, most, 184467440737095516, 0, UINT32_MAX, UINT32_MAX, UINT32_MAX),
       {most, most, UINT64_C(18446744073709551600), 0, UINT32_MAX, UINT32_MAX, UINT32_MAX},
       nullptr,
       0},
      {"a later Windows adds members", Reply(1, 2, 3, 4, 5, 6, 7) + "more", {1, 2, 300, 400, 5, 6, 7}, nullptr, 0},
      {"negative", Reply(most + 1, 0, 0, 0, 0, 0, 0), {}, "BytesRead", 0},
      {"negative", Reply(0, UINT64_MAX, 0, 0, 0, 0, 0), {}, "BytesWritten", 8},
      {"negative", Reply(0, 0, UINT64_MAX, 0, 0, 0, 0), {}, "ReadTime", 16},
      {"more than 584 years", Reply(0, 0, 0, 184467440737095517, 0, 0, 0), {}, "WriteTime", 24},
      {"garbage", std::string(88, '\xff'), {}, "BytesRead", 0},
      {"truncated", Reply(0, 0, 0, 0, 0, 0, 0).substr(0, 87), {}, "a whole DISK_PERFORMANCE", 87},
      {"empty", "", {}, "a whole DISK_PERFORMANCE", 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    sondei_windows_disk_performance out = {};
    out.read_count = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_disk_performance(&out, &err, SpanOf(row.bytes));
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(err.position, row.position);
    ASSERT_EQ(status, row.expected == nullptr ? SONDE_OK : SONDE_ERR_PARSE);
    if (status != SONDE_OK) {
      EXPECT_EQ(out.read_count, 4711u);
      continue;
    }
    EXPECT_EQ(out.read_bytes, row.out.read_bytes);
    EXPECT_EQ(out.write_bytes, row.out.write_bytes);
    EXPECT_EQ(out.read_time, row.out.read_time);
    EXPECT_EQ(out.write_time, row.out.write_time);
    EXPECT_EQ(out.read_count, row.out.read_count);
    EXPECT_EQ(out.write_count, row.out.write_count);
    EXPECT_EQ(out.in_flight, row.out.in_flight);
  }
}

}  // namespace
