// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_utf16.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Bytes(const std::u16string &text) {
  std::string bytes;
  for (const char16_t unit : text) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}

sondei_span SpanOf(const std::string &bytes) { return sondei_span_of(bytes.data(), bytes.size()); }

std::string ToUtf8(const std::string &utf16) {
  std::string out(sondei_windows_utf8_size(SpanOf(utf16)), '?');
  EXPECT_EQ(sondei_windows_utf8_write(out.data(), SpanOf(utf16)), out.size());
  return out;
}

struct Pair {
  const char *what;
  std::u16string utf16;
  std::string utf8;
};

const Pair kPairs[] = {
    {"empty", u"", ""},
    {"ASCII", u"explorer.exe", "explorer.exe"},
    {"the first and last of each length", u"\u007f\u0080\u07ff\u0800\uffff",
     "\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf"},
    {"beyond the first plane", u"\U00010000\U0001f600\U0010ffff", "\xf0\x90\x80\x80\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"},
    {"a NUL inside", std::u16string(u"a\0b", 3), std::string("a\0b", 3)},
    {"a lone high surrogate",
     {u'a', 0xd800, u'b'},
     "a\xed\xa0\x80"
     "b"},
    {"a lone low surrogate",
     {u'a', 0xdfff, u'b'},
     "a\xed\xbf\xbf"
     "b"},
    {"a high surrogate at the end", {u'a', 0xdbff}, "a\xed\xaf\xbf"},
    {"two high ones, the second with its other half", {0xd83d, 0xd83d, 0xde00}, "\xed\xa0\xbd\xf0\x9f\x98\x80"},
    {"halves in the wrong order", {0xde00, 0xd83d}, "\xed\xb8\x80\xed\xa0\xbd"},
};

TEST(WindowsUtf16, ThereAndBack) {
  for (const Pair &pair : kPairs) {
    SCOPED_TRACE(pair.what);
    const std::string wide = Bytes(pair.utf16);
    EXPECT_EQ(ToUtf8(wide), pair.utf8);
    size_t size = 1234;
    ASSERT_TRUE(sondei_windows_utf16_size(&size, SpanOf(pair.utf8)));
    ASSERT_EQ(size, wide.size());
    std::string back(size, '?');
    sondei_windows_utf16_write(back.data(), SpanOf(pair.utf8));
    EXPECT_EQ(back, wide);
  }
}

TEST(WindowsUtf16, HalfAUnitIsDropped) {
  EXPECT_EQ(ToUtf8(std::string("a\0b", 3)), "a");
  EXPECT_EQ(ToUtf8("x"), "");
  // A high surrogate whose other half is cut.
  EXPECT_EQ(ToUtf8(std::string("\x3d\xd8\x00", 3)), "\xed\xa0\xbd");
}

TEST(WindowsUtf16, WhatIsNoWtf8HasNoSpelling) {
  const char *const bad[] = {
      "\x80",              // a byte that goes on with nothing
      "\xc0\x80",          // longer than it needs to be
      "\xc1\xbf",          // "
      "\xe0\x9f\xbf",      // "
      "\xf0\x8f\xbf\xbf",  // "
      "\xf4\x90\x80\x80",  // beyond the last character
      "\xf8\x88\x80\x80\x80",
      "\xff",
      "a\xc3",                     // cut
      "a\xe2\x82",                 // cut
      "\xf0\x9f\x98",              // cut
      "\xc3-",                     // another character begins
      "\xed\xa0\xbd\xed\xb8\x80",  // a pair in two parts
  };
  for (const char *const text : bad) {
    SCOPED_TRACE(testing::PrintToString(text));
    size_t size = 1234;
    EXPECT_FALSE(sondei_windows_utf16_size(&size, sondei_span_text(text)));
    EXPECT_EQ(size, 1234u);
  }
}

}  // namespace
