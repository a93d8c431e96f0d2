/* SPDX-License-Identifier: MIT */
/* windows_sid.h - security identifiers: who a token speaks for. */
#ifndef SONDE_CORE_PARSE_WINDOWS_SID_H
#define SONDE_CORE_PARSE_WINDOWS_SID_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_WINDOWS_SID_PARTS = 15,
  SONDEI_WINDOWS_SID_BYTES = 8 + 4 * SONDEI_WINDOWS_SID_PARTS,
  SONDEI_WINDOWS_SID_TEXT = 256 /* more than any needs, with its NUL */
};

struct sondei_windows_sid {
  sondei_span bytes; /* of the input, without what follows */
  uint64_t authority;
  size_t num_parts;
  uint32_t parts[SONDEI_WINDOWS_SID_PARTS];
};

sonde_status sondei_windows_parse_sid(struct sondei_windows_sid *out, sondei_parse_error *err, sondei_span in);

/* "S-1-5-18", with a NUL; returns its length. out has room for SONDEI_WINDOWS_SID_TEXT. */
size_t sondei_windows_sid_text(char *out, const struct sondei_windows_sid *sid);

#endif /* SONDE_CORE_PARSE_WINDOWS_SID_H */
