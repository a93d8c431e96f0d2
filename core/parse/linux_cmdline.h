/* SPDX-License-Identifier: MIT */
/*
 * linux_cmdline.h - /proc/PID/cmdline and environ: strings that each end with a NUL.
 *
 * They are cut at NULs and nowhere else. A process that wrote a title over its arguments has blanks in place of NULs,
 * and what the single string then means nobody can tell.
 */
#ifndef SONDE_CORE_PARSE_LINUX_CMDLINE_H
#define SONDE_CORE_PARSE_LINUX_CMDLINE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Takes the next argument off: what stands before the next NUL, maybe nothing, or at the end what no NUL follows. False
 * at the end. There are no errors: err, as for every list, is cleared. */
bool sondei_linux_next_arg(sondei_span *out, sondei_parse_error *err, sondei_span *in);

/* How many there are. */
size_t sondei_linux_count_args(sondei_span in);

struct sondei_linux_variable {
  sondei_span name;  /* up to the first '='; all of it when there is none */
  sondei_span value; /* behind it */
  bool has_value;    /* there was a '=' */
};

/* Takes the next variable off; empty strings, which pad an environment that was written over, are passed over. False at
 * the end. */
bool sondei_linux_next_variable(struct sondei_linux_variable *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_CMDLINE_H */
