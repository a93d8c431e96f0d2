// SPDX-License-Identifier: MIT
extern "C" {
#include "core/parse/linux_power_supply.h"
}

#include <gtest/gtest.h>

namespace {

TEST(LinuxPowerSupply, Types) {
  const struct {
    const char *text;
    enum sondei_linux_supply expected;
  } rows[] = {
      {"Battery\n", SONDEI_LINUX_SUPPLY_BATTERY},
      {"Mains\n", SONDEI_LINUX_SUPPLY_MAINS},
      {"USB\n", SONDEI_LINUX_SUPPLY_MAINS},
      {"USB_PD\n", SONDEI_LINUX_SUPPLY_MAINS},
      {"Wireless\n", SONDEI_LINUX_SUPPLY_MAINS},
      {"UPS\n", SONDEI_LINUX_SUPPLY_OTHER},
      {"Unknown\n", SONDEI_LINUX_SUPPLY_OTHER},
      {"Batteryx\n", SONDEI_LINUX_SUPPLY_OTHER},
      {"\xff", SONDEI_LINUX_SUPPLY_OTHER},
      {"Batt", SONDEI_LINUX_SUPPLY_OTHER},
      {"", SONDEI_LINUX_SUPPLY_OTHER},
  };
  for (const auto &row : rows) EXPECT_EQ(sondei_linux_supply_of(sondei_span_text(row.text)), row.expected) << row.text;
}

TEST(LinuxPowerSupply, States) {
  const struct {
    const char *text;
    sonde_battery_state expected;
  } rows[] = {
      {"Charging\n", SONDE_BATTERY_CHARGING},
      {"Discharging\n", SONDE_BATTERY_DISCHARGING},
      {"Not charging\n", SONDE_BATTERY_NOT_CHARGING},
      {"Full\n", SONDE_BATTERY_FULL},
      {"Unknown\n", SONDE_BATTERY_UNKNOWN},
      {"Full and then some text that nobody knows\n", SONDE_BATTERY_UNKNOWN},  // htop 4329f542
      {" Full \nmore", SONDE_BATTERY_FULL},
      {"\xff\xfe", SONDE_BATTERY_UNKNOWN},
      {"Chargin", SONDE_BATTERY_UNKNOWN},
      {"", SONDE_BATTERY_UNKNOWN},
  };
  for (const auto &row : rows) {
    EXPECT_EQ(sondei_linux_battery_state_of(sondei_span_text(row.text)), row.expected) << row.text;
  }
}

TEST(LinuxPowerSupply, Scopes) {
  EXPECT_TRUE(sondei_linux_is_device_scope(sondei_span_text("Device\n")));
  for (const char *other : {"System\n", "Unknown\n", "Devic", "\xff", ""}) {
    EXPECT_FALSE(sondei_linux_is_device_scope(sondei_span_text(other))) << other;
  }
}

TEST(LinuxPowerSupply, Names) {
  for (const char *name : {"BAT0", "BATT", "battery", "cw2015-battery", "max170xx_battery", "battery_1"}) {
    EXPECT_TRUE(sondei_linux_is_battery_name(sondei_span_text(name))) << name;
  }
  for (const char *name : {"AC", "usb", "batter", "CMB0", "B", "\xff", ""}) {
    EXPECT_FALSE(sondei_linux_is_battery_name(sondei_span_text(name))) << name;
  }
}

}  // namespace
