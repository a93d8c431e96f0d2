/* SPDX-License-Identifier: MIT */
#include "tools/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/terminal.h"
#include "tools/text_escape.h"
#include "tools/text_width.h"

void output_open(struct output *self, FILE *stream) {
  memset(self, 0, sizeof *self);
  self->stream = stream;
  self->has_colour = terminal_has_colour(stream);
  self->width = terminal_width(stream);
}

static void write_bytes(struct output *self, const char *data, size_t len) {
  if (self->error != 0 || len == 0) return;
  if (self->before != NULL) {
    const char *const before = self->before;
    self->before = NULL;
    write_bytes(self, before, strlen(before));
  }
  errno = 0;
  if (fwrite(data, 1, len, self->stream) != len) self->error = errno != 0 ? errno : EIO;
}

/* Without a line end inside. */
static void write_part(struct output *self, const char *data, size_t len) {
  size_t columns = 0;
  const size_t room = self->fits && self->width > 0 ? self->width - self->column : SIZE_MAX;
  write_bytes(self, data, text_cut(data, len, room, &columns));
  self->column += columns;
}

void output_printable(struct output *self, const char *data, size_t len) {
  while (len > 0) {
    const char *const end = memchr(data, '\n', len);
    const size_t part = end != NULL ? (size_t)(end - data) : len;
    write_part(self, data, part);
    if (end == NULL) return;
    write_bytes(self, "\n", 1);
    self->column = 0;
    data += part + 1;
    len -= part + 1;
  }
}

void output_text(struct output *self, const char *text) { output_printable(self, text, strlen(text)); }

void output_escaped(struct output *self, const char *data, size_t len) {
  char few[256];
  const size_t needed = text_escape(few, sizeof few, data, len);
  if (needed < sizeof few) {
    write_part(self, few, needed);
    return;
  }
  char *const all = allocate_or_exit(NULL, needed + 1, 1);
  (void)text_escape(all, needed + 1, data, len);
  write_part(self, all, needed);
  free(all);
}

void output_string(struct output *self, sonde_string string) { output_escaped(self, string.data, string.len); }

void output_blanks(struct output *self, size_t count) {
  static const char blanks[] = "                                ";
  while (count > 0) {
    const size_t some = count < sizeof blanks - 1 ? count : sizeof blanks - 1;
    write_part(self, blanks, some);
    count -= some;
  }
}

void output_number(struct output *self, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do {
    digits[--at] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  write_part(self, digits + at, sizeof digits - at);
}

void output_colour(struct output *self, text_colour colour) {
  static const char *const codes[] = {"\x1b[0m",  "\x1b[1;36m", "\x1b[1m", "\x1b[2m",
                                      "\x1b[32m", "\x1b[33m",   "\x1b[31m"};
  if (self->has_colour) write_bytes(self, codes[colour], strlen(codes[colour]));
}

bool output_flush(struct output *self) {
  errno = 0;
  if (fflush(self->stream) != 0 && self->error == 0) self->error = errno != 0 ? errno : EIO;
  return self->error == 0;
}

void *allocate_or_exit(void *old, size_t count, size_t size) {
  void *const block = size != 0 && count > SIZE_MAX / size ? NULL : realloc(old, count * size + (count * size == 0));
  if (block == NULL) {
    (void)fputs("sonde: out of memory\n", stderr);
    exit(EXIT_FAILURE);
  }
  return block;
}

char *escape_copy(const char *data, size_t len, size_t *out_len) {
  const size_t needed = sonde_escape(NULL, 0, data, len);
  char *const copy = allocate_or_exit(NULL, needed + 1, 1);
  (void)sonde_escape(copy, needed + 1, data, len);
  if (out_len != NULL) *out_len = needed;
  return copy;
}
