/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_drive_layout.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_drive_layout layout = {.count = 4711};
  struct sondei_windows_partition partition;
  sondei_parse_error err = {0, NULL};
  size_t rows = 0;
  if (sondei_windows_parse_drive_layout(&layout, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size && layout.count == 4711);
    return 0;
  }
  while (sondei_windows_next_partition(&partition, &err, &layout)) {
    CHECK(err.position <= size);
    if (err.expected == NULL) CHECK(partition.number > 0 && partition.size <= INT64_MAX);
    rows++;
  }
  CHECK(err.expected == NULL && rows <= size / SONDEI_WINDOWS_PARTITION_SIZE + 1);
  return 0;
}
