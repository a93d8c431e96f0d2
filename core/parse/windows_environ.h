/* SPDX-License-Identifier: MIT */
/*
 * windows_environ.h - an environment block of Windows: NAME=VALUE in UTF-16, each with a NUL at its end, and one more
 * NUL behind the last.
 *
 * The current directory of each drive stands in it, too, under a name that begins with '=': "=C:=C:\dir".
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_ENVIRON_H
#define SONDE_CORE_PARSE_WINDOWS_ENVIRON_H

#include "core/parse/span.h"

struct sondei_windows_variable {
  sondei_span name;  /* up to the first '=' behind its first character; all of it when there is none */
  sondei_span value; /* behind that */
  bool has_value;    /* there was a '=' */
};

/* Takes the next variable off. False at the end: an empty entry, or the end of what was copied, where a last entry need
 * not have its NUL. There are no errors: err, as for every list, is cleared. */
bool sondei_windows_next_variable(struct sondei_windows_variable *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_ENVIRON_H */
