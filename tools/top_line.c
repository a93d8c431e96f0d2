/* SPDX-License-Identifier: MIT */
#include "tools/top_line.h"

#include <string.h>

#include "tools/text_width.h"

void top_line_clear(struct top_line *self) {
  self->text.len = 0;
  self->num_spans = 0;
  self->started = 0;
}

void top_line_colour(struct top_line *self, text_colour colour) {
  const size_t last = self->num_spans > 0 ? self->num_spans - 1 : 0;
  const size_t end = self->num_spans > 0 ? self->spans[last].end : 0;
  if (self->text.len == end) return;
  if (self->num_spans > 0 && (self->spans[last].colour == colour || self->num_spans == TOP_LINE_MAX_SPANS)) {
    self->spans[last].end = self->text.len;
    return;
  }
  const struct top_span span = {self->text.len, colour};
  self->spans[self->num_spans++] = span;
}

static void add_blanks(struct text_buffer *text, size_t count) {
  for (; count > 0; count--) text_add(text, " ");
}

void top_line_pad(struct top_line *self, size_t column) {
  const size_t width = self->text.len > 0 ? text_width(self->text.data, self->text.len) : 0;
  if (width < column) add_blanks(&self->text, column - width);
  top_line_colour(self, COLOUR_NONE);
}

struct text_buffer *top_line_begin(struct top_line *self) {
  self->started = self->text.len;
  return &self->text;
}

static size_t cell_width(const struct top_line *self) {
  const size_t len = self->text.len - self->started;
  return len > 0 ? text_width(self->text.data + self->started, len) : 0;
}

void top_line_end_number(struct top_line *self, size_t width, text_colour colour) {
  const size_t used = cell_width(self);
  if (used < width) {
    const size_t blanks = width - used;
    const size_t len = self->text.len - self->started;
    add_blanks(&self->text, blanks);
    if (len > 0) memmove(self->text.data + self->started + blanks, self->text.data + self->started, len);
    memset(self->text.data + self->started, ' ', blanks);
  }
  top_line_colour(self, colour);
}

void top_line_end_word(struct top_line *self, size_t width, text_colour colour) {
  size_t used = 0;
  const size_t len = self->text.len - self->started;
  const char *const text = len > 0 ? self->text.data + self->started : "";
  if (text_cut(text, len, width, &used) < len) {
    /* A '+' says so, where there is room for it. */
    self->text.len = self->started + text_cut(text, len, width > 0 ? width - 1 : 0, &used);
    if (width > 0) text_add(&self->text, "+");
    if (width > 0) used++;
  }
  add_blanks(&self->text, width - used);
  top_line_colour(self, colour);
}

void top_line_bar(struct top_line *self, const char *label, size_t width, const struct top_bar_part *parts,
                  size_t num_parts, const char *text) {
  const size_t labels = strlen(label) + 2;
  const size_t inside = width > labels ? width - labels : 0;
  size_t reserved = strlen(text);
  if (reserved > inside) reserved = 0;
  text_add(&self->text, label);
  top_line_colour(self, COLOUR_TITLE);
  text_add(&self->text, "[");
  top_line_colour(self, COLOUR_NONE);
  /* What is full up to here, as a share of the columns: so that the parts add up. */
  double percent = 0;
  size_t used = 0;
  const size_t room = inside - reserved;
  for (size_t i = 0; i < num_parts; i++) {
    percent += parts[i].percent > 0 ? parts[i].percent : 0;
    const double clean = percent < 100 ? percent : 100;
    const size_t end = (size_t)(clean / 100.0 * (double)room + 0.5);
    for (; used < end && used < room; used++) text_add(&self->text, "|");
    top_line_colour(self, parts[i].colour);
  }
  add_blanks(&self->text, room - used);
  if (reserved > 0) text_add(&self->text, text);
  text_add(&self->text, "]");
  top_line_colour(self, COLOUR_NONE);
}

void top_line_print(const struct top_line *self, struct output *out) {
  size_t end = self->text.len;
  while (end > 0 && self->text.data[end - 1] == ' ') end--;
  size_t start = 0;
  for (size_t i = 0; i < self->num_spans && start < end; i++) {
    const size_t stop = self->spans[i].end < end ? self->spans[i].end : end;
    if (self->spans[i].colour != COLOUR_NONE) output_colour(out, self->spans[i].colour);
    output_printable(out, self->text.data + start, stop - start);
    if (self->spans[i].colour != COLOUR_NONE) output_colour(out, COLOUR_NONE);
    start = stop;
  }
  output_text(out, "\n");
}

void top_line_free(struct top_line *self) { text_buffer_free(&self->text); }
