/* SPDX-License-Identifier: MIT */
/* linux_softnet.h - /proc/net/softnet_stat: a row of hexadecimal counters for the packet queue of each CPU. */
#ifndef SONDE_CORE_PARSE_LINUX_SOFTNET_H
#define SONDE_CORE_PARSE_LINUX_SOFTNET_H

#include "core/parse/span.h"

/* The columns that mean something, in the order of the file; the rest are 0 or gauges. 32 bits each in the kernel. */
enum sondei_linux_softnet_column {
  SONDEI_LINUX_SOFTNET_PROCESSED,    /* 1. Packets taken from the queue */
  SONDEI_LINUX_SOFTNET_DROPPED,      /* 2. The queue was full */
  SONDEI_LINUX_SOFTNET_TIME_SQUEEZE, /* 3. Its time was up with packets left */
  SONDEI_LINUX_SOFTNET_RECEIVED_RPS, /* 10. Woken by another CPU; since 2.6.36 */
  SONDEI_LINUX_SOFTNET_FLOW_LIMIT,   /* 11. Dropped for a flow that was too large; since 3.11 */
  SONDEI_LINUX_SOFTNET_COLUMN_COUNT
};

struct sondei_linux_softnet {
  uint32_t valid; /* 1 << enum sondei_linux_softnet_column: the file has this column */
  uint64_t value[SONDEI_LINUX_SOFTNET_COLUMN_COUNT];
};

/* Takes the next row off; blank lines are passed over. True: a row; err->expected says what is wrong with it, or is
 * NULL, and `out` holds what was understood. False: the end. */
bool sondei_linux_next_softnet(struct sondei_linux_softnet *out, sondei_parse_error *err, sondei_span *in);

/* "processed" and so on: as the kernel calls them. A constant. */
const char *sondei_linux_softnet_name(enum sondei_linux_softnet_column column);

#endif /* SONDE_CORE_PARSE_LINUX_SOFTNET_H */
