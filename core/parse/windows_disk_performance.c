/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_disk_performance.h"

#include "core/parse/windows_block.h"
#include "core/parse/windows_time.h"

/* A LARGE_INTEGER that is not negative. */
static bool windows_disk_number(const struct sondei_windows_block *block, size_t offset, uint64_t *out) {
  return sondei_windows_read_u64(block, offset, out) && *out <= INT64_MAX;
}

static bool windows_disk_time(const struct sondei_windows_block *block, size_t offset, uint64_t *out) {
  uint64_t ticks = 0;
  return windows_disk_number(block, offset, &ticks) && sondei_windows_ticks_to_ns(ticks, out);
}

sonde_status sondei_windows_parse_disk_performance(struct sondei_windows_disk_performance *out, sondei_parse_error *err,
                                                   sondei_span in) {
  struct sondei_windows_disk_performance told = {0};
  const struct sondei_windows_block block = {in, 0, 8};
  const struct {
    uint64_t *member;
    size_t offset;
    bool (*read)(const struct sondei_windows_block *block, size_t offset, uint64_t *out);
    const char *expected;
  } numbers[] = {
      {&told.read_bytes, SONDEI_WINDOWS_DISK_BYTES_READ, windows_disk_number, "BytesRead"},
      {&told.write_bytes, SONDEI_WINDOWS_DISK_BYTES_WRITTEN, windows_disk_number, "BytesWritten"},
      {&told.read_time, SONDEI_WINDOWS_DISK_READ_TIME, windows_disk_time, "ReadTime"},
      {&told.write_time, SONDEI_WINDOWS_DISK_WRITE_TIME, windows_disk_time, "WriteTime"},
  };
  sondei_span at = in;
  if (in.len < SONDEI_WINDOWS_DISK_PERFORMANCE_SIZE) {
    sondei_span_advance(&at, in.len);
    sondei_parse_fail(err, in, at, "a whole DISK_PERFORMANCE");
    return SONDE_ERR_PARSE;
  }
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
    if (numbers[i].read(&block, numbers[i].offset, numbers[i].member)) continue;
    sondei_span_advance(&at, numbers[i].offset);
    sondei_parse_fail(err, in, at, numbers[i].expected);
    return SONDE_ERR_PARSE;
  }
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_DISK_READ_COUNT, &told.read_count);
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_DISK_WRITE_COUNT, &told.write_count);
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_DISK_QUEUE_DEPTH, &told.in_flight);
  *out = told;
  return SONDE_OK;
}
