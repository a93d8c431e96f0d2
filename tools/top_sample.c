/* SPDX-License-Identifier: MIT */
/* Two samples of the machine, and what changed between them. */
#include <stdlib.h>
#include <string.h>

#include "tools/terminal.h"
#include "tools/top.h"

void top_open(struct top *self, sonde *context) {
  self->context = context;
  self->with_args = true;
  (void)sonde_process_sampler_open(context, &self->sampler);
}

void top_close(struct top *self) {
  for (size_t i = 0; i < 2; i++) {
    sonde_cpu_times_list_free(&self->samples[i].cpus);
    sonde_net_io_list_free(&self->samples[i].net);
    sonde_disk_io_list_free(&self->samples[i].disk);
  }
  sonde_process_sampler_close(self->sampler);
  sonde_process_table_free(&self->table);
  sonde_process_table_free(&self->one);
  free(self->each_cpu);
  free(self->rows);
  free(self->depths);
  free(self->more);
  free(self->scratch);
  free(self->order);
  free(self->sorted);
  text_buffer_free(&self->filter);
  text_buffer_free(&self->words);
  tree_branches_free(&self->branches);
  memset(self, 0, sizeof *self);
}

/* The shares of each CPU since the sample before; since boot at first, and for one that was offline then. */
static void compare_cpus(struct top *self, const struct top_sample *before, const struct top_sample *after) {
  sonde_cpu_times boot;
  memset(&boot, 0, sizeof boot);
  boot.valid = UINT64_MAX;
  memset(&self->shares, 0, sizeof self->shares);
  if (after->total_status == SONDE_OK) {
    boot.cpu = SONDE_CPU_TOTAL;
    const bool has_before = self->has_two && before->total_status == SONDE_OK;
    sonde_cpu_percents_between(&self->shares, has_before ? &before->total : &boot, &after->total);
  }
  const size_t count = after->cpus.count;
  if (count > self->max_cpus) {
    self->each_cpu = allocate_or_exit(self->each_cpu, count, sizeof self->each_cpu[0]);
    self->max_cpus = count;
  }
  for (size_t i = 0; i < count; i++) {
    const sonde_cpu_times *const now = &after->cpus.rows[i];
    const sonde_cpu_times *earlier = &boot;
    boot.cpu = now->cpu;
    for (size_t k = 0; k < before->cpus.count && self->has_two; k++) {
      const size_t guess = (i + k) % before->cpus.count; /* nearly always the first */
      if (before->cpus.rows[guess].cpu != now->cpu) continue;
      if (before->cpus.rows[guess].status == SONDE_OK) earlier = &before->cpus.rows[guess];
      break;
    }
    sonde_cpu_percents_between(&self->each_cpu[i], earlier, now);
  }
}

static bool is_same(sonde_string a, sonde_string b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

static bool is_loopback(sonde_string name) {
  return (name.len == 2 && memcmp(name.data, "lo", 2) == 0) || (name.len == 3 && memcmp(name.data, "lo0", 3) == 0);
}

/* Only what was there before is counted: what is new has done nothing yet as far as can be told. */
static void compare_net(struct top_rate *out, const struct top_sample *before, const struct top_sample *after,
                        uint64_t elapsed) {
  memset(out, 0, sizeof *out);
  const size_t count = before->net.count;
  for (size_t i = 0; i < after->net.count; i++) {
    const sonde_net_io *const now = &after->net.rows[i];
    if (now->status != SONDE_OK || is_loopback(now->name)) continue;
    for (size_t k = 0; k < count; k++) {
      const sonde_net_io *const then = &before->net.rows[(i + k) % count];
      if (!is_same(then->name, now->name)) continue;
      if (then->status != SONDE_OK) break;
      sonde_net_io_rate rate;
      sonde_net_io_rate_between(&rate, then, now, elapsed);
      out->in += rate.bytes_recv;
      out->out += rate.bytes_sent;
      out->told = true;
      break;
    }
  }
}

static void compare_disks(struct top_rate *out, const struct top_sample *before, const struct top_sample *after,
                          uint64_t elapsed) {
  memset(out, 0, sizeof *out);
  const size_t count = before->disk.count;
  for (size_t i = 0; i < after->disk.count; i++) {
    const sonde_disk_io *const now = &after->disk.rows[i];
    if (now->status != SONDE_OK || now->partition) continue;
    for (size_t k = 0; k < count; k++) {
      const sonde_disk_io *const then = &before->disk.rows[(i + k) % count];
      if (!is_same(then->name, now->name)) continue;
      if (then->status != SONDE_OK) break;
      sonde_disk_io_rate rate;
      sonde_disk_io_rate_between(&rate, then, now, elapsed);
      out->in += rate.read_bytes;
      out->out += rate.write_bytes;
      out->told = true;
      break;
    }
  }
}

static void refresh_machine(struct top *self) {
  sonde *const context = self->context;
  const struct top_sample *const before = &self->samples[self->latest];
  self->latest = 1 - self->latest;
  struct top_sample *const after = &self->samples[self->latest];
  after->clock = terminal_clock();
  after->total_status = sonde_cpu_times_get(context, &after->total);
  if (sonde_cpu_times_list_get(context, &after->cpus) != SONDE_OK) after->cpus.count = 0;
  if (sonde_net_io_list_get(context, &after->net) != SONDE_OK) after->net.count = 0;
  if (sonde_disk_io_list_get(context, &after->disk) != SONDE_OK) after->disk.count = 0;
  self->has_memory = sonde_virtual_memory_get(context, &self->memory) == SONDE_OK;
  self->has_swap = sonde_swap_memory_get(context, &self->swap) == SONDE_OK;
  self->has_load = sonde_load_average_get(context, &self->load) == SONDE_OK;
  if (sonde_host_times_get(context, &self->times) != SONDE_OK) memset(&self->times, 0, sizeof self->times);
  compare_cpus(self, before, after);
  const uint64_t elapsed = self->has_two ? after->clock - before->clock : 0;
  compare_net(&self->net, before, after, elapsed);
  compare_disks(&self->disk, before, after, elapsed);
  self->has_two = true;
}

static void refresh_processes(struct top *self) {
  const uint64_t details = SONDE_PROCESS_CMDLINE | SONDE_PROCESS_USERNAME | SONDE_PROCESS_UIDS;
  const bool with_details = self->all_details || self->filter.len > 0;
  const uint64_t fields = SONDE_PROCESS_STAT | (with_details ? details : 0);
  self->percents = NULL;
  self->status = SONDE_ERR_UNSUPPORTED;
  if (self->sampler != NULL) {
    self->status = sonde_process_sampler_refresh(self->sampler, &self->table, &self->percents, fields);
  }
  if (self->status == SONDE_ERR_UNSUPPORTED) {
    self->status = sonde_process_table_refresh(self->context, &self->table, fields);
  }
  if (self->status != SONDE_OK) self->table.count = 0;
  self->has_all_details = with_details;
  memset(self->by_state, 0, sizeof self->by_state);
  sonde_pid largest = 0;
  for (size_t i = 0; i < self->table.count; i++) {
    const size_t state = (size_t)self->table.rows[i].state;
    if (self->table.rows[i].pid > largest) largest = self->table.rows[i].pid;
    if (state < sizeof self->by_state / sizeof self->by_state[0]) self->by_state[state]++;
  }
  self->pid_width = 5;
  for (sonde_pid rest = largest / 100000; rest > 0; rest /= 10) self->pid_width++;
}

void top_refresh(struct top *self) {
  refresh_processes(self);
  refresh_machine(self);
  top_arrange(self);
}

struct top_identity top_identity_of(const sonde_process *process) {
  const struct top_identity who = {process->pid, process->start_id};
  return who;
}

const sonde_process *top_details(struct top *self, size_t row) {
  const sonde_process *const known = &self->table.rows[row];
  const uint64_t fields = SONDE_PROCESS_NAME | SONDE_PROCESS_START_TIME | SONDE_PROCESS_CMDLINE |
                          SONDE_PROCESS_USERNAME | SONDE_PROCESS_UIDS;
  if (self->has_all_details) return known;
  if (sonde_process_get(self->context, &self->one, known->pid, fields) != SONDE_OK || self->one.count != 1) {
    return known;
  }
  return self->one.rows[0].start_id == known->start_id ? &self->one.rows[0] : known;
}
