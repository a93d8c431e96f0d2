/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_zram.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_zram row;
  sondei_parse_error err;
  sondei_span before = in;
  size_t column = 0;
  size_t rows = 0;
  while (sondei_linux_next_zram(&row, &err, &in, &column)) {
    CHECK(check_progress(before, in, &err));
    CHECK(row.name != NULL && (err.expected == NULL || row.value == 0));
    before = in;
    rows++;
  }
  CHECK(rows <= 9 && err.expected == NULL);
  return 0;
}
