/* SPDX-License-Identifier: MIT */
/*
 * windows_os.h - every call that the Windows backend makes to the OS.
 *
 * A test puts another table in its place with sonde_options.os_override (backend "windows"): each call can then be made
 * to fail, or a machine be made up.
 *
 * Each member is the function of that name, of the library that its section says. Those after "late:" are looked for
 * when they are first called: where this Windows lacks them they fail with ERROR_PROC_NOT_FOUND or
 * STATUS_PROCEDURE_NOT_FOUND.
 */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_OS_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_OS_H

/* Before any header of the system: this one is to be included first. */
#undef _WIN32_WINNT
#define _WIN32_WINNT 0x0a00
#undef WINVER
#define WINVER 0x0a00
#define WIN32_LEAN_AND_MEAN
#define WIN32_NO_STATUS
#include <windows.h>
#include <winsock2.h>
#undef WIN32_NO_STATUS
#include <malloc.h>
#include <ntstatus.h>
#include <psapi.h>
#include <stdint.h>
#include <winsvc.h>
#include <winternl.h>
#include <ws2tcpip.h>
#include <wtsapi32.h>

#include <iphlpapi.h> /* declares what has IPv6 addresses only after that */

/* MIB_TCPSTATS2 and MIB_UDPSTATS2, which older headers lack. */
struct windows_tcp_statistics {
  DWORD RtoAlgorithm, RtoMin, RtoMax, MaxConn, ActiveOpens, PassiveOpens, AttemptFails, EstabResets, CurrEstab;
  DWORD64 InSegs, OutSegs;
  DWORD RetransSegs, InErrs, OutRsts, NumConns;
};
struct windows_udp_statistics {
  DWORD64 InDatagrams;
  DWORD NoPorts, InErrors;
  DWORD64 OutDatagrams;
  DWORD NumAddrs;
};

/* Declared here, as the headers of some compilers lack them. */
NTSTATUS NTAPI NtQuerySystemInformationEx(SYSTEM_INFORMATION_CLASS kind, void *in, ULONG in_size, void *out, ULONG size,
                                          ULONG *told);
NTSTATUS NTAPI NtPowerInformation(POWER_INFORMATION_LEVEL kind, void *in, ULONG in_size, void *out, ULONG size);

struct windows_os {
  /* The system: ntdll, kernel32. */
  NTSTATUS(NTAPI *NtQuerySystemInformation)(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told);

  /* Processor groups: kernel32. */
  WORD(WINAPI *GetMaximumProcessorGroupCount)(void);
  DWORD(WINAPI *GetMaximumProcessorCount)(WORD group);

  /* CPUs: ntdll, kernel32, advapi32. */
  NTSTATUS(NTAPI *NtQuerySystemInformationEx)(SYSTEM_INFORMATION_CLASS kind, void *in, ULONG in_size, void *out,
                                              ULONG size, ULONG *told);
  NTSTATUS(NTAPI *NtPowerInformation)(POWER_INFORMATION_LEVEL kind, void *in, ULONG in_size, void *out, ULONG size);
  DWORD(WINAPI *GetActiveProcessorCount)(WORD group);
  HANDLE(WINAPI *GetCurrentThread)(void);
  BOOL(WINAPI *GetThreadGroupAffinity)(HANDLE thread, GROUP_AFFINITY *out);
  BOOL(WINAPI *GetLogicalProcessorInformationEx)(LOGICAL_PROCESSOR_RELATIONSHIP relation,
                                                 SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX *out, DWORD *size);
  LSTATUS(WINAPI *RegGetValueW)(HKEY key, const wchar_t *path, const wchar_t *name, DWORD flags, DWORD *type, void *out,
                                DWORD *size);

  /* Memory: psapi, kernel32, the C library. */
  BOOL(WINAPI *GetPerformanceInfo)(PERFORMANCE_INFORMATION *out, DWORD size);
  BOOL(WINAPI *GetNumaHighestNodeNumber)(ULONG *out);
  BOOL(WINAPI *GetNumaAvailableMemoryNodeEx)(USHORT node, ULONGLONG *out);
  HANDLE(WINAPI *GetProcessHeap)(void);
  DWORD(WINAPI *GetProcessHeaps)(DWORD count, HANDLE *out);
  BOOL(WINAPI *HeapLock)(HANDLE heap);
  BOOL(WINAPI *HeapUnlock)(HANDLE heap);
  BOOL(WINAPI *HeapWalk)(HANDLE heap, PROCESS_HEAP_ENTRY *entry);
  SIZE_T(WINAPI *HeapSize)(HANDLE heap, DWORD flags, const void *block);
  SIZE_T(WINAPI *HeapCompact)(HANDLE heap, DWORD flags);
  SIZE_T(WINAPI *VirtualQuery)(const void *address, MEMORY_BASIC_INFORMATION *out, SIZE_T size);
  intptr_t(__cdecl *_get_heap_handle)(void);

  /* Paths: kernel32. */
  DWORD(WINAPI *GetLogicalDrives)(void);
  DWORD(WINAPI *QueryDosDeviceW)(const wchar_t *name, wchar_t *out, DWORD units);
  UINT(WINAPI *GetSystemWindowsDirectoryW)(wchar_t *out, UINT units);

  /* What is in a process: ntdll, kernel32, advapi32. */
  NTSTATUS(NTAPI *NtQueryInformationProcess)(HANDLE process, PROCESSINFOCLASS kind, void *out, ULONG size, ULONG *told);
  BOOL(WINAPI *ReadProcessMemory)(HANDLE process, const void *address, void *out, SIZE_T size, SIZE_T *told);
  SIZE_T(WINAPI *VirtualQueryEx)(HANDLE process, const void *address, MEMORY_BASIC_INFORMATION *out, SIZE_T size);
  BOOL(WINAPI *QueryFullProcessImageNameW)(HANDLE process, DWORD flags, wchar_t *out, DWORD *units);
  BOOL(WINAPI *IsWow64Process)(HANDLE process, BOOL *out);
  void(WINAPI *GetSystemInfo)(SYSTEM_INFO *out);
  BOOL(WINAPI *OpenProcessToken)(HANDLE process, DWORD access, HANDLE *out);
  BOOL(WINAPI *GetTokenInformation)(HANDLE token, TOKEN_INFORMATION_CLASS kind, void *out, DWORD size, DWORD *told);
  BOOL(WINAPI *LookupAccountSidW)(const wchar_t *system, PSID sid, wchar_t *name, DWORD *name_units, wchar_t *domain,
                                  DWORD *domain_units, SID_NAME_USE *use);
  /* late: */
  NTSTATUS(NTAPI *NtQueryVirtualMemory)(HANDLE process, const void *address, int kind, void *out, SIZE_T size,
                                        SIZE_T *told);
  BOOL(WINAPI *IsWow64Process2)(HANDLE process, USHORT *machine, USHORT *native);
  /* late, and only for 32-bit programs on a 64-bit Windows: */
  NTSTATUS(NTAPI *NtWow64QueryInformationProcess64)(HANDLE process, int kind, void *out, ULONG size, ULONG *told);
  NTSTATUS(NTAPI *NtWow64ReadVirtualMemory64)(HANDLE process, uint64_t address, void *out, uint64_t size,
                                              uint64_t *told);

  /* Processes: kernel32. */
  HANDLE(WINAPI *OpenProcess)(DWORD access, BOOL inherit, DWORD pid);
  BOOL(WINAPI *CloseHandle)(HANDLE handle);
  DWORD(WINAPI *WaitForSingleObject)(HANDLE handle, DWORD milliseconds);
  DWORD(WINAPI *GetProcessId)(HANDLE process);
  BOOL(WINAPI *GetProcessTimes)(HANDLE process, FILETIME *created, FILETIME *ended, FILETIME *kernel, FILETIME *user);

  /* What is done to processes: ntdll, kernel32. */
  NTSTATUS(NTAPI *NtSuspendProcess)(HANDLE process);
  NTSTATUS(NTAPI *NtResumeProcess)(HANDLE process);
  NTSTATUS(NTAPI *NtTerminateProcess)(HANDLE process, NTSTATUS exit_code);
  NTSTATUS(NTAPI *NtSetInformationProcess)(HANDLE process, PROCESSINFOCLASS kind, void *in, ULONG size);
  DWORD(WINAPI *GetPriorityClass)(HANDLE process);
  BOOL(WINAPI *SetPriorityClass)(HANDLE process, DWORD priority_class);
  BOOL(WINAPI *GetProcessAffinityMask)(HANDLE process, DWORD_PTR *mask, DWORD_PTR *system);
  BOOL(WINAPI *SetProcessAffinityMask)(HANDLE process, DWORD_PTR mask);
  BOOL(WINAPI *GetProcessGroupAffinity)(HANDLE process, USHORT *count, USHORT *groups);
  DWORD(WINAPI *WaitForMultipleObjects)(DWORD count, const HANDLE *handles, BOOL all, DWORD milliseconds);
  BOOL(WINAPI *GetExitCodeProcess)(HANDLE process, DWORD *code);
  /* late: Windows 11, Server 2022. */
  BOOL(WINAPI *GetProcessDefaultCpuSetMasks)(HANDLE process, GROUP_AFFINITY *masks, USHORT size, USHORT *count);
  BOOL(WINAPI *SetProcessDefaultCpuSetMasks)(HANDLE process, GROUP_AFFINITY *masks, USHORT count);

  /* Open files: kernel32, ntdll. */
  DWORD(WINAPI *GetCurrentProcessId)(void);
  BOOL(WINAPI *DuplicateHandle)(HANDLE from, HANDLE handle, HANDLE to, HANDLE *out, DWORD access, BOOL inherit,
                                DWORD options);
  NTSTATUS(NTAPI *NtQueryObject)(HANDLE object, OBJECT_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told);
  NTSTATUS(NTAPI *NtQueryInformationFile)(HANDLE file, IO_STATUS_BLOCK *io, void *out, ULONG size,
                                          FILE_INFORMATION_CLASS kind);
  NTSTATUS(NTAPI *NtCreateSection)(HANDLE *out, ACCESS_MASK access, OBJECT_ATTRIBUTES *attributes,
                                   LARGE_INTEGER *maximum, ULONG protection, ULONG allocation, HANDLE file);
  NTSTATUS(NTAPI *NtMapViewOfSection)(HANDLE section, HANDLE process, void **base, ULONG_PTR zero_bits,
                                      SIZE_T commit_size, LARGE_INTEGER *offset, SIZE_T *view_size, ULONG inherit,
                                      ULONG allocation, ULONG protection);
  NTSTATUS(NTAPI *NtUnmapViewOfSection)(HANDLE process, void *base);

  /* The network: iphlpapi. */
  ULONG(WINAPI *GetAdaptersAddresses)(ULONG family, ULONG flags, void *reserved, IP_ADAPTER_ADDRESSES *out,
                                      ULONG *size);
  DWORD(WINAPI *GetIfEntry2)(MIB_IF_ROW2 *row);
  DWORD(WINAPI *GetExtendedTcpTable)(void *out, DWORD *size, BOOL sorted, ULONG family, TCP_TABLE_CLASS kind,
                                     ULONG reserved);
  DWORD(WINAPI *GetExtendedUdpTable)(void *out, DWORD *size, BOOL sorted, ULONG family, UDP_TABLE_CLASS kind,
                                     ULONG reserved);
  ULONG(WINAPI *GetIpStatisticsEx)(MIB_IPSTATS *out, ULONG family);
  ULONG(WINAPI *GetIcmpStatisticsEx)(MIB_ICMP_EX *out, ULONG family);
  ULONG(WINAPI *GetTcpStatisticsEx)(MIB_TCPSTATS *out, ULONG family);
  ULONG(WINAPI *GetUdpStatisticsEx)(MIB_UDPSTATS *out, ULONG family);
  /* late: Windows 10 1709. */
  ULONG(WINAPI *GetTcpStatisticsEx2)(struct windows_tcp_statistics *out, ULONG family);
  ULONG(WINAPI *GetUdpStatisticsEx2)(struct windows_udp_statistics *out, ULONG family);

  /* Disks: kernel32, ntdll. */
  BOOL(WINAPI *SetThreadErrorMode)(DWORD mode, DWORD *before);
  DWORD(WINAPI *GetLogicalDriveStringsW)(DWORD units, wchar_t *out);
  UINT(WINAPI *GetDriveTypeW)(const wchar_t *root);
  BOOL(WINAPI *GetVolumeInformationW)(const wchar_t *root, wchar_t *label, DWORD label_units, DWORD *serial,
                                      DWORD *longest, DWORD *flags, wchar_t *file_system, DWORD file_system_units);
  BOOL(WINAPI *GetVolumeInformationByHandleW)(HANDLE file, wchar_t *label, DWORD label_units, DWORD *serial,
                                              DWORD *longest, DWORD *flags, wchar_t *file_system,
                                              DWORD file_system_units);
  BOOL(WINAPI *GetVolumeNameForVolumeMountPointW)(const wchar_t *root, wchar_t *out, DWORD units);
  HANDLE(WINAPI *FindFirstVolumeW)(wchar_t *out, DWORD units);
  BOOL(WINAPI *FindNextVolumeW)(HANDLE find, wchar_t *out, DWORD units);
  BOOL(WINAPI *FindVolumeClose)(HANDLE find);
  BOOL(WINAPI *GetVolumePathNamesForVolumeNameW)(const wchar_t *name, wchar_t *out, DWORD units, DWORD *needed);
  DWORD(WINAPI *GetFullPathNameW)(const wchar_t *path, DWORD units, wchar_t *out, wchar_t **name);
  HANDLE(WINAPI *CreateFileW)(const wchar_t *path, DWORD access, DWORD sharing, SECURITY_ATTRIBUTES *security,
                              DWORD how, DWORD flags, HANDLE template_file);
  BOOL(WINAPI *DeviceIoControl)(HANDLE device, DWORD control, void *in, DWORD in_size, void *out, DWORD out_size,
                                DWORD *told, OVERLAPPED *overlapped);
  NTSTATUS(NTAPI *NtQueryVolumeInformationFile)(HANDLE file, IO_STATUS_BLOCK *block, void *out, ULONG size,
                                                FS_INFORMATION_CLASS kind);

  /* The host: kernel32, ntdll, advapi32. */
  BOOL(WINAPI *GetComputerNameExW)(COMPUTER_NAME_FORMAT kind, wchar_t *out, DWORD *units);
  void(WINAPI *GetNativeSystemInfo)(SYSTEM_INFO *out);
  ULONGLONG(WINAPI *GetTickCount64)(void);
  void(WINAPI *GetSystemTimeAsFileTime)(FILETIME *out);
  BOOL(WINAPI *QueryPerformanceCounter)(LARGE_INTEGER *out);
  BOOL(WINAPI *QueryPerformanceFrequency)(LARGE_INTEGER *out);
  LSTATUS(WINAPI *RegOpenKeyExW)(HKEY key, const wchar_t *name, DWORD options, REGSAM access, HKEY *out);
  LSTATUS(WINAPI *RegQueryValueExW)(HKEY key, const wchar_t *name, DWORD *reserved, DWORD *kind, BYTE *out,
                                    DWORD *size);
  LSTATUS(WINAPI *RegCloseKey)(HKEY key);

  /* The host, late: ntdll, kernel32 (and IsWow64Process2 of above). */
  NTSTATUS(NTAPI *RtlGetVersion)(OSVERSIONINFOEXW *out);
  BOOL(WINAPI *GetSystemTimePreciseAsFileTime)(FILETIME *out); /* FALSE: this Windows lacks it */

  /* Users, late: wtsapi32. */
  BOOL(WINAPI *WTSEnumerateSessionsW)(HANDLE server, DWORD reserved, DWORD version, WTS_SESSION_INFOW **out,
                                      DWORD *count);
  BOOL(WINAPI *WTSQuerySessionInformationW)(HANDLE server, DWORD session, WTS_INFO_CLASS kind, wchar_t **out,
                                            DWORD *size);
  void(WINAPI *WTSFreeMemory)(void *memory);

  /* Services: advapi32. */
  SC_HANDLE(WINAPI *OpenSCManagerW)(const wchar_t *machine, const wchar_t *database, DWORD access);
  BOOL(WINAPI *EnumServicesStatusExW)(SC_HANDLE manager, SC_ENUM_TYPE level, DWORD kinds, DWORD states, BYTE *out,
                                      DWORD size, DWORD *needed, DWORD *count, DWORD *resume, const wchar_t *group);
  SC_HANDLE(WINAPI *OpenServiceW)(SC_HANDLE manager, const wchar_t *name, DWORD access);
  BOOL(WINAPI *QueryServiceConfigW)(SC_HANDLE service, QUERY_SERVICE_CONFIGW *out, DWORD size, DWORD *needed);
  BOOL(WINAPI *QueryServiceConfig2W)(SC_HANDLE service, DWORD level, BYTE *out, DWORD size, DWORD *needed);
  BOOL(WINAPI *QueryServiceStatusEx)(SC_HANDLE service, SC_STATUS_TYPE level, BYTE *out, DWORD size, DWORD *needed);
  BOOL(WINAPI *CloseServiceHandle)(SC_HANDLE handle);

  /* Power: kernel32 (and NtPowerInformation of above). */
  BOOL(WINAPI *GetSystemPowerStatus)(SYSTEM_POWER_STATUS *out);
};

/* The real calls. */
extern const struct windows_os sondei_windows_os;

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_OS_H */
