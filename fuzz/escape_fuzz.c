/* SPDX-License-Identifier: MIT */
/* The first byte is the room; the rest is escaped. */
#include <sonde/sonde.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_continuation(const char *text, size_t len, size_t at) {
  return at < len && ((unsigned char)text[at] & 0xc0) == 0x80;
}

/* UTF-8 that a terminal may be given. */
static void check_clean(const char *text, size_t len) {
  for (size_t i = 0; i < len;) {
    const unsigned char byte = (unsigned char)text[i];
    CHECK(byte >= 0x20 && byte != 0x7f);
    const size_t unit = byte < 0x80 ? 1 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    CHECK(byte < 0x80 || (byte >= 0xc2 && byte <= 0xf4));
    uint32_t code = unit == 1 ? byte : byte & (0x7fu >> unit);
    for (size_t k = 1; k < unit; k++) {
      CHECK(is_continuation(text, len, i + k));
      code = code << 6 | ((unsigned char)text[i + k] & 0x3fu);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    CHECK(code >= least[unit] && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff));
    CHECK(!(code >= 0x7f && code <= 0x9f) && code != 0x61c && code != 0x200e && code != 0x200f);
    CHECK(!(code >= 0x2028 && code <= 0x202e) && !(code >= 0x2066 && code <= 0x2069));
    i += unit;
  }
}

static unsigned hex(char c) { return c <= '9' ? (unsigned)(c - '0') : (unsigned)(c - 'a') + 10; }

/* The escapes, taken back, are what went in. */
static void check_reversible(const char *text, size_t len, const char *in, size_t in_len) {
  size_t at = 0;
  for (size_t i = 0; i < len; at++) {
    char c = text[i++];
    if (c == '\\') {
      CHECK(i < len);
      c = text[i++];
      if (c == 'x') {
        CHECK(i + 2 <= len);
        c = (char)(hex(text[i]) << 4 | hex(text[i + 1]));
        i += 2;
      } else {
        CHECK(c == 'n' || c == 't' || c == '\\');
        if (c == 'n') c = '\n';
        if (c == 't') c = '\t';
      }
    }
    CHECK(at < in_len && in[at] == c);
  }
  CHECK(at == in_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const size_t room = size > 0 ? data[0] : 0;
  const char *const in = (const char *)data + (size > 0 ? 1 : 0);
  const size_t in_len = size > 0 ? size - 1 : 0;
  const size_t needed = sonde_escape(NULL, 0, in, in_len);
  CHECK(needed >= in_len && needed <= 4 * in_len);

  char *const whole = malloc(needed + 1);
  char *const part = malloc(room + 1);
  CHECK(whole != NULL && part != NULL);
  CHECK(sonde_escape(whole, needed + 1, in, in_len) == needed && whole[needed] == '\0');
  check_clean(whole, needed);
  check_reversible(whole, needed, in, in_len);

  part[room] = '!';
  CHECK(sonde_escape(part, room, in, in_len) == needed && part[room] == '!');
  if (room > 0) {
    const size_t len = strlen(part);
    CHECK(len < room && len <= needed && memcmp(part, whole, len) == 0);
    CHECK(needed < room ? len == needed : room - 1 - len < 4);
    check_clean(part, len);
  }
  free(whole);
  free(part);
  return 0;
}
