/* SPDX-License-Identifier: MIT */
/* linux_arcstats.h - /proc/spl/kstat/zfs/arcstats: the cache of ZFS on Linux, in rows "name type value". */
#ifndef SONDE_CORE_PARSE_LINUX_ARCSTATS_H
#define SONDE_CORE_PARSE_LINUX_ARCSTATS_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

struct sondei_linux_arcstats {
  uint64_t size;     /* bytes in use */
  uint64_t size_min; /* below which it does not shrink */
};

/* A whole file; rows of other names are passed over. SONDE_ERR_PARSE: size or c_min is missing or no number. */
sonde_status sondei_linux_parse_arcstats(struct sondei_linux_arcstats *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_ARCSTATS_H */
