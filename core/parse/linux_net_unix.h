/* SPDX-License-Identifier: MIT */
/* linux_net_unix.h - the rows of /proc/net/unix. */
#ifndef SONDE_CORE_PARSE_LINUX_NET_UNIX_H
#define SONDE_CORE_PARSE_LINUX_NET_UNIX_H

#include "core/parse/span.h"

struct sondei_linux_net_unix {
  uint32_t type; /* SOCK_* of the architecture */
  uint64_t inode;
  bool is_listening;
  sondei_span path; /* empty: not bound. Any bytes; an abstract name has '@' for its NULs */
};

/* Takes the next row off; blank lines and the heading (which begins with "Num") are no rows. The kernel does not escape
 * the path: lines that are not exactly like a row, with an address as wide as that of the row before, belong to the
 * path before. (A path may be made to be exactly like a row; sock_diag cannot be fooled so.) Lines before the first row
 * that are none: err->expected says so. */
bool sondei_linux_next_net_unix(struct sondei_linux_net_unix *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_NET_UNIX_H */
