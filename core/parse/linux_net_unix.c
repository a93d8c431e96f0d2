/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_unix.h"

/* Hexadecimal digits, at least so many, and the byte after them. */
static bool take_hex(sondei_span *line, uint64_t *out, size_t least, char after) {
  sondei_span rest = *line;
  uint64_t value = 0;
  if (!sondei_span_hex64(&rest, &value, UINT64_MAX) || line->len - rest.len < least ||
      !sondei_span_take_char(&rest, after)) {
    return false;
  }
  *out = value;
  *line = rest;
  return true;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /path" */
static bool parse_row(struct sondei_linux_net_unix *out, sondei_span line) {
  uint64_t unused = 0;
  uint64_t type = 0;
  uint64_t inode = 0;
  if (!take_hex(&line, &unused, 8, ':') || !sondei_span_take_char(&line, ' ') || /* 1: address */
      !take_hex(&line, &unused, 8, ' ') ||                                       /* 2: references */
      !take_hex(&line, &unused, 8, ' ') ||                                       /* 3: protocol */
      !take_hex(&line, &unused, 8, ' ') ||                                       /* 4: flags */
      !take_hex(&line, &type, 4, ' ') || type > UINT32_MAX ||                    /* 5 */
      !take_hex(&line, &unused, 2, ' ')) {                                       /* 6: state */
    return false;
  }
  sondei_span_skip_blanks(&line); /* the inode is padded on the left */
  if (!sondei_span_u64(&line, &inode, UINT64_MAX)) return false;
  if (line.len > 0 && !sondei_span_take_char(&line, ' ')) return false;
  out->type = (uint32_t)type;
  out->inode = inode;
  out->path = line;
  return true;
}

bool sondei_linux_next_net_unix(struct sondei_linux_net_unix *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0 || sondei_span_starts_with(line, "Num"));
  if (!parse_row(out, line)) {
    out->type = 0;
    out->inode = 0;
    out->path = sondei_span_of(line.data, 0);
    err->position = (size_t)(line.data - whole.data);
    err->expected = "seven columns";
    return true;
  }
  if (out->path.len == 0) return true;
  for (sondei_span rest = *in; sondei_span_take_line(&rest, &line);) {
    struct sondei_linux_net_unix next;
    if (parse_row(&next, line)) break;
    out->path.len = (size_t)(line.data - out->path.data) + line.len;
    *in = rest;
  }
  return true;
}
