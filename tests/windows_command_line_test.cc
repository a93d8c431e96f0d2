// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_command_line.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/windows_bytes.h"

namespace {

using namespace std::string_literals;

std::vector<std::string> Split(const std::string &utf16) {
  std::vector<std::string> all;
  std::string room(utf16.size(), '?');
  sondei_windows_command_line line = {SpanOf(utf16), false};
  sondei_span argument;
  sondei_parse_error err = {1, "old"};
  while (sondei_windows_next_argument(&argument, &err, &line, room.data())) {
    EXPECT_EQ(err.expected, nullptr);
    EXPECT_EQ(argument.data, room.data());
    EXPECT_LE(argument.len, room.size());
    all.push_back(Utf8(argument));
  }
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

// What CommandLineToArgvW answers; windows_process_detail_test asks it itself.
TEST(WindowsCommandLine, Arguments) {
  const struct {
    const char *origin;
    std::u16string line;
    std::vector<std::string> expected;
  } rows[] = {
      {"every program", u"notepad.exe C:\\a.txt", {"notepad.exe", "C:\\a.txt"}},
      {"a program with blanks", u"\"C:\\Program Files\\x.exe\" /a", {"C:\\Program Files\\x.exe", "/a"}},
      {"backslashes of the program mean nothing", u"\"C:\\a\\\" b", {"C:\\a\\", "b"}},
      {"a quote within the program", u"a\"b c\" d", {"a\"b", "c d"}},
      {"text right behind the quoted program", u"\"a b\"c d", {"a b", "c", "d"}},
      {"the program's quote is never closed", u"\"a b", {"a b"}},
      {"an empty program", u"\"\" a", {"", "a"}},
      {"a blank in front", u" a b", {"", "a", "b"}},
      {"only blanks", u" \t ", {""}},
      {"several blanks, and at the end", u"p  a\t\tb  ", {"p", "a", "b"}},
      {"quotes", u"p \"a b\" c", {"p", "a b", "c"}},
      {"quotes in the middle", u"p a\" \"b", {"p", "a b"}},
      {"an empty argument", u"p \"\" a", {"p", "", "a"}},
      {"a quote that is never closed", u"p \"a b", {"p", "a b"}},
      {"an escaped quote", u"p a\\\"b", {"p", "a\"b"}},
      {"backslashes before a quote", u"p \"a\\\\\" b", {"p", "a\\", "b"}},
      {"backslashes before an escaped quote", u"p a\\\\\\\"b c", {"p", "a\\\"b", "c"}},
      {"backslashes before anything else", u"p a\\\\b \\\\server\\share\\", {"p", "a\\\\b", "\\\\server\\share\\"}},
      {"backslashes at the end, between quotes", u"p \"a\\\\", {"p", "a\\\\"}},
      {"two quotes between quotes are one, and the end", u"p \"a\"\"b c\" d", {"p", "a\"b", "c d"}},
      {"three quotes are one", u"p \"\"\"a b\"\"\" c", {"p", "\"a", "b\"", "c"}},
      {"four open", u"p \"\"\"\"a b\" c", {"p", "\"a b", "c"}},
      {"six", u"p \"\"\"\"\"\"a b", {"p", "\"\"a", "b"}},
      {"quotes behind an escaped one", u"p \\\"\"a b\" c", {"p", "\"a b", "c"}},
      {"beyond ASCII", u"\u00e9 \U0001f600 \u2003", {"\xc3\xa9", "\xf0\x9f\x98\x80", "\xe2\x80\x83"}},
      {"lone surrogates", {u'p', u' ', 0xd800, u' ', 0xdc00}, {"p", "\xed\xa0\x80", "\xed\xb0\x80"}},
      {"other white space is none",
       u"p a\nb\u00a0c\rd\ve",
       {"p",
        "a\nb\xc2\xa0"
        "c\rd\ve"}},
      {"blank and quote only in the upper byte",
       {u'p', u' ', 0x2041, 0x2200, 0x5c00},
       {"p", "\xe2\x81\x81\xe2\x88\x80\xe5\xb0\x80"}},
      {"a NUL ends it", u"p a\0b c"s, {"p", "a"}},
      {"a NUL at once", u"\0a"s, {}},
      {"empty", u"", {}},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(Split(Utf16(row.line)), row.expected) << row.origin;
    EXPECT_EQ(Split(Utf16(row.line) + "x"), row.expected) << row.origin << ", and half a unit";
  }
  EXPECT_EQ(Split("x"), std::vector<std::string>()) << "half a unit";
}

}  // namespace
