/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_passwd.h"

/* Takes a field and the ':' after it off. */
static bool take_field(sondei_span *line, sondei_span *out) {
  size_t len = 0;
  if (!sondei_span_find(*line, ':', &len)) return false;
  *out = sondei_span_of(line->data, len);
  sondei_span_advance(line, len + 1);
  return true;
}

/* 1 name, 2 password, 3 uid, 4 gid, 5 comment, 6 home, 7 shell. What follows the uid is not looked at. */
static const char *parse_row(struct sondei_linux_passwd *out, sondei_span *line) {
  sondei_span rest = *line;
  sondei_span name;
  sondei_span password;
  uint32_t uid = 0;
  if (!take_field(&rest, &name) || name.len == 0 || name.data[0] == '+' || name.data[0] == '-') return "a user name";
  out->name = name;
  *line = rest;
  if (!take_field(line, &password)) return "a password field";
  rest = *line;
  if (!sondei_span_u32(&rest, &uid) || (rest.len > 0 && rest.data[0] != ':')) return "a user id";
  out->uid = uid;
  return NULL;
}

bool sondei_linux_next_passwd(struct sondei_linux_passwd *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0 || line.data[0] == '#');
  out->name = sondei_span_of(line.data, 0);
  out->uid = 0;
  err->expected = parse_row(out, &line);
  if (err->expected != NULL) err->position = (size_t)(line.data - whole.data);
  return true;
}
