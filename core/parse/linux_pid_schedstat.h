/* SPDX-License-Identifier: MIT */
/* linux_pid_schedstat.h - /proc/PID/schedstat: "123456 789 12". */
#ifndef SONDE_CORE_PARSE_LINUX_PID_SCHEDSTAT_H
#define SONDE_CORE_PARSE_LINUX_PID_SCHEDSTAT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_pid_schedstat {
  uint64_t run_time;  /* 1. ns on a CPU, of the main thread */
  uint64_t run_delay; /* 2. ns runnable without one */
  uint64_t slices;    /* 3 */
};

/* SONDE_ERR_PARSE unless there are three numbers. */
sonde_status sondei_linux_parse_pid_schedstat(struct sondei_linux_pid_schedstat *out, sondei_parse_error *err,
                                              sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_SCHEDSTAT_H */
