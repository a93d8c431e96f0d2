// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sched.h>
#include <sonde/sonde.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::RefusingOs;
using sonde_test::text;
using sonde_test::Tree;

constexpr uint64_t kAllTimes = SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_SYSTEM | SONDE_CPU_TIMES_IDLE |
                               SONDE_CPU_TIMES_NICE | SONDE_CPU_TIMES_IOWAIT | SONDE_CPU_TIMES_IRQ |
                               SONDE_CPU_TIMES_SOFTIRQ | SONDE_CPU_TIMES_STEAL | SONDE_CPU_TIMES_GUEST |
                               SONDE_CPU_TIMES_GUEST_NICE;
constexpr uint64_t kOldTimes =
    SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_NICE | SONDE_CPU_TIMES_SYSTEM | SONDE_CPU_TIMES_IDLE;

uint64_t Tick() { return SONDE_NSEC_PER_SEC / static_cast<uint64_t>(sysconf(_SC_CLK_TCK)); }

std::string Read(const std::string &path) {
  std::ifstream file(path);
  std::stringstream all;
  all << file.rdbuf();
  return all.str();
}

// What a command prints; empty when it is not there.
std::string Output(const std::string &command) {
  std::string all;
  FILE *pipe = popen((command + " 2>/dev/null").c_str(), "r");
  if (pipe == nullptr) return all;
  char block[4096];
  for (size_t got; (got = fread(block, 1, sizeof block, pipe)) > 0;) all.append(block, got);
  pclose(pipe);
  return all;
}

/* ---- Times ---- */

TEST(LinuxCpu, Times) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n");
  Context context(tree.options());
  sonde_cpu_times times = {};
  ASSERT_EQ(sonde_cpu_times_get(context, &times), SONDE_OK) << context.error();
  EXPECT_EQ(times.cpu, SONDE_CPU_TOTAL);
  EXPECT_EQ(times.status, SONDE_OK);
  EXPECT_EQ(times.valid, kAllTimes);
  EXPECT_EQ(times.user, 1 * Tick());
  EXPECT_EQ(times.nice, 2 * Tick());
  EXPECT_EQ(times.system, 3 * Tick());
  EXPECT_EQ(times.idle, 4 * Tick());
  EXPECT_EQ(times.iowait, 5 * Tick());
  EXPECT_EQ(times.irq, 6 * Tick());
  EXPECT_EQ(times.softirq, 7 * Tick());
  EXPECT_EQ(times.steal, 8 * Tick());
  EXPECT_EQ(times.guest, 9 * Tick());
  EXPECT_EQ(times.guest_nice, 10 * Tick());
}

TEST(LinuxCpu, TimesOfOldKernels) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4\ncpu0 1 2 3 4\n");
  Context context(tree.options());
  sonde_cpu_times times = {};
  ASSERT_EQ(sonde_cpu_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.valid, kOldTimes);
  EXPECT_EQ(times.steal, 0u);
}

TEST(LinuxCpu, TimesThatAreNot) {
  Tree tree;
  Context context(tree.options());
  sonde_cpu_times times = {};
  times.user = 4711;
  List<sonde_cpu_times_list> list;
  const struct {
    const char *text;
    const char *error;
  } rows[] = {
      {"", "the times of all CPUs"},
      {"intr 5\n", "the times of all CPUs"},
      {"cpu0 1 2 3 4\n", "the times of all CPUs"},
      {"cpu  x\n", "a number of ticks"},
  };
  for (const auto &row : rows) {
    tree.write("proc/stat", row.text);
    EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_ERR_PARSE) << row.text;
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(text(error.operation), row.error) << row.text;
    EXPECT_EQ(text(error.subject), tree.at("proc/stat"));
    EXPECT_EQ(times.user, 4711u);
  }
  tree.write("proc/stat", "intr 5\n");
  EXPECT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_ERR_PARSE);
  tree.remove("proc/stat");
  EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_ERR_OS);
  EXPECT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_ERR_OS);
}

// 4,096 CPUs that were idle for two months: more ns than 64 bits hold. The shares are right all the same.
TEST(LinuxCpu, TheSumWraps) {
  Tree tree;
  Context context(tree.options());
  const uint64_t ns_per_tick = 1000000000u / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  const uint64_t ticks = UINT64_MAX / ns_per_tick;  // the last that does not wrap
  sonde_cpu_times before = {}, after = {};
  tree.write("proc/stat", "cpu  1000 0 0 " + std::to_string(ticks) + "\n");
  ASSERT_EQ(sonde_cpu_times_get(context, &before), SONDE_OK);
  tree.write("proc/stat", "cpu  1300 0 0 " + std::to_string(ticks + 700) + "\n");
  ASSERT_EQ(sonde_cpu_times_get(context, &after), SONDE_OK);
  EXPECT_LT(after.idle, before.idle);
  sonde_cpu_percents shares;
  sonde_cpu_percents_between(&shares, &before, &after);
  EXPECT_DOUBLE_EQ(shares.idle, 70);
  EXPECT_DOUBLE_EQ(shares.busy, 30);
}

// psutil loses the number of a CPU when another one is offline; one bad row must not lose the others.
TEST(LinuxCpu, TimesOfEachCpu) {
  Tree tree;
  tree.write("proc/stat",
             "cpu  9 9 9 9\ncpu0 1 2 3 4 5 6 7 8 9 10\ncpu2 1 2 3 4\ncpu5 1 x\ncpu7 1 2 3 18446744073709551615\n"
             "cpu4294967296 1 2 3 4\nintr 5\n");
  Context context(tree.options());
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 5u);
  EXPECT_EQ(list.bad, 3u);
  EXPECT_EQ(list[0].cpu, 0u);
  EXPECT_EQ(list[0].valid, kAllTimes);
  EXPECT_EQ(list[1].cpu, 2u);
  EXPECT_EQ(list[1].valid, kOldTimes);
  EXPECT_EQ(list[1].idle, 4 * Tick());
  EXPECT_EQ(list[2].cpu, 5u);
  EXPECT_EQ(list[2].status, SONDE_ERR_PARSE);
  EXPECT_EQ(list[2].valid, uint64_t{SONDE_CPU_TIMES_USER});
  EXPECT_EQ(list[3].cpu, 7u);
  EXPECT_EQ(list[3].status, SONDE_ERR_PARSE);
  EXPECT_EQ(list[3].valid, kOldTimes & ~uint64_t{SONDE_CPU_TIMES_IDLE});
  EXPECT_EQ(list[4].cpu, SONDE_CPU_TOTAL);
  EXPECT_EQ(list[4].status, SONDE_ERR_PARSE);
}

// Rows are matched by their id, never by their place: nothing is sized by what was there before.
TEST(LinuxCpu, CpusThatComeAndGoBetweenTwoSamples) {
  Tree tree;
  tree.write("proc/stat", "cpu 20 0 0 20\ncpu1 10 0 0 10\ncpu2 10 0 0 10\n");
  Context context(tree.options());
  List<sonde_cpu_times_list> before;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &before), SONDE_OK) << context.error();
  ASSERT_EQ(before.count, 2u);
  tree.write("proc/stat", "cpu 40 0 0 60\ncpu0 5 0 0 5\ncpu1 10 0 0 30\ncpu3 5 0 0 5\ncpu4095 20 0 0 20\n");
  List<sonde_cpu_times_list> after;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &after), SONDE_OK) << context.error();
  ASSERT_EQ(after.count, 4u);
  EXPECT_EQ(after[3].cpu, 4095u);
  EXPECT_EQ(after[3].user, 20 * Tick());
  sonde_cpu_percents percents;
  sonde_cpu_percents_between(&percents, &before[0], &after[1]);  // both are CPU 1
  EXPECT_DOUBLE_EQ(percents.idle, 100.0);
  EXPECT_DOUBLE_EQ(percents.busy, 0.0);
  sonde_cpu_percents_between(&percents, &before[0], &after[0]);
  EXPECT_EQ(percents.idle, 0.0) << "CPU 1 and CPU 0 have no time between them";
  ASSERT_EQ(sonde_cpu_times_list_get(context, &before), SONDE_OK) << "the shorter list grows";
  EXPECT_EQ(before.count, 4u);
}

TEST(LinuxCpu, TimesOf4096Cpus) {
  std::string stat = "cpu  4096 0 0 0 0 0 0 0 0 0\n";
  for (int i = 0; i < 4096; i++) stat += "cpu" + std::to_string(i) + " " + std::to_string(i) + " 0 0 1 0 0 0 0 0 0\n";
  Tree tree;
  tree.write("proc/stat", stat + "intr 1" + std::string(200000, ' ') + "\n");
  Context context(tree.options());
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 4096u);
  EXPECT_EQ(list.bad, 0u);
  for (uint32_t i = 0; i < 4096; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_EQ(list[i].user, i * Tick());
  }
}

// lxcfs shows the container's CPUs, perhaps none by itself.
TEST(LinuxCpu, TimesByLxcfs) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4 5 6 7 8 9 10\nbtime 5\n");
  Context context(tree.options());
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.count, 0u);
}

TEST(LinuxCpu, AndroidRefusesStat) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4\n").write("proc/cpuinfo", "processor : 0\n\nprocessor : 3\n");
  RefusingOs os;
  os.refuse("/proc/stat", EACCES);
  tree.options()->os_override = os.override();
  Context context(tree.options());
  sonde_cpu_times times = {};
  sonde_cpu_stats stats = {};
  sonde_cpu_count count = {};
  List<sonde_cpu_times_list> list;
  EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_ACCESS);
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL});
  EXPECT_EQ(count.logical, 2u);
}

// Reads /proc/stat without the library.
std::vector<std::vector<uint64_t>> StatRows(const std::string &key_start) {
  std::vector<std::vector<uint64_t>> rows;
  std::istringstream file(Read("/proc/stat"));
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string key;
    words >> key;
    if (key.compare(0, key_start.size(), key_start) != 0) continue;
    rows.emplace_back();
    for (uint64_t value; words >> value;) rows.back().push_back(value);
  }
  return rows;
}

void ExpectBetween(uint64_t low, uint64_t value, uint64_t high, const char *what) {
  // The kernel lets idle and iowait of a CPU go back by a few ticks.
  EXPECT_GE(value + 5 * Tick(), low) << what;
  EXPECT_LE(value, high + 5 * Tick()) << what;
}

TEST(LinuxCpuLive, TimesLieBetweenTwoReadings) {
  Context context;
  const auto before = StatRows("cpu");
  sonde_cpu_times total = {};
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_get(context, &total), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << context.error();
  const auto after = StatRows("cpu");
  ASSERT_EQ(list.count + 1, before.size());
  ASSERT_EQ(list.count + 1, after.size());
  ASSERT_EQ(before[0].size(), 10u);
  for (size_t i = 0; i <= list.count; i++) {
    const sonde_cpu_times &row = i == 0 ? total : list[i - 1];
    const uint64_t values[] = {row.user, row.nice,    row.system, row.idle,  row.iowait,
                               row.irq,  row.softirq, row.steal,  row.guest, row.guest_nice};
    EXPECT_EQ(row.valid, kAllTimes);
    for (size_t k = 0; k < 10; k++) ExpectBetween(before[i][k] * Tick(), values[k], after[i][k] * Tick(), "column");
  }
}

/* ---- Stats, load ---- */

TEST(LinuxCpu, Stats) {
  Tree tree;
  tree.write("proc/stat",
             "cpu  1 2 3 4\nintr 5 0 5\nctxt 18446744073709551615\nbtime 1700000000\nprocesses 8\nprocs_running 2\n"
             "procs_blocked 1\nsoftirq 9 1 2\n");
  Context context(tree.options());
  sonde_cpu_stats stats = {};
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << context.error();
  EXPECT_EQ(stats.valid,
            uint64_t{SONDE_CPU_STATS_CTX_SWITCHES | SONDE_CPU_STATS_INTERRUPTS | SONDE_CPU_STATS_SOFT_INTERRUPTS |
                     SONDE_CPU_STATS_PROCS_CREATED | SONDE_CPU_STATS_PROCS_RUNNING | SONDE_CPU_STATS_PROCS_BLOCKED});
  EXPECT_EQ(stats.ctx_switches, UINT64_MAX);
  EXPECT_EQ(stats.interrupts, 5u);
  EXPECT_EQ(stats.soft_interrupts, 9u);
  EXPECT_EQ(stats.procs_created, 8u);
  EXPECT_EQ(stats.procs_running, 2u);
  EXPECT_EQ(stats.procs_blocked, 1u);
  EXPECT_EQ(stats.syscalls, 0u);
}

TEST(LinuxCpu, StatsThatAreMissing) {
  Tree tree;
  Context context(tree.options());
  sonde_cpu_stats stats = {};
  tree.write("proc/stat", "intr x\nctxt 7\n");
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK);
  EXPECT_EQ(stats.valid, uint64_t{SONDE_CPU_STATS_CTX_SWITCHES});
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_ERR_PARSE);
  EXPECT_EQ(error.position, 5u);
  tree.write("proc/stat", "cpu  1 2 3 4\nbtime 5\n");
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_PARSE);
  tree.write("proc/stat", "cpu  1 2 3 4\n");
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_PARSE);
  tree.remove("proc/stat");
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_OS);
  EXPECT_EQ(stats.ctx_switches, 7u);
}

TEST(LinuxCpuLive, StatsLieBetweenTwoReadings) {
  Context context;
  const auto value = [](const char *key) { return StatRows(key).at(0).at(0); };
  const char *const keys[] = {"ctxt", "intr", "softirq", "processes"};
  uint64_t before[4], after[4];
  for (int i = 0; i < 4; i++) before[i] = value(keys[i]);
  sonde_cpu_stats stats = {};
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << context.error();
  for (int i = 0; i < 4; i++) after[i] = value(keys[i]);
  const uint64_t values[] = {stats.ctx_switches, stats.interrupts, stats.soft_interrupts, stats.procs_created};
  for (int i = 0; i < 4; i++) {
    EXPECT_LE(before[i], values[i]) << keys[i];
    EXPECT_LE(values[i], after[i]) << keys[i];
  }
  EXPECT_GE(stats.procs_running, 1u);  // this one
}

TEST(LinuxCpu, LoadAverage) {
  Tree tree;
  tree.write("proc/loadavg", "0.57 0.42 1024.30 2/1234 5678\n");
  Context context(tree.options());
  sonde_load_average load = {};
  ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK) << context.error();
  EXPECT_EQ(load.valid, uint64_t{SONDE_LOAD_AVERAGE_LOAD | SONDE_LOAD_AVERAGE_TASKS});
  EXPECT_EQ(load.load1, 0.57);
  EXPECT_EQ(load.load5, 0.42);
  EXPECT_EQ(load.load15, 1024.30);
  EXPECT_EQ(load.running, 2u);
  EXPECT_EQ(load.total_tasks, 1234u);
  tree.write("proc/loadavg", "0.57 0.42 0.30\n");
  ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK);
  EXPECT_EQ(load.valid, uint64_t{SONDE_LOAD_AVERAGE_LOAD});
  EXPECT_EQ(load.total_tasks, 0u);
  tree.write("proc/loadavg", "0,57 0,42 0,30\n");
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_PARSE);
  tree.remove("proc/loadavg");
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_OS);
  EXPECT_EQ(load.load15, 0.30);
}

TEST(LinuxCpuLive, LoadAverageIsThatOfTheCLibrary) {
  Context context;
  // The kernel computes it anew every 5 s; a pair of equal readings around ours cannot miss it for long.
  for (int tries = 0; tries < 100; tries++) {
    double before[3], after[3];
    sonde_load_average load = {};
    ASSERT_EQ(getloadavg(before, 3), 3);
    ASSERT_EQ(sonde_load_average_get(context, &load), SONDE_OK) << context.error();
    ASSERT_EQ(getloadavg(after, 3), 3);
    if (!std::equal(before, before + 3, after)) continue;
    // The C library may ask sysinfo(2), which does not round to 1/100.
    EXPECT_NEAR(load.load1, before[0], 0.0051);
    EXPECT_NEAR(load.load5, before[1], 0.0051);
    EXPECT_NEAR(load.load15, before[2], 0.0051);
    return;
  }
  FAIL() << "the load average never stood still";
}

/* ---- Counts ---- */

Tree &WriteCpu(Tree &tree, uint32_t cpu, const std::string &file, const std::string &bytes) {
  return tree.write("sys/devices/system/cpu/cpu" + std::to_string(cpu) + "/" + file, bytes);
}

// Two packages of two cores of two threads; CPUs 6 and 7, one core, are offline.
void WriteServer(Tree &tree, bool old_names) {
  tree.write("sys/devices/system/cpu/online", "0-5\n").write("sys/devices/system/cpu/present", "0-7\n");
  const char *const cores[] = {"0,4", "1,5", "2", "3", "0,4", "1,5"};
  const char *const packages[] = {"0-1,4-5", "0-1,4-5", "2-3", "2-3", "0-1,4-5", "0-1,4-5"};
  for (uint32_t i = 0; i < 6; i++) {
    WriteCpu(tree, i, old_names ? "topology/thread_siblings_list" : "topology/core_cpus_list",
             std::string(cores[i]) + "\n");
    WriteCpu(tree, i, old_names ? "topology/core_siblings_list" : "topology/package_cpus_list",
             std::string(packages[i]) + "\n");
  }
}

TEST(LinuxCpu, Count) {
  for (const bool old_names : {false, true}) {
    Tree tree;
    WriteServer(tree, old_names);
    Context context(tree.options());
    sonde_cpu_count count = {};
    ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
    EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES |
                                    SONDE_CPU_COUNT_CONFIGURED});
    EXPECT_EQ(count.logical, 6u);
    EXPECT_EQ(count.physical, 4u);
    EXPECT_EQ(count.packages, 2u);
    EXPECT_EQ(count.configured, 8u);
  }
}

// The smallest there is: one CPU.
TEST(LinuxCpu, CountOfOne) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0\n").write("sys/devices/system/cpu/present", "0\n");
  WriteCpu(tree, 0, "topology/core_cpus_list", "0\n");
  WriteCpu(tree, 0, "topology/package_cpus_list", "0\n");
  Context context(tree.options());
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES |
                                  SONDE_CPU_COUNT_CONFIGURED});
  EXPECT_EQ(count.logical, 1u);
  EXPECT_EQ(count.physical, 1u);
  EXPECT_EQ(count.packages, 1u);
  EXPECT_EQ(count.configured, 1u);
}

// A container that sees some of the CPUs: the lowest thread of each core may not be among them.
TEST(LinuxCpu, CountWithinACpuset) {
  Tree tree;
  WriteServer(tree, false);
  tree.write("sys/devices/system/cpu/online", "4-5\n").write("sys/devices/system/cpu/present", "4-5\n");
  Context context(tree.options());
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.logical, 2u);
  EXPECT_EQ(count.physical, 2u);
  EXPECT_EQ(count.packages, 1u);
}

TEST(LinuxCpu, CountByCpuinfo) {
  Tree tree;
  std::string cpuinfo;
  for (int i = 0; i < 8; i++) {
    cpuinfo += "processor\t: " + std::to_string(i) + "\nphysical id\t: " + std::to_string(i % 2) +
               "\ncore id\t: " + std::to_string(i / 2 % 2 * 4) + "\n\n";
  }
  tree.write("proc/cpuinfo", cpuinfo);
  Context context(tree.options());
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES});
  EXPECT_EQ(count.logical, 8u);
  EXPECT_EQ(count.physical, 4u);
  EXPECT_EQ(count.packages, 2u);
}

TEST(LinuxCpu, CountByStat) {
  Tree tree;
  tree.write("proc/stat", "cpu  1 2 3 4\ncpu0 1 2 3 4\ncpu3 1 2 3 4\ncpu1 1 2 3 4\n");
  Context context(tree.options());
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL});
  EXPECT_EQ(count.logical, 2u);
}

TEST(LinuxCpu, CountOf4096Cpus) {
  Tree tree;
  tree.write("sys/devices/system/cpu/online", "0-4095\n").write("sys/devices/system/cpu/present", "0-4095\n");
  // Threads of a core have the same files: links, as making 4,096 directories takes seconds on some file systems.
  for (uint32_t core = 0; core < 4096; core += 32) {
    WriteCpu(tree, core, "topology/core_cpus_list", std::to_string(core) + "-" + std::to_string(core + 31) + "\n");
    WriteCpu(tree, core, "topology/package_cpus_list", core < 2048 ? "0-2047\n" : "2048-4095\n");
    for (uint32_t i = core + 1; i < core + 32; i++) {
      tree.link("sys/devices/system/cpu/cpu" + std::to_string(i), "cpu" + std::to_string(core));
    }
  }
  Context context(tree.options());
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.logical, 4096u);
  EXPECT_EQ(count.physical, 128u);
  EXPECT_EQ(count.packages, 2u);
  EXPECT_EQ(count.configured, 4096u);
}

TEST(LinuxCpu, CountsThatAreNot) {
  Tree tree;
  Context context(tree.options());
  sonde_cpu_count count = {};
  count.logical = 4711;
  EXPECT_NE(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.logical, 4711u);
  // A list that would only cost memory; then the next source.
  tree.write("sys/devices/system/cpu/online", "0-4294967295\n").write("proc/stat", "cpu0 1 2 3 4\n");
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.logical, 1u);
}

TEST(LinuxCpu, ExhaustionIsNoFewerCpus) {
  Tree tree;
  WriteServer(tree, false);
  const char *const paths[] = {"cpu/online", "cpu/present", "cpu3/topology/core_cpus_list",
                               "cpu5/topology/package_cpus_list"};
  for (const char *path : paths) {
    RefusingOs os;
    os.refuse(path, EMFILE);
    tree.options()->os_override = os.override();
    Context context(tree.options());
    sonde_cpu_count count = {};
    EXPECT_EQ(sonde_cpu_count_get(context, &count), SONDE_ERR_OS) << path;
    EXPECT_NE(context.error().find("EMFILE"), std::string::npos) << context.error();
  }
}

// A kernel built for 8,192 CPUs refuses shorter masks.
int Affinity8192(pid_t, size_t size, void *mask) {
  if (size < 1024) {
    errno = EINVAL;
    return -1;
  }
  std::fill_n(static_cast<unsigned char *>(mask), 1024, static_cast<unsigned char>(0));
  static_cast<unsigned char *>(mask)[0] = 0x81;
  static_cast<unsigned char *>(mask)[1023] = 0x80;
  return 1024;
}

int AffinityRefused(pid_t, size_t, void *) {
  errno = EPERM;
  return -1;
}

TEST(LinuxCpu, UsableBeyond1024Cpus) {
  RefusingOs os;
  os.calls()->sched_getaffinity = Affinity8192;
  sonde_options options = {};
  options.size = sizeof options;
  options.os_override = os.override();
  Context context(&options);
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_NE(count.valid & SONDE_CPU_COUNT_USABLE, 0u);
  EXPECT_EQ(count.usable, 3u);
  os.calls()->sched_getaffinity = AffinityRefused;
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid & SONDE_CPU_COUNT_USABLE, 0u);
}

TEST(LinuxCpuLive, Count) {
  Context context;
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.logical, static_cast<uint32_t>(sysconf(_SC_NPROCESSORS_ONLN)));
  EXPECT_EQ(count.configured, static_cast<uint32_t>(sysconf(_SC_NPROCESSORS_CONF)));
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) == 0) {
    EXPECT_EQ(count.usable, static_cast<uint32_t>(CPU_COUNT(&set)));
  }
  const std::string nproc = Output("nproc");
  if (!nproc.empty() && getenv("OMP_NUM_THREADS") == nullptr) {
    EXPECT_EQ(std::to_string(count.usable) + "\n", nproc);
  }

  // Cores and sockets as lscpu counts them: lines of "CORE,SOCKET" for online CPUs.
  const std::string lscpu = Output("lscpu -p=CORE,SOCKET");
  if (lscpu.empty()) GTEST_SKIP() << "no lscpu";
  std::set<std::string> cores, sockets;
  std::istringstream lines(lscpu);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    cores.insert(line);
    sockets.insert(line.substr(line.find(',')));
  }
  EXPECT_EQ(count.physical, cores.size());
  EXPECT_EQ(count.packages, sockets.size());
}

TEST(LinuxCpuLive, UsableFollowsTheAffinity) {
  cpu_set_t before, one;
  if (sched_getaffinity(0, sizeof before, &before) != 0) GTEST_SKIP() << "no affinity here";
  int first = 0;
  while (!CPU_ISSET(first, &before)) first++;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  Context context;
  sonde_cpu_count count = {};
  ASSERT_EQ(sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  ASSERT_EQ(sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(count.usable, 1u);
}

/* ---- Interrupts ---- */

TEST(LinuxCpu, Interrupts) {
  Tree tree;
  tree.write("proc/interrupts",
             "           CPU0       CPU1       \n  2:         11          1   IO-APIC   2-edge      timer\n"
             "NMI:          1          2   Non-maskable interrupts\nBAD\nERR:          7\n");
  tree.write("proc/softirqs", "                    CPU0       CPU1       \n       TIMER:      3      4\n");
  Context context(tree.options());
  List<sonde_cpu_interrupt_list> list;
  ASSERT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, 5u);
  EXPECT_EQ(list.bad, 1u);
  const struct {
    const char *name, *description;
    bool soft;
    uint64_t count;
    sonde_status status;
  } rows[] = {
      {"2", "IO-APIC   2-edge      timer", false, 12, SONDE_OK},
      {"NMI", "Non-maskable interrupts", false, 3, SONDE_OK},
      {"", "", false, 0, SONDE_ERR_PARSE},
      {"ERR", "", false, 7, SONDE_OK},
      {"TIMER", "", true, 7, SONDE_OK},
  };
  for (size_t i = 0; i < 5; i++) {
    EXPECT_EQ(text(list[i].name), rows[i].name);
    EXPECT_EQ(text(list[i].description), rows[i].description);
    EXPECT_EQ(list[i].soft, rows[i].soft);
    EXPECT_EQ(list[i].count, rows[i].count);
    EXPECT_EQ(list[i].status, rows[i].status);
  }
  tree.remove("proc/softirqs");
  ASSERT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.count, 4u);
  tree.remove("proc/interrupts").write("proc/softirqs", " CPU0\n HI: 5\n");
  ASSERT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 1u);
  EXPECT_TRUE(list[0].soft);
  tree.write("proc/softirqs", "HI: 5\n");
  EXPECT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_ERR_PARSE);
  tree.remove("proc/softirqs");
  EXPECT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

// name -> sum of its counts, read without the library.
std::map<std::string, uint64_t> Sums(const std::string &path) {
  std::map<std::string, uint64_t> sums;
  std::istringstream file(Read(path));
  std::string line, word;
  std::getline(file, line);
  std::istringstream header(line);
  size_t columns = 0;
  while (header >> word) columns++;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    words >> word;
    word.pop_back();
    uint64_t sum = 0, value = 0;
    for (size_t i = 0; i < columns && words >> value; i++) sum += value;
    sums[word] = sum;
  }
  return sums;
}

TEST(LinuxCpuLive, InterruptsLieBetweenTwoReadings) {
  Context context;
  const auto hard = Sums("/proc/interrupts"), soft = Sums("/proc/softirqs");
  if (hard.empty() && soft.empty()) GTEST_SKIP() << "no interrupts in /proc";
  List<sonde_cpu_interrupt_list> list;
  ASSERT_EQ(sonde_cpu_interrupt_list_get(context, &list), SONDE_OK) << context.error();
  const auto hard_after = Sums("/proc/interrupts"), soft_after = Sums("/proc/softirqs");
  ASSERT_EQ(list.count, hard.size() + soft.size());
  EXPECT_EQ(list.bad, 0u);
  for (const sonde_cpu_interrupt &row : list) {
    const std::string name = text(row.name);
    EXPECT_LE((row.soft ? soft : hard).at(name), row.count) << name;
    EXPECT_LE(row.count, (row.soft ? soft_after : hard_after).at(name)) << name;
  }
}

/* ---- Memory ---- */

// Every request for memory fails in turn: the call says so, leaves nothing open, and works once there is memory again.
template <typename T>
void FailEachRequest(sonde_status (*get)(sonde *, T *), void (*release)(T *)) {
  sonde_test::Allocator allocator;
  sonde_options options = {};
  options.size = sizeof options;
  options.allocator = allocator.hooks();
  const size_t descriptors = sonde_test::count_descriptors();
  sonde_status status = SONDE_ERR_NO_MEMORY;
  for (uint64_t n = 1; status != SONDE_OK && n < 1000; n++) {
    Context context(&options);
    T out = {};
    allocator.fail(n);
    status = get(context, &out);
    const bool has_failed = allocator.failures() > 0;
    EXPECT_EQ(status, has_failed ? SONDE_ERR_NO_MEMORY : SONDE_OK) << n << ": " << context.error();
    allocator.fail(0);
    EXPECT_EQ(get(context, &out), SONDE_OK) << n;
    release(&out);
  }
  EXPECT_EQ(status, SONDE_OK);
  EXPECT_EQ(allocator.live_blocks(), 0u);
  EXPECT_EQ(sonde_test::count_descriptors(), descriptors);
}

template <typename T>
void Nothing(T *) {}

TEST(LinuxCpuLive, MemoryRunsOut) {
  FailEachRequest<sonde_cpu_times>(sonde_cpu_times_get, Nothing);
  FailEachRequest<sonde_cpu_times_list>(sonde_cpu_times_list_get, sonde_cpu_times_list_free);
  FailEachRequest<sonde_cpu_count>(sonde_cpu_count_get, Nothing);
  FailEachRequest<sonde_cpu_stats>(sonde_cpu_stats_get, Nothing);
  FailEachRequest<sonde_cpu_freq_list>(sonde_cpu_freq_list_get, sonde_cpu_freq_list_free);
  FailEachRequest<sonde_load_average>(sonde_load_average_get, Nothing);
  FailEachRequest<sonde_cpu_topology_list>(sonde_cpu_topology_list_get, sonde_cpu_topology_list_free);
  FailEachRequest<sonde_cpu_info_list>(sonde_cpu_info_list_get, sonde_cpu_info_list_free);
  FailEachRequest<sonde_host_info>(sonde_host_info_get, sonde_host_info_free);
  FailEachRequest<sonde_host_times>(sonde_host_times_get, Nothing);
}

}  // namespace
