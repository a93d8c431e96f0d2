/* SPDX-License-Identifier: MIT */
/* linux_hugepages.h - the names of the folders in /sys/kernel/mm/hugepages. */
#ifndef SONDE_CORE_PARSE_LINUX_HUGEPAGES_H
#define SONDE_CORE_PARSE_LINUX_HUGEPAGES_H

#include "core/parse/span.h"

/* "hugepages-2048kB": 2097152, in bytes. False, and *out untouched: another name, or a size that does not fit. */
bool sondei_linux_hugepage_size_of(uint64_t *out, sondei_span name);

#endif /* SONDE_CORE_PARSE_LINUX_HUGEPAGES_H */
