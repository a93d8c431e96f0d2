/* SPDX-License-Identifier: MIT */
/* netmask.h - what follows from the length of a network's prefix. */
#ifndef SONDE_CORE_PARSE_NETMASK_H
#define SONDE_CORE_PARSE_NETMASK_H

#include <sonde/sonde.h>

/* The mask with prefix_len leading bits, of the family and length of address. */
sonde_address sondei_netmask(const sonde_address *address, uint8_t prefix_len);

/* The address of all hosts of address's network: with all bits behind the prefix set. Family NONE where there is none:
 * not IPv4, or no room for two hosts and the network's own address (RFC 3021). */
sonde_address sondei_broadcast(const sonde_address *address, uint8_t prefix_len);

#endif /* SONDE_CORE_PARSE_NETMASK_H */
