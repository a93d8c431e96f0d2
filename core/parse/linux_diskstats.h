/* SPDX-License-Identifier: MIT */
/* linux_diskstats.h - the rows of /proc/diskstats. */
#ifndef SONDE_CORE_PARSE_LINUX_DISKSTATS_H
#define SONDE_CORE_PARSE_LINUX_DISKSTATS_H

#include "core/parse/linux_block_stat.h"

/* A disk or partition. */
struct sondei_linux_disk {
  uint32_t dev_major;
  uint32_t dev_minor;
  sondei_span name;                    /* "sda1", "cciss/c0d0p1"; empty in a bad row that does not get that far */
  struct sondei_linux_block_stat stat; /* all 0 in a bad row */
};

/* Takes the next row off; blank lines are no rows. A row has 7 columns (partitions before Linux 2.6.25), 14 (3 and 11
 * numbers), 15 (Linux 2.4: the size stands before the name), 18, 20, or more; 17 (lxcfs) counts as 14. A row that is
 * not understood: err->expected says what is wrong. */
bool sondei_linux_next_disk(struct sondei_linux_disk *out, sondei_parse_error *err, sondei_span *in);

/* Whether `name` is that of a partition of the disk `disk`: its name and a number, with a 'p' between where the disk's
 * name ends in a digit. For where /sys cannot tell. */
bool sondei_linux_is_partition_of(sondei_span disk, sondei_span name);

#endif /* SONDE_CORE_PARSE_LINUX_DISKSTATS_H */
