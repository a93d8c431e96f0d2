// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_if_flags.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

struct Row {
  const char *origin;
  std::string text;
  int64_t expected;  // -1: not understood
};

TEST(LinuxIfFlags, Table) {
  const Row rows[] = {
      {"an Ethernet interface that is up", "0x1003\n",
       SONDE_NET_IF_UP | SONDE_NET_IF_BROADCAST | SONDE_NET_IF_MULTICAST},
      {"the loopback", "0x9\n", SONDE_NET_IF_UP | SONDE_NET_IF_LOOPBACK},
      {"a tunnel", "0x90", SONDE_NET_IF_POINTOPOINT | SONDE_NET_IF_NOARP},
      {"promiscuous, running", "0x140\n", SONDE_NET_IF_PROMISC | SONDE_NET_IF_RUNNING},
      {"flags without a fellow", "0xffffeea4\n", SONDE_NET_IF_NOARP},
      {"none", "0x0\n", 0},
      {"over 32 bits", "0x100000000\n", -1},
      {"no prefix", "1003\n", -1},
      {"a digit that is none", "0x1g", -1},
      {"two lines", "0x1\n0x2\n", -1},
      {"garbage", std::string("\xff\x00", 2), -1},
      {"truncated", "0x", -1},
      {"empty", "", -1},
  };
  for (const Row &row : rows) {
    uint32_t flags = 4711;
    sondei_parse_error err = {0, nullptr};
    const sonde_status status =
        sondei_linux_parse_if_flags(&flags, &err, sondei_span_of(row.text.data(), row.text.size()));
    EXPECT_EQ(status == SONDE_OK ? int64_t{flags} : -1, row.expected) << row.origin;
    EXPECT_TRUE(status == SONDE_OK || flags == 4711) << row.origin;
  }
}

}  // namespace
