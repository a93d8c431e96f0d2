/* SPDX-License-Identifier: MIT */
#include "tools/text_escape.h"

#include <sonde/sonde.h>
#include <string.h>

#ifdef _WIN32
#define KEEPS_BACKSLASHES true
#else
#define KEEPS_BACKSLASHES false
#endif

size_t text_escape(char *out, size_t out_size, const char *data, size_t len) {
  return text_escape_as(out, out_size, data, len, KEEPS_BACKSLASHES);
}

size_t text_escape_as(char *out, size_t out_size, const char *data, size_t len, bool keeps_backslashes) {
  if (!keeps_backslashes) return sonde_escape(out, out_size, data, len);
  size_t needed = 0;
  for (;;) {
    const char *const backslash = len > 0 ? memchr(data, '\\', len) : NULL;
    const size_t part = backslash != NULL ? (size_t)(backslash - data) : len;
    const bool has_room = needed < out_size;
    needed += sonde_escape(has_room ? out + needed : NULL, has_room ? out_size - needed : 0, data, part);
    if (backslash == NULL) return needed;
    if (out_size > 1 && needed < out_size - 1) memcpy(out + needed, "\\", 2);
    needed++;
    data += part + 1;
    len -= part + 1;
  }
}
