/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_stat.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_span in = whole;
  struct sondei_linux_stat_cpu row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_stat_cpu(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(row.num_columns <= SONDEI_LINUX_STAT_COLUMNS);
    for (size_t i = row.num_columns; i < SONDEI_LINUX_STAT_COLUMNS; i++) CHECK(row.ticks[i] == 0);
    if (err.expected == NULL) CHECK(row.num_columns > 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);

  struct sondei_linux_stat counters = {.valid = 0, .ctxt = 4711};
  if (sondei_linux_parse_stat(&counters, &err, whole) != SONDE_OK) {
    CHECK(counters.valid == 0 && counters.ctxt == 4711);
    CHECK(err.expected != NULL);
  } else {
    CHECK(counters.valid != 0);
  }
  CHECK(err.position <= size);
  return 0;
}
