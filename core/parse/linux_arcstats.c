/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_arcstats.h"

sonde_status sondei_linux_parse_arcstats(struct sondei_linux_arcstats *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_arcstats stats = {0, 0};
  bool has_size = false;
  bool has_min = false;
  sondei_span rest = in;
  sondei_span line;
  while (!(has_size && has_min) && sondei_span_take_line(&rest, &line)) {
    sondei_span name;
    sondei_span type;
    if (!sondei_span_take_word(&line, &name)) continue;
    const bool is_size = sondei_span_equals(name, "size");
    if (!is_size && !sondei_span_equals(name, "c_min")) continue;
    uint64_t value = 0;
    const bool has_type = sondei_span_take_word(&line, &type);
    sondei_span_skip_blanks(&line);
    const sondei_span at = line;
    if (!has_type || !sondei_span_u64(&line, &value, UINT64_MAX) || sondei_span_trim(line).len > 0) {
      sondei_parse_fail(err, in, sondei_span_of(at.data, in.len - (size_t)(at.data - in.data)), "a type and a number");
      return SONDE_ERR_PARSE;
    }
    if (is_size) {
      stats.size = value;
      has_size = true;
    } else {
      stats.size_min = value;
      has_min = true;
    }
  }
  if (!has_size || !has_min) {
    sondei_parse_fail(err, in, rest, "size and c_min");
    return SONDE_ERR_PARSE;
  }
  *out = stats;
  return SONDE_OK;
}
