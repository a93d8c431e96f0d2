/* SPDX-License-Identifier: MIT */
/*
 * linux_cpulist.h - lists of CPU (or node) numbers as the kernel writes them: "0-3,8,10-11", or nothing at all.
 *
 * In /sys/devices/system/cpu/{online,present,possible}, topology and cache lists, /sys/devices/system/node, cpusets and
 * Cpus_allowed_list of /proc/PID/status.
 */
#ifndef SONDE_CORE_PARSE_LINUX_CPULIST_H
#define SONDE_CORE_PARSE_LINUX_CPULIST_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* A list that names more than this is refused: 128 times what any kernel can be built for, and room for it is only
 * 4 MiB, so that a few bytes of text cannot make the library ask for all memory. */
#define SONDEI_LINUX_CPUS_MAX 1048576u

/* first <= last, both included. */
struct sondei_linux_cpu_range {
  uint32_t first;
  uint32_t last;
};

/* Takes the next item off, with the comma after it. Blanks and line ends around items are passed over. True: an item;
 * err->expected says what is wrong with it, or is NULL. False: the end. Numbers are below 2^32. */
bool sondei_linux_next_cpu_range(struct sondei_linux_cpu_range *out, sondei_parse_error *err, sondei_span *in);

/* A whole list. */
struct sondei_linux_cpulist {
  size_t count;   /* how many numbers it names; 0: an empty list, and first and last are 0 */
  uint32_t first; /* the lowest */
  uint32_t last;  /* the highest */
};

/* SONDE_ERR_PARSE: an item is no range or does not lie above the one before it (the kernel's lists ascend), or they
 * name more than SONDEI_LINUX_CPUS_MAX. Then out is untouched. */
sonde_status sondei_linux_parse_cpulist(struct sondei_linux_cpulist *out, sondei_parse_error *err, sondei_span in);

/* The numbers of a list that sondei_linux_parse_cpulist understood, ascending, into the `count` elements of out. Stops
 * when out is full. Returns how many were written. */
size_t sondei_linux_fill_cpulist(uint32_t *out, size_t count, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_CPULIST_H */
