/* SPDX-License-Identifier: MIT */
/* linux_limits.h - what other domains of the Linux backend ask of cgroups. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_LIMITS_H
#define SONDE_BACKENDS_LINUX_LINUX_LIMITS_H

#include "backends/linux/linux_backend.h"

/* How many CPUs' worth of time the cgroups of the calling process, this one's and its ancestors' as far as the caller
 * sees them, grant: the lowest of quota / period. *is_limited false, and *out untouched: none of them limits, or there
 * are no cgroups here. Fails only when memory or descriptors run out. Uses state->text, path, entries and mounts. */
sonde_status sondei_linux_cgroup_cpu_limit(struct sonde_env *env, struct linux_state *state, double *out,
                                           bool *is_limited);

#endif /* SONDE_BACKENDS_LINUX_LINUX_LIMITS_H */
