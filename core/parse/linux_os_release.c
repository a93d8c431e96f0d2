/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_os_release.h"

static bool is_quote(char c) { return c == '"' || c == '\''; }

static bool is_escaped_in_double_quotes(char c) { return c == '"' || c == '\\' || c == '$' || c == '`'; }

static bool is_key_byte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Offset behind the closing quote of a value that begins with one; false when there is none. */
static bool find_value_end(sondei_span value, size_t *out) {
  const char quote = value.data[0];
  for (size_t i = 1; i < value.len; i++) {
    if (value.data[i] == quote) {
      *out = i + 1;
      return true;
    }
    if (value.data[i] == '\\' && quote == '"') i++;
  }
  return false;
}

/* Leaves *line where it gave up. */
static const char *parse_row(struct sondei_linux_os_release *out, sondei_span *line) {
  size_t key_len = 0;
  while (key_len < line->len && is_key_byte(line->data[key_len])) key_len++;
  if (key_len == 0) return "a name";
  if (key_len == line->len || line->data[key_len] != '=') {
    sondei_span_advance(line, key_len);
    return "an equals sign";
  }
  out->key = sondei_span_of(line->data, key_len);
  sondei_span_advance(line, key_len + 1);
  const sondei_span value = sondei_span_trim(*line);
  if (value.len > 0 && is_quote(value.data[0])) {
    size_t end = 0;
    if (!find_value_end(value, &end)) return "a closing quote";
    if (end < value.len) {
      sondei_span_advance(line, (size_t)(value.data - line->data) + end);
      return "the end of the line";
    }
  }
  out->value = value;
  return NULL;
}

bool sondei_linux_next_os_release(struct sondei_linux_os_release *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
    line = sondei_span_trim(line);
  } while (line.len == 0 || line.data[0] == '#');
  out->key = out->value = sondei_span_of(line.data, 0);
  err->expected = parse_row(out, &line);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  return true;
}

size_t sondei_linux_unquote_os_release(char *out, sondei_span value) {
  char quote = '\0';
  size_t len = 0;
  size_t i = 0;
  if (value.len > 0 && is_quote(value.data[0])) {
    quote = value.data[0];
    i = 1;
    if (value.data[value.len - 1] == quote) value.len--;
  }
  for (; i < value.len; i++) {
    if (value.data[i] == '\\' && quote != '\'' && i + 1 < value.len &&
        (quote == '\0' || is_escaped_in_double_quotes(value.data[i + 1]))) {
      i++;
    }
    out[len++] = value.data[i];
  }
  return len;
}
