/* SPDX-License-Identifier: MIT */
/* linux_memory.h - slots of the memory domain whose code has a file of its own. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_MEMORY_H
#define SONDE_BACKENDS_LINUX_LINUX_MEMORY_H

#include "backends/linux/linux_backend.h"

sonde_status sondei_linux_memory_stat_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_hugepages_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);

#endif /* SONDE_BACKENDS_LINUX_LINUX_MEMORY_H */
