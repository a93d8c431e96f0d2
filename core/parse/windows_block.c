/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_block.h"

bool sondei_windows_read(const struct sondei_windows_block *block, size_t offset, size_t size, uint64_t *out) {
  return sondei_span_read_ordered(block->bytes, offset, size, SONDEI_LITTLE_ENDIAN, out);
}

bool sondei_windows_read_u16(const struct sondei_windows_block *block, size_t offset, uint16_t *out) {
  uint64_t value = 0;
  if (!sondei_windows_read(block, offset, sizeof *out, &value)) return false;
  *out = (uint16_t)value;
  return true;
}

bool sondei_windows_read_u32(const struct sondei_windows_block *block, size_t offset, uint32_t *out) {
  uint64_t value = 0;
  if (!sondei_windows_read(block, offset, sizeof *out, &value)) return false;
  *out = (uint32_t)value;
  return true;
}

bool sondei_windows_read_u64(const struct sondei_windows_block *block, size_t offset, uint64_t *out) {
  return sondei_windows_read(block, offset, sizeof *out, out);
}

bool sondei_windows_read_pointer(const struct sondei_windows_block *block, size_t offset, uint64_t *out) {
  return sondei_windows_read(block, offset, block->pointer_size, out);
}

bool sondei_windows_locate(const struct sondei_windows_block *block, uint64_t address, size_t *out) {
  if (address < block->base || address - block->base >= block->bytes.len) return false;
  *out = (size_t)(address - block->base);
  return true;
}

bool sondei_windows_read_unicode_string(const struct sondei_windows_block *block, size_t offset, sondei_span *out) {
  uint16_t len = 0;
  uint64_t address = 0;
  size_t start = 0;
  /* Length, MaximumLength, and Buffer where its alignment puts it. */
  if (!sondei_windows_read_u16(block, offset, &len) || offset > SIZE_MAX - block->pointer_size ||
      !sondei_windows_read_pointer(block, offset + block->pointer_size, &address)) {
    return false;
  }
  if (len == 0) {
    *out = sondei_span_of(block->bytes.data, 0);
    return true;
  }
  if (!sondei_windows_locate(block, address, &start) || len > block->bytes.len - start) return false;
  *out = sondei_span_of(block->bytes.data + start, len);
  return true;
}

bool sondei_windows_read_wide(const struct sondei_windows_block *block, size_t offset, sondei_span *out) {
  const sondei_span bytes = block->bytes;
  if (offset >= bytes.len) return false;
  for (size_t at = offset; bytes.len - at >= 2; at += 2) {
    if (bytes.data[at] != 0 || bytes.data[at + 1] != 0) continue;
    *out = sondei_span_of(bytes.data + offset, at - offset);
    return true;
  }
  return false;
}

bool sondei_windows_read_wide_pointer(const struct sondei_windows_block *block, size_t offset, sondei_span *out) {
  uint64_t address = 0;
  size_t start = 0;
  if (!sondei_windows_read_pointer(block, offset, &address)) return false;
  if (address == 0) {
    *out = sondei_span_of(block->bytes.data, 0);
    return true;
  }
  return sondei_windows_locate(block, address, &start) && sondei_windows_read_wide(block, start, out);
}
