/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_container.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span value = sondei_span_text("untouched");
  if (sondei_linux_container_of_environ(&value, in)) {
    CHECK(value.len > 0 && check_inside(value, data, size));
  } else {
    CHECK(sondei_span_equals(value, "untouched"));
  }
  const char *const name = sondei_linux_container_of_cgroup(in);
  CHECK(name == NULL || strspn(name, "abcdefghijklmnopqrstuvwxyz") == strlen(name));
  const char *const kernel = sondei_linux_container_of_kernel(in);
  CHECK(kernel == NULL || strcmp(kernel, "wsl") == 0);
  return 0;
}
