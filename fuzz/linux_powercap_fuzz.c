/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_powercap.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span type = {NULL, 4711};
  if (sondei_linux_powercap_type_of(&type, in)) {
    CHECK(check_inside(type, data, size) && type.len > 0 && type.len < size);
  } else {
    CHECK(type.len == 4711);
  }
  sondei_span zone = {NULL, 0};
  size_t last_len = 0;
  size_t level = 0;
  for (size_t levels = 1; sondei_linux_next_powercap_zone(&zone, in, &level); levels++) {
    CHECK(zone.data == in.data && zone.len <= size && zone.len > last_len && level == levels);
    last_len = zone.len;
  }
  CHECK(level == 0 || last_len == size);
  return 0;
}
