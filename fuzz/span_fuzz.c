/* SPDX-License-Identifier: MIT */
/* The first byte chooses the operation, eight more a limit; the rest is the text. Every operation: false leaves span
 * and output alone; true takes off the front, and what was read is what was there. */
#include "core/parse/span.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_left_alone(sondei_span before, sondei_span after) {
  CHECK(before.data == after.data && before.len == after.len);
}

static void check_taken(sondei_span before, sondei_span after, size_t n) {
  CHECK(n <= before.len && after.len == before.len - n && after.data == before.data + n);
}

/* A number again, digit by digit from the last one to the first: not the way the library does it. */
static bool number_is(sondei_span digits, uint64_t value, unsigned base) {
  while (digits.len > 0) {
    const char c = digits.data[--digits.len];
    const unsigned digit = c <= '9' ? (unsigned)(c - '0') : (unsigned)((c | 32) - 'a' + 10);
    if (value % base != digit) return false;
    value /= base;
  }
  return value == 0;
}

static void check_numbers(sondei_span in, uint64_t max) {
  static const unsigned bases[] = {10, 16, 8};
  for (int i = 0; i < 3; i++) {
    sondei_span span = in;
    uint64_t value = 4711;
    const bool ok = i == 0   ? sondei_span_u64(&span, &value, max)
                    : i == 1 ? sondei_span_hex64(&span, &value, max)
                             : sondei_span_octal64(&span, &value, max);
    if (!ok) {
      check_left_alone(in, span);
      CHECK(value == 4711);
      continue;
    }
    CHECK(value <= max && span.len < in.len);
    check_taken(in, span, in.len - span.len);
    CHECK(number_is(sondei_span_of(in.data, in.len - span.len), value, bases[i]));
    if (i == 0) CHECK(span.len == 0 || span.data[0] < '0' || span.data[0] > '9');
  }

  sondei_span span = in;
  uint32_t small = 4711;
  if (!sondei_span_u32(&span, &small)) {
    check_left_alone(in, span);
    CHECK(small == 4711);
  }

  span = in;
  int64_t number = 4711;
  const int64_t low = max > INT64_MAX ? INT64_MIN : -(int64_t)max;
  const int64_t high = max > INT64_MAX ? INT64_MAX : (int64_t)max;
  if (sondei_span_i64(&span, &number, low, high)) {
    CHECK(number >= low && number <= high);
    const size_t sign = in.data[0] == '-' ? 1 : 0;
    const uint64_t magnitude = number < 0 ? (uint64_t)(-(number + 1)) + 1 : (uint64_t)number;
    CHECK(number_is(sondei_span_of(in.data + sign, in.len - span.len - sign), magnitude, 10));
    CHECK(number >= 0 || sign == 1);
  } else {
    check_left_alone(in, span);
    CHECK(number == 4711);
  }

  for (uint64_t scale = 1; scale <= 1000000000; scale *= 1000) {
    span = in;
    uint64_t fixed = 4711;
    if (sondei_span_fixed(&span, &fixed, scale, max)) {
      CHECK(fixed <= max && span.len < in.len);
      sondei_span whole = in;
      uint64_t units = 0;
      CHECK(sondei_span_u64(&whole, &units, UINT64_MAX) && fixed / scale == units);
    } else {
      check_left_alone(in, span);
      CHECK(fixed == 4711);
    }
  }

  uint64_t whole = 4711;
  int64_t whole_signed = 4711;
  const bool is_whole = sondei_span_whole_u64(in, &whole);
  if (!is_whole) CHECK(whole == 4711);
  if (!sondei_span_whole_i64(in, &whole_signed)) CHECK(whole_signed == 4711);
  if (is_whole && whole <= INT64_MAX) CHECK(whole_signed == (int64_t)whole);
}

static void check_pieces(sondei_span in, char c) {
  size_t first = 4711;
  size_t last = 4711;
  const bool found = sondei_span_find(in, c, &first);
  CHECK(sondei_span_find_last(in, c, &last) == found);
  if (found) {
    CHECK(first <= last && last < in.len && in.data[first] == c && in.data[last] == c);
  } else {
    CHECK(first == 4711 && last == 4711);
  }

  /* The pieces and their separators make up the whole, in order. */
  sondei_span rest = in;
  sondei_span piece;
  size_t at = 0;
  while (sondei_span_take_until(&rest, c, &piece)) {
    CHECK(piece.data == in.data + at && piece.len <= in.len - at);
    at += piece.len;
    if (at < in.len) CHECK(in.data[at++] == c);
    CHECK(rest.len == in.len - at);
  }
  CHECK(at == in.len && rest.len == 0);

  rest = in;
  size_t num_lines = 0;
  while (sondei_span_take_line(&rest, &piece)) {
    num_lines++;
    CHECK(num_lines <= in.len && !sondei_span_find(piece, '\n', &first));
    sondei_span words = piece;
    sondei_span word;
    while (sondei_span_take_word(&words, &word)) {
      CHECK(word.len > 0 && !sondei_span_find(word, ' ', &first) && !sondei_span_find(word, '\t', &first));
    }
    CHECK(sondei_span_trim(words).len == 0);
  }

  const sondei_span trimmed = sondei_span_trim(in);
  CHECK(check_inside(trimmed, (const uint8_t *)in.data, in.len));
  rest = in;
  sondei_span_skip_blanks(&rest);
  CHECK(rest.len == 0 || (rest.data[0] != ' ' && rest.data[0] != '\t'));
  rest = in;
  const bool has_first = in.len > 0 && in.data[0] == c;
  CHECK(sondei_span_take_char(&rest, c) == has_first);
  check_taken(in, rest, has_first ? 1 : 0);
  CHECK(sondei_span_starts_with(in, "") && sondei_span_ends_with(in, ""));
  CHECK(sondei_span_equals(in, "") == (in.len == 0));
}

static void check_binary(sondei_span in, uint64_t offset) {
  const size_t at = (size_t)offset;
  uint16_t two = 4711;
  uint32_t four = 4711;
  uint64_t eight = 4711;
  CHECK(sondei_span_read_u16(in, at, &two) == (at <= in.len && in.len - at >= 2));
  CHECK(sondei_span_read_u32(in, at, &four) == (at <= in.len && in.len - at >= 4));
  CHECK(sondei_span_read_u64(in, at, &eight) == (at <= in.len && in.len - at >= 8));
  sondei_span rest = in;
  sondei_span_advance(&rest, at);
  check_taken(in, rest, at < in.len ? at : in.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  uint64_t limit = UINT64_MAX;
  char c = '\n';
  if (in.len > 0) {
    c = in.data[0];
    sondei_span_advance(&in, 1);
  }
  if (sondei_span_read_u64(in, 0, &limit)) sondei_span_advance(&in, sizeof limit);
  check_numbers(in, UINT64_MAX);
  check_numbers(in, limit);
  check_pieces(in, c);
  check_pieces(in, '\n');
  check_binary(in, limit);
  check_binary(in, limit & 63);
  return 0;
}
