/* SPDX-License-Identifier: MIT */
/* linux_link.h - targets of the links in /proc/PID/fd, ns and exe. */
#ifndef SONDE_CORE_PARSE_LINUX_LINK_H
#define SONDE_CORE_PARSE_LINUX_LINK_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* "socket:[4711]", "pipe:[4711]", "mnt:[4026531832]": an object that only has a number. */
struct sondei_linux_link {
  sondei_span kind; /* "socket" */
  uint64_t inode;
};

/* SONDE_ERR_PARSE for every other target. */
sonde_status sondei_linux_parse_link(struct sondei_linux_link *out, sondei_parse_error *err, sondei_span in);

/* Takes the mark of a deleted file, " (deleted)", off the end. A file may really be named so: the mark alone proves
 * nothing. */
bool sondei_linux_take_deleted(sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_LINK_H */
