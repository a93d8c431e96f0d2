/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_schedstat.h"

static bool is_at_word_end(sondei_span span) { return span.len == 0 || span.data[0] == ' ' || span.data[0] == '\t'; }

bool sondei_linux_take_schedstat_version(uint32_t *out, sondei_span *in) {
  sondei_span rest = *in;
  sondei_span line;
  uint32_t version = 0;
  do {
    if (!sondei_span_take_line(&rest, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  if (!sondei_span_take_text(&line, "version ") || !sondei_span_u32(&line, &version)) return false;
  if (sondei_span_trim(line).len > 0) return false;
  *out = version;
  *in = rest;
  return true;
}

/* Whether the line is "cpu<digit>"; takes "cpu" off. */
static bool take_cpu(sondei_span *line) {
  sondei_span rest = *line;
  if (!sondei_span_take_text(&rest, "cpu") || rest.len == 0 || rest.data[0] < '0' || rest.data[0] > '9') return false;
  *line = rest;
  return true;
}

/* Leaves *line where it gave up. */
static const char *parse_row(struct sondei_linux_schedstat *out, sondei_span *line, uint32_t version) {
  enum {
    NUM_WANTED = 3
  };
  /* Version 14 had three counters of sched_yield more. */
  const size_t first = version == 14 ? 9 : 6;
  uint64_t wanted[NUM_WANTED] = {0, 0, 0};
  if (!sondei_span_u32(line, &out->cpu) || !is_at_word_end(*line)) return "a CPU number";
  for (size_t column = 0; column < first + NUM_WANTED; column++) {
    uint64_t value = 0;
    sondei_span_skip_blanks(line);
    sondei_span rest = *line;
    if (!sondei_span_u64(&rest, &value, UINT64_MAX) || !is_at_word_end(rest)) return "a counter";
    if (column >= first) wanted[column - first] = value;
    *line = rest;
  }
  out->run_time = wanted[0];
  out->wait_time = wanted[1];
  out->timeslices = wanted[2];
  return NULL;
}

bool sondei_linux_next_schedstat(struct sondei_linux_schedstat *out, sondei_parse_error *err, sondei_span *in,
                                 uint32_t version) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (!take_cpu(&line));
  const struct sondei_linux_schedstat none = {0, 0, 0, 0};
  *out = none;
  err->expected = parse_row(out, &line, version);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  return true;
}
