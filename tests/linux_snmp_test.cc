// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_snmp.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(sondei_span span) { return std::string(span.data, span.len); }

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_snmp_table table;
  struct sondei_linux_snmp_counter counter;
  sondei_parse_error err;
  while (sondei_linux_next_snmp_table(&table, &err, &in)) {
    if (err.expected != nullptr) {
      all += Text(table.protocol) + " bad at " + std::to_string(err.position) + ": " + err.expected + "\n";
      continue;
    }
    while (sondei_linux_next_snmp_counter(&counter, &err, &table)) {
      all += Text(table.protocol) + "." + Text(counter.name) + "=" + std::to_string(counter.value);
      if (err.expected != nullptr) all += " bad at " + std::to_string(err.position) + ": " + err.expected;
      all += "\n";
    }
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

TEST(LinuxSnmp, Table) {
  const Row rows[] = {
      {"Debian 12", "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: RtoAlgorithm MaxConn\nTcp: 1 -1\n",
       "Ip.Forwarding=1\nIp.DefaultTTL=64\nTcp.RtoAlgorithm=1\nTcp.MaxConn=-1\n"},
      {"netstat", "TcpExt: SyncookiesSent\nTcpExt: 0\nIpExt: InNoRoutes\nIpExt: 7\n",
       "TcpExt.SyncookiesSent=0\nIpExt.InNoRoutes=7\n"},
      {"no names: IcmpMsg of an idle machine", "IcmpMsg: \nIcmpMsg: \n", ""},
      {"blank lines", "\nIp: A\nIp: 1\n\n", "Ip.A=1\n"},
      {"the ends of the range", "X: A B\nX: 9223372036854775807 -9223372036854775808\n",
       "X.A=9223372036854775807\nX.B=-9223372036854775808\n"},
      {"a value that does not fit spoils itself alone", "X: A B C\nX: 9223372036854775808 2 3x\n",
       "X.A=0 bad at 1: a number that fits\nX.B=2\nX.C=0 bad at 1: a number that fits\n"},
      {"fewer numbers than names", "X: A B\nX: 1\n", "X.A=1\nX.B=0 bad at 0: a number for each name\n"},
      {"more numbers than names", "X: A\nX: 1 2 3\n", "X.A=1\n"},
      {"a line of its own between pairs", "Ip: A\nUdp: B\nUdp: 2\n",
       "Ip bad at 0: a line of numbers of the same protocol\nUdp.B=2\n"},
      {"blank lines before a bad row", "\n\nIp A\n", " bad at 2: a protocol and a colon\n"},
      {"another protocol whose name is as long", "Udp: A\nTcp: 1\n",
       "Udp bad at 0: a line of numbers of the same protocol\nTcp bad at 0: a line of numbers of the same protocol\n"},
      {"no colon", "Ip A\nIp: A\nIp: 1\n", " bad at 0: a protocol and a colon\nIp.A=1\n"},
      {"no protocol", ": A\n: 1\n", " bad at 0: a protocol and a colon\n bad at 0: a protocol and a colon\n"},
      {"garbage", std::string("\xff\x00\x01", 3), " bad at 0: a protocol and a colon\n"},
      {"truncated", "Ip: A B\nIp",
       "Ip bad at 0: a line of numbers of the same protocol\n bad at 0: a protocol and a colon\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxSnmp, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_snmp_table table = {{"a", 1}, {"b", 1}, {"c", 1}};
  struct sondei_linux_snmp_counter counter = {{"d", 1}, 4711};
  sondei_parse_error err;
  sondei_span in = sondei_span_text(" \n");
  EXPECT_FALSE(sondei_linux_next_snmp_table(&table, &err, &in));
  EXPECT_EQ(Text(table.protocol) + Text(table.names) + Text(table.values), "abc");
  table.names = sondei_span_text("  ");
  EXPECT_FALSE(sondei_linux_next_snmp_counter(&counter, &err, &table));
  EXPECT_EQ(counter.value, 4711);
}

}  // namespace
