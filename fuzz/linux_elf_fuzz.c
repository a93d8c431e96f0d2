/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "core/parse/linux_elf.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  uint32_t bits = 7;
  sondei_parse_error err = {0, NULL};
  const sonde_status status = sondei_linux_parse_elf(&bits, &err, sondei_span_of((const char *)data, size));
  if (status == SONDE_OK) {
    CHECK(bits == 32 || bits == 64);
    CHECK(size >= SONDEI_LINUX_ELF_NEEDED);
  } else {
    CHECK(bits == 7 && err.expected != NULL && err.position <= size);
  }
  return 0;
}
