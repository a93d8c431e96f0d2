/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpu_cache.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  uint64_t bytes = 4711;
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_cpu_cache_size(&bytes, &err, in) != SONDE_OK) {
    CHECK(bytes == 4711 && err.expected != NULL && err.position <= size);
  } else {
    CHECK(err.expected == NULL);
  }
  const sonde_cpu_cache_type type = sondei_linux_cpu_cache_type(in);
  CHECK(type == SONDE_CACHE_UNKNOWN || type == SONDE_CACHE_DATA || type == SONDE_CACHE_INSTRUCTION ||
        type == SONDE_CACHE_UNIFIED);
  return 0;
}
