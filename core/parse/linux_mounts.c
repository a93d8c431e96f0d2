/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mounts.h"

static const char *parse_row(struct sondei_linux_mount *out, sondei_span *line) {
  if (!sondei_span_take_until(line, ' ', &out->source)) return "a source";
  if (!sondei_span_take_until(line, ' ', &out->mountpoint) || out->mountpoint.len == 0) return "a mount point";
  if (!sondei_span_take_until(line, ' ', &out->fstype) || out->fstype.len == 0) return "a file system type";
  if (!sondei_span_take_until(line, ' ', &out->options)) return "mount options";
  return NULL;
}

bool sondei_linux_next_mounts_row(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in) {
  return sondei_linux_next_mount_by(out, err, in, parse_row);
}
