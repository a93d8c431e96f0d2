/* SPDX-License-Identifier: MIT */
/*
 * linux_netlink.h - the frame of every answer through a netlink socket (netlink(7)): messages, and the attributes in
 * them. Numbers are in the byte order of the machine. Nothing is believed of a length but what the bytes hold; an
 * answer in the wrong order (an emulator that does not translate it) ends as one that is not understood.
 */
#ifndef SONDE_CORE_PARSE_LINUX_NETLINK_H
#define SONDE_CORE_PARSE_LINUX_NETLINK_H

#include "core/parse/span.h"

enum {
  SONDEI_NETLINK_ERROR = 2,              /* of message types: the payload begins with a negative errno, or 0 */
  SONDEI_NETLINK_DONE = 3,               /* the end of a dump; the payload may begin with a negative errno */
  SONDEI_NETLINK_DUMP_INTERRUPTED = 0x10 /* of flags: what is dumped changed meanwhile; the rows may not fit together */
};

struct sondei_linux_netlink_message {
  uint16_t type;
  uint16_t flags;
  uint32_t sequence;
  uint32_t port;
  sondei_span payload;
};

/* Takes the next message off. False at the end, and when what is left is no message: then err->expected is not NULL,
 * and the input is left alone. */
bool sondei_linux_next_netlink_message(struct sondei_linux_netlink_message *out, sondei_parse_error *err,
                                       sondei_span *in);

/* The errno of a payload of SONDEI_NETLINK_ERROR or _DONE; 0 when there is none, -1 when it is no errno. */
int sondei_linux_netlink_errno(sondei_span payload);

struct sondei_linux_netlink_attribute {
  uint16_t type; /* without the bits for "nested" and "network byte order" */
  sondei_span payload;
};

/* Takes the next attribute off; as sondei_linux_next_netlink_message. */
bool sondei_linux_next_netlink_attribute(struct sondei_linux_netlink_attribute *out, sondei_parse_error *err,
                                         sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_NETLINK_H */
