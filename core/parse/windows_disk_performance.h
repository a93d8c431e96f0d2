/* SPDX-License-Identifier: MIT */
/* windows_disk_performance.h - the reply of IOCTL_DISK_PERFORMANCE: struct DISK_PERFORMANCE, or a longer one that
 * begins with it. */
#ifndef SONDE_CORE_PARSE_WINDOWS_DISK_PERFORMANCE_H
#define SONDE_CORE_PARSE_WINDOWS_DISK_PERFORMANCE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Where its members lie, for the backend to hold against the system's header. */
enum {
  SONDEI_WINDOWS_DISK_BYTES_READ = 0,
  SONDEI_WINDOWS_DISK_BYTES_WRITTEN = 8,
  SONDEI_WINDOWS_DISK_READ_TIME = 16,
  SONDEI_WINDOWS_DISK_WRITE_TIME = 24,
  SONDEI_WINDOWS_DISK_READ_COUNT = 40,
  SONDEI_WINDOWS_DISK_WRITE_COUNT = 44,
  SONDEI_WINDOWS_DISK_QUEUE_DEPTH = 48,
  SONDEI_WINDOWS_DISK_PERFORMANCE_SIZE = 88
};

struct sondei_windows_disk_performance {
  uint64_t read_bytes;
  uint64_t write_bytes;
  uint64_t read_time; /* ns */
  uint64_t write_time;
  uint32_t read_count;
  uint32_t write_count;
  uint32_t in_flight;
};

sonde_status sondei_windows_parse_disk_performance(struct sondei_windows_disk_performance *out, sondei_parse_error *err,
                                                   sondei_span in);

#endif /* SONDE_CORE_PARSE_WINDOWS_DISK_PERFORMANCE_H */
