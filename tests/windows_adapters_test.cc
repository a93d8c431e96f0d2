// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_adapters.h"
}

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/windows_adapter_bytes.h"

namespace {

using sonde_test::AdapterBytes;
using sonde_test::sockaddr4;
using sonde_test::sockaddr6;

constexpr uint64_t kBase = 0x7ff0000;

std::string Address(const sonde_address &address) {
  char text[SONDE_ADDRESS_TEXT_MAX];
  return sonde_address_format(text, sizeof text, &address) > 0 ? text : "-";
}

std::string Name(sondei_span utf16) {
  std::string out;
  for (size_t i = 0; i + 1 < utf16.len; i += 2) out.push_back(utf16.data[i]);
  return out;
}

std::string Bad(const sondei_parse_error &err) {
  return "bad at " + std::to_string(err.position) + ": " + err.expected;
}

// Each adapter in brackets, with its addresses.
std::string Walk(const std::string &bytes, size_t pointer_size, size_t *num_rows = nullptr) {
  const sondei_windows_block block = {sondei_span_of(bytes.data(), bytes.size()), kBase, pointer_size};
  sondei_windows_adapters walk;
  sondei_windows_adapter adapter;
  sondei_windows_adapter_address address;
  sondei_parse_error err;
  std::string all;
  sondei_windows_adapters_start(&walk, &block);
  while (sondei_windows_next_adapter(&adapter, &err, &walk)) {
    if (num_rows != nullptr) ++*num_rows;
    if (err.expected != nullptr) {
      all += "[" + Bad(err) + "]";
      continue;
    }
    all += "[" + std::to_string(adapter.index) + " " + Name(adapter.name) + " type " + std::to_string(adapter.type) +
           " " + Address(adapter.hwaddr);
    while (sondei_windows_next_adapter_address(&address, &err, &walk, &adapter)) {
      if (num_rows != nullptr) ++*num_rows;
      if (err.expected != nullptr) {
        all += " " + Bad(err);
        continue;
      }
      all += " " + Address(address.address);
      if (address.has_prefix) all += "/" + std::to_string(address.prefix_len);
    }
    all += "]";
  }
  return all;
}

const std::string kLocalhost("\x7f\0\0\1", 4), kInet("\xc0\0\2\7", 4);
const std::string kLinkLocal = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\1";
const std::string kLocalhost6 = std::string(15, '\0') + "\1";

// A loopback interface without hardware address, one with addresses of every sort, one of IPv6 alone, one without any.
AdapterBytes Machine(size_t pointer_size) {
  AdapterBytes it(kBase, pointer_size);
  AdapterBytes::Adapter loopback, ethernet, ipv6_only, unplugged;
  loopback.type = 24, loopback.name = "Loopback Pseudo-Interface 1", loopback.hwaddr = "", loopback.hwaddr_len = 0;
  ethernet.index = 12, ethernet.name = "Ethernet", ethernet.extra = 272;
  ipv6_only.index = 0, ipv6_only.ipv6_index = 5, ipv6_only.name = "", ipv6_only.hwaddr = std::string(8, '\1');
  ipv6_only.hwaddr_len = 8, ipv6_only.type = 131;
  unplugged.index = UINT32_MAX, unplugged.ipv6_index = 3, unplugged.name = AdapterBytes::kNull;
  it.add(loopback);
  it.add_address(sockaddr6(kLocalhost6, 0), 128);
  it.add_address(sockaddr4(kLocalhost), 8);
  it.add(ethernet);
  it.add_address(sockaddr4(kInet), 0);
  it.add_address(sockaddr6(kLinkLocal, 12), 64);
  it.add_address(sockaddr4(kInet), 255);
  it.add_address(sockaddr4(kInet), 32);
  it.add(ipv6_only);
  it.add_address(sockaddr6(kLinkLocal, 5), 64);
  it.add(unplugged);
  return it;
}

const char kMachine[] =
    "[1 Loopback Pseudo-Interface 1 type 24 - ::1/128 127.0.0.1/8]"
    "[12 Ethernet type 6 52:54:00:12:34:56 192.0.2.7/0 fe80::1%12/64 192.0.2.7 192.0.2.7/32]"
    "[5  type 131 01:01:01:01:01:01:01:01 fe80::1%5/64]"
    "[4294967295  type 6 52:54:00:12:34:56]";

class WindowsAdapters : public ::testing::TestWithParam<size_t> {};

TEST_P(WindowsAdapters, AreReadInEitherWidth) { EXPECT_EQ(Walk(Machine(GetParam()).bytes, GetParam()), kMachine); }

TEST_P(WindowsAdapters, TheBufferMayBeLarger) {
  EXPECT_EQ(Walk(Machine(GetParam()).bytes + std::string(4096, '\xee'), GetParam()), kMachine);
}

// Wherever the answer ends, nothing behind it is read, and what is told before is right.
TEST_P(WindowsAdapters, Truncated) {
  const std::string whole = Machine(GetParam()).bytes;
  for (size_t len = 0; len < whole.size(); len++) {
    const std::string cut = whole.substr(0, len);
    const std::string got = Walk(std::string(cut.data(), cut.size()), GetParam());
    EXPECT_NE(got.find("bad at"), std::string::npos) << len << ": " << got;
  }
}

TEST_P(WindowsAdapters, Bad) {
  const size_t pointer = GetParam();
  const size_t rest = 8 + 9 * pointer;
  const std::string good = " type 6 52:54:00:12:34:56";
  struct Row {
    const char *origin;
    AdapterBytes it;
    std::string expected;
  };
  std::vector<Row> rows;
  const auto make = [&](const char *origin) -> AdapterBytes & {
    AdapterBytes it(kBase, pointer);
    it.add({});
    it.add_address(sockaddr4(kInet), 24);
    AdapterBytes::Adapter second;
    second.index = 2, second.name = "eth1";
    it.add(second);
    rows.push_back({origin, it, ""});
    return rows.back().it;
  };
  const std::string second = "[2 eth1" + good + "]", inet = " 192.0.2.7/24]";
  const size_t first_address = rest + 32 + 10;
  rows.reserve(32);

  make("as it should be");
  rows.back().expected = "[1 eth0" + good + inet + second;
  make("shorter than any Windows has it").set(0, rest + 31, 4);
  rows.back().expected = "[bad at 0: an adapter in the block]";
  make("longer than the block").set(0, 0x10000, 4);
  rows.back().expected = "[bad at 0: an adapter in the block]";
  make("the next one outside of the block").set(8, 0x1000, pointer);
  rows.back().expected = "[1 eth0" + good + inet + "[bad at 0: an adapter in the block]";
  make("the next one ends outside of the block").set(8, kBase + 300, pointer);
  rows.back().expected = "[1 eth0" + good + inet + "[bad at 0: an adapter in the block]";
  make("a name outside of the block").set(8 + 8 * pointer, kBase - 2, pointer);
  rows.back().expected = "[bad at 0: a name that ends in the block]" + second;
  make("a hardware address that is too long").set(rest + 8, 9, 4);
  rows.back().expected = "[bad at 0: a hardware address of at most 8 bytes]" + second;
  make("addresses outside of the block").set(8 + 2 * pointer, 0x1000, pointer);
  rows.back().expected = "[1 eth0" + good + " bad at 0: an address in the block]" + second;
  make("an address that is too short").set(first_address, 8 + 3 * pointer + 24, 4);
  rows.back().expected = "[1 eth0" + good + " bad at 0: an address in the block]" + second;
  const std::string at_first = " bad at " + std::to_string(first_address) + ": ";
  make("a socket address outside of the block").set(first_address + 8 + pointer, kBase - 1, pointer);
  rows.back().expected = "[1 eth0" + good + at_first + "an IPv4 or IPv6 address in the block]" + second;
  make("a socket address longer than the block").set(first_address + 8 + 2 * pointer, 0x10000, 4);
  rows.back().expected = "[1 eth0" + good + at_first + "an IPv4 or IPv6 address in the block]" + second;
  make("a socket address that is too short").set(first_address + 8 + 2 * pointer, 15, 4);
  rows.back().expected = "[1 eth0" + good + at_first + "an IPv4 or IPv6 address in the block]" + second;
  make("another family").set(first_address + 8 + 3 * pointer + 32, 6, 2);
  rows.back().expected = "[1 eth0" + good + at_first + "an IPv4 or IPv6 address in the block]" + second;
  make("IPv6 in the room of IPv4").set(first_address + 8 + 3 * pointer + 32, 23, 2);
  rows.back().expected = "[1 eth0" + good + at_first + "an IPv4 or IPv6 address in the block]" + second;
  make("a prefix longer than IPv4").set(first_address + 8 + 3 * pointer + 24, 33, 1);
  rows.back().expected = "[1 eth0" + good + at_first + "a prefix no longer than an address]" + second;
  AdapterBytes garbage(kBase, pointer);
  garbage.bytes = std::string(1000, '\xff');
  rows.push_back({"garbage", garbage, "[bad at 0: an adapter in the block]"});
  garbage.bytes = "";
  rows.push_back({"empty", garbage, "[bad at 0: an adapter in the block]"});
  for (const Row &row : rows) EXPECT_EQ(Walk(row.it.bytes, pointer), row.expected) << row.origin;
}

TEST_P(WindowsAdapters, ANameWithoutEndIsNotSearchedForever) {
  AdapterBytes it(kBase, GetParam());
  AdapterBytes::Adapter adapter;
  adapter.name = std::string(4095, 'x');
  it.add(adapter);
  EXPECT_NE(Walk(it.bytes, GetParam()).find("[1 xxx"), std::string::npos);
  AdapterBytes longer(kBase, GetParam());
  adapter.name += "x";
  longer.add(adapter);
  EXPECT_EQ(Walk(longer.bytes, GetParam()), "[bad at 0: a name that ends in the block]");
}

// Chains that lead back to themselves end, after no more rows than the block has room for.
TEST_P(WindowsAdapters, CyclesEnd) {
  const size_t pointer = GetParam();
  AdapterBytes it = Machine(pointer);
  it.set(8, kBase, pointer);
  size_t num_rows = 0;
  std::string got = Walk(it.bytes, pointer, &num_rows);
  EXPECT_NE(got.find("bad at 0: an end of the adapters]"), std::string::npos) << got;
  EXPECT_LE(num_rows, it.bytes.size() / 20);

  AdapterBytes addresses(kBase, pointer);
  addresses.add({});
  const size_t at = addresses.add_address(sockaddr4(kInet), 24);
  addresses.set(at + 8, kBase + at, pointer);
  num_rows = 0;
  got = Walk(addresses.bytes, pointer, &num_rows);
  EXPECT_NE(got.find(" bad at " + std::to_string(at) + ": an end of the addresses]"), std::string::npos) << got;
  EXPECT_LE(num_rows, addresses.bytes.size() / 20);
}

INSTANTIATE_TEST_SUITE_P(PointerSize, WindowsAdapters, ::testing::Values(size_t{4}, size_t{8}));

}  // namespace
