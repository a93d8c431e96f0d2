/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_process.h"

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_groups.h"
#include "core/parse/windows_time.h"

/* The exit code of a process that the library ends. */
#define WINDOWS_EXIT_CODE 1

/* The handle is the process: the OS checks its rights at each call, and a process that has ended keeps its object, so
 * that no call by it can reach another. */
static sonde_status windows_begin_action(struct sonde_env *env, struct windows_state *state, HANDLE *out,
                                         const struct sonde_process_ref *ref) {
  bool is_alive = false;
  *out = sondei_windows_process_handle(ref);
  if (*out == NULL) return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the handle", "", 0);
  /* Most calls succeed on a process that has ended. */
  const sonde_status status = sondei_windows_process_is_alive(env, state, &is_alive, *out, ref->pid);
  if (status != SONDE_OK) return status;
  return is_alive ? SONDE_OK : sondei_windows_no_process(env, ref->pid);
}

/* An action that failed: a process that ends meanwhile refuses everything. */
static sonde_status windows_fail_action(struct sonde_env *env, struct windows_state *state,
                                        const struct sonde_process_ref *ref, DWORD code, const char *operation) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  const HANDLE process = sondei_windows_process_handle(ref);
  if (process != NULL && state->os->WaitForSingleObject(process, 0) == WAIT_OBJECT_0) {
    return sondei_windows_no_process(env, ref->pid);
  }
  return sondei_windows_fail(env, code, operation, sondei_windows_process_subject(subject, ref->pid));
}

static sonde_status windows_end_action(struct sonde_env *env, const struct sonde_process_ref *ref, NTSTATUS code,
                                       const char *operation) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  if (NT_SUCCESS(code)) return SONDE_OK;
  return sondei_windows_nt_fail(env, code, operation, sondei_windows_process_subject(subject, ref->pid));
}

sonde_status sondei_windows_suspend(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  struct windows_state *const state = opaque;
  HANDLE process = NULL;
  const sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status != SONDE_OK) return status;
  return windows_end_action(env, ref, state->os->NtSuspendProcess(process), "NtSuspendProcess");
}

sonde_status sondei_windows_resume(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  struct windows_state *const state = opaque;
  HANDLE process = NULL;
  const sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status != SONDE_OK) return status;
  return windows_end_action(env, ref, state->os->NtResumeProcess(process), "NtResumeProcess");
}

sonde_status sondei_windows_kill(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  struct windows_state *const state = opaque;
  HANDLE process = NULL;
  const sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status != SONDE_OK) return status;
  /* TerminateProcess would tell of a process that is ending just now as of one that may not be touched. */
  return windows_end_action(env, ref, state->os->NtTerminateProcess(process, WINDOWS_EXIT_CODE), "NtTerminateProcess");
}

/* ---- Priority --------------------------------------------------------------------------------------------------- */

static const struct {
  DWORD priority_class;
  int32_t base_priority; /* that it gives to a process */
  int lowest;            /* the last of its nice values, which begin behind the class before */
  int32_t told;
} windows_classes[] = {
    {REALTIME_PRIORITY_CLASS, 24, -20, -20},   {HIGH_PRIORITY_CLASS, 13, -10, -10},
    {ABOVE_NORMAL_PRIORITY_CLASS, 10, -1, -5}, {NORMAL_PRIORITY_CLASS, 8, 0, 0},
    {BELOW_NORMAL_PRIORITY_CLASS, 6, 9, 5},    {IDLE_PRIORITY_CLASS, 4, 19, 10},
};

#define WINDOWS_CLASSES (sizeof windows_classes / sizeof windows_classes[0])

bool sondei_windows_nice_of_base_priority(int32_t *out, int32_t base_priority) {
  for (size_t i = 0; i < WINDOWS_CLASSES; i++) {
    if (windows_classes[i].base_priority != base_priority) continue;
    *out = windows_classes[i].told;
    return true;
  }
  return false;
}

sonde_status sondei_windows_read_nice(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct sonde_process_ref ref = {.pid = row->pid};
  const DWORD priority_class = call->state->os->GetPriorityClass(process);
  if (priority_class == 0) return windows_fail_action(call->env, call->state, &ref, GetLastError(), "GetPriorityClass");
  for (size_t i = 0; i < WINDOWS_CLASSES; i++) {
    if (windows_classes[i].priority_class != priority_class) continue;
    row->nice = windows_classes[i].told;
    return SONDE_OK;
  }
  return sonde_env_fail_parse(call->env, "a priority class", 0, "", 0);
}

sonde_status sondei_windows_set_nice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref, int nice) {
  struct windows_state *const state = opaque;
  HANDLE process = NULL;
  if (nice < -20 || nice > 19) return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "SetPriorityClass", "", 0);
  sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status != SONDE_OK) return status;
  size_t i = 0;
  while (nice > windows_classes[i].lowest) i++;
  const DWORD wanted = windows_classes[i].priority_class;
  const DWORD before = state->os->GetPriorityClass(process);
  if (before == 0) return windows_fail_action(env, state, ref, GetLastError(), "GetPriorityClass");
  if (!state->os->SetPriorityClass(process, wanted)) {
    return windows_fail_action(env, state, ref, GetLastError(), "SetPriorityClass");
  }
  const DWORD after = state->os->GetPriorityClass(process);
  if (after == 0) return windows_fail_action(env, state, ref, GetLastError(), "GetPriorityClass");
  if (after == wanted) return SONDE_OK;
  /* Without the privilege to raise priorities, Windows takes the highest class below real time and calls it success. */
  state->os->SetPriorityClass(process, before);
  return windows_fail_action(env, state, ref, ERROR_PRIVILEGE_NOT_HELD, "SetPriorityClass");
}

enum {
  WINDOWS_IO_PRIORITY = 33, /* ProcessIoPriority */
  WINDOWS_IO_PRIORITY_LAST = 3
};

sonde_status sondei_windows_read_ionice(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  const struct sonde_process_ref ref = {.pid = row->pid};
  ULONG priority = 0;
  ULONG told = 0;
  const NTSTATUS code = call->state->os->NtQueryInformationProcess(process, (PROCESSINFOCLASS)WINDOWS_IO_PRIORITY,
                                                                   &priority, sizeof priority, &told);
  if (!NT_SUCCESS(code)) return windows_end_action(call->env, &ref, code, "NtQueryInformationProcess");
  if (priority > INT32_MAX) return sonde_env_fail_parse(call->env, "an I/O priority", 0, "", 0);
  row->ionice_class = (int32_t)priority;
  return SONDE_OK;
}

sonde_status sondei_windows_set_ionice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                       int ionice_class, int ionice_value) {
  struct windows_state *const state = opaque;
  HANDLE process = NULL;
  if (ionice_class < 0 || ionice_class > WINDOWS_IO_PRIORITY_LAST || ionice_value != 0) {
    return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "NtSetInformationProcess", "", 0);
  }
  const sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status != SONDE_OK) return status;
  ULONG priority = (ULONG)ionice_class;
  const NTSTATUS code =
      state->os->NtSetInformationProcess(process, (PROCESSINFOCLASS)WINDOWS_IO_PRIORITY, &priority, sizeof priority);
  return windows_end_action(env, ref, code, "NtSetInformationProcess");
}

/* ---- Affinity --------------------------------------------------------------------------------------------------- */

/* The CPUs of each group, a bit for each. */
struct windows_masks {
  uint64_t of[SONDEI_WINDOWS_GROUPS_MAX];
};

static uint64_t windows_low_bits(DWORD count) {
  return count >= SONDEI_WINDOWS_GROUP_CPUS_MAX ? UINT64_MAX : (UINT64_C(1) << count) - 1;
}

/* The groups, if a mask can hold the CPUs of each: to a 32-bit program Windows folds those beyond 32 into the others.
 */
static sonde_status windows_groups_of_masks(struct sonde_env *env, struct windows_state *state,
                                            struct sondei_windows_processor_groups *out) {
  const sonde_status status = sondei_windows_groups(env, state, out);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < out->count; i++) {
    if (out->maximum[i] > 8 * sizeof(DWORD_PTR)) {
      return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "hold more than 32 CPUs in a mask", "", 0);
    }
  }
  return SONDE_OK;
}

/* The CPUs that Windows prefers for the process, on machines with several groups; *none when none were set, or this
 * Windows does not know of such a thing (before Windows 11 and Server 2022). */
static sonde_status windows_cpu_set_masks(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                          const struct sonde_process_ref *ref, struct windows_masks *out, bool *none) {
  GROUP_AFFINITY affinities[SONDEI_WINDOWS_GROUPS_MAX];
  USHORT count = 0;
  memset(affinities, 0, sizeof affinities);
  if (!state->os->GetProcessDefaultCpuSetMasks(process, affinities, SONDEI_WINDOWS_GROUPS_MAX, &count)) {
    const DWORD code = GetLastError();
    *none = code == ERROR_PROC_NOT_FOUND || code == ERROR_CALL_NOT_IMPLEMENTED;
    return *none ? SONDE_OK : windows_fail_action(env, state, ref, code, "GetProcessDefaultCpuSetMasks");
  }
  *none = count == 0;
  for (USHORT i = 0; i < count && i < SONDEI_WINDOWS_GROUPS_MAX; i++) {
    if (affinities[i].Group >= SONDEI_WINDOWS_GROUPS_MAX) continue;
    out->of[affinities[i].Group] |= affinities[i].Mask;
  }
  return SONDE_OK;
}

/* The groups in which the process has threads. */
static sonde_status windows_process_groups(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                           const struct sonde_process_ref *ref, USHORT *groups, USHORT *count) {
  *count = SONDEI_WINDOWS_GROUPS_MAX;
  if (state->os->GetProcessGroupAffinity(process, count, groups)) return SONDE_OK;
  return windows_fail_action(env, state, ref, GetLastError(), "GetProcessGroupAffinity");
}

/* On a machine of several groups. */
static sonde_status windows_masks_of_groups(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                            const struct sonde_process_ref *ref, struct windows_masks *out) {
  USHORT groups[SONDEI_WINDOWS_GROUPS_MAX];
  USHORT count = 0;
  bool none = true;
  sonde_status status = windows_cpu_set_masks(env, state, process, ref, out, &none);
  if (status != SONDE_OK || !none) return status;
  status = windows_process_groups(env, state, process, ref, groups, &count);
  if (status != SONDE_OK) return status;
  DWORD_PTR mask = 0;
  DWORD_PTR system = 0;
  if (count == 1 && !state->os->GetProcessAffinityMask(process, &mask, &system)) {
    return windows_fail_action(env, state, ref, GetLastError(), "GetProcessAffinityMask");
  }
  for (USHORT i = 0; i < count; i++) {
    if (groups[i] >= SONDEI_WINDOWS_GROUPS_MAX) continue;
    /* Of several groups the process has all CPUs: only its threads have masks. */
    out->of[groups[i]] = mask != 0 ? mask : windows_low_bits(state->os->GetActiveProcessorCount(groups[i]));
  }
  return SONDE_OK;
}

sonde_status sondei_windows_affinity(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref) {
  struct windows_state *const state = opaque;
  struct sondei_windows_processor_groups groups;
  struct windows_masks masks;
  HANDLE process = NULL;
  memset(&masks, 0, sizeof masks);
  sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status == SONDE_OK) status = windows_groups_of_masks(env, state, &groups);
  if (status != SONDE_OK) return status;
  if (groups.count > 1) {
    status = windows_masks_of_groups(env, state, process, ref, &masks);
    if (status != SONDE_OK) return status;
  } else {
    DWORD_PTR mask = 0;
    DWORD_PTR system = 0;
    if (!state->os->GetProcessAffinityMask(process, &mask, &system)) {
      return windows_fail_action(env, state, ref, GetLastError(), "GetProcessAffinityMask");
    }
    masks.of[0] = mask;
  }
  for (uint16_t group = 0; group < groups.count; group++) {
    for (uint8_t number = 0; number < SONDEI_WINDOWS_GROUP_CPUS_MAX; number++) {
      const struct sondei_windows_processor processor = {group, number};
      uint32_t cpu = 0;
      if ((masks.of[group] >> number & 1) == 0 || !sondei_windows_cpu_of(&cpu, &groups, processor)) continue;
      uint32_t *const row = sonde_fill_row(out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      *row = cpu;
    }
  }
  return SONDE_OK;
}

static sonde_status windows_fail_no_cpu(struct sonde_env *env) {
  return sonde_env_fail(env, SONDE_ERR_INVALID, ERROR_INVALID_PARAMETER, "ERROR_INVALID_PARAMETER",
                        "find a CPU on which the process may run", "", 0);
}

/* The mask of one group, less those CPUs of it on which the process cannot run. */
static sonde_status windows_set_mask(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                     const struct sonde_process_ref *ref, uint64_t mask) {
  DWORD_PTR now = 0;
  DWORD_PTR system = 0;
  if (!state->os->GetProcessAffinityMask(process, &now, &system)) {
    return windows_fail_action(env, state, ref, GetLastError(), "GetProcessAffinityMask");
  }
  mask &= system;
  if (mask == 0) return windows_fail_no_cpu(env);
  if (state->os->SetProcessAffinityMask(process, (DWORD_PTR)mask)) return SONDE_OK;
  return windows_fail_action(env, state, ref, GetLastError(), "SetProcessAffinityMask");
}

/* On a machine of several groups. */
static sonde_status windows_set_masks(struct sonde_env *env, struct windows_state *state, HANDLE process,
                                      const struct sonde_process_ref *ref, const struct windows_masks *masks) {
  GROUP_AFFINITY affinities[SONDEI_WINDOWS_GROUPS_MAX];
  USHORT groups[SONDEI_WINDOWS_GROUPS_MAX];
  USHORT count = 0;
  memset(affinities, 0, sizeof affinities);
  for (WORD group = 0; group < SONDEI_WINDOWS_GROUPS_MAX; group++) {
    if (masks->of[group] == 0) continue;
    const uint64_t mask = masks->of[group] & windows_low_bits(state->os->GetActiveProcessorCount(group));
    if (mask == 0) continue;
    affinities[count].Group = group;
    affinities[count++].Mask = (KAFFINITY)mask;
  }
  if (count == 0) return windows_fail_no_cpu(env);
  if (state->os->SetProcessDefaultCpuSetMasks(process, affinities, count)) return SONDE_OK;
  const DWORD code = GetLastError();
  if (code != ERROR_PROC_NOT_FOUND && code != ERROR_CALL_NOT_IMPLEMENTED) {
    return windows_fail_action(env, state, ref, code, "SetProcessDefaultCpuSetMasks");
  }
  /* An older Windows sets a mask only in the one group where the process is. */
  const WORD group = affinities[0].Group;
  USHORT num_groups = 0;
  const bool is_one = count == 1;
  const sonde_status status = windows_process_groups(env, state, process, ref, groups, &num_groups);
  if (status != SONDE_OK) return status;
  if (!is_one || num_groups != 1 || groups[0] != group) {
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "choose CPUs of other processor groups", "", 0);
  }
  return windows_set_mask(env, state, process, ref, masks->of[group]);
}

sonde_status sondei_windows_set_affinity(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                         const uint32_t *cpus, size_t num_cpus) {
  struct windows_state *const state = opaque;
  struct sondei_windows_processor_groups groups;
  struct windows_masks masks;
  HANDLE process = NULL;
  memset(&masks, 0, sizeof masks);
  sonde_status status = windows_begin_action(env, state, &process, ref);
  if (status == SONDE_OK) status = windows_groups_of_masks(env, state, &groups);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < num_cpus; i++) {
    struct sondei_windows_processor processor;
    if (!sondei_windows_processor_of(&processor, &groups, cpus[i])) return windows_fail_no_cpu(env);
    masks.of[processor.group] |= UINT64_C(1) << processor.number;
  }
  return groups.count > 1 ? windows_set_masks(env, state, process, ref, &masks)
                          : windows_set_mask(env, state, process, ref, masks.of[0]);
}

/* ---- Waiting ---------------------------------------------------------------------------------------------------- */

enum {
  WINDOWS_WAIT_FIRST_MS = 1,
  WINDOWS_WAIT_LAST_MS = 40
};

static sonde_status windows_now(struct sonde_env *env, struct windows_state *state, uint64_t *out) {
  LARGE_INTEGER count;
  LARGE_INTEGER frequency;
  if (!state->os->QueryPerformanceCounter(&count) || !state->os->QueryPerformanceFrequency(&frequency)) {
    return sondei_windows_fail(env, GetLastError(), "QueryPerformanceCounter", "");
  }
  if (!sondei_windows_counter_to_ns((uint64_t)count.QuadPart, (uint64_t)frequency.QuadPart, out)) {
    return sonde_env_fail_parse(env, "a performance counter", 0, "", 0);
  }
  return SONDE_OK;
}

/* What is being waited for. */
struct windows_wait {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_process_ref *const *refs;
  size_t count;
  bool *ended;
  sonde_exit *exits;
  size_t num_ended; /* in this call */
  size_t num_left;
};

/* How it ended; the code is unknown where the handle may not be asked. */
static void windows_take_exit(struct windows_wait *w, size_t i, HANDLE process) {
  DWORD code = 0;
  memset(&w->exits[i], 0, sizeof w->exits[i]);
  if (w->state->os->GetExitCodeProcess(process, &code)) {
    w->exits[i].valid = SONDE_EXIT_CODE;
    w->exits[i].code = (int64_t)code;
  } else {
    sondei_windows_fail(w->env, GetLastError(), "GetExitCodeProcess", "");
  }
  w->ended[i] = true;
  w->num_ended++;
}

/* Looks at each without waiting. */
static sonde_status windows_look(struct windows_wait *w) {
  w->num_left = 0;
  for (size_t i = 0; i < w->count; i++) {
    if (w->ended[i]) continue;
    const HANDLE process = sondei_windows_process_handle(w->refs[i]);
    const DWORD result = w->state->os->WaitForSingleObject(process, 0);
    if (result == WAIT_FAILED)
      return windows_fail_action(w->env, w->state, w->refs[i], GetLastError(), "WaitForSingleObject");
    if (result == WAIT_OBJECT_0) {
      windows_take_exit(w, i, process);
    } else {
      w->num_left++;
    }
  }
  return SONDE_OK;
}

/* Waits for the first of at most MAXIMUM_WAIT_OBJECTS of those that are left, beginning with number *from, which moves
 * on behind the last of them. */
static sonde_status windows_pause(struct windows_wait *w, size_t *from, DWORD timeout_ms) {
  HANDLE handles[MAXIMUM_WAIT_OBJECTS];
  DWORD count = 0;
  size_t i = *from;
  for (size_t seen = 0; seen < w->count && count < MAXIMUM_WAIT_OBJECTS; seen++) {
    if (i >= w->count) i = 0;
    if (!w->ended[i]) handles[count++] = sondei_windows_process_handle(w->refs[i]);
    i++;
  }
  *from = i;
  if (w->state->os->WaitForMultipleObjects(count, handles, FALSE, timeout_ms) != WAIT_FAILED) return SONDE_OK;
  return sondei_windows_fail(w->env, GetLastError(), "WaitForMultipleObjects", "");
}

sonde_status sondei_windows_wait(struct sonde_env *env, void *opaque, struct sonde_process_ref *const *refs,
                                 size_t count, bool *ended, sonde_exit *exits, uint64_t timeout) {
  static const uint64_t ns_per_ms = SONDE_NSEC_PER_SEC / 1000;
  struct windows_wait w = {env, opaque, refs, count, ended, exits, 0, 0};
  for (size_t i = 0; i < count; i++) {
    if (sondei_windows_process_handle(refs[i]) == NULL) {
      return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the handle", "", 0);
    }
  }
  uint64_t now = 0;
  sonde_status status = windows_now(env, w.state, &now);
  if (status != SONDE_OK) return status;
  const uint64_t deadline = timeout > UINT64_MAX - now ? SONDE_NO_TIMEOUT : now + timeout;
  DWORD interval = WINDOWS_WAIT_FIRST_MS;
  size_t from = 0;
  for (;;) {
    status = windows_look(&w);
    if (status != SONDE_OK) return status;
    if (w.num_ended > 0 || w.num_left == 0) return SONDE_OK;
    if (deadline != SONDE_NO_TIMEOUT && now >= deadline) {
      return sonde_env_fail(env, SONDE_ERR_TIMEOUT, 0, NULL, "wait", "", 0);
    }
    DWORD pause = INFINITE;
    if (deadline != SONDE_NO_TIMEOUT) {
      const uint64_t left = (deadline - now) / ns_per_ms + ((deadline - now) % ns_per_ms != 0);
      pause = left < INFINITE ? (DWORD)left : INFINITE - 1;
    }
    /* More than can be waited for at once take turns. */
    if (w.num_left > MAXIMUM_WAIT_OBJECTS && pause > interval) {
      pause = interval;
      interval = interval * 2 > WINDOWS_WAIT_LAST_MS ? WINDOWS_WAIT_LAST_MS : interval * 2;
    }
    status = windows_pause(&w, &from, pause);
    if (status != SONDE_OK) return status;
    status = windows_now(env, w.state, &now);
    if (status != SONDE_OK) return status;
  }
}
