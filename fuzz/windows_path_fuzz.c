/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_path.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The path, and behind each line end what A:, B:, ... stand for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char root[] = "C\0:\0\\\0W\0";
  struct sondei_windows_drives drives = {.system_root = sondei_span_of(root, sizeof root - 1)};
  sondei_span rest = sondei_span_of((const char *)data, size);
  sondei_span in = sondei_span_of((const char *)data, 0);
  (void)sondei_span_take_until(&rest, '\n', &in);
  for (size_t i = 0; i < SONDEI_WINDOWS_DRIVES && sondei_span_take_until(&rest, '\n', &drives.devices[i]); i++) {
  }
  struct sondei_windows_path path;
  sondei_windows_map_path(&path, in, &drives);
  CHECK(check_inside(path.rest, (const uint8_t *)in.data, in.len));
  CHECK(path.rest.data + path.rest.len == in.data + in.len);
  CHECK(path.prefix.len % 2 == 0 && path.prefix.len <= 8);
  CHECK(path.prefix.len > 0 || path.rest.len == in.len || in.len - path.rest.len == 8);
  return 0;
}
