/* SPDX-License-Identifier: MIT */
/* linux_vpd.h - the vital product data of SCSI and SATA disks, in /sys/block/X/device/vpd_pg80 (SPC-4, 7.8). */
#ifndef SONDE_CORE_PARSE_LINUX_VPD_H
#define SONDE_CORE_PARSE_LINUX_VPD_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* The serial number in page 0x80, without the blanks and NULs around it; may be empty. SONDE_OK, or SONDE_ERR_PARSE: it
 * is another page, or longer than its bytes. */
sonde_status sondei_linux_parse_vpd_serial(sondei_span *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_VPD_H */
