// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cstring>
#include <random>
#include <string>
#include <vector>

#if !defined(_WIN32)
#include <arpa/inet.h>
#endif

namespace {

sonde_address Make(sonde_family family, const std::vector<int> &bytes, uint16_t port = 0, uint32_t scope = 0) {
  sonde_address address;
  memset(&address, 0, sizeof address);
  address.family = family;
  for (size_t i = 0; i < bytes.size(); i++) address.bytes[i] = static_cast<uint8_t>(bytes[i]);
  address.len = static_cast<uint8_t>(bytes.size());
  address.port = port;
  address.scope_id = scope;
  return address;
}

sonde_address Inet6(const std::vector<int> &groups, uint16_t port = 0, uint32_t scope = 0) {
  std::vector<int> bytes;
  for (int group : groups) {
    bytes.push_back(group >> 8);
    bytes.push_back(group & 255);
  }
  return Make(SONDE_FAMILY_INET6, bytes, port, scope);
}

std::string Format(const sonde_address &address) {
  char out[SONDE_ADDRESS_TEXT_MAX];
  const size_t len = sonde_address_format(out, sizeof out, &address);
  EXPECT_EQ(len, strlen(out));
  return out;
}

const struct {
  const char *origin;
  sonde_address address;
  const char *expected;
} kRows[] = {
    {"IPv4", Make(SONDE_FAMILY_INET, {192, 0, 2, 1}), "192.0.2.1"},
    {"IPv4, edges", Make(SONDE_FAMILY_INET, {0, 10, 100, 255}), "0.10.100.255"},
    {"IPv4 with port", Make(SONDE_FAMILY_INET, {127, 0, 0, 1}, 8080), "127.0.0.1:8080"},
    {"any IPv4, the last port", Make(SONDE_FAMILY_INET, {0, 0, 0, 0}, 65535), "0.0.0.0:65535"},
    {"RFC 5952 4.1: leading zeros", Inet6({0x2001, 0xdb8, 1, 0x20, 3, 4, 5, 6}), "2001:db8:1:20:3:4:5:6"},
    {"RFC 5952 4.2.1: as short as possible", Inet6({0x2001, 0xdb8, 0, 0, 0, 0, 2, 1}), "2001:db8::2:1"},
    {"RFC 5952 4.2.2: one group is not shortened", Inet6({0x2001, 0xdb8, 0, 1, 1, 1, 1, 1}), "2001:db8:0:1:1:1:1:1"},
    {"RFC 5952 4.2.3: the longest run", Inet6({0x2001, 0, 0, 1, 0, 0, 0, 1}), "2001:0:0:1::1"},
    {"RFC 5952 4.2.3: of equals the first", Inet6({0x2001, 0xdb8, 0, 0, 1, 0, 0, 1}), "2001:db8::1:0:0:1"},
    {"RFC 5952 4.3: lower case", Inet6({0xABCD, 0xEF01, 1, 2, 3, 4, 5, 6}), "abcd:ef01:1:2:3:4:5:6"},
    {"RFC 5952 5: IPv4-mapped", Inet6({0, 0, 0, 0, 0, 0xffff, 0xc000, 0x0201}), "::ffff:192.0.2.1"},
    {"IPv4-compatible is no such thing any more", Inet6({0, 0, 0, 0, 0, 0, 0x0102, 0x0304}), "::102:304"},
    {"RFC 5952 6: port", Inet6({0x2001, 0xdb8, 0, 0, 0, 0, 0, 1}, 80), "[2001:db8::1]:80"},
    {"loopback", Inet6({0, 0, 0, 0, 0, 0, 0, 1}), "::1"},
    {"any", Inet6({0, 0, 0, 0, 0, 0, 0, 0}), "::"},
    {"any, with port", Inet6({0, 0, 0, 0, 0, 0, 0, 0}, 22), "[::]:22"},
    {"zeros at the end", Inet6({0xfe80, 0, 0, 0, 0, 0, 0, 0}), "fe80::"},
    {"zeros at both ends", Inet6({0, 0, 1, 2, 3, 4, 0, 0}), "::1:2:3:4:0:0"},
    {"a zero at the end stays", Inet6({1, 2, 3, 4, 5, 6, 7, 0}), "1:2:3:4:5:6:7:0"},
    {"a zero at the start stays", Inet6({0, 2, 3, 4, 5, 6, 7, 8}), "0:2:3:4:5:6:7:8"},
    {"no zeros", Inet6({1, 2, 3, 4, 5, 6, 7, 8}), "1:2:3:4:5:6:7:8"},
    {"RFC 4007 11.2: zone", Inet6({0xfe80, 0, 0, 0, 0, 0, 0, 1}, 0, 2), "fe80::1%2"},
    {"zone and port", Inet6({0xfe80, 0, 0, 0, 0, 0, 0, 1}, 443, 4294967295u), "[fe80::1%4294967295]:443"},
    {"Ethernet", Make(SONDE_FAMILY_LINK, {0x52, 0x54, 0x00, 0x12, 0x34, 0x56}), "52:54:00:12:34:56"},
    {"loopback's hardware address", Make(SONDE_FAMILY_LINK, {0, 0, 0, 0, 0, 0}), "00:00:00:00:00:00"},
    {"a tunnel's", Make(SONDE_FAMILY_LINK, {0xA, 0xB, 0xC, 0xFF}), "0a:0b:0c:ff"},
    {"InfiniBand has 20 bytes", Make(SONDE_FAMILY_LINK, std::vector<int>(20, 0xab)),
     "ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab"},
    {"no address", Make(SONDE_FAMILY_NONE, {}), ""},
    {"unix sockets have paths", Make(SONDE_FAMILY_UNIX, {1, 2}), ""},
    {"IPv4 of a wrong length", Make(SONDE_FAMILY_INET, {1, 2, 3}), ""},
    {"IPv6 of a wrong length", Make(SONDE_FAMILY_INET6, {1, 2, 3, 4}), ""},
    {"no hardware address", Make(SONDE_FAMILY_LINK, {}), ""},
};

TEST(Address, Table) {
  for (const auto &row : kRows) EXPECT_EQ(Format(row.address), row.expected) << row.origin;
}

TEST(Address, EverySizeOfOut) {
  for (const auto &row : kRows) {
    const size_t len = strlen(row.expected);
    for (size_t size = 0; size < len + 3; size++) {
      std::string out(size + 1, '!');
      const size_t got = sonde_address_format(&out[0], size, &row.address);
      EXPECT_EQ(out[size], '!') << row.origin;
      EXPECT_EQ(got, size > len ? len : 0) << row.origin;
      if (size > 0) {
        EXPECT_STREQ(out.c_str(), size > len ? row.expected : "") << row.origin;
      }
    }
  }
}

TEST(Address, TheLongestFits) {
  EXPECT_EQ(Format(Make(SONDE_FAMILY_LINK, std::vector<int>(SONDE_ADDRESS_MAX, 0xff))).size(), 95u);
  EXPECT_EQ(Format(Inet6(std::vector<int>(8, 0xffff), 65535, 4294967295u)).size(), 58u);
}

TEST(Address, WrongLengthsAreNotRead) {
  sonde_address address = Make(SONDE_FAMILY_LINK, {1});
  address.len = SONDE_ADDRESS_MAX + 1;
  EXPECT_EQ(Format(address), "");
  address.len = 255;
  EXPECT_EQ(Format(address), "");
}

TEST(Address, NullPointers) {
  char out[SONDE_ADDRESS_TEXT_MAX] = "!";
  EXPECT_EQ(sonde_address_format(out, sizeof out, nullptr), 0u);
  EXPECT_STREQ(out, "");
  EXPECT_EQ(sonde_address_format(nullptr, 10, &kRows[0].address), 0u);
}

#if !defined(_WIN32)
// The C library writes IPv6 by the same rules, but for IPv4-compatible addresses.
TEST(Address, AgreesWithTheCLibrary) {
  std::mt19937_64 random(2);
  for (int round = 0; round < 200000; round++) {
    std::vector<int> groups(8);
    for (int &group : groups) group = random() % 3 == 0 ? static_cast<int>(random() % 0x10000) : 0;
    bool compatible = true;
    for (int i = 0; i < 6; i++) compatible = compatible && groups[static_cast<size_t>(i)] == 0;
    if (compatible) continue;
    const sonde_address address = Inet6(groups);
    char expected[INET6_ADDRSTRLEN];
    ASSERT_NE(inet_ntop(AF_INET6, address.bytes, expected, sizeof expected), nullptr);
    ASSERT_EQ(Format(address), expected);
    const sonde_address v4 =
        Make(SONDE_FAMILY_INET, {groups[0] & 255, groups[1] & 255, groups[2] & 255, groups[3] & 255});
    ASSERT_NE(inet_ntop(AF_INET, v4.bytes, expected, sizeof expected), nullptr);
    ASSERT_EQ(Format(v4), expected);
  }
}
#endif

}  // namespace
