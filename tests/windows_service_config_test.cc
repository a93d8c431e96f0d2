// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_service_config.h"
}

#include <gtest/gtest.h>

#include "tests/support/windows_bytes.h"

namespace {

constexpr uint64_t kBase = 0x7fff0000;

std::string Config(size_t pointer_size, uint32_t start_type, uint64_t path, uint64_t account, uint64_t display,
                   const std::string &text) {
  const auto pointer = [=](uint64_t address) { return LittleEndian(address, pointer_size); };
  std::string out = LittleEndian(0x10, 4) + LittleEndian(start_type, 4) + LittleEndian(1, 4);
  if (pointer_size == 8) out += LittleEndian(0, 4);
  out += pointer(path) + pointer(0) + pointer(7) + pointer(0) + pointer(account) + pointer(display);
  return out + text;
}

TEST(WindowsServiceConfig, BothPointerSizes) {
  for (const size_t pointer_size : {4u, 8u}) {
    SCOPED_TRACE(pointer_size);
    const size_t size = SONDEI_WINDOWS_SERVICE_CONFIG_SIZE(pointer_size);
    const std::string path = Utf16(std::u16string(u"C:\\a b\\\u00fc.exe -k\0", 16));
    const std::string bytes = Config(pointer_size, 2, kBase + size, kBase + size + path.size(), kBase + size,
                                     path + Utf16(std::u16string(u"LocalSystem\0", 12)));
    const sondei_windows_block in = {SpanOf(bytes), kBase, pointer_size};
    sondei_windows_service_config out;
    sondei_parse_error err = {0, nullptr};
    ASSERT_EQ(sondei_windows_parse_service_config(&out, &err, &in), SONDE_OK);
    EXPECT_EQ(out.start_type, 2u);
    EXPECT_EQ(Utf8(out.binary_path), "C:\\a b\\ü.exe -k");
    EXPECT_EQ(Utf8(out.start_name), "LocalSystem");
    EXPECT_EQ(Utf8(out.display_name), Utf8(out.binary_path));
  }
}

TEST(WindowsServiceConfig, Table) {
  const std::string text = Utf16(std::u16string(u"x\0", 2));
  const struct {
    const char *origin;
    std::string bytes;
    const char *expected;  // nullptr: understood
    size_t position;
  } rows[] = {
      {"a driver has no account", Config(8, 0, kBase + 64, 0, 0, text), nullptr, 0},
      {"no path either", Config(8, 0, 0, 0, 0, ""), nullptr, 0},
      {"a path elsewhere", Config(8, 0, kBase - 2, 0, 0, text), "lpBinaryPathName, in the block", 16},
      {"a path that no NUL ends", Config(8, 0, kBase + 64, 0, 0, "x"), "lpBinaryPathName, in the block", 16},
      {"an account elsewhere", Config(8, 0, kBase + 64, kBase + 68, 0, text), "lpServiceStartName, in the block", 48},
      {"a display name elsewhere", Config(8, 0, 0, 0, kBase + 68, text), "lpDisplayName, in the block", 56},
      {"garbage", std::string(64, '\xff'), "lpBinaryPathName, in the block", 16},
      {"truncated", Config(8, 0, 0, 0, 0, "").substr(0, 63), "a whole QUERY_SERVICE_CONFIGW", 63},
      {"empty", "", "a whole QUERY_SERVICE_CONFIGW", 0},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    const sondei_windows_block in = {SpanOf(row.bytes), kBase, 8};
    sondei_windows_service_config out = {4711, {}, {}, {}};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_service_config(&out, &err, &in);
    EXPECT_STREQ(err.expected, row.expected);
    EXPECT_EQ(err.position, row.position);
    EXPECT_EQ(status, row.expected == nullptr ? SONDE_OK : SONDE_ERR_PARSE);
    EXPECT_EQ(out.start_type, row.expected == nullptr ? 0u : 4711u);
  }
}

TEST(WindowsServiceConfig, Description) {
  const struct {
    const char *origin;
    std::string bytes;
    bool is_good;
    std::string text;
  } rows[] = {
      {"a description", LittleEndian(kBase + 8, 8) + Utf16(std::u16string(u"Prints.\0", 8)), true, "Prints."},
      {"none", LittleEndian(0, 8), true, ""},
      {"elsewhere", LittleEndian(kBase + 8, 8), false, ""},
      {"no NUL", LittleEndian(kBase + 8, 8) + Utf16(u"Prints."), false, ""},
      {"garbage", std::string(8, '\xff'), false, ""},
      {"truncated", "\x01", false, ""},
      {"empty", "", false, ""},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    const sondei_windows_block in = {SpanOf(row.bytes), kBase, 8};
    sondei_span out = sondei_span_of("z", 1);
    sondei_parse_error err = {0, nullptr};
    ASSERT_EQ(sondei_windows_parse_service_description(&out, &err, &in), row.is_good ? SONDE_OK : SONDE_ERR_PARSE);
    EXPECT_STREQ(err.expected, row.is_good ? nullptr : "lpDescription, in the block");
    if (row.is_good) {
      EXPECT_EQ(Utf8(out), row.text);
    } else {
      EXPECT_EQ(out.len, 1u);
    }
  }
}

}  // namespace
