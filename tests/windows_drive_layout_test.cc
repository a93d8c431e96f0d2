// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_drive_layout.h"
}

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/windows_bytes.h"

namespace {

std::string Entry(uint32_t number, uint64_t offset, uint64_t size) {
  return LittleEndian(1, 4) + LittleEndian(0, 4) + LittleEndian(offset, 8) + LittleEndian(size, 8) +
         LittleEndian(number, 4) + LittleEndian(0, 4) + std::string(112, '\x5a');
}

std::string Reply(uint32_t count, const std::string &entries) {
  return LittleEndian(1, 4) + LittleEndian(count, 4) + std::string(40, '\x77') + entries;
}

struct Partition {
  uint32_t number;
  uint64_t offset, size;
  bool operator==(const Partition &o) const { return number == o.number && offset == o.offset && size == o.size; }
};

TEST(WindowsDriveLayout, Table) {
  const struct {
    const char *origin;
    std::string bytes;
    std::vector<Partition> partitions;
    std::vector<size_t> bad;  // positions
    const char *expected;     // of the whole; nullptr: understood
  } rows[] = {
      {"GPT",
       Reply(3, Entry(1, 1048576, 104857600) + Entry(2, 105906176, 16777216) + Entry(3, 122683392, 1u << 30)),
       {{1, 1048576, 104857600}, {2, 105906176, 16777216}, {3, 122683392, 1u << 30}},
       {},
       nullptr},
      {"MBR: four entries, one used",
       Reply(4, Entry(1, 1048576, 5) + Entry(0, 0, 0) + Entry(0, 0, 0) + Entry(0, 0, 0)),
       {{1, 1048576, 5}},
       {},
       nullptr},
      {"no partitions", Reply(0, ""), {}, {}, nullptr},
      {"more filled than counted", Reply(1, Entry(1, 2, 3) + Entry(2, 3, 4)), {{1, 2, 3}}, {}, nullptr},
      {"more counted than filled", Reply(UINT32_MAX, Entry(1, 2, 3)), {{1, 2, 3}}, {48 + 144}, nullptr},
      {"truncated in an entry",
       Reply(2, Entry(1, 2, 3) + Entry(2, 3, 4).substr(0, 143)),
       {{1, 2, 3}},
       {48 + 144 + 143},
       nullptr},
      {"negative: only that one is lost",
       Reply(3, Entry(1, UINT64_MAX, 3) + Entry(2, 3, UINT64_MAX) + Entry(3, 4, 5)),
       {{3, 4, 5}},
       {48, 48 + 144},
       nullptr},
      {"garbage", std::string(48, '\xff'), {}, {48}, nullptr},
      {"truncated", std::string(47, '\0'), {}, {}, "a whole DRIVE_LAYOUT_INFORMATION_EX"},
      {"empty", "", {}, {}, "a whole DRIVE_LAYOUT_INFORMATION_EX"},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    sondei_windows_drive_layout layout = {};
    layout.count = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_drive_layout(&layout, &err, SpanOf(row.bytes));
    EXPECT_STREQ(err.expected, row.expected);
    ASSERT_EQ(status, row.expected == nullptr ? SONDE_OK : SONDE_ERR_PARSE);
    if (status != SONDE_OK) {
      EXPECT_EQ(layout.count, 4711u);
      EXPECT_EQ(err.position, row.bytes.size());
      continue;
    }
    sondei_windows_partition out;
    std::vector<Partition> partitions;
    std::vector<size_t> bad;
    while (sondei_windows_next_partition(&out, &err, &layout)) {
      if (err.expected != nullptr) {
        bad.push_back(err.position);
      } else {
        partitions.push_back({out.number, out.offset, out.size});
      }
    }
    EXPECT_TRUE(partitions == row.partitions);
    EXPECT_EQ(bad, row.bad);
  }
}

}  // namespace
