/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_if_flags.h"

uint32_t sondei_linux_if_flags(uint32_t kernel_flags) {
  static const struct {
    uint32_t kernel;
    uint32_t flag;
  } pairs[] = {
      {0x1, SONDE_NET_IF_UP},           {0x2, SONDE_NET_IF_BROADCAST},    {0x8, SONDE_NET_IF_LOOPBACK},
      {0x10, SONDE_NET_IF_POINTOPOINT}, {0x40, SONDE_NET_IF_RUNNING},     {0x80, SONDE_NET_IF_NOARP},
      {0x100, SONDE_NET_IF_PROMISC},    {0x1000, SONDE_NET_IF_MULTICAST},
  };
  uint32_t flags = 0;
  for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
    if ((kernel_flags & pairs[i].kernel) != 0) flags |= pairs[i].flag;
  }
  return flags;
}

sonde_status sondei_linux_parse_if_flags(uint32_t *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  uint64_t value = 0;
  sondei_span_skip_blanks(&in);
  if (!sondei_span_take_text(&in, "0x") || !sondei_span_hex64(&in, &value, UINT32_MAX)) goto fail;
  sondei_span_take_char(&in, '\n');
  if (in.len > 0) goto fail;
  *out = sondei_linux_if_flags((uint32_t)value);
  return SONDE_OK;
fail:
  sondei_parse_fail(err, whole, in, "0x and a number in hexadecimal");
  return SONDE_ERR_PARSE;
}
