/* SPDX-License-Identifier: MIT */
/* linux_mounts.h - the rows of /proc/PID/mounts (fstab(5)), for where there is no mountinfo. */
#ifndef SONDE_CORE_PARSE_LINUX_MOUNTS_H
#define SONDE_CORE_PARSE_LINUX_MOUNTS_H

#include "core/parse/linux_mountinfo.h"

/* Takes the next row off, as sondei_linux_next_mount does: source, mountpoint, fstype and options are told, options
 * being those of the mount and of the file system together; the two numbers after them are not looked at. */
bool sondei_linux_next_mounts_row(struct sondei_linux_mount *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_MOUNTS_H */
