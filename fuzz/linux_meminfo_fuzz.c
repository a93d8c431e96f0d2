/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_meminfo.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_meminfo_row row;
  sondei_parse_error err;
  sondei_span before = in;
  bool has_total = false;
  while (sondei_linux_next_meminfo(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.key, data, size));
    CHECK(err.expected == NULL || row.value == 0);
    CHECK(!row.is_in_bytes || row.value % 1024 == 0);
    if (err.expected == NULL && sondei_span_equals(row.key, "MemTotal")) has_total = true;
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);

  struct sondei_linux_meminfo info = {4711, {0}};
  if (sondei_linux_parse_meminfo(&info, &err, sondei_span_of((const char *)data, size)) == SONDE_OK) {
    CHECK(has_total && info.valid >> SONDEI_LINUX_MEMINFO_COUNT == 0);
    for (unsigned i = 0; i < SONDEI_LINUX_MEMINFO_COUNT; i++) {
      CHECK(info.value[i] == 0 || sondei_linux_meminfo_has(&info, (enum sondei_linux_meminfo_field)i));
    }
  } else {
    CHECK(!has_total && info.valid == 4711 && err.expected != NULL && err.position <= size);
  }
  return 0;
}
