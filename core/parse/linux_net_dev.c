/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_dev.h"

#include <string.h>

static bool is_heading(sondei_span line) {
  size_t at = 0;
  return sondei_span_find(line, '|', &at) && !sondei_span_find(line, ':', &at);
}

static bool take_number(sondei_span *line, uint64_t *out) {
  sondei_span_skip_blanks(line);
  sondei_span rest = *line;
  uint64_t value = 0;
  if (!sondei_span_u64(&rest, &value, UINT64_MAX)) return false;
  if (rest.len > 0 && rest.data[0] != ' ' && rest.data[0] != '\t') return false;
  *line = rest;
  *out = value;
  return true;
}

static const char *parse_row(struct sondei_linux_net_dev *out, sondei_span *line) {
  size_t colon = 0;
  if (!sondei_span_find_last(*line, ':', &colon)) return "a colon";
  const sondei_span name = sondei_span_trim(sondei_span_of(line->data, colon));
  if (name.len == 0) return "a name";
  out->name = name;
  sondei_span_advance(line, colon + 1);
  struct sondei_linux_net_dev row = *out;
  uint64_t *const columns[] = {
      &row.rx_bytes,      &row.rx_packets,    &row.rx_errors,  &row.rx_dropped,    &row.rx_fifo,   &row.rx_frame,
      &row.rx_compressed, &row.rx_multicast,  &row.tx_bytes,   &row.tx_packets,    &row.tx_errors, &row.tx_dropped,
      &row.tx_fifo,       &row.tx_collisions, &row.tx_carrier, &row.tx_compressed,
  };
  for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
    if (!take_number(line, columns[i])) return "16 numbers";
  }
  *out = row;
  return NULL;
}

bool sondei_linux_next_net_dev(struct sondei_linux_net_dev *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0 || is_heading(line));
  memset(out, 0, sizeof *out);
  out->name = sondei_span_of(line.data, 0);
  const sondei_span start = line;
  const char *const expected = parse_row(out, &line);
  if (expected != NULL) {
    err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
    err->expected = expected;
  }
  return true;
}
