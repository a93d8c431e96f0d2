// SPDX-License-Identifier: MIT
#include "backends/linux/linux_os.h"  // first

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <ifaddrs.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sched.h>
#include <sonde/sonde_backend.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/netlink_bytes.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::command_output;
using sonde_test::Context;
using sonde_test::fields_of;
using sonde_test::lines_of;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

std::string Text(const sonde_address &address) {
  char buffer[SONDE_ADDRESS_TEXT_MAX] = "-";
  if (address.family != SONDE_FAMILY_NONE) sonde_address_format(buffer, sizeof buffer, &address);
  return buffer;
}

// ---- Traffic

std::string IoList(sonde *context) {
  List<sonde_net_io_list> list;
  if (sonde_net_io_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_net_io &row : list) {
    all += text(row.name);
    if (row.status != SONDE_OK) {
      all += std::string(" ") + sonde_status_name(row.status) + (row.valid == 0 ? "\n" : " and valid\n");
      continue;
    }
    for (const uint64_t value : {row.bytes_recv, row.packets_recv, row.errin, row.dropin, row.fifo_in, row.frame,
                                 row.compressed_in, row.multicast, row.bytes_sent, row.packets_sent, row.errout,
                                 row.dropout, row.fifo_out, row.collisions, row.carrier, row.compressed_out}) {
      all += " " + std::to_string(value);
    }
    all += "\n";
    EXPECT_EQ(row.valid, 0x1ffu);
  }
  return all;
}

TEST(LinuxNet, IoOfAMadeUpMachine) {
  Tree tree;
  tree.write("proc/net/dev",
             "Inter-|   Receive  |  Transmit\n face |bytes packets|bytes\n"
             "  eth0:4046496815 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\nbond0:1: 1 2\n\n"
             "    lo: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17\n");
  Context context(tree.options());
  EXPECT_EQ(IoList(context),
            "eth0 4046496815 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n"
            "bond0:1 SONDE_ERR_PARSE\n"
            "lo 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(text(error.subject), tree.at("proc/net/dev"));
  EXPECT_EQ(error.position, 125u);
}

TEST(LinuxNet, ARecordingIsLookedAtThroughItsFirstProcess) {
  Tree tree;
  tree.write("proc/1/net/dev", "host0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  tree.write("proc/self/net/dev", "container0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  Context context(tree.options());
  EXPECT_EQ(IoList(context), "host0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  tree.remove("proc/1");
  EXPECT_EQ(IoList(context), "container0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16\n");
  tree.remove("proc/self");
  List<sonde_net_io_list> list;
  EXPECT_EQ(sonde_net_io_list_get(context, &list), SONDE_ERR_OS);
}

uint64_t Statistic(const std::string &name, const char *counter) {
  const std::string said = command_output("cat /sys/class/net/" + name + "/statistics/" + counter);
  return said.empty() ? 0 : std::stoull(said);
}

TEST(LinuxNet, IoIsBracketedBySysfs) {
  if (command_output("ls /sys/class/net/lo").empty()) GTEST_SKIP() << "there is no /sys/class/net";
  Context context;
  List<sonde_net_io_list> list;
  ASSERT_EQ(sonde_net_io_list_get(context, &list), SONDE_OK) << context.error();
  List<sonde_net_io_list> later;
  for (const sonde_net_io &first : list) {
    const std::string name = text(first.name);
    const std::vector<std::pair<const char *, uint64_t sonde_net_io::*>> counters = {
        {"rx_bytes", &sonde_net_io::bytes_recv},     {"tx_bytes", &sonde_net_io::bytes_sent},
        {"rx_packets", &sonde_net_io::packets_recv}, {"tx_packets", &sonde_net_io::packets_sent},
        {"rx_errors", &sonde_net_io::errin},         {"tx_errors", &sonde_net_io::errout},
        {"tx_dropped", &sonde_net_io::dropout},      {"multicast", &sonde_net_io::multicast},
        {"collisions", &sonde_net_io::collisions},
    };
    std::vector<uint64_t> between;
    for (const auto &counter : counters) between.push_back(Statistic(name, counter.first));
    ASSERT_EQ(sonde_net_io_list_get(context, &later), SONDE_OK) << context.error();
    for (const sonde_net_io &last : later) {
      if (text(last.name) != name) continue;
      for (size_t i = 0; i < counters.size(); i++) {
        EXPECT_LE(first.*counters[i].second, between[i]) << name << " " << counters[i].first;
        EXPECT_GE(last.*counters[i].second, between[i]) << name << " " << counters[i].first;
      }
    }
  }
}

// ---- Properties

std::string StatsList(sonde *context) {
  List<sonde_net_if_stats_list> list;
  if (sonde_net_if_stats_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::vector<std::string> lines;
  for (const sonde_net_if_stats &row : list) {
    std::string line = text(row.name);
    if (row.status != SONDE_OK) line += std::string(" ") + sonde_status_name(row.status);
    if (row.valid & SONDE_NET_IF_STATS_INDEX) line += " #" + std::to_string(row.index);
    if (row.valid & SONDE_NET_IF_STATS_ISUP) line += row.isup ? " up" : " down";
    if (row.valid & SONDE_NET_IF_STATS_DUPLEX) line += row.duplex == SONDE_DUPLEX_FULL ? " full" : " half";
    if (row.valid & SONDE_NET_IF_STATS_SPEED) line += " " + std::to_string(row.speed) + "b/s";
    if (row.valid & SONDE_NET_IF_STATS_MTU) line += " mtu" + std::to_string(row.mtu);
    if (row.valid & SONDE_NET_IF_STATS_FLAGS) line += " flags" + std::to_string(row.flags);
    if (row.valid & SONDE_NET_IF_STATS_CARRIER_CHANGES) line += " changes" + std::to_string(row.carrier_changes);
    lines.push_back(line + " " + text(row.operstate) + " " + Text(row.hwaddr));
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const std::string &line : lines) all += line + "\n";
  return all;
}

void WriteInterfaces(Tree *tree) {
  const std::string e = "sys/class/net/eth0/";
  tree->write(e + "ifindex", "2\n")
      .write(e + "flags", "0x1003\n")
      .write(e + "operstate", "up\n")
      .write(e + "mtu", "1500\n");
  tree->write(e + "speed", "10000\n").write(e + "duplex", "full\n").write(e + "address", "52:54:00:12:34:56\n");
  tree->write(e + "carrier_changes", "3\n");
  const std::string d = "sys/class/net/eth1/";
  tree->write(d + "ifindex", "3\n")
      .write(d + "flags", "0x1003\n")
      .write(d + "operstate", "down\n")
      .write(d + "mtu", "9000\n");
  tree->write(d + "speed", "-1\n").write(d + "duplex", "unknown\n").write(d + "address", "52:54:00:12:34:57\n");
  const std::string t = "sys/class/net/tun0/";
  tree->write(t + "flags", "0x1091\n")
      .write(t + "operstate", "unknown\n")
      .write(t + "speed", "65535\n")
      .write(t + "address", "\n");
  const std::string o = "sys/class/net/old/";
  tree->write(o + "flags", "0x1043\n").write(o + "speed", "4294967295\n").write(o + "duplex", "half\n");
  tree->write("sys/class/net/odd/flags", "what\n")
      .write("sys/class/net/odd/mtu", "what\n")
      .write("sys/class/net/odd/address", "what\n");
  tree->write("sys/class/net/bonding_masters", "bond0\n");
}

const char kInterfaces[] =
    "eth0 #2 up full 10000000000b/s mtu1500 flags83 changes3 up 52:54:00:12:34:56\n"
    "eth1 #3 down mtu9000 flags67 down 52:54:00:12:34:57\n"
    "odd SONDE_ERR_PARSE  -\n"
    "old up half flags83  -\n"
    "tun0 up flags217 unknown -\n";

TEST(LinuxNet, OneBadAttributeSpoilsARow) {
  for (const char *file : {"flags", "mtu", "address", "carrier_changes"}) {
    Tree tree;
    tree.write("sys/class/net/eth0/ifindex", "2\n").write(std::string("sys/class/net/eth0/") + file, "what\n");
    Context context(tree.options());
    EXPECT_EQ(StatsList(context), "eth0 SONDE_ERR_PARSE #2  -\n") << file;
  }
  Tree tree;
  tree.write("sys/class/net/eth0/ifindex", "4294967296\n").write("sys/class/net/eth0/mtu", "1500\n");
  Context context(tree.options());
  EXPECT_EQ(StatsList(context), "eth0 SONDE_ERR_PARSE mtu1500  -\n");
  tree.write("sys/class/net/eth0/ifindex", "4294967295\n");
  EXPECT_EQ(StatsList(context), "eth0 #4294967295 mtu1500  -\n");
}

TEST(LinuxNet, ARowWithoutAName) {
  Tree tree;
  WriteInterfaces(&tree);
  tree.write("sys/class/net/ifindex", "7\n").write("proc/net/dev", " face |bytes\n : 1 2\n");
  Context context(tree.options());
  EXPECT_EQ(StatsList(context), " SONDE_ERR_PARSE  -\n");
}

std::string names_file;

int OpenOtherNames(int dirfd, const char *path, int flags) {
  const std::string name = path;
  const bool is_names = name.size() > 7 && name.compare(name.size() - 7, 7, "net/dev") == 0;
  return is_names ? open(names_file.c_str(), flags) : sondei_linux_os.openat(dirfd, path, flags);
}

TEST(LinuxNet, AnInterfaceThatVanishesIsLeftOut) {
  Tree tree;
  tree.write("dev", "face |bytes\ngone0: 1 2\nlo: 1 2\ngone1: 1 2\n");
  names_file = tree.at("dev");
  struct linux_os os = sondei_linux_os;
  os.openat = OpenOtherNames;
  struct sonde_os_override override = {"linux", &os};
  sonde_options options = {};
  options.os_override = &override;
  Context context(&options);
  List<sonde_net_if_stats_list> list;
  ASSERT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 1u);
  EXPECT_EQ(text(list[0].name), "lo");
  EXPECT_EQ(list[0].index, if_nametoindex("lo"));
  EXPECT_EQ(list.bad, 0u);
}

TEST(LinuxNet, PropertiesOfAMadeUpMachine) {
  Tree tree;
  WriteInterfaces(&tree);
  Context context(tree.options());
  EXPECT_EQ(StatsList(context), kInterfaces) << "by /sys alone";
  tree.write("proc/net/dev", " face |bytes\n eth0: 1\nghost: 1 2\n");
  EXPECT_EQ(StatsList(context),
            "eth0 #2 up full 10000000000b/s mtu1500 flags83 changes3 up 52:54:00:12:34:56\nghost  -\n")
      << "/proc knows the namespace";
  tree.remove("sys");
  EXPECT_EQ(StatsList(context), "eth0  -\nghost  -\n");
  tree.remove("proc");
  List<sonde_net_if_stats_list> list;
  EXPECT_EQ(sonde_net_if_stats_list_get(context, &list), SONDE_ERR_OS);
}

// `ip -o link`: "2: eth0: <BROADCAST,UP,LOWER_UP> mtu 1400 qdisc ... state UP ...\    link/ether 02:fc:.. brd ff:.."
struct IpLink {
  std::string index, mtu, state, address;
  std::set<std::string> flags;
};

std::map<std::string, IpLink> IpLinks() {
  std::map<std::string, IpLink> links;
  for (const std::string &line : lines_of(command_output("ip -o link show"))) {
    const std::vector<std::string> words = fields_of(line);
    IpLink link;
    link.index = words[0].substr(0, words[0].size() - 1);
    std::string name = words[1].substr(0, words[1].size() - 1);
    name = name.substr(0, name.find('@'));
    for (const std::string &flag : fields_of(words[2].substr(1, words[2].size() - 2), ',')) link.flags.insert(flag);
    for (size_t i = 3; i + 1 < words.size(); i++) {
      if (words[i] == "mtu") link.mtu = words[i + 1];
      if (words[i] == "state") link.state = words[i + 1];
      if (words[i].rfind("link/", 0) == 0) link.address = words[i + 1];
    }
    std::transform(link.state.begin(), link.state.end(), link.state.begin(), ::tolower);
    links[name] = link;
  }
  return links;
}

std::string CompareWithIp(sonde *context) {
  const std::map<std::string, IpLink> expected = IpLinks();
  if (expected.empty()) return "SKIP: there is no ip";
  List<sonde_net_if_stats_list> list;
  if (sonde_net_if_stats_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string wrong;
  if (list.count != expected.size() || list.bad != 0) wrong += "other interfaces; ";
  for (const sonde_net_if_stats &row : list) {
    const std::string name = text(row.name);
    const auto found = expected.find(name);
    if (found == expected.end()) return wrong + "ip does not know " + name;
    const IpLink &link = found->second;
    if (std::to_string(row.index) != link.index) wrong += name + " index; ";
    if (std::to_string(row.mtu) != link.mtu) wrong += name + " mtu; ";
    if (text(row.operstate) != link.state) wrong += name + " state " + text(row.operstate) + "; ";
    if (Text(row.hwaddr) != link.address && !link.address.empty())
      wrong += name + " address " + Text(row.hwaddr) + "; ";
    const std::map<std::string, uint32_t> flags = {{"UP", SONDE_NET_IF_UP},
                                                   {"BROADCAST", SONDE_NET_IF_BROADCAST},
                                                   {"LOOPBACK", SONDE_NET_IF_LOOPBACK},
                                                   {"POINTOPOINT", SONDE_NET_IF_POINTOPOINT},
                                                   {"PROMISC", SONDE_NET_IF_PROMISC},
                                                   {"MULTICAST", SONDE_NET_IF_MULTICAST},
                                                   {"NOARP", SONDE_NET_IF_NOARP}};
    for (const auto &flag : flags) {
      if (((row.flags & flag.second) != 0) != (link.flags.count(flag.first) != 0))
        wrong += name + " " + flag.first + "; ";
    }
    if (row.isup != (link.flags.count("LOWER_UP") != 0 && link.flags.count("UP") != 0)) wrong += name + " isup; ";
    if (row.isup != ((row.flags & SONDE_NET_IF_RUNNING) != 0)) wrong += name + " running; ";
  }
  return wrong;
}

TEST(LinuxNet, PropertiesAreThoseOfIp) {
  SONDE_EXPECT_IN_CHILD([]() { return CompareWithIp(Context()); });
}

// A network namespace of its own, with /sys of its own.
std::string OwnNetwork() {
  if (unshare(CLONE_NEWNS | CLONE_NEWNET) != 0) return std::string("SKIP: unshare: ") + strerror(errno);
  if (mount("none", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0) return std::string("SKIP: mount: ") + strerror(errno);
  if (mount("none", "/sys", "sysfs", 0, nullptr) != 0) return std::string("SKIP: mount sysfs: ") + strerror(errno);
  if (system("ip link help >/dev/null 2>&1; ip link set lo up 2>/dev/null") != 0) return "SKIP: there is no ip";
  return "";
}

TEST(LinuxNet, AVethMadeForIt) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    const std::string why = OwnNetwork();
    if (!why.empty()) return why;
    const char *const commands =
        "ip link add v0 type veth peer name v1 && ip link set v0 address 02:00:00:00:00:01 mtu 1234 up && ip link set "
        "v1 up && "
        "ip addr add 192.0.2.1/24 broadcast 192.0.2.255 dev v0 && ip addr add 192.0.2.9 peer 192.0.2.10/32 dev v1";
    if (system((std::string("(") + commands + ") 2>/dev/null").c_str()) != 0) return "SKIP: no veth can be made";
    Context context;
    std::string wrong = CompareWithIp(context);
    if (!wrong.empty()) return wrong;
    List<sonde_net_if_stats_list> stats;
    if (sonde_net_if_stats_list_get(context, &stats) != SONDE_OK) return context.error();
    for (const sonde_net_if_stats &row : stats) {
      if (text(row.name) != "v0") continue;
      if (!row.isup || row.mtu != 1234 || Text(row.hwaddr) != "02:00:00:00:00:01") wrong += "v0 is wrong; ";
      /* veth drivers say 10 Gbit/s, full. */
      if ((row.valid & SONDE_NET_IF_STATS_SPEED) != 0 && row.speed != UINT64_C(10000000000)) wrong += "speed; ";
      if ((row.valid & SONDE_NET_IF_STATS_DUPLEX) != 0 && row.duplex != SONDE_DUPLEX_FULL) wrong += "duplex; ";
    }
    List<sonde_net_if_addr_list> addrs;
    if (sonde_net_if_addr_list_get(context, &addrs) != SONDE_OK) return context.error();
    std::set<std::string> got;
    for (const sonde_net_if_addr &row : addrs) {
      if (row.address.family != SONDE_FAMILY_INET) continue;
      got.insert(text(row.name) + " " + Text(row.address) + "/" + std::to_string(row.prefix_len) + " " +
                 Text(row.netmask) + " " + Text(row.broadcast) + " " + Text(row.ptp));
    }
    const std::set<std::string> expected = {"lo 127.0.0.1/8 255.0.0.0 - -",
                                            "v0 192.0.2.1/24 255.255.255.0 192.0.2.255 -",
                                            "v1 192.0.2.9/32 255.255.255.255 - 192.0.2.10"};
    if (got != expected) {
      for (const std::string &line : got) wrong += line + "; ";
    }
    return wrong;
  });
}

// The machine's /sys, in a network namespace of its own: it shows other interfaces, and a loopback of the same index.
TEST(LinuxNet, PropertiesWhereSysIsThatOfAnotherNamespace) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    if (unshare(CLONE_NEWNET) != 0) return std::string("SKIP: unshare: ") + strerror(errno);
    const char *const commands =
        "ip link set lo up mtu 1500 && ip link add v0 type veth peer name v1 && ip link set v0 mtu 1234 up && "
        "ip link set v1 up";
    if (system((std::string("(") + commands + ") 2>/dev/null").c_str()) != 0) return "SKIP: no veth can be made";
    Context context;
    const std::string wrong = CompareWithIp(context);
    if (!wrong.empty()) return wrong;
    const auto changes = [&context]() -> int64_t {
      List<sonde_net_if_stats_list> stats;
      if (sonde_net_if_stats_list_get(context, &stats) != SONDE_OK) return -1;
      for (const sonde_net_if_stats &row : stats) {
        if (text(row.name) != "v0" || (row.valid & SONDE_NET_IF_STATS_SPEED) != 0) continue;
        if ((row.valid & SONDE_NET_IF_STATS_CARRIER_CHANGES) != 0) return static_cast<int64_t>(row.carrier_changes);
      }
      return -1;
    };
    const int64_t before = changes();
    if (system("ip link set v1 down && ip link set v1 up") != 0) return "SKIP: it cannot be set down";
    const int64_t after = changes();
    if (before < 0 || after != before + 2) return std::to_string(before) + " to " + std::to_string(after) + " changes";
    return "";
  });
}

TEST(LinuxNet, TrafficOfTheTestsOwn) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    const std::string why = OwnNetwork();
    if (!why.empty()) return why;
    const int fd = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in self = {};
    socklen_t len = sizeof self;
    self.sin_family = AF_INET;
    self.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<sockaddr *>(&self), len) != 0) return "SKIP: the loopback is not up";
    getsockname(fd, reinterpret_cast<sockaddr *>(&self), &len);
    Context context;
    List<sonde_net_io_list> before, after;
    if (sonde_net_io_list_get(context, &before) != SONDE_OK) return context.error();
    const char data[100] = {};
    for (int i = 0; i < 10; i++) sendto(fd, data, sizeof data, 0, reinterpret_cast<sockaddr *>(&self), len);
    char got[200];
    for (int i = 0; i < 10; i++) {
      if (recv(fd, got, sizeof got, 0) != sizeof data) return "recv failed";
    }
    close(fd);
    if (sonde_net_io_list_get(context, &after) != SONDE_OK) return context.error();
    const auto loopback = [](const sonde_net_io &row) { return text(row.name) == "lo"; };
    const sonde_net_io *const a = std::find_if(before.begin(), before.end(), loopback);
    const sonde_net_io *const b = std::find_if(after.begin(), after.end(), loopback);
    /* 20 bytes of IP, 8 of UDP: the loopback counts no Ethernet. */
    const uint64_t bytes = 10 * (100 + 28);
    if (b->packets_sent - a->packets_sent != 10 || b->packets_recv - a->packets_recv != 10) return "packets";
    if (b->bytes_sent - a->bytes_sent != bytes || b->bytes_recv - a->bytes_recv != bytes) return "bytes";
    return "";
  });
}

// ---- Addresses

std::string FromSockaddr(const struct sockaddr *address) {
  if (address == nullptr) return "-";
  char buffer[INET6_ADDRSTRLEN + 16] = "";
  if (address->sa_family == AF_INET) {
    return inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in *>(address)->sin_addr, buffer, sizeof buffer);
  }
  if (address->sa_family == AF_INET6) {
    const sockaddr_in6 *const v6 = reinterpret_cast<const sockaddr_in6 *>(address);
    std::string all = inet_ntop(AF_INET6, &v6->sin6_addr, buffer, sizeof buffer);
    if (v6->sin6_scope_id != 0) all += "%" + std::to_string(v6->sin6_scope_id);
    return all;
  }
  const sockaddr_ll *const link = reinterpret_cast<const sockaddr_ll *>(address);
  std::string all;
  for (int i = 0; i < link->sll_halen; i++) {
    snprintf(buffer, sizeof buffer, i == 0 ? "%02x" : ":%02x", link->sll_addr[i]);
    all += buffer;
  }
  return all.empty() ? "-" : all;
}

std::multiset<std::string> FromGetifaddrs() {
  std::multiset<std::string> all;
  struct ifaddrs *first = nullptr;
  if (getifaddrs(&first) != 0) return all;
  std::map<std::string, bool> has_other;
  for (const struct ifaddrs *at = first; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr != nullptr && at->ifa_addr->sa_family != AF_PACKET) has_other[at->ifa_name] = true;
  }
  for (const struct ifaddrs *at = first; at != nullptr; at = at->ifa_next) {
    const std::string address = FromSockaddr(at->ifa_addr);
    if (address == "-" && has_other[at->ifa_name]) continue; /* we give no row without an address then */
    const bool is_link = at->ifa_addr != nullptr && at->ifa_addr->sa_family == AF_PACKET;
    all.insert(std::string(at->ifa_name) + " " + address + " " + (is_link ? "-" : FromSockaddr(at->ifa_netmask)));
  }
  freeifaddrs(first);
  return all;
}

TEST(LinuxNet, AddressesAreThoseOfGetifaddrs) {
  Context context;
  const std::multiset<std::string> expected = FromGetifaddrs();
  if (expected.empty()) GTEST_SKIP() << "getifaddrs tells nothing";
  List<sonde_net_if_addr_list> list;
  const sonde_status status = sonde_net_if_addr_list_get(context, &list);
  if (status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << context.error();
  ASSERT_EQ(status, SONDE_OK) << context.error();
  std::multiset<std::string> got;
  for (const sonde_net_if_addr &row : list) {
    EXPECT_EQ(row.status, SONDE_OK);
    EXPECT_EQ(row.index, if_nametoindex(text(row.name).c_str())) << text(row.name);
    got.insert(text(row.name) + " " + Text(row.address) + " " + Text(row.netmask));
  }
  EXPECT_EQ(got, expected);
}

TEST(LinuxNet, ARecordingHasNoAddresses) {
  Tree tree;
  Context context(tree.options());
  List<sonde_net_if_addr_list> list;
  EXPECT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

// A kernel that answers what the test says: one string for each recv.
std::vector<std::string> answers;
size_t next_answer, sends;
uint32_t asked_sequence;
int MadeUpSocket(int, int, int) { return dup(2); }
ssize_t MadeUpSendto(int, const void *buffer, size_t size, int, const struct sockaddr *, socklen_t) {
  memcpy(&asked_sequence, static_cast<const char *>(buffer) + 8, sizeof asked_sequence);
  sends++;
  return static_cast<ssize_t>(size);
}
ssize_t MadeUpRecvfrom(int, void *buffer, size_t size, int, struct sockaddr *from, socklen_t *from_len) {
  if (next_answer == answers.size()) {
    errno = EAGAIN;
    return -1;
  }
  const std::string &answer = answers[next_answer++];
  memset(from, 0, *from_len); /* the kernel's port is 0 */
  memcpy(buffer, answer.data(), std::min(size, answer.size()));
  return static_cast<ssize_t>(answer.size());
}

std::string AddressesOfMadeUpKernel(const std::vector<std::string> &says) {
  struct linux_os os = sondei_linux_os;
  os.socket = MadeUpSocket;
  os.sendto = MadeUpSendto;
  os.recvfrom = MadeUpRecvfrom;
  struct sonde_os_override override = {"linux", &os};
  sonde_options options = {};
  options.os_override = &override;
  answers = says;
  next_answer = sends = 0;
  Context context(&options);
  List<sonde_net_if_addr_list> list;
  const auto before = sonde_test::open_descriptors();
  const sonde_status status = sonde_net_if_addr_list_get(context, &list);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
  if (status != SONDE_OK) return context.error();
  std::string all;
  for (const sonde_net_if_addr &row : list) {
    if (row.status != SONDE_OK) all += std::string(sonde_status_name(row.status)) + " ";
    all += text(row.name) + "#" + std::to_string(row.index) + " " + Text(row.address) + " " + Text(row.ptp) + "\n";
  }
  return all;
}

TEST(LinuxNet, AddressesOfAMadeUpKernel) {
  using sonde_test::addr_header;
  using sonde_test::attribute;
  using sonde_test::bytes_of;
  using sonde_test::link_header;
  using sonde_test::message;
  const std::string mac("\x02\0\0\0\0\1", 6), v4("\xc0\0\2\1", 4);
  const auto link = [&](uint32_t index, const std::string &name, const std::string &address, uint16_t flags = 2) {
    return message(16,
                   link_header(index, 1) + attribute(3, name + std::string(1, '\0')) +
                       (address.empty() ? "" : attribute(1, address)),
                   1, flags);
  };
  const auto addr = [&](uint32_t index, uint32_t sequence = 2) {
    return message(20, addr_header(2, 24, index) + attribute(2, v4), sequence);
  };
  const auto done = [&](uint32_t sequence) { return message(3, bytes_of(int32_t{0}), sequence); };
  EXPECT_EQ(AddressesOfMadeUpKernel({link(1, "lo", "") + link(7, "tun0", ""), link(2, "eth0", mac), done(1), addr(2),
                                     addr(1) + addr(1) + done(2)}),
            "lo#1 192.0.2.1 -\ntun0#7 - -\neth0#2 02:00:00:00:00:01 -\neth0#2 192.0.2.1 -\nlo#1 192.0.2.1 -\n");
  EXPECT_EQ(AddressesOfMadeUpKernel(
                {link(1, "lo", "") + message(16, "bad", 1) + done(1), message(20, "bad", 2) + addr(1) + done(2)}),
            "lo#1 192.0.2.1 -\nSONDE_ERR_PARSE #0 - -\nSONDE_ERR_PARSE #0 - -\n")
      << "one bad message spoils one row";
  EXPECT_EQ(AddressesOfMadeUpKernel(
                {link(9, "stale", "", 2).replace(8, 4, bytes_of(uint32_t{99})) + link(1, "lo", "") + done(1), done(2)}),
            "lo#1 - -\n")
      << "an answer to somebody else's question";
  /* An address of an interface that is new: all is asked anew. */
  std::string one = link(1, "lo", ""), two = addr(1);
  one.replace(8, 4, bytes_of(uint32_t{3}));
  two.replace(8, 4, bytes_of(uint32_t{4}));
  EXPECT_EQ(AddressesOfMadeUpKernel({link(1, "lo", "") + done(1), addr(5) + done(2), one + done(3), two + done(4)}),
            "lo#1 192.0.2.1 -\n");
  EXPECT_EQ(sends, 4u);
  EXPECT_EQ(AddressesOfMadeUpKernel({link(1, "lo", "", 0x12) + done(1), done(2), one + done(3), two + done(4)}),
            "lo#1 192.0.2.1 -\n")
      << "the kernel says that the table changed";
  EXPECT_EQ(sends, 4u);
}

TEST(LinuxNet, AnswersThatAreNone) {
  using sonde_test::bytes_of;
  using sonde_test::message;
  const std::string error = message(2, bytes_of(int32_t{-EPERM}), 1);
  EXPECT_EQ(AddressesOfMadeUpKernel({error}), "SONDE_ERR_ACCESS: netlink netlink route: EPERM (not permitted)");
  EXPECT_EQ(AddressesOfMadeUpKernel({message(3, bytes_of(int32_t{-EINVAL}), 1)}).substr(0, 12), "SONDE_ERR_OS");
  EXPECT_EQ(AddressesOfMadeUpKernel({std::string("\0\0\0\x14\0\3\0\2\0\0\0\1\0\0\0\0\0\0\0\0", 20)}).substr(0, 15),
            "SONDE_ERR_PARSE")
      << "the other byte order (or, where that is ours, a sequence nobody asked for)";
  EXPECT_EQ(AddressesOfMadeUpKernel({""}).substr(0, 12), "SONDE_ERR_OS") << "an end";
  EXPECT_EQ(AddressesOfMadeUpKernel({"abc"}).substr(0, 15), "SONDE_ERR_PARSE");
  EXPECT_EQ(AddressesOfMadeUpKernel({std::string(100000, '\0')}).substr(0, 12), "SONDE_ERR_OS") << "more than fits";
  EXPECT_EQ(AddressesOfMadeUpKernel({}).substr(0, 12), "SONDE_ERR_OS") << "silence";
  std::vector<std::string> restless;
  for (uint32_t i = 1; i <= 64; i++) restless.push_back(message(3, bytes_of(int32_t{0}), i, 0x12));
  EXPECT_EQ(AddressesOfMadeUpKernel(restless).substr(0, 12), "SONDE_ERR_OS") << "never at rest";
  EXPECT_EQ(sends, 32u);
}

int NoSocket(int, int, int) {
  errno = EAFNOSUPPORT;
  return -1;
}

TEST(LinuxNet, AKernelWithoutNetlink) {
  struct linux_os os = sondei_linux_os;
  os.socket = NoSocket;
  struct sonde_os_override override = {"linux", &os};
  sonde_options options = {};
  options.os_override = &override;
  Context context(&options);
  List<sonde_net_if_addr_list> list;
  EXPECT_EQ(sonde_net_if_addr_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

// ---- Errors

std::string ErrorsOfMadeUpKernel(const std::vector<std::string> &says) {
  struct linux_os os = sondei_linux_os;
  os.socket = MadeUpSocket;
  os.sendto = MadeUpSendto;
  os.recvfrom = MadeUpRecvfrom;
  struct sonde_os_override override = {"linux", &os};
  sonde_options options = {};
  options.os_override = &override;
  answers = says;
  next_answer = sends = 0;
  Context context(&options);
  List<sonde_net_error_list> list;
  const sonde_status status = sonde_net_error_list_get(context, &list);
  if (status != SONDE_OK) return context.error();
  std::string all;
  for (const sonde_net_error &row : list) {
    if (row.status != SONDE_OK) all += std::string(sonde_status_name(row.status)) + " ";
    all += text(row.name) + "#" + std::to_string(row.index) + " " + std::to_string(row.valid);
    for (const uint64_t value :
         {row.rx_length, row.rx_over, row.rx_crc, row.rx_frame, row.rx_fifo, row.rx_missed, row.tx_aborted,
          row.tx_carrier, row.tx_fifo, row.tx_heartbeat, row.tx_window, row.rx_no_handler, row.rx_other_host}) {
      all += " " + std::to_string(value);
    }
    all += "\n";
  }
  return all;
}

// Each counter has a value of its own: its position in struct rtnl_link_stats64.
TEST(LinuxNet, ErrorsOfAMadeUpKernel) {
  using sonde_test::attribute;
  using sonde_test::bytes_of;
  using sonde_test::link_header;
  using sonde_test::message;
  const auto link = [](uint32_t index, const std::string &name, size_t counters) {
    std::string stats;
    for (size_t i = 0; i < counters; i++) stats += bytes_of(uint64_t{i});
    return message(
        16,
        link_header(index, 1) + attribute(3, name + std::string(1, '\0')) + (counters > 0 ? attribute(23, stats) : ""),
        1);
  };
  const std::string done = message(3, bytes_of(int32_t{0}), 1);
  EXPECT_EQ(ErrorsOfMadeUpKernel({link(1, "lo", 25) + link(2, "eth0", 24), link(3, "eth1", 23), link(4, "eth2", 20),
                                  link(5, "eth3", 0) + message(16, "bad", 1) + done}),
            "lo#1 7 10 11 12 13 14 15 16 17 18 19 20 23 24\n"
            "eth0#2 3 10 11 12 13 14 15 16 17 18 19 20 23 0\n"
            "eth1#3 1 10 11 12 13 14 15 16 17 18 19 20 0 0\n"
            "eth2#4 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
            "eth3#5 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n"
            "SONDE_ERR_PARSE #0 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  Tree tree;
  Context recording(tree.options());
  List<sonde_net_error_list> list;
  EXPECT_EQ(sonde_net_error_list_get(recording, &list), SONDE_ERR_UNSUPPORTED);
}

// The counters of /sys/class/net/X/statistics: another way into the kernel.
std::map<std::string, std::map<std::string, uint64_t>> ErrorsInSysfs() {
  std::map<std::string, std::map<std::string, uint64_t>> all;
  for (const std::string &line : lines_of(command_output("cd /sys/class/net && grep -s . */statistics/*"))) {
    const size_t slash = line.find('/'), colon = line.rfind(':'), last = line.rfind('/');
    all[line.substr(0, slash)][line.substr(last + 1, colon - last - 1)] = std::stoull(line.substr(colon + 1));
  }
  return all;
}

std::string CompareErrors(const sonde_net_error &row, std::map<std::string, uint64_t> &low,
                          std::map<std::string, uint64_t> &high) {
  const struct {
    const char *file;
    uint64_t value;
  } rows[] = {{"rx_length_errors", row.rx_length},   {"rx_over_errors", row.rx_over},
              {"rx_crc_errors", row.rx_crc},         {"rx_frame_errors", row.rx_frame},
              {"rx_fifo_errors", row.rx_fifo},       {"rx_missed_errors", row.rx_missed},
              {"tx_aborted_errors", row.tx_aborted}, {"tx_carrier_errors", row.tx_carrier},
              {"tx_fifo_errors", row.tx_fifo},       {"tx_heartbeat_errors", row.tx_heartbeat},
              {"tx_window_errors", row.tx_window},   {"rx_nohandler", row.rx_no_handler}};
  for (const auto &entry : rows) {
    if (low.count(entry.file) == 0) continue;
    if (entry.value < low[entry.file] || entry.value > high[entry.file]) {
      return std::string(entry.file) + ": " + std::to_string(entry.value);
    }
  }
  return "";
}

TEST(LinuxNet, ErrorsAreBracketedBySysfs) {
  Context context;
  List<sonde_net_error_list> list;
  auto before = ErrorsInSysfs();
  const sonde_status status = sonde_net_error_list_get(context, &list);
  auto after = ErrorsInSysfs();
  if (status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << context.error();
  ASSERT_EQ(status, SONDE_OK) << context.error();
  size_t compared = 0;
  for (const sonde_net_error &row : list) {
    const std::string name = text(row.name);
    EXPECT_EQ(row.index, if_nametoindex(name.c_str()));
    EXPECT_TRUE(row.valid & SONDE_NET_ERROR_COUNTS) << name;
    if (before.count(name) == 0 || after.count(name) == 0) continue;
    EXPECT_EQ(CompareErrors(row, before[name], after[name]), "") << name;
    compared++;
  }
  if (compared == 0) GTEST_SKIP() << "/sys shows another network namespace";
}

// A tap that is given packets for another host counts those.
TEST(LinuxNet, PacketsForAnotherHostMadeForIt) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0 && unshare(CLONE_NEWNET) != 0) return "SKIP: no network namespaces";
    const int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
    if (tap < 0) return "SKIP: no /dev/net/tun";
    struct ifreq request;
    memset(&request, 0, sizeof request);
    memcpy(request.ifr_name, "sonde0", 7);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (ioctl(tap, TUNSETIFF, &request) != 0) return "SKIP: no tap";
    const int control = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    request.ifr_flags = IFF_UP;
    if (ioctl(control, SIOCSIFFLAGS, &request) != 0) return "SKIP: it cannot be set up";
    close(control);
    /* Ethernet to 02:00:00:00:00:99, then IPv4. */
    const unsigned char packet[60] = {2, 0, 0, 0, 0, 0x99, 2, 0, 0, 0, 0, 1, 8, 0, 0x45};
    for (int i = 0; i < 3; i++) {
      if (write(tap, packet, sizeof packet) != sizeof packet) return "SKIP: it takes no packets";
    }
    Context context;
    List<sonde_net_error_list> list;
    if (sonde_net_error_list_get(context, &list) != SONDE_OK) return context.error();
    for (const sonde_net_error &row : list) {
      if (text(row.name) != "sonde0") continue;
      if ((row.valid & SONDE_NET_ERROR_OTHER_HOST) == 0) return "SKIP: a kernel that does not count them";
      return row.rx_other_host == 3 ? "" : "for another host: " + std::to_string(row.rx_other_host);
    }
    return "no interface";
  });
}

// ---- Protocols

std::string ProtocolList(sonde *context) {
  List<sonde_net_protocol_list> list;
  if (sonde_net_protocol_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_net_protocol &row : list) {
    all += text(row.protocol) + "." + text(row.name) + "=" + std::to_string(row.value);
    all += row.status == SONDE_OK ? "\n" : std::string(" ") + sonde_status_name(row.status) + "\n";
  }
  return all;
}

TEST(LinuxNet, ProtocolsOfAMadeUpMachine) {
  Tree tree;
  tree.write("proc/net/snmp", "Ip: Forwarding DefaultTTL\nIp: 1 64\nTcp: MaxConn Bad Missing\nTcp: -1 x\nUdp: Alone\n");
  tree.write("proc/net/netstat", "TcpExt: SyncookiesSent\nTcpExt: 5\n");
  tree.write("proc/net/snmp6", "Ip6InReceives \t12\nIcmp6Bad x\n");
  tree.write("proc/net/softnet_stat", "0000000a 1 2 0 0 0 0 0 0 3 4\n00000010 0 1 0 0 0 0 0 0 1 1 7 8\n");
  tree.write("proc/sys/net/netfilter/nf_conntrack_count", "7\n");
  tree.write("proc/sys/net/netfilter/nf_conntrack_max", "what\n");
  Context context(tree.options());
  EXPECT_EQ(
      ProtocolList(context),
      "Ip.Forwarding=1\nIp.DefaultTTL=64\nTcp.MaxConn=-1\nTcp.Bad=0 SONDE_ERR_PARSE\nTcp.Missing=0 SONDE_ERR_PARSE\n"
      "Udp.=0 SONDE_ERR_PARSE\nTcpExt.SyncookiesSent=5\nIp6.InReceives=12\nIcmp6.Bad=0 SONDE_ERR_PARSE\n"
      "softnet.processed=26\nsoftnet.dropped=1\nsoftnet.time_squeeze=3\nsoftnet.received_rps=4\nsoftnet.flow_limit=5\n"
      "conntrack.count=7\nconntrack.max=0 SONDE_ERR_PARSE\n");
  tree.write("proc/sys/net/netfilter/nf_conntrack_count", "9223372036854775807\n");
  tree.write("proc/sys/net/netfilter/nf_conntrack_max", "9223372036854775808\n");
  EXPECT_NE(ProtocolList(context).find("conntrack.count=9223372036854775807\nconntrack.max=0 SONDE_ERR_PARSE\n"),
            std::string::npos);
  tree.write("proc/net/softnet_stat", "1 2 3\n1 2 3 0 0 0 0 0 0 9\n").remove("proc/sys");
  EXPECT_NE(ProtocolList(context).find("\nsoftnet.processed=2\nsoftnet.dropped=4\nsoftnet.time_squeeze=6\n"),
            std::string::npos)
      << "only what every row tells";
  EXPECT_EQ(ProtocolList(context).find("received_rps"), std::string::npos);
  tree.write("proc/net/softnet_stat", "1 2 3\n1 x 3\n");
  EXPECT_NE(ProtocolList(context).find("\nsoftnet.=0 SONDE_ERR_PARSE\n"), std::string::npos)
      << "a sum without one of the CPUs would be wrong";
  tree.remove("proc/net/softnet_stat");
  tree.remove("proc/net/snmp6").remove("proc/sys").remove("proc/net/snmp");
  EXPECT_EQ(ProtocolList(context), "TcpExt.SyncookiesSent=5\n") << "without IPv6 and connection tracking";
  tree.remove("proc/net/netstat");
  List<sonde_net_protocol_list> list;
  EXPECT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

// Each name once more, by awk; values may grow between the two.
TEST(LinuxNet, ProtocolsAreThoseOfAwk) {
  const std::string command =
      "awk 'NR % 2 == 1 { split($0, name); next } { sub(\":\", \"\", $1); for (i = 2; i <= NF; i++) print $1, name[i], "
      "$i }' "
      "/proc/self/net/snmp; awk 'NR % 2 == 1 { split($0, name); next } { sub(\":\", \"\", $1); for (i = 2; i <= NF; "
      "i++) "
      "print $1, name[i], $i }' /proc/self/net/netstat";
  const auto read = [&command]() {
    std::map<std::string, int64_t> all;
    for (const std::string &line : lines_of(command_output(command))) {
      const std::vector<std::string> words = fields_of(line);
      all[words[0] + " " + words[1]] = std::stoll(words[2]);
    }
    return all;
  };
  auto before = read();
  if (before.empty()) GTEST_SKIP() << "there is no awk, or no /proc/net/snmp";
  Context context;
  List<sonde_net_protocol_list> list;
  ASSERT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_OK) << context.error();
  auto after = read();
  EXPECT_EQ(list.bad, 0u);
  size_t compared = 0;
  for (const sonde_net_protocol &row : list) {
    const std::string key = text(row.protocol) + " " + text(row.name);
    if (before.count(key) == 0) continue;
    EXPECT_LE(std::min(before[key], after[key]), row.value) << key;
    EXPECT_GE(std::max(before[key], after[key]), row.value) << key;
    compared++;
  }
  EXPECT_EQ(compared, before.size());
}

// Hexadecimal sums by the shell; the counters only grow.
TEST(LinuxNet, SoftnetIsThatOfTheShell) {
  const auto read = [] {
    std::vector<uint64_t> sums;
    for (const std::string &word : fields_of(command_output(
             "p=0 d=0 s=0; while read -r a b c rest; do p=$((p + 0x$a)) d=$((d + 0x$b)) s=$((s + 0x$c)); done "
             "< /proc/net/softnet_stat && echo $p $d $s end"))) {
      if (word[0] >= '0' && word[0] <= '9') sums.push_back(std::stoull(word));
    }
    return sums;
  };
  Context context;
  List<sonde_net_protocol_list> list;
  const auto before = read();
  if (before.size() != 3) GTEST_SKIP() << "no /proc/net/softnet_stat";
  ASSERT_EQ(sonde_net_protocol_list_get(context, &list), SONDE_OK) << context.error();
  const auto after = read();
  const std::vector<std::string> names = {"processed", "dropped", "time_squeeze"};
  size_t compared = 0;
  for (const sonde_net_protocol &row : list) {
    if (text(row.protocol) != "softnet") continue;
    for (size_t i = 0; i < 3; i++) {
      if (text(row.name) != names[i]) continue;
      EXPECT_LE(before[i], static_cast<uint64_t>(row.value)) << names[i];
      EXPECT_GE(after[i], static_cast<uint64_t>(row.value)) << names[i];
      compared++;
    }
  }
  EXPECT_EQ(compared, 3u);
}

TEST(LinuxNet, NothingStaysOpen) {
  Context context;
  List<sonde_net_io_list> io;
  List<sonde_net_if_stats_list> stats;
  List<sonde_net_if_addr_list> addrs;
  List<sonde_net_protocol_list> protocols;
  List<sonde_net_error_list> errors;
  const auto before = sonde_test::open_descriptors();
  for (int i = 0; i < 3; i++) {
    sonde_net_io_list_get(context, &io);
    sonde_net_if_stats_list_get(context, &stats);
    sonde_net_if_addr_list_get(context, &addrs);
    sonde_net_protocol_list_get(context, &protocols);
    sonde_net_error_list_get(context, &errors);
  }
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

}  // namespace
