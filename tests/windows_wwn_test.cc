// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_wwn.h"
}

#include <gtest/gtest.h>

#include "tests/support/windows_bytes.h"

namespace {

std::string Id(uint32_t code_set, uint32_t type, uint32_t association, uint16_t next, const std::string &bytes) {
  return LittleEndian(code_set, 4) + LittleEndian(type, 4) + LittleEndian(bytes.size(), 2) + LittleEndian(next, 2) +
         LittleEndian(association, 4) + bytes;
}

std::string Reply(uint32_t count, const std::string &ids, int size = -1) {
  return LittleEndian(16, 4) + LittleEndian(size < 0 ? 12 + ids.size() : static_cast<size_t>(size), 4) +
         LittleEndian(count, 4) + ids;
}

TEST(WindowsWwn, Table) {
  using std::string_literals::operator""s;
  const std::string naa = "\x50\x00\xc5\x00\xa1\xb2\xc3\xd4"s;
  const std::string eui = "\x00\x25\x38\x5b\x71\xb0\xd5\xd1"s;
  const struct {
    const char *origin;
    std::string bytes;
    std::string text;
    const char *expected;  // nullptr: understood
    size_t position;
  } rows[] = {
      {"a SAS disk", Reply(1, Id(1, 3, 0, 0, naa)), "naa.5000c500a1b2c3d4", nullptr, 0},
      {"an NVMe disk", Reply(1, Id(1, 2, 0, 0, eui)), "eui.0025385b71b0d5d1", nullptr, 0},
      {"vendor's text, port, both kinds twice",
       Reply(6, Id(2, 1, 0, 24, "ACME  9 ") + Id(1, 3, 1, 24, eui) + Id(1, 2, 0, 24, eui) + Id(1, 2, 0, 24, naa) +
                    Id(1, 3, 0, 24, naa) + Id(1, 3, 0, 0, eui)),
       "naa.5000c500a1b2c3d4", nullptr, 0},
      {"none", Reply(0, ""), "", nullptr, 0},
      {"text only", Reply(1, Id(2, 3, 0, 0, "not binary")), "", nullptr, 0},
      {"an empty one", Reply(1, Id(1, 3, 0, 0, "")), "", nullptr, 0},
      {"the longest", Reply(1, Id(1, 3, 0, 0, std::string(32, '\xff'))), "naa." + std::string(64, 'f'), nullptr, 0},
      {"one that is longer", Reply(1, Id(1, 3, 0, 0, std::string(33, '\xff'))), "", nullptr, 0},
      {"more counted than there are", Reply(9, Id(1, 3, 0, 0, naa)), "naa.5000c500a1b2c3d4", nullptr, 0},
      {"more there than counted", Reply(1, Id(1, 2, 0, 24, eui) + Id(1, 3, 0, 0, naa)), "eui.0025385b71b0d5d1", nullptr,
       0},
      {"Size is less than was filled", Reply(2, Id(1, 2, 0, 24, eui) + Id(1, 3, 0, 0, naa), 36), "",
       "a whole STORAGE_IDENTIFIER", 36},
      {"Size is more", Reply(1, Id(1, 3, 0, 0, naa), 4000), "naa.5000c500a1b2c3d4", nullptr, 0},
      {"the chain leads out", Reply(2, Id(1, 3, 0, 0xffff, naa)), "", "a whole STORAGE_IDENTIFIER", 36},
      {"the chain turns back", Reply(2, Id(1, 3, 0, 15, naa)), "", "NextOffset that goes forward", 12},
      {"bytes are missing", Reply(1, Id(1, 3, 0, 0, naa)).substr(0, 35), "", "a whole STORAGE_IDENTIFIER", 12},
      {"garbage", std::string(40, '\xff'), "", "a whole STORAGE_IDENTIFIER", 12},
      {"truncated", Reply(1, "").substr(0, 11), "", "a whole STORAGE_DEVICE_ID_DESCRIPTOR", 11},
      {"empty", "", "", "a whole STORAGE_DEVICE_ID_DESCRIPTOR", 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    sondei_windows_wwn out = {};
    out.len = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_wwn(&out, &err, SpanOf(row.bytes));
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(err.position, row.position);
    ASSERT_EQ(status, row.expected == nullptr ? SONDE_OK : SONDE_ERR_PARSE);
    if (status == SONDE_OK) {
      EXPECT_EQ(std::string(out.text, out.len), row.text);
    } else {
      EXPECT_EQ(out.len, 4711u);
    }
  }
}

}  // namespace
