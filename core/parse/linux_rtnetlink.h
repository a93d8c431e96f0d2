/* SPDX-License-Identifier: MIT */
/* linux_rtnetlink.h - interfaces and their addresses, as the kernel dumps them (rtnetlink(7)). */
#ifndef SONDE_CORE_PARSE_LINUX_RTNETLINK_H
#define SONDE_CORE_PARSE_LINUX_RTNETLINK_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_RTM_NEWLINK = 16, /* message types */
  SONDEI_RTM_GETLINK = 18,
  SONDEI_RTM_NEWADDR = 20,
  SONDEI_RTM_GETADDR = 22
};

/* struct rtnl_link_stats64: what this library looks at of it, by position. */
enum sondei_linux_link_stat {
  SONDEI_LINUX_LINK_RX_LENGTH = 10,
  SONDEI_LINUX_LINK_RX_OVER = 11,
  SONDEI_LINUX_LINK_RX_CRC = 12,
  SONDEI_LINUX_LINK_RX_FRAME = 13,
  SONDEI_LINUX_LINK_RX_FIFO = 14,
  SONDEI_LINUX_LINK_RX_MISSED = 15,
  SONDEI_LINUX_LINK_TX_ABORTED = 16,
  SONDEI_LINUX_LINK_TX_CARRIER = 17,
  SONDEI_LINUX_LINK_TX_FIFO = 18,
  SONDEI_LINUX_LINK_TX_HEARTBEAT = 19,
  SONDEI_LINUX_LINK_TX_WINDOW = 20,
  SONDEI_LINUX_LINK_RX_NO_HANDLER = 23, /* Linux 4.6 */
  SONDEI_LINUX_LINK_RX_OTHER_HOST = 24, /* Linux 5.19 */
  SONDEI_LINUX_LINK_STATS_MAX = 25
};

/* The payload of RTM_NEWLINK. */
struct sondei_linux_if_link {
  uint32_t index;
  uint32_t flags;          /* IFF_* */
  sondei_span name;        /* without the NUL; empty: not told */
  sonde_address address;   /* family LINK, or NONE */
  sonde_address broadcast; /* family LINK, or NONE */
  bool has_mtu, has_carrier_changes;
  uint32_t mtu;
  uint32_t carrier_changes; /* Linux 3.15 */
  const char *operstate;    /* as sysfs words it; "": not told (before 2.6.17), or new to the library */
  uint32_t num_stats;       /* how many the kernel told of: 0 before 2.6.35, 23 and more since */
  uint64_t stats[SONDEI_LINUX_LINK_STATS_MAX];
};

/* SONDE_OK, or SONDE_ERR_PARSE: a length is wrong, or an address longer than SONDE_ADDRESS_MAX. Attributes that are not
 * known are passed over. */
sonde_status sondei_linux_parse_if_link(struct sondei_linux_if_link *out, sondei_parse_error *err, sondei_span in);

/* The payload of RTM_NEWADDR. */
struct sondei_linux_if_addr {
  uint32_t index;
  uint8_t prefix_len;
  sonde_address address;   /* INET or INET6; NONE when the family is another one. IPv6 link-local: with scope_id */
  sonde_address broadcast; /* NONE where there is none */
  sonde_address peer;      /* NONE unless the other end of a point-to-point link has an address of its own */
};

/* As sondei_linux_parse_if_link; an address whose length is not that of its family, or a prefix longer than it, is
 * SONDE_ERR_PARSE too. */
sonde_status sondei_linux_parse_if_addr(struct sondei_linux_if_addr *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_RTNETLINK_H */
