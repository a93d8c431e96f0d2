/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_if_flags.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  uint32_t flags = 4711;
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_if_flags(&flags, &err, in) != SONDE_OK) {
    CHECK(flags == 4711 && err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(flags <= 0xff);
  return 0;
}
