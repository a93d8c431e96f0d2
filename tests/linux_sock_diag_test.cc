// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_sock_diag.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;

constexpr uint8_t kUnix = 1, kInet = 2, kInet6 = 10;

std::string Port(unsigned port) { return {static_cast<char>(port >> 8), static_cast<char>(port & 255)}; }

// struct inet_diag_msg.
struct Inet {
  uint8_t family = kInet, state = 1, timer = 0, retransmits = 0;
  unsigned source_port = 8080, destination_port = 80;
  std::string source = std::string("\x7f\0\0\1", 4), destination = std::string("\xc0\0\2\1", 4);
  uint32_t interface = 0, recv_queue = 0, send_queue = 0, uid = 0, inode = 0;

  std::string bytes() const {
    std::string from = source, to = destination;
    from.resize(16), to.resize(16);
    return std::string({static_cast<char>(family), static_cast<char>(state), static_cast<char>(timer),
                        static_cast<char>(retransmits)}) +
           Port(source_port) + Port(destination_port) + from + to + bytes_of(interface) + bytes_of(uint64_t{4711}) +
           bytes_of(uint32_t{99}) + bytes_of(recv_queue) + bytes_of(send_queue) + bytes_of(uid) + bytes_of(inode);
  }
};

// struct unix_diag_msg.
std::string Unix(uint8_t type, uint8_t state, uint32_t inode, uint8_t family = kUnix) {
  return std::string({static_cast<char>(family), static_cast<char>(type), static_cast<char>(state), 0}) +
         bytes_of(inode) + bytes_of(uint64_t{4711});
}

std::string Words(std::initializer_list<uint32_t> words) {
  std::string all;
  for (const uint32_t word : words) all += bytes_of(word);
  return all;
}

template <typename T, typename Parse>
bool Parsed(T *out, const std::string &bytes, Parse parse, std::string *failure) {
  T before;
  memset(out, 0xa5, sizeof *out);
  memcpy(&before, out, sizeof before);
  sondei_parse_error err = {0, nullptr};
  if (parse(out, &err, sondei_span_of(bytes.data(), bytes.size())) == SONDE_OK) return true;
  EXPECT_EQ(memcmp(out, &before, sizeof before), 0) << "out was touched";
  *failure = "bad at " + std::to_string(err.position) + ": " + err.expected;
  return false;
}

std::string Address(const sonde_address &address) {
  char text[SONDE_ADDRESS_TEXT_MAX];
  sonde_address_format(text, sizeof text, &address);
  return text;
}

std::string InetOf(const std::string &bytes) {
  struct sondei_linux_inet_diag s;
  std::string failure;
  if (!Parsed(&s, bytes, sondei_linux_parse_inet_diag, &failure)) return failure;
  std::string all = Address(s.local) + " " + Address(s.remote) + " state " + std::to_string(s.state) + " re " +
                    std::to_string(s.retransmits) + " if " + std::to_string(s.interface_index) + " q " +
                    std::to_string(s.recv_queue) + "/" + std::to_string(s.send_queue) + " uid " +
                    std::to_string(s.uid) + " #" + std::to_string(s.inode);
  if (s.has_drops) all += " drops " + std::to_string(s.drops);
  if (s.tcp_info.len > 0) all += " info of " + std::to_string(s.tcp_info.len);
  return all;
}

TEST(LinuxSockDiag, Inet) {
  const std::string rest = " state 1 re 0 if 0 q 0/0 uid 0 #0", v4 = "127.0.0.1:8080 192.0.2.1:80";
  Inet listener, retransmits, probes, largest, v6, mapped, link_local, raw, none;
  listener.state = 10, listener.destination = std::string(4, '\0'), listener.destination_port = 0;
  listener.recv_queue = 3, listener.send_queue = 128, listener.uid = 1000, listener.inode = 11;
  retransmits.timer = 1, retransmits.retransmits = 5, retransmits.interface = 2;
  probes.timer = 4, probes.retransmits = 5;
  largest.state = 255, largest.timer = 1, largest.retransmits = 255, largest.interface = UINT32_MAX;
  largest.recv_queue = largest.send_queue = largest.uid = largest.inode = UINT32_MAX;
  largest.source_port = largest.destination_port = 65535;
  v6.family = mapped.family = link_local.family = kInet6;
  v6.source = v6.destination = std::string("\x20\x01\x0d\xb8", 4) + std::string(11, '\0') + "\1";
  mapped.source = mapped.destination = std::string(10, '\0') + "\xff\xff" + std::string("\x7f\0\0\1", 4);
  link_local.source = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\1", link_local.destination = v6.source;
  link_local.interface = 3;
  none.family = kUnix;
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"established", Inet().bytes(), v4 + rest},
      {"a listener: 3 wait, 128 may", listener.bytes(),
       "127.0.0.1:8080 0.0.0.0 state 10 re 0 if 0 q 3/128 uid 1000 #11"},
      {"retransmits, bound to an interface", retransmits.bytes(), v4 + " state 1 re 5 if 2 q 0/0 uid 0 #0"},
      {"probes of a closed window are no retransmits", probes.bytes(), v4 + rest},
      {"the largest numbers", largest.bytes(),
       "127.0.0.1:65535 192.0.2.1:65535 state 255 re 255 if 4294967295 q 4294967295/4294967295 uid 4294967295 "
       "#4294967295"},
      {"IPv6", v6.bytes(), "[2001:db8::1]:8080 [2001:db8::1]:80" + rest},
      {"IPv4 in IPv6 stays IPv6", mapped.bytes(), "[::ffff:127.0.0.1]:8080 [::ffff:127.0.0.1]:80" + rest},
      {"a link-local end knows its interface", link_local.bytes(),
       "[fe80::1%3]:8080 [2001:db8::1]:80 state 1 re 0 if 3 q 0/0 uid 0 #0"},
      {"drops of UDP", Inet().bytes() + attribute(7, Words({1, 2, 3, 4, 5, 6, 7, 8, 9})), v4 + rest + " drops 9"},
      {"before Linux 4.7: no drops", Inet().bytes() + attribute(7, Words({1, 2, 3, 4, 5, 6, 7, 8})), v4 + rest},
      {"twice: the last counts",
       Inet().bytes() + attribute(7, Words({1, 2, 3, 4, 5, 6, 7, 8, 9})) + attribute(7, Words({1})), v4 + rest},
      {"tcp_info between others that are not known",
       Inet().bytes() + attribute(8, "x") + attribute(0x8000 | 2, std::string(104, 'x')) + attribute(4711, ""),
       v4 + rest + " info of 104"},
      {"the padding behind the last attribute is missing",
       Inet().bytes() + bytes_of(uint16_t{5}) + bytes_of(uint16_t{8}) + "x", v4 + rest},
      {"another family", none.bytes(), "bad at 0: a family of addresses"},
      {"an attribute longer than the message", Inet().bytes() + bytes_of(uint16_t{100}) + bytes_of(uint16_t{2}),
       "bad at 72: a netlink attribute"},
      {"an attribute shorter than its header",
       Inet().bytes() + attribute(8, "x") + bytes_of(uint16_t{3}) + bytes_of(uint16_t{2}),
       "bad at 80: a netlink attribute"},
      {"an attribute of length 0", Inet().bytes() + std::string(4, '\0'), "bad at 72: a netlink attribute"},
      {"garbage", std::string(100, '\xff'), "bad at 0: a family of addresses"},
      {"truncated", Inet().bytes().substr(0, 71), "bad at 0: a socket"},
      {"empty", "", "bad at 0: a socket"},
  };
  for (const auto &row : rows) EXPECT_EQ(InetOf(row.bytes), row.expected) << row.origin;
}

std::string InfoOf(const std::string &bytes) {
  sonde_tcp_info i;
  std::string failure;
  if (!Parsed(&i, bytes, sondei_linux_parse_tcp_info, &failure)) return failure;
  std::string all;
  for (const uint64_t value : {i.valid, i.rtt, i.rttvar, i.retransmits, i.lost, i.snd_cwnd, i.snd_mss, i.rcv_mss,
                               i.bytes_acked, i.bytes_received, i.delivery_rate}) {
    all += std::to_string(value) + " ";
  }
  return all;
}

TEST(LinuxSockDiag, TcpInfo) {
  std::string info(8, '\xee');  // states and options
  for (uint32_t i = 2; i < 26; i++) info += bytes_of(i);
  for (uint64_t i = 100; i < 108; i++) info += bytes_of(i << 32);
  ASSERT_EQ(info.size(), 168u);
  const std::string old = "17000 18000 25 8 20 4 5 ";
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"Linux 2.6", info.substr(0, 104), "0 " + old + "0 0 0 "},
      {"Linux 4.0", info.substr(0, 120), "0 " + old + "0 0 0 "},
      {"one of the two counts of bytes", info.substr(0, 128), "0 " + old + "0 0 0 "},
      {"Linux 4.1", info.substr(0, 136), "1 " + old + "438086664192 442381631488 0 "},
      {"Linux 4.9", info, "3 " + old + "438086664192 442381631488 459561500672 "},
      {"a newer kernel", info + std::string(100, 'x'), "3 " + old + "438086664192 442381631488 459561500672 "},
      {"the largest numbers", std::string(168, '\xff'),
       "3 4294967295000 4294967295000 4294967295 4294967295 4294967295 4294967295 4294967295 18446744073709551615 "
       "18446744073709551615 18446744073709551615 "},
      {"truncated", info.substr(0, 103), "bad at 0: what TCP knows of a connection"},
      {"empty", "", "bad at 0: what TCP knows of a connection"},
  };
  for (const auto &row : rows) EXPECT_EQ(InfoOf(row.bytes), row.expected) << row.origin;
}

std::string UnixOf(const std::string &bytes) {
  struct sondei_linux_unix_diag s;
  std::string failure;
  if (!Parsed(&s, bytes, sondei_linux_parse_unix_diag, &failure)) return failure;
  std::string all =
      "type " + std::to_string(s.type) + " state " + std::to_string(s.state) + " #" + std::to_string(s.inode) + " '";
  for (const char c : std::string(s.name.data, s.name.len)) all += c == '\0' ? std::string("\\0") : std::string(1, c);
  all += "'";
  if (s.peer != 0) all += " peer " + std::to_string(s.peer);
  if (s.has_queues) all += " q " + std::to_string(s.recv_queue) + "/" + std::to_string(s.send_queue);
  if (s.has_uid) all += " uid " + std::to_string(s.uid);
  return all;
}

TEST(LinuxSockDiag, Unix) {
  const std::string stream = Unix(1, 1, 12), plain = "type 1 state 1 #12 ";
  const std::string longest(108, 'x');
  const struct {
    const char *origin;
    std::string bytes, expected;
  } rows[] = {
      {"not bound", stream, plain + "''"},
      {"all that is asked for",
       Unix(5, 10, 7) + attribute(0, std::string("/run/x\0", 7)) + attribute(2, Words({13})) +
           attribute(4, Words({1, 5})) + attribute(7, Words({1000})) + attribute(6, "x"),
       "type 5 state 10 #7 '/run/x' peer 13 q 1/5 uid 1000"},
      {"a path of 108 bytes, and its NUL", stream + attribute(0, longest + std::string(1, '\0')),
       plain + "'" + longest + "'"},
      {"a path without its NUL", stream + attribute(0, longest), plain + "'" + longest + "'"},
      {"a path that reads as rows", stream + attribute(0, std::string("/a b\n0000: 1\n\x1b\0", 15)),
       plain + "'/a b\n0000: 1\n\x1b'"},
      {"abstract: NULs inside and at its end", stream + attribute(0, std::string("\0a\0@\0", 5)),
       plain + "'\\0a\\0@\\0'"},
      {"abstract: nothing but the NUL", stream + attribute(0, std::string(1, '\0')), plain + "'\\0'"},
      {"a relative path", stream + attribute(0, std::string("@x\0", 3)), plain + "'@x'"},
      {"a name of no bytes", stream + attribute(0, ""), plain + "''"},
      {"the peer is held by no process", stream + attribute(2, Words({0})), plain + "''"},
      {"attributes that are not known", stream + attribute(4711, "abc") + attribute(1, Words({1, 2})), plain + "''"},
      {"a peer of three bytes", stream + attribute(0, "x") + attribute(2, "abc"), "bad at 24: a number"},
      {"one queue", stream + attribute(4, Words({1})), "bad at 16: a number"},
      {"a uid of no bytes", stream + attribute(7, ""), "bad at 16: a number"},
      {"another family", Unix(1, 1, 12, kInet), "bad at 0: the family of unix sockets"},
      {"an attribute longer than the message", stream + bytes_of(uint16_t{9}) + bytes_of(uint16_t{0}) + "abcd",
       "bad at 16: a netlink attribute"},
      {"garbage", std::string(40, '\xff'), "bad at 0: the family of unix sockets"},
      {"truncated", stream.substr(0, 15), "bad at 0: a unix socket"},
      {"empty", "", "bad at 0: a unix socket"},
  };
  for (const auto &row : rows) EXPECT_EQ(UnixOf(row.bytes), row.expected) << row.origin;
}

}  // namespace
