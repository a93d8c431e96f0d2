// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/context.h"
#include "tests/support/windows_adapter_bytes.h"

namespace {

constexpr uint64_t kTraffic = SONDE_NET_IO_BYTES | SONDE_NET_IO_PACKETS | SONDE_NET_IO_ERRIN | SONDE_NET_IO_ERROUT |
                              SONDE_NET_IO_DROPIN | SONDE_NET_IO_DROPOUT;

using sonde_test::AdapterBytes;
using sonde_test::Context;
using sonde_test::expect_no_memory_each_time;
using sonde_test::List;
using sonde_test::sockaddr4;
using sonde_test::sockaddr6;
using sonde_test::text;

std::string Address(const sonde_address &address) {
  char out[SONDE_ADDRESS_TEXT_MAX];
  return sonde_address_format(out, sizeof out, &address) > 0 ? out : "-";
}

std::string Narrow(const wchar_t *wide) {
  std::string out;
  for (; *wide != L'\0'; wide++) out.push_back(*wide < 0x80 ? static_cast<char>(*wide) : '?');
  return out;
}

/* ---- This machine, asked another way --------------------------------------------------------------------------- */

std::map<uint32_t, MIB_IF_ROW2> IfTable() {
  std::map<uint32_t, MIB_IF_ROW2> out;
  MIB_IF_TABLE2 *table = nullptr;
  EXPECT_EQ(GetIfTable2(&table), static_cast<DWORD>(NO_ERROR));
  if (table == nullptr) return out;
  for (ULONG i = 0; i < table->NumEntries; i++) out[table->Table[i].InterfaceIndex] = table->Table[i];
  FreeMibTable(table);
  return out;
}

std::string Hardware(const MIB_IF_ROW2 &row) {
  sonde_address address = {};
  if (row.PhysicalAddressLength == 0) return "-";
  address.family = SONDE_FAMILY_LINK;
  address.len = static_cast<uint8_t>(row.PhysicalAddressLength);
  memcpy(address.bytes, row.PhysicalAddress, row.PhysicalAddressLength);
  return Address(address);
}

TEST(WindowsNet, PropertiesAreThoseOfTheTableOfInterfaces) {
  const Context context;
  List<sonde_net_if_stats_list> list;
  ASSERT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_OK) << context.error();
  const auto table = IfTable();
  ASSERT_GT(list.count, 0u);
  EXPECT_EQ(list.bad, 0u) << context.error();
  for (const sonde_net_if_stats &row : list) {
    ASSERT_EQ(table.count(row.index), 1u) << text(row.name);
    const MIB_IF_ROW2 &entry = table.at(row.index);
    EXPECT_EQ(text(row.name), Narrow(entry.Alias));
    EXPECT_EQ(row.isup, entry.OperStatus == IfOperStatusUp && entry.AdminStatus == NET_IF_ADMIN_STATUS_UP);
    EXPECT_EQ(text(row.operstate) == "up", entry.OperStatus == IfOperStatusUp) << text(row.name);
    EXPECT_EQ(row.mtu, entry.Mtu) << text(row.name);
    EXPECT_EQ(row.speed, entry.TransmitLinkSpeed) << text(row.name);
    EXPECT_EQ(Address(row.hwaddr), Hardware(entry)) << text(row.name);
    EXPECT_EQ(row.valid & (SONDE_NET_IF_STATS_DUPLEX | SONDE_NET_IF_STATS_FLAGS), 0u) << text(row.name);
  }
}

TEST(WindowsNet, TrafficLiesBetweenTwoReadings) {
  const Context context;
  List<sonde_net_io_list> list;
  const auto before = IfTable();
  ASSERT_EQ(sonde_net_io_list_get(context, &list), SONDE_OK) << context.error();
  const auto after = IfTable();
  ASSERT_GT(list.count, 0u);
  EXPECT_EQ(list.bad, 0u) << context.error();
  size_t found = 0;
  for (const sonde_net_io &row : list) {
    EXPECT_EQ(row.valid, kTraffic);
    for (const auto &[index, entry] : before) {
      if (Narrow(entry.Alias) != text(row.name)) continue;
      const MIB_IF_ROW2 &later = after.at(index);
      found++;
      const auto lies_between = [&](uint64_t value, ULONG64 MIB_IF_ROW2::*first, ULONG64 MIB_IF_ROW2::*second) {
        const uint64_t low = entry.*first + (second != nullptr ? entry.*second : 0);
        const uint64_t high = later.*first + (second != nullptr ? later.*second : 0);
        EXPECT_TRUE(low <= value && value <= high) << text(row.name) << ": " << low << " " << value << " " << high;
      };
      lies_between(row.bytes_recv, &MIB_IF_ROW2::InOctets, nullptr);
      lies_between(row.bytes_sent, &MIB_IF_ROW2::OutOctets, nullptr);
      lies_between(row.packets_recv, &MIB_IF_ROW2::InUcastPkts, &MIB_IF_ROW2::InNUcastPkts);
      lies_between(row.packets_sent, &MIB_IF_ROW2::OutUcastPkts, &MIB_IF_ROW2::OutNUcastPkts);
      lies_between(row.errin, &MIB_IF_ROW2::InErrors, nullptr);
      lies_between(row.errout, &MIB_IF_ROW2::OutErrors, nullptr);
      lies_between(row.dropin, &MIB_IF_ROW2::InDiscards, nullptr);
      lies_between(row.dropout, &MIB_IF_ROW2::OutDiscards, nullptr);
    }
  }
  EXPECT_EQ(found, list.count);
}

TEST(WindowsNet, AddressesAreThoseOfTheTableOfAddresses) {
  const Context context;
  List<sonde_net_if_addr_list> list;
  std::set<std::string> expected, got;
  MIB_UNICASTIPADDRESS_TABLE *table = nullptr;
  ASSERT_EQ(GetUnicastIpAddressTable(AF_UNSPEC, &table), static_cast<DWORD>(NO_ERROR));
  for (ULONG i = 0; i < table->NumEntries; i++) {
    const MIB_UNICASTIPADDRESS_ROW &row = table->Table[i];
    sonde_address address = {};
    const bool is_v4 = row.Address.si_family == AF_INET;
    address.family = is_v4 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
    address.len = is_v4 ? 4 : 16;
    memcpy(address.bytes, is_v4 ? static_cast<const void *>(&row.Address.Ipv4.sin_addr) : &row.Address.Ipv6.sin6_addr,
           address.len);
    if (!is_v4) address.scope_id = row.Address.Ipv6.sin6_scope_id;
    expected.insert(std::to_string(row.InterfaceIndex) + " " + Address(address) + "/" +
                    std::to_string(row.OnLinkPrefixLength));
  }
  FreeMibTable(table);
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u) << context.error();
  const auto interfaces = IfTable();
  std::set<std::string> names, expected_names;
  for (const sonde_net_if_addr &row : list) {
    names.insert(text(row.name));
    ASSERT_EQ(interfaces.count(row.index), 1u);
    EXPECT_EQ(text(row.name), Narrow(interfaces.at(row.index).Alias));
    if (row.address.family == SONDE_FAMILY_LINK) {
      EXPECT_EQ(Address(row.address), Hardware(interfaces.at(row.index)));
    }
    if (row.address.family != SONDE_FAMILY_INET && row.address.family != SONDE_FAMILY_INET6) continue;
    got.insert(std::to_string(row.index) + " " + Address(row.address) + "/" + std::to_string(row.prefix_len));
  }
  EXPECT_EQ(got, expected);

  /* The lists agree on what interfaces there are. */
  List<sonde_net_io_list> io;
  List<sonde_net_error_list> errors;
  ASSERT_EQ(sonde_net_io_list_get(context, &io), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_net_error_list_get(context, &errors), SONDE_OK) << context.error();
  for (const sonde_net_io &row : io) expected_names.insert(text(row.name));
  EXPECT_EQ(names, expected_names);
  EXPECT_EQ(errors.count, io.count);
}

/* Under Wine the interfaces are those of the Linux below it. */
TEST(WindowsNet, UnderWineInterfacesAreThoseOfLinux) {
  std::map<std::string, std::string> expected, got;
  WIN32_FIND_DATAW entry;
  const HANDLE folder = FindFirstFileW(L"Z:\\sys\\class\\net\\*", &entry);
  if (folder == INVALID_HANDLE_VALUE) GTEST_SKIP() << "this is not Wine";
  do {
    char mtu[32] = "";
    DWORD len = 0;
    const std::wstring path = std::wstring(L"Z:\\sys\\class\\net\\") + entry.cFileName + L"\\mtu";
    const HANDLE file = CreateFileW(path.c_str(), GENERIC_READ, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
    if (file == INVALID_HANDLE_VALUE) continue;
    if (ReadFile(file, mtu, sizeof mtu - 1, &len, nullptr))
      expected[Narrow(entry.cFileName)] = std::to_string(atol(mtu));
    CloseHandle(file);
  } while (FindNextFileW(folder, &entry));
  FindClose(folder);
  const Context context;
  List<sonde_net_if_stats_list> list;
  ASSERT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_OK) << context.error();
  for (const sonde_net_if_stats &row : list) got[text(row.name)] = std::to_string(row.mtu);
  EXPECT_EQ(got, expected);
}

class Winsock {
 public:
  Winsock() {
    WSADATA data;
    EXPECT_EQ(WSAStartup(MAKEWORD(2, 2), &data), 0);
  }
  ~Winsock() { WSACleanup(); }
};

std::map<std::string, int64_t> Protocols(sonde *context) {
  std::map<std::string, int64_t> out;
  List<sonde_net_protocol_list> list;
  EXPECT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_OK) << sonde_test::last_error(context);
  EXPECT_EQ(list.bad, 0u) << sonde_test::last_error(context);
  for (const sonde_net_protocol &row : list) out[text(row.protocol) + " " + text(row.name)] = row.value;
  return out;
}

TEST(WindowsNet, OwnTrafficIsCounted) {
  const Winsock winsock;
  const Context context;
  const std::string datagram(1000, 'x');
  const auto before = Protocols(context);
  sockaddr_in address = {};
  int len = sizeof address;
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const SOCKET receiver = socket(AF_INET, SOCK_DGRAM, 0), sender = socket(AF_INET, SOCK_DGRAM, 0);
  ASSERT_EQ(bind(receiver, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
  ASSERT_EQ(getsockname(receiver, reinterpret_cast<sockaddr *>(&address), &len), 0);
  for (int i = 0; i < 20; i++) {
    char received[1000];
    ASSERT_EQ(sendto(sender, datagram.data(), 1000, 0, reinterpret_cast<sockaddr *>(&address), sizeof address), 1000);
    ASSERT_EQ(recv(receiver, received, sizeof received, 0), 1000);
  }
  closesocket(sender);
  closesocket(receiver);
  const auto after = Protocols(context);
  for (const char *const name : {"Udp OutDatagrams", "Udp InDatagrams", "Ip OutRequests", "Ip InReceives"}) {
    ASSERT_EQ(before.count(name), 1u) << name;
    EXPECT_GE(after.at(name), before.at(name) + 20) << name;
  }
  for (const char *const name : {"Tcp MaxConn", "Tcp6 InSegs", "Icmp InMsgs", "Icmp6 OutErrors", "Ip6 NumAddr"}) {
    EXPECT_EQ(after.count(name), 1u) << name;
  }
}

/* ---- A machine that is made up --------------------------------------------------------------------------------- */

struct Machine {
  std::function<void(AdapterBytes &)> adapters;
  std::vector<ULONG> adapter_codes;  // for the first calls
  std::map<uint32_t, MIB_IF_ROW2> entries;
  std::map<uint32_t, DWORD> entry_codes;
  std::map<std::string, ULONG> statistics_codes;  // by function and family: "tcp2 2"
  size_t num_adapter_calls = 0, num_unfreed = 0;
};

Machine *machine;

ULONG WINAPI Adapters(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *out, ULONG *size) {
  EXPECT_EQ(family, static_cast<ULONG>(AF_UNSPEC));
  EXPECT_EQ(flags & GAA_FLAG_SKIP_UNICAST, 0u);
  EXPECT_EQ(flags & GAA_FLAG_SKIP_FRIENDLY_NAME, 0u);
  EXPECT_EQ(reserved, nullptr);
  const size_t call = machine->num_adapter_calls++;
  if (call < machine->adapter_codes.size() && machine->adapter_codes[call] != NO_ERROR) {
    return machine->adapter_codes[call];
  }
  AdapterBytes bytes(reinterpret_cast<uintptr_t>(out), sizeof(void *));
  machine->adapters(bytes);
  if (bytes.bytes.size() > *size) {
    *size = static_cast<ULONG>(bytes.bytes.size());
    return ERROR_BUFFER_OVERFLOW;
  }
  memcpy(out, bytes.bytes.data(), bytes.bytes.size());
  return NO_ERROR;
}

DWORD WINAPI Entry(MIB_IF_ROW2 *row) {
  const uint32_t index = row->InterfaceIndex;
  if (machine->entry_codes.count(index) != 0) return machine->entry_codes[index];
  *row = machine->entries[index];
  return NO_ERROR;
}

template <typename T>
ULONG Statistics(const char *name, T *out, ULONG family) {
  memset(out, 0x11, sizeof *out);
  const auto code = machine->statistics_codes.find(std::string(name) + " " + std::to_string(family));
  return code == machine->statistics_codes.end() ? NO_ERROR : code->second;
}

ULONG WINAPI Ip(MIB_IPSTATS *out, ULONG family) { return Statistics("ip", out, family); }
ULONG WINAPI Icmp(MIB_ICMP_EX *out, ULONG family) {
  const ULONG code = Statistics("icmp", out, family);
  memset(out, 0, sizeof *out);
  out->icmpInStats.dwMsgs = 6, out->icmpInStats.dwErrors = 1, out->icmpOutStats.dwMsgs = UINT32_MAX;
  out->icmpInStats.rgdwTypeCount[0] = 1, out->icmpInStats.rgdwTypeCount[11] = 2;
  out->icmpInStats.rgdwTypeCount[255] = 3, out->icmpOutStats.rgdwTypeCount[100] = UINT32_MAX;
  return code;
}
ULONG WINAPI Tcp(MIB_TCPSTATS *out, ULONG family) {
  const ULONG code = Statistics("tcp", out, family);
  out->dwMaxConn = UINT32_MAX, out->dwInSegs = 7;
  return code;
}
ULONG WINAPI Udp(MIB_UDPSTATS *out, ULONG family) {
  const ULONG code = Statistics("udp", out, family);
  out->dwInDatagrams = 8;
  return code;
}
ULONG WINAPI Tcp2(struct windows_tcp_statistics *out, ULONG family) {
  const ULONG code = Statistics("tcp2", out, family);
  out->MaxConn = UINT32_MAX, out->InSegs = UINT64_C(1) << 40, out->OutSegs = UINT64_C(1) << 63;
  return code;
}
ULONG WINAPI Udp2(struct windows_udp_statistics *out, ULONG family) {
  const ULONG code = Statistics("udp2", out, family);
  out->InDatagrams = (UINT64_C(1) << 63) - 1;
  return code;
}

class WindowsNetMachine : public ::testing::Test {
 protected:
  WindowsNetMachine() {
    machine = &made_up_;
    os_ = sondei_windows_os;
    os_.GetAdaptersAddresses = Adapters;
    os_.GetIfEntry2 = Entry;
    os_.GetIpStatisticsEx = Ip;
    os_.GetIcmpStatisticsEx = Icmp;
    os_.GetTcpStatisticsEx = Tcp;
    os_.GetUdpStatisticsEx = Udp;
    os_.GetTcpStatisticsEx2 = Tcp2;
    os_.GetUdpStatisticsEx2 = Udp2;
    options_.os_override = &override_;
    made_up_.adapters = [](AdapterBytes &it) {
      AdapterBytes::Adapter loopback, ethernet, tunnel, unplugged, ppp;
      loopback.type = IF_TYPE_SOFTWARE_LOOPBACK, loopback.name = "Loopback Pseudo-Interface 1";
      loopback.hwaddr = "", loopback.hwaddr_len = 0;
      ethernet.index = 12, ethernet.name = "Ethernet";
      tunnel.index = 3, tunnel.type = IF_TYPE_TUNNEL, tunnel.name = "Tunnel", tunnel.hwaddr_len = 0;
      unplugged.index = 4, unplugged.name = "Nothing", unplugged.hwaddr_len = 0;
      ppp.index = 5, ppp.type = IF_TYPE_PPP, ppp.name = "Ppp", ppp.hwaddr_len = 0;
      it.add(loopback);
      it.add_address(sockaddr4(std::string("\x7f\0\0\1", 4)), 8);
      it.add_address(sockaddr6(std::string(15, '\0') + "\1", 0), 128);
      it.add(ethernet);
      it.add_address(sockaddr4(std::string("\xc0\0\2\7", 4)), 24);
      it.add_address(sockaddr6(std::string("\xfe\x80", 2) + std::string(13, '\0') + "\1", 12), 64);
      it.add_address(sockaddr4(std::string("\xc0\0\2\7", 4)), 255);
      it.add_address(sockaddr4(std::string("\xc0\0\2\7", 4)), 33);
      it.add(tunnel);
      it.add_address(sockaddr4(std::string("\x0a\0\0\1", 4)), 24);
      it.add(unplugged);
      it.add(ppp);
      it.add_address(sockaddr4(std::string("\x0a\1\0\1", 4)), 24);
    };
  }

  Machine made_up_;
  struct windows_os os_;
  struct sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
};

TEST_F(WindowsNetMachine, Addresses) {
  const Context context(&options_);
  List<sonde_net_if_addr_list> list;
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_OK) << context.error();
  std::string all;
  for (const sonde_net_if_addr &row : list) {
    all += std::to_string(row.index) + " " + text(row.name) + ": " +
           (row.status == SONDE_OK ? "" : sonde_status_name(row.status)) + Address(row.address) + "/" +
           std::to_string(row.prefix_len) + " " + Address(row.netmask) + " " + Address(row.broadcast) + " " +
           Address(row.ptp) + "\n";
  }
  EXPECT_EQ(all,
            "1 Loopback Pseudo-Interface 1: 127.0.0.1/8 255.0.0.0 - -\n"
            "1 Loopback Pseudo-Interface 1: ::1/128 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff - -\n"
            "12 Ethernet: 52:54:00:12:34:56/0 - - -\n"
            "12 Ethernet: 192.0.2.7/24 255.255.255.0 192.0.2.255 -\n"
            "12 Ethernet: fe80::1%12/64 ffff:ffff:ffff:ffff:: - -\n"
            "12 Ethernet: 192.0.2.7/0 - - -\n"
            "12 Ethernet: SONDE_ERR_PARSE-/0 - - -\n"
            "3 Tunnel: 10.0.0.1/24 255.255.255.0 - -\n"
            "4 Nothing: -/0 - - -\n"
            "5 Ppp: 10.1.0.1/24 255.255.255.0 - -\n");
  EXPECT_EQ(list.bad, 1u);
  EXPECT_NE(context.error().find("ERR_PARSE"), std::string::npos) << context.error();
}

/* One adapter that is not understood loses none of the others. */
TEST_F(WindowsNetMachine, ABadAdapterIsABadRow) {
  made_up_.adapters = [](AdapterBytes &it) {
    AdapterBytes::Adapter bad, good;
    bad.name = "bad", bad.hwaddr_len = 20;
    good.index = 2, good.name = "good";
    it.add(bad);
    it.add(good);
  };
  const Context context(&options_);
  List<sonde_net_if_addr_list> addresses;
  List<sonde_net_io_list> io;
  List<sonde_net_if_stats_list> stats;
  List<sonde_net_error_list> errors;
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &addresses), SONDE_OK);
  ASSERT_EQ(sonde_net_io_list_get(context, &io), SONDE_OK);
  ASSERT_EQ(sonde_net_if_stats_list_get(context, &stats), SONDE_OK);
  ASSERT_EQ(sonde_net_error_list_get(context, &errors), SONDE_OK);
  const auto check = [&](const auto &list) {
    ASSERT_EQ(list.count, 2u);
    EXPECT_EQ(list.bad, 1u);
    EXPECT_EQ(text(list.rows[0].name), "bad");
    EXPECT_EQ(list.rows[0].status, SONDE_ERR_PARSE);
    EXPECT_EQ(text(list.rows[1].name), "good");
    EXPECT_EQ(list.rows[1].status, SONDE_OK);
  };
  check(addresses);
  check(io);
  check(stats);
  check(errors);
  EXPECT_EQ(io.rows[0].valid | stats.rows[0].valid | errors.rows[0].valid, 0u);
}

TEST_F(WindowsNetMachine, Traffic) {
  MIB_IF_ROW2 &entry = made_up_.entries[12];
  entry.InOctets = UINT64_MAX, entry.OutOctets = 1;
  entry.InUcastPkts = 2, entry.InNUcastPkts = 3, entry.OutUcastPkts = 4, entry.OutNUcastPkts = 5;
  entry.InErrors = 6, entry.OutErrors = 7, entry.InDiscards = 8, entry.OutDiscards = 9, entry.InUnknownProtos = 10;
  made_up_.entries[3].InUcastPkts = UINT64_MAX, made_up_.entries[3].InNUcastPkts = 1;
  made_up_.entries[5].OutUcastPkts = UINT64_MAX, made_up_.entries[5].OutNUcastPkts = 1;
  made_up_.entry_codes[1] = ERROR_ACCESS_DENIED;
  made_up_.entry_codes[4] = ERROR_FILE_NOT_FOUND; /* it has gone meanwhile */
  const Context context(&options_);
  List<sonde_net_io_list> list;
  List<sonde_net_error_list> errors;
  ASSERT_EQ(sonde_net_io_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 4u);
  EXPECT_EQ(list.bad, 1u);
  EXPECT_EQ(text(list.rows[0].name), "Loopback Pseudo-Interface 1");
  EXPECT_EQ(list.rows[0].status, SONDE_ERR_ACCESS);
  EXPECT_EQ(list.rows[0].valid, 0u);
  EXPECT_NE(context.error().find("GetIfEntry2 Loopback Pseudo-Interface 1: ERROR_ACCESS_DENIED"), std::string::npos)
      << context.error();
  const sonde_net_io &row = list.rows[1];
  EXPECT_EQ(text(row.name), "Ethernet");
  EXPECT_EQ(row.valid, kTraffic);
  EXPECT_EQ(row.bytes_recv, UINT64_MAX);
  EXPECT_EQ(row.bytes_sent, 1u);
  EXPECT_EQ(row.packets_recv, 5u);
  EXPECT_EQ(row.packets_sent, 9u);
  EXPECT_EQ(row.errin, 6u);
  EXPECT_EQ(row.errout, 7u);
  EXPECT_EQ(row.dropin, 8u);
  EXPECT_EQ(row.dropout, 9u);
  /* A sum that 64 bits do not hold is not told. */
  for (const size_t i : {size_t{2}, size_t{3}}) {
    EXPECT_EQ(list.rows[i].valid & SONDE_NET_IO_PACKETS, 0u);
    EXPECT_EQ(list.rows[i].packets_recv | list.rows[i].packets_sent, 0u);
  }
  made_up_.entry_codes[4] = ERROR_NOT_FOUND;
  ASSERT_EQ(sonde_net_error_list_get(context, &errors), SONDE_OK) << context.error();
  ASSERT_EQ(errors.count, 4u);
  EXPECT_EQ(errors.rows[0].status, SONDE_ERR_ACCESS);
  EXPECT_EQ(text(errors.rows[1].name), "Ethernet");
  EXPECT_EQ(errors.rows[1].index, 12u);
  EXPECT_EQ(errors.rows[1].valid, uint64_t{SONDE_NET_ERROR_NO_HANDLER});
  EXPECT_EQ(errors.rows[1].rx_no_handler, 10u);
}

TEST_F(WindowsNetMachine, Properties) {
  const struct {
    const char *origin;
    NET_IF_ADMIN_STATUS admin;
    IF_OPER_STATUS oper;
    ULONG mtu;
    ULONG64 speed;
    bool isup;
    const char *operstate;
    bool has_mtu, has_speed;
  } rows[] = {
      {"as it should be", NET_IF_ADMIN_STATUS_UP, IfOperStatusUp, 1500, 1000000000, true, "up", true, true},
      {"switched off while it still works", NET_IF_ADMIN_STATUS_DOWN, IfOperStatusUp, 1, 1, false, "up", true, true},
      {"no cable; a speed of -1 in 64 bits", NET_IF_ADMIN_STATUS_UP, IfOperStatusDown, 1500, UINT64_MAX, false, "down",
       true, false},
      {"a speed of -1 in 32 bits", NET_IF_ADMIN_STATUS_UP, IfOperStatusTesting, 1500, UINT32_MAX, false, "testing",
       true, false},
      {"more than 32 bits", NET_IF_ADMIN_STATUS_UP, IfOperStatusUnknown, 1500, UINT64_C(400000000000), false, "unknown",
       true, true},
      {"no speed, no MTU", NET_IF_ADMIN_STATUS_TESTING, IfOperStatusDormant, 0, 0, false, "dormant", false, false},
      {"no limit", NET_IF_ADMIN_STATUS_UP, IfOperStatusNotPresent, UINT32_MAX, 0, false, "notpresent", false, false},
      {"below", NET_IF_ADMIN_STATUS_UP, IfOperStatusLowerLayerDown, 1, 0, false, "lowerlayerdown", true, false},
      {"a state that is new", NET_IF_ADMIN_STATUS_UP, static_cast<IF_OPER_STATUS>(8), 1, 0, false, "", true, false},
      {"no state", NET_IF_ADMIN_STATUS_UP, static_cast<IF_OPER_STATUS>(0), 1, 0, false, "", true, false},
  };
  const Context context(&options_);
  for (const auto &row : rows) {
    List<sonde_net_if_stats_list> list;
    MIB_IF_ROW2 &entry = made_up_.entries[12];
    entry = {};
    entry.AdminStatus = row.admin, entry.OperStatus = row.oper, entry.Mtu = row.mtu;
    entry.TransmitLinkSpeed = row.speed, entry.ReceiveLinkSpeed = 4711;
    entry.PhysicalAddressLength = 6;
    memcpy(entry.PhysicalAddress, "\x02\0\0\0\0\1", 6);
    ASSERT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_OK) << context.error();
    ASSERT_EQ(list.count, 5u);
    const sonde_net_if_stats &got = list.rows[1];
    EXPECT_EQ(got.status, SONDE_OK) << row.origin;
    EXPECT_EQ(text(got.name), "Ethernet") << row.origin;
    EXPECT_EQ(got.index, 12u) << row.origin;
    EXPECT_EQ(got.isup, row.isup) << row.origin;
    EXPECT_EQ(text(got.operstate), row.operstate) << row.origin;
    EXPECT_EQ(got.mtu, row.has_mtu ? row.mtu : 0) << row.origin;
    EXPECT_EQ(got.speed, row.has_speed ? row.speed : 0) << row.origin;
    EXPECT_EQ(Address(got.hwaddr), "02:00:00:00:00:01") << row.origin;
    uint64_t valid = SONDE_NET_IF_STATS_ISUP | SONDE_NET_IF_STATS_INDEX;
    if (row.has_mtu) valid |= SONDE_NET_IF_STATS_MTU;
    if (row.has_speed) valid |= SONDE_NET_IF_STATS_SPEED;
    EXPECT_EQ(got.valid, valid) << row.origin;
    EXPECT_EQ(got.duplex, SONDE_DUPLEX_UNKNOWN);
  }
  List<sonde_net_if_stats_list> list;
  made_up_.entries[12].PhysicalAddressLength = 33;
  made_up_.entries[3].PhysicalAddressLength = 32;
  ASSERT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.rows[1].status, SONDE_ERR_PARSE);
  EXPECT_EQ(list.rows[1].hwaddr.family, SONDE_FAMILY_NONE);
  EXPECT_EQ(list.rows[2].hwaddr.len, 32);
}

TEST_F(WindowsNetMachine, NoAdaptersIsNoFailure) {
  made_up_.adapter_codes.assign(4, ERROR_NO_DATA);
  const Context context(&options_);
  List<sonde_net_if_addr_list> addresses;
  List<sonde_net_io_list> io;
  List<sonde_net_if_stats_list> stats;
  List<sonde_net_error_list> errors;
  EXPECT_EQ(sonde_net_if_addr_list_get(context, &addresses), SONDE_OK);
  EXPECT_EQ(sonde_net_io_list_get(context, &io), SONDE_OK);
  EXPECT_EQ(sonde_net_if_stats_list_get(context, &stats), SONDE_OK);
  EXPECT_EQ(sonde_net_error_list_get(context, &errors), SONDE_OK);
  EXPECT_EQ(addresses.count + io.count + stats.count + errors.count, 0u);
}

TEST_F(WindowsNetMachine, AdaptersThatGrowMeanwhile) {
  made_up_.adapter_codes = {ERROR_BUFFER_OVERFLOW, ERROR_BUFFER_OVERFLOW, ERROR_INSUFFICIENT_BUFFER};
  const Context context(&options_);
  List<sonde_net_if_addr_list> list;
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 10u);
  EXPECT_EQ(made_up_.num_adapter_calls, 4u);

  /* More than the first buffer holds. */
  made_up_.adapters = [](AdapterBytes &it) {
    AdapterBytes::Adapter adapter;
    for (uint32_t i = 1; i <= 1000; i++) {
      adapter.index = i, adapter.name = "Ethernet " + std::to_string(i);
      it.add(adapter);
      it.add_address(sockaddr4("\x0a\1\1\1"), 24);
    }
  };
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.count, 2000u);
  EXPECT_EQ(list.bad, 0u);
  EXPECT_EQ(text(list.rows[1999].name), "Ethernet 1000");
  const size_t calls = made_up_.num_adapter_calls;
  ASSERT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(made_up_.num_adapter_calls, calls + 1) << "the buffer was not kept";
}

/* Never a short list: where they grow without end, the call fails. */
TEST_F(WindowsNetMachine, AdaptersThatAreRefused) {
  const struct {
    ULONG code;
    sonde_status status;
    const char *name;
  } rows[] = {
      {ERROR_BUFFER_OVERFLOW, SONDE_ERR_OS, "GetAdaptersAddresses"},
      {ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS, "GetAdaptersAddresses: ERROR_ACCESS_DENIED"},
      {ERROR_NOT_ENOUGH_MEMORY, SONDE_ERR_NO_MEMORY, "GetAdaptersAddresses: ERROR_NOT_ENOUGH_MEMORY"},
      {ERROR_INVALID_DATA, SONDE_ERR_OS, "GetAdaptersAddresses"},
      {ERROR_CALL_NOT_IMPLEMENTED, SONDE_ERR_UNSUPPORTED, "GetAdaptersAddresses"},
  };
  for (const auto &row : rows) {
    made_up_.adapter_codes.assign(1000, row.code);
    made_up_.num_adapter_calls = 0;
    const Context context(&options_);
    List<sonde_net_if_addr_list> addresses;
    List<sonde_net_io_list> io;
    List<sonde_net_if_stats_list> stats;
    List<sonde_net_error_list> errors;
    EXPECT_EQ(sonde_net_if_addr_list_get(context, &addresses), row.status) << row.code;
    EXPECT_NE(context.error().find(row.name), std::string::npos) << context.error();
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.os_code, static_cast<int64_t>(row.code));
    EXPECT_LE(made_up_.num_adapter_calls, 20u);
    EXPECT_EQ(sonde_net_io_list_get(context, &io), row.status) << row.code;
    EXPECT_EQ(sonde_net_if_stats_list_get(context, &stats), row.status) << row.code;
    EXPECT_EQ(sonde_net_error_list_get(context, &errors), row.status) << row.code;
    EXPECT_EQ(addresses.count + io.count + stats.count + errors.count, 0u);
  }
}

TEST_F(WindowsNetMachine, Protocols) {
  made_up_.statistics_codes = {{"tcp2 2", ERROR_PROC_NOT_FOUND},
                               {"udp2 23", ERROR_NOT_SUPPORTED},
                               {"ip 23", ERROR_NOT_SUPPORTED},
                               {"udp 23", ERROR_ACCESS_DENIED}};
  const Context context(&options_);
  List<sonde_net_protocol_list> list;
  ASSERT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_OK) << context.error();
  std::map<std::string, int64_t> got;
  std::set<std::string> bad;
  for (const sonde_net_protocol &row : list) {
    const std::string name = text(row.protocol) + " " + text(row.name);
    if (row.status != SONDE_OK) {
      bad.insert(name + " " + sonde_status_name(row.status));
    } else {
      EXPECT_TRUE(got.emplace(name, row.value).second) << name;
    }
  }
  EXPECT_EQ(bad, (std::set<std::string>{"Udp6  SONDE_ERR_ACCESS", "Tcp6 OutSegs SONDE_ERR_PARSE"}));
  EXPECT_EQ(list.bad, 2u);
  const int64_t untouched = 0x11111111;
  EXPECT_EQ(got.at("Ip Forwarding"), untouched);
  EXPECT_EQ(got.at("Ip NumRoutes"), untouched);
  EXPECT_EQ(got.count("Ip6 Forwarding"), 0u) << "IPv6 is not there";
  EXPECT_EQ(got.at("Tcp MaxConn"), -1);
  EXPECT_EQ(got.at("Tcp InSegs"), 7) << "older than Windows 10";
  EXPECT_EQ(got.at("Tcp NumConns"), untouched);
  EXPECT_EQ(got.at("Tcp6 MaxConn"), -1);
  EXPECT_EQ(got.at("Tcp6 InSegs"), INT64_C(1) << 40);
  EXPECT_EQ(got.at("Tcp6 NumConns"), untouched);
  EXPECT_EQ(got.at("Udp InDatagrams"), INT64_MAX);
  EXPECT_EQ(got.at("Udp NumAddrs"), untouched);
  EXPECT_EQ(got.at("Icmp InMsgs"), 6);
  EXPECT_EQ(got.at("Icmp InErrors"), 1);
  EXPECT_EQ(got.at("Icmp OutMsgs"), INT64_C(0xffffffff)) << "only limits are -1";
  EXPECT_EQ(got.at("Icmp OutErrors"), 0);
  EXPECT_EQ(got.at("Icmp6 InType0"), 1);
  EXPECT_EQ(got.at("Icmp6 InType11"), 2);
  EXPECT_EQ(got.at("Icmp6 InType255"), 3);
  EXPECT_EQ(got.at("Icmp6 OutType100"), INT64_C(0xffffffff));
  EXPECT_EQ(got.count("Icmp6 OutType0"), 0u);
}

TEST_F(WindowsNetMachine, ProtocolsThatAreRefused) {
  const auto refuse_all = [&](ULONG code) {
    for (const char *const name : {"ip", "icmp", "tcp", "tcp2", "udp", "udp2"}) {
      for (const char *const family : {" 2", " 23"}) made_up_.statistics_codes[std::string(name) + family] = code;
    }
  };
  const Context context(&options_);
  List<sonde_net_protocol_list> list;
  refuse_all(ERROR_NOT_SUPPORTED);
  EXPECT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
  EXPECT_NE(context.error().find("ERROR_NOT_SUPPORTED"), std::string::npos) << context.error();
  refuse_all(ERROR_NOT_ENOUGH_MEMORY);
  EXPECT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_ERR_NO_MEMORY);
  refuse_all(ERROR_INVALID_PARAMETER);
  EXPECT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.count, 8u);
  EXPECT_EQ(list.bad, 8u);
}

/* Each request for memory in turn is refused. */
TEST_F(WindowsNetMachine, OutOfMemory) {
  made_up_.adapter_codes = {ERROR_BUFFER_OVERFLOW};
  made_up_.entry_codes[3] = ERROR_ACCESS_DENIED;
  made_up_.statistics_codes["ip 2"] = ERROR_ACCESS_DENIED;
  const std::vector<std::function<sonde_status(sonde *)>> calls = {
      [](sonde *context) {
        List<sonde_net_if_addr_list> list;
        return sonde_net_if_addr_list_get(context, &list);
      },
      [](sonde *context) {
        List<sonde_net_io_list> list;
        return sonde_net_io_list_get(context, &list);
      },
      [](sonde *context) {
        List<sonde_net_if_stats_list> list;
        return sonde_net_if_stats_list_get(context, &list);
      },
      [](sonde *context) {
        List<sonde_net_error_list> list;
        return sonde_net_error_list_get(context, &list);
      },
      [](sonde *context) {
        List<sonde_net_protocol_list> list;
        return sonde_net_protocol_list_get(context, &list);
      },
  };
  for (size_t i = 0; i < calls.size(); i++) {
    SCOPED_TRACE(i);
    expect_no_memory_each_time(options_, [&](sonde *context) {
      made_up_.num_adapter_calls = 0;
      return calls[i](context);
    });
  }
}

}  // namespace
