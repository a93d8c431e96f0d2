/* SPDX-License-Identifier: MIT */
/* check.h - what the fuzz targets hold their parsers to. */
#ifndef SONDE_FUZZ_CHECK_H
#define SONDE_FUZZ_CHECK_H

#include <stdint.h>

#include "core/parse/span.h"

#define CHECK(condition)                \
  do {                                  \
    if (!(condition)) __builtin_trap(); \
  } while (0)

/* Whether the span lies in the input. */
static inline bool check_inside(sondei_span span, const uint8_t *data, size_t size) {
  const uintptr_t first = (uintptr_t)data;
  const uintptr_t at = (uintptr_t)span.data;
  return at >= first && at - first <= size && span.len <= size - (size_t)(at - first);
}

/* After a pull that returned true: bytes were taken off, and an error lies in what was given. */
static inline bool check_progress(sondei_span before, sondei_span after, const sondei_parse_error *err) {
  return after.len < before.len && after.data == before.data + (before.len - after.len) &&
         (err->expected != NULL ? err->position <= before.len : err->position == 0);
}

#endif /* SONDE_FUZZ_CHECK_H */
