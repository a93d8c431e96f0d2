// SPDX-License-Identifier: MIT
#include "backends/windows/windows_os.h"  // first

#include <gtest/gtest.h>
#include <sonde/sonde.h>
#include <sonde/sonde_backend.h>

#include "tests/support/allocator.h"
#include "tests/support/context.h"

namespace {

using sonde_test::Allocator;
using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;

SYSTEM_POWER_STATUS g_status;
DWORD g_status_code;
SYSTEM_BATTERY_STATE g_battery;
NTSTATUS g_battery_code;

BOOL WINAPI FakeGetSystemPowerStatus(SYSTEM_POWER_STATUS *out) {
  SetLastError(g_status_code);
  if (g_status_code != ERROR_SUCCESS) return FALSE;
  *out = g_status;
  return TRUE;
}

NTSTATUS NTAPI FakeNtPowerInformation(POWER_INFORMATION_LEVEL kind, void *, ULONG, void *out, ULONG size) {
  EXPECT_EQ(kind, SystemBatteryState);
  EXPECT_EQ(size, sizeof g_battery);
  if (g_battery_code == STATUS_SUCCESS) *static_cast<SYSTEM_BATTERY_STATE *>(out) = g_battery;
  return g_battery_code;
}

class WindowsSensors : public testing::Test {
 protected:
  WindowsSensors() {
    g_status = {};
    g_status_code = ERROR_SUCCESS;
    g_battery = {};
    g_battery_code = STATUS_SUCCESS;
    os_ = sondei_windows_os;
    os_.GetSystemPowerStatus = FakeGetSystemPowerStatus;
    os_.NtPowerInformation = FakeNtPowerInformation;
    options_.os_override = &override_;
  }
  windows_os os_;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = {};
};

TEST_F(WindowsSensors, EveryState) {
  constexpr uint64_t kPercent = SONDE_BATTERY_VALID_PERCENT, kTime = SONDE_BATTERY_VALID_TIME_LEFT,
                     kPlugged = SONDE_BATTERY_VALID_POWER_PLUGGED;
  constexpr DWORD kUnknown = 0xffffffff;
  const struct {
    const char *origin;
    BYTE ac, flag, percent;
    DWORD time;
    bool has_row;
    uint64_t valid;
    sonde_battery_state state;
    double shown;
    uint64_t time_left;
    bool plugged;
  } rows[] = {
      {"no battery", 1, 128, 255, kUnknown, false, 0, SONDE_BATTERY_UNKNOWN, 0, 0, false},
      {"nothing is known", 255, 255, 255, kUnknown, false, 0, SONDE_BATTERY_UNKNOWN, 0, 0, false},
      {"full", 1, 1, 100, kUnknown, true, kPercent | kTime | kPlugged, SONDE_BATTERY_FULL, 100, SONDE_UNLIMITED, true},
      {"charging", 1, 8, 50, kUnknown, true, kPercent | kTime | kPlugged, SONDE_BATTERY_CHARGING, 50, SONDE_UNLIMITED,
       true},
      {"charging, and low", 1, 10, 5, kUnknown, true, kPercent | kTime | kPlugged, SONDE_BATTERY_CHARGING, 5,
       SONDE_UNLIMITED, true},
      {"charging is held back", 1, 0, 80, kUnknown, true, kPercent | kTime | kPlugged, SONDE_BATTERY_NOT_CHARGING, 80,
       SONDE_UNLIMITED, true},
      {"discharging", 0, 0, 60, 7200, true, kPercent | kTime | kPlugged, SONDE_BATTERY_DISCHARGING, 60,
       7200 * SONDE_NSEC_PER_SEC, false},
      {"critical", 0, 4, 0, 0, true, kPercent | kTime | kPlugged, SONDE_BATTERY_DISCHARGING, 0, 0, false},
      {"just unplugged: time unknown", 0, 1, 99, kUnknown, true, kPercent | kPlugged, SONDE_BATTERY_DISCHARGING, 99, 0,
       false},
      {"time that 32 bits of nanoseconds do not hold", 0, 1, 99, 4000000000u, true, kPercent | kTime | kPlugged,
       SONDE_BATTERY_DISCHARGING, 99, 4000000000 * SONDE_NSEC_PER_SEC, false},
      {"a percentage of 255", 0, 1, 255, 60, true, kTime | kPlugged, SONDE_BATTERY_DISCHARGING, 0,
       60 * SONDE_NSEC_PER_SEC, false},
      {"a percentage of 101", 0, 1, 101, kUnknown, true, kPlugged, SONDE_BATTERY_DISCHARGING, 0, 0, false},
      {"mains unknown", 255, 1, 70, kUnknown, true, kPercent, SONDE_BATTERY_UNKNOWN, 70, 0, false},
      {"flag unknown, the rest not", 1, 255, 70, kUnknown, true, kPercent | kTime | kPlugged, SONDE_BATTERY_UNKNOWN, 70,
       SONDE_UNLIMITED, true},
      {"flag unknown, on battery", 0, 255, 70, 60, true, kPercent | kTime | kPlugged, SONDE_BATTERY_DISCHARGING, 70,
       60 * SONDE_NSEC_PER_SEC, false},
  };
  const Context context(&options_);
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    g_status = {};
    g_status.ACLineStatus = row.ac;
    g_status.BatteryFlag = row.flag;
    g_status.BatteryLifePercent = row.percent;
    g_status.BatteryLifeTime = row.time;
    List<sonde_battery_list> list;
    ASSERT_EQ(sonde_battery_list_get(context, &list), SONDE_OK) << context.error();
    ASSERT_EQ(list.count, row.has_row ? 1u : 0u);
    if (!row.has_row) continue;
    EXPECT_EQ(list[0].status, SONDE_OK);
    EXPECT_EQ(list[0].valid, row.valid);
    EXPECT_EQ(list[0].state, row.state);
    EXPECT_EQ(list[0].percent, row.shown);
    EXPECT_EQ(list[0].time_left, row.time_left);
    EXPECT_EQ(list[0].power_plugged, row.plugged);
    EXPECT_EQ(text(list[0].name), "");
  }
}

TEST_F(WindowsSensors, Power) {
  const struct {
    const char *origin;
    NTSTATUS code;
    BOOLEAN present;
    DWORD rate;
    bool is_told;
    double power;
  } rows[] = {
      {"drained by 12.5 W", STATUS_SUCCESS, TRUE, static_cast<DWORD>(-12500), true, 12.5},
      {"charged by 30 W", STATUS_SUCCESS, TRUE, 30000, true, 30},
      {"no rate", STATUS_SUCCESS, TRUE, 0, false, 0},
      {"unknown rate", STATUS_SUCCESS, TRUE, 0x80000000, false, 0},
      {"no battery after all", STATUS_SUCCESS, FALSE, 30000, false, 0},
      {"refused", STATUS_ACCESS_DENIED, TRUE, 30000, false, 0},
      {"not there", STATUS_NOT_IMPLEMENTED, TRUE, 30000, false, 0},
  };
  g_status.BatteryLifePercent = 50;
  const Context context(&options_);
  for (const auto &row : rows) {
    SCOPED_TRACE(row.origin);
    g_battery_code = row.code;
    g_battery.BatteryPresent = row.present;
    g_battery.Rate = row.rate;
    List<sonde_battery_list> list;
    ASSERT_EQ(sonde_battery_list_get(context, &list), SONDE_OK) << context.error();
    ASSERT_EQ(list.count, 1u);
    EXPECT_EQ((list[0].valid & SONDE_BATTERY_VALID_POWER) != 0, row.is_told);
    EXPECT_EQ(list[0].power, row.power);
  }
}

TEST_F(WindowsSensors, CallsThatFail) {
  const Context context(&options_);
  List<sonde_battery_list> list;
  g_status_code = ERROR_ACCESS_DENIED;
  EXPECT_EQ(sonde_battery_list_get(context, &list), SONDE_ERR_ACCESS);
  EXPECT_EQ(context.error(), "SONDE_ERR_ACCESS: GetSystemPowerStatus: ERROR_ACCESS_DENIED (not permitted)");
  g_status_code = ERROR_SUCCESS;
  Allocator allocator;
  options_.allocator = allocator.hooks();
  const Context poor(&options_);
  List<sonde_battery_list> none;
  allocator.fail(2);  // the first is for the list
  EXPECT_EQ(sonde_battery_list_get(poor, &none), SONDE_ERR_NO_MEMORY);
  allocator.fail(0);
}

TEST_F(WindowsSensors, OfTemperaturesNothingIsTold) {
  const Context context;
  List<sonde_sensor_list> list;
  EXPECT_EQ(sonde_sensor_list_get(context, &list, SONDE_SENSOR_ALL, nullptr), SONDE_ERR_UNSUPPORTED);
  EXPECT_FALSE(sonde_supports(context, SONDE_CAP_SENSORS));
}

TEST(WindowsSensorsHere, TheBatteryIsThatOfThePowerStatus) {
  const Context context;
  List<sonde_battery_list> list;
  SYSTEM_POWER_STATUS told = {};
  ASSERT_TRUE(GetSystemPowerStatus(&told));
  ASSERT_EQ(sonde_battery_list_get(context, &list), SONDE_OK) << context.error();
  if (told.BatteryFlag == 128 || (told.BatteryFlag == 255 && told.BatteryLifePercent == 255)) {
    EXPECT_EQ(list.count, 0u);
    return;
  }
  ASSERT_EQ(list.count, 1u);
  EXPECT_NEAR(list[0].percent, told.BatteryLifePercent, 1);
}

}  // namespace
