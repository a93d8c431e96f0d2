/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_meminfo.h"

#include <string.h>

#define BYTES_PER_KB 1024

bool sondei_linux_next_meminfo(struct sondei_linux_meminfo_row *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  err->position = 0;
  err->expected = NULL;
  sondei_span line;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
    sondei_span_skip_blanks(&line);
  } while (line.len == 0);

  sondei_span rest = line;
  uint32_t node = 0;
  if (sondei_span_take_text(&rest, "Node ") && sondei_span_u32(&rest, &node)) {
    sondei_span_skip_blanks(&rest);
    line = rest;
  }
  rest = line;
  struct sondei_linux_meminfo_row row = {line, 0, false};
  const char *expected = NULL;
  size_t colon = 0;
  if (!sondei_span_find(line, ':', &colon)) {
    expected = "a colon";
  } else {
    row.key = sondei_span_of(line.data, colon);
    sondei_span_advance(&rest, colon + 1);
    sondei_span_skip_blanks(&rest);
    if (!sondei_span_u64(&rest, &row.value, UINT64_MAX)) expected = "a number";
  }
  if (expected == NULL) {
    const sondei_span unit = sondei_span_trim(rest);
    if (sondei_span_equals(unit, "kB")) {
      row.is_in_bytes = true;
      if (row.value > UINT64_MAX / BYTES_PER_KB) expected = "a size below 2^64 bytes";
      row.value *= BYTES_PER_KB;
    } else if (unit.len > 0) {
      expected = "kB";
    }
  }
  if (expected != NULL) {
    row.value = 0;
    sondei_parse_fail(err, whole, sondei_span_of(rest.data, whole.len - (size_t)(rest.data - whole.data)), expected);
  }
  *out = row;
  return true;
}

static const struct {
  const char *key;
  size_t len;
} meminfo_keys[] = {
#define MEMINFO_KEY(name, key) {key, sizeof(key) - 1},
    SONDEI_LINUX_MEMINFO_MAP(MEMINFO_KEY)
#undef MEMINFO_KEY
};

sonde_status sondei_linux_parse_meminfo(struct sondei_linux_meminfo *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_meminfo info = {0, {0}};
  sondei_span rest = in;
  struct sondei_linux_meminfo_row row;
  sondei_parse_error row_err;
  size_t next = 0; /* rows come about in the order of the table */
  while (sondei_linux_next_meminfo(&row, &row_err, &rest)) {
    if (row_err.expected != NULL) continue;
    for (size_t i = 0; i < SONDEI_LINUX_MEMINFO_COUNT; i++) {
      const size_t field = (next + i) % SONDEI_LINUX_MEMINFO_COUNT;
      if (row.key.len != meminfo_keys[field].len || memcmp(row.key.data, meminfo_keys[field].key, row.key.len) != 0) {
        continue;
      }
      if ((info.valid >> field & 1) == 0) info.value[field] = row.value;
      info.valid |= UINT32_C(1) << field;
      next = field + 1;
      break;
    }
  }
  if (!sondei_linux_meminfo_has(&info, SONDEI_LINUX_MEMINFO_MEM_TOTAL)) {
    sondei_parse_fail(err, in, rest, "MemTotal");
    return SONDE_ERR_PARSE;
  }
  *out = info;
  return SONDE_OK;
}

bool sondei_linux_meminfo_has(const struct sondei_linux_meminfo *info, enum sondei_linux_meminfo_field field) {
  return (info->valid >> (unsigned)field & 1) != 0;
}
