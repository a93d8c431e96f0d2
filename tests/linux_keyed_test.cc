// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_keyed.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_keyed row;
  sondei_parse_error err;
  while (sondei_linux_next_keyed(&row, &err, &in)) {
    all += std::string(row.key.data, row.key.len) + "=" + std::to_string(row.value);
    if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
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

TEST(LinuxKeyed, Table) {
  const Row rows[] = {
      {"cpu.stat of Linux 6.18, version 2", "usage_usec 1201\nuser_usec 800\nsystem_usec 401\nnr_periods 0\n",
       "usage_usec=1201\nuser_usec=800\nsystem_usec=401\nnr_periods=0\n"},
      {"/proc/vmstat", "pswpin 12\npswpout 18446744073709551615\n", "pswpin=12\npswpout=18446744073709551615\n"},
      {"does not fit", "a 18446744073709551616\nb 2\n", "a=0 bad at 2: a number\nb=2\n"},
      {"short rows: psutil #722", "pswpin\npswpout 3", "pswpin=0 bad at 6: a number\npswpout=3\n"},
      {"short row with a blank", "pswpin \nb 1", "pswpin=0 bad at 7: a number\nb=1\n"},
      {"negative", "inactive_anon -8192\n", "inactive_anon=0 bad at 14: a number\n"},
      {"a number with a tail", "a 12x\n", "a=0 bad at 2: a number\n"},
      {"more columns, tabs, carriage return", "a\t1 2 3\nb 4\r\n", "a=1\nb=4\n"},
      {"a tab behind", "a 1\t2\n", "a=1\n"},
      {"blank lines", "\n  \n a 1\n\n", "a=1\n"},
      {"garbage", "\xff\xfe\x01\n", "\xff\xfe\x01=0 bad at 3: a number\n"},
      {"NUL bytes", std::string("a\0b 1\n", 6), std::string("a\0b=1\n", 6)},
      {"truncated", "usage_usec 12", "usage_usec=12\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxKeyed, FindsKeys) {
  const std::string text = "x 1\nanon 5\nanon 6\nfile\nfile 7\n";
  struct sondei_linux_key keys[] = {{"file", 0, false}, {"anon", 0, false}, {"ano", 9, false}};
  EXPECT_EQ(sondei_linux_find_keys(keys, 3, sondei_span_of(text.data(), text.size())), 2u);
  EXPECT_TRUE(keys[0].found);
  EXPECT_EQ(keys[0].value, 7u);
  EXPECT_TRUE(keys[1].found);
  EXPECT_EQ(keys[1].value, 5u) << "the first row counts";
  EXPECT_FALSE(keys[2].found);
  EXPECT_EQ(keys[2].value, 9u) << "untouched";
}

TEST(LinuxKeyed, WhatWasFoundBeforeStays) {
  const std::string text = "anon 5\nfile 7\n";
  struct sondei_linux_key keys[] = {{"anon", 1, true}, {"file", 0, false}, {"shmem", 3, true}};
  EXPECT_EQ(sondei_linux_find_keys(keys, 3, sondei_span_of(text.data(), text.size())), 3u);
  EXPECT_EQ(keys[0].value, 1u);
  EXPECT_EQ(keys[1].value, 7u);
  EXPECT_EQ(keys[2].value, 3u);
}

}  // namespace
