/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_elf.h"

sonde_status sondei_linux_parse_elf(uint32_t *out, sondei_parse_error *err, sondei_span in) {
  sondei_span rest = in;
  if (!sondei_span_take_text(&rest,
                             "\x7f"
                             "ELF")) {
    sondei_parse_fail(err, in, rest, "an ELF header");
    return SONDE_ERR_PARSE;
  }
  if (sondei_span_take_char(&rest, 1)) {
    *out = 32;
  } else if (sondei_span_take_char(&rest, 2)) {
    *out = 64;
  } else {
    sondei_parse_fail(err, in, rest, "an ELF class");
    return SONDE_ERR_PARSE;
  }
  return SONDE_OK;
}
