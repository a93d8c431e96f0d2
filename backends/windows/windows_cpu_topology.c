/* SPDX-License-Identifier: MIT */
/* CPUs: where they sit, and the caches they share. */
#include "backends/windows/windows_cpu.h"

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"

#define WINDOWS_RECORD_AT(member) offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, member)
_Static_assert(WINDOWS_RECORD_AT(Relationship) == SONDEI_WINDOWS_RECORD_RELATIONSHIP, "layout");
_Static_assert(WINDOWS_RECORD_AT(Size) == SONDEI_WINDOWS_RECORD_SIZE, "layout");
_Static_assert(WINDOWS_RECORD_AT(Processor) == SONDEI_WINDOWS_RECORD_HEADER, "layout");
_Static_assert(WINDOWS_RECORD_AT(Processor.Flags) + 1 == SONDEI_WINDOWS_PROCESSOR_EFFICIENCY_CLASS, "layout");
_Static_assert(WINDOWS_RECORD_AT(Processor.GroupCount) == SONDEI_WINDOWS_PROCESSOR_GROUP_COUNT, "layout");
_Static_assert(WINDOWS_RECORD_AT(Processor.GroupMask) == SONDEI_WINDOWS_PROCESSOR_GROUP_MASK, "layout");
_Static_assert(WINDOWS_RECORD_AT(NumaNode.NodeNumber) == SONDEI_WINDOWS_NODE_NUMBER, "layout");
_Static_assert(WINDOWS_RECORD_AT(NumaNode.GroupMask) == SONDEI_WINDOWS_NODE_GROUP_MASK, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.Level) == SONDEI_WINDOWS_CACHE_LEVEL, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.Associativity) == SONDEI_WINDOWS_CACHE_ASSOCIATIVITY, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.LineSize) == SONDEI_WINDOWS_CACHE_LINE_SIZE, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.CacheSize) == SONDEI_WINDOWS_CACHE_SIZE, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.Type) == SONDEI_WINDOWS_CACHE_TYPE, "layout");
_Static_assert(WINDOWS_RECORD_AT(Cache.GroupMask) == SONDEI_WINDOWS_CACHE_GROUP_MASK, "layout");
_Static_assert(WINDOWS_RECORD_AT(Group.ActiveGroupCount) == SONDEI_WINDOWS_GROUPS_ACTIVE_COUNT, "layout");
_Static_assert(WINDOWS_RECORD_AT(Group.GroupInfo) == SONDEI_WINDOWS_GROUPS_INFO, "layout");
_Static_assert(sizeof(GROUP_AFFINITY) == sizeof(KAFFINITY) + SONDEI_WINDOWS_AFFINITY_REST, "layout");
_Static_assert(sizeof(KAFFINITY) == sizeof(void *), "layout");
_Static_assert(offsetof(PROCESSOR_GROUP_INFO, ActiveProcessorCount) == SONDEI_WINDOWS_GROUP_ACTIVE_COUNT, "layout");
_Static_assert(offsetof(PROCESSOR_GROUP_INFO, ActiveProcessorMask) == SONDEI_WINDOWS_GROUP_MASK, "layout");

enum {
  TOPOLOGY_RELATION_NUMA_NODE_EX = 6, /* RelationNumaNodeEx: Windows Server 2022 */
  TOPOLOGY_MASK_BITS = 64,
  TOPOLOGY_NARROW_BITS = 32
};

bool sondei_windows_is_folded(const struct windows_active_cpus *cpus) {
  for (size_t i = 0; sizeof(KAFFINITY) == sizeof(uint32_t) && i < cpus->groups.count; i++) {
    if (cpus->groups.maximum[i] > TOPOLOGY_NARROW_BITS) return true;
  }
  return false;
}

/* ---- The records ------------------------------------------------------------------------------------------------- */

/* *code, not ERROR_SUCCESS: what GetLogicalProcessorInformationEx failed with. Not SONDE_OK: there is no memory. */
static sonde_status topology_query(struct sonde_env *env, struct windows_state *state, struct sondei_windows_block *out,
                                   DWORD *code, LOGICAL_PROCESSOR_RELATIONSHIP relation) {
  struct sonde_buffer *const buffer = &state->data;
  unsigned tries = 0;
  for (;;) {
    void *const data = buffer->data;
    const DWORD size = buffer->capacity < UINT32_MAX ? (DWORD)buffer->capacity : UINT32_MAX;
    DWORD told = size;
    sonde_status status = SONDE_OK;
    if (state->os->GetLogicalProcessorInformationEx(relation, data, &told)) {
      *code = ERROR_SUCCESS;
      *out = (struct sondei_windows_block){sondei_span_of(data, told < size ? told : size), (uintptr_t)data,
                                           sizeof(void *)};
      return SONDE_OK;
    }
    *code = GetLastError();
    if (*code != ERROR_INSUFFICIENT_BUFFER) return SONDE_OK;
    if (!sondei_windows_grow_more(env, buffer, told, &tries, &status)) return status;
  }
}

static sonde_status topology_fail(struct sonde_env *env, DWORD code) {
  return sondei_windows_fail(env, code, "GetLogicalProcessorInformationEx", "");
}

sonde_status sondei_windows_query_processors(struct sonde_env *env, struct windows_state *state,
                                             struct sondei_windows_block *out,
                                             LOGICAL_PROCESSOR_RELATIONSHIP relation) {
  DWORD code = ERROR_SUCCESS;
  const sonde_status status = topology_query(env, state, out, &code, relation);
  if (status != SONDE_OK) return status;
  return code == ERROR_SUCCESS ? SONDE_OK : topology_fail(env, code);
}

sonde_status sondei_windows_query_nodes(struct sonde_env *env, struct windows_state *state,
                                        struct sondei_windows_block *out) {
  DWORD code = ERROR_SUCCESS;
  const sonde_status status =
      topology_query(env, state, out, &code, (LOGICAL_PROCESSOR_RELATIONSHIP)TOPOLOGY_RELATION_NUMA_NODE_EX);
  if (status != SONDE_OK) return status;
  if (code == ERROR_SUCCESS && out->bytes.len > 0) return SONDE_OK;
  return sondei_windows_query_processors(env, state, out, RelationNumaNode);
}

sonde_status sondei_windows_fail_processors(struct sonde_env *env, const sondei_parse_error *err) {
  static const char subject[] = "GetLogicalProcessorInformationEx";
  return sonde_env_fail_parse(env, err->expected, err->position, subject, sizeof subject - 1);
}

/* Takes the next active CPU off what is left of the masks: *bits is what of *affinity was not taken yet, 0 at first. */
static bool topology_next_cpu(uint32_t *index, struct sondei_windows_group_affinity *affinity, uint64_t *bits,
                              struct sondei_windows_logical_processors *record,
                              const struct windows_active_cpus *cpus) {
  for (;;) {
    while (*bits == 0) {
      if (!sondei_windows_next_group_affinity(affinity, record)) return false;
      *bits = affinity->mask;
    }
    uint8_t number = 0;
    while ((*bits >> number & 1) == 0) number++;
    *bits &= *bits - 1;
    const struct sondei_windows_processor place = {affinity->group, number};
    if (sondei_windows_active_index(index, cpus, place)) return true;
  }
}

sonde_status sondei_windows_fill_cpus(struct sonde_fill *fill, const uint32_t **out, size_t *count,
                                      const struct windows_active_cpus *cpus,
                                      const struct sondei_windows_logical_processors *record) {
  struct sondei_windows_logical_processors rest = *record;
  struct sondei_windows_group_affinity affinity = {0};
  struct sondei_windows_processor place;
  uint64_t bits = 0;
  uint32_t index = 0;
  size_t found = 0;
  while (topology_next_cpu(&index, &affinity, &bits, &rest, cpus)) found++;
  uint32_t *const ids = sonde_fill_array(fill, found, sizeof *ids);
  if (ids == NULL) return SONDE_ERR_NO_MEMORY;
  rest = *record;
  for (size_t i = 0; topology_next_cpu(&index, &affinity, &bits, &rest, cpus); i++) {
    sondei_windows_active_cpu(&place, &ids[i], cpus, index);
  }
  *out = ids;
  *count = found;
  return SONDE_OK;
}

/* ---- Topology ---------------------------------------------------------------------------------------------------- */

static sonde_status topology_add_rows(struct sonde_fill *out, const struct windows_active_cpus *cpus) {
  for (uint32_t i = 0; i < cpus->count; i++) {
    struct sondei_windows_processor place = {0, 0};
    sonde_cpu_topology *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    sondei_windows_active_cpu(&place, &row->cpu, cpus, i);
    row->online = true;
    row->group = place.group;
    row->valid = SONDE_CPU_TOPOLOGY_GROUP;
  }
  return SONDE_OK;
}

/* How many packages, dies ... there were before. */
struct topology_numbers {
  uint32_t package;
  uint32_t die;
  uint32_t cluster;
  uint32_t core;
};

/* Puts what a record tells of its CPUs into their rows. Records have no numbers but those of nodes: they are counted.
 */
static void topology_fill_record(struct sonde_fill *out, const struct windows_active_cpus *cpus,
                                 struct sondei_windows_logical_processors *record,
                                 const struct topology_numbers *numbers) {
  struct sondei_windows_group_affinity affinity = {0};
  uint64_t bits = 0;
  uint32_t index = 0;
  while (topology_next_cpu(&index, &affinity, &bits, record, cpus)) {
    sonde_cpu_topology *const row = sonde_fill_at(out, index);
    switch (record->relation) {
      case SONDEI_WINDOWS_RELATION_CORE:
        row->core = numbers->core;
        row->efficiency_class = record->efficiency_class;
        row->valid |= SONDE_CPU_TOPOLOGY_CORE | SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS;
        break;
      case SONDEI_WINDOWS_RELATION_PACKAGE:
        row->package = numbers->package;
        row->valid |= SONDE_CPU_TOPOLOGY_PACKAGE;
        break;
      case SONDEI_WINDOWS_RELATION_DIE:
        row->die = numbers->die;
        row->valid |= SONDE_CPU_TOPOLOGY_DIE;
        break;
      case SONDEI_WINDOWS_RELATION_MODULE:
        row->cluster = numbers->cluster;
        row->valid |= SONDE_CPU_TOPOLOGY_CLUSTER;
        break;
      case SONDEI_WINDOWS_RELATION_NUMA_NODE:
      case SONDEI_WINDOWS_RELATION_NUMA_NODE_EX:
        row->numa_node = record->node;
        row->valid |= SONDE_CPU_TOPOLOGY_NUMA_NODE;
        break;
      case SONDEI_WINDOWS_RELATION_CACHE:
      case SONDEI_WINDOWS_RELATION_GROUPS:
        return;
    }
  }
}

static sonde_status topology_fill_rows(struct sonde_env *env, struct sonde_fill *out,
                                       const struct windows_active_cpus *cpus, struct sondei_windows_block in) {
  struct sondei_windows_logical_processors record = {0};
  struct topology_numbers numbers = {0};
  sondei_parse_error err;
  while (sondei_windows_next_logical_processors(&record, &err, &in)) {
    if (err.expected != NULL) return sondei_windows_fail_processors(env, &err);
    topology_fill_record(out, cpus, &record, &numbers);
    if (record.relation == SONDEI_WINDOWS_RELATION_PACKAGE) numbers.package++;
    if (record.relation == SONDEI_WINDOWS_RELATION_DIE) numbers.die++;
    if (record.relation == SONDEI_WINDOWS_RELATION_MODULE) numbers.cluster++;
    if (record.relation == SONDEI_WINDOWS_RELATION_CORE) numbers.core++;
  }
  return SONDE_OK;
}

sonde_status sondei_windows_cpu_topology_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  struct sondei_windows_block block = {0};
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status == SONDE_OK) status = topology_add_rows(out, &cpus);
  if (status != SONDE_OK || sondei_windows_is_folded(&cpus)) return status;
  status = sondei_windows_query_processors(env, state, &block, RelationAll);
  if (status == SONDE_OK) status = topology_fill_rows(env, out, &cpus, block);
  if (status != SONDE_OK) return status;
  status = sondei_windows_query_nodes(env, state, &block);
  if (status == SONDE_OK) status = topology_fill_rows(env, out, &cpus, block);
  return status == SONDE_ERR_NO_MEMORY ? status : SONDE_OK; /* without them, the nodes are not told */
}

/* ---- Caches ------------------------------------------------------------------------------------------------------ */

static sonde_cpu_cache_type cache_type(uint32_t type) {
  switch (type) {
    case SONDEI_WINDOWS_CACHE_UNIFIED:
      return SONDE_CACHE_UNIFIED;
    case SONDEI_WINDOWS_CACHE_INSTRUCTION:
      return SONDE_CACHE_INSTRUCTION;
    case SONDEI_WINDOWS_CACHE_DATA:
      return SONDE_CACHE_DATA;
    default:
      return SONDE_CACHE_UNKNOWN;
  }
}

static sonde_status cache_add(struct sonde_fill *out, const struct windows_active_cpus *cpus,
                              const struct sondei_windows_logical_processors *record) {
  sonde_cpu_cache *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->level = record->level;
  row->type = cache_type(record->cache_type);
  row->size = record->cache_size;
  row->line_size = record->line_size;
  row->ways = record->associativity == SONDEI_WINDOWS_CACHE_FULLY_ASSOCIATIVE ? 0 : record->associativity;
  if (record->cache_size != 0) row->valid |= SONDE_CPU_CACHE_SIZE;
  if (record->line_size != 0) row->valid |= SONDE_CPU_CACHE_LINE_SIZE;
  if (record->associativity != 0) row->valid |= SONDE_CPU_CACHE_WAYS;
  if (sondei_windows_is_folded(cpus)) return SONDE_OK;
  row->valid |= SONDE_CPU_CACHE_CPUS;
  return sondei_windows_fill_cpus(out, &row->cpus, &row->num_cpus, cpus, record);
}

sonde_status sondei_windows_cpu_cache_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  struct sondei_windows_block in = {0};
  struct sondei_windows_logical_processors record = {0};
  sondei_parse_error err;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status == SONDE_OK) status = sondei_windows_query_processors(env, state, &in, RelationCache);
  while (status == SONDE_OK && sondei_windows_next_logical_processors(&record, &err, &in)) {
    if (err.expected != NULL) return sondei_windows_fail_processors(env, &err);
    if (record.relation == SONDEI_WINDOWS_RELATION_CACHE) status = cache_add(out, &cpus, &record);
  }
  return status;
}
