// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/context.h"
#include "tests/support/windows_child.h"
#include "tests/support/windows_hooks.h"

extern "C" const sonde_backend sondei_backend_windows;

namespace {

using sonde_test::Context;
using sonde_test::fail_with;
using sonde_test::Handle;
using sonde_test::WindowsChild;
using sonde_test::WindowsChildOptions;
using sonde_test::WindowsHooks;

constexpr DWORD kLeast = PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE;

struct Table : sonde_process_table {
  Table() : sonde_process_table{} {}
  ~Table() { sonde_process_table_free(this); }
};

struct Environ : sonde_environ_list {
  Environ() : sonde_environ_list{} {}
  ~Environ() { sonde_environ_list_free(this); }
};

struct Maps : sonde_map_list {
  Maps() : sonde_map_list{} {}
  ~Maps() { sonde_map_list_free(this); }
};

uint64_t CreationOf(HANDLE process) {
  FILETIME created, unused;
  EXPECT_TRUE(GetProcessTimes(process, &created, &unused, &unused, &unused));
  return static_cast<uint64_t>(created.dwHighDateTime) << 32 | created.dwLowDateTime;
}

sonde_status Open(sonde *context, sonde_pid pid) {
  sonde_process_handle *handle = nullptr;
  const sonde_status status = sonde_process_open(context, &handle, pid);
  EXPECT_EQ(handle != nullptr, status == SONDE_OK);
  sonde_process_close(handle);
  return status;
}

sonde_error ErrorOf(sonde *context) {
  sonde_error error;
  sonde_last_error(context, &error);
  return error;
}

// How many handles the library holds: those it was given and did not close.
class HandleCount {
 public:
  explicit HandleCount(WindowsHooks &hooks) {
    hooks.set<&windows_os::OpenProcess>([this](DWORD access, BOOL inherit, DWORD pid) {
      asked.push_back(access);
      if ((access & refused) != 0 || code != ERROR_ACCESS_DENIED) return fail_with<HANDLE>(code);
      const HANDLE process = sondei_windows_os.OpenProcess(access, inherit, pid);
      if (process != nullptr) open++;
      return process;
    });
    hooks.set<&windows_os::CloseHandle>([this](HANDLE handle) {
      open--;
      return sondei_windows_os.CloseHandle(handle);
    });
  }
  int open = 0;
  DWORD refused = 0;
  DWORD code = ERROR_ACCESS_DENIED;
  std::vector<DWORD> asked;
};

class WindowsProcessHandleOfBits : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Bits, WindowsProcessHandleOfBits, testing::Values(32, 64));

TEST_P(WindowsProcessHandleOfBits, IsThatOfOneProcess) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Context context;
  Handle handle(context, child.pid());
  ASSERT_NE(handle.get(), nullptr);
  EXPECT_EQ(sonde_process_pid(handle), static_cast<sonde_pid>(child.pid()));
  EXPECT_EQ(sonde_process_start_id(handle), CreationOf(child.process()));
  EXPECT_TRUE(sonde_process_is_exact(handle));
  bool is_running = false;
  EXPECT_EQ(sonde_process_is_running(handle, &is_running), SONDE_OK);
  EXPECT_TRUE(is_running);
  Table read, got;
  const uint64_t fields = SONDE_PROCESS_NAME | SONDE_PROCESS_PPID | SONDE_PROCESS_START_TIME | SONDE_PROCESS_CMDLINE |
                          SONDE_PROCESS_EXE | SONDE_PROCESS_BITNESS;
  ASSERT_EQ(sonde_process_read(handle, &read, fields), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_process_get(context, &got, child.pid(), fields), SONDE_OK) << context.error();
  ASSERT_EQ(read.count, 1u);
  EXPECT_EQ(read.rows[0].status, SONDE_OK) << context.error();
  EXPECT_EQ(read.rows[0].valid, fields);
  EXPECT_EQ(got.rows[0].valid, fields);
  EXPECT_EQ(read.rows[0].start_id, sonde_process_start_id(handle)) << "the table has the same creation time";
  EXPECT_EQ(sonde_test::text(read.rows[0].cmdline), sonde_test::text(got.rows[0].cmdline));
  EXPECT_EQ(sonde_test::text(read.rows[0].exe), sonde_test::text(got.rows[0].exe));
  EXPECT_EQ(read.rows[0].bitness, static_cast<uint32_t>(GetParam()));
}

TEST_P(WindowsProcessHandleOfBits, AnEndedProcessIsNone) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  Context context;
  Handle handle(context, child.pid());
  child.end();
  bool is_running = true;
  EXPECT_EQ(sonde_process_is_running(handle, &is_running), SONDE_OK);
  EXPECT_FALSE(is_running);
  Table table;
  Environ environment;
  Maps maps;
  EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_NAME), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(Open(context, child.pid()), SONDE_ERR_NO_PROCESS) << "the test still has a handle of it";
}

TEST(WindowsProcessHandle, ExitCode259IsAnEnd) {
  WINDOWS_CHILD(child, WindowsChildOptions());
  Context context;
  Handle handle(context, child.pid());
  child.ask("exit 259");
  WaitForSingleObject(child.process(), INFINITE);
  DWORD code = 0;
  ASSERT_TRUE(GetExitCodeProcess(child.process(), &code));
  ASSERT_EQ(code, static_cast<DWORD>(STILL_ACTIVE));
  bool is_running = true;
  EXPECT_EQ(sonde_process_is_running(handle, &is_running), SONDE_OK);
  EXPECT_FALSE(is_running);
  EXPECT_EQ(Open(context, child.pid()), SONDE_ERR_NO_PROCESS);
}

TEST(WindowsProcessHandle, PidsThatNobodyHas) {
  Context context;
  const sonde_pid own = GetCurrentProcessId();
  // The kernel would ignore the two lowest bits.
  for (const sonde_pid pid :
       {own + 1, own + 2, own + 3, sonde_pid{0xfffffff0}, sonde_pid{UINT32_MAX} + 1 + own, INT64_MAX}) {
    EXPECT_EQ(Open(context, pid), SONDE_ERR_NO_PROCESS) << pid;
  }
}

TEST(WindowsProcessHandle, AnotherPidThanThatAskedFor) {
  WindowsHooks hooks;
  HandleCount count(hooks);
  hooks.set<&windows_os::GetProcessId>([](HANDLE process) { return GetProcessId(process) - 4; });
  Context context(hooks.options());
  EXPECT_EQ(Open(context, GetCurrentProcessId()), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(count.open, 0);
}

// The table of processes as it is, but for one.
void PatchTable(WindowsHooks &hooks, const std::function<void(SYSTEM_PROCESS_INFORMATION *)> &patch) {
  hooks.set<&windows_os::NtQuerySystemInformation>(
      [patch](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
        const NTSTATUS code = sondei_windows_os.NtQuerySystemInformation(kind, out, size, told);
        if (kind != SystemProcessInformation || code != STATUS_SUCCESS) return code;
        for (char *at = static_cast<char *>(out);;) {
          auto *const entry = reinterpret_cast<SYSTEM_PROCESS_INFORMATION *>(at);
          patch(entry);
          if (entry->NextEntryOffset == 0) return code;
          at += entry->NextEntryOffset;
        }
      });
}

TEST(WindowsProcessHandle, PidZeroIsInTheTableButCannotBeOpened) {
  WindowsHooks hooks;
  hooks.set<&windows_os::OpenProcess>([](DWORD, BOOL, DWORD) { return fail_with<HANDLE>(ERROR_INVALID_PARAMETER); });
  const DWORD own = GetCurrentProcessId();
  {
    PatchTable(hooks, [own](SYSTEM_PROCESS_INFORMATION *entry) {
      if (entry->UniqueProcessId == reinterpret_cast<HANDLE>(static_cast<uintptr_t>(own))) {
        entry->UniqueProcessId = nullptr;
      }
    });
    Context context(hooks.options());
    EXPECT_EQ(Open(context, 0), SONDE_ERR_ACCESS);
    EXPECT_EQ(Open(context, 4), SONDE_ERR_NO_PROCESS);
  }
  hooks.set<&windows_os::NtQuerySystemInformation>(
      [](SYSTEM_INFORMATION_CLASS, void *, ULONG, ULONG *) { return STATUS_ACCESS_VIOLATION; });
  Context context(hooks.options());
  EXPECT_EQ(Open(context, 0), SONDE_ERR_OS);
}

TEST(WindowsProcessHandle, APidThatIsUsedAgainDoesNotFoolIt) {
  WINDOWS_CHILD(child, WindowsChildOptions());
  WindowsHooks hooks;
  Context context(hooks.options());
  bool is_another = false;
  const HANDLE pid = reinterpret_cast<HANDLE>(static_cast<uintptr_t>(child.pid()));
  PatchTable(hooks, [&](SYSTEM_PROCESS_INFORMATION *entry) {
    if (is_another && entry->UniqueProcessId == pid) entry->CreateTime.QuadPart += 1;
  });
  Handle handle(context, child.pid());
  Table table;
  EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_CMDLINE), SONDE_OK) << context.error();
  is_another = true;
  EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_CMDLINE), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(table.count, 1u) << "what was read before is untouched";
}

TEST(WindowsProcessHandle, TakesAsManyRightsAsAreGranted) {
  const DWORD acts = PROCESS_TERMINATE | PROCESS_SUSPEND_RESUME;
  const DWORD looks = kLeast | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ;
  const struct {
    DWORD refused, granted;
    size_t tries;
  } rows[] = {
      {0, looks | acts | PROCESS_SET_INFORMATION | PROCESS_DUP_HANDLE, 1},
      {PROCESS_DUP_HANDLE, looks | acts | PROCESS_SET_INFORMATION, 2},
      {PROCESS_TERMINATE, looks | PROCESS_DUP_HANDLE, 3},
      {PROCESS_TERMINATE | PROCESS_DUP_HANDLE, looks, 4},
      {PROCESS_VM_READ, kLeast | acts, 5},
      {PROCESS_VM_READ | PROCESS_TERMINATE, kLeast, 6},
  };
  for (const auto &row : rows) {
    WindowsHooks hooks;
    HandleCount count(hooks);
    count.refused = row.refused;
    {
      Context context(hooks.options());
      Handle handle(context, GetCurrentProcessId());
      EXPECT_EQ(count.asked.size(), row.tries) << row.refused;
      EXPECT_EQ(count.asked.back(), row.granted) << row.refused;
      bool is_running = false;
      EXPECT_EQ(sonde_process_is_running(handle, &is_running), SONDE_OK);
      EXPECT_TRUE(is_running);
      EXPECT_EQ(count.open, 1);
    }
    EXPECT_EQ(count.open, 0);
  }
  WindowsHooks hooks;
  HandleCount count(hooks);
  count.refused = SYNCHRONIZE;
  Context context(hooks.options());
  EXPECT_EQ(Open(context, GetCurrentProcessId()), SONDE_ERR_ACCESS) << "a protected process";
  EXPECT_EQ(ErrorOf(context).os_code, ERROR_ACCESS_DENIED);
  EXPECT_EQ(count.asked.size(), 6u);
  EXPECT_EQ(count.open, 0);
}

TEST(WindowsProcessHandle, FailuresOfEachCall) {
  WindowsHooks hooks;
  HandleCount count(hooks);
  Context context(hooks.options());
  const sonde_pid own = GetCurrentProcessId();
  count.code = ERROR_NOT_ENOUGH_MEMORY;
  EXPECT_EQ(Open(context, own), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(sonde_test::text(ErrorOf(context).operation), "OpenProcess");
  EXPECT_EQ(sonde_test::text(ErrorOf(context).subject), "process " + std::to_string(own));
  count.code = ERROR_INVALID_PARAMETER;
  EXPECT_EQ(Open(context, own), SONDE_ERR_NO_PROCESS);
  count.code = ERROR_ACCESS_DENIED;

  Context waiting([&] {
    hooks.set<&windows_os::WaitForSingleObject>(
        [](HANDLE, DWORD) { return fail_with<DWORD>(ERROR_ACCESS_DENIED, WAIT_FAILED); });
    return hooks.options();
  }());
  EXPECT_EQ(Open(waiting, own), SONDE_ERR_ACCESS);
  EXPECT_EQ(sonde_test::text(ErrorOf(waiting).operation), "WaitForSingleObject");
  EXPECT_EQ(count.open, 0);
  hooks.clear<&windows_os::WaitForSingleObject>();
  Handle handle(waiting, own);
  hooks.set<&windows_os::WaitForSingleObject>(
      [](HANDLE, DWORD) { return fail_with<DWORD>(ERROR_INVALID_HANDLE, WAIT_FAILED); });
  bool is_running = true;
  Table table;
  Environ environment;
  EXPECT_EQ(sonde_process_is_running(handle, &is_running), SONDE_ERR_OS);
  EXPECT_TRUE(is_running);
  EXPECT_EQ(sonde_process_read(handle, &table, 0), SONDE_ERR_OS);
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_ERR_OS);
  EXPECT_EQ(ErrorOf(waiting).os_code, ERROR_INVALID_HANDLE);
  hooks.clear<&windows_os::WaitForSingleObject>();

  hooks.set<&windows_os::GetProcessTimes>(
      [](HANDLE, FILETIME *, FILETIME *, FILETIME *, FILETIME *) { return fail_with<BOOL>(ERROR_GEN_FAILURE); });
  EXPECT_EQ(Open(waiting, own), SONDE_ERR_OS);
  EXPECT_EQ(sonde_test::text(ErrorOf(waiting).operation), "GetProcessTimes");
  EXPECT_EQ(count.open, 1) << "only that of `handle`";
}

TEST(WindowsProcessHandle, WantOfMemory) {
  sonde_test::Allocator allocator;
  sonde_options options = {};
  options.allocator = allocator.hooks();
  const uint64_t fields = SONDE_PROCESS_ALL;
  bool has_failed = true;
  for (uint64_t n = 1; has_failed; n++) {
    Context context(&options);
    Table table;
    Environ environment;
    Maps maps;
    sonde_process_handle *handle = nullptr;
    allocator.fail(n, true);
    sonde_status status = sonde_process_open(context, &handle, GetCurrentProcessId());
    if (status == SONDE_OK) status = sonde_process_read(handle, &table, fields);
    if (status == SONDE_OK) status = sonde_environ_list_get(handle, &environment);
    if (status == SONDE_OK) status = sonde_map_list_get(handle, &maps, true);
    has_failed = allocator.failures() > 0;
    allocator.fail(0);
    EXPECT_EQ(status, has_failed ? SONDE_ERR_NO_MEMORY : SONDE_OK) << n;
    sonde_process_close(handle);
  }
  EXPECT_EQ(allocator.live_blocks(), 0u);
}

// Another backend opens processes: what this one does with its handles.
sonde_status OtherOpen(sonde_env *, void *, sonde_process_ref *ref) {
  ref->start_id = 1;
  return SONDE_OK;
}
void OtherClose(sonde_env *, void *, sonde_process_ref *) {}
sonde_status OtherIsRunning(sonde_env *, void *, bool *out, sonde_process_ref *) {
  *out = true;
  return SONDE_OK;
}
sonde_status OtherRead(sonde_env *, void *, sonde_fill *, sonde_process_ref *, uint64_t) { return SONDE_OK; }

TEST(WindowsProcessHandle, OfAnotherBackend) {
  sonde_process_ops ops = {};
  ops.handle_size = 1;
  ops.open = OtherOpen;
  ops.close = OtherClose;
  ops.is_running = OtherIsRunning;
  ops.read = OtherRead;
  sonde_backend other = {};
  other.abi = SONDE_BACKEND_ABI;
  other.name = "other";
  other.priority = 1;
  other.process = &ops;
  const sonde_backend *const backends[] = {&other, &sondei_backend_windows};
  sonde_options options = {};
  options.backends = backends;
  options.num_backends = 2;
  Context context(&options);
  Handle handle(context, GetCurrentProcessId());
  Environ environment;
  Maps maps;
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_UNSUPPORTED);
}

}  // namespace
