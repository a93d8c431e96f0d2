// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::RefusingOs;
using sonde_test::text;
using sonde_test::Tree;

std::string CpuPath(uint32_t cpu) { return "sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/"; }

void WriteTopology(Tree &tree, uint32_t cpu, const char *package, const char *die, const char *cluster,
                   const char *core) {
  const std::string path = CpuPath(cpu) + "topology/";
  const auto write = [&](const char *file, const char *value) {
    if (value != nullptr) tree.write(path + file, std::string(value) + "\n");
  };
  write("physical_package_id", package);
  write("die_id", die);
  write("cluster_id", cluster);
  write("core_id", core);
}

// One line per CPU: only what is valid.
std::string Topology(sonde *context) {
  List<sonde_cpu_topology_list> list;
  const sonde_status status = sonde_cpu_topology_list_get(context, &list);
  if (status != SONDE_OK) return sonde_status_name(status);
  std::string all;
  for (const sonde_cpu_topology &row : list) {
    all += std::to_string(row.cpu) + (row.online ? ":" : " offline:");
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    if (row.valid & SONDE_CPU_TOPOLOGY_PACKAGE) all += " p" + std::to_string(row.package);
    if (row.valid & SONDE_CPU_TOPOLOGY_DIE) all += " d" + std::to_string(row.die);
    if (row.valid & SONDE_CPU_TOPOLOGY_CLUSTER) all += " l" + std::to_string(row.cluster);
    if (row.valid & SONDE_CPU_TOPOLOGY_CORE) all += " c" + std::to_string(row.core);
    if (row.valid & SONDE_CPU_TOPOLOGY_NUMA_NODE) all += " n" + std::to_string(row.numa_node);
    if (row.valid & SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS) all += " e" + std::to_string(row.efficiency_class);
    if (row.valid & SONDE_CPU_TOPOLOGY_CAPACITY) all += " cap" + std::to_string(row.capacity);
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuTopology, ServerWithNodesAndOfflineCpus) {
  Tree tree;
  tree.write("sys/devices/system/cpu/present", "0-3,6\n").write("sys/devices/system/cpu/online", "0-2,6\n");
  WriteTopology(tree, 0, "0", "0", "65535", "0");
  WriteTopology(tree, 1, "0", "1", "8", "4");
  WriteTopology(tree, 2, "1", "0", nullptr, "0");
  WriteTopology(tree, 3, "1", "0", nullptr, "4");  // offline: not asked
  WriteTopology(tree, 6, "-1", "-1", "-1", "-1");
  tree.write("sys/devices/system/node/online", "0,2-3\n")
      .write("sys/devices/system/node/node0/cpulist", "0-1\n")
      .write("sys/devices/system/node/node2/cpulist", "2-3,6\n")
      .write("sys/devices/system/node/node3/cpulist", "\n");
  Context context(tree.options());
  EXPECT_EQ(Topology(context), "0: p0 d0 c0 n0\n1: p0 d1 l8 c4 n0\n2: p1 d0 c0 n2\n3 offline:\n6: n2\n");
}

TEST(LinuxCpuTopology, HybridX86) {
  Tree tree;
  tree.write("sys/devices/system/cpu/present", "0-3\n")
      .write("sys/devices/system/cpu/online", "0-3\n")
      .write("sys/devices/cpu_core/cpus", "0-1\n")
      .write("sys/devices/cpu_atom/cpus", "2-3\n");
  // The counters decide, not the capacities that 6.12 added.
  for (uint32_t i = 0; i < 4; i++) tree.write(CpuPath(i) + "cpu_capacity", "1024\n");
  Context context(tree.options());
  EXPECT_EQ(Topology(context), "0: e1 cap1024\n1: e1 cap1024\n2: e0 cap1024\n3: e0 cap1024\n");
  tree.write("sys/devices/cpu_lowpower/cpus", "3\n").write("sys/devices/cpu_atom/cpus", "2\n");
  EXPECT_EQ(Topology(context), "0: e2 cap1024\n1: e2 cap1024\n2: e1 cap1024\n3: e0 cap1024\n");
}

TEST(LinuxCpuTopology, BigLittle) {
  Tree tree;
  tree.write("sys/devices/system/cpu/present", "0-3\n").write("sys/devices/system/cpu/online", "0-3\n");
  const char *const capacities[] = {"446\n", "1024\n", "446\n", "871\n"};
  for (uint32_t i = 0; i < 4; i++) tree.write(CpuPath(i) + "cpu_capacity", capacities[i]);
  Context context(tree.options());
  EXPECT_EQ(Topology(context), "0: e0 cap446\n1: e2 cap1024\n2: e0 cap446\n3: e1 cap871\n");
  for (uint32_t i = 0; i < 4; i++) tree.write(CpuPath(i) + "cpu_capacity", "1024\n");
  EXPECT_EQ(Topology(context), "0: e0 cap1024\n1: e0 cap1024\n2: e0 cap1024\n3: e0 cap1024\n");
}

TEST(LinuxCpuTopology, OddFiles) {
  Tree tree;
  tree.write("sys/devices/system/cpu/present", "0-1\n").write("sys/devices/system/cpu/online", "0-1\n");
  WriteTopology(tree, 0, "0", nullptr, nullptr, "x");
  WriteTopology(tree, 1, "0", nullptr, nullptr, "4294967296");
  tree.write("sys/devices/system/node/online", "0-1\n")
      .write("sys/devices/system/node/node0/cpulist", "1-0\n")
      .write("sys/devices/system/node/node1/cpulist", "1,4294967295\n");
  Context context(tree.options());
  EXPECT_EQ(Topology(context), "0: SONDE_ERR_PARSE p0\n1: SONDE_ERR_PARSE p0 n1\n");
  tree.write("sys/devices/system/node/online", "all\n");
  EXPECT_EQ(Topology(context), "0: SONDE_ERR_PARSE p0\n1: SONDE_ERR_PARSE p0\n");
  RefusingOs os;
  os.refuse("cpu1/topology/core_id", ENFILE);
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  EXPECT_EQ(Topology(refused), "SONDE_ERR_OS");
}

TEST(LinuxCpuTopology, Cpuinfo) {
  Tree tree;
  tree.write("proc/cpuinfo",
             "processor : 0\nphysical id : 1\ncore id : 2\n\nprocessor : 3\n\nprocessor : 1\ncore id : 7\n");
  Context context(tree.options());
  EXPECT_EQ(Topology(context), "0: p1 c2\n3:\n");
  // s390x tells the place of a CPU in a second paragraph.
  tree.write("proc/cpuinfo",
             "vendor_id : IBM/S390\nprocessor 0: machine = 2964\nprocessor 1: machine = 2964\n\ncpu number : 0\n"
             "physical id : 1\ncore id : 2\n\ncpu number : 1\nphysical id : 3\ncore id : 4\n");
  EXPECT_EQ(Topology(context), "0: p1 c2\n1: p3 c4\n");
  tree.write("proc/cpuinfo", "vendor_id : IBM/S390\n");
  EXPECT_EQ(Topology(context), "SONDE_ERR_PARSE");
  tree.remove("proc/cpuinfo");
  EXPECT_EQ(Topology(context), "SONDE_ERR_OS");
}

/* ---- Caches ---- */

void WriteCache(Tree &tree, uint32_t cpu, uint32_t index, const char *level, const char *type, const char *size,
                const char *shared) {
  const std::string path = CpuPath(cpu) + "cache/index" + std::to_string(index) + "/";
  tree.write(path + "level", level).write(path + "type", type).write(path + "size", size);
  if (shared != nullptr) tree.write(path + "shared_cpu_list", shared);
  tree.write(path + "coherency_line_size", "64\n")
      .write(path + "ways_of_associativity", "8\n")
      .write(path + "number_of_sets", "128\n");
}

std::string Caches(sonde *context) {
  List<sonde_cpu_cache_list> list;
  const sonde_status status = sonde_cpu_cache_list_get(context, &list);
  if (status != SONDE_OK) return sonde_status_name(status);
  std::string all;
  for (const sonde_cpu_cache &row : list) {
    all += "L" + std::to_string(row.level) + "?diu"[row.type] + ":";
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    if (row.valid & SONDE_CPU_CACHE_SIZE) all += " " + std::to_string(row.size);
    if (row.valid & SONDE_CPU_CACHE_LINE_SIZE) all += " line " + std::to_string(row.line_size);
    if (row.valid & SONDE_CPU_CACHE_WAYS) all += " ways " + std::to_string(row.ways);
    if (row.valid & SONDE_CPU_CACHE_SETS) all += " sets " + std::to_string(row.sets);
    if (row.valid & SONDE_CPU_CACHE_CPUS) {
      all += " of";
      for (size_t i = 0; i < row.num_cpus; i++) all += " " + std::to_string(row.cpus[i]);
    }
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuCache, EachOnce) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0-1,3\n");
  for (uint32_t cpu : {0u, 1u, 3u}) {
    WriteCache(tree, cpu, 0, "1\n", "Data\n", "48K\n", (std::to_string(cpu) + "\n").c_str());
    WriteCache(tree, cpu, 1, "1\n", "Instruction\n", "32K\n", (std::to_string(cpu) + "\n").c_str());
    // The list may name CPUs that a container does not see, or that are offline.
    WriteCache(tree, cpu, 2, "3\n", "Unified\n", "32768K\n", "0-3\n");
  }
  Context context(tree.options());
  const std::string rest = " line 64 ways 8 sets 128 of ";
  EXPECT_EQ(Caches(context), "L1d: 49152" + rest + "0\nL1i: 32768" + rest + "0\nL3u: 33554432" + rest +
                                 "0 1 2 3\nL1d: 49152" + rest + "1\nL1i: 32768" + rest + "1\nL1d: 49152" + rest +
                                 "3\nL1i: 32768" + rest + "3\n");
  tree.write("sys/devices/system/cpu/online", "1,3\n");
  EXPECT_EQ(Caches(context), "L1d: 49152" + rest + "1\nL1i: 32768" + rest + "1\nL3u: 33554432" + rest +
                                 "0 1 2 3\nL1d: 49152" + rest + "3\nL1i: 32768" + rest + "3\n");
}

TEST(LinuxCpuCache, OddFiles) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0\n");
  Context context(tree.options());
  EXPECT_EQ(Caches(context), "SONDE_ERR_UNSUPPORTED");
  WriteCache(tree, 0, 0, "1\n", "Unknown\n", "48k\n", nullptr);
  WriteCache(tree, 0, 1, "x\n", "Data\n", "18014398509481984K\n", "0-\n");
  tree.write(CpuPath(0) + "cache/index2/level", "2\n");  // arm without firmware tables
  EXPECT_EQ(Caches(context),
            "L1?: SONDE_ERR_PARSE line 64 ways 8 sets 128\nL0d: SONDE_ERR_PARSE line 64 ways 8 sets 128\nL2?:\n");
  RefusingOs os;
  os.refuse("index1/size", EMFILE);
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  EXPECT_EQ(Caches(refused), "SONDE_ERR_OS");
}

TEST(LinuxCpuCache, ListsThatOnlyCostMemory) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0\n");
  WriteCache(tree, 0, 0, "1\n", "Data\n", "48K\n", "0-4294967295\n");
  Context context(tree.options());
  EXPECT_EQ(Caches(context), "L1d: SONDE_ERR_PARSE 49152 line 64 ways 8 sets 128\n");
}

/* ---- Live ---- */

// The lines of `lscpu -p=COLUMNS`, without its comments; empty when there is no lscpu.
std::vector<std::string> Lscpu(const std::string &columns) {
  std::vector<std::string> lines;
  FILE *pipe = popen(("lscpu -p=" + columns + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return lines;
  char line[4096];
  while (fgets(line, sizeof line, pipe) != nullptr) {
    if (line[0] != '#') lines.emplace_back(line, std::string(line).find('\n'));
  }
  pclose(pipe);
  return lines;
}

TEST(LinuxCpuTopologyLive, NodesAreThoseOfLscpu) {
  const auto lines = Lscpu("CPU,NODE");
  if (lines.empty()) GTEST_SKIP() << "no lscpu";
  Context context;
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  size_t at = 0;
  for (const sonde_cpu_topology &row : list) {
    if (!row.online) continue;
    ASSERT_LT(at, lines.size());
    const bool has_node = (row.valid & SONDE_CPU_TOPOLOGY_NUMA_NODE) != 0;
    EXPECT_EQ(std::to_string(row.cpu) + "," + (has_node ? std::to_string(row.numa_node) : ""), lines[at]);
    at++;
  }
  EXPECT_EQ(at, lines.size());
}

TEST(LinuxCpuTopologyLive, NumbersAreThoseOfSys) {
  Context context;
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << context.error();
  for (const sonde_cpu_topology &row : list) {
    const auto told = [&row](const char *file) {
      std::ifstream in("/sys/devices/system/cpu/cpu" + std::to_string(row.cpu) + "/" + file);
      long long value = -1;
      in >> value;
      return value;
    };
    const auto ours = [&row](uint64_t bit, uint32_t value) {
      return (row.valid & bit) != 0 ? static_cast<long long>(value) : -1;
    };
    if (!row.online) continue;
    EXPECT_EQ(ours(SONDE_CPU_TOPOLOGY_PACKAGE, row.package), told("topology/physical_package_id"));
    EXPECT_EQ(ours(SONDE_CPU_TOPOLOGY_CORE, row.core), told("topology/core_id"));
    EXPECT_EQ(ours(SONDE_CPU_TOPOLOGY_DIE, row.die), told("topology/die_id"));
    EXPECT_EQ(ours(SONDE_CPU_TOPOLOGY_CAPACITY, row.capacity), told("cpu_capacity"));
  }
}

TEST(LinuxCpuCacheLive, AsLscpuSaysIt) {
  FILE *pipe = popen("lscpu -B -C=NAME,ONE-SIZE,ALL-SIZE 2>/dev/null", "r");
  if (pipe == nullptr) GTEST_SKIP() << "no lscpu";
  std::string theirs;
  char line[4096];
  if (fgets(line, sizeof line, pipe) != nullptr) {  // the line of titles
    while (fgets(line, sizeof line, pipe) != nullptr) {
      std::istringstream words(line);
      std::string name;
      uint64_t one = 0, all = 0;
      words >> name >> one >> all;
      theirs += name + " " + std::to_string(one) + " " + std::to_string(all) + "\n";
    }
  }
  pclose(pipe);
  if (theirs.empty()) GTEST_SKIP() << "lscpu tells of no caches";
  Context context;
  List<sonde_cpu_cache_list> list;
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &list), SONDE_OK) << context.error();
  std::string ours;
  const struct {
    uint32_t level;
    sonde_cpu_cache_type type;
    const char *name;
  } kinds[] = {{1, SONDE_CACHE_DATA, "L1d"},
               {1, SONDE_CACHE_INSTRUCTION, "L1i"},
               {2, SONDE_CACHE_UNIFIED, "L2"},
               {3, SONDE_CACHE_UNIFIED, "L3"},
               {4, SONDE_CACHE_UNIFIED, "L4"}};
  for (const auto &kind : kinds) {
    uint64_t one = 0, all = 0;
    for (const sonde_cpu_cache &row : list) {
      if (row.level != kind.level || row.type != kind.type) continue;
      one = row.size;
      all += row.size;
    }
    if (all > 0) ours += std::string(kind.name) + " " + std::to_string(one) + " " + std::to_string(all) + "\n";
  }
  EXPECT_EQ(ours, theirs);
}

}  // namespace
