/* SPDX-License-Identifier: MIT */
/* windows_error.h - error codes of Windows as statuses, recorded for sonde_last_error. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_ERROR_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_ERROR_H

#include "backends/windows/windows_backend.h"

/* What a Win32 error, or an NTSTATUS, means to the caller of the library; SONDE_ERR_OS where nothing more is known. */
sonde_status sondei_windows_status(DWORD code);
sonde_status sondei_windows_nt_status(NTSTATUS code);

/* Records that the function `operation` failed with that code on subject ("" or UTF-8), and returns the status. code is
 * what GetLastError, or the function itself, told right after it. */
sonde_status sondei_windows_fail(struct sonde_env *env, DWORD code, const char *operation, const char *subject);
sonde_status sondei_windows_nt_fail(struct sonde_env *env, NTSTATUS code, const char *operation, const char *subject);

/* "ERROR_ACCESS_DENIED", "STATUS_ACCESS_DENIED"; NULL for a code that is not in the list. */
const char *sondei_windows_error_name(DWORD code);
const char *sondei_windows_nt_error_name(NTSTATUS code);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_ERROR_H */
