/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_sock_diag.h"

#include <string.h>

#include "core/parse/linux_netlink.h"

/* struct inet_diag_msg: u8 family, state, timer, retransmits; then the socket's identity: u16 ports in network order,
 * addresses of 16 bytes of which IPv4 uses the first 4, u32 interface, u64 cookie; then u32 expiry, receive queue, send
 * queue, uid, inode. */
enum {
  INET_SIZE = 72,
  INET_AT_FAMILY = 0,
  INET_AT_STATE = 1,
  INET_AT_TIMER = 2,
  INET_AT_RETRANSMITS = 3,
  INET_AT_SOURCE_PORT = 4,
  INET_AT_DESTINATION_PORT = 6,
  INET_AT_SOURCE = 8,
  INET_AT_DESTINATION = 24,
  INET_AT_INTERFACE = 40,
  INET_AT_RECV_QUEUE = 56,
  INET_AT_SEND_QUEUE = 60,
  INET_AT_UID = 64,
  INET_AT_INODE = 68,
  TIMER_RETRANSMISSION = 1, /* of other timers the count is that of probes */
  MEMINFO_AT_DROPS = 32,
  FAMILY_UNIX = 1,
  FAMILY_INET = 2,
  FAMILY_INET6 = 10
};

/* struct unix_diag_msg: u8 family, type, state, padding; u32 inode; u64 cookie. */
enum {
  UNIX_SIZE = 16,
  UNIX_AT_FAMILY = 0,
  UNIX_AT_TYPE = 1,
  UNIX_AT_STATE = 2,
  UNIX_AT_INODE = 4,
  UNIX_NAME = 0,
  UNIX_PEER = 2,
  UNIX_QUEUES = 4,
  UNIX_UID = 7
};

/* struct tcp_info. Times are in microseconds. */
enum {
  INFO_SIZE = 104, /* as it was at first */
  INFO_AT_SND_MSS = 16,
  INFO_AT_RCV_MSS = 20,
  INFO_AT_LOST = 32,
  INFO_AT_RTT = 68,
  INFO_AT_RTTVAR = 72,
  INFO_AT_SND_CWND = 80,
  INFO_AT_RETRANSMITS = 100,
  INFO_AT_BYTES_ACKED = 120,
  INFO_AT_BYTES_RECEIVED = 128,
  INFO_AT_DELIVERY_RATE = 160,
  NS_PER_US = 1000
};

static sonde_status fail_at(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  sondei_parse_fail(err, whole, at, expected);
  return SONDE_ERR_PARSE;
}

static uint8_t byte_at(sondei_span in, size_t offset) { return (uint8_t)in.data[offset]; }

/* A number that the length was checked for. */
static uint32_t u32_at(sondei_span in, size_t offset) {
  uint32_t value = 0;
  (void)sondei_span_read_u32(in, offset, &value);
  return value;
}

static void set_endpoint(sonde_address *out, sondei_span in, size_t address, size_t port) {
  const bool is_v4 = byte_at(in, INET_AT_FAMILY) == FAMILY_INET;
  out->family = is_v4 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
  out->len = is_v4 ? 4 : 16;
  memcpy(out->bytes, in.data + address, out->len);
  out->port = (uint16_t)(byte_at(in, port) << 8 | byte_at(in, port + 1));
  if (!is_v4 && out->bytes[0] == 0xfe && (out->bytes[1] & 0xc0) == 0x80) {
    out->scope_id = u32_at(in, INET_AT_INTERFACE);
  }
}

sonde_status sondei_linux_parse_inet_diag(struct sondei_linux_inet_diag *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  struct sondei_linux_inet_diag row;
  memset(&row, 0, sizeof row);
  if (in.len < INET_SIZE) return fail_at(err, whole, in, "a socket");
  if (byte_at(in, INET_AT_FAMILY) != FAMILY_INET && byte_at(in, INET_AT_FAMILY) != FAMILY_INET6) {
    return fail_at(err, whole, in, "a family of addresses");
  }
  set_endpoint(&row.local, in, INET_AT_SOURCE, INET_AT_SOURCE_PORT);
  set_endpoint(&row.remote, in, INET_AT_DESTINATION, INET_AT_DESTINATION_PORT);
  row.state = byte_at(in, INET_AT_STATE);
  if (byte_at(in, INET_AT_TIMER) == TIMER_RETRANSMISSION) row.retransmits = byte_at(in, INET_AT_RETRANSMITS);
  row.interface_index = u32_at(in, INET_AT_INTERFACE);
  row.recv_queue = u32_at(in, INET_AT_RECV_QUEUE);
  row.send_queue = u32_at(in, INET_AT_SEND_QUEUE);
  row.uid = u32_at(in, INET_AT_UID);
  row.inode = u32_at(in, INET_AT_INODE);
  row.tcp_info = sondei_span_of(in.data, 0);
  sondei_span_advance(&in, INET_SIZE);
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  while (sondei_linux_next_netlink_attribute(&attribute, &inner, &in)) {
    if (attribute.type == SONDEI_INET_DIAG_SKMEMINFO) {
      row.drops = 0;
      row.has_drops = sondei_span_read_u32(attribute.payload, MEMINFO_AT_DROPS, &row.drops);
    }
    if (attribute.type == SONDEI_INET_DIAG_INFO) row.tcp_info = attribute.payload;
  }
  if (inner.expected != NULL) return fail_at(err, whole, in, inner.expected);
  *out = row;
  return SONDE_OK;
}

sonde_status sondei_linux_parse_tcp_info(sonde_tcp_info *out, sondei_parse_error *err, sondei_span in) {
  sonde_tcp_info info;
  memset(&info, 0, sizeof info);
  if (in.len < INFO_SIZE) return fail_at(err, in, in, "what TCP knows of a connection");
  info.rtt = (uint64_t)u32_at(in, INFO_AT_RTT) * NS_PER_US;
  info.rttvar = (uint64_t)u32_at(in, INFO_AT_RTTVAR) * NS_PER_US;
  info.retransmits = u32_at(in, INFO_AT_RETRANSMITS);
  info.lost = u32_at(in, INFO_AT_LOST);
  info.snd_cwnd = u32_at(in, INFO_AT_SND_CWND);
  info.snd_mss = u32_at(in, INFO_AT_SND_MSS);
  info.rcv_mss = u32_at(in, INFO_AT_RCV_MSS);
  if (sondei_span_read_u64(in, INFO_AT_BYTES_RECEIVED, &info.bytes_received)) {
    (void)sondei_span_read_u64(in, INFO_AT_BYTES_ACKED, &info.bytes_acked);
    info.valid |= SONDE_TCP_INFO_BYTES;
  }
  if (sondei_span_read_u64(in, INFO_AT_DELIVERY_RATE, &info.delivery_rate)) {
    info.valid |= SONDE_TCP_INFO_DELIVERY_RATE;
  }
  *out = info;
  return SONDE_OK;
}

/* The kernel tells a path with the NUL that it ends it with, also where the path fills sun_path to its last byte. */
static sondei_span name_of(sondei_span name) {
  if (name.len > 0 && name.data[0] != '\0' && name.data[name.len - 1] == '\0') name.len--;
  return name;
}

sonde_status sondei_linux_parse_unix_diag(struct sondei_linux_unix_diag *out, sondei_parse_error *err, sondei_span in) {
  const sondei_span whole = in;
  struct sondei_linux_unix_diag row;
  memset(&row, 0, sizeof row);
  if (in.len < UNIX_SIZE) return fail_at(err, whole, in, "a unix socket");
  if (byte_at(in, UNIX_AT_FAMILY) != FAMILY_UNIX) return fail_at(err, whole, in, "the family of unix sockets");
  row.type = byte_at(in, UNIX_AT_TYPE);
  row.state = byte_at(in, UNIX_AT_STATE);
  row.inode = u32_at(in, UNIX_AT_INODE);
  row.name = sondei_span_of(in.data, 0);
  sondei_span_advance(&in, UNIX_SIZE);
  struct sondei_linux_netlink_attribute attribute;
  sondei_parse_error inner;
  for (sondei_span at = in; sondei_linux_next_netlink_attribute(&attribute, &inner, &in); at = in) {
    const sondei_span payload = attribute.payload;
    bool fits = true;
    if (attribute.type == UNIX_NAME) row.name = name_of(payload);
    if (attribute.type == UNIX_PEER) fits = sondei_span_read_u32(payload, 0, &row.peer);
    if (attribute.type == UNIX_QUEUES) {
      fits = sondei_span_read_u32(payload, 0, &row.recv_queue) && sondei_span_read_u32(payload, 4, &row.send_queue);
      row.has_queues = fits;
    }
    if (attribute.type == UNIX_UID) fits = row.has_uid = sondei_span_read_u32(payload, 0, &row.uid);
    if (!fits) return fail_at(err, whole, at, "a number");
  }
  if (inner.expected != NULL) return fail_at(err, whole, in, inner.expected);
  *out = row;
  return SONDE_OK;
}
