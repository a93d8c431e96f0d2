/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_udev_link.h"

size_t sondei_linux_unescape_udev(char *out, sondei_span in) {
  enum {
    ESCAPE_LEN = 4 /* \xHH */
  };
  size_t len = 0;
  while (in.len > 0) {
    sondei_span digits = sondei_span_of(in.data, in.len < ESCAPE_LEN ? in.len : ESCAPE_LEN);
    uint64_t byte = 0;
    if (digits.len == ESCAPE_LEN && sondei_span_take_text(&digits, "\\x") &&
        sondei_span_hex64(&digits, &byte, UINT8_MAX) && digits.len == 0) {
      out[len++] = (char)(unsigned char)byte;
      sondei_span_advance(&in, ESCAPE_LEN);
    } else {
      out[len++] = in.data[0];
      sondei_span_advance(&in, 1);
    }
  }
  return len;
}

sondei_span sondei_linux_udev_device(sondei_span target) {
  while (sondei_span_take_text(&target, "../")) continue;
  return target;
}
