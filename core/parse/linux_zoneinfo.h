/* SPDX-License-Identifier: MIT */
/* linux_zoneinfo.h - /proc/zoneinfo: how many pages the kernel keeps free. */
#ifndef SONDE_CORE_PARSE_LINUX_ZONEINFO_H
#define SONDE_CORE_PARSE_LINUX_ZONEINFO_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_zoneinfo {
  uint64_t low; /* pages: the low watermarks of all zones */
};

/* A whole file. SONDE_ERR_PARSE: there is no watermark, one is no number, or the sum does not fit. */
sonde_status sondei_linux_parse_zoneinfo(struct sondei_linux_zoneinfo *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_ZONEINFO_H */
