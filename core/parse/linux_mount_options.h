/* SPDX-License-Identifier: MIT */
/* linux_mount_options.h - the comma-separated options of a mount. */
#ifndef SONDE_CORE_PARSE_LINUX_MOUNT_OPTIONS_H
#define SONDE_CORE_PARSE_LINUX_MOUNT_OPTIONS_H

#include "core/parse/span.h"

/* Whether one of the options is this one, whole: "ro" is not in "rw,errors=remount-ro". */
bool sondei_linux_has_option(sondei_span options, const char *option);

/* Writes the options of a mount and of its file system as one list, as /proc/mounts has them: "ro" first when either is
 * read-only, "rw" when one says so and none "ro", then those of the mount, then those of the file system. out has room
 * for mount.len + super.len + 1 bytes; returns how many were written, without a NUL. */
size_t sondei_linux_merge_options(char *out, sondei_span mount, sondei_span super);

#endif /* SONDE_CORE_PARSE_LINUX_MOUNT_OPTIONS_H */
