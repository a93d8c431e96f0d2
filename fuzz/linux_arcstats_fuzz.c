/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_arcstats.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_arcstats out = {4711, 4712};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_arcstats(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(out.size == 4711 && out.size_min == 4712);
  }
  return 0;
}
