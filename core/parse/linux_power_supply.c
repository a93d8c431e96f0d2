/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_power_supply.h"

/* The first line without blanks around it. */
static sondei_span power_word(sondei_span text) {
  sondei_span line = sondei_span_of(text.data, 0);
  sondei_span_take_line(&text, &line);
  return sondei_span_trim(line);
}

enum sondei_linux_supply sondei_linux_supply_of(sondei_span type) {
  const sondei_span word = power_word(type);
  if (sondei_span_equals(word, "Battery")) return SONDEI_LINUX_SUPPLY_BATTERY;
  if (sondei_span_equals(word, "Mains") || sondei_span_equals(word, "USB") || sondei_span_starts_with(word, "USB_") ||
      sondei_span_equals(word, "Wireless")) {
    return SONDEI_LINUX_SUPPLY_MAINS;
  }
  return SONDEI_LINUX_SUPPLY_OTHER;
}

sonde_battery_state sondei_linux_battery_state_of(sondei_span status) {
  const sondei_span word = power_word(status);
  if (sondei_span_equals(word, "Charging")) return SONDE_BATTERY_CHARGING;
  if (sondei_span_equals(word, "Discharging")) return SONDE_BATTERY_DISCHARGING;
  if (sondei_span_equals(word, "Not charging")) return SONDE_BATTERY_NOT_CHARGING;
  if (sondei_span_equals(word, "Full")) return SONDE_BATTERY_FULL;
  return SONDE_BATTERY_UNKNOWN;
}

bool sondei_linux_is_device_scope(sondei_span scope) { return sondei_span_equals(power_word(scope), "Device"); }

bool sondei_linux_is_battery_name(sondei_span name) {
  if (sondei_span_starts_with(name, "BAT")) return true;
  while (name.len > 0 && !sondei_span_starts_with(name, "battery")) sondei_span_advance(&name, 1);
  return name.len > 0;
}
