/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mount_options.h"

#include <string.h>

bool sondei_linux_has_option(sondei_span options, const char *option) {
  sondei_span one;
  while (sondei_span_take_until(&options, ',', &one)) {
    if (sondei_span_equals(one, option)) return true;
  }
  return false;
}

static size_t append(char *out, size_t len, const char *data, size_t data_len) {
  if (data_len == 0) return len;
  if (len > 0) out[len++] = ',';
  memcpy(out + len, data, data_len);
  return len + data_len;
}

static size_t append_others(char *out, size_t len, sondei_span options) {
  sondei_span one;
  while (sondei_span_take_until(&options, ',', &one)) {
    if (!sondei_span_equals(one, "ro") && !sondei_span_equals(one, "rw")) len = append(out, len, one.data, one.len);
  }
  return len;
}

size_t sondei_linux_merge_options(char *out, sondei_span mount, sondei_span super) {
  size_t len = 0;
  if (sondei_linux_has_option(mount, "ro") || sondei_linux_has_option(super, "ro")) {
    len = append(out, len, "ro", 2);
  } else if (sondei_linux_has_option(mount, "rw") || sondei_linux_has_option(super, "rw")) {
    len = append(out, len, "rw", 2);
  }
  len = append_others(out, len, mount);
  return append_others(out, len, super);
}
