/* SPDX-License-Identifier: MIT */
/*
 * windows_cpu_identifier.h - what Windows calls a kind of CPU, in the registry's value Identifier below
 * HARDWARE\DESCRIPTION\System\CentralProcessor\N, and in the variable PROCESSOR_IDENTIFIER.
 *
 * "Intel64 Family 6 Model 143 Stepping 8", "x86 Family 5 Model 2 Stepping 12", "ARMv8 (64-bit) Family 8 Model D49
 * Revision 0": decimal, but model and revision of an ARM CPU are hexadecimal.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_CPU_IDENTIFIER_H
#define SONDE_CORE_PARSE_WINDOWS_CPU_IDENTIFIER_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_WINDOWS_CPU_FAMILY = 1 << 0,
  SONDEI_WINDOWS_CPU_MODEL = 1 << 1,
  SONDEI_WINDOWS_CPU_STEPPING = 1 << 2
};

struct sondei_windows_cpu_identifier {
  uint32_t valid; /* SONDEI_WINDOWS_CPU_* */
  uint32_t family;
  uint32_t model;
  uint32_t stepping; /* or revision */
};

/* Words that it does not know it leaves out; one that it knows needs its number. */
sonde_status sondei_windows_parse_cpu_identifier(struct sondei_windows_cpu_identifier *out, sondei_parse_error *err,
                                                 sondei_span in);

#endif /* SONDE_CORE_PARSE_WINDOWS_CPU_IDENTIFIER_H */
