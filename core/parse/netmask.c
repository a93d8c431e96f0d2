/* SPDX-License-Identifier: MIT */
#include "core/parse/netmask.h"

#include <string.h>

enum {
  NETMASK_LONGEST_BROADCAST = 30
};

sonde_address sondei_netmask(const sonde_address *address, uint8_t prefix_len) {
  sonde_address mask;
  memset(&mask, 0, sizeof mask);
  mask.family = address->family;
  mask.len = address->len;
  for (size_t i = 0; i < address->len; i++) {
    const size_t before = i * 8;
    const size_t bits = prefix_len <= before ? 0 : prefix_len - before >= 8 ? 8 : prefix_len - before;
    mask.bytes[i] = (uint8_t)(0xff00u >> bits);
  }
  return mask;
}

sonde_address sondei_broadcast(const sonde_address *address, uint8_t prefix_len) {
  sonde_address broadcast;
  memset(&broadcast, 0, sizeof broadcast);
  if (address->family != SONDE_FAMILY_INET || prefix_len > NETMASK_LONGEST_BROADCAST) return broadcast;
  broadcast = sondei_netmask(address, prefix_len);
  for (size_t i = 0; i < address->len; i++) {
    broadcast.bytes[i] = (uint8_t)(address->bytes[i] | (broadcast.bytes[i] ^ 0xffu));
  }
  return broadcast;
}
