/* SPDX-License-Identifier: MIT */
/* The battery. Of temperatures and fans Windows tells only through WMI, which is not asked. */
#include "backends/windows/windows_backend.h" /* first */

#include "backends/windows/windows_error.h"

enum {
  WINDOWS_NO_BATTERY = 128, /* in BatteryFlag; but all bits are set where nothing is known */
  WINDOWS_CHARGING = 8,
  WINDOWS_UNKNOWN = 255,
  WINDOWS_AC_OFFLINE = 0,
  WINDOWS_AC_ONLINE = 1
};

static sonde_battery_state windows_battery_state(const SYSTEM_POWER_STATUS *told) {
  if (told->BatteryFlag != WINDOWS_UNKNOWN && (told->BatteryFlag & WINDOWS_CHARGING) != 0) {
    return SONDE_BATTERY_CHARGING;
  }
  if (told->ACLineStatus == WINDOWS_AC_OFFLINE) return SONDE_BATTERY_DISCHARGING;
  if (told->ACLineStatus != WINDOWS_AC_ONLINE || told->BatteryFlag == WINDOWS_UNKNOWN) return SONDE_BATTERY_UNKNOWN;
  return told->BatteryLifePercent == 100 ? SONDE_BATTERY_FULL : SONDE_BATTERY_NOT_CHARGING;
}

/* In milliwatts, below 0 while it is drained. 0 is what a battery says that does not know. */
static void windows_set_power(struct sonde_env *env, const struct windows_state *state, sonde_battery *row) {
  SYSTEM_BATTERY_STATE told = {0};
  const NTSTATUS code = state->os->NtPowerInformation(SystemBatteryState, NULL, 0, &told, sizeof told);
  if (code != STATUS_SUCCESS) {
    (void)sondei_windows_nt_fail(env, code, "NtPowerInformation", "SystemBatteryState");
    return;
  }
  const int64_t rate = (LONG)told.Rate;
  if (!told.BatteryPresent || rate == 0 || rate == INT32_MIN) return;
  row->power = (double)(rate < 0 ? -rate : rate) / 1000.0;
  row->valid |= SONDE_BATTERY_VALID_POWER;
}

static sonde_status windows_battery_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  const struct windows_state *const state = opaque;
  SYSTEM_POWER_STATUS told = {0};
  if (!state->os->GetSystemPowerStatus(&told)) {
    return sondei_windows_fail(env, GetLastError(), "GetSystemPowerStatus", "");
  }
  const bool is_percent_known = told.BatteryLifePercent <= 100;
  if (told.BatteryFlag == WINDOWS_UNKNOWN ? !is_percent_known : (told.BatteryFlag & WINDOWS_NO_BATTERY) != 0) {
    return SONDE_OK; /* nothing says that there is one */
  }
  sonde_battery *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->state = windows_battery_state(&told);
  if (is_percent_known) {
    row->percent = told.BatteryLifePercent;
    row->valid |= SONDE_BATTERY_VALID_PERCENT;
  }
  if (told.ACLineStatus == WINDOWS_AC_OFFLINE || told.ACLineStatus == WINDOWS_AC_ONLINE) {
    row->power_plugged = told.ACLineStatus == WINDOWS_AC_ONLINE;
    row->valid |= SONDE_BATTERY_VALID_POWER_PLUGGED;
  }
  if (row->power_plugged) {
    row->time_left = SONDE_UNLIMITED;
    row->valid |= SONDE_BATTERY_VALID_TIME_LEFT;
  } else if (told.BatteryLifeTime != UINT32_MAX) {
    row->time_left = told.BatteryLifeTime * SONDE_NSEC_PER_SEC;
    row->valid |= SONDE_BATTERY_VALID_TIME_LEFT;
  }
  windows_set_power(env, state, row);
  return SONDE_OK;
}

const struct sonde_sensor_ops sondei_windows_sensor_ops = {
    .battery_list = windows_battery_list,
};
