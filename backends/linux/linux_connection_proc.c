/* SPDX-License-Identifier: MIT */
/* Sockets, from the tables in /proc/PID/net. */
#include "backends/linux/linux_connection.h"

#include <fcntl.h>
#include <string.h>

#include "backends/linux/linux_net.h"
#include "core/parse/linux_net_socket.h"
#include "core/parse/linux_net_unix.h"

/* A table, and where it was read. */
struct linux_proc_table {
  sondei_span text;
  struct linux_place place;
  const char *path;
};

static sonde_status linux_proc_fail_row(const struct linux_connections *c, const struct linux_proc_table *from,
                                        sondei_parse_error *err, size_t row_at) {
  err->position += row_at;
  return sondei_linux_fail_parse(c->env, err, from->place, from->path);
}

static void linux_proc_copy(sonde_connection *row, const struct sondei_linux_net_socket *socket, bool is_tcp) {
  row->laddr = socket->local;
  if (!sondei_linux_connection_is_nowhere(&socket->remote)) row->raddr = socket->remote;
  if (is_tcp) row->state = sondei_linux_connection_state(socket->state);
  if (row->state != SONDE_STATE_LISTEN) { /* of a listener, how many may wait is not in this table */
    row->recv_queue = socket->recv_queue;
    row->send_queue = socket->send_queue;
    row->valid |= SONDE_CONNECTION_VALID_QUEUES;
  }
  if (is_tcp) {
    row->retransmits = socket->retransmits;
    row->valid |= SONDE_CONNECTION_VALID_RETRANSMITS;
  } else if (socket->has_last) {
    row->drops = socket->last;
    row->valid |= SONDE_CONNECTION_VALID_DROPS;
  }
  if (socket->inode == 0) return; /* TIME_WAIT: the socket is gone, and its owner with it */
  row->inode = socket->inode;
  row->uid = socket->uid;
  row->valid |= SONDE_CONNECTION_VALID_INODE | SONDE_CONNECTION_VALID_UID;
}

static sonde_status linux_proc_fill_inet(const struct linux_connections *c, struct linux_proc_table *from,
                                         const struct linux_connection_table *table) {
  const size_t whole_len = from->text.len;
  struct sondei_linux_net_socket socket;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_socket(&socket, &err, &from->text, c->state->byte_order);
       at = whole_len - from->text.len) {
    sonde_connection *row = NULL;
    if (err.expected == NULL) {
      const sonde_status status = sondei_linux_connection_add(c, &row, socket.inode);
      if (status != SONDE_OK) return status;
      if (row == NULL) continue;
    } else {
      row = sonde_fill_row(c->out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
    }
    row->family = table->family == AF_INET ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
    row->type = table->type;
    if (err.expected == NULL) {
      linux_proc_copy(row, &socket, table->type == SONDE_SOCKET_STREAM);
    } else {
      row->status = linux_proc_fail_row(c, from, &err, at);
    }
  }
  return SONDE_OK;
}

/* The table shows an abstract name with '@' for the NUL that it begins with. */
static sonde_status linux_proc_fill_path(struct sonde_fill *out, sonde_connection *row, sondei_span path) {
  if (path.len == 0) return SONDE_OK;
  char *const copy = sonde_fill_array(out, path.len + 1, 1);
  if (copy == NULL) return SONDE_ERR_NO_MEMORY;
  memcpy(copy, path.data, path.len);
  if (copy[0] == '@') copy[0] = '\0';
  row->lpath.data = copy;
  row->lpath.len = path.len;
  return SONDE_OK;
}

static sonde_status linux_proc_fill_unix(const struct linux_connections *c, struct linux_proc_table *from) {
  const size_t whole_len = from->text.len;
  struct sondei_linux_net_unix socket;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_unix(&socket, &err, &from->text); at = whole_len - from->text.len) {
    sonde_connection *row = NULL;
    if (err.expected != NULL) {
      row = sonde_fill_row(c->out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      row->family = SONDE_FAMILY_UNIX;
      row->status = linux_proc_fail_row(c, from, &err, at);
      continue;
    }
    sonde_status status = sondei_linux_connection_add(c, &row, socket.inode);
    if (status != SONDE_OK) return status;
    if (row == NULL) continue;
    row->family = SONDE_FAMILY_UNIX;
    /* MIPS alone has 1 for datagrams and 2 for streams. */
    const bool is_swapped = c->state->is_mips != LINUX_RUNS_ON_MIPS && (socket.type == 1 || socket.type == 2);
    row->type = sondei_linux_connection_unix_type(is_swapped ? 3 - socket.type : socket.type);
    if (socket.is_listening) row->state = SONDE_STATE_LISTEN;
    row->inode = socket.inode;
    if (socket.inode != 0) row->valid |= SONDE_CONNECTION_VALID_INODE;
    status = linux_proc_fill_path(c->out, row, socket.path);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

/* Of a recording: whether the process was in the namespace whose tables stand at the top. Where nothing tells, it was.
 */
static bool linux_proc_is_elsewhere(const struct linux_connections *c) {
  char own[64];
  sondei_span target;
  const char *path = NULL;
  if (sondei_linux_try_read_link(c->env, c->state, &target, c->process.fd, "ns/net") != 0 || target.len > sizeof own) {
    return false;
  }
  const size_t own_len = target.len;
  memcpy(own, target.data, own_len);
  if (sondei_linux_path(c->env, c->state, &path, c->env->procfs, "/1/ns/net", NULL, NULL) != SONDE_OK) return false;
  if (sondei_linux_try_read_link(c->env, c->state, &target, AT_FDCWD, path) != 0) return false;
  return target.len != own_len || memcmp(target.data, own, own_len) != 0;
}

sonde_status sondei_linux_connection_read(const struct linux_connections *c, sondei_span *out,
                                          struct linux_place *place, const char **path, const char *name) {
  if (c->held != NULL) {
    sonde_status status = sondei_linux_path(c->env, c->state, path, "net/", name, NULL, NULL);
    if (status != SONDE_OK) return status;
    *place = c->process;
    status = sondei_linux_read(c->env, c->state, out, *place, *path, LINUX_UNTIL_EOF);
    /* A recording has these tables once, at the top. */
    if (status == SONDE_OK || c->env->live || !sondei_linux_is_missing(c->env) || linux_proc_is_elsewhere(c)) {
      return status;
    }
  }
  *place = sondei_linux_root(c->env->procfs);
  return sondei_linux_read_net(c->env, c->state, out, path, name);
}

sonde_status sondei_linux_connection_from_proc(const struct linux_connections *c,
                                               const struct linux_connection_table *table) {
  struct linux_proc_table from;
  const sonde_status status = sondei_linux_connection_read(c, &from.text, &from.place, &from.path, table->name);
  if (status != SONDE_OK) return status;
  return table->family == AF_UNIX ? linux_proc_fill_unix(c, &from) : linux_proc_fill_inet(c, &from, table);
}
