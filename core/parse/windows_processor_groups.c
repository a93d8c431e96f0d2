/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_processor_groups.h"

bool sondei_windows_add_group(struct sondei_windows_processor_groups *groups, uint32_t maximum) {
  if (groups->count >= SONDEI_WINDOWS_GROUPS_MAX || maximum > SONDEI_WINDOWS_GROUP_CPUS_MAX) return false;
  groups->maximum[groups->count++] = (uint8_t)maximum;
  return true;
}

uint32_t sondei_windows_count_cpus(const struct sondei_windows_processor_groups *groups) {
  uint32_t count = 0;
  for (size_t i = 0; i < groups->count; i++) count += groups->maximum[i];
  return count;
}

bool sondei_windows_cpu_of(uint32_t *out, const struct sondei_windows_processor_groups *groups,
                           struct sondei_windows_processor processor) {
  uint32_t first = 0;
  if (processor.group >= groups->count || processor.number >= groups->maximum[processor.group]) return false;
  for (size_t i = 0; i < processor.group; i++) first += groups->maximum[i];
  *out = first + processor.number;
  return true;
}

bool sondei_windows_processor_of(struct sondei_windows_processor *out,
                                 const struct sondei_windows_processor_groups *groups, uint32_t cpu) {
  for (size_t i = 0; i < groups->count; i++) {
    if (cpu < groups->maximum[i]) {
      *out = (struct sondei_windows_processor){(uint16_t)i, (uint8_t)cpu};
      return true;
    }
    cpu -= groups->maximum[i];
  }
  return false;
}
