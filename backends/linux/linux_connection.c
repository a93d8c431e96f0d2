/* SPDX-License-Identifier: MIT */
/* Sockets, from the tables in /proc/net, and their owners, from the descriptors of every process. */
#include "backends/linux/linux_net.h"

#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_link.h"
#include "core/parse/linux_net_socket.h"
#include "core/parse/linux_net_unix.h"

enum {
  KERNEL_TCP_LAST = 11, /* up to here the kernel's numbers are those of sonde_connection_state */
  KERNEL_TCP_NEW = 12   /* NEW_SYN_RECV */
};

static sonde_connection_state linux_connection_state(uint32_t kernel) {
  if (kernel >= 1 && kernel <= KERNEL_TCP_LAST) return (sonde_connection_state)kernel;
  return kernel == KERNEL_TCP_NEW ? SONDE_STATE_SYN_RECV : SONDE_STATE_UNKNOWN;
}

static bool linux_connection_is_nowhere(const sonde_address *address) {
  for (size_t i = 0; i < address->len; i++) {
    if (address->bytes[i] != 0) return false;
  }
  return address->port == 0;
}

static void linux_connection_copy(sonde_connection *row, const struct sondei_linux_net_socket *socket, bool is_tcp) {
  row->laddr = socket->local;
  if (!linux_connection_is_nowhere(&socket->remote)) row->raddr = socket->remote;
  if (is_tcp) row->state = linux_connection_state(socket->state);
  row->recv_queue = socket->recv_queue;
  if (row->state == SONDE_STATE_LISTEN) {
    row->recv_queue = 0; /* how many may wait is not in this table: half of the group would be made up */
  } else {
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

static sonde_status linux_connection_fill_inet(struct sonde_env *env, const struct linux_state *state,
                                               struct sonde_fill *out, sondei_span text, const char *path,
                                               uint32_t kind) {
  const bool is_tcp = (kind & SONDE_CONNECTION_TCP) != 0;
  const size_t whole_len = text.len;
  struct sondei_linux_net_socket socket;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_socket(&socket, &err, &text, state->byte_order);
       at = whole_len - text.len) {
    sonde_connection *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->family = (kind & SONDE_CONNECTION_INET4) != 0 ? SONDE_FAMILY_INET : SONDE_FAMILY_INET6;
    row->type = is_tcp ? SONDE_SOCKET_STREAM : SONDE_SOCKET_DGRAM;
    if (err.expected == NULL) {
      linux_connection_copy(row, &socket, is_tcp);
    } else {
      row->status = sondei_linux_fail_net_row(env, &err, at, path);
    }
  }
  return SONDE_OK;
}

/* The table shows an abstract name with '@' for the NUL that it begins with. */
static sonde_status linux_connection_fill_path(struct sonde_fill *out, sonde_connection *row, sondei_span path) {
  char *const copy = sonde_fill_array(out, path.len + 1, 1);
  if (copy == NULL) return SONDE_ERR_NO_MEMORY;
  if (path.len > 0) memcpy(copy, path.data, path.len);
  if (path.len > 0 && copy[0] == '@') copy[0] = '\0';
  row->lpath.data = copy;
  row->lpath.len = path.len;
  return SONDE_OK;
}

static sonde_status linux_connection_fill_unix(struct sonde_env *env, struct sonde_fill *out, sondei_span text,
                                               const char *path) {
  const size_t whole_len = text.len;
  struct sondei_linux_net_unix socket;
  sondei_parse_error err;
  for (size_t at = 0; sondei_linux_next_net_unix(&socket, &err, &text); at = whole_len - text.len) {
    sonde_connection *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->family = SONDE_FAMILY_UNIX;
    if (err.expected != NULL) {
      row->status = sondei_linux_fail_net_row(env, &err, at, path);
      continue;
    }
    if (socket.type == SOCK_STREAM) row->type = SONDE_SOCKET_STREAM;
    if (socket.type == SOCK_DGRAM) row->type = SONDE_SOCKET_DGRAM;
    if (socket.type == SOCK_SEQPACKET) row->type = SONDE_SOCKET_SEQPACKET;
    row->inode = socket.inode;
    if (socket.inode != 0) row->valid |= SONDE_CONNECTION_VALID_INODE;
    const sonde_status status = linux_connection_fill_path(out, row, socket.path);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

/* ---- Owners: a table of inodes, open addressing
 * ---------------------------------------------------------------------- */

struct linux_connection_index {
  struct sonde_fill *rows;
  uint32_t *slots; /* number of a row, plus one; 0: free */
  size_t mask;
};

static size_t linux_connection_hash(uint64_t inode) { return (size_t)((inode * UINT64_C(0x9e3779b97f4a7c15)) >> 32); }

/* The slot of the inode, or the free one where it would be. */
static uint32_t *linux_connection_slot(const struct linux_connection_index *index, uint64_t inode) {
  for (size_t at = linux_connection_hash(inode);; at++) {
    uint32_t *const slot = &index->slots[at & index->mask];
    if (*slot == 0) return slot;
    if (((const sonde_connection *)sonde_fill_at(index->rows, *slot - 1))->inode == inode) return slot;
  }
}

static sonde_status linux_connection_make_index(struct linux_connection_index *out, struct sonde_fill *rows) {
  const size_t count = sonde_fill_count(rows);
  size_t size = 16;
  while (size < count * 2) size *= 2;
  if (count >= UINT32_MAX) return SONDE_ERR_NO_MEMORY;
  out->rows = rows;
  out->mask = size - 1;
  out->slots = sonde_fill_array(rows, size, sizeof *out->slots);
  if (out->slots == NULL) return SONDE_ERR_NO_MEMORY;
  for (size_t i = 0; i < count; i++) {
    const sonde_connection *const row = sonde_fill_at(rows, i);
    if ((row->valid & SONDE_CONNECTION_VALID_INODE) != 0) {
      *linux_connection_slot(out, row->inode) = (uint32_t)(i + 1);
    }
  }
  return SONDE_OK;
}

static bool linux_connection_number(const char *name, uint64_t *out) {
  sondei_span span = sondei_span_text(name);
  return sondei_span_u64(&span, out, INT64_MAX) && span.len == 0;
}

/* Looks at one descriptor: at the link alone, never at what it leads to. */
static sonde_status linux_connection_look(struct sonde_env *env, struct linux_state *state,
                                          const struct linux_connection_index *index, const struct linux_walk *fds,
                                          const char *name, uint64_t pid) {
  const struct linux_place place = {fds->fd, fds->path};
  sondei_span target;
  sondei_parse_error err;
  struct sondei_linux_link link;
  uint64_t fd = 0;
  if (!linux_connection_number(name, &fd)) return SONDE_OK;
  const sonde_status status = sondei_linux_read_link(env, state, &target, place, name);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (!sondei_span_starts_with(target, "socket:")) return SONDE_OK;
  if (sondei_linux_parse_link(&link, &err, target) != SONDE_OK) return SONDE_OK;
  const uint32_t slot = *linux_connection_slot(index, link.inode);
  if (slot == 0) return SONDE_OK;
  sonde_connection *const row = sonde_fill_at(index->rows, slot - 1);
  if ((row->valid & SONDE_CONNECTION_VALID_OWNER) != 0) return SONDE_OK;
  row->valid |= SONDE_CONNECTION_VALID_OWNER;
  row->pid = (sonde_pid)pid;
  row->fd = (int64_t)fd;
  return SONDE_OK;
}

/* A process that ends meanwhile, or may not be looked into, owns nothing that could be told. */
static sonde_status linux_connection_look_at_process(struct sonde_env *env, struct linux_state *state,
                                                     const struct linux_connection_index *index, const char *process,
                                                     uint64_t pid) {
  struct linux_walk walk;
  const char *path = NULL;
  const char *name = NULL;
  sonde_status status = sondei_linux_path(env, state, &path, process, "/fd", NULL, NULL);
  if (status != SONDE_OK) return status;
  status = sondei_linux_walk_open(env, state, &walk, &state->inner_entries, sondei_linux_root(env->procfs), path);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  for (;;) {
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK && !sondei_linux_is_exhausted(env)) {
      status = SONDE_OK;
      break;
    }
    if (status != SONDE_OK || name == NULL) break;
    status = linux_connection_look(env, state, index, &walk, name, pid);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status linux_connection_find_owners(struct sonde_env *env, struct linux_state *state,
                                                 struct sonde_fill *rows) {
  struct linux_connection_index index;
  struct linux_walk walk;
  const char *name = NULL;
  sonde_status status = linux_connection_make_index(&index, rows);
  if (status != SONDE_OK) return status;
  status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->procfs), "");
  if (status != SONDE_OK) return status;
  for (;;) {
    uint64_t pid = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!linux_connection_number(name, &pid)) continue;
    status = linux_connection_look_at_process(env, state, &index, name, pid);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

sonde_status sondei_linux_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint32_t kinds) {
  static const struct {
    uint32_t kind;
    const char *name;
  } tables[] = {
      {SONDE_CONNECTION_TCP4, "tcp"},  {SONDE_CONNECTION_TCP6, "tcp6"}, {SONDE_CONNECTION_UDP4, "udp"},
      {SONDE_CONNECTION_UDP6, "udp6"}, {SONDE_CONNECTION_UNIX, "unix"},
  };
  struct linux_state *const state = opaque;
  const char *path = NULL;
  sondei_span text;
  bool is_any_missing = false;
  sonde_status status = SONDE_OK;
  for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
    if ((kinds & tables[i].kind) == 0) continue;
    status = sondei_linux_read_net(env, state, &text, &path, tables[i].name);
    if (status != SONDE_OK) {
      if (!sondei_linux_is_missing(env)) return status;
      is_any_missing = true;
      continue;
    }
    status = tables[i].kind == SONDE_CONNECTION_UNIX
                 ? linux_connection_fill_unix(env, out, text, path)
                 : linux_connection_fill_inet(env, state, out, text, path, tables[i].kind);
    if (status != SONDE_OK) return status;
  }
  /* A kernel without IPv6 has no such tables, and no such sockets. But one has to see some of /proc/net to know. */
  if (is_any_missing) status = sondei_linux_read_net(env, state, &text, &path, "dev");
  if (status != SONDE_OK) return status;
  return (kinds & SONDE_CONNECTION_OWNER) != 0 ? linux_connection_find_owners(env, state, out) : SONDE_OK;
}
