/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_interrupts.h"

static bool is_at_word_end(sondei_span span) { return span.len == 0 || span.data[0] == ' ' || span.data[0] == '\t'; }

size_t sondei_linux_take_interrupt_columns(sondei_span *in, sondei_span *header) {
  sondei_span rest = *in;
  sondei_span line;
  do {
    if (!sondei_span_take_line(&rest, &line)) return 0;
  } while (sondei_span_trim(line).len == 0);
  size_t columns = 0;
  sondei_span word;
  const sondei_span whole = line;
  while (sondei_span_take_word(&line, &word)) {
    if (!sondei_span_starts_with(word, "CPU")) return 0;
    columns++;
  }
  if (columns == 0) return 0;
  *in = rest;
  *header = whole;
  return columns;
}

bool sondei_linux_next_interrupt_cpu(uint32_t *out, sondei_span *header) {
  sondei_span rest = *header;
  sondei_span word;
  uint32_t cpu = 0;
  if (!sondei_span_take_word(&rest, &word) || !sondei_span_take_text(&word, "CPU")) return false;
  if (!sondei_span_u32(&word, &cpu) || word.len > 0) return false;
  *out = cpu;
  *header = rest;
  return true;
}

bool sondei_linux_next_interrupt_count(uint64_t *out, sondei_span *counts) {
  sondei_span_skip_blanks(counts);
  return sondei_span_u64(counts, out, UINT64_MAX);
}

/* Leaves *line where it gave up. */
static const char *parse_row(struct sondei_linux_interrupt *out, sondei_span *line, size_t columns) {
  size_t name_len = 0;
  if (!sondei_span_find(*line, ':', &name_len)) return "a colon";
  out->name = sondei_span_trim(sondei_span_of(line->data, name_len));
  sondei_span_advance(line, name_len + 1);
  const sondei_span start = *line;
  size_t counts = 0;
  while (counts < columns) {
    sondei_span_skip_blanks(line);
    if (line->len == 0 || line->data[0] < '0' || line->data[0] > '9') break;
    sondei_span rest = *line;
    uint64_t count = 0;
    if (!sondei_span_u64(&rest, &count, UINT64_MAX - out->count)) return "counts whose sum is below 2^64";
    if (!is_at_word_end(rest)) break; /* the description begins with a digit */
    out->count += count;
    *line = rest;
    counts++;
  }
  if (counts == 0) return "a count";
  out->counts = sondei_span_of(start.data, start.len - line->len);
  out->num_counts = counts;
  out->description = sondei_span_trim(*line);
  return NULL;
}

bool sondei_linux_next_interrupt(struct sondei_linux_interrupt *out, sondei_parse_error *err, sondei_span *in,
                                 size_t columns) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  out->name = out->description = out->counts = sondei_span_of(line.data, 0);
  out->count = 0;
  out->num_counts = 0;
  err->expected = parse_row(out, &line, columns);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  return true;
}
