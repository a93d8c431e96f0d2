/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "core/parse/linux_pid_limits.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span rest = sondei_span_of((const char *)data, size);
  struct sondei_linux_pid_limit limit;
  sondei_parse_error err;
  for (sondei_span before = rest; sondei_linux_next_pid_limit(&limit, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err));
    CHECK(limit.kind <= SONDE_LIMIT_RTTIME);
    if (err.expected != NULL) CHECK(limit.soft == 0 && limit.hard == 0);
  }
  CHECK(rest.len == 0 && err.expected == NULL);
  return 0;
}
