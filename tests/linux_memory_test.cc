// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"
#include "tests/support/valgrind.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

const uint64_t kPage = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));

const char kMeminfo[] =
    "MemTotal:       1000000 kB\n"
    "MemFree:         200000 kB\n"
    "MemAvailable:    600000 kB\n"
    "Buffers:          10000 kB\n"
    "Cached:          300000 kB\n"
    "SwapCached:           5 kB\n"
    "Active:          111000 kB\n"
    "Inactive:        222000 kB\n"
    "Active(file):    100000 kB\n"
    "Inactive(file):  200000 kB\n"
    "SwapTotal:        50000 kB\n"
    "SwapFree:         20000 kB\n"
    "Zswap:               77 kB\n"
    "Zswapped:           300 kB\n"
    "Dirty:               12 kB\n"
    "Shmem:             4000 kB\n"
    "Slab:             60000 kB\n"
    "SReclaimable:     40000 kB\n"
    "SUnreclaim:       20000 kB\n"
    "PageTables:        3000 kB\n"
    "CommitLimit:     550000 kB\n"
    "Committed_AS:    123000 kB\n"
    "HugePages_Total:      5\n"
    "HugePages_Free:       2\n"
    "Hugepagesize:      2048 kB\n"
    "ShadowCallStack:10373888 kB\n";

// The file above with one row's value replaced; an empty value takes the row away.
std::string With(const std::string &key, const std::string &value, std::string from = kMeminfo) {
  const size_t at = from.find(key + ":");
  const size_t end = from.find('\n', at) + 1;
  return from.replace(at, end - at, value.empty() ? "" : key + ": " + value + "\n");
}

const uint64_t kKb = 1024;

TEST(LinuxMemory, VirtualMemory) {
  Tree tree;
  tree.write("proc/meminfo", kMeminfo);
  Context context(tree.options());
  sonde_virtual_memory got = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid,
            uint64_t{SONDE_MEMORY_TOTAL | SONDE_MEMORY_AVAILABLE | SONDE_MEMORY_USED | SONDE_MEMORY_FREE |
                     SONDE_MEMORY_ACTIVE | SONDE_MEMORY_INACTIVE | SONDE_MEMORY_BUFFERS | SONDE_MEMORY_CACHED |
                     SONDE_MEMORY_SHARED | SONDE_MEMORY_SLAB | SONDE_MEMORY_COMPRESSED | SONDE_MEMORY_DIRTY |
                     SONDE_MEMORY_COMMITTED | SONDE_MEMORY_COMMIT_LIMIT | SONDE_MEMORY_SLAB_RECLAIMABLE |
                     SONDE_MEMORY_PAGE_TABLES | SONDE_MEMORY_HUGEPAGES});
  EXPECT_EQ(got.total, 1000000 * kKb);
  EXPECT_EQ(got.available, 600000 * kKb);
  EXPECT_EQ(got.used, 400000 * kKb);
  EXPECT_EQ(got.free, 200000 * kKb);
  EXPECT_EQ(got.active, 111000 * kKb);
  EXPECT_EQ(got.inactive, 222000 * kKb);
  EXPECT_EQ(got.buffers, 10000 * kKb);
  EXPECT_EQ(got.cached, 340000 * kKb) << "with the reclaimable slab";
  EXPECT_EQ(got.shared, 4000 * kKb);
  EXPECT_EQ(got.slab, 60000 * kKb);
  EXPECT_EQ(got.slab_reclaimable, 40000 * kKb);
  EXPECT_EQ(got.compressed, 77 * kKb);
  EXPECT_EQ(got.dirty, 12 * kKb);
  EXPECT_EQ(got.committed, 123000 * kKb);
  EXPECT_EQ(got.commit_limit, 550000 * kKb);
  EXPECT_EQ(got.page_tables, 3000 * kKb);
  EXPECT_EQ(got.hugepages_total, 5 * 2048 * kKb);
  EXPECT_EQ(got.hugepages_free, 2 * 2048 * kKb);
  EXPECT_EQ(got.page_size, kPage);
}

TEST(LinuxMemory, Available) {
  // 1000 pages of low watermark; the page cache is 300000 kB, the reclaimable slab 40000 kB.
  const std::string zones = "Node 0, zone   Normal\n  pages free     10\n        min      9\n        low      1000\n";
  const uint64_t low = 1000 * kPage;
  const uint64_t computed =
      200000 * kKb - low + (300000 * kKb - std::min(150000 * kKb, low)) + (40000 * kKb - std::min(20000 * kKb, low));
  const uint64_t high = 40000 * kPage;
  const uint64_t without_low =
      200000 * kKb + (300000 * kKb - std::min(150000 * kKb, high)) + (40000 * kKb - std::min(20000 * kKb, high));
  const std::string none = With("MemAvailable", "");
  const struct {
    const char *origin;
    std::string meminfo, zoneinfo;
    uint64_t available;
  } rows[] = {
      {"Linux before 3.14", none, zones, computed},
      {"0: psutil #1915", With("MemAvailable", "0 kB"), zones, computed},
      {"above the total: LXC", With("MemAvailable", "1000001 kB"), zones, 200000 * kKb},
      {"as much as the total", With("MemAvailable", "1000000 kB"), zones, 1000000 * kKb},
      {"without a value", With("MemAvailable", " "), zones, computed},
      {"no zoneinfo", none, "", 200000 * kKb},
      {"zoneinfo not understood", none, "garbage\n", 200000 * kKb},
      {"a watermark that does not fit", none, "low 18446744073709551615\n", 200000 * kKb},
      {"watermarks above all there is", none, "low 100000000\n", 0},
      {"a watermark above half of the page cache", none, "low 40000\n", without_low > high ? without_low - high : 0},
      {"a page cache near 2^64", With("Active(file)", "18014398509481983 kB", With("Inactive(file)", "0 kB", none)),
       zones, 200000 * kKb},
      {"no Active(file)", With("Active(file)", "", none), zones, 200000 * kKb},
      {"no reclaimable slab", With("SReclaimable", "", none), zones,
       200000 * kKb - low + (300000 * kKb - std::min(150000 * kKb, low))},
      {"computed above the total", With("Inactive(file)", "2000000 kB", none), zones, 200000 * kKb},
      {"huge numbers",
       With("Active(file)", "18014398509481983 kB", With("Inactive(file)", "18014398509481983 kB", none)), zones,
       200000 * kKb},
      {"free above the total", With("MemFree", "1000001 kB", none), "", 1000000 * kKb},
  };
  for (const auto &row : rows) {
    Tree tree;
    tree.write("proc/meminfo", row.meminfo);
    if (!row.zoneinfo.empty()) tree.write("proc/zoneinfo", row.zoneinfo);
    Context context(tree.options());
    sonde_virtual_memory got = {};
    ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << row.origin << ": " << context.error();
    EXPECT_TRUE(got.valid & SONDE_MEMORY_AVAILABLE) << row.origin;
    EXPECT_EQ(got.available, row.available) << row.origin;
    EXPECT_EQ(got.used, got.total - got.available) << row.origin;
  }
}

TEST(LinuxMemory, MissingRowsAreNotZero) {
  Tree tree;
  tree.write("proc/meminfo", "\nMemTotal: 1000 kB\nMemShared: 5 kB\nCached:\n");
  Context context(tree.options());
  sonde_virtual_memory got = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, uint64_t{SONDE_MEMORY_TOTAL | SONDE_MEMORY_SHARED});
  EXPECT_EQ(got.shared, 5 * kKb) << "Linux before 2.6.32";
  EXPECT_EQ(got.available, 0u);

  tree.write("proc/meminfo",
             "MemTotal: 1000 kB\nCached: 18014398509481983 kB\nSReclaimable: 18014398509481983 kB\n"
             "HugePages_Total: 18446744073709551615\nHugePages_Free: 0\nHugepagesize: 2048 kB\n");
  ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, uint64_t{SONDE_MEMORY_TOTAL | SONDE_MEMORY_SLAB_RECLAIMABLE}) << "sums that do not fit";

  for (const char *bad : {"", "garbage", "MemFree: 1 kB\n", "MemTotal:\n"}) {
    tree.write("proc/meminfo", bad);
    EXPECT_EQ(sonde_virtual_memory_get(context, &got), SONDE_ERR_PARSE) << bad;
  }
  tree.remove("proc/meminfo");
  EXPECT_EQ(sonde_virtual_memory_get(context, &got), SONDE_ERR_OS);
  EXPECT_EQ(got.total, 1000 * kKb) << "untouched";
}

TEST(LinuxMemory, Arc) {
  const auto stats = [](uint64_t size, uint64_t min) {
    return "13 1 0x01 98 26656 1 2\nname type data\nc_min 4 " + std::to_string(min * kKb) + "\nsize 4 " +
           std::to_string(size * kKb) + "\n";
  };
  const struct {
    const char *origin;
    std::string stats;
    bool is_told;
    uint64_t arc, available;  // KiB
  } rows[] = {
      {"what can go counts as available", stats(150000, 50000), true, 150000, 700000},
      {"below its minimum", stats(40000, 50000), true, 40000, 600000},
      {"all that is used", stats(800000, 0), true, 800000, 1000000},
      {"more than is used here: the host's", stats(800001, 0), false, 0, 600000},
      {"not understood", "garbage\n", false, 0, 600000},
  };
  for (const auto &row : rows) {
    Tree tree;
    tree.write("proc/meminfo", kMeminfo).write("proc/spl/kstat/zfs/arcstats", row.stats);
    Context context(tree.options());
    sonde_virtual_memory got = {};
    ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << row.origin << ": " << context.error();
    EXPECT_EQ((got.valid & SONDE_MEMORY_ARC) != 0, row.is_told) << row.origin;
    EXPECT_EQ(got.arc, row.arc * kKb) << row.origin;
    EXPECT_EQ(got.available, row.available * kKb) << row.origin;
    EXPECT_EQ(got.used, (1000000 - row.available) * kKb) << row.origin;
  }
}

TEST(LinuxMemory, Swap) {
  Tree tree;
  tree.write("proc/meminfo", kMeminfo).write("proc/vmstat", "pswpin\nnr_free_pages 1\npswpin 3\npswpout 4\n");
  Context context(tree.options());
  sonde_swap_memory got = {};
  const uint64_t space = SONDE_SWAP_TOTAL | SONDE_SWAP_FREE | SONDE_SWAP_USED;
  ASSERT_EQ(sonde_swap_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, space | SONDE_SWAP_SIN | SONDE_SWAP_SOUT);
  EXPECT_EQ(got.total, 50000 * kKb);
  EXPECT_EQ(got.free, 20000 * kKb);
  EXPECT_EQ(got.used, 30000 * kKb);
  EXPECT_EQ(got.sin, 3 * kPage) << "in pages of this machine";
  EXPECT_EQ(got.sout, 4 * kPage);

  tree.write("proc/meminfo", With("SwapFree", "50010 kB")).remove("proc/vmstat");
  ASSERT_EQ(sonde_swap_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, space) << "no vmstat: psutil #722";
  EXPECT_EQ(got.used, 0u) << "more free than there is";
  EXPECT_EQ(got.free, got.total);
  EXPECT_EQ(got.sin, 0u);

  tree.write("proc/vmstat", "pswpin 18446744073709551615\npswpout 0\n");
  ASSERT_EQ(sonde_swap_memory_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.valid, space | SONDE_SWAP_SOUT) << "more bytes than fit";

  tree.write("proc/meminfo", "MemTotal: 1 kB\n").remove("proc/vmstat");
  EXPECT_EQ(sonde_swap_memory_get(context, &got), SONDE_ERR_UNSUPPORTED);
}

TEST(LinuxMemory, SwapDevices) {
  Tree tree;
  tree.write("proc/swaps",
             "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
             "/dev/sda2                               partition\t1000000\t\t10\t\t-2\n"
             "/swap\\040file                           file\t\t2048\t\t0\t\t5\n"
             "/dev/zram0 partition 4 0 100\n"
             "/broken file\n");
  Context context(tree.options());
  List<sonde_swap_device_list> got;
  ASSERT_EQ(sonde_swap_device_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 4u);
  EXPECT_EQ(got.bad, 1u);
  EXPECT_EQ(text(got[0].name), "/dev/sda2");
  EXPECT_EQ(text(got[0].type), "partition");
  EXPECT_EQ(got[0].total, 1000000 * kKb);
  EXPECT_EQ(got[0].used, 10 * kKb);
  EXPECT_EQ(got[0].priority, -2);
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_SWAP_DEVICE_USED | SONDE_SWAP_DEVICE_PRIORITY});
  EXPECT_EQ(text(got[1].name), "/swap file");
  EXPECT_EQ(text(got[1].type), "file");
  EXPECT_EQ(text(got[2].type), "zram");
  EXPECT_EQ(text(got[3].name), "/broken");
  EXPECT_EQ(got[3].status, SONDE_ERR_PARSE);
  EXPECT_EQ(got[3].valid, 0u);

  tree.write("proc/swaps", "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n");
  ASSERT_EQ(sonde_swap_device_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.count, 0u);
  tree.remove("proc/swaps");
  EXPECT_EQ(sonde_swap_device_list_get(context, &got), SONDE_ERR_UNSUPPORTED);
}

std::vector<uint32_t> Cpus(const sonde_numa_node &node) { return {node.cpus, node.cpus + node.num_cpus}; }

TEST(LinuxMemory, NumaNodes) {
  Tree tree;
  const std::string nodes = "sys/devices/system/node/";
  tree.write(nodes + "online", "0,2,10\n")
      .write(nodes + "node10/meminfo", "Node 10 MemTotal: 30 kB\nNode 10 MemFree: 3 kB\n")
      .write(nodes + "node10/cpulist", "\n")
      .write(nodes + "node0/meminfo",
             "\nNode 0 MemTotal:       10 kB\nNode 0 MemFree:  1 kB\nNode 0 HugePages_Free: 0\n")
      .write(nodes + "node0/cpulist", "0-2,8\n")
      .write(nodes + "node2/meminfo", "garbage\n")
      .write(nodes + "node2/cpulist", "3\n")
      .mkdir(nodes + "node7x");
  Context context(tree.options());
  List<sonde_numa_node_list> got;
  ASSERT_EQ(sonde_numa_node_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 3u);
  EXPECT_EQ(got.bad, 1u);
  EXPECT_EQ(got[0].node, 0u);
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_NUMA_NODE_TOTAL | SONDE_NUMA_NODE_FREE | SONDE_NUMA_NODE_CPUS});
  EXPECT_EQ(got[0].total, 10 * kKb);
  EXPECT_EQ(got[0].free, 1 * kKb);
  EXPECT_EQ(Cpus(got[0]), (std::vector<uint32_t>{0, 1, 2, 8}));
  EXPECT_EQ(got[1].node, 2u);
  EXPECT_EQ(got[1].status, SONDE_ERR_PARSE);
  EXPECT_EQ(got[1].valid, uint64_t{SONDE_NUMA_NODE_CPUS});
  EXPECT_EQ(Cpus(got[1]), (std::vector<uint32_t>{3}));
  EXPECT_EQ(got[2].node, 10u) << "by number, not by name";
  EXPECT_EQ(got[2].status, SONDE_OK);
  EXPECT_EQ(got[2].num_cpus, 0u) << "memory alone";
  EXPECT_TRUE(got[2].valid & SONDE_NUMA_NODE_CPUS);
}

// A directory lists its names in an order of its own.
TEST(LinuxMemory, ManyNumaNodes) {
  Tree tree;
  for (int i = 0; i < 40; i++) {
    const std::string node = std::to_string(i * 7 % 40);
    const std::string folder = "sys/devices/system/node/node" + node;
    tree.write(folder + "/meminfo", "Node " + node + " MemTotal: " + node + " kB\n").write(folder + "/cpulist", node);
  }
  Context context(tree.options());
  List<sonde_numa_node_list> got;
  ASSERT_EQ(sonde_numa_node_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 40u);
  for (uint32_t i = 0; i < 40; i++) {
    EXPECT_EQ(got[i].node, i);
    EXPECT_EQ(got[i].total, i * kKb);
    EXPECT_EQ(Cpus(got[i]), (std::vector<uint32_t>{i}));
  }
}

TEST(LinuxMemory, NoNuma) {
  Tree tree;
  tree.write("proc/meminfo", kMeminfo).write("sys/devices/system/cpu/online", "0-3\n");
  Context context(tree.options());
  List<sonde_numa_node_list> got;
  ASSERT_EQ(sonde_numa_node_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].node, 0u);
  EXPECT_EQ(got[0].status, SONDE_OK);
  EXPECT_EQ(got[0].total, 1000000 * kKb);
  EXPECT_EQ(got[0].free, 200000 * kKb);
  EXPECT_EQ(Cpus(got[0]), (std::vector<uint32_t>{0, 1, 2, 3}));

  tree.remove("sys");
  ASSERT_EQ(sonde_numa_node_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_EQ(got.count, 1u);
  EXPECT_EQ(got[0].valid, uint64_t{SONDE_NUMA_NODE_TOTAL | SONDE_NUMA_NODE_FREE});
  tree.remove("proc");
  EXPECT_EQ(sonde_numa_node_list_get(context, &got), SONDE_ERR_OS);
}

// A file that only adds something may be refused; running out of descriptors may not be hidden.
TEST(LinuxMemory, RefusedFiles) {
  const char *const extra[] = {"proc/zoneinfo", "arcstats", "proc/vmstat", "node0/cpulist", "node0/meminfo"};
  for (const char *file : extra) {
    Tree tree;
    tree.write("proc/meminfo", With("MemAvailable", ""))
        .write("proc/zoneinfo", "low 1\n")
        .write("proc/spl/kstat/zfs/arcstats", "size 4 1\nc_min 4 1\n")
        .write("proc/vmstat", "pswpin 1\npswpout 1\n")
        .write("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: 1 kB\n")
        .write("sys/devices/system/node/node0/cpulist", "0\n");
    sonde_test::RefusingOs os;
    tree.options()->os_override = os.override();
    Context context(tree.options());
    sonde_virtual_memory memory = {};
    sonde_swap_memory swap = {};
    List<sonde_memory_stat_list> stats;
    List<sonde_numa_node_list> nodes;
    os.refuse(file, EACCES);
    EXPECT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK) << file;
    EXPECT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << file;
    EXPECT_EQ(sonde_memory_stat_list_get(context, &stats), SONDE_OK) << file;
    EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << file;
    const std::string name = file;
    EXPECT_EQ(nodes.bad, name.find("node0") != std::string::npos ? 1u : 0u) << file;
    os.refuse(file, EMFILE);
    const bool is_memory = name == "proc/zoneinfo" || name == "arcstats";
    const bool is_vmstat = name == "proc/vmstat";
    EXPECT_EQ(sonde_virtual_memory_get(context, &memory), is_memory ? SONDE_ERR_OS : SONDE_OK) << file;
    EXPECT_EQ(sonde_swap_memory_get(context, &swap), is_vmstat ? SONDE_ERR_OS : SONDE_OK) << file;
    const bool has_stats = is_vmstat || name == "node0/meminfo";
    EXPECT_EQ(sonde_memory_stat_list_get(context, &stats), has_stats ? SONDE_ERR_OS : SONDE_OK) << file;
    EXPECT_EQ(sonde_numa_node_list_get(context, &nodes), !is_memory && !is_vmstat ? SONDE_ERR_OS : SONDE_OK) << file;
  }
}

TEST(LinuxMemory, ARecordingHasNoHeap) {
  Tree tree;
  Context context(tree.options());
  sonde_heap_info got = {};
  EXPECT_EQ(sonde_heap_info_get(context, &got), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_heap_trim(context), SONDE_ERR_UNSUPPORTED);
}

// ---- The running kernel -------------------------------------------------------------------------------------------

std::map<std::string, uint64_t> Keyed(const char *path, char separator) {
  std::map<std::string, uint64_t> all;
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const size_t at = line.find(separator);
    if (at != std::string::npos) all[line.substr(0, at)] = std::strtoull(line.c_str() + at + 1, nullptr, 10);
  }
  return all;
}

// What a command prints; empty when it fails.
std::string Output(const char *command) {
  FILE *const pipe = popen(command, "r");
  if (pipe == nullptr) return "";
  std::string all;
  char buffer[4096];
  for (size_t got; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) all.append(buffer, got);
  return pclose(pipe) == 0 ? all : "";
}

TEST(LinuxMemoryLive, FixedFields) {
  Context context;
  sonde_virtual_memory got = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << context.error();
  auto meminfo = Keyed("/proc/meminfo", ':');
  struct sysinfo info;
  ASSERT_EQ(sysinfo(&info), 0);
  EXPECT_EQ(got.total, uint64_t{info.totalram} * info.mem_unit);
  EXPECT_EQ(got.total, meminfo["MemTotal"] * kKb);
  EXPECT_EQ(got.commit_limit, meminfo["CommitLimit"] * kKb);
  EXPECT_EQ(std::to_string(got.page_size) + "\n", Output("getconf PAGESIZE"));
  if (meminfo.count("HugePages_Total")) {
    EXPECT_EQ(got.hugepages_total, meminfo["HugePages_Total"] * meminfo["Hugepagesize"] * kKb);
  }
  EXPECT_LE(got.available, got.total);
  EXPECT_EQ(got.used, got.total - got.available);
}

// What moves lies within what it was before and after, in some one of the tries at least.
TEST(LinuxMemoryLive, MovingFields) {
  Context context;
  const struct {
    const char *key;
    uint64_t sonde_virtual_memory::*field;
  } rows[] = {{"MemFree", &sonde_virtual_memory::free},      {"MemAvailable", &sonde_virtual_memory::available},
              {"Buffers", &sonde_virtual_memory::buffers},   {"Active", &sonde_virtual_memory::active},
              {"Inactive", &sonde_virtual_memory::inactive}, {"Shmem", &sonde_virtual_memory::shared},
              {"Slab", &sonde_virtual_memory::slab},         {"PageTables", &sonde_virtual_memory::page_tables},
              {"Dirty", &sonde_virtual_memory::dirty},       {"Committed_AS", &sonde_virtual_memory::committed}};
  for (const auto &row : rows) {
    bool agrees = false;
    for (int i = 0; i < 1000 && !agrees; i++) {
      const uint64_t before = Keyed("/proc/meminfo", ':')[row.key] * kKb;
      sonde_virtual_memory got = {};
      ASSERT_EQ(sonde_virtual_memory_get(context, &got), SONDE_OK) << context.error();
      const uint64_t after = Keyed("/proc/meminfo", ':')[row.key] * kKb;
      agrees = got.*row.field >= std::min(before, after) && got.*row.field <= std::max(before, after);
    }
    EXPECT_TRUE(agrees) << row.key;
  }
}

TEST(LinuxMemoryLive, Free) {
  std::istringstream lines(Output("LC_ALL=C free -b 2>/dev/null"));
  std::string line, word;
  uint64_t total = 0, swap_total = 0;
  while (std::getline(lines, line)) {
    std::istringstream words(line);
    words >> word;
    if (word == "Mem:") words >> total;
    if (word == "Swap:") words >> swap_total;
  }
  if (total == 0) GTEST_SKIP() << "no free(1) here";
  Context context;
  sonde_virtual_memory memory = {};
  sonde_swap_memory swap = {};
  ASSERT_EQ(sonde_virtual_memory_get(context, &memory), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_swap_memory_get(context, &swap), SONDE_OK) << context.error();
  EXPECT_EQ(memory.total, total);
  EXPECT_EQ(swap.total, swap_total);
}

TEST(LinuxMemoryLive, Swap) {
  Context context;
  struct sysinfo info;
  auto before = Keyed("/proc/vmstat", ' ');
  sonde_swap_memory got = {};
  ASSERT_EQ(sonde_swap_memory_get(context, &got), SONDE_OK) << context.error();
  auto after = Keyed("/proc/vmstat", ' ');
  ASSERT_EQ(sysinfo(&info), 0);
  EXPECT_EQ(got.total, uint64_t{info.totalswap} * info.mem_unit);
  EXPECT_EQ(got.used + got.free, got.total);
  if (before.count("pswpin")) {
    EXPECT_GE(got.sin, before["pswpin"] * kPage);
    EXPECT_LE(got.sin, after["pswpin"] * kPage);
    EXPECT_GE(got.sout, before["pswpout"] * kPage);
    EXPECT_LE(got.sout, after["pswpout"] * kPage);
  }
}

TEST(LinuxMemoryLive, SwapDevices) {
  Context context;
  List<sonde_swap_device_list> got;
  const sonde_status status = sonde_swap_device_list_get(context, &got);
  if (status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << "a kernel without swap";
  ASSERT_EQ(status, SONDE_OK) << context.error();
  if (access("/usr/sbin/swapon", X_OK) != 0 && access("/sbin/swapon", X_OK) != 0) GTEST_SKIP() << "no swapon(8) here";
  std::istringstream lines(
      Output("PATH=$PATH:/sbin:/usr/sbin swapon --show=NAME,SIZE,PRIO --bytes --raw --noheadings 2>/dev/null"));
  std::string name;
  uint64_t size = 0;
  int64_t priority = 0;
  size_t count = 0;
  while (lines >> name >> size >> priority) {
    bool found = false;
    for (const sonde_swap_device &row : got) {
      found = found || (text(row.name) == name && row.total == size && row.priority == priority);
    }
    EXPECT_TRUE(found) << name;
    count++;
  }
  EXPECT_EQ(got.count, count);
}

TEST(LinuxMemoryLive, NumaNodes) {
  Context context;
  List<sonde_numa_node_list> got;
  ASSERT_EQ(sonde_numa_node_list_get(context, &got), SONDE_OK) << context.error();
  ASSERT_GE(got.count, 1u);
  EXPECT_EQ(got.bad, 0u);
  size_t cpus = 0;
  for (const sonde_numa_node &row : got) {
    const std::string number = std::to_string(row.node);
    auto told = Keyed(("/sys/devices/system/node/node" + number + "/meminfo").c_str(), ':');
    if (told.empty()) {
      EXPECT_EQ(got.count, 1u) << "no NUMA";
      EXPECT_EQ(row.total, Keyed("/proc/meminfo", ':')["MemTotal"] * kKb);
    } else {
      EXPECT_EQ(row.total, told["Node " + number + " MemTotal"] * kKb);
    }
    cpus += row.num_cpus;
  }
  EXPECT_EQ(cpus, static_cast<size_t>(sysconf(_SC_NPROCESSORS_ONLN)));
}

TEST(LinuxMemoryLive, StatsAreAllRows) {
  Context context;
  List<sonde_memory_stat_list> got;
  ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.bad, 0u);
  auto meminfo = Keyed("/proc/meminfo", ':');
  auto vmstat = Keyed("/proc/vmstat", ' ');
  size_t count = 0;
  for (const sonde_memory_stat &row : got) {
    const bool is_meminfo = text(row.source) == "meminfo";
    if (!is_meminfo && text(row.source) != "vmstat") continue;
    count++;
    EXPECT_TRUE((is_meminfo ? meminfo : vmstat).count(text(row.name))) << text(row.name);
    if (text(row.name) == "MemTotal") {
      EXPECT_EQ(row.value, meminfo["MemTotal"] * kKb);
      EXPECT_EQ(row.unit, SONDE_UNIT_BYTES);
    }
  }
  EXPECT_EQ(count, meminfo.size() + vmstat.size());
}

TEST(LinuxMemoryLive, Heap) {
  Context context;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "the allocator is the sanitizer's";
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
  GTEST_SKIP() << "the allocator is the sanitizer's";
#endif
#endif
  SONDE_SKIP_UNDER_VALGRIND("the allocator is valgrind's");
  if (!sonde_supports(context, SONDE_CAP_HEAP_INFO)) GTEST_SKIP() << "not glibc 2.33";
  sonde_heap_info before = {}, after = {}, freed = {};
  ASSERT_EQ(sonde_heap_info_get(context, &before), SONDE_OK) << context.error();
  std::vector<void *> blocks;
  blocks.reserve(100);
  ASSERT_EQ(sonde_heap_info_get(context, &before), SONDE_OK) << context.error();
  for (int i = 0; i < 100; i++) blocks.push_back(malloc(10000));
  void *const large = malloc(64 << 20);
  ASSERT_EQ(sonde_heap_info_get(context, &after), SONDE_OK) << context.error();
  EXPECT_EQ(after.valid, uint64_t{SONDE_HEAP_USED | SONDE_HEAP_MMAP_USED});
  EXPECT_GE(after.heap_used - before.heap_used, 1000000u);
  EXPECT_LE(after.heap_used - before.heap_used, 1100000u);
  EXPECT_GE(after.mmap_used - before.mmap_used, uint64_t{64} << 20);
  EXPECT_LE(after.mmap_used - before.mmap_used, (uint64_t{64} << 20) + 2 * kPage);
  free(large);
  for (void *block : blocks) free(block);
  ASSERT_EQ(sonde_heap_trim(context), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_heap_info_get(context, &freed), SONDE_OK) << context.error();
  EXPECT_EQ(freed.mmap_used, before.mmap_used);
  EXPECT_LE(freed.heap_used, before.heap_used);
}

}  // namespace
