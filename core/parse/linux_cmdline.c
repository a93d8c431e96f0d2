/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cmdline.h"

bool sondei_linux_next_arg(sondei_span *out, sondei_parse_error *err, sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  return sondei_span_take_until(in, '\0', out);
}

size_t sondei_linux_count_args(sondei_span in) {
  size_t count = 0;
  sondei_span arg;
  while (sondei_span_take_until(&in, '\0', &arg)) count++;
  return count;
}

bool sondei_linux_next_variable(struct sondei_linux_variable *out, sondei_parse_error *err, sondei_span *in) {
  sondei_span entry;
  do {
    if (!sondei_linux_next_arg(&entry, err, in)) return false;
  } while (entry.len == 0);
  size_t equals = entry.len;
  out->has_value = sondei_span_find(entry, '=', &equals);
  out->name = sondei_span_of(entry.data, equals);
  sondei_span_advance(&entry, out->has_value ? equals + 1 : equals);
  out->value = entry;
  return true;
}
