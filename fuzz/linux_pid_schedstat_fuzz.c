/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "core/parse/linux_pid_schedstat.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_pid_schedstat out;
  struct sondei_linux_pid_schedstat untouched;
  sondei_parse_error err = {0, NULL};
  memset(&out, 0x5a, sizeof out);
  untouched = out;
  const sonde_status status = sondei_linux_parse_pid_schedstat(&out, &err, in);
  if (status != SONDE_OK) {
    CHECK(status == SONDE_ERR_PARSE);
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(memcmp(&out, &untouched, sizeof out) == 0);
    return 0;
  }
  return 0;
}
