/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_fdinfo.h"

/* The first line of a key counts: a driver may write what it likes behind. */
static bool take_key(sondei_span *line, const struct sondei_linux_fdinfo *row, const char *key, uint32_t bit) {
  return (row->valid & bit) == 0 && sondei_span_take_text(line, key);
}

static bool take_value(struct sondei_linux_fdinfo *row, sondei_span *line) {
  int64_t pos = 0;
  if (take_key(line, row, "pos:", SONDEI_LINUX_FDINFO_POS)) {
    if (!sondei_span_whole_i64(*line, &pos)) return false;
    if (pos < 0) return true;
    row->pos = (uint64_t)pos;
    row->valid |= SONDEI_LINUX_FDINFO_POS;
  } else if (take_key(line, row, "flags:", SONDEI_LINUX_FDINFO_FLAGS)) {
    sondei_span_skip_blanks(line);
    if (!sondei_span_octal64(line, &row->flags, UINT64_MAX)) return false;
    row->valid |= SONDEI_LINUX_FDINFO_FLAGS;
  } else if (take_key(line, row, "mnt_id:", SONDEI_LINUX_FDINFO_MNT_ID)) {
    if (!sondei_span_whole_u64(*line, &row->mnt_id)) return false;
    row->valid |= SONDEI_LINUX_FDINFO_MNT_ID;
  } else if (take_key(line, row, "ino:", SONDEI_LINUX_FDINFO_INO)) {
    if (!sondei_span_whole_u64(*line, &row->ino)) return false;
    row->valid |= SONDEI_LINUX_FDINFO_INO;
  }
  return true;
}

sonde_status sondei_linux_parse_fdinfo(struct sondei_linux_fdinfo *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_fdinfo row = {0};
  sondei_span rest = in;
  sondei_span line;
  while (sondei_span_take_line(&rest, &line)) {
    if (!take_value(&row, &line)) {
      sondei_parse_fail(err, in, sondei_span_of(line.data, in.len - (size_t)(line.data - in.data)), "a number");
      return SONDE_ERR_PARSE;
    }
  }
  if (row.valid == 0) {
    sondei_parse_fail(err, in, in, "a line with a key");
    return SONDE_ERR_PARSE;
  }
  *out = row;
  return SONDE_OK;
}
