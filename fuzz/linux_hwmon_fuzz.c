/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hwmon.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_hwmon_name out = {SONDE_SENSOR_ALL, 4711, SONDEI_LINUX_HWMON_ITEM_COUNT};
  if (sondei_linux_hwmon_name_of(&out, in)) {
    const char *const prefix = sondei_linux_hwmon_prefix(out.kind);
    const char *const suffix = sondei_linux_hwmon_suffix(out.item);
    CHECK(sondei_span_starts_with(in, prefix) && sondei_span_ends_with(in, suffix));
    const size_t digits = size - strlen(prefix) - strlen(suffix);
    CHECK(digits >= 1 && digits <= 10);
    CHECK(out.item != SONDEI_LINUX_HWMON_AVERAGE || out.kind == SONDE_SENSOR_POWER);
  } else {
    CHECK(out.number == 4711 && out.item == SONDEI_LINUX_HWMON_ITEM_COUNT);
  }
  (void)sondei_linux_is_chip_of_zone(in, in);
  uint32_t number = 4711;
  if (!sondei_linux_numbered(&number, in, "hwmon")) CHECK(number == 4711);
  return 0;
}
