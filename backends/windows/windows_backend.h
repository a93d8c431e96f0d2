/* SPDX-License-Identifier: MIT */
/* windows_backend.h - what the files of the Windows backend share: the state of a context, and the slots of each
 * domain. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_BACKEND_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_BACKEND_H

#include "backends/windows/windows_os.h" /* first */

#include <sonde/sonde_backend.h>

#include "core/parse/windows_block.h"

struct windows_state {
  const struct windows_os *os;
  struct sonde_buffer text; /* the UTF-8 text that was made last: windows_text.h */
  struct sonde_buffer wide; /* the UTF-16 text that was made last */
  struct sonde_buffer data; /* what the OS filled last: windows_system.h */

  /* What the letters of drives stand for: windows_drive.h */
  struct sonde_buffer drives;

  /* The chain of processes: windows_process.h */
  struct sonde_buffer processes;

  /* The list of services: windows_service.c */
  struct sonde_buffer services;

  /* Open files: windows_open_file.c */
  struct sonde_buffer handles;     /* a table of handles */
  struct sonde_buffer object_name; /* the name of a file, or of a type */
  uint64_t file_type_plus_1;       /* which number the type File has; 0: not asked for yet */
};

extern const struct sonde_backend sondei_backend_windows;

extern const struct sonde_disk_ops sondei_windows_disk_ops;
extern const struct sonde_host_ops sondei_windows_host_ops;
extern const struct sonde_sensor_ops sondei_windows_sensor_ops;

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_BACKEND_H */
