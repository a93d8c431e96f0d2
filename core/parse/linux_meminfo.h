/* SPDX-License-Identifier: MIT */
/*
 * linux_meminfo.h - /proc/meminfo, and /sys/devices/system/node/nodeN/meminfo, whose rows begin with "Node N".
 *
 * A row is "Key: 123 kB", or without a unit for what is counted (HugePages_Total). The blank may be missing
 * ("ShadowCallStack:10373888 kB").
 */
#ifndef SONDE_CORE_PARSE_LINUX_MEMINFO_H
#define SONDE_CORE_PARSE_LINUX_MEMINFO_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_meminfo_row {
  sondei_span key;  /* of a row without a colon: all of it */
  uint64_t value;   /* bytes, or a count; 0 when the row was not understood */
  bool is_in_bytes; /* it had the unit kB */
};

/* Takes the next row off; blank lines are skipped. False at the end. When a row is not understood (no colon, no number,
 * another unit, more bytes than fit), err->expected says why, out->key is told all the same, and the next call goes on
 * with the next row. */
bool sondei_linux_next_meminfo(struct sondei_linux_meminfo_row *out, sondei_parse_error *err, sondei_span *in);

/* The rows that have a meaning here, about in the kernel's order. */
#define SONDEI_LINUX_MEMINFO_MAP(XX)     \
  XX(MEM_TOTAL, "MemTotal")              \
  XX(MEM_FREE, "MemFree")                \
  XX(MEM_AVAILABLE, "MemAvailable")      \
  XX(MEM_SHARED, "MemShared")            \
  XX(BUFFERS, "Buffers")                 \
  XX(CACHED, "Cached")                   \
  XX(ACTIVE, "Active")                   \
  XX(INACTIVE, "Inactive")               \
  XX(ACTIVE_FILE, "Active(file)")        \
  XX(INACTIVE_FILE, "Inactive(file)")    \
  XX(SWAP_TOTAL, "SwapTotal")            \
  XX(SWAP_FREE, "SwapFree")              \
  XX(ZSWAP, "Zswap")                     \
  XX(DIRTY, "Dirty")                     \
  XX(SHMEM, "Shmem")                     \
  XX(SLAB, "Slab")                       \
  XX(SLAB_RECLAIMABLE, "SReclaimable")   \
  XX(PAGE_TABLES, "PageTables")          \
  XX(COMMIT_LIMIT, "CommitLimit")        \
  XX(COMMITTED, "Committed_AS")          \
  XX(HUGEPAGES_TOTAL, "HugePages_Total") \
  XX(HUGEPAGES_FREE, "HugePages_Free")   \
  XX(HUGEPAGE_SIZE, "Hugepagesize")

enum sondei_linux_meminfo_field {
#define SONDEI_LINUX_MEMINFO_ENUM(name, key) SONDEI_LINUX_MEMINFO_##name,
  SONDEI_LINUX_MEMINFO_MAP(SONDEI_LINUX_MEMINFO_ENUM)
#undef SONDEI_LINUX_MEMINFO_ENUM
  SONDEI_LINUX_MEMINFO_COUNT
};

struct sondei_linux_meminfo {
  uint32_t valid;                             /* 1 << field for each that was told and understood */
  uint64_t value[SONDEI_LINUX_MEMINFO_COUNT]; /* 0 where it was not */
};

/* A whole file. The first understood row of a key counts. SONDE_ERR_PARSE: no MemTotal. */
sonde_status sondei_linux_parse_meminfo(struct sondei_linux_meminfo *out, sondei_parse_error *err, sondei_span in);

/* Whether the field was told. */
bool sondei_linux_meminfo_has(const struct sondei_linux_meminfo *info, enum sondei_linux_meminfo_field field);

#endif /* SONDE_CORE_PARSE_LINUX_MEMINFO_H */
