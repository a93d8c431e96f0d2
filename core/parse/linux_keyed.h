/* SPDX-License-Identifier: MIT */
/* linux_keyed.h - files of rows "key value": /proc/vmstat, and cgroup's memory.stat, cpu.stat, memory.events ... */
#ifndef SONDE_CORE_PARSE_LINUX_KEYED_H
#define SONDE_CORE_PARSE_LINUX_KEYED_H

#include "core/parse/span.h"

struct sondei_linux_keyed {
  sondei_span key; /* not empty */
  uint64_t value;  /* 0 when the row was not understood */
};

/* Takes the next row off; blank lines are skipped, and what stands behind the value is passed over. False at the end.
 * When a row is not understood (no value, one that is no number or does not fit), err->expected says why, out->key is
 * its first word, and the next call goes on with the next row. */
bool sondei_linux_next_keyed(struct sondei_linux_keyed *out, sondei_parse_error *err, sondei_span *in);

/* A key that is looked for. */
struct sondei_linux_key {
  const char *key;
  uint64_t value; /* set when found */
  bool found;
};

/* Looks for keys in a whole file; rows that are not understood are passed over. The first row of a key counts. Returns
 * how many of the count keys are found now. */
size_t sondei_linux_find_keys(struct sondei_linux_key *keys, size_t count, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_KEYED_H */
