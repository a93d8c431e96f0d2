/* SPDX-License-Identifier: MIT */
/* Memory: all that the kernel counts, under its own names, and huge pages. */
#include "backends/linux/linux_memory.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_hugepages.h"
#include "core/parse/linux_keyed.h"
#include "core/parse/linux_meminfo.h"
#include "core/parse/linux_vmstat.h"
#include "core/parse/linux_zram.h"

#define NODES "devices/system/node"
#define KSM "kernel/mm/ksm"
#define HUGEPAGES "kernel/mm/hugepages"

enum {
  SOURCE_SIZE = 32, /* for "node4294967295" */
  FOLDER_SIZE = 64  /* for "devices/system/node/node4294967295/hugepages" */
};

/* ---- Counters ---------------------------------------------------------------------------------------------------- */

/* A file that holds counters. */
struct memory_file {
  struct linux_place place;
  const char *path;
  const char *source; /* as in the rows */
};

/* Adds a row. err->expected NULL: it was understood; its position is counted from `at` in the file. */
static sonde_status memory_add_stat(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                    sondei_span name, uint64_t value, sonde_unit unit, sondei_parse_error err,
                                    size_t at) {
  sonde_memory_stat *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->value = value;
  row->unit = unit;
  err.position += at;
  if (err.expected != NULL) row->status = sondei_linux_fail_parse(env, &err, file->place, file->path);
  sonde_status status = sonde_fill_string(out, &row->source, file->source, strlen(file->source));
  if (status == SONDE_OK) status = sonde_fill_string(out, &row->name, name.data, name.len);
  return status;
}

static sonde_status memory_add_meminfo(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                       sondei_span text) {
  struct sondei_linux_meminfo_row row;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_meminfo(&row, &err, &text); at = len - text.len) {
    const sonde_unit unit = row.is_in_bytes ? SONDE_UNIT_BYTES : SONDE_UNIT_COUNT;
    const sonde_status status = memory_add_stat(env, out, file, row.key, row.value, unit, err, at);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

static sonde_status memory_add_vmstat(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                      sondei_span text) {
  struct sondei_linux_vmstat row;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_vmstat(&row, &err, &text); at = len - text.len) {
    const sonde_status status = memory_add_stat(env, out, file, row.name, row.value, row.unit, err, at);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

/* In pages, as the kernel's documentation says. */
static sonde_status memory_add_numastat(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                        sondei_span text) {
  struct sondei_linux_keyed row;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_keyed(&row, &err, &text); at = len - text.len) {
    const sonde_status status = memory_add_stat(env, out, file, row.key, row.value, SONDE_UNIT_PAGES, err, at);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

static sonde_status memory_add_zram(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                    sondei_span text) {
  struct sondei_linux_zram row;
  sondei_parse_error err;
  size_t column = 0;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_zram(&row, &err, &text, &column); at = len - text.len) {
    const sonde_status status =
        memory_add_stat(env, out, file, sondei_span_text(row.name), row.value, row.unit, err, at);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

typedef sonde_status memory_add_text(struct sonde_env *env, struct sonde_fill *out, const struct memory_file *file,
                                     sondei_span text);

/* One row for all that a source would have told. */
static sonde_status memory_add_lost(struct sonde_fill *out, const char *source, sonde_status status) {
  sonde_memory_stat *const lost = sonde_fill_row(out);
  if (lost == NULL) return SONDE_ERR_NO_MEMORY;
  lost->status = status;
  return sonde_fill_string(out, &lost->source, source, strlen(source));
}

/* The counters of one file; none when there is no such file, and one row for all of them when it cannot be read. */
static sonde_status memory_add_file(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                    const struct memory_file *file, memory_add_text *add_text) {
  sondei_span text;
  const sonde_status status = sondei_linux_read(env, state, &text, file->place, file->path, LINUX_UNTIL_EOF);
  if (status == SONDE_OK) return add_text(env, out, file, text);
  if (sondei_linux_is_exhausted(env)) return status;
  if (sondei_linux_is_missing(env)) return SONDE_OK;
  return memory_add_lost(out, file->source, status);
}

/* Settings stand beside the counters: these are the counters. */
static sonde_status memory_add_ksm(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  static const struct {
    const char *path;
    sonde_unit unit;
  } files[] = {
      {KSM "/pages_shared", SONDE_UNIT_PAGES},     {KSM "/pages_sharing", SONDE_UNIT_PAGES},
      {KSM "/pages_unshared", SONDE_UNIT_PAGES},   {KSM "/pages_volatile", SONDE_UNIT_PAGES},
      {KSM "/full_scans", SONDE_UNIT_COUNT},       {KSM "/stable_node_chains", SONDE_UNIT_COUNT}, /* 4.13 */
      {KSM "/stable_node_dups", SONDE_UNIT_COUNT}, {KSM "/ksm_zero_pages", SONDE_UNIT_PAGES},     /* 6.6 */
      {KSM "/pages_scanned", SONDE_UNIT_PAGES},    {KSM "/pages_skipped", SONDE_UNIT_PAGES},      /* 6.7 */
  };
  struct memory_file file = {sondei_linux_root(env->sysfs), NULL, "ksm"};
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    sondei_span text;
    uint64_t value = 0;
    sondei_parse_error err = {0, NULL};
    file.path = files[i].path;
    const sonde_status status = sondei_linux_read(env, state, &text, file.place, file.path, LINUX_ONE_RECORD);
    if (status != SONDE_OK) {
      if (sondei_linux_is_exhausted(env)) return status;
      if (i == 0 && sondei_linux_is_missing(env)) return SONDE_OK; /* a kernel without */
      if (sondei_linux_is_missing(env)) continue;
    } else if (!sondei_span_whole_u64(text, &value)) {
      err.expected = "a number";
    }
    const sondei_span name = sondei_span_text(files[i].path + sizeof KSM);
    const sonde_status added = memory_add_stat(env, out, &file, name, value, files[i].unit, err, 0);
    if (added != SONDE_OK) return added;
    if (status != SONDE_OK) ((sonde_memory_stat *)sonde_fill_at(out, sonde_fill_count(out) - 1))->status = status;
  }
  return SONDE_OK;
}

/* folder/prefixN/name of each N. */
static sonde_status memory_add_numbered(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                        const char *folder, const char *prefix, const char *const *names,
                                        memory_add_text *const *add_texts, size_t num_names) {
  size_t count = 0;
  sonde_status status = sondei_linux_numbered_entries(env, state, &count, &state->numbers, folder, prefix);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : memory_add_lost(out, prefix, status);
  for (size_t i = 0; i < count * num_names; i++) {
    const uint32_t *const numbers = (const void *)state->numbers.data;
    char source[SOURCE_SIZE];
    const size_t prefix_len = strlen(prefix);
    memcpy(source, prefix, prefix_len);
    sondei_linux_decimal(source + prefix_len, numbers[i / num_names]);
    struct memory_file file = {sondei_linux_root(env->sysfs), NULL, source};
    status = sondei_linux_path(env, state, &file.path, folder, "/", source, names[i % num_names]);
    if (status == SONDE_OK) status = memory_add_file(env, state, out, &file, add_texts[i % num_names]);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

sonde_status sondei_linux_memory_stat_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  static const char *const zram_names[] = {"/mm_stat"};
  static memory_add_text *const zram_adds[] = {memory_add_zram};
  static const char *const node_names[] = {"/meminfo", "/numastat"};
  static memory_add_text *const node_adds[] = {memory_add_meminfo, memory_add_numastat};
  struct linux_state *const state = opaque;
  struct memory_file file = {sondei_linux_root(env->procfs), "meminfo", "meminfo"};
  sondei_span text;
  sonde_status status = sondei_linux_read(env, state, &text, file.place, file.path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  status = memory_add_meminfo(env, out, &file, text);
  if (status != SONDE_OK) return status;
  file.path = file.source = "vmstat";
  status = memory_add_file(env, state, out, &file, memory_add_vmstat);
  if (status == SONDE_OK) status = memory_add_ksm(env, state, out);
  if (status == SONDE_OK) status = memory_add_numbered(env, state, out, "block", "zram", zram_names, zram_adds, 1);
  if (status == SONDE_OK) status = memory_add_numbered(env, state, out, NODES, "node", node_names, node_adds, 2);
  return status;
}

/* ---- Huge pages -------------------------------------------------------------------------------------------------- */

/* The files of one size. A pool that goes while it is read has no valid bits. */
static sonde_status memory_fill_pool(struct sonde_env *env, struct linux_state *state, sonde_hugepages *row,
                                     struct linux_place pool) {
  const struct {
    const char *file;
    uint64_t *member;
    uint64_t bit;
    bool is_of_machine;
  } files[] = {
      {"nr_hugepages", &row->total, SONDE_HUGEPAGES_TOTAL, false},
      {"free_hugepages", &row->free, SONDE_HUGEPAGES_FREE, false},
      {"surplus_hugepages", &row->surplus, SONDE_HUGEPAGES_SURPLUS, false},
      {"resv_hugepages", &row->reserved, SONDE_HUGEPAGES_RESERVED, true},
      {"nr_overcommit_hugepages", &row->overcommit, SONDE_HUGEPAGES_OVERCOMMIT, true},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    if (files[i].is_of_machine && row->node != SONDE_NUMA_ALL) continue;
    const sonde_status status = sondei_linux_read_u64(env, state, files[i].member, pool, files[i].file);
    if (status == SONDE_OK) {
      row->valid |= files[i].bit;
    } else if (sondei_linux_is_exhausted(env)) {
      return status;
    } else if (!sondei_linux_is_missing(env)) {
      row->status = status;
    }
  }
  return SONDE_OK;
}

/* Moves the last row to its place among the rows before it: the machine first, then by node; each by size. */
static void memory_sort_last_pool(struct sonde_fill *out) {
  for (size_t i = sonde_fill_count(out); i > 1; i--) {
    sonde_hugepages *const lower = sonde_fill_at(out, i - 2);
    sonde_hugepages *const upper = sonde_fill_at(out, i - 1);
    if (lower->node != upper->node || lower->page_size <= upper->page_size) return;
    const sonde_hugepages kept = *lower;
    *lower = *upper;
    *upper = kept;
  }
}

/* A row for each size in a folder. */
static sonde_status memory_fill_pools(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      const char *folder, uint32_t node) {
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  struct linux_walk walk;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->entries, sysfs, folder);
  if (status != SONDE_OK) return status;
  for (;;) {
    const char *name = NULL;
    const char *path = NULL;
    uint64_t page_size = 0;
    struct linux_place pool = {-1, ""};
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!sondei_linux_hugepage_size_of(&page_size, sondei_span_text(name))) continue;
    sonde_hugepages *const row = sonde_fill_row(out);
    status = row == NULL ? SONDE_ERR_NO_MEMORY : sondei_linux_path(env, state, &path, folder, "/", name, NULL);
    if (status != SONDE_OK) break;
    row->node = node;
    row->page_size = page_size;
    status = sondei_linux_open_place(env, state, &pool, sysfs, path);
    if (status == SONDE_OK) {
      status = memory_fill_pool(env, state, row, pool);
      sondei_linux_close_place(state, &pool);
    } else if (!sondei_linux_is_exhausted(env)) {
      row->status = status;
      status = SONDE_OK;
    }
    if (status != SONDE_OK) break;
    memory_sort_last_pool(out);
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

sonde_status sondei_linux_hugepages_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  static const char nodes[] = NODES "/node";
  struct linux_state *const state = opaque;
  sonde_status status = memory_fill_pools(env, state, out, HUGEPAGES, SONDE_NUMA_ALL);
  if (status != SONDE_OK) {
    if (sondei_linux_is_exhausted(env) || !sondei_linux_is_missing(env)) return status;
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", HUGEPAGES, strlen(HUGEPAGES));
  }
  size_t count = 0;
  status = sondei_linux_numbered_entries(env, state, &count, &state->numbers, NODES, "node");
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const uint32_t *const numbers = (const void *)state->numbers.data;
    char folder[FOLDER_SIZE];
    memcpy(folder, nodes, sizeof nodes - 1);
    const size_t len = sizeof nodes - 1 + sondei_linux_decimal(folder + sizeof nodes - 1, numbers[i]);
    memcpy(folder + len, "/hugepages", sizeof "/hugepages");
    status = memory_fill_pools(env, state, out, folder, numbers[i]);
    if (status != SONDE_OK && !sondei_linux_is_exhausted(env) && sondei_linux_is_missing(env)) status = SONDE_OK;
  }
  return status;
}
