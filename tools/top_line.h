/* SPDX-License-Identifier: MIT */
/*
 * top_line.h - one line of a screen: text in several colours, as wide as it is.
 */
#ifndef SONDE_TOOLS_TOP_LINE_H
#define SONDE_TOOLS_TOP_LINE_H

#include "tools/output.h"
#include "tools/text_buffer.h"

enum {
  TOP_LINE_MAX_SPANS = 192
};

struct top_span {
  size_t end; /* in text; it begins where the one before ends */
  text_colour colour;
};

/* {0} at first; its memory is kept. Only printable text is ever added. */
struct top_line {
  struct text_buffer text;
  struct top_span spans[TOP_LINE_MAX_SPANS];
  size_t num_spans;
  size_t started; /* where the latest cell begins in text */
};

void top_line_clear(struct top_line *self);

/* What was added to text since the last call is in that colour; where spans run out, in that of the one before. */
void top_line_colour(struct top_line *self, text_colour colour);

/* Blanks up to that column of the line. */
void top_line_pad(struct top_line *self, size_t column);

/* Between these, text is added that becomes one cell of `width` columns: blanks are put before or after it. A number
 * that is wider stays whole; a word is cut. */
struct text_buffer *top_line_begin(struct top_line *self);
void top_line_end_number(struct top_line *self, size_t width, text_colour colour);
void top_line_end_word(struct top_line *self, size_t width, text_colour colour);

/* "label[|||||   12.3%]", of `width` columns; parts are shares in per cent, each in its colour. */
struct top_bar_part {
  double percent;
  text_colour colour;
};
void top_line_bar(struct top_line *self, const char *label, size_t width, const struct top_bar_part *parts,
                  size_t num_parts, const char *text);

/* Prints it without trailing blanks, and a line end. */
void top_line_print(const struct top_line *self, struct output *out);

void top_line_free(struct top_line *self);

#endif /* SONDE_TOOLS_TOP_LINE_H */
