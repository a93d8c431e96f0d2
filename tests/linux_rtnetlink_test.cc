// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_rtnetlink.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::addr_header;
using sonde_test::attribute;
using sonde_test::bytes_of;
using sonde_test::link_header;

constexpr uint8_t kInet = 2, kInet6 = 10;

std::string Text(const sonde_address &address) {
  if (address.family == SONDE_FAMILY_NONE) return "-";
  std::string all = address.family == SONDE_FAMILY_INET ? "v4" : address.family == SONDE_FAMILY_INET6 ? "v6" : "hw";
  for (int i = 0; i < address.len; i++) all += "." + std::to_string(address.bytes[i]);
  if (address.scope_id != 0) all += "%" + std::to_string(address.scope_id);
  return all;
}

std::string Link(const std::string &bytes) {
  struct sondei_linux_if_link link;
  struct sondei_linux_if_link before;
  memset(&link, 0xa5, sizeof link);
  memcpy(&before, &link, sizeof link);
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_if_link(&link, &err, sondei_span_of(bytes.data(), bytes.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&link, &before, sizeof link), 0) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::to_string(link.index) + " " + std::to_string(link.flags) + " " +
         std::string(link.name.data, link.name.len) + " " + Text(link.address) + " " + Text(link.broadcast);
}

std::string Addr(const std::string &bytes) {
  struct sondei_linux_if_addr addr;
  struct sondei_linux_if_addr before;
  memset(&addr, 0xa5, sizeof addr);
  memcpy(&before, &addr, sizeof addr);
  sondei_parse_error err = {0, nullptr};
  if (sondei_linux_parse_if_addr(&addr, &err, sondei_span_of(bytes.data(), bytes.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&addr, &before, sizeof addr), 0) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  return std::to_string(addr.index) + " " + Text(addr.address) + "/" + std::to_string(addr.prefix_len) + " " +
         Text(addr.broadcast) + " " + Text(addr.peer);
}

const std::string kMac("\x52\x54\x00\x12\x34\x56", 6), kOnes(6, '\xff');
const std::string kLocal("\xc0\x00\x02\x01", 4), kPeer("\xc0\x00\x02\x02", 4), kBroadcast("\xc0\x00\x02\xff", 4);
const std::string kLinkLocal = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\x01";
const std::string kGlobal = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\x01";

TEST(LinuxRtnetlink, Links) {
  const std::string header = link_header(2, 0x1003);
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"Ethernet", header + attribute(3, std::string("eth0\0", 5)) + attribute(1, kMac) + attribute(2, kOnes),
       "2 4099 eth0 hw.82.84.0.18.52.86 hw.255.255.255.255.255.255"},
      {"a tunnel without hardware", header + attribute(3, std::string("tun0\0", 5)), "2 4099 tun0 - -"},
      {"an address of no bytes", header + attribute(3, std::string("a\0", 2)) + attribute(1, ""), "2 4099 a - -"},
      {"attributes that are not known, nested too",
       header + attribute(0x8000 | 18, "abc") + attribute(4711, "") + attribute(3, std::string("a\0", 2)),
       "2 4099 a - -"},
      {"no name", header, "2 4099  - -"},
      {"a name without its end", header + attribute(3, "eth0"), "bad at 16: a name or an address"},
      {"32 bytes of address", link_header(1, 0) + attribute(1, std::string(32, '\1')),
       "1 0  hw.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1 -"},
      {"33 bytes of address", header + attribute(1, std::string(33, 'x')), "bad at 16: a name or an address"},
      {"a nested length beyond the message", header + bytes_of(uint16_t{100}) + bytes_of(uint16_t{1}),
       "bad at 16: a netlink attribute"},
      {"garbage", std::string(20, '\xff'), "bad at 16: a netlink attribute"},
      {"truncated", header.substr(0, 15), "bad at 0: an interface"},
      {"empty", "", "bad at 0: an interface"},
  };
  for (const auto &row : rows) EXPECT_EQ(Link(row.bytes), row.expected) << row.origin;
}

TEST(LinuxRtnetlink, Addresses) {
  const std::string v4 = addr_header(kInet, 24, 2), v6 = addr_header(kInet6, 64, 3);
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"IPv4", v4 + attribute(1, kLocal) + attribute(2, kLocal) + attribute(4, kBroadcast) + attribute(3, "eth0"),
       "2 v4.192.0.2.1/24 v4.192.0.2.255 -"},
      {"the other end of a link", v4 + attribute(1, kPeer) + attribute(2, kLocal), "2 v4.192.0.2.1/24 - v4.192.0.2.2"},
      {"IPv6 link-local", v6 + attribute(1, kLinkLocal), "3 v6.254.128.0.0.0.0.0.0.0.0.0.0.0.0.0.1%3/64 - -"},
      {"IPv6", v6 + attribute(1, kGlobal), "3 v6.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1/64 - -"},
      {"IPv6 whose second byte is that of link-local ones", v6 + attribute(1, "\x20\x81" + kGlobal.substr(2)),
       "3 v6.32.129.13.184.0.0.0.0.0.0.0.0.0.0.0.1/64 - -"},
      {"IPv6 site-local, RFC 3879", v6 + attribute(1, "\xfe\xc0" + kGlobal.substr(2)),
       "3 v6.254.192.13.184.0.0.0.0.0.0.0.0.0.0.0.1/64 - -"},
      {"another family: MPLS", addr_header(28, 200, 4) + attribute(1, "x"), "4 -/200 - -"},
      {"a prefix longer than IPv4", addr_header(kInet, 33, 2), "bad at 0: a prefix no longer than an address"},
      {"a prefix longer than IPv6", addr_header(kInet6, 129, 2), "bad at 0: a prefix no longer than an address"},
      {"an address of three bytes", v4 + attribute(1, "abc"), "bad at 8: an address of its family's length"},
      {"IPv4 in IPv6", v6 + attribute(3, "x") + attribute(1, kLocal), "bad at 16: an address of its family's length"},
      {"a nested length of 0", v4 + std::string(4, '\0'), "bad at 8: a netlink attribute"},
      {"garbage", std::string(12, '\xff'), "bad at 8: a netlink attribute"},
      {"truncated", v4.substr(0, 7), "bad at 0: an interface's address"},
      {"empty", "", "bad at 0: an interface's address"},
  };
  for (const auto &row : rows) EXPECT_EQ(Addr(row.bytes), row.expected) << row.origin;
}

TEST(LinuxRtnetlink, Properties) {
  const auto parse = [](const std::string &bytes) {
    const std::string all = link_header(7, 1) + bytes;
    struct sondei_linux_if_link link = {};
    sondei_parse_error err = {0, nullptr};
    EXPECT_EQ(sondei_linux_parse_if_link(&link, &err, sondei_span_of(all.data(), all.size())), SONDE_OK);
    return std::string(link.operstate) + (link.has_mtu ? " mtu " + std::to_string(link.mtu) : "") +
           (link.has_carrier_changes ? " changes " + std::to_string(link.carrier_changes) : "");
  };
  EXPECT_EQ(parse(""), "");
  EXPECT_EQ(parse(attribute(4, bytes_of(uint32_t{65536})) + attribute(16, "\6") + attribute(35, bytes_of(uint32_t{3}))),
            "up mtu 65536 changes 3");
  // if.h's IF_OPER_*, in the words of sysfs.
  const char *const words[] = {"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up", "", ""};
  for (size_t i = 0; i < 9; i++) EXPECT_EQ(parse(attribute(16, std::string(1, static_cast<char>(i)))), words[i]);
  EXPECT_EQ(parse(attribute(16, "\xff") + attribute(4, "abc") + attribute(35, "")), "") << "too short, too new";
}

// How many counters a kernel has grew: what it does not tell is not told.
TEST(LinuxRtnetlink, Statistics) {
  for (const size_t count : {0, 1, 23, 24, 25, 26}) {
    std::string stats;
    for (size_t i = 0; i < count; i++) stats += bytes_of(uint64_t{100} + i);
    const std::string bytes = link_header(7, 1) + attribute(23, stats + (count == 1 ? "odd" : ""));
    struct sondei_linux_if_link link = {};
    sondei_parse_error err = {0, nullptr};
    ASSERT_EQ(sondei_linux_parse_if_link(&link, &err, sondei_span_of(bytes.data(), bytes.size())), SONDE_OK);
    EXPECT_EQ(link.num_stats, count < 25 ? count : 25);
    for (size_t i = 0; i < link.num_stats; i++) EXPECT_EQ(link.stats[i], 100 + i);
  }
}

}  // namespace
