/* SPDX-License-Identifier: MIT */
/* linux_fdinfo.h - /proc/PID/fdinfo/FD: "pos:\t0" lines, followed by others for each kind of file. */
#ifndef SONDE_CORE_PARSE_LINUX_FDINFO_H
#define SONDE_CORE_PARSE_LINUX_FDINFO_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_FDINFO_POS = 1 << 0,
  SONDEI_LINUX_FDINFO_FLAGS = 1 << 1,
  SONDEI_LINUX_FDINFO_MNT_ID = 1 << 2,
  SONDEI_LINUX_FDINFO_INO = 1 << 3
};

struct sondei_linux_fdinfo {
  uint32_t valid;  /* SONDEI_LINUX_FDINFO_* */
  uint64_t pos;    /* The kernel prints it signed: below zero is not valid */
  uint64_t flags;  /* O_* */
  uint64_t mnt_id; /* Linux 3.15 */
  uint64_t ino;    /* Linux 5.14 */
};

/* The first line with a key counts: drivers append lines of their own. Unknown keys are passed over.
 * SONDE_ERR_PARSE when no known key is there, or the value of one is no number. */
sonde_status sondei_linux_parse_fdinfo(struct sondei_linux_fdinfo *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_FDINFO_H */
