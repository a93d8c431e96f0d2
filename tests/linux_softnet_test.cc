// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_softnet.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  sondei_span in = sondei_span_of(text.data(), text.size());
  std::string all;
  struct sondei_linux_softnet row;
  sondei_parse_error err;
  while (sondei_linux_next_softnet(&row, &err, &in)) {
    for (size_t i = 0; i < SONDEI_LINUX_SOFTNET_COLUMN_COUNT; i++) {
      all += (row.valid >> i & 1) != 0 ? std::to_string(row.value[i]) + " " : "- ";
    }
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected;
    all += "\n";
  }
  EXPECT_EQ(in.len, 0u);
  return all;
}

TEST(LinuxSoftnet, Table) {
  const struct {
    const char *origin;
    std::string text, expected;
  } rows[] = {
      {"Linux 6.18, two CPUs",
       "00004e42 00000001 00000002 00000000 00000000 00000000 00000000 00000000 00000000 00000003 00000004 00000000 "
       "00000000 "
       "00000000 00000000\n00012e70 00000000 00000001 00000000 00000000 00000000 00000000 00000000 00000000 00000000 "
       "00000000 00000000 00000001 00000000 00000000\n",
       "20034 1 2 3 4 \n77424 0 1 0 0 \n"},
      {"Linux 3.10: ten columns", "00000001 00000002 00000003 0 0 0 0 0 00000000 00000007\n", "1 2 3 7 - \n"},
      {"Linux 2.6.32: nine columns", "00000001 00000002 00000003 0 0 0 0 0 00000000\n", "1 2 3 - - \n"},
      {"capital letters", "FFFFFFFF 0 0\n", "4294967295 0 0 - - \n"},
      {"blank lines", "\n1 2 3\n \n", "1 2 3 - - \n"},
      {"too short", "1 2\n4 5 6\n", "1 2 - - - bad at 3: a counter\n4 5 6 - - \n"},
      {"a number that does not fit", "10000000000000000 0 0\n", "- - - - - bad at 0: a counter\n"},
      {"garbage", std::string("zz\xff\x00\n", 5), "- - - - - bad at 0: a counter\n"},
      {"truncated", "00004e42 0000000", "20034 0 - - - bad at 16: a counter\n"},
      {"empty", "", ""},
  };
  for (const auto &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxSoftnet, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_softnet row = {};
  row.value[0] = 4711;
  sondei_parse_error err = {9, "x"};
  sondei_span in = sondei_span_text("\n");
  EXPECT_FALSE(sondei_linux_next_softnet(&row, &err, &in));
  EXPECT_EQ(row.value[0], 4711u);
}

TEST(LinuxSoftnet, Names) {
  EXPECT_STREQ(sondei_linux_softnet_name(SONDEI_LINUX_SOFTNET_PROCESSED), "processed");
  EXPECT_STREQ(sondei_linux_softnet_name(SONDEI_LINUX_SOFTNET_DROPPED), "dropped");
  EXPECT_STREQ(sondei_linux_softnet_name(SONDEI_LINUX_SOFTNET_TIME_SQUEEZE), "time_squeeze");
  EXPECT_STREQ(sondei_linux_softnet_name(SONDEI_LINUX_SOFTNET_RECEIVED_RPS), "received_rps");
  EXPECT_STREQ(sondei_linux_softnet_name(SONDEI_LINUX_SOFTNET_FLOW_LIMIT), "flow_limit");
}

}  // namespace
