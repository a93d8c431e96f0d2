/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_storage_descriptor.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_storage_descriptor out = {.bus = 4711};
  sondei_parse_error err = {0, NULL};
  if (sondei_windows_parse_storage_descriptor(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size && out.bus == 4711);
    return 0;
  }
  const sondei_span texts[] = {out.vendor, out.product, out.revision, out.serial};
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
    size_t at = 0;
    CHECK(check_inside(texts[i], data, size) && !sondei_span_find(texts[i], '\0', &at));
  }
  return 0;
}
