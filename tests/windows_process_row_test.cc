// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <psapi.h>
#include <tlhelp32.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_process_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::text;
using sonde_test::WindowsChildOptions;
using sonde_test::WindowsProcess;
using sonde_test::WindowsProcessMachine;
using sonde_test::WindowsThread;

// What the chain tells.
constexpr uint64_t kChain = SONDE_PROCESS_NAME | SONDE_PROCESS_PPID | SONDE_PROCESS_STATE | SONDE_PROCESS_START_TIME |
                            SONDE_PROCESS_CPU_TIMES | SONDE_PROCESS_RSS | SONDE_PROCESS_VMS |
                            SONDE_PROCESS_NUM_THREADS | SONDE_PROCESS_PRIORITY | SONDE_PROCESS_PAGE_FAULTS |
                            SONDE_PROCESS_CTX_SWITCHES | SONDE_PROCESS_MEMORY_EX | SONDE_PROCESS_IO |
                            SONDE_PROCESS_NUM_HANDLES;
constexpr uint64_t kEpoch = 116444736000000000;  // 1970 as FILETIME

uint64_t Ticks(const FILETIME &time) { return (uint64_t{time.dwHighDateTime} << 32) + time.dwLowDateTime; }

uint64_t Now() {
  FILETIME now;
  GetSystemTimeAsFileTime(&now);
  return (Ticks(now) - kEpoch) * 100;
}

const sonde_process *Get(sonde *context, sonde_process_table *table, sonde_pid pid, uint64_t fields) {
  EXPECT_EQ(sonde_process_get(context, table, pid, fields), SONDE_OK) << sonde_test::last_error(context);
  EXPECT_EQ(table->count, 1u);
  return &table->rows[0];
}

const sonde_process *Find(const sonde_process_table &table, sonde_pid pid) {
  const size_t row = sonde_process_table_find(&table, pid);
  return row == SIZE_MAX ? nullptr : &table.rows[row];
}

// What the other API of Windows says of a process.
PROCESSENTRY32W Toolhelp(DWORD pid) {
  PROCESSENTRY32W entry = {};
  entry.dwSize = sizeof entry;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  EXPECT_NE(snapshot, INVALID_HANDLE_VALUE);
  bool found = false;
  for (BOOL more = Process32FirstW(snapshot, &entry); more && !found; more = Process32NextW(snapshot, &entry)) {
    if (entry.th32ProcessID == pid) {
      found = true;
      break;
    }
  }
  CloseHandle(snapshot);
  EXPECT_TRUE(found) << pid;
  return entry;
}

std::string Utf8(const wchar_t *wide) {
  std::string out(static_cast<size_t>(WideCharToMultiByte(CP_UTF8, 0, wide, -1, nullptr, 0, nullptr, nullptr)), '\0');
  WideCharToMultiByte(CP_UTF8, 0, wide, -1, &out[0], static_cast<int>(out.size()), nullptr, nullptr);
  out.pop_back();
  return out;
}

TEST(WindowsProcessRow, OfThisProcessIsWhatOtherCallsSay) {
  Context context;
  List<sonde_process_table> table;
  PROCESS_MEMORY_COUNTERS before = {}, after = {};
  FILETIME created, ended, kernel, user;
  ASSERT_TRUE(GetProcessMemoryInfo(GetCurrentProcess(), &before, sizeof before));
  ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain), SONDE_OK) << context.error();
  ASSERT_TRUE(GetProcessMemoryInfo(GetCurrentProcess(), &after, sizeof after));
  ASSERT_TRUE(GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user));
  const sonde_process *const row = Find(table, GetCurrentProcessId());
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->status, SONDE_OK);
  EXPECT_EQ(row->valid, kChain);
  EXPECT_EQ(row->denied | row->failed, 0u);
  const PROCESSENTRY32W other = Toolhelp(GetCurrentProcessId());
  EXPECT_EQ(text(row->name), Utf8(other.szExeFile));
  EXPECT_EQ(row->ppid, sonde_pid{other.th32ParentProcessID});
  EXPECT_EQ(row->num_threads, uint64_t{other.cntThreads});
  EXPECT_EQ(row->priority, other.pcPriClassBase);
  EXPECT_EQ(row->start_id, Ticks(created));
  EXPECT_EQ(row->start_time, (Ticks(created) - kEpoch) * 100);
  // Within what the process has grown by meanwhile, and a margin for what it gives back.
  const uint64_t margin = 4 << 20;
  EXPECT_GE(row->rss + margin, before.WorkingSetSize);
  EXPECT_LE(row->rss, after.WorkingSetSize + margin);
  EXPECT_GE(row->vms + margin, before.PagefileUsage);
  EXPECT_LE(row->vms, after.PagefileUsage + margin);
  EXPECT_GT(row->num_handles, 0u);
  ASSERT_NE(row->memory_ex, nullptr);
  EXPECT_GE(row->memory_ex->peak_rss, row->rss);
  EXPECT_GE(row->memory_ex->virtual_size, row->rss);
  EXPECT_EQ(row->memory_ex->valid, uint64_t{SONDE_MEMORY_EX_PEAK_RSS | SONDE_MEMORY_EX_PEAK_VMS |
                                            SONDE_MEMORY_EX_VIRTUAL | SONDE_MEMORY_EX_POOLS});
}

TEST(WindowsProcessRow, OfEveryProcessIsWhatToolhelpSays) {
  Context context;
  WINDOWS_CHILD(child, WindowsChildOptions());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain), SONDE_OK) << context.error();
  EXPECT_EQ(table.bad, 0u);
  PROCESSENTRY32W entry = {};
  entry.dwSize = sizeof entry;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  ASSERT_NE(snapshot, INVALID_HANDLE_VALUE);
  size_t common = 0;
  for (BOOL more = Process32FirstW(snapshot, &entry); more; more = Process32NextW(snapshot, &entry)) {
    const sonde_process *const row = Find(table, entry.th32ProcessID);
    if (row == nullptr) continue;  // began since
    common++;
    EXPECT_EQ(row->ppid, sonde_pid{entry.th32ParentProcessID});
    if (row->pid != 0) {
      EXPECT_EQ(text(row->name), Utf8(entry.szExeFile));
    }
  }
  CloseHandle(snapshot);
  EXPECT_GE(common, 2u);
}

// Wine names files by the locale of the system below it: without UTF-8 there is no such file.
bool CanBeNamed(const std::wstring &path) {
  const HANDLE file =
      CreateFileW(path.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  if (file == INVALID_HANDLE_VALUE) return false;
  CloseHandle(file);
  return true;
}

class WindowsProcessRowOfChild : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Bits, WindowsProcessRowOfChild, testing::Values(32, 64));

TEST_P(WindowsProcessRowOfChild, NameParentStartAndThreads) {
  wchar_t folder[MAX_PATH + 1];
  ASSERT_NE(GetTempPathW(MAX_PATH, folder), 0u);
  std::wstring name = L"\xd83d\xde00 caf\x00e9.exe";
  if (!CanBeNamed(folder + name)) name = L"a coffee.exe";
  const std::wstring image = folder + name;
  Context context;
  const uint64_t before = Now();
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_image(image));
  const uint64_t after = Now();
  List<sonde_process_table> table;
  const sonde_process *row = Get(context, &table, child.pid(), kChain);
  EXPECT_EQ(row->status, SONDE_OK);
  EXPECT_EQ(text(row->name), Utf8(name.c_str()));
  EXPECT_EQ(row->ppid, sonde_pid{GetCurrentProcessId()});
  EXPECT_GE(row->start_time + 20000000, before);  // the clock's tick
  EXPECT_LE(row->start_time, after + 20000000);
  const uint64_t num_threads = row->num_threads;
  const uint64_t start_id = row->start_id;
  child.ask("threads 3");
  row = Get(context, &table, child.pid(), kChain);
  EXPECT_EQ(row->num_threads, num_threads + 3);
  EXPECT_EQ(row->start_id, start_id);
  EXPECT_NE(row->state, SONDE_PROCESS_STATE_STOPPED);
  child.end();
  EXPECT_EQ(sonde_process_get(context, &table, child.pid(), kChain), SONDE_ERR_NO_PROCESS);
  DeleteFileW(image.c_str());
}

TEST_P(WindowsProcessRowOfChild, GrowsByWhatItTouches) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Context context;
  List<sonde_process_table> table;
  const uint64_t rss = Get(context, &table, child.pid(), kChain)->rss;
  child.number("allocate 50000000");
  const sonde_process *const row = Get(context, &table, child.pid(), kChain);
  EXPECT_GE(row->rss, rss + 45000000);
  EXPECT_GE(row->vms, uint64_t{45000000});
  EXPECT_GE(row->memory_ex->peak_rss, row->rss);
}

TEST(WindowsProcessRow, TreeOfChildren) {
  WINDOWS_CHILD(child, WindowsChildOptions());
  const sonde_pid grandchild = static_cast<sonde_pid>(child.number("child"));
  Context context;
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_PPID | SONDE_PROCESS_START_TIME), SONDE_OK);
  std::vector<size_t> rows(table.count);
  size_t count = 0;
  ASSERT_EQ(sonde_process_table_children(&table, rows.data(), rows.size(), &count, GetCurrentProcessId(), true),
            SONDE_OK);
  std::vector<sonde_pid> pids;
  for (size_t i = 0; i < count; i++) pids.push_back(table[rows[i]].pid);
  EXPECT_EQ(std::count(pids.begin(), pids.end(), sonde_pid{child.pid()}), 1);
  EXPECT_EQ(std::count(pids.begin(), pids.end(), grandchild), 1);
}

// ---- A machine that is made up --------------------------------------------------------------------------------------

WindowsThread Thread(uint64_t tid, uint32_t state, uint32_t wait_reason = 0, uint32_t ctx_switches = 0) {
  WindowsThread t;
  t.tid = tid;
  t.state = state;
  t.wait_reason = wait_reason;
  t.ctx_switches = ctx_switches;
  return t;
}

WindowsProcess Process(uint64_t pid, const std::u16string &name = u"p.exe", uint64_t seconds = 1000) {
  WindowsProcess p;
  p.pid = pid;
  p.ppid = 4;
  p.name = name;
  p.create_time = kEpoch + seconds * 10000000;
  p.threads = {Thread(pid + 4, 5, 6, 10)};
  return p;
}

TEST(WindowsProcessRow, EveryFieldOfTheChain) {
  WindowsProcessMachine machine;
  WindowsProcess p = Process(4712, u"winlogon.exe", 1700000000);
  p.ppid = 600;
  p.create_time += 7;
  p.user_time = 11;
  p.kernel_time = 12;
  p.base_priority = 13;
  p.handle_count = 14;
  p.page_faults = 5;  // it has wrapped since
  p.hard_faults = 10;
  p.virtual_size = 17;
  p.peak_virtual_size = 18;
  p.working_set = 19;
  p.peak_working_set = 20;
  p.private_working_set = 21;
  p.paged_pool = 22;
  p.peak_paged_pool = 23;
  p.nonpaged_pool = 24;
  p.peak_nonpaged_pool = 25;
  p.pagefile = 26;
  p.peak_pagefile = 27;
  p.private_bytes = 28;
  p.read_count = 29;
  p.write_count = 30;
  p.other_count = 31;
  p.read_bytes = 32;
  p.write_bytes = 33;
  p.other_bytes = 34;
  p.threads = {Thread(8, 5, 6, 0xffffffff), Thread(12, 5, 0, 2)};
  machine.processes = {Process(4), p};
  machine.processes[0].private_working_set = 1;
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain | SONDE_PROCESS_FOOTPRINT), SONDE_OK)
      << context.error();
  EXPECT_EQ(machine.num_queries, 1);
  EXPECT_TRUE(machine.accesses.empty()) << "no handle";
  ASSERT_EQ(table.count, 2u);
  const sonde_process &row = table[1];
  EXPECT_EQ(row.valid, kChain | SONDE_PROCESS_FOOTPRINT);
  EXPECT_EQ(row.pid, 4712);
  EXPECT_EQ(row.ppid, 600);
  EXPECT_EQ(text(row.name), "winlogon.exe");
  EXPECT_EQ(row.state, SONDE_PROCESS_STATE_SLEEPING);
  EXPECT_EQ(row.start_id, p.create_time);
  EXPECT_EQ(row.start_time, uint64_t{1700000000000000700});
  EXPECT_EQ(row.user_time, 1100u);
  EXPECT_EQ(row.system_time, 1200u);
  EXPECT_EQ(row.rss, 19u);
  EXPECT_EQ(row.vms, 28u);
  EXPECT_EQ(row.num_threads, 2u);
  EXPECT_EQ(row.priority, 13);
  EXPECT_EQ(row.minor_faults, uint64_t{0xfffffffb});
  EXPECT_EQ(row.major_faults, 10u);
  EXPECT_EQ(row.voluntary_ctx_switches, uint64_t{0x100000001});
  EXPECT_EQ(row.involuntary_ctx_switches, 0u);
  EXPECT_EQ(row.read_count, 29u);
  EXPECT_EQ(row.write_count, 30u);
  EXPECT_EQ(row.other_count, 31u);
  EXPECT_EQ(row.read_bytes, 32u);
  EXPECT_EQ(row.write_bytes, 33u);
  EXPECT_EQ(row.other_bytes, 34u);
  EXPECT_EQ(row.num_handles, 14u);
  ASSERT_NE(row.memory_ex, nullptr);
  EXPECT_EQ(row.memory_ex->virtual_size, 17u);
  EXPECT_EQ(row.memory_ex->peak_virtual_size, 18u);
  EXPECT_EQ(row.memory_ex->peak_rss, 20u);
  EXPECT_EQ(row.memory_ex->paged_pool, 22u);
  EXPECT_EQ(row.memory_ex->peak_paged_pool, 23u);
  EXPECT_EQ(row.memory_ex->nonpaged_pool, 24u);
  EXPECT_EQ(row.memory_ex->peak_nonpaged_pool, 25u);
  EXPECT_EQ(row.memory_ex->peak_vms, 27u);
  ASSERT_NE(row.footprint, nullptr);
  EXPECT_EQ(row.footprint->valid, uint64_t{SONDE_FOOTPRINT_USS});
  EXPECT_EQ(row.footprint->uss, 21u);
}

TEST(WindowsProcessRow, NamesInEverySpelling) {
  WindowsProcessMachine machine;
  machine.processes = {Process(8, u"\U0001f600 caf\u00e9.exe"), Process(12, {u'x', 0xd800, u'.'}),
                       Process(16, std::u16string(260, u'l'))};
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NAME), SONDE_OK);
  EXPECT_EQ(text(table[0].name), "\xf0\x9f\x98\x80 caf\xc3\xa9.exe");
  EXPECT_EQ(text(table[1].name), "x\xed\xa0\x80.");
  EXPECT_EQ(text(table[2].name), std::string(260, 'l'));
}

TEST(WindowsProcessRow, OnlyWhatIsAskedFor) {
  WindowsProcessMachine machine;
  WindowsProcess p = Process(4712);
  p.working_set = 19;
  machine.processes = {p};
  Context context(machine.options());
  List<sonde_process_table> table;
  for (uint64_t field = 1; field < SONDE_PROCESS_ALL; field <<= 1) {
    if ((field & kChain) == 0) continue;
    EXPECT_EQ(Get(context, &table, 4712, field)->valid, field);
    EXPECT_EQ(table[0].rss, (field & SONDE_PROCESS_RSS) != 0 ? 19u : 0u);
    EXPECT_EQ(table[0].ppid, (field & SONDE_PROCESS_PPID) != 0 ? 4 : SONDE_PID_UNKNOWN);
    EXPECT_EQ(table[0].start_id != 0, field == SONDE_PROCESS_START_TIME);
  }
  EXPECT_EQ(Get(context, &table, 4712, 0)->valid, 0u);
  EXPECT_EQ(table[0].status, SONDE_OK);
  EXPECT_EQ(machine.num_boot_queries, 0);
  EXPECT_EQ(sonde_process_get(context, &table, 4713, 0), SONDE_ERR_NO_PROCESS) << "the pid is not rounded";
  EXPECT_EQ(sonde_process_get(context, &table, 0x100000000 + 4712, 0), SONDE_ERR_NO_PROCESS);
}

TEST(WindowsProcessRow, ThoseThatAreOlderThanAllOthers) {
  WindowsProcessMachine machine;
  machine.boot_time = kEpoch + 500 * uint64_t{10000000};
  WindowsProcess idle = Process(0, u"");
  WindowsProcess system = Process(4, u"");
  WindowsProcess registry = Process(92, u"Registry");
  idle.create_time = registry.create_time = 0;
  idle.ppid = 0;
  machine.processes = {idle, system, registry, Process(400, u"")};
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NAME | SONDE_PROCESS_START_TIME), SONDE_OK);
  ASSERT_EQ(table.count, 4u);
  EXPECT_EQ(text(table[0].name), "System Idle Process");
  EXPECT_EQ(text(table[1].name), "System");
  EXPECT_EQ(text(table[2].name), "Registry");
  EXPECT_EQ(text(table[3].name), "");
  const uint64_t boot = 500 * SONDE_NSEC_PER_SEC;
  EXPECT_EQ(table[0].start_time, boot);
  EXPECT_EQ(table[1].start_time, boot);
  EXPECT_EQ(table[2].start_time, boot);
  EXPECT_EQ(table[3].start_time, 1000 * SONDE_NSEC_PER_SEC);
  EXPECT_EQ(table[0].start_id, 0u);
  EXPECT_EQ(table[1].start_id, system.create_time) << "its identity all the same";
  EXPECT_EQ(machine.num_boot_queries, 1);
  // Windows that keeps the boot time to itself.
  machine.boot_refusal = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Get(context, &table, 0, SONDE_PROCESS_START_TIME)->start_time, 0u);
  EXPECT_NE(context.error().find("SystemTimeOfDayInformation"), std::string::npos) << context.error();
}

TEST(WindowsProcessRow, StateOfThreadsAndOfAllOfThem) {
  const struct {
    const char *origin;
    std::vector<WindowsThread> threads;
    sonde_process_state state;
  } rows[] = {
      {"one runs", {Thread(1, 5, 6), Thread(2, 2)}, SONDE_PROCESS_STATE_RUNNING},
      {"one could", {Thread(1, 5, 5), Thread(2, 1), Thread(3, 5, 6)}, SONDE_PROCESS_STATE_RUNNING},
      {"standby", {Thread(1, 3)}, SONDE_PROCESS_STATE_RUNNING},
      {"deferred", {Thread(1, 7)}, SONDE_PROCESS_STATE_RUNNING},
      {"all wait", {Thread(1, 5, 6), Thread(2, 5, 15)}, SONDE_PROCESS_STATE_SLEEPING},
      {"at a gate", {Thread(1, 8)}, SONDE_PROCESS_STATE_SLEEPING},
      {"suspended", {Thread(1, 5, 5), Thread(2, 5, 12), Thread(3, 5, 5)}, SONDE_PROCESS_STATE_STOPPED},
      {"suspended while one ends", {Thread(1, 4), Thread(2, 5, 5), Thread(3, 4)}, SONDE_PROCESS_STATE_STOPPED},
      {"all but one", {Thread(1, 5, 5), Thread(2, 5, 6), Thread(3, 5, 5)}, SONDE_PROCESS_STATE_SLEEPING},
      {"all but the last", {Thread(1, 5, 5), Thread(2, 5, 6)}, SONDE_PROCESS_STATE_SLEEPING},
      {"all but the first", {Thread(1, 5, 6), Thread(2, 5, 5)}, SONDE_PROCESS_STATE_SLEEPING},
      {"its stack is paged out", {Thread(1, 6)}, SONDE_PROCESS_STATE_DISK_SLEEP},
      {"all of it is", {Thread(1, 9)}, SONDE_PROCESS_STATE_DISK_SLEEP},
      {"not started", {Thread(1, 0)}, SONDE_PROCESS_STATE_IDLE},
      {"ending", {Thread(1, 4)}, SONDE_PROCESS_STATE_DEAD},
      {"a state to come", {Thread(1, 10)}, SONDE_PROCESS_STATE_UNKNOWN},
  };
  WindowsProcessMachine machine;
  Context context(machine.options());
  List<sonde_process_table> table;
  for (const auto &row : rows) {
    WindowsProcess p = Process(8);
    p.threads = row.threads;
    machine.processes = {p};
    const sonde_process *const told = Get(context, &table, 8, SONDE_PROCESS_STATE);
    EXPECT_EQ(told->valid, SONDE_PROCESS_STATE) << row.origin;
    EXPECT_EQ(told->state, row.state) << row.origin;
  }
  // Without a thread there is no state: it is not told, and nothing failed.
  WindowsProcess none = Process(8);
  none.threads.clear();
  machine.processes = {none};
  const sonde_process *const told = Get(context, &table, 8, SONDE_PROCESS_STATE | SONDE_PROCESS_NUM_THREADS);
  EXPECT_EQ(told->status, SONDE_OK);
  EXPECT_EQ(told->valid, SONDE_PROCESS_NUM_THREADS);
  EXPECT_EQ(told->num_threads, 0u);
}

TEST(WindowsProcessRow, WhatIsNotUnderstoodFailsAloneInItsRow) {
  const struct {
    const char *origin;
    void (*change)(WindowsProcess *);
    uint64_t failed;
    const char *text;
  } rows[] = {
      {"user time beyond 584 years", [](WindowsProcess *p) { p->user_time = UINT64_MAX; }, SONDE_PROCESS_CPU_TIMES,
       "a smaller number"},
      {"kernel time", [](WindowsProcess *p) { p->kernel_time = UINT64_MAX / 100 + 1; }, SONDE_PROCESS_CPU_TIMES,
       "a smaller number"},
      {"created in 1969", [](WindowsProcess *p) { p->create_time = kEpoch - 1; }, SONDE_PROCESS_START_TIME,
       "a moment after 1970"},
      {"created in the year 30828", [](WindowsProcess *p) { p->create_time = INT64_MAX; }, SONDE_PROCESS_START_TIME,
       "a moment after 1970"},
      {"a name outside", [](WindowsProcess *p) { p->said_name_address = 16; }, SONDE_PROCESS_NAME,
       "a name in the block"},
      {"more threads than there is room for", [](WindowsProcess *p) { p->said_threads = 1000000; },
       SONDE_PROCESS_STATE | SONDE_PROCESS_CTX_SWITCHES | SONDE_PROCESS_NUM_THREADS, "a number of threads"},
  };
  WindowsProcessMachine machine;
  Context context(machine.options());
  List<sonde_process_table> table;
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    WindowsProcess p = Process(8);
    p.working_set = 19;
    row.change(&p);
    machine.processes = {Process(4), p, Process(12)};
    ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain), SONDE_OK);
    ASSERT_EQ(table.count, 3u);
    EXPECT_EQ(table.bad, 1u);
    EXPECT_EQ(table[1].status, SONDE_ERR_PARSE);
    EXPECT_EQ(table[1].failed, row.failed);
    EXPECT_EQ(table[1].valid, kChain & ~row.failed);
    EXPECT_EQ(table[1].rss, 19u);
    EXPECT_EQ(table[1].user_time | table[1].start_id * (row.failed == SONDE_PROCESS_START_TIME), 0u);
    EXPECT_EQ(table[2].valid, kChain);
    EXPECT_NE(context.error().find(row.text), std::string::npos) << context.error();
    // Who does not ask is not told.
    EXPECT_EQ(Get(context, &table, 8, kChain & ~row.failed)->status, SONDE_OK);
  }
}

TEST(WindowsProcessRow, ABrokenChainIsABadRow) {
  WindowsProcessMachine machine;
  machine.processes = {Process(4), Process(8), Process(12)};
  machine.processes[1].said_next = 24;
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain), SONDE_OK);
  ASSERT_EQ(table.count, 3u);
  EXPECT_EQ(table.bad, 1u);
  EXPECT_EQ(table[1].status, SONDE_OK);
  EXPECT_EQ(table[2].pid, SONDE_PID_UNKNOWN);
  EXPECT_EQ(table[2].status, SONDE_ERR_PARSE);
  EXPECT_EQ(table[2].failed, kChain);
  EXPECT_EQ(Get(context, &table, 8, kChain)->status, SONDE_OK);
  EXPECT_EQ(sonde_process_get(context, &table, 12, kChain), SONDE_ERR_PARSE) << "it may be the one that is not there";
}

TEST(WindowsProcessRow, TenThousand) {
  WindowsProcessMachine machine;
  for (uint64_t i = 1; i <= 10000; i++)
    machine.processes.push_back(Process(i * 4, u"p" + std::u16string(i % 50, u'x')));
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, kChain), SONDE_OK);
  ASSERT_EQ(table.count, 10000u);
  EXPECT_EQ(table.bad, 0u);
  for (size_t i = 0; i < table.count; i++) {
    ASSERT_EQ(table[i].pid, static_cast<sonde_pid>(4 * (i + 1)));
    ASSERT_EQ(table[i].name.len, 1 + (i + 1) % 50);
    ASSERT_EQ(table[i].valid, kChain);
  }
}

TEST(WindowsProcessRow, VmsOfASystemThatTellsOneNumber) {
  WindowsProcessMachine machine;
  machine.processes = {Process(8)};
  machine.processes[0].pagefile = 26;
  Context context(machine.options());
  List<sonde_process_table> table;
  EXPECT_EQ(Get(context, &table, 8, SONDE_PROCESS_VMS)->vms, 26u);
}

TEST(WindowsProcessRow, AParentThatIsYoungerIsNone) {
  WindowsProcessMachine machine;
  WindowsProcess parent = Process(400, u"parent.exe", 2000);
  WindowsProcess old_child = Process(404, u"orphan.exe", 1999);
  WindowsProcess child = Process(408, u"child.exe", 2000);
  old_child.ppid = child.ppid = 400;
  machine.processes = {old_child, parent, child};
  Context context(machine.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_PPID | SONDE_PROCESS_START_TIME), SONDE_OK);
  size_t rows[3] = {};
  size_t count = 0;
  ASSERT_EQ(sonde_process_table_children(&table, rows, 3, &count, 400, true), SONDE_OK);
  ASSERT_EQ(count, 1u);
  EXPECT_EQ(table[rows[0]].pid, 408);
  EXPECT_EQ(sonde_process_table_parent(&table, 0), SIZE_MAX);
  EXPECT_EQ(sonde_process_table_parent(&table, 2), 1u);
}

// ---- What costs a handle
// ---------------------------------------------------------------------------------------------

constexpr DWORD kLeast = PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE;
constexpr DWORD kMemory = kLeast | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ;

TEST(WindowsProcessRow, AHandleForEachProcessOfWhichAFieldNeedsOne) {
  WindowsProcessMachine machine;
  machine.processes = {Process(0, u""), Process(4, u"System"), Process(96)};
  Context context(machine.options());
  List<sonde_process_table> table;
  const uint64_t fields = SONDE_PROCESS_NAME | SONDE_PROCESS_UNIQUE_ID;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, fields), SONDE_OK) << context.error();
  ASSERT_EQ(table.count, 3u);
  EXPECT_EQ(table.bad, 0u);
  EXPECT_EQ(table[0].valid, SONDE_PROCESS_NAME) << "nobody can open the idle process";
  EXPECT_EQ(table[1].unique_id, 1000004u);
  EXPECT_EQ(table[2].unique_id, 1000096u);
  EXPECT_EQ(table[2].valid, fields);
  EXPECT_EQ(machine.accesses, std::vector<DWORD>({kLeast, kLeast}));
}

TEST(WindowsProcessRow, WhatAHandleDoesNotTell) {
  const uint64_t field = SONDE_PROCESS_UNIQUE_ID;
  const struct {
    const char *origin;
    void (*change)(WindowsProcessMachine *);
    sonde_status status;  // of the row
    uint64_t denied;
    uint64_t failed;
    const char *text;
  } rows[] = {
      {"a Windows before 1803", [](WindowsProcessMachine *m) { m->sequence_refusal = STATUS_INVALID_INFO_CLASS; },
       SONDE_OK, 0, 0, ""},
      {"Wine", [](WindowsProcessMachine *m) { m->sequence_refusal = STATUS_NOT_IMPLEMENTED; }, SONDE_OK, 0, 0, ""},
      {"it may not be opened", [](WindowsProcessMachine *m) { m->open_errors[96] = ERROR_ACCESS_DENIED; },
       SONDE_ERR_ACCESS, field, 0, "OpenProcess process 96: ERROR_ACCESS_DENIED"},
      {"it has ended", [](WindowsProcessMachine *m) { m->open_errors[96] = ERROR_INVALID_PARAMETER; },
       SONDE_ERR_NO_PROCESS, 0, 0, "process 96"},
      {"another has its pid since", [](WindowsProcessMachine *m) { m->recycled[96] = kEpoch; }, SONDE_ERR_NO_PROCESS, 0,
       0, "process 96"},
      {"it cannot be opened", [](WindowsProcessMachine *m) { m->open_errors[96] = ERROR_INVALID_FUNCTION + 12344; },
       SONDE_ERR_OS, 0, field, "OpenProcess process 96"},
      {"its times are refused", [](WindowsProcessMachine *m) { m->times_error = ERROR_ACCESS_DENIED; },
       SONDE_ERR_ACCESS, field, 0, "GetProcessTimes process 96: ERROR_ACCESS_DENIED"},
      {"its times are not told", [](WindowsProcessMachine *m) { m->times_error = ERROR_INVALID_HANDLE; }, SONDE_ERR_OS,
       0, field, "GetProcessTimes process 96: ERROR_INVALID_HANDLE"},
      {"the answer is refused", [](WindowsProcessMachine *m) { m->sequence_refusal = STATUS_ACCESS_DENIED; },
       SONDE_ERR_ACCESS, field, 0, "NtQueryInformationProcess process 96: STATUS_ACCESS_DENIED"},
      {"an error", [](WindowsProcessMachine *m) { m->sequence_refusal = STATUS_INVALID_HANDLE; }, SONDE_ERR_OS, 0,
       field, "STATUS_INVALID_HANDLE"},
      {"an error, for it ends meanwhile",
       [](WindowsProcessMachine *m) { m->sequence_refusal = STATUS_ACCESS_DENIED, m->ends_when_asked = true; },
       SONDE_ERR_NO_PROCESS, 0, 0, "process 96"},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    WindowsProcessMachine machine;
    machine.processes = {Process(96)};
    row.change(&machine);
    Context context(machine.options());
    List<sonde_process_table> table;
    const sonde_process *const told = Get(context, &table, 96, field | SONDE_PROCESS_NAME);
    EXPECT_EQ(told->status, row.status);
    EXPECT_EQ(told->denied, row.denied);
    EXPECT_EQ(told->failed, row.failed);
    EXPECT_EQ(told->valid, SONDE_PROCESS_NAME);
    EXPECT_EQ(told->unique_id, 0u);
    if (row.status == SONDE_OK) {
      EXPECT_EQ(context.error().find("ERR"), std::string::npos) << context.error();
    } else {
      EXPECT_NE(context.error().find(row.text), std::string::npos) << context.error();
    }
  }
}

TEST(WindowsProcessRow, NoMemoryFailsTheCall) {
  WindowsProcessMachine machine;
  machine.processes = {Process(96)};
  Context context(machine.options());
  List<sonde_process_table> table;
  machine.open_errors[96] = ERROR_NOT_ENOUGH_MEMORY;
  EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_UNIQUE_ID), SONDE_ERR_NO_MEMORY);
  machine.open_errors.clear();
  machine.sequence_refusal = STATUS_INSUFFICIENT_RESOURCES;
  EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_UNIQUE_ID), SONDE_ERR_NO_MEMORY);
}

TEST(WindowsProcessRow, LessIsAskedForWhereMoreIsRefused) {
  WindowsProcessMachine machine;
  machine.processes = {Process(96)};
  machine.memory_error = ERROR_ACCESS_DENIED;
  Context context(machine.options());
  List<sonde_process_table> table;
  const sonde_process *told = Get(context, &table, 96, SONDE_PROCESS_CMDLINE | SONDE_PROCESS_UNIQUE_ID);
  EXPECT_EQ(machine.accesses, std::vector<DWORD>({kMemory, kLeast}));
  EXPECT_EQ(told->unique_id, 1000096u);
  EXPECT_EQ(told->valid, SONDE_PROCESS_UNIQUE_ID);
  machine.accesses.clear();
  machine.open_errors[96] = ERROR_ACCESS_DENIED;
  told = Get(context, &table, 96, SONDE_PROCESS_CMDLINE | SONDE_PROCESS_UNIQUE_ID);
  EXPECT_EQ(machine.accesses, std::vector<DWORD>({kMemory, kLeast}));
  EXPECT_EQ(told->denied, SONDE_PROCESS_CMDLINE | SONDE_PROCESS_UNIQUE_ID);
  EXPECT_EQ(told->status, SONDE_ERR_ACCESS);
}

// ---- Threads
// ---------------------------------------------------------------------------------------------------------

const sonde_thread *FindThread(const sonde_thread_list &list, int64_t id) {
  for (size_t i = 0; i < list.count; i++) {
    if (list.rows[i].id == id) return &list.rows[i];
  }
  return nullptr;
}

TEST_P(WindowsProcessRowOfChild, ThreadsAreThoseOfToolhelp) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  const uint64_t before = Now();
  child.ask("threads 3");
  Context context;
  Handle handle(context, child.pid());
  List<sonde_thread_list> list;
  ASSERT_EQ(sonde_thread_list_get(handle, &list), SONDE_OK) << context.error();
  EXPECT_EQ(list.bad, 0u);
  THREADENTRY32 entry = {};
  entry.dwSize = sizeof entry;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  ASSERT_NE(snapshot, INVALID_HANDLE_VALUE);
  size_t count = 0;
  for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
    if (entry.th32OwnerProcessID != child.pid()) continue;
    count++;
    EXPECT_NE(FindThread(list, entry.th32ThreadID), nullptr) << entry.th32ThreadID;
  }
  CloseHandle(snapshot);
  EXPECT_EQ(list.count, count);
  EXPECT_GE(count, 4u);
  const sonde_thread *const first = FindThread(list, child.thread_id());
  ASSERT_NE(first, nullptr);
  EXPECT_NE(first->valid & SONDE_THREAD_STATE, 0u);
  EXPECT_NE(first->valid & SONDE_THREAD_TIMES, 0u);
  size_t young = 0;
  for (const sonde_thread &thread : list) {
    if ((thread.valid & SONDE_THREAD_START_TIME) != 0 && thread.start_time + 20000000 >= before) young++;
  }
  EXPECT_TRUE(young >= 3 || (first->valid & SONDE_THREAD_START_TIME) == 0) << young;
  child.end();
  EXPECT_EQ(sonde_thread_list_get(handle, &list), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(list.count, count) << "untouched";
}

TEST(WindowsThreads, EveryField) {
  WindowsProcessMachine machine;
  WindowsProcess p = Process(96);
  WindowsThread first = Thread(100, 2);
  first.user_time = 11;
  first.kernel_time = 12;
  first.create_time = kEpoch + 13;
  first.priority = 14;
  WindowsThread second = Thread(104, 5, 5);
  second.priority = -15;
  WindowsThread third = Thread(0x100000000 - 4, 5, 6);
  third.kernel_time = UINT64_MAX;
  p.threads = {first, second, third};
  machine.processes = {Process(4), p};
  Context context(machine.options());
  {
    Handle handle(context, 96);
    List<sonde_thread_list> list;
    ASSERT_EQ(sonde_thread_list_get(handle, &list), SONDE_OK) << context.error();
    ASSERT_EQ(list.count, 3u);
    EXPECT_EQ(list.bad, 1u);
    EXPECT_EQ(list[0].id, 100);
    EXPECT_EQ(list[0].status, SONDE_OK);
    EXPECT_EQ(list[0].valid,
              uint64_t{SONDE_THREAD_STATE | SONDE_THREAD_TIMES | SONDE_THREAD_PRIORITY | SONDE_THREAD_START_TIME});
    EXPECT_EQ(list[0].state, SONDE_PROCESS_STATE_RUNNING);
    EXPECT_EQ(list[0].user_time, 1100u);
    EXPECT_EQ(list[0].system_time, 1200u);
    EXPECT_EQ(list[0].start_time, 1300u);
    EXPECT_EQ(list[0].priority, 14);
    EXPECT_EQ(list[1].valid, uint64_t{SONDE_THREAD_STATE | SONDE_THREAD_TIMES | SONDE_THREAD_PRIORITY});
    EXPECT_EQ(list[1].state, SONDE_PROCESS_STATE_STOPPED);
    EXPECT_EQ(list[1].priority, -15);
    EXPECT_EQ(list[1].start_time, 0u);
    EXPECT_EQ(list[2].id, 0xfffffffc);
    EXPECT_EQ(list[2].status, SONDE_ERR_PARSE);
    EXPECT_EQ(list[2].state, SONDE_PROCESS_STATE_SLEEPING);
    EXPECT_EQ(list[2].system_time, 0u);
    // Another process has the pid since.
    machine.processes[1].create_time++;
    EXPECT_EQ(sonde_thread_list_get(handle, &list), SONDE_ERR_NO_PROCESS);
    machine.processes[1].create_time--;
    machine.processes[1].said_threads = 100;
    EXPECT_EQ(sonde_thread_list_get(handle, &list), SONDE_ERR_PARSE);
    machine.refusal = STATUS_ACCESS_DENIED;
    EXPECT_EQ(sonde_thread_list_get(handle, &list), SONDE_ERR_ACCESS);
    EXPECT_EQ(list.count, 3u) << "untouched";
  }
}

}  // namespace
