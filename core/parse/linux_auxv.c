/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_auxv.h"

/* linux/auxvec.h */
enum {
  TYPE_END = 0,
  TYPE_PAGE_SIZE = 6,
  TYPE_CLOCK_TICKS = 17,
  TYPE_MAX = 0xffff /* no kernel has so many; read in a wrong way, they are larger */
};

static const uint64_t min_page_size = UINT64_C(1) << 9;
static const uint64_t max_page_size = UINT64_C(1) << 30;
static const uint64_t max_ticks = UINT64_C(1000000000);

static bool is_page_size(uint64_t value) {
  return value >= min_page_size && value <= max_page_size && (value & (value - 1)) == 0;
}

static bool read_auxv(struct sondei_linux_auxv *out, sondei_span in, size_t word, sondei_byte_order order) {
  struct sondei_linux_auxv auxv = {order, (uint32_t)word, 0, 0};
  uint64_t type = TYPE_END;
  uint64_t value = 0;
  while (sondei_span_read_ordered(in, 0, word, order, &type) &&
         sondei_span_read_ordered(in, word, word, order, &value)) {
    if (type == TYPE_END) break;
    if (type > TYPE_MAX) return false;
    if (type == TYPE_PAGE_SIZE) auxv.page_size = value;
    if (type == TYPE_CLOCK_TICKS && value <= max_ticks) auxv.ticks_per_second = value;
    sondei_span_advance(&in, 2 * word);
  }
  if (!is_page_size(auxv.page_size)) return false;
  *out = auxv;
  return true;
}

sonde_status sondei_linux_parse_auxv(struct sondei_linux_auxv *out, sondei_parse_error *err, sondei_span in) {
  static const size_t words[] = {8, 4};
  static const sondei_byte_order orders[] = {SONDEI_LITTLE_ENDIAN, SONDEI_BIG_ENDIAN};
  for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
    for (size_t j = 0; j < sizeof orders / sizeof orders[0]; j++) {
      if (read_auxv(out, in, words[i], orders[j])) return SONDE_OK;
    }
  }
  sondei_parse_fail(err, in, in, "a page size");
  return SONDE_ERR_PARSE;
}
