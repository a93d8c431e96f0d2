/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_auxv.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_auxv auxv;
  struct sondei_linux_auxv before;
  sondei_parse_error err = {0, NULL};
  memset(&auxv, 0x55, sizeof auxv);
  memcpy(&before, &auxv, sizeof auxv);
  if (sondei_linux_parse_auxv(&auxv, &err, sondei_span_of((const char *)data, size)) == SONDE_OK) {
    CHECK(auxv.word_size == 4 || auxv.word_size == 8);
    CHECK(auxv.order == SONDEI_LITTLE_ENDIAN || auxv.order == SONDEI_BIG_ENDIAN);
    CHECK(auxv.page_size >= 512 && (auxv.page_size & (auxv.page_size - 1)) == 0);
    CHECK(auxv.ticks_per_second <= 1000000000);
    CHECK(size >= 2 * (size_t)auxv.word_size);
  } else {
    CHECK(memcmp(&auxv, &before, sizeof auxv) == 0 && err.expected != NULL && err.position <= size);
  }
  return 0;
}
