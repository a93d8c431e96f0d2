/* SPDX-License-Identifier: MIT */
/*
 * linux_genetlink.h - messages of generic netlink, and the answer of its controller to CTRL_CMD_GETFAMILY. Spans are
 * payloads of struct sondei_linux_netlink_message.
 */
#ifndef SONDE_CORE_PARSE_LINUX_GENETLINK_H
#define SONDE_CORE_PARSE_LINUX_GENETLINK_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_GENETLINK_CONTROLLER = 16, /* the message type that asks the controller */
  SONDEI_GENETLINK_GET_FAMILY = 3,  /* its command */
  SONDEI_GENETLINK_FAMILY_NAME = 2, /* the attribute of that command: the name, with its NUL */
  SONDEI_GENETLINK_HEADER = 4       /* bytes of struct genlmsghdr: u8 command, u8 version, u16 reserved */
};

struct sondei_linux_genetlink {
  uint8_t command;
  uint8_t version;
  sondei_span attributes; /* for sondei_linux_next_netlink_attribute */
};

sonde_status sondei_linux_parse_genetlink(struct sondei_linux_genetlink *out, sondei_parse_error *err, sondei_span in);

/* The message type of the family that the controller's answer is about. */
sonde_status sondei_linux_parse_genetlink_family(uint16_t *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_GENETLINK_H */
