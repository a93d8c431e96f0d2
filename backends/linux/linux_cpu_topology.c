/* SPDX-License-Identifier: MIT */
/* CPUs: where they sit, and the caches they share. */
#include "backends/linux/linux_cpu.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_cpu_cache.h"
#include "core/parse/linux_cpuinfo.h"
#include "core/parse/linux_cpulist.h"

/* ---- Topology ---------------------------------------------------------------------------------------------------- */

/* Reads a list of numbers in /sys and looks it through. */
static sonde_status topology_read_list(struct sonde_env *env, struct linux_state *state,
                                       struct sondei_linux_cpulist *out, sondei_span *text, const char *path) {
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  sondei_parse_error err;
  sonde_status status = sondei_linux_read(env, state, text, sysfs, path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  status = sondei_linux_parse_cpulist(out, &err, *text);
  return status == SONDE_OK ? SONDE_OK : sondei_linux_fail_parse(env, &err, sysfs, path);
}

/* The first row whose CPU is not below cpu; their number when there is none. */
static size_t topology_find(struct sonde_fill *out, uint32_t cpu) {
  size_t low = 0;
  size_t high = sonde_fill_count(out);
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    const sonde_cpu_topology *const row = sonde_fill_at(out, middle);
    if (row->cpu < cpu) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* A row for each CPU that is present. */
static sonde_status topology_add_rows(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct sondei_linux_cpulist list;
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  sondei_span text = {NULL, 0};
  const sonde_status status = topology_read_list(env, state, &list, &text, "devices/system/cpu/present");
  if (status != SONDE_OK) return status;
  while (sondei_linux_next_cpu_range(&range, &err, &text)) {
    for (uint64_t cpu = range.first; cpu <= range.last; cpu++) {
      sonde_cpu_topology *const row = sonde_fill_row(out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      row->cpu = (uint32_t)cpu;
    }
  }
  return SONDE_OK;
}

static sonde_status topology_mark_online(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct linux_cpu_ids ids = {NULL, 0};
  const sonde_status status = sondei_linux_online_cpus(env, state, &ids);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < ids.count; i++) {
    const size_t at = topology_find(out, ids.rows[i]);
    if (at == sonde_fill_count(out)) break;
    sonde_cpu_topology *const row = sonde_fill_at(out, at);
    if (row->cpu == ids.rows[i]) row->online = true;
  }
  return SONDE_OK;
}

/* Reads a number of one CPU. Absent and negative numbers are not told. Not SONDE_OK: the call is over. */
static sonde_status topology_read(struct sonde_env *env, struct linux_state *state, sonde_cpu_topology *row,
                                  uint32_t *out, uint64_t bit, const char *file) {
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read_cpu_file(env, state, &text, row->cpu, file);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  int64_t value = 0;
  if (!sondei_span_whole_i64(text, &value) || value > UINT32_MAX) {
    const sondei_parse_error err = {0, "a number"};
    row->status = sondei_linux_fail_cpu_file(env, state, &err, row->cpu, file);
    return SONDE_OK;
  }
  /* -1 stands for unknown; so does 65535 for clusters on x86. */
  if (value < 0 || (bit == SONDE_CPU_TOPOLOGY_CLUSTER && value == 65535)) return SONDE_OK;
  *out = (uint32_t)value;
  row->valid |= bit;
  return SONDE_OK;
}

static sonde_status topology_fill_row(struct sonde_env *env, struct linux_state *state, sonde_cpu_topology *row) {
  const struct {
    const char *file;
    uint32_t *member;
    uint64_t bit;
  } files[] = {
      {"topology/physical_package_id", &row->package, SONDE_CPU_TOPOLOGY_PACKAGE},
      {"topology/core_id", &row->core, SONDE_CPU_TOPOLOGY_CORE},
      {"topology/die_id", &row->die, SONDE_CPU_TOPOLOGY_DIE},             /* 5.2 */
      {"topology/cluster_id", &row->cluster, SONDE_CPU_TOPOLOGY_CLUSTER}, /* 5.16 */
      {"cpu_capacity", &row->capacity, SONDE_CPU_TOPOLOGY_CAPACITY},      /* arm, riscv; x86 6.12 */
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    const sonde_status status = topology_read(env, state, row, files[i].member, files[i].bit, files[i].file);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

/* Puts a node's CPUs into their rows. */
static sonde_status topology_fill_node(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                       uint32_t node) {
  char number[21];
  const char *path = NULL;
  struct sondei_linux_cpulist list;
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  sondei_span text = {NULL, 0};
  sondei_linux_decimal(number, node);
  sonde_status status = sondei_linux_path(env, state, &path, "devices/system/node/node", number, "/cpulist", NULL);
  if (status != SONDE_OK) return status;
  status = topology_read_list(env, state, &list, &text, path);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  while (sondei_linux_next_cpu_range(&range, &err, &text)) {
    for (size_t i = topology_find(out, range.first); i < sonde_fill_count(out); i++) {
      sonde_cpu_topology *const row = sonde_fill_at(out, i);
      if (row->cpu > range.last) break;
      if (!row->online) continue;
      row->numa_node = node;
      row->valid |= SONDE_CPU_TOPOLOGY_NUMA_NODE;
    }
  }
  return SONDE_OK;
}

static sonde_status topology_fill_nodes(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct sondei_linux_cpulist list;
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  sondei_span text = {NULL, 0};
  /* In a buffer that nothing else uses while the nodes are read. */
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  sonde_status status =
      sondei_linux_read_into(env, state, &text, &state->entries, sysfs, "devices/system/node/online", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK; /* a kernel without NUMA */
  if (sondei_linux_parse_cpulist(&list, &err, text) != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, sysfs, "devices/system/node/online");
    return SONDE_OK;
  }
  while (sondei_linux_next_cpu_range(&range, &err, &text)) {
    for (uint64_t node = range.first; node <= range.last; node++) {
      status = topology_fill_node(env, state, out, (uint32_t)node);
      if (status != SONDE_OK) return status;
    }
  }
  return SONDE_OK;
}

/* The rank of each capacity among those there are. */
static void topology_rank_capacities(struct sonde_fill *out) {
  const size_t count = sonde_fill_count(out);
  uint32_t rank = 0;
  uint64_t next = 0; /* the lowest capacity that has no rank */
  for (bool found = true; found; rank++) {
    uint64_t lowest = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
      const sonde_cpu_topology *const row = sonde_fill_at(out, i);
      if ((row->valid & SONDE_CPU_TOPOLOGY_CAPACITY) == 0 || row->capacity < next) continue;
      if (row->capacity < lowest) lowest = row->capacity;
    }
    found = lowest != UINT64_MAX;
    for (size_t i = 0; found && i < count; i++) {
      sonde_cpu_topology *const row = sonde_fill_at(out, i);
      if ((row->valid & SONDE_CPU_TOPOLOGY_CAPACITY) == 0 || row->capacity != lowest) continue;
      row->efficiency_class = rank;
      row->valid |= SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS;
    }
    next = lowest + 1;
  }
}

static sonde_status topology_fill_classes(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct linux_cpu_classes classes = {NULL, 0};
  const sonde_status status = sondei_linux_cpu_classes(env, state, &classes);
  if (status != SONDE_OK) return status;
  if (classes.count == 0) {
    topology_rank_capacities(out);
    return SONDE_OK;
  }
  for (size_t i = 0; i < sonde_fill_count(out); i++) {
    sonde_cpu_topology *const row = sonde_fill_at(out, i);
    if (row->online && sondei_linux_class_of_cpu(&row->efficiency_class, &classes, row->cpu)) {
      row->valid |= SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS;
    }
  }
  return SONDE_OK;
}

/* What /proc/cpuinfo tells, for where /sys is not. */
static sonde_status topology_of_cpuinfo(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  struct sondei_linux_cpuinfo info;
  sondei_parse_error err;
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, "cpuinfo", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  while (sondei_linux_next_cpuinfo(&info, &err, &text)) {
    if ((info.valid & SONDEI_LINUX_CPUINFO_CPU) == 0) continue;
    const size_t at = topology_find(out, info.cpu);
    const bool is_new = at == sonde_fill_count(out);
    sonde_cpu_topology *const row = is_new ? sonde_fill_row(out) : sonde_fill_at(out, at);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    if (is_new) row->cpu = info.cpu;
    if (row->cpu != info.cpu) continue; /* the kernel's numbers ascend */
    row->online = true;
    if ((info.valid & SONDEI_LINUX_CPUINFO_PACKAGE) != 0) {
      row->package = info.package;
      row->valid |= SONDE_CPU_TOPOLOGY_PACKAGE;
    }
    if ((info.valid & SONDEI_LINUX_CPUINFO_CORE) != 0) {
      row->core = info.core;
      row->valid |= SONDE_CPU_TOPOLOGY_CORE;
    }
  }
  if (sonde_fill_count(out) > 0) return SONDE_OK;
  err.position = 0;
  err.expected = "a CPU";
  return sondei_linux_fail_parse(env, &err, procfs, "cpuinfo");
}

sonde_status sondei_linux_cpu_topology_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  sonde_status status = topology_add_rows(env, state, out);
  if (status != SONDE_OK && status != SONDE_ERR_NO_MEMORY && !sondei_linux_is_exhausted(env)) {
    return topology_of_cpuinfo(env, state, out);
  }
  if (status == SONDE_OK) status = topology_mark_online(env, state, out);
  for (size_t i = 0; status == SONDE_OK && i < sonde_fill_count(out); i++) {
    sonde_cpu_topology *const row = sonde_fill_at(out, i);
    if (row->online) status = topology_fill_row(env, state, row);
  }
  if (status == SONDE_OK) status = topology_fill_nodes(env, state, out);
  if (status == SONDE_OK) status = topology_fill_classes(env, state, out);
  return status;
}

/* ---- Caches ------------------------------------------------------------------------------------------------------ */

enum {
  CACHE_FILE_SIZE = 64,   /* for the longest file name below */
  CACHE_INDICES_MAX = 256 /* a CPU has some five; a file tree that never ends must not hang the caller */
};

/* "cache/index" + index + "/" + name. */
static void cache_make_file(char *out, uint32_t index, const char *name) {
  static const char start[] = "cache/index";
  size_t len = sizeof start - 1;
  memcpy(out, start, len);
  len += sondei_linux_decimal(out + len, index);
  out[len++] = '/';
  memcpy(out + len, name, strlen(name) + 1);
}

/* Reads a file of one cache. *found false: it is not told; *why, not SONDE_OK then: although it is there. Not SONDE_OK:
 * the call is over. */
static sonde_status cache_read(struct sonde_env *env, struct linux_state *state, sondei_span *out, bool *found,
                               sonde_status *why, uint32_t cpu, uint32_t index, const char *name) {
  char file[CACHE_FILE_SIZE];
  cache_make_file(file, index, name);
  const sonde_status status = sondei_linux_read_cpu_file(env, state, out, cpu, file);
  *found = status == SONDE_OK;
  *why = status != SONDE_OK && sondei_linux_is_missing(env) ? SONDE_OK : status;
  return status != SONDE_OK && sondei_linux_is_exhausted(env) ? status : SONDE_OK;
}

static sonde_status cache_fail(struct sonde_env *env, struct linux_state *state, sondei_parse_error err, uint32_t cpu,
                               uint32_t index, const char *name) {
  char file[CACHE_FILE_SIZE];
  cache_make_file(file, index, name);
  return sondei_linux_fail_cpu_file(env, state, &err, cpu, file);
}

static sonde_status cache_read_number(struct sonde_env *env, struct linux_state *state, sonde_cpu_cache *row,
                                      uint32_t *out, uint64_t bit, uint32_t cpu, uint32_t index, const char *name) {
  sondei_span text = {NULL, 0};
  bool found = false;
  sonde_status why = SONDE_OK;
  const sonde_status status = cache_read(env, state, &text, &found, &why, cpu, index, name);
  if (why != SONDE_OK) row->status = why;
  if (status != SONDE_OK || !found) return status;
  uint64_t value = 0;
  if (!sondei_span_whole_u64(text, &value) || value > UINT32_MAX) {
    const sondei_parse_error err = {0, "a number"};
    row->status = cache_fail(env, state, err, cpu, index, name);
    return SONDE_OK;
  }
  *out = (uint32_t)value;
  row->valid |= bit;
  return SONDE_OK;
}

static sonde_status cache_fill_size(struct sonde_env *env, struct linux_state *state, sonde_cpu_cache *row,
                                    uint32_t cpu, uint32_t index) {
  sondei_span text = {NULL, 0};
  sondei_parse_error err;
  bool found = false;
  sonde_status why = SONDE_OK;
  const sonde_status status = cache_read(env, state, &text, &found, &why, cpu, index, "size");
  if (why != SONDE_OK) row->status = why;
  if (status != SONDE_OK || !found) return status;
  if (sondei_linux_parse_cpu_cache_size(&row->size, &err, text) == SONDE_OK) {
    row->valid |= SONDE_CPU_CACHE_SIZE;
  } else {
    row->status = cache_fail(env, state, err, cpu, index, "size");
  }
  return SONDE_OK;
}

/* Who shares it, from the text of shared_cpu_list. */
static sonde_status cache_fill_cpus(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                    sonde_cpu_cache *row, sondei_span text, uint32_t cpu, uint32_t index) {
  struct sondei_linux_cpulist list;
  sondei_parse_error err;
  if (sondei_linux_parse_cpulist(&list, &err, text) != SONDE_OK) {
    row->status = cache_fail(env, state, err, cpu, index, "shared_cpu_list");
    return SONDE_OK;
  }
  uint32_t *const cpus = sonde_fill_array(out, list.count, sizeof *cpus);
  if (cpus == NULL) return SONDE_ERR_NO_MEMORY;
  row->num_cpus = sondei_linux_fill_cpulist(cpus, list.count, text);
  row->cpus = cpus;
  row->valid |= SONDE_CPU_CACHE_CPUS;
  return SONDE_OK;
}

static sonde_status cache_fill_row(struct sonde_env *env, struct linux_state *state, sonde_cpu_cache *row, uint32_t cpu,
                                   uint32_t index) {
  const struct {
    const char *name;
    uint32_t *member;
    uint64_t bit;
  } files[] = {
      {"level", &row->level, 0},
      {"coherency_line_size", &row->line_size, SONDE_CPU_CACHE_LINE_SIZE},
      {"ways_of_associativity", &row->ways, SONDE_CPU_CACHE_WAYS},
      {"number_of_sets", &row->sets, SONDE_CPU_CACHE_SETS},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    const sonde_status status =
        cache_read_number(env, state, row, files[i].member, files[i].bit, cpu, index, files[i].name);
    if (status != SONDE_OK) return status;
  }
  sondei_span text = {NULL, 0};
  bool found = false;
  sonde_status why = SONDE_OK;
  const sonde_status status = cache_read(env, state, &text, &found, &why, cpu, index, "type");
  if (why != SONDE_OK) row->status = why;
  if (status != SONDE_OK) return status;
  if (found) row->type = sondei_linux_cpu_cache_type(text);
  return cache_fill_size(env, state, row, cpu, index);
}

/* The caches of one CPU, but for those that a lower CPU has told of. */
static sonde_status cache_fill_cpu(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                   const struct linux_cpu_ids *ids, uint32_t cpu) {
  for (uint32_t index = 0; index < CACHE_INDICES_MAX; index++) {
    sondei_span text = {NULL, 0};
    bool found = false;
    bool is_shared = true;
    uint32_t lowest = cpu;
    sonde_status why = SONDE_OK;
    sonde_status status = cache_read(env, state, &text, &found, &why, cpu, index, "shared_cpu_list");
    if (status != SONDE_OK) return status;
    if (found) {
      if (sondei_linux_lowest_cpu(&lowest, ids, text) && lowest != cpu) continue;
    } else {
      is_shared = false;
      sonde_status why_no_level = SONDE_OK;
      status = cache_read(env, state, &text, &found, &why_no_level, cpu, index, "level");
      if (status != SONDE_OK) return status;
      if (!found && why == SONDE_OK && why_no_level == SONDE_OK) return SONDE_OK; /* no more indices */
      /* Whoever may not read the first file may read none: not a row for each index that there could be. */
      if (!found && index > 0 && why_no_level != SONDE_OK) return SONDE_OK;
    }
    sonde_cpu_cache *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->status = why;
    if (is_shared) status = cache_fill_cpus(env, state, out, row, text, cpu, index);
    if (status == SONDE_OK) status = cache_fill_row(env, state, row, cpu, index);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

sonde_status sondei_linux_cpu_cache_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_cpu_ids ids = {NULL, 0};
  sonde_status status = sondei_linux_online_cpus(env, state, &ids);
  for (size_t i = 0; status == SONDE_OK && i < ids.count; i++) {
    status = cache_fill_cpu(env, state, out, &ids, ids.rows[i]);
  }
  if (status != SONDE_OK || sonde_fill_count(out) > 0) return status;
  static const char subject[] = "devices/system/cpu/cpu0/cache";
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", subject, sizeof subject - 1);
}
