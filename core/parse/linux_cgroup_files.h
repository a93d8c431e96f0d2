/* SPDX-License-Identifier: MIT */
/*
 * linux_cgroup_files.h - the control files of cgroups, versions 1 and 2, that hold more than a number (one number per
 * key: linux_keyed.h).
 */
#ifndef SONDE_CORE_PARSE_LINUX_CGROUP_FILES_H
#define SONDE_CORE_PARSE_LINUX_CGROUP_FILES_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* memory.max, memory.swap.max, pids.max ... and version 1's memory.limit_in_bytes: a number, or SONDE_UNLIMITED for
 * "max" and "-1". Version 1 says "unlimited" by the largest number of whole pages that a signed long holds
 * (9223372036854771712 with pages of 4 KiB, less with larger ones; 8796093018112 on 32-bit kernels), or by what is
 * larger (kernels before 3.19): SONDE_UNLIMITED too. */
sonde_status sondei_linux_parse_cgroup_limit(uint64_t *out, sondei_parse_error *err, sondei_span in);

/* The same for a number that is read already, such as hierarchical_memory_limit of version 1's memory.stat. */
uint64_t sondei_linux_cgroup_limit_v1(uint64_t value);

struct sondei_linux_cpu_max {
  uint64_t quota;  /* microseconds of CPU time in each period; SONDE_UNLIMITED */
  uint64_t period; /* microseconds, never 0 */
};

/* cpu.max: "max 100000", "150000 100000". A missing period is the kernel's default, 100000. */
sonde_status sondei_linux_parse_cpu_max(struct sondei_linux_cpu_max *out, sondei_parse_error *err, sondei_span in);

/* Version 1's cpu.cfs_quota_us: -1, or any other negative number, is SONDE_UNLIMITED. */
sonde_status sondei_linux_parse_cfs_quota(uint64_t *out, sondei_parse_error *err, sondei_span in);

/* A row of io.stat; what a row does not tell is 0. */
struct sondei_linux_io_stat {
  sondei_span device; /* "8:0"; the last one where a kernel wrote several in front of one device's numbers */
  uint64_t read_bytes;
  uint64_t write_bytes;
  uint64_t read_count;
  uint64_t write_count;
};

/* Takes the next row off; a row without any pair is a device without I/O. Keys that are not known are passed over.
 * False at the end. A row that is not understood: err->expected says why, *out holds what was understood, and the next
 * call goes on with the next row. */
bool sondei_linux_next_io_stat(struct sondei_linux_io_stat *out, sondei_parse_error *err, sondei_span *in);

/* A row of version 1's blkio.throttle.io_service_bytes, io_serviced: "8:0 Read 4096", "Total 4096". */
struct sondei_linux_blkio {
  sondei_span device; /* empty: the sum */
  sondei_span operation;
  uint64_t value;
};

/* As sondei_linux_next_io_stat. */
bool sondei_linux_next_blkio(struct sondei_linux_blkio *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_CGROUP_FILES_H */
