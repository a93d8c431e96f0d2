/* SPDX-License-Identifier: MIT */
/*
 * linux_auxv.h - /proc/PID/auxv: what the kernel told a program about the machine when it started (getauxval(3)). Pairs
 * of words, of the width of the program and in the byte order of the machine.
 */
#ifndef SONDE_CORE_PARSE_LINUX_AUXV_H
#define SONDE_CORE_PARSE_LINUX_AUXV_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_auxv {
  sondei_byte_order order;
  uint32_t word_size;        /* bytes: 4 or 8 */
  uint64_t page_size;        /* bytes, a power of two */
  uint64_t ticks_per_second; /* of the times in /proc; 0: not told */
};

/* The width and order are those with which the file makes sense: its types are small numbers, and the page size is
 * there, a power of two from 2^9 to 2^30. SONDE_ERR_PARSE: it makes none. */
sonde_status sondei_linux_parse_auxv(struct sondei_linux_auxv *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_AUXV_H */
