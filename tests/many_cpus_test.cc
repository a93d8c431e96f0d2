// SPDX-License-Identifier: MIT
// A server of 4,096 CPUs: 8 packages of 2 nodes of 128 cores of 2 threads; the last 64 CPUs are offline. Too repetitive
// to be a recording: it is made here, and every row of every answer is known.
#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/support/context.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

constexpr uint32_t kCpus = 4096, kOnline = 4032, kPerNode = 256, kPerPackage = 512, kPerCache = 32, kInterrupts = 20000;
constexpr uint64_t kTick = 10000000, kNodeBytes = UINT64_C(1) << 40;

std::string Number(uint64_t value) { return std::to_string(value); }

std::string Range(uint32_t first, uint32_t count) { return Number(first) + "-" + Number(first + count - 1) + "\n"; }

// Page size, ticks and byte order, so that the answers are the same wherever this runs.
std::string Auxv() {
  std::string bytes;
  for (const uint64_t value : {6, 65536, 17, 100, 0, 0}) {
    for (int i = 0; i < 8; i++) bytes += static_cast<char>(value >> (8 * i));
  }
  return bytes;
}

void WriteTables(Tree *tree) {
  std::string stat = "cpu  1 2 3 4 5 6 7 8 9 10\n", info, interrupts = "    ",
              zero = "  0:", timer = "LOC:", none = "ERR:";
  for (uint32_t cpu = 0; cpu < kOnline; cpu++) {
    const std::string number = Number(cpu);
    stat += "cpu" + number + " " + number + " 1 2 " + Number(UINT64_C(3000000000) + cpu) + " 4 0 0 0 0 0\n";
    info += "processor\t: " + number + "\nvendor_id\t: Vendor\nmodel name\t: Many\ncpu MHz\t\t: 2000." +
            Number(100 + cpu % 800) + "\nflags\t\t: a b\n\n";
    interrupts += "       CPU" + number;
    zero += "          1";
    timer += " " + Number(1000 + cpu);
  }
  std::string intr = "intr 77777777777";
  for (uint32_t i = 0; i < kInterrupts; i++) intr += " 0";
  tree->write("proc/stat",
              stat + intr + "\nctxt 5\nbtime 1700000000\nprocesses 6\nprocs_running 4097\nprocs_blocked 0\n")
      .write("proc/cpuinfo", info)
      .write("proc/interrupts", interrupts + "\n" + zero + "  IO-APIC   2-edge      timer\n" + timer +
                                    "   Local timer interrupts\n" + none + "          0\n")
      .write("proc/loadavg", "4032.00 4031.50 16384.25 4097/123456 4194303\n")
      .write("proc/uptime", "100.00 403200.00\n")
      .write("proc/self/auxv", Auxv());
}

void WriteSysfs(Tree *tree) {
  const std::string top = "sys/devices/system/cpu/";
  tree->write(top + "possible", Range(0, kCpus)).write(top + "present", Range(0, kCpus));
  tree->write(top + "online", Range(0, kOnline));
  for (uint32_t cpu = 0; cpu < kCpus; cpu++) {
    const std::string path = top + "cpu" + Number(cpu) + "/";
    if (cpu >= kOnline) {
      tree->write(path + "online", "0\n");
      continue;
    }
    const uint32_t core = cpu - cpu % 2, cache = cpu - cpu % kPerCache;
    if (cpu != core) {  // All that is written of two threads is the same: half the files do.
      tree->link(top + "cpu" + Number(cpu), "cpu" + Number(core));
      continue;
    }
    tree->write(path + "topology/physical_package_id", Number(cpu / kPerPackage) + "\n")
        .write(path + "topology/core_id", Number(cpu % kPerPackage / 2) + "\n")
        .write(path + "topology/core_cpus_list", Range(core, 2))
        .write(path + "topology/package_cpus_list", Range(cpu - cpu % kPerPackage, kPerPackage))
        .write(path + "cache/index0/level", "1\n")
        .write(path + "cache/index0/type", "Data\n")
        .write(path + "cache/index0/shared_cpu_list", Range(core, 2))
        .write(path + "cache/index0/size", "32K\n");
    if (cpu != cache) {
      tree->link(path + "cache/index1", "../../cpu" + Number(cache) + "/cache/index1");
      continue;
    }
    tree->write(path + "cache/index1/level", "3\n")
        .write(path + "cache/index1/type", "Unified\n")
        .write(path + "cache/index1/size", "65536K\n")
        .write(path + "cache/index1/shared_cpu_list", Range(cache, kPerCache));
  }
  tree->write("sys/devices/system/node/online", "0-15\n");
  for (uint32_t node = 0; node < kCpus / kPerNode; node++) {
    const std::string path = "sys/devices/system/node/node" + Number(node), name = "Node " + Number(node);
    const uint32_t count = node == 15 ? kPerNode - (kCpus - kOnline) : kPerNode;
    tree->write(path + "/cpulist", Range(node * kPerNode, count))
        .write(path + "/meminfo", name + " MemTotal:  " + Number(kNodeBytes / 1024) + " kB\n" + name +
                                      " MemFree:   " + Number(node * 1000) + " kB\n");
  }
}

void WriteProcess(Tree *tree) {
  std::string mask;
  for (uint32_t word = 0; word < kCpus / 32; word++) mask += word == 0 ? "00000000" : ",ffffffff";
  tree->write(
          "proc/1/stat",
          "1 (init) S 0 1 1 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 3 4294967296 5 18446744073709551615 0 0 0 0 0 0 0 0 "
          "0 0 0 0 17 4031 0 0 0 0 0\n")
      .write("proc/1/status", "Name:\tinit\nTgid:\t1\nPid:\t1\nCpus_allowed:\t" + mask +
                                  "\nCpus_allowed_list:\t0-4063\nMems_allowed_list:\t0-15\n");
}

class ManyCpus : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // Some 30,000 files: not on a disk, if that can be.
    if (access("/dev/shm", W_OK) == 0) setenv("TEST_TMPDIR", "/dev/shm", 1);
    tree_ = new Tree();
    WriteTables(tree_);
    WriteSysfs(tree_);
    WriteProcess(tree_);
  }
  static void TearDownTestSuite() { delete tree_; }

  ManyCpus() : context(tree_->options()) {}

  Context context;

 private:
  static Tree *tree_;
};

Tree *ManyCpus::tree_ = nullptr;

TEST_F(ManyCpus, Times) {
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, kOnline);
  for (uint32_t cpu = 0; cpu < kOnline; cpu++) {
    const sonde_cpu_times &row = list[cpu];
    ASSERT_EQ(row.cpu, cpu);
    ASSERT_EQ(row.user, cpu * kTick);
    ASSERT_EQ(row.nice, 1 * kTick);
    ASSERT_EQ(row.system, 2 * kTick);
    ASSERT_EQ(row.idle, (UINT64_C(3000000000) + cpu) * kTick);
    ASSERT_EQ(row.iowait, 4 * kTick);
  }
  sonde_cpu_stats stats = {};
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK);
  EXPECT_EQ(stats.interrupts, 77777777777u);
  EXPECT_EQ(stats.procs_running, 4097u);
  sonde_load_average load = {};
  ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  EXPECT_EQ(load.load15, 16384.25);
  EXPECT_EQ(load.total_tasks, 123456u);
}

TEST_F(ManyCpus, CountAndTopology) {
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.logical, kOnline);
  EXPECT_EQ(count.configured, kCpus);
  EXPECT_EQ(count.physical, kOnline / 2);
  EXPECT_EQ(count.packages, 8u);
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, kCpus);
  for (uint32_t cpu = 0; cpu < kCpus; cpu++) {
    const sonde_cpu_topology &row = list[cpu];
    ASSERT_EQ(row.cpu, cpu);
    ASSERT_EQ(row.online, cpu < kOnline);
    if (!row.online) continue;
    ASSERT_EQ(row.package, cpu / kPerPackage);
    ASSERT_EQ(row.core, cpu % kPerPackage / 2);
    ASSERT_TRUE(row.valid & SONDE_CPU_TOPOLOGY_NUMA_NODE);
    ASSERT_EQ(row.numa_node, cpu / kPerNode);
  }
}

TEST_F(ManyCpus, Caches) {
  List<sonde_cpu_cache_list> list;
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &list), SONDE_OK) << context.error();
  uint32_t first = 0, last = 0;
  for (const sonde_cpu_cache &row : list) {
    ASSERT_EQ(row.status, SONDE_OK);
    const uint32_t shared = row.level == 1 ? 2 : kPerCache;
    uint32_t &at = row.level == 1 ? first : last;
    ASSERT_EQ(row.size, row.level == 1 ? 32768u : 67108864u);
    ASSERT_EQ(row.num_cpus, shared);
    for (uint32_t i = 0; i < shared; i++) ASSERT_EQ(row.cpus[i], at + i);
    at += shared;
  }
  EXPECT_EQ(first, kOnline);
  EXPECT_EQ(last, kOnline);
}

TEST_F(ManyCpus, FrequenciesAndInterrupts) {
  List<sonde_cpu_freq_list> frequencies;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &frequencies), SONDE_OK) << context.error();
  ASSERT_EQ(frequencies.count, kOnline);
  for (uint32_t cpu = 0; cpu < kOnline; cpu++) {
    ASSERT_EQ(frequencies[cpu].current, UINT64_C(2000000000) + (100 + cpu % 800) * 1000) << cpu;
  }
  List<sonde_cpu_info_list> info;
  ASSERT_EQ(sonde_cpu_info_list_get(context, &info), SONDE_OK);
  ASSERT_EQ(info.count, 1u);
  EXPECT_EQ(info[0].num_cpus, kOnline);
  List<sonde_cpu_interrupt_list> interrupts;
  ASSERT_EQ(sonde_cpu_interrupt_list_get(context, &interrupts), SONDE_OK) << context.error();
  ASSERT_EQ(interrupts.count, 3u);
  EXPECT_EQ(interrupts[0].count, kOnline);
  EXPECT_EQ(text(interrupts[0].description), "IO-APIC   2-edge      timer");
  EXPECT_EQ(interrupts[1].count, 1000u * kOnline + kOnline * (kOnline - 1) / 2);
  EXPECT_EQ(text(interrupts[2].name), "ERR");
}

TEST_F(ManyCpus, Nodes) {
  List<sonde_numa_node_list> nodes;
  ASSERT_EQ(sonde_numa_node_list_get(context, &nodes), SONDE_OK) << context.error();
  ASSERT_EQ(nodes.count, 16u);
  for (uint32_t node = 0; node < 16; node++) {
    EXPECT_EQ(nodes[node].node, node);
    EXPECT_EQ(nodes[node].total, kNodeBytes);
    EXPECT_EQ(nodes[node].free, node * 1024000);
    ASSERT_EQ(nodes[node].num_cpus, node == 15 ? 192u : kPerNode);
    for (uint32_t i = 0; i < nodes[node].num_cpus; i++) ASSERT_EQ(nodes[node].cpus[i], node * kPerNode + i);
  }
}

TEST_F(ManyCpus, Process) {
  const sonde_test::Handle handle(context, 1);
  List<sonde_cpu_list> cpus;
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << context.error();
  ASSERT_EQ(cpus.count, 4064u);
  for (uint32_t i = 0; i < cpus.count; i++) ASSERT_EQ(cpus[i], i);
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_get(context, &table, 1, SONDE_PROCESS_STAT), SONDE_OK);
  EXPECT_EQ(table[0].cpu_num, 4031);
  EXPECT_EQ(table[0].rss, 5u * 65536);
}

}  // namespace
