/* SPDX-License-Identifier: MIT */
/* Sockets, by sock_diag. */
#include "backends/linux/linux_connection.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>

#include "core/parse/linux_sock_diag.h"

enum {
  DIAG_TRIES = 8,
  TCP_STATES = 0x1ffe /* 1 to 12: those that /proc shows; 13 are bound sockets that neither listen nor connect */
};

/* ---- TCP, UDP, raw ------------------------------------------------------------------------------------------------
 */

static sonde_status linux_diag_fill_tcp_info(const struct linux_connections *c, sonde_connection *row,
                                             sondei_parse_error *err, sondei_span bytes) {
  sonde_tcp_info *const info = sonde_fill_array(c->out, 1, sizeof *info);
  if (info == NULL) return SONDE_ERR_NO_MEMORY;
  if (sondei_linux_parse_tcp_info(info, err, bytes) == SONDE_OK) row->tcp_info = info;
  return SONDE_OK;
}

static void linux_diag_fill_inet(sonde_connection *row, const struct sondei_linux_inet_diag *socket,
                                 const struct linux_connection_table *table) {
  const bool is_tcp = table->protocol == IPPROTO_TCP;
  row->family = socket->local.family;
  row->type = table->type;
  row->laddr = socket->local;
  if (!sondei_linux_connection_is_nowhere(&socket->remote)) row->raddr = socket->remote;
  if (is_tcp) row->state = sondei_linux_connection_state(socket->state);
  row->recv_queue = socket->recv_queue;
  row->send_queue = socket->send_queue;
  row->interface_index = socket->interface_index;
  row->valid |= SONDE_CONNECTION_VALID_QUEUES | SONDE_CONNECTION_VALID_INTERFACE;
  if (is_tcp) {
    row->retransmits = socket->retransmits;
    row->valid |= SONDE_CONNECTION_VALID_RETRANSMITS;
  } else if (socket->has_drops) {
    row->drops = socket->drops;
    row->valid |= SONDE_CONNECTION_VALID_DROPS;
  }
  if (socket->inode == 0) return; /* TIME_WAIT: the socket is gone, and its owner with it */
  row->inode = socket->inode;
  row->uid = socket->uid;
  row->valid |= SONDE_CONNECTION_VALID_INODE | SONDE_CONNECTION_VALID_UID;
}

static sonde_status linux_diag_add_inet(const struct linux_connections *c, const struct linux_dump *dump,
                                        const struct linux_connection_table *table, sondei_span payload) {
  struct sondei_linux_inet_diag socket;
  sondei_parse_error err = {0, NULL};
  sonde_connection *row = NULL;
  if (sondei_linux_parse_inet_diag(&socket, &err, payload) == SONDE_OK) {
    sonde_status status = sondei_linux_connection_add(c, &row, socket.inode);
    if (status != SONDE_OK || row == NULL) return status;
    linux_diag_fill_inet(row, &socket, table);
    if (socket.tcp_info.len > 0 && table->protocol == IPPROTO_TCP) {
      status = linux_diag_fill_tcp_info(c, row, &err, socket.tcp_info);
      if (status != SONDE_OK) return status;
    }
  } else {
    row = sonde_fill_row(c->out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->family = table->family == AF_INET ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
    row->type = table->type;
  }
  if (err.expected != NULL) {
    row->status = sonde_env_fail_parse(c->env, err.expected, err.position, dump->what, strlen(dump->what));
  }
  return SONDE_OK;
}

static sonde_status linux_diag_ask_inet(const struct linux_connections *c, struct linux_dump *dump,
                                        const struct linux_connection_table *table) {
  struct inet_diag_req_v2 request;
  memset(&request, 0, sizeof request);
  request.sdiag_family = table->family;
  request.sdiag_protocol = table->protocol;
  request.idiag_states = table->protocol == IPPROTO_TCP ? (uint32_t)TCP_STATES : UINT32_MAX;
  if (table->protocol != IPPROTO_TCP) {
    request.idiag_ext = 1 << (SONDEI_INET_DIAG_SKMEMINFO - 1);
  } else if ((c->kinds & SONDE_CONNECTION_TCP_INFO) != 0) {
    request.idiag_ext = 1 << (SONDEI_INET_DIAG_INFO - 1);
  }
  return sondei_linux_dump_ask(c->env, c->state, dump, SONDEI_SOCK_DIAG_BY_FAMILY, &request, sizeof request);
}

/* ---- Unix ---------------------------------------------------------------------------------------------------------
 */

static sonde_status linux_diag_ask_unix(const struct linux_connections *c, struct linux_dump *dump) {
  struct unix_diag_req request;
  memset(&request, 0, sizeof request);
  request.sdiag_family = AF_UNIX;
  request.udiag_states = UINT32_MAX;
  request.udiag_show = SONDEI_UNIX_DIAG_SHOW_NAME | SONDEI_UNIX_DIAG_SHOW_PEER | SONDEI_UNIX_DIAG_SHOW_QUEUES |
                       SONDEI_UNIX_DIAG_SHOW_UID;
  return sondei_linux_dump_ask(c->env, c->state, dump, SONDEI_SOCK_DIAG_BY_FAMILY, &request, sizeof request);
}

/* The inode of the peer of unix row number i. */
static uint32_t *linux_diag_peer(const struct linux_connections *c, size_t i) {
  void *const peers = c->state->sockets.data;
  return (uint32_t *)peers + i;
}

/* Every socket gets a row, held or not: the names of the held ones' peers are among them. */
static sonde_status linux_diag_add_unix(const struct linux_connections *c, const struct linux_dump *dump, size_t first,
                                        sondei_span payload) {
  struct sondei_linux_unix_diag socket;
  sondei_parse_error err;
  const size_t number = sonde_fill_count(c->out) - first;
  const sonde_status status = sonde_env_grow(c->env, &c->state->sockets, (number + 1) * sizeof socket.peer);
  if (status != SONDE_OK) return status;
  sonde_connection *const row = sonde_fill_row(c->out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  *linux_diag_peer(c, number) = 0;
  row->family = SONDE_FAMILY_UNIX;
  if (sondei_linux_parse_unix_diag(&socket, &err, payload) != SONDE_OK) {
    row->status = sonde_env_fail_parse(c->env, err.expected, err.position, dump->what, strlen(dump->what));
    return SONDE_OK;
  }
  *linux_diag_peer(c, number) = socket.peer;
  row->type = sondei_linux_connection_unix_type(socket.type);
  if (socket.state == SONDEI_UNIX_STATE_LISTEN) row->state = SONDE_STATE_LISTEN;
  row->inode = socket.inode;
  if (socket.inode != 0) row->valid |= SONDE_CONNECTION_VALID_INODE;
  if (socket.has_uid) {
    row->uid = socket.uid;
    row->valid |= SONDE_CONNECTION_VALID_UID;
  }
  if (socket.has_queues) {
    row->recv_queue = socket.recv_queue;
    row->send_queue = socket.send_queue;
    row->valid |= SONDE_CONNECTION_VALID_QUEUES;
  }
  if (socket.name.len == 0) return SONDE_OK;
  return sonde_fill_string(c->out, &row->lpath, socket.name.data, socket.name.len);
}

/* Names the peers of the rows from `first` on. */
static sonde_status linux_diag_name_peers(const struct linux_connections *c, size_t first) {
  const size_t count = sonde_fill_count(c->out);
  struct linux_inodes numbers;
  const sonde_status status = sondei_linux_inodes_make(c->env, &numbers, &c->state->peers, count - first);
  if (status != SONDE_OK) return status;
  for (size_t i = first; i < count; i++) {
    const sonde_connection *const row = sonde_fill_at(c->out, i);
    if (row->inode != 0 && row->lpath.len > 0) sondei_linux_inodes_add(&numbers, row->inode, i);
  }
  for (size_t i = first; i < count; i++) {
    sonde_connection *const row = sonde_fill_at(c->out, i);
    uint64_t peer = 0;
    if (!sondei_linux_inodes_find(&numbers, *linux_diag_peer(c, i - first), &peer)) continue;
    row->rpath = ((const sonde_connection *)sonde_fill_at(c->out, (size_t)peer))->lpath;
  }
  return SONDE_OK;
}

/* Leaves the rows of sockets that are held, and those that nothing is known of. */
static void linux_diag_keep_held(const struct linux_connections *c, size_t first) {
  const size_t count = sonde_fill_count(c->out);
  size_t kept = first;
  for (size_t i = first; i < count; i++) {
    sonde_connection *const row = sonde_fill_at(c->out, i);
    uint64_t fd = 0;
    if (row->status == SONDE_OK) {
      if (!sondei_linux_inodes_find(c->held, row->inode, &fd)) continue;
      sondei_linux_connection_set_owner(row, c->pid, fd);
    }
    if (kept != i) *(sonde_connection *)sonde_fill_at(c->out, kept) = *row;
    kept++;
  }
  while (sonde_fill_count(c->out) > kept) sonde_fill_drop_row(c->out);
}

/* ---- Both ---------------------------------------------------------------------------------------------------------
 */

static sonde_status linux_diag_pull(const struct linux_connections *c, struct linux_dump *dump,
                                    const struct linux_connection_table *table, size_t first) {
  struct sondei_linux_netlink_message message;
  bool at_end = false;
  const bool is_unix = table->family == AF_UNIX;
  sonde_status status = is_unix ? linux_diag_ask_unix(c, dump) : linux_diag_ask_inet(c, dump, table);
  while (status == SONDE_OK) {
    status = sondei_linux_dump_next(c->env, c->state, dump, &message, &at_end);
    if (status != SONDE_OK || at_end) break;
    if (message.type != SONDEI_SOCK_DIAG_BY_FAMILY) continue;
    status = is_unix ? linux_diag_add_unix(c, dump, first, message.payload)
                     : linux_diag_add_inet(c, dump, table, message.payload);
  }
  return status;
}

sonde_status sondei_linux_connection_from_diag(const struct linux_connections *c, struct linux_dump *dump,
                                               const struct linux_connection_table *table) {
  const size_t first = sonde_fill_count(c->out);
  sonde_status status = SONDE_OK;
  for (int i = 0; i < DIAG_TRIES; i++) {
    while (sonde_fill_count(c->out) > first) sonde_fill_drop_row(c->out);
    status = linux_diag_pull(c, dump, table, first);
    if (status != SONDE_OK || !dump->is_interrupted) break;
  }
  if (status != SONDE_OK) return status;
  if (dump->is_interrupted) {
    return sonde_env_fail(c->env, SONDE_ERR_OS, EAGAIN, "EAGAIN", "netlink", dump->what, strlen(dump->what));
  }
  if (table->family != AF_UNIX) return SONDE_OK;
  status = linux_diag_name_peers(c, first);
  if (status == SONDE_OK && c->held != NULL) linux_diag_keep_held(c, first);
  return status;
}
