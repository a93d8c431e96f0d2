/* SPDX-License-Identifier: MIT */
/* linux_cpu.h - what the files of the CPU domain share: which CPUs there are, and their attributes in /sys. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_CPU_H
#define SONDE_BACKENDS_LINUX_LINUX_CPU_H

#include "backends/linux/linux_backend.h"
#include "core/parse/span.h"

/* CPU numbers, ascending, in state->cpus. */
struct linux_cpu_ids {
  const uint32_t *rows;
  size_t count;
};

/* The CPUs that are online: by /sys, else by the rows of /proc/stat, else by those of /proc/cpuinfo. Uses state->text
 * and cpus. */
sonde_status sondei_linux_online_cpus(struct sonde_env *env, struct linux_state *state, struct linux_cpu_ids *out);

/* The lowest CPU of a list (linux_cpulist.h) that is among ids. False: none is. */
bool sondei_linux_lowest_cpu(uint32_t *out, const struct linux_cpu_ids *ids, sondei_span list);

/* Reads devices/system/cpu/cpuN/FILE in /sys into state->text. */
sonde_status sondei_linux_read_cpu_file(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                        uint32_t cpu, const char *file);

/* Records what a parser did not understand in that file. */
sonde_status sondei_linux_fail_cpu_file(struct sonde_env *env, struct linux_state *state, const sondei_parse_error *err,
                                        uint32_t cpu, const char *file);

/* CPUs of one speed class on an x86 machine with big and little cores. */
struct linux_cpu_class {
  uint32_t first; /* number of the first and the last CPU */
  uint32_t last;
  uint32_t efficiency; /* as sonde_cpu_topology.efficiency_class */
};

struct linux_cpu_classes {
  const struct linux_cpu_class *rows; /* in state->cpus */
  size_t count;                       /* 0: the machine does not tell, or all its cores are alike */
};

/* By /sys/devices/cpu_{lowpower,atom,core}. Uses state->text and cpus. */
sonde_status sondei_linux_cpu_classes(struct sonde_env *env, struct linux_state *state, struct linux_cpu_classes *out);

/* The class of a CPU; false when it has none. */
bool sondei_linux_class_of_cpu(uint32_t *out, const struct linux_cpu_classes *classes, uint32_t cpu);

/* Slots whose code has files of its own. */
sonde_status sondei_linux_cpu_freq_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_info_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_topology_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_cache_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_schedstat_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_throttle_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_linux_cpu_vulnerability_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);

#endif /* SONDE_BACKENDS_LINUX_LINUX_CPU_H */
