/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_snmp6.h"

static const char *parse_row(struct sondei_linux_snmp6 *out, sondei_span *line) {
  sondei_span word;
  if (!sondei_span_take_word(line, &word)) return "a name";
  size_t six = 0;
  if (sondei_span_find(word, '6', &six) && six + 1 < word.len) {
    out->protocol = sondei_span_of(word.data, six + 1);
    sondei_span_advance(&word, six + 1);
  }
  out->name = word;
  sondei_span_skip_blanks(line);
  sondei_span rest = *line;
  int64_t value = 0;
  if (!sondei_span_i64(&rest, &value, INT64_MIN, INT64_MAX) || sondei_span_trim(rest).len > 0) {
    return "a number that fits";
  }
  out->value = value;
  return NULL;
}

bool sondei_linux_next_snmp6(struct sondei_linux_snmp6 *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  out->protocol = out->name = sondei_span_of(line.data, 0);
  out->value = 0;
  const sondei_span start = line;
  const char *const expected = parse_row(out, &line);
  if (expected != NULL) {
    err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
    err->expected = expected;
  }
  return true;
}
