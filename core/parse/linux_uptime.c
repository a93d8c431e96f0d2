/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_uptime.h"

sonde_status sondei_linux_parse_uptime(struct sondei_linux_uptime *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  uint64_t uptime = 0;
  sondei_span_skip_blanks(&in);
  if (!sondei_span_fixed(&in, &uptime, SONDE_NSEC_PER_SEC, UINT64_MAX)) {
    sondei_parse_fail(err, whole, in, "seconds since boot");
    return SONDE_ERR_PARSE;
  }
  out->uptime = uptime;
  return SONDE_OK;
}
