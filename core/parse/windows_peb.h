/* SPDX-License-Identifier: MIT */
/*
 * windows_peb.h - what a process knows of itself: its environment block (PEB) and, through it, its parameters
 * (RTL_USER_PROCESS_PARAMETERS).
 *
 * Both lie in the memory of the process, in the layout of its own pointers; a 32-bit process of a 64-bit Windows has
 * both of both widths, of which it keeps the 32-bit ones up to date. The pointers lead to further memory of the
 * process, which may have changed since.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_PEB_H
#define SONDE_CORE_PARSE_WINDOWS_PEB_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

/* Where the fields lie, for pointers of 8 and of 4 bytes. */
enum {
  SONDEI_WINDOWS_PEB64_PARAMETERS = 0x20,
  SONDEI_WINDOWS_PEB32_PARAMETERS = 0x10,
  SONDEI_WINDOWS_PARAMETERS_FLAGS = 0x08,
  SONDEI_WINDOWS_PARAMETERS64_DIRECTORY = 0x38,
  SONDEI_WINDOWS_PARAMETERS32_DIRECTORY = 0x24,
  SONDEI_WINDOWS_PARAMETERS64_IMAGE = 0x60,
  SONDEI_WINDOWS_PARAMETERS32_IMAGE = 0x38,
  SONDEI_WINDOWS_PARAMETERS64_COMMAND = 0x70,
  SONDEI_WINDOWS_PARAMETERS32_COMMAND = 0x40,
  SONDEI_WINDOWS_PARAMETERS64_ENVIRONMENT = 0x80,
  SONDEI_WINDOWS_PARAMETERS32_ENVIRONMENT = 0x48,
  SONDEI_WINDOWS_PARAMETERS64_ENVIRONMENT_SIZE = 0x3f0, /* Windows Vista */
  SONDEI_WINDOWS_PARAMETERS32_ENVIRONMENT_SIZE = 0x290
};

/* How many bytes of each are to be read. */
size_t sondei_windows_peb_size(size_t pointer_size);
size_t sondei_windows_parameters_size(size_t pointer_size);

/* The address of the parameters. SONDE_ERR_PARSE: it has none (a process that is just being made, or one of the
 * kernel's own), or the block is too short. */
sonde_status sondei_windows_parse_peb(uint64_t *out, sondei_parse_error *err, const struct sondei_windows_block *in);

/* Memory of the process: `len` bytes at `address`; len 0: nothing. */
struct sondei_windows_place {
  uint64_t address;
  uint64_t len;
};

struct sondei_windows_parameters {
  struct sondei_windows_place current_directory; /* UTF-16, as the next two */
  struct sondei_windows_place image_path;
  struct sondei_windows_place command_line;
  struct sondei_windows_place environment; /* windows_environ.h */
};

/* in->base is where the parameters lie: before a process has come so far as to adjust them, the pointers to its texts
 * count from there. */
sonde_status sondei_windows_parse_parameters(struct sondei_windows_parameters *out, sondei_parse_error *err,
                                             const struct sondei_windows_block *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_PEB_H */
