/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_link.h"

sonde_status sondei_linux_parse_link(struct sondei_linux_link *out, sondei_parse_error *err, sondei_span in) {
  sondei_span rest = in;
  size_t colon = 0;
  uint64_t inode = 0;
  if (!sondei_span_find(rest, ':', &colon) || colon == 0) goto fail;
  sondei_span_advance(&rest, colon + 1);
  if (!sondei_span_take_char(&rest, '[') || !sondei_span_u64(&rest, &inode, UINT64_MAX) ||
      !sondei_span_take_char(&rest, ']') || rest.len > 0) {
    goto fail;
  }
  out->kind = sondei_span_of(in.data, colon);
  out->inode = inode;
  return SONDE_OK;
fail:
  sondei_parse_fail(err, in, rest, "\"kind:[number]\"");
  return SONDE_ERR_PARSE;
}

bool sondei_linux_take_deleted(sondei_span *in) {
  static const char mark[] = " (deleted)";
  if (!sondei_span_ends_with(*in, mark)) return false;
  in->len -= sizeof mark - 1;
  return true;
}
