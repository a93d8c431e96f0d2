// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_arcstats.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

TEST(LinuxArcstats, Table) {
  const std::string head = "13 1 0x01 98 26656 5266129417 1050446373236\nname                            type data\n";
  const struct {
    const char *origin;
    std::string text;
    std::string expected;  // size|c_min
  } rows[] = {
      {"OpenZFS 2.1",
       head + "hits                            4    99\nc                               4    300\n"
              "c_min                           4    100\nc_max                           4    400\n"
              "size                            4    250\ncompressed_size                 4    1\n",
       "250|100"},
      {"no c_min", head + "size 4 250\n", "bad at 97: size and c_min"},
      {"no number", "size 4 x\n", "bad at 7: a type and a number"},
      {"negative", "size 3 -1\n", "bad at 7: a type and a number"},
      {"a tail", "size 4 25x\nc_min 4 1\n", "bad at 7: a type and a number"},
      {"a tail", "size 4 25 xy\nc_min 4 1\n", "bad at 7: a type and a number"},
      {"blanks behind", "size 4 25 \nc_min 4 1\t\n", "25|1"},
      {"no columns", "size\nc_min 4 1\n", "bad at 4: a type and a number"},
      {"does not fit", "c_min 4 18446744073709551616\n", "bad at 8: a type and a number"},
      {"garbage", "\xff", "bad at 1: size and c_min"},
      {"truncated", "size 4 25\nc_mi", "bad at 14: size and c_min"},
      {"empty", "", "bad at 0: size and c_min"},
  };
  for (const auto &row : rows) {
    struct sondei_linux_arcstats out = {4711, 4711};
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_arcstats(&out, &err, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_EQ(status == SONDE_OK ? std::to_string(out.size) + "|" + std::to_string(out.size_min)
                                 : "bad at " + std::to_string(err.position) + ": " + err.expected,
              row.expected)
        << row.origin;
    if (status != SONDE_OK) {
      EXPECT_TRUE(out.size == 4711 && out.size_min == 4711) << row.origin;
    }
  }
}

}  // namespace
