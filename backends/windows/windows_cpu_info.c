/* SPDX-License-Identifier: MIT */
/* CPUs: what kinds there are, as the registry tells. */
#include "backends/windows/windows_cpu.h"

#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_text.h"
#include "core/parse/windows_cpu_identifier.h"

#define INFO_PATH L"HARDWARE\\DESCRIPTION\\System\\CentralProcessor"
#define INFO_SUBJECT "HARDWARE\\DESCRIPTION\\System\\CentralProcessor"

enum {
  INFO_VENDOR,
  INFO_MODEL_NAME,
  INFO_IDENTIFIER,
  INFO_NUM_VALUES,
  INFO_VALUE_SIZE = 512 /* CPUs themselves have room for 48 characters */
};

static const wchar_t *const info_values[INFO_NUM_VALUES] = {L"VendorIdentifier", L"ProcessorNameString", L"Identifier"};

/* What tells one kind from another: UTF-16. */
struct info_kind {
  DWORD len[INFO_NUM_VALUES]; /* bytes; 0: not told */
  char value[INFO_NUM_VALUES][INFO_VALUE_SIZE];
  sonde_status status; /* why one of them is not told although it is there */
  uint32_t first_cpu;
  uint32_t num_cpus;
};

static bool info_is_same_kind(const struct info_kind *a, const struct info_kind *b) {
  if (a->status != b->status) return false;
  for (size_t i = 0; i < INFO_NUM_VALUES; i++) {
    if (a->len[i] != b->len[i] || memcmp(a->value[i], b->value[i], a->len[i]) != 0) return false;
  }
  return true;
}

static void info_decimal(wchar_t *out, uint32_t number) {
  wchar_t digits[10];
  size_t len = 0;
  do {
    digits[len++] = (wchar_t)(L'0' + number % 10);
    number /= 10;
  } while (number > 0);
  for (size_t i = 0; i < len; i++) out[i] = digits[len - 1 - i];
  out[len] = 0;
}

/* Reads the values of CPU number `index`, as the registry counts: those that are active. */
static void info_read(struct sonde_env *env, struct windows_state *state, struct info_kind *out, HKEY key,
                      uint32_t index) {
  wchar_t name[11];
  memset(out, 0, sizeof *out);
  info_decimal(name, index);
  for (size_t i = 0; i < INFO_NUM_VALUES; i++) {
    DWORD size = INFO_VALUE_SIZE;
    const LSTATUS code = state->os->RegGetValueW(key, name, info_values[i], RRF_RT_REG_SZ, NULL, out->value[i], &size);
    if (code == ERROR_SUCCESS) {
      /* With the NUL that RegGetValueW sees to. */
      out->len[i] = size >= sizeof(wchar_t) && size <= INFO_VALUE_SIZE ? size - (DWORD)sizeof(wchar_t) : 0;
    } else if (code != ERROR_FILE_NOT_FOUND) {
      out->status = sondei_windows_fail(env, (DWORD)code, "RegGetValueW", INFO_SUBJECT);
    }
  }
}

/* Counts a CPU to its kind, or adds a kind. CPUs of a kind stand together, so the last is looked at first. */
static sonde_status info_count(struct sonde_env *env, struct windows_state *state, size_t *count,
                               const struct info_kind *cpu) {
  void *data = state->data.data;
  struct info_kind *kinds = data;
  for (size_t i = *count; i > 0; i--) {
    if (!info_is_same_kind(&kinds[i - 1], cpu)) continue;
    kinds[i - 1].num_cpus++;
    return SONDE_OK;
  }
  const sonde_status status = sonde_env_grow(env, &state->data, (*count + 1) * sizeof *kinds);
  if (status != SONDE_OK) return status;
  data = state->data.data;
  kinds = data;
  kinds[*count] = *cpu;
  kinds[*count].num_cpus = 1;
  (*count)++;
  return SONDE_OK;
}

static sonde_status info_fill_string(struct sonde_env *env, struct windows_state *state, struct sonde_fill *out,
                                     sonde_cpu_info *row, sonde_string *member, uint64_t bit,
                                     const struct info_kind *kind, size_t value) {
  if (kind->len[value] == 0) return SONDE_OK;
  row->valid |= bit;
  return sondei_windows_string(env, state, out, member, sondei_span_of(kind->value[value], kind->len[value]));
}

static void info_fill_numbers(struct sonde_env *env, sonde_cpu_info *row, const char *text) {
  static const char subject[] = INFO_SUBJECT "\\N\\Identifier";
  struct sondei_windows_cpu_identifier identifier = {0};
  sondei_parse_error err = {0, NULL};
  if (sondei_windows_parse_cpu_identifier(&identifier, &err, sondei_span_text(text)) != SONDE_OK) {
    row->status = sonde_env_fail_parse(env, err.expected, err.position, subject, sizeof subject - 1);
    return;
  }
  row->family = identifier.family;
  row->model = identifier.model;
  row->stepping = identifier.stepping;
  if ((identifier.valid & SONDEI_WINDOWS_CPU_FAMILY) != 0) row->valid |= SONDE_CPU_INFO_FAMILY;
  if ((identifier.valid & SONDEI_WINDOWS_CPU_MODEL) != 0) row->valid |= SONDE_CPU_INFO_MODEL;
  if ((identifier.valid & SONDEI_WINDOWS_CPU_STEPPING) != 0) row->valid |= SONDE_CPU_INFO_STEPPING;
}

static sonde_status info_fill_kind(struct sonde_env *env, struct windows_state *state, struct sonde_fill *out,
                                   const struct info_kind *kind) {
  sonde_cpu_info *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->status = kind->status;
  row->first_cpu = kind->first_cpu;
  row->num_cpus = kind->num_cpus;
  sonde_status status = info_fill_string(env, state, out, row, &row->vendor, SONDE_CPU_INFO_VENDOR, kind, INFO_VENDOR);
  if (status != SONDE_OK) return status;
  status = info_fill_string(env, state, out, row, &row->model_name, SONDE_CPU_INFO_MODEL_NAME, kind, INFO_MODEL_NAME);
  if (status != SONDE_OK || kind->len[INFO_IDENTIFIER] == 0) return status;
  const sondei_span identifier = sondei_span_of(kind->value[INFO_IDENTIFIER], kind->len[INFO_IDENTIFIER]);
  info_fill_numbers(env, row, sondei_windows_subject(env, state, identifier));
  return SONDE_OK;
}

sonde_status sondei_windows_cpu_info_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct windows_active_cpus cpus;
  struct info_kind cpu;
  struct sondei_windows_processor place;
  HKEY key = NULL;
  size_t count = 0;
  sonde_status status = sondei_windows_active_cpus(env, state, &cpus);
  if (status != SONDE_OK) return status;
  const LSTATUS code = state->os->RegOpenKeyExW(HKEY_LOCAL_MACHINE, INFO_PATH, 0, KEY_READ, &key);
  if (code != ERROR_SUCCESS) return sondei_windows_fail(env, (DWORD)code, "RegOpenKeyExW", INFO_SUBJECT);
  for (uint32_t i = 0; status == SONDE_OK && i < cpus.count; i++) {
    info_read(env, state, &cpu, key, i);
    sondei_windows_active_cpu(&place, &cpu.first_cpu, &cpus, i);
    status = info_count(env, state, &count, &cpu);
  }
  state->os->RegCloseKey(key);
  for (size_t i = 0; status == SONDE_OK && i < count; i++) {
    const void *const data = state->data.data;
    const struct info_kind *const kinds = data;
    status = info_fill_kind(env, state, out, &kinds[i]);
  }
  return status;
}
