/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_softnet.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_softnet row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_softnet(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    for (size_t i = 0; i < SONDEI_LINUX_SOFTNET_COLUMN_COUNT; i++)
      CHECK(row.value[i] == 0 || (row.valid >> i & 1) != 0);
    CHECK(err.expected != NULL || (row.valid & 7) == 7);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
