/* SPDX-License-Identifier: MIT */
/* linux_uevent.h - the files `uevent` of devices in /sys, as block devices have them. */
#ifndef SONDE_CORE_PARSE_LINUX_UEVENT_H
#define SONDE_CORE_PARSE_LINUX_UEVENT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_uevent {
  bool has_dev; /* both numbers were told */
  uint32_t dev_major;
  uint32_t dev_minor;
  sondei_span devname; /* below /dev: "sda1", "cciss/c0d0"; empty: not told */
  sondei_span devtype; /* "disk", "partition"; empty: not told */
};

/* Reads lines KEY=value; other keys, and lines that are none, are passed over. SONDE_OK, or SONDE_ERR_PARSE: a device
 * number is none. */
sonde_status sondei_linux_parse_uevent(struct sondei_linux_uevent *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_UEVENT_H */
