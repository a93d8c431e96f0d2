/* SPDX-License-Identifier: MIT */
/* linux_sysfs_link.h - the targets of links in /sys/class. */
#ifndef SONDE_CORE_PARSE_LINUX_SYSFS_LINK_H
#define SONDE_CORE_PARSE_LINUX_SYSFS_LINK_H

#include "core/parse/span.h"

/* The name of the folder that the target lies in: "sda" of "../../devices/pci0000:00/.../block/sda/sda1". False: the
 * target is no path with a folder. */
bool sondei_linux_link_parent(sondei_span *out, sondei_span target);

#endif /* SONDE_CORE_PARSE_LINUX_SYSFS_LINK_H */
