/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_cpu_identifier.h"

/* A number of 32 bits that is a word of its own. */
static bool windows_take_number(sondei_span *rest, uint32_t *out, bool hexadecimal) {
  sondei_span word = {NULL, 0};
  uint64_t value = 0;
  if (!sondei_span_take_word(rest, &word)) return false;
  const bool is_number =
      hexadecimal ? sondei_span_hex64(&word, &value, UINT32_MAX) : sondei_span_u64(&word, &value, UINT32_MAX);
  if (!is_number || word.len > 0) return false;
  *out = (uint32_t)value;
  return true;
}

sonde_status sondei_windows_parse_cpu_identifier(struct sondei_windows_cpu_identifier *out, sondei_parse_error *err,
                                                 sondei_span in) {
  struct sondei_windows_cpu_identifier read = {0};
  sondei_span rest = in;
  sondei_span word = {NULL, 0};
  const bool is_arm = sondei_span_starts_with(sondei_span_trim(in), "ARM");
  const struct {
    const char *word;
    uint32_t *member;
    uint32_t bit;
    bool hexadecimal;
  } words[] = {
      {"Family", &read.family, SONDEI_WINDOWS_CPU_FAMILY, false},
      {"Model", &read.model, SONDEI_WINDOWS_CPU_MODEL, is_arm},
      {"Stepping", &read.stepping, SONDEI_WINDOWS_CPU_STEPPING, false},
      {"Revision", &read.stepping, SONDEI_WINDOWS_CPU_STEPPING, is_arm},
  };
  while (sondei_span_take_word(&rest, &word)) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
      if (!sondei_span_equals(word, words[i].word)) continue;
      const sondei_span at = rest;
      if (!windows_take_number(&rest, words[i].member, words[i].hexadecimal)) {
        (void)sondei_parse_fail(err, in, at, "a number");
        return SONDE_ERR_PARSE;
      }
      read.valid |= words[i].bit;
      break;
    }
  }
  if (read.valid == 0) {
    (void)sondei_parse_fail(err, in, in, "a family, model or stepping");
    return SONDE_ERR_PARSE;
  }
  *out = read;
  return SONDE_OK;
}
