/* SPDX-License-Identifier: MIT */
#include "tools/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "tools/text_width.h"

static const size_t gap = 2; /* between columns */

void text_table_column(struct text_table *self, const char *title, bool right) {
  self->columns = allocate_or_exit(self->columns, self->num_columns + 1, sizeof self->columns[0]);
  const struct text_column column = {title, right, false, 0};
  self->columns[self->num_columns++] = column;
}

struct text_buffer *text_table_cell_begin(struct text_table *self) {
  if (self->num_cells == self->max_cells) {
    self->max_cells = self->max_cells * 2 + 64;
    self->ends = allocate_or_exit(self->ends, self->max_cells, sizeof self->ends[0]);
    self->colours = allocate_or_exit(self->colours, self->max_cells, sizeof self->colours[0]);
  }
  return &self->text;
}

void text_table_cell_end(struct text_table *self, text_colour colour) {
  struct text_column *const column = &self->columns[self->num_cells % self->num_columns];
  const size_t start = self->num_cells > 0 ? self->ends[self->num_cells - 1] : 0;
  const size_t len = self->text.len - start;
  const size_t width = len > 0 ? text_width(self->text.data + start, len) : 0;
  if (width > column->width) column->width = width;
  if (len > 0) column->used = true;
  self->ends[self->num_cells] = self->text.len;
  self->colours[self->num_cells] = colour;
  self->num_cells++;
}

/* Adds to the blanks that are due, and writes them before the next text: no line ends in blanks. */
static void print_cell(struct output *out, size_t *blanks, const struct text_column *column, const char *text,
                       size_t len, text_colour colour) {
  const size_t width = len > 0 ? text_width(text, len) : 0;
  const size_t padding = column->width > width ? column->width - width : 0;
  if (len > 0) {
    output_blanks(out, *blanks + (column->right ? padding : 0));
    if (colour != COLOUR_NONE) output_colour(out, colour);
    output_printable(out, text, len);
    if (colour != COLOUR_NONE) output_colour(out, COLOUR_NONE);
    *blanks = gap + (column->right ? 0 : padding);
  } else {
    *blanks += gap + padding;
  }
}

void text_table_print(struct text_table *self, struct output *out, bool with_titles) {
  if (self->num_columns == 0) return;
  for (size_t i = 0; i < self->num_columns; i++) {
    struct text_column *const column = &self->columns[i];
    if (column->used && with_titles && strlen(column->title) > column->width) column->width = strlen(column->title);
  }
  const bool fitted = out->fits;
  out->fits = true;
  size_t blanks = 0;
  if (with_titles && self->num_cells > 0) {
    for (size_t i = 0; i < self->num_columns; i++) {
      const char *const title = self->columns[i].title;
      if (self->columns[i].used) {
        print_cell(out, &blanks, &self->columns[i], title, strlen(title), COLOUR_HEADING);
      }
    }
    output_text(out, "\n");
  }
  size_t start = 0;
  for (size_t row = 0; row < self->num_cells; row += self->num_columns) {
    blanks = 0;
    for (size_t i = 0; i < self->num_columns; i++) {
      const size_t end = self->ends[row + i];
      if (self->columns[i].used) {
        print_cell(out, &blanks, &self->columns[i], self->text.data + start, end - start, self->colours[row + i]);
      }
      start = end;
    }
    output_text(out, "\n");
  }
  out->fits = fitted;
}

void text_table_free(struct text_table *self) {
  free(self->columns);
  free(self->ends);
  free(self->colours);
  text_buffer_free(&self->text);
  memset(self, 0, sizeof *self);
}
