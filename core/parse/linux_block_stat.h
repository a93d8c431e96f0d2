/* SPDX-License-Identifier: MIT */
/* linux_block_stat.h - the counters of one block device: /sys/block/X/stat, and what follows the name in
 * /proc/diskstats. */
#ifndef SONDE_CORE_PARSE_LINUX_BLOCK_STAT_H
#define SONDE_CORE_PARSE_LINUX_BLOCK_STAT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Sectors are of 512 bytes here whatever the device has, and are given in bytes; times, which the kernel gives in
 * milliseconds, in nanoseconds. */
struct sondei_linux_block_stat {
  bool has_times;     /* the counters that are not read_count, read_bytes, write_count, write_bytes: told but for the
                         partitions of Linux before 2.6.25 */
  bool has_in_flight; /* false also when it is negative, as some old kernels have it */
  bool has_discard;   /* Linux 4.18. Not told by lxcfs, which leaves one of the four counters out */
  bool has_flush;     /* Linux 5.5 */
  uint64_t read_count;
  uint64_t read_merged;
  uint64_t read_bytes;
  uint64_t read_time;
  uint64_t write_count;
  uint64_t write_merged;
  uint64_t write_bytes;
  uint64_t write_time;
  uint64_t in_flight;
  uint64_t busy_time;
  uint64_t weighted_time;
  uint64_t discard_count;
  uint64_t discard_merged;
  uint64_t discard_bytes;
  uint64_t discard_time;
  uint64_t flush_count;
  uint64_t flush_time;
};

/* Reads the numbers of one line: 4, or 11 and more. Numbers beyond the 17th are not looked at. SONDE_OK, or
 * SONDE_ERR_PARSE: a number is missing or does not fit. */
sonde_status sondei_linux_parse_block_stat(struct sondei_linux_block_stat *out, sondei_parse_error *err,
                                           sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_BLOCK_STAT_H */
