// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_zram.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  sondei_span in = sondei_span_of(text.data(), text.size());
  std::string all;
  struct sondei_linux_zram row;
  sondei_parse_error err;
  size_t column = 0;
  while (sondei_linux_next_zram(&row, &err, &in, &column)) {
    all += std::string(row.name) + (row.unit == SONDE_UNIT_PAGES ? " pages " : " ") + std::to_string(row.value);
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
  }
  return all;
}

TEST(LinuxZram, Table) {
  const struct {
    const char *origin;
    std::string text, expected;
  } rows[] = {
      {"Linux 6.18", "   40960    11776   69632        1   69633       10        2        3        4\n",
       "orig_data_size 40960\ncompr_data_size 11776\nmem_used_total 69632\nmem_limit 1\nmem_used_max 69633\n"
       "same_pages pages 10\npages_compacted pages 2\nhuge_pages pages 3\nhuge_pages_since pages 4\n"},
      {"Linux 4.7: seven numbers", "0 0 0 0 0 0 7\n",
       "orig_data_size 0\ncompr_data_size 0\nmem_used_total 0\nmem_limit 0\nmem_used_max 0\nsame_pages pages 0\n"
       "pages_compacted pages 7\n"},
      {"numbers that are new", "1 2 3 4 5 6 7 8 9 10 11\n",
       "orig_data_size 1\ncompr_data_size 2\nmem_used_total 3\nmem_limit 4\nmem_used_max 5\nsame_pages pages 6\n"
       "pages_compacted pages 7\nhuge_pages pages 8\nhuge_pages_since pages 9\n"},
      {"a number that does not fit", "18446744073709551615 18446744073709551616 3\n",
       "orig_data_size 18446744073709551615\ncompr_data_size 0 bad at 1: a number\n"},
      {"garbage", "1 x\xff 3", "orig_data_size 1\ncompr_data_size 0 bad at 1: a number\n"},
      {"truncated", "1 2", "orig_data_size 1\ncompr_data_size 2\n"},
      {"empty", "", ""},
      {"blank", " \n", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

}  // namespace
