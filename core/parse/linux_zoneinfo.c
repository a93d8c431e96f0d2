/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_zoneinfo.h"

sonde_status sondei_linux_parse_zoneinfo(struct sondei_linux_zoneinfo *out, sondei_parse_error *err, sondei_span in) {
  uint64_t sum = 0;
  bool found = false;
  sondei_span rest = in;
  sondei_span line;
  while (sondei_span_take_line(&rest, &line)) {
    sondei_span word;
    uint64_t low = 0;
    if (!sondei_span_take_word(&line, &word) || !sondei_span_equals(word, "low")) continue;
    sondei_span_skip_blanks(&line);
    const sondei_span at = line;
    if (!sondei_span_u64(&line, &low, UINT64_MAX - sum) || sondei_span_trim(line).len > 0) {
      sondei_parse_fail(err, in, sondei_span_of(at.data, in.len - (size_t)(at.data - in.data)), "a number of pages");
      return SONDE_ERR_PARSE;
    }
    sum += low;
    found = true;
  }
  if (!found) {
    sondei_parse_fail(err, in, rest, "a low watermark");
    return SONDE_ERR_PARSE;
  }
  out->low = sum;
  return SONDE_OK;
}
