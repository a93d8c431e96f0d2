/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_diskstats.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_disk disk;
  sondei_parse_error err;
  sondei_span before = in;
  sondei_span last = sondei_span_of(in.data, 0);
  while (sondei_linux_next_disk(&disk, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(disk.name, data, size));
    CHECK(err.expected != NULL || disk.name.len > 0);
    if (sondei_linux_is_partition_of(last, disk.name)) CHECK(disk.name.len > last.len && last.len > 0);
    CHECK(!sondei_linux_is_partition_of(disk.name, disk.name));
    last = disk.name;
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
