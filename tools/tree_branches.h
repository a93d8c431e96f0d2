/* SPDX-License-Identifier: MIT */
/*
 * tree_branches.h - the lines that join each row of a tree to its parent, above it.
 */
#ifndef SONDE_TOOLS_TREE_BRANCHES_H
#define SONDE_TOOLS_TREE_BRANCHES_H

#include "tools/text_buffer.h"

/* {0} at first; keeps its memory from tree to tree. */
struct tree_branches {
  bool ascii; /* `- in place of what Unicode has for this */
  bool *open; /* of each depth: whether a row of that depth is still to come below the same parent */
  size_t max_open;
};

/* Fills more[i]: whether a sibling follows row i. The rows stand in tree order, depth[i] being the depth of row i. */
void tree_branches_look_ahead(struct tree_branches *self, bool *more, const uint32_t *depth, size_t count);

/* Adds the branches before a row, 3 columns for each level but the first. Rows come in tree order. Where that would
 * take more than max_columns, those of the oldest ancestors give way to their number: "+12 ". */
void tree_branches_add(struct tree_branches *self, struct text_buffer *out, uint32_t depth, bool more,
                       size_t max_columns);

/* As if the row had been added. */
void tree_branches_pass(struct tree_branches *self, uint32_t depth, bool more);

void tree_branches_free(struct tree_branches *self);

#endif /* SONDE_TOOLS_TREE_BRANCHES_H */
