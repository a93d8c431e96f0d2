/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_drive_strings.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_span in = whole;
  sondei_span before = in;
  sondei_span name = in;
  sondei_parse_error err;
  while (sondei_windows_next_drive_string(&name, &err, &in)) {
    uint32_t number = 4711;
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(name, data, size) && name.len > 0);
    if (sondei_windows_drive_kind_of(name, &number) == SONDEI_WINDOWS_DRIVE_OTHER) CHECK(number == 4711);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  (void)sondei_windows_is_floppy(whole);
  return 0;
}
