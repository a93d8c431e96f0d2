/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hugepages.h"

bool sondei_linux_hugepage_size_of(uint64_t *out, sondei_span name) {
  enum {
    BYTES_PER_KB = 1024
  };
  uint64_t size = 0;
  if (!sondei_span_take_text(&name, "hugepages-")) return false;
  if (!sondei_span_u64(&name, &size, UINT64_MAX / BYTES_PER_KB) || !sondei_span_equals(name, "kB")) return false;
  *out = size * BYTES_PER_KB;
  return true;
}
