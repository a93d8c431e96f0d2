/* SPDX-License-Identifier: MIT */
/*
 * windows_block.h - memory that Windows filled, with pointers in it.
 *
 * Numbers in it are little-endian on every CPU that Windows runs on. Pointers are addresses in the process for which it
 * was filled: 4 or 8 bytes wide, and only good for what lies in the block itself. Functions that read return false, and
 * leave *out alone, where what is asked for does not lie in the block.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_BLOCK_H
#define SONDE_CORE_PARSE_WINDOWS_BLOCK_H

#include "core/parse/span.h"

struct sondei_windows_block {
  sondei_span bytes;
  uint64_t base;       /* the address of the first byte in that process */
  size_t pointer_size; /* 4 or 8 */
};

/* An unsigned number of `size` bytes, 1 to 8. */
bool sondei_windows_read(const struct sondei_windows_block *block, size_t offset, size_t size, uint64_t *out);
bool sondei_windows_read_u16(const struct sondei_windows_block *block, size_t offset, uint16_t *out);
bool sondei_windows_read_u32(const struct sondei_windows_block *block, size_t offset, uint32_t *out);
bool sondei_windows_read_u64(const struct sondei_windows_block *block, size_t offset, uint64_t *out);

/* A pointer, HANDLE or SIZE_T. */
bool sondei_windows_read_pointer(const struct sondei_windows_block *block, size_t offset, uint64_t *out);

/* Where the address lies in the block; its end is not in it. */
bool sondei_windows_locate(const struct sondei_windows_block *block, uint64_t address, size_t *out);

/* The text, in UTF-16, of the UNICODE_STRING at offset; empty where Length is 0. Its Buffer must lie in the block. */
bool sondei_windows_read_unicode_string(const struct sondei_windows_block *block, size_t offset, sondei_span *out);

/* The text, in UTF-16, that begins at offset, without the NUL that must end it. */
bool sondei_windows_read_wide(const struct sondei_windows_block *block, size_t offset, sondei_span *out);

/* The same of the text that the pointer at offset leads to; empty where it is NULL. */
bool sondei_windows_read_wide_pointer(const struct sondei_windows_block *block, size_t offset, sondei_span *out);

#endif /* SONDE_CORE_PARSE_WINDOWS_BLOCK_H */
