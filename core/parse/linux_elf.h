/* SPDX-License-Identifier: MIT */
/* linux_elf.h - the first bytes of an ELF file. */
#ifndef SONDE_CORE_PARSE_LINUX_ELF_H
#define SONDE_CORE_PARSE_LINUX_ELF_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_ELF_NEEDED = 5 /* bytes that tell the class */
};

/* *out: 32 or 64, its class. SONDE_ERR_PARSE when it is no ELF file. */
sonde_status sondei_linux_parse_elf(uint32_t *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_ELF_H */
