/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_os_release.h"

#include <stdlib.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_os_release row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_os_release(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.key, data, size) && check_inside(row.value, data, size));
    CHECK(err.expected == NULL ? row.key.len > 0 : row.value.len == 0);
    /* Room for exactly what is promised to be enough. */
    char *const value = malloc(row.value.len > 0 ? row.value.len : 1);
    CHECK(value != NULL && sondei_linux_unquote_os_release(value, row.value) <= row.value.len);
    free(value);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);

  const sondei_span whole = sondei_span_of((const char *)data, size);
  char *const value = malloc(size > 0 ? size : 1);
  CHECK(value != NULL && sondei_linux_unquote_os_release(value, whole) <= size);
  free(value);
  return 0;
}
