/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_logical_processors.h"

static void windows_advance(struct sondei_windows_block *block, size_t len) {
  const size_t before = block->bytes.len;
  sondei_span_advance(&block->bytes, len);
  block->base += before - block->bytes.len;
}

static bool windows_read_u8(const struct sondei_windows_block *block, size_t offset, uint8_t *out) {
  uint64_t value = 0;
  if (!sondei_windows_read(block, offset, sizeof *out, &value)) return false;
  *out = (uint8_t)value;
  return true;
}

/* The parts of one size that lie at offset, as many as the number at count_offset says; `least` where that is less. */
static bool windows_read_parts(struct sondei_windows_block *out, const struct sondei_windows_block *record,
                               size_t count_offset, size_t offset, size_t part_size, uint16_t least) {
  uint16_t count = 0;
  if (!sondei_windows_read_u16(record, count_offset, &count)) return false;
  if (count < least) count = least;
  if (record->bytes.len < offset || (record->bytes.len - offset) / part_size < count) return false;
  *out = *record;
  windows_advance(out, offset);
  out->bytes.len = count * part_size;
  return true;
}

static bool windows_read_cache(struct sondei_windows_logical_processors *out,
                               const struct sondei_windows_block *record) {
  return windows_read_u8(record, SONDEI_WINDOWS_CACHE_LEVEL, &out->level) &&
         windows_read_u8(record, SONDEI_WINDOWS_CACHE_ASSOCIATIVITY, &out->associativity) &&
         sondei_windows_read_u16(record, SONDEI_WINDOWS_CACHE_LINE_SIZE, &out->line_size) &&
         sondei_windows_read_u32(record, SONDEI_WINDOWS_CACHE_SIZE, &out->cache_size) &&
         sondei_windows_read_u32(record, SONDEI_WINDOWS_CACHE_TYPE, &out->cache_type);
}

/* *known false: a relationship of the future, or with the size of one that was changed. */
static bool windows_read_record(struct sondei_windows_logical_processors *out, bool *known, uint32_t relationship,
                                const struct sondei_windows_block *record) {
  const size_t affinity_size = record->pointer_size + SONDEI_WINDOWS_AFFINITY_REST;
  struct sondei_windows_logical_processors read = {0};
  bool is_whole = false;
  *known = true;
  read.relation = (sondei_windows_relation)relationship;
  switch (relationship) {
    case SONDEI_WINDOWS_RELATION_CORE:
    case SONDEI_WINDOWS_RELATION_PACKAGE:
    case SONDEI_WINDOWS_RELATION_DIE:
    case SONDEI_WINDOWS_RELATION_MODULE:
      is_whole = windows_read_u8(record, SONDEI_WINDOWS_PROCESSOR_EFFICIENCY_CLASS, &read.efficiency_class) &&
                 windows_read_parts(&read.parts, record, SONDEI_WINDOWS_PROCESSOR_GROUP_COUNT,
                                    SONDEI_WINDOWS_PROCESSOR_GROUP_MASK, affinity_size, 0);
      break;
    case SONDEI_WINDOWS_RELATION_NUMA_NODE: /* the count is 0 before Windows 10 20H2, for one mask */
    case SONDEI_WINDOWS_RELATION_NUMA_NODE_EX:
      is_whole = sondei_windows_read_u32(record, SONDEI_WINDOWS_NODE_NUMBER, &read.node) &&
                 windows_read_parts(&read.parts, record, SONDEI_WINDOWS_NODE_GROUP_COUNT,
                                    SONDEI_WINDOWS_NODE_GROUP_MASK, affinity_size, 1);
      break;
    case SONDEI_WINDOWS_RELATION_CACHE: /* likewise */
      is_whole =
          windows_read_cache(&read, record) && windows_read_parts(&read.parts, record, SONDEI_WINDOWS_CACHE_GROUP_COUNT,
                                                                  SONDEI_WINDOWS_CACHE_GROUP_MASK, affinity_size, 1);
      break;
    case SONDEI_WINDOWS_RELATION_GROUPS:
      is_whole = windows_read_parts(&read.parts, record, SONDEI_WINDOWS_GROUPS_ACTIVE_COUNT, SONDEI_WINDOWS_GROUPS_INFO,
                                    SONDEI_WINDOWS_GROUP_MASK + record->pointer_size, 0);
      break;
    default:
      *known = false;
      return true;
  }
  if (is_whole) *out = read;
  return is_whole;
}

bool sondei_windows_next_logical_processors(struct sondei_windows_logical_processors *out, sondei_parse_error *err,
                                            struct sondei_windows_block *in) {
  const size_t whole = in->bytes.len;
  *err = (sondei_parse_error){0, NULL};
  while (in->bytes.len > 0) {
    const size_t position = whole - in->bytes.len;
    struct sondei_windows_block record = *in;
    uint32_t relationship = 0;
    uint32_t size = 0;
    bool known = false;
    if (!sondei_windows_read_u32(in, SONDEI_WINDOWS_RECORD_RELATIONSHIP, &relationship) ||
        !sondei_windows_read_u32(in, SONDEI_WINDOWS_RECORD_SIZE, &size) || size < SONDEI_WINDOWS_RECORD_HEADER ||
        size > in->bytes.len) {
      windows_advance(in, in->bytes.len);
      *err = (sondei_parse_error){position, "a record and its size"};
      return true;
    }
    record.bytes.len = size;
    windows_advance(in, size);
    if (!windows_read_record(out, &known, relationship, &record)) {
      *err = (sondei_parse_error){position, "a whole record of its relationship"};
      return true;
    }
    if (known) return true;
  }
  return false;
}

bool sondei_windows_next_group_affinity(struct sondei_windows_group_affinity *out,
                                        struct sondei_windows_logical_processors *in) {
  const size_t mask_size = in->parts.pointer_size;
  if (in->relation == SONDEI_WINDOWS_RELATION_GROUPS || in->parts.bytes.len == 0 ||
      !sondei_windows_read_pointer(&in->parts, 0, &out->mask) ||
      !sondei_windows_read_u16(&in->parts, mask_size, &out->group)) {
    return false;
  }
  windows_advance(&in->parts, mask_size + SONDEI_WINDOWS_AFFINITY_REST);
  return true;
}

bool sondei_windows_next_processor_group(struct sondei_windows_processor_group *out,
                                         struct sondei_windows_logical_processors *in) {
  if (in->relation != SONDEI_WINDOWS_RELATION_GROUPS || in->parts.bytes.len == 0 ||
      !windows_read_u8(&in->parts, SONDEI_WINDOWS_GROUP_MAX_COUNT, &out->max_count) ||
      !windows_read_u8(&in->parts, SONDEI_WINDOWS_GROUP_ACTIVE_COUNT, &out->active_count) ||
      !sondei_windows_read_pointer(&in->parts, SONDEI_WINDOWS_GROUP_MASK, &out->active_mask)) {
    return false;
  }
  windows_advance(&in->parts, SONDEI_WINDOWS_GROUP_MASK + in->parts.pointer_size);
  return true;
}
