/* SPDX-License-Identifier: MIT */
/* linux_pid_autogroup.h - /proc/PID/autogroup: "/autogroup-25 nice 0". */
#ifndef SONDE_CORE_PARSE_LINUX_PID_AUTOGROUP_H
#define SONDE_CORE_PARSE_LINUX_PID_AUTOGROUP_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_pid_autogroup {
  uint64_t id;
  int32_t nice;
};

/* SONDE_ERR_PARSE when it looks otherwise. */
sonde_status sondei_linux_parse_pid_autogroup(struct sondei_linux_pid_autogroup *out, sondei_parse_error *err,
                                              sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_AUTOGROUP_H */
