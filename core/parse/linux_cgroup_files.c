/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cgroup_files.h"

/* What page rounding leaves of INT64_MAX, with pages of up to 1 MiB. */
#define UNLIMITED_FROM ((uint64_t)INT64_MAX - 0xfffffu)
/* LONG_MAX pages of 4 KiB, the largest limit of a 32-bit kernel. */
#define UNLIMITED_32BIT (UINT64_C(0x7fffffff) * 4096)

#define DEFAULT_PERIOD 100000

static bool at_end(sondei_span rest) {
  while (sondei_span_take_char(&rest, '\n') || sondei_span_take_char(&rest, ' ') ||
         sondei_span_take_char(&rest, '\t')) {
  }
  return rest.len == 0;
}

static sonde_status limit_error(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

uint64_t sondei_linux_cgroup_limit_v1(uint64_t value) {
  return value >= UNLIMITED_FROM || value == UNLIMITED_32BIT ? SONDE_UNLIMITED : value;
}

sonde_status sondei_linux_parse_cgroup_limit(uint64_t *out, sondei_parse_error *err, sondei_span in) {
  sondei_span rest = in;
  uint64_t value = 0;
  sondei_span_skip_blanks(&rest);
  if (sondei_span_take_text(&rest, "max") || sondei_span_take_text(&rest, "-1")) {
    value = SONDE_UNLIMITED;
  } else if (!sondei_span_u64(&rest, &value, UINT64_MAX)) {
    return limit_error(err, in, rest, "a limit");
  }
  if (!at_end(rest)) return limit_error(err, in, rest, "the end of a limit");
  *out = sondei_linux_cgroup_limit_v1(value);
  return SONDE_OK;
}

sonde_status sondei_linux_parse_cpu_max(struct sondei_linux_cpu_max *out, sondei_parse_error *err, sondei_span in) {
  sondei_span rest = in;
  struct sondei_linux_cpu_max limit = {SONDE_UNLIMITED, DEFAULT_PERIOD};
  sondei_span_skip_blanks(&rest);
  if (!sondei_span_take_text(&rest, "max") && !sondei_span_u64(&rest, &limit.quota, UINT64_MAX)) {
    return limit_error(err, in, rest, "a quota");
  }
  if (!at_end(rest)) {
    const sondei_span before = rest;
    sondei_span_skip_blanks(&rest);
    const sondei_span at = rest;
    if (rest.len == before.len || !sondei_span_u64(&rest, &limit.period, UINT64_MAX) || limit.period == 0) {
      return limit_error(err, in, at, "a period");
    }
  }
  if (!at_end(rest)) return limit_error(err, in, rest, "the end of a quota");
  *out = limit;
  return SONDE_OK;
}

sonde_status sondei_linux_parse_cfs_quota(uint64_t *out, sondei_parse_error *err, sondei_span in) {
  int64_t value = 0;
  if (!sondei_span_whole_i64(in, &value)) return limit_error(err, in, in, "a quota");
  *out = value < 0 ? SONDE_UNLIMITED : (uint64_t)value;
  return SONDE_OK;
}

/* Takes the next line that is not blank; *rest is the input from there on, for positions. */
static bool take_row(sondei_span *line, sondei_parse_error *err, sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, line)) return false;
  } while (sondei_span_trim(*line).len == 0);
  return true;
}

static void row_error(sondei_parse_error *err, sondei_span whole, const char *at, const char *expected) {
  if (err->expected != NULL) return; /* the first counts */
  sondei_parse_fail(err, whole, sondei_span_of(at, whole.len - (size_t)(at - whole.data)), expected);
}

static bool is_device(sondei_span word) {
  uint64_t number = 0;
  return sondei_span_u64(&word, &number, UINT32_MAX) && sondei_span_take_char(&word, ':') &&
         sondei_span_u64(&word, &number, UINT32_MAX) && word.len == 0;
}

bool sondei_linux_next_io_stat(struct sondei_linux_io_stat *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  if (!take_row(&line, err, in)) return false;
  struct sondei_linux_io_stat row = {sondei_span_of(line.data, 0), 0, 0, 0, 0};
  const struct {
    const char *key;
    uint64_t *value;
  } pairs[] = {
      {"rbytes=", &row.read_bytes},
      {"wbytes=", &row.write_bytes},
      {"rios=", &row.read_count},
      {"wios=", &row.write_count},
  };
  sondei_span word;
  while (sondei_span_take_word(&line, &word)) {
    size_t equals = 0;
    if (is_device(word)) {
      row.device = word;
    } else if (!sondei_span_find(word, '=', &equals) || row.device.len == 0) {
      row_error(err, whole, word.data, row.device.len == 0 ? "the numbers of a device" : "a key and its value");
    }
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
      sondei_span value = word;
      if (!sondei_span_take_text(&value, pairs[i].key)) continue;
      uint64_t number = 0;
      if (sondei_span_u64(&value, &number, UINT64_MAX) && value.len == 0) {
        *pairs[i].value = number;
      } else {
        row_error(err, whole, value.data, "a number");
      }
    }
  }
  *out = row;
  return true;
}

bool sondei_linux_next_blkio(struct sondei_linux_blkio *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  if (!take_row(&line, err, in)) return false;
  const sondei_span start = line;
  struct sondei_linux_blkio row = {sondei_span_of(line.data, 0), sondei_span_of(line.data, 0), 0};
  sondei_span word = sondei_span_of(line.data, 0);
  sondei_span_take_word(&line, &word);
  if (is_device(word)) {
    row.device = word;
    word = sondei_span_of(line.data, 0);
    sondei_span_take_word(&line, &word);
  }
  row.operation = word;
  sondei_span_skip_blanks(&line);
  if (word.len == 0) {
    row_error(err, whole, start.data, "an operation");
  } else if (!sondei_span_u64(&line, &row.value, UINT64_MAX) || sondei_span_trim(line).len > 0) {
    row.value = 0;
    row_error(err, whole, line.data, "a number");
  }
  *out = row;
  return true;
}
