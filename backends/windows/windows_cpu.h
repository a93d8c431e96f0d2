/* SPDX-License-Identifier: MIT */
/*
 * windows_cpu.h - what the files of the CPU domain share, and the memory domain with them: which CPUs there are, and
 * how they hang together.
 */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_CPU_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_CPU_H

#include "backends/windows/windows_backend.h" /* first */

#include "core/parse/windows_logical_processors.h"
#include "core/parse/windows_processor_groups.h"

extern const struct sonde_cpu_ops sondei_windows_cpu_ops;

/* The CPUs that are active now: of each group those with the lowest numbers. */
struct windows_active_cpus {
  struct sondei_windows_processor_groups groups;
  uint8_t active[SONDEI_WINDOWS_GROUPS_MAX]; /* how many of group i */
  uint32_t count;                            /* of all */
};

sonde_status sondei_windows_active_cpus(struct sonde_env *env, struct windows_state *state,
                                        struct windows_active_cpus *out);

/* The CPU that comes after `index` others, which are fewer than there are: its place among the groups, and its id. */
void sondei_windows_active_cpu(struct sondei_windows_processor *place, uint32_t *id,
                               const struct windows_active_cpus *cpus, uint32_t index);

/* The way back: how many come before it. False: it is not active. */
bool sondei_windows_active_index(uint32_t *out, const struct windows_active_cpus *cpus,
                                 struct sondei_windows_processor place);

/* Whether the masks of CPUs that this process is given stand for more than one CPU each bit: a 32-bit process, and a
 * group of more than 32 CPUs. */
bool sondei_windows_is_folded(const struct windows_active_cpus *cpus);

/* All records of GetLogicalProcessorInformationEx of one relation, or RelationAll, in state->data. */
sonde_status sondei_windows_query_processors(struct sonde_env *env, struct windows_state *state,
                                             struct sondei_windows_block *out, LOGICAL_PROCESSOR_RELATIONSHIP relation);

/* Those of the NUMA nodes, with all their groups where this Windows tells. */
sonde_status sondei_windows_query_nodes(struct sonde_env *env, struct windows_state *state,
                                        struct sondei_windows_block *out);

/* Records what of them is not understood, and returns SONDE_ERR_PARSE. */
sonde_status sondei_windows_fail_processors(struct sonde_env *env, const sondei_parse_error *err);

/* The ids of the active CPUs of a record, in the order of its masks. */
sonde_status sondei_windows_fill_cpus(struct sonde_fill *fill, const uint32_t **out, size_t *count,
                                      const struct windows_active_cpus *cpus,
                                      const struct sondei_windows_logical_processors *record);

/* The slots of windows_cpu_topology.c and windows_cpu_info.c. */
sonde_status sondei_windows_cpu_topology_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_windows_cpu_cache_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_windows_cpu_info_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_CPU_H */
