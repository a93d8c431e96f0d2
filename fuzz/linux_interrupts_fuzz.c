/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_interrupts.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span header = sondei_span_of((const char *)data, 0);
  const size_t columns = sondei_linux_take_interrupt_columns(&in, &header);
  CHECK(check_inside(header, data, size) && (columns > 0 || header.len == 0));
  uint32_t cpu = 0;
  size_t num_cpus = 0;
  while (sondei_linux_next_interrupt_cpu(&cpu, &header)) num_cpus++;
  CHECK(num_cpus <= columns);
  CHECK(columns <= size / 3 && check_inside(in, data, size));
  CHECK(columns > 0 || in.len == size);
  struct sondei_linux_interrupt row;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_interrupt(&row, &err, &in, columns)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.name, data, size) && check_inside(row.description, data, size));
    CHECK(columns > 0 || err.expected != NULL);
    CHECK(check_inside(row.counts, data, size) && row.num_counts <= columns);
    uint64_t count = 0;
    uint64_t sum = 0;
    for (size_t i = 0; i < row.num_counts; i++) {
      CHECK(sondei_linux_next_interrupt_count(&count, &row.counts));
      sum += count;
    }
    CHECK(err.expected != NULL || (sum == row.count && !sondei_linux_next_interrupt_count(&count, &row.counts)));
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
