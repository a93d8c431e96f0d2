// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/windows_socket_table.h"
}

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace {

std::string Number(uint64_t value) {
  std::string out;
  for (size_t i = 0; i < 4; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

// As it lies in the low half of a DWORD; the high half may hold anything.
std::string Port(unsigned port) {
  return {static_cast<char>(port >> 8), static_cast<char>(port & 255), '\xee', '\xee'};
}

const std::string kLocalhost("\x7f\0\0\1", 4), kAny(4, '\0'), kPeer("\xc0\0\2\1", 4);
const std::string kAny6(16, '\0'), kLocalhost6 = std::string(15, '\0') + "\1";
const std::string kLinkLocal = std::string("\xfe\x80", 2) + std::string(13, '\0') + "\2";
const std::string kSiteLocal = std::string("\xfe\xc0", 2) + std::string(13, '\0') + "\2";
const std::string kMapped = std::string(10, '\0') + "\xff\xff" + kLocalhost;

std::string Tcp(uint32_t state, const std::string &local, unsigned port, const std::string &remote,
                unsigned remote_port, uint32_t pid) {
  return Number(state) + local + Port(port) + remote + Port(remote_port) + Number(pid);
}

std::string Tcp6(uint32_t state, const std::string &local, uint32_t scope, unsigned port, const std::string &remote,
                 uint32_t remote_scope, unsigned remote_port, uint32_t pid) {
  return local + Number(scope) + Port(port) + remote + Number(remote_scope) + Port(remote_port) + Number(state) +
         Number(pid);
}

std::string Udp(const std::string &local, unsigned port, uint32_t pid) { return local + Port(port) + Number(pid); }

std::string Udp6(const std::string &local, uint32_t scope, unsigned port, uint32_t pid) {
  return local + Number(scope) + Port(port) + Number(pid);
}

std::string Address(const sonde_address &address) {
  char text[SONDE_ADDRESS_TEXT_MAX];
  return sonde_address_format(text, sizeof text, &address) > 0 ? text : "-";
}

std::string Table(enum sondei_windows_socket_kind kind, const std::string &bytes) {
  sondei_windows_socket_table table, before;
  sondei_windows_socket socket;
  sondei_parse_error err = {0, nullptr};
  memset(&table, 0xa5, sizeof table);
  memcpy(&before, &table, sizeof table);
  if (sondei_windows_parse_socket_table(&table, &err, kind, sondei_span_of(bytes.data(), bytes.size())) != SONDE_OK) {
    EXPECT_EQ(memcmp(&before, &table, sizeof table), 0) << "out was touched";
    return "bad at " + std::to_string(err.position) + ": " + err.expected;
  }
  std::string all;
  while (sondei_windows_next_socket(&socket, &table)) {
    all += "[" + Address(socket.local) + " " + Address(socket.remote) + " " + std::to_string(socket.state) + " of " +
           std::to_string(socket.pid) + "]";
  }
  return all;
}

TEST(WindowsSocketTable, Tables) {
  const std::string listener = Tcp(2, kAny, 80, kPeer, 4711, 4), pair = Tcp(5, kLocalhost, 65535, kPeer, 1, UINT32_MAX);
  const struct {
    const char *origin;
    enum sondei_windows_socket_kind kind;
    std::string bytes, expected;
  } rows[] = {
      {"none", SONDEI_WINDOWS_TCP4, Number(0), ""},
      {"a listener, whose remote end means nothing, and a connection", SONDEI_WINDOWS_TCP4, Number(2) + listener + pair,
       "[0.0.0.0:80 - 10 of 4][127.0.0.1:65535 192.0.2.1:1 1 of 4294967295]"},
      {"what follows the rows is not theirs", SONDEI_WINDOWS_TCP4, Number(1) + listener + pair,
       "[0.0.0.0:80 - 10 of 4]"},
      {"bound, and not yet connected", SONDEI_WINDOWS_TCP4, Number(1) + Tcp(1, kLocalhost, 80, kAny, 0, 4),
       "[127.0.0.1:80 - 7 of 4]"},
      {"TIME_WAIT belongs to nobody", SONDEI_WINDOWS_TCP4, Number(1) + Tcp(11, kLocalhost, 80, kLocalhost, 81, 0),
       "[127.0.0.1:80 127.0.0.1:81 6 of 0]"},
      {"IPv6: a listener", SONDEI_WINDOWS_TCP6, Number(1) + Tcp6(2, kAny6, 0, 443, kAny6, 0, 0, 5),
       "[[::]:443 - 10 of 5]"},
      {"IPv6: link-local ends know their interface, others have none", SONDEI_WINDOWS_TCP6,
       Number(3) + Tcp6(5, kLinkLocal, 3, 443, kLinkLocal, 4, 65535, 5) +
           Tcp6(5, kLocalhost6, 0x1000, 1, kMapped, 7, 2, 6) + Tcp6(5, kSiteLocal, 9, 1, kSiteLocal, 9, 2, 7),
       "[[fe80::2%3]:443 [fe80::2%4]:65535 1 of 5][[::1]:1 [::ffff:127.0.0.1]:2 1 of 6]"
       "[[fec0::2]:1 [fec0::2]:2 1 of 7]"},
      {"UDP", SONDEI_WINDOWS_UDP4, Number(2) + Udp(kAny, 53, 6) + Udp(kLocalhost, 0, 7),
       "[0.0.0.0:53 - 0 of 6][127.0.0.1 - 0 of 7]"},
      {"UDP, IPv6", SONDEI_WINDOWS_UDP6, Number(2) + Udp6(kAny6, 0, 53, 6) + Udp6(kLinkLocal, 3, 546, 7),
       "[[::]:53 - 0 of 6][[fe80::2%3]:546 - 0 of 7]"},
      {"more rows than there are", SONDEI_WINDOWS_TCP4, Number(3) + listener + pair,
       "bad at 0: as many sockets as the table counts"},
      {"a number of rows whose size would overflow 32 bits", SONDEI_WINDOWS_TCP6, Number(0x4924925) + pair,
       "bad at 0: as many sockets as the table counts"},
      {"garbage", SONDEI_WINDOWS_UDP6, std::string(100, '\xff'), "bad at 0: as many sockets as the table counts"},
      {"truncated", SONDEI_WINDOWS_UDP4, (Number(1) + Udp(kAny, 53, 6)).substr(0, 15),
       "bad at 0: as many sockets as the table counts"},
      {"shorter than the count", SONDEI_WINDOWS_UDP4, std::string(3, '\0'), "bad at 0: a table of sockets"},
      {"empty", SONDEI_WINDOWS_UDP6, "", "bad at 0: a table of sockets"},
  };
  for (const auto &row : rows) EXPECT_EQ(Table(row.kind, row.bytes), row.expected) << row.origin;
}

TEST(WindowsSocketTable, States) {
  const struct {
    uint32_t number;
    sonde_connection_state state;
  } rows[] = {
      {1, SONDE_STATE_CLOSE},       {2, SONDE_STATE_LISTEN},
      {3, SONDE_STATE_SYN_SENT},    {4, SONDE_STATE_SYN_RECV},
      {5, SONDE_STATE_ESTABLISHED}, {6, SONDE_STATE_FIN_WAIT1},
      {7, SONDE_STATE_FIN_WAIT2},   {8, SONDE_STATE_CLOSE_WAIT},
      {9, SONDE_STATE_CLOSING},     {10, SONDE_STATE_LAST_ACK},
      {11, SONDE_STATE_TIME_WAIT},  {12, SONDE_STATE_DELETE_TCB},
      {0, SONDE_STATE_UNKNOWN},     {13, SONDE_STATE_UNKNOWN},
      {100, SONDE_STATE_UNKNOWN},   {UINT32_MAX, SONDE_STATE_UNKNOWN},
  };
  for (const auto &row : rows) {
    const std::string tcp = Number(1) + Tcp(row.number, kLocalhost, 1, kLocalhost, 2, 3);
    const std::string tcp6 = Number(1) + Tcp6(row.number, kLocalhost6, 0, 1, kLocalhost6, 0, 2, 3);
    const std::string state = " " + std::to_string(row.state) + " of 3]";
    EXPECT_NE(Table(SONDEI_WINDOWS_TCP4, tcp).find(state), std::string::npos) << row.number;
    EXPECT_NE(Table(SONDEI_WINDOWS_TCP6, tcp6).find(state), std::string::npos) << row.number;
  }
}

}  // namespace
