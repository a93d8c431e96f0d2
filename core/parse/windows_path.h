/* SPDX-License-Identifier: MIT */
/*
 * windows_path.h - paths as the kernel of Windows names files, to those that programs know.
 *
 *   \Device\HarddiskVolume3\dir\file        C:\dir\file, when that is what C: stands for; else itself
 *   \Device\Mup\server\share\file           \\server\share\file; likewise behind the names of redirectors, and behind
 *                                           what they put before the server (";Z:00000000000abcde")
 *   \??\C:\file  \\?\C:\file                C:\file
 *   \??\UNC\server  \\?\UNC\server          \\server
 *   \??\other                               \\?\other
 *   \SystemRoot\file                        C:\Windows\file
 *
 * Everything else is itself. Names are compared without regard to the case of the letters A to Z.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PATH_H
#define SONDE_CORE_PARSE_WINDOWS_PATH_H

#include "core/parse/span.h"

enum {
  SONDEI_WINDOWS_DRIVES = 26
};

/* In UTF-16. */
struct sondei_windows_drives {
  sondei_span devices[SONDEI_WINDOWS_DRIVES]; /* what A: to Z: stand for, as QueryDosDevice tells; empty: nothing */
  sondei_span system_root;                    /* "C:\Windows"; empty: unknown */
};

/* A path in UTF-16 is the one and then the other. */
struct sondei_windows_path {
  sondei_span prefix; /* a constant, or of the drives */
  sondei_span rest;   /* of the input */
};

/* Of two drives whose devices both begin the path, the longer device counts, of equal ones the first letter. */
void sondei_windows_map_path(struct sondei_windows_path *out, sondei_span utf16,
                             const struct sondei_windows_drives *drives);

#endif /* SONDE_CORE_PARSE_WINDOWS_PATH_H */
