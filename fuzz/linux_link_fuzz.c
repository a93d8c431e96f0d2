/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "core/parse/linux_link.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_link out;
  struct sondei_linux_link untouched;
  sondei_parse_error err = {0, NULL};
  memset(&out, 0x5a, sizeof out);
  untouched = out;
  const sonde_status status = sondei_linux_parse_link(&out, &err, in);
  if (status != SONDE_OK) {
    CHECK(status == SONDE_ERR_PARSE);
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(memcmp(&out, &untouched, sizeof out) == 0);
    return 0;
  }
  CHECK(check_inside(out.kind, data, size) && out.kind.len > 0);
  sondei_span rest = in;
  if (sondei_linux_take_deleted(&rest)) CHECK(rest.len < size);
  return 0;
}
