/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_io.h"

sonde_status sondei_linux_parse_pid_io(struct sondei_linux_pid_io *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_pid_io row = {0};
  const struct {
    const char *key;
    uint32_t bit;
    uint64_t *value;
  } keys[] = {
      {"rchar:", SONDEI_LINUX_IO_RCHAR, &row.rchar},
      {"char:", SONDEI_LINUX_IO_RCHAR, &row.rchar}, /* gVisor */
      {"wchar:", SONDEI_LINUX_IO_WCHAR, &row.wchar},
      {"syscr:", SONDEI_LINUX_IO_SYSCR, &row.syscr},
      {"syscw:", SONDEI_LINUX_IO_SYSCW, &row.syscw},
      {"read_bytes:", SONDEI_LINUX_IO_READ_BYTES, &row.read_bytes},
      {"write_bytes:", SONDEI_LINUX_IO_WRITE_BYTES, &row.write_bytes},
      {"cancelled_write_bytes:", SONDEI_LINUX_IO_CANCELLED_WRITE_BYTES, &row.cancelled_write_bytes},
  };
  sondei_span rest = in;
  sondei_span line;
  while (sondei_span_take_line(&rest, &line)) {
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
      if (!sondei_span_take_text(&line, keys[i].key)) continue;
      if (!sondei_span_whole_u64(line, keys[i].value)) {
        sondei_parse_fail(err, in, sondei_span_of(line.data, in.len - (size_t)(line.data - in.data)), "a number");
        return SONDE_ERR_PARSE;
      }
      row.valid |= keys[i].bit;
      break;
    }
  }
  if (row.valid == 0) {
    sondei_parse_fail(err, in, in, "a line with a key");
    return SONDE_ERR_PARSE;
  }
  *out = row;
  return SONDE_OK;
}
