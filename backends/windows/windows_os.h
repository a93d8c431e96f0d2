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
#include <ntstatus.h>
#include <winternl.h>

struct windows_os {
  /* The system: ntdll, kernel32. */
  NTSTATUS(NTAPI *NtQuerySystemInformation)(SYSTEM_INFORMATION_CLASS kind, void *out, ULONG size, ULONG *told);

  /* Processor groups: kernel32. */
  WORD(WINAPI *GetMaximumProcessorGroupCount)(void);
  DWORD(WINAPI *GetMaximumProcessorCount)(WORD group);

  /* Paths: kernel32. */
  DWORD(WINAPI *GetLogicalDrives)(void);
  DWORD(WINAPI *QueryDosDeviceW)(const wchar_t *name, wchar_t *out, DWORD units);
  UINT(WINAPI *GetSystemWindowsDirectoryW)(wchar_t *out, UINT units);

  /* Processes: kernel32. */
  HANDLE(WINAPI *OpenProcess)(DWORD access, BOOL inherit, DWORD pid);
  BOOL(WINAPI *CloseHandle)(HANDLE handle);
  DWORD(WINAPI *WaitForSingleObject)(HANDLE handle, DWORD milliseconds);
  DWORD(WINAPI *GetProcessId)(HANDLE process);
  BOOL(WINAPI *GetProcessTimes)(HANDLE process, FILETIME *created, FILETIME *ended, FILETIME *kernel, FILETIME *user);
};

/* The real calls. */
extern const struct windows_os sondei_windows_os;

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_OS_H */
