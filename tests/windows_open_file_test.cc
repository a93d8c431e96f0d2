// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/windows_hooks.h"

using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::text;
using sonde_test::WindowsChild;
using sonde_test::WindowsChildOptions;
using sonde_test::WindowsHooks;

namespace {

struct SystemHandle {
  void *object;
  ULONG_PTR pid;
  ULONG_PTR value;
  ULONG access;
  USHORT back_trace;
  USHORT type;
  ULONG attributes;
  ULONG reserved;
};

// The handles of all processes, from the system.
std::vector<SystemHandle> AllHandles() {
  std::vector<char> bytes(1 << 20);
  ULONG told = 0;
  while (NtQuerySystemInformation(static_cast<SYSTEM_INFORMATION_CLASS>(0x40), bytes.data(),
                                  static_cast<ULONG>(bytes.size()), &told) == STATUS_INFO_LENGTH_MISMATCH) {
    bytes.resize(bytes.size() * 2);
  }
  ULONG_PTR count = 0;
  std::memcpy(&count, bytes.data(), sizeof count);
  std::vector<SystemHandle> handles(count);
  if (count > 0) std::memcpy(handles.data(), bytes.data() + 2 * sizeof count, count * sizeof handles[0]);
  return handles;
}

size_t CountHandles(DWORD pid) {
  size_t count = 0;
  for (const SystemHandle &handle : AllHandles()) count += handle.pid == pid;
  return count;
}

// "kind mode path" of each row, "!STATUS" behind it where there is one.
std::vector<std::string> Files(sonde_process_handle *process, bool regular_only) {
  static const char *const kinds[] = {"unknown", "regular", "directory", "character",
                                      "block",   "pipe",    "socket",    "other"};
  List<sonde_open_file_list> list;
  const sonde_status status = sonde_open_file_list_get(process, &list, regular_only);
  if (status != SONDE_OK) return {std::string("!") + sonde_status_name(status)};
  std::vector<std::string> files;
  for (const sonde_open_file &file : list) {
    EXPECT_EQ(file.fd, -1);
    EXPECT_EQ(file.valid & SONDE_OPEN_FILE_KIND, file.kind == SONDE_FILE_UNKNOWN ? 0u : uint64_t{SONDE_OPEN_FILE_KIND});
    EXPECT_EQ(file.valid & ~(SONDE_OPEN_FILE_KIND | SONDE_OPEN_FILE_FLAGS), 0u);
    std::string told = std::string(kinds[file.kind]) + " " + file.mode + " " + text(file.path);
    if (file.status != SONDE_OK) told += std::string(" !") + sonde_status_name(file.status);
    files.push_back(told);
  }
  return files;
}

size_t Count(const std::vector<std::string> &all, const std::string &one) {
  size_t count = 0;
  for (const std::string &file : all) count += file == one;
  return count;
}

std::string Joined(const std::vector<std::string> &all) {
  std::string joined;
  for (const std::string &file : all) joined += "\n  " + file;
  return joined;
}

#define EXPECT_HAS(all, one) EXPECT_GE(Count(all, one), 1u) << (one) << " is not in" << Joined(all)
#define EXPECT_HAS_NOT(all, one) EXPECT_EQ(Count(all, one), 0u) << (one) << " is in" << Joined(all)

std::string Folder() {
  wchar_t path[MAX_PATH];
  GetTempPathW(MAX_PATH, path);
  std::string folder;
  for (const wchar_t *at = path; *at != 0; at++) folder += static_cast<char>(*at);
  return folder + "sonde_" + std::to_string(GetCurrentProcessId());
}

using WindowsOpenFileTest = testing::TestWithParam<int>;
INSTANTIATE_TEST_SUITE_P(Bits, WindowsOpenFileTest, testing::Values(32, 64));

TEST_P(WindowsOpenFileTest, TheFilesOfAChildWithTheirKinds) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  const std::string base = Folder() + "_" + std::to_string(GetParam());
  child.number("write 0 " + base + "_empty");
  child.number("write 3 " + base + "_written");
  child.number("write 3 " + base + "_read");
  child.number("file " + base + "_read");
  const uint64_t closed = child.number("write 3 " + base + "_closed");
  child.ask("close " + std::to_string(closed));
  child.number("file C:\\windows");
  child.number("event");
  child.number("open tcp4");
  const Context context;
  const Handle process(context, child.pid());
  const std::vector<std::string> all = Files(process, false);
  EXPECT_HAS(all, "regular w " + base + "_empty");
  EXPECT_HAS(all, "regular w " + base + "_written");
  EXPECT_HAS(all, "regular w " + base + "_read");
  EXPECT_HAS(all, "regular r " + base + "_read");
  EXPECT_HAS(all, "directory r C:\\windows");
  EXPECT_HAS_NOT(all, "regular w " + base + "_closed");
  size_t pipes = 0;
  for (const std::string &file : all) pipes += file.find("pipe w \\Device\\NamedPipe\\") == 0;
  EXPECT_GE(pipes, 1u) << "its standard output:" << Joined(all);
  // Wine has no name for sockets.
  size_t sockets = 0;
  for (const std::string &file : all) sockets += file == "other r+ " || file.find("socket r+ ") == 0;
  EXPECT_GE(sockets, 1u) << Joined(all);

  const std::vector<std::string> regular = Files(process, true);
  EXPECT_HAS(regular, "regular w " + base + "_written");
  EXPECT_HAS(regular, "regular r " + base + "_read");
  for (const std::string &file : regular) {
    EXPECT_TRUE(file.find("regular ") == 0 || file.find("unknown ") == 0) << file;
  }
}

// Whoever asks a file on which an operation is under way may have to wait for that.
class CountsBusy {
 public:
  CountsBusy() {
    os_.set<&windows_os::NtQueryObject>(
        [this](HANDLE object, OBJECT_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
          if (kind == static_cast<OBJECT_INFORMATION_CLASS>(1)) Count(object);
          return NtQueryObject(object, kind, out, size, told);
        });
    os_.set<&windows_os::NtQueryInformationFile>(
        [this](HANDLE file, IO_STATUS_BLOCK *io, void *out, ULONG size, FILE_INFORMATION_CLASS kind) {
          Count(file);
          return NtQueryInformationFile(file, io, out, size, kind);
        });
    os_.set<&windows_os::NtQueryVolumeInformationFile>(
        [this](HANDLE file, IO_STATUS_BLOCK *io, void *out, ULONG size, FS_INFORMATION_CLASS kind) {
          Count(file);
          return NtQueryVolumeInformationFile(file, io, out, size, kind);
        });
  }

  sonde_options *options() { return os_.options(); }
  int asked() const { return asked_; }

 private:
  void Count(HANDLE file) { asked_ += WaitForSingleObject(file, 0) != WAIT_OBJECT_0; }

  WindowsHooks os_;
  int asked_ = 0;
};

TEST_P(WindowsOpenFileTest, APipeWithABlockedPeerIsNotAsked) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  CountsBusy busy;
  child.number("pipe sonde_blocked_" + std::to_string(child.pid()));
  const Context context(busy.options());
  const Handle process(context, child.pid());
  for (const bool regular_only : {false, true}) {
    const auto before = std::chrono::steady_clock::now();
    const std::vector<std::string> files = Files(process, regular_only);
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(20));
    EXPECT_EQ(Count(files, "unknown r+  !SONDE_ERR_TIMEOUT"), regular_only ? 0u : 1u) << Joined(files);
    EXPECT_EQ(busy.asked(), 0);
  }
  EXPECT_EQ(WaitForSingleObject(child.process(), 0), DWORD{WAIT_TIMEOUT});
}

TEST(WindowsOpenFile, APipeWithABlockedWriterIsNotAsked) {
  CountsBusy busy;
  HANDLE reader = nullptr;
  HANDLE writer = nullptr;
  ASSERT_TRUE(CreatePipe(&reader, &writer, nullptr, 1));
  constexpr DWORD kBytes = 1 << 20;
  std::thread writes([writer] {
    const std::vector<char> bytes(kBytes);
    DWORD done = 0;
    WriteFile(writer, bytes.data(), kBytes, &done, nullptr);
  });
  while (WaitForSingleObject(writer, 0) == WAIT_OBJECT_0) Sleep(1);
  const Context context(busy.options());
  const Handle process(context, GetCurrentProcessId());
  const std::vector<std::string> all = Files(process, true);
  EXPECT_HAS(all, "unknown w  !SONDE_ERR_TIMEOUT");
  EXPECT_EQ(busy.asked(), 0);
  std::vector<char> bytes(kBytes);
  DWORD done = 0;
  for (DWORD read = 0; read < kBytes; read += done) {
    ASSERT_TRUE(ReadFile(reader, bytes.data(), kBytes, &done, nullptr));
  }
  writes.join();
  EXPECT_HAS_NOT(Files(process, true), "unknown w  !SONDE_ERR_TIMEOUT");
  CloseHandle(reader);
  CloseHandle(writer);
}

TEST(WindowsOpenFile, ADirectoryThatIsWatchedIsNotAsked) {
  CountsBusy busy;
  const std::string name = Folder() + "_watched";
  const std::wstring wide(name.begin(), name.end());
  ASSERT_TRUE(CreateDirectoryW(wide.c_str(), nullptr));
  const HANDLE directory = CreateFileW(wide.c_str(), FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr,
                                       OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr);
  ASSERT_NE(directory, INVALID_HANDLE_VALUE);
  const Context context(busy.options());
  const Handle process(context, GetCurrentProcessId());
  EXPECT_HAS(Files(process, false), "directory r " + name);
  std::atomic<bool> has_ended{false};
  std::thread watches([directory, &has_ended] {
    DWORD bytes[1024];
    DWORD told = 0;
    ReadDirectoryChangesW(directory, bytes, sizeof bytes, FALSE, FILE_NOTIFY_CHANGE_FILE_NAME, &told, nullptr, nullptr);
    has_ended = true;
  });
  int looks = 0;
  while (WaitForSingleObject(directory, 0) == WAIT_OBJECT_0 && looks++ < 2000) Sleep(1);
  const bool is_busy = WaitForSingleObject(directory, 0) != WAIT_OBJECT_0;
  const std::vector<std::string> all = Files(process, false);
  if (is_busy) {
    EXPECT_HAS(all, "unknown r  !SONDE_ERR_TIMEOUT");
    EXPECT_HAS_NOT(all, "directory r " + name);
    EXPECT_EQ(busy.asked(), 0);
  }
  const std::wstring inside = wide + L"\\x";
  while (!has_ended) {
    CloseHandle(
        CreateFileW(inside.c_str(), GENERIC_WRITE, 0, nullptr, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, nullptr));
    Sleep(1);
  }
  watches.join();
  CloseHandle(directory);
  RemoveDirectoryW(wide.c_str());
  if (!is_busy) GTEST_SKIP() << "this system does not show that a directory is watched";
}

TEST(WindowsOpenFile, HandlesStayAsTheyWere) {
  WINDOWS_CHILD(child, {});
  child.number("pipe sonde_leak_" + std::to_string(child.pid()));
  const Context context;
  const Handle process(context, child.pid());
  Files(process, false);
  // What else comes and goes meanwhile, in either process, is less than one for each time.
  constexpr size_t kTimes = 50;
  const size_t ours = CountHandles(GetCurrentProcessId());
  const size_t childs = CountHandles(child.pid());
  for (size_t i = 0; i < kTimes; i++) Files(process, i % 2 == 0);
  EXPECT_LT(CountHandles(GetCurrentProcessId()), ours + kTimes / 2);
  EXPECT_LT(CountHandles(child.pid()), childs + kTimes / 2);
}

TEST(WindowsOpenFile, ItsOwn) {
  const std::string name = Folder() + "_own";
  const std::wstring wide(name.begin(), name.end());
  const HANDLE file =
      CreateFileW(wide.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                  nullptr, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, nullptr);
  ASSERT_NE(file, INVALID_HANDLE_VALUE);
  const HANDLE appended =
      CreateFileW(wide.c_str(), FILE_APPEND_DATA | SYNCHRONIZE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                  nullptr, OPEN_EXISTING, 0, nullptr);
  ASSERT_NE(appended, INVALID_HANDLE_VALUE);
  const Context context;
  const Handle process(context, GetCurrentProcessId());
  std::vector<std::string> all = Files(process, true);
  EXPECT_HAS(all, "regular r+ " + name) << "without size";
  EXPECT_HAS(all, "regular a " + name);
  DWORD done = 0;
  ASSERT_TRUE(WriteFile(file, "abc", 3, &done, nullptr));
  all = Files(process, true);
  EXPECT_HAS(all, "regular r+ " + name);
  CloseHandle(appended);
  CloseHandle(file);
  all = Files(process, true);
  EXPECT_HAS_NOT(all, "regular r+ " + name);
}

// ---- Made up: what Wine has not got, and what goes wrong -----------------------------------------------------------

// A process whose handles are those of the caller that the test lists, by ProcessHandleInformation.
struct Made {
  NTSTATUS table = STATUS_SUCCESS;
  std::vector<HANDLE> handles;
  HANDLE own_file = nullptr;  // what CreateFileW made last
  ULONG file_type = 37;
  bool grows = false;
  ULONG too_many = 0;  // are counted
  NTSTATUS section = STATUS_SUCCESS;
  NTSTATUS view = STATUS_SUCCESS;
  NTSTATUS mapped_name = STATUS_SUCCESS;
  NTSTATUS name = STATUS_SUCCESS;
  std::wstring told_name;
  bool elsewhere = false;  // the name is told to lie outside of what was filled
  NTSTATUS device = STATUS_SUCCESS;
  ULONG device_type = 0;  // 0: the real one
  NTSTATUS standard = STATUS_SUCCESS;
  DWORD wait = WAIT_OBJECT_0;
  DWORD duplicate = 0;
  std::function<void()> before_duplicate;
};
Made g_made;

struct ProcessHandle {
  HANDLE value;
  ULONG_PTR handle_count;
  ULONG_PTR pointer_count;
  ULONG access;
  ULONG type;
  ULONG attributes;
  ULONG reserved;
};

NTSTATUS MadeTable(void *out, ULONG size, ULONG *told) {
  if (!NT_SUCCESS(g_made.table)) return g_made.table;
  std::vector<HANDLE> handles = g_made.handles;
  if (g_made.own_file != nullptr) handles.push_back(g_made.own_file);
  const ULONG needed = static_cast<ULONG>(2 * sizeof(ULONG_PTR) + handles.size() * sizeof(ProcessHandle));
  *told = g_made.grows ? size + 1000 : needed;
  if (size < needed || g_made.grows) return STATUS_INFO_LENGTH_MISMATCH;
  auto *const head = static_cast<ULONG_PTR *>(out);
  head[0] = handles.size() + g_made.too_many;
  head[1] = 0;
  auto *const entries = reinterpret_cast<ProcessHandle *>(head + 2);
  for (size_t i = 0; i < handles.size(); i++) {
    const bool is_event = i == 0 && handles.size() > 1 && handles[0] == nullptr;
    entries[i] = {handles[i], 1, 1, FILE_GENERIC_READ, is_event ? 16 : g_made.file_type, 0, 0};
  }
  return STATUS_SUCCESS;
}

NTSTATUS MadeName(void *out, ULONG size) {
  auto *const name = static_cast<UNICODE_STRING *>(out);
  const size_t bytes = g_made.told_name.size() * sizeof(wchar_t);
  if (size < sizeof *name + bytes) return STATUS_INFO_LENGTH_MISMATCH;
  name->Length = name->MaximumLength = static_cast<USHORT>(bytes);
  name->Buffer = g_made.elsewhere ? reinterpret_cast<wchar_t *>(8) : reinterpret_cast<wchar_t *>(name + 1);
  std::memcpy(name + 1, g_made.told_name.data(), bytes);
  return STATUS_SUCCESS;
}

void SetMade(WindowsHooks &os) {
  os.set<&windows_os::CreateFileW>([](const wchar_t *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security,
                                      DWORD disposition, DWORD flags, HANDLE like) -> HANDLE {
    return g_made.own_file = CreateFileW(path, access, share, security, disposition, flags, like);
  });
  os.set<&windows_os::NtQueryInformationProcess>(
      [](HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *told) -> NTSTATUS {
        if (kind != static_cast<PROCESSINFOCLASS>(51)) return NtQueryInformationProcess(process, kind, out, size, told);
        return MadeTable(out, size, told);
      });
  os.set<&windows_os::NtCreateSection>([](HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                                          LARGE_INTEGER *maximum, ULONG protection, ULONG allocation,
                                          HANDLE file) -> NTSTATUS {
    if (!NT_SUCCESS(g_made.section)) return g_made.section;
    return sondei_windows_os.NtCreateSection(out, access, attributes, maximum, protection, allocation, file);
  });
  os.set<&windows_os::NtMapViewOfSection>([](HANDLE section, HANDLE process, void **base, ULONG_PTR zero_bits,
                                             SIZE_T commit_size, LARGE_INTEGER *offset, SIZE_T *view_size,
                                             ULONG inherit, ULONG allocation, ULONG protection) -> NTSTATUS {
    if (!NT_SUCCESS(g_made.view)) return g_made.view;
    return sondei_windows_os.NtMapViewOfSection(section, process, base, zero_bits, commit_size, offset, view_size,
                                                inherit, allocation, protection);
  });
  os.set<&windows_os::NtQueryVirtualMemory>(
      [](HANDLE process, const void *base, int kind, void *out, SIZE_T size, SIZE_T *told) -> NTSTATUS {
        if (!NT_SUCCESS(g_made.mapped_name)) return g_made.mapped_name;
        if (!g_made.told_name.empty()) return MadeName(out, static_cast<ULONG>(size));
        return sondei_windows_os.NtQueryVirtualMemory(process, base, kind, out, size, told);
      });
  os.set<&windows_os::NtQueryObject>(
      [](HANDLE object, OBJECT_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) -> NTSTATUS {
        if (kind == static_cast<OBJECT_INFORMATION_CLASS>(1)) {
          if (!NT_SUCCESS(g_made.name)) return g_made.name;
          if (!g_made.told_name.empty()) return MadeName(out, size);
        }
        return NtQueryObject(object, kind, out, size, told);
      });
  os.set<&windows_os::NtQueryVolumeInformationFile>(
      [](HANDLE file, IO_STATUS_BLOCK *io, void *out, ULONG size, FS_INFORMATION_CLASS kind) -> NTSTATUS {
        if (!NT_SUCCESS(g_made.device)) return g_made.device;
        if (g_made.device_type == 0) return NtQueryVolumeInformationFile(file, io, out, size, kind);
        *static_cast<ULONG *>(out) = g_made.device_type;
        return STATUS_SUCCESS;
      });
  os.set<&windows_os::NtQueryInformationFile>(
      [](HANDLE file, IO_STATUS_BLOCK *io, void *out, ULONG size, FILE_INFORMATION_CLASS kind) -> NTSTATUS {
        if (!NT_SUCCESS(g_made.standard)) return g_made.standard;
        return NtQueryInformationFile(file, io, out, size, kind);
      });
  os.set<&windows_os::WaitForSingleObject>([](HANDLE handle, DWORD timeout) -> DWORD {
    return g_made.wait != WAIT_OBJECT_0 && GetProcessId(handle) == 0 ? g_made.wait
                                                                     : WaitForSingleObject(handle, timeout);
  });
  os.set<&windows_os::DuplicateHandle>(
      [](HANDLE from, HANDLE handle, HANDLE to, HANDLE *out, DWORD access, BOOL inherit, DWORD options) -> BOOL {
        if (g_made.before_duplicate) g_made.before_duplicate();
        if (g_made.duplicate == 0) return DuplicateHandle(from, handle, to, out, access, inherit, options);
        SetLastError(g_made.duplicate);
        return FALSE;
      });
}

class WindowsOpenFileMade : public testing::Test {
 protected:
  WindowsOpenFileMade() {
    SetMade(os_);
    g_made = {};
    name_ = Folder() + "_made";
    const std::wstring wide(name_.begin(), name_.end());
    file_ = CreateFileW(wide.c_str(), GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr,
                        CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, nullptr);
    DWORD done = 0;
    EXPECT_TRUE(WriteFile(file_, "abc", 3, &done, nullptr));
    g_made.handles = {file_};
  }
  ~WindowsOpenFileMade() override { CloseHandle(file_); }

  // In a new context, since the number of the type File is kept.
  std::vector<std::string> Ask(bool regular_only = false) {
    const Context context(os_.options());
    const Handle process(context, GetCurrentProcessId());
    g_made.own_file = nullptr;
    std::vector<std::string> files = Files(process, regular_only);
    // NUL, which has been closed since; its number may be in use again.
    error_ = context.error();
    return files;
  }

  WindowsHooks os_;
  HANDLE file_ = nullptr;
  std::string name_;
  std::string error_;
};

using Strings = std::vector<std::string>;

TEST_F(WindowsOpenFileMade, TheTableOfOneProcess) { EXPECT_EQ(Ask(), Strings{"regular r " + name_}) << error_; }

TEST_F(WindowsOpenFileMade, TheTableOfAllWhereThereIsNoOther) {
  for (const NTSTATUS code : {STATUS_INVALID_INFO_CLASS, STATUS_NOT_IMPLEMENTED}) {
    g_made.table = code;
    const Strings files = Ask();
    EXPECT_HAS(files, "regular r+ " + name_);
  }
}

TEST_F(WindowsOpenFileMade, ATableThatCannotBeHad) {
  g_made.grows = true;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_OS"});
  EXPECT_NE(error_.find("NtQueryInformationProcess"), std::string::npos) << error_;
  g_made.grows = false;
  g_made.too_many = 1;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_PARSE"});
  g_made.too_many = 0;
  g_made.table = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_ACCESS"});
  g_made.table = STATUS_PROCESS_IS_TERMINATING;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_NO_PROCESS"});
  g_made.table = STATUS_NO_MEMORY;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_NO_MEMORY"});
}

TEST_F(WindowsOpenFileMade, TheTypeThatCannotBeFound) {
  os_.set<&windows_os::CreateFileW>(
      [](const wchar_t *, DWORD, DWORD, SECURITY_ATTRIBUTES *, DWORD, DWORD, HANDLE) -> HANDLE {
        SetLastError(ERROR_ACCESS_DENIED);
        return INVALID_HANDLE_VALUE;
      });
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_ACCESS"});
  os_.set<&windows_os::CreateFileW>(
      [](const wchar_t *path, DWORD access, DWORD share, SECURITY_ATTRIBUTES *security, DWORD disposition, DWORD flags,
         HANDLE like) -> HANDLE { return CreateFileW(path, access, share, security, disposition, flags, like); });
  g_made.handles.clear();
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_PARSE"}) << "its own file is not in the table";
}

TEST_F(WindowsOpenFileMade, HandlesThatCannotBeDuplicated) {
  g_made.duplicate = ERROR_INVALID_HANDLE;
  EXPECT_EQ(Ask(), Strings{}) << "closed meanwhile";
  g_made.duplicate = ERROR_ACCESS_DENIED;
  EXPECT_EQ(Ask(), Strings{"!SONDE_ERR_ACCESS"});
  EXPECT_NE(error_.find("DuplicateHandle"), std::string::npos) << error_;
}

// Waiting for it would take its signal.
TEST_F(WindowsOpenFileMade, ANumberThatIsAnEventsByNowIsLeftAlone) {
  const HANDLE event = CreateEventW(nullptr, FALSE, TRUE, nullptr);
  g_made.handles = {event};
  EXPECT_EQ(Ask(), Strings{});
  EXPECT_EQ(WaitForSingleObject(event, 0), DWORD{WAIT_OBJECT_0});
  CloseHandle(event);
}

TEST_F(WindowsOpenFileMade, AFileWithoutASectionIsAskedItself) {
  for (const NTSTATUS code : {STATUS_MAPPED_FILE_SIZE_ZERO, STATUS_FILE_LOCK_CONFLICT, STATUS_ACCESS_DENIED}) {
    g_made.section = code;
    EXPECT_EQ(Ask(), Strings{"regular r " + name_}) << std::hex << code;
  }
  g_made.section = STATUS_SUCCESS;
  g_made.view = STATUS_NO_MEMORY;
  EXPECT_EQ(Ask(), Strings{"regular r " + name_});
  g_made.view = STATUS_SUCCESS;
  g_made.mapped_name = STATUS_INVALID_ADDRESS;
  EXPECT_EQ(Ask(), Strings{"regular r " + name_});
}

TEST_F(WindowsOpenFileMade, ABusyFileIsToldAsFarAsItsSectionTells) {
  g_made.wait = WAIT_TIMEOUT;
  EXPECT_EQ(Ask(), Strings{"regular r " + name_}) << "by its section";
  g_made.section = STATUS_MAPPED_FILE_SIZE_ZERO;
  EXPECT_EQ(Ask(), Strings{"regular r  !SONDE_ERR_TIMEOUT"});
  EXPECT_EQ(Ask(true), Strings{"regular r  !SONDE_ERR_TIMEOUT"});
  g_made.section = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Ask(true), Strings{"unknown r  !SONDE_ERR_TIMEOUT"});
  g_made.section = STATUS_INVALID_FILE_FOR_SECTION;
  EXPECT_EQ(Ask(), Strings{"unknown r  !SONDE_ERR_TIMEOUT"});
  EXPECT_EQ(Ask(true), Strings{}) << "no regular file, that is sure";
  g_made.wait = WAIT_FAILED;
  EXPECT_EQ(Ask(), Strings{"unknown r  !SONDE_ERR_TIMEOUT"}) << "a handle that cannot be waited for";
}

TEST_F(WindowsOpenFileMade, NamesThatCannotBeTold) {
  g_made.section = STATUS_MAPPED_FILE_SIZE_ZERO;
  g_made.name = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Ask(), Strings{"regular r  !SONDE_ERR_ACCESS"});
  g_made.name = STATUS_OBJECT_PATH_INVALID;
  EXPECT_EQ(Ask(), Strings{"regular r  !SONDE_ERR_OS"});
  g_made.name = STATUS_SUCCESS;
  g_made.told_name = L"\\Device\\HarddiskVolume99\\x";
  g_made.elsewhere = true;
  EXPECT_EQ(Ask(), Strings{"regular r  !SONDE_ERR_PARSE"});
  g_made.told_name.clear();
  g_made.device = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Ask(), Strings{"regular r " + name_});
}

TEST_F(WindowsOpenFileMade, KindsByDeviceAndName) {
  const struct {
    ULONG device;
    const wchar_t *name;
    const char *expected;
  } rows[] = {
      {0x07, L"\\Device\\HarddiskVolume99\\x", "regular r \\Device\\HarddiskVolume99\\x"},
      {0x07, L"\\Device\\HarddiskVolume99\\\xd83d\xde00 \xd800",
       "regular r \\Device\\HarddiskVolume99\\\xf0\x9f\x98\x80 \xed\xa0\x80"},
      {0x14, L"\\Device\\Mup\\server\\share\\x", "regular r \\\\server\\share\\x"},
      {0x14, L"\\Device\\LanmanRedirector\\;Z:0000000000012345\\server\\share\\x", "regular r \\\\server\\share\\x"},
      {0x11, L"\\Device\\NamedPipe\\x", "pipe r \\Device\\NamedPipe\\x"},
      {0x11, L"\\Device\\Afd\\Endpoint", "socket r \\Device\\Afd\\Endpoint"},
      {0x11, L"\\Device\\Afd", "socket r \\Device\\Afd"},
      {0x11, L"\\Device\\Other", "other r \\Device\\Other"},
      {0x50, L"\\Device\\ConDrv\\CurrentIn", "character r \\Device\\ConDrv\\CurrentIn"},
      {0x15, L"\\Device\\Null", "character r \\Device\\Null"},
      {0x1b, L"\\Device\\Serial0", "character r \\Device\\Serial0"},
      {0x39, L"\\Device\\KsecDD", "other r \\Device\\KsecDD"},
      {0x0c, L"\\Device\\Mailslot\\x", "other r \\Device\\Mailslot\\x"},
      {0x12, L"\\Device\\Nsi", "other r \\Device\\Nsi"},
  };
  g_made.section = STATUS_INVALID_FILE_FOR_SECTION;
  for (const auto &row : rows) {
    g_made.device_type = row.device;
    g_made.told_name = row.name;
    EXPECT_EQ(Ask(), Strings{row.expected});
  }
  g_made.device_type = 0x07;
  g_made.told_name = L"\\Device\\HarddiskVolume99";
  g_made.standard = STATUS_INVALID_DEVICE_REQUEST;
  EXPECT_EQ(Ask(), Strings{"block r \\Device\\HarddiskVolume99"});
}

TEST_F(WindowsOpenFileMade, AProcessThatEndsMeanwhileIsGone) {
  WINDOWS_CHILD(child, {});
  const Context context(os_.options());
  const Handle process(context, child.pid());
  static HANDLE ending;
  ending = child.process();
  g_made.before_duplicate = [] {
    TerminateProcess(ending, 0);
    WaitForSingleObject(ending, INFINITE);
  };
  EXPECT_EQ(Files(process, false), Strings{"!SONDE_ERR_NO_PROCESS"});
}

}  // namespace
