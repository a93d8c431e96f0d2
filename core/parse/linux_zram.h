/* SPDX-License-Identifier: MIT */
/* linux_zram.h - /sys/block/zramN/mm_stat: one line of numbers. */
#ifndef SONDE_CORE_PARSE_LINUX_ZRAM_H
#define SONDE_CORE_PARSE_LINUX_ZRAM_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_zram {
  const char *name; /* as the kernel's documentation calls it: "orig_data_size" */
  uint64_t value;   /* 0 when it was not understood */
  sonde_unit unit;
};

/* Takes the next number of the line off. *column: which it is, 0 at first. Numbers beyond those that are known, and
 * what stands behind the line, are passed over. True: a number; err->expected says what is wrong with it (then it was
 * the last of the line), or is NULL. False: the end. */
bool sondei_linux_next_zram(struct sondei_linux_zram *out, sondei_parse_error *err, sondei_span *in, size_t *column);

#endif /* SONDE_CORE_PARSE_LINUX_ZRAM_H */
