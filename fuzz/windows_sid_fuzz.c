/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_sid.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_sid sid;
  sondei_parse_error err = {0, NULL};
  char text[SONDEI_WINDOWS_SID_TEXT];
  if (sondei_windows_parse_sid(&sid, &err, sondei_span_of((const char *)data, size)) != SONDE_OK) {
    CHECK(err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(check_inside(sid.bytes, data, size) && sid.bytes.len == 8 + 4 * sid.num_parts);
  CHECK(sid.num_parts <= SONDEI_WINDOWS_SID_PARTS && sid.authority < UINT64_C(1) << 48);
  const size_t len = sondei_windows_sid_text(text, &sid);
  CHECK(len < sizeof text && strlen(text) == len && memcmp(text, "S-1-", 4) == 0);
  return 0;
}
