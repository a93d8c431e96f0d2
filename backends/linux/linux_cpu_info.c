/* SPDX-License-Identifier: MIT */
/* CPUs: what kinds there are, and how fast they run. */
#include "backends/linux/linux_cpu.h"

#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_cpuinfo.h"
#include "core/parse/linux_cpulist.h"

/* ---- Speed classes ----------------------------------------------------------------------------------------------- */

sonde_status sondei_linux_cpu_classes(struct sonde_env *env, struct linux_state *state, struct linux_cpu_classes *out) {
  /* The counters of each kind of core, from the slowest: 5.13; lowpower 6.7. */
  static const char *const paths[] = {"devices/cpu_lowpower/cpus", "devices/cpu_atom/cpus", "devices/cpu_core/cpus"};
  const struct linux_place sysfs = sondei_linux_root(env->sysfs);
  struct linux_cpu_class *rows = NULL;
  size_t count = 0;
  uint32_t efficiency = 0;
  out->rows = NULL;
  out->count = 0;
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    sondei_span text = {NULL, 0};
    struct sondei_linux_cpu_range range;
    sondei_parse_error err;
    sonde_status status = sondei_linux_read(env, state, &text, sysfs, paths[i], LINUX_ONE_RECORD);
    if (status != SONDE_OK) {
      if (sondei_linux_is_exhausted(env)) return status;
      continue;
    }
    const size_t before = count;
    while (sondei_linux_next_cpu_range(&range, &err, &text)) {
      if (err.expected != NULL) {
        (void)sondei_linux_fail_parse(env, &err, sysfs, paths[i]);
        continue;
      }
      status = sonde_env_grow(env, &state->cpus, (count + 1) * sizeof *rows);
      if (status != SONDE_OK) return status;
      void *const data = state->cpus.data;
      rows = data;
      rows[count].first = range.first;
      rows[count].last = range.last;
      rows[count].efficiency = efficiency;
      count++;
    }
    if (count > before) efficiency++;
  }
  if (efficiency < 2) return SONDE_OK;
  out->rows = rows;
  out->count = count;
  return SONDE_OK;
}

bool sondei_linux_class_of_cpu(uint32_t *out, const struct linux_cpu_classes *classes, uint32_t cpu) {
  for (size_t i = 0; i < classes->count; i++) {
    if (cpu < classes->rows[i].first || cpu > classes->rows[i].last) continue;
    *out = classes->rows[i].efficiency;
    return true;
  }
  return false;
}

/* ---- Kinds ------------------------------------------------------------------------------------------------------- */

/* What tells one kind from another, as spans of /proc/cpuinfo. */
struct info_kind {
  struct sondei_linux_cpuinfo info;
  sonde_status status;
  uint32_t efficiency;
  uint32_t first_cpu;
  uint32_t num_cpus;
};

static bool info_is_equal(sondei_span a, sondei_span b) {
  return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static bool info_is_same_kind(const struct info_kind *a, const struct info_kind *b) {
  const uint32_t told = SONDEI_LINUX_CPUINFO_FAMILY | SONDEI_LINUX_CPUINFO_MODEL | SONDEI_LINUX_CPUINFO_STEPPING;
  return a->status == b->status && a->efficiency == b->efficiency && (a->info.valid & told) == (b->info.valid & told) &&
         a->info.family == b->info.family && a->info.model == b->info.model && a->info.stepping == b->info.stepping &&
         info_is_equal(a->info.model_name, b->info.model_name) && info_is_equal(a->info.vendor, b->info.vendor) &&
         info_is_equal(a->info.microcode, b->info.microcode) && info_is_equal(a->info.features, b->info.features);
}

/* Adds to `to` what only `from` tells. */
static void info_complete(struct sondei_linux_cpuinfo *to, const struct sondei_linux_cpuinfo *from) {
  if (to->vendor.len == 0) to->vendor = from->vendor;
  if (to->model_name.len == 0) to->model_name = from->model_name;
  if (to->microcode.len == 0) to->microcode = from->microcode;
  if (to->features.len == 0) to->features = from->features;
  if ((to->valid & SONDEI_LINUX_CPUINFO_FAMILY) == 0) to->family = from->family;
  if ((to->valid & SONDEI_LINUX_CPUINFO_MODEL) == 0) to->model = from->model;
  if ((to->valid & SONDEI_LINUX_CPUINFO_STEPPING) == 0) to->stepping = from->stepping;
  to->valid |= from->valid & (SONDEI_LINUX_CPUINFO_FAMILY | SONDEI_LINUX_CPUINFO_MODEL | SONDEI_LINUX_CPUINFO_STEPPING);
}

static sonde_status info_fill_features(struct sonde_fill *out, sonde_cpu_info *row, sondei_span features) {
  sondei_span rest = features;
  sondei_span feature;
  size_t count = 0;
  while (sondei_linux_next_cpu_feature(&feature, &rest)) count++;
  if (count == 0) return SONDE_OK;
  sonde_string *const strings = sonde_fill_array(out, count, sizeof *strings);
  if (strings == NULL) return SONDE_ERR_NO_MEMORY;
  row->features = strings;
  row->num_features = count;
  row->valid |= SONDE_CPU_INFO_FEATURES;
  rest = features;
  for (size_t i = 0; sondei_linux_next_cpu_feature(&feature, &rest); i++) {
    const sonde_status status = sonde_fill_string(out, &strings[i], feature.data, feature.len);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

static sonde_status info_fill_string(struct sonde_fill *out, sonde_cpu_info *row, sonde_string *member, uint64_t bit,
                                     sondei_span text) {
  if (text.len == 0) return SONDE_OK;
  row->valid |= bit;
  return sonde_fill_string(out, member, text.data, text.len);
}

static sonde_status info_fill_kind(struct sonde_fill *out, const struct info_kind *kind) {
  const struct sondei_linux_cpuinfo *const info = &kind->info;
  sonde_cpu_info *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->status = kind->status;
  row->first_cpu = kind->first_cpu;
  row->num_cpus = kind->num_cpus;
  row->family = info->family;
  row->model = info->model;
  row->stepping = info->stepping;
  if ((info->valid & SONDEI_LINUX_CPUINFO_FAMILY) != 0) row->valid |= SONDE_CPU_INFO_FAMILY;
  if ((info->valid & SONDEI_LINUX_CPUINFO_MODEL) != 0) row->valid |= SONDE_CPU_INFO_MODEL;
  if ((info->valid & SONDEI_LINUX_CPUINFO_STEPPING) != 0) row->valid |= SONDE_CPU_INFO_STEPPING;
  sonde_status status = info_fill_string(out, row, &row->vendor, SONDE_CPU_INFO_VENDOR, info->vendor);
  if (status != SONDE_OK) return status;
  status = info_fill_string(out, row, &row->model_name, SONDE_CPU_INFO_MODEL_NAME, info->model_name);
  if (status != SONDE_OK) return status;
  status = info_fill_string(out, row, &row->microcode, SONDE_CPU_INFO_MICROCODE, info->microcode);
  if (status != SONDE_OK) return status;
  return info_fill_features(out, row, info->features);
}

/* Counts a CPU to its kind, or adds a kind. CPUs of a kind stand together, so the last is looked at first. */
static sonde_status info_count(struct sonde_env *env, struct linux_state *state, size_t *count,
                               const struct info_kind *cpu) {
  void *data = state->kinds.data;
  struct info_kind *kinds = data;
  for (size_t i = *count; i > 0; i--) {
    struct info_kind *const kind = &kinds[i - 1];
    if (!info_is_same_kind(kind, cpu)) continue;
    kind->num_cpus++;
    if (cpu->first_cpu < kind->first_cpu) kind->first_cpu = cpu->first_cpu;
    return SONDE_OK;
  }
  const sonde_status status = sonde_env_grow(env, &state->kinds, (*count + 1) * sizeof *kinds);
  if (status != SONDE_OK) return status;
  data = state->kinds.data;
  kinds = data;
  kinds[(*count)++] = *cpu;
  return SONDE_OK;
}

/* What the paragraphs without a CPU say of all of them. */
static bool info_find_common(struct sondei_linux_cpuinfo *out, sondei_span text) {
  struct sondei_linux_cpuinfo info;
  sondei_parse_error err;
  const sondei_span none = sondei_span_of(text.data, 0);
  memset(out, 0, sizeof *out);
  out->vendor = out->model_name = out->microcode = out->features = none;
  while (sondei_linux_next_cpuinfo(&info, &err, &text)) {
    if ((info.valid & SONDEI_LINUX_CPUINFO_CPU) == 0) info_complete(out, &info);
  }
  return out->valid != 0 || out->vendor.len + out->model_name.len + out->features.len > 0;
}

sonde_status sondei_linux_cpu_info_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  struct linux_cpu_classes classes = {NULL, 0};
  struct sondei_linux_cpuinfo common;
  struct info_kind cpu = {.num_cpus = 1};
  sondei_span text = {NULL, 0};
  sondei_parse_error err;
  size_t count = 0;
  sonde_status status = sondei_linux_cpu_classes(env, state, &classes);
  if (status != SONDE_OK) return status;
  status = sondei_linux_read_into(env, state, &text, &state->entries, procfs, "cpuinfo", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  const bool has_common = info_find_common(&common, text);
  sondei_span rest = text;
  sondei_span before = text;
  while (sondei_linux_next_cpuinfo(&cpu.info, &err, &rest)) {
    const size_t at = (size_t)(before.data - text.data);
    const bool has_cpu = (cpu.info.valid & SONDEI_LINUX_CPUINFO_CPU) != 0;
    before = rest;
    if (cpu.info.is_more || (!has_cpu && err.expected == NULL)) continue;
    cpu.status = SONDE_OK;
    if (err.expected != NULL) {
      err.position += at;
      cpu.status = sondei_linux_fail_parse(env, &err, procfs, "cpuinfo");
    }
    cpu.first_cpu = cpu.info.cpu;
    cpu.efficiency = 0;
    sondei_linux_class_of_cpu(&cpu.efficiency, &classes, cpu.info.cpu);
    info_complete(&cpu.info, &common);
    status = info_count(env, state, &count, &cpu);
    if (status != SONDE_OK) return status;
  }
  if (count == 0 && has_common) {
    /* A kernel for one CPU does not number it. */
    cpu.info = common;
    cpu.status = SONDE_OK;
    cpu.first_cpu = cpu.efficiency = 0;
    status = info_count(env, state, &count, &cpu);
    if (status != SONDE_OK) return status;
  }
  if (count == 0) {
    err.position = 0;
    err.expected = "a CPU";
    return sondei_linux_fail_parse(env, &err, procfs, "cpuinfo");
  }
  const void *const data = state->kinds.data;
  const struct info_kind *const kinds = data;
  for (size_t i = 0; i < count && status == SONDE_OK; i++) status = info_fill_kind(out, &kinds[i]);
  return status;
}

/* ---- Frequencies ------------------------------------------------------------------------------------------------- */

#define HERTZ_PER_KILOHERTZ UINT64_C(1000)
#define HERTZ_PER_MEGAHERTZ UINT64_C(1000000)

/* Reads a file of one CPU that holds a frequency. *out stays 0 where it is not told. Not SONDE_OK: the call is over. */
static sonde_status freq_read(struct sonde_env *env, struct linux_state *state, uint64_t *out, bool *is_missing,
                              sonde_cpu_freq *row, const char *file, uint64_t unit) {
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read_cpu_file(env, state, &text, row->cpu, file);
  *is_missing = status != SONDE_OK && sondei_linux_is_missing(env);
  /* A driver that is busy, or a CPU that went offline: not told. */
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  uint64_t value = 0;
  if (sondei_span_whole_u64(text, &value) && value <= UINT64_MAX / unit) {
    *out = value * unit;
  } else if (!sondei_span_starts_with(text, "<unknown>")) { /* what cpufreq writes when its driver does not know */
    const sondei_parse_error err = {0, "a frequency"};
    row->status = sondei_linux_fail_cpu_file(env, state, &err, row->cpu, file);
  }
  return SONDE_OK;
}

static sonde_status freq_fill_row(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                  sonde_cpu_freq *row) {
  const struct {
    uint64_t *member; /* which of several files tells first, tells */
    const char *file;
    uint64_t unit;
  } files[] = {
      {&row->max, "cpufreq/scaling_max_freq", HERTZ_PER_KILOHERTZ},
      {&row->min, "cpufreq/scaling_min_freq", HERTZ_PER_KILOHERTZ},
      {&row->current, "cpufreq/scaling_cur_freq", HERTZ_PER_KILOHERTZ},
      {&row->current, "cpufreq/cpuinfo_cur_freq", HERTZ_PER_KILOHERTZ},
      {&row->base, "cpufreq/base_frequency", HERTZ_PER_KILOHERTZ}, /* intel_pstate */
      {&row->base, "acpi_cppc/nominal_freq", HERTZ_PER_MEGAHERTZ},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    bool is_missing = false;
    if (*files[i].member != 0) continue;
    const sonde_status status = freq_read(env, state, files[i].member, &is_missing, row, files[i].file, files[i].unit);
    /* Without the first there are none of the others. */
    if (status != SONDE_OK || (i == 0 && is_missing)) return status;
  }
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read_cpu_file(env, state, &text, row->cpu, "cpufreq/scaling_governor");
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  sondei_span line = sondei_span_of(text.data, 0);
  sondei_span_take_line(&text, &line);
  line = sondei_span_trim(line);
  return sonde_fill_string(out, &row->governor, line.data, line.len);
}

static sonde_cpu_freq *freq_find_row(struct sonde_fill *out, uint32_t cpu) {
  size_t low = 0;
  size_t high = sonde_fill_count(out);
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    sonde_cpu_freq *const row = sonde_fill_at(out, middle);
    if (row->cpu == cpu) return row;
    if (row->cpu < cpu) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return NULL;
}

/* Adds what only /proc/cpuinfo tells. */
static sonde_status freq_complete(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  sondei_span text = {NULL, 0};
  struct sondei_linux_cpuinfo info;
  sondei_parse_error err;
  const sonde_status status =
      sondei_linux_read(env, state, &text, sondei_linux_root(env->procfs), "cpuinfo", LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  while (sondei_linux_next_cpuinfo(&info, &err, &text)) {
    if ((info.valid & SONDEI_LINUX_CPUINFO_CPU) == 0) continue;
    sonde_cpu_freq *const row = freq_find_row(out, info.cpu);
    if (row == NULL) continue;
    if (row->current == 0) row->current = info.current;
    if (row->base == 0) row->base = info.nominal;
  }
  return SONDE_OK;
}

sonde_status sondei_linux_cpu_freq_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_cpu_ids ids = {NULL, 0};
  bool is_whole = true;
  sonde_status status = sondei_linux_online_cpus(env, state, &ids);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < ids.count; i++) {
    sonde_cpu_freq *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->cpu = ids.rows[i];
    status = freq_fill_row(env, state, out, row);
    if (status != SONDE_OK) return status;
    is_whole = is_whole && row->current != 0;
  }
  if (!is_whole) status = freq_complete(env, state, out);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < sonde_fill_count(out); i++) {
    sonde_cpu_freq *const row = sonde_fill_at(out, i);
    if (row->current != 0) row->valid |= SONDE_CPU_FREQ_CURRENT;
    if (row->min != 0) row->valid |= SONDE_CPU_FREQ_MIN;
    if (row->max != 0) row->valid |= SONDE_CPU_FREQ_MAX;
    if (row->base != 0) row->valid |= SONDE_CPU_FREQ_BASE;
  }
  return SONDE_OK;
}
