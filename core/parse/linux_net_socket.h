/* SPDX-License-Identifier: MIT */
/* linux_net_socket.h - the rows of /proc/net/{tcp,tcp6,udp,udp6}. */
#ifndef SONDE_CORE_PARSE_LINUX_NET_SOCKET_H
#define SONDE_CORE_PARSE_LINUX_NET_SOCKET_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* A socket. All 0 in a bad row. */
struct sondei_linux_net_socket {
  sonde_address local; /* with its port; IPv4 or IPv6 by its length, IPv4 within IPv6 stays IPv6 */
  sonde_address remote;
  uint32_t state;       /* the kernel's number: 1 established ... 10 listening, 12 new */
  uint64_t send_queue;  /* bytes */
  uint64_t recv_queue;  /* bytes; of a TCP listener: connections that wait */
  uint64_t retransmits; /* TCP */
  uint32_t uid;
  uint64_t inode; /* 0: it belongs to no process any more, and uid is not told */
  bool has_last;  /* column 13 was told */
  uint64_t last;  /* column 13: UDP's drops, something else for TCP */
};

/* Takes the next row off; blank lines and the heading (whose first word is "sl") are no rows. order: that of the
 * machine whose table it is, in which the words of addresses are. A row that is not understood: err->expected says what
 * is wrong. */
bool sondei_linux_next_net_socket(struct sondei_linux_net_socket *out, sondei_parse_error *err, sondei_span *in,
                                  sondei_byte_order order);

#endif /* SONDE_CORE_PARSE_LINUX_NET_SOCKET_H */
