/* SPDX-License-Identifier: MIT */
/* linux_pid_limits.h - /proc/PID/limits: a table in columns, whose names hold blanks. */
#ifndef SONDE_CORE_PARSE_LINUX_PID_LIMITS_H
#define SONDE_CORE_PARSE_LINUX_PID_LIMITS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_pid_limit {
  sonde_limit_kind kind;
  uint64_t soft; /* UINT64_MAX: unlimited */
  uint64_t hard;
};

/* Takes the next limit off: the heading, blank lines and limits that are new to the library are passed over. In a row
 * that is not understood (err->expected) only the kind is set. False at the end. */
bool sondei_linux_next_pid_limit(struct sondei_linux_pid_limit *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_LIMITS_H */
