/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_block.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers and where the block lies; then the block, read at every offset. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1),
                                             (data[0] & 2) != 0   ? UINT64_MAX - 7
                                             : (data[0] & 4) != 0 ? 0
                                                                  : 0x10000,
                                             (data[0] & 1) != 0 ? 8 : 4};
  for (size_t at = 0; at <= block.bytes.len + 1; at++) {
    const size_t offset = at <= block.bytes.len ? at : SIZE_MAX;
    sondei_span text = sondei_span_of(NULL, 0);
    uint64_t address = 0;
    size_t place = SIZE_MAX;
    if (sondei_windows_read_unicode_string(&block, offset, &text)) CHECK(check_inside(text, data, size));
    if (sondei_windows_read_wide(&block, offset, &text)) {
      CHECK(check_inside(text, data, size) && text.len % 2 == 0);
      CHECK(text.data[text.len] == 0 && text.data[text.len + 1] == 0);
    }
    if (sondei_windows_read_wide_pointer(&block, offset, &text)) CHECK(check_inside(text, data, size));
    if (sondei_windows_read_pointer(&block, offset, &address) && sondei_windows_locate(&block, address, &place)) {
      CHECK(place < block.bytes.len && block.base + place == address);
    }
  }
  return 0;
}
