/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_processor_groups.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Each byte is the maximum of a group. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_processor_groups groups = {0};
  for (size_t i = 0; i < size; i++) {
    const size_t before = groups.count;
    const bool fits = before < SONDEI_WINDOWS_GROUPS_MAX && data[i] <= SONDEI_WINDOWS_GROUP_CPUS_MAX;
    CHECK(sondei_windows_add_group(&groups, data[i]) == fits);
    CHECK(groups.count == before + fits);
  }
  struct sondei_windows_processor processor = {7, 7};
  const uint32_t count = sondei_windows_count_cpus(&groups);
  for (uint32_t cpu = 0; cpu < count; cpu++) {
    uint32_t back = 0;
    CHECK(sondei_windows_processor_of(&processor, &groups, cpu));
    CHECK(sondei_windows_cpu_of(&back, &groups, processor) && back == cpu);
  }
  processor = (struct sondei_windows_processor){7, 7};
  CHECK(!sondei_windows_processor_of(&processor, &groups, count) && processor.group == 7 && processor.number == 7);
  uint32_t told = 0;
  for (uint16_t group = 0; group < SONDEI_WINDOWS_GROUPS_MAX + 1; group++) {
    for (uint8_t number = 0; number < SONDEI_WINDOWS_GROUP_CPUS_MAX + 1; number++) {
      uint32_t cpu = UINT32_MAX;
      const struct sondei_windows_processor asked = {group, number};
      if (sondei_windows_cpu_of(&cpu, &groups, asked)) {
        CHECK(cpu == told++);
      } else {
        CHECK(cpu == UINT32_MAX);
      }
    }
  }
  CHECK(told == count);
  return 0;
}
