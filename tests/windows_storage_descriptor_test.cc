// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_storage_descriptor.h"
}

#include <gtest/gtest.h>

#include "tests/support/windows_bytes.h"

namespace {

std::string Text(sondei_span span) { return span.len > 0 ? std::string(span.data, span.len) : ""; }

std::string Reply(uint64_t size, uint8_t type, uint8_t removable, uint64_t vendor, uint64_t product, uint64_t revision,
                  uint64_t serial, uint64_t bus, const std::string &texts) {
  return LittleEndian(40, 4) + LittleEndian(size, 4) + LittleEndian(type, 1) + LittleEndian(0, 1) +
         LittleEndian(removable, 1) + LittleEndian(1, 1) + LittleEndian(vendor, 4) + LittleEndian(product, 4) +
         LittleEndian(revision, 4) + LittleEndian(serial, 4) + LittleEndian(bus, 4) + LittleEndian(0, 4) + texts;
}

TEST(WindowsStorageDescriptor, Table) {
  using std::string_literals::operator""s;
  const std::string texts = "ACME    \0Fast Disk 9000 \0 1.0\0   S3-R1AL\0"s;
  const struct {
    const char *origin;
    std::string bytes;
    uint8_t type;
    bool removable;
    uint32_t bus;
    std::string vendor, product, revision, serial;
    const char *expected;  // nullptr: understood
    size_t position;
  } rows[] = {
      {"SATA disk", Reply(36 + texts.size(), 0, 0, 36, 45, 61, 66, 11, texts), 0, false, 11, "ACME", "Fast Disk 9000",
       "1.0", "S3-R1AL", nullptr, 0},
      {"virtual CD drive without a serial number", Reply(44, 5, 1, 36, 41, 0, 0, 2, "QEMU\0CD\0"s), 5, true, 2, "QEMU",
       "CD", "", "", nullptr, 0},
      {"-1 for none", Reply(41, 0, 0, UINT32_MAX, 36, UINT32_MAX, UINT32_MAX, 17, "NVMe\0"s), 0, false, 17, "", "NVMe",
       "", "", nullptr, 0},
      {"offsets into the numbers", Reply(41, 0, 0, 4, 35, 8, 1, 7, "Key\0\0"s), 0, false, 7, "", "", "", "", nullptr,
       0},
      {"text that no NUL ends", Reply(39, 0, 0, 0, 36, 0, 0, 7, "Key"), 0, false, 7, "", "Key", "", "", nullptr, 0},
      {"text behind what counts", Reply(37, 0, 0, 37, 36, 0, 0, 7, "Key"), 0, false, 7, "", "K", "", "", nullptr, 0},
      {"Size is more than was filled", Reply(4000, 0, 0, 3999, 36, 0, 0, 7, "Key\0"s), 0, false, 7, "", "Key", "", "",
       nullptr, 0},
      {"a text of blanks", Reply(40, 0, 0, 0, 36, 0, 0, 7, "   \0"s), 0, false, 7, "", "", "", "", nullptr, 0},
      {"not ASCII", Reply(40, 0, 0, 0, 36, 0, 0, 7, "\xff\xfe!\0"s), 0, false, 7, "", "\xff\xfe!", "", "", nullptr, 0},
      {"Size is less than the header", Reply(35, 0, 0, 36, 36, 36, 36, 7, "Key\0"s), 0, false, 0, "", "", "", "",
       "Size, of the whole descriptor", 4},
      {"garbage", std::string(36, '\xff'), 0xff, true, UINT32_MAX, "", "", "", "", nullptr, 0},
      {"truncated", Reply(40, 0, 0, 36, 36, 36, 36, 7, "").substr(0, 35), 0, false, 0, "", "", "", "",
       "a whole STORAGE_DEVICE_DESCRIPTOR", 35},
      {"empty", "", 0, false, 0, "", "", "", "", "a whole STORAGE_DEVICE_DESCRIPTOR", 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    sondei_windows_storage_descriptor out = {};
    out.bus = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_storage_descriptor(&out, &err, SpanOf(row.bytes));
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(err.position, row.position);
    ASSERT_EQ(status, row.expected == nullptr ? SONDE_OK : SONDE_ERR_PARSE);
    if (status != SONDE_OK) {
      EXPECT_EQ(out.bus, 4711u);
      continue;
    }
    EXPECT_EQ(out.device_type, row.type);
    EXPECT_EQ(out.has_removable_media, row.removable);
    EXPECT_EQ(out.bus, row.bus);
    EXPECT_EQ(Text(out.vendor), row.vendor);
    EXPECT_EQ(Text(out.product), row.product);
    EXPECT_EQ(Text(out.revision), row.revision);
    EXPECT_EQ(Text(out.serial), row.serial);
  }
}

}  // namespace
