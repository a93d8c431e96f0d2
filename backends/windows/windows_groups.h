/* SPDX-License-Identifier: MIT */
/* windows_groups.h - the processor groups of this machine. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_GROUPS_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_GROUPS_H

#include "backends/windows/windows_backend.h" /* first */

#include "core/parse/windows_processor_groups.h"

/* How many CPUs each group can ever have: what the ids of CPUs are counted by. */
sonde_status sondei_windows_groups(struct sonde_env *env, struct windows_state *state,
                                   struct sondei_windows_processor_groups *out);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_GROUPS_H */
