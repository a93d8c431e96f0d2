/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_schedstat.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  uint32_t version = 4711;
  if (!sondei_linux_take_schedstat_version(&version, &in)) {
    CHECK(version == 4711 && in.len == size);
    version = size % 2 == 0 ? 14 : 15;
  }
  CHECK(check_inside(in, data, size));
  struct sondei_linux_schedstat row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_schedstat(&row, &err, &in, version)) {
    CHECK(check_progress(before, in, &err));
    CHECK(err.expected == NULL || (row.run_time == 0 && row.wait_time == 0 && row.timeslices == 0));
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
