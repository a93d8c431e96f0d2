/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpu_cache.h"

static sonde_status fail(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

sonde_status sondei_linux_parse_cpu_cache_size(uint64_t *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  uint64_t number = 0;
  unsigned shift = 0;
  if (!sondei_span_u64(&in, &number, UINT64_MAX)) return fail(err, whole, in, "a size");
  if (sondei_span_take_char(&in, 'K')) {
    shift = 10;
  } else if (sondei_span_take_char(&in, 'M')) {
    shift = 20;
  } else if (sondei_span_take_char(&in, 'G')) {
    shift = 30;
  }
  if (number > UINT64_MAX >> shift) return fail(err, whole, whole, "a size below 2^64");
  sondei_span_take_char(&in, '\n');
  if (in.len > 0) return fail(err, whole, in, "the end of the size");
  *out = number << shift;
  return SONDE_OK;
}

sonde_cpu_cache_type sondei_linux_cpu_cache_type(sondei_span in) {
  sondei_span word;
  if (!sondei_span_take_word(&in, &word)) return SONDE_CACHE_UNKNOWN;
  if (sondei_span_equals(word, "Data")) return SONDE_CACHE_DATA;
  if (sondei_span_equals(word, "Instruction")) return SONDE_CACHE_INSTRUCTION;
  if (sondei_span_equals(word, "Unified")) return SONDE_CACHE_UNIFIED;
  return SONDE_CACHE_UNKNOWN;
}
