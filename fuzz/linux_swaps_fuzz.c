/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_swaps.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_swap row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_swap(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.name, data, size) && row.name.len > 0 && check_inside(row.type, data, size));
    CHECK(row.size % 1024 == 0 && row.used % 1024 == 0 && (row.has_used || row.used == 0));
    CHECK(err.expected != NULL || (row.type.len > 0 && row.has_used));
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
