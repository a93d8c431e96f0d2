/* SPDX-License-Identifier: MIT */
/* windows_services.h - the list of EnumServicesStatusExW: structs ENUM_SERVICE_STATUS_PROCESSW, with the names that
 * they point to behind them. */
#ifndef SONDE_CORE_PARSE_WINDOWS_SERVICES_H
#define SONDE_CORE_PARSE_WINDOWS_SERVICES_H

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's header. */
enum {
  SONDEI_WINDOWS_SERVICE_STATE = 4, /* in SERVICE_STATUS_PROCESS */
  SONDEI_WINDOWS_SERVICE_PID = 28,
  SONDEI_WINDOWS_SERVICE_STATUS_SIZE = 36
};

/* Of the list's struct: lpServiceName, lpDisplayName, ServiceStatusProcess, as wide as pointers are. */
#define SONDEI_WINDOWS_SERVICE_STATUS(pointer_size) (2 * (pointer_size))
#define SONDEI_WINDOWS_SERVICE_SIZE(pointer_size) \
  ((2 * (pointer_size) + SONDEI_WINDOWS_SERVICE_STATUS_SIZE + (pointer_size) - 1) / (pointer_size) * (pointer_size))

struct sondei_windows_services {
  struct sondei_windows_block block;
  uint32_t count; /* as the OS told */
  uint32_t index; /* of the next one; 0 at first */
};

struct sondei_windows_service {
  sondei_span name; /* UTF-16 */
  sondei_span display_name;
  uint32_t state; /* SERVICE_STOPPED ... */
  uint32_t pid;   /* 0: none */
};

/* The next service; false at the end. Not understood: names that do not lie in the block (a name has at most 256
 * characters, and more than four times that is none), and a struct of which bytes are missing: that one is the last.
 * What could be read of such a row is in *out. */
bool sondei_windows_next_service(struct sondei_windows_service *out, sondei_parse_error *err,
                                 struct sondei_windows_services *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_SERVICES_H */
