/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hwmon.h"

static const struct {
  sonde_sensor_kind kind;
  const char *prefix;
  double scale;
} hwmon_kinds[] = {
    {SONDE_SENSOR_TEMPERATURE, "temp", 1e3},  {SONDE_SENSOR_FAN, "fan", 1},       {SONDE_SENSOR_VOLTAGE, "in", 1e3},
    {SONDE_SENSOR_CURRENT, "curr", 1e3},      {SONDE_SENSOR_POWER, "power", 1e6}, {SONDE_SENSOR_ENERGY, "energy", 1e6},
    {SONDE_SENSOR_HUMIDITY, "humidity", 1e3},
};

enum {
  NUM_KINDS = sizeof hwmon_kinds / sizeof hwmon_kinds[0]
};

static const char *const hwmon_suffixes[SONDEI_LINUX_HWMON_ITEM_COUNT] = {
    [SONDEI_LINUX_HWMON_INPUT] = "_input",
    [SONDEI_LINUX_HWMON_AVERAGE] = "_average",
    [SONDEI_LINUX_HWMON_MAX] = "_max",
    [SONDEI_LINUX_HWMON_CRIT] = "_crit",
    [SONDEI_LINUX_HWMON_MIN] = "_min",
    [SONDEI_LINUX_HWMON_LABEL] = "_label",
    [SONDEI_LINUX_HWMON_LCRIT] = "_lcrit",
    [SONDEI_LINUX_HWMON_FAULT] = "_fault",
    [SONDEI_LINUX_HWMON_ENABLE] = "_enable",
    [SONDEI_LINUX_HWMON_ALARM] = "_alarm",
    [SONDEI_LINUX_HWMON_MIN_ALARM] = "_min_alarm",
    [SONDEI_LINUX_HWMON_MAX_ALARM] = "_max_alarm",
    [SONDEI_LINUX_HWMON_LCRIT_ALARM] = "_lcrit_alarm",
    [SONDEI_LINUX_HWMON_CRIT_ALARM] = "_crit_alarm",
    [SONDEI_LINUX_HWMON_EMERGENCY_ALARM] = "_emergency_alarm",
};

static size_t hwmon_index_of(sonde_sensor_kind kind) {
  size_t i = 0;
  while (i < NUM_KINDS - 1 && hwmon_kinds[i].kind != kind) i++;
  return i;
}

/* As the kernel writes it: without zeros in front, so that the name can be made of the number again. */
static bool take_number(uint32_t *out, sondei_span *rest) {
  const bool starts_with_zero = sondei_span_starts_with(*rest, "0");
  const size_t len = rest->len;
  sondei_span after = *rest;
  if (!sondei_span_u32(&after, out) || (starts_with_zero && len - after.len > 1)) return false;
  *rest = after;
  return true;
}

bool sondei_linux_hwmon_name_of(struct sondei_linux_hwmon_name *out, sondei_span name) {
  for (size_t i = 0; i < NUM_KINDS; i++) {
    sondei_span rest = name;
    uint32_t number = 0;
    if (!sondei_span_take_text(&rest, hwmon_kinds[i].prefix) || !take_number(&number, &rest)) continue;
    for (size_t item = 0; item < SONDEI_LINUX_HWMON_ITEM_COUNT; item++) {
      if (!sondei_span_equals(rest, hwmon_suffixes[item])) continue;
      if (item == SONDEI_LINUX_HWMON_AVERAGE && hwmon_kinds[i].kind != SONDE_SENSOR_POWER) return false;
      out->kind = hwmon_kinds[i].kind;
      out->number = number;
      out->item = (enum sondei_linux_hwmon_item)item;
      return true;
    }
  }
  return false;
}

const char *sondei_linux_hwmon_prefix(sonde_sensor_kind kind) { return hwmon_kinds[hwmon_index_of(kind)].prefix; }

const char *sondei_linux_hwmon_suffix(enum sondei_linux_hwmon_item item) { return hwmon_suffixes[item]; }

double sondei_linux_hwmon_value(sonde_sensor_kind kind, int64_t number) {
  return (double)number / hwmon_kinds[hwmon_index_of(kind)].scale;
}

bool sondei_linux_is_chip_of_zone(sondei_span chip, sondei_span zone) {
  if (sondei_span_equals(zone, "x86_pkg_temp") && sondei_span_equals(chip, "coretemp")) return true;
  if (chip.len != zone.len) return false;
  for (size_t i = 0; i < chip.len; i++) {
    if (chip.data[i] != (zone.data[i] == '-' ? '_' : zone.data[i])) return false;
  }
  return true;
}

bool sondei_linux_numbered(uint32_t *out, sondei_span name, const char *prefix) {
  uint32_t number = 0;
  if (!sondei_span_take_text(&name, prefix) || !take_number(&number, &name) || name.len > 0) return false;
  *out = number;
  return true;
}
