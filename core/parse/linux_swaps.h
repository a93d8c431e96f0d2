/* SPDX-License-Identifier: MIT */
/* linux_swaps.h - /proc/swaps: the swap areas in use. */
#ifndef SONDE_CORE_PARSE_LINUX_SWAPS_H
#define SONDE_CORE_PARSE_LINUX_SWAPS_H

#include "core/parse/span.h"

struct sondei_linux_swap {
  sondei_span name; /* escaped: sondei_linux_unescape */
  sondei_span type; /* "partition", "file"; empty when it is missing */
  uint64_t size;    /* bytes, as the next; 0 where not understood */
  uint64_t used;
  bool has_used;
  bool has_priority; /* missing before Linux 2.4 */
  int64_t priority;
};

/* Takes the next row off; the line of headings and blank lines are skipped. False at the end. When a row is not
 * understood, err->expected says why, *out holds what was understood, and the next call goes on with the next row. */
bool sondei_linux_next_swap(struct sondei_linux_swap *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_SWAPS_H */
