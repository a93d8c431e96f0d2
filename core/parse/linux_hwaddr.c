/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hwaddr.h"

#include <string.h>

sonde_status sondei_linux_parse_hwaddr(sonde_address *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  sondei_span line = sondei_span_of(in.data, 0);
  sondei_span_take_line(&in, &line);
  sonde_address address;
  memset(&address, 0, sizeof address);
  while (line.len > 0) {
    uint64_t byte = 0;
    const bool fits = address.len < SONDE_ADDRESS_MAX && (address.len == 0 || sondei_span_take_char(&line, ':'));
    const size_t before = line.len;
    if (!fits || !sondei_span_hex64(&line, &byte, 0xff) || before - line.len > 2) {
      sondei_parse_fail(err, whole, sondei_span_of(line.data, whole.len - (size_t)(line.data - whole.data)),
                        "bytes in hexadecimal, parted by colons");
      return SONDE_ERR_PARSE;
    }
    address.family = SONDE_FAMILY_LINK;
    address.bytes[address.len++] = (uint8_t)byte;
  }
  *out = address;
  return SONDE_OK;
}
