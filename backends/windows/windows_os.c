/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_os.h"

/* ---- Functions that the headers of the system do not declare --------------------------------------------------------
 */

NTSYSAPI NTSTATUS NTAPI NtSuspendProcess(HANDLE process);
NTSYSAPI NTSTATUS NTAPI NtResumeProcess(HANDLE process);
NTSYSAPI NTSTATUS NTAPI NtTerminateProcess(HANDLE process, NTSTATUS exit_code);
NTSYSAPI NTSTATUS NTAPI NtCreateSection(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                                        LARGE_INTEGER *maximum, ULONG protection, ULONG allocation, HANDLE file);
NTSYSAPI NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, void **base, ULONG_PTR zero_bits,
                                           SIZE_T commit_size, LARGE_INTEGER *offset, SIZE_T *view_size, ULONG inherit,
                                           ULONG allocation, ULONG protection);
NTSYSAPI NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, void *base);

/* ---- Late: functions that this Windows may lack ---------------------------------------------------------------------
 */

/* What casts between types of functions go through. */
typedef void (*windows_function)(void);

/* NULL: the library, or the function, is missing. A library stays loaded: what it gave may still be in use. */
static windows_function windows_late(const wchar_t *library, const char *name) {
  HMODULE module = GetModuleHandleW(library);
  if (module == NULL) module = LoadLibraryExW(library, NULL, LOAD_LIBRARY_SEARCH_SYSTEM32);
  const windows_function function = module != NULL ? (windows_function)GetProcAddress(module, name) : NULL;
  if (function == NULL) SetLastError(ERROR_PROC_NOT_FOUND);
  return function;
}

static ULONG WINAPI windows_tcp_statistics_ex2(struct windows_tcp_statistics *out, ULONG family) {
  typedef ULONG(WINAPI * late)(struct windows_tcp_statistics *, ULONG);
  const late call = (late)windows_late(L"iphlpapi.dll", "GetTcpStatisticsEx2");
  return call != NULL ? call(out, family) : ERROR_PROC_NOT_FOUND;
}

static ULONG WINAPI windows_udp_statistics_ex2(struct windows_udp_statistics *out, ULONG family) {
  typedef ULONG(WINAPI * late)(struct windows_udp_statistics *, ULONG);
  const late call = (late)windows_late(L"iphlpapi.dll", "GetUdpStatisticsEx2");
  return call != NULL ? call(out, family) : ERROR_PROC_NOT_FOUND;
}

static NTSTATUS NTAPI windows_query_virtual_memory(HANDLE process, const void *address, int kind, void *out,
                                                   SIZE_T size, SIZE_T *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, const void *, int, void *, SIZE_T, SIZE_T *);
  const late call = (late)windows_late(L"ntdll.dll", "NtQueryVirtualMemory");
  return call != NULL ? call(process, address, kind, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
}

static BOOL WINAPI windows_is_wow64_process2(HANDLE process, USHORT *machine, USHORT *native) {
  typedef BOOL(WINAPI * late)(HANDLE, USHORT *, USHORT *);
  const late call = (late)windows_late(L"kernel32.dll", "IsWow64Process2");
  if (call != NULL) return call(process, machine, native);
  SetLastError(ERROR_PROC_NOT_FOUND);
  return FALSE;
}

static BOOL WINAPI windows_process_default_cpu_set_masks(HANDLE process, GROUP_AFFINITY *masks, USHORT size,
                                                         USHORT *count) {
  typedef BOOL(WINAPI * late)(HANDLE, GROUP_AFFINITY *, USHORT, USHORT *);
  const late call = (late)windows_late(L"kernel32.dll", "GetProcessDefaultCpuSetMasks");
  return call != NULL && call(process, masks, size, count);
}

static BOOL WINAPI windows_set_process_default_cpu_set_masks(HANDLE process, GROUP_AFFINITY *masks, USHORT count) {
  typedef BOOL(WINAPI * late)(HANDLE, GROUP_AFFINITY *, USHORT);
  const late call = (late)windows_late(L"kernel32.dll", "SetProcessDefaultCpuSetMasks");
  return call != NULL && call(process, masks, count);
}

static NTSTATUS NTAPI windows_wow64_query_process(HANDLE process, int kind, void *out, ULONG size, ULONG *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, int, void *, ULONG, ULONG *);
  const late call = (late)windows_late(L"ntdll.dll", "NtWow64QueryInformationProcess64");
  return call != NULL ? call(process, kind, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
}

static NTSTATUS NTAPI windows_wow64_read_memory(HANDLE process, uint64_t address, void *out, uint64_t size,
                                                uint64_t *told) {
  typedef NTSTATUS(NTAPI * late)(HANDLE, uint64_t, void *, uint64_t, uint64_t *);
  const late call = (late)windows_late(L"ntdll.dll", "NtWow64ReadVirtualMemory64");
  return call != NULL ? call(process, address, out, size, told) : STATUS_PROCEDURE_NOT_FOUND;
}

/* Not missing anywhere, but declared only in headers for drivers. */
static NTSTATUS NTAPI windows_late_RtlGetVersion(OSVERSIONINFOEXW *out) {
  typedef NTSTATUS(NTAPI * function)(OSVERSIONINFOEXW *);
  const function call = (function)windows_late(L"ntdll.dll", "RtlGetVersion");
  return call != NULL ? call(out) : STATUS_PROCEDURE_NOT_FOUND;
}

static BOOL WINAPI windows_late_GetSystemTimePreciseAsFileTime(FILETIME *out) {
  typedef void(WINAPI * function)(FILETIME *);
  const function call = (function)windows_late(L"kernel32.dll", "GetSystemTimePreciseAsFileTime");
  if (call != NULL) call(out);
  return call != NULL;
}

static BOOL WINAPI windows_late_WTSEnumerateSessionsW(HANDLE server, DWORD reserved, DWORD version,
                                                      WTS_SESSION_INFOW **out, DWORD *count) {
  typedef BOOL(WINAPI * function)(HANDLE, DWORD, DWORD, WTS_SESSION_INFOW **, DWORD *);
  const function call = (function)windows_late(L"wtsapi32.dll", "WTSEnumerateSessionsW");
  return call != NULL && call(server, reserved, version, out, count);
}

static BOOL WINAPI windows_late_WTSQuerySessionInformationW(HANDLE server, DWORD session, WTS_INFO_CLASS kind,
                                                            wchar_t **out, DWORD *size) {
  typedef BOOL(WINAPI * function)(HANDLE, DWORD, WTS_INFO_CLASS, wchar_t **, DWORD *);
  const function call = (function)windows_late(L"wtsapi32.dll", "WTSQuerySessionInformationW");
  return call != NULL && call(server, session, kind, out, size);
}

static void WINAPI windows_late_WTSFreeMemory(void *memory) {
  typedef void(WINAPI * function)(void *);
  const function call = (function)windows_late(L"wtsapi32.dll", "WTSFreeMemory");
  if (call != NULL) call(memory);
}

/* ---- The table ------------------------------------------------------------------------------------------------------
 */

const struct windows_os sondei_windows_os = {
    /* The system. */
    .NtQuerySystemInformation = NtQuerySystemInformation,

    /* Processor groups. */
    .GetMaximumProcessorGroupCount = GetMaximumProcessorGroupCount,
    .GetMaximumProcessorCount = GetMaximumProcessorCount,

    /* CPUs. */
    .NtQuerySystemInformationEx = NtQuerySystemInformationEx,
    .NtPowerInformation = NtPowerInformation,
    .GetActiveProcessorCount = GetActiveProcessorCount,
    .GetCurrentThread = GetCurrentThread,
    .GetThreadGroupAffinity = GetThreadGroupAffinity,
    .GetLogicalProcessorInformationEx = GetLogicalProcessorInformationEx,
    .RegGetValueW = RegGetValueW,

    /* Memory. */
    .GetPerformanceInfo = GetPerformanceInfo,
    .GetNumaHighestNodeNumber = GetNumaHighestNodeNumber,
    .GetNumaAvailableMemoryNodeEx = GetNumaAvailableMemoryNodeEx,
    .GetProcessHeap = GetProcessHeap,
    .GetProcessHeaps = GetProcessHeaps,
    .HeapLock = HeapLock,
    .HeapUnlock = HeapUnlock,
    .HeapWalk = HeapWalk,
    .HeapSize = HeapSize,
    .HeapCompact = HeapCompact,
    .VirtualQuery = VirtualQuery,
    ._get_heap_handle = _get_heap_handle,

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

    /* What is done to processes. */
    .NtSuspendProcess = NtSuspendProcess,
    .NtResumeProcess = NtResumeProcess,
    .NtTerminateProcess = NtTerminateProcess,
    .NtSetInformationProcess = NtSetInformationProcess,
    .GetPriorityClass = GetPriorityClass,
    .SetPriorityClass = SetPriorityClass,
    .GetProcessAffinityMask = GetProcessAffinityMask,
    .SetProcessAffinityMask = SetProcessAffinityMask,
    .GetProcessGroupAffinity = GetProcessGroupAffinity,
    .WaitForMultipleObjects = WaitForMultipleObjects,
    .GetExitCodeProcess = GetExitCodeProcess,
    .GetProcessDefaultCpuSetMasks = windows_process_default_cpu_set_masks,
    .SetProcessDefaultCpuSetMasks = windows_set_process_default_cpu_set_masks,

    /* Open files. */
    .GetCurrentProcessId = GetCurrentProcessId,
    .DuplicateHandle = DuplicateHandle,
    .NtQueryObject = NtQueryObject,
    .NtQueryInformationFile = NtQueryInformationFile,
    .NtCreateSection = NtCreateSection,
    .NtMapViewOfSection = NtMapViewOfSection,
    .NtUnmapViewOfSection = NtUnmapViewOfSection,

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

    /* Disks. */
    .SetThreadErrorMode = SetThreadErrorMode,
    .GetLogicalDriveStringsW = GetLogicalDriveStringsW,
    .GetDriveTypeW = GetDriveTypeW,
    .GetVolumeInformationW = GetVolumeInformationW,
    .GetVolumeInformationByHandleW = GetVolumeInformationByHandleW,
    .GetVolumeNameForVolumeMountPointW = GetVolumeNameForVolumeMountPointW,
    .FindFirstVolumeW = FindFirstVolumeW,
    .FindNextVolumeW = FindNextVolumeW,
    .FindVolumeClose = FindVolumeClose,
    .GetVolumePathNamesForVolumeNameW = GetVolumePathNamesForVolumeNameW,
    .GetFullPathNameW = GetFullPathNameW,
    .CreateFileW = CreateFileW,
    .DeviceIoControl = DeviceIoControl,
    .NtQueryVolumeInformationFile = NtQueryVolumeInformationFile,

    /* The host. */
    .GetComputerNameExW = GetComputerNameExW,
    .GetNativeSystemInfo = GetNativeSystemInfo,
    .GetTickCount64 = GetTickCount64,
    .GetSystemTimeAsFileTime = GetSystemTimeAsFileTime,
    .QueryPerformanceCounter = QueryPerformanceCounter,
    .QueryPerformanceFrequency = QueryPerformanceFrequency,
    .RegOpenKeyExW = RegOpenKeyExW,
    .RegQueryValueExW = RegQueryValueExW,
    .RegCloseKey = RegCloseKey,

    .RtlGetVersion = windows_late_RtlGetVersion,
    .GetSystemTimePreciseAsFileTime = windows_late_GetSystemTimePreciseAsFileTime,

    /* Users, late. */
    .WTSEnumerateSessionsW = windows_late_WTSEnumerateSessionsW,
    .WTSQuerySessionInformationW = windows_late_WTSQuerySessionInformationW,
    .WTSFreeMemory = windows_late_WTSFreeMemory,

    /* Services. */
    .OpenSCManagerW = OpenSCManagerW,
    .EnumServicesStatusExW = EnumServicesStatusExW,
    .OpenServiceW = OpenServiceW,
    .QueryServiceConfigW = QueryServiceConfigW,
    .QueryServiceConfig2W = QueryServiceConfig2W,
    .QueryServiceStatusEx = QueryServiceStatusEx,
    .CloseServiceHandle = CloseServiceHandle,

    /* Power. */
    .GetSystemPowerStatus = GetSystemPowerStatus,
};
