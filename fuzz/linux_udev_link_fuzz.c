/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_udev_link.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  const sondei_span device = sondei_linux_udev_device(in);
  CHECK(check_inside(device, data, size) && !sondei_span_starts_with(device, "../"));
  char *const out = malloc(size + 1);
  char *const same = malloc(size + 1);
  if (out != NULL && same != NULL) {
    const size_t len = sondei_linux_unescape_udev(out, in);
    CHECK(len <= size && len >= size / 4);
    if (size > 0) memcpy(same, data, size);
    CHECK(sondei_linux_unescape_udev(same, sondei_span_of(same, size)) == len);
    CHECK(len == 0 || memcmp(same, out, len) == 0);
  }
  free(out);
  free(same);
  return 0;
}
