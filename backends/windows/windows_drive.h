/* SPDX-License-Identifier: MIT */
/* windows_drive.h - paths of the kernel as paths of programs: core/parse/windows_path.h, with the drives of this
 * machine.
 */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_DRIVE_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_DRIVE_H

#include "backends/windows/windows_backend.h" /* first */

#include "core/parse/windows_path.h"

/* What the letters stand for; {0} at the begin of a call, and asked for at the first path that wants it. The bytes lie
 * in state->drives: one of these at a time. */
struct windows_drives {
  bool is_known;
  struct sondei_windows_drives table;
};

/* The path in the memory of the list or record: with the letter of its drive, or as "\\server\share"; where there is no
 * such thing, and where the drives cannot be asked for, as the kernel has it. Fails for want of memory only. */
sonde_status sondei_windows_drive_path(struct sonde_env *env, struct windows_state *state,
                                       struct windows_drives *drives, struct sonde_fill *fill, sonde_string *out,
                                       sondei_span utf16);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_DRIVE_H */
