/* SPDX-License-Identifier: MIT */
/* net.h - what the network and the process files of core/ share: the rows of sockets. */
#ifndef SONDE_CORE_NET_H
#define SONDE_CORE_NET_H

#include "core/list.h"

/* Row type sonde_connection. */
extern const struct sondei_row_type sondei_connection_type;

/* Whether kinds names at least one kind of socket and nothing unknown. */
bool sondei_connection_kinds_are_sound(uint32_t kinds);

#endif /* SONDE_CORE_NET_H */
