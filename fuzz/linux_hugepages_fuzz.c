/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hugepages.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint64_t bytes = 4711;
  if (sondei_linux_hugepage_size_of(&bytes, sondei_span_of((const char *)data, size))) {
    CHECK(bytes % 1024 == 0 && size >= sizeof "hugepages-0kB" - 1);
  } else {
    CHECK(bytes == 4711);
  }
  return 0;
}
