/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mounts.h"

#include <string.h>

static bool take_field(sondei_span *line, sondei_span *out) {
  return line->len > 0 && sondei_span_take_until(line, ' ', out);
}

static const char *parse_row(struct sondei_linux_mount *out, sondei_span *line) {
  if (!take_field(line, &out->source)) return "a source";
  if (!take_field(line, &out->mountpoint) || out->mountpoint.len == 0) return "a mount point";
  if (!take_field(line, &out->fstype) || out->fstype.len == 0) return "a file system type";
  if (!take_field(line, &out->options)) return "mount options";
  return NULL;
}

bool sondei_linux_next_mounts_row(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  const sondei_span none = sondei_span_of(line.data, 0);
  memset(out, 0, sizeof *out);
  out->root = out->mountpoint = out->options = out->optional = out->fstype = out->source = out->super_options = none;
  const sondei_span start = line;
  const char *const expected = parse_row(out, &line);
  if (expected != NULL) {
    err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
    err->expected = expected;
  }
  return true;
}
