/* SPDX-License-Identifier: MIT */
#include <sonde/sonde.h>

struct escape_out {
  char *data;
  size_t room; /* without the NUL */
  size_t len;  /* written */
  size_t needed;
  bool is_full; /* something did not fit: nothing more is written */
};

/* Writes one unit, whole or not at all. */
static void escape_put(struct escape_out *out, const char *unit, size_t len) {
  out->needed = out->needed > SIZE_MAX - len ? SIZE_MAX : out->needed + len;
  if (out->is_full || out->room - out->len < len) {
    out->is_full = true;
    return;
  }
  for (size_t i = 0; i < len; i++) out->data[out->len + i] = unit[i];
  out->len += len;
}

static void escape_put_byte(struct escape_out *out, unsigned char byte) {
  static const char digits[] = "0123456789abcdef";
  const char unit[4] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
  escape_put(out, unit, sizeof unit);
}

/* The length of the well-formed UTF-8 sequence at `in`, and its code point; 0 when there is none (Unicode, table 3-7).
 */
static size_t escape_decode(uint32_t *out, const unsigned char *in, size_t len) {
  const unsigned first = in[0];
  size_t size = 0;
  uint32_t least = 0;
  uint32_t code = 0;
  if (first < 0x80) {
    *out = first;
    return 1;
  }
  if (first >= 0xc2 && first <= 0xdf) {
    size = 2;
    least = 0x80;
    code = first & 0x1f;
  } else if (first >= 0xe0 && first <= 0xef) {
    size = 3;
    least = 0x800;
    code = first & 0x0f;
  } else if (first >= 0xf0 && first <= 0xf4) {
    size = 4;
    least = 0x10000;
    code = first & 0x07;
  }
  if (size == 0 || size > len) return 0;
  for (size_t i = 1; i < size; i++) {
    if ((in[i] & 0xc0) != 0x80) return 0;
    code = code << 6 | (in[i] & 0x3fu);
  }
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return 0;
  *out = code;
  return size;
}

static bool escape_is_printable(uint32_t code) {
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return false;      /* C0, DEL, C1 */
  if (code == 0x061c || code == 0x200e || code == 0x200f) return false; /* marks of direction */
  return !(code >= 0x2028 && code <= 0x202e) && /* line and paragraph separator, embeddings, overrides */
         !(code >= 0x2066 && code <= 0x2069);   /* isolates */
}

size_t sonde_escape(char *out, size_t out_size, const char *in, size_t in_len) {
  if (out == NULL) out_size = 0;
  if (in == NULL) in_len = 0;
  const unsigned char *const bytes = (const unsigned char *)in;
  struct escape_out text = {out, out_size > 0 ? out_size - 1 : 0, 0, 0, out_size == 0};
  size_t at = 0;
  while (at < in_len) {
    uint32_t code = 0;
    const size_t size = escape_decode(&code, bytes + at, in_len - at);
    if (size == 0) {
      escape_put_byte(&text, bytes[at++]);
    } else if (code == '\\') {
      escape_put(&text, "\\\\", 2);
      at++;
    } else if (code == '\n') {
      escape_put(&text, "\\n", 2);
      at++;
    } else if (code == '\t') {
      escape_put(&text, "\\t", 2);
      at++;
    } else if (escape_is_printable(code)) {
      escape_put(&text, in + at, size);
      at += size;
    } else {
      for (const size_t end = at + size; at < end; at++) escape_put_byte(&text, bytes[at]);
    }
  }
  if (out_size > 0) out[text.len] = '\0';
  return text.needed;
}
