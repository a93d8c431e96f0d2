/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_statm.h"

enum {
  COLUMNS = 6
};

sonde_status sondei_linux_parse_pid_statm(struct sondei_linux_pid_statm *out, sondei_parse_error *err, sondei_span in) {
  uint64_t columns[COLUMNS];
  sondei_span rest = in;
  for (int i = 0; i < COLUMNS; i++) {
    sondei_span_skip_blanks(&rest);
    if (!sondei_span_u64(&rest, &columns[i], UINT64_MAX)) {
      sondei_parse_fail(err, in, rest, "a number of pages");
      return SONDE_ERR_PARSE;
    }
  }
  out->size = columns[0];
  out->resident = columns[1];
  out->shared = columns[2];
  out->text = columns[3];
  out->data = columns[5];
  return SONDE_OK;
}
