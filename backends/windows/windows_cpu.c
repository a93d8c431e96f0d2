/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_cpu.h"

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_groups.h"
#include "backends/windows/windows_system.h"
#include "core/parse/windows_cpu_times.h"
#include "core/parse/windows_performance.h"

_Static_assert(offsetof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, IdleTime) == SONDEI_WINDOWS_CPU_TIMES_IDLE, "layout");
_Static_assert(offsetof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, KernelTime) == SONDEI_WINDOWS_CPU_TIMES_KERNEL,
               "layout");
_Static_assert(offsetof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, UserTime) == SONDEI_WINDOWS_CPU_TIMES_USER, "layout");
_Static_assert(offsetof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, Reserved1) == SONDEI_WINDOWS_CPU_TIMES_DPC, "layout");
_Static_assert(offsetof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION, Reserved2) == SONDEI_WINDOWS_CPU_TIMES_INTERRUPTS,
               "layout");
_Static_assert(sizeof(SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION) == SONDEI_WINDOWS_CPU_TIMES_SIZE, "layout");

enum {
  CPU_CLASS_PERFORMANCE = 2, /* SystemPerformanceInformation */
  CPU_CLASS_TIMES = 8        /* SystemProcessorPerformanceInformation */
};

#define CPU_CLASS_TIMES_NAME "SystemProcessorPerformanceInformation"
#define CPU_HERTZ_PER_MHZ UINT64_C(1000000)

/* ---- Which there are --------------------------------------------------------------------------------------------- */

sonde_status sondei_windows_active_cpus(struct sonde_env *env, struct windows_state *state,
                                        struct windows_active_cpus *out) {
  struct windows_active_cpus cpus = {0};
  const sonde_status status = sondei_windows_groups(env, state, &cpus.groups);
  if (status != SONDE_OK) return status;
  DWORD code = ERROR_SUCCESS;
  for (size_t i = 0; i < cpus.groups.count; i++) {
    const DWORD active = state->os->GetActiveProcessorCount((WORD)i);
    if (active == 0) code = GetLastError(); /* a group without CPUs yet */
    cpus.active[i] = active < cpus.groups.maximum[i] ? (uint8_t)active : cpus.groups.maximum[i];
    cpus.count += cpus.active[i];
  }
  if (cpus.count == 0) return sondei_windows_fail(env, code, "GetActiveProcessorCount", "");
  *out = cpus;
  return SONDE_OK;
}

void sondei_windows_active_cpu(struct sondei_windows_processor *place, uint32_t *id,
                               const struct windows_active_cpus *cpus, uint32_t index) {
  size_t group = 0;
  for (; index >= cpus->active[group]; group++) index -= cpus->active[group];
  *place = (struct sondei_windows_processor){(uint16_t)group, (uint8_t)index};
  (void)sondei_windows_cpu_of(id, &cpus->groups, *place);
}

bool sondei_windows_active_index(uint32_t *out, const struct windows_active_cpus *cpus,
                                 struct sondei_windows_processor place) {
  uint32_t before = 0;
  if (place.group >= cpus->groups.count || place.number >= cpus->active[place.group]) return false;
  for (size_t i = 0; i < place.group; i++) before += cpus->active[i];
  *out = before + place.number;
  return true;
}

/* ---- times, times_list, stats ------------------------------------------------------------------------------------ */

/* The times of the CPUs of one group, as sondei_windows_next_cpu_times takes them. */
static sonde_status windows_query_times(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                        const struct windows_active_cpus *cpus, size_t group) {
  struct sondei_windows_block block = {0};
  /* Without a group the answer is that of the calling thread's. */
  const USHORT number = (USHORT)group;
  const sonde_status status = sondei_windows_query_group(env, state, &state->data, &block, CPU_CLASS_TIMES,
                                                         CPU_CLASS_TIMES_NAME, cpus->groups.count > 1 ? &number : NULL);
  *out = block.bytes;
  return status;
}

static sonde_status windows_fail_times(struct sonde_env *env, const sondei_parse_error *err) {
  return sonde_env_fail_parse(env, err->expected, err->position, CPU_CLASS_TIMES_NAME, sizeof CPU_CLASS_TIMES_NAME - 1);
}

static void windows_set_times(sonde_cpu_times *out, const struct sondei_windows_cpu_times *times) {
  out->user += times->user;
  out->system += times->system;
  out->idle += times->idle;
  out->irq += times->irq;
  out->dpc += times->dpc;
  out->valid =
      SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_SYSTEM | SONDE_CPU_TIMES_IDLE | SONDE_CPU_TIMES_IRQ | SONDE_CPU_TIMES_DPC;
}

/* Sums the times of all CPUs to *out, and their interrupts to *interrupts, which wraps as its parts do. */
static sonde_status windows_sum_times(struct sonde_env *env, struct windows_state *state, sonde_cpu_times *out,
                                      uint32_t *interrupts) {
  struct windows_active_cpus cpus;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  for (size_t group = 0; status == SONDE_OK && group < cpus.groups.count; group++) {
    sondei_span in = {NULL, 0};
    struct sondei_windows_cpu_times times = {0};
    sondei_parse_error err;
    if (cpus.active[group] == 0) continue;
    status = windows_query_times(env, state, &in, &cpus, group);
    while (status == SONDE_OK && sondei_windows_next_cpu_times(&times, &err, &in)) {
      if (err.expected != NULL) return windows_fail_times(env, &err);
      windows_set_times(out, &times);
      *interrupts += times.interrupts;
    }
  }
  return status;
}

static sonde_status windows_cpu_times(struct sonde_env *env, void *opaque, sonde_cpu_times *out) {
  uint32_t interrupts = 0;
  return windows_sum_times(env, opaque, out, &interrupts);
}

static sonde_status windows_add_times(struct sonde_env *env, struct sonde_fill *out,
                                      const struct windows_active_cpus *cpus, size_t group, sondei_span in) {
  struct sondei_windows_cpu_times times = {0};
  sondei_parse_error err;
  for (uint8_t number = 0; sondei_windows_next_cpu_times(&times, &err, &in); number++) {
    uint32_t cpu = 0;
    if (!sondei_windows_cpu_of(&cpu, &cpus->groups, (struct sondei_windows_processor){(uint16_t)group, number})) {
      err = (sondei_parse_error){0, "no more CPUs than the group has"};
      return windows_fail_times(env, &err);
    }
    sonde_cpu_times *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->cpu = cpu;
    if (err.expected != NULL) {
      row->status = windows_fail_times(env, &err);
    } else {
      windows_set_times(row, &times);
    }
  }
  return SONDE_OK;
}

static sonde_status windows_cpu_times_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  for (size_t group = 0; status == SONDE_OK && group < cpus.groups.count; group++) {
    sondei_span in = {NULL, 0};
    if (cpus.active[group] == 0) continue;
    status = windows_query_times(env, state, &in, &cpus, group);
    if (status == SONDE_OK) status = windows_add_times(env, out, &cpus, group, in);
  }
  return status;
}

/* A counter that this very call, or the clock, has made count cannot stand at 0: then it is not kept. */
static void windows_set_count(sonde_cpu_stats *out, uint64_t *member, uint64_t bit, uint32_t value) {
  *member = value;
  if (value != 0) out->valid |= bit;
}

static sonde_status windows_cpu_stats(struct sonde_env *env, void *opaque, sonde_cpu_stats *out) {
  static const char name[] = "SystemPerformanceInformation";
  struct windows_state *const state = opaque;
  struct sondei_windows_block block = {0};
  struct sondei_windows_scheduler_counts counts = {0};
  sondei_parse_error err;
  sonde_cpu_times times = {0};
  uint32_t interrupts = 0;
  sonde_status status = sondei_windows_query_system(env, state, &state->data, &block, CPU_CLASS_PERFORMANCE, name);
  if (status != SONDE_OK) return status;
  if (sondei_windows_parse_scheduler_counts(&counts, &err, &block) != SONDE_OK) {
    return sonde_env_fail_parse(env, err.expected, err.position, name, sizeof name - 1);
  }
  windows_set_count(out, &out->ctx_switches, SONDE_CPU_STATS_CTX_SWITCHES, counts.context_switches);
  windows_set_count(out, &out->syscalls, SONDE_CPU_STATS_SYSCALLS, counts.system_calls);
  status = windows_sum_times(env, state, &times, &interrupts);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (status == SONDE_OK) windows_set_count(out, &out->interrupts, SONDE_CPU_STATS_INTERRUPTS, interrupts);
  return SONDE_OK;
}

/* ---- count ------------------------------------------------------------------------------------------------------- */

/* How many cores and packages there are. */
static sonde_status windows_count_cores(struct sonde_env *env, struct windows_state *state, sonde_cpu_count *out) {
  struct sondei_windows_block in = {0};
  struct sondei_windows_logical_processors record = {0};
  sondei_parse_error err;
  uint32_t cores = 0;
  uint32_t packages = 0;
  const sonde_status status = sondei_windows_query_processors(env, state, &in, RelationAll);
  if (status != SONDE_OK) return status;
  while (sondei_windows_next_logical_processors(&record, &err, &in)) {
    if (err.expected != NULL) return sondei_windows_fail_processors(env, &err);
    if (record.relation == SONDEI_WINDOWS_RELATION_CORE) cores++;
    if (record.relation == SONDEI_WINDOWS_RELATION_PACKAGE) packages++;
  }
  out->physical = cores;
  if (cores > 0) out->valid |= SONDE_CPU_COUNT_PHYSICAL;
  out->packages = packages;
  if (packages > 0) out->valid |= SONDE_CPU_COUNT_PACKAGES;
  return SONDE_OK;
}

static sonde_status windows_cpu_count(struct sonde_env *env, void *opaque, sonde_cpu_count *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  GROUP_AFFINITY affinity = {0};
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status != SONDE_OK) return status;
  out->logical = cpus.count;
  out->configured = sondei_windows_count_cpus(&cpus.groups);
  out->valid = SONDE_CPU_COUNT_LOGICAL | SONDE_CPU_COUNT_CONFIGURED;
  if (state->os->GetThreadGroupAffinity(state->os->GetCurrentThread(), &affinity)) {
    for (uint64_t mask = affinity.Mask; mask != 0; mask &= mask - 1) out->usable++;
    if (!sondei_windows_is_folded(&cpus)) out->valid |= SONDE_CPU_COUNT_USABLE;
  } else {
    (void)sondei_windows_fail(env, GetLastError(), "GetThreadGroupAffinity", "");
  }
  if ((out->valid & SONDE_CPU_COUNT_USABLE) == 0) out->usable = 0;
  status = windows_count_cores(env, state, out);
  return status == SONDE_ERR_NO_MEMORY ? status : SONDE_OK;
}

/* ---- freq_list --------------------------------------------------------------------------------------------------- */

/* PROCESSOR_POWER_INFORMATION, which the headers of Windows leave to the caller to declare. */
struct windows_processor_power {
  ULONG number;
  ULONG max_mhz;
  ULONG current_mhz;
  ULONG mhz_limit;
  ULONG max_idle_state;
  ULONG current_idle_state;
};

/* What NtPowerInformation fills, in state->data. It does not tell how much that is: a row that it leaves alone has a
 * number that no CPU has. */
static sonde_status windows_query_power(struct sonde_env *env, struct windows_state *state,
                                        const struct windows_processor_power **out, uint32_t *count, uint32_t wanted) {
  static const char operation[] = "NtPowerInformation";
  static const char subject[] = "ProcessorInformation";
  unsigned tries = 0;
  sonde_status status = sonde_env_grow(env, &state->data, wanted * sizeof **out);
  if (status != SONDE_OK) return status;
  for (;;) {
    const size_t room = state->data.capacity / sizeof **out;
    const ULONG size = (ULONG)(room * sizeof **out);
    memset(state->data.data, 0xff, size);
    const NTSTATUS code = state->os->NtPowerInformation(ProcessorInformation, NULL, 0, state->data.data, size);
    if (code == STATUS_SUCCESS) {
      const void *const rows = state->data.data;
      *out = rows;
      *count = 0;
      while (*count < room && (*out)[*count].number != UINT32_MAX) (*count)++;
      return SONDE_OK;
    }
    if (code != STATUS_BUFFER_TOO_SMALL && code != STATUS_INFO_LENGTH_MISMATCH) {
      return sondei_windows_nt_fail(env, code, operation, subject);
    }
    if (!sondei_windows_grow_more(env, &state->data, 0, &tries, &status)) {
      return status != SONDE_OK ? status : sondei_windows_nt_fail(env, code, operation, subject);
    }
  }
}

static void windows_set_freq(sonde_cpu_freq *row, uint64_t *member, uint64_t bit, ULONG mhz) {
  *member = mhz * CPU_HERTZ_PER_MHZ;
  if (mhz != 0) row->valid |= bit;
}

static sonde_status windows_cpu_freq_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  const struct windows_processor_power *power = NULL;
  uint32_t count = 0;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status == SONDE_OK) status = windows_query_power(env, state, &power, &count, cpus.count);
  if (status != SONDE_OK) return status;
  /* An answer for fewer CPUs is that of one group, and it is not told of which. */
  const bool is_whole = count >= cpus.count || cpus.groups.count == 1;
  for (uint32_t i = 0; i < cpus.count; i++) {
    struct sondei_windows_processor place;
    sonde_cpu_freq *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    sondei_windows_active_cpu(&place, &row->cpu, &cpus, i);
    if (!is_whole || i >= count) continue;
    windows_set_freq(row, &row->current, SONDE_CPU_FREQ_CURRENT, power[i].current_mhz);
    windows_set_freq(row, &row->max, SONDE_CPU_FREQ_MAX, power[i].max_mhz);
  }
  return SONDE_OK;
}

/* Windows keeps no load average. */
const struct sonde_cpu_ops sondei_windows_cpu_ops = {
    .times = windows_cpu_times,
    .times_list = windows_cpu_times_list,
    .count = windows_cpu_count,
    .stats = windows_cpu_stats,
    .freq_list = windows_cpu_freq_list,
    .topology_list = sondei_windows_cpu_topology_list,
    .cache_list = sondei_windows_cpu_cache_list,
    .info_list = sondei_windows_cpu_info_list,
};
