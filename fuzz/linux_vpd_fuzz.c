/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_vpd.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sondei_span out = {NULL, 4711};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_vpd_serial(&out, &err, in) != SONDE_OK) {
    CHECK(out.data == NULL && out.len == 4711 && err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(check_inside(out, data, size) && out.len + 4 <= size);
  CHECK(out.len == 0 || (out.data[0] != ' ' && out.data[out.len - 1] != '\0'));
  return 0;
}
