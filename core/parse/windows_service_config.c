/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_service_config.h"

static sonde_status windows_service_fail(sondei_parse_error *err, const struct sondei_windows_block *in,
                                         size_t position, const char *expected) {
  sondei_span at = in->bytes;
  sondei_span_advance(&at, position);
  sondei_parse_fail(err, in->bytes, at, expected);
  return SONDE_ERR_PARSE;
}

sonde_status sondei_windows_parse_service_config(struct sondei_windows_service_config *out, sondei_parse_error *err,
                                                 const struct sondei_windows_block *in) {
  const size_t binary_path = SONDEI_WINDOWS_SERVICE_BINARY_PATH(in->pointer_size);
  const size_t start_name = SONDEI_WINDOWS_SERVICE_START_NAME(in->pointer_size);
  const size_t display_name = SONDEI_WINDOWS_SERVICE_DISPLAY_NAME(in->pointer_size);
  struct sondei_windows_service_config told;
  if (in->bytes.len < SONDEI_WINDOWS_SERVICE_CONFIG_SIZE(in->pointer_size) ||
      !sondei_windows_read_u32(in, SONDEI_WINDOWS_SERVICE_START_TYPE, &told.start_type)) {
    return windows_service_fail(err, in, in->bytes.len, "a whole QUERY_SERVICE_CONFIGW");
  }
  if (!sondei_windows_read_wide_pointer(in, binary_path, &told.binary_path)) {
    return windows_service_fail(err, in, binary_path, "lpBinaryPathName, in the block");
  }
  if (!sondei_windows_read_wide_pointer(in, start_name, &told.start_name)) {
    return windows_service_fail(err, in, start_name, "lpServiceStartName, in the block");
  }
  if (!sondei_windows_read_wide_pointer(in, display_name, &told.display_name)) {
    return windows_service_fail(err, in, display_name, "lpDisplayName, in the block");
  }
  *out = told;
  return SONDE_OK;
}

sonde_status sondei_windows_parse_service_description(sondei_span *out, sondei_parse_error *err,
                                                      const struct sondei_windows_block *in) {
  if (sondei_windows_read_wide_pointer(in, 0, out)) return SONDE_OK;
  return windows_service_fail(err, in, 0, "lpDescription, in the block");
}
