/* SPDX-License-Identifier: MIT */
/* linux_disk_type.h - what a block device is, in the words of the tools that list them. */
#ifndef SONDE_CORE_PARSE_LINUX_DISK_TYPE_H
#define SONDE_CORE_PARSE_LINUX_DISK_TYPE_H

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_DISK_TYPE_MAX = 32 /* bytes; more of a word is no type */
};

/* The type of a device-mapper device by its uuid (/sys/class/block/dm-N/dm/uuid): what stands before the first dash, in
 * small letters: "LVM-..." is "lvm", "CRYPT-LUKS2-..." "crypt", "mpath-..." "mpath", "part2-mpath-..." "part". "dm"
 * when there is none. out has room for SONDEI_LINUX_DISK_TYPE_MAX bytes; returns how many were written, at least 2. */
size_t sondei_linux_dm_type(char *out, sondei_span uuid);

/* The type of any other device by its name: "loop", "rom" for a drive of optical discs, "disk" for all else. A
 * constant. */
const char *sondei_linux_disk_type_of(sondei_span name);

#endif /* SONDE_CORE_PARSE_LINUX_DISK_TYPE_H */
