/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_drive_layout.h"

#include "core/parse/windows_block.h"

sonde_status sondei_windows_parse_drive_layout(struct sondei_windows_drive_layout *out, sondei_parse_error *err,
                                               sondei_span in) {
  const struct sondei_windows_block block = {in, 0, 8};
  sondei_span at = in;
  uint32_t count = 0;
  if (in.len < SONDEI_WINDOWS_LAYOUT_ENTRIES) {
    sondei_span_advance(&at, in.len);
    sondei_parse_fail(err, in, at, "a whole DRIVE_LAYOUT_INFORMATION_EX");
    return SONDE_ERR_PARSE;
  }
  sondei_windows_read_u32(&block, SONDEI_WINDOWS_LAYOUT_COUNT, &count);
  out->bytes = in;
  out->count = count;
  out->index = 0;
  return SONDE_OK;
}

bool sondei_windows_next_partition(struct sondei_windows_partition *out, sondei_parse_error *err,
                                   struct sondei_windows_drive_layout *in) {
  err->position = 0;
  err->expected = NULL;
  while (in->index < in->count) {
    const size_t room = (in->bytes.len - SONDEI_WINDOWS_LAYOUT_ENTRIES) / SONDEI_WINDOWS_PARTITION_SIZE;
    const bool is_whole = in->index < room;
    sondei_span entry = in->bytes;
    struct sondei_windows_partition told = {0};
    sondei_span_advance(&entry, is_whole
                                    ? SONDEI_WINDOWS_LAYOUT_ENTRIES + (size_t)in->index * SONDEI_WINDOWS_PARTITION_SIZE
                                    : in->bytes.len);
    if (!is_whole) {
      in->index = in->count;
      return !sondei_parse_fail(err, in->bytes, entry, "a whole PARTITION_INFORMATION_EX");
    }
    const struct sondei_windows_block block = {entry, 0, 8};
    in->index++;
    sondei_windows_read_u32(&block, SONDEI_WINDOWS_PARTITION_NUMBER, &told.number);
    sondei_windows_read_u64(&block, SONDEI_WINDOWS_PARTITION_STARTING_OFFSET, &told.offset);
    sondei_windows_read_u64(&block, SONDEI_WINDOWS_PARTITION_LENGTH, &told.size);
    if (told.number == 0) continue;
    if (told.offset > INT64_MAX || told.size > INT64_MAX) {
      return !sondei_parse_fail(err, in->bytes, entry, "a place and a length on a disk");
    }
    *out = told;
    return true;
  }
  return false;
}
