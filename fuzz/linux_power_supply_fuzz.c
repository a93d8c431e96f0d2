/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_power_supply.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  const enum sondei_linux_supply supply = sondei_linux_supply_of(in);
  const sonde_battery_state state = sondei_linux_battery_state_of(in);
  CHECK(supply <= SONDEI_LINUX_SUPPLY_MAINS && state <= SONDE_BATTERY_NOT_CHARGING);
  CHECK(supply == SONDEI_LINUX_SUPPLY_OTHER || state == SONDE_BATTERY_UNKNOWN);
  if (sondei_linux_is_device_scope(in)) CHECK(supply == SONDEI_LINUX_SUPPLY_OTHER && size >= 6);
  if (sondei_linux_is_battery_name(in)) CHECK(size >= 3);
  return 0;
}
