/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pressure.h"

enum {
  HUNDREDTHS = 100,
  AVERAGE_MAX = 10000,
  NS_PER_US = 1000
};

/* Reads what follows "some" or "full". at: where the failure is. */
static const char *parse_stall(struct sondei_linux_stall *out, sondei_span *at, sondei_span line) {
  uint64_t total = 0;
  const struct {
    const char *key;
    uint64_t *value;
    uint64_t scale;
    uint64_t max;
  } pairs[] = {
      {"avg10=", &out->avg10, HUNDREDTHS, AVERAGE_MAX},
      {"avg60=", &out->avg60, HUNDREDTHS, AVERAGE_MAX},
      {"avg300=", &out->avg300, HUNDREDTHS, AVERAGE_MAX},
      {"total=", &total, 1, UINT64_MAX / NS_PER_US},
  };
  const size_t num_pairs = sizeof pairs / sizeof pairs[0];
  unsigned found = 0;
  sondei_span word;
  while (sondei_span_take_word(&line, &word)) {
    for (size_t i = 0; i < num_pairs; i++) {
      sondei_span value = word;
      if (!sondei_span_take_text(&value, pairs[i].key)) continue;
      *at = value;
      if (!sondei_span_fixed(&value, pairs[i].value, pairs[i].scale, pairs[i].max) || value.len > 0) return "a number";
      found |= 1u << i;
      break;
    }
  }
  *at = line;
  if (found != (1u << num_pairs) - 1) return "three averages and a total";
  out->total = total * NS_PER_US;
  out->is_told = true;
  return NULL;
}

sonde_status sondei_linux_parse_pressure(struct sondei_linux_pressure *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_pressure told = {{0}, {0}};
  sondei_span rest = in;
  sondei_span line;
  while (sondei_span_take_line(&rest, &line)) {
    sondei_span word;
    sondei_span at = line;
    if (!sondei_span_take_word(&line, &word)) continue;
    struct sondei_linux_stall *const stall = sondei_span_equals(word, "some")   ? &told.some
                                             : sondei_span_equals(word, "full") ? &told.full
                                                                                : NULL;
    if (stall == NULL) continue;
    const char *const expected = parse_stall(stall, &at, line);
    if (expected != NULL) {
      sondei_parse_fail(err, in, sondei_span_of(at.data, in.len - (size_t)(at.data - in.data)), expected);
      return SONDE_ERR_PARSE;
    }
  }
  if (!told.some.is_told && !told.full.is_told) {
    sondei_parse_fail(err, in, rest, "some or full");
    return SONDE_ERR_PARSE;
  }
  *out = told;
  return SONDE_OK;
}
