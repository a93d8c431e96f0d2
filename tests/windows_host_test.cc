// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/support/allocations.h"
#include "tests/support/context.h"
#include "tests/support/windows_bytes.h"

namespace {

using sonde_test::Context;
using sonde_test::expect_no_memory_each_time;
using sonde_test::List;
using sonde_test::text;
using std::string_literals::operator""s;

constexpr uint64_t kUnixEpoch = 116444736000000000;

std::string Narrow(const std::wstring &wide) {
  return Utf8(sondei_span_of(reinterpret_cast<const char *>(wide.data()), wide.size() * 2));
}

/* ---- This machine, asked another way --------------------------------------------------------------------------------
 */

TEST(WindowsHost, NamesAreThoseOfTheSystem) {
  const Context context;
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  wchar_t name[256], guid[64] = L"";

  DWORD units = 256;
  ASSERT_TRUE(GetComputerNameExW(ComputerNameDnsHostname, name, &units));
  EXPECT_EQ(text(info.hostname), Narrow(name));
  EXPECT_EQ(text(info.os_name), "Windows");
  EXPECT_EQ(text(info.os_id), "windows");
  EXPECT_EQ(text(info.kernel_name), "Windows NT");
  EXPECT_EQ(text(info.os_pretty_name).substr(0, 7), "Windows");
  EXPECT_EQ(text(info.os_version).substr(0, info.kernel_release.len), text(info.kernel_release));
  DWORD size = sizeof guid;
  if (RegGetValueW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Cryptography", L"MachineGuid",
                   RRF_RT_REG_SZ | RRF_SUBKEY_WOW6464KEY, nullptr, guid, &size) == ERROR_SUCCESS) {
    EXPECT_EQ(text(info.machine_id), Narrow(guid));
  }
  SYSTEM_INFO system = {};
  GetNativeSystemInfo(&system);
  EXPECT_EQ(text(info.architecture) == "x86_64", system.wProcessorArchitecture == PROCESSOR_ARCHITECTURE_AMD64);
}

TEST(WindowsHost, TheVersionIsThatOfThePeb) {
  const Context context;
  List<sonde_host_info> info;
  ASSERT_EQ(sonde_host_info_get(context, &info), SONDE_OK) << context.error();
  // KUSER_SHARED_DATA, which is mapped at the same place everywhere: NtMajorVersion, NtMinorVersion; NtBuildNumber.
  const auto *const shared = reinterpret_cast<const volatile uint8_t *>(static_cast<uintptr_t>(0x7ffe0000));
  const auto read = [&](size_t offset) { return *reinterpret_cast<const volatile uint32_t *>(shared + offset); };
  const std::string version = std::to_string(read(0x26c)) + "." + std::to_string(read(0x270)) + ".";
  EXPECT_EQ(text(info.kernel_release).substr(0, version.size()), version);
}

TEST(WindowsHost, TimesLieBetweenTwoReadingsOfOtherClocks) {
  const Context context;
  const ULONGLONG ticks_before = GetTickCount64();
  FILETIME now_before = {}, now_after = {};
  GetSystemTimeAsFileTime(&now_before);
  sonde_host_times first = {}, second = {};
  ASSERT_EQ(sonde_host_times_get(context, &first), SONDE_OK) << context.error();
  Sleep(50);
  ASSERT_EQ(sonde_host_times_get(context, &second), SONDE_OK) << context.error();
  const ULONGLONG ticks_after = GetTickCount64();
  GetSystemTimeAsFileTime(&now_after);
  const auto moment = [](const FILETIME &time) {
    return ((static_cast<uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime) - kUnixEpoch) * 100;
  };
  EXPECT_EQ(first.valid, 15u);
  EXPECT_GE(first.uptime, ticks_before * 1000000);
  EXPECT_LE(second.uptime, ticks_after * 1000000);
  EXPECT_GE(second.uptime - first.uptime, 30000000u);
  EXPECT_GE(first.now + 20000000, moment(now_before));
  EXPECT_LE(second.now, moment(now_after) + 20000000);
  EXPECT_GE(second.monotonic - first.monotonic, 45000000u);
  EXPECT_LE(second.monotonic - first.monotonic, (ticks_after - ticks_before + 100) * 1000000);
  EXPECT_LT(first.boot_time, first.now);
}

TEST(WindowsHost, BootIsBeforeTheFirstProcess) {
  const Context context;
  sonde_host_times times = {};
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  FILETIME created = {}, other = {};
  ASSERT_TRUE(GetProcessTimes(GetCurrentProcess(), &created, &other, &other, &other));
  const uint64_t start =
      ((static_cast<uint64_t>(created.dwHighDateTime) << 32 | created.dwLowDateTime) - kUnixEpoch) * 100;
  EXPECT_LE(times.boot_time, start);
}

TEST(WindowsHost, TheUserOfThisSessionIsListed) {
  const Context context;
  List<sonde_user_list> list;
  const sonde_status status = sonde_user_list_get(context, &list);
  if (status == SONDE_ERR_UNSUPPORTED) GTEST_SKIP() << context.error();
  ASSERT_EQ(status, SONDE_OK) << context.error();
  wchar_t name[257];
  DWORD units = 257;
  ASSERT_TRUE(GetUserNameW(name, &units));
  for (const sonde_user &row : list) {
    EXPECT_EQ(row.status, SONDE_OK);
    const std::string user = text(row.name);
    const size_t backslash = user.find('\\');
    if ((backslash == std::string::npos ? user : user.substr(backslash + 1)) == Narrow(name)) return;
  }
  GTEST_SKIP() << "run by a service";
}

/* ---- A machine made up
 * ----------------------------------------------------------------------------------------------- */

struct Value {
  DWORD kind;
  std::string bytes;
};

Value Text(const std::wstring &in) {
  return {REG_SZ, std::string(reinterpret_cast<const char *>(in.data()), in.size() * 2)};
}
Value Number(uint32_t in) { return {REG_DWORD, LittleEndian(in, 4)}; }

struct Session {
  DWORD id;
  std::wstring station, user, domain;
  WTS_CLIENT_ADDRESS address = {};
  uint64_t logon = 0, connect = 0;
  std::map<int, DWORD> fail = {};  // by WTS_INFO_CLASS
};

struct Machine {
  std::map<std::wstring, std::map<std::wstring, Value>> keys;
  std::map<std::string, DWORD> fail;
  std::wstring hostname = L"\x00e9-host";
  OSVERSIONINFOEXW version = {};
  NTSTATUS version_code = STATUS_SUCCESS;
  USHORT machine = IMAGE_FILE_MACHINE_AMD64;
  WORD processor = PROCESSOR_ARCHITECTURE_AMD64;
  std::vector<int64_t> time_of_day = {0, 0, 0, 0, 0, 0};  // as the kernel fills it
  NTSTATUS time_code = STATUS_SUCCESS;
  uint64_t ticks = 0;
  uint64_t now = kUnixEpoch;
  LONGLONG count = 0, frequency = 10000000;
  std::vector<Session> sessions;
  int open_keys = 0, allocated = 0;

  bool fails(const char *function) {
    const auto found = fail.find(function);
    if (found == fail.end()) return false;
    SetLastError(found->second);
    return true;
  }
};

Machine *g_machine;
std::vector<std::wstring> g_keys;

BOOL WINAPI FakeGetComputerNameExW(COMPUTER_NAME_FORMAT kind, wchar_t *out, DWORD *units) {
  EXPECT_EQ(kind, ComputerNameDnsHostname);
  if (g_machine->fails("GetComputerNameExW")) return FALSE;
  const std::wstring &name = g_machine->hostname;
  if (name.size() + 1 > *units) {
    *units = static_cast<DWORD>(name.size() + 1);
    SetLastError(ERROR_MORE_DATA);
    return FALSE;
  }
  memcpy(out, name.c_str(), (name.size() + 1) * 2);
  *units = static_cast<DWORD>(name.size());
  return TRUE;
}

NTSTATUS NTAPI FakeRtlGetVersion(OSVERSIONINFOEXW *out) {
  EXPECT_EQ(out->dwOSVersionInfoSize, sizeof *out);
  if (g_machine->version_code == STATUS_SUCCESS) *out = g_machine->version;
  return g_machine->version_code;
}

BOOL WINAPI FakeIsWow64Process2(HANDLE process, USHORT *own, USHORT *native) {
  EXPECT_EQ(process, GetCurrentProcess());
  if (g_machine->fails("IsWow64Process2")) return FALSE;
  *own = IMAGE_FILE_MACHINE_UNKNOWN;
  *native = g_machine->machine;
  return TRUE;
}

void WINAPI FakeGetNativeSystemInfo(SYSTEM_INFO *out) {
  *out = {};
  out->wProcessorArchitecture = g_machine->processor;
}

LSTATUS WINAPI FakeRegOpenKeyExW(HKEY key, const wchar_t *name, DWORD, REGSAM access, HKEY *out) {
  EXPECT_EQ(key, HKEY_LOCAL_MACHINE);
  EXPECT_EQ(access, static_cast<REGSAM>(KEY_QUERY_VALUE | KEY_WOW64_64KEY));
  if (g_machine->fails("RegOpenKeyExW")) return static_cast<LSTATUS>(GetLastError());
  if (g_machine->keys.count(name) == 0) return ERROR_FILE_NOT_FOUND;
  g_machine->open_keys++;
  g_keys.push_back(name);
  *out = reinterpret_cast<HKEY>(0x1000 + 4 * (g_keys.size() - 1));
  return ERROR_SUCCESS;
}

LSTATUS WINAPI FakeRegQueryValueExW(HKEY key, const wchar_t *name, DWORD *, DWORD *kind, BYTE *out, DWORD *size) {
  if (g_machine->fails("RegQueryValueExW")) return static_cast<LSTATUS>(GetLastError());
  const auto &values = g_machine->keys[g_keys[(reinterpret_cast<uintptr_t>(key) - 0x1000) / 4]];
  const auto found = values.find(name);
  if (found == values.end()) return ERROR_FILE_NOT_FOUND;
  const DWORD room = *size;
  *size = static_cast<DWORD>(found->second.bytes.size());
  *kind = found->second.kind;
  if (*size > room) return ERROR_MORE_DATA;
  memcpy(out, found->second.bytes.data(), *size);
  return ERROR_SUCCESS;
}

LSTATUS WINAPI FakeRegCloseKey(HKEY) {
  g_machine->open_keys--;
  return ERROR_SUCCESS;
}

NTSTATUS NTAPI FakeNtQuerySystemInformation(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told) {
  EXPECT_EQ(kind, SystemTimeOfDayInformation);
  EXPECT_EQ(size, 48u);
  if (g_machine->time_code != STATUS_SUCCESS) return g_machine->time_code;
  *told = static_cast<ULONG>(g_machine->time_of_day.size() * 8);
  memcpy(out, g_machine->time_of_day.data(), *told);
  return STATUS_SUCCESS;
}

ULONGLONG WINAPI FakeGetTickCount64() { return g_machine->ticks; }

void PutNow(FILETIME *out) {
  out->dwLowDateTime = static_cast<DWORD>(g_machine->now);
  out->dwHighDateTime = static_cast<DWORD>(g_machine->now >> 32);
}

BOOL WINAPI FakeGetSystemTimePreciseAsFileTime(FILETIME *out) {
  if (g_machine->fails("GetSystemTimePreciseAsFileTime")) return FALSE;
  PutNow(out);
  return TRUE;
}

void WINAPI FakeGetSystemTimeAsFileTime(FILETIME *out) {
  EXPECT_EQ(g_machine->fail.count("GetSystemTimePreciseAsFileTime"), 1u);
  PutNow(out);
}

BOOL WINAPI FakeQueryPerformanceCounter(LARGE_INTEGER *out) {
  if (g_machine->fails("QueryPerformanceCounter")) return FALSE;
  out->QuadPart = g_machine->count;
  return TRUE;
}

BOOL WINAPI FakeQueryPerformanceFrequency(LARGE_INTEGER *out) {
  if (g_machine->fails("QueryPerformanceFrequency")) return FALSE;
  out->QuadPart = g_machine->frequency;
  return TRUE;
}

BOOL WINAPI FakeWTSEnumerateSessionsW(HANDLE server, DWORD reserved, DWORD version, WTS_SESSION_INFOW **out,
                                      DWORD *count) {
  EXPECT_EQ(server, WTS_CURRENT_SERVER_HANDLE);
  EXPECT_EQ(reserved, 0u);
  EXPECT_EQ(version, 1u);
  if (g_machine->fails("WTSEnumerateSessionsW")) return FALSE;
  *count = static_cast<DWORD>(g_machine->sessions.size());
  *out = static_cast<WTS_SESSION_INFOW *>(calloc(g_machine->sessions.size() + 1, sizeof **out));
  g_machine->allocated++;
  for (DWORD i = 0; i < *count; i++) {
    (*out)[i].SessionId = g_machine->sessions[i].id;
    (*out)[i].pWinStationName = const_cast<wchar_t *>(g_machine->sessions[i].station.c_str());
  }
  return TRUE;
}

BOOL WINAPI FakeWTSQuerySessionInformationW(HANDLE, DWORD id, WTS_INFO_CLASS kind, wchar_t **out, DWORD *size) {
  const Session *session = nullptr;
  for (const Session &one : g_machine->sessions) {
    if (one.id == id) session = &one;
  }
  const auto found = session->fail.find(kind);
  if (found != session->fail.end()) {
    SetLastError(found->second);
    if (found->second != ERROR_SUCCESS) return FALSE;
    *out = nullptr;  // success without an answer
    *size = 0;
    return TRUE;
  }
  std::string bytes;
  const auto wide = [](const std::wstring &in) {
    return std::string(reinterpret_cast<const char *>(in.c_str()), (in.size() + 1) * 2);
  };
  switch (kind) {
    case WTSUserName:
      bytes = wide(session->user);
      break;
    case WTSDomainName:
      bytes = wide(session->domain);
      break;
    case WTSClientAddress:
      bytes.assign(reinterpret_cast<const char *>(&session->address), sizeof session->address);
      break;
    case WTSSessionInfo: {
      WTSINFOW info = {};
      info.LogonTime.QuadPart = static_cast<LONGLONG>(session->logon);
      info.ConnectTime.QuadPart = static_cast<LONGLONG>(session->connect);
      bytes.assign(reinterpret_cast<const char *>(&info), sizeof info);
      if (session->logon == 77) bytes.resize(8);
      break;
    }
    default:
      ADD_FAILURE() << kind;
  }
  *out = static_cast<wchar_t *>(malloc(bytes.size()));
  g_machine->allocated++;
  memcpy(*out, bytes.data(), bytes.size());
  *size = static_cast<DWORD>(bytes.size());
  return TRUE;
}

void WINAPI FakeWTSFreeMemory(void *memory) {
  free(memory);
  g_machine->allocated--;
  SetLastError(ERROR_INVALID_HANDLE);
}

class MadeUpHost : public testing::Test {
 protected:
  MadeUpHost() {
    g_machine = &machine_;
    os_ = sondei_windows_os;
    os_.GetComputerNameExW = FakeGetComputerNameExW;
    os_.RtlGetVersion = FakeRtlGetVersion;
    os_.IsWow64Process2 = FakeIsWow64Process2;
    os_.GetNativeSystemInfo = FakeGetNativeSystemInfo;
    os_.RegOpenKeyExW = FakeRegOpenKeyExW;
    os_.RegQueryValueExW = FakeRegQueryValueExW;
    os_.RegCloseKey = FakeRegCloseKey;
    os_.NtQuerySystemInformation = FakeNtQuerySystemInformation;
    os_.GetTickCount64 = FakeGetTickCount64;
    os_.GetSystemTimePreciseAsFileTime = FakeGetSystemTimePreciseAsFileTime;
    os_.GetSystemTimeAsFileTime = FakeGetSystemTimeAsFileTime;
    os_.QueryPerformanceCounter = FakeQueryPerformanceCounter;
    os_.QueryPerformanceFrequency = FakeQueryPerformanceFrequency;
    os_.WTSEnumerateSessionsW = FakeWTSEnumerateSessionsW;
    os_.WTSQuerySessionInformationW = FakeWTSQuerySessionInformationW;
    os_.WTSFreeMemory = FakeWTSFreeMemory;
    options_.os_override = &override_;
    machine_.version.dwMajorVersion = 10;
    machine_.version.dwBuildNumber = 22631;
    machine_.version.wProductType = VER_NT_WORKSTATION;
    Values() = {{L"ProductName", Text(std::wstring(L"Windows 10 Pro\0", 15))},
                {L"DisplayVersion", Text(std::wstring(L"23H2\0", 5))},
                {L"ReleaseId", Text(std::wstring(L"2009\0", 5))},
                {L"BuildLabEx", Text(std::wstring(L"22621.1.amd64fre.ni_release\0", 28))},
                {L"UBR", Number(4460)}};
    machine_.keys[L"SOFTWARE\\Microsoft\\Cryptography"] = {
        {L"MachineGuid", Text(std::wstring(L"01234567-89ab-cdef-0123-456789abcdef\0", 37))}};
  }
  ~MadeUpHost() override {
    EXPECT_EQ(machine_.open_keys, 0);
    EXPECT_EQ(machine_.allocated, 0);
    g_keys.clear();
  }

  std::map<std::wstring, Value> &Values() { return machine_.keys[L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion"]; }
  std::map<std::wstring, Value> &Firmware() { return machine_.keys[L"HARDWARE\\DESCRIPTION\\System\\BIOS"]; }

  // hostname|os_version|os_pretty_name|kernel_release|kernel_version|architecture|machine_id|virtualization
  std::string Info() {
    const Context context(&options_);
    List<sonde_host_info> info;
    const sonde_status status = sonde_host_info_get(context, &info);
    error_ = context.error();
    if (status != SONDE_OK) return sonde_status_name(status);
    EXPECT_EQ(text(info.boot_id), "");
    EXPECT_EQ(text(info.container), "");
    return text(info.hostname) + "|" + text(info.os_version) + "|" + text(info.os_pretty_name) + "|" +
           text(info.kernel_release) + "|" + text(info.kernel_version) + "|" + text(info.architecture) + "|" +
           text(info.machine_id) + "|" + text(info.virtualization);
  }

  std::vector<std::string> Users() {
    const Context context(&options_);
    List<sonde_user_list> list;
    const sonde_status status = sonde_user_list_get(context, &list);
    error_ = context.error();
    if (status != SONDE_OK) return {sonde_status_name(status)};
    std::vector<std::string> out;
    for (const sonde_user &row : list) {
      EXPECT_EQ(row.pid, SONDE_PID_UNKNOWN);
      out.push_back(text(row.name) + "|" + text(row.terminal) + "|" + text(row.host) + "|" +
                    ((row.valid & SONDE_USER_STARTED) != 0 ? std::to_string(row.started) : "-") +
                    (row.status == SONDE_OK ? "" : "|"s + sonde_status_name(row.status)));
    }
    return out;
  }

  Machine machine_;
  windows_os os_;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
  std::string error_;
};

const char kGuid[] = "01234567-89ab-cdef-0123-456789abcdef";

TEST_F(MadeUpHost, Releases) {
  const struct {
    const char *origin;
    DWORD major, minor, build;
    BYTE type;
    std::wstring product, display, release;
    uint32_t update;
    std::string expected;  // os_version|os_pretty_name|kernel_release
  } rows[] = {
      {"Windows 11 calls itself 10", 10, 0, 22631, VER_NT_WORKSTATION, L"Windows 10 Pro", L"23H2", L"2009", 4460,
       "10.0.22631.4460|Windows 11 Pro 23H2|10.0.22631"},
      {"the first Windows 11", 10, 0, 22000, VER_NT_WORKSTATION, L"Windows 10 Home", L"21H2", L"2009", 194,
       "10.0.22000.194|Windows 11 Home 21H2|10.0.22000"},
      {"the last Windows 10", 10, 0, 19045, VER_NT_WORKSTATION, L"Windows 10 Pro", L"22H2", L"2009", 5011,
       "10.0.19045.5011|Windows 10 Pro 22H2|10.0.19045"},
      {"Windows 10 before 20H2", 10, 0, 17763, VER_NT_WORKSTATION, L"Windows 10 Enterprise LTSC 2019", L"", L"1809", 1,
       "10.0.17763.1|Windows 10 Enterprise LTSC 2019 1809|10.0.17763"},
      {"a server", 10, 0, 26100, VER_NT_SERVER, L"Windows Server 2025 Standard", L"24H2", L"", 0,
       "10.0.26100|Windows Server 2025 Standard 24H2|10.0.26100"},
      {"Windows 7", 6, 1, 7601, VER_NT_WORKSTATION, L"Windows 7 Professional", L"", L"", 0,
       "6.1.7601|Windows 7 Professional|6.1.7601"},
      {"one that will be renamed", 10, 0, 30000, VER_NT_WORKSTATION, L"Windows 12 Pro", L"", L"", 0,
       "10.0.30000|Windows 12 Pro|10.0.30000"},
      {"a product without a name", 10, 0, 22631, VER_NT_WORKSTATION, L"", L"23H2", L"", 0,
       "10.0.22631|Windows 23H2|10.0.22631"},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    machine_.version.dwMajorVersion = row.major;
    machine_.version.dwMinorVersion = row.minor;
    machine_.version.dwBuildNumber = row.build;
    machine_.version.wProductType = row.type;
    Values().clear();
    if (!row.product.empty()) Values()[L"ProductName"] = Text(row.product + L'\0');
    if (!row.display.empty()) Values()[L"DisplayVersion"] = Text(row.display + L'\0');
    if (!row.release.empty()) Values()[L"ReleaseId"] = Text(row.release + L'\0');
    if (row.update != 0) Values()[L"UBR"] = Number(row.update);
    EXPECT_EQ(Info(), "é-host|" + row.expected + "||x86_64|" + kGuid + "|");
  }
}

TEST_F(MadeUpHost, ValuesOfEveryShape) {
  machine_.hostname = std::wstring(3000, L'h');
  Values()[L"BuildLabEx"] = Text(std::wstring(3000, L'b'));                    // no NUL
  Values()[L"ProductName"] = Text(std::wstring(L"Windows\0\0garbage\0", 17));  // more than one
  Values()[L"DisplayVersion"] = {REG_DWORD, "1234"};                           // of another kind
  Values()[L"ReleaseId"] = {REG_SZ, ""};
  Values()[L"UBR"] = {REG_DWORD, "12"};
  machine_.keys.erase(L"SOFTWARE\\Microsoft\\Cryptography");
  EXPECT_EQ(Info(), std::string(3000, 'h') + "|10.0.22631|Windows|10.0.22631|" + std::string(3000, 'b') + "|x86_64||");
}

TEST_F(MadeUpHost, Architectures) {
  const struct {
    USHORT machine;
    const char *expected;
  } machines[] = {{IMAGE_FILE_MACHINE_AMD64, "x86_64"},
                  {IMAGE_FILE_MACHINE_ARM64, "aarch64"},
                  {IMAGE_FILE_MACHINE_I386, "x86"},
                  {IMAGE_FILE_MACHINE_ARMNT, "arm"},
                  {0x5032, ""}};
  for (const auto &row : machines) {
    machine_.machine = row.machine;
    EXPECT_EQ(Info(), "é-host|10.0.22631.4460|Windows 11 Pro 23H2|10.0.22631|22621.1.amd64fre.ni_release|"s +
                          row.expected + "|" + kGuid + "|");
  }
  const struct {
    WORD processor;
    const char *expected;
  } processors[] = {{PROCESSOR_ARCHITECTURE_AMD64, "x86_64"},
                    {PROCESSOR_ARCHITECTURE_ARM64, "aarch64"},
                    {PROCESSOR_ARCHITECTURE_INTEL, "x86"},
                    {PROCESSOR_ARCHITECTURE_ARM, "arm"},
                    {PROCESSOR_ARCHITECTURE_UNKNOWN, ""}};
  machine_.fail = {{"IsWow64Process2", ERROR_PROC_NOT_FOUND}};  // before Windows 10 1511
  for (const auto &row : processors) {
    machine_.processor = row.processor;
    EXPECT_EQ(Info(), "é-host|10.0.22631.4460|Windows 11 Pro 23H2|10.0.22631|22621.1.amd64fre.ni_release|"s +
                          row.expected + "|" + kGuid + "|");
  }
}

TEST_F(MadeUpHost, Virtualization) {
  const struct {
    const wchar_t *vendor, *product, *board, *bios;
    const char *expected;
  } rows[] = {
      {L"VMware, Inc.", L"VMware Virtual Platform", L"Intel Corporation", L"Phoenix Technologies LTD", "vmware"},
      {L"innotek GmbH", L"VirtualBox", L"Oracle Corporation", L"innotek GmbH", "virtualbox"},
      {L"Microsoft Corporation", L"Virtual Machine", L"Microsoft Corporation", L"American Megatrends Inc.", "hyperv"},
      {L"Microsoft Corporation", L"Surface Pro 7", L"Microsoft Corporation", L"Microsoft Corporation", ""},
      {L"QEMU", L"Standard PC (Q35 + ICH9, 2009)", L"", L"SeaBIOS", "qemu"},
      {L"LENOVO", L"20XW", L"LENOVO", L"LENOVO", ""},
  };
  for (const auto &row : rows) {
    SCOPED_TRACE(Narrow(row.product));
    Firmware() = {{L"SystemManufacturer", Text(row.vendor)},
                  {L"SystemProductName", Text(row.product)},
                  {L"BaseBoardManufacturer", Text(row.board)},
                  {L"BIOSVendor", Text(row.bios)}};
    const std::string info = Info();
    EXPECT_EQ(info.substr(info.rfind('|') + 1), row.expected);
  }
}

TEST_F(MadeUpHost, CallsForNamesThatFail) {
  const std::string names =
      "10.0.22631.4460|Windows 11 Pro 23H2|10.0.22631|22621.1.amd64fre.ni_release|x86_64|"s + kGuid + "|";
  machine_.fail = {{"GetComputerNameExW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(Info(), "|" + names);
  machine_.fail = {{"GetComputerNameExW", ERROR_MORE_DATA}};  // for ever
  EXPECT_EQ(Info(), "|" + names);
  machine_.fail = {{"RegOpenKeyExW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(Info(), "é-host|10.0.22631|Windows|10.0.22631||x86_64||");
  EXPECT_EQ(error_,
            "SONDE_ERR_ACCESS: RegOpenKeyExW HARDWARE\\DESCRIPTION\\System\\BIOS: ERROR_ACCESS_DENIED (not permitted)");
  for (const DWORD code : {ERROR_ACCESS_DENIED, ERROR_MORE_DATA}) {
    machine_.fail = {{"RegQueryValueExW", code}};
    EXPECT_EQ(Info(), "é-host|10.0.22631|Windows|10.0.22631||x86_64||");
  }
  machine_.fail.clear();
  machine_.version_code = STATUS_ACCESS_DENIED;
  EXPECT_EQ(Info(), "é-host||Windows 10 Pro 23H2||22621.1.amd64fre.ni_release|x86_64|"s + kGuid + "|");
  machine_.version_code = STATUS_SUCCESS;
  expect_no_memory_each_time(options_, [](sonde *context) {
    List<sonde_host_info> info;
    return sonde_host_info_get(context, &info);
  });
}

TEST_F(MadeUpHost, Times) {
  const Context context(&options_);
  sonde_host_times times = {};
  machine_.time_of_day[0] = static_cast<int64_t>(kUnixEpoch + 50000000);
  machine_.time_of_day[5] = 20000000;      // asleep for two seconds
  machine_.ticks = UINT64_C(0x100000000);  // 49.7 days
  machine_.now = kUnixEpoch + 12345;
  machine_.count = 15000001;
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.valid, 15u);
  EXPECT_EQ(times.boot_time, 3000000000u);
  EXPECT_EQ(times.uptime, UINT64_C(4294967296000000));
  EXPECT_EQ(times.now, 1234500u);
  EXPECT_EQ(times.monotonic, 1500000100u);

  machine_.time_of_day.resize(4);  // an old Windows does not tell of sleep
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.boot_time, 5000000000u);
  machine_.time_of_day = {static_cast<int64_t>(kUnixEpoch), 0, 0, 0, 0, static_cast<int64_t>(kUnixEpoch) + 1};
  machine_.fail = {{"GetSystemTimePreciseAsFileTime", ERROR_PROC_NOT_FOUND}};
  machine_.now = 0;
  machine_.frequency = 0;
  machine_.ticks = UINT64_MAX;
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.valid, 0u);
  machine_.time_of_day[0] = -1;
  machine_.frequency = 1;
  machine_.count = INT64_MAX;
  ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
  EXPECT_EQ(times.valid, 0u);
  machine_.time_code = STATUS_ACCESS_DENIED;
  machine_.ticks = 1;
  for (const char *function : {"QueryPerformanceCounter", "QueryPerformanceFrequency"}) {
    machine_.fail = {{function, ERROR_ACCESS_DENIED}};
    machine_.now = kUnixEpoch;
    ASSERT_EQ(sonde_host_times_get(context, &times), SONDE_OK);
    EXPECT_EQ(times.valid, static_cast<uint64_t>(SONDE_HOST_TIMES_UPTIME | SONDE_HOST_TIMES_NOW));
    EXPECT_EQ(times.uptime, 1000000u);
  }
}

TEST_F(MadeUpHost, SessionsOfUsers) {
  Session services = {0, L"Services", L"", L""};
  Session console = {1, L"Console", L"anna", L"HOST"};
  console.logon = kUnixEpoch + 10000000;
  console.connect = kUnixEpoch + 90000000;
  Session remote = {2, L"RDP-Tcp#3", L"j\x00f6rg", L"EXAMPLE"};
  remote.address.AddressFamily = AF_INET;
  memcpy(remote.address.Address, "\0\0\xc0\xa8\0\1", 6);
  remote.connect = kUnixEpoch + 90000000;
  Session six = {3, L"RDP-Tcp#4", L"six", L""};
  six.address.AddressFamily = AF_INET6;
  six.address.Address[0] = 0xfe;
  six.address.Address[1] = 0x80;
  six.address.Address[15] = 1;
  six.logon = 77;  // the reply is cut short
  Session other = {4, L"", L"other", L"D"};
  other.address.AddressFamily = 6;  // AF_IPX
  memset(other.address.Address, 0x11, 20);
  other.fail = {{WTSSessionInfo, ERROR_ACCESS_DENIED}, {WTSDomainName, ERROR_ACCESS_DENIED}};
  Session gone = {5, L"RDP-Tcp#5", L"gone", L""};
  gone.fail = {{WTSUserName, ERROR_CTX_WINSTATION_NOT_FOUND}};
  Session gone_too = gone;
  gone_too.id = 6;
  gone_too.fail = {{WTSUserName, ERROR_FILE_NOT_FOUND}};
  Session refused = {7, L"RDP-Tcp#6", L"refused", L""};
  refused.fail = {{WTSUserName, ERROR_ACCESS_DENIED}};
  Session silent = {8, L"RDP-Tcp#7", L"silent", L"D"};
  silent.fail = {{WTSClientAddress, ERROR_ACCESS_DENIED}, {WTSDomainName, ERROR_SUCCESS}};
  Session disconnected = {65536, L"RDP-Tcp", L"", L""};
  machine_.sessions = {services, console, remote, six, other, gone, gone_too, refused, silent, disconnected};
  EXPECT_EQ(Users(), (std::vector<std::string>{
                         "HOST\\anna|Console||1000000000",
                         "EXAMPLE\\jörg|RDP-Tcp#3|192.168.0.1|9000000000",
                         "six|RDP-Tcp#4|fe80::1|-",
                         "other|||-",
                         "|RDP-Tcp#6||-|SONDE_ERR_ACCESS",
                         "silent|RDP-Tcp#7||-",
                     }));
  machine_.sessions.clear();
  EXPECT_EQ(Users(), std::vector<std::string>{});
}

TEST_F(MadeUpHost, CallsForUsersThatFail) {
  Session console = {1, L"Console", L"anna", L"HOST"};
  console.address.AddressFamily = AF_INET;
  memcpy(console.address.Address, "\0\0\xc0\xa8\0\1", 6);
  machine_.sessions = {console};
  machine_.fail = {{"WTSEnumerateSessionsW", ERROR_PROC_NOT_FOUND}};  // Nano Server
  EXPECT_EQ(Users(), std::vector<std::string>{"SONDE_ERR_UNSUPPORTED"});
  machine_.fail = {{"WTSEnumerateSessionsW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(Users(), std::vector<std::string>{"SONDE_ERR_ACCESS"});
  EXPECT_EQ(error_, "SONDE_ERR_ACCESS: WTSEnumerateSessionsW: ERROR_ACCESS_DENIED (not permitted)");
  machine_.fail.clear();
  for (const int kind : {static_cast<int>(WTSUserName), static_cast<int>(WTSDomainName)}) {
    machine_.sessions[0].fail = {{kind, ERROR_NO_SYSTEM_RESOURCES}};
    EXPECT_EQ(Users(), std::vector<std::string>{"SONDE_ERR_NO_MEMORY"});
  }
  machine_.sessions[0].fail.clear();
  expect_no_memory_each_time(options_, [](sonde *context) {
    List<sonde_user_list> list;
    return sonde_user_list_get(context, &list);
  });
}

}  // namespace
