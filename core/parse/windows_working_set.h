/* SPDX-License-Identifier: MIT */
/* windows_working_set.h - the pages of a process that are in memory, as QueryWorkingSet tells: their count, and then
 * one number for each, as wide as a pointer. */
#ifndef SONDE_CORE_PARSE_WINDOWS_WORKING_SET_H
#define SONDE_CORE_PARSE_WINDOWS_WORKING_SET_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

struct sondei_windows_working_set {
  uint64_t pages;
  uint64_t private_pages; /* of those: which no other process can have */
};

/* SONDE_ERR_PARSE: the block holds fewer pages than it says. */
sonde_status sondei_windows_parse_working_set(struct sondei_windows_working_set *out, sondei_parse_error *err,
                                              const struct sondei_windows_block *in);

/* How many bytes the answer needs, from the count at the front of one that did not fit; 0: it is not there, or too
 * large for any memory. */
size_t sondei_windows_working_set_size(const struct sondei_windows_block *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_WORKING_SET_H */
