// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/netmask.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Text(const sonde_address &address) {
  char text[SONDE_ADDRESS_TEXT_MAX];
  return sonde_address_format(text, sizeof text, &address) > 0 ? text : "-";
}

sonde_address Inet(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
  sonde_address address = {};
  address.family = SONDE_FAMILY_INET;
  address.len = 4;
  address.port = 80;
  address.bytes[0] = a, address.bytes[1] = b, address.bytes[2] = c, address.bytes[3] = d;
  return address;
}

TEST(Netmask, Inet) {
  const struct {
    const char *origin;
    sonde_address address;
    uint8_t prefix_len;
    const char *mask, *broadcast;
  } rows[] = {
      {"no bit", Inet(10, 1, 2, 3), 0, "0.0.0.0", "255.255.255.255"},
      {"one bit", Inet(10, 1, 2, 3), 1, "128.0.0.0", "127.255.255.255"},
      {"whole bytes", Inet(192, 0, 2, 7), 24, "255.255.255.0", "192.0.2.255"},
      {"part of a byte", Inet(172, 16, 64, 1), 19, "255.255.224.0", "172.16.95.255"},
      {"the smallest network with a broadcast address", Inet(192, 0, 2, 1), 30, "255.255.255.252", "192.0.2.3"},
      {"two hosts", Inet(192, 0, 2, 1), 31, "255.255.255.254", "-"},
      {"one host", Inet(192, 0, 2, 1), 32, "255.255.255.255", "-"},
      {"longer than the address", Inet(192, 0, 2, 1), 255, "255.255.255.255", "-"},
  };
  for (const auto &row : rows) {
    const sonde_address mask = sondei_netmask(&row.address, row.prefix_len);
    const sonde_address broadcast = sondei_broadcast(&row.address, row.prefix_len);
    EXPECT_EQ(Text(mask), row.mask) << row.origin;
    EXPECT_EQ(Text(broadcast), row.broadcast) << row.origin;
    EXPECT_EQ(mask.port, 0) << row.origin;
    EXPECT_EQ(broadcast.port, 0) << row.origin;
  }
}

TEST(Netmask, Inet6HasNoBroadcast) {
  sonde_address address = {};
  address.family = SONDE_FAMILY_INET6;
  address.len = 16;
  EXPECT_EQ(Text(sondei_netmask(&address, 0)), "::");
  EXPECT_EQ(Text(sondei_netmask(&address, 64)), "ffff:ffff:ffff:ffff::");
  EXPECT_EQ(Text(sondei_netmask(&address, 127)), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe");
  EXPECT_EQ(Text(sondei_netmask(&address, 128)), "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
  EXPECT_EQ(Text(sondei_broadcast(&address, 64)), "-");
}

TEST(Netmask, NoAddressHasNone) {
  const sonde_address none = {};
  EXPECT_EQ(sondei_netmask(&none, 24).family, SONDE_FAMILY_NONE);
  EXPECT_EQ(sondei_broadcast(&none, 24).family, SONDE_FAMILY_NONE);
}

}  // namespace
