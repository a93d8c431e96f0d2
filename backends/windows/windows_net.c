/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_net.h" /* first */

#include <stddef.h>
#include <string.h>

#include "backends/windows/windows_connection.h"
#include "backends/windows/windows_error.h"
#include "backends/windows/windows_system.h"
#include "backends/windows/windows_text.h"
#include "core/parse/netmask.h"
#include "core/parse/windows_adapters.h"

#define WINDOWS_TABLE_FIRST 16384

sonde_status sondei_windows_query_table(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                        DWORD *code, windows_table_call *call, const void *what) {
  struct sonde_buffer *const buffer = &state->data;
  unsigned tries = 0;
  sonde_status status = buffer->capacity > 0 ? SONDE_OK : sonde_env_grow(env, buffer, WINDOWS_TABLE_FIRST);
  *code = NO_ERROR;
  while (status == SONDE_OK) {
    const ULONG size = buffer->capacity < UINT32_MAX ? (ULONG)buffer->capacity : UINT32_MAX;
    ULONG told = size;
    const ULONG result = call(state->os, buffer->data, &told, what);
    if (result == NO_ERROR) {
      *out = sondei_span_of(buffer->data, size);
      return SONDE_OK;
    }
    /* The last: a table that grew meanwhile. */
    const bool is_too_small =
        result == ERROR_INSUFFICIENT_BUFFER || result == ERROR_BUFFER_OVERFLOW || result == (ULONG)STATUS_UNSUCCESSFUL;
    if (!is_too_small || !sondei_windows_grow_more(env, buffer, told, &tries, &status)) {
      if (status == SONDE_OK) {
        *code = result;
        return sondei_windows_status(result);
      }
    }
  }
  return status;
}

/* ---- Interfaces: those that speak IP, as GetAdaptersAddresses lists them --------------------------------------------
 */

static const char windows_net_adapters_call[] = "GetAdaptersAddresses";

/* The structures that the parser reads are those of the headers. */
#define WINDOWS_AFTER(pointers) (8 + (pointers) * sizeof(void *))
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, IfIndex) == 4 && offsetof(IP_ADAPTER_ADDRESSES, Next) == 8, "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, FirstUnicastAddress) == WINDOWS_AFTER(2), "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, FriendlyName) == WINDOWS_AFTER(8), "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, PhysicalAddress) == WINDOWS_AFTER(9), "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, PhysicalAddressLength) == WINDOWS_AFTER(9) + 8, "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, IfType) == WINDOWS_AFTER(9) + 20, "");
_Static_assert(offsetof(IP_ADAPTER_ADDRESSES, Ipv6IfIndex) == WINDOWS_AFTER(9) + 28, "");
_Static_assert(offsetof(IP_ADAPTER_UNICAST_ADDRESS, Next) == 8, "");
_Static_assert(offsetof(IP_ADAPTER_UNICAST_ADDRESS, Address) == WINDOWS_AFTER(1), "");
_Static_assert(offsetof(SOCKET_ADDRESS, iSockaddrLength) == sizeof(void *), "");
_Static_assert(offsetof(IP_ADAPTER_UNICAST_ADDRESS, OnLinkPrefixLength) == WINDOWS_AFTER(3) + 24, "");
_Static_assert(IF_TYPE_PPP == SONDEI_WINDOWS_IF_PPP && IF_TYPE_TUNNEL == SONDEI_WINDOWS_IF_TUNNEL, "");
_Static_assert(IF_TYPE_SOFTWARE_LOOPBACK == SONDEI_WINDOWS_IF_LOOPBACK, "");

static ULONG windows_net_call_adapters(const struct windows_os *os, void *out, ULONG *size, const void *what) {
  const ULONG flags = GAA_FLAG_SKIP_ANYCAST | GAA_FLAG_SKIP_MULTICAST | GAA_FLAG_SKIP_DNS_SERVER;
  (void)what;
  return os->GetAdaptersAddresses(AF_UNSPEC, flags, NULL, out, size);
}

/* The adapters, in state->data; none is no failure. */
static sonde_status windows_net_start(struct sonde_env *env, struct windows_state *state,
                                      struct sondei_windows_adapters *out) {
  DWORD code = NO_ERROR;
  struct sondei_windows_block block = {.pointer_size = sizeof(void *)};
  sonde_status status = sondei_windows_query_table(env, state, &block.bytes, &code, windows_net_call_adapters, NULL);
  memset(out, 0, sizeof *out);
  if (code == ERROR_NO_DATA) return SONDE_OK;
  if (code != NO_ERROR) return sondei_windows_fail(env, code, windows_net_adapters_call, "");
  if (status != SONDE_OK) return status;
  block.base = (uintptr_t)block.bytes.data;
  sondei_windows_adapters_start(out, &block);
  return SONDE_OK;
}

static sonde_status windows_net_fail_parse(struct sonde_env *env, const sondei_parse_error *err) {
  return sonde_env_fail_parse(env, err->expected, err->position, windows_net_adapters_call,
                              sizeof windows_net_adapters_call - 1);
}

/* An adapter with what the system counts and knows of its interface. */
struct windows_interface {
  struct sondei_windows_adapter adapter;
  sonde_status status; /* of entry */
  MIB_IF_ROW2 entry;
};

/* The next that is still there. */
static bool windows_net_next(struct sonde_env *env, struct windows_state *state, struct windows_interface *out,
                             struct sondei_windows_adapters *in) {
  sondei_parse_error err;
  while (sondei_windows_next_adapter(&out->adapter, &err, in)) {
    memset(&out->entry, 0, sizeof out->entry);
    if (err.expected != NULL) {
      out->status = windows_net_fail_parse(env, &err);
      return true;
    }
    out->entry.InterfaceIndex = out->adapter.index;
    const DWORD code = state->os->GetIfEntry2(&out->entry);
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_NOT_FOUND) continue;
    out->status = SONDE_OK;
    if (code != NO_ERROR) {
      out->status =
          sondei_windows_fail(env, code, "GetIfEntry2", sondei_windows_subject(env, state, out->adapter.name));
    }
    return true;
  }
  return false;
}

/* ---- Traffic --------------------------------------------------------------------------------------------------------
 */

static void windows_net_copy_counters(sonde_net_io *row, const MIB_IF_ROW2 *entry) {
  row->valid =
      SONDE_NET_IO_BYTES | SONDE_NET_IO_ERRIN | SONDE_NET_IO_ERROUT | SONDE_NET_IO_DROPIN | SONDE_NET_IO_DROPOUT;
  row->bytes_recv = entry->InOctets;
  row->bytes_sent = entry->OutOctets;
  row->errin = entry->InErrors;
  row->errout = entry->OutErrors;
  row->dropin = entry->InDiscards;
  row->dropout = entry->OutDiscards;
  if (entry->InUcastPkts > UINT64_MAX - entry->InNUcastPkts) return;
  if (entry->OutUcastPkts > UINT64_MAX - entry->OutNUcastPkts) return;
  row->valid |= SONDE_NET_IO_PACKETS;
  row->packets_recv = entry->InUcastPkts + entry->InNUcastPkts;
  row->packets_sent = entry->OutUcastPkts + entry->OutNUcastPkts;
}

static sonde_status windows_net_io_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_adapters adapters;
  struct windows_interface nic;
  sonde_status status = windows_net_start(env, state, &adapters);
  while (status == SONDE_OK && windows_net_next(env, state, &nic, &adapters)) {
    sonde_net_io *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->status = nic.status;
    if (row->status == SONDE_OK) windows_net_copy_counters(row, &nic.entry);
    status = sondei_windows_string(env, state, out, &row->name, nic.adapter.name);
  }
  return status;
}

/* ---- Errors ---------------------------------------------------------------------------------------------------------
 */

static sonde_status windows_net_error_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_adapters adapters;
  struct windows_interface nic;
  sonde_status status = windows_net_start(env, state, &adapters);
  while (status == SONDE_OK && windows_net_next(env, state, &nic, &adapters)) {
    sonde_net_error *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->status = nic.status;
    row->index = nic.adapter.index;
    if (row->status == SONDE_OK) {
      row->valid = SONDE_NET_ERROR_NO_HANDLER;
      row->rx_no_handler = nic.entry.InUnknownProtos;
    }
    status = sondei_windows_string(env, state, out, &row->name, nic.adapter.name);
  }
  return status;
}

/* ---- Properties -----------------------------------------------------------------------------------------------------
 */

/* IF_OPER_STATUS, in the words of RFC 2863 as Linux writes them. */
static const char *const windows_net_operstates[] = {
    [IfOperStatusUp] = "up",
    [IfOperStatusDown] = "down",
    [IfOperStatusTesting] = "testing",
    [IfOperStatusUnknown] = "unknown",
    [IfOperStatusDormant] = "dormant",
    [IfOperStatusNotPresent] = "notpresent",
    [IfOperStatusLowerLayerDown] = "lowerlayerdown",
};

static sonde_status windows_net_fill_properties(struct sonde_env *env, struct sonde_fill *fill, sonde_net_if_stats *row,
                                                const MIB_IF_ROW2 *entry) {
  const size_t state = (size_t)entry->OperStatus;
  row->valid = SONDE_NET_IF_STATS_ISUP | SONDE_NET_IF_STATS_INDEX;
  row->isup = entry->OperStatus == IfOperStatusUp && entry->AdminStatus == NET_IF_ADMIN_STATUS_UP;
  /* Without a limit, as of the loopback interface, or not told; a speed of all ones in 32 or 64 bits is not known. */
  if (entry->Mtu != 0 && entry->Mtu != UINT32_MAX) {
    row->valid |= SONDE_NET_IF_STATS_MTU;
    row->mtu = entry->Mtu;
  }
  if (entry->TransmitLinkSpeed != 0 && entry->TransmitLinkSpeed != UINT32_MAX &&
      entry->TransmitLinkSpeed != UINT64_MAX) {
    row->valid |= SONDE_NET_IF_STATS_SPEED;
    row->speed = entry->TransmitLinkSpeed;
  }
  if (entry->PhysicalAddressLength > sizeof entry->PhysicalAddress) {
    const sondei_parse_error err = {0, "a hardware address of at most 32 bytes"};
    row->status = windows_net_fail_parse(env, &err);
  } else if (entry->PhysicalAddressLength > 0) {
    row->hwaddr.family = SONDE_FAMILY_LINK;
    row->hwaddr.len = (uint8_t)entry->PhysicalAddressLength;
    memcpy(row->hwaddr.bytes, entry->PhysicalAddress, entry->PhysicalAddressLength);
  }
  if (state == 0 || state >= sizeof windows_net_operstates / sizeof windows_net_operstates[0]) return SONDE_OK;
  return sonde_fill_string(fill, &row->operstate, windows_net_operstates[state], strlen(windows_net_operstates[state]));
}

static sonde_status windows_net_if_stats_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_adapters adapters;
  struct windows_interface nic;
  sonde_status status = windows_net_start(env, state, &adapters);
  while (status == SONDE_OK && windows_net_next(env, state, &nic, &adapters)) {
    sonde_net_if_stats *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->status = nic.status;
    row->index = nic.adapter.index;
    status = sondei_windows_string(env, state, out, &row->name, nic.adapter.name);
    if (status == SONDE_OK && row->status == SONDE_OK) {
      status = windows_net_fill_properties(env, out, row, &nic.entry);
    }
  }
  return status;
}

/* ---- Addresses ------------------------------------------------------------------------------------------------------
 */

static sonde_net_if_addr *windows_net_add_address(struct sonde_fill *fill, const struct sondei_windows_adapter *adapter,
                                                  const sonde_string *name) {
  sonde_net_if_addr *const row = sonde_fill_row(fill);
  if (row == NULL) return NULL;
  row->index = adapter->index;
  row->name = *name;
  return row;
}

static void windows_net_copy_address(sonde_net_if_addr *row, const struct sondei_windows_adapter *adapter,
                                     const struct sondei_windows_adapter_address *address) {
  const bool has_broadcast = adapter->type != SONDEI_WINDOWS_IF_LOOPBACK && adapter->type != SONDEI_WINDOWS_IF_PPP &&
                             adapter->type != SONDEI_WINDOWS_IF_TUNNEL;
  row->address = address->address;
  if (!address->has_prefix) return;
  row->prefix_len = address->prefix_len;
  row->netmask = sondei_netmask(&address->address, address->prefix_len);
  if (has_broadcast) row->broadcast = sondei_broadcast(&address->address, address->prefix_len);
}

static sonde_status windows_net_fill_addresses(struct sonde_env *env, struct windows_state *state,
                                               struct sonde_fill *fill, struct sondei_windows_adapters *adapters,
                                               struct sondei_windows_adapter *adapter) {
  struct sondei_windows_adapter_address address;
  sondei_parse_error err;
  sonde_string name = {"", 0};
  /* The row of the hardware address, of the first other one where there is none, or of nothing. */
  sonde_net_if_addr *row = windows_net_add_address(fill, adapter, &name);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  const sonde_status status = sondei_windows_string(env, state, fill, &row->name, adapter->name);
  if (status != SONDE_OK) return status;
  name = row->name;
  row->address = adapter->hwaddr;
  bool is_free = adapter->hwaddr.family == SONDE_FAMILY_NONE;
  while (sondei_windows_next_adapter_address(&address, &err, adapters, adapter)) {
    if (!is_free) row = windows_net_add_address(fill, adapter, &name);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    is_free = false;
    if (err.expected != NULL) {
      row->status = windows_net_fail_parse(env, &err);
    } else {
      windows_net_copy_address(row, adapter, &address);
    }
  }
  return SONDE_OK;
}

static sonde_status windows_net_if_addr_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  struct sondei_windows_adapters adapters;
  struct sondei_windows_adapter adapter;
  sondei_parse_error err;
  sonde_status status = windows_net_start(env, state, &adapters);
  while (status == SONDE_OK && sondei_windows_next_adapter(&adapter, &err, &adapters)) {
    if (err.expected == NULL) {
      status = windows_net_fill_addresses(env, state, out, &adapters, &adapter);
      continue;
    }
    sonde_net_if_addr *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->status = windows_net_fail_parse(env, &err);
    row->index = adapter.index;
    status = sondei_windows_string(env, state, out, &row->name, adapter.name);
  }
  return status;
}

/* ---- Protocols ------------------------------------------------------------------------------------------------------
 */

struct windows_net_counter {
  const char *name;
  size_t offset, size;
};

#define WINDOWS_COUNTER_AS(type, member, name) {name, offsetof(type, member), sizeof(((const type *)0)->member)}
#define WINDOWS_COUNTER(type, name) WINDOWS_COUNTER_AS(type, dw##name, #name)
#define WINDOWS_COUNTER2(type, name) WINDOWS_COUNTER_AS(struct type, name, #name)

static const struct windows_net_counter windows_net_ip[] = {
    WINDOWS_COUNTER(MIB_IPSTATS, Forwarding),      WINDOWS_COUNTER(MIB_IPSTATS, DefaultTTL),
    WINDOWS_COUNTER(MIB_IPSTATS, InReceives),      WINDOWS_COUNTER(MIB_IPSTATS, InHdrErrors),
    WINDOWS_COUNTER(MIB_IPSTATS, InAddrErrors),    WINDOWS_COUNTER(MIB_IPSTATS, ForwDatagrams),
    WINDOWS_COUNTER(MIB_IPSTATS, InUnknownProtos), WINDOWS_COUNTER(MIB_IPSTATS, InDiscards),
    WINDOWS_COUNTER(MIB_IPSTATS, InDelivers),      WINDOWS_COUNTER(MIB_IPSTATS, OutRequests),
    WINDOWS_COUNTER(MIB_IPSTATS, RoutingDiscards), WINDOWS_COUNTER(MIB_IPSTATS, OutDiscards),
    WINDOWS_COUNTER(MIB_IPSTATS, OutNoRoutes),     WINDOWS_COUNTER(MIB_IPSTATS, ReasmTimeout),
    WINDOWS_COUNTER(MIB_IPSTATS, ReasmReqds),      WINDOWS_COUNTER(MIB_IPSTATS, ReasmOks),
    WINDOWS_COUNTER(MIB_IPSTATS, ReasmFails),      WINDOWS_COUNTER(MIB_IPSTATS, FragOks),
    WINDOWS_COUNTER(MIB_IPSTATS, FragFails),       WINDOWS_COUNTER(MIB_IPSTATS, FragCreates),
    WINDOWS_COUNTER(MIB_IPSTATS, NumIf),           WINDOWS_COUNTER(MIB_IPSTATS, NumAddr),
    WINDOWS_COUNTER(MIB_IPSTATS, NumRoutes),
};

static const struct windows_net_counter windows_net_tcp[] = {
    WINDOWS_COUNTER(MIB_TCPSTATS, RtoAlgorithm), WINDOWS_COUNTER(MIB_TCPSTATS, RtoMin),
    WINDOWS_COUNTER(MIB_TCPSTATS, RtoMax),       WINDOWS_COUNTER(MIB_TCPSTATS, MaxConn),
    WINDOWS_COUNTER(MIB_TCPSTATS, ActiveOpens),  WINDOWS_COUNTER(MIB_TCPSTATS, PassiveOpens),
    WINDOWS_COUNTER(MIB_TCPSTATS, AttemptFails), WINDOWS_COUNTER(MIB_TCPSTATS, EstabResets),
    WINDOWS_COUNTER(MIB_TCPSTATS, CurrEstab),    WINDOWS_COUNTER(MIB_TCPSTATS, InSegs),
    WINDOWS_COUNTER(MIB_TCPSTATS, OutSegs),      WINDOWS_COUNTER(MIB_TCPSTATS, RetransSegs),
    WINDOWS_COUNTER(MIB_TCPSTATS, InErrs),       WINDOWS_COUNTER(MIB_TCPSTATS, OutRsts),
    WINDOWS_COUNTER(MIB_TCPSTATS, NumConns),
};

static const struct windows_net_counter windows_net_tcp2[] = {
    WINDOWS_COUNTER2(windows_tcp_statistics, RtoAlgorithm), WINDOWS_COUNTER2(windows_tcp_statistics, RtoMin),
    WINDOWS_COUNTER2(windows_tcp_statistics, RtoMax),       WINDOWS_COUNTER2(windows_tcp_statistics, MaxConn),
    WINDOWS_COUNTER2(windows_tcp_statistics, ActiveOpens),  WINDOWS_COUNTER2(windows_tcp_statistics, PassiveOpens),
    WINDOWS_COUNTER2(windows_tcp_statistics, AttemptFails), WINDOWS_COUNTER2(windows_tcp_statistics, EstabResets),
    WINDOWS_COUNTER2(windows_tcp_statistics, CurrEstab),    WINDOWS_COUNTER2(windows_tcp_statistics, InSegs),
    WINDOWS_COUNTER2(windows_tcp_statistics, OutSegs),      WINDOWS_COUNTER2(windows_tcp_statistics, RetransSegs),
    WINDOWS_COUNTER2(windows_tcp_statistics, InErrs),       WINDOWS_COUNTER2(windows_tcp_statistics, OutRsts),
    WINDOWS_COUNTER2(windows_tcp_statistics, NumConns),
};

static const struct windows_net_counter windows_net_udp[] = {
    WINDOWS_COUNTER(MIB_UDPSTATS, InDatagrams), WINDOWS_COUNTER(MIB_UDPSTATS, NoPorts),
    WINDOWS_COUNTER(MIB_UDPSTATS, InErrors),    WINDOWS_COUNTER(MIB_UDPSTATS, OutDatagrams),
    WINDOWS_COUNTER(MIB_UDPSTATS, NumAddrs),
};

static const struct windows_net_counter windows_net_udp2[] = {
    WINDOWS_COUNTER2(windows_udp_statistics, InDatagrams), WINDOWS_COUNTER2(windows_udp_statistics, NoPorts),
    WINDOWS_COUNTER2(windows_udp_statistics, InErrors),    WINDOWS_COUNTER2(windows_udp_statistics, OutDatagrams),
    WINDOWS_COUNTER2(windows_udp_statistics, NumAddrs),
};

static const struct windows_net_counter windows_net_icmp[] = {
    WINDOWS_COUNTER_AS(MIB_ICMP_EX, icmpInStats.dwMsgs, "InMsgs"),
    WINDOWS_COUNTER_AS(MIB_ICMP_EX, icmpInStats.dwErrors, "InErrors"),
    WINDOWS_COUNTER_AS(MIB_ICMP_EX, icmpOutStats.dwMsgs, "OutMsgs"),
    WINDOWS_COUNTER_AS(MIB_ICMP_EX, icmpOutStats.dwErrors, "OutErrors"),
};

/* What one protocol counts, of whichever version. */
union windows_net_record {
  MIB_IPSTATS ip;
  MIB_ICMP_EX icmp;
  MIB_TCPSTATS tcp;
  struct windows_tcp_statistics tcp2;
  MIB_UDPSTATS udp;
  struct windows_udp_statistics udp2;
};

static ULONG windows_net_ask_ip(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetIpStatisticsEx(&out->ip, family);
}
static ULONG windows_net_ask_icmp(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetIcmpStatisticsEx(&out->icmp, family);
}
static ULONG windows_net_ask_tcp(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetTcpStatisticsEx(&out->tcp, family);
}
static ULONG windows_net_ask_tcp2(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetTcpStatisticsEx2(&out->tcp2, family);
}
static ULONG windows_net_ask_udp(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetUdpStatisticsEx(&out->udp, family);
}
static ULONG windows_net_ask_udp2(const struct windows_os *os, union windows_net_record *out, ULONG family) {
  return os->GetUdpStatisticsEx2(&out->udp2, family);
}

struct windows_net_source {
  ULONG (*ask)(const struct windows_os *os, union windows_net_record *out, ULONG family);
  const char *operation;
  const struct windows_net_counter *counters;
  size_t num_counters;
};

#define WINDOWS_SOURCE(ask, operation, counters) {ask, operation, counters, sizeof(counters) / sizeof(counters)[0]}

struct windows_net_protocol {
  const char *name;
  ULONG family;
  struct windows_net_source sources[2]; /* where the first is missing, the second */
};

#define WINDOWS_IP {WINDOWS_SOURCE(windows_net_ask_ip, "GetIpStatisticsEx", windows_net_ip)}
#define WINDOWS_ICMP {WINDOWS_SOURCE(windows_net_ask_icmp, "GetIcmpStatisticsEx", windows_net_icmp)}
#define WINDOWS_TCP                                                               \
  {WINDOWS_SOURCE(windows_net_ask_tcp2, "GetTcpStatisticsEx2", windows_net_tcp2), \
   WINDOWS_SOURCE(windows_net_ask_tcp, "GetTcpStatisticsEx", windows_net_tcp)}
#define WINDOWS_UDP                                                               \
  {WINDOWS_SOURCE(windows_net_ask_udp2, "GetUdpStatisticsEx2", windows_net_udp2), \
   WINDOWS_SOURCE(windows_net_ask_udp, "GetUdpStatisticsEx", windows_net_udp)}

static const struct windows_net_protocol windows_net_protocols[] = {
    {"Ip", AF_INET, WINDOWS_IP},       {"Ip6", AF_INET6, WINDOWS_IP},   {"Icmp", AF_INET, WINDOWS_ICMP},
    {"Icmp6", AF_INET6, WINDOWS_ICMP}, {"Tcp", AF_INET, WINDOWS_TCP},   {"Tcp6", AF_INET6, WINDOWS_TCP},
    {"Udp", AF_INET, WINDOWS_UDP},     {"Udp6", AF_INET6, WINDOWS_UDP},
};

static sonde_status windows_net_add_counter(struct sonde_fill *out, sonde_net_protocol **made, const char *protocol,
                                            const char *name) {
  sonde_net_protocol *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  *made = row;
  const sonde_status status = sonde_fill_string(out, &row->protocol, protocol, strlen(protocol));
  return status == SONDE_OK ? sonde_fill_string(out, &row->name, name, strlen(name)) : status;
}

/* Messages of each type that there were any of: "InType3", as Linux names them. */
static sonde_status windows_net_fill_types(struct sonde_fill *out, const char *protocol, const char *prefix,
                                           const MIBICMPSTATS_EX *stats) {
  const size_t num_types = sizeof stats->rgdwTypeCount / sizeof stats->rgdwTypeCount[0];
  for (size_t type = 0; type < num_types; type++) {
    char name[16];
    size_t len = strlen(prefix);
    sonde_net_protocol *row = NULL;
    if (stats->rgdwTypeCount[type] == 0) continue;
    memcpy(name, prefix, len);
    if (type >= 100) name[len++] = (char)('0' + type / 100);
    if (type >= 10) name[len++] = (char)('0' + type / 10 % 10);
    name[len++] = (char)('0' + type % 10);
    name[len] = '\0';
    const sonde_status status = windows_net_add_counter(out, &row, protocol, name);
    if (status != SONDE_OK) return status;
    row->value = stats->rgdwTypeCount[type];
  }
  return SONDE_OK;
}

static sonde_status windows_net_fill_counters(struct sonde_env *env, struct sonde_fill *out, const char *protocol,
                                              const struct windows_net_source *source,
                                              const union windows_net_record *record) {
  for (size_t i = 0; i < source->num_counters; i++) {
    const struct windows_net_counter *const counter = &source->counters[i];
    const char *const at = (const char *)record + counter->offset;
    sonde_net_protocol *row = NULL;
    uint64_t value = 0;
    memcpy(&value, at, counter->size); /* Windows is little-endian */
    const sonde_status status = windows_net_add_counter(out, &row, protocol, counter->name);
    if (status != SONDE_OK) return status;
    const bool is_unlimited = value == UINT32_MAX && strcmp(counter->name, "MaxConn") == 0;
    if (value <= INT64_MAX) {
      row->value = is_unlimited ? -1 : (int64_t)value;
    } else {
      row->status = sonde_env_fail_parse(env, "a number below 2^63", counter->offset, source->operation,
                                         strlen(source->operation));
    }
  }
  return SONDE_OK;
}

static sonde_status windows_net_fill_protocol(struct sonde_env *env, struct windows_state *state,
                                              struct sonde_fill *out, const struct windows_net_protocol *protocol) {
  const struct windows_net_source *source = &protocol->sources[0];
  union windows_net_record record;
  memset(&record, 0, sizeof record);
  ULONG code = source->ask(state->os, &record, protocol->family);
  if (sondei_windows_status(code) == SONDE_ERR_UNSUPPORTED && protocol->sources[1].ask != NULL) {
    source = &protocol->sources[1];
    code = source->ask(state->os, &record, protocol->family);
  }
  if (code != NO_ERROR) {
    sonde_net_protocol *row = NULL;
    const sonde_status failure = sondei_windows_fail(env, code, source->operation, protocol->name);
    if (failure == SONDE_ERR_NO_MEMORY) return failure;
    if (failure == SONDE_ERR_UNSUPPORTED) return SONDE_OK; /* IPv6 is not there */
    const sonde_status status = windows_net_add_counter(out, &row, protocol->name, "");
    if (status == SONDE_OK) row->status = failure;
    return status;
  }
  sonde_status status = windows_net_fill_counters(env, out, protocol->name, source, &record);
  if (source->counters != windows_net_icmp) return status;
  if (status == SONDE_OK) status = windows_net_fill_types(out, protocol->name, "InType", &record.icmp.icmpInStats);
  if (status == SONDE_OK) status = windows_net_fill_types(out, protocol->name, "OutType", &record.icmp.icmpOutStats);
  return status;
}

static sonde_status windows_net_protocol_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct windows_state *const state = opaque;
  for (size_t i = 0; i < sizeof windows_net_protocols / sizeof windows_net_protocols[0]; i++) {
    const sonde_status status = windows_net_fill_protocol(env, state, out, &windows_net_protocols[i]);
    if (status != SONDE_OK) return status;
  }
  return sonde_fill_count(out) > 0 ? SONDE_OK : SONDE_ERR_UNSUPPORTED;
}

const struct sonde_net_ops sondei_windows_net_ops = {
    .io_list = windows_net_io_list,
    .if_addr_list = windows_net_if_addr_list,
    .if_stats_list = windows_net_if_stats_list,
    .connection_list = sondei_windows_connection_list,
    .protocol_list = windows_net_protocol_list,
    .error_list = windows_net_error_list,
};
