/* SPDX-License-Identifier: MIT */
/* linux_filesystems.h - the rows of /proc/filesystems. */
#ifndef SONDE_CORE_PARSE_LINUX_FILESYSTEMS_H
#define SONDE_CORE_PARSE_LINUX_FILESYSTEMS_H

#include "core/parse/span.h"

/* A file system type that the kernel knows. */
struct sondei_linux_filesystem {
  bool nodev; /* needs no block device: proc, tmpfs, nfs; zfs and btrfs over several devices too, in some kernels */
  sondei_span name;
};

/* Takes the next row off; blank lines are no rows. A row that is not understood: err->expected says what is wrong. */
bool sondei_linux_next_filesystem(struct sondei_linux_filesystem *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_FILESYSTEMS_H */
