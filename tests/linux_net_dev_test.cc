// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_net_dev.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_net_dev d;
  sondei_parse_error err;
  while (sondei_linux_next_net_dev(&d, &err, &in)) {
    if (err.expected != nullptr) all += "bad at " + std::to_string(err.position) + ": " + err.expected + "|";
    all += std::string(d.name.data, d.name.len);
    const uint64_t columns[] = {d.rx_bytes, d.rx_packets,    d.rx_errors,     d.rx_dropped,
                                d.rx_fifo,  d.rx_frame,      d.rx_compressed, d.rx_multicast,
                                d.tx_bytes, d.tx_packets,    d.tx_errors,     d.tx_dropped,
                                d.tx_fifo,  d.tx_collisions, d.tx_carrier,    d.tx_compressed};
    if (err.expected == nullptr) {
      for (const uint64_t column : columns) all += " " + std::to_string(column);
    } else {
      for (const uint64_t column : columns) EXPECT_EQ(column, 0u);
    }
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

const char kHeading[] =
    "Inter-|   Receive                                                |  Transmit\n"
    " face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier "
    "compressed\n";
const char kNumbers[] = " 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n";

TEST(LinuxNetDev, Table) {
  const std::string h = kHeading, n = kNumbers;
  const Row rows[] = {
      {"Debian 12", h + "    lo:" + n + "  eth0:" + n, "lo" + n + "eth0" + n},
      {"no heading: a recording, gopsutil #28", "eth0:" + n, "eth0" + n},
      {"glued to the colon, before 2.6.39: psutil #263", h + "  eth0:4046496815 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
       "eth0 4046496815 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"},
      {"an alias: gopsutil #377", h + "bond0:1:" + n + "tun10001:1:4 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
       "bond0:1" + n + "tun10001:1 4 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"},
      {"the largest counter", "a:18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
       "a 18446744073709551615 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"},
      {"more columns", "a: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 x\n", "a" + n},
      {"a '|' in a name", "a|b:" + n, "a|b" + n},
      {"blank lines are no rows: psutil 7.2.2 loses the call", "\na:" + n + " \n\nb:" + n, "a" + n + "b" + n},
      {"a short row between good ones: psutil 7.2.2 loses the call", "a:" + n + "b: 1 2 3\nc:" + n,
       "a" + n + "bad at 8: 16 numbers|b\nc" + n},
      {"15 numbers", "a: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n", "bad at 38: 16 numbers|a\n"},
      {"a number over 64 bits", "a: 18446744073709551616 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n",
       "bad at 3: 16 numbers|a\n"},
      {"a negative number", "a: -1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n", "bad at 3: 16 numbers|a\n"},
      {"a word with a number in front", "a: 1x 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n", "bad at 3: 16 numbers|a\n"},
      {"a word with a number in front, at the end", "a: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16x\n",
       "bad at 39: 16 numbers|a\n"},
      {"tabs", "\ta:\t1\t2\t3\t4\t5\t6\t7\t8\t9\t10\t11\t12\t13\t14\t15\t16\t\n", "a" + n},
      {"no colon", "eth0 1 2 3\n", "bad at 0: a colon|\n"},
      {"no name", " : 1 2 3\n", "bad at 0: a name|\n"},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 0: a colon|\n"},
      {"truncated", "eth0: 1 2", "bad at 9: 16 numbers|eth0\n"},
      {"only a heading", h, ""},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

TEST(LinuxNetDev, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_net_dev device = {};
  device.rx_bytes = 4711;
  sondei_parse_error err;
  sondei_span in = sondei_span_text(kHeading);
  EXPECT_FALSE(sondei_linux_next_net_dev(&device, &err, &in));
  EXPECT_EQ(device.rx_bytes, 4711u);
}

}  // namespace
