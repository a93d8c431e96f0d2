// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::last_error;
using sonde_test::List;
using windows_machine::Cache;
using windows_machine::machine;
using windows_machine::Machine;
using windows_machine::MadeUp;
using windows_machine::Node;
using windows_machine::Processor;
using windows_machine::Record;

constexpr bool kIsWide = sizeof(void *) == 8;

using Cpus = std::vector<uint32_t>;

Cpus CpusOf(const sonde_cpu_cache &cache) { return Cpus(cache.cpus, cache.cpus + cache.num_cpus); }

Cpus CpusOf(ULONG_PTR mask) {
  Cpus out;
  for (uint32_t i = 0; i < 8 * sizeof mask; i++) {
    if ((mask >> i & 1) != 0) out.push_back(i);
  }
  return out;
}

/* ---- This machine, by the older function: one group ---- */

std::vector<SYSTEM_LOGICAL_PROCESSOR_INFORMATION> OlderRows() {
  DWORD size = 0;
  GetLogicalProcessorInformation(nullptr, &size);
  std::vector<SYSTEM_LOGICAL_PROCESSOR_INFORMATION> rows(size / sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION));
  EXPECT_TRUE(GetLogicalProcessorInformation(rows.data(), &size));
  return rows;
}

TEST(WindowsCpuTopology, SiblingsAreThoseOfTheOlderFunction) {
  Context context;
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_TRUE(list[i].online);
    EXPECT_EQ(list[i].group, 0u);
    EXPECT_EQ(list[i].status, SONDE_OK);
    const uint64_t told = SONDE_CPU_TOPOLOGY_PACKAGE | SONDE_CPU_TOPOLOGY_CORE | SONDE_CPU_TOPOLOGY_NUMA_NODE |
                          SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS | SONDE_CPU_TOPOLOGY_GROUP;
    EXPECT_EQ(list[i].valid & told, told);
    EXPECT_EQ(list[i].valid & SONDE_CPU_TOPOLOGY_CAPACITY, 0u);
  }
  for (const auto &row : OlderRows()) {
    const Cpus cpus = CpusOf(row.ProcessorMask);
    for (const uint32_t a : cpus) {
      for (const sonde_cpu_topology &b : list) {
        const bool together = std::count(cpus.begin(), cpus.end(), b.cpu) > 0;
        if (row.Relationship == RelationProcessorCore) {
          EXPECT_EQ(list[a].core == b.core, together) << a << " and " << b.cpu;
        } else if (row.Relationship == RelationProcessorPackage) {
          EXPECT_EQ(list[a].package == b.package, together) << a << " and " << b.cpu;
        } else if (row.Relationship == RelationNumaNode) {
          EXPECT_EQ(b.numa_node == row.NumaNode.NodeNumber, together) << b.cpu;
        }
      }
    }
  }
}

TEST(WindowsCpuTopology, CachesAreThoseOfTheOlderFunction) {
  Context context;
  List<sonde_cpu_cache_list> list;
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &list), SONDE_OK) << context.error();
  using Known = std::pair<std::vector<uint64_t>, Cpus>;
  std::multiset<Known> expected;
  std::multiset<Known> told;
  for (const auto &row : OlderRows()) {
    if (row.Relationship != RelationCache) continue;
    const int type = row.Cache.Type == CacheUnified       ? SONDE_CACHE_UNIFIED
                     : row.Cache.Type == CacheInstruction ? SONDE_CACHE_INSTRUCTION
                                                          : SONDE_CACHE_DATA;
    expected.insert({{row.Cache.Level, row.Cache.Size, row.Cache.LineSize,
                      row.Cache.Associativity == 0xff ? 0u : row.Cache.Associativity, static_cast<uint64_t>(type)},
                     CpusOf(row.ProcessorMask)});
  }
  for (const sonde_cpu_cache &row : list) {
    told.insert({{row.level, row.size, row.line_size, row.ways, static_cast<uint64_t>(row.type)}, CpusOf(row)});
    EXPECT_EQ(row.valid & SONDE_CPU_CACHE_SETS, 0u);
    EXPECT_EQ(row.status, SONDE_OK);
  }
  EXPECT_FALSE(told.empty());
  EXPECT_EQ(told, expected);
}

/* ---- Machines made up ---- */

// A laptop: a fast core with two threads, two slow cores in a module.
Machine Hybrid() {
  Machine made;
  made.groups = {{4, 4}};
  made.processors = Processor(3, {{0, 0xf}}) + Processor(5, {{0, 0xf}}) + Processor(0, {{0, 3}}, 1) +
                    Processor(0, {{0, 4}}) + Processor(0, {{0, 8}}) + Processor(7, {{0, 3}}) +
                    Processor(7, {{0, 0xc}}) + Cache(1, 12, 64, 49152, 2, {{0, 3}}) +
                    Cache(1, 8, 64, 32768, 1, {{0, 3}}) + Cache(2, 16, 64, 2 << 20, 0, {{0, 0xc}}) +
                    Cache(3, 0xff, 64, 24 << 20, 0, {{0, 0xf}}) + Cache(1, 4, 64, 12000, 3, {{0, 4}}) +
                    Cache(4, 0, 0, 0, 9, {{0, 0xf}}) + Node(0, {{0, 0xf}}) + Record(99, "of the future");
  return made;
}

TEST(WindowsCpuTopology, FastAndSlowCores) {
  MadeUp context(Hybrid());
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 4u);
  const uint64_t all = SONDE_CPU_TOPOLOGY_PACKAGE | SONDE_CPU_TOPOLOGY_DIE | SONDE_CPU_TOPOLOGY_CLUSTER |
                       SONDE_CPU_TOPOLOGY_CORE | SONDE_CPU_TOPOLOGY_NUMA_NODE | SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS |
                       SONDE_CPU_TOPOLOGY_GROUP;
  const uint32_t cores[] = {0, 0, 1, 2};
  const uint32_t classes[] = {1, 1, 0, 0};
  const uint32_t clusters[] = {0, 0, 1, 1};
  for (size_t i = 0; i < 4; i++) {
    EXPECT_EQ(list[i].valid, all);
    EXPECT_EQ(list[i].core, cores[i]);
    EXPECT_EQ(list[i].efficiency_class, classes[i]);
    EXPECT_EQ(list[i].cluster, clusters[i]);
    EXPECT_EQ(list[i].package, 0u);
    EXPECT_EQ(list[i].die, 0u);
    EXPECT_EQ(list[i].numa_node, 0u);
  }
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.physical, 3u);
  EXPECT_EQ(count.packages, 1u);
}

TEST(WindowsCpuTopology, CachesOfThat) {
  MadeUp context(Hybrid());
  List<sonde_cpu_cache_list> list;
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 6u);
  const uint64_t all = SONDE_CPU_CACHE_SIZE | SONDE_CPU_CACHE_LINE_SIZE | SONDE_CPU_CACHE_WAYS | SONDE_CPU_CACHE_CPUS;
  EXPECT_EQ(list[0].valid, all);
  EXPECT_EQ(list[0].type, SONDE_CACHE_DATA);
  EXPECT_EQ(list[0].size, 49152u);
  EXPECT_EQ(list[0].ways, 12u);
  EXPECT_EQ(CpusOf(list[0]), (Cpus{0, 1}));
  EXPECT_EQ(list[1].type, SONDE_CACHE_INSTRUCTION);
  EXPECT_EQ(list[2].type, SONDE_CACHE_UNIFIED);
  EXPECT_EQ(CpusOf(list[2]), (Cpus{2, 3}));
  EXPECT_EQ(list[3].ways, 0u) << "fully associative";
  EXPECT_EQ(list[3].valid, all);
  EXPECT_EQ(list[4].type, SONDE_CACHE_UNKNOWN) << "a trace cache holds neither";
  EXPECT_EQ(list[5].type, SONDE_CACHE_UNKNOWN);
  EXPECT_EQ(list[5].valid, uint64_t{SONDE_CPU_CACHE_CPUS});
}

TEST(WindowsCpuTopology, AnArmMachineWithoutDies) {
  Machine made;
  made.groups = {{8, 8}};
  for (uint32_t i = 0; i < 8; i++) {
    made.processors += Processor(0, {{0, uint64_t{1} << i}}, static_cast<uint8_t>(i < 4 ? 0 : 2));
  }
  made.processors += Processor(3, {{0, 0xff}});
  MadeUp context(made);
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 8u);
  EXPECT_EQ(list[7].efficiency_class, 2u);
  EXPECT_EQ(list[7].core, 7u);
  EXPECT_EQ(list[7].valid & (SONDE_CPU_TOPOLOGY_DIE | SONDE_CPU_TOPOLOGY_NUMA_NODE), 0u);
}

// 64 and 32 CPUs of at most 64 each: two packages, the second with a node of its own.
TEST(WindowsCpuTopology, TwoGroups) {
  Machine made;
  made.groups = {{64, 64}, {64, 32}};
  for (uint32_t i = 0; i < 96; i += 2) {
    made.processors += Processor(0, {{static_cast<uint16_t>(i / 64), uint64_t{3} << i % 64}});
  }
  made.processors += Processor(3, {{0, UINT64_MAX}}) + Processor(3, {{1, UINT64_MAX}}) +
                     Cache(3, 16, 64, 32 << 20, 0, {{0, uint64_t{1} << 63}, {1, 1}}) + Node(0, {{0, UINT64_MAX}}) +
                     Node(1, {{1, 0xffffffff}});
  MadeUp context(made);
  List<sonde_cpu_topology_list> list;
  List<sonde_cpu_cache_list> caches;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 96u);
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &caches), SONDE_OK);
  ASSERT_EQ(caches.count, 1u);
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_EQ(list[i].group, i / 64);
  }
  if (!kIsWide) {
    EXPECT_EQ(list[95].valid, uint64_t{SONDE_CPU_TOPOLOGY_GROUP}) << "each bit of a mask stands for two CPUs";
    EXPECT_EQ(caches[0].valid & SONDE_CPU_CACHE_CPUS, 0u);
    sonde_cpu_count count = {};
    ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
    EXPECT_EQ(count.valid & SONDE_CPU_COUNT_USABLE, 0u);
    EXPECT_EQ(count.physical, 48u);
    return;
  }
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].core, i / 2);
    EXPECT_EQ(list[i].package, i / 64);
    EXPECT_EQ(list[i].numa_node, i / 64);
  }
  EXPECT_EQ(CpusOf(caches[0]), (Cpus{63, 64}));
}

TEST(WindowsCpuTopology, ANodeThatSpansGroups) {
  Machine made;
  made.groups = {{4, 4}, {4, 4}};
  made.processors = Node(0, {{0, 0xf}});
  made.nodes = Node(0, {{0, 0xf}, {1, 0xf}}, 6);
  MadeUp context(made);
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 8u);
  EXPECT_NE(list[7].valid & SONDE_CPU_TOPOLOGY_NUMA_NODE, 0u);
  machine.nodes.clear();  // before Windows Server 2022
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list[7].valid & SONDE_CPU_TOPOLOGY_NUMA_NODE, 0u);
  EXPECT_NE(list[3].valid & SONDE_CPU_TOPOLOGY_NUMA_NODE, 0u);
}

TEST(WindowsCpuTopology, CpusThatCameBetweenTwoCallsAreLeftOut) {
  Machine made;
  made.groups = {{8, 2}};
  made.processors = Processor(0, {{0, 1}}) + Processor(0, {{0, 2}}) + Processor(0, {{0, 4}, {7, 1}});
  MadeUp context(made);
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << last_error(context);
  EXPECT_EQ(list.count, 2u);
}

TEST(WindowsCpuTopology, ManyRecords) {
  Machine made;
  made.groups = {{64, 64}};
  for (int i = 0; i < 2000; i++) made.processors += Cache(1, 8, 64, 32768, 2, {{0, 1}});
  MadeUp context(made);
  List<sonde_cpu_cache_list> list;
  ASSERT_EQ(sonde_cpu_cache_list_get(context, &list), SONDE_OK) << last_error(context);
  EXPECT_EQ(list.count, 2000u);
}

TEST(WindowsCpuTopology, WhatIsNotUnderstood) {
  const std::string good = Processor(0, {{0, 3}}) + Cache(1, 8, 64, 32768, 2, {{0, 3}});
  for (const std::string &rest : {std::string("odd"), Record(0, "short"), good.substr(0, 20)}) {
    Machine made;
    made.processors = good + rest;
    MadeUp context(made);
    List<sonde_cpu_topology_list> list;
    List<sonde_cpu_cache_list> caches;
    EXPECT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_ERR_PARSE);
    EXPECT_EQ(sonde_cpu_cache_list_get(context, &caches), SONDE_ERR_PARSE);
    EXPECT_NE(last_error(context).find("GetLogicalProcessorInformationEx"), std::string::npos);
  }
  Machine made;
  made.processors = good;
  made.nodes = "odd";
  MadeUp context(made);
  List<sonde_cpu_topology_list> list;
  ASSERT_EQ(sonde_cpu_topology_list_get(context, &list), SONDE_OK) << "only the nodes are not told";
  EXPECT_NE(list[0].valid & SONDE_CPU_TOPOLOGY_CORE, 0u);
}

// An answer that is always larger than the room for it.
BOOL WINAPI Growing(LOGICAL_PROCESSOR_RELATIONSHIP, SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *, DWORD *size) {
  (*size)++;
  SetLastError(ERROR_INSUFFICIENT_BUFFER);
  return FALSE;
}

TEST(WindowsCpuTopology, EachFailureIsTold) {
  struct Row {
    const char *call;
    DWORD code;
    sonde_status expected;
  };
  const Row rows[] = {
      {"GetMaximumProcessorGroupCount", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS},
      {"GetActiveProcessorCount", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS},
      {"GetLogicalProcessorInformationEx", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS},
      {"GetLogicalProcessorInformationEx", ERROR_NOT_ENOUGH_MEMORY, SONDE_ERR_NO_MEMORY},
  };
  for (const Row &row : rows) {
    Machine made = Hybrid();
    made.failures[row.call] = row.code;
    MadeUp context(made);
    List<sonde_cpu_topology_list> list;
    List<sonde_cpu_cache_list> caches;
    EXPECT_EQ(sonde_cpu_topology_list_get(context, &list), row.expected) << row.call;
    EXPECT_EQ(sonde_cpu_cache_list_get(context, &caches), row.expected) << row.call;
    EXPECT_NE(last_error(context).find(row.call), std::string::npos) << last_error(context);
  }
  windows_os os = windows_machine::Os();
  os.GetLogicalProcessorInformationEx = Growing;
  MadeUp context(Hybrid(), os);
  List<sonde_cpu_cache_list> caches;
  EXPECT_EQ(sonde_cpu_cache_list_get(context, &caches), SONDE_ERR_OS) << "not for ever";
  EXPECT_NE(last_error(context).find("ERROR_INSUFFICIENT_BUFFER"), std::string::npos) << last_error(context);
}

TEST(WindowsCpuTopology, EveryAllocationThatFails) {
  windows_machine::EveryAllocationFails(Hybrid(), windows_machine::Os(), [](sonde *context) {
    List<sonde_cpu_topology_list> list;
    return sonde_cpu_topology_list_get(context, &list);
  });
  windows_machine::EveryAllocationFails(Hybrid(), windows_machine::Os(), [](sonde *context) {
    List<sonde_cpu_cache_list> list;
    return sonde_cpu_cache_list_get(context, &list);
  });
}

}  // namespace
