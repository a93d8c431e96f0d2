/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_memory.h"

#include "backends/windows/windows_cpu.h"
#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_page_files.h"
#include "core/parse/windows_performance.h"

enum {
  MEMORY_CLASS_PERFORMANCE = 2,
  MEMORY_CLASS_PAGE_FILES = 18,
  MEMORY_CLASS_FILE_CACHE = 21,
  MEMORY_CLASS_LIST = 80,
  MEMORY_PATH_PREFIX = 8 /* the bytes of "\??\" in UTF-16 */
};

#define MEMORY_PAGE_FILES_NAME "SystemPageFileInformation"

/* Declared from the documented layout: the headers of Windows have no such struct. */
struct windows_page_file_layout {
  ULONG next;
  ULONG total;
  ULONG used;
  ULONG peak;
  UNICODE_STRING name;
};
_Static_assert(offsetof(struct windows_page_file_layout, next) == SONDEI_WINDOWS_PAGE_FILE_NEXT, "layout");
_Static_assert(offsetof(struct windows_page_file_layout, total) == SONDEI_WINDOWS_PAGE_FILE_TOTAL, "layout");
_Static_assert(offsetof(struct windows_page_file_layout, used) == SONDEI_WINDOWS_PAGE_FILE_USED, "layout");
_Static_assert(offsetof(struct windows_page_file_layout, peak) == SONDEI_WINDOWS_PAGE_FILE_PEAK, "layout");
_Static_assert(offsetof(struct windows_page_file_layout, name) == SONDEI_WINDOWS_PAGE_FILE_NAME, "layout");
_Static_assert(sizeof(UNICODE_STRING) == 2 * sizeof(void *), "layout");

static sonde_status memory_query_performance(struct sonde_env *env, struct windows_state *state,
                                             PERFORMANCE_INFORMATION *out) {
  *out = (PERFORMANCE_INFORMATION){0};
  if (state->os->GetPerformanceInfo(out, sizeof *out)) return SONDE_OK;
  return sondei_windows_fail(env, GetLastError(), "GetPerformanceInfo", "");
}

/* ---- virtual_memory ---------------------------------------------------------------------------------------------- */

static sonde_status windows_virtual_memory(struct sonde_env *env, void *opaque, sonde_virtual_memory *out) {
  PERFORMANCE_INFORMATION info;
  const sonde_status status = memory_query_performance(env, opaque, &info);
  if (status != SONDE_OK) return status;
  const uint64_t page = info.PageSize;
  out->page_size = page;
  out->total = info.PhysicalTotal * page;
  out->available = (info.PhysicalAvailable < info.PhysicalTotal ? info.PhysicalAvailable : info.PhysicalTotal) * page;
  out->used = out->total - out->available;
  out->free = out->available;
  out->cached = info.SystemCache * page;
  out->wired = info.KernelNonpaged * page;
  out->committed = info.CommitTotal * page;
  out->commit_limit = info.CommitLimit * page;
  out->valid = SONDE_MEMORY_TOTAL | SONDE_MEMORY_AVAILABLE | SONDE_MEMORY_USED | SONDE_MEMORY_FREE |
               SONDE_MEMORY_CACHED | SONDE_MEMORY_WIRED | SONDE_MEMORY_COMMITTED | SONDE_MEMORY_COMMIT_LIMIT;
  return SONDE_OK;
}

/* ---- swap_memory, swap_device_list ------------------------------------------------------------------------------- */

static sonde_status memory_query_page_files(struct sonde_env *env, struct windows_state *state,
                                            struct sondei_windows_page_files *out) {
  *out = (struct sondei_windows_page_files){0};
  return sondei_windows_query_system(env, state, &state->data, &out->block, MEMORY_CLASS_PAGE_FILES,
                                     MEMORY_PAGE_FILES_NAME);
}

static sonde_status memory_fail_page_file(struct sonde_env *env, const sondei_parse_error *err) {
  return sonde_env_fail_parse(env, err->expected, err->position, MEMORY_PAGE_FILES_NAME,
                              sizeof MEMORY_PAGE_FILES_NAME - 1);
}

static sonde_status windows_swap_memory(struct sonde_env *env, void *opaque, sonde_swap_memory *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_page_files files;
  struct sondei_windows_page_file file = {0};
  sondei_parse_error err;
  PERFORMANCE_INFORMATION info;
  sonde_status status = memory_query_performance(env, state, &info);
  if (status != SONDE_OK) return status;
  const uint64_t page = info.PageSize;
  status = memory_query_page_files(env, state, &files);
  if (status == SONDE_ERR_NO_MEMORY) return status;
  if (status != SONDE_OK) {
    /* What can be committed is physical memory and page files. How much of these is used is not told. */
    if (info.CommitLimit > info.PhysicalTotal) out->total = (info.CommitLimit - info.PhysicalTotal) * page;
    out->valid = SONDE_SWAP_TOTAL;
    return SONDE_OK;
  }
  while (sondei_windows_next_page_file(&file, &err, &files)) {
    if (err.expected != NULL) return memory_fail_page_file(env, &err);
    out->total += file.total * page;
    out->used += file.used * page;
  }
  if (out->used > out->total) out->used = out->total;
  out->free = out->total - out->used;
  out->valid = SONDE_SWAP_TOTAL | SONDE_SWAP_USED | SONDE_SWAP_FREE;
  return SONDE_OK;
}

/* Without what leads to the names of the kernel that programs know as letters of drives. */
static sondei_span memory_path(sondei_span name) {
  static const char prefix[MEMORY_PATH_PREFIX] = {'\\', 0, '?', 0, '?', 0, '\\', 0};
  for (size_t i = 0; i < sizeof prefix; i++) {
    if (i >= name.len || name.data[i] != prefix[i]) return name;
  }
  sondei_span_advance(&name, sizeof prefix);
  return name;
}

static sonde_status windows_swap_device_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_page_files files;
  struct sondei_windows_page_file file = {0};
  sondei_parse_error err;
  PERFORMANCE_INFORMATION info;
  sonde_status status = memory_query_performance(env, state, &info);
  if (status == SONDE_OK) status = memory_query_page_files(env, state, &files);
  while (status == SONDE_OK && sondei_windows_next_page_file(&file, &err, &files)) {
    sonde_swap_device *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    if (err.expected != NULL) {
      row->status = memory_fail_page_file(env, &err);
      continue;
    }
    row->total = file.total * (uint64_t)info.PageSize;
    row->used = file.used * (uint64_t)info.PageSize;
    row->peak = file.peak * (uint64_t)info.PageSize;
    row->valid = SONDE_SWAP_DEVICE_USED | SONDE_SWAP_DEVICE_PEAK;
    status = sondei_windows_string(env, state, out, &row->name, memory_path(file.name));
    if (status == SONDE_OK) status = sonde_fill_string(out, &row->type, "file", 4);
  }
  return status;
}

/* ---- numa_node_list ---------------------------------------------------------------------------------------------- */

/* Takes the record of one node off. False: it has none, for it has no CPUs. */
static bool memory_find_node(struct sondei_windows_logical_processors *out, struct sondei_windows_block in,
                             uint32_t node) {
  sondei_parse_error err;
  while (sondei_windows_next_logical_processors(out, &err, &in)) {
    const bool is_node =
        out->relation == SONDEI_WINDOWS_RELATION_NUMA_NODE || out->relation == SONDEI_WINDOWS_RELATION_NUMA_NODE_EX;
    if (err.expected == NULL && is_node && out->node == node) return true;
  }
  return false;
}

/* Nothing that Windows tells has this number where it has neither CPUs nor memory. */
static sonde_status memory_add_node(struct sonde_env *env, struct windows_state *state, struct sonde_fill *out,
                                    const struct windows_active_cpus *cpus, struct sondei_windows_block records,
                                    uint32_t node) {
  struct sondei_windows_logical_processors record = {0};
  ULONGLONG available = 0;
  sonde_numa_node *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->node = node;
  if (state->os->GetNumaAvailableMemoryNodeEx((USHORT)node, &available)) {
    row->free = available;
    row->valid |= SONDE_NUMA_NODE_FREE;
  } else {
    const DWORD code = GetLastError();
    if (code != ERROR_INVALID_PARAMETER) (void)sondei_windows_fail(env, code, "GetNumaAvailableMemoryNodeEx", "");
  }
  if (!memory_find_node(&record, records, node)) {
    if (row->valid == 0) sonde_fill_drop_row(out);
    return SONDE_OK;
  }
  if (sondei_windows_is_folded(cpus)) return SONDE_OK;
  row->valid |= SONDE_NUMA_NODE_CPUS;
  return sondei_windows_fill_cpus(out, &row->cpus, &row->num_cpus, cpus, &record);
}

static sonde_status windows_numa_node_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  struct sondei_windows_block records = {0};
  struct sondei_windows_logical_processors record = {0};
  struct sondei_windows_block rest;
  sondei_parse_error err;
  ULONG highest = 0;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status != SONDE_OK) return status;
  if (!state->os->GetNumaHighestNodeNumber(&highest)) {
    return sondei_windows_fail(env, GetLastError(), "GetNumaHighestNodeNumber", "");
  }
  if (highest > UINT16_MAX) highest = UINT16_MAX; /* nodes are USHORTs to every other call */
  status = sondei_windows_query_nodes(env, state, &records);
  rest = records;
  while (status == SONDE_OK && sondei_windows_next_logical_processors(&record, &err, &rest)) {
    if (err.expected != NULL) status = sondei_windows_fail_processors(env, &err);
  }
  for (ULONG node = 0; status == SONDE_OK && node <= highest; node++) {
    status = memory_add_node(env, state, out, &cpus, records, node);
  }
  return status;
}

/* ---- stat_list --------------------------------------------------------------------------------------------------- */

static sonde_status memory_add_stat(struct sonde_fill *out, const char *source, const char *name, uint64_t value,
                                    sonde_unit unit) {
  const sondei_span words[] = {sondei_span_text(source), sondei_span_text(name)};
  sonde_memory_stat *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->value = value;
  row->unit = unit;
  const sonde_status status = sonde_fill_string(out, &row->source, words[0].data, words[0].len);
  return status == SONDE_OK ? sonde_fill_string(out, &row->name, words[1].data, words[1].len) : status;
}

static sonde_status memory_add_performance(struct sonde_env *env, struct windows_state *state, struct sonde_fill *out) {
  PERFORMANCE_INFORMATION info;
  sonde_status status = memory_query_performance(env, state, &info);
  const struct {
    const char *name;
    SIZE_T value;
  } stats[] = {
      {"CommitTotal", info.CommitTotal},
      {"CommitLimit", info.CommitLimit},
      {"CommitPeak", info.CommitPeak},
      {"PhysicalTotal", info.PhysicalTotal},
      {"PhysicalAvailable", info.PhysicalAvailable},
      {"SystemCache", info.SystemCache},
      {"KernelTotal", info.KernelTotal},
      {"KernelPaged", info.KernelPaged},
      {"KernelNonpaged", info.KernelNonpaged},
  };
  for (size_t i = 0; status == SONDE_OK && i < sizeof stats / sizeof stats[0]; i++) {
    status = memory_add_stat(out, "PerformanceInfo", stats[i].name, stats[i].value, SONDE_UNIT_PAGES);
  }
  return status;
}

static sonde_status memory_add_counters(struct sonde_env *env, struct windows_state *state, struct sonde_fill *out,
                                        unsigned information, sondei_windows_counters_class kind, const char *name) {
  struct sondei_windows_counters in = {kind, {{NULL, 0}, 0, 0}, 0};
  struct sondei_windows_counter counter;
  sonde_status status = sondei_windows_query_system(env, state, &state->data, &in.block, information, name);
  if (status != SONDE_OK) return status == SONDE_ERR_NO_MEMORY ? status : SONDE_OK; /* this Windows has none of them */
  while (status == SONDE_OK && sondei_windows_next_counter(&counter, &in)) {
    status = memory_add_stat(out, name, counter.name, counter.value, counter.unit);
  }
  return status;
}

static sonde_status windows_memory_stat_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  static const struct {
    unsigned information;
    sondei_windows_counters_class kind;
    const char *name;
  } classes[] = {
      {MEMORY_CLASS_PERFORMANCE, SONDEI_WINDOWS_PERFORMANCE, "SystemPerformanceInformation"},
      {MEMORY_CLASS_FILE_CACHE, SONDEI_WINDOWS_FILE_CACHE, "SystemFileCacheInformation"},
      {MEMORY_CLASS_LIST, SONDEI_WINDOWS_MEMORY_LIST, "SystemMemoryListInformation"},
  };
  struct windows_state *const state = opaque;
  sonde_status status = memory_add_performance(env, state, out);
  for (size_t i = 0; status == SONDE_OK && i < sizeof classes / sizeof classes[0]; i++) {
    status = memory_add_counters(env, state, out, classes[i].information, classes[i].kind, classes[i].name);
  }
  return status;
}

/* ---- heap_info, heap_trim ---------------------------------------------------------------------------------------- */

/* The heaps that nobody may destroy while they are looked at: that of the process, and that of the C library where this
 * is another. Returns how many. Other heaps can be counted, but not walked: their owners may end them meanwhile. */
static size_t memory_heaps(const struct windows_os *os, HANDLE heaps[2]) {
  size_t count = 0;
  heaps[count++] = os->GetProcessHeap();
  heaps[count] = (HANDLE)os->_get_heap_handle();
  if (heaps[count] != NULL && heaps[count] != heaps[0]) count++;
  return count;
}

/* Adds the bytes of the blocks that are in use. */
static sonde_status memory_walk_heap(struct sonde_env *env, const struct windows_os *os, HANDLE heap, uint64_t *used) {
  PROCESS_HEAP_ENTRY entry = {0};
  if (!os->HeapLock(heap)) return sondei_windows_fail(env, GetLastError(), "HeapLock", "");
  while (os->HeapWalk(heap, &entry)) {
    if ((entry.wFlags & PROCESS_HEAP_ENTRY_BUSY) == 0) continue;
    /* cbData has 32 bits, and blocks may be larger. */
    const SIZE_T size = os->HeapSize(heap, 0, entry.lpData);
    *used += size != (SIZE_T)-1 ? size : entry.cbData;
  }
  const DWORD code = GetLastError();
  os->HeapUnlock(heap);
  return code == ERROR_NO_MORE_ITEMS ? SONDE_OK : sondei_windows_fail(env, code, "HeapWalk", "");
}

/* What was committed with VirtualAlloc, of the whole address space. */
static uint64_t memory_private(const struct windows_os *os) {
  MEMORY_BASIC_INFORMATION region;
  uintptr_t at = 0;
  uint64_t bytes = 0;
  while (os->VirtualQuery((const void *)at, &region, sizeof region) == sizeof region) {
    const uintptr_t end = (uintptr_t)region.BaseAddress + region.RegionSize;
    if (region.State == MEM_COMMIT && region.Type == MEM_PRIVATE) bytes += region.RegionSize;
    if (end <= at) break;
    at = end;
  }
  return bytes;
}

static sonde_status windows_heap_info(struct sonde_env *env, void *opaque, sonde_heap_info *out) {
  const struct windows_state *const state = opaque;
  HANDLE heaps[2];
  const size_t count = memory_heaps(state->os, heaps);
  for (size_t i = 0; i < count; i++) {
    const sonde_status status = memory_walk_heap(env, state->os, heaps[i], &out->heap_used);
    if (status != SONDE_OK) return status;
  }
  out->mmap_used = memory_private(state->os);
  out->heap_count = state->os->GetProcessHeaps(0, NULL);
  out->valid = SONDE_HEAP_USED | SONDE_HEAP_MMAP_USED;
  if (out->heap_count > 0) out->valid |= SONDE_HEAP_COUNT;
  return SONDE_OK;
}

/* HeapCompact tells how large the largest free block is: 0 is no failure. */
static sonde_status windows_heap_trim(struct sonde_env *env, void *opaque) {
  const struct windows_state *const state = opaque;
  HANDLE heaps[2];
  const size_t count = memory_heaps(state->os, heaps);
  (void)env;
  for (size_t i = 0; i < count; i++) (void)state->os->HeapCompact(heaps[i], 0);
  return SONDE_OK;
}

const struct sonde_memory_ops sondei_windows_memory_ops = {
    .virtual_memory = windows_virtual_memory,
    .swap_memory = windows_swap_memory,
    .swap_device_list = windows_swap_device_list,
    .numa_node_list = windows_numa_node_list,
    .stat_list = windows_memory_stat_list,
    .heap_info = windows_heap_info,
    .heap_trim = windows_heap_trim,
};
