/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_peb.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_place(const struct sondei_windows_place *place, uint64_t last) {
  CHECK(place->address <= last && place->len <= last - place->address);
}

/* First byte: the width of pointers, and where the block lies; then the block, as either. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const size_t width = (data[0] & 1) != 0 ? 8 : 4;
  const uint64_t last = width == 8 ? UINT64_MAX : UINT32_MAX;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1),
                                             (data[0] & 2) != 0 ? last - 4095 : 0x10000, width};
  struct sondei_windows_parameters found = {.environment = {1, 4711}};
  sondei_parse_error err = {0, NULL};
  uint64_t address = 0;
  if (sondei_windows_parse_peb(&address, &err, &block) == SONDE_OK) {
    CHECK(address != 0 && address <= last && block.bytes.len >= sondei_windows_peb_size(width));
  } else {
    CHECK(address == 0 && err.expected != NULL && err.position <= block.bytes.len);
  }
  if (sondei_windows_parse_parameters(&found, &err, &block) != SONDE_OK) {
    CHECK(found.environment.len == 4711 && err.expected != NULL && err.position <= block.bytes.len);
    return 0;
  }
  CHECK(block.bytes.len >= sondei_windows_parameters_size(width));
  check_place(&found.current_directory, last);
  check_place(&found.image_path, last);
  check_place(&found.command_line, last);
  check_place(&found.environment, last);
  CHECK(found.current_directory.len % 2 == 0 && found.image_path.len % 2 == 0 && found.command_line.len % 2 == 0);
  return 0;
}
