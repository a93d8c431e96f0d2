/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_utf16.h"

enum {
  HIGH_FIRST = 0xd800,
  LOW_FIRST = 0xdc00,
  SURROGATE_LAST = 0xdfff,
  PLANE_FIRST = 0x10000,
  CODE_LAST = 0x10ffff
};

static bool is_high(uint32_t unit) { return unit >= HIGH_FIRST && unit < LOW_FIRST; }
static bool is_low(uint32_t unit) { return unit >= LOW_FIRST && unit <= SURROGATE_LAST; }

static uint32_t unit_at(sondei_span utf16, size_t at) {
  return (uint32_t)(unsigned char)utf16.data[at] | (uint32_t)(unsigned char)utf16.data[at + 1] << 8;
}

/* Takes the next character, or lone surrogate, off. False at the end. */
static bool take_utf16(sondei_span *utf16, uint32_t *code) {
  if (utf16->len < 2) return false;
  uint32_t unit = unit_at(*utf16, 0);
  size_t taken = 2;
  if (is_high(unit) && utf16->len >= 4 && is_low(unit_at(*utf16, 2))) {
    unit = PLANE_FIRST + ((unit - HIGH_FIRST) << 10) + (unit_at(*utf16, 2) - LOW_FIRST);
    taken = 4;
  }
  *code = unit;
  sondei_span_advance(utf16, taken);
  return true;
}

static size_t utf8_len(uint32_t code) { return code < 0x80 ? 1 : code < 0x800 ? 2 : code < PLANE_FIRST ? 3 : 4; }

size_t sondei_windows_utf8_size(sondei_span utf16) {
  size_t size = 0;
  uint32_t code = 0;
  while (take_utf16(&utf16, &code)) size += utf8_len(code);
  return size;
}

size_t sondei_windows_utf8_write(char *out, sondei_span utf16) {
  static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
  size_t size = 0;
  uint32_t code = 0;
  while (take_utf16(&utf16, &code)) {
    const size_t len = utf8_len(code);
    for (size_t i = len - 1; i > 0; i--) {
      out[size + i] = (char)(0x80 | (code & 0x3f));
      code >>= 6;
    }
    out[size] = (char)(lead[len == 1 ? 0 : len] | code);
    size += len;
  }
  return size;
}

/* Takes the next character off; *ok false: there is none that is well-formed. False at the end. */
static bool take_utf8(sondei_span *utf8, uint32_t *code, bool *ok) {
  static const uint32_t least[] = {0, 0, 0x80, 0x800, PLANE_FIRST};
  if (utf8->len == 0) return false;
  const unsigned char first = (unsigned char)utf8->data[0];
  const size_t len = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf8 ? 4 : 0;
  *ok = len > 0 && len <= utf8->len;
  uint32_t value = len <= 1 ? first : first & (0x7fu >> len);
  for (size_t i = 1; *ok && i < len; i++) {
    const unsigned char next = (unsigned char)utf8->data[i];
    *ok = (next & 0xc0) == 0x80;
    value = value << 6 | (next & 0x3f);
  }
  *ok = *ok && value >= least[len] && value <= CODE_LAST;
  *code = value;
  sondei_span_advance(utf8, *ok ? len : 1);
  return true;
}

bool sondei_windows_utf16_size(size_t *out, sondei_span utf8) {
  size_t size = 0;
  uint32_t code = 0, before = 0;
  bool ok = true;
  while (take_utf8(&utf8, &code, &ok)) {
    /* Two halves that were written as if they were lone: the pair has another spelling. */
    if (!ok || (is_high(before) && is_low(code))) return false;
    size += code < PLANE_FIRST ? 2 : 4;
    before = code;
  }
  *out = size;
  return true;
}

static void put_unit(char *out, uint32_t unit) {
  out[0] = (char)(unit & 0xff);
  out[1] = (char)(unit >> 8);
}

void sondei_windows_utf16_write(char *out, sondei_span utf8) {
  uint32_t code = 0;
  bool ok = true;
  while (take_utf8(&utf8, &code, &ok)) {
    if (code < PLANE_FIRST) {
      put_unit(out, code);
      out += 2;
    } else {
      put_unit(out, HIGH_FIRST + ((code - PLANE_FIRST) >> 10));
      put_unit(out + 2, LOW_FIRST + ((code - PLANE_FIRST) & 0x3ff));
      out += 4;
    }
  }
}
