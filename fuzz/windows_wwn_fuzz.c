/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_wwn.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_wwn out = {.len = 4711};
  sondei_parse_error err = {0, NULL};
  if (sondei_windows_parse_wwn(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size && out.len == 4711);
    return 0;
  }
  CHECK(err.expected == NULL && (out.len == 0 || (out.len > 4 && out.len <= sizeof out.text && out.text[3] == '.')));
  return 0;
}
