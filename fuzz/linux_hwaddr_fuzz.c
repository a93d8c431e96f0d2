/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_hwaddr.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  sonde_address address;
  sonde_address before;
  sondei_parse_error err = {0, NULL};
  memset(&address, 0xa5, sizeof address);
  memcpy(&before, &address, sizeof address);
  if (sondei_linux_parse_hwaddr(&address, &err, in) != SONDE_OK) {
    CHECK(memcmp(&before, &address, sizeof address) == 0);
    CHECK(err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(address.len <= SONDE_ADDRESS_MAX);
  CHECK(address.family == (address.len > 0 ? SONDE_FAMILY_LINK : SONDE_FAMILY_NONE));
  return 0;
}
