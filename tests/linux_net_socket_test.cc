// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_net_socket.h"
}

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <string>

namespace {

std::string Text(const sonde_address &address) {
  if (address.family == SONDE_FAMILY_NONE) return "-";
  std::string all = address.family == SONDE_FAMILY_INET ? "v4" : "v6";
  for (int i = 0; i < address.len; i++) all += "." + std::to_string(address.bytes[i]);
  return all + ":" + std::to_string(address.port);
}

std::string Parse(const std::string &text) {
  std::string all;
  sondei_span in = sondei_span_of(text.data(), text.size());
  struct sondei_linux_net_socket s;
  sondei_parse_error err;
  while (sondei_linux_next_net_socket(&s, &err, &in, sondei_host_byte_order())) {
    if (err.expected != nullptr) {
      all += "bad at " + std::to_string(err.position) + ": " + err.expected + "\n";
      EXPECT_EQ(s.local.family, SONDE_FAMILY_NONE);
      continue;
    }
    EXPECT_TRUE(s.has_last || s.last == 0);
    all += Text(s.local) + " " + Text(s.remote) + " st" + std::to_string(s.state) + " tx" +
           std::to_string(s.send_queue) + " rx" + std::to_string(s.recv_queue) + " re" + std::to_string(s.retransmits) +
           " uid" + std::to_string(s.uid) + " #" + std::to_string(s.inode) +
           (s.has_last ? " last" + std::to_string(s.last) : "") + "\n";
  }
  EXPECT_EQ(in.len, 0u);
  EXPECT_EQ(err.expected, nullptr);
  return all;
}

// An address as this machine's kernel prints it: each word in its own byte order.
std::string Kernel(const std::string &bytes) {
  static const char digits[] = "0123456789ABCDEF";
  std::string all;
  for (size_t at = 0; at < bytes.size(); at += 4) {
    uint32_t word;
    memcpy(&word, bytes.data() + at, sizeof word);
    for (int shift = 28; shift >= 0; shift -= 4) all += digits[(word >> shift) & 15];
  }
  return all;
}

struct Row {
  const char *origin;
  std::string text;
  std::string expected;
};

TEST(LinuxNetSocket, Table) {
  const std::string heading =
      "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
  const std::string lo = Kernel(std::string("\x7f\0\0\1", 4)), any = Kernel(std::string(4, '\0'));
  const std::string mapped = Kernel(std::string(10, '\0') + "\xff\xff" + std::string("\x7f\0\0\1", 4));
  const std::string any6 = Kernel(std::string(16, '\0'));
  const std::string tail =
      " 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0\n";
  const Row rows[] = {
      {"a listener", heading + "   0: " + lo + ":1F90 " + any + ":0000 0A" + tail,
       "v4.127.0.0.1:8080 v4.0.0.0.0:0 st10 tx0 rx0 re0 uid1000 #12345 last100\n"},
      {"TIME_WAIT has no inode",
       " 1: " + lo + ":1F90 " + lo + ":A0C2 06 00000000:00000000 03:000017A1 00000000 0 0 0 3 0000\n",
       "v4.127.0.0.1:8080 v4.127.0.0.1:41154 st6 tx0 rx0 re0 uid0 #0\n"},
      {"UDP with drops",
       " 420: " + lo + ":0035 " + any + ":0000 07 0000000A:00000300 00:00000000 00000000 101 0 20912 2 0000 7\n",
       "v4.127.0.0.1:53 v4.0.0.0.0:0 st7 tx10 rx768 re0 uid101 #20912 last7\n"},
      {"IPv4 within IPv6 stays IPv6: psutil #623", " 0: " + mapped + ":0016 " + any6 + ":0000 0A" + tail,
       "v6.0.0.0.0.0.0.0.0.0.0.255.255.127.0.0.1:22 v6.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0:0 st10 tx0 rx0 re0 uid1000 "
       "#12345 last100\n"},
      {"a state outside the table: psutil loses the call", " 0: " + lo + ":0001 " + lo + ":0002 0D" + tail,
       "v4.127.0.0.1:1 v4.127.0.0.1:2 st13 tx0 rx0 re0 uid1000 #12345 last100\n"},
      {"no further columns", " 0: " + lo + ":0001 " + lo + ":0002 01 0:0 0:0 3 0 0 9",
       "v4.127.0.0.1:1 v4.127.0.0.1:2 st1 tx0 rx0 re3 uid0 #9\n"},
      {"a cut row between good ones: psutil loses the call",
       " 0: " + lo + ":0001 " + lo + ":0002 01 0:0 0:0 0 0 0 9\n 1: " + lo + ":00\n 2: " + lo + ":0001 " + lo +
           ":0002 01 0:0 0:0 0 0 0 8\n",
       "v4.127.0.0.1:1 v4.127.0.0.1:2 st1 tx0 rx0 re0 uid0 #9\nbad at 15: a remote address and port\n"
       "v4.127.0.0.1:1 v4.127.0.0.1:2 st1 tx0 rx0 re0 uid0 #8\n"},
      {"short hexadecimal: psutil loses the call", " 0: 0100007:1F90 0100007F:0000 0A" + tail,
       "bad at 16: a local address and port\n"},
      {"a port over 16 bits", " 0: 0100007F:10000 0100007F:0000 0A" + tail, "bad at 18: a local address and port\n"},
      {"no digits in an address", " 0: 0100007G:1F90 0100007F:0000 0A" + tail, "bad at 17: a local address and port\n"},
      {"a uid over 32 bits", " 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 0 4294967296 0 9\n", "bad at 55: a uid\n"},
      {"an odd word in each column",
       " x 0100007F:0001 0100007F:0002 01 0:0 0:0 0 0 0 9\n 0: 0100007F:1x 0100007F:0002 01 0:0 0:0 0 0 0 9\n"
       " 0: 0100007F:0001 0100007F: 01 0:0 0:0 0 0 0 9\n 0: 0100007F:0001 0100007F:0002 1x 0:0 0:0 0 0 0 9\n"
       " 0: 0100007F:0001 0100007F:0002 01 0:0x 0:0 0 0 0 9\n 0: 0100007F:0001 0100007F:0002 01 0:0 0 0 0 0 9\n"
       " 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 g 0 0 9\n 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 0 1x 0 9\n"
       " 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 0 0\n 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 0 0 0 x\n",
       "bad at 2: a number and a colon\nbad at 15: a local address and port\nbad at 27: a remote address and port\n"
       "bad at 34: a state\nbad at 39: two queues\nbad at 40: a timer\nbad at 44: retransmits\nbad at 47: a uid\n"
       "bad at 46: a timeout\nbad at 50: an inode\n"},
      {"drops that are no number", " 1: 00000000:0001 00000000:0002 07 0:0 0:0 0 0 0 9 2 0 7x\n",
       "v4.0.0.0.0:1 v4.0.0.0.0:2 st7 tx0 rx0 re0 uid0 #9\n"},
      {"an inode over 64 bits", " 0: 0100007F:0001 0100007F:0002 01 0:0 0:0 0 0 0 18446744073709551616\n",
       "bad at 69: an inode\n"},
      {"blank lines and the heading are no rows", "\n" + heading + " \n", ""},
      {"garbage", std::string("\xff\x00\x01", 3), "bad at 3: a number and a colon\n"},
      {"truncated", " 0", "bad at 2: a number and a colon\n"},
      {"empty", "", ""},
  };
  for (const Row &row : rows) EXPECT_EQ(Parse(row.text), row.expected) << row.origin;
}

// The same sockets as machines of either order print them: 192.0.2.1:443 and 2001:db8::1.
TEST(LinuxNetSocket, ByteOrders) {
  const struct {
    const char *origin;
    sondei_byte_order order;
    const char *text;
  } rows[] = {
      {"x86, arm, riscv, ppc64le", SONDEI_LITTLE_ENDIAN,
       " 0: 010200C0:01BB B80D0120000000000000000001000000:0001 01 0:0 0:0 0 0 0 9\n"},
      {"s390x, sparc, ppc64, mips: nerdctl PR #5100", SONDEI_BIG_ENDIAN,
       " 0: C0000201:01BB 20010DB8000000000000000000000001:0001 01 0:0 0:0 0 0 0 9\n"},
  };
  for (const auto &row : rows) {
    sondei_span in = sondei_span_text(row.text);
    struct sondei_linux_net_socket socket;
    sondei_parse_error err;
    ASSERT_TRUE(sondei_linux_next_net_socket(&socket, &err, &in, row.order)) << row.origin;
    EXPECT_EQ(Text(socket.local), "v4.192.0.2.1:443") << row.origin;
    EXPECT_EQ(Text(socket.remote), "v6.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.1:1") << row.origin;
  }
}

TEST(LinuxNetSocket, OutIsUntouchedAtTheEnd) {
  struct sondei_linux_net_socket socket = {};
  socket.inode = 4711;
  sondei_parse_error err;
  sondei_span in = sondei_span_text("  sl  local_address\n");
  EXPECT_FALSE(sondei_linux_next_net_socket(&socket, &err, &in, sondei_host_byte_order()));
  EXPECT_EQ(socket.inode, 4711u);
}

}  // namespace
