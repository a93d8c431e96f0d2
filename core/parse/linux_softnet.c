/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_softnet.h"

#include <string.h>

static const struct {
  const char *name;
  size_t column; /* from 0 */
} softnet_columns[SONDEI_LINUX_SOFTNET_COLUMN_COUNT] = {
    [SONDEI_LINUX_SOFTNET_PROCESSED] = {"processed", 0},
    [SONDEI_LINUX_SOFTNET_DROPPED] = {"dropped", 1},
    [SONDEI_LINUX_SOFTNET_TIME_SQUEEZE] = {"time_squeeze", 2},
    [SONDEI_LINUX_SOFTNET_RECEIVED_RPS] = {"received_rps", 9},
    [SONDEI_LINUX_SOFTNET_FLOW_LIMIT] = {"flow_limit", 10},
};

const char *sondei_linux_softnet_name(enum sondei_linux_softnet_column column) { return softnet_columns[column].name; }

/* Leaves *line where it gave up. */
static const char *parse_row(struct sondei_linux_softnet *out, sondei_span *line) {
  size_t next = 0; /* of softnet_columns */
  for (size_t column = 0; next < SONDEI_LINUX_SOFTNET_COLUMN_COUNT; column++) {
    uint64_t value = 0;
    sondei_span_skip_blanks(line);
    if (line->len == 0 && next > SONDEI_LINUX_SOFTNET_TIME_SQUEEZE) return NULL; /* an older kernel */
    sondei_span rest = *line;
    if (!sondei_span_hex64(&rest, &value, UINT64_MAX) || (rest.len > 0 && rest.data[0] != ' ')) return "a counter";
    *line = rest;
    if (column != softnet_columns[next].column) continue;
    out->value[next] = value;
    out->valid |= UINT32_C(1) << next;
    next++;
  }
  return NULL;
}

bool sondei_linux_next_softnet(struct sondei_linux_softnet *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  memset(out, 0, sizeof *out);
  err->expected = parse_row(out, &line);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  return true;
}
