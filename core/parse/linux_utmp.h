/* SPDX-License-Identifier: MIT */
/*
 * linux_utmp.h - /run/utmp (utmp(5)): who is logged in, as fixed records in the byte order of the machine
 * that wrote it.
 *
 * The C library decides how wide the times in a record are: 32 bits and records of 384 bytes on all 32-bit systems and
 * on x86, ppc, sparc, mips and riscv; 64 bits and records of 400 bytes on aarch64, s390x, loongarch, alpha and ia64.
 */
#ifndef SONDE_CORE_PARSE_LINUX_UTMP_H
#define SONDE_CORE_PARSE_LINUX_UTMP_H

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_UTMP_SIZE_32 = 384,
  SONDEI_LINUX_UTMP_SIZE_64 = 400,
  SONDEI_LINUX_UTMP_USER_PROCESS = 7 /* the type of a login session */
};

/* Which of the two sizes the records of a file have: that of which it holds a whole number; `usual`, that of the
 * machine which runs this, when both or neither fit. */
size_t sondei_linux_utmp_record_size(size_t file_len, size_t usual);

struct sondei_linux_utmp {
  int16_t type;
  int32_t pid;
  sondei_span line; /* terminal: up to the first NUL, or the whole field, as the strings that follow */
  sondei_span user;
  sondei_span host;
  bool has_time;
  uint64_t time; /* ns since the epoch. The 32-bit form is read without a sign: it holds until 2106 */
};

/* Takes the next record of record_size bytes (one of the two sizes) off. True: a record; err->expected says what is
 * wrong with it, or is NULL; a record that is cut short at the end of the file tells nothing. False: the end. */
bool sondei_linux_next_utmp(struct sondei_linux_utmp *out, sondei_parse_error *err, sondei_span *in, size_t record_size,
                            sondei_byte_order order);

#endif /* SONDE_CORE_PARSE_LINUX_UTMP_H */
