/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_process.h"

#include <stddef.h>
#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "core/parse/windows_time.h"

/* The parser's offsets are those of the system's headers, as far as these name the members. */
#define SAME_OFFSET(type, member, prefix, name)                                                               \
  _Static_assert(offsetof(type, member) == (sizeof(void *) == 8 ? prefix##_##name##_8 : prefix##_##name##_4), \
                 "offset of " #name)
enum {
#define OFFSETS(name, offset_4, offset_8) PROCESS_##name##_4 = (offset_4), PROCESS_##name##_8 = (offset_8),
  SONDEI_WINDOWS_PROCESS_MAP(OFFSETS)
#undef OFFSETS
#define OFFSETS(name, offset_4, offset_8) THREAD_##name##_4 = (offset_4), THREAD_##name##_8 = (offset_8),
  SONDEI_WINDOWS_THREAD_MAP(OFFSETS)
#undef OFFSETS
};
#define SAME_PROCESS(member, name) SAME_OFFSET(SYSTEM_PROCESS_INFORMATION, member, PROCESS, name)
#define SAME_THREAD(member, name) SAME_OFFSET(SYSTEM_THREAD_INFORMATION, member, THREAD, name)
SAME_PROCESS(NextEntryOffset, NextEntryOffset);
SAME_PROCESS(NumberOfThreads, NumberOfThreads);
SAME_PROCESS(Reserved[0], WorkingSetPrivateSize);
SAME_PROCESS(Reserved[1], HardFaultCount);
SAME_PROCESS(Reserved[2], CycleTime);
SAME_PROCESS(CreateTime, CreateTime);
SAME_PROCESS(UserTime, UserTime);
SAME_PROCESS(KernelTime, KernelTime);
SAME_PROCESS(ImageName, ImageName);
SAME_PROCESS(BasePriority, BasePriority);
SAME_PROCESS(UniqueProcessId, UniqueProcessId);
SAME_PROCESS(InheritedFromUniqueProcessId, InheritedFromUniqueProcessId);
SAME_PROCESS(HandleCount, HandleCount);
SAME_PROCESS(SessionId, SessionId);
SAME_PROCESS(VirtualMemoryCounters.PeakVirtualSize, PeakVirtualSize);
SAME_PROCESS(VirtualMemoryCounters.VirtualSize, VirtualSize);
SAME_PROCESS(VirtualMemoryCounters.PageFaultCount, PageFaultCount);
SAME_PROCESS(VirtualMemoryCounters.PeakWorkingSetSize, PeakWorkingSetSize);
SAME_PROCESS(VirtualMemoryCounters.WorkingSetSize, WorkingSetSize);
SAME_PROCESS(VirtualMemoryCounters.QuotaPeakPagedPoolUsage, QuotaPeakPagedPoolUsage);
SAME_PROCESS(VirtualMemoryCounters.QuotaPagedPoolUsage, QuotaPagedPoolUsage);
SAME_PROCESS(VirtualMemoryCounters.QuotaPeakNonPagedPoolUsage, QuotaPeakNonPagedPoolUsage);
SAME_PROCESS(VirtualMemoryCounters.QuotaNonPagedPoolUsage, QuotaNonPagedPoolUsage);
SAME_PROCESS(VirtualMemoryCounters.PagefileUsage, PagefileUsage);
SAME_PROCESS(VirtualMemoryCounters.PeakPagefileUsage, PeakPagefileUsage);
SAME_PROCESS(PrivatePageCount, PrivatePageCount);
SAME_PROCESS(IoCounters.ReadOperationCount, ReadOperationCount);
SAME_PROCESS(IoCounters.WriteOperationCount, WriteOperationCount);
SAME_PROCESS(IoCounters.OtherOperationCount, OtherOperationCount);
SAME_PROCESS(IoCounters.ReadTransferCount, ReadTransferCount);
SAME_PROCESS(IoCounters.WriteTransferCount, WriteTransferCount);
SAME_PROCESS(IoCounters.OtherTransferCount, OtherTransferCount);
_Static_assert(sizeof(SYSTEM_PROCESS_INFORMATION) == SONDEI_WINDOWS_PROCESS_SIZE(sizeof(void *)), "size of a process");
SAME_THREAD(Reserved1[0], KernelTime);
SAME_THREAD(Reserved1[1], UserTime);
SAME_THREAD(Reserved1[2], CreateTime);
SAME_THREAD(Reserved2, WaitTime);
SAME_THREAD(StartAddress, StartAddress);
SAME_THREAD(ClientId.UniqueProcess, UniqueProcess);
SAME_THREAD(ClientId.UniqueThread, UniqueThread);
SAME_THREAD(Priority, Priority);
SAME_THREAD(BasePriority, BasePriority);
SAME_THREAD(Reserved3, ContextSwitches);
SAME_THREAD(ThreadState, ThreadState);
SAME_THREAD(WaitReason, WaitReason);
_Static_assert(sizeof(SYSTEM_THREAD_INFORMATION) == SONDEI_WINDOWS_THREAD_SIZE(sizeof(void *)), "size of a thread");

#define WINDOWS_PROCESSES "SystemProcessInformation"

/* ---- The chain of processes ------------------------------------------------------------------------------------- */

sonde_status sondei_windows_process_fail_parse(struct sonde_env *env, const sondei_parse_error *err) {
  return sonde_env_fail_parse(env, err->expected, err->position, WINDOWS_PROCESSES, strlen(WINDOWS_PROCESSES));
}

const char *sondei_windows_process_subject(char *out, sonde_pid pid) {
  static const char prefix[] = "process ";
  char digits[WINDOWS_PROCESS_SUBJECT];
  size_t count = 0;
  uint64_t rest = pid < 0 ? 0 : (uint64_t)pid;
  do {
    digits[count++] = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest > 0);
  memcpy(out, prefix, sizeof prefix - 1);
  char *at = out + sizeof prefix - 1;
  while (count > 0) *at++ = digits[--count];
  *at = '\0';
  return out;
}

sonde_status sondei_windows_no_process(struct sonde_env *env, sonde_pid pid) {
  char subject[WINDOWS_PROCESS_SUBJECT];
  sondei_windows_process_subject(subject, pid);
  return sonde_env_fail(env, SONDE_ERR_NO_PROCESS, 0, NULL, "find", subject, strlen(subject));
}

sonde_status sondei_windows_process_chain(struct sonde_env *env, struct windows_state *state,
                                          struct sondei_windows_block *out) {
  return sondei_windows_query_system(env, state, &state->processes, out, SystemProcessInformation, WINDOWS_PROCESSES);
}

sonde_status sondei_windows_process_find(struct sonde_env *env, struct windows_state *state,
                                         struct sondei_windows_process *out, sondei_parse_error *err, sonde_pid pid,
                                         const uint64_t *start_id) {
  struct sondei_windows_block chain;
  sondei_parse_error unknown = {0, NULL};
  const sonde_status status = sondei_windows_process_chain(env, state, &chain);
  if (status != SONDE_OK) return status;
  while (sondei_windows_next_process(out, err, &chain)) {
    if ((out->told & SONDEI_WINDOWS_PROCESS_FIXED) == 0) {
      unknown = *err;
    } else if (out->pid == pid && (start_id == NULL || out->create_time == *start_id)) {
      return SONDE_OK;
    }
  }
  /* It may be the one that is not understood. */
  return unknown.expected != NULL ? sondei_windows_process_fail_parse(env, &unknown)
                                  : sondei_windows_no_process(env, pid);
}

/* ---- Slots ------------------------------------------------------------------------------------------------------ */

/* EnumProcesses asks for the same chain, and copies the pids out of it. */
sonde_status sondei_windows_pid_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct sondei_windows_block chain;
  struct sondei_windows_process entry;
  sondei_parse_error err;
  const sonde_status status = sondei_windows_process_chain(env, opaque, &chain);
  if (status != SONDE_OK) return status;
  while (sondei_windows_next_process(&entry, &err, &chain)) {
    if ((entry.told & SONDEI_WINDOWS_PROCESS_FIXED) == 0) return sondei_windows_process_fail_parse(env, &err);
    sonde_pid *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    *row = entry.pid;
  }
  return SONDE_OK;
}

sonde_status sondei_windows_pid_exists(struct sonde_env *env, void *opaque, bool *out, sonde_pid pid) {
  struct windows_state *const state = opaque;
  *out = false;
  if (pid > UINT32_MAX) return SONDE_OK;
  const HANDLE process = state->os->OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE, FALSE, (DWORD)pid);
  if (process != NULL) {
    /* The two lowest bits of a pid are ignored when it is opened, and one that has ended can still be opened while
     * somebody has a handle of it. */
    const bool is_it = state->os->GetProcessId(process) == (DWORD)pid;
    const DWORD ended = is_it ? state->os->WaitForSingleObject(process, 0) : WAIT_OBJECT_0;
    state->os->CloseHandle(process);
    if (ended != WAIT_FAILED) {
      *out = ended != WAIT_OBJECT_0;
      return SONDE_OK;
    }
  } else if (GetLastError() == ERROR_INVALID_PARAMETER && pid != 0) {
    return SONDE_OK;
  }
  struct sondei_windows_process entry;
  sondei_parse_error err;
  const sonde_status status = sondei_windows_process_find(env, state, &entry, &err, pid, NULL);
  if (status == SONDE_ERR_NO_PROCESS) return SONDE_OK;
  *out = status == SONDE_OK;
  return status;
}

sonde_status sondei_windows_process_table(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                          uint64_t fields) {
  struct sondei_windows_block chain;
  struct sondei_windows_process entry;
  struct windows_process_call call;
  sondei_parse_error err;
  sonde_status status = sondei_windows_process_chain(env, opaque, &chain);
  if (status != SONDE_OK) return status;
  sondei_windows_process_begin(&call, env, opaque, out, fields);
  while (status == SONDE_OK && sondei_windows_next_process(&entry, &err, &chain)) {
    status = sondei_windows_process_add_row(&call, &entry, &err, NULL);
  }
  return status;
}

sonde_status sondei_windows_process_get(struct sonde_env *env, void *opaque, struct sonde_fill *out, sonde_pid pid,
                                        uint64_t fields) {
  struct sondei_windows_process entry;
  struct windows_process_call call;
  sondei_parse_error err;
  const sonde_status status = sondei_windows_process_find(env, opaque, &entry, &err, pid, NULL);
  if (status != SONDE_OK) return status;
  sondei_windows_process_begin(&call, env, opaque, out, fields);
  return sondei_windows_process_add_row(&call, &entry, &err, NULL);
}

sonde_status sondei_windows_thread_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                        struct sonde_process_ref *ref) {
  struct sondei_windows_process entry;
  struct sondei_windows_thread thread;
  sondei_parse_error err;
  const sonde_status status = sondei_windows_process_find(env, opaque, &entry, &err, ref->pid, &ref->start_id);
  if (status != SONDE_OK) return status;
  if ((entry.told & SONDEI_WINDOWS_PROCESS_THREADS) == 0) return sondei_windows_process_fail_parse(env, &err);
  while (sondei_windows_next_thread(&thread, &err, &entry.threads)) {
    sonde_thread *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->id = (int64_t)thread.tid;
    row->state = sondei_windows_thread_state(&thread);
    row->priority = thread.priority;
    row->valid = SONDE_THREAD_STATE | SONDE_THREAD_PRIORITY;
    if (sondei_windows_filetime_to_moment(thread.create_time, &row->start_time)) row->valid |= SONDE_THREAD_START_TIME;
    uint64_t user = 0;
    uint64_t system = 0;
    if (sondei_windows_ticks_to_ns(thread.user_time, &user) &&
        sondei_windows_ticks_to_ns(thread.kernel_time, &system)) {
      row->user_time = user;
      row->system_time = system;
      row->valid |= SONDE_THREAD_TIMES;
    } else {
      const sondei_parse_error too_large = {0, "a smaller number"};
      row->status = sondei_windows_process_fail_parse(env, &too_large);
    }
  }
  return SONDE_OK;
}
