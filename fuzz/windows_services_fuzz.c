/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_services.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the width of pointers, and how many services there are; then the block, which lies at 0x10000. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  struct sondei_windows_services in = {
      {sondei_span_of((const char *)data + 1, size - 1), 0x10000, (data[0] & 1) != 0 ? 8 : 4},
      (data[0] & 2) != 0 ? UINT32_MAX : data[0] >> 2,
      0};
  struct sondei_windows_service service;
  sondei_parse_error err;
  size_t rows = 0;
  while (sondei_windows_next_service(&service, &err, &in)) {
    CHECK(err.position < size);
    CHECK(check_inside(service.name, data, size) && service.name.len % 2 == 0);
    CHECK(check_inside(service.display_name, data, size) && service.display_name.len % 2 == 0);
    rows++;
  }
  CHECK(err.expected == NULL && rows <= size / 44 + 1);
  return 0;
}
