/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_disk_type.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  char type[SONDEI_LINUX_DISK_TYPE_MAX];
  const size_t len = sondei_linux_dm_type(type, in);
  CHECK(len >= 2 && len <= sizeof type);
  for (size_t i = 0; i < len; i++) CHECK(type[i] != '-' && !(type[i] >= 'A' && type[i] <= 'Z'));
  CHECK(sondei_linux_disk_type_of(in) != NULL);
  return 0;
}
