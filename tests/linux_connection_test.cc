// SPDX-License-Identifier: MIT
#include <arpa/inet.h>
#include <errno.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sonde/sonde.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

std::string Text(const sonde_address &address) {
  char buffer[SONDE_ADDRESS_TEXT_MAX] = "-";
  if (address.family != SONDE_FAMILY_NONE) sonde_address_format(buffer, sizeof buffer, &address);
  return buffer;
}

std::string Describe(const sonde_connection &row) {
  std::string all = "family" + std::to_string(row.family) + " type" + std::to_string(row.type) + " state" +
                    std::to_string(row.state) + " " + Text(row.laddr) + " " + Text(row.raddr);
  if (row.status != SONDE_OK) return all + " " + sonde_status_name(row.status);
  for (const char c : text(row.lpath)) all += c == '\0' ? std::string("\\0") : std::string(1, c);
  if (row.valid & SONDE_CONNECTION_VALID_INODE) all += " #" + std::to_string(row.inode);
  if (row.valid & SONDE_CONNECTION_VALID_UID) all += " uid" + std::to_string(row.uid);
  if (row.valid & SONDE_CONNECTION_VALID_QUEUES) {
    all += " q" + std::to_string(row.recv_queue) + "/" + std::to_string(row.send_queue);
  }
  if (row.valid & SONDE_CONNECTION_VALID_RETRANSMITS) all += " re" + std::to_string(row.retransmits);
  if (row.valid & SONDE_CONNECTION_VALID_DROPS) all += " drops" + std::to_string(row.drops);
  if (row.valid & SONDE_CONNECTION_VALID_OWNER)
    all += " pid" + std::to_string(row.pid) + " fd" + std::to_string(row.fd);
  EXPECT_EQ((row.valid & SONDE_CONNECTION_VALID_OWNER) == 0, row.pid == SONDE_PID_UNKNOWN && row.fd == -1);
  return all;
}

std::string Connections(sonde *context, uint32_t kinds) {
  List<sonde_connection_list> list;
  if (sonde_connection_list_get(context, &list, kinds) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_connection &row : list) all += Describe(row) + "\n";
  return all;
}

TEST(LinuxConnection, OfAMadeUpMachine) {
  Tree tree;
  const std::string heading = "  sl  local_address rem_address   st\n";
  /* Addresses that read alike in both byte orders. */
  tree.write("proc/net/tcp",
             heading +
                 "0: 01000001:1F90 00000000:0000 0A 00000000:00000002 00:00000000 00000000 1000 0 11 1 0 100 0 0 10 0\n"
                 "1: 01000001:1F90 02000002:0050 01 00000005:00000006 00:00000000 00000003 0 0 12 1 0 100 0 0 10 0\n"
                 "2: 01000001:1F90 02000002:0051 06 00000000:00000000 03:00000001 00000000 0 0 0 3 0\n"
                 "3: 01000001:1F90 02000002:0051 0C 00000000:00000000 03:00000001 00000000 0 0 13 3 0\n"
                 "4: 01000001:1F90\n"
                 "5: 01000001:1F90 02000002:0051 63 00000000:00000000 03:00000001 00000000 0 0 14 3 0\n");
  tree.write("proc/net/udp",
             heading + "0: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 15 2 0 9\n");
  tree.write("proc/net/unix",
             "Num\n00000000: 00000002 00000000 00010000 0001 01 16 /run/a b\nc\n"
             "00000000: 00000002 00000000 00010000 0001 01 17 @x@y\n");
  tree.write("proc/net/dev", "");
  tree.link("proc/42/fd/7", "socket:[11]").link("proc/42/fd/8", "/etc/passwd").link("proc/42/fd/9", "socket:[4711]");
  tree.link("proc/43/fd/3", "socket:[16]").link("proc/self/fd/1", "socket:[12]").write("proc/44/comm", "x\n");
  Context context(tree.options());
  const std::string tcp =
      "family1 type1 state10 1.0.0.1:8080 - #11 uid1000 re0%s\n"
      "family1 type1 state1 1.0.0.1:8080 2.0.0.2:80 #12 uid0 q6/5 re3\n"
      "family1 type1 state6 1.0.0.1:8080 2.0.0.2:81 q0/0 re0\n"
      "family1 type1 state3 1.0.0.1:8080 2.0.0.2:81 #13 uid0 q0/0 re0\n"
      "family1 type1 state0 - - SONDE_ERR_PARSE\n"
      "family1 type1 state15 1.0.0.1:8080 2.0.0.2:81 #14 uid0 q0/0 re0\n";
  const auto with = [](std::string all, const std::string &what) { return all.replace(all.find("%s"), 2, what); };
  EXPECT_EQ(Connections(context, SONDE_CONNECTION_TCP), with(tcp, ""));
  EXPECT_EQ(Connections(context, SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER),
            with(tcp, " pid42 fd7") + "family1 type2 state0 0.0.0.0:53 - #15 uid0 q0/0 drops9\n" +
                "family3 type1 state10 - -/run/a b\nc #16 pid43 fd3\nfamily3 type1 state10 - -\\0x@y #17\n");
}

TEST(LinuxConnection, NothingToSeeIsNoEmptyAnswer) {
  Tree tree;
  Context context(tree.options());
  List<sonde_connection_list> list;
  EXPECT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_ALL), SONDE_ERR_OS);
  tree.write("proc/1/net/dev", "");
  EXPECT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET6), SONDE_OK) << "IPv6 is off";
  EXPECT_EQ(list.count, 0u);
}

// ---- Sockets of the test's own

uint64_t Inode(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 ? info.st_ino : 0;
}

std::string Row(sonde *context, uint32_t kinds, int fd) {
  List<sonde_connection_list> list;
  if (sonde_connection_list_get(context, &list, kinds | SONDE_CONNECTION_OWNER) != SONDE_OK)
    return sonde_test::last_error(context);
  for (const sonde_connection &row : list) {
    if ((row.valid & SONDE_CONNECTION_VALID_INODE) == 0 || row.inode != Inode(fd)) continue;
    EXPECT_EQ(row.pid, getpid());
    EXPECT_EQ(row.fd, fd);
    EXPECT_TRUE((row.valid & SONDE_CONNECTION_VALID_UID) == 0 || row.uid == getuid());
    std::string all = std::to_string(row.type) + " " + std::to_string(row.state) + " " + Text(row.laddr) + " " +
                      Text(row.raddr) + text(row.lpath);
    if (row.valid & SONDE_CONNECTION_VALID_QUEUES) all += " " + std::to_string(row.recv_queue);
    return all;
  }
  return "not listed";
}

struct Socket {
  explicit Socket(int type, int family = AF_INET) : fd(socket(family, type, 0)) {}
  ~Socket() { close(fd); }
  int fd;
};

std::string Loopback(int fd, struct sockaddr_in *out) {
  socklen_t len = sizeof *out;
  *out = {};
  out->sin_family = AF_INET;
  out->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, reinterpret_cast<sockaddr *>(out), len) != 0) return "";
  getsockname(fd, reinterpret_cast<sockaddr *>(out), &len);
  return "127.0.0.1:" + std::to_string(ntohs(out->sin_port));
}

TEST(LinuxConnection, TcpOfTheTestsOwn) {
  Socket listener(SOCK_STREAM), client(SOCK_STREAM);
  struct sockaddr_in where, from;
  const std::string server = Loopback(listener.fd, &where);
  if (server.empty() || listen(listener.fd, 5) != 0) GTEST_SKIP() << "no loopback";
  ASSERT_EQ(connect(client.fd, reinterpret_cast<sockaddr *>(&where), sizeof where), 0);
  socklen_t len = sizeof from;
  const int accepted = accept(listener.fd, reinterpret_cast<sockaddr *>(&from), &len);
  ASSERT_GE(accepted, 0);
  const std::string other = "127.0.0.1:" + std::to_string(ntohs(from.sin_port));
  ASSERT_EQ(write(client.fd, "hello", 5), 5);
  char peeked[5];
  ASSERT_EQ(recv(accepted, peeked, 5, MSG_PEEK | MSG_WAITALL), 5); /* it has arrived */
  Context context;
  EXPECT_EQ(Row(context, SONDE_CONNECTION_TCP4, listener.fd), "1 10 " + server + " - 0");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_TCP4, accepted), "1 1 " + server + " " + other + " 5");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_TCP4, client.fd), "1 1 " + other + " " + server + " 0");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UDP | SONDE_CONNECTION_TCP6, client.fd), "not listed");
  close(accepted);
}

TEST(LinuxConnection, UdpOfTheTestsOwn) {
  Socket udp(SOCK_DGRAM);
  struct sockaddr_in where;
  const std::string server = Loopback(udp.fd, &where);
  if (server.empty()) GTEST_SKIP() << "no loopback";
  Context context;
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UDP4, udp.fd), "2 0 " + server + " - 0");
}

TEST(LinuxConnection, Ipv6OfTheTestsOwn) {
  Socket listener(SOCK_STREAM, AF_INET6);
  struct sockaddr_in6 where = {};
  socklen_t len = sizeof where;
  where.sin6_family = AF_INET6;
  where.sin6_addr = in6addr_loopback;
  if (listener.fd < 0 || bind(listener.fd, reinterpret_cast<sockaddr *>(&where), len) != 0 ||
      listen(listener.fd, 1) != 0) {
    GTEST_SKIP() << "no IPv6";
  }
  getsockname(listener.fd, reinterpret_cast<sockaddr *>(&where), &len);
  Context context;
  EXPECT_EQ(Row(context, SONDE_CONNECTION_TCP6, listener.fd),
            "1 10 [::1]:" + std::to_string(ntohs(where.sin6_port)) + " - 0");
}

std::string BindUnix(int fd, const std::string &path) {
  struct sockaddr_un where = {};
  where.sun_family = AF_UNIX;
  memcpy(where.sun_path, path.data(), path.size());
  const socklen_t len =
      static_cast<socklen_t>(offsetof(struct sockaddr_un, sun_path) + path.size() + (path[0] != '\0'));
  return bind(fd, reinterpret_cast<sockaddr *>(&where), len) == 0 ? "" : strerror(errno);
}

TEST(LinuxConnection, UnixOfTheTestsOwn) {
  char folder[] = "/tmp/sonde-XXXXXX"; /* short: a socket's path has room for 107 bytes */
  ASSERT_NE(mkdtemp(folder), nullptr);
  const std::string first = std::string(folder) + "/a.sock", second = std::string(folder) + "/a b\nc\\040.sock";
  Socket plain(SOCK_STREAM, AF_UNIX), odd(SOCK_DGRAM, AF_UNIX), abstract(SOCK_SEQPACKET, AF_UNIX),
      unbound(SOCK_STREAM, AF_UNIX);
  const std::string name = std::string(1, '\0') + "sonde test " + std::to_string(getpid());
  ASSERT_EQ(BindUnix(plain.fd, first), "");
  ASSERT_EQ(BindUnix(odd.fd, second), "");
  ASSERT_EQ(BindUnix(abstract.fd, name), "");
  ASSERT_EQ(listen(plain.fd, 1), 0);
  Context context;
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UNIX, plain.fd), "1 10 - -" + first + " 0");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UNIX, odd.fd), "2 0 - -" + second + " 0");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UNIX, abstract.fd), "3 0 - -" + name + " 0");
  EXPECT_EQ(Row(context, SONDE_CONNECTION_UNIX, unbound.fd), "1 0 - - 0");
  unlink(first.c_str());
  unlink(second.c_str());
  rmdir(folder);
}

TEST(LinuxConnection, NothingStaysOpen) {
  Context context;
  List<sonde_connection_list> list;
  const auto before = sonde_test::open_descriptors();
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER), SONDE_OK)
        << context.error();
  }
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

}  // namespace
