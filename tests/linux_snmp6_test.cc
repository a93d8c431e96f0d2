// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_snmp6.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_snmp6 c;
  sondei_parse_error err;
  while (sondei_linux_next_snmp6(&c, &err, &in)) {
    all += std::string(c.protocol.data, c.protocol.len) + "." + std::string(c.name.data, c.name.len) + "=" +
           std::to_string(c.value);
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

TEST(LinuxSnmp6, Table) {
  const Row rows[] = {
      {"Debian 12",
       "Ip6InReceives                   \t12392\nIcmp6InType128                  \t5\nUdpLite6InErrors \t0\n",
       "Ip6.InReceives=12392\nIcmp6.InType128=5\nUdpLite6.InErrors=0\n"},
      {"a name without protocol", "Odd 4\nIp6 5\n", ".Odd=4\n.Ip6=5\n"},
      {"blank lines are no rows", "\nIp6A 1\n \n", "Ip6.A=1\n"},
      {"the largest", "Ip6A 9223372036854775807\n", "Ip6.A=9223372036854775807\n"},
      {"over 63 bits", "Ip6A 9223372036854775808\nIp6B 2\n", "Ip6.A=0 bad at 5: a number that fits\nIp6.B=2\n"},
      {"no number", "Ip6A\nIp6B 2\n", "Ip6.A=0 bad at 4: a number that fits\nIp6.B=2\n"},
      {"something behind the number", "Ip6A 1 x\n", "Ip6.A=0 bad at 5: a number that fits\n"},
      {"garbage", std::string("\xff\x00\x01", 3), std::string(".\xff\x00\x01=0 bad at 3: a number that fits\n", 36)},
      {"truncated", "Ip6InRec", "Ip6.InRec=0 bad at 8: a number that fits\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxSnmp6, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_snmp6 counter = {{"a", 1}, {"b", 1}, 4711};
  sondei_parse_error err;
  sondei_span in = sondei_span_text("\n");
  EXPECT_FALSE(sondei_linux_next_snmp6(&counter, &err, &in));
  EXPECT_EQ(counter.value, 4711);
}

}  // namespace
