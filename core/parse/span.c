/* SPDX-License-Identifier: MIT */
#include "core/parse/span.h"

#include <string.h>

sondei_span sondei_span_of(const char *data, size_t len) {
  const sondei_span span = {data, len};
  return span;
}

sondei_span sondei_span_text(const char *text) { return sondei_span_of(text, strlen(text)); }

bool sondei_span_equals(sondei_span span, const char *text) {
  return span.len == strlen(text) && sondei_span_starts_with(span, text);
}

bool sondei_span_starts_with(sondei_span span, const char *text) {
  const size_t len = strlen(text);
  return span.len >= len && (len == 0 || memcmp(span.data, text, len) == 0);
}

bool sondei_span_ends_with(sondei_span span, const char *text) {
  const size_t len = strlen(text);
  return span.len >= len && (len == 0 || memcmp(span.data + (span.len - len), text, len) == 0);
}

bool sondei_span_find(sondei_span span, char c, size_t *out) {
  if (span.len == 0) return false;
  const char *const found = memchr(span.data, c, span.len);
  if (found == NULL) return false;
  *out = (size_t)(found - span.data);
  return true;
}

bool sondei_span_find_last(sondei_span span, char c, size_t *out) {
  for (size_t i = span.len; i > 0; i--) {
    if (span.data[i - 1] == c) {
      *out = i - 1;
      return true;
    }
  }
  return false;
}

void sondei_span_advance(sondei_span *span, size_t n) {
  if (n > span->len) n = span->len;
  if (n == 0) return; /* data may be NULL then */
  span->data += n;
  span->len -= n;
}

bool sondei_span_take_text(sondei_span *span, const char *text) {
  if (!sondei_span_starts_with(*span, text)) return false;
  sondei_span_advance(span, strlen(text));
  return true;
}

bool sondei_span_take_char(sondei_span *span, char c) {
  if (span->len == 0 || span->data[0] != c) return false;
  sondei_span_advance(span, 1);
  return true;
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

void sondei_span_skip_blanks(sondei_span *span) {
  size_t n = 0;
  while (n < span->len && is_blank(span->data[n])) n++;
  sondei_span_advance(span, n);
}

sondei_span sondei_span_trim(sondei_span span) {
  sondei_span_skip_blanks(&span);
  while (span.len > 0 && is_blank(span.data[span.len - 1])) span.len--;
  return span;
}

bool sondei_span_take_line(sondei_span *span, sondei_span *out) { return sondei_span_take_until(span, '\n', out); }

bool sondei_span_take_until(sondei_span *span, char c, sondei_span *out) {
  if (span->len == 0) return false;
  size_t len = span->len;
  const bool found = sondei_span_find(*span, c, &len);
  *out = sondei_span_of(span->data, len);
  sondei_span_advance(span, found ? len + 1 : len);
  return true;
}

bool sondei_span_take_word(sondei_span *span, sondei_span *out) {
  sondei_span rest = *span;
  sondei_span_skip_blanks(&rest);
  size_t n = 0;
  while (n < rest.len && !is_blank(rest.data[n]) && rest.data[n] != '\n') n++;
  if (n == 0) return false;
  *out = sondei_span_of(rest.data, n);
  sondei_span_advance(&rest, n);
  *span = rest;
  return true;
}

/* The value of a digit, or 255. */
static unsigned digit_value(char c) {
  if (c >= '0' && c <= '9') return (unsigned)(c - '0');
  if (c >= 'a' && c <= 'f') return (unsigned)(c - 'a') + 10;
  if (c >= 'A' && c <= 'F') return (unsigned)(c - 'A') + 10;
  return 255;
}

static bool take_digits(sondei_span *span, uint64_t *out, uint64_t max, unsigned base) {
  uint64_t value = 0;
  size_t n = 0;
  for (; n < span->len; n++) {
    const unsigned digit = digit_value(span->data[n]);
    if (digit >= base) break;
    if (digit > max || value > (max - digit) / base) return false;
    value = value * base + digit;
  }
  if (n == 0) return false;
  sondei_span_advance(span, n);
  *out = value;
  return true;
}

bool sondei_span_u64(sondei_span *span, uint64_t *out, uint64_t max) {
  /* The hot loop of every /proc file: 19 digits cannot overflow, so only longer numbers are checked digit by digit. */
  uint64_t value = 0;
  size_t n = 0;
  const size_t safe = span->len < 19 ? span->len : 19;
  while (n < safe) {
    const char c = span->data[n];
    if (c < '0' || c > '9') break;
    value = value * 10 + (unsigned)(c - '0');
    n++;
  }
  if (n == 19) return take_digits(span, out, max, 10);
  if (n == 0 || value > max) return false;
  sondei_span_advance(span, n);
  *out = value;
  return true;
}

bool sondei_span_u32(sondei_span *span, uint32_t *out) {
  uint64_t value = 0;
  if (!sondei_span_u64(span, &value, UINT32_MAX)) return false;
  *out = (uint32_t)value;
  return true;
}

bool sondei_span_i64(sondei_span *span, int64_t *out, int64_t min, int64_t max) {
  sondei_span rest = *span;
  const bool negative = sondei_span_take_char(&rest, '-');
  uint64_t magnitude = 0;
  if (!sondei_span_u64(&rest, &magnitude, negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX)) return false;
  const int64_t value = negative && magnitude > 0 ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
  if (value < min || value > max) return false;
  *span = rest;
  *out = value;
  return true;
}

bool sondei_span_hex64(sondei_span *span, uint64_t *out, uint64_t max) { return take_digits(span, out, max, 16); }

bool sondei_span_octal64(sondei_span *span, uint64_t *out, uint64_t max) { return take_digits(span, out, max, 8); }

bool sondei_span_fixed(sondei_span *span, uint64_t *out, uint64_t scale, uint64_t max) {
  sondei_span rest = *span;
  uint64_t whole = 0;
  if (!sondei_span_u64(&rest, &whole, max / scale)) return false;
  uint64_t fraction = 0;
  sondei_span digits = rest;
  if (sondei_span_take_char(&digits, '.') && digits.len > 0 && digit_value(digits.data[0]) < 10) {
    uint64_t unit = scale;
    while (digits.len > 0 && digit_value(digits.data[0]) < 10) {
      unit /= 10;
      fraction += unit * digit_value(digits.data[0]);
      sondei_span_advance(&digits, 1);
    }
    rest = digits;
  }
  if (fraction > max - whole * scale) return false;
  *span = rest;
  *out = whole * scale + fraction;
  return true;
}

static sondei_span trim_lines(sondei_span span) {
  while (span.len > 0 && (is_blank(span.data[0]) || span.data[0] == '\n')) sondei_span_advance(&span, 1);
  while (span.len > 0 && (is_blank(span.data[span.len - 1]) || span.data[span.len - 1] == '\n')) span.len--;
  return span;
}

bool sondei_span_whole_u64(sondei_span span, uint64_t *out) {
  uint64_t value = 0;
  span = trim_lines(span);
  if (!sondei_span_u64(&span, &value, UINT64_MAX) || span.len > 0) return false;
  *out = value;
  return true;
}

bool sondei_span_whole_i64(sondei_span span, int64_t *out) {
  int64_t value = 0;
  span = trim_lines(span);
  if (!sondei_span_i64(&span, &value, INT64_MIN, INT64_MAX) || span.len > 0) return false;
  *out = value;
  return true;
}

static bool read_bytes(sondei_span span, size_t offset, void *out, size_t size) {
  if (offset > span.len || span.len - offset < size) return false;
  memcpy(out, span.data + offset, size);
  return true;
}

sondei_byte_order sondei_host_byte_order(void) {
  const uint16_t one = 1;
  unsigned char first = 0;
  memcpy(&first, &one, sizeof first);
  return first == 1 ? SONDEI_LITTLE_ENDIAN : SONDEI_BIG_ENDIAN;
}

bool sondei_span_read_ordered(sondei_span span, size_t offset, size_t size, sondei_byte_order order, uint64_t *out) {
  unsigned char bytes[sizeof *out];
  if (size == 0 || size > sizeof bytes || !read_bytes(span, offset, bytes, size)) return false;
  uint64_t value = 0;
  for (size_t i = 0; i < size; i++) {
    value = value << 8 | bytes[order == SONDEI_BIG_ENDIAN ? i : size - 1 - i];
  }
  *out = value;
  return true;
}

bool sondei_span_read_u16(sondei_span span, size_t offset, uint16_t *out) {
  return read_bytes(span, offset, out, sizeof *out);
}

bool sondei_span_read_u32(sondei_span span, size_t offset, uint32_t *out) {
  return read_bytes(span, offset, out, sizeof *out);
}

bool sondei_span_read_u64(sondei_span span, size_t offset, uint64_t *out) {
  return read_bytes(span, offset, out, sizeof *out);
}

bool sondei_parse_fail(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  if (err != NULL) {
    err->position = whole.len - at.len;
    err->expected = expected;
  }
  return false;
}
