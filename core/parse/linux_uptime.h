/* SPDX-License-Identifier: MIT */
/* linux_uptime.h - /proc/uptime (proc_uptime(5)): "350735.47 234388.90". */
#ifndef SONDE_CORE_PARSE_LINUX_UPTIME_H
#define SONDE_CORE_PARSE_LINUX_UPTIME_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_uptime {
  uint64_t uptime; /* ns since boot, with time asleep */
};

/* The second column, the idle time of all CPUs, is not looked at. */
sonde_status sondei_linux_parse_uptime(struct sondei_linux_uptime *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_UPTIME_H */
