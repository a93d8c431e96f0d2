/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_keyed.h"

bool sondei_linux_next_keyed(struct sondei_linux_keyed *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  err->position = 0;
  err->expected = NULL;
  sondei_span line;
  sondei_span key;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (!sondei_span_take_word(&line, &key));
  uint64_t value = 0;
  sondei_span_skip_blanks(&line);
  const sondei_span at = line;
  if (!sondei_span_u64(&line, &value, UINT64_MAX) ||
      (line.len > 0 && line.data[0] != ' ' && line.data[0] != '\t' && line.data[0] != '\r')) {
    value = 0;
    sondei_parse_fail(err, whole, sondei_span_of(at.data, whole.len - (size_t)(at.data - whole.data)), "a number");
  }
  out->key = key;
  out->value = value;
  return true;
}

size_t sondei_linux_find_keys(struct sondei_linux_key *keys, size_t count, sondei_span in) {
  size_t num_found = 0;
  for (size_t i = 0; i < count; i++) num_found += keys[i].found;
  struct sondei_linux_keyed row;
  sondei_parse_error err;
  while (num_found < count && sondei_linux_next_keyed(&row, &err, &in)) {
    if (err.expected != NULL) continue;
    for (size_t i = 0; i < count; i++) {
      if (keys[i].found || !sondei_span_equals(row.key, keys[i].key)) continue;
      keys[i].value = row.value;
      keys[i].found = true;
      num_found++;
      break;
    }
  }
  return num_found;
}
