/* SPDX-License-Identifier: MIT */
/*
 * linux_smaps.h - /proc/PID/maps, smaps and smaps_rollup: mappings, and in the latter two their sizes.
 *
 * A mapping begins with a line "start-end perms offset device inode path"; in smaps lines "Key: 12 kB" follow it. The
 * path is the rest of the first line, whatever it holds; the kernel writes a newline in it as \012. Keys that are new,
 * have no unit or no value are passed over.
 */
#ifndef SONDE_CORE_PARSE_LINUX_SMAPS_H
#define SONDE_CORE_PARSE_LINUX_SMAPS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_mapping {
  uint64_t start;
  uint64_t end;
  sondei_span perms; /* four letters: "r-xp" */
  uint64_t offset;
  uint32_t dev_major;
  uint32_t dev_minor;
  uint64_t inode;
  sondei_span path; /* as it stands there: with the escapes of linux_escape.h */
};

enum {
  SONDEI_LINUX_SMAPS_RSS = 1 << 0,
  SONDEI_LINUX_SMAPS_PSS = 1 << 1,
  SONDEI_LINUX_SMAPS_SHARED_CLEAN = 1 << 2,
  SONDEI_LINUX_SMAPS_SHARED_DIRTY = 1 << 3,
  SONDEI_LINUX_SMAPS_PRIVATE_CLEAN = 1 << 4,
  SONDEI_LINUX_SMAPS_PRIVATE_DIRTY = 1 << 5,
  SONDEI_LINUX_SMAPS_REFERENCED = 1 << 6,
  SONDEI_LINUX_SMAPS_ANONYMOUS = 1 << 7,
  SONDEI_LINUX_SMAPS_SWAP = 1 << 8,
  SONDEI_LINUX_SMAPS_LOCKED = 1 << 9,
  SONDEI_LINUX_SMAPS_PRIVATE_HUGETLB = 1 << 10
};

/* Bytes. */
struct sondei_linux_smaps {
  struct sondei_linux_mapping mapping;
  uint32_t valid; /* SONDEI_LINUX_SMAPS_*: the lines that were there */
  uint64_t rss;
  uint64_t pss;
  uint64_t shared_clean;
  uint64_t shared_dirty;
  uint64_t private_clean;
  uint64_t private_dirty;
  uint64_t referenced;
  uint64_t anonymous;
  uint64_t swap;
  uint64_t locked;
  uint64_t private_hugetlb;
};

/* Takes the next line of maps off. In a row that is not understood (err->expected) *out is 0 but for what stands before
 * the fault. False at the end. */
bool sondei_linux_next_mapping(struct sondei_linux_mapping *out, sondei_parse_error *err, sondei_span *in);

/* Takes the next mapping of smaps, or the only one of smaps_rollup, off with all its lines. Lines before the first
 * mapping are a row that is not understood; so is a mapping with a size that is no number (err->expected). */
bool sondei_linux_next_smaps(struct sondei_linux_smaps *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_SMAPS_H */
