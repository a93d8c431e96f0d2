/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_memory.h"

#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_arcstats.h"
#include "core/parse/linux_cpulist.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_keyed.h"
#include "core/parse/linux_meminfo.h"
#include "core/parse/linux_swaps.h"
#include "core/parse/linux_zoneinfo.h"

#if defined(__GLIBC__) && defined(__GLIBC_PREREQ)
#if __GLIBC_PREREQ(2, 33)
#include <malloc.h>
#define HAS_MALLINFO2 1
#endif
#endif

/* Whether a failure to read a file that only adds something ends the call. */
static bool memory_is_fatal(struct sonde_env *env, sonde_status status) {
  return status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env));
}

static sonde_status memory_unsupported(struct sonde_env *env, const char *subject) {
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "open", subject, strlen(subject));
}

static sonde_status memory_read_meminfo(struct sonde_env *env, struct linux_state *state,
                                        struct sondei_linux_meminfo *out, struct linux_place place, const char *path) {
  sondei_span text;
  sondei_parse_error err;
  const sonde_status status = sondei_linux_read(env, state, &text, place, path, LINUX_ONE_RECORD);
  if (status != SONDE_OK) return status;
  if (sondei_linux_parse_meminfo(out, &err, text) != SONDE_OK) return sondei_linux_fail_parse(env, &err, place, path);
  return SONDE_OK;
}

/* ---- virtual_memory --------------------------------------------------------------------------------------------- */

/* One field of meminfo, where it is told. */
static void memory_set(sonde_virtual_memory *out, uint64_t bit, uint64_t *field,
                       const struct sondei_linux_meminfo *info, enum sondei_linux_meminfo_field from) {
  if (!sondei_linux_meminfo_has(info, from)) return;
  *field = info->value[from];
  out->valid |= bit;
}

static uint64_t memory_lower(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* As the kernel has computed MemAvailable since Linux 3.14: what is free above the low watermarks, and what of the page
 * cache and of the reclaimable slab can go. *out is untouched when something for it is not told. */
static sonde_status memory_compute_available(struct sonde_env *env, struct linux_state *state, uint64_t *out,
                                             const struct sondei_linux_meminfo *info) {
  const uint64_t *const value = info->value;
  if (!sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_MEM_FREE) ||
      !sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_ACTIVE_FILE) ||
      !sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_INACTIVE_FILE)) {
    return SONDE_OK;
  }
  sondei_span text;
  sondei_parse_error err;
  struct sondei_linux_zoneinfo zones;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, "zoneinfo", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return memory_is_fatal(env, status) ? status : SONDE_OK;
  if (sondei_linux_parse_zoneinfo(&zones, &err, text) != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, procfs, "zoneinfo");
    return SONDE_OK;
  }
  if (zones.low > UINT64_MAX / state->page_size) return SONDE_OK;
  const uint64_t low = zones.low * state->page_size;
  const uint64_t free = value[SONDEI_LINUX_MEMINFO_MEM_FREE];
  const uint64_t active = value[SONDEI_LINUX_MEMINFO_ACTIVE_FILE];
  const uint64_t inactive = value[SONDEI_LINUX_MEMINFO_INACTIVE_FILE];
  const uint64_t slab = value[SONDEI_LINUX_MEMINFO_SLAB_RECLAIMABLE];
  if (active > UINT64_MAX - inactive) return SONDE_OK;
  uint64_t cache = active + inactive;
  cache -= memory_lower(cache / 2, low);
  const uint64_t reclaimable = slab - memory_lower(slab / 2, low);
  /* Each below 2^63 or the answer is above any total. */
  if (free > UINT64_MAX / 4 || cache > UINT64_MAX / 4 || reclaimable > UINT64_MAX / 4) return SONDE_OK;
  const uint64_t sum = free + cache + reclaimable;
  *out = sum > low ? sum - low : 0;
  return SONDE_OK;
}

static sonde_status memory_set_available(struct sonde_env *env, struct linux_state *state, sonde_virtual_memory *out,
                                         const struct sondei_linux_meminfo *info) {
  const bool is_told = sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_MEM_AVAILABLE);
  const bool has_free = sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_MEM_FREE);
  uint64_t available = info->value[SONDEI_LINUX_MEMINFO_MEM_AVAILABLE];
  if (available == 0) {
    available = info->value[SONDEI_LINUX_MEMINFO_MEM_FREE];
    const sonde_status status = memory_compute_available(env, state, &available, info);
    if (status != SONDE_OK) return status;
    if (!is_told && !has_free) return SONDE_OK;
  }
  /* Some containers are told their own total but the host's rest. */
  if (available > out->total && has_free) available = info->value[SONDEI_LINUX_MEMINFO_MEM_FREE];
  out->available = memory_lower(available, out->total);
  out->valid |= SONDE_MEMORY_AVAILABLE;
  return SONDE_OK;
}

/* The cache of ZFS is no page cache: the kernel counts it as used. One that is larger than what is used here belongs to
 * the host of a container. */
static sonde_status memory_set_arc(struct sonde_env *env, struct linux_state *state, sonde_virtual_memory *out) {
  static const char path[] = "spl/kstat/zfs/arcstats";
  sondei_span text;
  sondei_parse_error err;
  struct sondei_linux_arcstats arc;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return memory_is_fatal(env, status) ? status : SONDE_OK;
  if (sondei_linux_parse_arcstats(&arc, &err, text) != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, procfs, path);
    return SONDE_OK;
  }
  if (arc.size > out->total - memory_lower(out->free, out->total)) return SONDE_OK;
  out->arc = arc.size;
  out->valid |= SONDE_MEMORY_ARC;
  if ((out->valid & SONDE_MEMORY_AVAILABLE) != 0 && arc.size > arc.size_min) {
    out->available += memory_lower(arc.size - arc.size_min, out->total - out->available);
  }
  return SONDE_OK;
}

static void memory_set_hugepages(sonde_virtual_memory *out, const struct sondei_linux_meminfo *info) {
  if (!sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_HUGEPAGES_TOTAL) ||
      !sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_HUGEPAGES_FREE) ||
      !sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_HUGEPAGE_SIZE)) {
    return;
  }
  const uint64_t size = info->value[SONDEI_LINUX_MEMINFO_HUGEPAGE_SIZE];
  const uint64_t total = info->value[SONDEI_LINUX_MEMINFO_HUGEPAGES_TOTAL];
  const uint64_t free = info->value[SONDEI_LINUX_MEMINFO_HUGEPAGES_FREE];
  if (size > 0 && (total > UINT64_MAX / size || free > UINT64_MAX / size)) return;
  out->hugepages_total = total * size;
  out->hugepages_free = free * size;
  out->valid |= SONDE_MEMORY_HUGEPAGES;
}

static sonde_status linux_virtual_memory(struct sonde_env *env, void *opaque, sonde_virtual_memory *out) {
  struct linux_state *const state = opaque;
  struct sondei_linux_meminfo info;
  sonde_status status = memory_read_meminfo(env, state, &info, sondei_linux_root(env->procfs), "meminfo");
  if (status != SONDE_OK) return status;

  out->page_size = state->page_size;
  memory_set(out, SONDE_MEMORY_TOTAL, &out->total, &info, SONDEI_LINUX_MEMINFO_MEM_TOTAL);
  memory_set(out, SONDE_MEMORY_FREE, &out->free, &info, SONDEI_LINUX_MEMINFO_MEM_FREE);
  memory_set(out, SONDE_MEMORY_ACTIVE, &out->active, &info, SONDEI_LINUX_MEMINFO_ACTIVE);
  memory_set(out, SONDE_MEMORY_INACTIVE, &out->inactive, &info, SONDEI_LINUX_MEMINFO_INACTIVE);
  memory_set(out, SONDE_MEMORY_BUFFERS, &out->buffers, &info, SONDEI_LINUX_MEMINFO_BUFFERS);
  memory_set(out, SONDE_MEMORY_SHARED, &out->shared, &info, SONDEI_LINUX_MEMINFO_MEM_SHARED); /* before 2.6.32 */
  memory_set(out, SONDE_MEMORY_SHARED, &out->shared, &info, SONDEI_LINUX_MEMINFO_SHMEM);
  memory_set(out, SONDE_MEMORY_SLAB, &out->slab, &info, SONDEI_LINUX_MEMINFO_SLAB);
  memory_set(out, SONDE_MEMORY_SLAB_RECLAIMABLE, &out->slab_reclaimable, &info, SONDEI_LINUX_MEMINFO_SLAB_RECLAIMABLE);
  memory_set(out, SONDE_MEMORY_COMPRESSED, &out->compressed, &info, SONDEI_LINUX_MEMINFO_ZSWAP);
  memory_set(out, SONDE_MEMORY_DIRTY, &out->dirty, &info, SONDEI_LINUX_MEMINFO_DIRTY);
  memory_set(out, SONDE_MEMORY_COMMITTED, &out->committed, &info, SONDEI_LINUX_MEMINFO_COMMITTED);
  memory_set(out, SONDE_MEMORY_COMMIT_LIMIT, &out->commit_limit, &info, SONDEI_LINUX_MEMINFO_COMMIT_LIMIT);
  memory_set(out, SONDE_MEMORY_PAGE_TABLES, &out->page_tables, &info, SONDEI_LINUX_MEMINFO_PAGE_TABLES);
  memory_set_hugepages(out, &info);
  if (sondei_linux_meminfo_has(&info, SONDEI_LINUX_MEMINFO_CACHED) &&
      out->slab_reclaimable <= UINT64_MAX - info.value[SONDEI_LINUX_MEMINFO_CACHED]) {
    out->cached = info.value[SONDEI_LINUX_MEMINFO_CACHED] + out->slab_reclaimable;
    out->valid |= SONDE_MEMORY_CACHED;
  }

  status = memory_set_available(env, state, out, &info);
  if (status == SONDE_OK) status = memory_set_arc(env, state, out);
  if (status == SONDE_OK && (out->valid & SONDE_MEMORY_AVAILABLE) != 0) {
    out->used = out->total - out->available;
    out->valid |= SONDE_MEMORY_USED;
  }
  return status;
}

/* ---- Swap ------------------------------------------------------------------------------------------------------- */

static sonde_status linux_swap_memory(struct sonde_env *env, void *opaque, sonde_swap_memory *out) {
  struct linux_state *const state = opaque;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  struct sondei_linux_meminfo info;
  sonde_status status = memory_read_meminfo(env, state, &info, procfs, "meminfo");
  if (status != SONDE_OK) return status;
  const bool has_total = sondei_linux_meminfo_has(&info, SONDEI_LINUX_MEMINFO_SWAP_TOTAL);
  if (has_total) {
    out->total = info.value[SONDEI_LINUX_MEMINFO_SWAP_TOTAL];
    out->valid |= SONDE_SWAP_TOTAL;
  }
  if (has_total && sondei_linux_meminfo_has(&info, SONDEI_LINUX_MEMINFO_SWAP_FREE)) {
    /* Some containers are told their own total and the host's free: more than there is. */
    out->free = memory_lower(info.value[SONDEI_LINUX_MEMINFO_SWAP_FREE], out->total);
    out->used = out->total - out->free;
    out->valid |= SONDE_SWAP_FREE | SONDE_SWAP_USED;
  }

  sondei_span text;
  status = sondei_linux_read(env, state, &text, procfs, "vmstat", LINUX_UNTIL_EOF);
  if (status == SONDE_OK) {
    struct sondei_linux_key pages[] = {{"pswpin", 0, false}, {"pswpout", 0, false}};
    sondei_linux_find_keys(pages, 2, text);
    const uint64_t max = UINT64_MAX / state->page_size;
    if (pages[0].found && pages[0].value <= max) {
      out->sin = pages[0].value * state->page_size;
      out->valid |= SONDE_SWAP_SIN;
    }
    if (pages[1].found && pages[1].value <= max) {
      out->sout = pages[1].value * state->page_size;
      out->valid |= SONDE_SWAP_SOUT;
    }
  } else if (memory_is_fatal(env, status)) {
    return status;
  }
  return out->valid != 0 ? SONDE_OK : memory_unsupported(env, "vmstat");
}

static sonde_status memory_fill_swap(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     sonde_swap_device *row, const struct sondei_linux_swap *swap) {
  sonde_status status = sonde_env_grow(env, &state->path, swap->name.len + 1);
  if (status != SONDE_OK) return status;
  const size_t len = sondei_linux_unescape(state->path.data, swap->name);
  status = sonde_fill_string(out, &row->name, state->path.data, len);
  if (status != SONDE_OK) return status;
  /* The kernel calls it a partition. */
  const bool is_zram = sondei_span_starts_with(swap->name, "/dev/zram");
  const sondei_span type = is_zram ? sondei_span_text("zram") : swap->type;
  row->total = swap->size;
  if (swap->has_used) {
    row->used = swap->used;
    row->valid |= SONDE_SWAP_DEVICE_USED;
  }
  if (swap->has_priority) {
    row->priority = swap->priority;
    row->valid |= SONDE_SWAP_DEVICE_PRIORITY;
  }
  return sonde_fill_string(out, &row->type, type.data, type.len);
}

static sonde_status linux_swap_device_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  sondei_span text;
  sonde_status status = sondei_linux_read(env, state, &text, procfs, "swaps", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) {
    /* A kernel without swap. */
    return !memory_is_fatal(env, status) && sondei_linux_is_missing(env) ? memory_unsupported(env, "swaps") : status;
  }
  struct sondei_linux_swap swap;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_swap(&swap, &err, &text); at = len - text.len) {
    err.position += at;
    sonde_swap_device *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    status = memory_fill_swap(env, state, out, row, &swap);
    if (status != SONDE_OK) return status;
    if (err.expected != NULL) row->status = sondei_linux_fail_parse(env, &err, procfs, "swaps");
  }
  return SONDE_OK;
}

/* ---- NUMA ------------------------------------------------------------------------------------------------------- */

#define NODES "devices/system/node"

static sonde_status memory_fill_cpus(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     sonde_numa_node *row, const char *path) {
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  sondei_span text;
  const sonde_status status = sondei_linux_read(env, state, &text, sysfs, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  struct sondei_linux_cpulist list;
  sondei_parse_error err;
  if (sondei_linux_parse_cpulist(&list, &err, text) != SONDE_OK) return sondei_linux_fail_parse(env, &err, sysfs, path);
  uint32_t *const cpus = sonde_fill_array(out, list.count, sizeof *cpus);
  if (cpus == NULL) return SONDE_ERR_NO_MEMORY;
  row->num_cpus = sondei_linux_fill_cpulist(cpus, list.count, text);
  row->cpus = cpus;
  row->valid |= SONDE_NUMA_NODE_CPUS;
  return SONDE_OK;
}

static void memory_set_node(sonde_numa_node *row, const struct sondei_linux_meminfo *info) {
  row->total = info->value[SONDEI_LINUX_MEMINFO_MEM_TOTAL];
  row->valid |= SONDE_NUMA_NODE_TOTAL;
  if (sondei_linux_meminfo_has(info, SONDEI_LINUX_MEMINFO_MEM_FREE)) {
    row->free = info->value[SONDEI_LINUX_MEMINFO_MEM_FREE];
    row->valid |= SONDE_NUMA_NODE_FREE;
  }
}

/* The files of a row that has its number. */
static sonde_status memory_fill_node(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     sonde_numa_node *row) {
  char number[21];
  const char *path = NULL;
  sondei_linux_decimal(number, row->node);
  sonde_status status = sondei_linux_path(env, state, &path, NODES "/node", number, "/meminfo", NULL);
  if (status != SONDE_OK) return status;
  struct sondei_linux_meminfo info;
  status = memory_read_meminfo(env, state, &info, sondei_linux_root(env->sysfs), path);
  if (status == SONDE_OK) memory_set_node(row, &info);
  if (memory_is_fatal(env, status)) return status;
  row->status = status;

  status = sondei_linux_path(env, state, &path, NODES "/node", number, "/cpulist", NULL);
  if (status != SONDE_OK) return status;
  status = memory_fill_cpus(env, state, out, row, path);
  if (memory_is_fatal(env, status)) return status;
  if (row->status == SONDE_OK) row->status = status;
  return SONDE_OK;
}

/* A kernel without NUMA: all memory and all CPUs are one node. */
static sonde_status memory_fill_only_node(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  struct sondei_linux_meminfo info;
  sonde_status status = memory_read_meminfo(env, state, &info, sondei_linux_root(env->procfs), "meminfo");
  if (status != SONDE_OK) return status;
  sonde_numa_node *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  memory_set_node(row, &info);
  status = memory_fill_cpus(env, state, out, row, "devices/system/cpu/online");
  return memory_is_fatal(env, status) ? status : SONDE_OK;
}

static sonde_status linux_numa_node_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  size_t count = 0;
  sonde_status status = sondei_linux_numbered_entries(env, state, &count, &state->numbers, NODES, "node");
  if (status != SONDE_OK) return status;
  if (count == 0) return memory_fill_only_node(env, state, out);
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const uint32_t *const numbers = (const void *)state->numbers.data;
    sonde_numa_node *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->node = numbers[i];
    status = memory_fill_node(env, state, out, row);
  }
  return status;
}

/* ---- The C library's allocator ---------------------------------------------------------------------------------- */

#ifdef HAS_MALLINFO2
static sonde_status linux_heap_info(struct sonde_env *env, void *opaque, sonde_heap_info *out) {
  (void)opaque;
  if (!env->live) return memory_unsupported(env, "heap");
  const struct mallinfo2 info = mallinfo2();
  out->heap_used = info.uordblks;
  out->mmap_used = info.hblkhd;
  out->valid = SONDE_HEAP_USED | SONDE_HEAP_MMAP_USED;
  return SONDE_OK;
}

static sonde_status linux_heap_trim(struct sonde_env *env, void *opaque) {
  (void)opaque;
  if (!env->live) return memory_unsupported(env, "heap");
  malloc_trim(0);
  return SONDE_OK;
}
#endif

const struct sonde_memory_ops sondei_linux_memory_ops = {
    .virtual_memory = linux_virtual_memory,
    .swap_memory = linux_swap_memory,
    .swap_device_list = linux_swap_device_list,
    .numa_node_list = linux_numa_node_list,
    .stat_list = sondei_linux_memory_stat_list,
    .hugepages_list = sondei_linux_hugepages_list,
#ifdef HAS_MALLINFO2
    .heap_info = linux_heap_info,
    .heap_trim = linux_heap_trim,
#endif
};
