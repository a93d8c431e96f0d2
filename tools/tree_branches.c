/* SPDX-License-Identifier: MIT */
#include "tools/tree_branches.h"

#include <stdlib.h>
#include <string.h>

#include "tools/output.h"

static void make_room(struct tree_branches *self, uint32_t depth) {
  const size_t needed = (size_t)depth + 1;
  if (needed <= self->max_open) return;
  self->open = allocate_or_exit(self->open, needed * 2, sizeof self->open[0]);
  memset(self->open + self->max_open, 0, (needed * 2 - self->max_open) * sizeof self->open[0]);
  self->max_open = needed * 2;
}

void tree_branches_look_ahead(struct tree_branches *self, bool *more, const uint32_t *depth, size_t count) {
  if (self->max_open > 0) memset(self->open, 0, self->max_open * sizeof self->open[0]);
  uint32_t deepest = 0; /* that may be open */
  for (size_t i = count; i > 0; i--) {
    const uint32_t at = depth[i - 1];
    make_room(self, at);
    for (uint32_t k = at + 1; k <= deepest; k++) self->open[k] = false;
    deepest = at;
    more[i - 1] = self->open[at];
    self->open[at] = true;
  }
  if (self->max_open > 0) memset(self->open, 0, self->max_open * sizeof self->open[0]);
}

void tree_branches_pass(struct tree_branches *self, uint32_t depth, bool more) {
  make_room(self, depth);
  self->open[depth] = more;
}

void tree_branches_add(struct tree_branches *self, struct text_buffer *out, uint32_t depth, bool more,
                       size_t max_columns) {
  enum {
    columns_of_level = 3,
    columns_of_number = 8 /* "+12     ": the rows below each other stay so */
  };
  tree_branches_pass(self, depth, more);
  uint32_t level = 1;
  if ((size_t)depth * columns_of_level > max_columns) {
    const size_t room = max_columns > columns_of_number ? (max_columns - columns_of_number) / columns_of_level : 0;
    level = depth - (uint32_t)(room < depth ? room : depth) + 1;
    const size_t start = out->len;
    text_add(out, "+");
    text_add_u64(out, level - 1);
    do {
      text_add(out, " ");
    } while (out->len - start < columns_of_number);
  }
  for (; level <= depth; level++) {
    const bool is_open = self->open[level];
    if (level < depth) {
      text_add(out, !is_open ? "   " : self->ascii ? "|  " : "\xe2\x94\x82  ");
    } else if (self->ascii) {
      text_add(out, is_open ? "|- " : "`- ");
    } else {
      text_add(out, is_open ? "\xe2\x94\x9c\xe2\x94\x80 " : "\xe2\x94\x94\xe2\x94\x80 ");
    }
  }
}

void tree_branches_free(struct tree_branches *self) {
  free(self->open);
  memset(self, 0, sizeof *self);
}
