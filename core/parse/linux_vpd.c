/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_vpd.h"

/* u8 device type, u8 page code, u16 length (big-endian), text. */
enum {
  AT_PAGE = 1,
  AT_LENGTH = 2,
  AT_TEXT = 4,
  PAGE_SERIAL = 0x80
};

static bool is_padding(char c) { return c == ' ' || c == '\0'; }

sonde_status sondei_linux_parse_vpd_serial(sondei_span *out, sondei_parse_error *err, sondei_span in) {
  err->position = 0;
  if (in.len < AT_TEXT || (unsigned char)in.data[AT_PAGE] != PAGE_SERIAL) {
    err->expected = "page 0x80";
    return SONDE_ERR_PARSE;
  }
  const size_t len = (size_t)(unsigned char)in.data[AT_LENGTH] * 256 + (size_t)(unsigned char)in.data[AT_LENGTH + 1];
  if (len > in.len - AT_TEXT) {
    err->position = AT_LENGTH;
    err->expected = "a length within the page";
    return SONDE_ERR_PARSE;
  }
  sondei_span serial = sondei_span_of(in.data + AT_TEXT, len);
  while (serial.len > 0 && is_padding(serial.data[0])) sondei_span_advance(&serial, 1);
  while (serial.len > 0 && is_padding(serial.data[serial.len - 1])) serial.len--;
  *out = serial;
  return SONDE_OK;
}
