/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_error.h"

#include <string.h>

struct windows_error {
  DWORD code;
  sonde_status status;
  const char *name;
};

#define WINDOWS_ERROR(code, status) {(DWORD)(code), status, #code}

static const struct windows_error windows_errors[] = {
    WINDOWS_ERROR(ERROR_INVALID_FUNCTION, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(ERROR_FILE_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_PATH_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_TOO_MANY_OPEN_FILES, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_ACCESS_DENIED, SONDE_ERR_ACCESS),
    WINDOWS_ERROR(ERROR_INVALID_HANDLE, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NOT_ENOUGH_MEMORY, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_OUTOFMEMORY, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_INVALID_DRIVE, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NO_MORE_FILES, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_WRITE_PROTECT, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NOT_READY, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_SHARING_VIOLATION, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NOT_SUPPORTED, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(ERROR_BAD_NETPATH, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_BAD_NET_NAME, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_INVALID_PARAMETER, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_CALL_NOT_IMPLEMENTED, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(ERROR_INSUFFICIENT_BUFFER, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_INVALID_NAME, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_MOD_NOT_FOUND, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(ERROR_PROC_NOT_FOUND, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(ERROR_MORE_DATA, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_PARTIAL_COPY, SONDE_ERR_ACCESS),
    WINDOWS_ERROR(ERROR_NOACCESS, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_ARITHMETIC_OVERFLOW, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_UNRECOGNIZED_VOLUME, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_SERVICE_DOES_NOT_EXIST, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_NONE_MAPPED, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_PRIVILEGE_NOT_HELD, SONDE_ERR_ACCESS),
    WINDOWS_ERROR(ERROR_NO_SYSTEM_RESOURCES, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_COMMITMENT_LIMIT, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_NOT_ENOUGH_QUOTA, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(ERROR_CTX_WINSTATION_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(ERROR_MUI_FILE_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(RPC_S_SERVER_UNAVAILABLE, SONDE_ERR_UNSUPPORTED),
};

static const struct windows_error windows_nt_errors[] = {
    WINDOWS_ERROR(STATUS_NOT_IMPLEMENTED, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(STATUS_INVALID_INFO_CLASS, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(STATUS_INFO_LENGTH_MISMATCH, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_ACCESS_VIOLATION, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_INVALID_HANDLE, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_INVALID_CID, SONDE_ERR_NO_PROCESS),
    WINDOWS_ERROR(STATUS_INVALID_PARAMETER, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_INVALID_DEVICE_REQUEST, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(STATUS_NO_MEMORY, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(STATUS_ACCESS_DENIED, SONDE_ERR_ACCESS),
    WINDOWS_ERROR(STATUS_BUFFER_TOO_SMALL, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_OBJECT_NAME_NOT_FOUND, SONDE_ERR_OS),
    WINDOWS_ERROR(STATUS_PROCEDURE_NOT_FOUND, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(STATUS_INSUFFICIENT_RESOURCES, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(STATUS_PROCESS_IS_TERMINATING, SONDE_ERR_NO_PROCESS),
    WINDOWS_ERROR(STATUS_PARTIAL_COPY, SONDE_ERR_ACCESS),
    WINDOWS_ERROR(STATUS_NOT_SUPPORTED, SONDE_ERR_UNSUPPORTED),
    WINDOWS_ERROR(STATUS_COMMITMENT_LIMIT, SONDE_ERR_NO_MEMORY),
    WINDOWS_ERROR(STATUS_PRIVILEGE_NOT_HELD, SONDE_ERR_ACCESS),
};

static const struct windows_error *windows_find(const struct windows_error *errors, size_t count, DWORD code) {
  for (size_t i = 0; i < count; i++) {
    if (errors[i].code == code) return &errors[i];
  }
  return NULL;
}

#define WINDOWS_FIND(errors, code) windows_find(errors, sizeof(errors) / sizeof(errors)[0], code)

sonde_status sondei_windows_status(DWORD code) {
  const struct windows_error *const error = WINDOWS_FIND(windows_errors, code);
  return error != NULL ? error->status : SONDE_ERR_OS;
}

sonde_status sondei_windows_nt_status(NTSTATUS code) {
  const struct windows_error *const error = WINDOWS_FIND(windows_nt_errors, (DWORD)code);
  return error != NULL ? error->status : SONDE_ERR_OS;
}

const char *sondei_windows_error_name(DWORD code) {
  const struct windows_error *const error = WINDOWS_FIND(windows_errors, code);
  return error != NULL ? error->name : NULL;
}

const char *sondei_windows_nt_error_name(NTSTATUS code) {
  const struct windows_error *const error = WINDOWS_FIND(windows_nt_errors, (DWORD)code);
  return error != NULL ? error->name : NULL;
}

sonde_status sondei_windows_fail(struct sonde_env *env, DWORD code, const char *operation, const char *subject) {
  return sonde_env_fail(env, sondei_windows_status(code), (int64_t)code, sondei_windows_error_name(code), operation,
                        subject, strlen(subject));
}

sonde_status sondei_windows_nt_fail(struct sonde_env *env, NTSTATUS code, const char *operation, const char *subject) {
  return sonde_env_fail(env, sondei_windows_nt_status(code), (int64_t)(uint32_t)code,
                        sondei_windows_nt_error_name(code), operation, subject, strlen(subject));
}
