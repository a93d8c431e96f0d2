/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_dirent.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span before = in;
  sondei_parse_error err;
  struct sondei_linux_dirent entry = {4711, 17, {NULL, 0}};
  while (sondei_linux_next_dirent(&entry, &err, &in)) {
    size_t at = 0;
    CHECK(check_progress(before, in, &err) && err.expected == NULL);
    CHECK(check_inside(entry.name, (const uint8_t *)before.data, before.len - in.len));
    CHECK(!sondei_span_find(entry.name, '\0', &at) && entry.name.data[entry.name.len] == '\0');
    before = in;
  }
  CHECK(in.data == before.data && in.len == before.len);
  CHECK((err.expected != NULL) == (in.len > 0));
  return 0;
}
