/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_uevent.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_uevent uevent;
  struct sondei_linux_uevent before;
  sondei_parse_error err = {0, NULL};
  memset(&uevent, 0xa5, sizeof uevent);
  memcpy(&before, &uevent, sizeof uevent);
  if (sondei_linux_parse_uevent(&uevent, &err, in) != SONDE_OK) {
    CHECK(memcmp(&before, &uevent, sizeof uevent) == 0);
    CHECK(err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(check_inside(uevent.devname, data, size) && check_inside(uevent.devtype, data, size));
  CHECK(uevent.has_dev || (uevent.dev_major == 0 && uevent.dev_minor == 0));
  return 0;
}
