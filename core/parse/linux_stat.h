/* SPDX-License-Identifier: MIT */
/* linux_stat.h - /proc/stat (proc_stat(5)): the times of the CPUs, and what has been counted since boot. */
#ifndef SONDE_CORE_PARSE_LINUX_STAT_H
#define SONDE_CORE_PARSE_LINUX_STAT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* The columns of a cpu line, in its order. Kernels before 2.5.41 end after idle, before 2.6.11 after softirq, before
 * 2.6.24 after steal, before 2.6.33 after guest; containers may show fewer than their kernel. */
enum sondei_linux_stat_column {
  SONDEI_LINUX_STAT_USER,
  SONDEI_LINUX_STAT_NICE,
  SONDEI_LINUX_STAT_SYSTEM,
  SONDEI_LINUX_STAT_IDLE,
  SONDEI_LINUX_STAT_IOWAIT,
  SONDEI_LINUX_STAT_IRQ,
  SONDEI_LINUX_STAT_SOFTIRQ,
  SONDEI_LINUX_STAT_STEAL,
  SONDEI_LINUX_STAT_GUEST,
  SONDEI_LINUX_STAT_GUEST_NICE,
  SONDEI_LINUX_STAT_COLUMNS
};

struct sondei_linux_stat_cpu {
  uint32_t cpu; /* SONDE_CPU_TOTAL: the first line, the sum of all; also in a row whose number is not understood */
  size_t num_columns; /* how many of ticks were there */
  uint64_t ticks[SONDEI_LINUX_STAT_COLUMNS];
};

/* Takes the next cpu line off, and all other lines before it. The CPUs that are online have one each, after the sum;
 * their numbers ascend, with gaps. True: a row; err->expected says what is wrong with it, or is NULL. False: the end.
 * Columns beyond the last that is known are not looked at. A row without columns is a bad row. */
bool sondei_linux_next_stat_cpu(struct sondei_linux_stat_cpu *out, sondei_parse_error *err, sondei_span *in);

enum {
  SONDEI_LINUX_STAT_INTR = 1 << 0,
  SONDEI_LINUX_STAT_CTXT = 1 << 1,
  SONDEI_LINUX_STAT_BTIME = 1 << 2,
  SONDEI_LINUX_STAT_PROCESSES = 1 << 3,
  SONDEI_LINUX_STAT_PROCS_RUNNING = 1 << 4,
  SONDEI_LINUX_STAT_PROCS_BLOCKED = 1 << 5,
  SONDEI_LINUX_STAT_SOFTIRQS = 1 << 6
};

/* The other lines. */
struct sondei_linux_stat {
  uint32_t valid;         /* SONDEI_LINUX_STAT_* */
  uint64_t intr;          /* interrupts serviced: the first number of a line that may be very long */
  uint64_t ctxt;          /* context switches */
  uint64_t btime;         /* boot, in seconds since the epoch: computed anew at each read, so that it moves */
  uint64_t processes;     /* forks */
  uint64_t procs_running; /* runnable now */
  uint64_t procs_blocked; /* waiting for I/O now */
  uint64_t softirq;       /* soft interrupts: SOFTIRQS */
};

/* A line whose number is not understood is not valid, and err says what was wrong with the last of these; err->expected
 * is NULL when there was none. SONDE_ERR_PARSE: nothing was valid. Unknown lines are passed over. */
sonde_status sondei_linux_parse_stat(struct sondei_linux_stat *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_STAT_H */
