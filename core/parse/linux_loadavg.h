/* SPDX-License-Identifier: MIT */
/* linux_loadavg.h - /proc/loadavg (proc_loadavg(5)): "0.57 0.42 0.30 2/1234 5678". */
#ifndef SONDE_CORE_PARSE_LINUX_LOADAVG_H
#define SONDE_CORE_PARSE_LINUX_LOADAVG_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_loadavg {
  double load[3];       /* over 1, 5 and 15 minutes */
  bool has_tasks;       /* running and total_tasks were there */
  uint64_t running;     /* runnable tasks now */
  uint64_t total_tasks; /* tasks now */
};

/* SONDE_ERR_PARSE: one of the three averages is missing. The last pid is not told. */
sonde_status sondei_linux_parse_loadavg(struct sondei_linux_loadavg *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_LOADAVG_H */
