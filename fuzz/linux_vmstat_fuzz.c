/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_vmstat.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_vmstat row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_vmstat(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.name, data, size) && row.name.len > 0);
    CHECK(err.expected == NULL || row.value == 0);
    CHECK(row.unit != SONDE_UNIT_BYTES || row.value % 1024 == 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
