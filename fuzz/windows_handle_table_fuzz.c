/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_handle_table.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_table(const struct sondei_windows_block *block, sondei_windows_handle_layout layout) {
  const struct sondei_windows_handle_table before = {.count = 77, .offset = 78};
  struct sondei_windows_handle_table table = before;
  struct sondei_windows_handle handle;
  sondei_parse_error err;
  if (sondei_windows_parse_handle_table(&table, &err, block, layout) != SONDE_OK) {
    CHECK(table.count == before.count && table.offset == before.offset && err.expected != NULL);
    return;
  }
  const size_t count = table.count;
  const size_t entry = SONDEI_WINDOWS_HANDLE_SIZE(block->pointer_size);
  CHECK(err.expected == NULL && count <= block->bytes.len / entry);
  size_t taken = 0;
  while (sondei_windows_next_handle(&handle, &table)) {
    CHECK(++taken <= count);
    CHECK(layout == SONDEI_WINDOWS_SYSTEM_HANDLES ? handle.type_index <= UINT16_MAX : handle.pid == 0);
    CHECK(block->pointer_size == 8 || (handle.pid <= UINT32_MAX && handle.value <= UINT32_MAX));
  }
  CHECK(taken == count);
}

/* The first byte chooses the layout and the size of pointers. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1), 0x10000,
                                             data[0] & 1 ? 8 : 4};
  check_table(&block, data[0] & 2 ? SONDEI_WINDOWS_SYSTEM_HANDLES : SONDEI_WINDOWS_PROCESS_HANDLES);
  return 0;
}
