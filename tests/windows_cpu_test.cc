// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <string>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::last_error;
using sonde_test::List;
using windows_machine::kNoGroup;
using windows_machine::machine;
using windows_machine::Machine;
using windows_machine::MadeUp;
using windows_machine::PowerOf;
using windows_machine::Processor;
using windows_machine::Times;

constexpr unsigned kPerformance = 2;
constexpr unsigned kTimes = 8;
constexpr uint64_t kAllTimes =
    SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_SYSTEM | SONDE_CPU_TIMES_IDLE | SONDE_CPU_TIMES_IRQ | SONDE_CPU_TIMES_DPC;

// GetSystemTimes, in ns.
struct SystemTimes {
  uint64_t idle, kernel, user;
};

uint64_t Ns(FILETIME time) { return ((uint64_t{time.dwHighDateTime} << 32) + time.dwLowDateTime) * 100; }

SystemTimes Now() {
  FILETIME idle, kernel, user;
  EXPECT_TRUE(GetSystemTimes(&idle, &kernel, &user));
  return {Ns(idle), Ns(kernel), Ns(user)};
}

/* ---- This machine ---- */

TEST(WindowsCpu, TimesLieBetweenTwoReadingsOfGetSystemTimes) {
  Context context;
  sonde_cpu_times times = {};
  const SystemTimes before = Now();
  ASSERT_EQ(sonde_cpu_times_get(context, &times), SONDE_OK) << context.error();
  const SystemTimes after = Now();
  EXPECT_EQ(times.cpu, SONDE_CPU_TOTAL);
  EXPECT_EQ(times.valid, kAllTimes);
  EXPECT_GE(times.user, before.user);
  EXPECT_LE(times.user, after.user);
  EXPECT_GE(times.idle, before.idle);
  EXPECT_LE(times.idle, after.idle);
  EXPECT_GE(times.system + times.idle, before.kernel);
  EXPECT_LE(times.system + times.idle, after.kernel);
  EXPECT_LE(times.irq + times.dpc, times.system);
}

TEST(WindowsCpu, TimesOfEachCpuAddUp) {
  Context context;
  List<sonde_cpu_times_list> list;
  const SystemTimes before = Now();
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << context.error();
  const SystemTimes after = Now();
  ASSERT_EQ(list.count, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
  uint64_t user = 0;
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_EQ(list[i].status, SONDE_OK);
    EXPECT_EQ(list[i].valid, kAllTimes);
    user += list[i].user;
  }
  EXPECT_GE(user, before.user);
  EXPECT_LE(user, after.user);
}

TEST(WindowsCpu, AThreadThatSpinsIsUserTime) {
  Context context;
  sonde_cpu_times before = {};
  sonde_cpu_times after = {};
  ASSERT_EQ(sonde_cpu_times_get(context, &before), SONDE_OK);
  const ULONGLONG start = GetTickCount64();
  volatile unsigned spin = 0;
  while (GetTickCount64() - start < 400) spin = spin + 1;
  ASSERT_EQ(sonde_cpu_times_get(context, &after), SONDE_OK);
  EXPECT_GE(after.user + after.system - before.user - before.system, 100 * 1000 * 1000u);
}

// Cores and packages by the older function.
void CountByOlderFunction(uint32_t *cores, uint32_t *packages) {
  DWORD size = 0;
  GetLogicalProcessorInformation(nullptr, &size);
  std::vector<SYSTEM_LOGICAL_PROCESSOR_INFORMATION> rows(size / sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION));
  ASSERT_TRUE(GetLogicalProcessorInformation(rows.data(), &size));
  for (const auto &row : rows) {
    if (row.Relationship == RelationProcessorCore) ++*cores;
    if (row.Relationship == RelationProcessorPackage) ++*packages;
  }
}

TEST(WindowsCpu, CountsAreThoseOfOtherFunctions) {
  Context context;
  sonde_cpu_count count = {};
  uint32_t cores = 0;
  uint32_t packages = 0;
  CountByOlderFunction(&cores, &packages);
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES |
                                  SONDE_CPU_COUNT_CONFIGURED | SONDE_CPU_COUNT_USABLE});
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  EXPECT_EQ(count.logical, info.dwNumberOfProcessors) << "one group";
  EXPECT_GE(count.configured, count.logical);
  EXPECT_EQ(count.physical, cores);
  EXPECT_EQ(count.packages, packages);
}

TEST(WindowsCpu, UsableIsTheAffinityOfTheThread) {
  Context context;
  sonde_cpu_count count = {};
  const DWORD_PTR was = SetThreadAffinityMask(GetCurrentThread(), 1);
  ASSERT_NE(was, 0u);
  EXPECT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK) << context.error();
  EXPECT_EQ(count.usable, 1u);
  EXPECT_NE(SetThreadAffinityMask(GetCurrentThread(), was), 0u);
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.usable, static_cast<uint32_t>(__builtin_popcountll(was)));
}

TEST(WindowsCpu, FrequenciesAreThoseOfPowrprof) {
  Context context;
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK) << context.error();
  ASSERT_EQ(list.count, GetActiveProcessorCount(ALL_PROCESSOR_GROUPS));
  const HMODULE library = LoadLibraryExW(L"powrprof.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
  ASSERT_NE(library, nullptr);
  using Call = LONG(WINAPI *)(int, void *, ULONG, void *, ULONG);
  const auto call =
      reinterpret_cast<Call>(reinterpret_cast<void (*)()>(GetProcAddress(library, "CallNtPowerInformation")));
  ASSERT_NE(call, nullptr);
  std::vector<ULONG> rows(6 * list.count);
  ASSERT_EQ(call(11, nullptr, 0, rows.data(), static_cast<ULONG>(rows.size() * sizeof(ULONG))), 0);
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_EQ(list[i].max, rows[6 * i + 1] * 1000000ull);
    EXPECT_EQ((list[i].valid & SONDE_CPU_FREQ_MAX) != 0, list[i].max != 0);
    EXPECT_EQ((list[i].valid & SONDE_CPU_FREQ_CURRENT) != 0, list[i].current != 0);
    EXPECT_EQ(list[i].valid & (SONDE_CPU_FREQ_MIN | SONDE_CPU_FREQ_BASE), 0u);
  }
  FreeLibrary(library);
}

TEST(WindowsCpu, CountsThatAreNotKeptAreNotTold) {
  Context context;
  sonde_cpu_stats stats = {};
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << context.error();
  EXPECT_EQ((stats.valid & SONDE_CPU_STATS_CTX_SWITCHES) != 0, stats.ctx_switches != 0);
  EXPECT_EQ((stats.valid & SONDE_CPU_STATS_SYSCALLS) != 0, stats.syscalls != 0);
  EXPECT_EQ((stats.valid & SONDE_CPU_STATS_INTERRUPTS) != 0, stats.interrupts != 0);
  EXPECT_EQ(stats.valid & SONDE_CPU_STATS_PROCS_RUNNING, 0u);
}

TEST(WindowsCpu, ThereIsNoLoadAverage) {
  Context context;
  sonde_load_average load = {};
  EXPECT_FALSE(sonde_supports(context, SONDE_CAP_LOAD_AVERAGE));
  EXPECT_EQ(sonde_load_average_get(context, &load), SONDE_ERR_UNSUPPORTED);
}

/* ---- Machines made up ---- */

// 64 and 32 CPUs of at most 64 each, and a group that waits for CPUs.
Machine TwoGroups() {
  Machine made;
  made.groups = {{64, 64}, {64, 32}, {16, 0}};
  for (const auto &[group, cpus] : {std::pair<int, unsigned>{0, 64}, {1, 32}}) {
    std::string answer;
    for (unsigned i = 0; i < cpus; i++) {
      const uint64_t id = static_cast<unsigned>(group) * 64 + i;
      answer += Times(10 + id, 30 + id, 1000 + id, 1, 2, 0x10000000);
    }
    made.answers[{kTimes, group}] = answer;
  }
  return made;
}

std::string Performance(uint32_t context_switches, uint32_t system_calls) {
  std::string out(344, '\0');
  out.replace(296, 4, LittleEndian(context_switches, 4));
  out.replace(308, 4, LittleEndian(system_calls, 4));
  return out;
}

TEST(WindowsCpu, TimesOfEachGroupAreThoseOfItsOwnCpus) {
  MadeUp context(TwoGroups());
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 96u);
  EXPECT_EQ(list.bad, 0u);
  for (size_t i = 0; i < list.count; i++) {
    EXPECT_EQ(list[i].cpu, i);
    EXPECT_EQ(list[i].user, (1000 + i) * 100);
    EXPECT_EQ(list[i].idle, (10 + i) * 100);
    EXPECT_EQ(list[i].system, 2000u);
    EXPECT_EQ(list[i].dpc, 100u);
    EXPECT_EQ(list[i].irq, 200u);
  }
  EXPECT_EQ(machine.calls.count("NtQuerySystemInformation"), 0u) << "that would tell the caller's group only";
}

TEST(WindowsCpu, IdsLeaveRoomForTheCpusThatAGroupMayGet) {
  Machine made;
  made.groups = {{8, 2}, {4, 1}};
  made.answers[{kTimes, 0}] = Times(0, 0, 1, 0, 0, 0) + Times(0, 0, 2, 0, 0, 0);
  made.answers[{kTimes, 1}] = Times(0, 0, 3, 0, 0, 0);
  MadeUp context(made);
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 3u);
  EXPECT_EQ(list[1].cpu, 1u);
  EXPECT_EQ(list[2].cpu, 8u);
  EXPECT_EQ(list[2].user, 300u);
  sonde_cpu_count count = {};
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.logical, 3u);
  EXPECT_EQ(count.configured, 12u);
}

TEST(WindowsCpu, TheTotalIsOverAllGroups) {
  MadeUp context(TwoGroups());
  sonde_cpu_times times = {};
  ASSERT_EQ(sonde_cpu_times_get(context, &times), SONDE_OK) << last_error(context);
  EXPECT_EQ(times.cpu, SONDE_CPU_TOTAL);
  EXPECT_EQ(times.user, (96 * 1000 + 95 * 96 / 2) * 100u);
  EXPECT_EQ(times.system, 96 * 2000u);
  EXPECT_EQ(times.dpc, 9600u);
}

TEST(WindowsCpu, StatsSumInterruptsOf32Bits) {
  Machine made = TwoGroups();
  made.answers[{kPerformance, kNoGroup}] = Performance(0xfffffff0, 7);
  MadeUp context(made);
  sonde_cpu_stats stats = {};
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << last_error(context);
  EXPECT_EQ(stats.ctx_switches, 0xfffffff0u);
  EXPECT_EQ(stats.syscalls, 7u);
  EXPECT_EQ(stats.interrupts, 0u) << "96 times 2^28 is a multiple of 2^32";
  EXPECT_EQ(stats.valid, uint64_t{SONDE_CPU_STATS_CTX_SWITCHES | SONDE_CPU_STATS_SYSCALLS});
  machine.answers[{kTimes, 1}] = Times(0, 0, 0, 0, 0, 5);
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK);
  EXPECT_EQ(stats.interrupts, 5u) << "64 times 2^28 is a multiple of 2^32, too";
  EXPECT_NE(stats.valid & SONDE_CPU_STATS_INTERRUPTS, 0u);
  machine.failures["NtQuerySystemInformationEx"] = static_cast<DWORD>(STATUS_ACCESS_DENIED);
  ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << "the others are told";
  EXPECT_EQ(stats.valid, uint64_t{SONDE_CPU_STATS_CTX_SWITCHES | SONDE_CPU_STATS_SYSCALLS});
  machine.failures["NtQuerySystemInformationEx"] = static_cast<DWORD>(STATUS_NO_MEMORY);
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_NO_MEMORY);
}

TEST(WindowsCpu, ShortAnswersAreNotUnderstood) {
  Machine made;
  made.answers[{kTimes, kNoGroup}] = Times(1, 2, 3, 0, 0, 0) + Times(1, 2, 3, 0, 0, 0).substr(0, 40);
  made.answers[{kPerformance, kNoGroup}] = std::string(300, 'x');
  MadeUp context(made);
  List<sonde_cpu_times_list> list;
  ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 2u);
  EXPECT_EQ(list.bad, 1u);
  EXPECT_EQ(list[0].user, 300u);
  EXPECT_EQ(list[1].status, SONDE_ERR_PARSE);
  EXPECT_EQ(list[1].cpu, 1u);
  EXPECT_EQ(list[1].valid, 0u);
  sonde_cpu_times times = {};
  EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_ERR_PARSE) << "a sum without one of them is none";
  sonde_cpu_stats stats = {};
  EXPECT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_ERR_PARSE);
  EXPECT_NE(last_error(context).find("SystemPerformanceInformation"), std::string::npos);
}

TEST(WindowsCpu, MoreTimesThanTheGroupHasCpus) {
  Machine made;
  made.groups = {{1, 1}};
  made.answers[{kTimes, kNoGroup}] = Times(1, 2, 3, 0, 0, 0) + Times(1, 2, 3, 0, 0, 0);
  MadeUp context(made);
  List<sonde_cpu_times_list> list;
  EXPECT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_ERR_PARSE);
}

TEST(WindowsCpu, AnswersLargerThanTheBuffer) {
  for (const bool tells_size : {true, false}) {
    Machine made;
    made.groups.assign(1, {64, 64});
    made.tells_size = tells_size;
    std::string answer;
    for (unsigned i = 0; i < 64; i++) answer += Times(0, 0, i, 0, 0, 0);
    made.answers[{kTimes, kNoGroup}] = answer;
    made.answers[{kPerformance, kNoGroup}] = Performance(1, 2) + std::string(100000, '\0');
    MadeUp context(made);
    sonde_cpu_stats stats = {};
    ASSERT_EQ(sonde_cpu_stats_get(context, &stats), SONDE_OK) << last_error(context);
    EXPECT_EQ(stats.syscalls, 2u);
    List<sonde_cpu_times_list> list;
    ASSERT_EQ(sonde_cpu_times_list_get(context, &list), SONDE_OK);
    EXPECT_EQ(list.count, 64u);
  }
}

TEST(WindowsCpu, FrequenciesOfAMachine) {
  Machine made;
  made.groups = {{4, 3}};
  made.power = PowerOf(0, 2400, 800) + PowerOf(1, 2400, 2400) + PowerOf(2, 1800, 0);
  MadeUp context(made);
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 3u);
  EXPECT_EQ(list[0].current, 800000000u);
  EXPECT_EQ(list[0].max, 2400000000u);
  EXPECT_EQ(list[0].valid, uint64_t{SONDE_CPU_FREQ_CURRENT | SONDE_CPU_FREQ_MAX});
  EXPECT_EQ(list[2].valid, uint64_t{SONDE_CPU_FREQ_MAX}) << "0 is no frequency";
}

TEST(WindowsCpu, FrequenciesOfOneGroupAreNotThoseOfAnother) {
  Machine made;
  made.groups = {{2, 2}, {2, 2}};
  made.power = PowerOf(0, 2000, 1000) + PowerOf(1, 2000, 1000);
  MadeUp context(made);
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK) << last_error(context);
  ASSERT_EQ(list.count, 4u);
  for (const sonde_cpu_freq &row : list) EXPECT_EQ(row.valid, 0u) << "whose they are is not told";
  machine.power += PowerOf(2, 3000, 1000) + PowerOf(3, 3000, 1000);
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK);
  EXPECT_EQ(list[3].max, 3000000000u) << "of all";
}

TEST(WindowsCpu, FrequenciesThatAreFewer) {
  Machine made;
  made.groups = {{2, 2}};
  made.power = PowerOf(0, 2000, 1000);
  MadeUp context(made);
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK);
  ASSERT_EQ(list.count, 2u);
  EXPECT_NE(list[0].valid, 0u);
  EXPECT_EQ(list[1].valid, 0u);
}

TEST(WindowsCpu, FrequenciesThatNeedMoreRoom) {
  Machine made;
  for (uint32_t i = 0; i < 1000; i++) made.power += PowerOf(i, 2000, 1000);
  MadeUp context(made);
  List<sonde_cpu_freq_list> list;
  ASSERT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_OK) << last_error(context);
  EXPECT_EQ(list.count, 2u);
  machine.failures["NtPowerInformation"] = static_cast<DWORD>(STATUS_BUFFER_TOO_SMALL);
  EXPECT_EQ(sonde_cpu_freq_list_get(context, &list), SONDE_ERR_OS) << "for ever";
}

TEST(WindowsCpu, CountsWithoutCores) {
  Machine made;
  made.affinity.Mask = 5;
  MadeUp context(made);
  sonde_cpu_count count = {};
  machine.failures["GetLogicalProcessorInformationEx"] = ERROR_ACCESS_DENIED;
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_CONFIGURED | SONDE_CPU_COUNT_USABLE});
  EXPECT_EQ(count.usable, 2u);
  EXPECT_NE(last_error(context).find("GetLogicalProcessorInformationEx"), std::string::npos);
  machine.failures.clear();
  machine.failures["GetThreadGroupAffinity"] = ERROR_ACCESS_DENIED;
  machine.processors = Processor(0, {{0, 1}}) + Processor(0, {{0, 2}});
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_CONFIGURED | SONDE_CPU_COUNT_PHYSICAL});
  EXPECT_EQ(count.physical, 2u);
  EXPECT_EQ(count.usable, 0u);
  machine.processors = "odd";
  ASSERT_EQ(sonde_cpu_count_get(context, &count), SONDE_OK);
  EXPECT_EQ(count.valid, uint64_t{SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_CONFIGURED});
  machine.failures["GetLogicalProcessorInformationEx"] = ERROR_NOT_ENOUGH_MEMORY;
  EXPECT_EQ(sonde_cpu_count_get(context, &count), SONDE_ERR_NO_MEMORY);
}

/* ---- Each call that fails ---- */

TEST(WindowsCpu, EachFailureIsTold) {
  struct Row {
    const char *call;
    DWORD code;
    sonde_status expected;
  };
  const Row rows[] = {
      {"GetMaximumProcessorGroupCount", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS},
      {"GetMaximumProcessorCount", ERROR_PROC_NOT_FOUND, SONDE_ERR_UNSUPPORTED},
      {"GetActiveProcessorCount", ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS},
      {"NtQuerySystemInformation", static_cast<DWORD>(STATUS_ACCESS_DENIED), SONDE_ERR_ACCESS},
      {"NtQuerySystemInformation", static_cast<DWORD>(STATUS_INFO_LENGTH_MISMATCH), SONDE_ERR_OS},
      {"NtPowerInformation", static_cast<DWORD>(STATUS_PROCEDURE_NOT_FOUND), SONDE_ERR_UNSUPPORTED},
  };
  for (const Row &row : rows) {
    Machine made;
    made.answers[{kTimes, kNoGroup}] = Times(1, 2, 3, 0, 0, 0) + Times(1, 2, 3, 0, 0, 0);
    made.answers[{kPerformance, kNoGroup}] = Performance(1, 2);
    made.power = PowerOf(0, 1, 1) + PowerOf(1, 1, 1);
    made.failures[row.call] = row.code;
    MadeUp context(made);
    sonde_cpu_times times = {};
    sonde_cpu_count count = {};
    sonde_cpu_stats stats = {};
    List<sonde_cpu_times_list> list;
    List<sonde_cpu_freq_list> freqs;
    const std::string name = row.call;
    const auto check = [&](sonde_status status, bool is_used) {
      EXPECT_EQ(status, is_used ? row.expected : SONDE_OK) << name;
      if (status == SONDE_OK) return;
      sonde_error error;
      sonde_last_error(context, &error);
      EXPECT_EQ(sonde_test::text(error.operation), name);
      EXPECT_EQ(error.os_code, static_cast<int64_t>(row.code));
    };
    const bool is_times = name == "NtQuerySystemInformation";
    const bool is_power = name == "NtPowerInformation";
    check(sonde_cpu_times_get(context, &times), !is_power);
    check(sonde_cpu_times_list_get(context, &list), !is_power);
    check(sonde_cpu_count_get(context, &count), !is_times && !is_power);
    check(sonde_cpu_freq_list_get(context, &freqs), !is_times);
    check(sonde_cpu_stats_get(context, &stats), is_times);
  }
}

TEST(WindowsCpu, AWindowsWithTooManyGroups) {
  Machine made;
  made.groups.assign(65, {1, 1});
  MadeUp context(made);
  sonde_cpu_times times = {};
  EXPECT_EQ(sonde_cpu_times_get(context, &times), SONDE_ERR_PARSE);
}

TEST(WindowsCpu, EveryAllocationThatFails) {
  using windows_machine::EveryAllocationFails;
  Machine made = TwoGroups();
  made.answers[{kPerformance, kNoGroup}] = Performance(1, 2) + std::string(20000, 'x');
  for (uint32_t i = 0; i < 1000; i++) made.power += PowerOf(i, 2000, 1000);
  made.processors = Processor(0, {{0, 1}});
  EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    sonde_cpu_times times = {};
    return sonde_cpu_times_get(context, &times);
  });
  EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    List<sonde_cpu_times_list> list;
    return sonde_cpu_times_list_get(context, &list);
  });
  EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    sonde_cpu_stats stats = {};
    return sonde_cpu_stats_get(context, &stats);
  });
  EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    sonde_cpu_count count = {};
    return sonde_cpu_count_get(context, &count);
  });
  EveryAllocationFails(made, windows_machine::Os(), [](sonde *context) {
    List<sonde_cpu_freq_list> list;
    return sonde_cpu_freq_list_get(context, &list);
  });
}

}  // namespace
