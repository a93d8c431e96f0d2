/* SPDX-License-Identifier: MIT */
/*
 * windows_time.h - the times of Windows, in ticks of 100 ns, as moments and durations.
 *
 * False, and *out untouched, where 64 bits of nanoseconds cannot hold it: after the year 2554, or 584 years long.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_TIME_H
#define SONDE_CORE_PARSE_WINDOWS_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* FILETIME, LARGE_INTEGER times of the kernel: ticks since 1601-01-01 UTC. False before 1970, too: 0 stands for "never"
 * and "unknown". */
bool sondei_windows_filetime_to_moment(uint64_t filetime, uint64_t *out);

/* A duration in ticks. */
bool sondei_windows_ticks_to_ns(uint64_t ticks, uint64_t *out);

/* A counter that counts `frequency` times in a second, as QueryPerformanceCounter's. False for frequency 0. */
bool sondei_windows_counter_to_ns(uint64_t count, uint64_t frequency, uint64_t *out);

#endif /* SONDE_CORE_PARSE_WINDOWS_TIME_H */
