/* SPDX-License-Identifier: MIT */
/* CPUs: times, counts, load and interrupts. */
#include "backends/linux/linux_cpu.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_limits.h"
#include "core/parse/linux_cpuinfo.h"
#include "core/parse/linux_cpulist.h"
#include "core/parse/linux_interrupts.h"
#include "core/parse/linux_loadavg.h"
#include "core/parse/linux_stat.h"

static sonde_status cpu_read_proc(struct sonde_env *env, struct linux_state *state, sondei_span *out, const char *path,
                                  enum linux_reading reading) {
  return sondei_linux_read(env, state, out, sondei_linux_root(env->procfs), path, reading);
}

/* Records what is wrong with a row that was pulled from `before`, the rest of a file of procfs. */
static sonde_status cpu_fail_row(struct sonde_env *env, sondei_parse_error err, sondei_span file, sondei_span before,
                                 const char *path) {
  err.position += (size_t)(before.data - file.data);
  return sondei_linux_fail_parse(env, &err, sondei_linux_root(env->procfs), path);
}

/* ---- Times ------------------------------------------------------------------------------------------------------ */

/* False: a CPU with a time of 2^64 ns or more. The sum of many CPUs may have one: it wraps, as the header says. */
static bool cpu_fill_times(sonde_cpu_times *out, const struct sondei_linux_stat_cpu *row, uint64_t ns_per_tick) {
  uint64_t *const members[SONDEI_LINUX_STAT_COLUMNS] = {
      &out->user, &out->nice,    &out->system, &out->idle,  &out->iowait,
      &out->irq,  &out->softirq, &out->steal,  &out->guest, &out->guest_nice,
  };
  static const uint64_t bits[SONDEI_LINUX_STAT_COLUMNS] = {
      SONDE_CPU_TIMES_USER,   SONDE_CPU_TIMES_NICE,       SONDE_CPU_TIMES_SYSTEM,  SONDE_CPU_TIMES_IDLE,
      SONDE_CPU_TIMES_IOWAIT, SONDE_CPU_TIMES_IRQ,        SONDE_CPU_TIMES_SOFTIRQ, SONDE_CPU_TIMES_STEAL,
      SONDE_CPU_TIMES_GUEST,  SONDE_CPU_TIMES_GUEST_NICE,
  };
  for (size_t i = 0; i < row->num_columns; i++) {
    if (row->cpu != SONDE_CPU_TOTAL && row->ticks[i] > UINT64_MAX / ns_per_tick) return false;
    *members[i] = row->ticks[i] * ns_per_tick;
    out->valid |= bits[i];
  }
  return true;
}

static const char too_long[] = "times below 2^64 ns";

static sonde_status cpu_times(struct sonde_env *env, void *opaque, sonde_cpu_times *out) {
  struct linux_state *const state = opaque;
  sondei_span text = {NULL, 0};
  const sonde_status status = cpu_read_proc(env, state, &text, "stat", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  struct sondei_linux_stat_cpu row;
  sondei_parse_error err;
  sondei_span rest = text;
  sondei_span before = text;
  while (sondei_linux_next_stat_cpu(&row, &err, &rest)) {
    if (row.cpu == SONDE_CPU_TOTAL) {
      if (err.expected == NULL && cpu_fill_times(out, &row, state->ns_per_tick)) return SONDE_OK;
      return cpu_fail_row(env, err, text, before, "stat");
    }
    before = rest;
  }
  err.position = 0;
  err.expected = "the times of all CPUs";
  return cpu_fail_row(env, err, text, text, "stat");
}

static sonde_status cpu_times_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  sondei_span text = {NULL, 0};
  const sonde_status status = cpu_read_proc(env, state, &text, "stat", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  struct sondei_linux_stat_cpu row;
  sondei_parse_error err;
  sondei_span rest = text;
  sondei_span before = text;
  bool any = false;
  while (sondei_linux_next_stat_cpu(&row, &err, &rest)) {
    any = true;
    if (row.cpu != SONDE_CPU_TOTAL || err.expected != NULL) {
      sonde_cpu_times *const times = sonde_fill_row(out);
      if (times == NULL) return SONDE_ERR_NO_MEMORY;
      times->cpu = row.cpu;
      if (!cpu_fill_times(times, &row, state->ns_per_tick) && err.expected == NULL) err.expected = too_long;
      if (err.expected != NULL) times->status = cpu_fail_row(env, err, text, before, "stat");
    }
    before = rest;
  }
  if (any) return SONDE_OK;
  err.position = 0;
  err.expected = "the times of a CPU";
  return cpu_fail_row(env, err, text, text, "stat");
}

static sonde_status cpu_stats(struct sonde_env *env, void *opaque, sonde_cpu_stats *out) {
  struct linux_state *const state = opaque;
  sondei_span text = {NULL, 0};
  sonde_status status = cpu_read_proc(env, state, &text, "stat", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  struct sondei_linux_stat stat;
  sondei_parse_error err;
  status = sondei_linux_parse_stat(&stat, &err, text);
  if (err.expected != NULL) (void)cpu_fail_row(env, err, text, text, "stat");
  if (status != SONDE_OK) return status;
  const struct {
    uint32_t from;
    uint64_t to;
    uint64_t value;
    uint64_t *member;
  } fields[] = {
      {SONDEI_LINUX_STAT_CTXT, SONDE_CPU_STATS_CTX_SWITCHES, stat.ctxt, &out->ctx_switches},
      {SONDEI_LINUX_STAT_INTR, SONDE_CPU_STATS_INTERRUPTS, stat.intr, &out->interrupts},
      {SONDEI_LINUX_STAT_SOFTIRQS, SONDE_CPU_STATS_SOFT_INTERRUPTS, stat.softirq, &out->soft_interrupts},
      {SONDEI_LINUX_STAT_PROCESSES, SONDE_CPU_STATS_PROCS_CREATED, stat.processes, &out->procs_created},
      {SONDEI_LINUX_STAT_PROCS_RUNNING, SONDE_CPU_STATS_PROCS_RUNNING, stat.procs_running, &out->procs_running},
      {SONDEI_LINUX_STAT_PROCS_BLOCKED, SONDE_CPU_STATS_PROCS_BLOCKED, stat.procs_blocked, &out->procs_blocked},
  };
  for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
    if ((stat.valid & fields[i].from) == 0) continue;
    *fields[i].member = fields[i].value;
    out->valid |= fields[i].to;
  }
  if (out->valid != 0) return SONDE_OK;
  err.position = 0;
  err.expected = "a counter"; /* the time of boot alone is not one of these */
  return cpu_fail_row(env, err, text, text, "stat");
}

static sonde_status cpu_load_average(struct sonde_env *env, void *opaque, sonde_load_average *out) {
  struct linux_state *const state = opaque;
  sondei_span text = {NULL, 0};
  sonde_status status = cpu_read_proc(env, state, &text, "loadavg", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  struct sondei_linux_loadavg loadavg;
  sondei_parse_error err;
  status = sondei_linux_parse_loadavg(&loadavg, &err, text);
  if (status != SONDE_OK) return cpu_fail_row(env, err, text, text, "loadavg");
  out->load1 = loadavg.load[0];
  out->load5 = loadavg.load[1];
  out->load15 = loadavg.load[2];
  out->valid = SONDE_LOAD_AVERAGE_LOAD;
  if (loadavg.has_tasks) {
    out->running = loadavg.running;
    out->total_tasks = loadavg.total_tasks;
    out->valid |= SONDE_LOAD_AVERAGE_TASKS;
  }
  return SONDE_OK;
}

/* ---- Which CPUs there are ---------------------------------------------------------------------------------------- */

sonde_status sondei_linux_read_cpu_file(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                        uint32_t cpu, const char *file) {
  char number[21];
  const char *path = NULL;
  sondei_linux_decimal(number, cpu);
  const sonde_status status = sondei_linux_path(env, state, &path, "devices/system/cpu/cpu", number, "/", file);
  if (status != SONDE_OK) return status;
  return sondei_linux_read(env, state, out, sondei_linux_root(env->sysfs), path, LINUX_ONE_RECORD);
}

sonde_status sondei_linux_fail_cpu_file(struct sonde_env *env, struct linux_state *state, const sondei_parse_error *err,
                                        uint32_t cpu, const char *file) {
  char number[21];
  const char *path = NULL;
  sondei_linux_decimal(number, cpu);
  const sonde_status status = sondei_linux_path(env, state, &path, "devices/system/cpu/cpu", number, "/", file);
  if (status != SONDE_OK) return status;
  return sondei_linux_fail_parse(env, err, sondei_linux_root(env->sysfs), path);
}

/* Reads a list of CPUs in /sys and looks it through. */
static sonde_status cpu_read_list(struct sonde_env *env, struct linux_state *state, struct sondei_linux_cpulist *out,
                                  sondei_span *text, const char *path) {
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  sonde_status status = sondei_linux_read(env, state, text, sysfs, path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  sondei_parse_error err;
  status = sondei_linux_parse_cpulist(out, &err, *text);
  return status == SONDE_OK ? SONDE_OK : sondei_linux_fail_parse(env, &err, sysfs, path);
}

static sonde_status cpu_grow_ids(struct sonde_env *env, struct linux_state *state, uint32_t **out, size_t count) {
  if (count > SIZE_MAX / sizeof **out) return SONDE_ERR_NO_MEMORY;
  const sonde_status status = sonde_env_grow(env, &state->cpus, count * sizeof **out);
  if (status != SONDE_OK) return status;
  void *const data = state->cpus.data;
  *out = data;
  return SONDE_OK;
}

static sonde_status cpu_ids_of_sysfs(struct sonde_env *env, struct linux_state *state, struct linux_cpu_ids *out) {
  struct sondei_linux_cpulist list;
  sondei_span text = {NULL, 0};
  uint32_t *ids = NULL;
  sonde_status status = cpu_read_list(env, state, &list, &text, "devices/system/cpu/online");
  if (status != SONDE_OK) return status;
  if (list.count == 0) {
    const sondei_parse_error err = {0, "a CPU number"};
    return sondei_linux_fail_parse(env, &err, sondei_linux_root(env->sysfs), "devices/system/cpu/online");
  }
  status = cpu_grow_ids(env, state, &ids, list.count);
  if (status != SONDE_OK) return status;
  out->count = sondei_linux_fill_cpulist(ids, list.count, text);
  out->rows = ids;
  return SONDE_OK;
}

/* The next CPU number in /proc/stat or, with is_cpuinfo, /proc/cpuinfo. */
static bool cpu_next_id(uint32_t *out, sondei_span *rest, bool is_cpuinfo) {
  sondei_parse_error err;
  if (is_cpuinfo) {
    struct sondei_linux_cpuinfo info;
    while (sondei_linux_next_cpuinfo(&info, &err, rest)) {
      *out = info.cpu;
      if ((info.valid & SONDEI_LINUX_CPUINFO_CPU) != 0 && !info.is_more) return true;
    }
    return false;
  }
  struct sondei_linux_stat_cpu row;
  while (sondei_linux_next_stat_cpu(&row, &err, rest)) {
    *out = row.cpu;
    if (row.cpu != SONDE_CPU_TOTAL) return true;
  }
  return false;
}

static sonde_status cpu_ids_of_procfs(struct sonde_env *env, struct linux_state *state, struct linux_cpu_ids *out,
                                      const char *path, bool is_cpuinfo) {
  sondei_span text = {NULL, 0};
  uint32_t *ids = NULL;
  uint32_t cpu = 0;
  size_t count = 0;
  sonde_status status = cpu_read_proc(env, state, &text, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  sondei_span rest = text;
  while (cpu_next_id(&cpu, &rest, is_cpuinfo)) count++;
  if (count == 0) {
    const sondei_parse_error err = {0, "a CPU number"};
    return cpu_fail_row(env, err, text, text, path);
  }
  status = cpu_grow_ids(env, state, &ids, count);
  if (status != SONDE_OK) return status;
  count = 0;
  rest = text;
  while (cpu_next_id(&cpu, &rest, is_cpuinfo)) {
    if (count == 0 || cpu > ids[count - 1]) ids[count++] = cpu;
  }
  out->rows = ids;
  out->count = count;
  return SONDE_OK;
}

sonde_status sondei_linux_online_cpus(struct sonde_env *env, struct linux_state *state, struct linux_cpu_ids *out) {
  sonde_status status = cpu_ids_of_sysfs(env, state, out);
  if (status == SONDE_OK || sondei_linux_is_exhausted(env)) return status;
  status = cpu_ids_of_procfs(env, state, out, "stat", false);
  if (status == SONDE_OK || sondei_linux_is_exhausted(env)) return status;
  return cpu_ids_of_procfs(env, state, out, "cpuinfo", true);
}

bool sondei_linux_lowest_cpu(uint32_t *out, const struct linux_cpu_ids *ids, sondei_span list) {
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  while (sondei_linux_next_cpu_range(&range, &err, &list)) {
    if (err.expected != NULL) continue;
    /* The first of ids that is not below the range. */
    size_t low = 0;
    size_t high = ids->count;
    while (low < high) {
      const size_t middle = low + (high - low) / 2;
      if (ids->rows[middle] < range.first) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < ids->count && ids->rows[low] <= range.last) {
      *out = ids->rows[low];
      return true;
    }
  }
  return false;
}

/* ---- Counts ------------------------------------------------------------------------------------------------------ */

/* Counts the CPUs that are the lowest of those in their own list. *out 0: no CPU has such a list. */
static sonde_status cpu_count_lowest(struct sonde_env *env, struct linux_state *state, uint32_t *out,
                                     const struct linux_cpu_ids *ids, const char *file, const char *older_file) {
  uint32_t count = 0;
  bool use_older = false;
  for (size_t i = 0; i < ids->count; i++) {
    sondei_span text = {NULL, 0};
    uint32_t lowest = 0;
    sonde_status status = sondei_linux_read_cpu_file(env, state, &text, ids->rows[i], use_older ? older_file : file);
    if (status != SONDE_OK && !use_older && sondei_linux_is_missing(env)) {
      status = sondei_linux_read_cpu_file(env, state, &text, ids->rows[i], older_file);
      use_older = status == SONDE_OK;
    }
    if (status != SONDE_OK) {
      if (sondei_linux_is_exhausted(env)) return status;
      if (count == 0 && sondei_linux_is_missing(env)) break; /* no topology in /sys */
      continue;
    }
    if (sondei_linux_lowest_cpu(&lowest, ids, text) && lowest == ids->rows[i]) count++;
  }
  *out = count;
  return SONDE_OK;
}

static void cpu_sift_down(uint64_t *heap, size_t at, size_t count) {
  for (size_t child = at * 2 + 1; child < count; child = at * 2 + 1) {
    if (child + 1 < count && heap[child + 1] > heap[child]) child++;
    if (heap[at] >= heap[child]) return;
    const uint64_t other = heap[at];
    heap[at] = heap[child];
    heap[child] = other;
    at = child;
  }
}

static void cpu_sort(uint64_t *rows, size_t count) {
  for (size_t i = count / 2; i > 0; i--) cpu_sift_down(rows, i - 1, count);
  for (size_t left = count; left > 1; left--) {
    const uint64_t greatest = rows[0];
    rows[0] = rows[left - 1];
    rows[left - 1] = greatest;
    cpu_sift_down(rows, 0, left - 1);
  }
}

/* Packages and cores by /proc/cpuinfo, in place of what /sys did not tell. Overwrites state->cpus. */
static sonde_status cpu_count_cores_of_cpuinfo(struct sonde_env *env, struct linux_state *state, sonde_cpu_count *out) {
  sondei_span text = {NULL, 0};
  struct sondei_linux_cpuinfo info;
  sondei_parse_error err;
  size_t count = 0;
  const uint32_t wanted = SONDEI_LINUX_CPUINFO_PACKAGE | SONDEI_LINUX_CPUINFO_CORE;
  sonde_status status = cpu_read_proc(env, state, &text, "cpuinfo", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  sondei_span rest = text;
  while (sondei_linux_next_cpuinfo(&info, &err, &rest)) count += (info.valid & wanted) == wanted;
  if (count == 0) return SONDE_OK;
  if (count > SIZE_MAX / sizeof(uint64_t)) return SONDE_ERR_NO_MEMORY;
  status = sonde_env_grow(env, &state->cpus, count * sizeof(uint64_t));
  if (status != SONDE_OK) return status;
  void *const data = state->cpus.data;
  uint64_t *const cores = data;
  count = 0;
  rest = text;
  while (sondei_linux_next_cpuinfo(&info, &err, &rest)) {
    if ((info.valid & wanted) == wanted) cores[count++] = (uint64_t)info.package << 32 | info.core;
  }
  cpu_sort(cores, count);
  uint32_t num_cores = 0;
  uint32_t num_packages = 0;
  for (size_t i = 0; i < count; i++) {
    if (i == 0 || cores[i] != cores[i - 1]) num_cores++;
    if (i == 0 || cores[i] >> 32 != cores[i - 1] >> 32) num_packages++;
  }
  if ((out->valid & SONDE_CPU_COUNT_PHYSICAL) == 0) out->physical = num_cores;
  if ((out->valid & SONDE_CPU_COUNT_PACKAGES) == 0) out->packages = num_packages;
  out->valid |= SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES;
  return SONDE_OK;
}

static sonde_status cpu_count_online(struct sonde_env *env, struct linux_state *state, sonde_cpu_count *out) {
  struct linux_cpu_ids ids = {NULL, 0};
  sonde_status status = sondei_linux_online_cpus(env, state, &ids);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  out->logical = (uint32_t)ids.count;
  out->valid |= SONDE_CPU_COUNT_LOGICAL;
  status = cpu_count_lowest(env, state, &out->physical, &ids, "topology/core_cpus_list", /* 5.3 */
                            "topology/thread_siblings_list");
  if (status != SONDE_OK) return status;
  if (out->physical > 0) out->valid |= SONDE_CPU_COUNT_PHYSICAL;
  status = cpu_count_lowest(env, state, &out->packages, &ids, "topology/package_cpus_list", /* 5.3 */
                            "topology/core_siblings_list");
  if (status != SONDE_OK) return status;
  if (out->packages > 0) out->valid |= SONDE_CPU_COUNT_PACKAGES;
  const uint64_t both = SONDE_CPU_COUNT_PHYSICAL | SONDE_CPU_COUNT_PACKAGES;
  return (out->valid & both) == both ? SONDE_OK : cpu_count_cores_of_cpuinfo(env, state, out);
}

static sonde_status cpu_count_present(struct sonde_env *env, struct linux_state *state, sonde_cpu_count *out) {
  struct sondei_linux_cpulist list;
  sondei_span text = {NULL, 0};
  const sonde_status status = cpu_read_list(env, state, &list, &text, "devices/system/cpu/present");
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (list.count > 0) {
    out->configured = (uint32_t)list.count;
    out->valid |= SONDE_CPU_COUNT_CONFIGURED;
  }
  return SONDE_OK;
}

/* The kernel refuses a mask that is shorter than its own: it is doubled until it fits. */
static sonde_status cpu_count_usable(struct sonde_env *env, struct linux_state *state, sonde_cpu_count *out) {
  enum {
    FIRST_MASK = 128, /* 1,024 CPUs */
    LAST_MASK = SONDEI_LINUX_CPUS_MAX / 8
  };
  int len = -1;
  for (size_t size = FIRST_MASK; size <= LAST_MASK; size *= 2) {
    const sonde_status status = sonde_env_grow(env, &state->text, size);
    if (status != SONDE_OK) return status;
    len = state->os->sched_getaffinity(0, size, state->text.data);
    if (len >= 0 || errno != EINVAL) break;
  }
  if (len < 0) {
    const struct linux_place self = {-1, ""};
    const sonde_status status = sondei_linux_fail(env, errno, "sched_getaffinity", self, "");
    return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  }
  uint32_t count = 0;
  for (size_t i = 0; i < (size_t)len; i++) {
    for (unsigned byte = (unsigned char)state->text.data[i]; byte != 0; byte &= byte - 1) count++;
  }
  out->usable = count;
  out->valid |= SONDE_CPU_COUNT_USABLE;
  return SONDE_OK;
}

static sonde_status cpu_count(struct sonde_env *env, void *opaque, sonde_cpu_count *out) {
  struct linux_state *const state = opaque;
  bool is_limited = false;
  sonde_status status = cpu_count_online(env, state, out);
  if (status == SONDE_OK) status = cpu_count_present(env, state, out);
  if (status == SONDE_OK && env->live) status = cpu_count_usable(env, state, out);
  if (status == SONDE_OK) status = sondei_linux_cgroup_cpu_limit(env, state, &out->limit, &is_limited);
  if (status != SONDE_OK) return status;
  if (is_limited) out->valid |= SONDE_CPU_COUNT_LIMIT;
  return out->valid != 0 ? SONDE_OK : sonde_env_failed_status(env);
}

/* ---- Interrupts -------------------------------------------------------------------------------------------------- */

/* Most sources are served by few CPUs of many: only those that took any are told. */
static sonde_status cpu_fill_counts(struct sonde_fill *out, sonde_cpu_interrupt *row,
                                    const struct sondei_linux_interrupt *interrupt, sondei_span header,
                                    size_t num_cpus) {
  uint64_t count = 0;
  uint32_t cpu = 0;
  size_t told = 0;
  size_t num_columns = 0;
  sondei_span rest = interrupt->counts;
  for (; num_columns < interrupt->num_counts && sondei_linux_next_interrupt_count(&count, &rest); num_columns++) {
    told += count > 0;
  }
  /* ERR and MIS have one number for all CPUs. */
  if (told == 0 || num_cpus != num_columns) return SONDE_OK;
  uint32_t *const cpus = sonde_fill_array(out, told, sizeof *cpus);
  uint64_t *const counts = sonde_fill_array(out, told, sizeof *counts);
  if (cpus == NULL || counts == NULL) return SONDE_ERR_NO_MEMORY;
  row->cpus = cpus;
  row->counts = counts;
  rest = interrupt->counts;
  while (row->num_cpus < told && sondei_linux_next_interrupt_cpu(&cpu, &header) &&
         sondei_linux_next_interrupt_count(&count, &rest)) {
    if (count == 0) continue;
    cpus[row->num_cpus] = cpu;
    counts[row->num_cpus] = count;
    row->num_cpus++;
  }
  return SONDE_OK;
}

static sonde_status cpu_fill_interrupts(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                        const char *path, bool is_soft) {
  sondei_span text = {NULL, 0};
  sonde_status status = cpu_read_proc(env, state, &text, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  sondei_span rest = text;
  sondei_span header;
  const size_t columns = sondei_linux_take_interrupt_columns(&rest, &header);
  if (columns == 0) {
    const sondei_parse_error err = {0, "the names of CPUs"};
    return cpu_fail_row(env, err, text, text, path);
  }
  uint32_t cpu = 0;
  size_t num_cpus = 0;
  sondei_span names = header;
  while (sondei_linux_next_interrupt_cpu(&cpu, &names)) num_cpus++;
  struct sondei_linux_interrupt interrupt;
  sondei_parse_error err;
  sondei_span before = rest;
  while (sondei_linux_next_interrupt(&interrupt, &err, &rest, columns)) {
    sonde_cpu_interrupt *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->soft = is_soft;
    if (err.expected == NULL) {
      row->count = interrupt.count;
    } else {
      row->status = cpu_fail_row(env, err, text, before, path);
    }
    status = cpu_fill_counts(out, row, &interrupt, header, num_cpus);
    if (status != SONDE_OK) return status;
    status = sonde_fill_string(out, &row->name, interrupt.name.data, interrupt.name.len);
    if (status != SONDE_OK) return status;
    status = sonde_fill_string(out, &row->description, interrupt.description.data, interrupt.description.len);
    if (status != SONDE_OK) return status;
    before = rest;
  }
  return SONDE_OK;
}

static sonde_status cpu_interrupt_list(struct sonde_env *env, void *state, struct sonde_fill *out) {
  bool any = true;
  sonde_status status = cpu_fill_interrupts(env, state, out, "interrupts", false);
  if (status != SONDE_OK) {
    if (!sondei_linux_is_missing(env)) return status;
    any = false;
  }
  /* Since 2.6.31. */
  status = cpu_fill_interrupts(env, state, out, "softirqs", true);
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  if (any) return SONDE_OK;
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", "interrupts", strlen("interrupts"));
}

const struct sonde_cpu_ops sondei_linux_cpu_ops = {
    .times = cpu_times,
    .times_list = cpu_times_list,
    .count = cpu_count,
    .stats = cpu_stats,
    .freq_list = sondei_linux_cpu_freq_list,
    .load_average = cpu_load_average,
    .topology_list = sondei_linux_cpu_topology_list,
    .cache_list = sondei_linux_cpu_cache_list,
    .info_list = sondei_linux_cpu_info_list,
    .interrupt_list = cpu_interrupt_list,
    .schedstat_list = sondei_linux_cpu_schedstat_list,
    .throttle_list = sondei_linux_cpu_throttle_list,
    .vulnerability_list = sondei_linux_cpu_vulnerability_list,
};
