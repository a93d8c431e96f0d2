/* SPDX-License-Identifier: MIT */
/*
 * windows_command_line.h - the command line of a Windows process, which is one text, as arguments.
 *
 * The rules are those of CommandLineToArgvW; a program is free to have others. Blanks are space and tab. The first
 * argument, the program, ends at the next quote if it begins with one, else at the first blank: backslashes mean
 * nothing in it. For the others:
 *   - blanks end an argument, unless they stand between quotes;
 *   - 2n backslashes before a quote are n backslashes, and the quote is one that opens or closes;
 *   - 2n+1 backslashes before a quote are n backslashes and a quote that is part of the argument;
 *   - backslashes before anything else are themselves;
 *   - of quotes that follow each other the third, with the one counted that is open already, is part of the argument,
 *     and nothing is open behind it.
 * A NUL ends the line. A line that begins with a blank has an empty first argument. Only an empty line has none.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_COMMAND_LINE_H
#define SONDE_CORE_PARSE_WINDOWS_COMMAND_LINE_H

#include "core/parse/span.h"

/* What is left of a line, in UTF-16. */
struct sondei_windows_command_line {
  sondei_span rest;
  bool has_begun; /* the first argument was taken off */
};

/* Takes the next argument off, in UTF-16; *out lies in room, which has at least as many bytes as rest, until the next
 * call. False at the end. There are no errors: err, as for every list, is cleared. */
bool sondei_windows_next_argument(sondei_span *out, sondei_parse_error *err, struct sondei_windows_command_line *in,
                                  char *room);

#endif /* SONDE_CORE_PARSE_WINDOWS_COMMAND_LINE_H */
