/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "backends/linux/linux_usage.h"
#include "core/parse/linux_auxv.h"
#include "core/parse/linux_cgroup.h"
#include "core/parse/linux_cmdline.h"
#include "core/parse/linux_link.h"
#include "core/parse/linux_passwd.h"
#include "core/parse/linux_pid_autogroup.h"
#include "core/parse/linux_pid_io.h"
#include "core/parse/linux_pid_schedstat.h"
#include "core/parse/linux_pid_stat.h"
#include "core/parse/linux_pid_statm.h"
#include "core/parse/linux_pid_status.h"
#include "core/parse/linux_smaps.h"
#include "core/parse/linux_stat.h"

#ifndef IOPRIO_WHO_PROCESS
#define IOPRIO_WHO_PROCESS 1
#endif

/* The process whose row is being filled. */
struct linux_process {
  struct linux_process_call *call;
  sonde_process *row;
  int dir; /* its directory; with prefix_len procfs itself */
  char path[LINUX_PROCESS_PATH];
  size_t prefix_len;    /* of "PID/" in path */
  bool is_gone;         /* it ended meanwhile */
  size_t num_read;      /* sources that told something, or refused */
  sonde_status failure; /* the status that `failed` asks for */
};

/* ---- What happened ------------------------------------------------------------------------------------------------
 */

static const char *path_of(struct linux_process *p, const char *file) {
  if (p->prefix_len == 0) return file;
  const size_t len = strlen(file);
  memcpy(p->path + p->prefix_len, file, len + 1);
  return p->path;
}

static void record(struct linux_process *p, int code, const char *operation, const char *file) {
  char path[LINUX_PROCESS_PATH];
  sondei_linux_process_path(path, p->row->pid, file);
  sondei_linux_fail(p->call->env, code, operation, sondei_linux_root(p->call->env->procfs), path);
}

static bool is_there(struct linux_process *p) {
  struct stat info;
  return p->call->state->os->fstatat(p->dir, path_of(p, "stat"), &info, 0) == 0 || (errno != ENOENT && errno != ESRCH);
}

/* Books a failed call: the fields are refused, failed or do not exist, or the process has ended. A failure that is not
 * the process's fails the call. */
static sonde_status book(struct linux_process *p, uint64_t fields, int code, const char *operation, const char *file) {
  if (sondei_linux_code_is_exhaustion(code)) {
    record(p, code, operation, file);
    return code == ENOMEM ? SONDE_ERR_NO_MEMORY : SONDE_ERR_OS;
  }
  switch (code) {
    case ENOENT:
    case ENOTDIR:
    case ESRCH:
      if (is_there(p)) return SONDE_OK;
      p->is_gone = true;
      return SONDE_OK;
    case EACCES:
    case EPERM:
      p->row->denied |= fields;
      break;
    default:
      p->row->failed |= fields;
      p->failure = SONDE_ERR_OS;
      break;
  }
  p->num_read++;
  record(p, code, operation, file);
  return SONDE_OK;
}

static void book_parse(struct linux_process *p, uint64_t fields, const sondei_parse_error *err, const char *file) {
  char path[LINUX_PROCESS_PATH];
  p->row->failed |= fields;
  p->failure = SONDE_ERR_PARSE;
  sondei_linux_process_path(path, p->row->pid, file);
  sondei_linux_fail_parse(p->call->env, err, sondei_linux_root(p->call->env->procfs), path);
}

/* A number that does not fit: its fields fail. */
static uint64_t too_large(struct linux_process *p, uint64_t fields, const char *file) {
  const sondei_parse_error err = {0, "a smaller number"};
  book_parse(p, fields, &err, file);
  return 0;
}

static uint64_t scale(struct linux_process *p, uint64_t fields, uint64_t value, uint64_t unit, const char *file) {
  return value <= UINT64_MAX / unit ? value * unit : too_large(p, fields, file);
}

/* False, and nothing added, when it does not fit. */
static bool add(uint64_t *sum, uint64_t value) {
  if (value > UINT64_MAX - *sum) return false;
  *sum += value;
  return true;
}

/* Reads a file; text->data is NULL when there is nothing to parse. */
static sonde_status read_file(struct linux_process *p, sondei_span *text, uint64_t fields, const char *file,
                              enum linux_reading reading) {
  struct linux_process_call *const call = p->call;
  const char *operation = NULL;
  *text = sondei_span_of(NULL, 0);
  const int code = sondei_linux_try_read(call->env, call->state, text, &call->state->text, p->dir, path_of(p, file),
                                         reading, &operation);
  if (code == 0) {
    p->num_read++;
    return SONDE_OK;
  }
  return book(p, fields, code, operation, file);
}

static sonde_status read_link(struct linux_process *p, sondei_span *target, uint64_t fields, const char *file) {
  struct linux_process_call *const call = p->call;
  *target = sondei_span_of(NULL, 0);
  const int code = sondei_linux_try_read_link(call->env, call->state, target, p->dir, path_of(p, file));
  if (code == 0) {
    p->num_read++;
    return SONDE_OK;
  }
  return book(p, fields, code, "readlink", file);
}

static sonde_status put_string(struct linux_process *p, sonde_string *out, uint64_t fields, sondei_span text) {
  p->row->valid |= fields;
  return sonde_fill_string(p->call->fill, out, text.data, text.len);
}

/* ---- stat ---------------------------------------------------------------------------------------------------------
 */

sonde_status sondei_linux_process_boot_time(struct sonde_env *env, struct linux_state *state, uint64_t *out) {
  sondei_span text;
  struct sondei_linux_stat stat;
  sondei_parse_error err;
  const char *path = NULL;
  const char *operation = NULL;
  *out = 0;
  const sonde_status status = sondei_linux_path(env, state, &path, env->procfs, "/stat", NULL, NULL);
  if (status != SONDE_OK) return status;
  const int code =
      sondei_linux_try_read(env, state, &text, &state->inner_entries, AT_FDCWD, path, LINUX_ONE_RECORD, &operation);
  if (sondei_linux_code_is_exhaustion(code)) {
    return sondei_linux_fail(env, code, operation, sondei_linux_root(env->procfs), "stat");
  }
  if (code == 0 && sondei_linux_parse_stat(&stat, &err, text) == SONDE_OK &&
      (stat.valid & SONDEI_LINUX_STAT_BTIME) != 0 && stat.btime <= UINT64_MAX / SONDE_NSEC_PER_SEC) {
    *out = stat.btime * SONDE_NSEC_PER_SEC;
    return SONDE_OK;
  }
  /* A procfs that shows processes only (subset=pid, Linux 5.8). */
  struct timespec now;
  struct timespec since;
  if (env->live && state->os->clock_gettime(CLOCK_REALTIME, &now) == 0 &&
      state->os->clock_gettime(CLOCK_BOOTTIME, &since) == 0 && now.tv_sec > since.tv_sec) {
    *out = (uint64_t)(now.tv_sec - since.tv_sec) * SONDE_NSEC_PER_SEC;
  } else if (code != 0) { /* moments are 0 then: say why */
    sondei_linux_fail(env, code, operation, sondei_linux_root(env->procfs), "stat");
  }
  return SONDE_OK;
}

/* The last column of stat that each field needs. */
static uint64_t told_by(const struct sondei_linux_pid_stat *stat) {
  static const struct {
    unsigned column;
    uint64_t fields;
  } needs[] = {
      {6, SONDE_PROCESS_PGRP},         {8, SONDE_PROCESS_TTY | SONDE_PROCESS_TERMINAL},
      {12, SONDE_PROCESS_PAGE_FAULTS}, {13, SONDE_PROCESS_CHILDREN_PAGE_FAULTS},
      {15, SONDE_PROCESS_CPU_TIMES},   {17, SONDE_PROCESS_CHILDREN_TIMES},
      {19, SONDE_PROCESS_NICE},        {20, SONDE_PROCESS_NUM_THREADS},
      {22, SONDE_PROCESS_START_TIME},  {23, SONDE_PROCESS_VMS},
      {24, SONDE_PROCESS_RSS},         {38, SONDE_PROCESS_FLAGS},
      {39, SONDE_PROCESS_CPU_NUM},     {41, SONDE_PROCESS_PRIORITY},
      {42, SONDE_PROCESS_IOWAIT_TIME}, {44, SONDE_PROCESS_GUEST_TIME},
  };
  uint64_t fields = SONDE_PROCESS_NAME | SONDE_PROCESS_STATE | SONDE_PROCESS_PPID;
  for (size_t i = 0; i < sizeof needs / sizeof needs[0] && needs[i].column <= stat->num_columns; i++) {
    fields |= needs[i].fields;
  }
  return fields;
}

static sonde_status fill_terminal(struct linux_process *p, uint32_t device);

/* What is not valid is 0, also where one number of several did not fit. */
static void clear_failed(sonde_process *row) {
  if (row->failed & SONDE_PROCESS_CPU_TIMES) row->user_time = row->system_time = 0;
  if (row->failed & SONDE_PROCESS_CHILDREN_TIMES) row->children_user_time = row->children_system_time = 0;
  if (row->failed & SONDE_PROCESS_GUEST_TIME) row->guest_time = row->children_guest_time = 0;
  if (row->failed & SONDE_PROCESS_START_TIME) row->start_time = row->start_id = 0;
  if (row->failed & SONDE_PROCESS_MEMORY) row->shared = row->text = row->data = 0;
}

static sonde_status fill_stat(struct linux_process *p) {
  static const char file[] = "stat";
  struct linux_process_call *const call = p->call;
  sonde_process *const row = p->row;
  sondei_span text;
  sonde_status status = read_file(p, &text, call->from_stat, file, LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.data == NULL) return status;
  struct sondei_linux_pid_stat stat;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_stat(&stat, &err, text) != SONDE_OK) {
    book_parse(p, call->from_stat, &err, file);
    return SONDE_OK;
  }
  const uint64_t tick = call->state->ns_per_tick;
  const uint64_t page = call->state->page_size;
  const uint64_t wanted = call->from_stat & told_by(&stat);
  if (wanted & SONDE_PROCESS_NAME) {
    status = put_string(p, &row->name, SONDE_PROCESS_NAME, stat.comm);
    if (status != SONDE_OK) return status;
  }
  if (wanted & SONDE_PROCESS_STATE) row->state = sondei_linux_process_state(stat.state);
  if (wanted & SONDE_PROCESS_PPID) row->ppid = stat.ppid;
  if (wanted & SONDE_PROCESS_PGRP) {
    row->pgrp = stat.pgrp;
    row->session = stat.session;
  }
  if (wanted & SONDE_PROCESS_TTY) {
    row->tty = stat.tty_nr;
    row->tpgid = stat.tpgid;
  }
  if (wanted & SONDE_PROCESS_FLAGS) {
    row->os_flags = stat.flags;
    row->exit_signal = stat.exit_signal;
  }
  if (wanted & SONDE_PROCESS_PAGE_FAULTS) {
    row->minor_faults = stat.minflt;
    row->major_faults = stat.majflt;
  }
  if (wanted & SONDE_PROCESS_CHILDREN_PAGE_FAULTS) {
    row->children_minor_faults = stat.cminflt;
    row->children_major_faults = stat.cmajflt;
  }
  if (wanted & SONDE_PROCESS_CPU_TIMES) {
    row->user_time = scale(p, SONDE_PROCESS_CPU_TIMES, stat.utime, tick, file);
    row->system_time = scale(p, SONDE_PROCESS_CPU_TIMES, stat.stime, tick, file);
  }
  if (wanted & SONDE_PROCESS_CHILDREN_TIMES) {
    row->children_user_time = scale(p, SONDE_PROCESS_CHILDREN_TIMES, stat.cutime, tick, file);
    row->children_system_time = scale(p, SONDE_PROCESS_CHILDREN_TIMES, stat.cstime, tick, file);
  }
  if (wanted & SONDE_PROCESS_NICE) row->nice = stat.nice;
  if (wanted & SONDE_PROCESS_PRIORITY) {
    row->priority = stat.priority;
    row->rt_priority = stat.rt_priority;
    row->policy = stat.policy;
  }
  if (wanted & SONDE_PROCESS_NUM_THREADS) row->num_threads = stat.num_threads;
  if (wanted & SONDE_PROCESS_START_TIME) {
    row->start_id = stat.starttime;
    const uint64_t since_boot = scale(p, SONDE_PROCESS_START_TIME, stat.starttime, tick, file);
    if (call->boot_time != 0) {
      row->start_time = since_boot;
      if (!add(&row->start_time, call->boot_time)) row->start_time = too_large(p, SONDE_PROCESS_START_TIME, file);
    }
  }
  if (wanted & SONDE_PROCESS_VMS) row->vms = stat.vsize;
  if (wanted & SONDE_PROCESS_RSS) row->rss = scale(p, SONDE_PROCESS_RSS, stat.rss, page, file);
  if (wanted & SONDE_PROCESS_CPU_NUM) row->cpu_num = stat.processor;
  if (wanted & SONDE_PROCESS_IOWAIT_TIME) {
    row->iowait_time = scale(p, SONDE_PROCESS_IOWAIT_TIME, stat.blkio_ticks, tick, file);
  }
  if (wanted & SONDE_PROCESS_GUEST_TIME) {
    row->guest_time = scale(p, SONDE_PROCESS_GUEST_TIME, stat.guest_time, tick, file);
    row->children_guest_time = scale(p, SONDE_PROCESS_GUEST_TIME, stat.cguest_time, tick, file);
  }
  row->valid |= wanted & ~SONDE_PROCESS_TERMINAL;
  if (wanted & SONDE_PROCESS_TERMINAL) status = fill_terminal(p, stat.tty_nr);
  return status;
}

/* ---- Terminals ----------------------------------------------------------------------------------------------------
 */

static struct linux_process_name *name_in(struct linux_process_name *cache, uint32_t key) {
  return &cache[(key ^ key >> 8) & (LINUX_PROCESS_CACHE - 1)];
}

/* Whether name below <dev> is the device. */
static bool is_device(struct linux_process_call *call, int dev, const char *name, uint32_t device) {
  struct stat info;
  return call->state->os->fstatat(dev, name, &info, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
         S_ISCHR(info.st_mode) && (uint64_t)info.st_rdev == device;
}

/* A recording has the names of terminals, but no devices: a file in the usual place has to do. */
static bool is_recorded_device(struct linux_process_call *call, int dev, const char *name) {
  struct stat info;
  return !call->env->live && call->state->os->fstatat(dev, name, &info, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
         S_ISREG(info.st_mode);
}

/* Looks through <dev>/folder. *name, which has room for 512 bytes, is set when it is found. */
static sonde_status find_device(struct linux_process_call *call, char *name, const char *folder, uint32_t device,
                                bool *found) {
  struct linux_walk walk;
  struct linux_state *const state = call->state;
  sonde_status status =
      sondei_linux_walk_open(call->env, state, &walk, &state->inner_entries, sondei_linux_root(call->env->dev), folder);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(call->env) ? status : SONDE_OK;
  const char *entry = NULL;
  while ((status = sondei_linux_walk_next(call->env, state, &walk, &entry)) == SONDE_OK && entry != NULL) {
    if (!is_device(call, walk.fd, entry, device)) continue;
    const size_t folder_len = strlen(folder);
    const size_t entry_len = strlen(entry);
    if (folder_len + 1 + entry_len >= 512) continue;
    memcpy(name, folder, folder_len);
    size_t len = folder_len;
    if (len > 0) name[len++] = '/';
    memcpy(name + len, entry, entry_len + 1);
    *found = true;
    break;
  }
  sondei_linux_walk_close(state, &walk);
  return sondei_linux_is_exhausted(call->env) ? status : SONDE_OK;
}

/* Where devices usually are: major numbers of the kernel's devices.txt. */
static bool guess_terminal(char *out, uint32_t device) {
  const uint32_t major_number = device >> 8 & 0xfff;
  const uint32_t minor_number = (device & 0xff) | (device >> 12 & 0xfff00);
  const char *folder = NULL;
  uint32_t number = minor_number;
  if (major_number >= 136 && major_number <= 143) {
    folder = "pts/";
    number += (major_number - 136) * 256;
  } else if (major_number == 4 && minor_number < 64) {
    folder = "tty";
  } else if (major_number == 4) {
    folder = "ttyS";
    number -= 64;
  } else {
    return false;
  }
  const size_t len = strlen(folder);
  memcpy(out, folder, len);
  sondei_linux_decimal(out + len, number);
  return true;
}

static sonde_status find_terminal(struct linux_process_call *call, sonde_string *out, uint32_t device) {
  char name[512];
  bool found = false;
  int dev = -1;
  const int code = sondei_linux_try_open(call->state, &dev, AT_FDCWD, call->env->dev[0] == '\0' ? "/" : call->env->dev,
                                         O_PATH | O_DIRECTORY);
  if (code != 0) {
    const sonde_status status = sondei_linux_fail(call->env, code, "open", sondei_linux_root(call->env->dev), "");
    return sondei_linux_code_is_exhaustion(code) ? status : SONDE_OK;
  }
  found = guess_terminal(name, device) && (is_device(call, dev, name, device) || is_recorded_device(call, dev, name));
  call->state->os->close(dev);
  if (!found) {
    sonde_status status = find_device(call, name, "pts", device, &found);
    if (status == SONDE_OK && !found) status = find_device(call, name, "", device, &found);
    if (status != SONDE_OK) return status;
  }
  if (!found) return SONDE_OK;
  char path[520];
  memcpy(path, "/dev/", 5);
  const size_t len = strlen(name);
  memcpy(path + 5, name, len);
  return sonde_fill_string(call->fill, out, path, 5 + len);
}

static sonde_status fill_terminal(struct linux_process *p, uint32_t device) {
  p->row->valid |= SONDE_PROCESS_TERMINAL;
  if (device == 0) return SONDE_OK;
  struct linux_process_name *const name = name_in(p->call->terminals, device);
  if (!name->is_set || name->key != device) {
    name->is_set = false;
    name->text = p->row->terminal;
    const sonde_status status = find_terminal(p->call, &name->text, device);
    if (status != SONDE_OK) return status;
    name->key = device;
    name->is_set = true;
  }
  p->row->terminal = name->text;
  if (name->text.len == 0) p->row->valid &= ~SONDE_PROCESS_TERMINAL;
  return SONDE_OK;
}

/* ---- status -------------------------------------------------------------------------------------------------------
 */

static void put_ids(sonde_ids *out, const uint32_t *ids) {
  out->real = ids[0];
  out->effective = ids[1];
  out->saved = ids[2];
  out->fs = ids[3];
}

static sonde_status fill_memory_ex(struct linux_process *p, const struct sondei_linux_pid_status *from) {
  const uint64_t of_memory = SONDEI_LINUX_STATUS_VM_PEAK | SONDEI_LINUX_STATUS_VM_HWM | SONDEI_LINUX_STATUS_VM_SWAP |
                             SONDEI_LINUX_STATUS_VM_STK | SONDEI_LINUX_STATUS_VM_LIB;
  if ((from->valid & of_memory) == 0) return SONDE_OK; /* no address space: a zombie, a kernel thread */
  sonde_process_memory_ex *const to = sonde_fill_array(p->call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  const struct {
    uint64_t from_bit;
    uint64_t to_bit;
  } bits[] = {
      {SONDEI_LINUX_STATUS_VM_HWM, SONDE_MEMORY_EX_PEAK_RSS},
      {SONDEI_LINUX_STATUS_VM_PEAK, SONDE_MEMORY_EX_PEAK_VMS},
      {SONDEI_LINUX_STATUS_RSS_ANON, SONDE_MEMORY_EX_RSS_SPLIT},
      {SONDEI_LINUX_STATUS_VM_SWAP, SONDE_MEMORY_EX_SWAP},
      {SONDEI_LINUX_STATUS_HUGETLB, SONDE_MEMORY_EX_HUGETLB},
      {SONDEI_LINUX_STATUS_VM_LCK, SONDE_MEMORY_EX_LOCKED},
      {SONDEI_LINUX_STATUS_VM_PIN, SONDE_MEMORY_EX_PINNED},
      {SONDEI_LINUX_STATUS_VM_STK, SONDE_MEMORY_EX_STACK},
      {SONDEI_LINUX_STATUS_VM_LIB, SONDE_MEMORY_EX_LIB},
      {SONDEI_LINUX_STATUS_VM_PTE, SONDE_MEMORY_EX_PAGE_TABLES},
  };
  for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
    if (from->valid & bits[i].from_bit) to->valid |= bits[i].to_bit;
  }
  to->peak_rss = from->vm_hwm;
  to->peak_vms = from->vm_peak;
  to->swap = from->vm_swap;
  to->hugetlb = from->hugetlb;
  to->locked = from->vm_lck;
  to->pinned = from->vm_pin;
  to->stack = from->vm_stk;
  to->lib = from->vm_lib;
  to->page_tables = from->vm_pte;
  if (to->valid & SONDE_MEMORY_EX_RSS_SPLIT) {
    to->rss_anon = from->rss_anon;
    to->rss_file = from->rss_file;
    to->rss_shmem = from->rss_shmem;
  }
  p->row->memory_ex = to;
  p->row->valid |= SONDE_PROCESS_MEMORY_EX;
  return SONDE_OK;
}

static sonde_status fill_capabilities(struct linux_process *p, const struct sondei_linux_pid_status *from) {
  const uint64_t needed = SONDEI_LINUX_STATUS_CAP_PRM | SONDEI_LINUX_STATUS_CAP_EFF | SONDEI_LINUX_STATUS_CAP_INH;
  if ((from->valid & needed) != needed) return SONDE_OK;
  sonde_process_capabilities *const to = sonde_fill_array(p->call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  to->inheritable = from->cap_inh;
  to->permitted = from->cap_prm;
  to->effective = from->cap_eff;
  to->bounding = from->cap_bnd;
  to->ambient = from->cap_amb;
  p->row->capabilities = to;
  p->row->valid |= SONDE_PROCESS_CAPABILITIES;
  return SONDE_OK;
}

static sonde_status fill_signals(struct linux_process *p, const struct sondei_linux_pid_status *from) {
  const uint64_t needed = SONDEI_LINUX_STATUS_SIG_PND | SONDEI_LINUX_STATUS_SIG_BLK | SONDEI_LINUX_STATUS_SIG_IGN |
                          SONDEI_LINUX_STATUS_SIG_CGT;
  if ((from->valid & needed) != needed) return SONDE_OK;
  sonde_process_signals *const to = sonde_fill_array(p->call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  to->pending = from->sig_pnd;
  to->shared_pending = from->shd_pnd;
  to->blocked = from->sig_blk;
  to->ignored = from->sig_ign;
  to->caught = from->sig_cgt;
  to->queued = from->sigq;
  to->queued_limit = from->sigq_limit;
  p->row->signals = to;
  p->row->valid |= SONDE_PROCESS_SIGNALS;
  return SONDE_OK;
}

/* A list of numbers; false when one of them is none. */
static bool count_numbers(sondei_span list, size_t *out, sondei_parse_error *err) {
  uint32_t number = 0;
  *out = 0;
  while (sondei_linux_next_pid_status_number(&number, err, &list)) (*out)++;
  return err->expected == NULL;
}

static sonde_status fill_groups(struct linux_process *p, sondei_span list) {
  sondei_parse_error err;
  size_t count = 0;
  if (!count_numbers(list, &count, &err)) {
    book_parse(p, SONDE_PROCESS_GROUPS, &err, "status");
    return SONDE_OK;
  }
  uint32_t *const groups = sonde_fill_array(p->call->fill, count, sizeof *groups);
  if (groups == NULL) return SONDE_ERR_NO_MEMORY;
  for (size_t i = 0; i < count; i++) sondei_linux_next_pid_status_number(&groups[i], &err, &list);
  p->row->groups = groups;
  p->row->num_groups = count;
  p->row->valid |= SONDE_PROCESS_GROUPS;
  return SONDE_OK;
}

static sonde_status fill_ns_pids(struct linux_process *p, sondei_span list) {
  sondei_parse_error err;
  size_t count = 0;
  if (!count_numbers(list, &count, &err)) {
    book_parse(p, SONDE_PROCESS_NS_PIDS, &err, "status");
    return SONDE_OK;
  }
  sonde_pid *const pids = sonde_fill_array(p->call->fill, count, sizeof *pids);
  if (pids == NULL) return SONDE_ERR_NO_MEMORY;
  for (size_t i = 0; i < count; i++) {
    uint32_t pid = 0;
    sondei_linux_next_pid_status_number(&pid, &err, &list);
    pids[i] = pid;
  }
  p->row->ns_pids = pids;
  p->row->num_ns_pids = count;
  p->row->valid |= SONDE_PROCESS_NS_PIDS;
  return SONDE_OK;
}

/* The name of a uid in <etc>/passwd; empty when it is not there. */
static sonde_status find_user(struct linux_process_call *call, sonde_string *out, uint32_t uid) {
  sondei_span rest = call->passwd;
  struct sondei_linux_passwd entry;
  sondei_parse_error err;
  while (sondei_linux_next_passwd(&entry, &err, &rest)) {
    if (err.expected == NULL && entry.uid == uid) {
      return sonde_fill_string(call->fill, out, entry.name.data, entry.name.len);
    }
  }
  return SONDE_OK;
}

static sonde_status fill_username(struct linux_process *p, uint32_t uid) {
  struct linux_process_call *const call = p->call;
  if (!call->has_passwd) {
    call->has_passwd = true;
    const sonde_status status = sondei_linux_read_into(call->env, call->state, &call->passwd, &call->state->passwd,
                                                       sondei_linux_root(call->env->etc), "passwd", LINUX_UNTIL_EOF);
    call->passwd_code = 0;
    if (status != SONDE_OK) {
      if (sondei_linux_is_exhausted(call->env)) return status;
      call->passwd_code = (int)sonde_env_failed_code(call->env);
      call->passwd = sondei_span_of(NULL, 0);
    }
  }
  if (call->passwd_code == ENOENT || call->passwd_code == ENOTDIR) return SONDE_OK;
  if (call->passwd_code != 0) {
    if (call->passwd_code == EACCES || call->passwd_code == EPERM) {
      p->row->denied |= SONDE_PROCESS_USERNAME;
    } else {
      p->row->failed |= SONDE_PROCESS_USERNAME;
      p->failure = SONDE_ERR_OS;
    }
    return SONDE_OK;
  }
  struct linux_process_name *const name = name_in(call->users, uid);
  if (!name->is_set || name->key != uid) {
    name->is_set = false;
    name->text = p->row->username;
    const sonde_status status = find_user(call, &name->text, uid);
    if (status != SONDE_OK) return status;
    name->key = uid;
    name->is_set = true;
  }
  p->row->username = name->text;
  p->row->valid |= SONDE_PROCESS_USERNAME;
  return SONDE_OK;
}

/* Of the asked fields those that hang on one of these lines. */
static uint64_t fields_of_lines(uint64_t lines) {
  static const struct {
    uint64_t lines;
    uint64_t field;
  } needs[] = {
      {SONDEI_LINUX_STATUS_NAME, SONDE_PROCESS_NAME},
      {SONDEI_LINUX_STATUS_STATE, SONDE_PROCESS_STATE},
      {SONDEI_LINUX_STATUS_PPID, SONDE_PROCESS_PPID},
      {SONDEI_LINUX_STATUS_THREADS, SONDE_PROCESS_NUM_THREADS},
      {SONDEI_LINUX_STATUS_UMASK, SONDE_PROCESS_UMASK},
      {SONDEI_LINUX_STATUS_UID, SONDE_PROCESS_UIDS | SONDE_PROCESS_USERNAME},
      {SONDEI_LINUX_STATUS_GID, SONDE_PROCESS_GIDS},
      {SONDEI_LINUX_STATUS_VOLUNTARY | SONDEI_LINUX_STATUS_INVOLUNTARY, SONDE_PROCESS_CTX_SWITCHES},
      {SONDEI_LINUX_STATUS_SECCOMP | SONDEI_LINUX_STATUS_NO_NEW_PRIVS, SONDE_PROCESS_SECCOMP},
      {SONDEI_LINUX_STATUS_CAP_INH | SONDEI_LINUX_STATUS_CAP_PRM | SONDEI_LINUX_STATUS_CAP_EFF |
           SONDEI_LINUX_STATUS_CAP_BND | SONDEI_LINUX_STATUS_CAP_AMB,
       SONDE_PROCESS_CAPABILITIES},
      {SONDEI_LINUX_STATUS_SIGQ | SONDEI_LINUX_STATUS_SIG_PND | SONDEI_LINUX_STATUS_SHD_PND |
           SONDEI_LINUX_STATUS_SIG_BLK | SONDEI_LINUX_STATUS_SIG_IGN | SONDEI_LINUX_STATUS_SIG_CGT,
       SONDE_PROCESS_SIGNALS},
      {SONDEI_LINUX_STATUS_VM_PEAK | SONDEI_LINUX_STATUS_VM_LCK | SONDEI_LINUX_STATUS_VM_PIN |
           SONDEI_LINUX_STATUS_VM_HWM | SONDEI_LINUX_STATUS_RSS_ANON | SONDEI_LINUX_STATUS_RSS_FILE |
           SONDEI_LINUX_STATUS_RSS_SHMEM | SONDEI_LINUX_STATUS_VM_STK | SONDEI_LINUX_STATUS_VM_LIB |
           SONDEI_LINUX_STATUS_VM_PTE | SONDEI_LINUX_STATUS_VM_SWAP | SONDEI_LINUX_STATUS_HUGETLB,
       SONDE_PROCESS_MEMORY_EX},
  };
  uint64_t fields = 0;
  for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++) {
    if (lines & needs[i].lines) fields |= needs[i].field;
  }
  return fields;
}

static sonde_status fill_name_of_status(struct linux_process *p, sondei_span escaped) {
  /* Names are at most 64 bytes; what is longer is no name of Linux and is kept as it stands. */
  char name[256];
  sondei_span plain = escaped;
  if (escaped.len <= sizeof name) {
    plain = sondei_span_of(name, sondei_linux_unescape_pid_status_name(name, escaped));
  }
  return put_string(p, &p->row->name, SONDE_PROCESS_NAME, plain);
}

static sonde_status fill_status(struct linux_process *p) {
  static const char file[] = "status";
  sonde_process *const row = p->row;
  const uint64_t asked = p->call->from_status;
  sondei_span text;
  sonde_status status = read_file(p, &text, asked, file, LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.data == NULL) return status;
  struct sondei_linux_pid_status from;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_status(&from, &err, text) != SONDE_OK) {
    book_parse(p, asked, &err, file);
    return SONDE_OK;
  }
  uint64_t wanted = asked;
  if (from.bad != 0) {
    const uint64_t failed = asked & fields_of_lines(from.bad);
    wanted &= ~failed;
    if (failed != 0) book_parse(p, failed, &err, file);
  }
  /* What each of the simple fields needs is there. */
  const struct {
    uint64_t field;
    uint64_t line;
  } simple[] = {
      {SONDE_PROCESS_STATE, SONDEI_LINUX_STATUS_STATE},
      {SONDE_PROCESS_PPID, SONDEI_LINUX_STATUS_PPID},
      {SONDE_PROCESS_NUM_THREADS, SONDEI_LINUX_STATUS_THREADS},
      {SONDE_PROCESS_UMASK, SONDEI_LINUX_STATUS_UMASK},
      {SONDE_PROCESS_UIDS, SONDEI_LINUX_STATUS_UID},
      {SONDE_PROCESS_GIDS, SONDEI_LINUX_STATUS_GID},
      {SONDE_PROCESS_CTX_SWITCHES, SONDEI_LINUX_STATUS_VOLUNTARY},
      {SONDE_PROCESS_SECCOMP, SONDEI_LINUX_STATUS_SECCOMP},
  };
  for (size_t i = 0; i < sizeof simple / sizeof simple[0]; i++) {
    if ((wanted & simple[i].field) == 0) continue;
    if (from.valid & simple[i].line) {
      row->valid |= simple[i].field;
    } else {
      wanted &= ~simple[i].field;
    }
  }
  if (wanted & SONDE_PROCESS_STATE) row->state = sondei_linux_process_state(from.state);
  if (wanted & SONDE_PROCESS_PPID) row->ppid = from.ppid;
  if (wanted & SONDE_PROCESS_NUM_THREADS) row->num_threads = from.threads;
  if (wanted & SONDE_PROCESS_UMASK) row->umask = from.umask;
  if (wanted & SONDE_PROCESS_UIDS) put_ids(&row->uids, from.uid);
  if (wanted & SONDE_PROCESS_GIDS) put_ids(&row->gids, from.gid);
  if (wanted & SONDE_PROCESS_CTX_SWITCHES) {
    row->voluntary_ctx_switches = from.voluntary;
    row->involuntary_ctx_switches = from.involuntary;
  }
  if (wanted & SONDE_PROCESS_SECCOMP) {
    row->seccomp = from.seccomp;
    row->no_new_privs = from.no_new_privs != 0;
  }
  if ((wanted & SONDE_PROCESS_NAME) && (from.valid & SONDEI_LINUX_STATUS_NAME)) {
    status = fill_name_of_status(p, from.name);
  }
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_MEMORY_EX)) status = fill_memory_ex(p, &from);
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_CAPABILITIES)) status = fill_capabilities(p, &from);
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_SIGNALS)) status = fill_signals(p, &from);
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_GROUPS) && (from.valid & SONDEI_LINUX_STATUS_GROUPS)) {
    status = fill_groups(p, from.groups);
  }
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_NS_PIDS) && (from.valid & SONDEI_LINUX_STATUS_NSPID)) {
    status = fill_ns_pids(p, from.nspid);
  }
  if (status == SONDE_OK && (wanted & SONDE_PROCESS_USERNAME) && (from.valid & SONDEI_LINUX_STATUS_UID)) {
    status = fill_username(p, from.uid[0]);
  }
  return status;
}

/* ---- The other files ----------------------------------------------------------------------------------------------
 */

static sonde_status fill_statm(struct linux_process *p) {
  static const char file[] = "statm";
  const uint64_t wanted = p->call->from_statm;
  const uint64_t page = p->call->state->page_size;
  sonde_process *const row = p->row;
  sondei_span text;
  const sonde_status status = read_file(p, &text, wanted, file, LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.data == NULL) return status;
  struct sondei_linux_pid_statm from;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_statm(&from, &err, text) != SONDE_OK) {
    book_parse(p, wanted, &err, file);
    return SONDE_OK;
  }
  if (wanted & SONDE_PROCESS_RSS) row->rss = scale(p, SONDE_PROCESS_RSS, from.resident, page, file);
  if (wanted & SONDE_PROCESS_VMS) row->vms = scale(p, SONDE_PROCESS_VMS, from.size, page, file);
  if (wanted & SONDE_PROCESS_MEMORY) {
    row->shared = scale(p, SONDE_PROCESS_MEMORY, from.shared, page, file);
    row->text = scale(p, SONDE_PROCESS_MEMORY, from.text, page, file);
    row->data = scale(p, SONDE_PROCESS_MEMORY, from.data, page, file);
  }
  row->valid |= wanted;
  return SONDE_OK;
}

static sonde_status fill_io(struct linux_process *p) {
  sonde_process *const row = p->row;
  sondei_span text;
  const sonde_status status = read_file(p, &text, SONDE_PROCESS_IO, "io", LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.data == NULL) return status;
  struct sondei_linux_pid_io from;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_io(&from, &err, text) != SONDE_OK) {
    book_parse(p, SONDE_PROCESS_IO, &err, "io");
    return SONDE_OK;
  }
  row->read_chars = from.rchar;
  row->write_chars = from.wchar;
  row->read_count = from.syscr;
  row->write_count = from.syscw;
  row->read_bytes = from.read_bytes;
  row->write_bytes = from.write_bytes;
  row->cancelled_write_bytes = from.cancelled_write_bytes;
  row->valid |= SONDE_PROCESS_IO;
  return SONDE_OK;
}

static sonde_status fill_cmdline(struct linux_process *p) {
  sonde_process *const row = p->row;
  struct sonde_fill *const fill = p->call->fill;
  sondei_span text;
  sonde_status status = read_file(p, &text, SONDE_PROCESS_CMDLINE, "cmdline", LINUX_UNTIL_EOF);
  /* Zombies and kernel threads have an empty one; a process has at least one NUL. */
  if (status != SONDE_OK || text.len == 0) return status;
  status = sonde_fill_string(fill, &row->cmdline, text.data, text.len);
  if (status != SONDE_OK) return status;
  sondei_span rest = sondei_span_of(row->cmdline.data, row->cmdline.len);
  const size_t count = sondei_linux_count_args(rest);
  /* Cut where each stands in cmdline: every argument is followed by a NUL there. */
  sonde_string *const args = sonde_fill_array(fill, count, sizeof *args);
  if (args == NULL) return SONDE_ERR_NO_MEMORY;
  sondei_span arg;
  sondei_parse_error err;
  for (size_t i = 0; i < count && sondei_linux_next_arg(&arg, &err, &rest); i++) {
    args[i].data = arg.data;
    args[i].len = arg.len;
  }
  row->args = args;
  row->num_args = count;
  row->valid |= SONDE_PROCESS_CMDLINE;
  return SONDE_OK;
}

/* Whether the path, NUL-terminated, is the file that the link exe leads to. */
static bool is_exe(struct linux_process *p, const char *path) {
  const struct linux_os *const os = p->call->state->os;
  struct stat exe;
  struct stat named;
  return os->fstatat(p->dir, "exe", &exe, AT_NO_AUTOMOUNT) == 0 &&
         os->fstatat(AT_FDCWD, path, &named, AT_NO_AUTOMOUNT) == 0 && exe.st_dev == named.st_dev &&
         exe.st_ino == named.st_ino;
}

static sonde_status fill_exe(struct linux_process *p) {
  sondei_span target;
  const sonde_status status = read_link(p, &target, SONDE_PROCESS_EXE, "exe");
  if (status != SONDE_OK || target.data == NULL) return status;
  sondei_span path = target;
  if (sondei_linux_take_deleted(&path)) {
    /* A file may be named like this. Files are touched only in this case, and only on a mount that cannot be dead; in a
     * recording the link leads nowhere. Else the mark is believed. */
    struct linux_state *const state = p->call->state;
    struct linux_mount mount = {false, false, 0};
    state->text.data[target.len] = '\0';
    if (p->call->env->live) {
      const struct linux_place place = {p->dir, ""};
      const sonde_status found = sondei_linux_find_mount(p->call->env, state, &mount, &state->inner_entries, place,
                                                         path_of(p, "mountinfo"), target.data);
      if (found != SONDE_OK) return found;
    }
    if (mount.is_found && !mount.may_hang && is_exe(p, target.data)) {
      path = target;
    } else {
      p->row->exe_deleted = true;
    }
  }
  return put_string(p, &p->row->exe, SONDE_PROCESS_EXE, path);
}

static sonde_status fill_cwd(struct linux_process *p) {
  sondei_span target;
  const sonde_status status = read_link(p, &target, SONDE_PROCESS_CWD, "cwd");
  if (status != SONDE_OK || target.data == NULL) return status;
  return put_string(p, &p->row->cwd, SONDE_PROCESS_CWD, target);
}

static sonde_status fill_root(struct linux_process *p) {
  sondei_span target;
  const sonde_status status = read_link(p, &target, SONDE_PROCESS_ROOT, "root");
  if (status != SONDE_OK || target.data == NULL) return status;
  return put_string(p, &p->row->root, SONDE_PROCESS_ROOT, target);
}

static sonde_status fill_cgroup(struct linux_process *p) {
  sondei_span text;
  sonde_status status = read_file(p, &text, SONDE_PROCESS_CGROUP, "cgroup", LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.len == 0) return status;
  struct sondei_linux_cgroup_summary summary;
  if (!sondei_linux_cgroup_path_of(&summary, text)) {
    const sondei_parse_error err = {0, "a control group"};
    book_parse(p, SONDE_PROCESS_CGROUP, &err, "cgroup");
    return SONDE_OK;
  }
  status = put_string(p, &p->row->cgroup, SONDE_PROCESS_CGROUP, summary.path);
  if (status != SONDE_OK || summary.container_id.len == 0) return status;
  return put_string(p, &p->row->container_id, SONDE_PROCESS_CGROUP, summary.container_id);
}

static sonde_status fill_namespaces(struct linux_process *p) {
  sonde_process_namespaces found;
  memset(&found, 0, sizeof found);
  const struct {
    const char *file;
    uint64_t *inode;
  } links[] = {
      {"ns/mnt", &found.mnt},   {"ns/cgroup", &found.cgroup},
      {"ns/ipc", &found.ipc},   {"ns/net", &found.net},
      {"ns/pid", &found.pid},   {"ns/pid_for_children", &found.pid_for_children},
      {"ns/time", &found.time}, {"ns/time_for_children", &found.time_for_children},
      {"ns/user", &found.user}, {"ns/uts", &found.uts},
  };
  bool any = false;
  for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
    sondei_span target;
    const sonde_status status = read_link(p, &target, SONDE_PROCESS_NAMESPACES, links[i].file);
    if (status != SONDE_OK || p->is_gone) return status;
    if (((p->row->denied | p->row->failed) & SONDE_PROCESS_NAMESPACES) != 0) return SONDE_OK;
    if (target.data == NULL) continue;
    struct sondei_linux_link link;
    sondei_parse_error err;
    if (sondei_linux_parse_link(&link, &err, target) != SONDE_OK) {
      book_parse(p, SONDE_PROCESS_NAMESPACES, &err, links[i].file);
      return SONDE_OK;
    }
    *links[i].inode = link.inode;
    any = true;
  }
  if (!any) return SONDE_OK;
  sonde_process_namespaces *const to = sonde_fill_array(p->call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  *to = found;
  p->row->namespaces = to;
  p->row->valid |= SONDE_PROCESS_NAMESPACES;
  return SONDE_OK;
}

/* A file that holds one number that fits in 32 bits. */
static sonde_status read_number(struct linux_process *p, int64_t *out, bool *found, uint64_t fields, const char *file,
                                int64_t max) {
  sondei_span text;
  *found = false;
  const sonde_status status = read_file(p, &text, fields, file, LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.data == NULL) return status;
  if (!sondei_span_whole_i64(text, out) || *out < INT32_MIN || *out > max) {
    const sondei_parse_error err = {0, "a number"};
    book_parse(p, fields, &err, file);
    return SONDE_OK;
  }
  *found = true;
  return SONDE_OK;
}

static sonde_status fill_oom(struct linux_process *p) {
  int64_t score = 0;
  int64_t adjustment = 0;
  bool found = false;
  sonde_status status = read_number(p, &score, &found, SONDE_PROCESS_OOM, "oom_score", INT32_MAX);
  if (status != SONDE_OK || !found) return status;
  status = read_number(p, &adjustment, &found, SONDE_PROCESS_OOM, "oom_score_adj", INT32_MAX);
  if (status != SONDE_OK || !found) return status;
  p->row->oom_score = (int32_t)score;
  p->row->oom_score_adj = (int32_t)adjustment;
  p->row->valid |= SONDE_PROCESS_OOM;
  return SONDE_OK;
}

static sonde_status fill_loginuid(struct linux_process *p) {
  int64_t uid = 0;
  bool found = false;
  const sonde_status status = read_number(p, &uid, &found, SONDE_PROCESS_LOGINUID, "loginuid", UINT32_MAX);
  if (status != SONDE_OK || !found) return status;
  p->row->loginuid = (uint32_t)(uint64_t)uid; /* -1: never set */
  p->row->valid |= SONDE_PROCESS_LOGINUID;
  return SONDE_OK;
}

static sonde_status fill_label(struct linux_process *p) {
  static const char file[] = "attr/current";
  struct linux_process_call *const call = p->call;
  sondei_span text;
  const char *operation = NULL;
  const int code = sondei_linux_try_read(call->env, call->state, &text, &call->state->text, p->dir, file,
                                         LINUX_UNTIL_EOF, &operation);
  if (code == EINVAL) return SONDE_OK; /* no security module that labels */
  if (code != 0) return book(p, SONDE_PROCESS_LABEL, code, operation, file);
  p->num_read++;
  while (text.len > 0 && (text.data[text.len - 1] == '\n' || text.data[text.len - 1] == '\0')) text.len--;
  return put_string(p, &p->row->label, SONDE_PROCESS_LABEL, text);
}

static sonde_status fill_wchan(struct linux_process *p) {
  sondei_span text;
  const sonde_status status = read_file(p, &text, SONDE_PROCESS_WCHAN, "wchan", LINUX_UNTIL_EOF);
  if (status != SONDE_OK || text.data == NULL) return status;
  sondei_span line = sondei_span_of(text.data, 0);
  sondei_span_take_line(&text, &line);
  if (sondei_span_equals(line, "0")) line.len = 0; /* it runs */
  return put_string(p, &p->row->wchan, SONDE_PROCESS_WCHAN, line);
}

static sonde_status fill_autogroup(struct linux_process *p) {
  sondei_span text;
  const sonde_status status = read_file(p, &text, SONDE_PROCESS_AUTOGROUP, "autogroup", LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.len == 0) return status;
  struct sondei_linux_pid_autogroup from;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_autogroup(&from, &err, text) != SONDE_OK) {
    book_parse(p, SONDE_PROCESS_AUTOGROUP, &err, "autogroup");
    return SONDE_OK;
  }
  p->row->autogroup = from.id;
  p->row->autogroup_nice = from.nice;
  p->row->valid |= SONDE_PROCESS_AUTOGROUP;
  return SONDE_OK;
}

static sonde_status fill_schedstat(struct linux_process *p) {
  sondei_span text;
  const sonde_status status = read_file(p, &text, SONDE_PROCESS_RUN_DELAY, "schedstat", LINUX_ONE_RECORD);
  if (status != SONDE_OK || text.len == 0) return status;
  struct sondei_linux_pid_schedstat from;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_schedstat(&from, &err, text) != SONDE_OK) {
    book_parse(p, SONDE_PROCESS_RUN_DELAY, &err, "schedstat");
    return SONDE_OK;
  }
  p->row->run_delay = from.run_delay;
  p->row->valid |= SONDE_PROCESS_RUN_DELAY;
  return SONDE_OK;
}

static sonde_status fill_footprint(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  const char *file = "smaps_rollup";
  const char *operation = NULL;
  sondei_span text = sondei_span_of(NULL, 0);
  int code = sondei_linux_try_read(call->env, call->state, &text, &call->state->text, p->dir, file, LINUX_UNTIL_EOF,
                                   &operation);
  if (code == ENOENT || code == ESRCH) {
    /* Not before Linux 4.14, and at times not for a process that lives. */
    file = "smaps";
    code = sondei_linux_try_read(call->env, call->state, &text, &call->state->text, p->dir, file, LINUX_UNTIL_EOF,
                                 &operation);
  }
  if (code != 0) return book(p, SONDE_PROCESS_FOOTPRINT, code, operation, file);
  p->num_read++;
  if (text.len == 0) return SONDE_OK; /* no address space */
  sonde_process_footprint *const to = sonde_fill_array(call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  struct sondei_linux_smaps from;
  sondei_parse_error err;
  while (sondei_linux_next_smaps(&from, &err, &text)) {
    if (err.expected == NULL &&
        (!add(&to->uss, from.private_clean) || !add(&to->uss, from.private_dirty) ||
         !add(&to->uss, from.private_hugetlb) || !add(&to->pss, from.pss) || !add(&to->swap, from.swap))) {
      err.expected = "smaller numbers";
    }
    if (err.expected != NULL) {
      book_parse(p, SONDE_PROCESS_FOOTPRINT, &err, file);
      return SONDE_OK;
    }
    if (from.valid & SONDEI_LINUX_SMAPS_PRIVATE_CLEAN) to->valid |= SONDE_FOOTPRINT_USS;
    if (from.valid & SONDEI_LINUX_SMAPS_PSS) to->valid |= SONDE_FOOTPRINT_PSS;
    if (from.valid & SONDEI_LINUX_SMAPS_SWAP) to->valid |= SONDE_FOOTPRINT_SWAP;
  }
  if (to->valid == 0) return SONDE_OK;
  p->row->footprint = to;
  p->row->valid |= SONDE_PROCESS_FOOTPRINT;
  return SONDE_OK;
}

/* Whether the size of PID/fd is the number of descriptors (Linux 6.2): it is not 0 for this very process. */
static bool has_fd_sizes(struct linux_process_call *call) {
  if (call->has_fd_sizes < 0) {
    struct stat info;
    const char *path = NULL;
    call->has_fd_sizes =
        sondei_linux_path(call->env, call->state, &path, call->env->procfs, "/self/fd", NULL, NULL) == SONDE_OK &&
        call->state->os->fstatat(AT_FDCWD, path, &info, 0) == 0 && info.st_size > 0;
  }
  return call->has_fd_sizes == 1;
}

/* Books a walk over fd that failed. */
static sonde_status book_walk(struct linux_process *p, sonde_status status, const char *operation) {
  const int code = (int)sonde_env_failed_code(p->call->env);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (code != 0) return book(p, SONDE_PROCESS_NUM_FDS, code, operation, "fd");
  p->row->failed |= SONDE_PROCESS_NUM_FDS;
  p->failure = status;
  return SONDE_OK;
}

static sonde_status count_fds(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  struct linux_walk walk;
  const struct linux_place place = {p->dir, ""};
  sonde_status status = sondei_linux_walk_open(call->env, call->state, &walk, &call->state->inner_entries, place, "fd");
  if (status != SONDE_OK) return book_walk(p, status, "open");
  uint64_t count = 0;
  const char *name = NULL;
  while ((status = sondei_linux_walk_next(call->env, call->state, &walk, &name)) == SONDE_OK && name != NULL) count++;
  sondei_linux_walk_close(call->state, &walk);
  if (status != SONDE_OK) return book_walk(p, status, "getdents64");
  p->num_read++;
  p->row->num_fds = count;
  p->row->valid |= SONDE_PROCESS_NUM_FDS;
  return SONDE_OK;
}

static sonde_status fill_num_fds(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  if (!call->env->live || !has_fd_sizes(call)) return count_fds(p);
  struct stat info;
  if (call->state->os->fstatat(p->dir, "fd", &info, 0) != 0) {
    return book(p, SONDE_PROCESS_NUM_FDS, errno, "fstatat", "fd");
  }
  p->num_read++;
  p->row->num_fds = (uint64_t)info.st_size;
  p->row->valid |= SONDE_PROCESS_NUM_FDS;
  return SONDE_OK;
}

/* By what the kernel told the program: its file may lie on a mount that is dead. */
static sonde_status fill_bitness(struct linux_process *p) {
  static const char file[] = "auxv";
  sondei_span text;
  const sonde_status status = read_file(p, &text, SONDE_PROCESS_BITNESS, file, LINUX_UNTIL_EOF);
  if (status != SONDE_OK || text.len == 0) return status;
  struct sondei_linux_auxv from;
  sondei_parse_error err;
  if (sondei_linux_parse_auxv(&from, &err, text) != SONDE_OK) {
    book_parse(p, SONDE_PROCESS_BITNESS, &err, file);
    return SONDE_OK;
  }
  p->row->bitness = from.word_size * 8;
  p->row->valid |= SONDE_PROCESS_BITNESS;
  return SONDE_OK;
}

static sonde_status has_own_pids(struct linux_process_call *call, bool *out) {
  if (call->has_own_pids < 0) {
    const sonde_status status = sondei_linux_process_pids_are_ours(call->env, call->state, out);
    if (status != SONDE_OK) return status;
    call->has_own_pids = *out;
  }
  *out = call->has_own_pids == 1;
  return SONDE_OK;
}

/* By pid: it counts only when the process has its pid afterwards, too. */
static sonde_status fill_ionice(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  bool is_reachable = false;
  const sonde_status status = has_own_pids(call, &is_reachable);
  if (status != SONDE_OK || !is_reachable) return status;
  const int priority = call->state->os->ioprio_get(IOPRIO_WHO_PROCESS, (int)p->row->pid);
  if (priority < 0) {
    const int code = errno;
    if (code == ENOSYS) return SONDE_OK;
    return book(p, SONDE_PROCESS_IONICE, code, "ioprio_get", "stat");
  }
  if (!is_there(p)) {
    p->is_gone = true;
    return SONDE_OK;
  }
  p->num_read++;
  p->row->ionice_class = (int32_t)((unsigned)priority >> 13 & 7);
  p->row->ionice_value = (int32_t)((unsigned)priority & 7);
  p->row->valid |= SONDE_PROCESS_IONICE;
  return SONDE_OK;
}

static sonde_status fill_unique_id(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  const struct linux_os *const os = call->state->os;
  bool is_reachable = false;
  const sonde_status status = has_own_pids(call, &is_reachable);
  if (status != SONDE_OK || !is_reachable) return status;
  const int pidfd = os->pidfd_open((pid_t)p->row->pid, 0);
  if (pidfd < 0) {
    const int code = errno;
    if (code == ENOSYS || code == EINVAL) return SONDE_OK;
    return book(p, SONDE_PROCESS_UNIQUE_ID, code, "pidfd_open", "stat");
  }
  struct stat info;
  const int stat_code = os->fstatat(pidfd, "", &info, AT_EMPTY_PATH) == 0 ? 0 : errno;
  os->close(pidfd);
  if (stat_code != 0) return book(p, SONDE_PROCESS_UNIQUE_ID, stat_code, "fstatat", "stat");
  if (!is_there(p)) {
    p->is_gone = true;
    return SONDE_OK;
  }
  p->num_read++;
  /* Before 6.9 all pidfds are one anonymous inode, which nobody may execute. */
  if ((info.st_mode & S_IXUSR) == 0) return SONDE_OK;
  p->row->unique_id = (uint64_t)info.st_ino;
  p->row->valid |= SONDE_PROCESS_UNIQUE_ID;
  return SONDE_OK;
}

/* By pid, too. */
static sonde_status fill_delays(struct linux_process *p) {
  struct linux_process_call *const call = p->call;
  bool is_reachable = false;
  const sonde_status status = has_own_pids(call, &is_reachable);
  if (status != SONDE_OK || !is_reachable) return status;
  sonde_process_delays told;
  sondei_parse_error err;
  const char *operation = NULL;
  const int code = sondei_linux_delays_ask(call->env, call->state, &call->delays, &told, p->row->pid, &err, &operation);
  if (code != 0 && code != EBADMSG) return book(p, SONDE_PROCESS_DELAYS, code, operation, "");
  if (!is_there(p)) {
    p->is_gone = true;
    return SONDE_OK;
  }
  p->num_read++;
  if (code != 0) {
    book_parse(p, SONDE_PROCESS_DELAYS, &err, "");
    return SONDE_OK;
  }
  /* Whoever runs waited for a CPU at least once: nothing is counted here. */
  if (told.cpu_count == 0) return SONDE_OK;
  sonde_process_delays *const to = sonde_fill_array(call->fill, 1, sizeof *to);
  if (to == NULL) return SONDE_ERR_NO_MEMORY;
  *to = told;
  p->row->delays = to;
  p->row->valid |= SONDE_PROCESS_DELAYS;
  return SONDE_OK;
}

/* ---- The row ------------------------------------------------------------------------------------------------------
 */

static const struct {
  uint64_t fields;
  sonde_status (*fill)(struct linux_process *p);
} others[] = {
    {SONDE_PROCESS_IO, fill_io},
    {SONDE_PROCESS_CMDLINE, fill_cmdline},
    {SONDE_PROCESS_EXE, fill_exe},
    {SONDE_PROCESS_CWD, fill_cwd},
    {SONDE_PROCESS_ROOT, fill_root},
    {SONDE_PROCESS_CGROUP, fill_cgroup},
    {SONDE_PROCESS_NAMESPACES, fill_namespaces},
    {SONDE_PROCESS_OOM, fill_oom},
    {SONDE_PROCESS_LABEL, fill_label},
    {SONDE_PROCESS_FOOTPRINT, fill_footprint},
    {SONDE_PROCESS_LOGINUID, fill_loginuid},
    {SONDE_PROCESS_RUN_DELAY, fill_schedstat},
    {SONDE_PROCESS_WCHAN, fill_wchan},
    {SONDE_PROCESS_AUTOGROUP, fill_autogroup},
    {SONDE_PROCESS_NUM_FDS, fill_num_fds},
    {SONDE_PROCESS_BITNESS, fill_bitness},
    {SONDE_PROCESS_IONICE, fill_ionice},
    {SONDE_PROCESS_UNIQUE_ID, fill_unique_id},
    {SONDE_PROCESS_DELAYS, fill_delays},
};

static sonde_status fill_all(struct linux_process *p) {
  const struct linux_process_call *const call = p->call;
  sonde_status status = SONDE_OK;
  if (call->from_stat != 0) status = fill_stat(p);
  if (status == SONDE_OK && !p->is_gone && call->from_status != 0) status = fill_status(p);
  if (status == SONDE_OK && !p->is_gone && call->from_statm != 0) status = fill_statm(p);
  for (size_t i = 0; i < sizeof others / sizeof others[0] && status == SONDE_OK && !p->is_gone; i++) {
    if (call->fields & others[i].fields) status = others[i].fill(p);
  }
  return status;
}

void sondei_linux_process_begin(struct linux_process_call *out, struct sonde_env *env, struct linux_state *state,
                                struct sonde_fill *fill, uint64_t fields) {
  static const uint64_t stat_fields = SONDE_PROCESS_STAT | SONDE_PROCESS_TERMINAL;
  static const uint64_t in_status =
      SONDE_PROCESS_NAME | SONDE_PROCESS_PPID | SONDE_PROCESS_STATE | SONDE_PROCESS_NUM_THREADS;
  memset(out, 0, sizeof *out);
  out->env = env;
  out->state = state;
  out->fill = fill;
  out->fields = fields;
  out->has_own_pids = -1;
  out->has_fd_sizes = -1;
  out->from_status = fields & (SONDE_PROCESS_STATUS | SONDE_PROCESS_USERNAME);
  out->from_statm = fields & SONDE_PROCESS_MEMORY;
  out->from_stat = fields & stat_fields;
  /* On 6.18 statm has the exact size; that of stat lacks what each CPU counted lately. */
  if (out->from_statm != 0) {
    out->from_statm |= out->from_stat & SONDE_PROCESS_RSS;
    out->from_stat &= ~SONDE_PROCESS_RSS;
  }
  /* What stat would tell may be in a file that is read anyway. */
  const uint64_t elsewhere = (out->from_status != 0 ? in_status : 0) | (out->from_statm != 0 ? SONDE_PROCESS_VMS : 0);
  if ((out->from_stat & ~elsewhere) == 0) {
    if (out->from_status != 0) out->from_status |= out->from_stat & in_status;
    if (out->from_statm != 0) out->from_statm |= out->from_stat & SONDE_PROCESS_VMS;
    out->from_stat = 0;
  }
  const uint64_t rest = fields & ~(out->from_stat | out->from_status | out->from_statm);
  const int files = (out->from_stat != 0) + (out->from_status != 0) + (out->from_statm != 0);
  if ((rest == 0 && files == 1) || (files == 0 && (rest == SONDE_PROCESS_CMDLINE || rest == SONDE_PROCESS_IO))) {
    out->is_one_file = true;
  }
}

void sondei_linux_process_end(struct linux_process_call *call) {
  sondei_linux_delays_close(call->state, &call->delays);
}

static sonde_status finish(struct linux_process *p) {
  sonde_process *const row = p->row;
  row->valid &= ~(row->denied | row->failed);
  if (row->failed != 0) clear_failed(row);
  if (p->is_gone) {
    if (p->num_read == 0) {
      sonde_fill_drop_row(p->call->fill);
      return SONDE_OK;
    }
    row->status = SONDE_ERR_NO_PROCESS;
    record(p, ESRCH, "read", "");
  } else if (row->failed != 0) {
    row->status = p->failure;
  } else if (row->denied != 0) {
    row->status = SONDE_ERR_ACCESS;
  }
  return SONDE_OK;
}

sonde_status sondei_linux_process_add_row(struct linux_process_call *call, sonde_pid pid, int dir, bool in_procfs) {
  struct linux_process p;
  p.call = call;
  p.dir = dir;
  p.prefix_len = 0;
  p.is_gone = false;
  p.num_read = 0;
  p.failure = SONDE_OK;
  if ((call->from_stat & SONDE_PROCESS_START_TIME) != 0 && !call->has_boot_time) {
    const sonde_status status = sondei_linux_process_boot_time(call->env, call->state, &call->boot_time);
    if (status != SONDE_OK) return status;
    call->has_boot_time = true;
  }
  p.row = sonde_fill_row(call->fill);
  if (p.row == NULL) return SONDE_ERR_NO_MEMORY;
  p.row->pid = pid;
  if (call->fields == 0) return SONDE_OK;
  bool owns_dir = false;
  if (in_procfs) {
    sondei_linux_process_path(p.path, pid, "");
    p.prefix_len = strlen(p.path);
    if (!call->is_one_file) {
      p.path[p.prefix_len - 1] = '\0';
      const int code = sondei_linux_try_open(call->state, &p.dir, dir, p.path, O_PATH | O_DIRECTORY);
      p.path[p.prefix_len - 1] = '/';
      if (code != 0) {
        const sonde_status status = book(&p, call->fields, code, "open", "");
        return status != SONDE_OK ? status : finish(&p);
      }
      owns_dir = true;
      p.prefix_len = 0;
    }
  }
  sonde_status status = fill_all(&p);
  if (status == SONDE_OK) status = finish(&p);
  if (owns_dir) call->state->os->close(p.dir);
  return status;
}
