/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_wwn.h"

#include <string.h>

#include "core/parse/windows_block.h"

enum {
  WINDOWS_ID_BINARY = 1,
  WINDOWS_ID_EUI64 = 2,
  WINDOWS_ID_NAA = 3,
  WINDOWS_ID_OF_DEVICE = 0
};

static sonde_status windows_wwn_fail(sondei_parse_error *err, sondei_span in, size_t position, const char *expected) {
  sondei_span at = in;
  sondei_span_advance(&at, position);
  sondei_parse_fail(err, in, at, expected);
  return SONDE_ERR_PARSE;
}

static void windows_wwn_write(struct sondei_windows_wwn *out, const char *prefix, sondei_span bytes) {
  static const char digits[] = "0123456789abcdef";
  memcpy(out->text, prefix, 4);
  out->len = 4;
  for (size_t i = 0; i < bytes.len; i++) {
    const unsigned byte = (unsigned char)bytes.data[i];
    out->text[out->len++] = digits[byte >> 4];
    out->text[out->len++] = digits[byte & 15];
  }
}

sonde_status sondei_windows_parse_wwn(struct sondei_windows_wwn *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_windows_block block = {in, 0, 8};
  sondei_span naa = sondei_span_of(in.data, 0);
  sondei_span eui = naa;
  uint32_t size = 0;
  uint32_t count = 0;
  size_t at = SONDEI_WINDOWS_IDS_FIRST;
  if (!sondei_windows_read_u32(&block, SONDEI_WINDOWS_IDS_SIZE, &size) ||
      !sondei_windows_read_u32(&block, SONDEI_WINDOWS_IDS_COUNT, &count)) {
    return windows_wwn_fail(err, in, in.len, "a whole STORAGE_DEVICE_ID_DESCRIPTOR");
  }
  if (size < in.len) block.bytes.len = size;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t code_set = 0;
    uint32_t type = 0;
    uint32_t association = 0;
    uint16_t len = 0;
    uint16_t next = 0;
    if (!sondei_windows_read_u32(&block, at + SONDEI_WINDOWS_ID_CODE_SET, &code_set) ||
        !sondei_windows_read_u32(&block, at + SONDEI_WINDOWS_ID_TYPE, &type) ||
        !sondei_windows_read_u16(&block, at + SONDEI_WINDOWS_ID_LEN, &len) ||
        !sondei_windows_read_u16(&block, at + SONDEI_WINDOWS_ID_NEXT, &next) ||
        !sondei_windows_read_u32(&block, at + SONDEI_WINDOWS_ID_ASSOCIATION, &association) ||
        len > block.bytes.len - at - SONDEI_WINDOWS_ID_BYTES) {
      return windows_wwn_fail(err, in, at < in.len ? at : in.len, "a whole STORAGE_IDENTIFIER");
    }
    const bool is_name = code_set == WINDOWS_ID_BINARY && association == WINDOWS_ID_OF_DEVICE && len > 0 &&
                         len <= SONDEI_WINDOWS_WWN_MAX;
    const sondei_span bytes = sondei_span_of(block.bytes.data + at + SONDEI_WINDOWS_ID_BYTES, len);
    if (is_name && type == WINDOWS_ID_NAA && naa.len == 0) naa = bytes;
    if (is_name && type == WINDOWS_ID_EUI64 && eui.len == 0) eui = bytes;
    if (next == 0) break;
    if (next < SONDEI_WINDOWS_ID_BYTES) return windows_wwn_fail(err, in, at, "NextOffset that goes forward");
    at += next;
  }
  out->len = 0;
  if (naa.len > 0) {
    windows_wwn_write(out, "naa.", naa);
  } else if (eui.len > 0) {
    windows_wwn_write(out, "eui.", eui);
  }
  return SONDE_OK;
}
