/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_error.h"
#include "backends/windows/windows_process.h"

#define WINDOWS_LEAST (PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE)
#define WINDOWS_LOOK (WINDOWS_LEAST | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ)
#define WINDOWS_ACT (PROCESS_TERMINATE | PROCESS_SUSPEND_RESUME)

/* A handle has all the rights that it is opened with or is refused: the more is asked for first. A protected process
 * grants the last ones at most. */
static const DWORD windows_rights[] = {
    WINDOWS_LOOK | WINDOWS_ACT | PROCESS_SET_INFORMATION | PROCESS_DUP_HANDLE,
    WINDOWS_LOOK | WINDOWS_ACT | PROCESS_SET_INFORMATION,
    WINDOWS_LOOK | PROCESS_DUP_HANDLE,
    WINDOWS_LOOK,
    WINDOWS_LEAST | WINDOWS_ACT,
    WINDOWS_LEAST,
};

static sonde_status windows_fail_open(struct sonde_env *env, sonde_pid pid, DWORD code, const char *operation) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  return sondei_windows_fail(env, code, operation, sondei_windows_process_subject(subject, pid));
}

/* What a process that cannot be opened is: pid 0, which is in the table of processes, is not one that could be. */
static sonde_status windows_refuse(struct sonde_env *env, struct windows_state *state, sonde_pid pid, DWORD code) {
  struct sondei_windows_process entry;
  sondei_parse_error err;
  if (code != ERROR_INVALID_PARAMETER) return windows_fail_open(env, pid, code, "OpenProcess");
  if (pid != 0) return sondei_windows_no_process(env, pid);
  const sonde_status status = sondei_windows_process_find(env, state, &entry, &err, pid, NULL);
  return status == SONDE_OK ? windows_fail_open(env, pid, ERROR_ACCESS_DENIED, "OpenProcess") : status;
}

/* Whether a handle just opened is that of a process with this pid: the two lowest bits of a pid are ignored when it is
 * opened, and one that has ended can be opened as long as somebody has a handle of it. */
static sonde_status windows_check(struct sonde_env *env, struct windows_state *state,
                                  const struct windows_process_own *own, struct sonde_process_ref *ref) {
  FILETIME created, unused;
  bool is_alive = false;
  if (state->os->GetProcessId(own->process) != (DWORD)ref->pid) return sondei_windows_no_process(env, ref->pid);
  const sonde_status status = sondei_windows_process_is_alive(env, state, &is_alive, own->process, ref->pid);
  if (status != SONDE_OK) return status;
  if (!is_alive) return sondei_windows_no_process(env, ref->pid);
  if (!state->os->GetProcessTimes(own->process, &created, &unused, &unused, &unused)) {
    return windows_fail_open(env, ref->pid, GetLastError(), "GetProcessTimes");
  }
  ref->start_id = (uint64_t)created.dwHighDateTime << 32 | created.dwLowDateTime;
  return SONDE_OK;
}

sonde_status sondei_windows_process_open(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  struct windows_state *const state = opaque;
  struct windows_process_own *const own = ref->own;
  if (ref->pid > UINT32_MAX) return sondei_windows_no_process(env, ref->pid);
  for (size_t i = 0; own->process == NULL; i++) {
    if (i == sizeof windows_rights / sizeof windows_rights[0]) {
      return windows_refuse(env, state, ref->pid, ERROR_ACCESS_DENIED);
    }
    own->rights = windows_rights[i];
    own->process = state->os->OpenProcess(own->rights, FALSE, (DWORD)ref->pid);
    if (own->process != NULL) break;
    const DWORD code = GetLastError();
    if (code != ERROR_ACCESS_DENIED) return windows_refuse(env, state, ref->pid, code);
  }
  const sonde_status status = windows_check(env, state, own, ref);
  if (status != SONDE_OK) {
    sondei_windows_process_close(env, opaque, ref);
    return status;
  }
  ref->exact = true;
  return SONDE_OK;
}

void sondei_windows_process_close(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  const struct windows_state *const state = opaque;
  struct windows_process_own *const own = ref->own;
  (void)env;
  state->os->CloseHandle(own->process);
  own->process = NULL;
}

HANDLE sondei_windows_process_handle(const struct sonde_process_ref *ref) {
  const struct windows_process_own *const own = ref->own;
  return own != NULL ? own->process : NULL;
}

sonde_status sondei_windows_process_is_alive(struct sonde_env *env, struct windows_state *state, bool *out,
                                             HANDLE process, sonde_pid pid) {
  /* Not by its exit code: 259, which stands for "none yet", is one that a process may end with. */
  const DWORD ended = state->os->WaitForSingleObject(process, 0);
  if (ended == WAIT_FAILED) return windows_fail_open(env, pid, GetLastError(), "WaitForSingleObject");
  *out = ended != WAIT_OBJECT_0;
  return SONDE_OK;
}

sonde_status sondei_windows_process_is_running(struct sonde_env *env, void *opaque, bool *out,
                                               struct sonde_process_ref *ref) {
  return sondei_windows_process_is_alive(env, opaque, out, sondei_windows_process_handle(ref), ref->pid);
}

sonde_status sondei_windows_process_read(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref, uint64_t fields) {
  struct sondei_windows_process entry;
  struct windows_process_call call;
  sondei_parse_error err;
  /* The chain may still have a process that has ended, as long as somebody has a handle of it. */
  bool is_alive = false;
  sonde_status status = sondei_windows_process_is_running(env, opaque, &is_alive, ref);
  if (status == SONDE_OK && !is_alive) status = sondei_windows_no_process(env, ref->pid);
  if (status != SONDE_OK) return status;
  status = sondei_windows_process_find(env, opaque, &entry, &err, ref->pid, &ref->start_id);
  if (status != SONDE_OK) return status;
  sondei_windows_process_begin(&call, env, opaque, out, fields);
  return sondei_windows_process_add_row(&call, &entry, &err, sondei_windows_process_handle(ref));
}
