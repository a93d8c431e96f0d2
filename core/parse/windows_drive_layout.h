/* SPDX-License-Identifier: MIT */
/* windows_drive_layout.h - the partitions of a disk: struct DRIVE_LAYOUT_INFORMATION_EX. */
#ifndef SONDE_CORE_PARSE_WINDOWS_DRIVE_LAYOUT_H
#define SONDE_CORE_PARSE_WINDOWS_DRIVE_LAYOUT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* Where its members, and those of PARTITION_INFORMATION_EX, lie, for the backend to hold against the system's header.
 */
enum {
  SONDEI_WINDOWS_LAYOUT_COUNT = 4,
  SONDEI_WINDOWS_LAYOUT_ENTRIES = 48,
  SONDEI_WINDOWS_PARTITION_STARTING_OFFSET = 8,
  SONDEI_WINDOWS_PARTITION_LENGTH = 16,
  SONDEI_WINDOWS_PARTITION_NUMBER = 24,
  SONDEI_WINDOWS_PARTITION_SIZE = 144
};

struct sondei_windows_drive_layout {
  sondei_span bytes;
  uint32_t count; /* of entries, used or not */
  uint32_t index; /* of the next one */
};

struct sondei_windows_partition {
  uint32_t number; /* as in the name of its device: 1 and up */
  uint64_t offset; /* bytes on the disk */
  uint64_t size;
};

sonde_status sondei_windows_parse_drive_layout(struct sondei_windows_drive_layout *out, sondei_parse_error *err,
                                               sondei_span in);

/* The next partition. Entries that no partition uses are passed over: a table of the old kind always has four. False at
 * the end. Not understood: an entry of which bytes are missing, which is then the last, and one that no disk can hold.
 */
bool sondei_windows_next_partition(struct sondei_windows_partition *out, sondei_parse_error *err,
                                   struct sondei_windows_drive_layout *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_DRIVE_LAYOUT_H */
