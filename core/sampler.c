/* SPDX-License-Identifier: MIT */
/* Samplers: they remember the previous sample for the caller. */
#include "core/delta.h"
#include "core/dispatch.h"
#include "core/process.h"

struct sonde_cpu_sampler {
  sonde *context;
  sonde_cpu_times before;
};

sonde_status sonde_cpu_sampler_open(sonde *context, sonde_cpu_sampler **out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_cpu_sampler *const made = sondei_allocate(context, sizeof *made);
  if (made == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  made->context = context;
  /* Boot: nothing has been counted, of any kind. */
  made->before.cpu = SONDE_CPU_TOTAL;
  made->before.valid = UINT64_MAX;
  *out = made;
  return SONDE_OK;
}

void sonde_cpu_sampler_close(sonde_cpu_sampler *sampler) {
  if (sampler != NULL) sondei_deallocate(sampler->context, sampler, sizeof *sampler);
}

sonde_status sonde_cpu_sampler_percents(sonde_cpu_sampler *sampler, sonde_cpu_percents *out) {
  if (sampler == NULL || !sondei_context_begin(sampler->context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_cpu_times now;
  const sonde_status status = sonde_cpu_times_get(sampler->context, &now);
  if (status != SONDE_OK) return status;
  sonde_cpu_percents_between(out, &sampler->before, &now);
  sampler->before = now;
  return SONDE_OK;
}

/* What is kept of a process: an entry of a hash table with open addressing. */
struct sample {
  sonde_pid pid; /* SONDE_PID_UNKNOWN: a free entry */
  uint64_t start_id;
  uint64_t user_time;
  uint64_t system_time;
};

struct sample_table {
  struct sample *entries;
  size_t capacity; /* a power of two, and more than twice what it holds; 0: none */
};

struct sonde_process_sampler {
  sonde *context;
  struct sample_table tables[2];
  int latest; /* the table of the last call; the other is filled by the next */
  bool has_clock;
  uint64_t clock; /* of the last call */
  double *percents;
  size_t percents_capacity;
};

sonde_status sonde_process_sampler_open(sonde *context, sonde_process_sampler **out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_process_sampler *const made = sondei_allocate(context, sizeof *made);
  if (made == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  made->context = context;
  *out = made;
  return SONDE_OK;
}

void sonde_process_sampler_close(sonde_process_sampler *sampler) {
  if (sampler == NULL) return;
  for (int i = 0; i < 2; i++) {
    struct sample_table *const table = &sampler->tables[i];
    sondei_deallocate(sampler->context, table->entries, table->capacity * sizeof table->entries[0]);
  }
  sondei_deallocate(sampler->context, sampler->percents, sampler->percents_capacity * sizeof sampler->percents[0]);
  sondei_deallocate(sampler->context, sampler, sizeof *sampler);
}

/* The entry of a process, or the free one where it would be. */
static struct sample *sample_at(const struct sample_table *table, sonde_pid pid, uint64_t start_id) {
  /* 32 bits by 32 bits: no product overflows. */
  const uint64_t folded = (uint64_t)pid ^ ((uint64_t)pid >> 32) ^ start_id ^ (start_id >> 32);
  const uint64_t hash = (folded & UINT32_MAX) * UINT64_C(0x9e3779b1);
  for (size_t i = (size_t)(hash >> 16);; i++) {
    struct sample *const entry = &table->entries[i & (table->capacity - 1)];
    if (entry->pid == SONDE_PID_UNKNOWN || (entry->pid == pid && entry->start_id == start_id)) return entry;
  }
}

/* Makes room for count processes in an empty table, and for as many percents. */
static sonde_status make_room(sonde_process_sampler *sampler, struct sample_table *table, size_t count) {
  sonde *const context = sampler->context;
  if (count > SIZE_MAX / 8 / sizeof table->entries[0])
    return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  size_t capacity = table->capacity < 64 ? 64 : table->capacity;
  while (capacity / 2 <= count) capacity *= 2;
  if (capacity != table->capacity) {
    struct sample *const entries = sondei_allocate(context, capacity * sizeof entries[0]);
    if (entries == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
    sondei_deallocate(context, table->entries, table->capacity * sizeof entries[0]);
    table->entries = entries;
    table->capacity = capacity;
  }
  for (size_t i = 0; i < capacity; i++) table->entries[i].pid = SONDE_PID_UNKNOWN;
  if (sampler->percents_capacity < capacity / 2) {
    double *const percents = sondei_allocate(context, capacity / 2 * sizeof percents[0]);
    if (percents == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
    sondei_deallocate(context, sampler->percents, sampler->percents_capacity * sizeof percents[0]);
    sampler->percents = percents;
    sampler->percents_capacity = capacity / 2;
  }
  return SONDE_OK;
}

/* The time that a process has existed; 0 when that cannot be told. By uptime where there is one: the wall clock may
 * have been set since the process started. */
static uint64_t age_of(const sonde_process *process, const sonde_host_times *times) {
  const uint64_t by_uptime = SONDE_HOST_TIMES_BOOT_TIME | SONDE_HOST_TIMES_UPTIME;
  uint64_t now = 0;
  if ((process->valid & SONDE_PROCESS_START_TIME) == 0) return 0;
  if ((times->valid & by_uptime) == by_uptime && times->boot_time <= UINT64_MAX - times->uptime) {
    now = times->boot_time + times->uptime;
  } else if ((times->valid & SONDE_HOST_TIMES_NOW) != 0) {
    now = times->now;
  }
  return now > process->start_time ? now - process->start_time : 0;
}

static double share_of(const sonde_process *process, const struct sample_table *before, const sonde_host_times *times,
                       uint64_t elapsed) {
  if (before->capacity > 0) {
    const struct sample *const sample = sample_at(before, process->pid, process->start_id);
    if (sample->pid != SONDE_PID_UNKNOWN) {
      return sondei_process_cpu_percent(sample->user_time, sample->system_time, process, elapsed);
    }
  }
  return sondei_process_cpu_percent(0, 0, process, age_of(process, times));
}

static void keep_sample(struct sample_table *table, const sonde_process *process) {
  if (process->pid == SONDE_PID_UNKNOWN || (process->valid & SONDE_PROCESS_CPU_TIMES) == 0) return;
  struct sample *const sample = sample_at(table, process->pid, process->start_id);
  sample->pid = process->pid;
  sample->start_id = process->start_id;
  sample->user_time = process->user_time;
  sample->system_time = process->system_time;
}

/* The clock that differences are taken of; of a host seen from a container only its uptime is told. */
static sonde_status sampler_clock(sonde *context, const sonde_host_times *times, uint64_t *out) {
  if ((times->valid & SONDE_HOST_TIMES_MONOTONIC) != 0) {
    *out = times->monotonic;
  } else if ((times->valid & SONDE_HOST_TIMES_UPTIME) != 0) {
    *out = times->uptime;
  } else {
    return sondei_context_fail(context, SONDE_ERR_UNSUPPORTED, "monotonic clock");
  }
  return SONDE_OK;
}

/* The shares of what was filled, before the caller sees it: a failure leaves the caller's table alone. */
static sonde_status take_samples(sonde_process_sampler *sampler, struct sonde_fill *fill, const sonde_host_times *times,
                                 uint64_t clock) {
  const size_t count = sonde_fill_count(fill);
  const struct sample_table *const before = &sampler->tables[sampler->latest];
  struct sample_table *const after = &sampler->tables[1 - sampler->latest];
  const sonde_status status = make_room(sampler, after, count);
  if (status != SONDE_OK) return status;
  const uint64_t elapsed = sampler->has_clock && clock > sampler->clock ? clock - sampler->clock : 0;
  for (size_t i = 0; i < count; i++) {
    const sonde_process *const process = sonde_fill_at(fill, i);
    sampler->percents[i] = share_of(process, before, times, elapsed);
    keep_sample(after, process);
  }
  sampler->latest = 1 - sampler->latest;
  sampler->clock = clock;
  sampler->has_clock = true;
  return SONDE_OK;
}

sonde_status sonde_process_sampler_refresh(sonde_process_sampler *sampler, sonde_process_table *out,
                                           const double **percents, uint64_t fields) {
  const bool is_sound = out != NULL && percents != NULL && (fields & ~SONDE_PROCESS_ALL) == 0;
  if (sampler == NULL || !sondei_context_begin(sampler->context, is_sound)) return SONDE_ERR_INVALID;
  sonde *const context = sampler->context;
  /* The time first: the failures of rows are to be the last. */
  sonde_host_times times;
  uint64_t clock = 0;
  sonde_status status = sonde_host_times_get(context, &times);
  if (status == SONDE_OK) status = sampler_clock(context, &times, &clock);
  if (status != SONDE_OK) return status;
  struct sonde_memory_block *memory = out->memory;
  struct sonde_fill *fill = NULL;
  fields |= SONDE_PROCESS_STAT;
  status = sondei_list_begin(&fill, &memory, &context->allocator, &sondei_process_type);
  if (status == SONDE_OK) {
    SONDEI_ASK(status, context, PROCESS_TABLE,
               (sondei_list_rewind(fill), layer->backend->process->table(SONDEI_LAYER, fill, fields)));
  }
  if (status == SONDE_OK) status = take_samples(sampler, fill, &times, clock);
  SONDEI_END_LIST(status, context, PROCESS_TABLE, out, memory, &sondei_process_type);
  if (status == SONDE_OK) *percents = sampler->percents;
  return status;
}
