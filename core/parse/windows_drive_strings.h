/* SPDX-License-Identifier: MIT */
/*
 * windows_drive_strings.h - lists of names in UTF-16, each ended by a NUL and the list by one more: what
 * GetLogicalDriveStringsW, QueryDosDeviceW and GetVolumePathNamesForVolumeNameW fill; and what names of drives tell.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_DRIVE_STRINGS_H
#define SONDE_CORE_PARSE_WINDOWS_DRIVE_STRINGS_H

#include "core/parse/span.h"

/* Takes the next name off. False at the end of the list: *in is empty then, whatever followed. A name that no NUL ends
 * is the last, and not understood. */
bool sondei_windows_next_drive_string(sondei_span *out, sondei_parse_error *err, sondei_span *in);

typedef enum sondei_windows_drive_kind {
  SONDEI_WINDOWS_DRIVE_OTHER,
  SONDEI_WINDOWS_DRIVE_DISK,  /* "PhysicalDrive0": the whole of it */
  SONDEI_WINDOWS_DRIVE_CDROM, /* "CdRom0" */
  SONDEI_WINDOWS_DRIVE_LETTER /* "C:" */
} sondei_windows_drive_kind;

/* What a name of QueryDosDeviceW stands for. *number: the disk's, or the letter's place in the alphabet; else
 * untouched. Letters of either case are the same. */
sondei_windows_drive_kind sondei_windows_drive_kind_of(sondei_span name, uint32_t *number);

/* Whether the device that a drive letter stands for is a floppy drive: \Device\Floppy0. */
bool sondei_windows_is_floppy(sondei_span device);

#endif /* SONDE_CORE_PARSE_WINDOWS_DRIVE_STRINGS_H */
