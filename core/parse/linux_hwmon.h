/* SPDX-License-Identifier: MIT */
/*
 * linux_hwmon.h - the names of files in /sys/class/hwmon/hwmonN (temp1_input, fan2_label, power1_average), and what
 * their numbers mean.
 */
#ifndef SONDE_CORE_PARSE_LINUX_HWMON_H
#define SONDE_CORE_PARSE_LINUX_HWMON_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

/* What a file tells of a sensor. */
enum sondei_linux_hwmon_item {
  SONDEI_LINUX_HWMON_INPUT,
  SONDEI_LINUX_HWMON_AVERAGE, /* of power: where there is no input */
  SONDEI_LINUX_HWMON_MAX,
  SONDEI_LINUX_HWMON_CRIT,
  SONDEI_LINUX_HWMON_MIN,
  SONDEI_LINUX_HWMON_LABEL,
  SONDEI_LINUX_HWMON_LCRIT,  /* critically low */
  SONDEI_LINUX_HWMON_FAULT,  /* 1: what the input says means nothing */
  SONDEI_LINUX_HWMON_ENABLE, /* 0: switched off */
  SONDEI_LINUX_HWMON_ALARM,  /* this and what follows: 1: beyond a limit */
  SONDEI_LINUX_HWMON_MIN_ALARM,
  SONDEI_LINUX_HWMON_MAX_ALARM,
  SONDEI_LINUX_HWMON_LCRIT_ALARM,
  SONDEI_LINUX_HWMON_CRIT_ALARM,
  SONDEI_LINUX_HWMON_EMERGENCY_ALARM,
  SONDEI_LINUX_HWMON_ITEM_COUNT
};

struct sondei_linux_hwmon_name {
  sonde_sensor_kind kind;
  uint32_t number; /* temp12: 12 */
  enum sondei_linux_hwmon_item item;
};

/* A whole name; numbers have no zeros in front. False, and *out untouched: it is none of these. */
bool sondei_linux_hwmon_name_of(struct sondei_linux_hwmon_name *out, sondei_span name);

/* "temp", "fan" ... of one kind; the item's ending, "_input". Constants, never NULL. */
const char *sondei_linux_hwmon_prefix(sonde_sensor_kind kind);
const char *sondei_linux_hwmon_suffix(enum sondei_linux_hwmon_item item);

/* A file's number in the unit of the kind: the kernel has thousandths of degrees Celsius, volts, amperes and per cent,
 * millionths of watts and joules, and turns per minute. */
double sondei_linux_hwmon_value(sonde_sensor_kind kind, int64_t number);

/* Whether a chip of that name shows the thermal zone of that type: the kernel makes such chips, with _ for each dash;
 * and x86_pkg_temp is what coretemp tells of the package. */
bool sondei_linux_is_chip_of_zone(sondei_span chip, sondei_span zone);

/* "thermal_zone3" in /sys/class/thermal, "hwmon3": the number behind the prefix. False, and *out untouched: another
 * name. */
bool sondei_linux_numbered(uint32_t *out, sondei_span name, const char *prefix);

#endif /* SONDE_CORE_PARSE_LINUX_HWMON_H */
