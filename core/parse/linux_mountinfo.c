/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mountinfo.h"

#include <string.h>

/* A number and the blank after it. */
static bool take_number(sondei_span *line, uint64_t *out) {
  return sondei_span_u64(line, out, UINT64_MAX) && sondei_span_take_char(line, ' ');
}

/* The optional fields end at a field that is "-". */
static bool take_optional(sondei_span *line, sondei_span *out) {
  sondei_span rest = *line;
  sondei_span field;
  size_t len = 0;
  while (sondei_span_take_until(&rest, ' ', &field)) {
    if (sondei_span_equals(field, "-")) {
      *out = sondei_span_of(line->data, len);
      *line = rest;
      return true;
    }
    len = (size_t)(field.data - line->data) + field.len;
  }
  return false;
}

/* Fields are parted by exactly one blank: two in a row have an empty field between them. */
static const char *parse_row(struct sondei_linux_mount *out, sondei_span *line) {
  uint64_t id = 0;
  uint64_t parent_id = 0;
  uint32_t dev_major = 0;
  uint32_t dev_minor = 0;
  sondei_span root;
  if (!take_number(line, &id)) return "a mount id";
  if (!take_number(line, &parent_id)) return "a parent's mount id";
  if (!sondei_span_u32(line, &dev_major) || !sondei_span_take_char(line, ':') || !sondei_span_u32(line, &dev_minor) ||
      !sondei_span_take_char(line, ' ')) {
    return "major:minor";
  }
  if (!sondei_span_take_until(line, ' ', &root) || root.len == 0) return "a root";
  out->has_ids = true;
  out->id = id;
  out->parent_id = parent_id;
  out->dev_major = dev_major;
  out->dev_minor = dev_minor;
  out->root = root;
  if (!sondei_span_take_until(line, ' ', &out->mountpoint) || out->mountpoint.len == 0) return "a mount point";
  if (!sondei_span_take_until(line, ' ', &out->options) || out->options.len == 0) return "mount options";
  if (!take_optional(line, &out->optional)) return "a field \"-\"";
  if (!sondei_span_take_until(line, ' ', &out->fstype) || out->fstype.len == 0) return "a file system type";
  if (!sondei_span_take_until(line, ' ', &out->source)) return "a source";
  sondei_span_take_until(line, ' ', &out->super_options);
  return NULL;
}

bool sondei_linux_next_mount_by(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in,
                                sondei_linux_mount_parser *parse) {
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
  err->expected = parse(out, &line);
  if (err->expected != NULL) err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
  return true;
}

bool sondei_linux_next_mount(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in) {
  return sondei_linux_next_mount_by(out, err, in, parse_row);
}
