/* SPDX-License-Identifier: MIT */
/* CPUs: what the scheduler counted, how hot they got, and what they are vulnerable to. */
#include "backends/linux/linux_cpu.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_schedstat.h"
#include "core/parse/linux_vulnerability.h"

static sonde_status cpu_state_unsupported(struct sonde_env *env, const char *what) {
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", what, strlen(what));
}

/* ---- Scheduler --------------------------------------------------------------------------------------------------- */

sonde_status sondei_linux_cpu_schedstat_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  enum {
    OLDEST_VERSION = 14
  };
  struct linux_state *const state = opaque;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, "schedstat", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return sondei_linux_is_missing(env) ? cpu_state_unsupported(env, "schedstat") : status;
  const size_t whole_len = text.len;
  uint32_t version = 0;
  if (!sondei_linux_take_schedstat_version(&version, &text) || version < OLDEST_VERSION) {
    const sondei_parse_error err = {0, "version 14 or later"};
    return sondei_linux_fail_parse(env, &err, procfs, "schedstat");
  }
  struct sondei_linux_schedstat cpu;
  sondei_parse_error err;
  for (size_t at = whole_len - text.len; sondei_linux_next_schedstat(&cpu, &err, &text, version);
       at = whole_len - text.len) {
    sonde_cpu_schedstat *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->cpu = cpu.cpu;
    if (err.expected != NULL) {
      err.position += at;
      row->status = sondei_linux_fail_parse(env, &err, procfs, "schedstat");
      continue;
    }
    row->run_time = cpu.run_time;
    row->wait_time = cpu.wait_time;
    row->timeslices = cpu.timeslices;
    row->valid = SONDE_CPU_SCHEDSTAT_RUN_TIME | SONDE_CPU_SCHEDSTAT_WAIT_TIME | SONDE_CPU_SCHEDSTAT_TIMESLICES;
  }
  return SONDE_OK;
}

/* ---- Heat -------------------------------------------------------------------------------------------------------- */

#define NS_PER_MS UINT64_C(1000000)

static sonde_status cpu_fill_throttle(struct sonde_env *env, struct linux_state *state, sonde_cpu_throttle *row,
                                      bool *is_there) {
  const struct {
    const char *file;
    uint64_t *member;
    uint64_t bit;
    uint64_t unit;
  } files[] = {
      {"thermal_throttle/core_throttle_count", &row->core_count, SONDE_CPU_THROTTLE_CORE_COUNT, 1},
      {"thermal_throttle/core_throttle_total_time_ms", &row->core_time, SONDE_CPU_THROTTLE_CORE_TIME, NS_PER_MS},
      {"thermal_throttle/package_throttle_count", &row->package_count, SONDE_CPU_THROTTLE_PACKAGE_COUNT, 1},
      {"thermal_throttle/package_throttle_total_time_ms", &row->package_time, SONDE_CPU_THROTTLE_PACKAGE_TIME,
       NS_PER_MS},
  };
  *is_there = false;
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    sondei_span text = {NULL, 0};
    const sonde_status status = sondei_linux_read_cpu_file(env, state, &text, row->cpu, files[i].file);
    if (status != SONDE_OK && sondei_linux_is_exhausted(env)) return status;
    if (status != SONDE_OK && sondei_linux_is_missing(env)) {
      if (i == 0) return SONDE_OK; /* then there are none of the others */
      continue;
    }
    uint64_t value = 0;
    *is_there = true;
    if (status != SONDE_OK) {
      row->status = status;
    } else if (sondei_span_whole_u64(text, &value) && value <= UINT64_MAX / files[i].unit) {
      *files[i].member = value * files[i].unit;
      row->valid |= files[i].bit;
    } else {
      const sondei_parse_error err = {0, "a counter"};
      row->status = sondei_linux_fail_cpu_file(env, state, &err, row->cpu, files[i].file);
    }
  }
  return SONDE_OK;
}

sonde_status sondei_linux_cpu_throttle_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_cpu_ids ids = {NULL, 0};
  sonde_status status = sondei_linux_online_cpus(env, state, &ids);
  for (size_t i = 0; status == SONDE_OK && i < ids.count; i++) {
    bool is_there = false;
    sonde_cpu_throttle *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->cpu = ids.rows[i];
    status = cpu_fill_throttle(env, state, row, &is_there);
    if (status == SONDE_OK && !is_there) {
      sonde_fill_drop_row(out);
      if (i == 0) break; /* CPUs of one machine are alike in this */
    }
  }
  if (status != SONDE_OK || sonde_fill_count(out) > 0) return status;
  return cpu_state_unsupported(env, "devices/system/cpu/cpu0/thermal_throttle");
}

/* ---- Vulnerabilities --------------------------------------------------------------------------------------------- */

#define VULNERABILITIES "devices/system/cpu/vulnerabilities"

static sonde_status cpu_fill_vulnerability(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                           const char *name) {
  const char *path = NULL;
  sonde_cpu_vulnerability *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  sonde_status status = sonde_fill_string(out, &row->name, name, strlen(name));
  if (status == SONDE_OK) status = sondei_linux_path(env, state, &path, VULNERABILITIES "/", name, NULL, NULL);
  if (status != SONDE_OK) return status;
  row->status = sondei_linux_read_string(env, state, out, &row->description, sondei_linux_root(env->sysfs), path);
  if (row->status == SONDE_ERR_NO_MEMORY || (row->status != SONDE_OK && sondei_linux_is_exhausted(env))) {
    return row->status;
  }
  row->state = sondei_linux_vulnerability_state_of(sondei_span_of(row->description.data, row->description.len));
  /* To its place among the rows before it, which ascend by name. */
  for (size_t i = sonde_fill_count(out); i > 1; i--) {
    sonde_cpu_vulnerability *const lower = sonde_fill_at(out, i - 2);
    sonde_cpu_vulnerability *const upper = sonde_fill_at(out, i - 1);
    if (strcmp(lower->name.data, upper->name.data) <= 0) break;
    const sonde_cpu_vulnerability kept = *lower;
    *lower = *upper;
    *upper = kept;
  }
  return SONDE_OK;
}

sonde_status sondei_linux_cpu_vulnerability_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_walk walk;
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->sysfs), VULNERABILITIES);
  if (status != SONDE_OK) return sondei_linux_is_missing(env) ? cpu_state_unsupported(env, VULNERABILITIES) : status;
  for (;;) {
    const char *name = NULL;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    status = cpu_fill_vulnerability(env, state, out, name);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}
