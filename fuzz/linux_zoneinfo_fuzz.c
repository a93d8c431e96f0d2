/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_zoneinfo.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_zoneinfo out = {4711};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_zoneinfo(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(out.low == 4711);
  }
  return 0;
}
