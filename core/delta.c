/* SPDX-License-Identifier: MIT */
/* Differences, shares and rates: pure functions of two samples. */
#include <sonde/sonde.h>
#include <string.h>

#include "core/delta.h"

uint64_t sonde_counter_delta(uint64_t before, uint64_t after, unsigned bits, bool *reset) {
  if (reset != NULL) *reset = false;
  if (after >= before) return after - before;
  if (bits > 0 && bits < 64) {
    const uint64_t largest = (UINT64_C(1) << bits) - 1;
    if (before <= largest) {
      const uint64_t wrapped = (largest - before) + after; /* less 1: largest + 1 may not fit in half */
      if (wrapped < largest - largest / 2) return wrapped + 1;
    }
  }
  if (reset != NULL) *reset = true;
  return after;
}

/* units x 1e9 / elapsed: at most 1.9e28, so never infinite. */
static double per_second(uint64_t units, uint64_t elapsed) {
  return elapsed == 0 ? 0.0 : (double)units / (double)elapsed * (double)SONDE_NSEC_PER_SEC;
}

double sonde_counter_rate(uint64_t before, uint64_t after, unsigned bits, uint64_t elapsed) {
  return per_second(sonde_counter_delta(before, after, bits, NULL), elapsed);
}

/* A sum over many CPUs wraps at 2^64 ns. What went back by less than half of that did go back: iowait may, a little. */
static uint64_t grown(uint64_t before, uint64_t after) {
  if (after >= before) return after - before;
  return before - after > UINT64_MAX / 2 ? UINT64_MAX - before + after + 1 : 0;
}

static uint64_t less(uint64_t whole, uint64_t part) { return whole > part ? whole - part : 0; }

static uint64_t add(uint64_t a, uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

static double percent_of(double part, double whole) {
  if (!(whole > 0.0)) return 0.0;
  const double percent = part / whole * 100.0;
  return percent > 100.0 ? 100.0 : percent;
}

void sonde_cpu_percents_between(sonde_cpu_percents *out, const sonde_cpu_times *before, const sonde_cpu_times *after) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  if (before == NULL || after == NULL || before->cpu != after->cpu) return;
  out->valid = before->valid & after->valid;
#define GROWN(bit, field) ((out->valid & SONDE_CPU_TIMES_##bit) != 0 ? grown(before->field, after->field) : 0)
  const uint64_t guest = GROWN(GUEST, guest);
  const uint64_t guest_nice = GROWN(GUEST_NICE, guest_nice);
  const uint64_t irq = GROWN(IRQ, irq);
  const uint64_t softirq = GROWN(SOFTIRQ, softirq);
  const uint64_t dpc = GROWN(DPC, dpc);
  const uint64_t idle = GROWN(IDLE, idle);
  const uint64_t iowait = GROWN(IOWAIT, iowait);
  const uint64_t steal = GROWN(STEAL, steal);
  const uint64_t user = less(GROWN(USER, user), guest);
  const uint64_t nice = less(GROWN(NICE, nice), guest_nice);
  /* Where the OS tells DPC time (Windows), system holds it and the interrupts. */
  const bool system_holds_interrupts = (out->valid & SONDE_CPU_TIMES_DPC) != 0;
  const uint64_t system = less(GROWN(SYSTEM, system), system_holds_interrupts ? add(irq, dpc) : 0);
#undef GROWN
  const double busy = (double)user + (double)nice + (double)system + (double)irq + (double)softirq + (double)dpc +
                      (double)steal + (double)guest + (double)guest_nice;
  const double total = busy + (double)idle + (double)iowait;
  out->user = percent_of((double)user, total);
  out->system = percent_of((double)system, total);
  out->idle = percent_of((double)idle, total);
  out->nice = percent_of((double)nice, total);
  out->iowait = percent_of((double)iowait, total);
  out->irq = percent_of((double)irq, total);
  out->softirq = percent_of((double)softirq, total);
  out->steal = percent_of((double)steal, total);
  out->guest = percent_of((double)guest, total);
  out->guest_nice = percent_of((double)guest_nice, total);
  out->dpc = percent_of((double)dpc, total);
  out->busy = percent_of(busy, total);
}

double sonde_cpu_percent(const sonde_cpu_times *before, const sonde_cpu_times *after) {
  sonde_cpu_percents percents;
  sonde_cpu_percents_between(&percents, before, after);
  return percents.busy;
}

double sondei_process_cpu_percent(uint64_t user_before, uint64_t system_before, const sonde_process *after,
                                  uint64_t elapsed) {
  if (elapsed == 0 || (after->valid & SONDE_PROCESS_CPU_TIMES) == 0) return 0.0;
  const double user = (double)grown(user_before, after->user_time);
  const double system = (double)grown(system_before, after->system_time);
  return (user + system) / (double)elapsed * 100.0;
}

double sonde_process_cpu_percent(const sonde_process *before, const sonde_process *after, uint64_t elapsed) {
  if (before == NULL || after == NULL || before->pid != after->pid || before->start_id != after->start_id ||
      (before->valid & SONDE_PROCESS_CPU_TIMES) == 0) {
    return 0.0;
  }
  return sondei_process_cpu_percent(before->user_time, before->system_time, after, elapsed);
}

double sonde_virtual_memory_percent(const sonde_virtual_memory *memory) {
  const uint64_t needed = SONDE_MEMORY_TOTAL | SONDE_MEMORY_USED;
  if (memory == NULL || (memory->valid & needed) != needed) return 0.0;
  return percent_of((double)memory->used, (double)memory->total);
}

double sonde_swap_memory_percent(const sonde_swap_memory *swap) {
  const uint64_t needed = SONDE_SWAP_TOTAL | SONDE_SWAP_USED;
  if (swap == NULL || (swap->valid & needed) != needed) return 0.0;
  return percent_of((double)swap->used, (double)swap->total);
}

double sonde_disk_usage_percent(const sonde_disk_usage *usage) {
  if (usage == NULL || (usage->valid & SONDE_DISK_USAGE_SPACE) == 0) return 0.0;
  return percent_of((double)usage->used, (double)usage->used + (double)usage->free);
}

double sonde_process_memory_percent(const sonde_process *process, const sonde_virtual_memory *memory) {
  if (process == NULL || memory == NULL || (process->valid & SONDE_PROCESS_RSS) == 0 ||
      (memory->valid & SONDE_MEMORY_TOTAL) == 0) {
    return 0.0;
  }
  return percent_of((double)process->rss, (double)memory->total);
}

void sonde_disk_io_sum(sonde_disk_io *out, const sonde_disk_io_list *list) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  out->name.data = "";
  if (list == NULL) return;
  size_t num_rows = 0;
  uint64_t valid = UINT64_MAX;
  for (size_t i = 0; i < list->count; i++) {
    const sonde_disk_io *const row = &list->rows[i];
    if (row->status != SONDE_OK || row->partition) continue;
    num_rows++;
    valid &= row->valid;
  }
  if (num_rows == 0) return;
  out->valid = valid;
  for (size_t i = 0; i < list->count; i++) {
    const sonde_disk_io *const row = &list->rows[i];
    if (row->status != SONDE_OK || row->partition) continue;
#define ADD(bit, field) \
  if ((valid & SONDE_DISK_IO_##bit) != 0) out->field = add(out->field, row->field)
    ADD(COUNTS, read_count);
    ADD(COUNTS, write_count);
    ADD(BYTES, read_bytes);
    ADD(BYTES, write_bytes);
    ADD(TIMES, read_time);
    ADD(TIMES, write_time);
    ADD(MERGED, read_merged);
    ADD(MERGED, write_merged);
    ADD(BUSY_TIME, busy_time);
    ADD(WEIGHTED_TIME, weighted_time);
    ADD(IN_FLIGHT, in_flight);
    ADD(DISCARD, discard_count);
    ADD(DISCARD, discard_bytes);
    ADD(DISCARD, discard_merged);
    ADD(DISCARD, discard_time);
    ADD(FLUSH, flush_count);
    ADD(FLUSH, flush_time);
#undef ADD
  }
}

void sonde_net_io_sum(sonde_net_io *out, const sonde_net_io_list *list) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  out->name.data = "";
  if (list == NULL) return;
  size_t num_rows = 0;
  uint64_t valid = UINT64_MAX;
  for (size_t i = 0; i < list->count; i++) {
    if (list->rows[i].status != SONDE_OK) continue;
    num_rows++;
    valid &= list->rows[i].valid;
  }
  if (num_rows == 0) return;
  out->valid = valid;
  for (size_t i = 0; i < list->count; i++) {
    const sonde_net_io *const row = &list->rows[i];
    if (row->status != SONDE_OK) continue;
#define ADD(bit, field) \
  if ((valid & SONDE_NET_IO_##bit) != 0) out->field = add(out->field, row->field)
    ADD(BYTES, bytes_sent);
    ADD(BYTES, bytes_recv);
    ADD(PACKETS, packets_sent);
    ADD(PACKETS, packets_recv);
    ADD(ERRIN, errin);
    ADD(ERROUT, errout);
    ADD(DROPIN, dropin);
    ADD(DROPOUT, dropout);
    ADD(MULTICAST, multicast);
    ADD(COLLISIONS, collisions);
    ADD(DETAIL, fifo_in);
    ADD(DETAIL, fifo_out);
    ADD(DETAIL, frame);
    ADD(DETAIL, carrier);
    ADD(DETAIL, compressed_in);
    ADD(DETAIL, compressed_out);
#undef ADD
  }
}

void sonde_disk_io_rate_between(sonde_disk_io_rate *out, const sonde_disk_io *before, const sonde_disk_io *after,
                                uint64_t elapsed) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  if (before == NULL || after == NULL) return;
  const uint64_t valid = before->valid & after->valid;
#define RATE(bit, member) \
  if ((valid & (bit)) != 0) out->member = sonde_counter_rate(before->member, after->member, 64, elapsed)
  RATE(SONDE_DISK_IO_COUNTS, read_count);
  RATE(SONDE_DISK_IO_COUNTS, write_count);
  RATE(SONDE_DISK_IO_BYTES, read_bytes);
  RATE(SONDE_DISK_IO_BYTES, write_bytes);
  if ((valid & SONDE_DISK_IO_BUSY_TIME) != 0) {
    const uint64_t busy = sonde_counter_delta(before->busy_time, after->busy_time, 64, NULL);
    out->busy_ratio = percent_of((double)busy, (double)elapsed) / 100.0;
  }
}

void sonde_net_io_rate_between(sonde_net_io_rate *out, const sonde_net_io *before, const sonde_net_io *after,
                               uint64_t elapsed) {
  if (out == NULL) return;
  memset(out, 0, sizeof *out);
  if (before == NULL || after == NULL) return;
  const uint64_t valid = before->valid & after->valid;
  RATE(SONDE_NET_IO_BYTES, bytes_sent);
  RATE(SONDE_NET_IO_BYTES, bytes_recv);
  RATE(SONDE_NET_IO_PACKETS, packets_sent);
  RATE(SONDE_NET_IO_PACKETS, packets_recv);
#undef RATE
}
