/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_loadavg.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_linux_loadavg out = {{-1, -1, -1}, true, 7, 8};
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_loadavg(&out, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(out.load[0] < 0 && out.has_tasks && out.running == 7 && out.total_tasks == 8);
    return 0;
  }
  for (size_t i = 0; i < 3; i++) CHECK(out.load[i] >= 0 && out.load[i] < 1e10);
  CHECK(out.has_tasks || (out.running == 0 && out.total_tasks == 0));
  return 0;
}
