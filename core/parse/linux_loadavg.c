/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_loadavg.h"

/* Averages are read in millionths; below 2^53 these are exact, and the quotient is the double nearest to the text. */
#define MILLION UINT64_C(1000000)
#define EXACT_MAX (UINT64_C(1) << 53)

sonde_status sondei_linux_parse_loadavg(struct sondei_linux_loadavg *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_loadavg parsed = {{0, 0, 0}, false, 0, 0};
  const sondei_span whole = in;
  for (size_t i = 0; i < 3; i++) {
    uint64_t millionths = 0;
    sondei_span_skip_blanks(&in);
    if (!sondei_span_fixed(&in, &millionths, MILLION, EXACT_MAX)) {
      sondei_parse_fail(err, whole, in, "a load average");
      return SONDE_ERR_PARSE;
    }
    parsed.load[i] = (double)millionths / (double)MILLION;
  }
  sondei_span_skip_blanks(&in);
  parsed.has_tasks = sondei_span_u64(&in, &parsed.running, UINT64_MAX) && sondei_span_take_char(&in, '/') &&
                     sondei_span_u64(&in, &parsed.total_tasks, UINT64_MAX);
  if (!parsed.has_tasks) parsed.running = 0;
  *out = parsed;
  return SONDE_OK;
}
