/* SPDX-License-Identifier: MIT */
/*
 * linux_taskstats.h - answers of the TASKSTATS family of generic netlink to TASKSTATS_CMD_GET: struct taskstats, which
 * has grown from version 1 (2.6.18) on. Numbers are in the byte order of the machine. Version 1 was laid out otherwise,
 * and so was 15 (6.14 and 6.15 without its correction), of the same size as 16: the version tells them apart; of every
 * other only the beginning may be there.
 */
#ifndef SONDE_CORE_PARSE_LINUX_TASKSTATS_H
#define SONDE_CORE_PARSE_LINUX_TASKSTATS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_TASKSTATS_GET = 1,            /* the command that asks */
  SONDEI_TASKSTATS_ATTRIBUTE_TGID = 2, /* its attribute: u32, the process */
};

struct sondei_linux_taskstats {
  uint16_t version;
  uint32_t pid;  /* the one that the answer is about */
  bool is_group; /* it was asked for as a process, and not as a thread */
  /* Those that this version has. All are 0 where delay accounting is not compiled in. */
  sonde_process_delays delays;
};

/* in: payload of a struct sondei_linux_netlink_message. */
sonde_status sondei_linux_parse_taskstats(struct sondei_linux_taskstats *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_TASKSTATS_H */
