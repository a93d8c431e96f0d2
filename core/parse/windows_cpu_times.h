/* SPDX-License-Identifier: MIT */
/*
 * windows_cpu_times.h - what the CPUs of one processor group did since boot: NtQuerySystemInformation with
 * SystemProcessorPerformanceInformation, an array of SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_CPU_TIMES_H
#define SONDE_CORE_PARSE_WINDOWS_CPU_TIMES_H

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's headers. */
enum {
  SONDEI_WINDOWS_CPU_TIMES_IDLE = 0,
  SONDEI_WINDOWS_CPU_TIMES_KERNEL = 8,
  SONDEI_WINDOWS_CPU_TIMES_USER = 16,
  SONDEI_WINDOWS_CPU_TIMES_DPC = 24,
  SONDEI_WINDOWS_CPU_TIMES_INTERRUPT = 32,
  SONDEI_WINDOWS_CPU_TIMES_INTERRUPTS = 40,
  SONDEI_WINDOWS_CPU_TIMES_SIZE = 48 /* of one CPU, on every Windows */
};

/* Times in ns. */
struct sondei_windows_cpu_times {
  uint64_t user;
  uint64_t system; /* without idle, which the kernel counts as its own time; with irq and dpc */
  uint64_t idle;
  uint64_t dpc;
  uint64_t irq;
  uint32_t interrupts; /* a counter of 32 bits */
};

/* Takes the next CPU off; CPUs come in the order of their numbers within the group. False at the end. True with
 * err->expected not NULL: a CPU whose times are not understood, or a piece that is no whole CPU (and then the last). */
bool sondei_windows_next_cpu_times(struct sondei_windows_cpu_times *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_CPU_TIMES_H */
