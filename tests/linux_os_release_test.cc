// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_os_release.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_os_release row;
  sondei_parse_error err;
  while (sondei_linux_next_os_release(&row, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    std::string value(row.value.len, '?');
    value.resize(sondei_linux_unquote_os_release(&value[0], row.value));
    all += std::string(row.key.data, row.key.len) + "=" + value + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxOsRelease, Table) {
  const Row rows[] = {
      {"Debian 12",
       "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"12\"\nID=debian\n",
       "PRETTY_NAME=Debian GNU/Linux 12 (bookworm)\nNAME=Debian GNU/Linux\nVERSION_ID=12\nID=debian\n"},
      {"single quotes: os-release(5)", "NAME='Alpine Linux'\nX='a\\b\"$'\n", "NAME=Alpine Linux\nX=a\\b\"$\n"},
      {"escapes in double quotes", "X=\"\\\"a\\\" \\$b \\`c\\` \\\\ \\n\"\n", "X=\"a\" $b `c` \\ \\n\n"},
      {"no escapes in single quotes", "X='\\$ \\\\ \\\"'\n", "X=\\$ \\\\ \\\"\n"},
      {"escapes without quotes", "X=a\\ b\\\\\nY=\\\n", "X=a b\\\nY=\\\n"},
      {"an empty value", "VERSION_ID=\nID=\"\"\nX=''\n", "VERSION_ID=\nID=\nX=\n"},
      {"comments and blank lines are no rows", "# a comment\n\n  \n  # another\n  ID=x\n", "ID=x\n"},
      {"unquoted blanks, which a shell would not take", "NAME=Some Linux\n", "NAME=Some Linux\n"},
      {"blanks behind", "ID=arch  \t\nNAME=\"x\" \n", "ID=arch\nNAME=x\n"},
      {"an equals sign in the value", "URL=\"https://x/?a=b\"\n", "URL=https://x/?a=b\n"},
      {"bytes beyond ASCII", "NAME=\"Caf\xc3\xa9 \xff\"\n", "NAME=Caf\xc3\xa9 \xff\n"},
      {"a quote that does not end", "NAME=\"Debian\nID=debian\n", "bad at 5: a closing quote|NAME=\nID=debian\n"},
      {"a closing quote that is escaped", "NAME=\"Debian\\\"\n", "bad at 5: a closing quote|NAME=\n"},
      {"two quoted strings in a row", "NAME=\"a\"'b'\n", "bad at 8: the end of the line|NAME=\n"},
      {"no equals sign", "NAME\nID x\n", "bad at 4: an equals sign|=\nbad at 2: an equals sign|=\n"},
      {"no name", "=x\n-=y\n", "bad at 0: a name|=\nbad at 0: a name|=\n"},
      {"garbage", std::string("\xff\x00=\x01", 4), "bad at 0: a name|=\n"},
      {"truncated", "NAME=\"Deb", "bad at 5: a closing quote|NAME=\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxOsRelease, NamesAreLettersDigitsAndUnderscores) {
  EXPECT_EQ(Parse("azAZ_09=1\n"), "azAZ_09=1\n");
  for (const char c : {'@', '[', '`', '{', '/', ':', '.', '\xe9'}) {
    EXPECT_EQ(Parse(std::string("a") + c + "=1\n"), "bad at 1: an equals sign|=\n") << c;
  }
}

TEST(LinuxOsRelease, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_os_release row = {};
  row.key.len = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_of("#\n", 2);
  EXPECT_FALSE(sondei_linux_next_os_release(&row, &err, &in));
  EXPECT_EQ(row.key.len, 4711u);
}

}  // namespace
