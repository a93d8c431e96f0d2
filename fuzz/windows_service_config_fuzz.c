/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_service_config.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers; then the block, which lies at 0x10000. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block in = {sondei_span_of((const char *)data + 1, size - 1), 0x10000,
                                          (data[0] & 1) != 0 ? 8 : 4};
  struct sondei_windows_service_config config = {.start_type = 4711};
  sondei_span text = sondei_span_of(NULL, 0);
  sondei_parse_error err = {0, NULL};
  if (sondei_windows_parse_service_config(&config, &err, &in) == SONDE_OK) {
    CHECK(err.expected == NULL);
    CHECK(check_inside(config.binary_path, data, size) && check_inside(config.start_name, data, size) &&
          check_inside(config.display_name, data, size));
  } else {
    CHECK(err.expected != NULL && err.position < size && config.start_type == 4711);
  }
  err.expected = NULL;
  if (sondei_windows_parse_service_description(&text, &err, &in) == SONDE_OK) {
    CHECK(err.expected == NULL && check_inside(text, data, size));
  } else {
    CHECK(err.expected != NULL && err.position < size && text.data == NULL);
  }
  return 0;
}
