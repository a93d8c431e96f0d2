/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_process.h"

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_time.h"

#define WINDOWS_IDLE_PID 0
#define WINDOWS_SYSTEM_PID 4

/* ---- By a handle ------------------------------------------------------------------------------------------------ */

enum {
  WANTS_MEMORY = 1 << 0, /* the reader makes use of a handle that may read the process's memory */
  GOES_BY_PID = 1 << 1   /* the reader can do without a handle */
};

struct windows_reader {
  uint64_t field;
  unsigned needs;
  windows_process_reader read;
};

/* Windows 10 1803; an older one has no such number. */
#define WINDOWS_PROCESS_SEQUENCE_NUMBER 92

static sonde_status windows_read_unique_id(struct windows_process_call *call, sonde_process *row, HANDLE process) {
  ULONGLONG number = 0;
  char subject[WINDOWS_PROCESS_SUBJECT];
  const NTSTATUS code = call->state->os->NtQueryInformationProcess(
      process, (PROCESSINFOCLASS)WINDOWS_PROCESS_SEQUENCE_NUMBER, &number, sizeof number, NULL);
  if (sondei_windows_nt_status(code) == SONDE_ERR_UNSUPPORTED) return SONDE_ERR_UNSUPPORTED;
  if (code != STATUS_SUCCESS) {
    return sondei_windows_nt_fail(call->env, code, "NtQueryInformationProcess",
                                  sondei_windows_process_subject(subject, row->pid));
  }
  row->unique_id = number;
  return SONDE_OK;
}

/* Which reader tells which field. */
static const struct windows_reader windows_readers[] = {
    /* windows_process_detail.c */
    {SONDE_PROCESS_CMDLINE, WANTS_MEMORY, sondei_windows_read_cmdline},
    {SONDE_PROCESS_CWD, WANTS_MEMORY, sondei_windows_read_cwd},
    {SONDE_PROCESS_EXE, GOES_BY_PID, sondei_windows_read_exe},
    {SONDE_PROCESS_USERNAME, 0, sondei_windows_read_username},
    {SONDE_PROCESS_ELEVATED, 0, sondei_windows_read_elevated},
    {SONDE_PROCESS_BITNESS, 0, sondei_windows_read_bitness},
    {SONDE_PROCESS_FOOTPRINT, WANTS_MEMORY, sondei_windows_read_footprint},
    /* windows_process_action.c */
    {SONDE_PROCESS_NICE, 0, sondei_windows_read_nice},
    {SONDE_PROCESS_IONICE, 0, sondei_windows_read_ionice},
    {SONDE_PROCESS_UNIQUE_ID, 0, windows_read_unique_id},
};

/* ---- One row ---------------------------------------------------------------------------------------------------- */

/* The process whose row is being filled. */
struct windows_row {
  struct windows_process_call *call;
  sonde_process *row;
  const struct sondei_windows_process *entry;
  bool is_gone;         /* it ended meanwhile */
  sonde_status failure; /* the status that `failed` asks for */
};

static bool asks(const struct windows_row *r, uint64_t field) { return (r->call->fields & field) != 0; }

/* Books what a call about these fields came to. A failure that is not the process's fails the call. */
static sonde_status windows_book(struct windows_row *r, uint64_t fields, sonde_status status) {
  switch (status) {
    case SONDE_OK:
      r->row->valid |= fields;
      return SONDE_OK;
    case SONDE_ERR_NO_MEMORY:
      return status;
    case SONDE_ERR_UNSUPPORTED:
      return SONDE_OK;
    case SONDE_ERR_NO_PROCESS:
      r->is_gone = true;
      return SONDE_OK;
    case SONDE_ERR_ACCESS:
      r->row->denied |= fields;
      return SONDE_OK;
    default:
      r->row->failed |= fields;
      r->failure = status;
      return SONDE_OK;
  }
}

static void windows_book_parse(struct windows_row *r, uint64_t fields, const sondei_parse_error *err) {
  if ((fields & r->call->fields) == 0) return;
  windows_book(r, fields & r->call->fields, sondei_windows_process_fail_parse(r->call->env, err));
}

static void windows_book_too_large(struct windows_row *r, uint64_t fields) {
  const sondei_parse_error err = {0, "a smaller number"};
  windows_book_parse(r, fields, &err);
}

sonde_process_state sondei_windows_thread_state(const struct sondei_windows_thread *thread) {
  switch (thread->state) {
    case 0: /* Initialized: not started yet */
      return SONDE_PROCESS_STATE_IDLE;
    case 1: /* Ready */
    case 2: /* Running */
    case 3: /* Standby */
    case 7: /* DeferredReady */
      return SONDE_PROCESS_STATE_RUNNING;
    case 4: /* Terminated */
      return SONDE_PROCESS_STATE_DEAD;
    case 5: /* Waiting: Suspended, WrSuspended, or for anything else */
      return thread->wait_reason == 5 || thread->wait_reason == 12 ? SONDE_PROCESS_STATE_STOPPED
                                                                   : SONDE_PROCESS_STATE_SLEEPING;
    case 6: /* Transition: ready, but for its stack, which is paged out */
    case 9: /* WaitingForProcessInSwap */
      return SONDE_PROCESS_STATE_DISK_SLEEP;
    case 8: /* GateWait */
      return SONDE_PROCESS_STATE_SLEEPING;
    default:
      return SONDE_PROCESS_STATE_UNKNOWN;
  }
}

/* Of all threads: running where one runs, stopped where all are; else what the first that has not ended does. */
static void fill_from_threads(struct windows_row *r) {
  sonde_process *const row = r->row;
  struct sondei_windows_block threads = r->entry->threads;
  struct sondei_windows_thread thread;
  sondei_parse_error err;
  uint64_t ctx_switches = 0;
  sonde_process_state all = SONDE_PROCESS_STATE_DEAD;
  while (sondei_windows_next_thread(&thread, &err, &threads)) {
    const sonde_process_state state = sondei_windows_thread_state(&thread);
    ctx_switches += thread.ctx_switches;
    if (state == SONDE_PROCESS_STATE_RUNNING || all == SONDE_PROCESS_STATE_DEAD ||
        (all == SONDE_PROCESS_STATE_STOPPED && state != SONDE_PROCESS_STATE_DEAD)) {
      all = state;
    }
  }
  if (asks(r, SONDE_PROCESS_STATE) && r->entry->num_threads > 0) {
    row->state = all;
    row->valid |= SONDE_PROCESS_STATE;
  }
  if (asks(r, SONDE_PROCESS_CTX_SWITCHES)) {
    row->voluntary_ctx_switches = ctx_switches;
    row->valid |= SONDE_PROCESS_CTX_SWITCHES;
  }
}

static sonde_status fill_name(struct windows_row *r) {
  static const char idle[] = "System Idle Process";
  static const char system[] = "System";
  const struct sondei_windows_process *const entry = r->entry;
  struct windows_process_call *const call = r->call;
  r->row->valid |= SONDE_PROCESS_NAME;
  if (entry->name.len == 0 && entry->pid == WINDOWS_IDLE_PID) {
    return sonde_fill_string(call->fill, &r->row->name, idle, sizeof idle - 1);
  }
  if (entry->name.len == 0 && entry->pid == WINDOWS_SYSTEM_PID) {
    return sonde_fill_string(call->fill, &r->row->name, system, sizeof system - 1);
  }
  return sondei_windows_string(call->env, call->state, call->fill, &r->row->name, entry->name);
}

/* 0 where Windows does not tell. */
static uint64_t windows_boot_time(struct windows_process_call *call) {
  if (call->has_boot_time) return call->boot_time;
  SYSTEM_TIMEOFDAY_INFORMATION info;
  call->has_boot_time = true;
  const NTSTATUS code = call->state->os->NtQuerySystemInformation(SystemTimeOfDayInformation, &info, sizeof info, NULL);
  if (code != STATUS_SUCCESS) {
    sondei_windows_nt_fail(call->env, code, "NtQuerySystemInformation", "SystemTimeOfDayInformation");
  } else {
    sondei_windows_filetime_to_moment((uint64_t)info.BootTime.QuadPart, &call->boot_time);
  }
  return call->boot_time;
}

static void fill_start_time(struct windows_row *r) {
  const struct sondei_windows_process *const entry = r->entry;
  sonde_process *const row = r->row;
  if (entry->pid == WINDOWS_IDLE_PID || entry->pid == WINDOWS_SYSTEM_PID || entry->create_time == 0) {
    row->start_time = windows_boot_time(r->call);
  } else if (!sondei_windows_filetime_to_moment(entry->create_time, &row->start_time)) {
    const sondei_parse_error err = {0, "a moment after 1970"};
    windows_book_parse(r, SONDE_PROCESS_START_TIME, &err);
    return;
  }
  row->start_id = entry->create_time;
  row->valid |= SONDE_PROCESS_START_TIME;
}

static void fill_cpu_times(struct windows_row *r) {
  uint64_t user = 0;
  uint64_t system = 0;
  if (!sondei_windows_ticks_to_ns(r->entry->user_time, &user) ||
      !sondei_windows_ticks_to_ns(r->entry->kernel_time, &system)) {
    windows_book_too_large(r, SONDE_PROCESS_CPU_TIMES);
    return;
  }
  r->row->user_time = user;
  r->row->system_time = system;
  r->row->valid |= SONDE_PROCESS_CPU_TIMES;
}

static sonde_status fill_memory_ex(struct windows_row *r) {
  const struct sondei_windows_process *const entry = r->entry;
  sonde_process_memory_ex *const memory = sonde_fill_array(r->call->fill, 1, sizeof *memory);
  if (memory == NULL) return SONDE_ERR_NO_MEMORY;
  memory->valid = SONDE_MEMORY_EX_PEAK_RSS | SONDE_MEMORY_EX_PEAK_VMS | SONDE_MEMORY_EX_VIRTUAL | SONDE_MEMORY_EX_POOLS;
  memory->peak_rss = entry->peak_working_set;
  memory->peak_vms = entry->peak_pagefile;
  memory->virtual_size = entry->virtual_size;
  memory->peak_virtual_size = entry->peak_virtual_size;
  memory->paged_pool = entry->paged_pool;
  memory->nonpaged_pool = entry->nonpaged_pool;
  memory->peak_paged_pool = entry->peak_paged_pool;
  memory->peak_nonpaged_pool = entry->peak_nonpaged_pool;
  r->row->memory_ex = memory;
  r->row->valid |= SONDE_PROCESS_MEMORY_EX;
  return SONDE_OK;
}

/* The private working set is counted by the system all the time (Windows Vista). */
static sonde_status fill_footprint(struct windows_row *r) {
  if (r->entry->private_working_set == 0) return SONDE_OK;
  sonde_process_footprint *const footprint = sonde_fill_array(r->call->fill, 1, sizeof *footprint);
  if (footprint == NULL) return SONDE_ERR_NO_MEMORY;
  footprint->valid = SONDE_FOOTPRINT_USS;
  footprint->uss = r->entry->private_working_set;
  r->row->footprint = footprint;
  r->row->valid |= SONDE_PROCESS_FOOTPRINT;
  return SONDE_OK;
}

static void fill_numbers(struct windows_row *r) {
  const struct sondei_windows_process *const entry = r->entry;
  sonde_process *const row = r->row;
  const uint64_t told = SONDE_PROCESS_PPID | SONDE_PROCESS_RSS | SONDE_PROCESS_VMS | SONDE_PROCESS_PRIORITY |
                        SONDE_PROCESS_PAGE_FAULTS | SONDE_PROCESS_IO | SONDE_PROCESS_NUM_HANDLES;
  if (asks(r, SONDE_PROCESS_PPID)) row->ppid = entry->ppid;
  if (asks(r, SONDE_PROCESS_RSS)) row->rss = entry->working_set;
  /* The same number twice, of which some systems tell only one. */
  if (asks(r, SONDE_PROCESS_VMS)) row->vms = entry->private_bytes != 0 ? entry->private_bytes : entry->pagefile;
  if (asks(r, SONDE_PROCESS_PRIORITY)) row->priority = entry->base_priority;
  if (asks(r, SONDE_PROCESS_PAGE_FAULTS)) {
    row->minor_faults = entry->page_faults - entry->hard_faults; /* both wrap at 32 bits, and so does this */
    row->major_faults = entry->hard_faults;
  }
  if (asks(r, SONDE_PROCESS_IO)) {
    row->read_count = entry->read_count;
    row->write_count = entry->write_count;
    row->read_bytes = entry->read_bytes;
    row->write_bytes = entry->write_bytes;
    row->other_count = entry->other_count;
    row->other_bytes = entry->other_bytes;
  }
  if (asks(r, SONDE_PROCESS_NUM_HANDLES)) row->num_handles = entry->handle_count;
  row->valid |= r->call->fields & told;
}

/* What the chain tells. */
static sonde_status fill_from_entry(struct windows_row *r, const sondei_parse_error *err) {
  const uint64_t from_threads = SONDE_PROCESS_STATE | SONDE_PROCESS_CTX_SWITCHES | SONDE_PROCESS_NUM_THREADS;
  sonde_status status = SONDE_OK;
  fill_numbers(r);
  if (asks(r, SONDE_PROCESS_START_TIME)) fill_start_time(r);
  if (asks(r, SONDE_PROCESS_CPU_TIMES)) fill_cpu_times(r);
  if ((r->entry->told & SONDEI_WINDOWS_PROCESS_THREADS) == 0) {
    windows_book_parse(r, from_threads, err);
  } else {
    if (asks(r, SONDE_PROCESS_STATE | SONDE_PROCESS_CTX_SWITCHES)) fill_from_threads(r);
    if (asks(r, SONDE_PROCESS_NUM_THREADS)) r->row->num_threads = r->entry->num_threads;
    r->row->valid |= r->call->fields & SONDE_PROCESS_NUM_THREADS;
  }
  if ((r->entry->told & SONDEI_WINDOWS_PROCESS_NAME) == 0) {
    windows_book_parse(r, SONDE_PROCESS_NAME, err);
  } else if (asks(r, SONDE_PROCESS_NAME)) {
    status = fill_name(r);
  }
  if (status == SONDE_OK && asks(r, SONDE_PROCESS_MEMORY_EX)) status = fill_memory_ex(r);
  if (status == SONDE_OK && asks(r, SONDE_PROCESS_FOOTPRINT)) status = fill_footprint(r);
  return status;
}

/* Whether the handle is that of the process of the entry, and not of one that has its pid since. */
static sonde_status windows_is_same(struct windows_row *r, HANDLE process) {
  FILETIME created;
  FILETIME unused;
  char subject[WINDOWS_PROCESS_SUBJECT];
  struct sonde_env *const env = r->call->env;
  if (!r->call->state->os->GetProcessTimes(process, &created, &unused, &unused, &unused)) {
    return sondei_windows_fail(env, GetLastError(), "GetProcessTimes",
                               sondei_windows_process_subject(subject, r->row->pid));
  }
  const uint64_t create_time = (uint64_t)created.dwHighDateTime << 32 | created.dwLowDateTime;
  return create_time == r->entry->create_time ? SONDE_OK : sondei_windows_no_process(env, r->row->pid);
}

/* *out NULL with SONDE_OK: Windows grants nothing. */
static sonde_status windows_open_row(struct windows_row *r, HANDLE *out, bool wants_memory) {
  const DWORD least = PROCESS_QUERY_LIMITED_INFORMATION | SYNCHRONIZE;
  const DWORD pid = r->entry->pid;
  char subject[WINDOWS_PROCESS_SUBJECT];
  const struct windows_os *const os = r->call->state->os;
  HANDLE process = NULL;
  if (wants_memory) process = os->OpenProcess(least | PROCESS_QUERY_INFORMATION | PROCESS_VM_READ, FALSE, pid);
  if (process == NULL) process = os->OpenProcess(least, FALSE, pid);
  if (process == NULL) {
    const DWORD code = GetLastError();
    if (code == ERROR_INVALID_PARAMETER) return sondei_windows_no_process(r->call->env, r->row->pid);
    const sonde_status status =
        sondei_windows_fail(r->call->env, code, "OpenProcess", sondei_windows_process_subject(subject, r->row->pid));
    return status == SONDE_ERR_ACCESS ? SONDE_OK : status;
  }
  const sonde_status status = windows_is_same(r, process);
  if (status == SONDE_OK) {
    *out = process;
  } else {
    os->CloseHandle(process);
  }
  return status;
}

/* What costs a handle. */
static sonde_status fill_by_handle(struct windows_row *r, HANDLE given) {
  const size_t count = sizeof windows_readers / sizeof windows_readers[0];
  /* Saves a table of all processes a handle each. */
  if (given == NULL && asks(r, SONDE_PROCESS_NICE) &&
      sondei_windows_nice_of_base_priority(&r->row->nice, r->entry->base_priority)) {
    r->row->valid |= SONDE_PROCESS_NICE;
  }
  const uint64_t rest = r->call->fields & ~r->row->valid;
  const struct windows_os *const os = r->call->state->os;
  HANDLE process = given;
  uint64_t fields = 0;
  unsigned needs = 0;
  for (size_t i = 0; i < count; i++) {
    if ((windows_readers[i].field & rest) == 0) continue;
    fields |= windows_readers[i].field;
    needs |= windows_readers[i].needs;
  }
  if (fields == 0 || r->entry->pid == WINDOWS_IDLE_PID) return SONDE_OK;
  sonde_status status = SONDE_OK;
  if (process == NULL) status = windows_open_row(r, &process, (needs & WANTS_MEMORY) != 0);
  if (status != SONDE_OK) return windows_book(r, fields, status);
  for (size_t i = 0; i < count && status == SONDE_OK && !r->is_gone; i++) {
    const struct windows_reader *const reader = &windows_readers[i];
    if ((reader->field & fields) == 0) continue;
    if (process == NULL && (reader->needs & GOES_BY_PID) == 0) {
      status = windows_book(r, reader->field, SONDE_ERR_ACCESS);
      continue;
    }
    sonde_status told = reader->read(r->call, r->row, process);
    if (told != SONDE_OK && told != SONDE_ERR_NO_MEMORY && process != NULL &&
        os->WaitForSingleObject(process, 0) == WAIT_OBJECT_0) {
      told = sondei_windows_no_process(r->call->env, r->row->pid);
    }
    status = windows_book(r, reader->field, told);
  }
  if (process != NULL && given == NULL) os->CloseHandle(process);
  return status;
}

void sondei_windows_process_begin(struct windows_process_call *out, struct sonde_env *env, struct windows_state *state,
                                  struct sonde_fill *fill, uint64_t fields) {
  memset(out, 0, sizeof *out);
  out->env = env;
  out->state = state;
  out->fill = fill;
  out->fields = fields;
}

sonde_status sondei_windows_process_add_row(struct windows_process_call *call,
                                            const struct sondei_windows_process *entry, const sondei_parse_error *err,
                                            HANDLE process) {
  struct windows_row r = {call, sonde_fill_row(call->fill), entry, false, SONDE_OK};
  sonde_process *const row = r.row;
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if ((entry->told & SONDEI_WINDOWS_PROCESS_FIXED) == 0) {
    row->failed = call->fields;
    row->status = sondei_windows_process_fail_parse(call->env, err);
    return SONDE_OK;
  }
  row->pid = entry->pid;
  sonde_status status = fill_from_entry(&r, err);
  if (status == SONDE_OK) status = fill_by_handle(&r, process);
  if (status != SONDE_OK) return status;
  if (r.is_gone) {
    row->status = SONDE_ERR_NO_PROCESS;
  } else if (row->failed != 0) {
    row->status = r.failure;
  } else if (row->denied != 0) {
    row->status = SONDE_ERR_ACCESS;
  }
  return SONDE_OK;
}
