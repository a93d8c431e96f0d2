/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_working_set.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers; then the answer. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1), 0,
                                             (data[0] & 1) != 0 ? 8 : 4};
  struct sondei_windows_working_set set = {7, 8};
  sondei_parse_error err = {0, NULL};
  if (sondei_windows_parse_working_set(&set, &err, &block) != SONDE_OK) {
    CHECK(set.pages == 7 && set.private_pages == 8);
    CHECK(err.expected != NULL && err.position <= block.bytes.len);
    return 0;
  }
  CHECK(set.private_pages <= set.pages);
  CHECK(sondei_windows_working_set_size(&block) == (set.pages + 1) * block.pointer_size);
  CHECK(sondei_windows_working_set_size(&block) <= block.bytes.len);
  return 0;
}
