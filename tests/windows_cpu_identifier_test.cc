// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_cpu_identifier.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

// "family model stepping", "-" for what is not told, or what was wrong.
std::string Parse(const std::string &text) {
  struct sondei_windows_cpu_identifier read = {77, 78, 79, 80};
  sondei_parse_error err = {0, nullptr};
  if (sondei_windows_parse_cpu_identifier(&read, &err, sondei_span_of(text.data(), text.size())) != SONDE_OK) {
    EXPECT_TRUE(read.valid == 77 && read.family == 78 && read.model == 79 && read.stepping == 80) << text;
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  const auto show = [&read](uint32_t bit, uint32_t value) {
    return (read.valid & bit) != 0 ? std::to_string(value) : std::string("-");
  };
  return show(SONDEI_WINDOWS_CPU_FAMILY, read.family) + " " + show(SONDEI_WINDOWS_CPU_MODEL, read.model) + " " +
         show(SONDEI_WINDOWS_CPU_STEPPING, read.stepping);
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(WindowsCpuIdentifier, Table) {
  const Row rows[] = {
      {"a Xeon", "Intel64 Family 6 Model 143 Stepping 8", "6 143 8"},
      {"a Ryzen", "AMD64 Family 23 Model 113 Stepping 0", "23 113 0"},
      {"the same, in a 32-bit Windows", "x86 Family 6 Model 158 Stepping 10", "6 158 10"},
      {"the first of 64 bits", "EM64T Family 15 Model 4 Stepping 1", "15 4 1"},
      {"a third maker", "VIA64 Family 6 Model 15 Stepping 12", "6 15 12"},
      {"Itanium", "ia64 Family 32 Model 1 Stepping 7", "32 1 7"},
      {"ARM: hexadecimal", "ARMv8 (64-bit) Family 8 Model D49 Revision 0", "8 3401 0"},
      {"ARM: a hexadecimal revision", "ARMv8 (64-bit) Family 8 Model D0C Revision 301", "8 3340 769"},
      {"ARM: padded", "ARMv8 (64-bit) Family 8 Model D4B Revision   0", "8 3403 0"},
      {"ARM of 32 bits", "ARM Family 7 Model C09 Revision 10", "7 3081 16"},
      {"blanks around it", "  ARM Family 7 Model C09 Revision 10  ", "7 3081 16"},
      {"no stepping", "x86 Family 4 Model 3", "4 3 -"},
      {"words of the future", "Intel64 Family 6 Model 1 Kind 9 Stepping 2 x", "6 1 2"},
      {"a number that is none", "Intel64 Family 6 Model 1A3 Stepping 8", "bad at 22: a number"},
      {"a word without its number", "Intel64 Family 6 Model", "bad at 22: a number"},
      {"2^32", "x86 Family 4294967296 Model 0 Stepping 0", "bad at 10: a number"},
      {"the most", "x86 Family 4294967295 Model 0 Stepping 0", "4294967295 0 0"},
      {"ARM: the most", "ARM Family 7 Model FFFFFFFF Revision 100000000", "bad at 36: a number"},
      {"a negative number", "x86 Family -1 Model 0 Stepping 0", "bad at 10: a number"},
      {"another case", "x86 family 6 model 1 stepping 1", "bad at 0: a family, model or stepping"},
      {"garbage", std::string("\xff\x00\xfe", 3), "bad at 0: a family, model or stepping"},
      {"truncated", "Intel64 Family 6 Mod", "6 - -"},
      {"empty", "", "bad at 0: a family, model or stepping"},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
