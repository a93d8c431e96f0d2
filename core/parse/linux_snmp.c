/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_snmp.h"

#include <string.h>

static bool take_protocol(sondei_span *line, sondei_span *out) {
  size_t colon = 0;
  if (!sondei_span_find(*line, ':', &colon) || colon == 0) return false;
  *out = sondei_span_of(line->data, colon);
  sondei_span_advance(line, colon + 1);
  return true;
}

static bool are_equal(sondei_span a, sondei_span b) { return a.len == b.len && memcmp(a.data, b.data, a.len) == 0; }

bool sondei_linux_next_snmp_table(struct sondei_linux_snmp_table *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span names;
  sondei_span values;
  sondei_span protocol;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &names)) return false;
  } while (sondei_span_trim(names).len == 0);
  err->position = (size_t)(names.data - whole.data);
  const sondei_span none = sondei_span_of(names.data, 0);
  out->protocol = out->names = out->values = none;
  if (!take_protocol(&names, &out->protocol)) {
    err->expected = "a protocol and a colon";
    return true;
  }
  out->names = names;
  sondei_span rest = *in;
  if (!sondei_span_take_line(&rest, &values) || !take_protocol(&values, &protocol) ||
      !are_equal(protocol, out->protocol)) {
    err->expected = "a line of numbers of the same protocol";
    return true;
  }
  out->values = values;
  *in = rest;
  return true;
}

bool sondei_linux_next_snmp_counter(struct sondei_linux_snmp_counter *out, sondei_parse_error *err,
                                    struct sondei_linux_snmp_table *table) {
  sondei_span name;
  sondei_span word;
  err->position = 0;
  err->expected = NULL;
  if (!sondei_span_take_word(&table->names, &name)) return false;
  out->name = name;
  out->value = 0;
  const sondei_span values = table->values;
  if (!sondei_span_take_word(&table->values, &word)) {
    err->expected = "a number for each name";
    return true;
  }
  int64_t value = 0;
  sondei_span number = word;
  if (!sondei_span_i64(&number, &value, INT64_MIN, INT64_MAX) || number.len > 0) {
    err->position = (size_t)(word.data - values.data);
    err->expected = "a number that fits";
    return true;
  }
  out->value = value;
  return true;
}
