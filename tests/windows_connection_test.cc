// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "backends/windows/windows_backend.h"
#include "tests/support/allocations.h"
#include "tests/support/context.h"
#include "tests/support/windows_bytes.h"

namespace {

using sonde_test::Context;
using sonde_test::expect_no_memory_each_time;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::WindowsChild;

constexpr uint32_t kOwned = SONDE_CONNECTION_INET | SONDE_CONNECTION_OWNER;

std::string Address(const sonde_address &address) {
  char out[SONDE_ADDRESS_TEXT_MAX];
  return sonde_address_format(out, sizeof out, &address) > 0 ? out : "-";
}

std::string Describe(const sonde_connection &row) {
  return (row.type == SONDE_SOCKET_STREAM ? "tcp " : "udp ") + Address(row.laddr) + " " + Address(row.raddr) + " " +
         std::to_string(row.state);
}

/* ---- Own sockets ------------------------------------------------------------------------------------------------ */

class WindowsConnection : public ::testing::Test {
 protected:
  WindowsConnection() {
    WSADATA data;
    EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  }
  ~WindowsConnection() override {
    for (const SOCKET it : sockets_) closesocket(it);
    WSACleanup();
  }

  SOCKET Keep(SOCKET it) {
    EXPECT_NE(it, INVALID_SOCKET);
    sockets_.push_back(it);
    return it;
  }

  SOCKET Bound(int family, int type) {
    const SOCKET it = Keep(socket(family, type, 0));
    sockaddr_in v4 = {};
    sockaddr_in6 v6 = {};
    v4.sin_family = AF_INET, v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v6.sin6_family = AF_INET6, v6.sin6_addr.s6_addr[15] = 1;
    const bool is_v4 = family == AF_INET;
    EXPECT_EQ(bind(it, is_v4 ? reinterpret_cast<sockaddr *>(&v4) : reinterpret_cast<sockaddr *>(&v6),
                   is_v4 ? sizeof v4 : sizeof v6),
              0);
    return it;
  }

  SOCKET Listener(int family) {
    const SOCKET it = Bound(family, SOCK_STREAM);
    EXPECT_EQ(listen(it, 4), 0);
    return it;
  }

  static unsigned Port(SOCKET it) {
    sockaddr_in6 address = {};
    int len = sizeof address;
    EXPECT_EQ(getsockname(it, reinterpret_cast<sockaddr *>(&address), &len), 0);
    return ntohs(address.sin6_port); /* where that of IPv4 is, too */
  }

  SOCKET Connected(unsigned port) {
    const SOCKET it = Keep(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = {};
    address.sin_family = AF_INET, address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<u_short>(port));
    EXPECT_EQ(connect(it, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
    return it;
  }

  std::vector<SOCKET> sockets_;
};

std::string Local(const char *kind, const char *address, unsigned port, const std::string &rest) {
  return std::string(kind) + " " + address + ":" + std::to_string(port) + " " + rest;
}

TEST_F(WindowsConnection, OwnSockets) {
  const Context context;
  const SOCKET listener = Listener(AF_INET), listener6 = Listener(AF_INET6);
  const SOCKET udp = Bound(AF_INET, SOCK_DGRAM), udp6 = Bound(AF_INET6, SOCK_DGRAM);
  const SOCKET client = Connected(Port(listener));
  Keep(accept(listener, nullptr, nullptr));
  const std::string here = "127.0.0.1:";
  const std::set<std::string> expected = {
      Local("tcp", "127.0.0.1", Port(listener), "- 10"),
      Local("tcp", "[::1]", Port(listener6), "- 10"),
      Local("tcp", "127.0.0.1", Port(client), here + std::to_string(Port(listener)) + " 1"),
      Local("tcp", "127.0.0.1", Port(listener), here + std::to_string(Port(client)) + " 1"),
      Local("udp", "127.0.0.1", Port(udp), "- 0"),
      Local("udp", "[::1]", Port(udp6), "- 0"),
  };
  const sonde_pid own = GetCurrentProcessId();
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, kOwned), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  std::set<std::string> got;
  for (const sonde_connection &row : list) {
    if (row.pid != own) continue;
    got.insert(Describe(row));
    EXPECT_EQ(row.valid, uint64_t{SONDE_CONNECTION_VALID_OWNER}) << Describe(row);
    EXPECT_EQ(row.fd, -1) << Describe(row);
    EXPECT_EQ(row.tcp_info, nullptr);
  }
  EXPECT_EQ(got, expected);

  /* Without owners: the same sockets. */
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET), SONDE_OK) << context.error();
  got.clear();
  for (const sonde_connection &row : list) {
    got.insert(Describe(row));
    EXPECT_EQ(row.pid, SONDE_PID_UNKNOWN);
    EXPECT_EQ(row.valid, 0u);
  }
  for (const std::string &it : expected) EXPECT_EQ(got.count(it), 1u) << it;

  /* Each kind alone. */
  const struct {
    uint32_t kind;
    sonde_family family;
    sonde_socket_type type;
    size_t count;
  } kinds[] = {
      {SONDE_CONNECTION_TCP4, SONDE_FAMILY_INET, SONDE_SOCKET_STREAM, 3},
      {SONDE_CONNECTION_TCP6, SONDE_FAMILY_INET6, SONDE_SOCKET_STREAM, 1},
      {SONDE_CONNECTION_UDP4, SONDE_FAMILY_INET, SONDE_SOCKET_DGRAM, 1},
      {SONDE_CONNECTION_UDP6, SONDE_FAMILY_INET6, SONDE_SOCKET_DGRAM, 1},
  };
  const Handle self(context, own);
  for (const auto &kind : kinds) {
    ASSERT_EQ(sonde_process_connections_get(self, &list, kind.kind), SONDE_OK) << context.error();
    EXPECT_EQ(list.count, kind.count) << kind.kind;
    for (const sonde_connection &row : list) {
      EXPECT_EQ(row.family, kind.family);
      EXPECT_EQ(row.type, kind.type);
      EXPECT_EQ(row.pid, own) << "always with owner";
      EXPECT_EQ(row.valid, uint64_t{SONDE_CONNECTION_VALID_OWNER});
    }
  }
}

TEST_F(WindowsConnection, SocketsOfAChild) {
  WINDOWS_CHILD(child, {});
  const Context context;
  const Handle process(context, child.pid());
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_process_connections_get(process, &list, SONDE_CONNECTION_INET), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 0u);
  std::set<std::string> expected, got;
  const auto open = [&](const char *order) { return static_cast<unsigned>(child.number(order)); };
  expected.insert(Local("tcp", "127.0.0.1", open("open tcp4"), "- 10"));
  expected.insert(Local("tcp", "[::1]", open("open tcp6"), "- 10"));
  expected.insert(Local("udp", "127.0.0.1", open("open udp4"), "- 0"));
  expected.insert(Local("udp", "[::1]", open("open udp6"), "- 0"));
  Listener(AF_INET); /* not the child's */
  ASSERT_EQ(sonde_process_connections_get(process, &list, SONDE_CONNECTION_INET), SONDE_OK) << context.error();
  for (const sonde_connection &row : list) {
    got.insert(Describe(row));
    EXPECT_EQ(row.pid, static_cast<sonde_pid>(child.pid()));
  }
  EXPECT_EQ(got, expected);
  child.end();
  EXPECT_EQ(sonde_process_connections_get(process, &list, SONDE_CONNECTION_INET), SONDE_ERR_NO_PROCESS);
}

/* ---- Tables that are made up ------------------------------------------------------------------------------------ */

struct Tables {
  std::map<std::string, std::string> rows;         /* by "tcp 2": what follows the count */
  std::map<std::string, uint32_t> counts;          /* the count, where it is not that of the rows */
  std::map<std::string, std::vector<DWORD>> codes; /* of the first calls */
  std::map<std::string, size_t> calls;
};

Tables *tables;

DWORD Table(const std::string &name, void *out, DWORD *size, size_t row_size) {
  const size_t call = tables->calls[name]++;
  const std::vector<DWORD> &codes = tables->codes[name];
  if (call < codes.size() && codes[call] != NO_ERROR) {
    if (codes[call] == ERROR_INSUFFICIENT_BUFFER) *size += 1;
    return codes[call];
  }
  const std::string &rows = tables->rows[name];
  const uint64_t count = tables->counts.count(name) != 0 ? tables->counts[name] : rows.size() / row_size;
  const std::string bytes = LittleEndian(count, 4) + rows;
  if (bytes.size() > *size) {
    *size = static_cast<DWORD>(bytes.size());
    return ERROR_INSUFFICIENT_BUFFER;
  }
  memcpy(out, bytes.data(), bytes.size());
  return NO_ERROR;
}

DWORD WINAPI TcpTable(void *out, DWORD *size, BOOL sorted, ULONG family, TCP_TABLE_CLASS kind, ULONG reserved) {
  EXPECT_FALSE(sorted);
  EXPECT_EQ(kind, TCP_TABLE_OWNER_PID_ALL);
  EXPECT_EQ(reserved, 0u);
  return Table("tcp " + std::to_string(family), out, size, family == AF_INET ? 24 : 56);
}

DWORD WINAPI UdpTable(void *out, DWORD *size, BOOL sorted, ULONG family, UDP_TABLE_CLASS kind, ULONG reserved) {
  EXPECT_FALSE(sorted);
  EXPECT_EQ(kind, UDP_TABLE_OWNER_PID);
  EXPECT_EQ(reserved, 0u);
  return Table("udp " + std::to_string(family), out, size, family == AF_INET ? 12 : 28);
}

std::string Tcp4(uint32_t state, uint32_t pid) {
  const std::string end = std::string("\x7f\0\0\1\x1f\x90\xee\xee", 8);
  return LittleEndian(state, 4) + end + end + LittleEndian(pid, 4);
}

std::string Udp4(uint32_t pid) { return std::string("\x7f\0\0\1\0\x35\0\0", 8) + LittleEndian(pid, 4); }

class WindowsConnectionTables : public ::testing::Test {
 protected:
  WindowsConnectionTables() {
    tables = &made_up_;
    os_ = sondei_windows_os;
    os_.GetExtendedTcpTable = TcpTable;
    os_.GetExtendedUdpTable = UdpTable;
    options_.os_override = &override_;
    made_up_.rows["tcp 2"] = Tcp4(5, 4711) + Tcp4(11, 0) + Tcp4(12, 4) + Tcp4(99, UINT32_MAX);
    made_up_.rows["udp 2"] = Udp4(4) + Udp4(5);
  }

  Tables made_up_;
  struct windows_os os_;
  struct sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
};

TEST_F(WindowsConnectionTables, OwnersAndStates) {
  const Context context(&options_);
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, kOwned), SONDE_OK) << context.error();
  std::string all;
  for (const sonde_connection &row : list) {
    all += Describe(row) + " of " + std::to_string(row.pid) + (row.valid != 0 ? "\n" : " (nobody)\n");
  }
  EXPECT_EQ(all,
            "tcp 127.0.0.1:8080 127.0.0.1:8080 1 of 4711\n"
            "tcp 127.0.0.1:8080 127.0.0.1:8080 6 of -1 (nobody)\n"
            "tcp 127.0.0.1:8080 127.0.0.1:8080 12 of 4\n"
            "tcp 127.0.0.1:8080 127.0.0.1:8080 15 of 4294967295\n"
            "udp 127.0.0.1:53 - 0 of 4\n"
            "udp 127.0.0.1:53 - 0 of 5\n");
  EXPECT_EQ(list.bad, 0u);
  EXPECT_EQ(made_up_.calls.size(), 4u);
}

/* Windows has unix and raw sockets, and tells none. */
TEST_F(WindowsConnectionTables, KindsThatAreNotTold) {
  const Context context(&options_);
  List<sonde_connection_list> list;
  for (const uint32_t kinds : {uint32_t{SONDE_CONNECTION_UNIX}, uint32_t{SONDE_CONNECTION_RAW},
                               uint32_t{SONDE_CONNECTION_RAW6 | SONDE_CONNECTION_UNIX | SONDE_CONNECTION_OWNER}}) {
    EXPECT_EQ(sonde_connection_list_get(context, &list, kinds), SONDE_ERR_UNSUPPORTED) << kinds;
    EXPECT_NE(context.error().find("unix and raw sockets"), std::string::npos) << context.error();
  }
  EXPECT_EQ(made_up_.calls.size(), 0u);
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_ALL), SONDE_OK);
  EXPECT_EQ(list.count, 6u);
  EXPECT_EQ(list.bad, 0u);
  EXPECT_NE(context.error().find("ERR_UNSUPPORTED: "), std::string::npos) << context.error();
  EXPECT_NE(context.error().find("unix and raw sockets"), std::string::npos) << context.error();
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET), SONDE_OK);
  EXPECT_EQ(context.error().find("unix"), std::string::npos) << context.error();
}

TEST_F(WindowsConnectionTables, WithoutIpv6) {
  for (const char *const name : {"tcp 23", "udp 23"}) made_up_.codes[name].assign(100, ERROR_NOT_SUPPORTED);
  const Context context(&options_);
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 6u);
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET6), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 0u);
  made_up_.codes["tcp 2"].assign(100, ERROR_NOT_SUPPORTED);
  EXPECT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_INET), SONDE_ERR_UNSUPPORTED);
}

TEST_F(WindowsConnectionTables, TablesThatGrowMeanwhile) {
  made_up_.codes["tcp 2"] = {ERROR_INSUFFICIENT_BUFFER, static_cast<DWORD>(STATUS_UNSUCCESSFUL),
                             ERROR_INSUFFICIENT_BUFFER};
  const Context context(&options_);
  List<sonde_connection_list> list;
  ASSERT_EQ(sonde_connection_list_get(context, &list, kOwned), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 6u);
  EXPECT_EQ(made_up_.calls["tcp 2"], 4u);
  std::string many;
  for (uint32_t i = 0; i < 20000; i++) many += Udp4(i + 1);
  made_up_.rows["udp 2"] = many;
  ASSERT_EQ(sonde_connection_list_get(context, &list, SONDE_CONNECTION_UDP | SONDE_CONNECTION_OWNER), SONDE_OK);
  ASSERT_EQ(list.count, 20000u);
  EXPECT_EQ(list.rows[19999].pid, 20000);
}

/* Never a short list. */
TEST_F(WindowsConnectionTables, TablesThatAreRefused) {
  const struct {
    const char *name;
    DWORD code;
    sonde_status status;
    const char *text;
  } rows[] = {
      {"tcp 2", static_cast<DWORD>(STATUS_UNSUCCESSFUL), SONDE_ERR_OS, "GetExtendedTcpTable tcp4"},
      {"tcp 23", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS, "GetExtendedTcpTable tcp6: ERROR_ACCESS_DENIED"},
      {"udp 2", ERROR_NOT_ENOUGH_MEMORY, SONDE_ERR_NO_MEMORY, "GetExtendedUdpTable udp4: ERROR_NOT_ENOUGH_MEMORY"},
      {"udp 23", ERROR_INVALID_PARAMETER, SONDE_ERR_OS, "GetExtendedUdpTable udp6: ERROR_INVALID_PARAMETER"},
  };
  for (const auto &row : rows) {
    made_up_.codes.clear();
    made_up_.codes[row.name].assign(1000, row.code);
    const Context context(&options_);
    List<sonde_connection_list> list;
    EXPECT_EQ(sonde_connection_list_get(context, &list, kOwned), row.status) << row.name;
    EXPECT_NE(context.error().find(row.text), std::string::npos) << context.error();
    EXPECT_EQ(list.count, 0u);
  }
  made_up_.codes.clear();
  made_up_.counts["udp 2"] = UINT32_MAX;
  const Context context(&options_);
  List<sonde_connection_list> list;
  EXPECT_EQ(sonde_connection_list_get(context, &list, kOwned), SONDE_ERR_PARSE);
  EXPECT_NE(context.error().find("udp4"), std::string::npos) << context.error();
}

DWORD WINAPI RefusedWait(HANDLE, DWORD) {
  SetLastError(ERROR_ACCESS_DENIED);
  return WAIT_FAILED;
}

/* Of a process: its rows alone; none of those without owner. */
TEST_F(WindowsConnectionTables, OfOneProcess) {
  const Context context(&options_);
  const Handle self(context, GetCurrentProcessId());
  List<sonde_connection_list> list;
  made_up_.rows["tcp 2"] += Tcp4(2, GetCurrentProcessId());
  ASSERT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_INET), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 1u);
  EXPECT_EQ(list.rows[0].state, SONDE_STATE_LISTEN);
  made_up_.codes["tcp 2"].assign(1, ERROR_ACCESS_DENIED);
  made_up_.calls.clear();
  EXPECT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_INET), SONDE_ERR_ACCESS);
  os_.WaitForSingleObject = RefusedWait;
  EXPECT_EQ(sonde_process_connections_get(self, &list, SONDE_CONNECTION_INET), SONDE_ERR_ACCESS);
}

/* Another backend opened the process: there is no handle to tell whether it is still the same. */
TEST_F(WindowsConnectionTables, OfAProcessThatAnotherBackendOpened) {
  sonde_process_ops ops = {};
  sonde_backend other = {};
  ops.handle_size = 1;
  ops.open = [](sonde_env *, void *, sonde_process_ref *) { return SONDE_OK; };
  ops.close = [](sonde_env *, void *, sonde_process_ref *) {};
  ops.is_running = [](sonde_env *, void *, bool *out, sonde_process_ref *) {
    *out = true;
    return SONDE_OK;
  };
  ops.read = [](sonde_env *, void *, sonde_fill *, sonde_process_ref *, uint64_t) { return SONDE_ERR_UNSUPPORTED; };
  other.abi = SONDE_BACKEND_ABI, other.name = "other", other.priority = 1, other.process = &ops;
  const sonde_backend *const backends[] = {&other, &sondei_backend_windows};
  options_.backends = backends, options_.num_backends = 2;
  const Context context(&options_);
  const Handle process(context, GetCurrentProcessId());
  List<sonde_connection_list> list;
  EXPECT_EQ(sonde_process_connections_get(process, &list, SONDE_CONNECTION_INET), SONDE_ERR_UNSUPPORTED);
  EXPECT_NE(context.error().find("find the handle"), std::string::npos) << context.error();
}

TEST_F(WindowsConnectionTables, OutOfMemory) {
  expect_no_memory_each_time(options_, [&](sonde *context) {
    List<sonde_connection_list> list;
    made_up_.calls.clear();
    made_up_.codes["tcp 2"] = {ERROR_INSUFFICIENT_BUFFER};
    return sonde_connection_list_get(context, &list, kOwned);
  });
}

}  // namespace
