// SPDX-License-Identifier: MIT
// sock_diag, from a kernel that answers what the test says.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <gtest/gtest.h>
#include <linux/netlink.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/netlink_bytes.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::text;

// ---- The kernel

struct Datagram {
  std::string bytes;
  int error = 0;      // in place of bytes
  uint32_t port = 0;  // of the sender
};
// The answers to the first, second... request for a family and protocol; the last stands for all later ones.
using Answers = std::vector<std::vector<Datagram>>;
struct Kernel {
  std::map<std::pair<int, int>, Answers> says;
  std::map<std::pair<int, int>, size_t> asked;
  std::vector<std::string> requests;  // without the header
  std::vector<Datagram> pending;
  int no_socket = 0;  // errno of socket
  int no_send = 0;
  size_t sockets = 0;
} kernel;

constexpr int kUnix = 1, kInet = 2, kInet6 = 10, kTcp = 6, kUdp = 17;

struct linux_os MadeUpOs() {
  struct linux_os os = sondei_linux_os;
  os.socket = [](int domain, int type, int protocol) {
    EXPECT_EQ(domain, AF_NETLINK);
    EXPECT_EQ(type, SOCK_RAW | SOCK_CLOEXEC);
    EXPECT_EQ(protocol, NETLINK_SOCK_DIAG);
    kernel.sockets++;
    errno = kernel.no_socket;
    return kernel.no_socket != 0 ? -1 : dup(2);
  };
  os.sendto = [](int, const void *buffer, size_t size, int, const struct sockaddr *, socklen_t) -> ssize_t {
    errno = kernel.no_send;
    if (kernel.no_send != 0) return -1;
    const std::string request(static_cast<const char *>(buffer), size);
    kernel.requests.push_back(request.substr(16));
    const auto key = std::make_pair(static_cast<int>(request[16]), static_cast<int>(request[17]));
    const Answers &answers = kernel.says[key];
    if (!answers.empty()) kernel.pending = answers[std::min(kernel.asked[key]++, answers.size() - 1)];
    /* Answers are made up for the first request of a socket. */
    for (Datagram &each : kernel.pending) {
      for (size_t at = 0; at + 16 <= each.bytes.size();) {
        uint32_t len = 0;
        memcpy(&len, &each.bytes[at], sizeof len);
        each.bytes.replace(at + 8, 4, request.substr(8, 4));
        at += std::max<size_t>((len + 3) / 4 * 4, 16);
      }
    }
    return static_cast<ssize_t>(size);
  };
  os.recvfrom = [](int, void *buffer, size_t size, int, struct sockaddr *from, socklen_t *from_len) -> ssize_t {
    errno = EAGAIN;
    if (kernel.pending.empty()) return -1;
    const Datagram datagram = kernel.pending.front();
    kernel.pending.erase(kernel.pending.begin());
    errno = datagram.error;
    if (datagram.error != 0) return -1;
    struct sockaddr_nl sender = {};
    sender.nl_family = AF_NETLINK;
    sender.nl_pid = datagram.port;
    EXPECT_EQ(*from_len, sizeof sender);
    memcpy(from, &sender, sizeof sender);
    memcpy(buffer, datagram.bytes.data(), std::min(size, datagram.bytes.size()));
    return static_cast<ssize_t>(datagram.bytes.size());
  };
  return os;
}

// ---- Its words

std::string Message(const std::string &payload, uint16_t flags = 2) {
  return sonde_test::message(20, payload, 1, flags);
}
Datagram Done(int error = 0) { return {sonde_test::message(3, bytes_of(static_cast<int32_t>(-error)))}; }
Datagram Error(int error) {
  return {sonde_test::message(2, bytes_of(static_cast<int32_t>(-error)) + std::string(16, '\0'))};
}

std::string Inet(uint32_t inode, int state = 1, int family = kInet) {
  return std::string({static_cast<char>(family), static_cast<char>(state), 0, 0}) + std::string("\x1f\x90\0\0", 4) +
         std::string("\x7f\0\0\1", 4) + std::string(28, '\0') + bytes_of(uint32_t{0}) + std::string(12, '\0') +
         bytes_of(uint32_t{1}) + bytes_of(uint32_t{2}) + bytes_of(uint32_t{1000}) + bytes_of(inode);
}

std::string Local(uint32_t inode, const std::string &name, uint32_t peer = 0) {
  std::string all = std::string({kUnix, 1, 1, 0}) + bytes_of(inode) + std::string(8, '\0');
  if (!name.empty()) all += attribute(0, name + std::string(1, '\0'));
  return peer == 0 ? all : all + attribute(2, bytes_of(peer));
}

// ---- The answer of the library

std::string Rows(const List<sonde_connection_list> &list) {
  std::string all;
  for (const sonde_connection &row : list) {
    all += row.status == SONDE_OK ? "" : std::string(sonde_status_name(row.status)) + " ";
    all += std::to_string(row.inode) + (row.family == SONDE_FAMILY_UNIX ? "'" + text(row.lpath) + "'" : "");
    if (row.rpath.len > 0) all += ">'" + text(row.rpath) + "'";
    if (row.tcp_info != nullptr) all += " info";
    all += "\n";
  }
  return all;
}

struct Answer {
  std::string rows, error;
  bool by_sock_diag = true;  // every row of TCP, UDP and raw sockets
};

Answer Ask(uint32_t kinds, bool of_self = false) {
  kernel.requests.clear();
  kernel.asked.clear();
  kernel.pending.clear();
  kernel.sockets = 0;
  const struct linux_os os = MadeUpOs();
  const sonde_os_override override = {"linux", &os};
  sonde_options options = {};
  options.os_override = &override;
  const Context context(&options);
  const Handle self(context, getpid());
  const auto before = sonde_test::open_descriptors();
  List<sonde_connection_list> list;
  const sonde_status status =
      of_self ? sonde_process_connections_get(self, &list, kinds) : sonde_connection_list_get(context, &list, kinds);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
  Answer answer;
  answer.error = context.error();
  if (status != SONDE_OK) answer.rows = sonde_status_name(status);
  if (status == SONDE_OK) answer.rows = Rows(list);
  for (const sonde_connection &row : list) {
    if (row.family == SONDE_FAMILY_UNIX || row.status != SONDE_OK) continue;
    answer.by_sock_diag &= (row.valid & SONDE_CONNECTION_VALID_INTERFACE) != 0;
  }
  return answer;
}

class LinuxConnectionDiag : public testing::Test {
 protected:
  void SetUp() override { kernel = Kernel(); }
};

TEST_F(LinuxConnectionDiag, Requests) {
  for (const auto &key : {std::make_pair(kInet, kTcp), std::make_pair(kInet6, kUdp), std::make_pair(kUnix, 0)}) {
    kernel.says[key] = {{Done()}};
  }
  const std::string rest(48, '\0'), all = bytes_of(UINT32_MAX);
  Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_UDP6 | SONDE_CONNECTION_UNIX);
  ASSERT_EQ(kernel.requests.size(), 3u);
  EXPECT_EQ(kernel.requests[0], std::string({kInet, kTcp, 0, 0}) + bytes_of(uint32_t{0x1ffe}) + rest);
  EXPECT_EQ(kernel.requests[1], std::string({kInet6, kUdp, 0x40, 0}) + all + rest) << "drops";
  EXPECT_EQ(kernel.requests[2], std::string({kUnix, 0, 0, 0}) + all + bytes_of(uint32_t{0}) + bytes_of(uint32_t{0x55}) +
                                    std::string(8, '\0'));
  EXPECT_EQ(kernel.sockets, 1u);
  Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_TCP_INFO);
  ASSERT_EQ(kernel.requests.size(), 1u);
  EXPECT_EQ(kernel.requests[0][2], 2);
}

TEST_F(LinuxConnectionDiag, Rows) {
  const std::string info = attribute(2, std::string(104, 'x'));
  const struct {
    const char *origin;
    Answers answers;
    std::string rows;
  } cases[] = {
      {"several in one datagram, and several datagrams",
       {{{Message(Inet(1)) + Message(Inet(2))}, {Message(Inet(3))}, Done()}},
       "1\n2\n3\n"},
      {"the end in the same datagram", {{{Message(Inet(1)) + Done().bytes}}}, "1\n"},
      {"none", {{Done()}}, ""},
      {"one that is not understood loses only itself",
       {{{Message(Inet(1)) + Message(Inet(2).substr(0, 71)) + Message(Inet(3))}, Done()}},
       "1\nSONDE_ERR_PARSE 0\n3\n"},
      {"an attribute that lies about its length",
       {{{Message(Inet(1) + bytes_of(uint16_t{200}) + bytes_of(uint16_t{2})) + Message(Inet(3))}, Done()}},
       "SONDE_ERR_PARSE 0\n3\n"},
      {"what TCP knows, and too little of it",
       {{{Message(Inet(1) + info) + Message(Inet(2) + attribute(2, "xy"))}, Done()}},
       "1 info\nSONDE_ERR_PARSE 2\n"},
      {"messages of other types, and for others",
       {{{sonde_test::message(21, Inet(9)) + Message(Inet(1))}, Done()}},
       "1\n"},
      {"another process says something", {{{Message(Inet(1))}, {Message(Inet(9)), 0, 4711}, Done()}}, "1\n"},
      {"another process says it is the end", {{{Done().bytes, 0, 4711}, {Message(Inet(1))}, Done()}}, "1\n"},
      {"interrupted by signals", {{{"", EINTR}, {Message(Inet(1))}, {"", EINTR}, Done()}}, "1\n"},
      {"changed meanwhile: asked again", {{{Message(Inet(1), 2 | 0x10)}, Done()}, {{Message(Inet(2))}, Done()}}, "2\n"},
      {"changed meanwhile, says the end",
       {{{Message(Inet(1))}, {sonde_test::message(3, bytes_of(int32_t{0}), 1, 0x12)}}, {{Message(Inet(2))}, Done()}},
       "2\n"},
      {"messages were lost: asked again",
       {{{Message(Inet(1))}, {"", ENOBUFS}, {Message(Inet(2))}, Done()}, {{Message(Inet(3))}, Done()}},
       "3\n"},
  };
  for (const auto &each : cases) {
    kernel = Kernel();
    kernel.says[{kInet, kTcp}] = each.answers;
    const Answer answer = Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_TCP_INFO);
    EXPECT_EQ(answer.rows, each.rows) << each.origin << ": " << answer.error;
  }
}

// TCP is not answered: its sockets are those of /proc/net, the others are not touched by that.
TEST_F(LinuxConnectionDiag, WhatItDoesNotAnswer) {
  const std::string lost = Message(Inet(1));
  const struct {
    const char *origin;
    std::vector<Datagram> answer;
    bool goes_on;  // UDP is asked for on the same socket
  } cases[] = {
      {"no module, an error", {Error(ENOENT)}, true},
      {"no module, at the end", {Done(ENOENT)}, true},
      {"before Linux 3.3", {Error(EINVAL)}, true},
      {"a security module", {Error(EACCES)}, true},
      {"not allowed", {{lost}, Error(EPERM)}, true},
      {"it ends early", {{lost}}, false},
      {"an I/O error", {{lost}, {"", EIO}}, false},
      {"an empty datagram", {{lost}, {""}}, false},
      {"garbage", {{lost}, {std::string(7, 'x')}}, false},
      {"a message that is longer than its datagram", {{lost.substr(0, lost.size() - 4)}}, false},
      {"a datagram over 64 KiB", {{std::string(70000, 'x')}}, false},
      {"an error that is none", {{sonde_test::message(2, bytes_of(int32_t{-5000}))}}, true},
      {"messages are lost for ever", std::vector<Datagram>(40, Datagram{"", ENOBUFS}), false},
  };
  for (const auto &each : cases) {
    kernel = Kernel();
    kernel.says[{kInet, kTcp}] = {each.answer};
    kernel.says[{kInet, kUdp}] = {{{Message(Inet(77))}, Done()}};
    const Answer answer = Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_UDP4);
    EXPECT_NE(answer.rows.substr(0, 5), "SONDE") << each.origin << answer.error;
    EXPECT_EQ(answer.rows.find("1\n77\n"), answer.rows.npos) << each.origin << ": half an answer stays";
    EXPECT_EQ(answer.rows.find("77\n") != answer.rows.npos, each.goes_on) << each.origin;
    EXPECT_EQ(kernel.requests.size(), each.goes_on ? 2u : 1u) << each.origin;
    EXPECT_NE(answer.error.substr(0, 8), "SONDE_OK") << each.origin << ": nothing says why fields are missing";
  }
  /* A table that is never at rest. */
  kernel = Kernel();
  kernel.says[{kInet, kTcp}] = {{{Message(Inet(1), 0x12)}, Done()}};
  EXPECT_NE(Ask(SONDE_CONNECTION_TCP4).rows, "1\n");
  EXPECT_EQ(kernel.requests.size(), 8u);
}

TEST_F(LinuxConnectionDiag, NoSocket) {
  for (const int code : {EPERM, EACCES, ENOSYS, EPROTONOSUPPORT, EAFNOSUPPORT, EINVAL}) {
    kernel = Kernel();
    kernel.no_socket = code;
    EXPECT_NE(Ask(SONDE_CONNECTION_TCP4).rows.substr(0, 5), "SONDE") << code;
    kernel = Kernel();
    kernel.no_send = code;
    EXPECT_NE(Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_UNIX).rows.substr(0, 5), "SONDE") << code;
    EXPECT_EQ(kernel.sockets, 1u);
  }
  for (const int code : {EMFILE, ENFILE}) {
    kernel.no_socket = code;
    EXPECT_EQ(Ask(SONDE_CONNECTION_TCP4).rows, "SONDE_ERR_OS") << "descriptors ran out: no table is short for that";
  }
  kernel.no_socket = ENOMEM;
  EXPECT_EQ(Ask(SONDE_CONNECTION_TCP4).rows, "SONDE_ERR_NO_MEMORY");
}

TEST_F(LinuxConnectionDiag, NamesOfPeers) {
  const std::string several = Message(Local(1, "/server", 2)) + Message(Local(2, "", 1)) + Message(Local(3, "", 99)) +
                              Message(Local(4, "/client", 5)) + Message(Local(5, "/server", 4)) +
                              Message(Local(6, "/self", 6)) + Message(Local(7, "x").substr(0, 12)) +
                              Message(Local(0, "", 0));
  kernel.says[{kInet, kTcp}] = {{{Message(Inet(1))}, Done()}};
  kernel.says[{kUnix, 0}] = {{{Message(Local(8, "/lost"), 0x12)}, Done()}, {{several}, Done()}};
  EXPECT_EQ(Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_UNIX).rows,
            "1\n1'/server'\n2''>'/server'\n3''\n4'/client'>'/server'\n5'/server'>'/client'\n6'/self'>'/self'\n"
            "SONDE_ERR_PARSE 0''\n0''\n");
}

// A process's own are picked out of all; the names of their peers come from the others.
TEST_F(LinuxConnectionDiag, OfAProcess) {
  int mine[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, mine), 0);
  struct stat info;
  ASSERT_EQ(fstat(mine[1], &info), 0);
  const uint32_t inode = static_cast<uint32_t>(info.st_ino);
  const std::string number = std::to_string(inode);
  kernel.says[{kInet, kTcp}] = {{{Message(Inet(1)) + Message(Inet(inode)) + Message(Inet(0))}, Done()}};
  kernel.says[{kUnix, 0}] = {{{Message(Local(1, "/peer")) + Message(Local(inode, "/mine", 1)) + Message("bad") +
                               Message(Local(2, "/other", inode))},
                              Done()}};
  EXPECT_EQ(Ask(SONDE_CONNECTION_TCP4 | SONDE_CONNECTION_UNIX, true).rows,
            number + "\n" + number + "'/mine'>'/peer'\nSONDE_ERR_PARSE 0''\n");
  close(mine[0]);
  close(mine[1]);
}

}  // namespace
