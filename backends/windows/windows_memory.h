/* SPDX-License-Identifier: MIT */
/* windows_memory.h - the memory domain. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_MEMORY_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_MEMORY_H

#include "backends/windows/windows_backend.h" /* first */

extern const struct sonde_memory_ops sondei_windows_memory_ops;

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_MEMORY_H */
