/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_performance.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the class and the width of pointers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct sondei_windows_counters in = {
      (sondei_windows_counters_class)((data[0] >> 1) % 4),
      {sondei_span_of((const char *)data + 1, size - 1), 0, (data[0] & 1) != 0 ? 8 : 4},
      0};
  struct sondei_windows_counter counter = {0};
  struct sondei_windows_scheduler_counts counts = {0};
  sondei_parse_error err = {0, NULL};
  size_t count = 0;
  while (sondei_windows_next_counter(&counter, &in)) {
    CHECK(counter.name != NULL && counter.name[0] != '\0');
    count++;
    CHECK(count <= (size - 1) / 4);
  }
  if (sondei_windows_parse_scheduler_counts(&counts, &err, &in.block) == SONDE_OK) {
    CHECK(size - 1 >= 312);
  } else {
    CHECK(err.expected != NULL && err.position == size - 1);
  }
  return 0;
}
