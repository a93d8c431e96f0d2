/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_adapters.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_address(const sonde_address *address, size_t max) {
  CHECK(address->len <= max);
  for (size_t i = address->len; i < SONDE_ADDRESS_MAX; i++) CHECK(address->bytes[i] == 0);
}

/* First byte: the width of pointers; then the block, at an address that its pointers can have. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) return 0;
  const struct sondei_windows_block block = {sondei_span_of((const char *)data + 1, size - 1),
                                             (data[0] & 2) != 0 ? UINT32_MAX - 0xffff : 0x10000,
                                             (data[0] & 1) != 0 ? 8 : 4};
  struct sondei_windows_adapters walk;
  struct sondei_windows_adapter adapter;
  struct sondei_windows_adapter_address address;
  sondei_parse_error err = {0, NULL};
  size_t num_adapters = 0;
  size_t num_addresses = 0;
  sondei_windows_adapters_start(&walk, &block);
  while (sondei_windows_next_adapter(&adapter, &err, &walk)) {
    CHECK(++num_adapters <= size / 76 + 1 && err.position <= block.bytes.len);
    CHECK(check_inside(adapter.name, data, size) && adapter.name.len % 2 == 0);
    check_address(&adapter.hwaddr, 8);
    CHECK((adapter.hwaddr.family == SONDE_FAMILY_LINK) == (adapter.hwaddr.len > 0));
    while (sondei_windows_next_adapter_address(&address, &err, &walk, &adapter)) {
      /* Each chain ends in at most one that is not counted. */
      CHECK(++num_addresses <= size / 45 + num_adapters && err.position <= block.bytes.len);
      check_address(&address.address, 16);
      CHECK(address.has_prefix ? address.prefix_len <= address.address.len * 8 : address.prefix_len == 0);
      if (err.expected == NULL) CHECK(address.address.len == 4 || address.address.len == 16);
    }
  }
  CHECK(num_adapters > 0 && !sondei_windows_next_adapter(&adapter, &err, &walk));
  return 0;
}
