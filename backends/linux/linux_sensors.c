/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_hwmon.h"
#include "core/parse/linux_power_supply.h"

#define HWMON "class/hwmon"
#define THERMAL "class/thermal"
#define POWER_SUPPLY "class/power_supply/"

enum {
  CHIP_PATH_SIZE = 64, /* for "class/thermal/thermal_zoneN/device" */
  FILE_NAME_SIZE = 48, /* for "trip_point_N_type", "humidityN_average" */
  FIRST_NUMBERS = 256
};

/* Whether a failure to read one file ends the call: else only what the file tells is missing. */
static bool sensors_is_fatal(struct sonde_env *env, sonde_status status) {
  return status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env));
}

/* Puts a, the number and b together. */
static void sensors_name(char *out, const char *a, uint32_t number, const char *b) {
  const size_t a_len = strlen(a);
  memcpy(out, a, a_len);
  const size_t len = a_len + sondei_linux_decimal(out + a_len, number);
  memcpy(out + len, b, strlen(b) + 1);
}

static sonde_status sensors_read_text(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                      const char *folder, const char *file) {
  const char *path = NULL;
  const sonde_status status = sondei_linux_path(env, state, &path, folder, "/", file, NULL);
  if (status != SONDE_OK) return status;
  return sondei_linux_read(env, state, out, sondei_linux_root(env->sysfs), path, LINUX_ONE_RECORD);
}

static sonde_status sensors_read_number(struct sonde_env *env, struct linux_state *state, int64_t *out,
                                        const char *folder, const char *file) {
  sondei_span text;
  const sonde_status status = sensors_read_text(env, state, &text, folder, file);
  if (status != SONDE_OK) return status;
  if (!sondei_span_whole_i64(text, out)) {
    const sondei_parse_error err = {0, "a number"};
    return sondei_linux_fail_parse(env, &err, sondei_linux_root(env->sysfs), state->path.data);
  }
  return SONDE_OK;
}

static sonde_status sensors_read_string(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                        sonde_string *out, const char *folder, const char *file) {
  const char *path = NULL;
  const sonde_status status = sondei_linux_path(env, state, &path, folder, "/", file, NULL);
  if (status != SONDE_OK) return status;
  return sondei_linux_read_string(env, state, fill, out, sondei_linux_root(env->sysfs), path);
}

/* The numbers N of all names "prefixN" in a directory, ascending, in state->chips. None when there is no directory. */
static sonde_status sensors_collect_numbers(struct sonde_env *env, struct linux_state *state, size_t *count,
                                            const char *path, const char *prefix) {
  *count = 0;
  struct linux_walk walk;
  sonde_status status = sonde_env_grow(env, &state->chips, FIRST_NUMBERS * sizeof(uint32_t));
  if (status != SONDE_OK) return status;
  status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) return !sensors_is_fatal(env, status) && sondei_linux_is_missing(env) ? SONDE_OK : status;
  for (;;) {
    const char *name = NULL;
    uint32_t number = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!sondei_linux_numbered(&number, sondei_span_text(name), prefix)) continue;
    status = sonde_env_grow(env, &state->chips, (*count + 1) * sizeof(uint32_t));
    if (status != SONDE_OK) break;
    uint32_t *const numbers = (void *)state->chips.data;
    size_t at = (*count)++;
    for (; at > 0 && numbers[at - 1] > number; at--) numbers[at] = numbers[at - 1];
    numbers[at] = number;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

/* ---- Chips of hwmon --------------------------------------------------------------------------------------------- */

/* A sensor of a chip: which files it has. */
struct sensors_input {
  sonde_sensor_kind kind;
  uint32_t number;
  uint32_t items; /* 1 << enum sondei_linux_hwmon_item */
};

static bool sensors_is_before(const struct sensors_input *a, const struct sensors_input *b) {
  return a->kind != b->kind ? a->kind < b->kind : a->number < b->number;
}

static sonde_status sensors_add_file(struct sonde_env *env, struct linux_state *state, size_t *count,
                                     const struct sondei_linux_hwmon_name *name) {
  const struct sensors_input wanted = {name->kind, name->number, UINT32_C(1) << name->item};
  const sonde_status status = sonde_env_grow(env, &state->inputs, (*count + 1) * sizeof wanted);
  if (status != SONDE_OK) return status;
  struct sensors_input *const inputs = (void *)state->inputs.data;
  size_t at = *count;
  while (at > 0 && sensors_is_before(&wanted, &inputs[at - 1])) at--;
  if (at > 0 && !sensors_is_before(&inputs[at - 1], &wanted)) {
    inputs[at - 1].items |= wanted.items;
    return SONDE_OK;
  }
  memmove(&inputs[at + 1], &inputs[at], (*count - at) * sizeof wanted);
  inputs[at] = wanted;
  (*count)++;
  return SONDE_OK;
}

/* The sensors whose files are in a chip's directory, by kind and number, in state->inputs. Reads no sensor. */
static sonde_status sensors_collect_inputs(struct sonde_env *env, struct linux_state *state, size_t *count,
                                           const char *path) {
  *count = 0;
  struct linux_walk walk;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), path);
  if (status != SONDE_OK) return !sensors_is_fatal(env, status) && sondei_linux_is_missing(env) ? SONDE_OK : status;
  while (status == SONDE_OK) {
    const char *name = NULL;
    struct sondei_linux_hwmon_name parsed;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (sondei_linux_hwmon_name_of(&parsed, sondei_span_text(name))) {
      status = sensors_add_file(env, state, count, &parsed);
    }
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static bool sensors_has(const struct sensors_input *input, enum sondei_linux_hwmon_item item) {
  return (input->items >> (unsigned)item & 1) != 0;
}

/* Reads one number of a sensor in its unit. */
static sonde_status sensors_read_item(struct sonde_env *env, struct linux_state *state, double *out, const char *folder,
                                      const struct sensors_input *input, enum sondei_linux_hwmon_item item) {
  char file[FILE_NAME_SIZE];
  int64_t number = 0;
  sensors_name(file, sondei_linux_hwmon_prefix(input->kind), input->number, sondei_linux_hwmon_suffix(item));
  const sonde_status status = sensors_read_number(env, state, &number, folder, file);
  if (status == SONDE_OK) *out = sondei_linux_hwmon_value(input->kind, number);
  return status;
}

static sonde_status sensors_fill_row(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     const char *folder, sonde_string chip, const struct sensors_input *input) {
  sonde_sensor *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->kind = input->kind;
  row->chip = chip;
  const struct {
    enum sondei_linux_hwmon_item item;
    uint64_t bit;
    double *value;
  } limits[] = {
      {SONDEI_LINUX_HWMON_MAX, SONDE_SENSOR_VALID_HIGH, &row->high},
      {SONDEI_LINUX_HWMON_CRIT, SONDE_SENSOR_VALID_CRITICAL, &row->critical},
      {SONDEI_LINUX_HWMON_MIN, SONDE_SENSOR_VALID_LOW, &row->low},
  };
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    if (!sensors_has(input, limits[i].item)) continue;
    const sonde_status status = sensors_read_item(env, state, limits[i].value, folder, input, limits[i].item);
    if (sensors_is_fatal(env, status)) return status;
    if (status == SONDE_OK) row->valid |= limits[i].bit;
  }
  if (sensors_has(input, SONDEI_LINUX_HWMON_LABEL)) {
    char file[FILE_NAME_SIZE];
    sensors_name(file, sondei_linux_hwmon_prefix(input->kind), input->number,
                 sondei_linux_hwmon_suffix(SONDEI_LINUX_HWMON_LABEL));
    const sonde_status status = sensors_read_string(env, state, out, &row->label, folder, file);
    if (sensors_is_fatal(env, status)) return status;
  }
  /* Last, so that why it failed is what is remembered. */
  const enum sondei_linux_hwmon_item item =
      sensors_has(input, SONDEI_LINUX_HWMON_INPUT) ? SONDEI_LINUX_HWMON_INPUT : SONDEI_LINUX_HWMON_AVERAGE;
  row->status = sensors_read_item(env, state, &row->current, folder, input, item);
  if (sensors_is_fatal(env, row->status)) return row->status;
  if (row->status == SONDE_OK) row->valid |= SONDE_SENSOR_VALID_CURRENT;
  return SONDE_OK;
}

static bool sensors_is_wanted(const struct sensors_input *input, uint32_t kinds) {
  return (input->kind & kinds) != 0 &&
         (sensors_has(input, SONDEI_LINUX_HWMON_INPUT) || sensors_has(input, SONDEI_LINUX_HWMON_AVERAGE));
}

/* One chip. *has_temperature becomes true when it has one, wanted or not. */
static sonde_status sensors_fill_chip(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      bool *has_temperature, uint32_t number, uint32_t kinds, const char *chip) {
  char folder[CHIP_PATH_SIZE];
  sonde_string name = {"", 0};
  sensors_name(folder, HWMON "/hwmon", number, "");
  sonde_status status = sensors_read_string(env, state, out, &name, folder, "name");
  if (status != SONDE_OK && !sensors_is_fatal(env, status)) {
    /* Before Linux 3.13 some drivers had all their files one level down. */
    status = sensors_read_string(env, state, out, &name, folder, "device/name");
  }
  if (sensors_is_fatal(env, status)) return status;
  const bool is_wanted = chip == NULL || sondei_span_equals(sondei_span_of(name.data, name.len), chip);
  if (!is_wanted && ((kinds & SONDE_SENSOR_TEMPERATURE) == 0 || *has_temperature)) return SONDE_OK;

  size_t count = 0;
  status = sensors_collect_inputs(env, state, &count, folder);
  if (status == SONDE_OK && count == 0) {
    sensors_name(folder, HWMON "/hwmon", number, "/device");
    status = sensors_collect_inputs(env, state, &count, folder);
  }
  if (status != SONDE_OK) return sensors_is_fatal(env, status) ? status : SONDE_OK;
  for (size_t i = 0; i < count; i++) {
    const struct sensors_input *const inputs = (const void *)state->inputs.data;
    if (sensors_is_wanted(&inputs[i], SONDE_SENSOR_TEMPERATURE)) *has_temperature = true;
    if (!is_wanted || !sensors_is_wanted(&inputs[i], kinds)) continue;
    status = sensors_fill_row(env, state, out, folder, name, &inputs[i]);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

/* ---- Thermal zones ---------------------------------------------------------------------------------------------- */

/* The temperatures at which the kernel reacts: "hot" and "critical" ones are the sensor's limits. */
static sonde_status sensors_fill_trip_points(struct sonde_env *env, struct linux_state *state, sonde_sensor *row,
                                             const char *folder) {
  for (uint32_t i = 0;; i++) {
    char file[FILE_NAME_SIZE];
    sondei_span type;
    sensors_name(file, "trip_point_", i, "_type");
    sonde_status status = sensors_read_text(env, state, &type, folder, file);
    if (status != SONDE_OK) return sensors_is_fatal(env, status) ? status : SONDE_OK;
    const bool is_critical = sondei_span_starts_with(type, "critical");
    if (!is_critical && !sondei_span_starts_with(type, "hot")) continue;
    int64_t number = 0;
    sensors_name(file, "trip_point_", i, "_temp");
    status = sensors_read_number(env, state, &number, folder, file);
    if (sensors_is_fatal(env, status)) return status;
    if (status != SONDE_OK) continue;
    *(is_critical ? &row->critical : &row->high) = sondei_linux_hwmon_value(SONDE_SENSOR_TEMPERATURE, number);
    row->valid |= is_critical ? SONDE_SENSOR_VALID_CRITICAL : SONDE_SENSOR_VALID_HIGH;
  }
}

static sonde_status sensors_fill_zone(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      uint32_t number, const char *chip) {
  char folder[CHIP_PATH_SIZE];
  sonde_string type = {"", 0};
  sensors_name(folder, THERMAL "/thermal_zone", number, "");
  sonde_status status = sensors_read_string(env, state, out, &type, folder, "type");
  if (sensors_is_fatal(env, status)) return status;
  if (chip != NULL && !sondei_span_equals(sondei_span_of(type.data, type.len), chip)) return SONDE_OK;
  sonde_sensor *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->kind = SONDE_SENSOR_TEMPERATURE;
  row->chip = type;
  status = sensors_fill_trip_points(env, state, row, folder);
  if (status != SONDE_OK) return status;
  int64_t value = 0;
  row->status = sensors_read_number(env, state, &value, folder, "temp");
  if (sensors_is_fatal(env, row->status)) return row->status;
  if (row->status != SONDE_OK) return SONDE_OK;
  row->current = sondei_linux_hwmon_value(SONDE_SENSOR_TEMPERATURE, value);
  row->valid |= SONDE_SENSOR_VALID_CURRENT;
  return SONDE_OK;
}

static sonde_status linux_sensor_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint32_t kinds,
                                      const char *chip) {
  struct linux_state *const state = opaque;
  bool has_temperature = false;
  size_t count = 0;
  sonde_status status = sensors_collect_numbers(env, state, &count, HWMON, "hwmon");
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const uint32_t *const numbers = (const void *)state->chips.data;
    status = sensors_fill_chip(env, state, out, &has_temperature, numbers[i], kinds, chip);
  }
  /* The zones are mostly the same sensors again: only where hwmon has none. */
  if (status != SONDE_OK || has_temperature || (kinds & SONDE_SENSOR_TEMPERATURE) == 0) return status;
  status = sensors_collect_numbers(env, state, &count, THERMAL, "thermal_zone");
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const uint32_t *const numbers = (const void *)state->chips.data;
    status = sensors_fill_zone(env, state, out, numbers[i], chip);
  }
  return status;
}

/* ---- Batteries -------------------------------------------------------------------------------------------------- */

/* What the kernel tells of a battery. Which of these there are is up to the driver: energies in millionths of
 * watt-hours or charges in millionths of ampere-hours. */
enum battery_item {
  ENERGY_NOW,
  ENERGY_FULL,
  ENERGY_DESIGN,
  CHARGE_NOW,
  CHARGE_FULL,
  CHARGE_DESIGN,
  CAPACITY,
  POWER_NOW,
  CURRENT_NOW,
  VOLTAGE_NOW,
  VOLTAGE_DESIGN,
  TIME_TO_EMPTY,
  CYCLES,
  NUM_BATTERY_ITEMS
};

struct battery_values {
  bool is_told[NUM_BATTERY_ITEMS];
  double value[NUM_BATTERY_ITEMS]; /* not negative: some drivers tell a current that flows out as one below 0 */
};

static sonde_status battery_read_values(struct sonde_env *env, struct linux_state *state, struct battery_values *out,
                                        const char *folder) {
  static const char *const files[NUM_BATTERY_ITEMS] = {
      [ENERGY_NOW] = "energy_now",
      [ENERGY_FULL] = "energy_full",
      [ENERGY_DESIGN] = "energy_full_design",
      [CHARGE_NOW] = "charge_now",
      [CHARGE_FULL] = "charge_full",
      [CHARGE_DESIGN] = "charge_full_design",
      [CAPACITY] = "capacity",
      [POWER_NOW] = "power_now",
      [CURRENT_NOW] = "current_now",
      [VOLTAGE_NOW] = "voltage_now",
      [VOLTAGE_DESIGN] = "voltage_min_design",
      [TIME_TO_EMPTY] = "time_to_empty_now",
      [CYCLES] = "cycle_count",
  };
  for (size_t i = 0; i < NUM_BATTERY_ITEMS; i++) {
    int64_t number = 0;
    const sonde_status status = sensors_read_number(env, state, &number, folder, files[i]);
    if (sensors_is_fatal(env, status)) return status;
    out->is_told[i] = status == SONDE_OK;
    out->value[i] = number < 0 ? -(double)number : (double)number;
    if (number < 0 && i != POWER_NOW && i != CURRENT_NOW) out->is_told[i] = false;
  }
  return SONDE_OK;
}

/* a / b, where both are told and b is not 0. */
static bool battery_divide(double *out, const struct battery_values *told, enum battery_item a, enum battery_item b) {
  if (!told->is_told[a] || !told->is_told[b] || told->value[b] <= 0) return false;
  *out = told->value[a] / told->value[b];
  return true;
}

static void battery_set_energy(sonde_battery *row, const struct battery_values *told) {
  const double *const value = told->value;
  if (told->is_told[ENERGY_NOW] && told->is_told[ENERGY_FULL]) {
    row->energy = value[ENERGY_NOW] / 1e6;
    row->energy_full = value[ENERGY_FULL] / 1e6;
    row->energy_design = told->is_told[ENERGY_DESIGN] ? value[ENERGY_DESIGN] / 1e6 : 0;
    row->valid |= SONDE_BATTERY_VALID_ENERGY;
    return;
  }
  const enum battery_item voltage = told->is_told[VOLTAGE_NOW] ? VOLTAGE_NOW : VOLTAGE_DESIGN;
  if (!told->is_told[voltage] || !told->is_told[CHARGE_NOW] || !told->is_told[CHARGE_FULL]) return;
  const double volts = value[voltage] / 1e6;
  row->energy = value[CHARGE_NOW] / 1e6 * volts;
  row->energy_full = value[CHARGE_FULL] / 1e6 * volts;
  row->energy_design = told->is_told[CHARGE_DESIGN] ? value[CHARGE_DESIGN] / 1e6 * volts : 0;
  row->valid |= SONDE_BATTERY_VALID_ENERGY;
}

static void battery_set_values(sonde_battery *row, const struct battery_values *told) {
  const double *const value = told->value;
  double ratio = 0;
  if (battery_divide(&ratio, told, ENERGY_NOW, ENERGY_FULL) || battery_divide(&ratio, told, CHARGE_NOW, CHARGE_FULL)) {
    row->percent = ratio < 1 ? ratio * 100 : 100;
    row->valid |= SONDE_BATTERY_VALID_PERCENT;
  } else if (told->is_told[CAPACITY]) {
    row->percent = value[CAPACITY] < 100 ? value[CAPACITY] : 100;
    row->valid |= SONDE_BATTERY_VALID_PERCENT;
  }
  battery_set_energy(row, told);
  if (told->is_told[VOLTAGE_NOW]) {
    row->voltage = value[VOLTAGE_NOW] / 1e6;
    row->valid |= SONDE_BATTERY_VALID_VOLTAGE;
  }
  if (told->is_told[POWER_NOW]) {
    row->power = value[POWER_NOW] / 1e6;
    row->valid |= SONDE_BATTERY_VALID_POWER;
  } else if (told->is_told[CURRENT_NOW] && told->is_told[VOLTAGE_NOW]) {
    row->power = value[CURRENT_NOW] / 1e6 * (value[VOLTAGE_NOW] / 1e6);
    row->valid |= SONDE_BATTERY_VALID_POWER;
  }
  if (told->is_told[CYCLES]) {
    row->cycles = (uint64_t)value[CYCLES];
    row->valid |= SONDE_BATTERY_VALID_CYCLES;
  }
  double hours = 0;
  bool has_time =
      battery_divide(&hours, told, ENERGY_NOW, POWER_NOW) || battery_divide(&hours, told, CHARGE_NOW, CURRENT_NOW);
  if (!has_time && told->is_told[TIME_TO_EMPTY]) {
    hours = value[TIME_TO_EMPTY] / 3600;
    has_time = true;
  }
  if (has_time && hours < 1e6) {
    row->time_left = (uint64_t)(hours * 3600 * (double)SONDE_NSEC_PER_SEC);
    row->valid |= SONDE_BATTERY_VALID_TIME_LEFT;
  }
}

/* Moves the last row to its place among the rows before it, which ascend by name. */
static void battery_sort_last(struct sonde_fill *out) {
  for (size_t i = sonde_fill_count(out); i > 1; i--) {
    sonde_battery *const lower = sonde_fill_at(out, i - 2);
    sonde_battery *const upper = sonde_fill_at(out, i - 1);
    if (strcmp(lower->name.data, upper->name.data) <= 0) return;
    const sonde_battery kept = *lower;
    *lower = *upper;
    *upper = kept;
  }
}

static sonde_status battery_fill_row(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     const char *folder, const char *name, sonde_status type_status) {
  sonde_battery *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  sonde_status status = sonde_fill_string(out, &row->name, name, strlen(name));
  if (status != SONDE_OK) return status;
  row->status = type_status;
  if (type_status == SONDE_OK) {
    sondei_span text;
    status = sensors_read_text(env, state, &text, folder, "status");
    if (sensors_is_fatal(env, status)) return status;
    if (status == SONDE_OK) row->state = sondei_linux_battery_state_of(text);
    struct battery_values told;
    status = battery_read_values(env, state, &told, folder);
    if (status != SONDE_OK) return status;
    battery_set_values(row, &told);
  }
  battery_sort_last(out);
  return SONDE_OK;
}

/* What the supplies that are no batteries say. */
struct battery_mains {
  bool is_told;
  bool is_online;
};

/* Whether a file holds 0; false as well when it cannot be read. */
static sonde_status battery_is_zero(struct sonde_env *env, struct linux_state *state, bool *out, const char *folder,
                                    const char *file) {
  int64_t number = 1;
  const sonde_status status = sensors_read_number(env, state, &number, folder, file);
  *out = status == SONDE_OK && number == 0;
  return sensors_is_fatal(env, status) ? status : SONDE_OK;
}

static sonde_status battery_read_supply(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                        struct battery_mains *mains, const char *folder, const char *name) {
  sondei_span text;
  const sonde_status type_status = sensors_read_text(env, state, &text, folder, "type");
  if (sensors_is_fatal(env, type_status)) return type_status;
  if (type_status != SONDE_OK) {
    /* It is gone, or tells nothing: then only its name says that it is a battery. */
    if (sondei_linux_is_missing(env) || !sondei_linux_is_battery_name(sondei_span_text(name))) return SONDE_OK;
    return battery_fill_row(env, state, out, folder, name, type_status);
  }
  const enum sondei_linux_supply supply = sondei_linux_supply_of(text);
  if (supply == SONDEI_LINUX_SUPPLY_OTHER) return SONDE_OK;
  sonde_status status = sensors_read_text(env, state, &text, folder, "scope");
  if (sensors_is_fatal(env, status)) return status;
  if (status == SONDE_OK && sondei_linux_is_device_scope(text)) return SONDE_OK;
  if (supply == SONDEI_LINUX_SUPPLY_MAINS) {
    int64_t online = 0;
    status = sensors_read_number(env, state, &online, folder, "online");
    if (sensors_is_fatal(env, status)) return status;
    if (status == SONDE_OK) mains->is_told = true;
    if (online > 0) mains->is_online = true;
    return SONDE_OK;
  }
  bool is_absent = false; /* an empty bay */
  status = battery_is_zero(env, state, &is_absent, folder, "present");
  if (status != SONDE_OK || is_absent) return status;
  return battery_fill_row(env, state, out, folder, name, SONDE_OK);
}

static void battery_set_plugged(sonde_battery *row, const struct battery_mains *mains) {
  if (row->status != SONDE_OK) return;
  if (mains->is_told) {
    row->power_plugged = mains->is_online;
  } else if (row->state != SONDE_BATTERY_UNKNOWN) {
    row->power_plugged = row->state != SONDE_BATTERY_DISCHARGING;
  } else {
    return;
  }
  row->valid |= SONDE_BATTERY_VALID_POWER_PLUGGED;
  if (!row->power_plugged) return;
  row->time_left = SONDE_UNLIMITED;
  row->valid |= SONDE_BATTERY_VALID_TIME_LEFT;
}

static sonde_status linux_battery_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_walk walk;
  struct battery_mains mains = {false, false};
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), POWER_SUPPLY);
  if (status != SONDE_OK) return !sensors_is_fatal(env, status) && sondei_linux_is_missing(env) ? SONDE_OK : status;
  while (status == SONDE_OK) {
    const char *name = NULL;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    const size_t name_len = strlen(name);
    status = sonde_env_grow(env, &state->inputs, sizeof POWER_SUPPLY + name_len);
    if (status != SONDE_OK) break;
    memcpy(state->inputs.data, POWER_SUPPLY, sizeof POWER_SUPPLY - 1);
    memcpy(state->inputs.data + sizeof POWER_SUPPLY - 1, name, name_len + 1);
    status = battery_read_supply(env, state, out, &mains, state->inputs.data, name);
  }
  sondei_linux_walk_close(state, &walk);
  for (size_t i = 0; status == SONDE_OK && i < sonde_fill_count(out); i++) {
    battery_set_plugged(sonde_fill_at(out, i), &mains);
  }
  return status;
}

const struct sonde_sensor_ops sondei_linux_sensor_ops = {
    .sensor_list = linux_sensor_list,
    .battery_list = linux_battery_list,
};
