/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_disk_type.h"

size_t sondei_linux_dm_type(char *out, sondei_span uuid) {
  static const char part[] = "part";
  size_t len = 0;
  if (!sondei_span_find(uuid, '-', &len) || len < 2 || len > SONDEI_LINUX_DISK_TYPE_MAX) {
    uuid = sondei_span_text("dm");
    len = uuid.len;
  }
  for (size_t i = 0; i < len; i++) {
    const char c = uuid.data[i];
    out[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
  }
  return sondei_span_starts_with(sondei_span_of(out, len), part) ? sizeof part - 1 : len;
}

const char *sondei_linux_disk_type_of(sondei_span name) {
  static const char *const types[][2] = {{"loop", "loop"}, {"sr", "rom"}};
  for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
    sondei_span rest = name;
    if (!sondei_span_take_text(&rest, types[i][0]) || rest.len == 0) continue;
    if (rest.data[0] >= '0' && rest.data[0] <= '9') return types[i][1];
  }
  return "disk";
}
