// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_drive_strings.h"
}

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/windows_bytes.h"

namespace {

using std::string_literals::operator""s;

TEST(WindowsDriveStrings, Lists) {
  const struct {
    const char *origin;
    std::string bytes;
    std::vector<std::string> names;
    bool is_bad;  // the last one
  } rows[] = {
      {"GetLogicalDriveStringsW", Utf16(u"A:\\\0C:\\\0Z:\\\0\0"s), {"A:\\", "C:\\", "Z:\\"}, false},
      {"QueryDosDeviceW of one name", Utf16(u"\\Device\\HarddiskVolume3\0\0"s), {"\\Device\\HarddiskVolume3"}, false},
      {"what follows the end", Utf16(u"C:\\\0\0D:\\\0\0"s), {"C:\\"}, false},
      {"no drives at all", Utf16(u"\0\0"s), {}, false},
      {"a mount point of many characters", Utf16(u"C:\\\u00e4\u4e2d\U0001f600 b\\\0\0"s), {"C:\\ä中😀 b\\"}, false},
      {"a lone surrogate", Utf16(u"C:\\\xd800\0\0"s), {"C:\\\xed\xa0\x80"}, false},
      {"the list ends without its NUL", Utf16(u"C:\\\0D:\\\0"s), {"C:\\", "D:\\"}, false},
      {"the name ends without its NUL", Utf16(u"C:\\\0D:\\"s), {"C:\\", "D:\\"}, true},
      {"truncated in a character", Utf16(u"C:\\\0"s) + "D", {"C:\\", ""}, true},
      {"garbage", "\xff", {""}, true},
      {"empty", "", {}, false},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    sondei_span in = SpanOf(row.bytes);
    sondei_span name;
    sondei_parse_error err;
    std::vector<std::string> names;
    bool is_bad = false;
    while (sondei_windows_next_drive_string(&name, &err, &in)) {
      EXPECT_FALSE(is_bad);
      names.push_back(Utf8(name));
      is_bad = err.expected != nullptr;
    }
    EXPECT_EQ(names, row.names);
    EXPECT_EQ(is_bad, row.is_bad);
    EXPECT_EQ(in.len, 0u);
  }
}

TEST(WindowsDriveStrings, Kinds) {
  const struct {
    std::u16string name;
    sondei_windows_drive_kind kind;
    uint32_t number;
  } rows[] = {
      {u"PhysicalDrive0", SONDEI_WINDOWS_DRIVE_DISK, 0},
      {u"PhysicalDrive117", SONDEI_WINDOWS_DRIVE_DISK, 117},
      {u"PHYSICALDRIVE7", SONDEI_WINDOWS_DRIVE_DISK, 7},
      {u"PhysicalDrive4294967295", SONDEI_WINDOWS_DRIVE_DISK, UINT32_MAX},
      {u"PhysicalDrive4294967296", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"PhysicalDrive", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"PhysicalDrive1x", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"PhysicalDrive-1", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"CdRom0", SONDEI_WINDOWS_DRIVE_CDROM, 0},
      {u"CDROM12", SONDEI_WINDOWS_DRIVE_CDROM, 12},
      {u"CdRomX", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"A:", SONDEI_WINDOWS_DRIVE_LETTER, 0},
      {u"z:", SONDEI_WINDOWS_DRIVE_LETTER, 25},
      {u"[:", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"\u0143:", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"AB", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"C:\\", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"HarddiskVolume1", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"COM1", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"P", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
      {u"", SONDEI_WINDOWS_DRIVE_OTHER, 4711},
  };
  for (const auto &row : rows) {
    const std::string bytes = Utf16(row.name);
    SCOPED_TRACE(Utf8(SpanOf(bytes)));
    uint32_t number = 4711;
    EXPECT_EQ(sondei_windows_drive_kind_of(SpanOf(bytes), &number), row.kind);
    EXPECT_EQ(number, row.number);
  }
}

TEST(WindowsDriveStrings, Floppies) {
  const struct {
    std::u16string device;
    bool is_floppy;
  } rows[] = {
      {u"\\Device\\Floppy0", true},
      {u"\\DEVICE\\FLOPPY1", true},
      {u"\\Device\\HarddiskVolume3", false},
      {u"\\Device\\CdRom0", false},
      {u"\\??\\C:\\folder", false},
      {u"\\Device", false},
      {u"", false},
  };
  for (const auto &row : rows) {
    const std::string bytes = Utf16(row.device);
    SCOPED_TRACE(Utf8(SpanOf(bytes)));
    EXPECT_EQ(sondei_windows_is_floppy(SpanOf(bytes)), row.is_floppy);
  }
}

}  // namespace
