/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "core/parse/linux_cmdline.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span rest = sondei_span_of((const char *)data, size);
  const size_t count = sondei_linux_count_args(rest);
  sondei_span arg;
  sondei_parse_error err;
  size_t pulled = 0;
  size_t bytes = 0;
  size_t at = 0;
  for (sondei_span before = rest; sondei_linux_next_arg(&arg, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err) && err.expected == NULL);
    CHECK(check_inside(arg, data, size) && !sondei_span_find(arg, '\0', &at));
    bytes += arg.len;
    pulled++;
  }
  CHECK(pulled == count);
  for (size_t i = 0; i < size; i++) bytes += data[i] == '\0';
  CHECK(bytes == size);

  rest = sondei_span_of((const char *)data, size);
  struct sondei_linux_variable variable;
  for (sondei_span before = rest; sondei_linux_next_variable(&variable, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err) && err.expected == NULL);
    CHECK(check_inside(variable.name, data, size) && check_inside(variable.value, data, size));
    CHECK(variable.name.len > 0 || variable.has_value);
    CHECK(!sondei_span_find(variable.name, '=', &at));
  }
  return 0;
}
