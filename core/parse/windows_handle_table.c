/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_handle_table.h"

sonde_status sondei_windows_parse_handle_table(struct sondei_windows_handle_table *out, sondei_parse_error *err,
                                               const struct sondei_windows_block *block,
                                               sondei_windows_handle_layout layout) {
  uint64_t count = 0;
  const size_t entries = SONDEI_WINDOWS_HANDLES_AT(block->pointer_size);
  if (!sondei_windows_read_pointer(block, 0, &count) || block->bytes.len < entries) {
    sondei_parse_fail(err, block->bytes, block->bytes, "a table of handles");
    return SONDE_ERR_PARSE;
  }
  if (count > (block->bytes.len - entries) / SONDEI_WINDOWS_HANDLE_SIZE(block->pointer_size)) {
    sondei_parse_fail(err, block->bytes, block->bytes, "as many handles as are counted");
    return SONDE_ERR_PARSE;
  }
  if (err != NULL) *err = (sondei_parse_error){0, NULL};
  *out = (struct sondei_windows_handle_table){*block, layout, (size_t)count, entries};
  return SONDE_OK;
}

bool sondei_windows_next_handle(struct sondei_windows_handle *out, struct sondei_windows_handle_table *table) {
  const struct sondei_windows_block *const block = &table->block;
  const size_t pointer = block->pointer_size;
  struct sondei_windows_handle handle = {0};
  uint16_t type = 0;
  if (table->count == 0) return false;
  const size_t at = table->offset;
  table->count--;
  table->offset += SONDEI_WINDOWS_HANDLE_SIZE(pointer);
  if (table->layout == SONDEI_WINDOWS_SYSTEM_HANDLES) {
    sondei_windows_read_pointer(block, at + SONDEI_WINDOWS_SYSTEM_HANDLE_PID(pointer), &handle.pid);
    sondei_windows_read_pointer(block, at + SONDEI_WINDOWS_SYSTEM_HANDLE_VALUE(pointer), &handle.value);
    sondei_windows_read_u16(block, at + SONDEI_WINDOWS_SYSTEM_HANDLE_TYPE(pointer), &type);
    handle.type_index = type;
  } else {
    sondei_windows_read_pointer(block, at, &handle.value);
    sondei_windows_read_u32(block, at + SONDEI_WINDOWS_PROCESS_HANDLE_TYPE(pointer), &handle.type_index);
  }
  sondei_windows_read_u32(block, at + SONDEI_WINDOWS_HANDLE_GRANTED_ACCESS(pointer), &handle.granted_access);
  sondei_windows_read_u32(block, at + SONDEI_WINDOWS_HANDLE_ATTRIBUTES(pointer), &handle.attributes);
  *out = handle;
  return true;
}
