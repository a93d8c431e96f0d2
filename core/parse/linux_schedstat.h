/* SPDX-License-Identifier: MIT */
/* linux_schedstat.h - /proc/schedstat: what the scheduler counts on each CPU (versions 14 to 17 of the format). */
#ifndef SONDE_CORE_PARSE_LINUX_SCHEDSTAT_H
#define SONDE_CORE_PARSE_LINUX_SCHEDSTAT_H

#include "core/parse/span.h"

/* Takes "version 15" off, with blank lines before it. False, *out untouched and nothing taken: there is no such line.
 */
bool sondei_linux_take_schedstat_version(uint32_t *out, sondei_span *in);

struct sondei_linux_schedstat {
  uint32_t cpu;
  uint64_t run_time;   /* ns in which a task ran; column 7, of version 14 column 10 */
  uint64_t wait_time;  /* ns in which tasks waited; the column after it */
  uint64_t timeslices; /* how often a task got the CPU; and the one after that */
};

/* Takes the next row "cpu0 ..." off; other rows (timestamp, domains) are passed over, further columns too. version: at
 * least 14. True: a row; err->expected says what is wrong with it, or is NULL; then what was not understood is 0.
 * False: the end. */
bool sondei_linux_next_schedstat(struct sondei_linux_schedstat *out, sondei_parse_error *err, sondei_span *in,
                                 uint32_t version);

#endif /* SONDE_CORE_PARSE_LINUX_SCHEDSTAT_H */
