/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_powercap.h"

bool sondei_linux_powercap_type_of(sondei_span *out, sondei_span zone) {
  size_t type_len = 0;
  if (!sondei_span_find(zone, ':', &type_len) || type_len == 0) return false;
  const sondei_span type = sondei_span_of(zone.data, type_len);
  sondei_span_advance(&zone, type_len);
  while (zone.len > 0) {
    uint32_t number = 0;
    if (!sondei_span_take_char(&zone, ':') || !sondei_span_u32(&zone, &number)) return false;
  }
  *out = type;
  return true;
}

bool sondei_linux_next_powercap_zone(sondei_span *out, sondei_span zone, size_t *level) {
  size_t colons = 0;
  size_t end = 0;
  for (; end < zone.len; end++) {
    if (zone.data[end] != ':') continue;
    if (colons == *level + 1) break;
    colons++;
  }
  if (colons < *level + 1) return false;
  *out = sondei_span_of(zone.data, end);
  (*level)++;
  return true;
}
