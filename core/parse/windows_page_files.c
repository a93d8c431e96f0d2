/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_page_files.h"

bool sondei_windows_next_page_file(struct sondei_windows_page_file *out, sondei_parse_error *err,
                                   struct sondei_windows_page_files *in) {
  const struct sondei_windows_block *const block = &in->block;
  const size_t at = in->offset;
  const size_t header = SONDEI_WINDOWS_PAGE_FILE_NAME + 2 * block->pointer_size;
  struct sondei_windows_page_file read = {0};
  uint32_t next = 0;
  *err = (sondei_parse_error){0, NULL};
  if (in->ended || block->bytes.len == 0) return false;
  in->ended = true;
  if (block->bytes.len - at < header || !sondei_windows_read_u32(block, at + SONDEI_WINDOWS_PAGE_FILE_NEXT, &next) ||
      !sondei_windows_read_u32(block, at + SONDEI_WINDOWS_PAGE_FILE_TOTAL, &read.total) ||
      !sondei_windows_read_u32(block, at + SONDEI_WINDOWS_PAGE_FILE_USED, &read.used) ||
      !sondei_windows_read_u32(block, at + SONDEI_WINDOWS_PAGE_FILE_PEAK, &read.peak)) {
    *err = (sondei_parse_error){at, "a whole page file"};
    return true;
  }
  if (next != 0) {
    if (next < header || next % SONDEI_WINDOWS_PAGE_FILE_ALIGNMENT != 0 || next >= block->bytes.len - at) {
      *err = (sondei_parse_error){at + SONDEI_WINDOWS_PAGE_FILE_NEXT, "an offset of the next page file"};
      return true;
    }
    in->offset = at + next;
    in->ended = false;
  }
  if (!sondei_windows_read_unicode_string(block, at + SONDEI_WINDOWS_PAGE_FILE_NAME, &read.name)) {
    *err = (sondei_parse_error){at + SONDEI_WINDOWS_PAGE_FILE_NAME, "a name within the answer"};
    return true;
  }
  *out = read;
  return true;
}
