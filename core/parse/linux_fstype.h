/* SPDX-License-Identifier: MIT */
/* linux_fstype.h - what kind of file system a mount is, from its type and source alone: nothing is looked at. */
#ifndef SONDE_CORE_PARSE_LINUX_FSTYPE_H
#define SONDE_CORE_PARSE_LINUX_FSTYPE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* SONDE_MOUNT_REMOTE, _VIRTUAL and _AUTO, or-ed. A FUSE file system whose source is "host:path" is remote; a type that
 * is not known has no flag. */
uint32_t sondei_linux_mount_flags(sondei_span fstype, sondei_span source);

/* Whether statvfs may hang on such a mount: a server or a program must answer. */
bool sondei_linux_mount_may_hang(sondei_span fstype, sondei_span source);

/* Whether no server, program or unknown driver answers for its files: what the kernel remembers of an open one can be
 * asked for without ever waiting. */
bool sondei_linux_mount_is_local(sondei_span fstype, sondei_span source);

/* Whether the mount has storage or a server behind it. filesystems: the text of /proc/filesystems, which tells types
 * that need a block device; some that keep files without one are known by name (zfs, ubifs, virtiofs ...), as are
 * remote ones. filesystems NULL: it could not be read; then every type that is not known to be virtual or to show
 * other file systems' files (overlay ...) counts. */
bool sondei_linux_mount_is_storage(sondei_span fstype, sondei_span source, const sondei_span *filesystems);

#endif /* SONDE_CORE_PARSE_LINUX_FSTYPE_H */
