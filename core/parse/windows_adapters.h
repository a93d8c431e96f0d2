/* SPDX-License-Identifier: MIT */
/* windows_adapters.h - network adapters and their addresses, as GetAdaptersAddresses tells them: a chain of
 * IP_ADAPTER_ADDRESSES, each with a chain of IP_ADAPTER_UNICAST_ADDRESS, anywhere in one block. */
#ifndef SONDE_CORE_PARSE_WINDOWS_ADAPTERS_H
#define SONDE_CORE_PARSE_WINDOWS_ADAPTERS_H

#include <sonde/sonde.h>

#include "core/parse/windows_block.h"

/* A walk through the adapters of a block. Each chain may hold as many as the block has room for: one that leads back to
 * itself ends in an error. */
struct sondei_windows_adapters {
  struct sondei_windows_block block;
  uint64_t next;       /* where the next adapter lies; 0: there is none */
  size_t num_adapters; /* at most, from here on */
  size_t num_addresses;
};

struct sondei_windows_adapter {
  uint32_t index; /* of the interface, for IPv4 or, where that is off, for IPv6 */
  uint32_t type;  /* IF_TYPE_*, as IANA numbers them */
  sondei_span name;
  sonde_address hwaddr;   /* NONE where there is none */
  uint64_t first_address; /* for sondei_windows_next_adapter_address; 0: there is none */
};

enum {
  SONDEI_WINDOWS_IF_PPP = 23, /* of sondei_windows_adapter.type */
  SONDEI_WINDOWS_IF_LOOPBACK = 24,
  SONDEI_WINDOWS_IF_TUNNEL = 131
};

struct sondei_windows_adapter_address {
  sonde_address address; /* scope_id as Windows tells it: 0 but for link-local addresses */
  bool has_prefix;
  uint8_t prefix_len;
};

/* The first adapter lies at the beginning of the block, whose address is not 0. */
void sondei_windows_adapters_start(struct sondei_windows_adapters *out, const struct sondei_windows_block *block);

/* The next adapter; one that is not understood where its links begin is the last. Its name is UTF-16. */
bool sondei_windows_next_adapter(struct sondei_windows_adapter *out, sondei_parse_error *err,
                                 struct sondei_windows_adapters *in);

/* The next address of the adapter. */
bool sondei_windows_next_adapter_address(struct sondei_windows_adapter_address *out, sondei_parse_error *err,
                                         struct sondei_windows_adapters *in, struct sondei_windows_adapter *adapter);

#endif /* SONDE_CORE_PARSE_WINDOWS_ADAPTERS_H */
