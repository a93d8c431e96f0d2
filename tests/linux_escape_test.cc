// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_escape.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

std::string Unescape(const std::string &text) {
  std::string out(text.size(), '\xee');
  const size_t len = sondei_linux_unescape(&out[0], sondei_span_of(text.data(), text.size()));
  EXPECT_LE(len, text.size());
  for (size_t i = len; i < out.size(); i++) EXPECT_EQ(out[i], '\xee') << "wrote beyond its result: " << text;
  out.resize(len);
  return out;
}

TEST(LinuxEscape, Table) {
  const Row rows[] = {
      {"a plain path", "/mnt/data", "/mnt/data"},
      {"a blank, psutil #1600", "/mnt/my\\040disk", "/mnt/my disk"},
      {"tab, line end, backslash: proc(5)", "a\\011b\\012c\\134d", "a\tb\nc\\d"},
      {"'#', since Linux 5.17", "\\043x", "#x"},
      {"the result of an escape begins no escape", "\\134040", "\\040"},
      {"two in a row", "\\040\\040", "  "},
      {"the largest byte", "\\377", std::string("\xff")},
      {"NUL is a byte", "\\000", std::string(1, '\0')},
      {"over 255", "\\400\\777", "\\400\\777"},
      {"8 is no octal digit", "\\048", "\\048"},
      {"a backslash by itself", "a\\b", "a\\b"},
      {"two backslashes", "\\\\040", "\\ "},
      {"bytes over 127 stay", "\xc3\xa9\xff", "\xc3\xa9\xff"},
      {"garbage", std::string("\\\x00\\9\\", 5), std::string("\\\x00\\9\\", 5)},
      {"truncated", "a\\04", "a\\04"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Unescape(row.text), row.expected) << row.origin;
}

TEST(LinuxEscape, InPlace) {
  std::string text = "/a\\040b\\040c";
  text.resize(sondei_linux_unescape(&text[0], sondei_span_of(text.data(), text.size())));
  EXPECT_EQ(text, "/a b c");
}

}  // namespace
