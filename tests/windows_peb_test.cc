// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_peb.h"
}

#include <gtest/gtest.h>

#include <string>

#include "tests/support/windows_bytes.h"

namespace {

constexpr uint64_t kBase = 0x150000;

// The parameters of a process, from the layouts of the two widths.
struct Parameters {
  explicit Parameters(size_t pointer_width) : width(pointer_width), bytes(sondei_windows_parameters_size(width), '\0') {
    Put(0x08, LittleEndian(1, 4));
    Put(At(0x38, 0x24), UnicodeStringBytes(width, 20, 0x10000));
    Put(At(0x60, 0x38), UnicodeStringBytes(width, 40, 0x20000));
    Put(At(0x70, 0x40), UnicodeStringBytes(width, 60, 0x30000));
    Put(At(0x80, 0x48), LittleEndian(0x40000, width));
    Put(At(0x3f0, 0x290), LittleEndian(4852, width));
  }
  size_t At(size_t wide, size_t narrow) const { return width == 8 ? wide : narrow; }
  void Put(size_t offset, const std::string &what) { bytes.replace(offset, what.size(), what); }
  sonde_status Parse() {
    const sondei_windows_block block = {SpanOf(bytes), kBase, width};
    return sondei_windows_parse_parameters(&found, &err, &block);
  }
  size_t width;
  std::string bytes;
  sondei_windows_parameters found = {};
  sondei_parse_error err = {0, nullptr};
};

void ExpectPlace(const sondei_windows_place &place, uint64_t address, uint64_t len) {
  EXPECT_EQ(place.address, address);
  EXPECT_EQ(place.len, len);
}

class WindowsPeb : public testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(Widths, WindowsPeb, testing::Values(4, 8));

TEST_P(WindowsPeb, LeadsToTheParameters) {
  const size_t at = GetParam() == 8 ? 0x20 : 0x10;
  std::string bytes(sondei_windows_peb_size(GetParam()), '\xff');
  EXPECT_EQ(bytes.size(), at + GetParam());
  bytes.replace(at, GetParam(), LittleEndian(0x151234, GetParam()));
  sondei_windows_block block = {SpanOf(bytes), kBase, GetParam()};
  uint64_t address = 7;
  sondei_parse_error err = {0, nullptr};
  ASSERT_EQ(sondei_windows_parse_peb(&address, &err, &block), SONDE_OK);
  EXPECT_EQ(address, 0x151234u);

  block.bytes.len--;
  EXPECT_EQ(sondei_windows_parse_peb(&address, &err, &block), SONDE_ERR_PARSE) << "truncated";
  EXPECT_STREQ(err.expected, "a whole PEB");
  EXPECT_EQ(err.position, block.bytes.len);
  block.bytes.len = 0;
  EXPECT_EQ(sondei_windows_parse_peb(&address, &err, &block), SONDE_ERR_PARSE) << "empty";

  bytes.replace(at, GetParam(), std::string(GetParam(), '\0'));
  block.bytes = SpanOf(bytes);
  EXPECT_EQ(sondei_windows_parse_peb(&address, &err, &block), SONDE_ERR_PARSE) << "it is just being made";
  EXPECT_STREQ(err.expected, "process parameters");
  EXPECT_EQ(err.position, at);
  EXPECT_EQ(address, 0x151234u);
}

TEST_P(WindowsPeb, Parameters) {
  Parameters it(GetParam());
  ASSERT_EQ(it.Parse(), SONDE_OK);
  ExpectPlace(it.found.current_directory, 0x10000, 20);
  ExpectPlace(it.found.image_path, 0x20000, 40);
  ExpectPlace(it.found.command_line, 0x30000, 60);
  ExpectPlace(it.found.environment, 0x40000, 4852);
}

TEST_P(WindowsPeb, PointersOfAYoungProcessCountFromTheParameters) {
  Parameters it(GetParam());
  it.Put(0x08, LittleEndian(0x4000, 4));
  ASSERT_EQ(it.Parse(), SONDE_OK);
  ExpectPlace(it.found.current_directory, kBase + 0x10000, 20);
  ExpectPlace(it.found.image_path, kBase + 0x20000, 40);
  ExpectPlace(it.found.command_line, kBase + 0x30000, 60);
  ExpectPlace(it.found.environment, 0x40000, 4852);
}

TEST_P(WindowsPeb, NothingThere) {
  Parameters it(GetParam());
  const std::string none = UnicodeStringBytes(GetParam(), 22, 0);
  it.Put(0x08, LittleEndian(0, 4));
  it.Put(it.At(0x38, 0x24), none);
  it.Put(it.At(0x60, 0x38), none);
  it.Put(it.At(0x70, 0x40), UnicodeStringBytes(GetParam(), 0, 0x500));
  it.Put(it.At(0x80, 0x48), std::string(GetParam(), '\0'));
  ASSERT_EQ(it.Parse(), SONDE_OK);
  ExpectPlace(it.found.current_directory, 0, 0);
  ExpectPlace(it.found.image_path, 0, 0);
  ExpectPlace(it.found.command_line, kBase + 0x500, 0);
  ExpectPlace(it.found.environment, 0, 0);
}

TEST_P(WindowsPeb, HalfAUnitIsDropped) {
  Parameters it(GetParam());
  it.Put(it.At(0x70, 0x40), UnicodeStringBytes(GetParam(), 61, 0x30000));
  ASSERT_EQ(it.Parse(), SONDE_OK);
  ExpectPlace(it.found.command_line, 0x30000, 60);
}

TEST_P(WindowsPeb, WhatEndsBeyondTheAddressSpaceIsAnError) {
  const uint64_t last = GetParam() == 8 ? UINT64_MAX : UINT32_MAX;
  const struct {
    size_t wide, narrow;
    const char *expected;
  } rows[] = {
      {0x38, 0x24, "a directory in the process"},
      {0x60, 0x38, "a path in the process"},
      {0x70, 0x40, "a command line in the process"},
  };
  for (const auto &row : rows) {
    for (const uint32_t flags : {1u, 0u}) {
      for (const uint64_t address : {last, last - 9, last - kBase - 9}) {
        Parameters it(GetParam());
        const uint64_t fits = flags != 0 && address == last - kBase - 9 ? SONDE_OK : SONDE_ERR_PARSE;
        it.Put(0x08, LittleEndian(flags, 4));
        it.Put(it.At(row.wide, row.narrow), UnicodeStringBytes(GetParam(), 10, address));
        it.found.environment.len = 99;
        EXPECT_EQ(it.Parse(), static_cast<sonde_status>(fits)) << row.expected << " " << address;
        if (fits == SONDE_OK) continue;
        EXPECT_STREQ(it.err.expected, row.expected);
        EXPECT_EQ(it.err.position, it.At(row.wide, row.narrow));
        EXPECT_EQ(it.found.environment.len, 99u);
      }
    }
  }
  Parameters it(GetParam());
  it.Put(it.At(0x3f0, 0x290), LittleEndian(last, GetParam()));
  EXPECT_EQ(it.Parse(), SONDE_ERR_PARSE);
  EXPECT_STREQ(it.err.expected, "an environment in the process");
  EXPECT_EQ(it.err.position, it.At(0x80, 0x48));
}

TEST_P(WindowsPeb, GarbageAndTruncated) {
  Parameters it(GetParam());
  it.bytes.assign(it.bytes.size(), '\xff');
  EXPECT_EQ(it.Parse(), SONDE_ERR_PARSE);
  const std::string whole = Parameters(GetParam()).bytes;
  for (size_t len = 0; len < whole.size(); len++) {
    it.bytes = whole.substr(0, len);
    EXPECT_EQ(it.Parse(), SONDE_ERR_PARSE) << len;
    EXPECT_STREQ(it.err.expected, "whole process parameters");
    EXPECT_EQ(it.err.position, len);
  }
}

}  // namespace
