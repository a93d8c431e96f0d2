/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_environ.h"

static bool is_unit(sondei_span utf16, size_t at, char c) { return utf16.data[at] == c && utf16.data[at + 1] == 0; }

bool sondei_windows_next_variable(struct sondei_windows_variable *out, sondei_parse_error *err, sondei_span *in) {
  size_t end = 0, equals = 0;
  err->position = 0;
  err->expected = NULL;
  for (; in->len - end >= 2 && !is_unit(*in, end, '\0'); end += 2) {
    if (equals == 0 && is_unit(*in, end, '=')) equals = end; /* never the first */
  }
  if (end == 0) return false;
  out->has_value = equals != 0;
  out->name = sondei_span_of(in->data, out->has_value ? equals : end);
  out->value = out->has_value ? sondei_span_of(in->data + equals + 2, end - equals - 2) : sondei_span_of(in->data, 0);
  sondei_span_advance(in, end + 2);
  return true;
}
