/* SPDX-License-Identifier: MIT */
/* linux_if_flags.h - the flags of a network interface, as the kernel numbers them (netdevice(7)). */
#ifndef SONDE_CORE_PARSE_LINUX_IF_FLAGS_H
#define SONDE_CORE_PARSE_LINUX_IF_FLAGS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* IFF_* to SONDE_NET_IF_*; what has no fellow is left out. */
uint32_t sondei_linux_if_flags(uint32_t kernel_flags);

/* Reads /sys/class/net/X/flags, "0x1003", which lacks IFF_RUNNING. *out: SONDE_NET_IF_*. SONDE_OK, or SONDE_ERR_PARSE.
 */
sonde_status sondei_linux_parse_if_flags(uint32_t *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_IF_FLAGS_H */
