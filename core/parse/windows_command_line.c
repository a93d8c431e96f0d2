/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_command_line.h"

/* A text that is being written; there is always room. */
struct sink {
  char *data;
  size_t len;
};

static void put(struct sink *out, char low, char high) {
  out->data[out->len++] = low;
  out->data[out->len++] = high;
}

static void put_many(struct sink *out, size_t count, char c) {
  while (count-- > 0) put(out, c, 0);
}

/* Whether the next unit is the character c; at the end it is the NUL that would stand there. */
static bool is_next(sondei_span in, char c) {
  if (in.len < 2) return c == '\0';
  return in.data[0] == c && in.data[1] == 0;
}

static bool is_blank(sondei_span in) { return is_next(in, ' ') || is_next(in, '\t'); }

static size_t take_run(sondei_span *in, char c) {
  size_t count = 0;
  for (; is_next(*in, c); count++) sondei_span_advance(in, 2);
  return count;
}

static void take_unit(struct sink *out, sondei_span *in) {
  put(out, in->data[0], in->data[1]);
  sondei_span_advance(in, 2);
}

static void take_program(struct sink *out, sondei_span *in) {
  const bool is_quoted = is_next(*in, '"');
  if (is_quoted) sondei_span_advance(in, 2);
  while (!is_next(*in, '\0') && !(is_quoted ? is_next(*in, '"') : is_blank(*in))) take_unit(out, in);
  if (is_quoted && is_next(*in, '"')) sondei_span_advance(in, 2);
}

static void take_argument(struct sink *out, sondei_span *in) {
  bool is_open = false;
  while (!is_next(*in, '\0') && (is_open || !is_blank(*in))) {
    const size_t backslashes = take_run(in, '\\');
    if (!is_next(*in, '"')) {
      put_many(out, backslashes, '\\');
      if (backslashes == 0) take_unit(out, in);
      continue;
    }
    put_many(out, backslashes / 2, '\\');
    size_t quotes = take_run(in, '"');
    if (backslashes % 2 != 0) {
      put(out, '"', 0);
      quotes--;
    }
    quotes += is_open ? 1 : 0;
    put_many(out, quotes / 3, '"');
    is_open = quotes % 3 == 1;
  }
}

bool sondei_windows_next_argument(sondei_span *out, sondei_parse_error *err, struct sondei_windows_command_line *in,
                                  char *room) {
  struct sink text = {room, 0};
  err->position = 0;
  err->expected = NULL;
  if (is_next(in->rest, '\0')) return false;
  if (in->has_begun) {
    take_argument(&text, &in->rest);
  } else {
    take_program(&text, &in->rest);
    in->has_begun = true;
  }
  while (is_blank(in->rest)) sondei_span_advance(&in->rest, 2);
  *out = sondei_span_of(room, text.len);
  return true;
}
