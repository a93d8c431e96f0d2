/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_system.h"

#include "backends/windows/windows_error.h"

#define WINDOWS_GROW_FIRST 16384

bool sondei_windows_grow_more(struct sonde_env *env, struct sonde_buffer *buffer, size_t told, unsigned *tries,
                              sonde_status *status) {
  *status = SONDE_OK;
  if (++*tries > WINDOWS_GROW_TRIES) return false;
  if (buffer->capacity >= WINDOWS_GROW_UNTOLD && told <= buffer->capacity) return false;
  size_t wanted = WINDOWS_GROW_FIRST;
  if (wanted <= buffer->capacity && buffer->capacity <= SIZE_MAX / 2) wanted = buffer->capacity * 2;
  if (wanted < told && told <= SIZE_MAX / 2) wanted = told + told / 4;
  *status = sonde_env_grow(env, buffer, wanted);
  return *status == SONDE_OK;
}

sonde_status sondei_windows_query_system(struct sonde_env *env, struct windows_state *state,
                                         struct sonde_buffer *buffer, struct sondei_windows_block *out, unsigned kind,
                                         const char *name) {
  return sondei_windows_query_group(env, state, buffer, out, kind, name, NULL);
}

static NTSTATUS windows_query(const struct windows_os *os, unsigned kind, void *out, ULONG size, ULONG *told,
                              const USHORT *group) {
  USHORT number = 0;
  if (group == NULL) return os->NtQuerySystemInformation((SYSTEM_INFORMATION_CLASS)kind, out, size, told);
  number = *group;
  return os->NtQuerySystemInformationEx((SYSTEM_INFORMATION_CLASS)kind, &number, sizeof number, out, size, told);
}

sonde_status sondei_windows_query_group(struct sonde_env *env, struct windows_state *state, struct sonde_buffer *buffer,
                                        struct sondei_windows_block *out, unsigned kind, const char *name,
                                        const USHORT *group) {
  const char *const operation = group == NULL ? "NtQuerySystemInformation" : "NtQuerySystemInformationEx";
  unsigned tries = 0;
  sonde_status status = buffer->capacity > 0 ? SONDE_OK : sonde_env_grow(env, buffer, WINDOWS_GROW_FIRST);
  if (status != SONDE_OK) return status;
  for (;;) {
    ULONG told = 0;
    const ULONG size = buffer->capacity < UINT32_MAX ? (ULONG)buffer->capacity : UINT32_MAX;
    const NTSTATUS code = windows_query(state->os, kind, buffer->data, size, &told, group);
    if (code == STATUS_SUCCESS) {
      *out = (struct sondei_windows_block){sondei_span_of(buffer->data, told < size ? told : size),
                                           (uintptr_t)buffer->data, sizeof(void *)};
      return SONDE_OK;
    }
    if (code != STATUS_INFO_LENGTH_MISMATCH && code != STATUS_BUFFER_TOO_SMALL && code != STATUS_BUFFER_OVERFLOW) {
      return sondei_windows_nt_fail(env, code, operation, name);
    }
    if (!sondei_windows_grow_more(env, buffer, told, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_nt_fail(env, code, operation, name);
    }
  }
}
