/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_os.h"

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
};
