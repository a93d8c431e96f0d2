/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_logical_processors.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct sondei_windows_block in = {sondei_span_of((const char *)data + 1, size - 1), 0x10000,
                                    (data[0] & 1) != 0 ? 8 : 4};
  struct sondei_windows_block before = in;
  struct sondei_windows_logical_processors record = {0};
  struct sondei_windows_group_affinity affinity;
  struct sondei_windows_processor_group group;
  sondei_parse_error err;
  size_t parts = 0;
  while (sondei_windows_next_logical_processors(&record, &err, &in)) {
    CHECK(in.bytes.len < before.bytes.len);
    CHECK(in.base - before.base == before.bytes.len - in.bytes.len);
    if (err.expected != NULL) {
      CHECK(err.position <= before.bytes.len);
    } else {
      CHECK(check_inside(record.parts.bytes, data, size));
      while (sondei_windows_next_group_affinity(&affinity, &record)) parts++;
      while (sondei_windows_next_processor_group(&group, &record)) parts++;
      CHECK(record.parts.bytes.len == 0);
    }
    before = in;
  }
  CHECK(in.bytes.len == 0 && err.expected == NULL);
  CHECK(parts <= size / 12);
  return 0;
}
