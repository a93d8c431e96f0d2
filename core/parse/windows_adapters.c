/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_adapters.h"

#include <string.h>

/* Both structures begin with u32 Length, u32, and the pointer Next; Length is that of the structure alone.
 *
 * IP_ADAPTER_ADDRESSES: u32 IfIndex; then pointers: Next, AdapterName, the first unicast, anycast, multicast and DNS
 * server address, DnsSuffix, Description, FriendlyName; then BYTE PhysicalAddress[8], and u32 PhysicalAddressLength,
 * Flags, Mtu, IfType, OperStatus, Ipv6IfIndex. */
enum {
  AT_LENGTH = 0,
  AT_IF_INDEX = 4,
  AT_POINTERS = 8,
  POINTER_UNICAST = 2,
  POINTER_FRIENDLY_NAME = 8,
  NUM_POINTERS = 9,
  AFTER_PHYSICAL_ADDRESS = 0,
  AFTER_PHYSICAL_ADDRESS_LENGTH = 8,
  AFTER_IF_TYPE = 20,
  AFTER_IPV6_IF_INDEX = 28,
  AFTER_END = 32,
  PHYSICAL_ADDRESS_MAX = 8,
  NAME_MAX_BYTES = 8192 /* MIB_IF_ROW2 has room for 257 units of it */
};

/* IP_ADAPTER_UNICAST_ADDRESS: the pointers Next and lpSockaddr, int iSockaddrLength in the space of one; u32
 * PrefixOrigin, SuffixOrigin, DadState and three lifetimes; u8 OnLinkPrefixLength. */
enum {
  POINTER_SOCKADDR = 1,
  POINTER_SOCKADDR_LENGTH = 2,
  NUM_ADDRESS_POINTERS = 3,
  AFTER_ON_LINK_PREFIX_LENGTH = 24,
  AFTER_ADDRESS_END = 25,
  NO_PREFIX = 255
};

enum {
  FAMILY_INET = 2,
  FAMILY_INET6 = 23,
  INET_AT_ADDRESS = 4,
  INET_LEN = 16,
  INET6_AT_ADDRESS = 8,
  INET6_AT_SCOPE = 24,
  INET6_LEN = 28
};

static size_t adapter_size(const struct sondei_windows_block *block) {
  return AT_POINTERS + NUM_POINTERS * block->pointer_size + AFTER_END;
}

static size_t address_size(const struct sondei_windows_block *block) {
  return AT_POINTERS + NUM_ADDRESS_POINTERS * block->pointer_size + AFTER_ADDRESS_END;
}

/* Always true: there is a row, and it is bad. */
static bool is_bad(sondei_parse_error *err, size_t position, const char *expected) {
  err->position = position;
  err->expected = expected;
  return true;
}

/* Where the structure at that address lies, if all `size` bytes of it are told. */
static bool find(const struct sondei_windows_block *block, uint64_t address, size_t size, size_t *out) {
  uint32_t len = 0;
  size_t at = 0;
  if (!sondei_windows_locate(block, address, &at) || !sondei_windows_read_u32(block, at + AT_LENGTH, &len)) {
    return false;
  }
  if (len < size || len > block->bytes.len - at) return false;
  *out = at;
  return true;
}

static uint64_t pointer_at(const struct sondei_windows_block *block, size_t at, size_t number) {
  uint64_t pointer = 0;
  (void)sondei_windows_read_pointer(block, at + AT_POINTERS + number * block->pointer_size, &pointer);
  return pointer;
}

static uint32_t u32_at(const struct sondei_windows_block *block, size_t at) {
  uint32_t value = 0;
  (void)sondei_windows_read_u32(block, at, &value);
  return value;
}

void sondei_windows_adapters_start(struct sondei_windows_adapters *out, const struct sondei_windows_block *block) {
  out->block = *block;
  out->next = block->base;
  out->num_adapters = block->bytes.len / adapter_size(block);
  out->num_addresses = block->bytes.len / address_size(block);
}

static bool read_name(const struct sondei_windows_block *block, size_t at, sondei_span *out) {
  struct sondei_windows_block text = *block;
  const uint64_t address = pointer_at(block, at, POINTER_FRIENDLY_NAME);
  size_t start = 0;
  if (address == 0) return true;
  if (!sondei_windows_locate(block, address, &start)) return false;
  if (text.bytes.len - start > NAME_MAX_BYTES) text.bytes.len = start + NAME_MAX_BYTES;
  return sondei_windows_read_wide(&text, start, out);
}

bool sondei_windows_next_adapter(struct sondei_windows_adapter *out, sondei_parse_error *err,
                                 struct sondei_windows_adapters *in) {
  const struct sondei_windows_block *const block = &in->block;
  const uint64_t address = in->next;
  size_t at = 0;
  if (address == 0) return false;
  memset(out, 0, sizeof *out);
  out->name = sondei_span_of(block->bytes.data, 0);
  err->position = 0;
  err->expected = NULL;
  in->next = 0;
  if (!find(block, address, adapter_size(block), &at)) return is_bad(err, 0, "an adapter in the block");
  if (in->num_adapters == 0) return is_bad(err, at, "an end of the adapters");
  in->num_adapters--;
  in->next = pointer_at(block, at, 0);
  const size_t rest = at + AT_POINTERS + NUM_POINTERS * block->pointer_size;
  out->index = u32_at(block, at + AT_IF_INDEX);
  if (out->index == 0) out->index = u32_at(block, rest + AFTER_IPV6_IF_INDEX);
  out->type = u32_at(block, rest + AFTER_IF_TYPE);
  out->first_address = pointer_at(block, at, POINTER_UNICAST);
  const uint32_t len = u32_at(block, rest + AFTER_PHYSICAL_ADDRESS_LENGTH);
  if (!read_name(block, at, &out->name)) return is_bad(err, at, "a name that ends in the block");
  if (len > PHYSICAL_ADDRESS_MAX) return is_bad(err, at, "a hardware address of at most 8 bytes");
  if (len > 0) {
    out->hwaddr.family = SONDE_FAMILY_LINK;
    out->hwaddr.len = (uint8_t)len;
    memcpy(out->hwaddr.bytes, block->bytes.data + rest + AFTER_PHYSICAL_ADDRESS, len);
  }
  return true;
}

static bool read_sockaddr(const struct sondei_windows_block *block, size_t at, sonde_address *out) {
  const sondei_span bytes = block->bytes;
  uint16_t family = 0;
  size_t start = 0;
  const uint32_t len = u32_at(block, at + AT_POINTERS + POINTER_SOCKADDR_LENGTH * block->pointer_size);
  if (!sondei_windows_locate(block, pointer_at(block, at, POINTER_SOCKADDR), &start)) return false;
  if (len > bytes.len - start || !sondei_windows_read_u16(block, start, &family)) return false;
  if (family == FAMILY_INET && len >= INET_LEN) {
    out->family = SONDE_FAMILY_INET;
    out->len = 4;
    memcpy(out->bytes, bytes.data + start + INET_AT_ADDRESS, out->len);
    return true;
  }
  if (family == FAMILY_INET6 && len >= INET6_LEN) {
    out->family = SONDE_FAMILY_INET6;
    out->len = 16;
    memcpy(out->bytes, bytes.data + start + INET6_AT_ADDRESS, out->len);
    out->scope_id = u32_at(block, start + INET6_AT_SCOPE);
    return true;
  }
  return false;
}

bool sondei_windows_next_adapter_address(struct sondei_windows_adapter_address *out, sondei_parse_error *err,
                                         struct sondei_windows_adapters *in, struct sondei_windows_adapter *adapter) {
  const struct sondei_windows_block *const block = &in->block;
  const uint64_t address = adapter->first_address;
  size_t at = 0;
  if (address == 0) return false;
  memset(out, 0, sizeof *out);
  err->position = 0;
  err->expected = NULL;
  adapter->first_address = 0;
  if (!find(block, address, address_size(block), &at)) return is_bad(err, 0, "an address in the block");
  if (in->num_addresses == 0) return is_bad(err, at, "an end of the addresses");
  in->num_addresses--;
  adapter->first_address = pointer_at(block, at, 0);
  if (!read_sockaddr(block, at, &out->address)) return is_bad(err, at, "an IPv4 or IPv6 address in the block");
  const size_t prefix_at = at + AT_POINTERS + NUM_ADDRESS_POINTERS * block->pointer_size + AFTER_ON_LINK_PREFIX_LENGTH;
  const uint8_t prefix_len = (uint8_t)block->bytes.data[prefix_at];
  if (prefix_len == NO_PREFIX) return true;
  if (prefix_len > out->address.len * 8) return is_bad(err, at, "a prefix no longer than an address");
  out->has_prefix = true;
  out->prefix_len = prefix_len;
  return true;
}
