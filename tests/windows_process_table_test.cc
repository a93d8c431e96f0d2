// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <psapi.h>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_process_machine.h"

namespace {

using sonde_test::Context;
using sonde_test::List;
using sonde_test::WindowsProcess;
using sonde_test::WindowsProcessMachine;

// EnumProcesses with a growing array, until what came back is smaller than the array.
std::set<sonde_pid> EnumeratedPids() {
  std::vector<DWORD> pids(8);
  for (;;) {
    DWORD bytes = 0;
    const DWORD room = static_cast<DWORD>(pids.size() * sizeof pids[0]);
    EXPECT_TRUE(EnumProcesses(pids.data(), room, &bytes));
    if (bytes < room) return std::set<sonde_pid>(pids.begin(), pids.begin() + bytes / sizeof pids[0]);
    pids.resize(pids.size() * 2);
  }
}

std::set<sonde_pid> ListedPids(sonde *context) {
  List<sonde_pid_list> list;
  EXPECT_EQ(sonde_pid_list_get(context, &list), SONDE_OK) << sonde_test::last_error(context);
  std::set<sonde_pid> out(list.begin(), list.end());
  EXPECT_EQ(out.size(), list.count) << "a pid twice";
  return out;
}

bool Exists(sonde *context, sonde_pid pid) {
  bool exists = false;
  EXPECT_EQ(sonde_pid_exists(context, &exists, pid), SONDE_OK) << pid << ": " << sonde_test::last_error(context);
  return exists;
}

TEST(WindowsPidList, IsThatOfEnumProcesses) {
  WINDOWS_CHILD(child, sonde_test::WindowsChildOptions());
  Context context;
  const std::set<sonde_pid> before = EnumeratedPids();
  const std::set<sonde_pid> listed = ListedPids(context);
  const std::set<sonde_pid> after = EnumeratedPids();
  EXPECT_EQ(listed.count(GetCurrentProcessId()), 1u);
  EXPECT_EQ(listed.count(child.pid()), 1u);
  for (const sonde_pid pid : before) {
    if (after.count(pid) != 0) {
      EXPECT_EQ(listed.count(pid), 1u) << pid;
    }
  }
  if (before == after) {
    EXPECT_EQ(listed, before);
  }
}

TEST(WindowsPidExists, OfProcessesThatAreThereAndThatAreNot) {
  Context context;
  WINDOWS_CHILD(child, sonde_test::WindowsChildOptions());
  EXPECT_TRUE(Exists(context, GetCurrentProcessId()));
  EXPECT_TRUE(Exists(context, child.pid()));
  for (sonde_pid i = 1; i <= 3; i++) EXPECT_FALSE(Exists(context, child.pid() + i)) << "the pid is only rounded to it";
  EXPECT_FALSE(Exists(context, 0xfffffffc));
  EXPECT_FALSE(Exists(context, 0x100000000 + child.pid()));
  EXPECT_FALSE(Exists(context, INT64_MAX));
  EXPECT_FALSE(Exists(context, -1));
  const std::set<sonde_pid> pids = EnumeratedPids();
  EXPECT_EQ(Exists(context, 0), pids.count(0) != 0);
  EXPECT_EQ(Exists(context, 4), pids.count(4) != 0);
  // It can still be opened, for this test has a handle of it; and its exit code says STILL_ACTIVE.
  child.ask("exit 259");
  WaitForSingleObject(child.process(), 60000);
  DWORD code = 0;
  EXPECT_TRUE(GetExitCodeProcess(child.process(), &code));
  EXPECT_EQ(code, DWORD{STILL_ACTIVE});
  EXPECT_FALSE(Exists(context, child.pid()));
  EXPECT_EQ(ListedPids(context).count(child.pid()), 0u);
}

WindowsProcess Process(uint64_t pid, const std::u16string &name = u"p.exe") {
  WindowsProcess p;
  p.pid = pid;
  p.name = name;
  p.create_time = 0x1dd7ace891f3860 + pid;
  return p;
}

std::vector<WindowsProcess> Few() { return {Process(0, u""), Process(4, u"System"), Process(96), Process(4712)}; }

TEST(WindowsPidExists, WithoutARightToOpen) {
  WindowsProcessMachine machine;
  machine.processes = Few();
  Context context(machine.options());
  EXPECT_TRUE(Exists(context, 96));
  EXPECT_EQ(machine.num_queries, 0) << "a handle tells";
  EXPECT_FALSE(Exists(context, 97));
  EXPECT_FALSE(Exists(context, 100));
  EXPECT_EQ(machine.num_queries, 0);
  EXPECT_TRUE(Exists(context, 0)) << "which nobody can open";
  EXPECT_EQ(machine.num_queries, 1);
  machine.ended = {96, 200};
  EXPECT_FALSE(Exists(context, 96));
  EXPECT_FALSE(Exists(context, 200));
  EXPECT_EQ(machine.num_queries, 1);
  machine.open_errors = {{4, ERROR_ACCESS_DENIED}, {97, ERROR_ACCESS_DENIED}, {4712, ERROR_SUCCESS + 5}};
  EXPECT_TRUE(Exists(context, 4));
  EXPECT_TRUE(Exists(context, 4712));
  EXPECT_FALSE(Exists(context, 97)) << "refused, but not listed";
  EXPECT_EQ(machine.num_queries, 4);
  machine.open_errors.clear();
  machine.ended.clear();
  machine.wait_fails = true;
  EXPECT_TRUE(Exists(context, 96));
  machine.refusal = STATUS_ACCESS_DENIED;
  bool exists = true;
  EXPECT_EQ(sonde_pid_exists(context, &exists, 96), SONDE_ERR_ACCESS);
  EXPECT_TRUE(exists) << "untouched";
}

TEST(WindowsPidList, InTheOrderOfTheSystem) {
  WindowsProcessMachine machine;
  machine.processes = Few();
  std::swap(machine.processes[1], machine.processes[3]);
  Context context(machine.options());
  List<sonde_pid_list> list;
  ASSERT_EQ(sonde_pid_list_get(context, &list), SONDE_OK) << context.error();
  EXPECT_EQ(std::vector<sonde_pid>(list.begin(), list.end()), std::vector<sonde_pid>({0, 4712, 96, 4}));
  EXPECT_EQ(machine.num_queries, 1);
}

TEST(WindowsPidList, GrowsWithTheMachine) {
  for (const NTSTATUS code : {STATUS_INFO_LENGTH_MISMATCH, STATUS_BUFFER_TOO_SMALL}) {
    for (const bool tells_size : {true, false}) {
      WindowsProcessMachine machine;
      machine.too_small = code;
      machine.tells_size = tells_size;
      machine.births = 3;  // more of them whenever there was not enough room
      for (uint64_t i = 0; i < 2000; i++) machine.processes.push_back(Process(i * 4));
      Context context(machine.options());
      List<sonde_pid_list> list;
      ASSERT_EQ(sonde_pid_list_get(context, &list), SONDE_OK) << context.error();
      EXPECT_EQ(list.count, machine.processes.size());
      EXPECT_EQ(machine.births, 0);
      const int queries = machine.num_queries;
      EXPECT_GT(queries, 3);
      // The room is kept.
      ASSERT_EQ(sonde_pid_list_get(context, &list), SONDE_OK);
      EXPECT_EQ(machine.num_queries, queries + 1);
    }
  }
}

// A chain that never fits, however large the buffer.
NTSTATUS NTAPI NeverEnough(SYSTEM_INFORMATION_CLASS, void *, ULONG size, ULONG *told) {
  *told = size + 1;
  return STATUS_BUFFER_TOO_SMALL;
}

TEST(WindowsPidList, IsNeverShort) {
  WindowsProcessMachine machine;
  machine.processes = Few();
  Context context(machine.options());
  List<sonde_pid_list> list;
  ASSERT_EQ(sonde_pid_list_get(context, &list), SONDE_OK);
  const struct {
    const char *origin;
    void (*change)(WindowsProcessMachine *);
    sonde_status status;
    int64_t os_code;
    const char *text;
  } rows[] = {
      {"refused", [](WindowsProcessMachine *m) { m->refusal = STATUS_ACCESS_DENIED; }, SONDE_ERR_ACCESS,
       STATUS_ACCESS_DENIED, "NtQuerySystemInformation SystemProcessInformation: STATUS_ACCESS_DENIED"},
      {"no memory in the kernel", [](WindowsProcessMachine *m) { m->refusal = STATUS_INSUFFICIENT_RESOURCES; },
       SONDE_ERR_NO_MEMORY, STATUS_INSUFFICIENT_RESOURCES, "STATUS_INSUFFICIENT_RESOURCES"},
      {"never enough", [](WindowsProcessMachine *m) { m->calls.NtQuerySystemInformation = NeverEnough; }, SONDE_ERR_OS,
       STATUS_BUFFER_TOO_SMALL, "STATUS_BUFFER_TOO_SMALL"},
      {"the last is cut", [](WindowsProcessMachine *m) { m->cut = 100; }, SONDE_ERR_PARSE, 0, "a process"},
      {"next leads nowhere", [](WindowsProcessMachine *m) { m->processes[2].said_next = 1 << 20; }, SONDE_ERR_PARSE, 0,
       "a process"},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    const windows_os calls = machine.calls;
    row.change(&machine);
    EXPECT_EQ(sonde_pid_list_get(context, &list), row.status);
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.os_code, static_cast<int64_t>(static_cast<uint32_t>(row.os_code)));
    EXPECT_NE(context.error().find(row.text), std::string::npos) << context.error();
    EXPECT_EQ(list.count, 4u) << "untouched";
    machine.calls = calls;
    machine.refusal = 0;
    machine.cut = 0;
    machine.processes = Few();
  }
}

}  // namespace
