// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_elf.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxElf, Table) {
  const struct {
    const char *origin;
    std::string text;
    std::string expected;
  } rows[] = {
      {"x86_64",
       "\x7f"
       "ELF\x02\x01\x01",
       "64"},
      {"i686",
       "\x7f"
       "ELF\x01\x01\x01",
       "32"},
      {"just enough",
       "\x7f"
       "ELF\x02",
       "64"},
      {"no such class",
       "\x7f"
       "ELF\x03",
       "bad at 4"},
      {"a script, which is no process's exe", "#!/bin/sh\n", "bad at 0"},
      {"truncated",
       "\x7f"
       "ELF",
       "bad at 4"},
      {"empty", "", "bad at 0"},
  };
  for (const auto &row : rows) {
    uint32_t bits = 7;
    sondei_parse_error err;
    std::string got;
    if (sondei_linux_parse_elf(&bits, &err, sondei_span_of(row.text.data(), row.text.size())) == SONDE_OK) {
      got = std::to_string(bits);
    } else {
      EXPECT_EQ(bits, 7u);
      got = "bad at " + std::to_string(err.position);
    }
    EXPECT_EQ(got, row.expected) << row.origin;
  }
}

}  // namespace
