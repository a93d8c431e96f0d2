/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_uptime.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_uptime out = {4711};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_uptime(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size && out.uptime == 4711);
  } else {
    CHECK(err.expected == NULL);
  }
  return 0;
}
