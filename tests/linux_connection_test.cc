// SPDX-License-Identifier: MIT
#include "tests/support/linux_os_fault.h"  // first

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/sockios.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/own_sockets.h"
#include "tests/support/tree.h"
#include "tests/support/valgrind.h"

namespace {

using sonde_test::bind_to_loopback;
using sonde_test::bind_to_path;
using sonde_test::Child;
using sonde_test::command_output;
using sonde_test::connect_to;
using sonde_test::connect_to_path;
using sonde_test::Context;
using sonde_test::fields_of;
using sonde_test::fill_up;
using sonde_test::Handle;
using sonde_test::lines_of;
using sonde_test::LinuxOsFault;
using sonde_test::List;
using sonde_test::local_of;
using sonde_test::Misbehaviour;
using sonde_test::OsCall;
using sonde_test::OwnSocket;
using sonde_test::remote_of;
using sonde_test::TcpPair;
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

TEST(LinuxConnection, TheLowestOfSeveralOwnersIsTold) {
  Tree tree;
  tree.write("proc/net/tcp",
             "0: 01000001:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 11 1 0 100 0 0 10 0\n");
  // However the directory is read, not all of these come in ascending order.
  for (const int pid : {700, 42, 1000, 9, 77}) {
    for (const int fd : {12, 8, 100}) {
      tree.link("proc/" + std::to_string(pid) + "/fd/" + std::to_string(fd), "socket:[11]");
    }
  }
  Context context(tree.options());
  EXPECT_EQ(Connections(context, SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_OWNER),
            "family1 type1 state10 1.0.0.1:8080 - #11 uid0 re0 pid9 fd8\n");
}

// A process of a machine that was recorded: its sockets are those that its descriptors lead to.
std::string OfProcess(sonde *context, sonde_pid pid, uint32_t kinds = SONDE_CONNECTION_ALL) {
  sonde_process_handle *handle = nullptr;
  if (sonde_process_open(context, &handle, pid) != SONDE_OK) return sonde_test::last_error(context);
  List<sonde_connection_list> list;
  std::string all;
  if (sonde_process_connections_get(handle, &list, kinds) != SONDE_OK) all = sonde_test::last_error(context);
  for (const sonde_connection &row : list) all += Describe(row) + "\n";
  sonde_process_close(handle);
  return all;
}

TEST(LinuxConnection, OfAProcessOfAMadeUpMachine) {
  Tree tree;
  const std::string stat = " (x) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 100 0 0\n";
  for (const char *const pid : {"42", "43", "44"}) tree.write("proc/" + std::string(pid) + "/stat", pid + stat);
  const std::string row = "0: 01000001:1F90 00000000:0000 01 00000000:00000000 00:00000000 00000000 1000 0 ";
  tree.write("proc/net/tcp", row + "11 1 0\n" + row + "12 1 0\n" + row + "x\n");
  tree.write("proc/net/dev", "");
  tree.write("proc/net/unix",
             "00000000: 00000002 00000000 00000000 0001 01 16 /run/a\n"
             "00000000: 00000002 00000000 00000000 0001 01 17 /run/b\n");
  tree.link("proc/42/fd/7", "socket:[11]").link("proc/42/fd/5", "socket:[11]").link("proc/42/fd/0", "socket:[17]");
  tree.link("proc/42/fd/1", "/dev/null").link("proc/42/fd/2", "socket:[4711]").link("proc/43/fd/3", "pipe:[12]");
  tree.link("proc/44/fd/3", "socket:[12]").link("proc/44/ns/net", "net:[4026532000]");
  tree.link("proc/1/ns/net", "net:[4026531840]").link("proc/42/ns/net", "net:[4026531840]");
  Context context(tree.options());
  const std::string bad = "family1 type1 state0 - - SONDE_ERR_PARSE\n";  // it may be one of this process's
  const std::string socket = "family1 type1 state1 1.0.0.1:8080 - #";
  EXPECT_EQ(OfProcess(context, 42),
            socket + "11 uid1000 q0/0 re0 pid42 fd5\n" + bad + "family3 type1 state0 - -/run/b #17 pid42 fd0\n");
  EXPECT_EQ(OfProcess(context, 42, SONDE_CONNECTION_UDP), "") << "no such table, but others";
  EXPECT_EQ(OfProcess(context, 43), "") << "it holds none";
  EXPECT_NE(OfProcess(context, 44).find("ERR_OS: open"), std::string::npos) << "another namespace, and not recorded";
  tree.write("proc/44/net/tcp", row + "12 1 0\n");
  EXPECT_EQ(OfProcess(context, 44), socket + "12 uid1000 q0/0 re0 pid44 fd3\n");
}

// ---- Sockets of the test's own: the answer of either source, of the host and of this process

struct linux_os WithoutSockDiag() {
  struct linux_os os = sondei_linux_os;
  os.socket = [](int domain, int type, int protocol) {
    if (domain != AF_NETLINK) return sondei_linux_os.socket(domain, type, protocol);
    errno = EPERM; /* a sandbox */
    return -1;
  };
  return os;
}

// A context that gets no answer by sock_diag.
struct ProcOnly {
  ProcOnly() { options.os_override = &override; }
  const struct linux_os os = WithoutSockDiag();
  const sonde_os_override override = {"linux", &os};
  sonde_options options = {};
};

std::string Path(const sonde_string &path) {
  std::string all;
  for (const char c : text(path)) all += c == '\0' ? std::string("\\0") : std::string(1, c);
  return all;
}

std::string InWords(const sonde_connection &row) {
  static const char *const types[] = {"?", "stream", "dgram", "seqpacket", "raw"};
  std::string all = std::string(types[row.type]) + " " + std::to_string(row.state) + " ";
  if (row.family == SONDE_FAMILY_UNIX) {
    all += "'" + Path(row.lpath) + "'";
    if (row.rpath.len > 0) all += " to '" + Path(row.rpath) + "'";
  } else {
    all += Text(row.laddr) + " " + Text(row.raddr);
  }
  if (row.valid & SONDE_CONNECTION_VALID_UID) all += row.uid == getuid() ? " mine" : " uid" + std::to_string(row.uid);
  if (row.valid & SONDE_CONNECTION_VALID_QUEUES) {
    all += " q" + std::to_string(row.recv_queue) + "/" + std::to_string(row.send_queue);
  }
  if (row.valid & SONDE_CONNECTION_VALID_RETRANSMITS) all += " re" + std::to_string(row.retransmits);
  if (row.valid & SONDE_CONNECTION_VALID_DROPS) all += " drops" + std::to_string(row.drops);
  if (row.valid & SONDE_CONNECTION_VALID_INTERFACE) all += " if" + std::to_string(row.interface_index);
  return all + (row.status == SONDE_OK ? "" : sonde_status_name(row.status));
}

std::string Find(const List<sonde_connection_list> &list, int fd, int owned_as) {
  std::string all;
  for (const sonde_connection &row : list) {
    if ((row.valid & SONDE_CONNECTION_VALID_INODE) == 0 || row.inode != OwnSocket::inode_of(fd)) continue;
    all += (all.empty() ? "" : "; ") + InWords(row);
    EXPECT_EQ(row.pid, getpid());
    EXPECT_EQ(row.fd, owned_as);
  }
  return all.empty() ? "not listed" : all;
}

// What /proc/net leaves out of what sock_diag says: the interface; of unix sockets the owner's id, queues and peer; the
// queues of a listener.
std::string LessOfProc(const std::string &whole, uint32_t kinds) {
  std::string less = std::regex_replace(whole, std::regex(" if[0-9]+"), "");
  if (kinds & SONDE_CONNECTION_UNIX) less = std::regex_replace(less, std::regex(" mine| q[0-9]+/[0-9]+| to '.*'"), "");
  if (less.find(" 10 ") != less.npos) less = std::regex_replace(less, std::regex(" q[0-9]+/[0-9]+"), "");
  return less;
}

// The same where only TCP is told by /proc/net, or only unix.
std::string HalfOfProc(const std::string &whole, bool is_unix) {
  std::string all;
  for (const std::string &line : lines_of(whole)) {
    const bool is_line_unix = line.find('\'') != line.npos;
    all +=
        (is_line_unix == is_unix ? LessOfProc(line, is_unix ? SONDE_CONNECTION_UNIX : SONDE_CONNECTION_TCP4) : line) +
        "\n";
  }
  return all;
}

bool HasSockDiag() {
  const OwnSocket netlink(AF_NETLINK, SOCK_RAW, 4 /* NETLINK_SOCK_DIAG */);
  return netlink.fd() >= 0;
}

// Both sources, both calls. What is expected is asked for before and after each, until it has not moved meanwhile.
void Expect(int fd, uint32_t kinds, const std::function<std::string()> &expected, int owned_as = -1) {
  const ProcOnly proc_only;
  const Context diag, proc(&proc_only.options);
  for (const Context *const context : {&diag, &proc}) {
    const bool is_proc = context == &proc || !HasSockDiag();
    const Handle self(*context, getpid());
    for (const bool is_own : {false, true}) {
      for (int tries = 0;; tries++) {
        List<sonde_connection_list> list;
        const std::string whole = expected();
        if (is_own) {
          ASSERT_EQ(sonde_process_connections_get(self, &list, kinds), SONDE_OK) << context->error();
        } else {
          ASSERT_EQ(sonde_connection_list_get(*context, &list, kinds | SONDE_CONNECTION_OWNER), SONDE_OK);
        }
        if (expected() != whole && tries < 1000) continue;
        EXPECT_EQ(Find(list, fd, owned_as < 0 ? fd : owned_as), is_proc ? LessOfProc(whole, kinds) : whole)
            << (is_proc ? "by /proc/net" : "by sock_diag") << (is_own ? ", of this process" : "");
        break;
      }
    }
  }
}

void Expect(int fd, uint32_t kinds, const std::string &expected, int owned_as = -1) {
  Expect(fd, kinds, [&] { return expected; }, owned_as);
}

constexpr int kFinWait1 = 4, kFinWait2 = 5, kClose = 7, kLastAck = 9;  // the kernel's

struct tcp_info TcpInfo(const OwnSocket &socket) {
  struct tcp_info info = {};
  socklen_t len = sizeof info;
  EXPECT_EQ(getsockopt(socket.fd(), IPPROTO_TCP, TCP_INFO, &info, &len), 0);
  return info;
}

// SIOCINQ or SIOCOUTQ.
int Queued(const OwnSocket &socket, unsigned long which) {
  int bytes = -1;
  EXPECT_EQ(ioctl(socket.fd(), which, &bytes), 0);
  return bytes;
}

void AwaitState(const OwnSocket &socket, int state) {
  for (int i = 0; i < 10000 && TcpInfo(socket).tcpi_state != state; i++) usleep(1000);
  ASSERT_EQ(TcpInfo(socket).tcpi_state, state);
}

void AwaitBytes(const OwnSocket &socket, int bytes) {
  int there = 0;
  for (int i = 0; i < 10000 && (ioctl(socket.fd(), SIOCINQ, &there) != 0 || there < bytes); i++) usleep(1000);
  ASSERT_EQ(there, bytes);
}

constexpr uint32_t kTcp4 = SONDE_CONNECTION_TCP4, kTcp6 = SONDE_CONNECTION_TCP6, kUdp4 = SONDE_CONNECTION_UDP4,
                   kUnix = SONDE_CONNECTION_UNIX;
const char kQuiet[] = " mine q0/0 re0 if0";

TEST(LinuxConnection, ListenerWithConnectionsWaiting) {
  OwnSocket listener(AF_INET, SOCK_STREAM), bound(AF_INET, SOCK_STREAM);
  if (!bind_to_loopback(listener)) GTEST_SKIP() << "no loopback";
  ASSERT_TRUE(bind_to_loopback(bound));
  ASSERT_EQ(listen(listener.fd(), 7), 0);
  Expect(listener.fd(), kTcp4, "stream 10 " + local_of(listener) + " - mine q0/7 re0 if0");
  std::vector<OwnSocket> clients;
  for (int i = 0; i < 3; i++) {
    clients.emplace_back(AF_INET, SOCK_STREAM);
    ASSERT_TRUE(connect_to(clients.back(), listener));
  }
  /* The last step of the third may still be under way at the other end. */
  for (int i = 0; i < 10000 && TcpInfo(listener).tcpi_unacked < 3; i++) usleep(1000);
  Expect(listener.fd(), kTcp4, "stream 10 " + local_of(listener) + " - mine q3/7 re0 if0");
  Expect(bound.fd(), SONDE_CONNECTION_ALL, "not listed"); /* neither listens nor connects */
}

TEST(LinuxConnection, EstablishedWithBytesUnread) {
  const TcpPair pair;
  if (!pair.is_made()) GTEST_SKIP() << "no loopback";
  ASSERT_EQ(write(pair.client.fd(), "hello", 5), 5);
  AwaitBytes(pair.accepted, 5);
  const std::string server = local_of(pair.listener), client = local_of(pair.client);
  Expect(pair.accepted.fd(), kTcp4, "stream 1 " + server + " " + client + " mine q5/0 re0 if0");
  Expect(pair.client.fd(), kTcp4, "stream 1 " + client + " " + server + kQuiet);
  Expect(pair.client.fd(), SONDE_CONNECTION_UDP | kTcp6 | kUnix, "not listed");
}

TEST(LinuxConnection, HalfClosed) {
  TcpPair pair;
  if (!pair.is_made()) GTEST_SKIP() << "no loopback";
  const std::string server = local_of(pair.listener), client = local_of(pair.client);
  ASSERT_EQ(shutdown(pair.client.fd(), SHUT_WR), 0);
  AwaitState(pair.client, kFinWait2);
  Expect(pair.client.fd(), kTcp4, "stream 5 " + client + " " + server + kQuiet);
  /* Its end is told as a byte. */
  Expect(pair.accepted.fd(), kTcp4, "stream 8 " + server + " " + client + " mine q1/0 re0 if0");
  /* Now the other half, which cannot go out. */
  fill_up(pair.accepted);
  ASSERT_EQ(shutdown(pair.accepted.fd(), SHUT_WR), 0);
  AwaitState(pair.accepted, kLastAck);
  /* Probes of the full window move some bytes from time to time. */
  Expect(pair.accepted.fd(), kTcp4, [&] {
    return "stream 9 " + server + " " + client + " mine q1/" + std::to_string(Queued(pair.accepted, SIOCOUTQ)) + " re" +
           std::to_string(TcpInfo(pair.accepted).tcpi_retransmits) + " if0";
  });
  Expect(pair.client.fd(), kTcp4, [&] {
    return "stream 5 " + client + " " + server + " mine q" + std::to_string(Queued(pair.client, SIOCINQ)) +
           "/0 re0 if0";
  });
}

TEST(LinuxConnection, ClosedBeforeAllIsSent) {
  TcpPair pair;
  if (!pair.is_made()) GTEST_SKIP() << "no loopback";
  fill_up(pair.client);
  ASSERT_EQ(shutdown(pair.client.fd(), SHUT_WR), 0);
  AwaitState(pair.client, kFinWait1);
  Expect(pair.client.fd(), kTcp4, [&] {
    return "stream 4 " + local_of(pair.client) + " " + local_of(pair.listener) + " mine q0/" +
           std::to_string(Queued(pair.client, SIOCOUTQ)) + " re" +
           std::to_string(TcpInfo(pair.client).tcpi_retransmits) + " if0";
  });
}

// The row with these ends that no process holds.
std::string Orphan(const Context &context, const std::string &local, const std::string &remote) {
  List<sonde_connection_list> list;
  EXPECT_EQ(sonde_connection_list_get(context, &list, kTcp4 | SONDE_CONNECTION_OWNER), SONDE_OK);
  for (const sonde_connection &row : list) {
    if (Text(row.laddr) != local || Text(row.raddr) != remote) continue;
    EXPECT_EQ(row.valid & (SONDE_CONNECTION_VALID_INODE | SONDE_CONNECTION_VALID_UID | SONDE_CONNECTION_VALID_OWNER),
              0u);
    return InWords(row);
  }
  return "not listed";
}

TEST(LinuxConnection, WithoutOwner) {
  TcpPair pair;
  if (!pair.is_made()) GTEST_SKIP() << "no loopback";
  const ProcOnly proc_only;
  const Context diag, proc(&proc_only.options);
  const std::string server = local_of(pair.listener), client = local_of(pair.client);
  ASSERT_EQ(shutdown(pair.client.fd(), SHUT_WR), 0);
  AwaitState(pair.client, kFinWait2);
  pair.accepted.shut();
  AwaitState(pair.client, kClose); /* what is left of it waits */
  if (HasSockDiag()) {
    EXPECT_EQ(Orphan(diag, client, server), "stream 6 " + client + " " + server + " q0/0 re0 if0");
  }
  EXPECT_EQ(Orphan(proc, client, server), "stream 6 " + client + " " + server + " q0/0 re0");
  Expect(pair.client.fd(), SONDE_CONNECTION_ALL, "not listed");

  /* A server that only wants those who have something to say: until then the kernel keeps a request. */
  OwnSocket shy(AF_INET, SOCK_STREAM), silent(AF_INET, SOCK_STREAM);
  const int seconds = 60;
  ASSERT_TRUE(bind_to_loopback(shy));
  ASSERT_EQ(setsockopt(shy.fd(), IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds, sizeof seconds), 0);
  ASSERT_EQ(listen(shy.fd(), 5), 0);
  ASSERT_TRUE(connect_to(silent, shy));
  const std::string request = "stream 3 " + local_of(shy) + " " + local_of(silent) + " q0/0 re0";
  if (HasSockDiag()) {
    EXPECT_EQ(Orphan(diag, local_of(shy), local_of(silent)), request + " if0");
  }
  EXPECT_EQ(Orphan(proc, local_of(shy), local_of(silent)), request);
}

// A listener whose queue is full lets no more in: whoever comes asks again and again.
TEST(LinuxConnection, AskingAgain) {
  const OwnSocket listener(AF_INET, SOCK_STREAM), first(AF_INET, SOCK_STREAM),
      second(AF_INET, SOCK_STREAM | SOCK_NONBLOCK);
  if (!bind_to_loopback(listener) || listen(listener.fd(), 0) != 0) GTEST_SKIP() << "no loopback";
  ASSERT_TRUE(connect_to(first, listener));
  for (int i = 0; i < 10000 && TcpInfo(listener).tcpi_unacked < 1; i++) usleep(1000);
  EXPECT_FALSE(connect_to(second, listener));
  ASSERT_EQ(errno, EINPROGRESS);
  const std::string ends = "stream 2 " + local_of(second) + " " + local_of(listener) + " mine q0/1 re";
  for (int i = 0; i < 10000 && TcpInfo(second).tcpi_retransmits == 0; i++) usleep(1000);
  const ProcOnly proc_only;
  const Context diag, proc(&proc_only.options);
  for (const Context *const context : {&diag, &proc}) {
    const Handle self(*context, getpid());
    for (int tries = 0;; tries++) { /* until nothing moved meanwhile */
      List<sonde_connection_list> list;
      const unsigned before = TcpInfo(second).tcpi_retransmits;
      ASSERT_EQ(sonde_process_connections_get(self, &list, kTcp4), SONDE_OK) << context->error();
      if (TcpInfo(second).tcpi_retransmits != before && tries < 100) continue;
      EXPECT_GT(before, 0u);
      const bool is_diag = context == &diag && HasSockDiag();
      EXPECT_EQ(Find(list, second.fd(), second.fd()), ends + std::to_string(before) + (is_diag ? " if0" : ""));
      break;
    }
  }
}

TEST(LinuxConnection, TcpInfo) {
  const TcpPair pair;
  if (!pair.is_made() || !HasSockDiag()) GTEST_SKIP() << "no loopback, or no sock_diag";
  for (int i = 0; i < 100; i++) {
    char answer[100];
    ASSERT_EQ(write(pair.client.fd(), "0123456789", 10), 10);
    ASSERT_EQ(recv(pair.accepted.fd(), answer, 10, MSG_WAITALL), 10);
    ASSERT_EQ(write(pair.accepted.fd(), "01234567890123456789", 20), 20);
    ASSERT_EQ(recv(pair.client.fd(), answer, 20, MSG_WAITALL), 20);
  }
  const Context context;
  const Handle self(context, getpid());
  for (const OwnSocket *const socket : {&pair.client, &pair.accepted, &pair.listener}) {
    for (int tries = 0;; tries++) {
      List<sonde_connection_list> list;
      const struct tcp_info before = TcpInfo(*socket);
      ASSERT_EQ(sonde_process_connections_get(self, &list, kTcp4 | SONDE_CONNECTION_TCP_INFO), SONDE_OK);
      const struct tcp_info after = TcpInfo(*socket);
      const sonde_connection *const row = std::find_if(
          list.begin(), list.end(), [&](const sonde_connection &each) { return each.inode == socket->inode(); });
      ASSERT_NE(row, list.end());
      ASSERT_NE(row->tcp_info, nullptr);
      const bool is_moving = before.tcpi_rtt != after.tcpi_rtt || before.tcpi_rttvar != after.tcpi_rttvar ||
                             before.tcpi_bytes_acked != after.tcpi_bytes_acked ||
                             before.tcpi_delivery_rate != after.tcpi_delivery_rate;
      if (is_moving && tries < 100) continue;
      const sonde_tcp_info &info = *row->tcp_info;
      EXPECT_EQ(info.valid, static_cast<uint64_t>(SONDE_TCP_INFO_BYTES | SONDE_TCP_INFO_DELIVERY_RATE));
      EXPECT_EQ(info.rtt, after.tcpi_rtt * UINT64_C(1000));
      EXPECT_EQ(info.rttvar, after.tcpi_rttvar * UINT64_C(1000));
      EXPECT_EQ(info.retransmits, after.tcpi_total_retrans);
      EXPECT_EQ(info.lost, after.tcpi_lost);
      EXPECT_EQ(info.snd_cwnd, after.tcpi_snd_cwnd);
      EXPECT_EQ(info.snd_mss, after.tcpi_snd_mss);
      EXPECT_EQ(info.rcv_mss, after.tcpi_rcv_mss);
      EXPECT_EQ(info.bytes_acked, after.tcpi_bytes_acked);
      EXPECT_EQ(info.bytes_received, after.tcpi_bytes_received);
      EXPECT_EQ(info.delivery_rate, after.tcpi_delivery_rate);
      EXPECT_EQ(info.bytes_received, socket == &pair.client ? 2000u : socket == &pair.accepted ? 1000u : 0u);
      break;
    }
  }
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_ALL), SONDE_OK);
  for (const sonde_connection &row : list) EXPECT_EQ(row.tcp_info, nullptr) << "nobody asked";
}

TEST(LinuxConnection, Udp) {
  const OwnSocket bound(AF_INET, SOCK_DGRAM), connected(AF_INET, SOCK_DGRAM), unbound(AF_INET, SOCK_DGRAM);
  const int small = 4096;
  ASSERT_EQ(setsockopt(bound.fd(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small), 0);
  if (!bind_to_loopback(bound) || !connect_to(connected, bound)) GTEST_SKIP() << "no loopback";
  const std::string server = local_of(bound), client = local_of(connected);
  Expect(bound.fd(), kUdp4, "dgram 0 " + server + " - mine q0/0 drops0 if0");
  Expect(connected.fd(), kUdp4, "dgram 0 " + client + " " + server + " mine q0/0 drops0 if0");
  Expect(unbound.fd(), SONDE_CONNECTION_ALL, "not listed");
  for (int i = 0; i < 100; i++) ASSERT_EQ(send(connected.fd(), "x", 1, 0), 1);
  uint32_t memory[9] = {}; /* the loopback delivers at once */
  socklen_t len = sizeof memory;
  if (getsockopt(bound.fd(), SOL_SOCKET, SO_MEMINFO, memory, &len) != 0 || len < sizeof memory) {
    GTEST_SKIP() << "no SO_MEMINFO";
  }
  EXPECT_GT(memory[0], 0u);
  EXPECT_GT(memory[8], 0u);
  Expect(
      bound.fd(), kUdp4,
      "dgram 0 " + server + " - mine q" + std::to_string(memory[0]) + "/0 drops" + std::to_string(memory[8]) + " if0");
}

TEST(LinuxConnection, BoundToAnInterface) {
  const OwnSocket socket(AF_INET, SOCK_DGRAM);
  if (setsockopt(socket.fd(), SOL_SOCKET, SO_BINDTODEVICE, "lo", 2) != 0 || !bind_to_loopback(socket)) {
    GTEST_SKIP() << "not allowed";
  }
  Expect(socket.fd(), kUdp4,
         "dgram 0 " + local_of(socket) + " - mine q0/0 drops0 if" + std::to_string(if_nametoindex("lo")));
}

TEST(LinuxConnection, Ipv6) {
  const TcpPair pair(AF_INET6);
  if (!pair.is_made()) GTEST_SKIP() << "no IPv6";
  const std::string server = local_of(pair.listener), client = local_of(pair.client);
  EXPECT_EQ(server.substr(0, 6), "[::1]:");
  Expect(pair.listener.fd(), kTcp6, "stream 10 " + server + " - mine q0/1 re0 if0");
  Expect(pair.accepted.fd(), kTcp6, "stream 1 " + server + " " + client + kQuiet);
  const OwnSocket udp(AF_INET6, SOCK_DGRAM);
  ASSERT_TRUE(bind_to_loopback(udp));
  Expect(udp.fd(), SONDE_CONNECTION_UDP6, "dgram 0 " + local_of(udp) + " - mine q0/0 drops0 if0");
}

TEST(LinuxConnection, Ipv4WithinIpv6) {
  const OwnSocket listener(AF_INET6, SOCK_STREAM), client(AF_INET, SOCK_STREAM);
  if (!bind_to_loopback(listener, true) || listen(listener.fd(), 1) != 0) GTEST_SKIP() << "no IPv6";
  ASSERT_TRUE(connect_to(client, listener));
  const OwnSocket accepted(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  const std::string local = local_of(accepted), remote = remote_of(accepted);
  EXPECT_EQ(local.substr(0, 18), "[::ffff:127.0.0.1]");
  Expect(accepted.fd(), kTcp6, "stream 1 " + local + " " + remote + kQuiet);
  Expect(client.fd(), kTcp4, "stream 1 " + local_of(client) + " " + remote_of(client) + kQuiet);
  Expect(accepted.fd(), kTcp4, "not listed");
}

TEST(LinuxConnection, Raw) {
  const OwnSocket v4(AF_INET, SOCK_RAW, 253), v6(AF_INET6, SOCK_RAW, 253);
  if (v4.fd() < 0 || v6.fd() < 0) GTEST_SKIP() << "no right to raw sockets, or no IPv6";
  const ProcOnly proc_only;
  const Context diag, proc(&proc_only.options);
  for (const Context *const context : {&diag, &proc}) {
    const Handle self(*context, getpid());
    List<sonde_connection_list> list;
    ASSERT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_RAW), SONDE_OK) << context->error();
    /* A kernel without raw_diag answers as the other source. */
    const auto without_interface = [](std::string all) { return all.substr(0, all.find(" if0")); };
    EXPECT_EQ(without_interface(Find(list, v4.fd(), v4.fd())), "raw 0 0.0.0.0:253 - mine q0/0 drops0");
    EXPECT_EQ(without_interface(Find(list, v6.fd(), v6.fd())), "raw 0 [::]:253 - mine q0/0 drops0");
  }
}

// ---- Unix

class UnixFolder {
 public:
  UnixFolder() { EXPECT_NE(mkdtemp(folder_), nullptr); }
  ~UnixFolder() {
    for (const std::string &path : made_) unlink(path.c_str());
    rmdir(folder_);
  }
  std::string path(const std::string &name) {
    made_.push_back(std::string(folder_) + "/" + name);
    return made_.back();
  }

 private:
  char folder_[19] = "/tmp/sonde-XXXXXXX"; /* short: a socket's path has room for 108 bytes */
  std::vector<std::string> made_;
};

std::string Visible(const std::string &path) {
  const sonde_string all = {path.data(), path.size()};
  return Path(all);
}

TEST(LinuxConnection, UnixPathsOfAnyBytes) {
  UnixFolder folder;
  std::string longest = folder.path("x");
  longest = folder.path(std::string(108 - (longest.size() - 1), 'y'));
  ASSERT_EQ(longest.size(), 108u);
  const std::string abstract = std::string(1, '\0') + "sonde test " + std::to_string(getpid());
  const struct {
    int type;
    std::string path;
  } cases[] = {
      {SOCK_STREAM, folder.path("plain.sock")},
      {SOCK_DGRAM, folder.path("a b  c ")},
      {SOCK_SEQPACKET, folder.path("line\nend\n\nand \\n \\040")},
      {SOCK_STREAM, folder.path("\x1b]0;pwn\x07\x9b\xff")},
      {SOCK_STREAM, longest},
      {SOCK_DGRAM, abstract},
      {SOCK_SEQPACKET, abstract + " \n\t\x7f"},
      {SOCK_STREAM, abstract + std::string(108 - abstract.size(), 'z')},
      {SOCK_STREAM, ""},
  };
  for (const auto &each : cases) {
    const OwnSocket socket(AF_UNIX, each.type);
    if (!each.path.empty()) {
      ASSERT_EQ(bind_to_path(socket, each.path), 0) << each.path;
    }
    const std::string type = each.type == SOCK_STREAM ? "stream" : each.type == SOCK_DGRAM ? "dgram" : "seqpacket";
    Expect(socket.fd(), kUnix, type + " 0 '" + Visible(each.path) + "' mine q0/0");
  }
}

// What only sock_diag tells truly: a NUL inside a name, a name that begins with '@', and a path that reads as a row.
TEST(LinuxConnection, UnixPathsThatTheTableCannotTell) {
  if (!HasSockDiag()) GTEST_SKIP() << "no sock_diag";
  UnixFolder folder;
  char before[4096];
  ASSERT_NE(getcwd(before, sizeof before), nullptr);
  const OwnSocket nul(AF_UNIX, SOCK_STREAM), at(AF_UNIX, SOCK_STREAM), row(AF_UNIX, SOCK_STREAM);
  const std::string name = std::string(1, '\0') + std::to_string(getpid()) + std::string(1, '\0') + "x";
  const std::string made_up = "a\n0000000000000000: 00000002 00000000 00010000 0001 01 4242424242 y";
  ASSERT_EQ(bind_to_path(nul, name), 0);
  ASSERT_EQ(chdir(folder.path("").c_str()), 0);
  const int bound_at = bind_to_path(at, "@y"), bound_row = bind_to_path(row, made_up);
  unlink("@y"), unlink(made_up.c_str());
  ASSERT_EQ(chdir(before), 0);
  ASSERT_EQ(bound_at, 0);
  ASSERT_EQ(bound_row, 0);
  const ProcOnly proc_only;
  const Context diag, proc(&proc_only.options);
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(diag, &list, kUnix | SONDE_CONNECTION_OWNER), SONDE_OK);
  EXPECT_EQ(Find(list, nul.fd(), nul.fd()), "stream 0 '" + Visible(name) + "' mine q0/0");
  EXPECT_EQ(Find(list, at.fd(), at.fd()), "stream 0 '@y' mine q0/0");
  EXPECT_EQ(Find(list, row.fd(), row.fd()), "stream 0 '" + made_up + "' mine q0/0");
  for (const sonde_connection &each : list) EXPECT_NE(each.inode, 4242424242u);
  ASSERT_EQ(sonde_connection_list_get(proc, &list, kUnix | SONDE_CONNECTION_OWNER), SONDE_OK);
  std::string seen = Visible(name);
  seen.replace(seen.rfind("\\0"), 2, "@");
  EXPECT_EQ(Find(list, nul.fd(), nul.fd()), "stream 0 '" + seen + "'");
  EXPECT_EQ(Find(list, at.fd(), at.fd()), "stream 0 '\\0y'");
  for (const sonde_connection &each : list) {
    if (each.inode == 4242424242u) {
      EXPECT_EQ(each.valid & SONDE_CONNECTION_VALID_OWNER, 0u) << "made up";
    }
  }
  /* Of a process there is nothing to make up. */
  const Handle self(proc, getpid());
  ASSERT_EQ(sonde_process_connections_get(self, &list, kUnix), SONDE_OK);
  for (const sonde_connection &each : list) EXPECT_NE(each.inode, 4242424242u);
}

TEST(LinuxConnection, UnixPeersAndQueues) {
  UnixFolder folder;
  const std::string path = folder.path("server"), own = folder.path("client");
  OwnSocket server(AF_UNIX, SOCK_STREAM), client(AF_UNIX, SOCK_STREAM), waiting(AF_UNIX, SOCK_STREAM);
  ASSERT_EQ(bind_to_path(server, path), 0);
  ASSERT_EQ(listen(server.fd(), 5), 0);
  ASSERT_EQ(bind_to_path(client, own), 0);
  ASSERT_EQ(connect_to_path(client, path), 0);
  ASSERT_EQ(connect_to_path(waiting, path), 0);
  Expect(server.fd(), kUnix, "stream 10 '" + path + "' mine q2/5");
  OwnSocket accepted(accept4(server.fd(), nullptr, nullptr, SOCK_CLOEXEC));
  ASSERT_EQ(write(client.fd(), "hello", 5), 5);
  int unsent = 0;
  ASSERT_EQ(ioctl(client.fd(), SIOCOUTQ, &unsent), 0);
  Expect(server.fd(), kUnix, "stream 10 '" + path + "' mine q1/5");
  Expect(accepted.fd(), kUnix, "stream 0 '" + path + "' to '" + own + "' mine q5/0");
  Expect(client.fd(), kUnix, "stream 0 '" + own + "' to '" + path + "' mine q0/" + std::to_string(unsent));
  Expect(waiting.fd(), kUnix, "stream 0 '' mine q0/0"); /* nobody holds the other end yet */

  const OwnSocket sink(AF_UNIX, SOCK_DGRAM), source(AF_UNIX, SOCK_DGRAM);
  const std::string name = std::string(1, '\0') + "sonde sink " + std::to_string(getpid());
  ASSERT_EQ(bind_to_path(sink, name), 0);
  ASSERT_EQ(connect_to_path(source, name), 0);
  Expect(source.fd(), kUnix, "dgram 0 '' to '" + Visible(name) + "' mine q0/0");
  Expect(sink.fd(), kUnix, "dgram 0 '" + Visible(name) + "' mine q0/0");
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
  const OwnSocket left(pair[0]), right(pair[1]);
  Expect(left.fd(), kUnix, "seqpacket 0 '' mine q0/0");
}

// ---- Owners

TEST(LinuxConnection, SeveralDescriptorsAndOwners) {
  const OwnSocket udp(AF_INET, SOCK_DGRAM);
  if (!bind_to_loopback(udp)) GTEST_SKIP() << "no loopback";
  const OwnSocket higher(fcntl(udp.fd(), F_DUPFD_CLOEXEC, 500));
  const std::string row = "dgram 0 " + local_of(udp) + " - mine q0/0 drops0 if0";
  Expect(higher.fd(), kUdp4, row, udp.fd());
  const Child heir = Child::sleeping(); /* it has both, too */
  const Context context;
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, kUdp4 | SONDE_CONNECTION_OWNER), SONDE_OK);
  size_t found = 0;
  for (const sonde_connection &each : list) {
    if (each.inode != udp.inode()) continue;
    found++;
    EXPECT_EQ(each.pid, std::min<sonde_pid>(getpid(), heir.pid()));
    EXPECT_EQ(each.fd, udp.fd());
  }
  EXPECT_EQ(found, 1u);
  const Handle handle(context, heir.pid());
  ASSERT_EQ(sonde_process_connections_get(handle, &list, kUdp4), SONDE_OK);
  found = 0;
  for (const sonde_connection &each : list) {
    found += each.inode == udp.inode();
    EXPECT_EQ(each.pid, heir.pid());
    EXPECT_EQ(each.fd, udp.fd());
  }
  EXPECT_EQ(found, 1u);
}

TEST(LinuxConnection, OfAProcessThatHasEnded) {
  const Context context;
  List<sonde_connection_list> list;
  Child child = Child::sleeping();
  const Handle handle(context, child.pid());
  ASSERT_EQ(sonde_process_connections_get(handle, &list, SONDE_CONNECTION_ALL), SONDE_OK) << context.error();
  child.end();
  EXPECT_EQ(sonde_process_connections_get(handle, &list, SONDE_CONNECTION_ALL), SONDE_ERR_NO_PROCESS);
  const Child zombie = Child::zombie();
  const Handle dead(context, zombie.pid());
  EXPECT_EQ(sonde_process_connections_get(dead, &list, SONDE_CONNECTION_ALL), SONDE_ERR_ZOMBIE) << context.error();
}

// ---- Another network namespace

// A child in a namespace of its own, with a listener, a connection to it that waits, and a unix socket.
struct Elsewhere {
  Elsewhere() {
    int ready[2];
    EXPECT_EQ(pipe2(ready, O_CLOEXEC), 0);
    child.reset(new Child(Child::running([&] {
      std::string answer = sonde_test::enter_own_network();
      const OwnSocket listener(AF_INET, SOCK_STREAM), client(AF_INET, SOCK_STREAM), local(AF_UNIX, SOCK_DGRAM);
      if (answer.empty() &&
          (!bind_to_loopback(listener) || listen(listener.fd(), 9) != 0 || !connect_to(client, listener) ||
           bind_to_path(local, std::string("\0sonde elsewhere", 16)) != 0)) {
        answer = "the sockets cannot be made";
      }
      if (answer.empty()) answer = local_of(listener) + " " + local_of(client);
      EXPECT_EQ(write(ready[1], answer.data(), answer.size()), static_cast<ssize_t>(answer.size()));
      close(ready[1]);
      dup(listener.fd()), dup(client.fd()), dup(local.fd()); /* what this scope closes, the process keeps */
    })));
    close(ready[1]);
    char block[256];
    const ssize_t got = read(ready[0], block, sizeof block);
    if (got > 0) said.assign(block, static_cast<size_t>(got));
    close(ready[0]);
    if (said.rfind("SKIP: ", 0) != 0) child->wait_for_state('S'); /* it opens and closes nothing more */
  }
  std::unique_ptr<Child> child;
  std::string said;
};

std::string NetworkNamespace() {
  char target[64] = "";
  return readlink("/proc/thread-self/ns/net", target, sizeof target - 1) > 0 ? target : "";
}

std::string AllInWords(const List<sonde_connection_list> &list, sonde_pid pid) {
  std::string all;
  for (const sonde_connection &row : list) {
    EXPECT_EQ(row.pid, pid);
    if (row.family != SONDE_FAMILY_UNIX || row.lpath.len > 0) all += InWords(row) + "\n";
  }
  return all;
}

TEST(LinuxConnection, OfAProcessInAnotherNamespace) {
  Elsewhere elsewhere;
  if (elsewhere.said.rfind("SKIP: ", 0) == 0) GTEST_SKIP() << elsewhere.said.substr(6);
  const std::string server = elsewhere.said.substr(0, elsewhere.said.find(' '));
  const std::string client = elsewhere.said.substr(elsewhere.said.find(' ') + 1);
  const std::string whole = "stream 10 " + server + " - mine q1/9 re0 if0\nstream 1 " + client + " " + server +
                            " mine q0/0 re0 if0\ndgram 0 '\\0sonde elsewhere' mine q0/0\n";
  const std::string less = "stream 10 " + server + " - mine re0\nstream 1 " + client + " " + server +
                           " mine q0/0 re0\ndgram 0 '\\0sonde elsewhere'\n";
  const ProcOnly proc_only;
  struct linux_os unprivileged = sondei_linux_os;
  unprivileged.setns = [](int, int) {
    errno = EPERM;
    return -1;
  };
  const sonde_os_override override = {"linux", &unprivileged};
  sonde_options options = {};
  options.os_override = &override;
  const Context diag, proc(&proc_only.options), refused(&options);
  const std::string here = NetworkNamespace();
  const auto descriptors = sonde_test::open_descriptors();
  List<sonde_connection_list> list;
  for (const Context *const context : {&diag, &proc, &refused}) {
    const Handle handle(*context, elsewhere.child->pid());
    for (int i = 0; i < 2; i++) {
      ASSERT_EQ(sonde_process_connections_get(handle, &list, kTcp4 | kUnix), SONDE_OK) << context->error();
      EXPECT_EQ(AllInWords(list, elsewhere.child->pid()), context == &diag && HasSockDiag() ? whole : less);
    }
    if (context == &refused) {
      EXPECT_EQ(context->error().substr(0, 27), "SONDE_ERR_ACCESS: setns net");
    }
    ASSERT_EQ(sonde_connection_list_get(*context, &list, kTcp4), SONDE_OK);
    for (const sonde_connection &row : list) EXPECT_NE(Text(row.laddr), server) << "of another namespace";
  }
  EXPECT_EQ(NetworkNamespace(), here);
  EXPECT_EQ(sonde_test::open_descriptors(), descriptors);
  elsewhere.child->end();
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG | __WALL), -1) << "a helper is left";
}

// Every OS call that this takes fails, too: what is told then is the whole answer, that of /proc/net, or a failure.
TEST(LinuxConnection, FaultsInAnotherNamespace) {
  Elsewhere elsewhere;
  if (elsewhere.said.rfind("SKIP: ", 0) == 0) GTEST_SKIP() << elsewhere.said.substr(6);
  const sonde_pid pid = elsewhere.child->pid();
  LinuxOsFault os;
  sonde_options options = {};
  options.os_override = os.override();
  const Context context(&options);
  const Handle handle(context, pid);
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_process_connections_get(handle, &list, kTcp4 | kUnix), SONDE_OK);
  const std::string whole = AllInWords(list, pid);
  os.begin();
  ASSERT_EQ(sonde_process_connections_get(handle, &list, kTcp4 | kUnix), SONDE_OK);
  const std::vector<OsCall> sites = os.recorded();
  const size_t descriptors = sonde_test::count_descriptors();
  for (size_t n = 1; n <= sites.size(); n++) {
    for (const int code : {EPERM, EINTR, EAGAIN, EIO, ENOSYS, EMFILE, ENFILE, ENOMEM}) {
      SCOPED_TRACE(std::string(sonde_test::os_call_name(sites[n - 1])) + " " + std::to_string(n) + ": " +
                   strerror(code));
      os.begin(Misbehaviour::kErrno, n, code);
      const sonde_status status = sonde_process_connections_get(handle, &list, kTcp4 | kUnix);
      if (!os.end()) continue; /* there were fewer calls this time */
      if (status == SONDE_OK) {
        const std::string told = AllInWords(list, pid);
        EXPECT_TRUE(told == whole || told == HalfOfProc(whole, true) ||
                    told == HalfOfProc(HalfOfProc(whole, true), false))
            << told;
        if (told != whole) {
          EXPECT_NE(context.error().substr(0, 8), "SONDE_OK");
        }
      }
      const bool is_of_ours = sites[n - 1] == OsCall::k_close || sites[n - 1] == OsCall::k_kill;
      if (!is_of_ours && (code == EMFILE || code == ENFILE) && sites[n - 1] != OsCall::k_waitpid) {
        EXPECT_EQ(status, SONDE_ERR_OS) << "descriptors ran out";
      }
      EXPECT_EQ(sonde_test::count_descriptors(), descriptors);
    }
  }
  elsewhere.child->end();
  while (waitpid(-1, nullptr, __WALL) > 0) continue; /* those that a failing waitpid left */
}

// A thread that left the namespace of its process: what it asks for is told of where it is.
TEST(LinuxConnection, OfAThreadInAnotherNamespace) {
  SONDE_SKIP_UNDER_VALGRIND("what a thread holds at the end counts as lost");
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    const OwnSocket outside(AF_INET, SOCK_DGRAM);
    if (!bind_to_loopback(outside)) return "SKIP: no loopback";
    std::string said;
    std::thread thread([&] {
      said = sonde_test::enter_own_network();
      if (!said.empty()) return;
      const OwnSocket inside(AF_INET, SOCK_DGRAM);
      if (!bind_to_loopback(inside)) said += "no loopback; ";
      const ProcOnly proc_only;
      const Context diag, proc(&proc_only.options);
      for (const Context *const context : {&diag, &proc}) {
        List<sonde_connection_list> list;
        if (sonde_connection_list_get(*context, &list, kUdp4) != SONDE_OK) said += context->error();
        if (list.count != 1 || list[0].inode != inside.inode()) said += "other sockets; ";
        /* The process is where its first thread is. */
        const Handle self(*context, getpid());
        if (sonde_process_connections_get(self, &list, kUdp4) != SONDE_OK) said += context->error();
        if (list.count != 1 || list[0].inode != outside.inode()) said += "other sockets of the process; ";
      }
    });
    thread.join();
    return said;
  });
}

// ---- Against ss

// Which words of a line of `ss -e` mean the socket: "ino:4711".
std::string FromSs(const std::string &options, const OwnSocket &socket) {
  for (const std::string &line : lines_of(command_output("ss -H -n -e " + options))) {
    std::vector<std::string> words;
    for (const std::string &word : fields_of(line)) {
      if (!word.empty()) words.push_back(word);
    }
    if (std::find(words.begin(), words.end(), "ino:" + std::to_string(socket.inode())) == words.end()) continue;
    return words[0] + " " + words[1] + " " + words[2] + " " + words[3] + " " + words[4];
  }
  return "";
}

std::string AsSs(const sonde_connection &row) {
  static const char *const states[] = {"UNCONN",    "ESTAB",  "SYN-SENT",   "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2",
                                       "TIME-WAIT", "UNCONN", "CLOSE-WAIT", "LAST-ACK", "LISTEN"};
  const bool is_udp = row.type == SONDE_SOCKET_DGRAM && row.raddr.family != SONDE_FAMILY_NONE;
  const std::string any = row.family == SONDE_FAMILY_INET6 ? "[::]:*" : "0.0.0.0:*";
  return std::string(is_udp ? "ESTAB" : states[row.state]) + " " + std::to_string(row.recv_queue) + " " +
         std::to_string(row.send_queue) + " " + Text(row.laddr) + " " +
         (row.raddr.family == SONDE_FAMILY_NONE ? any : Text(row.raddr));
}

TEST(LinuxConnection, AsSsSays) {
  if (command_output("ss -H -n -t -a -e; true").empty() && command_output("ss --version").empty()) {
    GTEST_SKIP() << "there is no ss";
  }
  if (!HasSockDiag()) GTEST_SKIP() << "no sock_diag";
  TcpPair pair, closed, v6(AF_INET6);
  const OwnSocket bound(AF_INET, SOCK_DGRAM), connected(AF_INET, SOCK_DGRAM);
  if (!pair.is_made() || !bind_to_loopback(bound) || !connect_to(connected, bound)) GTEST_SKIP() << "no loopback";
  ASSERT_EQ(write(pair.client.fd(), "0123456789", 10), 10);
  AwaitBytes(pair.accepted, 10);
  ASSERT_EQ(send(connected.fd(), "x", 1, 0), 1);
  ASSERT_EQ(shutdown(closed.client.fd(), SHUT_WR), 0);
  AwaitState(closed.client, kFinWait2);
  const Context context;
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET), SONDE_OK);
  std::vector<const OwnSocket *> sockets = {&pair.listener,   &pair.client, &pair.accepted, &closed.client,
                                            &closed.accepted, &bound,       &connected};
  if (v6.is_made()) sockets.insert(sockets.end(), {&v6.listener, &v6.client, &v6.accepted});
  for (const OwnSocket *const socket : sockets) {
    const sonde_connection *const row = std::find_if(
        list.begin(), list.end(), [&](const sonde_connection &each) { return each.inode == socket->inode(); });
    ASSERT_NE(row, list.end());
    EXPECT_EQ(AsSs(*row), FromSs(row->type == SONDE_SOCKET_DGRAM ? "-u -a" : "-t -a", *socket));
  }
}

// ---- Many

// Over 10,000 TCP sockets in a namespace of their own: each source lists each of them, once.
TEST(LinuxConnection, ManyAreAllThere) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    constexpr size_t kPairs = 5100;
    struct rlimit limit = {3 * kPairs, 3 * kPairs};
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return "SKIP: not enough descriptors are allowed";
    const std::string why = sonde_test::enter_own_network();
    if (!why.empty()) return why;
    const OwnSocket listener(AF_INET, SOCK_STREAM);
    if (!bind_to_loopback(listener) || listen(listener.fd(), 100) != 0) return "no listener";
    std::vector<OwnSocket> sockets;
    std::set<uint64_t> expected = {listener.inode()};
    for (size_t i = 0; i < kPairs; i++) {
      sockets.emplace_back(AF_INET, SOCK_STREAM);
      if (!connect_to(sockets.back(), listener)) return std::string("connect: ") + strerror(errno);
      sockets.emplace_back(accept4(listener.fd(), nullptr, nullptr, SOCK_CLOEXEC));
    }
    for (const OwnSocket &socket : sockets) expected.insert(socket.inode());
    if (expected.size() != 2 * kPairs + 1) return "the sockets cannot be made";
    const ProcOnly proc_only;
    const Context diag, proc(&proc_only.options);
    for (const Context *const context : {&diag, &proc}) {
      const Handle self(*context, getpid());
      List<sonde_connection_list> host, own;
      if (sonde_connection_list_get(*context, &host, kTcp4 | SONDE_CONNECTION_OWNER) != SONDE_OK ||
          sonde_process_connections_get(self, &own, kTcp4) != SONDE_OK) {
        return context->error();
      }
      for (const List<sonde_connection_list> *const list : {&host, &own}) {
        std::set<uint64_t> got;
        for (const sonde_connection &row : *list) {
          if (!got.insert(row.inode).second) return "a socket is listed twice";
          if (row.pid != getpid() || OwnSocket::inode_of(static_cast<int>(row.fd)) != row.inode) return "another owner";
        }
        if (got != expected) return std::to_string(got.size()) + " sockets, not " + std::to_string(expected.size());
      }
    }
    return "";
  });
}

TEST(LinuxConnection, NothingStaysOpen) {
  Context context;
  const Handle self(context, getpid());
  List<sonde_connection_list> list;
  const auto before = sonde_test::open_descriptors();
  for (int i = 0; i < 2; i++) {
    EXPECT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER), SONDE_OK)
        << context.error();
    EXPECT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_ALL), SONDE_OK) << context.error();
  }
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

}  // namespace
