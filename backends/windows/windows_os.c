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

static NTSTATUS NTAPI windows_query_virtual_memory(HANDLE process, const void *address, int kind, void *out,
                                                   SIZE_T size, SIZE_T *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, const void *, int, void *, SIZE_T, SIZE_T *);
  const late call = (late)(void (*)(void))windows_late(L"ntdll.dll", "NtQueryVirtualMemory");
  return call != NULL ? call(process, address, kind, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
}

static BOOL WINAPI windows_is_wow64_process2(HANDLE process, USHORT *machine, USHORT *native) {
  typedef BOOL(WINAPI * late)(HANDLE, USHORT *, USHORT *);
  const late call = (late)(void (*)(void))windows_late(L"kernel32.dll", "IsWow64Process2");
  if (call != NULL) return call(process, machine, native);
  SetLastError(ERROR_PROC_NOT_FOUND);
  return FALSE;
}

static NTSTATUS NTAPI windows_wow64_query_process(HANDLE process, int kind, void *out, ULONG size, ULONG *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, int, void *, ULONG, ULONG *);
  const late call = (late)(void (*)(void))windows_late(L"ntdll.dll", "NtWow64QueryInformationProcess64");
  return call != NULL ? call(process, kind, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
}

static NTSTATUS NTAPI windows_wow64_read_memory(HANDLE process, uint64_t address, void *out, uint64_t size,
                                                uint64_t *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, uint64_t, void *, uint64_t, uint64_t *);
  const late call = (late)(void (*)(void))windows_late(L"ntdll.dll", "NtWow64ReadVirtualMemory64");
  return call != NULL ? call(process, address, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
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

    /* What is in a process. */
    .NtQueryInformationProcess = NtQueryInformationProcess,
    .ReadProcessMemory = ReadProcessMemory,
    .VirtualQueryEx = VirtualQueryEx,
    .QueryFullProcessImageNameW = QueryFullProcessImageNameW,
    .IsWow64Process = IsWow64Process,
    .GetSystemInfo = GetSystemInfo,
    .OpenProcessToken = OpenProcessToken,
    .GetTokenInformation = GetTokenInformation,
    .LookupAccountSidW = LookupAccountSidW,
    .NtQueryVirtualMemory = windows_query_virtual_memory,
    .IsWow64Process2 = windows_is_wow64_process2,
    .NtWow64QueryInformationProcess64 = windows_wow64_query_process,
    .NtWow64ReadVirtualMemory64 = windows_wow64_read_memory,

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
