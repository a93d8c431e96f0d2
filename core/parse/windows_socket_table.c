/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_socket_table.h"

#include <string.h>

/* Each table is a u32 that counts the rows, and then the rows, of u32 alone. Of a port the first two bytes count, in
 * network order, and the others may hold anything. Scopes are in host order. */
enum {
  AT_ROWS = 4,
  STATE_LISTEN = 2,
  NONE = 255
};

struct endpoint_layout {
  uint8_t address, scope, port;
};

struct row_layout {
  sonde_family family;
  uint8_t size, address_len;
  struct endpoint_layout local, remote;
  uint8_t state, pid;
};

static const struct row_layout layouts[] = {
    [SONDEI_WINDOWS_TCP4] = {SONDE_FAMILY_INET, 24, 4, {4, NONE, 8}, {12, NONE, 16}, 0, 20},
    [SONDEI_WINDOWS_TCP6] = {SONDE_FAMILY_INET6, 56, 16, {0, 16, 20}, {24, 40, 44}, 48, 52},
    [SONDEI_WINDOWS_UDP4] = {SONDE_FAMILY_INET, 12, 4, {0, NONE, 4}, {NONE, NONE, NONE}, NONE, 8},
    [SONDEI_WINDOWS_UDP6] = {SONDE_FAMILY_INET6, 28, 16, {0, 16, 20}, {NONE, NONE, NONE}, NONE, 24},
};

/* MIB_TCP_STATE_* */
static const sonde_connection_state states[] = {
    SONDE_STATE_UNKNOWN,    SONDE_STATE_CLOSE,       SONDE_STATE_LISTEN,    SONDE_STATE_SYN_SENT,
    SONDE_STATE_SYN_RECV,   SONDE_STATE_ESTABLISHED, SONDE_STATE_FIN_WAIT1, SONDE_STATE_FIN_WAIT2,
    SONDE_STATE_CLOSE_WAIT, SONDE_STATE_CLOSING,     SONDE_STATE_LAST_ACK,  SONDE_STATE_TIME_WAIT,
    SONDE_STATE_DELETE_TCB,
};

static uint32_t u32_at(sondei_span row, size_t at) {
  uint64_t value = 0;
  (void)sondei_span_read_ordered(row, at, 4, SONDEI_LITTLE_ENDIAN, &value);
  return (uint32_t)value;
}

static void read_endpoint(sonde_address *out, sondei_span row, const struct row_layout *layout,
                          const struct endpoint_layout *at) {
  out->family = layout->family;
  out->len = layout->address_len;
  memcpy(out->bytes, row.data + at->address, out->len);
  out->port = (uint16_t)((uint8_t)row.data[at->port] << 8 | (uint8_t)row.data[at->port + 1]);
  if (at->scope != NONE && out->bytes[0] == 0xfe && (out->bytes[1] & 0xc0) == 0x80) {
    out->scope_id = u32_at(row, at->scope);
  }
}

static bool is_unspecified(const sonde_address *address) {
  if (address->port != 0) return false;
  for (size_t i = 0; i < address->len; i++) {
    if (address->bytes[i] != 0) return false;
  }
  return true;
}

sonde_status sondei_windows_parse_socket_table(struct sondei_windows_socket_table *out, sondei_parse_error *err,
                                               enum sondei_windows_socket_kind kind, sondei_span in) {
  uint64_t count = 0;
  const size_t size = layouts[kind].size;
  if (!sondei_span_read_ordered(in, 0, AT_ROWS, SONDEI_LITTLE_ENDIAN, &count)) {
    sondei_parse_fail(err, in, in, "a table of sockets");
    return SONDE_ERR_PARSE;
  }
  if (count > (in.len - AT_ROWS) / size) {
    sondei_parse_fail(err, in, in, "as many sockets as the table counts");
    return SONDE_ERR_PARSE;
  }
  out->kind = kind;
  out->rows = sondei_span_of(in.data + AT_ROWS, (size_t)count * size);
  return SONDE_OK;
}

bool sondei_windows_next_socket(struct sondei_windows_socket *out, struct sondei_windows_socket_table *in) {
  const struct row_layout *const layout = &layouts[in->kind];
  const sondei_span row = in->rows;
  if (row.len < layout->size) return false;
  memset(out, 0, sizeof *out);
  read_endpoint(&out->local, row, layout, &layout->local);
  out->pid = u32_at(row, layout->pid);
  if (layout->state != NONE) {
    const uint32_t state = u32_at(row, layout->state);
    out->state = state < sizeof states / sizeof states[0] ? states[state] : SONDE_STATE_UNKNOWN;
    /* What stands there for a listener means nothing. */
    if (state != STATE_LISTEN) read_endpoint(&out->remote, row, layout, &layout->remote);
    if (is_unspecified(&out->remote)) memset(&out->remote, 0, sizeof out->remote);
  }
  sondei_span_advance(&in->rows, layout->size);
  return true;
}
