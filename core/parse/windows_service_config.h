/* SPDX-License-Identifier: MIT */
/* windows_service_config.h - what a service is started with: structs QUERY_SERVICE_CONFIGW and SERVICE_DESCRIPTIONW,
 * with the text that they point to behind them. */
#ifndef SONDE_CORE_PARSE_WINDOWS_SERVICE_CONFIG_H
#define SONDE_CORE_PARSE_WINDOWS_SERVICE_CONFIG_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

/* Where the members lie, for the backend to hold against the system's header: after three numbers of four bytes five
 * pointers, the third of them with dwTagId before it. */
#define SONDEI_WINDOWS_SERVICE_START_TYPE 4
#define SONDEI_WINDOWS_SERVICE_BINARY_PATH(pointer_size) ((pointer_size) == 8 ? 16 : 12)
#define SONDEI_WINDOWS_SERVICE_START_NAME(pointer_size) ((pointer_size) == 8 ? 48 : 28)
#define SONDEI_WINDOWS_SERVICE_DISPLAY_NAME(pointer_size) ((pointer_size) == 8 ? 56 : 32)
#define SONDEI_WINDOWS_SERVICE_CONFIG_SIZE(pointer_size) ((pointer_size) == 8 ? 64 : 36)

struct sondei_windows_service_config {
  uint32_t start_type;     /* SERVICE_BOOT_START ... */
  sondei_span binary_path; /* UTF-16; empty where there is none */
  sondei_span start_name;
  sondei_span display_name;
};

sonde_status sondei_windows_parse_service_config(struct sondei_windows_service_config *out, sondei_parse_error *err,
                                                 const struct sondei_windows_block *in);

/* *out: the text, in UTF-16; empty where there is none. */
sonde_status sondei_windows_parse_service_description(sondei_span *out, sondei_parse_error *err,
                                                      const struct sondei_windows_block *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_SERVICE_CONFIG_H */
