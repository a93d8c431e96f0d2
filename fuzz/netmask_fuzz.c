/* SPDX-License-Identifier: MIT */
#include "core/parse/netmask.h"

#include <string.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* First byte: the prefix; then an address of 4 bytes, or of 16. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size != 5 && size != 17) return 0;
  sonde_address address;
  memset(&address, 0, sizeof address);
  address.family = size == 5 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
  address.len = (uint8_t)(size - 1);
  memcpy(address.bytes, data + 1, size - 1);
  const sonde_address mask = sondei_netmask(&address, data[0]);
  const sonde_address broadcast = sondei_broadcast(&address, data[0]);
  unsigned bits = 0;
  for (size_t i = 0; i < SONDE_ADDRESS_MAX; i++) {
    for (unsigned bit = 0; bit < 8; bit++) bits += (mask.bytes[i] >> bit) & 1u;
  }
  const unsigned longest = address.len * 8u;
  CHECK(bits == (data[0] < longest ? data[0] : longest) && mask.family == address.family && mask.len == address.len);
  if (broadcast.family == SONDE_FAMILY_NONE) return 0;
  CHECK(broadcast.family == SONDE_FAMILY_INET && data[0] <= 30);
  for (size_t i = 0; i < address.len; i++) {
    CHECK((broadcast.bytes[i] & mask.bytes[i]) == (address.bytes[i] & mask.bytes[i]));
    CHECK((broadcast.bytes[i] | mask.bytes[i]) == 0xff);
  }
  return 0;
}
