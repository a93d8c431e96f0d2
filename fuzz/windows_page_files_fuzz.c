/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_page_files.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers and where the block lies. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct sondei_windows_page_files in = {
      {sondei_span_of((const char *)data + 1, size - 1), (data[0] & 2) != 0 ? 0x10000 : 0, (data[0] & 1) != 0 ? 8 : 4},
      0,
      false};
  const size_t header = 16 + 2 * in.block.pointer_size;
  struct sondei_windows_page_file file = {0};
  sondei_parse_error err;
  size_t count = 0;
  while (sondei_windows_next_page_file(&file, &err, &in)) {
    CHECK(err.expected != NULL ? err.position < size : check_inside(file.name, data, size));
    count++;
    CHECK(count <= (size - 1) / header + 1);
  }
  CHECK(err.expected == NULL);
  return 0;
}
