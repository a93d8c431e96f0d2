/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_cpu_times.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span before = in;
  struct sondei_windows_cpu_times cpu;
  sondei_parse_error err;
  size_t count = 0;
  while (sondei_windows_next_cpu_times(&cpu, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    if (err.expected == NULL) {
      CHECK(before.len - in.len == SONDEI_WINDOWS_CPU_TIMES_SIZE);
      CHECK(cpu.user % 100 == 0 && cpu.system % 100 == 0 && cpu.idle % 100 == 0);
    }
    before = in;
    count++;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  CHECK(count == (size + SONDEI_WINDOWS_CPU_TIMES_SIZE - 1) / SONDEI_WINDOWS_CPU_TIMES_SIZE);
  return 0;
}
