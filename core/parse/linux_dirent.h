/* SPDX-License-Identifier: MIT */
/* linux_dirent.h - the records of getdents64(2), in the byte order of the machine. */
#ifndef SONDE_CORE_PARSE_LINUX_DIRENT_H
#define SONDE_CORE_PARSE_LINUX_DIRENT_H

#include "core/parse/span.h"

struct sondei_linux_dirent {
  uint64_t inode;
  uint8_t type;     /* DT_* */
  sondei_span name; /* a NUL follows it in the input */
};

/* Takes the next record off. False at the end, and when what is left is no record: then err->expected is not NULL, and
 * the input is left alone. */
bool sondei_linux_next_dirent(struct sondei_linux_dirent *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_DIRENT_H */
