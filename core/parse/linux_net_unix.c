/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_net_unix.h"

enum {
  FLAG_LISTENING = 0x10000
};

/* So many hexadecimal digits, and the byte after them. */
static bool take_hex(sondei_span *line, uint64_t *out, size_t digits, char after) {
  sondei_span rest = *line;
  uint64_t value = 0;
  if (!sondei_span_hex64(&rest, &value, UINT64_MAX) || line->len - rest.len != digits ||
      !sondei_span_take_char(&rest, after)) {
    return false;
  }
  *out = value;
  *line = rest;
  return true;
}

/* "0000000000000000: 00000002 00000000 00010000 0001 01 12345 /path"; width: digits of the address, 8 or 16. */
static bool parse_row(struct sondei_linux_net_unix *out, sondei_span line, size_t width) {
  uint64_t unused = 0;
  uint64_t protocol = 0;
  uint64_t flags = 0;
  uint64_t type = 0;
  uint64_t inode = 0;
  if (!take_hex(&line, &unused, width, ':') || !sondei_span_take_char(&line, ' ') || /* 1: address */
      !take_hex(&line, &unused, 8, ' ') ||                                           /* 2: references */
      !take_hex(&line, &protocol, 8, ' ') || protocol != 0 ||                        /* 3 */
      !take_hex(&line, &flags, 8, ' ') ||                                            /* 4 */
      !take_hex(&line, &type, 4, ' ') ||                                             /* 5 */
      !take_hex(&line, &unused, 2, ' ')) {                                           /* 6: state */
    return false;
  }
  sondei_span_skip_blanks(&line); /* the inode is padded on the left */
  if (!sondei_span_u64(&line, &inode, UINT64_MAX)) return false;
  if (line.len > 0 && !sondei_span_take_char(&line, ' ')) return false;
  out->type = (uint32_t)type;
  out->inode = inode;
  out->is_listening = (flags & FLAG_LISTENING) != 0;
  out->path = line;
  return true;
}

static size_t address_width(sondei_span line) {
  size_t colon = 0;
  return sondei_span_find(line, ':', &colon) && colon == 8 ? 8 : 16;
}

bool sondei_linux_next_net_unix(struct sondei_linux_net_unix *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0 || sondei_span_starts_with(line, "Num"));
  const size_t width = address_width(line);
  if (!parse_row(out, line, width)) {
    out->type = 0;
    out->inode = 0;
    out->is_listening = false;
    out->path = sondei_span_of(line.data, 0);
    err->position = (size_t)(line.data - whole.data);
    err->expected = "seven columns";
    return true;
  }
  if (out->path.len == 0) return true;
  for (sondei_span rest = *in; sondei_span_take_line(&rest, &line);) {
    struct sondei_linux_net_unix next;
    if (parse_row(&next, line, width)) break;
    out->path.len = (size_t)(line.data - out->path.data) + line.len;
    *in = rest;
  }
  return true;
}
