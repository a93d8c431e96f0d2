/* SPDX-License-Identifier: MIT */
/*
 * text_width.h - how many columns of a terminal a text takes.
 */
#ifndef SONDE_TOOLS_TEXT_WIDTH_H
#define SONDE_TOOLS_TEXT_WIDTH_H

#include <stddef.h>

/* The columns of valid, printable UTF-8 (as sonde_escape makes it): 2 for what East Asian fonts draw wide, 0 for what
 * is drawn over the character before. Bytes that are no UTF-8 take 1 each. */
size_t text_width(const char *text, size_t len);

/* The length in bytes of the longest start of the text that takes at most `columns`; *out_columns (may be NULL): how
 * many it takes. */
size_t text_cut(const char *text, size_t len, size_t columns, size_t *out_columns);

#endif /* SONDE_TOOLS_TEXT_WIDTH_H */
