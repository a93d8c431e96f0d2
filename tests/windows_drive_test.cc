// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <algorithm>
#include <map>
#include <string>

#include "tests/support/context.h"
#include "tests/support/windows_bytes.h"
#include "tests/support/windows_hooks.h"

namespace {

using sonde_test::Context;
using sonde_test::fail_with;
using sonde_test::text;
using sonde_test::WindowsHooks;

constexpr int kSystemProcessId = 0x58;

// A kernel that says the program of every process lies at `path`: the library tells it by the drives that it is told.
class Kernel {
 public:
  explicit Kernel(WindowsHooks &hooks) {
    hooks.set<&windows_os::NtQuerySystemInformation>(
        [this](SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
          if (static_cast<int>(kind) != kSystemProcessId) {
            return sondei_windows_os.NtQuerySystemInformation(kind, out, size, told);
          }
          auto *const name = reinterpret_cast<UNICODE_STRING *>(static_cast<HANDLE *>(out) + 1);
          const std::string bytes = Utf16(path);
          bytes.copy(reinterpret_cast<char *>(name->Buffer), bytes.size());
          name->Length = static_cast<USHORT>(bytes.size());
          return STATUS_SUCCESS;
        });
  }
  std::u16string path;
};

std::string Program(sonde *context) {
  sonde_process_table table = {};
  EXPECT_EQ(sonde_process_get(context, &table, GetCurrentProcessId(), SONDE_PROCESS_EXE), SONDE_OK)
      << sonde_test::last_error(context);
  const std::string exe = table.count == 1 ? text(table.rows[0].exe) : "?";
  sonde_process_table_free(&table);
  return exe;
}

std::u16string Wide(const wchar_t *in) { return std::u16string(in, in + wcslen(in)); }

TEST(WindowsDrive, PathsOfTheDrivesOfThisMachine) {
  WindowsHooks hooks;
  Kernel kernel(hooks);
  Context context(hooks.options());
  int drives = 0;
  for (wchar_t letter = L'A'; letter <= L'Z'; letter++) {
    const wchar_t name[] = {letter, L':', L'\0'};
    wchar_t device[1024];
    if (QueryDosDeviceW(name, device, 1024) == 0) continue;
    kernel.path = Wide(device) + u"\\dir\\\U0001f600.exe";
    const std::string told = Program(context);
    // Another letter may stand for the same.
    wchar_t back[1024] = L"";
    const wchar_t other[] = {static_cast<wchar_t>(told[0]), L':', L'\0'};
    EXPECT_NE(QueryDosDeviceW(other, back, 1024), 0u);
    EXPECT_STREQ(back, device);
    EXPECT_EQ(told.substr(1), ":\\dir\\\xf0\x9f\x98\x80.exe");
    drives++;
  }
  EXPECT_GE(drives, 2);
  wchar_t root[MAX_PATH];
  GetSystemWindowsDirectoryW(root, MAX_PATH);
  kernel.path = u"\\SystemRoot\\System32\\smss.exe";
  EXPECT_EQ(Program(context), Utf8(SpanOf(Utf16(Wide(root)))) + "\\System32\\smss.exe");
}

TEST(WindowsDrive, LettersOfEveryLength) {
  WindowsHooks hooks;
  Kernel kernel(hooks);
  const std::map<wchar_t, std::u16string> devices = {
      {L'A', u"\\Device\\Floppy0"},         {L'B', u"\\Device\\" + std::u16string(32000, u'b')},
      {L'C', u"\\Device\\HarddiskVolume3"}, {L'Y', u"\\Device\\" + std::u16string(32000, u'y')},
      {L'Z', u"\\Device\\HarddiskVolume4"},
  };
  int asked = 0;
  hooks.set<&windows_os::GetLogicalDrives>([] { return DWORD{1 | 2 | 4 | 8 | 1 << 24 | 1 << 25}; });
  hooks.set<&windows_os::QueryDosDeviceW>([&](const wchar_t *name, wchar_t *out, DWORD units) -> DWORD {
    asked++;
    EXPECT_EQ(name[1], L':');
    const auto device = devices.find(name[0]);
    if (device == devices.end()) return fail_with<DWORD>(ERROR_FILE_NOT_FOUND);
    // What the letter stood for before follows.
    const std::u16string all = device->second + std::u16string(u"\0\\Device\\Old\0\0", 14);
    EXPECT_LE(all.size(), units);
    std::copy(all.begin(), all.end(), out);
    return static_cast<DWORD>(all.size());
  });
  Context context(hooks.options());
  for (const auto &[letter, device] : devices) {
    kernel.path = device + u"\\x";
    EXPECT_EQ(Program(context), std::string(1, static_cast<char>(letter)) + ":\\x");
  }
  EXPECT_EQ(asked, 5 * 6) << "once a call, and only those that exist";
  kernel.path = u"\\Device\\Old\\x";
  EXPECT_EQ(Program(context), "\\Device\\Old\\x");
}

TEST(WindowsDrive, DrivesThatAreNotTold) {
  WindowsHooks hooks;
  Kernel kernel(hooks);
  hooks.set<&windows_os::GetLogicalDrives>([] { return DWORD{4 | 8}; });
  hooks.set<&windows_os::QueryDosDeviceW>([](const wchar_t *name, wchar_t *, DWORD units) -> DWORD {
    return name[0] == L'C' ? fail_with<DWORD>(ERROR_ACCESS_DENIED) : units;  // D: an answer that does not end
  });
  hooks.set<&windows_os::GetSystemWindowsDirectoryW>([](wchar_t *, UINT units) -> UINT { return units + 1; });
  Context context(hooks.options());
  kernel.path = u"\\Device\\HarddiskVolume3\\x";
  EXPECT_EQ(Program(context), "\\Device\\HarddiskVolume3\\x");
  kernel.path = u"\\SystemRoot\\x";
  EXPECT_EQ(Program(context), "\\SystemRoot\\x");
  kernel.path = u"\\Device\\Mup\\server\\x";
  EXPECT_EQ(Program(context), "\\\\server\\x");
  hooks.set<&windows_os::GetLogicalDrives>([] { return fail_with<DWORD>(ERROR_ACCESS_DENIED); });
  EXPECT_EQ(Program(context), "\\\\server\\x");
}

}  // namespace
