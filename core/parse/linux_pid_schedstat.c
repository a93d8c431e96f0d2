/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_schedstat.h"

sonde_status sondei_linux_parse_pid_schedstat(struct sondei_linux_pid_schedstat *out, sondei_parse_error *err,
                                              sondei_span in) {
  uint64_t columns[3];
  sondei_span rest = in;
  for (int i = 0; i < 3; i++) {
    sondei_span_skip_blanks(&rest);
    if (!sondei_span_u64(&rest, &columns[i], UINT64_MAX)) {
      sondei_parse_fail(err, in, rest, "a number");
      return SONDE_ERR_PARSE;
    }
  }
  out->run_time = columns[0];
  out->run_delay = columns[1];
  out->slices = columns[2];
  return SONDE_OK;
}
