/* SPDX-License-Identifier: MIT */
/*
 * windows_processor_groups.h - the numbers of CPUs where there may be more than 64.
 *
 * Windows names a CPU by its group and its number in it, 0 to 63. Its id in the library is the sum of the maximum
 * processor counts (GetMaximumProcessorCount) of the groups before, plus its number in the group: with one group the
 * number itself. Ids do not change while the machine is up, whatever CPUs are added or parked.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PROCESSOR_GROUPS_H
#define SONDE_CORE_PARSE_WINDOWS_PROCESSOR_GROUPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Windows has 20 (Windows 10) to 32 (Server 2022). */
#define SONDEI_WINDOWS_GROUPS_MAX 64u
#define SONDEI_WINDOWS_GROUP_CPUS_MAX 64u

struct sondei_windows_processor_groups {
  size_t count;                               /* SONDEI_WINDOWS_GROUPS_MAX at most */
  uint8_t maximum[SONDEI_WINDOWS_GROUPS_MAX]; /* how many CPUs group i can ever have: 64 at most */
};

struct sondei_windows_processor {
  uint16_t group;
  uint8_t number;
};

/* The next group has that many CPUs. False: it is one group too many, or more than a group can have. */
bool sondei_windows_add_group(struct sondei_windows_processor_groups *groups, uint32_t maximum);

/* How many ids there are. */
uint32_t sondei_windows_count_cpus(const struct sondei_windows_processor_groups *groups);

/* The id of a CPU. False, and *out is untouched: there is no such group, or it cannot have that CPU. */
bool sondei_windows_cpu_of(uint32_t *out, const struct sondei_windows_processor_groups *groups,
                           struct sondei_windows_processor processor);

/* The CPU with that id. False, and *out is untouched: there is none. */
bool sondei_windows_processor_of(struct sondei_windows_processor *out,
                                 const struct sondei_windows_processor_groups *groups, uint32_t cpu);

#endif /* SONDE_CORE_PARSE_WINDOWS_PROCESSOR_GROUPS_H */
