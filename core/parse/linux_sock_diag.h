/* SPDX-License-Identifier: MIT */
/* linux_sock_diag.h - sockets, as the kernel dumps them (sock_diag(7)): the payloads of its messages, and the numbers
 * that a request is made of. */
#ifndef SONDE_CORE_PARSE_LINUX_SOCK_DIAG_H
#define SONDE_CORE_PARSE_LINUX_SOCK_DIAG_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_SOCK_DIAG_BY_FAMILY = 20, /* type of the request, and of each message of the answer */

  SONDEI_INET_DIAG_INFO = 2, /* extensions to ask for: bit n - 1; all else that is parsed comes unasked */
  SONDEI_INET_DIAG_SKMEMINFO = 7,

  SONDEI_UNIX_DIAG_SHOW_NAME = 1 << 0, /* what to ask for of unix sockets */
  SONDEI_UNIX_DIAG_SHOW_PEER = 1 << 2,
  SONDEI_UNIX_DIAG_SHOW_QUEUES = 1 << 4,
  SONDEI_UNIX_DIAG_SHOW_UID = 1 << 6,

  SONDEI_UNIX_STATE_LISTEN = 10 /* of sondei_linux_unix_diag.state; TCP's number */
};

/* struct inet_diag_msg and what follows it. */
struct sondei_linux_inet_diag {
  sonde_address local; /* with its port; IPv4 within IPv6 stays IPv6. IPv6 link-local: scope_id is interface_index */
  sonde_address remote;
  uint8_t state;            /* the kernel's number: 1 established ... 10 listening, 12 new, 13 bound */
  uint8_t retransmits;      /* unanswered now: 0 unless the retransmission timer runs */
  uint32_t interface_index; /* 0: bound to none */
  uint32_t recv_queue;      /* bytes; of a TCP listener: connections that wait */
  uint32_t send_queue;      /* bytes; of a TCP listener: the most that may wait */
  uint32_t uid;
  uint32_t inode; /* 0: it belongs to no process any more, and uid is not told */
  bool has_drops; /* since Linux 4.7, of UDP and raw sockets */
  uint32_t drops;
  sondei_span tcp_info; /* for sondei_linux_parse_tcp_info; empty: not told */
};

/* SONDE_OK, or SONDE_ERR_PARSE: shorter than the structure, a family that is neither IPv4 nor IPv6, or a length that is
 * wrong. Attributes that are not known are passed over; of one that is there twice the last counts. */
sonde_status sondei_linux_parse_inet_diag(struct sondei_linux_inet_diag *out, sondei_parse_error *err, sondei_span in);

/* struct tcp_info, which has grown with the kernel: what lies behind its end is not in out->valid. SONDE_ERR_PARSE when
 * it is shorter than it ever was. */
sonde_status sondei_linux_parse_tcp_info(sonde_tcp_info *out, sondei_parse_error *err, sondei_span in);

/* struct unix_diag_msg and what follows it. */
struct sondei_linux_unix_diag {
  uint8_t type;     /* SOCK_* of the architecture */
  uint8_t state;    /* TCP's numbers: 1 connected, 7 not, SONDEI_UNIX_STATE_LISTEN */
  uint32_t inode;   /* */
  sondei_span name; /* empty: not bound. A path without the NUL behind it; an abstract name with the NUL before it */
  uint32_t peer;    /* inode of the socket that it is connected to; 0: of none, or of one that no process holds */
  bool has_queues;
  uint32_t recv_queue; /* bytes; of a listener: connections that wait */
  uint32_t send_queue; /* bytes; of a listener: the most that may wait */
  bool has_uid;        /* since Linux 5.3 */
  uint32_t uid;
};

/* As sondei_linux_parse_inet_diag; the family must be AF_UNIX. */
sonde_status sondei_linux_parse_unix_diag(struct sondei_linux_unix_diag *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_SOCK_DIAG_H */
