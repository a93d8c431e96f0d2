/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_zram.h"

static const struct {
  const char *name;
  sonde_unit unit;
} zram_columns[] = {
    {"orig_data_size", SONDE_UNIT_BYTES},   {"compr_data_size", SONDE_UNIT_BYTES},
    {"mem_used_total", SONDE_UNIT_BYTES},   {"mem_limit", SONDE_UNIT_BYTES},
    {"mem_used_max", SONDE_UNIT_BYTES},     {"same_pages", SONDE_UNIT_PAGES},
    {"pages_compacted", SONDE_UNIT_PAGES},  {"huge_pages", SONDE_UNIT_PAGES},
    {"huge_pages_since", SONDE_UNIT_PAGES},
};

enum {
  NUM_COLUMNS = sizeof zram_columns / sizeof zram_columns[0]
};

bool sondei_linux_next_zram(struct sondei_linux_zram *out, sondei_parse_error *err, sondei_span *in, size_t *column) {
  const sondei_span whole = *in;
  sondei_span word;
  err->position = 0;
  err->expected = NULL;
  if (*column >= NUM_COLUMNS || !sondei_span_take_word(in, &word)) return false;
  out->name = zram_columns[*column].name;
  out->unit = zram_columns[*column].unit;
  out->value = 0;
  (*column)++;
  sondei_span rest = word;
  if (!sondei_span_u64(&rest, &out->value, UINT64_MAX) || rest.len > 0) {
    out->value = 0;
    *column = NUM_COLUMNS;
    sondei_parse_fail(err, whole, sondei_span_of(word.data, whole.len - (size_t)(word.data - whole.data)), "a number");
  }
  return true;
}
