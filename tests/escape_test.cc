// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <random>
#include <string>

namespace {

std::string Escape(const std::string &in) {
  std::string out(in.size() * 4 + 1, '!');
  const size_t len = sonde_escape(&out[0], out.size(), in.data(), in.size());
  EXPECT_LT(len, out.size());
  EXPECT_EQ(out[len], '\0');
  out.resize(len);
  return out;
}

std::string Bytes(const char *data, size_t len) { return std::string(data, len); }
#define BYTES(text) Bytes(text, sizeof(text) - 1)

struct Row {
  const char *origin;
  std::string in;
  std::string expected;
};

const Row kRows[] = {
    {"plain ASCII", "cat /proc/1", "cat /proc/1"},
    {"blanks stay", " a  b ", " a  b "},
    {"backslash", "a\\b", "a\\\\b"},
    {"a name that looks escaped", "\\x1b", "\\\\x1b"},
    {"the two with names", "a\nb\tc", "a\\nb\\tc"},
    {"other C0", BYTES("\x01\x07\x0b\r\x1b[31m\x1f"), "\\x01\\x07\\x0b\\x0d\\x1b[31m\\x1f"},
    {"NUL, as in a raw command line", BYTES("a\0b"), "a\\x00b"},
    {"DEL", "\x7f", "\\x7f"},
    {"C1: CSI of an 8-bit terminal", "\xc2\x9b", "\\xc2\\x9b"},
    {"the edges of C1", "\xc2\x80\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9f\xc2\xa0"},
    {"two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x90\xa7"},
    {"right-to-left override: a file that ends in exe",
     "\xe2\x80\xae"
     "gpj.exe",
     "\\xe2\\x80\\xae"
     "gpj.exe"},
    {"isolates", "\xe2\x81\xa6\xe2\x81\xa9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"},
    {"marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c"},
    {"line and paragraph separator", "\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"},
    {"their neighbours stay", "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa",
     "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa"},
    {"Arabic stays", "\xd8\xa7", "\xd8\xa7"},
    {"Latin 1, not UTF-8", "caf\xe9", "caf\\xe9"},
    {"Latin 1 before ASCII", "\xe9t\xe9", "\\xe9t\\xe9"},
    {"a continuation byte by itself", "\x80", "\\x80"},
    {"overlong slash", "\xc0\xaf", "\\xc0\\xaf"},
    {"overlong in three", "\xe0\x80\xaf", "\\xe0\\x80\\xaf"},
    {"overlong in four", "\xf0\x80\x80\xaf", "\\xf0\\x80\\x80\\xaf"},
    {"surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"just below the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf"},
    {"the last code point", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
    {"beyond it", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    {"bytes that never occur", "\xc1\xf5\xfe\xff", "\\xc1\\xf5\\xfe\\xff"},
    {"invalid, then valid at once", "\xe2\x82\xc3\xa9", "\\xe2\\x82\xc3\xa9"},
    {"a continuation byte, and three more", "\x90\x90\x80\x80", "\\x90\\x90\\x80\\x80"},
    {"a byte that never begins one, and three more", "\xf5\x80\x80\x80", "\\xf5\\x80\\x80\\x80"},
    {"the first of three and of four bytes", "\xe0\xa0\x80\xf0\x90\x80\x80", "\xe0\xa0\x80\xf0\x90\x80\x80"},
    {"truncated in two", "a\xc3", "a\\xc3"},
    {"truncated in three", "a\xe2\x82", "a\\xe2\\x82"},
    {"truncated in four", "a\xf0\x9f\x90", "a\\xf0\\x9f\\x90"},
    {"garbage", BYTES("\xff\x00\x1b\xc2"), "\\xff\\x00\\x1b\\xc2"},
    {"empty", "", ""},
};

TEST(Escape, Table) {
  for (const Row &row : kRows) EXPECT_EQ(Escape(row.in), row.expected) << row.origin;
}

TEST(Escape, EveryByteByItself) {
  for (int c = 0; c < 256; c++) {
    const std::string out = Escape(std::string(1, static_cast<char>(c)));
    const size_t expected = c == '\\' || c == '\n' || c == '\t' ? 2 : c >= 0x20 && c < 0x7f ? 1 : 4;
    EXPECT_EQ(out.size(), expected) << c;
  }
}

TEST(Escape, CutsAtWholeCharactersAndTellsTheWholeLength) {
  for (const Row &row : kRows) {
    for (size_t size = 0; size <= row.expected.size() + 2; size++) {
      std::string out(size + 1, '!');
      EXPECT_EQ(sonde_escape(&out[0], size, row.in.data(), row.in.size()), row.expected.size()) << row.origin;
      EXPECT_EQ(out[size], '!') << row.origin;  // nothing beyond
      if (size == 0) continue;
      const std::string cut = out.c_str();
      EXPECT_LT(cut.size(), size) << row.origin;
      EXPECT_EQ(cut, row.expected.substr(0, cut.size())) << row.origin;
      // What was dropped is at least the next whole unit, so at most 4 bytes of room are left over.
      if (size > row.expected.size()) {
        EXPECT_EQ(cut, row.expected) << row.origin;
      } else {
        EXPECT_LE(size - 1 - cut.size(), 3u) << row.origin;
      }
    }
  }
}

TEST(Escape, ACutIsNeverInsideACharacter) {
  const std::string in = "\xe2\x82\xac\x01";  // three bytes, then four
  char out[8];
  const char *const expected[] = {"", "", "", "", "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac", "\xe2\x82\xac"};
  for (size_t size = 1; size < sizeof out; size++) {
    EXPECT_EQ(sonde_escape(out, size, in.data(), in.size()), 7u);
    EXPECT_STREQ(out, expected[size]) << size;
  }
  EXPECT_EQ(sonde_escape(out, 8, in.data(), in.size()), 7u);
  EXPECT_STREQ(out, "\xe2\x82\xac\\x01");
}

TEST(Escape, NothingAfterWhatDidNotFit) {
  char out[4] = "!!!";
  EXPECT_EQ(sonde_escape(out, sizeof out,
                         "\x01"
                         "abc",
                         4),
            7u);
  EXPECT_STREQ(out, "");  // not "abc"
}

TEST(Escape, NullPointers) {
  EXPECT_EQ(sonde_escape(nullptr, 0, "a\n", 2), 3u);
  EXPECT_EQ(sonde_escape(nullptr, 10, "a\n", 2), 3u);
  char out[4] = "!!!";
  EXPECT_EQ(sonde_escape(out, sizeof out, nullptr, 0), 0u);
  EXPECT_EQ(sonde_escape(out, sizeof out, nullptr, 7), 0u);
  EXPECT_STREQ(out, "");
}

// What the fuzz target holds to, over random bytes: printable ASCII and valid UTF-8 only, and injective.
TEST(Escape, RandomBytesGiveCleanText) {
  std::mt19937_64 random(1);
  for (int round = 0; round < 20000; round++) {
    std::string in(random() % 24, '\0');
    for (char &c : in) c = static_cast<char>(random() % (round % 2 == 0 ? 256 : 0x100) | (round % 3 == 0 ? 0x80 : 0));
    const std::string out = Escape(in);
    for (char c : out) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
    // Reading it back gives the bytes that went in.
    std::string back;
    for (size_t i = 0; i < out.size(); i++) {
      if (out[i] != '\\') {
        back += out[i];
      } else if (out[i + 1] == 'x') {
        back += static_cast<char>(std::stoi(out.substr(i + 2, 2), nullptr, 16));
        i += 3;
      } else {
        back += out[i + 1] == 'n' ? '\n' : out[i + 1] == 't' ? '\t' : '\\';
        i++;
      }
    }
    ASSERT_EQ(back, in);
  }
}

}  // namespace
