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

/* The payload of RTM_NEWLINK. */
struct sondei_linux_if_link {
  uint32_t index;
  uint32_t flags;          /* IFF_* */
  sondei_span name;        /* without the NUL; empty: not told */
  sonde_address address;   /* family LINK, or NONE */
  sonde_address broadcast; /* family LINK, or NONE */
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

/* The mask with prefix_len leading bits, of the family of address. */
sonde_address sondei_linux_netmask(const sonde_address *address, uint8_t prefix_len);

#endif /* SONDE_CORE_PARSE_LINUX_RTNETLINK_H */
