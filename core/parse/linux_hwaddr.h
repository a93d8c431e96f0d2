/* SPDX-License-Identifier: MIT */
/* linux_hwaddr.h - hardware addresses, as /sys/class/net/X/address has them. */
#ifndef SONDE_CORE_PARSE_LINUX_HWADDR_H
#define SONDE_CORE_PARSE_LINUX_HWADDR_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Reads "52:54:00:12:34:56", of up to SONDE_ADDRESS_MAX bytes: an address of family LINK. No byte at all, as tunnels
 * have it: of family NONE. SONDE_OK, or SONDE_ERR_PARSE. */
sonde_status sondei_linux_parse_hwaddr(sonde_address *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_HWADDR_H */
