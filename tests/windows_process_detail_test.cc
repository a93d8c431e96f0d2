// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"  // first

#include <gtest/gtest.h>
#include <sddl.h>
#include <sonde/sonde.h>
#include <tlhelp32.h>

#include <algorithm>
#include <cwctype>
#include <functional>
#include <map>
#include <string>
#include <vector>

extern "C" {
#include "core/parse/windows_command_line.h"
}

#include "tests/support/context.h"
#include "tests/support/windows_bytes.h"
#include "tests/support/windows_hooks.h"

namespace {

using sonde_test::Context;
using sonde_test::fail_with;
using sonde_test::Handle;
using sonde_test::kOwnBits;
using sonde_test::text;
using sonde_test::WindowsChild;
using sonde_test::WindowsChildOptions;
using sonde_test::WindowsHooks;

constexpr int kSystemProcessId = 0x58;
constexpr int kCommandLine = 60;
constexpr int kWorkingSet = 1;
constexpr int kMappedFile = 2;
constexpr int kWorkingSetEx = 4;

std::string Utf8Of(const std::wstring &wide) {
  return Utf8(sondei_span_of(reinterpret_cast<const char *>(wide.data()), 2 * wide.size()));
}

// Of `parts` times 100 characters.
std::wstring LongFolder(int parts) {
  std::wstring path = L"\\\\?\\C:\\sonde_test";
  EXPECT_TRUE(CreateDirectoryW(path.c_str(), nullptr) || GetLastError() == ERROR_ALREADY_EXISTS) << GetLastError();
  for (int i = 0; i < parts; i++) {
    path += L"\\" + std::wstring(100, static_cast<wchar_t>(L'a' + i));
    EXPECT_TRUE(CreateDirectoryW(path.c_str(), nullptr) || GetLastError() == ERROR_ALREADY_EXISTS) << GetLastError();
  }
  return path;
}

sonde_pid OwnPid() { return GetCurrentProcessId(); }

struct Table : sonde_process_table {
  Table() : sonde_process_table{} {}
  Table(const Table &) = delete;
  Table &operator=(const Table &) = delete;
  ~Table() { sonde_process_table_free(this); }
};

// One row with some fields.
class Row {
 public:
  Row(sonde *context, sonde_pid pid, uint64_t fields) {
    EXPECT_EQ(sonde_process_get(context, &table_, pid, fields), SONDE_OK) << sonde_test::last_error(context);
    EXPECT_EQ(table_.count, 1u);
    sonde_last_error(context, &error);
    operation = text(error.operation);
    subject = text(error.subject);
  }
  const sonde_process *operator->() const { return table_.rows; }
  std::vector<std::string> args() const {
    std::vector<std::string> all;
    for (size_t i = 0; i < table_.rows->num_args; i++) all.push_back(text(table_.rows->args[i]));
    return all;
  }
  sonde_error error;
  std::string operation, subject;

 private:
  Table table_;
};

void ExpectTold(const Row &row, uint64_t fields) {
  EXPECT_EQ(row->status, SONDE_OK) << row.operation;
  EXPECT_EQ(row->valid, fields);
  EXPECT_EQ(row->denied, 0u);
  EXPECT_EQ(row->failed, 0u);
}

void ExpectDenied(const Row &row, uint64_t fields) {
  EXPECT_EQ(row->status, SONDE_ERR_ACCESS);
  EXPECT_EQ(row->valid, 0u);
  EXPECT_EQ(row->denied, fields);
  EXPECT_EQ(row->failed, 0u);
}

void ExpectFailed(const Row &row, uint64_t fields, sonde_status status) {
  EXPECT_EQ(row->status, status);
  EXPECT_EQ(row->valid, 0u);
  EXPECT_EQ(row->denied, 0u);
  EXPECT_EQ(row->failed, fields);
}

// Neither told nor denied nor failed: this Windows, or this process, has no such thing.
void ExpectNone(const Row &row) {
  EXPECT_EQ(row->status, SONDE_OK);
  EXPECT_EQ(row->valid, 0u);
  EXPECT_EQ(row->denied, 0u);
  EXPECT_EQ(row->failed, 0u);
}

struct Environ : sonde_environ_list {
  Environ() : sonde_environ_list{} {}
  ~Environ() { sonde_environ_list_free(this); }
};

struct Maps : sonde_map_list {
  Maps() : sonde_map_list{} {}
  ~Maps() { sonde_map_list_free(this); }
  const sonde_map *find(uint64_t address) const {
    for (size_t i = 0; i < count; i++) {
      if (rows[i].start <= address && address < rows[i].end) return &rows[i];
    }
    return nullptr;
  }
};

// A Windows that does not tell command lines to everybody: before 8.1.
void RefuseCommandLines(WindowsHooks &hooks, NTSTATUS code = STATUS_INVALID_INFO_CLASS) {
  hooks.set<&windows_os::NtQueryInformationProcess>(
      [code](HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *told) {
        if (static_cast<int>(kind) == kCommandLine) return code;
        return sondei_windows_os.NtQueryInformationProcess(process, kind, out, size, told);
      });
}

std::vector<std::string> WindowsArguments(const std::wstring &line) {
  typedef LPWSTR *(WINAPI * split)(LPCWSTR, int *);
  static const split call = reinterpret_cast<split>(
      reinterpret_cast<void (*)()>(GetProcAddress(LoadLibraryW(L"shell32.dll"), "CommandLineToArgvW")));
  int count = 0;
  wchar_t **const args = call(line.c_str(), &count);
  std::vector<std::string> all;
  for (int i = 0; i < count; i++) all.push_back(Utf8Of(args[i]));
  LocalFree(args);
  return all;
}

std::vector<std::string> OurArguments(const std::wstring &line) {
  std::string room(2 * line.size(), '?');
  sondei_windows_command_line rest = {sondei_span_of(reinterpret_cast<const char *>(line.data()), room.size()), false};
  sondei_span argument;
  sondei_parse_error err;
  std::vector<std::string> all;
  while (sondei_windows_next_argument(&argument, &err, &rest, room.data())) all.push_back(Utf8(argument));
  return all;
}

// ---- Command line ----

class WindowsProcessDetailOfBits : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Bits, WindowsProcessDetailOfBits, testing::Values(32, 64));

const std::wstring kLine =
    L"\"C:\\a b\\x.exe\" plain \"with blank\" \"\" \"q\\\"q\" b\\\\s \"e\\\\\" \x00e9\x4e2d \xd83d\xde00 \xd800 "
    L"z\xdc00 ";

TEST(WindowsProcessDetail, ArgumentsAreThoseOfCommandLineToArgvW) {
  const std::wstring alphabet = L"  \t\"\"\"\\\\\\ab\x00e9\xd83d\xde00\xd800\n'";
  uint32_t random = 4711;
  const auto next = [&random] { return random = random * 1664525u + 1013904223u, random >> 16; };
  for (int i = 0; i < 20000; i++) {
    std::wstring line = next() % 3 == 0 ? L"" : next() % 2 == 0 ? L"p " : L"\"p q\" ";
    for (uint32_t len = next() % 24; len > 0; len--) line += alphabet[next() % alphabet.size()];
    if (line.empty()) continue;  // the program itself, there
    ASSERT_EQ(OurArguments(line), WindowsArguments(line)) << Utf8Of(line);
  }
}

TEST_P(WindowsProcessDetailOfBits, CommandLine) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_command_line(kLine));
  ASSERT_EQ(child.told("command_line"), kLine);
  for (const bool by_kernel : {true, false}) {
    WindowsHooks hooks;
    if (!by_kernel) RefuseCommandLines(hooks);
    Context context(hooks.options());
    const Row row(context, child.pid(), SONDE_PROCESS_CMDLINE);
    ExpectTold(row, SONDE_PROCESS_CMDLINE);
    EXPECT_EQ(text(row->cmdline), Utf8Of(kLine));
    EXPECT_EQ(row.args(), WindowsArguments(kLine));
    EXPECT_EQ(row.args()[8], "\xf0\x9f\x98\x80");
    EXPECT_EQ(row.args()[9], "\xed\xa0\x80") << "a lone surrogate";
  }
}

TEST_P(WindowsProcessDetailOfBits, CommandLineOfAProcessThatHasNotBegun) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_command_line(kLine).with_flags(CREATE_SUSPENDED));
  WindowsHooks hooks;
  RefuseCommandLines(hooks);
  Context context(hooks.options());
  const Row row(context, child.pid(), SONDE_PROCESS_CMDLINE);
  ExpectTold(row, SONDE_PROCESS_CMDLINE);
  EXPECT_EQ(text(row->cmdline), Utf8Of(kLine));
  child.resume();
}

TEST_P(WindowsProcessDetailOfBits, TheLongestCommandLine) {
  const std::wstring line = L"p " + std::wstring(32764, L'\x4e2d');
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_command_line(line));
  for (const bool by_kernel : {true, false}) {
    WindowsHooks hooks;
    if (!by_kernel) RefuseCommandLines(hooks);
    Context context(hooks.options());
    const Row row(context, child.pid(), SONDE_PROCESS_CMDLINE);
    EXPECT_EQ(text(row->cmdline), Utf8Of(line));
    EXPECT_EQ(row->num_args, 2u);
  }
}

// What the kernel says of command lines.
void AnswerCommandLines(WindowsHooks &hooks, std::function<NTSTATUS(char *out, ULONG size, ULONG *told)> answer) {
  hooks.set<&windows_os::NtQueryInformationProcess>(
      [answer](HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *told) {
        if (static_cast<int>(kind) == kCommandLine) return answer(static_cast<char *>(out), size, told);
        return sondei_windows_os.NtQueryInformationProcess(process, kind, out, size, told);
      });
}

TEST(WindowsProcessDetail, CommandLineAsTheKernelTellsIt) {
  WindowsHooks hooks;
  std::string line;
  AnswerCommandLines(hooks, [&line](char *out, ULONG size, ULONG *told) {
    const size_t head = sizeof(UNICODE_STRING);
    const std::string bytes =
        UnicodeStringBytes(sizeof(void *), line.size(), reinterpret_cast<uintptr_t>(out) + head) + line;
    EXPECT_LE(bytes.size(), size);
    bytes.copy(out, bytes.size());
    *told = static_cast<ULONG>(bytes.size());
    return STATUS_SUCCESS;
  });
  Context context(hooks.options());
  line = Utf16(u"p \"a b\"");
  {
    const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
    ExpectTold(row, SONDE_PROCESS_CMDLINE);
    EXPECT_EQ(text(row->cmdline), "p \"a b\"");
    EXPECT_EQ(row.args(), (std::vector<std::string>{"p", "a b"}));
  }
  line.assign(65534, 'x');
  {
    const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
    ExpectTold(row, SONDE_PROCESS_CMDLINE);
    EXPECT_EQ(row->num_args, 1u);
  }
  line.clear();
  const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
  ExpectTold(row, SONDE_PROCESS_CMDLINE);
  EXPECT_EQ(row->cmdline.len, 0u);
  EXPECT_EQ(row->num_args, 0u);
}

TEST(WindowsProcessDetail, CommandLineThatTheKernelGarblesIsReadFromTheProcess) {
  WindowsHooks hooks;
  int asked = 0;
  AnswerCommandLines(hooks, [&asked](char *out, ULONG, ULONG *told) {
    const std::string bytes = UnicodeStringBytes(sizeof(void *), 10, 4711);
    bytes.copy(out, bytes.size());
    *told = asked++ % 2 == 0 ? static_cast<ULONG>(bytes.size()) : UINT32_MAX;
    return STATUS_SUCCESS;
  });
  Context context(hooks.options());
  for (int i = 0; i < 2; i++) {
    const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
    ExpectTold(row, SONDE_PROCESS_CMDLINE);
    EXPECT_EQ(text(row->cmdline), Utf8Of(GetCommandLineW()));
  }
  EXPECT_EQ(asked, 2);
}

// ---- Reading the memory of a process ----

#ifdef _WIN64
TEST(WindowsProcessDetail, MemoryThatChangesWhileItIsReadIsReadAgain) {
  WindowsHooks hooks;
  int reads = 0, partial = 0;
  hooks.set<&windows_os::ReadProcessMemory>(
      [&](HANDLE process, const void *address, void *out, SIZE_T size, SIZE_T *told) {
        reads++;
        if (partial > 0 && partial-- % 2 == 0) {
          *told = 0;
          return fail_with<BOOL>(ERROR_PARTIAL_COPY);
        }
        const BOOL is_read = sondei_windows_os.ReadProcessMemory(process, address, out, size, told);
        if (partial > 0) (*told)--;  // less than asked for, without a word
        return is_read;
      });
  Context context(hooks.options());
  Row all(context, OwnPid(), SONDE_PROCESS_CWD);
  const std::string cwd = text(all->cwd);
  EXPECT_EQ(reads, 3) << "PEB, parameters, text";
  for (int failures = 1; failures <= 7; failures++) {
    partial = failures;
    const Row row(context, OwnPid(), SONDE_PROCESS_CWD);
    ExpectTold(row, SONDE_PROCESS_CWD);
    EXPECT_EQ(text(row->cwd), cwd);
  }
  partial = 1000;
  reads = 0;
  const Row row(context, OwnPid(), SONDE_PROCESS_CWD);
  ExpectDenied(row, SONDE_PROCESS_CWD);
  EXPECT_EQ(reads, 8) << "not for ever";
  EXPECT_EQ(row.error.os_code, ERROR_PARTIAL_COPY);
  EXPECT_EQ(row.operation, "ReadProcessMemory");
  EXPECT_EQ(row.subject, "process " + std::to_string(OwnPid()));
}

TEST(WindowsProcessDetail, MemoryThatIsRefused) {
  WindowsHooks hooks;
  hooks.set<&windows_os::ReadProcessMemory>(
      [](HANDLE, const void *, void *, SIZE_T, SIZE_T *) { return fail_with<BOOL>(ERROR_ACCESS_DENIED); });
  Context context(hooks.options());
  ExpectDenied(Row(context, OwnPid(), SONDE_PROCESS_CWD), SONDE_PROCESS_CWD);
}

// A process whose memory is made up: PEB, parameters and a text, each where the one before says.
class MadeUp {
 public:
  explicit MadeUp(WindowsHooks &hooks) : peb(0x28, '\0'), parameters(0x3f8, '\0') {
    peb.replace(0x20, 8, LittleEndian(0x20000, 8));
    parameters[8] = 1;
    place(0x38, "");
    place(0x60, "");
    place(0x70, "");
    hooks.set<&windows_os::NtQueryInformationProcess>(
        [this](HANDLE, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *) {
          if (kind != ProcessBasicInformation) return STATUS_INVALID_INFO_CLASS;
          if (basic != STATUS_SUCCESS) return basic;
          EXPECT_EQ(size, sizeof(PROCESS_BASIC_INFORMATION));
          static_cast<PROCESS_BASIC_INFORMATION *>(out)->PebBaseAddress = reinterpret_cast<PEB *>(peb_address);
          return STATUS_SUCCESS;
        });
    hooks.set<&windows_os::ReadProcessMemory>(
        [this](HANDLE, const void *address, void *out, SIZE_T size, SIZE_T *told) {
          const uintptr_t at = reinterpret_cast<uintptr_t>(address);
          const std::string &from = at == 0x10000 ? peb : at == 0x20000 ? parameters : bytes;
          EXPECT_TRUE(at == 0x10000 || at == 0x20000 || at == 0x30000) << at;
          *told = (std::min)(size, from.size());
          from.copy(static_cast<char *>(out), *told);
          return *told == size ? TRUE : fail_with<BOOL>(ERROR_PARTIAL_COPY);
        });
  }
  // A text of the process.
  void place(size_t offset, const std::string &utf16) {
    parameters.replace(offset, 16, UnicodeStringBytes(8, utf16.size(), 0x30000));
    bytes = utf16;
  }
  void place_environment(const std::string &utf16, uint64_t size) {
    parameters.replace(0x80, 8, LittleEndian(0x30000, 8));
    parameters.replace(0x3f0, 8, LittleEndian(size, 8));
    bytes = utf16;
  }
  NTSTATUS basic = STATUS_SUCCESS;
  uintptr_t peb_address = 0x10000;
  std::string peb, parameters, bytes;
};

TEST(WindowsProcessDetail, MadeUpProcesses) {
  WindowsHooks hooks;
  MadeUp it(hooks);
  Context context(hooks.options());
  const struct {
    const char *origin;
    std::u16string in;
    const char *expected;
  } directories[] = {
      {"a directory", u"C:\\dir\\", "C:\\dir"},
      {"no backslash at the end", u"C:\\dir", "C:\\dir"},
      {"the root of a drive", u"C:\\", "C:\\"},
      {"a share", u"\\\\server\\share\\", "\\\\server\\share"},
      {"over 260 characters", u"\\\\?\\C:\\dir\\", "C:\\dir"},
      {"one character", u"\\", "\\"},
      {"none", u"", ""},
  };
  for (const auto &row : directories) {
    it.place(0x38, Utf16(row.in));
    EXPECT_EQ(text(Row(context, OwnPid(), SONDE_PROCESS_CWD)->cwd), row.expected) << row.origin;
  }
  it.place(0x70, Utf16(u"p \"a b"));
  EXPECT_EQ(Row(context, OwnPid(), SONDE_PROCESS_CMDLINE).args(), (std::vector<std::string>{"p", "a b"}));

  it.parameters.replace(0x78, 8, LittleEndian(UINT64_MAX, 8));
  {
    const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
    ExpectFailed(row, SONDE_PROCESS_CMDLINE, SONDE_ERR_PARSE);
    EXPECT_EQ(row.operation, "a command line in the process");
    EXPECT_EQ(row.error.position, 0x70u);
  }
  it.peb.replace(0x20, 8, std::string(8, '\0'));
  {
    const Row row(context, OwnPid(), SONDE_PROCESS_CMDLINE);
    ExpectFailed(row, SONDE_PROCESS_CMDLINE, SONDE_ERR_PARSE);
    EXPECT_EQ(row.operation, "process parameters");
  }
  it.peb_address = 0;
  ExpectNone(Row(context, OwnPid(), SONDE_PROCESS_CMDLINE | SONDE_PROCESS_CWD));
  it.basic = STATUS_ACCESS_DENIED;
  ExpectDenied(Row(context, OwnPid(), SONDE_PROCESS_CMDLINE | SONDE_PROCESS_CWD),
               SONDE_PROCESS_CMDLINE | SONDE_PROCESS_CWD);
}

TEST(WindowsProcessDetail, MadeUpEnvironments) {
  WindowsHooks hooks;
  MadeUp it(hooks);
  Context context(hooks.options());
  Handle handle(context, OwnPid());
  Environ environment;
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_OK) << context.error();
  EXPECT_EQ(environment.count, 0u) << "none";
  const std::string bytes = Utf16(std::u16string(u"=C:=C:\\dir\0A=1\0B\0\0", 18));
  it.place_environment(bytes, bytes.size());
  ASSERT_EQ(sonde_environ_list_get(handle, &environment), SONDE_OK) << context.error();
  ASSERT_EQ(environment.count, 3u);
  EXPECT_EQ(text(environment.rows[0].name), "=C:");
  EXPECT_EQ(text(environment.rows[0].value), "C:\\dir");
  EXPECT_EQ(text(environment.rows[2].name), "B");
  EXPECT_FALSE(environment.rows[2].has_value);
  it.place_environment(bytes, bytes.size() + 2);
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_ERR_ACCESS) << "it ends before";
  EXPECT_EQ(environment.count, 3u);
  it.place_environment(bytes, (UINT64_C(1) << 26) + 1);
  EXPECT_EQ(sonde_environ_list_get(handle, &environment), SONDE_ERR_PARSE);
  EXPECT_NE(context.error().find("less than 64 MiB"), std::string::npos);
}

// 32-bit processes, as a 64-bit program sees them.
TEST(WindowsProcessDetail, WhereTheirPebIsIsRefused) {
  WINDOWS_CHILD(child, WindowsChildOptions(32));
  WindowsHooks hooks;
  hooks.set<&windows_os::NtQueryInformationProcess>(
      [](HANDLE, PROCESSINFOCLASS, void *, ULONG, ULONG *) { return STATUS_ACCESS_DENIED; });
  Context context(hooks.options());
  ExpectDenied(Row(context, child.pid(), SONDE_PROCESS_CWD), SONDE_PROCESS_CWD);
}
#else
// 64-bit processes, as a 32-bit program sees them.
TEST(WindowsProcessDetail, WiderProcesses) {
  WINDOWS_CHILD(child, WindowsChildOptions(64).with_directory(L"C:\\windows"));
  WindowsHooks hooks;
  NTSTATUS query = STATUS_SUCCESS, read = STATUS_SUCCESS;
  int partial = 0;
  hooks.set<&windows_os::NtWow64QueryInformationProcess64>([&query](HANDLE process, int kind, void *out, ULONG size,
                                                                    ULONG *told) {
    return query != STATUS_SUCCESS ? query
                                   : sondei_windows_os.NtWow64QueryInformationProcess64(process, kind, out, size, told);
  });
  hooks.set<&windows_os::NtWow64ReadVirtualMemory64>([&](HANDLE process, uint64_t address, void *out, uint64_t size,
                                                         uint64_t *told) {
    const NTSTATUS code =
        read != STATUS_SUCCESS ? read : sondei_windows_os.NtWow64ReadVirtualMemory64(process, address, out, size, told);
    if (partial > 0 && partial-- > 0) (*told)--;
    return code;
  });
  RefuseCommandLines(hooks);
  Context context(hooks.options());
  const uint64_t fields = SONDE_PROCESS_CWD | SONDE_PROCESS_CMDLINE;
  ExpectTold(Row(context, child.pid(), fields), fields);
  partial = 7;
  EXPECT_EQ(text(Row(context, child.pid(), SONDE_PROCESS_CWD)->cwd), "C:\\windows");
  partial = 1000;
  {
    const Row row(context, child.pid(), SONDE_PROCESS_CWD);
    ExpectDenied(row, SONDE_PROCESS_CWD);
    EXPECT_EQ(row.operation, "NtWow64ReadVirtualMemory64");
    EXPECT_EQ(partial, 1000 - 8);
  }
  partial = 0;
  read = STATUS_ACCESS_DENIED;
  ExpectDenied(Row(context, child.pid(), fields), fields);
  query = STATUS_ACCESS_DENIED;
  ExpectDenied(Row(context, child.pid(), fields), fields);
  query = STATUS_PROCEDURE_NOT_FOUND;
  ExpectDenied(Row(context, child.pid(), fields), fields);
  ExpectNone(Row(context, child.pid(), SONDE_PROCESS_FOOTPRINT));
  Handle handle(context, child.pid());
  Maps maps;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_ACCESS);
}

TEST(WindowsProcessDetail, LateFunctionsOfWiderProcesses) {
  Context context;
  const Row row(context, OwnPid(), SONDE_PROCESS_CWD);
  ExpectTold(row, SONDE_PROCESS_CWD);
}
#endif

// ---- Directory and environment ----

TEST_P(WindowsProcessDetailOfBits, Directory) {
  const struct {
    const wchar_t *made, *expected;
  } rows[] = {
      {L"C:\\windows", L"C:\\windows"}, {L"C:\\windows\\system32\\", L"C:\\windows\\system32"}, {L"C:\\", L"C:\\"}};
  for (const auto &row : rows) {
    WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_directory(row.made));
    Context context;
    const Row told(context, child.pid(), SONDE_PROCESS_CWD);
    ExpectTold(told, SONDE_PROCESS_CWD);
    EXPECT_EQ(text(told->cwd), Utf8Of(row.expected));
    EXPECT_EQ(text(told->cwd), Utf8Of(child.told("directory")));
  }
}

TEST_P(WindowsProcessDetailOfBits, Environment) {
  const std::vector<std::wstring> variables = {L"=C:=C:\\windows",     L"A=",       L"B=x=y",
                                               L"\x00e9=\xd83d\xde00", L"S=\xd800", L"Z=" + std::wstring(40000, L'z')};
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_environment(variables));
  Context context;
  Handle handle(context, child.pid());
  Environ environment;
  ASSERT_EQ(sonde_environ_list_get(handle, &environment), SONDE_OK) << context.error();
  std::map<std::string, std::string> told;
  for (size_t i = 0; i < environment.count; i++) {
    EXPECT_EQ(environment.rows[i].status, SONDE_OK);
    EXPECT_TRUE(environment.rows[i].has_value);
    told[text(environment.rows[i].name)] = text(environment.rows[i].value);
  }
  for (const std::wstring &variable : variables) {
    const size_t equals = variable.find(L'=', 1);
    const std::string name = Utf8Of(variable.substr(0, equals));
    ASSERT_EQ(told.count(name), 1u) << name;
    EXPECT_EQ(told[name], Utf8Of(variable.substr(equals + 1))) << name;
  }
}

TEST(WindowsProcessDetail, OwnEnvironment) {
  SetEnvironmentVariableW(L"SONDE_TEST_VARIABLE", L"set while running");
  Context context;
  Handle handle(context, OwnPid());
  Environ environment;
  ASSERT_EQ(sonde_environ_list_get(handle, &environment), SONDE_OK) << context.error();
  wchar_t *const block = GetEnvironmentStringsW();
  size_t count = 0;
  for (const wchar_t *at = block; *at != L'\0'; at += wcslen(at) + 1, count++) {
    ASSERT_LT(count, environment.count);
    const sonde_environ &row = environment.rows[count];
    EXPECT_EQ(text(row.name) + (row.has_value ? "=" : "") + text(row.value), Utf8Of(at));
  }
  EXPECT_EQ(count, environment.count);
  FreeEnvironmentStringsW(block);
}

// ---- Program ----

TEST_P(WindowsProcessDetailOfBits, ProgramElsewhere) {
  const std::wstring image = LongFolder(2) + L"\\child" + std::to_wstring(GetParam()) + L".exe";
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_image(image));
  Context context;
  const Row row(context, child.pid(), SONDE_PROCESS_EXE);
  ExpectTold(row, SONDE_PROCESS_EXE);
  EXPECT_EQ(text(row->exe), Utf8Of(image.substr(4)));
  EXPECT_GT(row->exe.len, 220u) << "Wine starts no program with more than 260";
}

TEST(WindowsProcessDetail, OwnProgram) {
  wchar_t path[1024];
  GetModuleFileNameW(nullptr, path, 1024);
  for (const int refused : {0, 1, 2}) {
    WindowsHooks hooks;
    if (refused > 0) {
      hooks.set<&windows_os::NtQuerySystemInformation>(
          [](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
            if (static_cast<int>(kind) == kSystemProcessId) return STATUS_INVALID_INFO_CLASS;
            return sondei_windows_os.NtQuerySystemInformation(kind, out, size, told);
          });
    }
    if (refused > 1) {
      hooks.set<&windows_os::QueryFullProcessImageNameW>(
          [](HANDLE, DWORD, wchar_t *, DWORD *) { return fail_with<BOOL>(ERROR_ACCESS_DENIED); });
    }
    Context context(hooks.options());
    const Row row(context, OwnPid(), SONDE_PROCESS_EXE);
    if (refused < 2) {
      ExpectTold(row, SONDE_PROCESS_EXE);
      EXPECT_EQ(text(row->exe), Utf8Of(path));
    } else {
      ExpectDenied(row, SONDE_PROCESS_EXE);
      EXPECT_EQ(row.operation, "QueryFullProcessImageNameW");
    }
  }
}

// What the kernel says of programs.
void AnswerPrograms(WindowsHooks &hooks, NTSTATUS code, const std::u16string &name) {
  hooks.set<&windows_os::NtQuerySystemInformation>(
      [code, name](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
        if (static_cast<int>(kind) != kSystemProcessId) {
          return sondei_windows_os.NtQuerySystemInformation(kind, out, size, told);
        }
        struct Asked {
          HANDLE pid;
          UNICODE_STRING name;
        };
        auto *const asked = static_cast<Asked *>(out);
        EXPECT_EQ(size, sizeof *asked);
        EXPECT_EQ(reinterpret_cast<uintptr_t>(asked->pid), static_cast<uintptr_t>(OwnPid()));
        const std::string bytes = Utf16(name);
        EXPECT_LE(bytes.size(), asked->name.MaximumLength);
        bytes.copy(reinterpret_cast<char *>(asked->name.Buffer), bytes.size());
        asked->name.Length = static_cast<USHORT>(bytes.size());
        return code;
      });
}

TEST(WindowsProcessDetail, ProgramsAsTheKernelNamesThem) {
  const struct {
    const char *origin;
    std::u16string in;
    std::string expected;
  } rows[] = {
      {"on a share", u"\\Device\\Mup\\server\\share\\x.exe", "\\\\server\\share\\x.exe"},
      {"as an object", u"\\??\\Z:\\x.exe", "Z:\\x.exe"},
      {"on a volume without a letter", u"\\Device\\HarddiskVolume4711\\x.exe", "\\Device\\HarddiskVolume4711\\x.exe"},
      {"no path", u"Registry", "Registry"},
      {"the longest", std::u16string(32766, u'x'), std::string(32766, 'x')},
  };
  for (const auto &row : rows) {
    WindowsHooks hooks;
    AnswerPrograms(hooks, STATUS_SUCCESS, row.in);
    Context context(hooks.options());
    const Row told(context, OwnPid(), SONDE_PROCESS_EXE);
    ExpectTold(told, SONDE_PROCESS_EXE);
    EXPECT_EQ(text(told->exe), row.expected) << row.origin;
  }
  WindowsHooks hooks;
  AnswerPrograms(hooks, STATUS_SUCCESS, u"");
  Context context(hooks.options());
  ExpectNone(Row(context, OwnPid(), SONDE_PROCESS_EXE));
}

TEST(WindowsProcessDetail, ProgramOfAProcessThatMayNotBeOpened) {
  WindowsHooks hooks;
  hooks.set<&windows_os::OpenProcess>([](DWORD, BOOL, DWORD) { return fail_with<HANDLE>(ERROR_ACCESS_DENIED); });
  AnswerPrograms(hooks, STATUS_SUCCESS, u"\\??\\C:\\x.exe");
  {
    Context context(hooks.options());
    const Row row(context, OwnPid(), SONDE_PROCESS_EXE | SONDE_PROCESS_CMDLINE | SONDE_PROCESS_USERNAME);
    EXPECT_EQ(row->status, SONDE_ERR_ACCESS);
    EXPECT_EQ(row->valid, SONDE_PROCESS_EXE);
    EXPECT_EQ(row->denied, SONDE_PROCESS_CMDLINE | SONDE_PROCESS_USERNAME);
    EXPECT_EQ(text(row->exe), "C:\\x.exe");
  }
  AnswerPrograms(hooks, STATUS_ACCESS_DENIED, u"");
  {
    Context context(hooks.options());
    ExpectDenied(Row(context, OwnPid(), SONDE_PROCESS_EXE), SONDE_PROCESS_EXE);
  }
  AnswerPrograms(hooks, STATUS_INVALID_CID, u"");
  Context context(hooks.options());
  EXPECT_EQ(Row(context, OwnPid(), SONDE_PROCESS_EXE)->status, SONDE_ERR_NO_PROCESS);
}

// ---- Token ----

class Token {
 public:
  Token() { EXPECT_TRUE(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token_)); }
  ~Token() { CloseHandle(token_); }
  template <typename Information>
  const Information *ask(TOKEN_INFORMATION_CLASS kind) {
    DWORD told = 0;
    EXPECT_TRUE(GetTokenInformation(token_, kind, room_, sizeof room_, &told));
    return reinterpret_cast<const Information *>(room_);
  }

 private:
  HANDLE token_ = nullptr;
  alignas(8) char room_[4096];
};

TEST(WindowsProcessDetail, UserAndElevation) {
  Token token;
  wchar_t name[300], domain[300];
  DWORD name_units = 300, domain_units = 300;
  SID_NAME_USE use;
  ASSERT_TRUE(LookupAccountSidW(nullptr, token.ask<TOKEN_USER>(TokenUser)->User.Sid, name, &name_units, domain,
                                &domain_units, &use));
  wchar_t logged_on[300];
  DWORD units = 300;
  ASSERT_TRUE(GetUserNameW(logged_on, &units));
  Context context;
  const Row row(context, OwnPid(), SONDE_PROCESS_USERNAME | SONDE_PROCESS_ELEVATED);
  ExpectTold(row, SONDE_PROCESS_USERNAME | SONDE_PROCESS_ELEVATED);
  EXPECT_EQ(text(row->username), Utf8Of(domain) + "\\" + Utf8Of(logged_on));
  EXPECT_EQ(row->elevated, token.ask<TOKEN_ELEVATION>(TokenElevation)->TokenIsElevated != 0);
}

TEST(WindowsProcessDetail, ElevatedOrNot) {
  WindowsHooks hooks;
  DWORD is_elevated = 0;
  hooks.set<&windows_os::GetTokenInformation>(
      [&is_elevated](HANDLE, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size, DWORD *told) -> BOOL {
        EXPECT_EQ(kind, TokenElevation);
        EXPECT_EQ(size, sizeof(TOKEN_ELEVATION));
        static_cast<TOKEN_ELEVATION *>(out)->TokenIsElevated = is_elevated;
        *told = size;
        return TRUE;
      });
  Context context(hooks.options());
  EXPECT_FALSE(Row(context, OwnPid(), SONDE_PROCESS_ELEVATED)->elevated);
  is_elevated = 1;
  EXPECT_TRUE(Row(context, OwnPid(), SONDE_PROCESS_ELEVATED)->elevated);
}

TEST(WindowsProcessDetail, TokensThatAreRefused) {
  const uint64_t fields = SONDE_PROCESS_USERNAME | SONDE_PROCESS_ELEVATED;
  WindowsHooks hooks;
  int closed = 0, opened = 0;
  hooks.set<&windows_os::OpenProcessToken>([&opened](HANDLE process, DWORD access, HANDLE *out) {
    opened++;
    return sondei_windows_os.OpenProcessToken(process, access, out);
  });
  hooks.set<&windows_os::CloseHandle>([&closed](HANDLE handle) {
    closed++;
    return sondei_windows_os.CloseHandle(handle);
  });
  hooks.set<&windows_os::GetTokenInformation>([](HANDLE, TOKEN_INFORMATION_CLASS, void *, DWORD, DWORD *) {
    return fail_with<BOOL>(ERROR_INSUFFICIENT_BUFFER);
  });
  {
    Context context(hooks.options());
    const Row row(context, OwnPid(), fields);
    ExpectFailed(row, fields, SONDE_ERR_OS);
    EXPECT_EQ(row.operation, "GetTokenInformation");
    EXPECT_EQ(row.error.os_code, ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(opened, 2);
    EXPECT_EQ(closed, 3) << "the process, too";
  }
  hooks.set<&windows_os::OpenProcessToken>(
      [](HANDLE, DWORD, HANDLE *) { return fail_with<BOOL>(ERROR_ACCESS_DENIED); });
  Context context(hooks.options());
  const Row row(context, OwnPid(), fields);
  ExpectDenied(row, fields);
  EXPECT_EQ(row.operation, "OpenProcessToken");
}

TEST(WindowsProcessDetail, ManyProcessesOfOneUserAreLookedUpOnce) {
  WindowsHooks hooks;
  std::vector<std::string> looked_up;
  hooks.set<&windows_os::LookupAccountSidW>([&](const wchar_t *system, PSID sid, wchar_t *name, DWORD *name_units,
                                                wchar_t *domain, DWORD *domain_units, SID_NAME_USE *use) {
    looked_up.emplace_back(static_cast<const char *>(sid), GetLengthSid(sid));
    return sondei_windows_os.LookupAccountSidW(system, sid, name, name_units, domain, domain_units, use);
  });
  Context context(hooks.options());
  WINDOWS_CHILD(first, WindowsChildOptions(kOwnBits));
  WINDOWS_CHILD(second, WindowsChildOptions(kOwnBits));
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_USERNAME), SONDE_OK) << context.error();
  EXPECT_GE(table.count, 3u);
  std::vector<std::string> once = looked_up;
  std::sort(once.begin(), once.end());
  once.erase(std::unique(once.begin(), once.end()), once.end());
  EXPECT_EQ(looked_up.size(), once.size());
  std::string own = text(Row(context, OwnPid(), SONDE_PROCESS_USERNAME)->username);
  for (size_t i = 0; i < table.count; i++) {
    const sonde_pid pid = table.rows[i].pid;
    if (pid == first.pid() || pid == second.pid() || pid == OwnPid()) {
      EXPECT_EQ(text(table.rows[i].username), own);
    }
  }
}

// A token of that SID.
void AnswerUsers(WindowsHooks &hooks, const std::string &sid, size_t offset = sizeof(TOKEN_USER)) {
  hooks.set<&windows_os::GetTokenInformation>(
      [sid, offset](HANDLE, TOKEN_INFORMATION_CLASS, void *out, DWORD size, DWORD *told) -> BOOL {
        auto *const user = static_cast<TOKEN_USER *>(out);
        user->User.Sid = static_cast<char *>(out) + offset;
        EXPECT_LE(sizeof *user + sid.size(), size);
        sid.copy(static_cast<char *>(out) + sizeof *user, sid.size());
        *told = static_cast<DWORD>(sid.empty() ? 0 : sizeof *user + sid.size());
        return TRUE;
      });
}

std::string SidOf(const wchar_t *written) {
  PSID sid = nullptr;
  EXPECT_TRUE(ConvertStringSidToSidW(written, &sid));
  const std::string bytes(static_cast<const char *>(sid), GetLengthSid(sid));
  LocalFree(sid);
  return bytes;
}

void AnswerAccounts(WindowsHooks &hooks, DWORD code, const wchar_t *domain, const wchar_t *name, int *count = nullptr) {
  hooks.set<&windows_os::LookupAccountSidW>(
      [=](const wchar_t *, PSID, wchar_t *out, DWORD *units, wchar_t *where, DWORD *where_units, SID_NAME_USE *) {
        if (count != nullptr) ++*count;
        if (code != ERROR_SUCCESS) return fail_with<BOOL>(code);
        EXPECT_GT(*units, wcslen(name));
        EXPECT_GT(*where_units, wcslen(domain));
        wcscpy(out, name);
        wcscpy(where, domain);
        return TRUE;
      });
}

TEST(WindowsProcessDetail, Users) {
  WindowsHooks hooks;
  int asked = 0;
  const std::wstring longest(256, L'\x00e9');
  AnswerUsers(hooks, SidOf(L"S-1-5-21-1-2-3-1001"));
  AnswerAccounts(hooks, ERROR_SUCCESS, L"DOMAIN", L"us\x00e9r");
  Context context(hooks.options());
  EXPECT_EQ(text(Row(context, OwnPid(), SONDE_PROCESS_USERNAME)->username), "DOMAIN\\us\xc3\xa9r");
  AnswerAccounts(hooks, ERROR_SUCCESS, L"", L"Everyone");
  EXPECT_EQ(text(Row(context, OwnPid(), SONDE_PROCESS_USERNAME)->username), "Everyone");
  AnswerAccounts(hooks, ERROR_SUCCESS, longest.c_str(), longest.c_str());
  EXPECT_EQ(text(Row(context, OwnPid(), SONDE_PROCESS_USERNAME)->username), Utf8Of(longest + L"\\" + longest));

  AnswerAccounts(hooks, ERROR_NONE_MAPPED, L"", L"");
  for (const wchar_t *sid :
       {L"S-1-5-21-1-2-3-1001", L"S-1-5-18", L"S-1-5-21-4294967295", L"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15"}) {
    AnswerUsers(hooks, SidOf(sid));
    const Row row(context, OwnPid(), SONDE_PROCESS_USERNAME);
    ExpectTold(row, SONDE_PROCESS_USERNAME);
    EXPECT_EQ(text(row->username), Utf8Of(sid)) << "nobody's SID";
  }

  AnswerAccounts(hooks, ERROR_TRUSTED_RELATIONSHIP_FAILURE, L"", L"", &asked);
  {
    const Row row(context, OwnPid(), SONDE_PROCESS_USERNAME);
    ExpectFailed(row, SONDE_PROCESS_USERNAME, SONDE_ERR_OS);
    EXPECT_EQ(row.operation, "LookupAccountSidW");
    EXPECT_EQ(asked, 1);
  }
  asked = 0;
  Table table;
  EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_USERNAME), SONDE_OK);
  EXPECT_GE(table.bad, 2u);
  EXPECT_EQ(asked, 1) << "a server that does not answer is asked once";
}

TEST(WindowsProcessDetail, ProcessesOfSeveralUsers) {
  const std::string sids[] = {SidOf(L"S-1-5-18"), SidOf(L"S-1-5-19"), SidOf(L"S-1-5-21-1-2-3-1001")};
  const char *const names[] = {"S-1-5-18", "S-1-5-19", "S-1-5-21-1-2-3-1001"};
  WindowsHooks hooks;
  int looked_up = 0, told = 0;
  hooks.set<&windows_os::GetTokenInformation>(
      [&](HANDLE, TOKEN_INFORMATION_CLASS, void *out, DWORD, DWORD *size) -> BOOL {
        auto *const user = static_cast<TOKEN_USER *>(out);
        const std::string &sid = sids[told++ % 3];
        user->User.Sid = user + 1;
        sid.copy(reinterpret_cast<char *>(user + 1), sid.size());
        *size = static_cast<DWORD>(sizeof *user + sid.size());
        return TRUE;
      });
  AnswerAccounts(hooks, ERROR_NONE_MAPPED, L"", L"", &looked_up);
  Context context(hooks.options());
  WINDOWS_CHILD(first, WindowsChildOptions(kOwnBits));
  WINDOWS_CHILD(second, WindowsChildOptions(kOwnBits));
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_USERNAME), SONDE_OK) << context.error();
  EXPECT_GE(told, 4);
  size_t next = 0;
  for (size_t i = 0; i < table.count; i++) {
    if (table.rows[i].status != SONDE_OK) continue;  // it ended before it was asked
    EXPECT_EQ(text(table.rows[i].username), names[next++ % 3]);
  }
  EXPECT_EQ(next, static_cast<size_t>(told));
  EXPECT_EQ(looked_up, 3);
}

TEST(WindowsProcessDetail, UsersThatAreNotUnderstood) {
  const std::string sid = SidOf(L"S-1-5-18");
  const struct {
    const char *origin;
    std::string bytes;
    size_t offset;
    const char *expected;
  } rows[] = {
      {"nothing told", "", sizeof(TOKEN_USER), "a SID in the answer"},
      {"a SID elsewhere", sid, 4711, "a SID in the answer"},
      {"a SID in front", sid, static_cast<size_t>(-8), "a SID in the answer"},
      {"half a SID", sid.substr(0, sid.size() - 1), sizeof(TOKEN_USER), "as many parts as it says"},
      {"no SID", "xxxxxxxx", sizeof(TOKEN_USER), "revision 1"},
  };
  for (const auto &row : rows) {
    WindowsHooks hooks;
    AnswerUsers(hooks, row.bytes, row.offset);
    Context context(hooks.options());
    const Row told(context, OwnPid(), SONDE_PROCESS_USERNAME);
    ExpectFailed(told, SONDE_PROCESS_USERNAME, SONDE_ERR_PARSE);
    EXPECT_EQ(told.operation, row.expected) << row.origin;
  }
}

// ---- Width ----

TEST_P(WindowsProcessDetailOfBits, Width) {
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()));
  for (const bool is_old : {false, true}) {
    WindowsHooks hooks;
    if (is_old) {
      hooks.set<&windows_os::IsWow64Process2>(
          [](HANDLE, USHORT *, USHORT *) { return fail_with<BOOL>(ERROR_PROC_NOT_FOUND); });
    }
    Context context(hooks.options());
    const Row row(context, child.pid(), SONDE_PROCESS_BITNESS);
    ExpectTold(row, SONDE_PROCESS_BITNESS);
    EXPECT_EQ(row->bitness, static_cast<uint32_t>(GetParam()));
  }
}

TEST(WindowsProcessDetail, WidthByMachine) {
  const struct {
    USHORT machine, native;
    uint32_t expected;
  } rows[] = {
      {IMAGE_FILE_MACHINE_UNKNOWN, IMAGE_FILE_MACHINE_AMD64, 64},
      {IMAGE_FILE_MACHINE_UNKNOWN, IMAGE_FILE_MACHINE_ARM64, 64},
      {IMAGE_FILE_MACHINE_UNKNOWN, IMAGE_FILE_MACHINE_I386, 32},
      {IMAGE_FILE_MACHINE_I386, IMAGE_FILE_MACHINE_AMD64, 32},
      {IMAGE_FILE_MACHINE_ARMNT, IMAGE_FILE_MACHINE_ARM64, 32},
      {IMAGE_FILE_MACHINE_AMD64, IMAGE_FILE_MACHINE_ARM64, 64},
  };
  for (const auto &row : rows) {
    WindowsHooks hooks;
    hooks.set<&windows_os::IsWow64Process2>([row](HANDLE, USHORT *machine, USHORT *native) -> BOOL {
      *machine = row.machine;
      *native = row.native;
      return TRUE;
    });
    Context context(hooks.options());
    EXPECT_EQ(Row(context, OwnPid(), SONDE_PROCESS_BITNESS)->bitness, row.expected);
  }
}

TEST(WindowsProcessDetail, WidthThatIsRefused) {
  const uint64_t fields = SONDE_PROCESS_BITNESS | SONDE_PROCESS_CWD | SONDE_PROCESS_FOOTPRINT;
  WindowsHooks hooks;
  hooks.set<&windows_os::IsWow64Process2>(
      [](HANDLE, USHORT *, USHORT *) { return fail_with<BOOL>(ERROR_ACCESS_DENIED); });
  {
    Context context(hooks.options());
    const Row row(context, OwnPid(), fields);
    ExpectDenied(row, fields);
    EXPECT_EQ(row.operation, "IsWow64Process2");
    Handle handle(context, OwnPid());
    Maps maps;
    EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_ACCESS);
  }
  hooks.set<&windows_os::IsWow64Process2>(
      [](HANDLE, USHORT *, USHORT *) { return fail_with<BOOL>(ERROR_PROC_NOT_FOUND); });
  hooks.set<&windows_os::IsWow64Process>([](HANDLE, BOOL *) { return fail_with<BOOL>(ERROR_ACCESS_DENIED); });
  Context context(hooks.options());
  const Row row(context, OwnPid(), fields);
  ExpectDenied(row, fields);
  EXPECT_EQ(row.operation, "IsWow64Process");
}

// ---- Footprint ----

// A process of that many pages, each third of which is shared. Wine refuses the class.
void AnswerWorkingSets(WindowsHooks &hooks, size_t pages, int *asked,
                       NTSTATUS too_small = STATUS_INFO_LENGTH_MISMATCH) {
  hooks.set<&windows_os::NtQueryVirtualMemory>([=](HANDLE, const void *, int kind, void *out, SIZE_T size, SIZE_T *) {
    EXPECT_EQ(kind, kWorkingSet);
    ++*asked;
    auto *const numbers = static_cast<ULONG_PTR *>(out);
    numbers[0] = pages;
    if (size < (pages + 1) * sizeof *numbers) return too_small;
    for (size_t i = 0; i < pages; i++) numbers[i + 1] = (0x10000 + i) << 12 | (i % 3 == 0 ? 0x100 : 0) | 4;
    return STATUS_SUCCESS;
  });
}

// The chain of Wine does not tell the private working set; were it told, no handle would be needed.
void HidePrivateWorkingSets(WindowsHooks &hooks) {
  hooks.set<&windows_os::NtQuerySystemInformation>(
      [](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
        const NTSTATUS code = sondei_windows_os.NtQuerySystemInformation(kind, out, size, told);
        if (kind != SystemProcessInformation || code != STATUS_SUCCESS) return code;
        for (char *at = static_cast<char *>(out);;) {
          memset(at + 8, 0, 8);
          const ULONG next = reinterpret_cast<SYSTEM_PROCESS_INFORMATION *>(at)->NextEntryOffset;
          if (next == 0) return code;
          at += next;
        }
      });
}

TEST(WindowsProcessDetail, Footprint) {
  SYSTEM_INFO info;
  GetSystemInfo(&info);
  for (const size_t pages : {size_t{0}, size_t{1}, size_t{9}, size_t{3000000}}) {
    WindowsHooks hooks;
    int asked = 0;
    HidePrivateWorkingSets(hooks);
    AnswerWorkingSets(hooks, pages, &asked);
    Context context(hooks.options());
    const Row row(context, OwnPid(), SONDE_PROCESS_FOOTPRINT);
    ExpectTold(row, SONDE_PROCESS_FOOTPRINT);
    ASSERT_NE(row->footprint, nullptr);
    EXPECT_EQ(row->footprint->valid, SONDE_FOOTPRINT_USS);
    EXPECT_EQ(row->footprint->uss, uint64_t{pages - (pages + 2) / 3} * info.dwPageSize);
    EXPECT_EQ(asked, pages > 10000 ? 2 : 1) << "room for as many pages as were told";
  }
}

TEST(WindowsProcessDetail, FootprintsThatCannotBeTold) {
  WindowsHooks hooks;
  int asked = 0;
  HidePrivateWorkingSets(hooks);
  Context context(hooks.options());
  ExpectNone(Row(context, OwnPid(), SONDE_PROCESS_FOOTPRINT));
  hooks.set<&windows_os::NtQueryVirtualMemory>([&asked](HANDLE, const void *, int, void *out, SIZE_T size, SIZE_T *) {
    *static_cast<ULONG_PTR *>(out) = size / sizeof(ULONG_PTR);  // one more than there is room for
    asked++;
    return STATUS_INFO_LENGTH_MISMATCH;
  });
  Context refused(hooks.options());
  {
    const Row row(refused, OwnPid(), SONDE_PROCESS_FOOTPRINT);
    ExpectFailed(row, SONDE_PROCESS_FOOTPRINT, SONDE_ERR_OS);
    EXPECT_EQ(row.error.os_code, int64_t{0xc0000004});
    EXPECT_EQ(asked, 5) << "not for ever";
  }
  hooks.set<&windows_os::NtQueryVirtualMemory>(
      [](HANDLE, const void *, int, void *, SIZE_T, SIZE_T *) { return STATUS_ACCESS_DENIED; });
  ExpectDenied(Row(refused, OwnPid(), SONDE_PROCESS_FOOTPRINT), SONDE_PROCESS_FOOTPRINT);
  hooks.set<&windows_os::NtQueryVirtualMemory>([](HANDLE, const void *, int, void *out, SIZE_T size, SIZE_T *) {
    *static_cast<ULONG_PTR *>(out) = size / sizeof(ULONG_PTR);
    return STATUS_SUCCESS;
  });
  const Row row(refused, OwnPid(), SONDE_PROCESS_FOOTPRINT);
  ExpectFailed(row, SONDE_PROCESS_FOOTPRINT, SONDE_ERR_PARSE);
  EXPECT_EQ(row.operation, "as many pages as it says");
}

// ---- Mappings ----

TEST_P(WindowsProcessDetailOfBits, MapsOfAChild) {
  if (GetParam() > kOwnBits) GTEST_SKIP() << "a 32-bit program is not told";
  WINDOWS_CHILD(child, WindowsChildOptions(GetParam()).with_directory(L"C:\\windows"));
  const std::string file = Utf8Of(LongFolder(4)) + "\\map.txt";
  child.ask("close " + child.ask("write 70000 " + file));
  const uint64_t mapped = child.number("map " + file);
  const uint64_t allocated = child.number("allocate 1000000");
  const uint64_t library = child.number("load version.dll");
  Context context;
  Handle handle(context, child.pid());
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK) << context.error();
  EXPECT_EQ(maps.bad, 0u) << context.error();
  for (size_t i = 0; i < maps.count; i++) {
    EXPECT_LT(maps.rows[i].start, maps.rows[i].end);
    if (i > 0) {
      EXPECT_LE(maps.rows[i - 1].end, maps.rows[i].start);
    }
    EXPECT_EQ(maps.rows[i].valid, 0u);
    EXPECT_EQ(strlen(maps.rows[i].perms), 4u);
  }
  const sonde_map *row = maps.find(mapped);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(text(row->path), file.substr(4));
  EXPECT_GT(row->path.len, 400u);
  EXPECT_EQ(row->perms[0], 'r');
  EXPECT_EQ(row->perms[3], 's');
  EXPECT_GE(row->end - row->start, 70000u);
  row = maps.find(allocated);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(text(row->path), "");
  EXPECT_STREQ(row->perms, "rw-p");
  EXPECT_GE(row->end - row->start, 1000000u);
  row = maps.find(library);
  ASSERT_NE(row, nullptr);
  const std::string path = text(row->path);
  EXPECT_NE(path.find("version.dll"), std::string::npos) << path;
  EXPECT_EQ(path.substr(0, 3), "C:\\");
}

std::string Lower(std::string in) {
  std::transform(in.begin(), in.end(), in.begin(), [](unsigned char c) { return static_cast<char>(tolower(c)); });
  return in;
}

TEST(WindowsProcessDetail, MapsAreWhereModulesAre) {
  Context context;
  Handle handle(context, OwnPid());
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK) << context.error();
  const HANDLE modules = CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, 0);
  ASSERT_NE(modules, INVALID_HANDLE_VALUE);
  MODULEENTRY32W module = {};
  module.dwSize = sizeof module;
  size_t count = 0, named = 0;
  for (BOOL more = Module32FirstW(modules, &module); more; more = Module32NextW(modules, &module), count++) {
    const sonde_map *const row = maps.find(reinterpret_cast<uintptr_t>(module.modBaseAddr));
    ASSERT_NE(row, nullptr) << Utf8Of(module.szExePath);
    EXPECT_EQ(row->start, reinterpret_cast<uintptr_t>(module.modBaseAddr));
    EXPECT_STREQ(row->perms, "r--p");
    /* By another way to it: syswow64, or a link of the host. */
    named += Lower(text(row->path)) == Lower(Utf8Of(module.szExePath));
  }
  CloseHandle(modules);
  EXPECT_GE(count, 4u);
  EXPECT_GE(named, 1u);
}

TEST(WindowsProcessDetail, PermissionsAsTheyAreSet) {
  const struct {
    DWORD protect;
    const char *expected;
  } rows[] = {
      {PAGE_NOACCESS, "---p"},     {PAGE_READONLY, "r--p"},          {PAGE_READWRITE, "rw-p"},
      {PAGE_EXECUTE_READ, "r-xp"}, {PAGE_EXECUTE_READWRITE, "rwxp"}, {PAGE_READWRITE | PAGE_GUARD, "rw-p"},
      {PAGE_EXECUTE, "--xp"},
  };
  Context context;
  Handle handle(context, OwnPid());
  for (const auto &row : rows) {
    void *const memory = VirtualAlloc(nullptr, 0x30000, MEM_RESERVE, PAGE_READWRITE);
    void *const middle = VirtualAlloc(static_cast<char *>(memory) + 0x10000, 0x10000, MEM_COMMIT, row.protect);
    ASSERT_NE(middle, nullptr);
    Maps maps;
    ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK) << context.error();
    const sonde_map *const reserved = maps.find(reinterpret_cast<uintptr_t>(memory));
    const sonde_map *const committed = maps.find(reinterpret_cast<uintptr_t>(middle));
    ASSERT_NE(reserved, nullptr);
    ASSERT_NE(committed, nullptr);
    EXPECT_STREQ(reserved->perms, "---p");
    EXPECT_STREQ(committed->perms, row.expected);
    EXPECT_EQ(committed->start, reinterpret_cast<uintptr_t>(middle));
    EXPECT_EQ(committed->end - committed->start, 0x10000u);
    VirtualFree(memory, 0, MEM_RELEASE);
  }
}

// Wine tells which pages are in memory only of the process that asks, and only by the handle that stands for it.
void AskOfOneself(WindowsHooks &hooks) {
  hooks.set<&windows_os::NtQueryVirtualMemory>(
      [](HANDLE, const void *address, int kind, void *out, SIZE_T size, SIZE_T *told) {
        return sondei_windows_os.NtQueryVirtualMemory(GetCurrentProcess(), address, kind, out, size, told);
      });
}

TEST(WindowsProcessDetail, ResidentPagesAreThoseThatWereTouched) {
  constexpr size_t kPages = 2000, kTouched = 700;
  WindowsHooks hooks;
  AskOfOneself(hooks);
  Context context(hooks.options());
  Handle handle(context, OwnPid());
  char *const memory =
      static_cast<char *>(VirtualAlloc(nullptr, 4096 * kPages, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
  ASSERT_NE(memory, nullptr);
  for (size_t i = 0; i < kTouched; i++) const_cast<volatile char *>(memory)[4096 * (kPages - 1 - i)] = 1;
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK) << context.error();
  EXPECT_EQ(maps.bad, 0u) << context.error();
  const sonde_map *const row = maps.find(reinterpret_cast<uintptr_t>(memory));
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->valid, SONDE_MAP_RSS);
  EXPECT_EQ(row->end - row->start, 4096 * kPages);
  EXPECT_EQ(row->rss, 4096 * kTouched);
  VirtualFree(memory, 0, MEM_RELEASE);
}

TEST(WindowsProcessDetail, ResidentPagesOfOthersAreNotToldByWine) {
  WINDOWS_CHILD(child, WindowsChildOptions(kOwnBits));
  WindowsHooks hooks;
  hooks.set<&windows_os::NtQueryVirtualMemory>(
      [](HANDLE process, const void *address, int kind, void *out, SIZE_T size, SIZE_T *told) {
        if (kind == kWorkingSetEx) return STATUS_INVALID_INFO_CLASS;
        return sondei_windows_os.NtQueryVirtualMemory(process, address, kind, out, size, told);
      });
  Context context(hooks.options());
  Handle handle(context, child.pid());
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK) << context.error();
  EXPECT_EQ(maps.bad, 0u);
  for (size_t i = 0; i < maps.count; i++) {
    if (strcmp(maps.rows[i].perms, "---p") != 0) {
      EXPECT_EQ(maps.rows[i].valid, 0u);
    }
  }
}

// An address space that is made up: regions, one behind the other.
class MadeUpSpace {
 public:
  explicit MadeUpSpace(WindowsHooks &hooks) {
    hooks.set<&windows_os::VirtualQueryEx>(
        [this](HANDLE, const void *address, MEMORY_BASIC_INFORMATION *out, SIZE_T size) -> SIZE_T {
          EXPECT_EQ(size, sizeof *out);
          for (const auto &region : regions) {
            const auto start = reinterpret_cast<uintptr_t>(region.BaseAddress);
            const auto at = reinterpret_cast<uintptr_t>(address);
            if (at < start || at - start >= region.RegionSize) continue;
            *out = region;
            return size;
          }
          return fail_with<SIZE_T>(end);
        });
    hooks.set<&windows_os::NtQueryVirtualMemory>(
        [this](HANDLE, const void *address, int kind, void *out, SIZE_T size, SIZE_T *) {
          if (kind == kMappedFile) {
            names_asked++;
            return name(address, static_cast<char *>(out));
          }
          EXPECT_EQ(kind, kWorkingSetEx);
          if (pages != STATUS_SUCCESS) return pages;
          struct Page {
            ULONG_PTR address, attributes;
          };
          for (auto *page = static_cast<Page *>(out); size > 0; size -= sizeof *page, page++) {
            page->attributes = page->address % 0x2000 == 0 ? 1 : 0;  // each second one
          }
          return STATUS_SUCCESS;
        });
  }
  void add(uintptr_t start, size_t size, DWORD state, DWORD protect, DWORD type, uintptr_t allocation = 0) {
    MEMORY_BASIC_INFORMATION region = {};
    region.BaseAddress = reinterpret_cast<void *>(start);
    region.AllocationBase = reinterpret_cast<void *>(allocation == 0 ? start : allocation);
    region.RegionSize = size;
    region.State = state;
    region.Protect = protect;
    region.Type = type;
    regions.push_back(region);
  }
  static NTSTATUS answer(char *out, const std::string &utf16) {
    const std::string bytes =
        UnicodeStringBytes(sizeof(void *), utf16.size(), reinterpret_cast<uintptr_t>(out) + sizeof(UNICODE_STRING)) +
        utf16;
    bytes.copy(out, bytes.size());
    return STATUS_SUCCESS;
  }
  std::vector<MEMORY_BASIC_INFORMATION> regions;
  DWORD end = ERROR_INVALID_PARAMETER;
  NTSTATUS pages = STATUS_SUCCESS;
  std::function<NTSTATUS(const void *, char *)> name = [](const void *, char *) { return STATUS_INVALID_ADDRESS; };
  int names_asked = 0;
};

TEST(WindowsProcessDetail, MadeUpMaps) {
  WindowsHooks hooks;
  MadeUpSpace space(hooks);
  space.add(0, 0x10000, MEM_FREE, 0, 0);
  space.add(0x10000, 0x3000, MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE);
  space.add(0x13000, 0x1000, MEM_RESERVE, 0, MEM_PRIVATE);
  space.add(0x14000, 0x1000, MEM_COMMIT, PAGE_READWRITE, MEM_MAPPED);
  space.add(0x15000, 0x1000, MEM_COMMIT, PAGE_WRITECOPY, MEM_MAPPED);
  space.add(0x16000, 0x1000, MEM_COMMIT, PAGE_EXECUTE_WRITECOPY, MEM_IMAGE, 0x16000);
  space.add(0x17000, 0x1000, MEM_COMMIT, PAGE_EXECUTE_READ, MEM_IMAGE, 0x16000);
  space.add(0x18000, 0x1000, MEM_COMMIT, PAGE_READONLY, MEM_IMAGE, 0x18000);
  space.add(0x19000, 0x1000, MEM_COMMIT, PAGE_READONLY, MEM_IMAGE, 0x19000);
  space.add(0x1a000, 0x1000, MEM_COMMIT, PAGE_READONLY, MEM_MAPPED);
  space.add(0x1b000, 0x1000, MEM_COMMIT, 0x4711, MEM_PRIVATE);
  space.name = [](const void *address, char *out) -> NTSTATUS {
    switch (reinterpret_cast<uintptr_t>(address)) {
      case 0x16000:
        return MadeUpSpace::answer(out, Utf16(u"\\??\\C:\\" + std::u16string(32000, u'x')));
      case 0x18000:
        return STATUS_FILE_INVALID;
      case 0x19000:
        UnicodeStringBytes(sizeof(void *), 10, 4711).copy(out, sizeof(UNICODE_STRING));
        return STATUS_SUCCESS;
      case 0x1a000:
        return STATUS_ACCESS_DENIED;
      default:
        return STATUS_INVALID_ADDRESS;
    }
  };
  Context context(hooks.options());
  Handle handle(context, OwnPid());
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK) << context.error();
  const struct {
    const char *perms;
    sonde_status status;
    size_t path_len;
    uint64_t rss;
  } expected[] = {
      {"rw-p", SONDE_OK, 0, 0x2000},     {"---p", SONDE_OK, 0, 0},          {"rw-s", SONDE_OK, 0, 0x1000},
      {"rw-p", SONDE_OK, 0, 0},          {"rwxp", SONDE_OK, 32003, 0x1000}, {"r-xp", SONDE_OK, 32003, 0},
      {"r--p", SONDE_ERR_OS, 0, 0x1000}, {"r--p", SONDE_ERR_PARSE, 0, 0},   {"r--s", SONDE_ERR_ACCESS, 0, 0x1000},
      {"---p", SONDE_OK, 0, 0},
  };
  ASSERT_EQ(maps.count, sizeof expected / sizeof expected[0]);
  for (size_t i = 0; i < maps.count; i++) {
    EXPECT_STREQ(maps.rows[i].perms, expected[i].perms) << i;
    EXPECT_EQ(maps.rows[i].status, expected[i].status) << i;
    EXPECT_EQ(maps.rows[i].path.len, expected[i].path_len) << i;
    EXPECT_EQ(maps.rows[i].valid, SONDE_MAP_RSS) << i;
    EXPECT_EQ(maps.rows[i].rss, expected[i].rss) << i;
  }
  EXPECT_EQ(space.names_asked, 6) << "once for each allocation";
  EXPECT_EQ(maps.bad, 3u);
}

#ifdef _WIN64
TEST(WindowsProcessDetail, RegionsBeyond32Bits) {
  WindowsHooks hooks;
  MadeUpSpace space(hooks);
  space.add(0, 0x10000, MEM_FREE, 0, 0);
  space.add(0x10000, 0x140000000, MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE);
  space.add(0x140010000, UINT64_C(0x7fff00000000), MEM_RESERVE, 0, MEM_PRIVATE);
  Context context(hooks.options());
  Handle handle(context, OwnPid());
  Maps maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK) << context.error();
  ASSERT_EQ(maps.count, 2u);
  EXPECT_EQ(maps.rows[0].end, 0x140010000u);
  EXPECT_EQ(maps.rows[0].rss, 0xa0000000u);
  EXPECT_EQ(maps.rows[1].end, UINT64_C(0x800040010000));
}
#endif

TEST(WindowsProcessDetail, MapsThatAreRefused) {
  WindowsHooks hooks;
  MadeUpSpace space(hooks);
  space.add(0, 0x10000, MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE);
  Context context(hooks.options());
  Handle handle(context, OwnPid());
  Maps maps;
  space.pages = STATUS_ACCESS_DENIED;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK);
  ASSERT_EQ(maps.count, 1u);
  EXPECT_EQ(maps.rows[0].status, SONDE_ERR_ACCESS);
  EXPECT_EQ(maps.rows[0].valid, 0u);
  space.pages = STATUS_NO_MEMORY;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_ERR_NO_MEMORY);
  space.end = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_ACCESS);
  space.end = ERROR_INVALID_PARAMETER;
  space.add(0x10000, 0x1000, MEM_COMMIT, PAGE_READONLY, MEM_IMAGE);
  space.name = [](const void *, char *) { return STATUS_NO_MEMORY; };
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_NO_MEMORY);
  space.regions.clear();
  ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK);
  EXPECT_EQ(maps.count, 0u);
  // One that leads back would be read for ever.
  space.add(0, 0x1000, MEM_COMMIT, PAGE_READWRITE, MEM_PRIVATE);
  space.regions[0].RegionSize = 0x1000;
  hooks.set<&windows_os::VirtualQueryEx>(
      [](HANDLE, const void *, MEMORY_BASIC_INFORMATION *out, SIZE_T size) -> SIZE_T {
        *out = {};
        out->State = MEM_FREE;
        return size;
      });
  ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK);
  EXPECT_EQ(maps.count, 0u);
}

TEST(WindowsProcessDetail, AProcessThatEndsWhileItIsLookedAt) {
  WINDOWS_CHILD(child, WindowsChildOptions(kOwnBits));
  WindowsHooks hooks;
  Context context([&] {
    hooks.set<&windows_os::VirtualQueryEx>([&child](HANDLE, const void *, MEMORY_BASIC_INFORMATION *, SIZE_T) {
      child.end();
      return fail_with<SIZE_T>(ERROR_ACCESS_DENIED);
    });
    hooks.set<&windows_os::NtQueryInformationProcess>([&child](HANDLE, PROCESSINFOCLASS, void *, ULONG, ULONG *) {
      child.end();
      return STATUS_ACCESS_DENIED;
    });
    return hooks.options();
  }());
  Handle handle(context, child.pid());
  Maps maps;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_NO_PROCESS);
  WINDOWS_CHILD(other, WindowsChildOptions(kOwnBits));
  hooks.set<&windows_os::NtQueryInformationProcess>([&other](HANDLE, PROCESSINFOCLASS, void *, ULONG, ULONG *) {
    other.end();
    return STATUS_ACCESS_DENIED;
  });
  Handle another(context, other.pid());
  Environ environment;
  EXPECT_EQ(sonde_environ_list_get(another, &environment), SONDE_ERR_NO_PROCESS);
}

}  // namespace
