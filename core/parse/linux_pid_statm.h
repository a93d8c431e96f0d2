/* SPDX-License-Identifier: MIT */
/* linux_pid_statm.h - /proc/PID/statm: memory in pages, of the size that the machine has. */
#ifndef SONDE_CORE_PARSE_LINUX_PID_STATM_H
#define SONDE_CORE_PARSE_LINUX_PID_STATM_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_pid_statm {
  uint64_t size;     /* 1 */
  uint64_t resident; /* 2 */
  uint64_t shared;   /* 3 */
  uint64_t text;     /* 4 */
  uint64_t data;     /* 6. With the stack; column 5, libraries, is always 0 since Linux 2.6 */
};

/* SONDE_ERR_PARSE unless the first six columns are numbers. */
sonde_status sondei_linux_parse_pid_statm(struct sondei_linux_pid_statm *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_STATM_H */
