// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <tlhelp32.h>

#include <chrono>
#include <climits>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "backends/windows/windows_backend.h"
#include "tests/support/windows_hooks.h"

using sonde_test::WindowsChild;
using sonde_test::WindowsChildOptions;
using sonde_test::WindowsHooks;

namespace {

constexpr uint64_t kMillisecond = SONDE_NSEC_PER_SEC / 1000;

// A context, with these calls in place of the system's, and a process that it opened.
class Opened {
 public:
  explicit Opened(DWORD pid, WindowsHooks *os = nullptr) {
    EXPECT_EQ(sonde_open(&context_, os != nullptr ? os->options() : nullptr), SONDE_OK);
    EXPECT_EQ(sonde_process_open(context_, &process_, pid), SONDE_OK) << Error();
  }
  Opened(const Opened &) = delete;
  Opened &operator=(const Opened &) = delete;
  ~Opened() {
    sonde_process_close(process_);
    sonde_close(context_);
  }

  sonde *context() { return context_; }
  sonde_process_handle *get() { return process_; }

  std::string Error() {
    sonde_error error;
    sonde_last_error(context_, &error);
    return error.text.data;
  }

 private:
  sonde *context_ = nullptr;
  sonde_process_handle *process_ = nullptr;
};

uint64_t Ticks(const FILETIME &time) { return uint64_t{time.dwHighDateTime} << 32 | time.dwLowDateTime; }

// What the threads of a process have used of the CPUs, in ticks.
uint64_t CpuTime(DWORD pid) {
  uint64_t sum = 0;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  THREADENTRY32 entry = {};
  entry.dwSize = sizeof entry;
  for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
    if (entry.th32OwnerProcessID != pid) continue;
    const HANDLE thread = OpenThread(THREAD_QUERY_INFORMATION, FALSE, entry.th32ThreadID);
    FILETIME created, ended, kernel, user;
    if (thread != nullptr && GetThreadTimes(thread, &created, &ended, &kernel, &user)) {
      sum += Ticks(kernel) + Ticks(user);
    }
    if (thread != nullptr) CloseHandle(thread);
  }
  CloseHandle(snapshot);
  return sum;
}

bool Grows(DWORD pid) {
  const uint64_t before = CpuTime(pid);
  for (int i = 0; i < 100; i++) {
    Sleep(50);
    if (CpuTime(pid) > before) return true;
  }
  return false;
}

bool StandsStill(DWORD pid) {
  Sleep(100);  // what was under way
  const uint64_t before = CpuTime(pid);
  Sleep(300);
  return CpuTime(pid) == before;
}

std::vector<uint32_t> Affinity(Opened &opened, sonde_status expected = SONDE_OK) {
  sonde_cpu_list list = {};
  EXPECT_EQ(sonde_process_affinity_get(opened.get(), &list), expected) << opened.Error();
  const std::vector<uint32_t> cpus(list.rows, list.rows + list.count);
  sonde_cpu_list_free(&list);
  return cpus;
}

sonde_status SetAffinity(Opened &opened, const std::vector<uint32_t> &cpus) {
  return sonde_process_set_affinity(opened.get(), cpus.data(), cpus.size());
}

// One field; what its bit of `valid` says comes first.
std::pair<bool, sonde_process> Read(Opened &opened, uint64_t field, sonde_process_table *table) {
  EXPECT_EQ(sonde_process_read(opened.get(), table, field), SONDE_OK) << opened.Error();
  if (table->count != 1) return {false, {}};
  return {(table->rows[0].valid & field) != 0, table->rows[0]};
}

int Nice(Opened &opened) {
  sonde_process_table table = {};
  const auto [told, row] = Read(opened, SONDE_PROCESS_NICE, &table);
  EXPECT_TRUE(told) << opened.Error();
  const int nice = row.nice;
  sonde_process_table_free(&table);
  return nice;
}

// Suspended, so that 200 of them cost little.
class ManyProcesses {
 public:
  explicit ManyProcesses(size_t count) {
    wchar_t image[32768];
    GetModuleFileNameW(nullptr, image, 32768);
    for (size_t i = 0; i < count; i++) {
      STARTUPINFOW start = {};
      start.cb = sizeof start;
      PROCESS_INFORMATION made;
      if (!CreateProcessW(image, nullptr, nullptr, nullptr, FALSE, CREATE_SUSPENDED, nullptr, nullptr, &start, &made)) {
        ADD_FAILURE() << "CreateProcessW " << GetLastError();
        break;
      }
      CloseHandle(made.hThread);
      handles.push_back(made.hProcess);
    }
  }
  ManyProcesses(const ManyProcesses &) = delete;
  ManyProcesses &operator=(const ManyProcesses &) = delete;
  ~ManyProcesses() {
    for (const HANDLE handle : handles) {
      TerminateProcess(handle, 0);
      CloseHandle(handle);
    }
  }
  std::vector<HANDLE> handles;
};

using WindowsProcessActionTest = testing::TestWithParam<int>;
INSTANTIATE_TEST_SUITE_P(Bits, WindowsProcessActionTest, testing::Values(32, 64));

// ---- Suspend, resume, end ------------------------------------------------------------------------------------------

TEST_P(WindowsProcessActionTest, SuspendedItStandsStillUntilItIsResumedAsOften) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  child.ask("spin");
  Opened opened(child.pid());
  ASSERT_TRUE(Grows(child.pid()));
  ASSERT_EQ(sonde_process_suspend(opened.get()), SONDE_OK) << opened.Error();
  EXPECT_TRUE(StandsStill(child.pid()));
  ASSERT_EQ(sonde_process_suspend(opened.get()), SONDE_OK) << opened.Error();
  ASSERT_EQ(sonde_process_resume(opened.get()), SONDE_OK) << opened.Error();
  EXPECT_TRUE(StandsStill(child.pid())) << "suspended twice, resumed once";
  ASSERT_EQ(sonde_process_resume(opened.get()), SONDE_OK) << opened.Error();
  EXPECT_TRUE(Grows(child.pid()));
  EXPECT_EQ(sonde_process_resume(opened.get()), SONDE_OK) << "one that runs";
  EXPECT_TRUE(Grows(child.pid()));
}

TEST_P(WindowsProcessActionTest, KillAndTerminateEndItAtOnce) {
  for (const bool kill : {true, false}) {
    WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
    Opened opened(child.pid());
    ASSERT_EQ(kill ? sonde_process_kill(opened.get()) : sonde_process_terminate(opened.get()), SONDE_OK);
    ASSERT_EQ(WaitForSingleObject(child.process(), 60000), DWORD{WAIT_OBJECT_0});
    DWORD code = 0;
    EXPECT_TRUE(GetExitCodeProcess(child.process(), &code) && code == 1) << code;
    sonde_exit exit = {};
    EXPECT_EQ(sonde_process_wait(opened.get(), &exit, 0), SONDE_OK);
    EXPECT_TRUE(exit.valid == SONDE_EXIT_CODE && exit.code == 1) << exit.code;
  }
}

TEST_P(WindowsProcessActionTest, ASuspendedOneIsEnded) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_flags(CREATE_SUSPENDED));
  Opened opened(child.pid());
  ASSERT_EQ(sonde_process_kill(opened.get()), SONDE_OK);
  EXPECT_EQ(WaitForSingleObject(child.process(), 60000), DWORD{WAIT_OBJECT_0});
}

TEST_P(WindowsProcessActionTest, NothingReachesOneThatHasEnded) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Opened opened(child.pid());
  child.end();
  const uint32_t cpu = 0;
  sonde_cpu_list cpus = {};
  sonde_open_file_list files = {};
  EXPECT_EQ(sonde_process_suspend(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_resume(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_kill(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_terminate(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_nice(opened.get(), 5), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), 1, 0), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_affinity_get(opened.get(), &cpus), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_affinity(opened.get(), &cpu, 1), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_open_file_list_get(opened.get(), &files, false), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_signal(opened.get(), 0), SONDE_ERR_UNSUPPORTED) << "Windows has no signals";
}

TEST(WindowsProcessAction, AHandleThatMayOnlyLookDoesNothing) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  os.set<&windows_os::OpenProcess>([](DWORD access, BOOL inherit, DWORD pid) -> HANDLE {
    const DWORD least = PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE;
    if (access == least) return OpenProcess(access, inherit, pid);
    SetLastError(ERROR_ACCESS_DENIED);
    return nullptr;
  });
  Opened opened(child.pid(), &os);
  const uint32_t cpu = 0;
  sonde_open_file_list files = {};
  EXPECT_EQ(sonde_process_suspend(opened.get()), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_process_resume(opened.get()), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_process_kill(opened.get()), SONDE_ERR_ACCESS);
  EXPECT_EQ(opened.Error().find("NtTerminateProcess process"), 0u) << opened.Error();
  EXPECT_EQ(sonde_process_set_nice(opened.get(), 5), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_process_set_affinity(opened.get(), &cpu, 1), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_open_file_list_get(opened.get(), &files, false), SONDE_ERR_ACCESS);
  EXPECT_EQ(WaitForSingleObject(child.process(), 0), DWORD{WAIT_TIMEOUT}) << "it runs";
  EXPECT_EQ(GetPriorityClass(child.process()), DWORD{NORMAL_PRIORITY_CLASS});
}

TEST(WindowsProcessAction, AsLongAsItIsOpenNobodyElseHasItsPid) {
  WINDOWS_CHILD(child, {});
  Opened opened(child.pid());
  child.end();
  for (int i = 0; i < 40; i++) {
    ManyProcesses others(1);
    ASSERT_EQ(others.handles.size(), 1u);
    EXPECT_NE(GetProcessId(others.handles[0]), child.pid());
    EXPECT_EQ(sonde_process_kill(opened.get()), SONDE_ERR_NO_PROCESS);
    EXPECT_EQ(WaitForSingleObject(others.handles[0], 0), DWORD{WAIT_TIMEOUT});
  }
}

// A backend that opens processes and leaves the rest to the next.
sonde_status OpenNothing(struct sonde_env *, void *, struct sonde_process_ref *) { return SONDE_OK; }
void CloseNothing(struct sonde_env *, void *, struct sonde_process_ref *) {}
sonde_status IsRunning(struct sonde_env *, void *, bool *out, struct sonde_process_ref *) {
  *out = true;
  return SONDE_OK;
}
sonde_status ReadNothing(struct sonde_env *, void *, struct sonde_fill *, struct sonde_process_ref *, uint64_t) {
  return SONDE_OK;
}

TEST(WindowsProcessAction, AProcessThatAnotherBackendOpenedIsNotReached) {
  struct sonde_process_ops ops = {};
  ops.handle_size = 1;
  ops.open = OpenNothing;
  ops.close = CloseNothing;
  ops.is_running = IsRunning;
  ops.read = ReadNothing;
  struct sonde_backend other = {};
  other.abi = SONDE_BACKEND_ABI;
  other.name = "other";
  other.priority = 1;
  other.process = &ops;
  const struct sonde_backend *const backends[] = {&other, &sondei_backend_windows};
  sonde_options options = {};
  options.size = sizeof options;
  options.backends = backends;
  options.num_backends = 2;
  sonde *context = nullptr;
  ASSERT_EQ(sonde_open(&context, &options), SONDE_OK);
  sonde_process_handle *process = nullptr;
  ASSERT_EQ(sonde_process_open(context, &process, GetCurrentProcessId()), SONDE_OK);
  sonde_exit exit;
  sonde_cpu_list cpus = {};
  sonde_open_file_list files = {};
  EXPECT_EQ(sonde_process_kill(process), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_process_wait(process, &exit, 0), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_process_affinity_get(process, &cpus), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_open_file_list_get(process, &files, false), SONDE_ERR_UNSUPPORTED);
  sonde_process_close(process);
  sonde_close(context);
}

// The system's answers to one that is about to end.
TEST(WindowsProcessAction, OneThatEndsMeanwhileIsGoneAndNotForbidden) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  os.set<&windows_os::NtTerminateProcess>([](HANDLE, NTSTATUS) -> NTSTATUS { return STATUS_PROCESS_IS_TERMINATING; });
  os.set<&windows_os::NtSuspendProcess>([](HANDLE) -> NTSTATUS { return STATUS_PROCESS_IS_TERMINATING; });
  os.set<&windows_os::SetPriorityClass>([](HANDLE process, DWORD) -> BOOL {
    TerminateProcess(process, 3);
    WaitForSingleObject(process, INFINITE);
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  });
  Opened opened(child.pid(), &os);
  EXPECT_EQ(sonde_process_kill(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_suspend(opened.get()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_nice(opened.get(), 5), SONDE_ERR_NO_PROCESS);
}

// ---- Priority ------------------------------------------------------------------------------------------------------

TEST_P(WindowsProcessActionTest, NiceIsAPriorityClass) {
  const struct {
    int nice;
    DWORD priority_class;
    int told;
  } rows[] = {
      {19, IDLE_PRIORITY_CLASS, 10},         {10, IDLE_PRIORITY_CLASS, 10},       {9, BELOW_NORMAL_PRIORITY_CLASS, 5},
      {1, BELOW_NORMAL_PRIORITY_CLASS, 5},   {0, NORMAL_PRIORITY_CLASS, 0},       {-1, ABOVE_NORMAL_PRIORITY_CLASS, -5},
      {-9, ABOVE_NORMAL_PRIORITY_CLASS, -5}, {-10, HIGH_PRIORITY_CLASS, -10},     {-19, HIGH_PRIORITY_CLASS, -10},
      {-20, REALTIME_PRIORITY_CLASS, -20},   {5, BELOW_NORMAL_PRIORITY_CLASS, 5},
  };
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Opened opened(child.pid());
  EXPECT_EQ(Nice(opened), 0);
  for (const auto &row : rows) {
    EXPECT_EQ(sonde_process_set_nice(opened.get(), row.nice), SONDE_OK) << row.nice << opened.Error();
    EXPECT_EQ(GetPriorityClass(child.process()), row.priority_class) << row.nice;
    EXPECT_EQ(Nice(opened), row.told) << row.nice;
  }
  for (const int nice : {-21, 20, INT_MIN, INT_MAX}) {
    EXPECT_EQ(sonde_process_set_nice(opened.get(), nice), SONDE_ERR_INVALID) << nice;
  }
  EXPECT_EQ(GetPriorityClass(child.process()), DWORD{BELOW_NORMAL_PRIORITY_CLASS});
}

TEST(WindowsProcessAction, RealTimeThatBecameHighInSilenceIsRefused) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  os.set<&windows_os::SetPriorityClass>([](HANDLE process, DWORD priority_class) -> BOOL {
    return SetPriorityClass(process, priority_class == REALTIME_PRIORITY_CLASS ? HIGH_PRIORITY_CLASS : priority_class);
  });
  Opened opened(child.pid(), &os);
  ASSERT_EQ(sonde_process_set_nice(opened.get(), 3), SONDE_OK);
  EXPECT_EQ(sonde_process_set_nice(opened.get(), -20), SONDE_ERR_ACCESS);
  EXPECT_NE(opened.Error().find("ERROR_PRIVILEGE_NOT_HELD"), std::string::npos) << opened.Error();
  EXPECT_EQ(GetPriorityClass(child.process()), DWORD{BELOW_NORMAL_PRIORITY_CLASS}) << "it has what it had before";
}

TEST(WindowsProcessAction, APriorityClassThatCannotBeAsked) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  static int failing;  // which call from now on
  os.set<&windows_os::GetPriorityClass>([](HANDLE process) -> DWORD {
    if (--failing != 0) return GetPriorityClass(process);
    SetLastError(ERROR_ACCESS_DENIED);
    return 0;
  });
  os.set<&windows_os::SetPriorityClass>([](HANDLE, DWORD) -> BOOL {
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  });
  Opened opened(child.pid(), &os);
  failing = 1;
  EXPECT_EQ(sonde_process_set_nice(opened.get(), 0), SONDE_ERR_ACCESS);
  EXPECT_EQ(opened.Error().find("GetPriorityClass"), 0u) << opened.Error();
  EXPECT_EQ(sonde_process_set_nice(opened.get(), 0), SONDE_ERR_ACCESS);
  EXPECT_EQ(opened.Error().find("SetPriorityClass"), 0u) << opened.Error();
}

int32_t g_base_priority;

TEST(WindowsProcessAction, NiceIsToldByTheBasePriorityWhereThatIsOfAClass) {
  WindowsHooks os;
  os.set<&windows_os::NtQuerySystemInformation>(
      [](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) -> NTSTATUS {
        const NTSTATUS status = NtQuerySystemInformation(kind, out, size, told);
        if (kind != SystemProcessInformation || !NT_SUCCESS(status)) return status;
        for (char *at = static_cast<char *>(out);;) {
          auto *const entry = reinterpret_cast<SYSTEM_PROCESS_INFORMATION *>(at);
          entry->BasePriority = g_base_priority;
          if (entry->NextEntryOffset == 0) return status;
          at += entry->NextEntryOffset;
        }
      });
  os.set<&windows_os::GetPriorityClass>([](HANDLE) -> DWORD {
    SetLastError(ERROR_ACCESS_DENIED);
    return g_base_priority == 9 ? 0x100000 : 0;
  });
  Opened opened(GetCurrentProcessId(), &os);
  sonde_process_table table = {};
  for (const auto &[base, nice] : std::map<int32_t, int32_t>{{24, -20}, {13, -10}, {10, -5}, {8, 0}, {6, 5}, {4, 10}}) {
    g_base_priority = base;
    ASSERT_EQ(sonde_process_get(opened.context(), &table, GetCurrentProcessId(), SONDE_PROCESS_NICE), SONDE_OK);
    EXPECT_TRUE(table.rows[0].valid == SONDE_PROCESS_NICE && table.rows[0].nice == nice) << base;
  }
  g_base_priority = 11;
  EXPECT_EQ(sonde_process_get(opened.context(), &table, GetCurrentProcessId(), SONDE_PROCESS_NICE), SONDE_OK);
  EXPECT_EQ(table.rows[0].denied, uint64_t{SONDE_PROCESS_NICE});
  g_base_priority = 9;
  EXPECT_EQ(sonde_process_get(opened.context(), &table, GetCurrentProcessId(), SONDE_PROCESS_NICE), SONDE_OK);
  EXPECT_EQ(table.rows[0].failed, uint64_t{SONDE_PROCESS_NICE}) << "a class that is none";
  sonde_process_table_free(&table);
}

// ---- I/O priority: Wine knows of none ------------------------------------------------------------------------------

ULONG g_io_priority;
NTSTATUS g_io_status;

void SetIoPriority(WindowsHooks &os) {
  os.set<&windows_os::NtQueryInformationProcess>(
      [](HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *told) -> NTSTATUS {
        if (kind != static_cast<PROCESSINFOCLASS>(33)) return NtQueryInformationProcess(process, kind, out, size, told);
        if (size != sizeof g_io_priority) return STATUS_INFO_LENGTH_MISMATCH;
        if (NT_SUCCESS(g_io_status)) *static_cast<ULONG *>(out) = g_io_priority;
        return g_io_status;
      });
  os.set<&windows_os::NtSetInformationProcess>([](HANDLE, PROCESSINFOCLASS kind, void *in, ULONG size) -> NTSTATUS {
    if (kind != static_cast<PROCESSINFOCLASS>(33) || size != sizeof g_io_priority) return STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(g_io_status)) g_io_priority = *static_cast<ULONG *>(in);
    return g_io_status;
  });
}

TEST(WindowsProcessAction, IoPriority) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  SetIoPriority(os);
  Opened opened(child.pid(), &os);
  g_io_status = STATUS_SUCCESS;
  for (const ULONG priority : {0u, 1u, 2u, 3u}) {
    g_io_priority = 99;
    EXPECT_EQ(sonde_process_set_ionice(opened.get(), static_cast<int>(priority), 0), SONDE_OK) << opened.Error();
    EXPECT_EQ(g_io_priority, priority);
    sonde_process_table table = {};
    const auto [told, row] = Read(opened, SONDE_PROCESS_IONICE, &table);
    EXPECT_TRUE(told);
    EXPECT_EQ(row.ionice_class, static_cast<int32_t>(priority));
    EXPECT_EQ(row.ionice_value, 0);
    sonde_process_table_free(&table);
  }
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), -1, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), 4, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), 1, 1), SONDE_ERR_INVALID);
  EXPECT_EQ(g_io_priority, 3u);
  g_io_status = STATUS_PRIVILEGE_NOT_HELD;
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), 3, 0), SONDE_ERR_ACCESS);
  g_io_status = STATUS_SUCCESS;
  g_io_priority = UINT32_MAX;
  sonde_process_table table = {};
  EXPECT_FALSE(Read(opened, SONDE_PROCESS_IONICE, &table).first);
  EXPECT_EQ(table.rows[0].failed, uint64_t{SONDE_PROCESS_IONICE});
  sonde_process_table_free(&table);
}

TEST(WindowsProcessAction, AWindowsWithoutIoPriorities) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  SetIoPriority(os);
  Opened opened(child.pid(), &os);
  g_io_status = STATUS_INVALID_INFO_CLASS;
  EXPECT_EQ(sonde_process_set_ionice(opened.get(), 1, 0), SONDE_ERR_UNSUPPORTED);
  sonde_process_table table = {};
  EXPECT_FALSE(Read(opened, SONDE_PROCESS_IONICE, &table).first);
  EXPECT_TRUE(table.rows[0].failed == 0 && table.rows[0].denied == 0);
  sonde_process_table_free(&table);
}

// ---- Affinity ------------------------------------------------------------------------------------------------------

TEST_P(WindowsProcessActionTest, AffinityIsThatOfTheSystem) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Opened opened(child.pid());
  DWORD_PTR mask = 0, system = 0;
  ASSERT_TRUE(GetProcessAffinityMask(child.process(), &mask, &system));
  std::vector<uint32_t> all;
  for (uint32_t cpu = 0; cpu < 8 * sizeof mask; cpu++) {
    if ((mask >> cpu & 1) != 0) all.push_back(cpu);
  }
  EXPECT_EQ(Affinity(opened), all);
  for (const uint32_t cpu : all) {
    EXPECT_EQ(SetAffinity(opened, {cpu, cpu}), SONDE_OK) << opened.Error();
    ASSERT_TRUE(GetProcessAffinityMask(child.process(), &mask, &system));
    EXPECT_EQ(mask, DWORD_PTR{1} << cpu);
    EXPECT_EQ(Affinity(opened), std::vector<uint32_t>{cpu});
  }
  const std::vector<uint32_t> backwards(all.rbegin(), all.rend());
  EXPECT_EQ(SetAffinity(opened, backwards), SONDE_OK) << opened.Error();
  EXPECT_EQ(Affinity(opened), all);
  EXPECT_EQ(SetAffinity(opened, {all[0], 100000}), SONDE_ERR_INVALID);
  EXPECT_EQ(SetAffinity(opened, {UINT32_MAX}), SONDE_ERR_INVALID);
  EXPECT_EQ(Affinity(opened), all);
}

// A machine of groups, and a process on it.
struct Machine {
  std::vector<DWORD> maximum;
  std::vector<DWORD> active;
  std::vector<USHORT> groups;  // where the process has threads
  DWORD_PTR mask = 0;          // in the one group where it has
  bool has_cpu_sets = true;    // Windows 11
  std::map<WORD, KAFFINITY> cpu_sets;
  DWORD failure = 0;
  std::string failing;  // the call that fails with it
};
Machine g_machine;

BOOL Fails(const char *call) {
  if (g_machine.failing != call) return FALSE;
  SetLastError(g_machine.failure);
  return TRUE;
}

void SetMachine(WindowsHooks &os) {
  os.set<&windows_os::GetMaximumProcessorGroupCount>([]() -> WORD {
    return Fails("GetMaximumProcessorGroupCount") ? 0 : static_cast<WORD>(g_machine.maximum.size());
  });
  os.set<&windows_os::GetMaximumProcessorCount>(
      [](WORD group) -> DWORD { return Fails("GetMaximumProcessorCount") ? 0 : g_machine.maximum.at(group); });
  os.set<&windows_os::GetActiveProcessorCount>(
      [](WORD group) -> DWORD { return group < g_machine.active.size() ? g_machine.active[group] : 0; });
  os.set<&windows_os::GetProcessGroupAffinity>([](HANDLE, USHORT *count, USHORT *groups) -> BOOL {
    if (Fails("GetProcessGroupAffinity")) return FALSE;
    EXPECT_GE(*count, g_machine.groups.size());
    *count = static_cast<USHORT>(g_machine.groups.size());
    for (size_t i = 0; i < g_machine.groups.size(); i++) groups[i] = g_machine.groups[i];
    return TRUE;
  });
  os.set<&windows_os::GetProcessAffinityMask>([](HANDLE, DWORD_PTR *mask, DWORD_PTR *system) -> BOOL {
    if (Fails("GetProcessAffinityMask")) return FALSE;
    const DWORD active = g_machine.active[g_machine.groups[0]];
    const bool is_one = g_machine.groups.size() == 1;
    *mask = is_one ? g_machine.mask : 0;
    *system = !is_one ? 0 : active >= 8 * sizeof *system ? ~DWORD_PTR{0} : (DWORD_PTR{1} << active) - 1;
    return TRUE;
  });
  os.set<&windows_os::SetProcessAffinityMask>([](HANDLE, DWORD_PTR mask) -> BOOL {
    if (Fails("SetProcessAffinityMask")) return FALSE;
    g_machine.mask = mask;
    return TRUE;
  });
  os.set<&windows_os::GetProcessDefaultCpuSetMasks>(
      [](HANDLE, GROUP_AFFINITY *masks, USHORT size, USHORT *count) -> BOOL {
        if (Fails("GetProcessDefaultCpuSetMasks")) return FALSE;
        if (!g_machine.has_cpu_sets) {
          SetLastError(ERROR_PROC_NOT_FOUND);
          return FALSE;
        }
        *count = 0;
        for (const auto &[group, mask] : g_machine.cpu_sets) {
          EXPECT_LT(*count, size);
          masks[*count].Group = group;
          masks[(*count)++].Mask = mask;
        }
        return TRUE;
      });
  os.set<&windows_os::SetProcessDefaultCpuSetMasks>([](HANDLE, GROUP_AFFINITY *masks, USHORT count) -> BOOL {
    if (Fails("SetProcessDefaultCpuSetMasks")) return FALSE;
    if (!g_machine.has_cpu_sets) {
      SetLastError(ERROR_PROC_NOT_FOUND);
      return FALSE;
    }
    g_machine.cpu_sets.clear();
    for (USHORT i = 0; i < count; i++) g_machine.cpu_sets[masks[i].Group] = masks[i].Mask;
    return TRUE;
  });
}

// Groups no wider than the masks of this program.
constexpr DWORD kWide = 8 * sizeof(DWORD_PTR);

TEST(WindowsProcessAction, AffinityInGroupsIsCountedThroughThem) {
  WindowsHooks os;
  SetMachine(os);
  g_machine = {};
  g_machine.maximum = {kWide, kWide};
  g_machine.active = {kWide, 4};
  g_machine.groups = {1};
  g_machine.mask = 0x5;
  Opened opened(GetCurrentProcessId(), &os);
  EXPECT_EQ(Affinity(opened), (std::vector<uint32_t>{kWide, kWide + 2}));
  g_machine.groups = {0, 1};
  std::vector<uint32_t> all(kWide + 4);
  for (uint32_t cpu = 0; cpu < all.size(); cpu++) all[cpu] = cpu;
  EXPECT_EQ(Affinity(opened), all) << "all CPUs of its groups";
  g_machine.cpu_sets = {{0, 0x2}, {1, 0x8}};
  EXPECT_EQ(Affinity(opened), (std::vector<uint32_t>{1, kWide + 3})) << "those it was told to prefer";
  g_machine.cpu_sets = {};
  g_machine.has_cpu_sets = false;
  EXPECT_EQ(Affinity(opened), all) << "Windows 10";
}

TEST(WindowsProcessAction, AffinityIsSetInGroups) {
  WindowsHooks os;
  SetMachine(os);
  g_machine = {};
  g_machine.maximum = {kWide, kWide};
  g_machine.active = {kWide, 4};
  g_machine.groups = {0};
  g_machine.mask = 0xf;
  Opened opened(GetCurrentProcessId(), &os);
  EXPECT_EQ(SetAffinity(opened, {kWide + 3, 1, 0}), SONDE_OK) << opened.Error();
  EXPECT_EQ(g_machine.cpu_sets, (std::map<WORD, KAFFINITY>{{0, 0x3}, {1, 0x8}}));
  EXPECT_EQ(g_machine.mask, DWORD_PTR{0xf});
  EXPECT_EQ(Affinity(opened), (std::vector<uint32_t>{0, 1, kWide + 3}));
  EXPECT_EQ(SetAffinity(opened, {kWide + 3, kWide + 4}), SONDE_OK) << "of several, one that is not there";
  EXPECT_EQ(Affinity(opened), (std::vector<uint32_t>{kWide + 3}));
  EXPECT_EQ(SetAffinity(opened, {kWide + 4}), SONDE_ERR_INVALID) << "there could be one, but is none";
  EXPECT_EQ(SetAffinity(opened, {2 * kWide}), SONDE_ERR_INVALID);
  EXPECT_EQ(Affinity(opened), (std::vector<uint32_t>{kWide + 3}));
}

TEST(WindowsProcessAction, AnOlderWindowsSetsAffinityInTheOneGroupOnly) {
  WindowsHooks os;
  SetMachine(os);
  g_machine = {};
  g_machine.maximum = {kWide, kWide};
  g_machine.active = {kWide, 4};
  g_machine.groups = {1};
  g_machine.mask = 0xf;
  g_machine.has_cpu_sets = false;
  Opened opened(GetCurrentProcessId(), &os);
  EXPECT_EQ(SetAffinity(opened, {kWide + 1}), SONDE_OK) << opened.Error();
  EXPECT_EQ(g_machine.mask, DWORD_PTR{2});
  EXPECT_EQ(SetAffinity(opened, {1}), SONDE_ERR_UNSUPPORTED) << "another group";
  EXPECT_EQ(SetAffinity(opened, {1, kWide + 1}), SONDE_ERR_UNSUPPORTED) << "two groups";
  g_machine.groups = {0, 1};
  EXPECT_EQ(SetAffinity(opened, {kWide + 1}), SONDE_ERR_UNSUPPORTED) << "it has threads in two";
  EXPECT_EQ(g_machine.mask, DWORD_PTR{2});
}

TEST(WindowsProcessAction, AffinityThatIsRefused) {
  WindowsHooks os;
  SetMachine(os);
  const char *const of_get[] = {"GetMaximumProcessorGroupCount", "GetMaximumProcessorCount", "GetProcessGroupAffinity",
                                "GetProcessAffinityMask", "GetProcessDefaultCpuSetMasks"};
  g_machine = {};
  g_machine.maximum = {kWide, kWide};
  g_machine.active = {4, 4};
  g_machine.groups = {0};
  g_machine.mask = 0xf;
  g_machine.failure = ERROR_ACCESS_DENIED;
  Opened opened(GetCurrentProcessId(), &os);
  for (const char *call : of_get) {
    g_machine.failing = call;
    Affinity(opened, SONDE_ERR_ACCESS);
    EXPECT_EQ(opened.Error().find(call), 0u) << opened.Error();
  }
  g_machine.failing = "SetProcessDefaultCpuSetMasks";
  EXPECT_EQ(SetAffinity(opened, {1}), SONDE_ERR_ACCESS);
  g_machine.has_cpu_sets = false;
  for (const char *call : {"GetProcessGroupAffinity", "GetProcessAffinityMask", "SetProcessAffinityMask"}) {
    g_machine.failing = call;
    EXPECT_EQ(SetAffinity(opened, {1}), SONDE_ERR_ACCESS) << call;
    EXPECT_EQ(opened.Error().find(call), 0u) << opened.Error();
  }
  g_machine.maximum = {kWide};
  g_machine.failing = "GetProcessAffinityMask";
  Affinity(opened, SONDE_ERR_ACCESS);
  EXPECT_EQ(SetAffinity(opened, {1}), SONDE_ERR_ACCESS);
  g_machine.failing = "";
  g_machine.maximum = {65};
  Affinity(opened, SONDE_ERR_PARSE);
}

// A mask of 32 bits has no place for more.
TEST(WindowsProcessAction, AGroupThatIsWiderThanAMaskIsNotTold) {
  if (kWide == 64) GTEST_SKIP() << "this program's masks are as wide as any group";
  WindowsHooks os;
  SetMachine(os);
  g_machine = {};
  g_machine.maximum = {64};
  g_machine.active = {48};
  g_machine.groups = {0};
  g_machine.mask = 0xf;
  Opened opened(GetCurrentProcessId(), &os);
  Affinity(opened, SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(SetAffinity(opened, {1}), SONDE_ERR_UNSUPPORTED);
}

// ---- Waiting -------------------------------------------------------------------------------------------------------

TEST_P(WindowsProcessActionTest, EveryExitCodeIsToldAsItIs) {
  for (const uint32_t code : {0u, 1u, 259u, 0xC0000005u, 0x7FFFFFFFu, 0xFFFFFFFFu}) {
    WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
    Opened opened(child.pid());
    sonde_exit exit = {};
    EXPECT_EQ(sonde_process_wait(opened.get(), &exit, 0), SONDE_ERR_TIMEOUT);
    child.ask("exit " + std::to_string(code));
    ASSERT_EQ(sonde_process_wait(opened.get(), &exit, SONDE_NO_TIMEOUT), SONDE_OK) << opened.Error();
    EXPECT_EQ(exit.valid, uint64_t{SONDE_EXIT_CODE});
    EXPECT_EQ(exit.code, int64_t{code});
    EXPECT_FALSE(exit.core_dumped);
    bool running = true;
    EXPECT_EQ(sonde_process_is_running(opened.get(), &running), SONDE_OK);
    EXPECT_FALSE(running) << code;
  }
}

TEST(WindowsProcessAction, WaitingEndsWithItsDeadlineOrTheProcess) {
  WINDOWS_CHILD(child, {});
  Opened opened(child.pid());
  sonde_exit exit = {};
  exit.code = 77;
  for (const uint64_t timeout : {uint64_t{0}, uint64_t{1}, 50 * kMillisecond, 50 * kMillisecond + 1}) {
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(sonde_process_wait(opened.get(), &exit, timeout), SONDE_ERR_TIMEOUT);
    const auto taken = std::chrono::steady_clock::now() - before;
    EXPECT_GE(taken, std::chrono::nanoseconds(timeout));
    EXPECT_LT(taken, std::chrono::seconds(20));
  }
  EXPECT_EQ(exit.code, 77);
  const HANDLE process = child.process();
  std::thread ends([process] {
    Sleep(100);
    TerminateProcess(process, 5);
  });
  EXPECT_EQ(sonde_process_wait(opened.get(), &exit, UINT64_MAX - 1), SONDE_OK) << "584 years";
  EXPECT_EQ(exit.code, 5);
  ends.join();
}

TEST(WindowsProcessAction, WaitsForMoreThanTheSystemCanAtOnce) {
  constexpr size_t kCount = 200;
  ManyProcesses many(kCount);
  ASSERT_EQ(many.handles.size(), kCount);
  sonde *context = nullptr;
  ASSERT_EQ(sonde_open(&context, nullptr), SONDE_OK);
  std::vector<sonde_process_handle *> processes(kCount);
  for (size_t i = 0; i < kCount; i++) {
    ASSERT_EQ(sonde_process_open(context, &processes[i], GetProcessId(many.handles[i])), SONDE_OK);
  }
  const std::unique_ptr<bool[]> ended(new bool[kCount]);
  std::vector<sonde_exit> exits(kCount);
  size_t gone = 77;
  const auto wait = [&](bool any, uint64_t timeout) {
    return sonde_process_wait_many(processes.data(), kCount, ended.get(), exits.data(), &gone, any, timeout);
  };
  EXPECT_EQ(wait(false, 0), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 0u);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_EQ(wait(true, 50 * kMillisecond), SONDE_ERR_TIMEOUT);
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(50));
  EXPECT_EQ(gone, 0u);

  std::thread one([&many] {
    Sleep(100);
    TerminateProcess(many.handles[150], 7);
  });
  EXPECT_EQ(wait(true, SONDE_NO_TIMEOUT), SONDE_OK);
  one.join();
  EXPECT_EQ(gone, 1u);
  EXPECT_TRUE(ended[150] && exits[150].valid == SONDE_EXIT_CODE && exits[150].code == 7);

  EXPECT_EQ(wait(false, 50 * kMillisecond), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 1u);
  std::thread all([&many] {
    for (size_t i = 0; i < kCount; i++) TerminateProcess(many.handles[i], static_cast<UINT>(1000 + i));
  });
  EXPECT_EQ(wait(false, SONDE_NO_TIMEOUT), SONDE_OK);
  all.join();
  EXPECT_EQ(gone, kCount);
  for (size_t i = 0; i < kCount; i++) {
    EXPECT_TRUE(ended[i]) << i;
    EXPECT_EQ(exits[i].code, i == 150 ? 7 : static_cast<int64_t>(1000 + i));
  }
  for (sonde_process_handle *process : processes) sonde_process_close(process);
  sonde_close(context);
}

TEST(WindowsProcessAction, WaitingThatIsRefused) {
  WINDOWS_CHILD(child, {});
  WindowsHooks os;
  static const char *failing;
  failing = "";
  os.set<&windows_os::WaitForSingleObject>([](HANDLE handle, DWORD timeout) -> DWORD {
    if (std::string("WaitForSingleObject") != failing) return WaitForSingleObject(handle, timeout);
    SetLastError(ERROR_ACCESS_DENIED);
    return WAIT_FAILED;
  });
  os.set<&windows_os::WaitForMultipleObjects>([](DWORD count, const HANDLE *handles, BOOL all, DWORD timeout) -> DWORD {
    if (std::string("WaitForMultipleObjects") != failing) {
      return WaitForMultipleObjects(count, handles, all, timeout);
    }
    SetLastError(ERROR_ACCESS_DENIED);
    return WAIT_FAILED;
  });
  os.set<&windows_os::QueryPerformanceCounter>([](LARGE_INTEGER *count) -> BOOL {
    if (std::string("QueryPerformanceCounter") != failing) return QueryPerformanceCounter(count);
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  });
  os.set<&windows_os::QueryPerformanceFrequency>([](LARGE_INTEGER *frequency) -> BOOL {
    if (std::string("QueryPerformanceFrequency") != failing) return QueryPerformanceFrequency(frequency);
    frequency->QuadPart = 0;
    return TRUE;
  });
  os.set<&windows_os::GetExitCodeProcess>([](HANDLE, DWORD *) -> BOOL {
    SetLastError(ERROR_ACCESS_DENIED);
    return FALSE;
  });
  Opened opened(child.pid(), &os);
  sonde_exit exit = {};
  for (const char *call : {"WaitForSingleObject", "WaitForMultipleObjects", "QueryPerformanceCounter"}) {
    failing = call;
    EXPECT_EQ(sonde_process_wait(opened.get(), &exit, kMillisecond), SONDE_ERR_ACCESS) << call;
    EXPECT_EQ(opened.Error().find(call), 0u) << opened.Error();
  }
  failing = "QueryPerformanceFrequency";
  EXPECT_EQ(sonde_process_wait(opened.get(), &exit, kMillisecond), SONDE_ERR_PARSE);
  failing = "";
  child.end();
  EXPECT_EQ(sonde_process_wait(opened.get(), &exit, 0), SONDE_OK) << "it has ended, that is sure";
  EXPECT_EQ(exit.valid, 0u) << "but not how";
}

}  // namespace
