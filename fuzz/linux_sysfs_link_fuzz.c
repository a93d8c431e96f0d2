/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_sysfs_link.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span out = {NULL, 4711};
  if (!sondei_linux_link_parent(&out, in)) {
    CHECK(out.data == NULL && out.len == 4711);
    return 0;
  }
  size_t at = 0;
  CHECK(check_inside(out, data, size) && out.len > 0 && !sondei_span_find(out, '/', &at));
  CHECK(out.data[out.len] == '/');
  return 0;
}
