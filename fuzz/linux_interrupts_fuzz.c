/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_interrupts.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  const size_t columns = sondei_linux_take_interrupt_columns(&in);
  CHECK(columns <= size / 3 && check_inside(in, data, size));
  CHECK(columns > 0 || in.len == size);
  struct sondei_linux_interrupt row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_interrupt(&row, &err, &in, columns)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.name, data, size) && check_inside(row.description, data, size));
    CHECK(columns > 0 || err.expected != NULL);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
