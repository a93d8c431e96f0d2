/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_hwmon.h"
#include "core/parse/linux_power_supply.h"
#include "core/parse/linux_powercap.h"

#define HWMON "class/hwmon"
#define THERMAL "class/thermal"
#define POWERCAP "class/powercap/"
#define POWER_SUPPLY "class/power_supply/"
#define CHIP_NS_MAX (5 * SONDE_NSEC_PER_SEC) /* for all sensors of a chip */

enum {
  CHIP_PATH_SIZE = 64, /* for "class/thermal/thermal_zoneN/device" */
  FILE_NAME_SIZE = 48  /* for "trip_point_N_type", "humidityN_average" */
};

/* Whether a failure to read one file ends the call: else only what the file tells is missing. */
static bool sensors_is_fatal(struct sonde_env *env, sonde_status status) {
  return status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env));
}

/* A directory could not be opened: SONDE_OK where the kernel has no such class, and so nothing to tell; but a kernel
 * without any class at all is one whose sysfs is not mounted there. Of another machine no more need be recorded. */
static sonde_status sensors_missing(struct sonde_env *env, struct linux_state *state, sonde_status status) {
  struct linux_place classes = {-1, ""};
  if (sensors_is_fatal(env, status) || !sondei_linux_is_missing(env)) return status;
  if (!env->live) return SONDE_OK;
  status = sondei_linux_open_place(env, state, &classes, sondei_linux_root(env->sysfs), "class");
  sondei_linux_close_place(state, &classes);
  return status;
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
  if (status != SONDE_OK) return sensors_missing(env, state, status);
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

static sonde_status sensors_fill_limits(struct sonde_env *env, struct linux_state *state, sonde_sensor *row,
                                        const char *folder, const struct sensors_input *input) {
  const struct {
    enum sondei_linux_hwmon_item item;
    uint64_t bit;
    double *value;
  } limits[] = {
      {SONDEI_LINUX_HWMON_MAX, SONDE_SENSOR_VALID_HIGH, &row->high},
      {SONDEI_LINUX_HWMON_CRIT, SONDE_SENSOR_VALID_CRITICAL, &row->critical},
      {SONDEI_LINUX_HWMON_MIN, SONDE_SENSOR_VALID_LOW, &row->low},
      {SONDEI_LINUX_HWMON_LCRIT, SONDE_SENSOR_VALID_LOW_CRITICAL, &row->low_critical},
  };
  for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
    if (!sensors_has(input, limits[i].item)) continue;
    const sonde_status status = sensors_read_item(env, state, limits[i].value, folder, input, limits[i].item);
    if (sensors_is_fatal(env, status)) return status;
    if (status == SONDE_OK) row->valid |= limits[i].bit;
  }
  return SONDE_OK;
}

/* A file that holds 0 or 1; *is_told: it is there and can be read. */
static sonde_status sensors_read_flag(struct sonde_env *env, struct linux_state *state, bool *is_told, bool *is_set,
                                      const char *folder, const struct sensors_input *input,
                                      enum sondei_linux_hwmon_item item) {
  char file[FILE_NAME_SIZE];
  int64_t number = 0;
  *is_told = false;
  *is_set = false;
  if (!sensors_has(input, item)) return SONDE_OK;
  sensors_name(file, sondei_linux_hwmon_prefix(input->kind), input->number, sondei_linux_hwmon_suffix(item));
  const sonde_status status = sensors_read_number(env, state, &number, folder, file);
  if (sensors_is_fatal(env, status)) return status;
  *is_told = status == SONDE_OK;
  *is_set = *is_told && number != 0;
  return SONDE_OK;
}

static sonde_status sensors_fill_alarm(struct sonde_env *env, struct linux_state *state, sonde_sensor *row,
                                       const char *folder, const struct sensors_input *input) {
  for (int item = SONDEI_LINUX_HWMON_ALARM; item < SONDEI_LINUX_HWMON_ITEM_COUNT; item++) {
    bool is_told = false;
    bool is_set = false;
    const sonde_status status =
        sensors_read_flag(env, state, &is_told, &is_set, folder, input, (enum sondei_linux_hwmon_item)item);
    if (status != SONDE_OK) return status;
    if (is_told) row->valid |= SONDE_SENSOR_VALID_ALARM;
    row->alarm = row->alarm || is_set;
  }
  return SONDE_OK;
}

/* Why a row tells no current value, other than that its file could not be read. */
static sonde_status sensors_fail_row(struct sonde_env *env, struct linux_state *state, sonde_status status,
                                     const char *why, const char *folder, const struct sensors_input *input,
                                     enum sondei_linux_hwmon_item item) {
  char file[FILE_NAME_SIZE];
  const char *path = NULL;
  sensors_name(file, sondei_linux_hwmon_prefix(input->kind), input->number, sondei_linux_hwmon_suffix(item));
  const sonde_status made = sondei_linux_path(env, state, &path, env->sysfs, "/", folder, "/");
  if (made != SONDE_OK) return made;
  const size_t folder_len = strlen(path);
  const sonde_status grown = sonde_env_grow(env, &state->path, folder_len + sizeof file);
  if (grown != SONDE_OK) return grown;
  memcpy(state->path.data + folder_len, file, strlen(file) + 1);
  return sonde_env_fail(env, status, 0, NULL, why, state->path.data, strlen(state->path.data));
}

/* The value, after what says whether it means anything. */
static sonde_status sensors_fill_current(struct sonde_env *env, struct linux_state *state, sonde_sensor *row,
                                         const char *folder, const struct sensors_input *input) {
  bool is_told = false;
  bool is_set = false;
  sonde_status status = sensors_read_flag(env, state, &is_told, &is_set, folder, input, SONDEI_LINUX_HWMON_ENABLE);
  if (status != SONDE_OK) return status;
  if (is_told && !is_set) {
    row->status =
        sensors_fail_row(env, state, SONDE_ERR_UNSUPPORTED, "switched off", folder, input, SONDEI_LINUX_HWMON_ENABLE);
    return row->status == SONDE_ERR_NO_MEMORY ? row->status : SONDE_OK;
  }
  status = sensors_read_flag(env, state, &is_told, &is_set, folder, input, SONDEI_LINUX_HWMON_FAULT);
  if (status != SONDE_OK) return status;
  if (is_set) {
    row->status = sensors_fail_row(env, state, SONDE_ERR_OS, "faulty", folder, input, SONDEI_LINUX_HWMON_FAULT);
    return row->status == SONDE_ERR_NO_MEMORY ? row->status : SONDE_OK;
  }
  const enum sondei_linux_hwmon_item item =
      sensors_has(input, SONDEI_LINUX_HWMON_INPUT) ? SONDEI_LINUX_HWMON_INPUT : SONDEI_LINUX_HWMON_AVERAGE;
  row->status = sensors_read_item(env, state, &row->current, folder, input, item);
  if (sensors_is_fatal(env, row->status)) return row->status;
  if (row->status == SONDE_OK) row->valid |= SONDE_SENSOR_VALID_CURRENT;
  return SONDE_OK;
}

static sonde_status sensors_fill_row(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                     const char *folder, sonde_string chip, const struct sensors_input *input,
                                     bool is_too_late) {
  sonde_sensor *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->kind = input->kind;
  row->chip = chip;
  if (is_too_late) {
    row->status = sensors_fail_row(env, state, SONDE_ERR_TIMEOUT, "read", folder, input, SONDEI_LINUX_HWMON_INPUT);
    return row->status == SONDE_ERR_NO_MEMORY ? row->status : SONDE_OK;
  }
  sonde_status status = sensors_fill_limits(env, state, row, folder, input);
  if (status != SONDE_OK) return status;
  if (sensors_has(input, SONDEI_LINUX_HWMON_LABEL)) {
    char file[FILE_NAME_SIZE];
    sensors_name(file, sondei_linux_hwmon_prefix(input->kind), input->number,
                 sondei_linux_hwmon_suffix(SONDEI_LINUX_HWMON_LABEL));
    status = sensors_read_string(env, state, out, &row->label, folder, file);
    if (sensors_is_fatal(env, status)) return status;
  }
  status = sensors_fill_alarm(env, state, row, folder, input);
  /* Last, so that why it failed is what is remembered. */
  return status == SONDE_OK ? sensors_fill_current(env, state, row, folder, input) : status;
}

static bool sensors_is_wanted(const struct sensors_input *input, uint32_t kinds) {
  return (input->kind & kinds) != 0 &&
         (sensors_has(input, SONDEI_LINUX_HWMON_INPUT) || sensors_has(input, SONDEI_LINUX_HWMON_AVERAGE));
}

static uint64_t sensors_now(const struct linux_state *state) {
  struct timespec now = {0, 0};
  if (state->os->clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 0;
  return (uint64_t)now.tv_sec * SONDE_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

/* What the caller asked for, and what of it the chips have shown. */
struct sensors_call {
  uint32_t kinds;
  const char *chip; /* NULL: any */
  size_t names_len; /* of the names in state->names: chips that have a temperature, with a NUL behind each */
};

static bool sensors_is_chip_wanted(const struct sensors_call *call, sondei_span name) {
  return call->chip == NULL || sondei_span_equals(name, call->chip);
}

/* Remembers that a chip has a temperature. */
static sonde_status sensors_note_chip(struct sonde_env *env, struct linux_state *state, struct sensors_call *call,
                                      sonde_string name) {
  const sonde_status status = sonde_env_grow(env, &state->names, call->names_len + name.len + 1);
  if (status != SONDE_OK) return status;
  memcpy(state->names.data + call->names_len, name.data, name.len + 1);
  call->names_len += name.len + 1;
  return SONDE_OK;
}

static sonde_status sensors_fill_chip(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      struct sensors_call *call, uint32_t number) {
  char folder[CHIP_PATH_SIZE];
  sonde_string name = {"", 0};
  sensors_name(folder, HWMON "/hwmon", number, "");
  sonde_status status = sensors_read_string(env, state, out, &name, folder, "name");
  if (status != SONDE_OK && !sensors_is_fatal(env, status)) {
    /* Before Linux 3.13 some drivers had all their files one level down. */
    status = sensors_read_string(env, state, out, &name, folder, "device/name");
  }
  if (sensors_is_fatal(env, status)) return status;
  const sondei_span name_span = sondei_span_of(name.data, name.len);
  const bool is_wanted = sensors_is_chip_wanted(call, name_span);
  /* Another chip matters only where it shows the zone that is asked for. */
  if (!is_wanted && !sondei_linux_is_chip_of_zone(name_span, sondei_span_text(call->chip))) return SONDE_OK;

  size_t count = 0;
  status = sensors_collect_inputs(env, state, &count, folder);
  if (status == SONDE_OK && count == 0) {
    sensors_name(folder, HWMON "/hwmon", number, "/device");
    status = sensors_collect_inputs(env, state, &count, folder);
  }
  if (status != SONDE_OK) return sensors_is_fatal(env, status) ? status : SONDE_OK;
  const uint64_t start = sensors_now(state);
  bool has_temperature = false;
  for (size_t i = 0; i < count; i++) {
    const struct sensors_input *const inputs = (const void *)state->inputs.data;
    if (sensors_is_wanted(&inputs[i], SONDE_SENSOR_TEMPERATURE)) has_temperature = true;
    if (!is_wanted || !sensors_is_wanted(&inputs[i], call->kinds)) continue;
    const uint64_t now = sensors_now(state);
    const bool is_too_late = now > start && now - start > CHIP_NS_MAX;
    status = sensors_fill_row(env, state, out, folder, name, &inputs[i], is_too_late);
    if (status != SONDE_OK) return status;
  }
  return has_temperature ? sensors_note_chip(env, state, call, name) : SONDE_OK;
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

/* Whether a chip has shown this zone already. */
static bool sensors_is_shown(const struct linux_state *state, const struct sensors_call *call, sondei_span type) {
  sondei_span names = sondei_span_of(state->names.data, call->names_len);
  sondei_span name;
  while (sondei_span_take_until(&names, '\0', &name)) {
    if (sondei_linux_is_chip_of_zone(name, type)) return true;
  }
  return false;
}

static sonde_status sensors_fill_zone(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      const struct sensors_call *call, uint32_t number) {
  char folder[CHIP_PATH_SIZE];
  sonde_string type = {"", 0};
  sensors_name(folder, THERMAL "/thermal_zone", number, "");
  sonde_status status = sensors_read_string(env, state, out, &type, folder, "type");
  if (sensors_is_fatal(env, status)) return status;
  const sondei_span type_span = sondei_span_of(type.data, type.len);
  if (!sensors_is_chip_wanted(call, type_span) || sensors_is_shown(state, call, type_span)) return SONDE_OK;
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

/* ---- Power zones ------------------------------------------------------------------------------------------------ */

/* "package-0/core": the names of the zones that one lies in and its own, in state->inputs. */
static sonde_status sensors_name_zone(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                      sondei_span zone) {
  sondei_span ancestor;
  size_t level = 0;
  size_t used = 0;
  while (sondei_linux_next_powercap_zone(&ancestor, zone, &level)) {
    const char *path = NULL;
    sondei_span text;
    sonde_status status = sonde_env_grow(env, &state->inputs, used + ancestor.len + 1);
    if (status != SONDE_OK) return status;
    char *const copy = state->inputs.data + used; /* only for the path */
    memcpy(copy, ancestor.data, ancestor.len);
    copy[ancestor.len] = '\0';
    status = sondei_linux_path(env, state, &path, POWERCAP, copy, "/name", NULL);
    if (status != SONDE_OK) return status;
    status = sondei_linux_read(env, state, &text, sondei_linux_root(env->sysfs), path, LINUX_ONE_RECORD);
    if (sensors_is_fatal(env, status)) return status;
    sondei_span line = ancestor;
    if (status == SONDE_OK) sondei_span_take_line(&text, &line);
    line = sondei_span_trim(line);
    status = sonde_env_grow(env, &state->inputs, used + line.len + 1);
    if (status != SONDE_OK) return status;
    if (used > 0) state->inputs.data[used++] = '/';
    if (line.len > 0) memcpy(state->inputs.data + used, line.data, line.len);
    used += line.len;
  }
  *out = sondei_span_of(state->inputs.data, used);
  return SONDE_OK;
}

/* Moves the last row to its place among those from `first` on, which ascend by chip and label. */
static void sensors_sort_last(struct sonde_fill *out, size_t first) {
  for (size_t i = sonde_fill_count(out); i > first + 1; i--) {
    sonde_sensor *const lower = sonde_fill_at(out, i - 2);
    sonde_sensor *const upper = sonde_fill_at(out, i - 1);
    const int by_chip = strcmp(lower->chip.data, upper->chip.data);
    if (by_chip < 0 || (by_chip == 0 && strcmp(lower->label.data, upper->label.data) <= 0)) return;
    const sonde_sensor kept = *lower;
    *lower = *upper;
    *upper = kept;
  }
}

/* A row, if the zone has such a file. */
static sonde_status sensors_fill_power(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                       sonde_sensor_kind kind, sondei_span zone, sondei_span type, size_t first) {
  const bool is_energy = kind == SONDE_SENSOR_ENERGY;
  char folder[CHIP_PATH_SIZE + FILE_NAME_SIZE];
  int64_t value = 0;
  int64_t wrap = 0;
  sondei_span label;
  if (zone.len >= sizeof folder - sizeof POWERCAP) return SONDE_OK; /* no name of the kernel's */
  memcpy(folder, POWERCAP, sizeof POWERCAP - 1);
  memcpy(folder + sizeof POWERCAP - 1, zone.data, zone.len);
  folder[sizeof POWERCAP - 1 + zone.len] = '\0';
  sonde_sensor *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->kind = kind;
  sonde_status status = sonde_fill_string(out, &row->chip, type.data, type.len);
  if (status == SONDE_OK) status = sensors_name_zone(env, state, &label, zone);
  if (status == SONDE_OK) status = sonde_fill_string(out, &row->label, label.data, label.len);
  if (status != SONDE_OK) return status;
  if (is_energy) {
    status = sensors_read_number(env, state, &wrap, folder, "max_energy_range_uj");
    if (sensors_is_fatal(env, status)) return status;
    if (status == SONDE_OK && wrap > 0) {
      row->wrap = sondei_linux_hwmon_value(kind, wrap);
      row->valid |= SONDE_SENSOR_VALID_WRAP;
    }
  }
  row->status = sensors_read_number(env, state, &value, folder, is_energy ? "energy_uj" : "power_uw");
  if (sensors_is_fatal(env, row->status)) return row->status;
  if (row->status == SONDE_OK) {
    row->current = sondei_linux_hwmon_value(kind, value);
    row->valid |= SONDE_SENSOR_VALID_CURRENT;
  } else if (sondei_linux_is_missing(env)) {
    sonde_fill_drop_row(out);
    return SONDE_OK;
  }
  sensors_sort_last(out, first);
  return SONDE_OK;
}

static sonde_status sensors_fill_powercap(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                          const struct sensors_call *call) {
  struct linux_walk walk;
  const size_t first = sonde_fill_count(out);
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), POWERCAP);
  if (status != SONDE_OK) return sensors_missing(env, state, status);
  while (status == SONDE_OK) {
    const char *name = NULL;
    sondei_span type;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    const sondei_span zone = sondei_span_text(name);
    if (!sondei_linux_powercap_type_of(&type, zone) || !sensors_is_chip_wanted(call, type)) continue;
    if ((call->kinds & SONDE_SENSOR_POWER) != 0) {
      status = sensors_fill_power(env, state, out, SONDE_SENSOR_POWER, zone, type, first);
    }
    if (status == SONDE_OK && (call->kinds & SONDE_SENSOR_ENERGY) != 0) {
      status = sensors_fill_power(env, state, out, SONDE_SENSOR_ENERGY, zone, type, first);
    }
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status linux_sensor_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint32_t kinds,
                                      const char *chip) {
  struct linux_state *const state = opaque;
  struct sensors_call call = {kinds, chip, 0};
  size_t count = 0;
  sonde_status status = sondei_linux_numbered_entries(env, state, &count, &state->numbers, HWMON, "hwmon");
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const uint32_t *const numbers = (const void *)state->numbers.data;
    status = sensors_fill_chip(env, state, out, &call, numbers[i]);
  }
  if (status == SONDE_OK && (kinds & SONDE_SENSOR_TEMPERATURE) != 0) {
    status = sondei_linux_numbered_entries(env, state, &count, &state->numbers, THERMAL, "thermal_zone");
    for (size_t i = 0; status == SONDE_OK && i < count; i++) {
      const uint32_t *const numbers = (const void *)state->numbers.data;
      status = sensors_fill_zone(env, state, out, &call, numbers[i]);
    }
  }
  if (status != SONDE_OK || (kinds & (SONDE_SENSOR_ENERGY | SONDE_SENSOR_POWER)) == 0) return status;
  return sensors_fill_powercap(env, state, out, &call);
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
  if (status != SONDE_OK) return sensors_missing(env, state, status);
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
