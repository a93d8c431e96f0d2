/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_environ.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span rest = sondei_span_of((const char *)data, size);
  struct sondei_windows_variable variable;
  sondei_parse_error err;
  for (sondei_span before = rest; sondei_windows_next_variable(&variable, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err) && err.expected == NULL);
    CHECK(check_inside(variable.name, data, size) && check_inside(variable.value, data, size));
    CHECK(variable.name.len >= 2 && variable.name.len % 2 == 0 && variable.value.len % 2 == 0);
    CHECK(variable.has_value || variable.value.len == 0);
    for (size_t at = 2; at < variable.name.len; at += 2) {
      CHECK(variable.name.data[at] != '=' || variable.name.data[at + 1] != 0);
    }
  }
  CHECK(rest.len < 2 || (rest.data[0] == 0 && rest.data[1] == 0));
  return 0;
}
