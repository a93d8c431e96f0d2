/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_diskstats.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_number(sondei_span span) {
  for (size_t i = 0; i < span.len; i++) {
    if (!is_digit(span.data[i])) return false;
  }
  return span.len > 0;
}

static bool take_device_number(sondei_span *line, uint32_t *out) {
  sondei_span_skip_blanks(line);
  return sondei_span_u32(line, out);
}

/* Linux 2.4 has the size in blocks before the name: a number, and then something that is none. */
static bool take_name(sondei_span *line, sondei_span *out) {
  if (!sondei_span_take_word(line, out)) return false;
  sondei_span rest = *line;
  sondei_span second;
  if (is_number(*out) && sondei_span_take_word(&rest, &second) && !is_digit(second.data[0])) {
    *out = second;
    *line = rest;
  }
  return true;
}

static const char *parse_row(struct sondei_linux_disk *out, sondei_span *line) {
  if (!take_device_number(line, &out->dev_major)) return "a major number";
  if (!take_device_number(line, &out->dev_minor)) return "a minor number";
  if (!take_name(line, &out->name)) return "a name";
  sondei_parse_error err;
  if (sondei_linux_parse_block_stat(&out->stat, &err, *line) != SONDE_OK) {
    sondei_span_advance(line, err.position);
    return err.expected;
  }
  return NULL;
}

bool sondei_linux_next_disk(struct sondei_linux_disk *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
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

bool sondei_linux_is_partition_of(sondei_span disk, sondei_span name) {
  if (disk.len == 0 || name.len <= disk.len || memcmp(name.data, disk.data, disk.len) != 0) return false;
  sondei_span_advance(&name, disk.len);
  if (is_digit(disk.data[disk.len - 1]) && !sondei_span_take_char(&name, 'p')) return false;
  return is_number(name);
}
