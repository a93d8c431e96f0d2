// SPDX-License-Identifier: MIT
#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
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

/* ---- Scheduler ---- */

std::string Schedstat(sonde *context) {
  List<sonde_cpu_schedstat_list> list;
  if (sonde_cpu_schedstat_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_cpu_schedstat &row : list) {
    all += std::to_string(row.cpu) + "|";
    if (row.status != SONDE_OK) {
      EXPECT_EQ(row.valid, 0u);
      all += std::string(sonde_status_name(row.status)) + "\n";
      continue;
    }
    EXPECT_EQ(row.valid, 7u);
    all += std::to_string(row.run_time) + "|" + std::to_string(row.wait_time) + "|" + std::to_string(row.timeslices);
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuSchedstat, OfAMadeUpMachine) {
  Tree tree;
  tree.write(
      "proc/schedstat",
      "version 15\ntimestamp 4295018816\ncpu0 0 0 0 0 0 0 41203 5712 99\ndomain0 3 1 2 3\ncpu2 9 9 9 9 9 9 7 8 x\n"
      "cpu7 1 1 1 1 1 1 18446744073709551615 2 3\n");
  Context context(tree.options());
  EXPECT_EQ(Schedstat(context), "0|41203|5712|99\n2|SONDE_ERR_PARSE\n7|18446744073709551615|2|3\n");
  sonde_error error;
  List<sonde_cpu_schedstat_list> list;
  ASSERT_EQ(sonde_cpu_schedstat_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list.bad, 1u);
  sonde_last_error(context, &error);
  EXPECT_EQ(error.position, 100u) << "counted from the file's begin";
  tree.write("proc/schedstat", "version 14\ncpu0 1 2 3 4 5 6 7 8 9 10 11 12\n");
  EXPECT_EQ(Schedstat(context), "0|10|11|12\n");
  tree.write("proc/schedstat", "version 10\ncpu0 1 2 3 4 5 6 7 8 9 10 11 12\n");
  EXPECT_EQ(sonde_cpu_schedstat_list_get(context, &list), SONDE_ERR_PARSE);
  EXPECT_EQ(list.count, 3u) << "untouched";
  tree.remove("proc/schedstat");
  EXPECT_EQ(sonde_cpu_schedstat_list_get(context, &list), SONDE_ERR_UNSUPPORTED);
}

TEST(LinuxCpuSchedstatLive, LiesBetweenTwoReadings) {
  const auto read = [] {
    std::map<uint32_t, std::vector<uint64_t>> all;
    for (const std::string &line : lines_of(command_output("grep ^cpu /proc/schedstat"))) {
      const std::vector<std::string> words = fields_of(line);
      if (words.size() < 10) continue;
      for (size_t i = 7; i < 10; i++) {
        all[static_cast<uint32_t>(std::stoul(words[0].substr(3)))].push_back(std::stoull(words[i]));
      }
    }
    return all;
  };
  Context context;
  List<sonde_cpu_schedstat_list> list;
  auto before = read();
  const sonde_status status = sonde_cpu_schedstat_list_get(context, &list);
  auto after = read();
  if (before.empty()) {
    EXPECT_NE(status, SONDE_OK);
    GTEST_SKIP() << "no /proc/schedstat";
  }
  ASSERT_EQ(status, SONDE_OK) << context.error();
  ASSERT_EQ(list.count, before.size());
  for (const sonde_cpu_schedstat &row : list) {
    const uint64_t got[] = {row.run_time, row.wait_time, row.timeslices};
    for (size_t i = 0; i < 3; i++) {
      EXPECT_LE(before[row.cpu].at(i), got[i]) << row.cpu;
      EXPECT_GE(after[row.cpu].at(i), got[i]) << row.cpu;
    }
  }
}

/* ---- Heat ---- */

std::string Throttle(sonde *context) {
  List<sonde_cpu_throttle_list> list;
  if (sonde_cpu_throttle_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_cpu_throttle &row : list) {
    const auto value = [&row](uint64_t bit, uint64_t number) {
      if ((row.valid & bit) != 0) return "|" + std::to_string(number);
      EXPECT_EQ(number, 0u);
      return std::string("|-");
    };
    all += std::to_string(row.cpu) + value(SONDE_CPU_THROTTLE_CORE_COUNT, row.core_count) +
           value(SONDE_CPU_THROTTLE_CORE_TIME, row.core_time) +
           value(SONDE_CPU_THROTTLE_PACKAGE_COUNT, row.package_count) +
           value(SONDE_CPU_THROTTLE_PACKAGE_TIME, row.package_time);
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuThrottle, OfAMadeUpMachine) {
  Tree tree;
  const std::string cpus = "sys/devices/system/cpu/";
  tree.write(cpus + "online", "0-2,5\n");
  for (const char *cpu : {"cpu0", "cpu1", "cpu2"}) {
    const std::string folder = cpus + cpu + "/thermal_throttle/";
    tree.write(folder + "core_throttle_count", "12\n").write(folder + "package_throttle_count", "34\n");
  }
  tree.write(cpus + "cpu0/thermal_throttle/core_throttle_total_time_ms", "1500\n")
      .write(cpus + "cpu0/thermal_throttle/package_throttle_total_time_ms", "2500\n")
      .write(cpus + "cpu1/thermal_throttle/package_throttle_count", "x\n")
      .write(cpus + "cpu2/thermal_throttle/core_throttle_total_time_ms", "18446744073710\n");
  Context context(tree.options());
  EXPECT_EQ(Throttle(context),
            "0|12|1500000000|34|2500000000\n1|12|-|-|- SONDE_ERR_PARSE\n2|12|-|34|- SONDE_ERR_PARSE\n")
      << "before 5.3 there are no times; a CPU that came meanwhile tells nothing";
  tree.remove(cpus + "cpu0/thermal_throttle");
  EXPECT_NE(Throttle(context).find("SONDE_ERR_UNSUPPORTED"), std::string::npos);

  sonde_test::RefusingOs os;
  os.refuse("cpu1/thermal_throttle/core_throttle_count", EACCES);
  tree.write(cpus + "cpu0/thermal_throttle/core_throttle_count", "1\n");
  tree.options()->os_override = os.override();
  Context refused(tree.options());
  tree.write(cpus + "cpu1/thermal_throttle/package_throttle_count", "34\n");
  EXPECT_EQ(Throttle(refused), "0|1|-|-|-\n1|-|-|34|- SONDE_ERR_ACCESS\n2|12|-|34|- SONDE_ERR_PARSE\n");
  os.refuse("cpu1/thermal_throttle/core_throttle_count", EMFILE);
  List<sonde_cpu_throttle_list> list;
  EXPECT_EQ(sonde_cpu_throttle_list_get(refused, &list), SONDE_ERR_OS);
}

TEST(LinuxCpuThrottleLive, IsThatOfSysfs) {
  const auto read = [] {
    return command_output("cat /sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count 2>&-");
  };
  Context context;
  List<sonde_cpu_throttle_list> list;
  const std::string before = read();
  const sonde_status status = sonde_cpu_throttle_list_get(context, &list);
  if (before.empty()) {
    EXPECT_EQ(status, SONDE_ERR_UNSUPPORTED);
    GTEST_SKIP() << "the CPUs do not tell";
  }
  ASSERT_EQ(status, SONDE_OK) << context.error();
  EXPECT_LE(std::stoull(before), list[0].core_count);
  EXPECT_GE(std::stoull(read()), list[0].core_count);
}

/* ---- Vulnerabilities ---- */

std::string Vulnerabilities(sonde *context) {
  List<sonde_cpu_vulnerability_list> list;
  if (sonde_cpu_vulnerability_list_get(context, &list) != SONDE_OK) return sonde_test::last_error(context);
  std::string all;
  for (const sonde_cpu_vulnerability &row : list) {
    all += text(row.name) + "|" + std::to_string(row.state) + "|" + text(row.description);
    if (row.status != SONDE_OK) all += std::string(" ") + sonde_status_name(row.status);
    all += "\n";
  }
  return all;
}

TEST(LinuxCpuVulnerabilities, OfAMadeUpMachine) {
  Tree tree;
  const std::string folder = "sys/devices/system/cpu/vulnerabilities/";
  tree.write(folder + "spectre_v2", "Mitigation: Retpolines; STIBP: disabled\n")
      .write(folder + "l1tf", "Not affected\n")
      .write(folder + "mds", "Vulnerable: Clear CPU buffers attempted, no microcode\n")
      .write(folder + "retbleed", "words that are new\n")
      .mkdir(folder + "odd");
  Context context(tree.options());
  EXPECT_EQ(Vulnerabilities(context),
            "l1tf|1|Not affected\nmds|2|Vulnerable: Clear CPU buffers attempted, no microcode\nodd|0| SONDE_ERR_OS\n"
            "retbleed|0|words that are new\nspectre_v2|3|Mitigation: Retpolines; STIBP: disabled\n");
  tree.remove("sys");
  EXPECT_NE(Vulnerabilities(context).find("SONDE_ERR_UNSUPPORTED"), std::string::npos);
}

TEST(LinuxCpuVulnerabilitiesLive, AreThoseOfGrep) {
  const std::string told = command_output("cd /sys/devices/system/cpu/vulnerabilities && LC_ALL=C grep . *");
  if (told.empty()) GTEST_SKIP() << "no vulnerabilities in /sys";
  Context context;
  List<sonde_cpu_vulnerability_list> list;
  ASSERT_EQ(sonde_cpu_vulnerability_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  std::string got;
  for (const sonde_cpu_vulnerability &row : list) got += text(row.name) + ":" + text(row.description) + "\n";
  EXPECT_EQ(got, told);
}

}  // namespace
