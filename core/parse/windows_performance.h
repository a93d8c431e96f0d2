/* SPDX-License-Identifier: MIT */
/*
 * windows_performance.h - the counters of the memory manager, the file cache and the scheduler, as three classes of
 * NtQuerySystemInformation tell them: one structure each, which newer versions of Windows have made longer at its end.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PERFORMANCE_H
#define SONDE_CORE_PARSE_WINDOWS_PERFORMANCE_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's headers. */
enum {
  SONDEI_WINDOWS_PERFORMANCE_CONTEXT_SWITCHES = 296,
  SONDEI_WINDOWS_PERFORMANCE_SYSTEM_CALLS = 308
};

typedef enum sondei_windows_counters_class {
  SONDEI_WINDOWS_PERFORMANCE, /* SystemPerformanceInformation; 312, 328 or 344 bytes, or more */
  SONDEI_WINDOWS_FILE_CACHE,  /* SystemFileCacheInformation; 36 or 64 bytes */
  SONDEI_WINDOWS_MEMORY_LIST  /* SystemMemoryListInformation; 84 or 88, 168 or 176 bytes */
} sondei_windows_counters_class;

struct sondei_windows_counter {
  const char *name; /* the member's name in the headers of Windows; of an array with "[0]", "[1]" ... */
  sonde_unit unit;
  uint64_t value;
};

/* An answer. {class, block, 0} at first. */
struct sondei_windows_counters {
  sondei_windows_counters_class kind;
  struct sondei_windows_block block;
  size_t next;
};

/* Takes the next counter of memory off: those of I/O and of the scheduler are left out, and ResidentAvailablePages,
 * which may be negative. False at the end: of the structure, or of the answer where this Windows knows a shorter one.
 */
bool sondei_windows_next_counter(struct sondei_windows_counter *out, struct sondei_windows_counters *in);

/* What SystemPerformanceInformation tells of the scheduler: counters of 32 bits. */
struct sondei_windows_scheduler_counts {
  uint32_t context_switches;
  uint32_t system_calls;
};

sonde_status sondei_windows_parse_scheduler_counts(struct sondei_windows_scheduler_counts *out, sondei_parse_error *err,
                                                   const struct sondei_windows_block *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_PERFORMANCE_H */
