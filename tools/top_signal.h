/* SPDX-License-Identifier: MIT */
/*
 * top_signal.h - the names of signals.
 */
#ifndef SONDE_TOOLS_TOP_SIGNAL_H
#define SONDE_TOOLS_TOP_SIGNAL_H

#include <stdbool.h>
#include <stddef.h>

/* "KILL", "SIGKILL" or "9", in any case; of numbers only 1 to 64. */
bool top_signal_read(int *out, const char *word, size_t len);

/* "SIGKILL"; NULL: it has no name here. */
const char *top_signal_name(int number);

#endif /* SONDE_TOOLS_TOP_SIGNAL_H */
