/* SPDX-License-Identifier: MIT */
/* linux_os_release.h - os-release(5): which distribution this is, as assignments that a shell could read. */
#ifndef SONDE_CORE_PARSE_LINUX_OS_RELEASE_H
#define SONDE_CORE_PARSE_LINUX_OS_RELEASE_H

#include "core/parse/span.h"

struct sondei_linux_os_release {
  sondei_span key;   /* "PRETTY_NAME" */
  sondei_span value; /* as it stands there, with quotes and escapes: sondei_linux_unquote_os_release */
};

/* Takes the next assignment off. Blank lines and comments are passed over. True: a row; err->expected says what is
 * wrong with it (no '=', no name before it, a quote that does not end, something behind the closing quote), or is NULL.
 * False: the end. Of several assignments of one key the last counts. */
bool sondei_linux_next_os_release(struct sondei_linux_os_release *out, sondei_parse_error *err, sondei_span *in);

/* Writes what a value means, without a NUL, to out, which has room for value.len bytes; returns how many were written.
 * In double quotes a backslash escapes only $ ` " and itself, in single quotes nothing, outside any byte. */
size_t sondei_linux_unquote_os_release(char *out, sondei_span value);

#endif /* SONDE_CORE_PARSE_LINUX_OS_RELEASE_H */
