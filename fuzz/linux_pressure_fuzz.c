/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pressure.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_pressure out = {{false, 1, 2, 3, 4}, {false, 5, 6, 7, 8}};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_pressure(&out, &err, sondei_span_of((const char *)data, size)) == SONDE_OK) {
    CHECK(out.some.is_told || out.full.is_told);
    const struct sondei_linux_stall both[] = {out.some, out.full};
    for (size_t i = 0; i < 2; i++) {
      CHECK(both[i].avg10 <= 10000 && both[i].avg60 <= 10000 && both[i].avg300 <= 10000 && both[i].total % 1000 == 0);
    }
  } else {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(!out.some.is_told && out.some.avg10 == 1 && out.full.total == 8);
  }
  return 0;
}
