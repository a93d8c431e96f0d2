/* SPDX-License-Identifier: MIT */
/* windows_wwn.h - the name that a disk has all over the world: struct STORAGE_DEVICE_ID_DESCRIPTOR, a chain of structs
 * STORAGE_IDENTIFIER. */
#ifndef SONDE_CORE_PARSE_WINDOWS_WWN_H
#define SONDE_CORE_PARSE_WINDOWS_WWN_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Where the members lie, for the backend to hold against the system's header. */
enum {
  SONDEI_WINDOWS_IDS_SIZE = 4,
  SONDEI_WINDOWS_IDS_COUNT = 8,
  SONDEI_WINDOWS_IDS_FIRST = 12,
  SONDEI_WINDOWS_ID_CODE_SET = 0,
  SONDEI_WINDOWS_ID_TYPE = 4,
  SONDEI_WINDOWS_ID_LEN = 8,
  SONDEI_WINDOWS_ID_NEXT = 10,
  SONDEI_WINDOWS_ID_ASSOCIATION = 12,
  SONDEI_WINDOWS_ID_BYTES = 16
};

enum {
  SONDEI_WINDOWS_WWN_MAX = 32 /* bytes; standards know 8, 12 and 16 */
};

struct sondei_windows_wwn {
  char text[4 + 2 * SONDEI_WINDOWS_WWN_MAX]; /* "naa.5000c500a1b2c3d4", "eui.0025385b71b0d5d1" */
  size_t len;                                /* 0: the disk tells none */
};

/* Of several NAA counts before EUI-64, and the first of its kind. Text, and the names of ports and targets, are passed
 * over. */
sonde_status sondei_windows_parse_wwn(struct sondei_windows_wwn *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_WINDOWS_WWN_H */
