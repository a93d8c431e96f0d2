/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_stat.h"

static bool is_blank(sondei_span span) { return span.len > 0 && (span.data[0] == ' ' || span.data[0] == '\t'); }

/* Leaves *line where it gave up. */
static const char *parse_cpu(struct sondei_linux_stat_cpu *out, sondei_span *line) {
  uint32_t cpu = SONDE_CPU_TOTAL;
  if (line->len > 0 && !is_blank(*line)) {
    /* The greatest number is the mark of the sum. */
    sondei_span rest = *line;
    if (!sondei_span_u32(&rest, &cpu) || cpu == SONDE_CPU_TOTAL) return "a CPU number";
    if (rest.len > 0 && !is_blank(rest)) return "a blank";
    *line = rest;
  }
  out->cpu = cpu;
  while (out->num_columns < SONDEI_LINUX_STAT_COLUMNS) {
    sondei_span_skip_blanks(line);
    if (line->len == 0) break;
    sondei_span rest = *line;
    uint64_t ticks = 0;
    if (!sondei_span_u64(&rest, &ticks, UINT64_MAX) || (rest.len > 0 && !is_blank(rest))) return "a number of ticks";
    out->ticks[out->num_columns++] = ticks;
    *line = rest;
  }
  return out->num_columns > 0 ? NULL : "a number of ticks";
}

/* Whether the line is "cpu", "cpu " or "cpu<digit>"; takes "cpu" off. */
static bool take_cpu(sondei_span *line) {
  sondei_span rest = *line;
  if (!sondei_span_take_text(&rest, "cpu")) return false;
  if (rest.len > 0 && !is_blank(rest) && (rest.data[0] < '0' || rest.data[0] > '9')) return false;
  *line = rest;
  return true;
}

bool sondei_linux_next_stat_cpu(struct sondei_linux_stat_cpu *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (!take_cpu(&line));
  struct sondei_linux_stat_cpu row = {.cpu = SONDE_CPU_TOTAL};
  err->expected = parse_cpu(&row, &line);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  *out = row;
  return true;
}

sonde_status sondei_linux_parse_stat(struct sondei_linux_stat *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_stat parsed = {0};
  const struct {
    const char *key;
    uint32_t bit;
    uint64_t *value;
  } keys[] = {
      {"intr", SONDEI_LINUX_STAT_INTR, &parsed.intr},
      {"ctxt", SONDEI_LINUX_STAT_CTXT, &parsed.ctxt},
      {"btime", SONDEI_LINUX_STAT_BTIME, &parsed.btime},
      {"processes", SONDEI_LINUX_STAT_PROCESSES, &parsed.processes},
      {"procs_running", SONDEI_LINUX_STAT_PROCS_RUNNING, &parsed.procs_running},
      {"procs_blocked", SONDEI_LINUX_STAT_PROCS_BLOCKED, &parsed.procs_blocked},
      {"softirq", SONDEI_LINUX_STAT_SOFTIRQS, &parsed.softirq},
  };
  const sondei_span whole = in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  while (sondei_span_take_line(&in, &line)) {
    sondei_span key;
    if (!sondei_span_take_word(&line, &key)) continue;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
      if (!sondei_span_equals(key, keys[i].key)) continue;
      uint64_t value = 0;
      sondei_span_skip_blanks(&line);
      sondei_span rest = line;
      if (sondei_span_u64(&rest, &value, UINT64_MAX) && (rest.len == 0 || is_blank(rest))) {
        *keys[i].value = value;
        parsed.valid |= keys[i].bit;
      } else {
        err->position = (size_t)(line.data - whole.data);
        err->expected = "a count";
      }
    }
  }
  if (parsed.valid == 0) {
    if (err->expected == NULL) {
      err->position = whole.len;
      err->expected = "a counter";
    }
    return SONDE_ERR_PARSE;
  }
  *out = parsed;
  return SONDE_OK;
}
