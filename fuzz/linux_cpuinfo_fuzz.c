/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpuinfo.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (sondei_linux_cpuinfo_is_mips(sondei_span_of((const char *)data, size))) CHECK(size >= 16);
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_cpuinfo cpu;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_cpuinfo(&cpu, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    const sondei_span spans[] = {cpu.vendor, cpu.model_name, cpu.microcode, cpu.features};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) CHECK(check_inside(spans[i], data, size));
    CHECK((cpu.valid & SONDEI_LINUX_CPUINFO_CPU) != 0 || cpu.cpu == 0);
    CHECK(((cpu.valid & SONDEI_LINUX_CPUINFO_CURRENT) != 0) == (cpu.current > 0));
    sondei_span features = cpu.features;
    sondei_span feature;
    while (sondei_linux_next_cpu_feature(&feature, &features)) {
      CHECK(feature.len > 0 && check_inside(feature, data, size));
    }
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
