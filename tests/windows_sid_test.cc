// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_sid.h"
}

#include <gtest/gtest.h>

#include <string>

#include "tests/support/windows_bytes.h"

namespace {

std::string Sid(uint64_t authority, const std::string &parts, int count = -1, char revision = 1) {
  std::string out = {revision, static_cast<char>(count < 0 ? static_cast<int>(parts.size() / 4) : count)};
  for (int shift = 40; shift >= 0; shift -= 8) out.push_back(static_cast<char>(authority >> shift & 0xff));
  return out + parts;
}

std::string Part(uint32_t value) { return LittleEndian(value, 4); }

std::string Parts(size_t count) {
  std::string out;
  while (count-- > 0) out += Part(UINT32_MAX);
  return out;
}

TEST(WindowsSid, Table) {
  std::string longest = "S-1-0xFFFFFFFFFFFF";
  for (int i = 0; i < 15; i++) longest += "-4294967295";
  const struct {
    const char *origin;
    std::string bytes;
    const char *expected;  // a text, or
    const char *error;
    size_t position;
  } rows[] = {
      {"SYSTEM", Sid(5, Part(18)), "S-1-5-18", nullptr, 0},
      {"a user", Sid(5, Part(21) + Part(1) + Part(4294967295) + Part(0) + Part(1001)), "S-1-5-21-1-4294967295-0-1001",
       nullptr, 0},
      {"nobody", Sid(0, Part(0)), "S-1-0-0", nullptr, 0},
      {"no parts", Sid(5, ""), "S-1-5", nullptr, 0},
      {"the largest authority of 32 bits", Sid(UINT32_MAX, Part(1)), "S-1-4294967295-1", nullptr, 0},
      {"an authority beyond", Sid(UINT64_C(0x100000000), Part(1)), "S-1-0x000100000000-1", nullptr, 0},
      {"the longest", Sid(UINT64_C(0xffffffffffff), Parts(15)), longest.c_str(), nullptr, 0},
      {"what follows is none of it", Sid(5, Part(18)) + "xxxx", "S-1-5-18", nullptr, 0},
      {"too many parts", Sid(5, Parts(16)), nullptr, "at most 15 parts", 1},
      {"far too many parts", Sid(5, "", 255), nullptr, "at most 15 parts", 1},
      {"another revision", Sid(5, Part(18), -1, 2), nullptr, "revision 1", 0},
      {"fewer parts than it says", Sid(5, Part(18), 2), nullptr, "as many parts as it says", 12},
      {"half a part", Sid(5, Part(18).substr(0, 2), 1), nullptr, "as many parts as it says", 10},
      {"garbage", "xxxxxxxxxxxxxxxx", nullptr, "revision 1", 0},
      {"truncated", Sid(5, "").substr(0, 7), nullptr, "a whole SID", 7},
      {"empty", "", nullptr, "a whole SID", 0},
  };
  for (const auto &row : rows) {
    sondei_windows_sid sid;
    sid.num_parts = 77;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status = sondei_windows_parse_sid(&sid, &err, SpanOf(row.bytes));
    if (row.expected == nullptr) {
      EXPECT_EQ(status, SONDE_ERR_PARSE) << row.origin;
      EXPECT_STREQ(err.expected, row.error) << row.origin;
      EXPECT_EQ(err.position, row.position) << row.origin;
      EXPECT_EQ(sid.num_parts, 77u) << row.origin;
      continue;
    }
    ASSERT_EQ(status, SONDE_OK) << row.origin;
    char text[SONDEI_WINDOWS_SID_TEXT];
    EXPECT_EQ(sondei_windows_sid_text(text, &sid), std::string(row.expected).size()) << row.origin;
    EXPECT_STREQ(text, row.expected) << row.origin;
    EXPECT_EQ(sid.bytes.data, row.bytes.data()) << row.origin;
    EXPECT_EQ(sid.bytes.len, 8 + 4 * sid.num_parts) << row.origin;
  }
}

}  // namespace
