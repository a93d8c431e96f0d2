/* SPDX-License-Identifier: MIT */
/* linux_udev_link.h - the links that udev makes in /dev/disk/by-label and by-uuid: "My\x20Disk" -> "../../sda1". */
#ifndef SONDE_CORE_PARSE_LINUX_UDEV_LINK_H
#define SONDE_CORE_PARSE_LINUX_UDEV_LINK_H

#include "core/parse/span.h"

/* Undoes udev's escapes: \xHH is a byte. A backslash that begins none stands for itself. out has room for in.len bytes
 * and may be in.data; returns how many were written. */
size_t sondei_linux_unescape_udev(char *out, sondei_span in);

/* The device that a link leads to, as /sys names it but for '/' in place of '!': what follows the "../" at its front.
 */
sondei_span sondei_linux_udev_device(sondei_span target);

#endif /* SONDE_CORE_PARSE_LINUX_UDEV_LINK_H */
