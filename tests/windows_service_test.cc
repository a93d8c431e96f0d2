// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>
#include <string.h>

#include <functional>
#include <map>
#include <set>
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

std::string Narrow(const std::wstring &wide) {
  return Utf8(sondei_span_of(reinterpret_cast<const char *>(wide.data()), wide.size() * 2));
}

/* ---- This machine, asked another way --------------------------------------------------------------------------------
 */

// The keys of the registry from which the service control manager knows its programs.
std::map<std::string, std::pair<DWORD, std::string>> RegistryServices() {
  std::map<std::string, std::pair<DWORD, std::string>> out;
  HKEY all = nullptr;
  EXPECT_EQ(RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services", 0, KEY_READ, &all),
            ERROR_SUCCESS);
  wchar_t name[256];
  for (DWORD i = 0;; i++) {
    DWORD units = 256, type = 0, start = 0, size = sizeof type;
    wchar_t path[1024] = L"";
    if (RegEnumKeyExW(all, i, name, &units, nullptr, nullptr, nullptr, nullptr) != ERROR_SUCCESS) break;
    if (RegGetValueW(all, name, L"Type", RRF_RT_REG_DWORD, nullptr, &type, &size) != ERROR_SUCCESS) continue;
    if ((type & SERVICE_WIN32) == 0) continue;
    size = sizeof start;
    RegGetValueW(all, name, L"Start", RRF_RT_REG_DWORD, nullptr, &start, &size);
    size = sizeof path;
    RegGetValueW(all, name, L"ImagePath", RRF_RT_REG_SZ | RRF_RT_REG_EXPAND_SZ | RRF_NOEXPAND, nullptr, path, &size);
    out[Narrow(name)] = {start, Narrow(path)};
  }
  RegCloseKey(all);
  return out;
}

sonde_service_start_type StartType(DWORD start) {
  switch (start) {
    case SERVICE_AUTO_START:
      return SONDE_SERVICE_AUTOMATIC;
    case SERVICE_DEMAND_START:
      return SONDE_SERVICE_MANUAL;
    case SERVICE_DISABLED:
      return SONDE_SERVICE_DISABLED;
    default:
      return SONDE_SERVICE_START_UNKNOWN;
  }
}

TEST(WindowsService, AreThoseOfTheRegistry) {
  const Context context;
  List<sonde_service_list> list;
  const auto before = RegistryServices();
  ASSERT_EQ(sonde_service_list_get(context, &list), SONDE_OK) << context.error();
  const auto after = RegistryServices();
  std::set<std::string> names;
  for (const sonde_service &row : list) {
    SCOPED_TRACE(text(row.name));
    EXPECT_TRUE(names.insert(text(row.name)).second) << "twice";
    const auto found = after.find(text(row.name));
    if (row.status != SONDE_OK || found == after.end()) continue;
    EXPECT_EQ(row.start_type, StartType(found->second.first));
    const std::string &path = found->second.second;
    EXPECT_TRUE(text(row.binpath) == path || path.find('%') != std::string::npos) << text(row.binpath) << " " << path;
    EXPECT_NE(text(row.username), "");
  }
  for (const auto &[name, facts] : before) {
    EXPECT_TRUE(names.count(name) == 1 || after.count(name) == 0) << name;
  }
}

TEST(WindowsService, OneIsThatOfTheListAndOfItsManager) {
  const Context context;
  List<sonde_service_list> one, all;
  ASSERT_EQ(sonde_service_get(context, &one, "RpcSs"), SONDE_OK) << context.error();
  ASSERT_EQ(one.count, 1u);
  const sonde_service &row = one[0];
  EXPECT_EQ(row.status, SONDE_OK);
  EXPECT_EQ(text(row.name), "RpcSs");
  ASSERT_EQ(sonde_service_list_get(context, &all), SONDE_OK);
  for (const sonde_service &other : all) {
    if (text(other.name) != "RpcSs") continue;
    EXPECT_EQ(text(other.display_name), text(row.display_name));
    EXPECT_EQ(text(other.binpath), text(row.binpath));
    EXPECT_EQ(text(other.username), text(row.username));
    EXPECT_EQ(text(other.description), text(row.description));
    EXPECT_EQ(other.start_type, row.start_type);
  }

  const SC_HANDLE manager = OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT);
  const SC_HANDLE service = OpenServiceW(manager, L"RpcSs", SERVICE_QUERY_STATUS);
  ASSERT_NE(service, nullptr);
  SERVICE_STATUS status = {};
  ASSERT_TRUE(QueryServiceStatus(service, &status));
  EXPECT_EQ(static_cast<DWORD>(row.state), status.dwCurrentState);
  wchar_t display[257];
  DWORD units = 257;
  ASSERT_TRUE(GetServiceDisplayNameW(manager, L"RpcSs", display, &units));
  EXPECT_EQ(text(row.display_name), Narrow(display));
  CloseServiceHandle(service);
  CloseServiceHandle(manager);
}

TEST(WindowsService, ThePidIsAProcess) {
  const Context context;
  List<sonde_service_list> list;
  ASSERT_EQ(sonde_service_list_get(context, &list), SONDE_OK);
  size_t running = 0;
  for (const sonde_service &row : list) {
    bool exists = false;
    if (row.state != SONDE_SERVICE_RUNNING) continue;
    running++;
    ASSERT_EQ(sonde_pid_exists(context, &exists, row.pid), SONDE_OK) << context.error();
    EXPECT_TRUE(exists) << text(row.name) << " " << row.pid;
  }
  EXPECT_GT(running, 0u);
}

TEST(WindowsService, ThereIsNone) {
  const Context context;
  List<sonde_service_list> one;
  EXPECT_EQ(sonde_service_get(context, &one, "no such service"), SONDE_ERR_OS);
  EXPECT_EQ(context.error(),
            "SONDE_ERR_OS: OpenServiceW no such service: ERROR_SERVICE_DOES_NOT_EXIST (the operating "
            "system reported an error)");
  EXPECT_EQ(sonde_service_get(context, &one, "\xff"), SONDE_ERR_INVALID);
}

/* ---- A machine made up
 * ----------------------------------------------------------------------------------------------- */

struct Service {
  std::wstring name, display_name = L"Display", path = L"C:\\s.exe", account = L"LocalSystem",
                     description = L"Does it.";
  DWORD state = SERVICE_RUNNING, pid = 7, start = SERVICE_AUTO_START;
  DWORD open = ERROR_SUCCESS, config = ERROR_SUCCESS, description_code = ERROR_SUCCESS, status = ERROR_SUCCESS;
};

struct Machine {
  std::vector<Service> services;
  std::map<std::string, DWORD> fail;
  DWORD page = 0xffffffff;  // how many services the manager tells at once
  bool is_endless = false;
  bool is_foreign = false;  // texts lie elsewhere
  int open_handles = 0;
  std::vector<DWORD> accesses;

  bool fails(const char *function) {
    const auto found = fail.find(function);
    if (found == fail.end()) return false;
    SetLastError(found->second);
    return true;
  }
};

Machine *g_machine;
const SC_HANDLE kManager = reinterpret_cast<SC_HANDLE>(0x10);

SC_HANDLE Of(size_t index) { return reinterpret_cast<SC_HANDLE>(0x1000 + 4 * index); }
Service &At(SC_HANDLE handle) { return g_machine->services[(reinterpret_cast<uintptr_t>(handle) - 0x1000) / 4]; }

SC_HANDLE WINAPI FakeOpenSCManagerW(const wchar_t *machine, const wchar_t *database, DWORD access) {
  EXPECT_EQ(machine, nullptr);
  EXPECT_EQ(database, nullptr);
  if (g_machine->fails("OpenSCManagerW")) return nullptr;
  g_machine->accesses.push_back(access);
  g_machine->open_handles++;
  return kManager;
}

BOOL WINAPI FakeEnumServicesStatusExW(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD kinds, DWORD states, BYTE *out,
                                      DWORD size, DWORD *needed, DWORD *count, DWORD *resume, const wchar_t *group) {
  EXPECT_EQ(manager, kManager);
  EXPECT_EQ(level, SC_ENUM_PROCESS_INFO);
  EXPECT_EQ(kinds, static_cast<DWORD>(SERVICE_WIN32));
  EXPECT_EQ(states, static_cast<DWORD>(SERVICE_STATE_ALL));
  EXPECT_EQ(group, nullptr);
  *count = 0;
  *needed = 0;
  if (g_machine->fails("EnumServicesStatusExW")) return FALSE;
  ENUM_SERVICE_STATUS_PROCESSW *const rows = reinterpret_cast<ENUM_SERVICE_STATUS_PROCESSW *>(out);
  size_t used = 0, texts = size;
  const auto put = [&](const std::wstring &in) {
    texts -= (in.size() + 1) * 2;
    memcpy(out + texts, in.c_str(), (in.size() + 1) * 2);
    return reinterpret_cast<wchar_t *>(out + texts);
  };
  if (g_machine->is_endless) *resume = 0;
  while (*resume < g_machine->services.size() && *count < g_machine->page) {
    const Service &service = g_machine->services[*resume];
    const size_t wanted = sizeof *rows + (service.name.size() + service.display_name.size() + 2) * 2;
    if (wanted > texts - used) {
      *needed = static_cast<DWORD>(wanted);
      break;
    }
    ENUM_SERVICE_STATUS_PROCESSW &row = rows[*count];
    row = {};
    row.lpServiceName = put(service.name);
    row.lpDisplayName = put(service.display_name);
    if (g_machine->is_foreign) row.lpDisplayName = reinterpret_cast<wchar_t *>(0x10);
    row.ServiceStatusProcess.dwCurrentState = service.state;
    row.ServiceStatusProcess.dwProcessId = service.pid;
    used += sizeof row;
    ++*count;
    ++*resume;
  }
  const bool is_last = *resume == g_machine->services.size() && !g_machine->is_endless;
  SetLastError(is_last ? ERROR_SUCCESS : ERROR_MORE_DATA);
  if (is_last) *resume = 0;
  return is_last;
}

SC_HANDLE WINAPI FakeOpenServiceW(SC_HANDLE manager, const wchar_t *name, DWORD access) {
  EXPECT_EQ(manager, kManager);
  g_machine->accesses.push_back(access);
  for (size_t i = 0; i < g_machine->services.size(); i++) {
    const Service &service = g_machine->services[i];
    if (service.name != name) continue;
    SetLastError(service.open);
    if (service.open != ERROR_SUCCESS) return nullptr;
    g_machine->open_handles++;
    return Of(i);
  }
  SetLastError(ERROR_SERVICE_DOES_NOT_EXIST);
  return nullptr;
}

BOOL WINAPI FakeQueryServiceConfigW(SC_HANDLE handle, QUERY_SERVICE_CONFIGW *out, DWORD size, DWORD *needed) {
  const Service &service = At(handle);
  SetLastError(service.config);
  *needed = static_cast<DWORD>(sizeof *out +
                               (service.path.size() + service.account.size() + service.display_name.size() + 3) * 2);
  if (service.config != ERROR_SUCCESS) return FALSE;
  if (*needed > size) {
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  wchar_t *at = reinterpret_cast<wchar_t *>(out + 1);
  const auto put = [&](const std::wstring &in) {
    memcpy(at, in.c_str(), (in.size() + 1) * 2);
    wchar_t *const begin = at;
    at += in.size() + 1;
    return begin;
  };
  *out = {};
  out->dwStartType = service.start;
  out->lpBinaryPathName = g_machine->is_foreign ? reinterpret_cast<wchar_t *>(0x10) : put(service.path);
  out->lpServiceStartName = put(service.account);
  out->lpDisplayName = put(service.display_name);
  return TRUE;
}

BOOL WINAPI FakeQueryServiceConfig2W(SC_HANDLE handle, DWORD level, BYTE *out, DWORD size, DWORD *needed) {
  EXPECT_EQ(level, static_cast<DWORD>(SERVICE_CONFIG_DESCRIPTION));
  const Service &service = At(handle);
  SetLastError(service.description_code);
  if (service.description_code != ERROR_SUCCESS) return FALSE;
  SERVICE_DESCRIPTIONW *const told = reinterpret_cast<SERVICE_DESCRIPTIONW *>(out);
  *needed = static_cast<DWORD>(sizeof *told + (service.description.size() + 1) * 2);
  if (*needed > size) {
    SetLastError(ERROR_INSUFFICIENT_BUFFER);
    return FALSE;
  }
  told->lpDescription = reinterpret_cast<wchar_t *>(told + 1);
  memcpy(told->lpDescription, service.description.c_str(), (service.description.size() + 1) * 2);
  if (service.description.empty()) told->lpDescription = nullptr;
  if (service.description == L"foreign") told->lpDescription = reinterpret_cast<wchar_t *>(0x10);
  return TRUE;
}

BOOL WINAPI FakeQueryServiceStatusEx(SC_HANDLE handle, SC_STATUS_TYPE, BYTE *out, DWORD size, DWORD *) {
  const Service &service = At(handle);
  SetLastError(service.status);
  if (service.status != ERROR_SUCCESS) return FALSE;
  SERVICE_STATUS_PROCESS told = {};
  told.dwCurrentState = service.state;
  told.dwProcessId = service.pid;
  EXPECT_EQ(size, sizeof told);
  memcpy(out, &told, sizeof told);
  return TRUE;
}

BOOL WINAPI FakeCloseServiceHandle(SC_HANDLE) {
  g_machine->open_handles--;
  SetLastError(ERROR_INVALID_HANDLE);
  return TRUE;
}

class MadeUpService : public testing::Test {
 protected:
  MadeUpService() {
    g_machine = &machine_;
    os_ = sondei_windows_os;
    os_.OpenSCManagerW = FakeOpenSCManagerW;
    os_.EnumServicesStatusExW = FakeEnumServicesStatusExW;
    os_.OpenServiceW = FakeOpenServiceW;
    os_.QueryServiceConfigW = FakeQueryServiceConfigW;
    os_.QueryServiceConfig2W = FakeQueryServiceConfig2W;
    os_.QueryServiceStatusEx = FakeQueryServiceStatusEx;
    os_.CloseServiceHandle = FakeCloseServiceHandle;
    options_.os_override = &override_;
  }
  ~MadeUpService() override { EXPECT_EQ(machine_.open_handles, 0); }

  static std::string Text(const sonde_service &row) {
    return text(row.name) + "|" + text(row.display_name) + "|" + text(row.binpath) + "|" + text(row.username) + "|" +
           text(row.description) + "|" + std::to_string(row.start_type) + "|" + std::to_string(row.state) + "|" +
           std::to_string(row.pid) + (row.status == SONDE_OK ? "" : std::string("|") + sonde_status_name(row.status));
  }

  std::vector<std::string> All() {
    const Context context(&options_);
    List<sonde_service_list> list;
    const sonde_status status = sonde_service_list_get(context, &list);
    error_ = context.error();
    if (status != SONDE_OK) return {sonde_status_name(status)};
    std::vector<std::string> out;
    for (const sonde_service &row : list) out.push_back(Text(row));
    return out;
  }

  std::string One(const char *name) {
    const Context context(&options_);
    List<sonde_service_list> list;
    const sonde_status status = sonde_service_get(context, &list, name);
    error_ = context.error();
    return status == SONDE_OK ? Text(list[0]) : sonde_status_name(status);
  }

  Service &Add(const wchar_t *name) {
    machine_.services.emplace_back();
    machine_.services.back().name = name;
    return machine_.services.back();
  }

  Machine machine_;
  windows_os os_;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
  std::string error_;
};

TEST_F(MadeUpService, EveryKind) {
  const DWORD starts[] = {SERVICE_BOOT_START,   SERVICE_SYSTEM_START, SERVICE_AUTO_START,
                          SERVICE_DEMAND_START, SERVICE_DISABLED,     77};
  for (DWORD state = 0; state <= 8; state++) {
    Service &service = Add((L"s" + std::to_wstring(state)).c_str());
    service.state = state;
    service.pid = state == SERVICE_STOPPED ? 0 : 100 + state;
    service.start = starts[state % 6];
  }
  machine_.services[0].display_name = L"\x4e2d \xd83d\xde00 \xd800";
  machine_.services[1].open = ERROR_ACCESS_DENIED;
  machine_.services[2].config = ERROR_ACCESS_DENIED;
  machine_.services[3].description_code = ERROR_MUI_FILE_NOT_FOUND;
  machine_.services[4].description = L"";
  machine_.services[5].description = L"foreign";
  machine_.services[6].open = ERROR_SERVICE_DOES_NOT_EXIST;
  machine_.services[7].path = std::wstring(9000, L'p');
  machine_.services[8].description = std::wstring(9000, L'd');
  const std::vector<std::string> expected = {
      "s0|中 😀 \xed\xa0\x80|C:\\s.exe|LocalSystem|Does it.|4|0|100",
      "s1|Display||||0|1|-1|SONDE_ERR_ACCESS",
      "s2|Display||||0|2|102|SONDE_ERR_ACCESS",
      "s3|Display|C:\\s.exe|LocalSystem||2|3|103",
      "s4|Display|C:\\s.exe|LocalSystem||3|4|104",
      "s5|Display|C:\\s.exe|LocalSystem||0|5|105",
      "s7|Display|" + std::string(9000, 'p') + "|LocalSystem|Does it.|5|7|107",
      "s8|Display|C:\\s.exe|LocalSystem|" + std::string(9000, 'd') + "|1|0|108",
  };
  EXPECT_EQ(All(), expected);
}

TEST_F(MadeUpService, FiveThousand) {
  for (int i = 0; i < 5000; i++) Add((L"service number " + std::to_wstring(i)).c_str());
  for (const DWORD page : {0xffffffffu, 1u << 10, 7u}) {
    machine_.page = page;
    const std::vector<std::string> all = All();
    ASSERT_EQ(all.size(), 5000u) << error_;
    EXPECT_EQ(all[0].substr(0, 17), "service number 0|");
    EXPECT_EQ(all[4999].substr(0, 20), "service number 4999|");
  }
}

TEST_F(MadeUpService, OneThatDoesNotFitAtFirst) {
  Add(L"a");
  Add(L"b").display_name = std::wstring(1000, L'w');
  for (int i = 0; i < 40; i++) Add((L"c" + std::to_wstring(i)).c_str()).display_name = std::wstring(1000, L'x');
  EXPECT_EQ(All().size(), 42u) << error_;
  machine_.services[0].display_name = std::wstring(40000, L'y');  // more than a name may have: the row is bad
  const std::vector<std::string> all = All();
  ASSERT_EQ(all.size(), 42u);
  EXPECT_EQ(all[0], "a|||||0|4|7|SONDE_ERR_PARSE");
  EXPECT_EQ(all[1].substr(0, 4), "b|ww");
}

TEST_F(MadeUpService, CallsThatFail) {
  Add(L"a");
  EXPECT_EQ(All(), std::vector<std::string>{"a|Display|C:\\s.exe|LocalSystem|Does it.|1|4|7"});
  EXPECT_EQ(machine_.accesses,
            (std::vector<DWORD>{SC_MANAGER_CONNECT | SC_MANAGER_ENUMERATE_SERVICE, SERVICE_QUERY_CONFIG}));
  machine_.fail = {{"OpenSCManagerW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_ACCESS"});
  EXPECT_EQ(error_, "SONDE_ERR_ACCESS: OpenSCManagerW: ERROR_ACCESS_DENIED (not permitted)");
  EXPECT_EQ(One("a"), "SONDE_ERR_ACCESS");
  machine_.fail = {{"OpenSCManagerW", RPC_S_SERVER_UNAVAILABLE}};
  EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_UNSUPPORTED"});
  machine_.fail = {{"EnumServicesStatusExW", ERROR_ACCESS_DENIED}};
  EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_ACCESS"});
  machine_.fail = {{"EnumServicesStatusExW", ERROR_MORE_DATA}};  // for ever, without a row
  EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_OS"});
  machine_.fail.clear();
  machine_.is_endless = true;  // the same row for ever
  EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_OS"});
  EXPECT_NE(error_.find("ERROR_MORE_DATA"), std::string::npos);
  machine_.is_endless = false;
  machine_.is_foreign = true;
  EXPECT_EQ(All(), std::vector<std::string>{"a|||||0|4|7|SONDE_ERR_PARSE"});
  EXPECT_EQ(One("a"), "SONDE_ERR_PARSE");
  machine_.is_foreign = false;
  for (DWORD Service::*code : {&Service::open, &Service::config, &Service::description_code}) {
    machine_.services[0].*code = ERROR_NO_SYSTEM_RESOURCES;
    EXPECT_EQ(All(), std::vector<std::string>{"SONDE_ERR_NO_MEMORY"});
    EXPECT_EQ(One("a"), "SONDE_ERR_NO_MEMORY");
    machine_.services[0].*code = ERROR_SUCCESS;
  }
}

TEST_F(MadeUpService, OneOfThem) {
  Service &service = Add(L"\x00e9");
  service.state = SERVICE_PAUSED;
  EXPECT_EQ(One("é"), "é|Display|C:\\s.exe|LocalSystem|Does it.|1|7|7");
  EXPECT_EQ(machine_.accesses, (std::vector<DWORD>{SC_MANAGER_CONNECT, SERVICE_QUERY_CONFIG | SERVICE_QUERY_STATUS}));
  EXPECT_EQ(One("other"), "SONDE_ERR_OS");
  service.status = ERROR_ACCESS_DENIED;
  EXPECT_EQ(One("é"), "SONDE_ERR_ACCESS");
  service.status = ERROR_SUCCESS;
  service.config = ERROR_ACCESS_DENIED;
  EXPECT_EQ(One("é"), "SONDE_ERR_ACCESS");
  service.config = ERROR_INSUFFICIENT_BUFFER;  // for ever
  EXPECT_EQ(One("é"), "SONDE_ERR_OS");
}

TEST_F(MadeUpService, NoMemory) {
  Add(L"a");
  for (const bool one : {false, true}) {
    expect_no_memory_each_time(options_, [one](sonde *context) {
      List<sonde_service_list> list;
      return one ? sonde_service_get(context, &list, "a") : sonde_service_list_get(context, &list);
    });
  }
}

}  // namespace
