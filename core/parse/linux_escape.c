/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_escape.h"

/* Takes "\ooo" off. */
static bool take_escape(sondei_span *in, char *out) {
  if (in->len < 4 || in->data[0] != '\\') return false;
  unsigned value = 0;
  for (size_t i = 1; i < 4; i++) {
    const char c = in->data[i];
    if (c < '0' || c > '7') return false;
    value = value * 8 + (unsigned)(c - '0');
  }
  if (value > 255) return false;
  *out = (char)(unsigned char)value;
  sondei_span_advance(in, 4);
  return true;
}

size_t sondei_linux_unescape(char *out, sondei_span in) {
  size_t len = 0;
  while (in.len > 0) {
    char c = in.data[0];
    if (!take_escape(&in, &c)) sondei_span_advance(&in, 1);
    out[len++] = c;
  }
  return len;
}
