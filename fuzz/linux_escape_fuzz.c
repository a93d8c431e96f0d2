/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_escape.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (data == NULL) return 0;
  const sondei_span in = sondei_span_of((const char *)data, size);
  char *const out = malloc(size + (size == 0));
  char *const in_place = malloc(size + (size == 0));
  if (out == NULL || in_place == NULL) goto done;
  const size_t len = sondei_linux_unescape(out, in);
  CHECK(len <= size && (size - len) % 3 == 0);
  if (memchr(data, '\\', size) == NULL) {
    CHECK(len == size && (size == 0 || memcmp(out, data, size) == 0));
  }
  if (size > 0) memcpy(in_place, data, size);
  CHECK(sondei_linux_unescape(in_place, sondei_span_of(in_place, size)) == len);
  CHECK(len == 0 || memcmp(out, in_place, len) == 0);
done:
  free(out);
  free(in_place);
  return 0;
}
