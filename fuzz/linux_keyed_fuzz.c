/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_keyed.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_span in = whole;
  struct sondei_linux_keyed row;
  sondei_parse_error err;
  sondei_span before = in;
  bool has_anon = false;
  while (sondei_linux_next_keyed(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.key, data, size) && row.key.len > 0);
    CHECK(err.expected == NULL || row.value == 0);
    if (err.expected == NULL && sondei_span_equals(row.key, "anon")) has_anon = true;
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  struct sondei_linux_key keys[] = {{"anon", 0, false}, {"oom_kill", 0, false}};
  const size_t found = sondei_linux_find_keys(keys, 2, whole);
  CHECK(keys[0].found == has_anon && found == (size_t)keys[0].found + keys[1].found);
  return 0;
}
