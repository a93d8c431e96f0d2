/* SPDX-License-Identifier: MIT */
/* linux_cpu_cache.h - attributes of /sys/devices/system/cpu/cpuN/cache/indexM that are no plain numbers. */
#ifndef SONDE_CORE_PARSE_LINUX_CPU_CACHE_H
#define SONDE_CORE_PARSE_LINUX_CPU_CACHE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* "48K": a number with K, M, G or nothing behind it, in bytes. SONDE_ERR_PARSE: no such thing, or 2^64 and more. */
sonde_status sondei_linux_parse_cpu_cache_size(uint64_t *out, sondei_parse_error *err, sondei_span in);

/* "Data", "Instruction", "Unified"; SONDE_CACHE_UNKNOWN for any other word. */
sonde_cpu_cache_type sondei_linux_cpu_cache_type(sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_CPU_CACHE_H */
