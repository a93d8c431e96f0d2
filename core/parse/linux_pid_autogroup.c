/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_autogroup.h"

sonde_status sondei_linux_parse_pid_autogroup(struct sondei_linux_pid_autogroup *out, sondei_parse_error *err,
                                              sondei_span in) {
  sondei_span rest = in;
  uint64_t id = 0;
  int64_t nice = 0;
  if (!sondei_span_take_text(&rest, "/autogroup-") || !sondei_span_u64(&rest, &id, UINT64_MAX) ||
      !sondei_span_take_text(&rest, " nice ") || !sondei_span_i64(&rest, &nice, INT32_MIN, INT32_MAX)) {
    sondei_parse_fail(err, in, rest, "\"/autogroup-N nice N\"");
    return SONDE_ERR_PARSE;
  }
  out->id = id;
  out->nice = (int32_t)nice;
  return SONDE_OK;
}
