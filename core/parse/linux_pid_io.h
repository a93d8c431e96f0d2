/* SPDX-License-Identifier: MIT */
/* linux_pid_io.h - /proc/PID/io: "rchar: 123" lines. */
#ifndef SONDE_CORE_PARSE_LINUX_PID_IO_H
#define SONDE_CORE_PARSE_LINUX_PID_IO_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_IO_RCHAR = 1 << 0,
  SONDEI_LINUX_IO_WCHAR = 1 << 1,
  SONDEI_LINUX_IO_SYSCR = 1 << 2,
  SONDEI_LINUX_IO_SYSCW = 1 << 3,
  SONDEI_LINUX_IO_READ_BYTES = 1 << 4,
  SONDEI_LINUX_IO_WRITE_BYTES = 1 << 5,
  SONDEI_LINUX_IO_CANCELLED_WRITE_BYTES = 1 << 6
};

struct sondei_linux_pid_io {
  uint32_t valid; /* SONDEI_LINUX_IO_*: a kernel may leave lines out */
  uint64_t rchar;
  uint64_t wchar;
  uint64_t syscr;
  uint64_t syscw;
  uint64_t read_bytes;
  uint64_t write_bytes;
  uint64_t cancelled_write_bytes;
};

/* Blank lines and unknown keys are passed over. SONDE_ERR_PARSE when no known key is there, or the value of one is no
 * number. */
sonde_status sondei_linux_parse_pid_io(struct sondei_linux_pid_io *out, sondei_parse_error *err, sondei_span in);

#endif /* SONDE_CORE_PARSE_LINUX_PID_IO_H */
