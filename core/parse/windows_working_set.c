/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_working_set.h"

enum {
  SHARED = 1 << 8
};

size_t sondei_windows_working_set_size(const struct sondei_windows_block *in) {
  uint64_t count = 0;
  if (!sondei_windows_read_pointer(in, 0, &count) || count >= SIZE_MAX / in->pointer_size) return 0;
  return ((size_t)count + 1) * in->pointer_size;
}

sonde_status sondei_windows_parse_working_set(struct sondei_windows_working_set *out, sondei_parse_error *err,
                                              const struct sondei_windows_block *in) {
  struct sondei_windows_working_set found = {0, 0};
  if (!sondei_windows_read_pointer(in, 0, &found.pages)) {
    err->position = 0;
    err->expected = "a number of pages";
    return SONDE_ERR_PARSE;
  }
  if (found.pages > in->bytes.len / in->pointer_size - 1) {
    err->position = in->bytes.len;
    err->expected = "as many pages as it says";
    return SONDE_ERR_PARSE;
  }
  for (uint64_t i = 1; i <= found.pages; i++) {
    uint64_t page = 0;
    (void)sondei_windows_read_pointer(in, (size_t)i * in->pointer_size, &page);
    found.private_pages += (page & SHARED) == 0;
  }
  *out = found;
  return SONDE_OK;
}
