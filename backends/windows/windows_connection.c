/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_connection.h" /* first */

#include <stddef.h>
#include <string.h>

#include "backends/windows/windows_error.h"
#include "backends/windows/windows_net.h"
#include "backends/windows/windows_process.h"
#include "core/parse/windows_socket_table.h"

/* The structures that the parser reads are those of the headers. */
_Static_assert(offsetof(MIB_TCPTABLE_OWNER_PID, table) == 4 && sizeof(MIB_TCPROW_OWNER_PID) == 24, "");
_Static_assert(offsetof(MIB_TCPROW_OWNER_PID, dwLocalAddr) == 4 && offsetof(MIB_TCPROW_OWNER_PID, dwLocalPort) == 8,
               "");
_Static_assert(offsetof(MIB_TCPROW_OWNER_PID, dwRemoteAddr) == 12, "");
_Static_assert(offsetof(MIB_TCPROW_OWNER_PID, dwRemotePort) == 16, "");
_Static_assert(offsetof(MIB_TCPROW_OWNER_PID, dwState) == 0 && offsetof(MIB_TCPROW_OWNER_PID, dwOwningPid) == 20, "");
_Static_assert(offsetof(MIB_TCP6TABLE_OWNER_PID, table) == 4 && sizeof(MIB_TCP6ROW_OWNER_PID) == 56, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, ucLocalAddr) == 0, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, dwLocalScopeId) == 16, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, dwLocalPort) == 20, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, ucRemoteAddr) == 24, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, dwRemoteScopeId) == 40, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, dwRemotePort) == 44, "");
_Static_assert(offsetof(MIB_TCP6ROW_OWNER_PID, dwState) == 48 && offsetof(MIB_TCP6ROW_OWNER_PID, dwOwningPid) == 52,
               "");
_Static_assert(offsetof(MIB_UDPTABLE_OWNER_PID, table) == 4 && sizeof(MIB_UDPROW_OWNER_PID) == 12, "");
_Static_assert(offsetof(MIB_UDPROW_OWNER_PID, dwLocalAddr) == 0 && offsetof(MIB_UDPROW_OWNER_PID, dwLocalPort) == 4,
               "");
_Static_assert(offsetof(MIB_UDPROW_OWNER_PID, dwOwningPid) == 8, "");
_Static_assert(offsetof(MIB_UDP6TABLE_OWNER_PID, table) == 4 && sizeof(MIB_UDP6ROW_OWNER_PID) == 28, "");
_Static_assert(offsetof(MIB_UDP6ROW_OWNER_PID, dwLocalScopeId) == 16, "");
_Static_assert(offsetof(MIB_UDP6ROW_OWNER_PID, dwLocalPort) == 20, "");
_Static_assert(offsetof(MIB_UDP6ROW_OWNER_PID, dwOwningPid) == 24, "");
_Static_assert(MIB_TCP_STATE_CLOSED == 1 && MIB_TCP_STATE_LISTEN == 2 && MIB_TCP_STATE_DELETE_TCB == 12, "");

struct windows_connection_table {
  uint32_t kind;
  enum sondei_windows_socket_kind rows;
  ULONG family;
  sonde_socket_type type;
  const char *operation, *name;
};

static const char windows_connection_tcp[] = "GetExtendedTcpTable";
static const char windows_connection_udp[] = "GetExtendedUdpTable";

static const struct windows_connection_table windows_connection_tables[] = {
    {SONDE_CONNECTION_TCP4, SONDEI_WINDOWS_TCP4, AF_INET, SONDE_SOCKET_STREAM, windows_connection_tcp, "tcp4"},
    {SONDE_CONNECTION_TCP6, SONDEI_WINDOWS_TCP6, AF_INET6, SONDE_SOCKET_STREAM, windows_connection_tcp, "tcp6"},
    {SONDE_CONNECTION_UDP4, SONDEI_WINDOWS_UDP4, AF_INET, SONDE_SOCKET_DGRAM, windows_connection_udp, "udp4"},
    {SONDE_CONNECTION_UDP6, SONDEI_WINDOWS_UDP6, AF_INET6, SONDE_SOCKET_DGRAM, windows_connection_udp, "udp6"},
};

static ULONG windows_connection_call(const struct windows_os *os, void *out, ULONG *size, const void *what) {
  const struct windows_connection_table *const table = what;
  DWORD told = *size;
  const DWORD code = table->type == SONDE_SOCKET_STREAM
                         ? os->GetExtendedTcpTable(out, &told, FALSE, table->family, TCP_TABLE_OWNER_PID_ALL, 0)
                         : os->GetExtendedUdpTable(out, &told, FALSE, table->family, UDP_TABLE_OWNER_PID, 0);
  *size = told;
  return code;
}

/* Whose sockets, and how much of them. */
struct windows_connections {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *out;
  uint32_t kinds;
  bool is_of_process; /* of pid alone */
  sonde_pid pid;
};

static sonde_status windows_connection_fill(const struct windows_connections *c,
                                            const struct windows_connection_table *table, sondei_span bytes) {
  struct sondei_windows_socket_table rows;
  struct sondei_windows_socket socket;
  sondei_parse_error err;
  if (sondei_windows_parse_socket_table(&rows, &err, table->rows, bytes) != SONDE_OK) {
    return sonde_env_fail_parse(c->env, err.expected, err.position, table->name, strlen(table->name));
  }
  while (sondei_windows_next_socket(&socket, &rows)) {
    if (c->is_of_process && (socket.pid == 0 || (sonde_pid)socket.pid != c->pid)) continue;
    sonde_connection *const row = sonde_fill_row(c->out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->family = socket.local.family;
    row->type = table->type;
    row->state = socket.state;
    row->laddr = socket.local;
    row->raddr = socket.remote;
    if ((c->kinds & SONDE_CONNECTION_OWNER) != 0 && socket.pid != 0) {
      row->pid = (sonde_pid)socket.pid;
      row->valid |= SONDE_CONNECTION_VALID_OWNER;
    }
  }
  return SONDE_OK;
}

static sonde_status windows_connection_ask(const struct windows_connections *c) {
  static const char untold[] = "unix and raw sockets";
  if ((c->kinds & (SONDE_CONNECTION_UNIX | SONDE_CONNECTION_RAW)) != 0) {
    const sonde_status status =
        sonde_env_fail(c->env, SONDE_ERR_UNSUPPORTED, 0, NULL, "list", untold, sizeof untold - 1);
    if ((c->kinds & SONDE_CONNECTION_INET) == 0) return status;
  }
  for (size_t i = 0; i < sizeof windows_connection_tables / sizeof windows_connection_tables[0]; i++) {
    const struct windows_connection_table *const table = &windows_connection_tables[i];
    sondei_span bytes;
    DWORD code = NO_ERROR;
    if ((c->kinds & table->kind) == 0) continue;
    sonde_status status = sondei_windows_query_table(c->env, c->state, &bytes, &code, windows_connection_call, table);
    if (code == ERROR_NOT_SUPPORTED && table->family == AF_INET6) continue; /* no IPv6, and no such sockets */
    if (code != NO_ERROR) return sondei_windows_fail(c->env, code, table->operation, table->name);
    if (status == SONDE_OK) status = windows_connection_fill(c, table, bytes);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

sonde_status sondei_windows_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                            uint32_t kinds) {
  const struct windows_connections c = {.env = env, .state = opaque, .out = out, .kinds = kinds};
  return windows_connection_ask(&c);
}

sonde_status sondei_windows_process_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                                    struct sonde_process_ref *ref, uint32_t kinds) {
  const struct windows_connections c = {.env = env,
                                        .state = opaque,
                                        .out = out,
                                        .kinds = kinds | SONDE_CONNECTION_OWNER,
                                        .is_of_process = true,
                                        .pid = ref->pid};
  bool is_alive = false;
  if (sondei_windows_process_handle(ref) == NULL) {
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find the handle", "", 0);
  }
  const sonde_status status = sondei_windows_process_is_running(env, opaque, &is_alive, ref);
  if (status != SONDE_OK) return status;
  return is_alive ? windows_connection_ask(&c) : sondei_windows_no_process(env, ref->pid);
}
