// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_hwmon.h"
}

#include <gtest/gtest.h>

#include <string>

namespace {

std::string Parse(const std::string &name) {
  struct sondei_linux_hwmon_name out = {SONDE_SENSOR_ALL, 4711, SONDEI_LINUX_HWMON_ITEM_COUNT};
  if (!sondei_linux_hwmon_name_of(&out, sondei_span_of(name.data(), name.size()))) {
    EXPECT_EQ(out.number, 4711u) << name;
    return "";
  }
  return std::to_string(out.kind) + " " + std::to_string(out.number) + " " + std::to_string(out.item);
}

TEST(LinuxHwmon, Names) {
  const struct {
    const char *origin, *name, *expected;
  } rows[] = {
      {"coretemp", "temp1_input", "1 1 0"},
      {"coretemp", "temp12_crit", "1 12 3"},
      {"a fan", "fan2_min", "2 2 4"},
      {"numbers may begin at 0", "in0_input", "4 0 0"},
      {"a current", "curr1_max", "8 1 2"},
      {"power, averaged", "power1_average", "16 1 1"},
      {"energy", "energy1_input", "32 1 0"},
      {"humidity", "humidity1_label", "64 1 5"},
      {"only power is averaged", "temp1_average", ""},
      {"critically low", "in3_lcrit", "4 3 6"},
      {"a sensor that knows that it is broken", "temp2_fault", "1 2 7"},
      {"a sensor that can be switched off", "curr1_enable", "8 1 8"},
      {"alarms", "temp1_alarm", "1 1 9"},
      {"alarms", "fan1_min_alarm", "2 1 10"},
      {"alarms", "in0_max_alarm", "4 0 11"},
      {"alarms", "in0_lcrit_alarm", "4 0 12"},
      {"alarms", "temp1_crit_alarm", "1 1 13"},
      {"alarms", "temp1_emergency_alarm", "1 1 14"},
      {"not an alarm: whether it beeps", "temp1_beep", ""},
      {"a hysteresis", "temp1_crit_hyst", ""},
      {"an interval", "power1_average_interval", ""},
      {"intrusion is no voltage", "intrusion0_alarm", ""},
      {"a fan's drive", "pwm1", ""},
      {"no number", "temp_input", ""},
      {"a zero in front", "temp01_input", ""},
      {"a number that does not fit", "temp4294967296_input", ""},
      {"the largest", "temp4294967295_input", "1 4294967295 0"},
      {"another file", "name", ""},
      {"garbage", "\xff\x01", ""},
      {"truncated", "temp1_inpu", ""},
      {"truncated", "temp1", ""},
      {"empty", "", ""},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(Parse(row.name), row.expected) << row.origin << ": " << row.name;
    if (*row.expected == '\0') continue;
    // The name can be made again.
    struct sondei_linux_hwmon_name out = {};
    ASSERT_TRUE(sondei_linux_hwmon_name_of(&out, sondei_span_text(row.name)));
    EXPECT_EQ(sondei_linux_hwmon_prefix(out.kind) + std::to_string(out.number) + sondei_linux_hwmon_suffix(out.item),
              row.name);
  }
}

TEST(LinuxHwmon, Values) {
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_TEMPERATURE, -5500), -5.5);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_FAN, 1200), 1200);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_VOLTAGE, 3312), 3.312);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_CURRENT, 250), 0.25);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_POWER, 12500000), 12.5);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_ENERGY, 1500000), 1.5);
  EXPECT_DOUBLE_EQ(sondei_linux_hwmon_value(SONDE_SENSOR_HUMIDITY, 45600), 45.6);
}

TEST(LinuxHwmon, Numbered) {
  uint32_t out = 4711;
  EXPECT_TRUE(sondei_linux_numbered(&out, sondei_span_text("hwmon10"), "hwmon"));
  EXPECT_EQ(out, 10u);
  for (const char *other : {"hwmon", "hwmon1x", "hwmon01", "xhwmon1", "", "hwmon4294967296"}) {
    out = 4711;
    EXPECT_FALSE(sondei_linux_numbered(&out, sondei_span_text(other), "hwmon")) << other;
    EXPECT_EQ(out, 4711u) << other;
  }
}

TEST(LinuxHwmon, ChipsOfThermalZones) {
  const struct {
    const char *chip, *zone;
    bool expected;
  } rows[] = {
      {"acpitz", "acpitz", true},
      {"cpu_thermal", "cpu-thermal", true},
      {"cpu-thermal", "cpu-thermal", false},
      {"coretemp", "x86_pkg_temp", true},
      {"coretemp", "acpitz", false},
      {"acpitz", "acpitz0", false},
      {"iwlwifi_1", "iwlwifi_1", true},
      {"", "", true},
      {"", "x", false},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(sondei_linux_is_chip_of_zone(sondei_span_text(row.chip), sondei_span_text(row.zone)), row.expected)
        << row.chip << " " << row.zone;
  }
}

}  // namespace
