/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_os.h"

/* Every caller has the library loaded already: it is linked. NULL: this Windows lacks the function. */
static FARPROC windows_late(const wchar_t *library, const char *name) {
  const HMODULE module = GetModuleHandleW(library);
  return module != NULL ? GetProcAddress(module, name) : NULL;
}

static ULONG WINAPI windows_tcp_statistics_ex2(struct windows_tcp_statistics *out, ULONG family) {
  typedef ULONG(WINAPI * late)(struct windows_tcp_statistics *, ULONG);
  const late call = (late)(void (*)(void))windows_late(L"iphlpapi.dll", "GetTcpStatisticsEx2");
  return call != NULL ? call(out, family) : ERROR_PROC_NOT_FOUND;
}

static ULONG WINAPI windows_udp_statistics_ex2(struct windows_udp_statistics *out, ULONG family) {
  typedef ULONG(WINAPI * late)(struct windows_udp_statistics *, ULONG);
  const late call = (late)(void (*)(void))windows_late(L"iphlpapi.dll", "GetUdpStatisticsEx2");
  return call != NULL ? call(out, family) : ERROR_PROC_NOT_FOUND;
}

const struct windows_os sondei_windows_os = {
    /* The system. */
    .NtQuerySystemInformation = NtQuerySystemInformation,

    /* Processor groups. */
    .GetMaximumProcessorGroupCount = GetMaximumProcessorGroupCount,
    .GetMaximumProcessorCount = GetMaximumProcessorCount,

    /* Paths. */
    .GetLogicalDrives = GetLogicalDrives,
    .QueryDosDeviceW = QueryDosDeviceW,
    .GetSystemWindowsDirectoryW = GetSystemWindowsDirectoryW,

    /* Processes. */
    .OpenProcess = OpenProcess,
    .CloseHandle = CloseHandle,
    .WaitForSingleObject = WaitForSingleObject,
    .GetProcessId = GetProcessId,
    .GetProcessTimes = GetProcessTimes,

    /* The network. */
    .GetAdaptersAddresses = GetAdaptersAddresses,
    .GetIfEntry2 = GetIfEntry2,
    .GetExtendedTcpTable = GetExtendedTcpTable,
    .GetExtendedUdpTable = GetExtendedUdpTable,
    .GetIpStatisticsEx = GetIpStatisticsEx,
    .GetIcmpStatisticsEx = GetIcmpStatisticsEx,
    .GetTcpStatisticsEx = GetTcpStatisticsEx,
    .GetUdpStatisticsEx = GetUdpStatisticsEx,
    .GetTcpStatisticsEx2 = windows_tcp_statistics_ex2,
    .GetUdpStatisticsEx2 = windows_udp_statistics_ex2,
};
