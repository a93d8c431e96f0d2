/* SPDX-License-Identifier: MIT */
/*
 * overview.h - what `sonde` without a command asks, and the two ways to show it.
 */
#ifndef SONDE_TOOLS_OVERVIEW_H
#define SONDE_TOOLS_OVERVIEW_H

#include "tools/command.h"

struct overview {
  struct sample before; /* cpus and net are empty, and total is all 0, when there was no interval */
  struct sample after;
  uint64_t elapsed; /* ns between the two; 0: not known */
  sonde_process_table table;
  const double *percents; /* NULL: not told */
  size_t *order;          /* the busiest first */
  size_t num_shown;       /* how many of these to show */
};

void overview_print_text(struct session *session, const struct overview *overview);
void overview_print_json(struct session *session, const struct overview *overview);

/* The traffic of an interface per second, when it is known. */
bool overview_net_rate(sonde_net_io_rate *out, const struct overview *overview, const sonde_net_io *now);

/* The busy share and others of a CPU since the first sample, or since boot. */
void overview_shares(sonde_cpu_percents *out, const struct overview *overview, const sonde_cpu_times *now);

#endif /* SONDE_TOOLS_OVERVIEW_H */
