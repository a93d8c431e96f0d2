// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cerrno>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::command_output;
using sonde_test::Context;
using sonde_test::fields_of;
using sonde_test::lines_of;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

const char *const kKsm[] = {"pages_shared",  "pages_sharing",      "pages_unshared",   "pages_volatile",
                            "full_scans",    "stable_node_chains", "stable_node_dups", "ksm_zero_pages",
                            "pages_scanned", "pages_skipped"};

// "source name value unit status"
std::string Stats(const sonde_memory_stat_list &list) {
  std::string all;
  for (size_t i = 0; i < list.count; i++) {
    const sonde_memory_stat &row = list.rows[i];
    all += text(row.source) + " " + text(row.name) + " " + std::to_string(row.value) + " " + std::to_string(row.unit) +
           " " + std::to_string(row.status) + "\n";
  }
  return all;
}

TEST(LinuxMemoryStat, WhereABadRowOfMeminfoStands) {
  Tree tree;
  tree.write("proc/meminfo", "MemTotal: 2 kB\nHugePages_Total: 3\nBuffers:\n")
      .write("proc/vmstat", "pgfault 6\n")
      .mkdir("sys/block")
      .mkdir("sys/devices/system/node");
  for (const char *name : kKsm) tree.write(std::string("sys/kernel/mm/ksm/") + name, "7\n");
  Context context(tree.options());
  List<sonde_memory_stat_list> got;
  ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(got.bad, 1u);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(text(error.subject).substr(text(error.subject).rfind('/') + 1), "meminfo");
  EXPECT_EQ(error.position, 42u);
}

TEST(LinuxMemoryStat, OfAMadeUpMachine) {
  Tree tree;
  const std::string nodes = "sys/devices/system/node/";
  tree.write("proc/meminfo", "MemTotal: 2 kB\nHugePages_Total: 3\nBuffers:\n")
      .write("proc/vmstat", "nr_free_pages 4\npgpgin 5\npgfault 6\npgmajfault x\n")
      .mkdir("sys/block")
      .mkdir("sys/devices/system/node");
  for (const char *name : kKsm) tree.write(std::string("sys/kernel/mm/ksm/") + name, "7\n");
  tree.write("sys/kernel/mm/ksm/run", "1\n");
  Context context(tree.options());
  List<sonde_memory_stat_list> got;
  ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << context.error();
  const std::string meminfo = "meminfo MemTotal 2048 1 0\nmeminfo HugePages_Total 3 0 0\nmeminfo Buffers 0 0 -8\n";
  const std::string vmstat =
      "vmstat nr_free_pages 4 2 0\nvmstat pgpgin 5120 1 0\nvmstat pgfault 6 0 0\nvmstat pgmajfault 0 0 -8\n";
  const std::string ksm =
      "ksm pages_shared 7 2 0\nksm pages_sharing 7 2 0\nksm pages_unshared 7 2 0\nksm pages_volatile 7 2 0\n"
      "ksm full_scans 7 0 0\nksm stable_node_chains 7 0 0\nksm stable_node_dups 7 0 0\nksm ksm_zero_pages 7 2 0\n"
      "ksm pages_scanned 7 2 0\nksm pages_skipped 7 2 0\n";
  EXPECT_EQ(Stats(got), meminfo + vmstat + ksm) << "ksm/run is a setting";
  EXPECT_EQ(got.bad, 2u);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.position, 46u) << "counted from the file's begin";

  tree.remove("sys/kernel");
  tree.write("sys/block/zram10/mm_stat", "1 2 3 4 5 6 7 8 9\n")
      .write("sys/block/zram2/mm_stat", "4096 x\n")
      .write("sys/block/zramx/mm_stat", "1\n")
      .mkdir("sys/block/zram3")
      .write("sys/block/sda/mm_stat", "1\n")
      .write(nodes + "node1/meminfo", "Node 1 MemTotal:       16 kB\nNode 1 HugePages_Total:     2\n")
      .write(nodes + "node1/numastat", "numa_hit 5\nnuma_miss y\n")
      .write(nodes + "node0/numastat", "other_node 1\n");
  ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(
      Stats(got),
      meminfo + vmstat +
          "zram2 orig_data_size 4096 1 0\nzram2 compr_data_size 0 1 -8\n"
          "zram10 orig_data_size 1 1 0\nzram10 compr_data_size 2 1 0\nzram10 mem_used_total 3 1 0\n"
          "zram10 mem_limit 4 1 0\nzram10 mem_used_max 5 1 0\nzram10 same_pages 6 2 0\n"
          "zram10 pages_compacted 7 2 0\nzram10 huge_pages 8 2 0\nzram10 huge_pages_since 9 2 0\n"
          "node0 other_node 1 2 0\n"
          "node1 MemTotal 16384 1 0\nnode1 HugePages_Total 2 0 0\nnode1 numa_hit 5 2 0\nnode1 numa_miss 0 2 -8\n");

  tree.remove("proc/vmstat").remove("sys");
  ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << context.error();
  EXPECT_EQ(Stats(got), meminfo);
  tree.remove("proc/meminfo");
  EXPECT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_ERR_OS);
}

// What may not be read is not passed over: each source has a row that says so.
TEST(LinuxMemoryStat, RefusedFiles) {
  const struct {
    const char *file, *source;
  } rows[] = {{"proc/vmstat", "vmstat"}, {"pages_volatile", "ksm"},  {"zram0/mm_stat", "zram0"},
              {"sys/block", "zram"},     {"node0/meminfo", "node0"}, {"node0/numastat", "node0"}};
  for (const auto &row : rows) {
    Tree tree;
    tree.write("proc/meminfo", "MemTotal: 2 kB\n")
        .write("proc/vmstat", "pgfault 1\n")
        .write("sys/block/zram0/mm_stat", "1\n")
        .write("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal: 1 kB\n")
        .write("sys/devices/system/node/node0/numastat", "numa_hit 1\n");
    for (const char *name : kKsm) tree.write(std::string("sys/kernel/mm/ksm/") + name, "7\n");
    sonde_test::RefusingOs os;
    tree.options()->os_override = os.override();
    Context context(tree.options());
    List<sonde_memory_stat_list> got;
    os.refuse(row.file, EACCES);
    ASSERT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_OK) << row.file;
    EXPECT_EQ(got.bad, 1u) << row.file;
    for (const sonde_memory_stat &stat : got) {
      if (stat.status == SONDE_OK) continue;
      EXPECT_EQ(stat.status, SONDE_ERR_ACCESS);
      EXPECT_EQ(text(stat.source), row.source);
    }
    os.refuse(row.file, EMFILE);
    EXPECT_EQ(sonde_memory_stat_list_get(context, &got), SONDE_ERR_OS) << row.file;
  }
}

TEST(LinuxMemoryStatLive, AreThoseOfCat) {
  Context context;
  List<sonde_memory_stat_list> list;
  const auto read = [] {
    std::map<std::string, uint64_t> all;
    const std::string command =
        "cd /sys/kernel/mm/ksm && grep -s '^[0-9]*$' * | sed 's/^/ksm /; s/:/ /'; cd /sys/devices/system/node && "
        "for n in node[0-9]*; do sed \"s/^/$n /\" $n/numastat; done; cd /sys/block && for z in zram*; do set -- $z "
        "$(cat $z/mm_stat) && echo $1 orig_data_size $2 && echo $1 mem_used_total $4 && echo $1 huge_pages_since "
        "${10}; "
        "done";
    for (const std::string &line : lines_of(command_output(command))) {
      const std::vector<std::string> words = fields_of(line);
      if (words.size() == 3) all[words[0] + " " + words[1]] = std::stoull(words[2]);
    }
    return all;
  };
  auto before = read();
  if (before.empty()) GTEST_SKIP() << "neither ksm nor nodes in /sys";
  ASSERT_EQ(sonde_memory_stat_list_get(context, &list), SONDE_OK) << context.error();
  auto after = read();
  size_t compared = 0;
  for (const sonde_memory_stat &row : list) {
    const std::string key = text(row.source) + " " + text(row.name);
    if (before.count(key) == 0) continue;
    EXPECT_EQ(row.status, SONDE_OK) << key;
    EXPECT_LE(std::min(before[key], after[key]), row.value) << key;
    EXPECT_GE(std::max(before[key], after[key]), row.value) << key;
    compared++;
  }
  size_t counters = 0;
  for (const auto &entry : before) {
    bool is_counter = entry.first.rfind("node", 0) == 0 || entry.first.rfind("zram", 0) == 0;
    for (const char *name : kKsm) is_counter = is_counter || entry.first == std::string("ksm ") + name;
    counters += is_counter;
  }
  EXPECT_EQ(compared, counters);
}

/* ---- Huge pages ---- */

std::string Pools(sonde *context) {
  List<sonde_hugepages_list> list;
  if (sonde_hugepages_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_hugepages &row : list) {
    const auto value = [&row](uint64_t bit, uint64_t number) {
      if ((row.valid & bit) != 0) return " " + std::to_string(number);
      EXPECT_EQ(number, 0u);
      return std::string(" -");
    };
    all += (row.node == SONDE_NUMA_ALL ? "all" : std::to_string(row.node)) + " " + std::to_string(row.page_size) + ":" +
           value(SONDE_HUGEPAGES_TOTAL, row.total) + value(SONDE_HUGEPAGES_FREE, row.free) +
           value(SONDE_HUGEPAGES_RESERVED, row.reserved) + value(SONDE_HUGEPAGES_SURPLUS, row.surplus) +
           value(SONDE_HUGEPAGES_OVERCOMMIT, row.overcommit);
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    all += "\n";
  }
  return all;
}

void WritePool(Tree *tree, const std::string &folder, const std::string &total, bool is_of_machine) {
  tree->write(folder + "/nr_hugepages", total).write(folder + "/free_hugepages", "2\n");
  tree->write(folder + "/surplus_hugepages", "3\n");
  if (!is_of_machine) return;
  tree->write(folder + "/resv_hugepages", "1\n").write(folder + "/nr_overcommit_hugepages", "5\n");
}

TEST(LinuxHugepagePools, OfAMadeUpMachine) {
  Tree tree;
  const std::string machine = "sys/kernel/mm/hugepages/hugepages-", nodes = "sys/devices/system/node/node";
  WritePool(&tree, machine + "1048576kB", "10\n", true);
  WritePool(&tree, machine + "2048kB", "20\n", true);
  WritePool(&tree, machine + "64kB", "x\n", true);
  WritePool(&tree, nodes + "10/hugepages/hugepages-2048kB", "7\n", false);
  WritePool(&tree, nodes + "2/hugepages/hugepages-1048576kB", "6\n", false);
  WritePool(&tree, nodes + "2/hugepages/hugepages-2048kB", "5\n", false);
  tree.mkdir(nodes + "3").mkdir("sys/kernel/mm/hugepages/other").mkdir(machine + "32kB");
  Context context(tree.options());
  EXPECT_EQ(Pools(context),
            "all 32768: - - - - -\nall 65536: - 2 1 3 5 SONDE_ERR_PARSE\nall 2097152: 20 2 1 3 5\n"
            "all 1073741824: 10 2 1 3 5\n2 2097152: 5 2 - 3 -\n2 1073741824: 6 2 - 3 -\n10 2097152: 7 2 - 3 -\n");
  tree.remove("sys/kernel");
  EXPECT_NE(Pools(context).find("SONDE_ERR_UNSUPPORTED"), std::string::npos) << "a kernel without";
  sonde_test::RefusingOs os;
  WritePool(&tree, machine + "2048kB", "20\n", true);
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  os.refuse("free_hugepages", EACCES);
  EXPECT_EQ(Pools(refused).substr(0, 42), "all 2097152: 20 - 1 3 5 SONDE_ERR_ACCESS\n2");
  os.refuse("free_hugepages", EMFILE);
  EXPECT_NE(Pools(refused).find("EMFILE"), std::string::npos);
}

TEST(LinuxHugepagePoolsLive, AreThoseOfCat) {
  const auto read = [] {
    return command_output(
        "cd /sys/kernel/mm/hugepages && for d in hugepages-*; do s=${d#hugepages-}; s=${s%kB}; echo $((s * 1024)) "
        "$(cat "
        "$d/nr_hugepages $d/free_hugepages $d/resv_hugepages $d/surplus_hugepages $d/nr_overcommit_hugepages); done | "
        "sort -n");
  };
  Context context;
  List<sonde_hugepages_list> list;
  const std::string before = read();
  const sonde_status status = sonde_hugepages_list_get(context, &list);
  if (before.empty()) {
    EXPECT_EQ(status, SONDE_ERR_UNSUPPORTED);
    GTEST_SKIP() << "a kernel without huge pages";
  }
  ASSERT_EQ(status, SONDE_OK) << context.error();
  std::string got;
  std::map<uint64_t, uint64_t> totals, of_nodes;
  for (const sonde_hugepages &row : list) {
    if (row.node != SONDE_NUMA_ALL) {
      of_nodes[row.page_size] += row.total;
      continue;
    }
    totals[row.page_size] = row.total;
    for (const uint64_t value : {row.page_size, row.total, row.free, row.reserved, row.surplus}) {
      got += std::to_string(value) + " ";
    }
    got += std::to_string(row.overcommit) + "\n";
  }
  if (read() != before) GTEST_SKIP() << "somebody takes huge pages just now";
  EXPECT_EQ(got, before);
  if (of_nodes.empty()) return;
  EXPECT_EQ(of_nodes, totals) << "the nodes' are the machine's";
}

}  // namespace
