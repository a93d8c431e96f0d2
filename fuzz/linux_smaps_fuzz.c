/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "core/parse/linux_smaps.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_mapping(const struct sondei_linux_mapping *mapping, const uint8_t *data, size_t size) {
  if (mapping->path.len > 0) CHECK(check_inside(mapping->path, data, size));
  if (mapping->perms.len > 0) CHECK(check_inside(mapping->perms, data, size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span rest = sondei_span_of((const char *)data, size);
  struct sondei_linux_mapping mapping;
  struct sondei_linux_smaps smaps;
  sondei_parse_error err;
  size_t understood = 0;
  for (sondei_span before = rest; sondei_linux_next_mapping(&mapping, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err));
    check_mapping(&mapping, data, size);
    understood += err.expected == NULL;
  }
  CHECK(rest.len == 0);
  rest = sondei_span_of((const char *)data, size);
  for (sondei_span before = rest; sondei_linux_next_smaps(&smaps, &err, &rest); before = rest) {
    CHECK(check_progress(before, rest, &err));
    check_mapping(&smaps.mapping, data, size);
    if (err.expected == NULL) CHECK(understood-- > 0);
  }
  CHECK(rest.len == 0);
  return 0;
}
