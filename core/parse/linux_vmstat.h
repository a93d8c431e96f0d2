/* SPDX-License-Identifier: MIT */
/* linux_vmstat.h - /proc/vmstat: the kernel's counters of its memory, with their units. */
#ifndef SONDE_CORE_PARSE_LINUX_VMSTAT_H
#define SONDE_CORE_PARSE_LINUX_VMSTAT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_vmstat {
  sondei_span name;
  uint64_t value; /* in `unit`: what the kernel tells in KiB is in bytes here; 0 when the row was not understood */
  sonde_unit unit;
};

/* Takes the next row off; blank lines are skipped. False at the end. When a row is not understood, err->expected says
 * why, out->name is told all the same, and the next call goes on with the next row. */
bool sondei_linux_next_vmstat(struct sondei_linux_vmstat *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_VMSTAT_H */
