/* SPDX-License-Identifier: MIT */
/* The host: names, what it runs on, times, sessions of users. */
#include "backends/windows/windows_backend.h" /* first */

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_service.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/linux_virtualization.h"
#include "core/parse/windows_time.h"

/* SYSTEM_TIMEOFDAY_INFORMATION with all its members. */
struct windows_time_of_day {
  int64_t boot_time;
  int64_t current_time;
  int64_t time_zone_bias;
  uint32_t time_zone_id;
  uint32_t reserved;
  uint64_t boot_time_bias;
  uint64_t sleep_time_bias;
};
_Static_assert(sizeof(struct windows_time_of_day) == sizeof(SYSTEM_TIMEOFDAY_INFORMATION),
               "members without a name in the system's header");
_Static_assert(offsetof(struct windows_time_of_day, time_zone_id) ==
                   offsetof(SYSTEM_TIMEOFDAY_INFORMATION, CurrentTimeZoneId),
               "the layout of the system's header");

enum {
  WINDOWS_BUILD_11 = 22000 /* the first of Windows 11, which calls itself 10.0 */
};

/* What host_info fills. In its functions: not SONDE_OK: the call is over; a string that could not be read is empty. */
struct windows_host {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *fill;
  sonde_host_info *out;
};

/* ---- The registry -------------------------------------------------------------------------------------------------
 */

static HKEY windows_open_key(const struct windows_host *q, const wchar_t *path) {
  HKEY key = NULL;
  const LSTATUS code =
      q->state->os->RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_QUERY_VALUE | KEY_WOW64_64KEY, &key);
  if (code == ERROR_SUCCESS) return key;
  const char *const subject = sondei_windows_subject(q->env, q->state, sondei_windows_wide_text(path));
  (void)sondei_windows_fail(q->env, (DWORD)code, "RegOpenKeyExW", subject);
  return NULL;
}

static void windows_close_key(const struct windows_host *q, HKEY key) {
  if (key != NULL) q->state->os->RegCloseKey(key);
}

/* A value, in state->data; empty where it is missing or of another kind. */
static sonde_status windows_read_value(const struct windows_host *q, sondei_span *out, HKEY key, const wchar_t *name,
                                       DWORD kind) {
  struct sonde_buffer *const buffer = &q->state->data;
  unsigned tries = 0;
  *out = sondei_span_of("", 0);
  sonde_status status = key != NULL ? sonde_env_grow(q->env, buffer, 1024) : SONDE_OK;
  while (status == SONDE_OK && key != NULL) {
    DWORD told = 0;
    DWORD size = buffer->capacity < UINT32_MAX ? (DWORD)buffer->capacity : UINT32_MAX;
    const LSTATUS code = q->state->os->RegQueryValueExW(key, name, NULL, &told, (BYTE *)(void *)buffer->data, &size);
    if (code == ERROR_SUCCESS) {
      if (told == kind && size <= buffer->capacity) *out = sondei_span_of(buffer->data, size);
      break;
    }
    if (code != ERROR_MORE_DATA || !sondei_windows_grow_more(q->env, buffer, size, &tries, &status)) break;
  }
  return status;
}

/* A text, unless there is one already. Whoever wrote it need not have ended it with a NUL, and may have with many. */
static sonde_status windows_take_value(const struct windows_host *q, sonde_string *out, HKEY key, const wchar_t *name) {
  sondei_span text = {NULL, 0};
  if (out->len > 0) return SONDE_OK;
  const sonde_status status = windows_read_value(q, &text, key, name, REG_SZ);
  if (status != SONDE_OK) return status;
  for (size_t at = 0; at + 1 < text.len; at += 2) {
    if (text.data[at] == 0 && text.data[at + 1] == 0) text.len = at;
  }
  return sondei_windows_string(q->env, q->state, q->fill, out, text);
}

/* ---- Names --------------------------------------------------------------------------------------------------------
 */

static sonde_status windows_take_text(const struct windows_host *q, sonde_string *out, const char *text) {
  return text == NULL || out->len > 0 ? SONDE_OK : sonde_fill_string(q->fill, out, text, strlen(text));
}

static sonde_status windows_fill_hostname(const struct windows_host *q) {
  struct sonde_buffer *const buffer = &q->state->data;
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(q->env, buffer, 512);
  while (status == SONDE_OK) {
    wchar_t *const name = (wchar_t *)(void *)buffer->data;
    const size_t room = buffer->capacity / sizeof(wchar_t);
    DWORD units = room < UINT32_MAX ? (DWORD)room : UINT32_MAX;
    if (q->state->os->GetComputerNameExW(ComputerNameDnsHostname, name, &units)) {
      return sondei_windows_string(q->env, q->state, q->fill, &q->out->hostname,
                                   sondei_windows_wide_span(name, units < room ? units : room));
    }
    const DWORD code = GetLastError();
    if (code == ERROR_MORE_DATA &&
        sondei_windows_grow_more(q->env, buffer, (size_t)units * sizeof(wchar_t), &tries, &status)) {
      continue;
    }
    if (status == SONDE_OK) (void)sondei_windows_fail(q->env, code, "GetComputerNameExW", "");
    break;
  }
  return status;
}

/* "10.0.22631"; with the number of the update as well. */
struct windows_version_text {
  char data[4 * 11];
  size_t len;
};

static void windows_put_version(struct windows_version_text *text, uint32_t number) {
  char digits[10];
  size_t count = 0;
  if (text->len > 0) text->data[text->len++] = '.';
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number > 0);
  while (count > 0) text->data[text->len++] = digits[--count];
}

/* "Windows 10 Pro" is what Windows 11 has in its registry, too. */
static sonde_status windows_fix_product(const struct windows_host *q, sonde_string *name) {
  static const char before[] = "Windows 10";
  const size_t last = sizeof before - 2;
  if (name->len < sizeof before - 1 || memcmp(name->data, before, sizeof before - 1) != 0) return SONDE_OK;
  char *const copy = sonde_fill_array(q->fill, name->len + 1, 1);
  if (copy == NULL) return SONDE_ERR_NO_MEMORY;
  memcpy(copy, name->data, name->len);
  copy[last] = '1';
  name->data = copy;
  return SONDE_OK;
}

/* "Windows 11 Pro 23H2" */
static sonde_status windows_fill_pretty_name(const struct windows_host *q, HKEY key, bool is_11) {
  sonde_string product = {"", 0};
  sonde_string release = {"", 0};
  sonde_status status = windows_take_value(q, &product, key, L"ProductName");
  if (status == SONDE_OK && is_11) status = windows_fix_product(q, &product);
  if (status == SONDE_OK) status = windows_take_text(q, &product, "Windows");
  if (status == SONDE_OK) status = windows_take_value(q, &release, key, L"DisplayVersion");
  if (status == SONDE_OK) status = windows_take_value(q, &release, key, L"ReleaseId"); /* before 2009 */
  if (status != SONDE_OK) return status;
  q->out->os_pretty_name = product;
  if (release.len == 0) return SONDE_OK;
  char *const both = sonde_fill_array(q->fill, product.len + release.len + 2, 1);
  if (both == NULL) return SONDE_ERR_NO_MEMORY;
  memcpy(both, product.data, product.len);
  both[product.len] = ' ';
  memcpy(both + product.len + 1, release.data, release.len);
  q->out->os_pretty_name.data = both;
  q->out->os_pretty_name.len = product.len + release.len + 1;
  return SONDE_OK;
}

static sonde_status windows_fill_release(const struct windows_host *q) {
  OSVERSIONINFOEXW version = {.dwOSVersionInfoSize = sizeof version};
  struct windows_version_text text = {"", 0};
  sonde_host_info *const out = q->out;
  sondei_span value = {NULL, 0};
  bool is_11 = false;
  HKEY key = windows_open_key(q, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion");
  const NTSTATUS code = q->state->os->RtlGetVersion(&version);
  sonde_status status = SONDE_OK;
  if (code == STATUS_SUCCESS) {
    is_11 = version.wProductType == VER_NT_WORKSTATION && version.dwBuildNumber >= WINDOWS_BUILD_11;
    windows_put_version(&text, version.dwMajorVersion);
    windows_put_version(&text, version.dwMinorVersion);
    windows_put_version(&text, version.dwBuildNumber);
    status = sonde_fill_string(q->fill, &out->kernel_release, text.data, text.len);
    if (status == SONDE_OK) status = windows_read_value(q, &value, key, L"UBR", REG_DWORD);
    if (status == SONDE_OK) {
      uint32_t update = 0;
      if (value.len == sizeof update) {
        memcpy(&update, value.data, sizeof update);
        windows_put_version(&text, update);
      }
      status = sonde_fill_string(q->fill, &out->os_version, text.data, text.len);
    }
  } else {
    (void)sondei_windows_nt_fail(q->env, code, "RtlGetVersion", "");
  }
  if (status == SONDE_OK) status = windows_take_text(q, &out->os_name, "Windows");
  if (status == SONDE_OK) status = windows_take_text(q, &out->os_id, "windows");
  if (status == SONDE_OK) status = windows_take_text(q, &out->kernel_name, "Windows NT");
  if (status == SONDE_OK) status = windows_take_value(q, &out->kernel_version, key, L"BuildLabEx");
  if (status == SONDE_OK) status = windows_fill_pretty_name(q, key, is_11);
  windows_close_key(q, key);
  return status;
}

static sonde_status windows_fill_machine_id(const struct windows_host *q) {
  HKEY key = windows_open_key(q, L"SOFTWARE\\Microsoft\\Cryptography");
  const sonde_status status = windows_take_value(q, &q->out->machine_id, key, L"MachineGuid");
  windows_close_key(q, key);
  return status;
}

/* ---- What it runs on ----------------------------------------------------------------------------------------------
 */

static const char *windows_machine_name(USHORT machine) {
  switch (machine) {
    case IMAGE_FILE_MACHINE_AMD64:
      return "x86_64";
    case IMAGE_FILE_MACHINE_ARM64:
      return "aarch64";
    case IMAGE_FILE_MACHINE_I386:
      return "x86";
    case IMAGE_FILE_MACHINE_ARMNT:
      return "arm";
    default:
      return NULL;
  }
}

static const char *windows_processor_name(WORD architecture) {
  switch (architecture) {
    case PROCESSOR_ARCHITECTURE_AMD64:
      return "x86_64";
    case PROCESSOR_ARCHITECTURE_ARM64:
      return "aarch64";
    case PROCESSOR_ARCHITECTURE_INTEL:
      return "x86";
    case PROCESSOR_ARCHITECTURE_ARM:
      return "arm";
    default:
      return NULL;
  }
}

/* A program of another CPU, run by emulation, is told its own by GetNativeSystemInfo. */
static sonde_status windows_fill_architecture(const struct windows_host *q) {
  SYSTEM_INFO info = {0};
  USHORT own = 0;
  USHORT native = 0;
  if (q->state->os->IsWow64Process2(GetCurrentProcess(), &own, &native)) {
    return windows_take_text(q, &q->out->architecture, windows_machine_name(native));
  }
  q->state->os->GetNativeSystemInfo(&info);
  return windows_take_text(q, &q->out->architecture, windows_processor_name(info.wProcessorArchitecture));
}

/* By the maker's words in the firmware's tables, as everywhere: a hypervisor that Windows itself runs on top of
 * (Hyper-V in its own root partition) is then none. */
static sonde_status windows_fill_virtualization(const struct windows_host *q) {
  static const wchar_t *const names[] = {L"SystemManufacturer", L"SystemProductName", L"BaseBoardManufacturer",
                                         L"BIOSVendor"};
  sonde_string words[4] = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
  sondei_span spans[4];
  const sondei_span none = sondei_span_of("", 0);
  sonde_status status = SONDE_OK;
  HKEY key = windows_open_key(q, L"HARDWARE\\DESCRIPTION\\System\\BIOS");
  for (size_t i = 0; i < 4; i++) {
    if (status == SONDE_OK) status = windows_take_value(q, &words[i], key, names[i]);
    spans[i] = sondei_span_of(words[i].data, words[i].len);
  }
  windows_close_key(q, key);
  if (status != SONDE_OK) return status;
  const char *name = sondei_linux_virtualization_of_dmi(spans[0], spans[1], spans[2]);
  if (name == NULL) name = sondei_linux_virtualization_of_dmi(none, none, spans[3]);
  return windows_take_text(q, &q->out->virtualization, name);
}

static sonde_status windows_host_info(struct sonde_env *env, void *opaque, sonde_host_info *out,
                                      struct sonde_fill *memory) {
  const struct windows_host q = {env, opaque, memory, out};
  sonde_status status = windows_fill_hostname(&q);
  if (status == SONDE_OK) status = windows_fill_release(&q);
  if (status == SONDE_OK) status = windows_fill_machine_id(&q);
  if (status == SONDE_OK) status = windows_fill_architecture(&q);
  if (status == SONDE_OK) status = windows_fill_virtualization(&q);
  return status;
}

/* ---- Times --------------------------------------------------------------------------------------------------------
 */

static uint64_t windows_filetime(const FILETIME *time) {
  return (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
}

/* Boot as the kernel keeps it has the time asleep added: it is taken off again. */
static void windows_read_boot_time(struct sonde_env *env, const struct windows_state *state, sonde_host_times *out) {
  struct windows_time_of_day told = {0};
  ULONG size = 0;
  const NTSTATUS code = state->os->NtQuerySystemInformation(SystemTimeOfDayInformation, &told, sizeof told, &size);
  if (code != STATUS_SUCCESS) {
    (void)sondei_windows_nt_fail(env, code, "NtQuerySystemInformation", "SystemTimeOfDayInformation");
    return;
  }
  const uint64_t boot = told.boot_time > 0 ? (uint64_t)told.boot_time : 0;
  if (boot < told.sleep_time_bias) return;
  if (sondei_windows_filetime_to_moment(boot - told.sleep_time_bias, &out->boot_time)) {
    out->valid |= SONDE_HOST_TIMES_BOOT_TIME;
  }
}

static void windows_read_uptime(const struct windows_state *state, sonde_host_times *out) {
  const uint64_t milliseconds = state->os->GetTickCount64();
  if (milliseconds > UINT64_MAX / 1000000) return;
  out->uptime = milliseconds * 1000000;
  out->valid |= SONDE_HOST_TIMES_UPTIME;
}

static void windows_read_clocks(struct sonde_env *env, const struct windows_state *state, sonde_host_times *out) {
  FILETIME now = {0};
  LARGE_INTEGER count = {.QuadPart = 0};
  LARGE_INTEGER frequency = {.QuadPart = 0};
  if (!state->os->GetSystemTimePreciseAsFileTime(&now)) state->os->GetSystemTimeAsFileTime(&now);
  if (sondei_windows_filetime_to_moment(windows_filetime(&now), &out->now)) out->valid |= SONDE_HOST_TIMES_NOW;
  if (!state->os->QueryPerformanceFrequency(&frequency) || !state->os->QueryPerformanceCounter(&count)) {
    (void)sondei_windows_fail(env, GetLastError(), "QueryPerformanceCounter", "");
    return;
  }
  if (count.QuadPart >= 0 && frequency.QuadPart > 0 &&
      sondei_windows_counter_to_ns((uint64_t)count.QuadPart, (uint64_t)frequency.QuadPart, &out->monotonic)) {
    out->valid |= SONDE_HOST_TIMES_MONOTONIC;
  }
}

static sonde_status windows_host_times(struct sonde_env *env, void *opaque, sonde_host_times *out) {
  const struct windows_state *const state = opaque;
  windows_read_boot_time(env, state, out);
  windows_read_uptime(state, out);
  windows_read_clocks(env, state, out);
  return SONDE_OK;
}

/* ---- Users --------------------------------------------------------------------------------------------------------
 */

struct windows_session {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *fill;
  DWORD id;
};

/* What Windows tells of the session, in memory of its own; NULL: *code is why. */
static void *windows_ask_session(const struct windows_session *q, WTS_INFO_CLASS kind, DWORD *size, DWORD *code) {
  wchar_t *told = NULL;
  *size = 0;
  *code = ERROR_SUCCESS;
  if (q->state->os->WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, q->id, kind, &told, size)) return told;
  *code = GetLastError();
  return NULL;
}

/* A text of the session; empty where it does not tell. */
static sonde_status windows_take_session_text(const struct windows_session *q, sonde_string *out, WTS_INFO_CLASS kind) {
  DWORD size = 0;
  DWORD code = ERROR_SUCCESS;
  wchar_t *const told = windows_ask_session(q, kind, &size, &code);
  if (told == NULL) {
    return code == ERROR_SUCCESS ? SONDE_OK : sondei_windows_fail(q->env, code, "WTSQuerySessionInformationW", "");
  }
  size_t units = 0;
  while (units < size / sizeof(wchar_t) && told[units] != L'\0') units++;
  const sonde_status status =
      sondei_windows_string(q->env, q->state, q->fill, out, sondei_windows_wide_span(told, units));
  q->state->os->WTSFreeMemory(told);
  return status;
}

/* "DOMAIN\name", as users of processes are called. */
static sonde_status windows_join_name(const struct windows_session *q, sonde_user *row, sonde_string domain,
                                      sonde_string name) {
  row->name = name;
  if (domain.len == 0) return SONDE_OK;
  char *const both = sonde_fill_array(q->fill, domain.len + name.len + 2, 1);
  if (both == NULL) return SONDE_ERR_NO_MEMORY;
  memcpy(both, domain.data, domain.len);
  both[domain.len] = '\\';
  memcpy(both + domain.len + 1, name.data, name.len);
  row->name.data = both;
  row->name.len = domain.len + name.len + 1;
  return SONDE_OK;
}

/* The address from which a remote session comes: of IPv4 behind two bytes, as the system's manual says. */
static sonde_status windows_fill_client(const struct windows_session *q, sonde_user *row) {
  static const uint8_t nowhere[16];
  sonde_address address = {0};
  char text[SONDE_ADDRESS_TEXT_MAX];
  DWORD size = 0;
  DWORD code = ERROR_SUCCESS;
  WTS_CLIENT_ADDRESS *const told = windows_ask_session(q, WTSClientAddress, &size, &code);
  if (told == NULL) return SONDE_OK;
  if (size >= sizeof *told && told->AddressFamily == AF_INET) {
    address.family = SONDE_FAMILY_INET;
    address.len = 4;
    memcpy(address.bytes, told->Address + 2, 4);
  } else if (size >= sizeof *told && told->AddressFamily == AF_INET6) {
    address.family = SONDE_FAMILY_INET6;
    address.len = 16;
    memcpy(address.bytes, told->Address, 16);
  }
  q->state->os->WTSFreeMemory(told);
  if (memcmp(address.bytes, nowhere, sizeof nowhere) == 0) return SONDE_OK;
  const size_t len = sonde_address_format(text, sizeof text, &address);
  return sonde_fill_string(q->fill, &row->host, text, len);
}

/* When the user logged on; where that is not told, when the session was connected. */
static void windows_fill_started(const struct windows_session *q, sonde_user *row) {
  DWORD size = 0;
  DWORD code = ERROR_SUCCESS;
  WTSINFOW *const told = windows_ask_session(q, WTSSessionInfo, &size, &code);
  if (told == NULL) return;
  if (size >= sizeof *told) {
    const uint64_t logon = (uint64_t)told->LogonTime.QuadPart;
    const uint64_t connect = (uint64_t)told->ConnectTime.QuadPart;
    if (sondei_windows_filetime_to_moment(logon, &row->started) ||
        sondei_windows_filetime_to_moment(connect, &row->started)) {
      row->valid |= SONDE_USER_STARTED;
    }
  }
  q->state->os->WTSFreeMemory(told);
}

static bool windows_is_memory(sonde_status status) { return status == SONDE_ERR_NO_MEMORY; }

static sonde_status windows_fill_session(const struct windows_session *q, const wchar_t *station) {
  sonde_string name = {"", 0};
  sonde_string domain = {"", 0};
  sonde_user *const row = sonde_fill_row(q->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->status = windows_take_session_text(q, &name, WTSUserName);
  if (windows_is_memory(row->status)) return row->status;
  const int64_t code = sonde_env_failed_code(q->env);
  const bool is_gone =
      row->status != SONDE_OK && (code == ERROR_CTX_WINSTATION_NOT_FOUND || code == ERROR_FILE_NOT_FOUND);
  if (is_gone || (row->status == SONDE_OK && name.len == 0)) {
    sonde_fill_drop_row(q->fill); /* it ended just now, or nobody is logged on */
    return SONDE_OK;
  }
  sonde_status status =
      sondei_windows_string(q->env, q->state, q->fill, &row->terminal, sondei_windows_wide_text(station));
  if (status != SONDE_OK || row->status != SONDE_OK) return status;
  if (windows_is_memory(windows_take_session_text(q, &domain, WTSDomainName))) return SONDE_ERR_NO_MEMORY;
  status = windows_join_name(q, row, domain, name);
  if (status == SONDE_OK) status = windows_fill_client(q, row);
  windows_fill_started(q, row);
  return status;
}

static sonde_status windows_user_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_session q = {env, opaque, out, 0};
  const struct windows_os *const os = q.state->os;
  WTS_SESSION_INFOW *sessions = NULL;
  DWORD count = 0;
  sonde_status status = SONDE_OK;
  if (!os->WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &sessions, &count)) {
    return sondei_windows_fail(env, GetLastError(), "WTSEnumerateSessionsW", "");
  }
  for (DWORD i = 0; status == SONDE_OK && i < count; i++) {
    q.id = sessions[i].SessionId;
    status = windows_fill_session(&q, sessions[i].pWinStationName);
  }
  os->WTSFreeMemory(sessions);
  return status;
}

const struct sonde_host_ops sondei_windows_host_ops = {
    .info = windows_host_info,
    .times = windows_host_times,
    .user_list = windows_user_list,
    .service_list = sondei_windows_service_list,
    .service = sondei_windows_service,
};
