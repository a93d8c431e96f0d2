/* SPDX-License-Identifier: MIT */
/*
 * windows_logical_processors.h - how the CPUs hang together: GetLogicalProcessorInformationEx with RelationAll, a
 * sequence of SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX of different sizes.
 *
 * A record names CPUs by masks, one for each processor group that it touches. Masks are as wide as a pointer: 32 bits
 * wide ones of a group with more CPUs are folded, each bit standing for two CPUs.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_LOGICAL_PROCESSORS_H
#define SONDE_CORE_PARSE_WINDOWS_LOGICAL_PROCESSORS_H

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's headers. */
enum {
  SONDEI_WINDOWS_RECORD_RELATIONSHIP = 0,
  SONDEI_WINDOWS_RECORD_SIZE = 4,
  SONDEI_WINDOWS_RECORD_HEADER = 8,
  /* PROCESSOR_RELATIONSHIP: cores, packages, dies, modules. */
  SONDEI_WINDOWS_PROCESSOR_EFFICIENCY_CLASS = 9,
  SONDEI_WINDOWS_PROCESSOR_GROUP_COUNT = 30,
  SONDEI_WINDOWS_PROCESSOR_GROUP_MASK = 32,
  /* NUMA_NODE_RELATIONSHIP. */
  SONDEI_WINDOWS_NODE_NUMBER = 8,
  SONDEI_WINDOWS_NODE_GROUP_COUNT = 30,
  SONDEI_WINDOWS_NODE_GROUP_MASK = 32,
  /* CACHE_RELATIONSHIP. */
  SONDEI_WINDOWS_CACHE_LEVEL = 8,
  SONDEI_WINDOWS_CACHE_ASSOCIATIVITY = 9,
  SONDEI_WINDOWS_CACHE_LINE_SIZE = 10,
  SONDEI_WINDOWS_CACHE_SIZE = 12,
  SONDEI_WINDOWS_CACHE_TYPE = 16,
  SONDEI_WINDOWS_CACHE_GROUP_COUNT = 38,
  SONDEI_WINDOWS_CACHE_GROUP_MASK = 40,
  /* GROUP_RELATIONSHIP. */
  SONDEI_WINDOWS_GROUPS_ACTIVE_COUNT = 10,
  SONDEI_WINDOWS_GROUPS_INFO = 32,
  /* GROUP_AFFINITY: the mask, then the number of the group and three unused words. */
  SONDEI_WINDOWS_AFFINITY_REST = 8,
  /* PROCESSOR_GROUP_INFO: two counts, 38 bytes unused, then the mask. */
  SONDEI_WINDOWS_GROUP_MAX_COUNT = 0,
  SONDEI_WINDOWS_GROUP_ACTIVE_COUNT = 1,
  SONDEI_WINDOWS_GROUP_MASK = 40
};

/* Relationship, of those that are understood; others are left out. */
typedef enum sondei_windows_relation {
  SONDEI_WINDOWS_RELATION_CORE = 0,
  SONDEI_WINDOWS_RELATION_NUMA_NODE = 1,
  SONDEI_WINDOWS_RELATION_CACHE = 2,
  SONDEI_WINDOWS_RELATION_PACKAGE = 3,
  SONDEI_WINDOWS_RELATION_GROUPS = 4,
  SONDEI_WINDOWS_RELATION_DIE = 5,
  SONDEI_WINDOWS_RELATION_NUMA_NODE_EX = 6,
  SONDEI_WINDOWS_RELATION_MODULE = 7
} sondei_windows_relation;

/* Type of a cache. */
typedef enum sondei_windows_cache_type {
  SONDEI_WINDOWS_CACHE_UNIFIED = 0,
  SONDEI_WINDOWS_CACHE_INSTRUCTION = 1,
  SONDEI_WINDOWS_CACHE_DATA = 2,
  SONDEI_WINDOWS_CACHE_TRACE = 3
} sondei_windows_cache_type;

#define SONDEI_WINDOWS_CACHE_FULLY_ASSOCIATIVE 0xff

struct sondei_windows_logical_processors {
  sondei_windows_relation relation;
  uint32_t node;                     /* NUMA_NODE, NUMA_NODE_EX */
  uint32_t cache_size;               /* CACHE; bytes */
  uint32_t cache_type;               /* CACHE; sondei_windows_cache_type, or one of the future */
  uint16_t line_size;                /* CACHE */
  uint8_t efficiency_class;          /* CORE; 0 before Windows 10 */
  uint8_t level;                     /* CACHE */
  uint8_t associativity;             /* CACHE; ways, or SONDEI_WINDOWS_CACHE_FULLY_ASSOCIATIVE */
  struct sondei_windows_block parts; /* the masks, or GROUPS: the groups; for the two functions below */
};

/* Takes the next record off, unknown ones on the way to it included. False at the end. True with err->expected not
 * NULL: one that is not understood; where its size cannot be believed it is the last. */
bool sondei_windows_next_logical_processors(struct sondei_windows_logical_processors *out, sondei_parse_error *err,
                                            struct sondei_windows_block *in);

struct sondei_windows_group_affinity {
  uint64_t mask;
  uint16_t group;
};

/* Takes the next mask off a record of any relation but GROUPS. */
bool sondei_windows_next_group_affinity(struct sondei_windows_group_affinity *out,
                                        struct sondei_windows_logical_processors *in);

struct sondei_windows_processor_group {
  uint64_t active_mask;
  uint8_t max_count; /* of CPUs that it may ever have */
  uint8_t active_count;
};

/* Takes the next group off a record of GROUPS: they stand in the order of their numbers, from 0. */
bool sondei_windows_next_processor_group(struct sondei_windows_processor_group *out,
                                         struct sondei_windows_logical_processors *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_LOGICAL_PROCESSORS_H */
