/* SPDX-License-Identifier: MIT */
/*
 * linux_escape.h - the escapes in the tables of /proc.
 *
 * The kernel writes blanks, tabs, line ends and backslashes within a name (of /proc/PID/mountinfo, mounts, swaps, maps)
 * as a backslash and three octal digits: "\040" is a blank.
 */
#ifndef SONDE_CORE_PARSE_LINUX_ESCAPE_H
#define SONDE_CORE_PARSE_LINUX_ESCAPE_H

#include "core/parse/span.h"

/* Writes in to out, which has room for in.len bytes, with each escape replaced by its byte, and returns how many bytes
 * it wrote: never more than in.len. What is no escape (fewer than three octal digits, a value over 255) stays as it is.
 * No NUL is added; out may be where in lies. */
size_t sondei_linux_unescape(char *out, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_ESCAPE_H */
