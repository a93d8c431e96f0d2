/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_utf16.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* There and back again. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  const size_t len = sondei_windows_utf8_size(in);
  CHECK(len <= size / 2 * 3);
  char *const utf8 = malloc(len + 1);
  CHECK(utf8 != NULL);
  CHECK(sondei_windows_utf8_write(utf8, in) == len);
  size_t back_size = 0;
  CHECK(sondei_windows_utf16_size(&back_size, sondei_span_of(utf8, len)));
  CHECK(back_size == size / 2 * 2);
  char *back = malloc(back_size + 1);
  CHECK(back != NULL);
  sondei_windows_utf16_write(back, sondei_span_of(utf8, len));
  CHECK(memcmp(back, data, back_size) == 0);
  free(back);
  free(utf8);
  /* The bytes as UTF-8: what is taken has one spelling only. */
  if (!sondei_windows_utf16_size(&back_size, in)) return 0;
  back = malloc(back_size + 1);
  CHECK(back != NULL);
  sondei_windows_utf16_write(back, in);
  const sondei_span wide = sondei_span_of(back, back_size);
  CHECK(sondei_windows_utf8_size(wide) == size);
  char *const again = malloc(size + 1);
  CHECK(again != NULL);
  CHECK(sondei_windows_utf8_write(again, wide) == size);
  CHECK(memcmp(again, data, size) == 0);
  free(again);
  free(back);
  return 0;
}
