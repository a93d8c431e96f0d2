/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_swaps.h"

#define BYTES_PER_KB 1024

static bool take_kb(sondei_span *line, uint64_t *out) {
  uint64_t value = 0;
  sondei_span_skip_blanks(line);
  if (!sondei_span_u64(line, &value, UINT64_MAX / BYTES_PER_KB)) return false;
  *out = value * BYTES_PER_KB;
  return true;
}

bool sondei_linux_next_swap(struct sondei_linux_swap *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  err->position = 0;
  err->expected = NULL;
  sondei_span line;
  sondei_span name;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (!sondei_span_take_word(&line, &name) || sondei_span_equals(name, "Filename"));

  struct sondei_linux_swap row = {name, sondei_span_of(line.data, 0), 0, 0, false, false, 0};
  const char *expected = NULL;
  if (!sondei_span_take_word(&line, &row.type)) {
    expected = "a type";
  } else if (!take_kb(&line, &row.size)) {
    expected = "a size in KiB";
  } else if (!take_kb(&line, &row.used)) {
    expected = "what is used, in KiB";
  } else {
    row.has_used = true;
    sondei_span_skip_blanks(&line);
    row.has_priority = sondei_span_i64(&line, &row.priority, INT64_MIN, INT64_MAX);
    if (!row.has_priority && line.len > 0) expected = "a priority";
  }
  if (expected != NULL) {
    sondei_parse_fail(err, whole, sondei_span_of(line.data, whole.len - (size_t)(line.data - whole.data)), expected);
  }
  *out = row;
  return true;
}
