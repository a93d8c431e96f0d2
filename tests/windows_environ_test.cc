// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_environ.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/windows_bytes.h"

namespace {

using namespace std::string_literals;

TEST(WindowsEnviron, Variables) {
  const struct {
    const char *origin;
    std::string bytes;
    std::vector<std::string> expected;
  } rows[] = {
      {"every program", Utf16(u"OS=Windows_NT\0Path=C:\\a;C:\\b\0\0"s), {"OS|=|Windows_NT", "Path|=|C:\\a;C:\\b"}},
      {"the directories of drives",
       Utf16(u"=C:=C:\\dir\0=::=::\\\0A=1\0\0"s),
       {"=C:|=|C:\\dir", "=::|=|::\\", "A|=|1"}},
      {"what cmd leaves", Utf16(u"=ExitCode=00000001\0\0"s), {"=ExitCode|=|00000001"}},
      {"'=' in the value", Utf16(u"A=b=c\0\0"s), {"A|=|b=c"}},
      {"no value", Utf16(u"A=\0\0"s), {"A|=|"}},
      {"no '='", Utf16(u"A\0\0"s), {"A||"}},
      {"only '=', which is a name", Utf16(u"=\0==\0===\0\0"s), {"=||", "=|=|", "=|=|="}},
      {"beyond ASCII, and a lone surrogate",
       Utf16({u'\u00e9', u'=', 0xd83d, 0xde00, 0xdc00, 0, 0}),
       {"\xc3\xa9|=|\xf0\x9f\x98\x80\xed\xb0\x80"}},
      {"a '=' only in the upper byte, and NULs only in the lower",
       Utf16({0x3d41, 0x3d00, u'=', 0x4100, 0, 0}),
       {"\xe3\xb5\x81\xe3\xb4\x80|=|\xe4\x84\x80"}},
      {"what stands behind the end is none of it", Utf16(u"A=1\0\0B=2\0\0"s), {"A|=|1"}},
      {"no NUL at the end: truncated", Utf16(u"A=1\0B=2"s), {"A|=|1", "B|=|2"}},
      {"half a unit at the end", Utf16(u"A=1"s) + "B", {"A|=|1"}},
      {"no variable", Utf16(u"\0\0"s), {}},
      {"half a unit", "A", {}},
      {"empty", "", {}},
  };
  for (const auto &row : rows) {
    sondei_span in = SpanOf(row.bytes);
    std::vector<std::string> all;
    struct sondei_windows_variable variable;
    sondei_parse_error err = {1, "old"};
    while (sondei_windows_next_variable(&variable, &err, &in)) {
      EXPECT_EQ(err.expected, nullptr) << row.origin;
      all.push_back(Utf8(variable.name) + "|" + (variable.has_value ? "=" : "") + "|" + Utf8(variable.value));
    }
    EXPECT_EQ(err.expected, nullptr) << row.origin;
    EXPECT_EQ(all, row.expected) << row.origin;
  }
}

}  // namespace
