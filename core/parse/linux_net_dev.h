/* SPDX-License-Identifier: MIT */
/* linux_net_dev.h - the rows of /proc/net/dev. */
#ifndef SONDE_CORE_PARSE_LINUX_NET_DEV_H
#define SONDE_CORE_PARSE_LINUX_NET_DEV_H

#include "core/parse/span.h"

/* A network interface's counters; all 0 in a bad row. */
struct sondei_linux_net_dev {
  sondei_span name; /* what stands before the last colon: an alias "bond0:1" has one of its own */
  uint64_t rx_bytes;
  uint64_t rx_packets;
  uint64_t rx_errors;
  uint64_t rx_dropped;
  uint64_t rx_fifo;
  uint64_t rx_frame;
  uint64_t rx_compressed;
  uint64_t rx_multicast;
  uint64_t tx_bytes;
  uint64_t tx_packets;
  uint64_t tx_errors;
  uint64_t tx_dropped;
  uint64_t tx_fifo;
  uint64_t tx_collisions;
  uint64_t tx_carrier;
  uint64_t tx_compressed;
};

/* Takes the next row off; blank lines and headings (lines with a '|' and no colon) are no rows. The first number may
 * stand right behind the colon; columns beyond the 16th are not looked at. A row that is not understood: err->expected
 * says what is wrong. */
bool sondei_linux_next_net_dev(struct sondei_linux_net_dev *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_NET_DEV_H */
