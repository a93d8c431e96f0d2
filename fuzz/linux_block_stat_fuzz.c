/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_block_stat.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_block_stat stat;
  struct sondei_linux_block_stat before;
  sondei_parse_error err = {0, NULL};
  memset(&stat, 0xa5, sizeof stat);
  memcpy(&before, &stat, sizeof stat);
  if (sondei_linux_parse_block_stat(&stat, &err, in) != SONDE_OK) {
    CHECK(memcmp(&before, &stat, sizeof stat) == 0);
    CHECK(err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(stat.has_times || !(stat.has_in_flight || stat.has_discard || stat.has_flush));
  CHECK(stat.has_discard || !stat.has_flush);
  CHECK(stat.read_bytes % 512 == 0 && stat.write_bytes % 512 == 0 && stat.discard_bytes % 512 == 0);
  CHECK(stat.read_time % 1000000 == 0 && stat.busy_time % 1000000 == 0 && stat.flush_time % 1000000 == 0);
  return 0;
}
