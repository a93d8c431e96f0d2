/* SPDX-License-Identifier: MIT */
/*
 * text_table.h - rows of cells, printed as a table with columns of one width each.
 */
#ifndef SONDE_TOOLS_TEXT_TABLE_H
#define SONDE_TOOLS_TEXT_TABLE_H

#include "tools/output.h"
#include "tools/text_buffer.h"

struct text_column {
  const char *title;
  bool right; /* aligned */
  bool used;  /* some cell is not empty: other columns are left out */
  size_t width;
};

struct text_table {
  struct text_column *columns;
  size_t num_columns;
  struct text_buffer text; /* of all cells, one after the other */
  size_t *ends;            /* of each cell in text */
  text_colour *colours;    /* of each cell */
  size_t num_cells;
  size_t max_cells;
};

/* {0} at first. All columns come before the first cell. */
void text_table_column(struct text_table *self, const char *title, bool right);

/* The cells come row by row, from left to right: the text is added to the buffer that cell_begin returns, and cell_end
 * closes it. */
struct text_buffer *text_table_cell_begin(struct text_table *self);
void text_table_cell_end(struct text_table *self, text_colour colour);

/* Prints it; on a terminal, lines are cut at its width. */
void text_table_print(struct text_table *self, struct output *out, bool with_titles);

void text_table_free(struct text_table *self);

#endif /* SONDE_TOOLS_TEXT_TABLE_H */
