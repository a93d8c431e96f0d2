/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_passwd.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_passwd row;
  sondei_parse_error err;
  sondei_span before = in;
  size_t colon = 0;
  while (sondei_linux_next_passwd(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.name, data, size));
    CHECK(!sondei_span_find(row.name, ':', &colon) && !sondei_span_find(row.name, '\n', &colon));
    CHECK(err.expected == NULL ? row.name.len > 0 : row.uid == 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
