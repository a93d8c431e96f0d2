/* SPDX-License-Identifier: MIT */
/* linux_power_supply.h - the words in the files of /sys/class/power_supply/NAME. */
#ifndef SONDE_CORE_PARSE_LINUX_POWER_SUPPLY_H
#define SONDE_CORE_PARSE_LINUX_POWER_SUPPLY_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum sondei_linux_supply {
  SONDEI_LINUX_SUPPLY_OTHER,   /* "UPS", and what is new */
  SONDEI_LINUX_SUPPLY_BATTERY, /* "Battery" */
  SONDEI_LINUX_SUPPLY_MAINS    /* from outside: "Mains", "USB" and its kinds ("USB_PD", "USB_C"), "Wireless" */
};

/* The file type. Any word is fine. */
enum sondei_linux_supply sondei_linux_supply_of(sondei_span type);

/* The file status: "Charging", "Discharging", "Not charging", "Full"; any other word is SONDE_BATTERY_UNKNOWN. */
sonde_battery_state sondei_linux_battery_state_of(sondei_span status);

/* Whether the file scope says that the battery is that of a device such as a mouse, not the machine's. */
bool sondei_linux_is_device_scope(sondei_span scope);

/* Whether a supply is called as batteries are, for where its type may not be read: "BAT0", "battery" (phones),
 * "cw2015-battery". */
bool sondei_linux_is_battery_name(sondei_span name);

#endif /* SONDE_CORE_PARSE_LINUX_POWER_SUPPLY_H */
