/* SPDX-License-Identifier: MIT */
/* text_escape.h - bytes from outside as text that a terminal can be given. */
#ifndef SONDE_TOOLS_TEXT_ESCAPE_H
#define SONDE_TOOLS_TEXT_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* As sonde_escape; but where backslashes separate the parts of paths, on Windows, each stays one. */
size_t text_escape(char *out, size_t out_size, const char *data, size_t len);

/* The same; keeps_backslashes says whether they stay. */
size_t text_escape_as(char *out, size_t out_size, const char *data, size_t len, bool keeps_backslashes);

#endif /* SONDE_TOOLS_TEXT_ESCAPE_H */
