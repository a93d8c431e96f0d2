/* SPDX-License-Identifier: MIT */
/*
 * linux_pressure.h - pressure stall information: /proc/pressure/{cpu,memory,io,irq} and a cgroup's *.pressure (Linux
 * 4.20).
 */
#ifndef SONDE_CORE_PARSE_LINUX_PRESSURE_H
#define SONDE_CORE_PARSE_LINUX_PRESSURE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Averages are in hundredths of a per cent: 12.34 is 1234. */
struct sondei_linux_stall {
  bool is_told;
  uint64_t avg10;
  uint64_t avg60;
  uint64_t avg300;
  uint64_t total; /* nanoseconds */
};

struct sondei_linux_pressure {
  struct sondei_linux_stall some; /* at least one task was held up */
  struct sondei_linux_stall full; /* all were; the CPU's is told from Linux 5.13 on, the only one for interrupts */
};

/* A whole file. Other rows and pairs are passed over. SONDE_ERR_PARSE: neither row is there, one that is lacks a number
 * or has one that makes no sense (an average above 100 %), or the total does not fit. */
sonde_status sondei_linux_parse_pressure(struct sondei_linux_pressure *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PRESSURE_H */
