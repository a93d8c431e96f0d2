/* SPDX-License-Identifier: MIT */
/* Sockets: which source is asked for each kind, and their owners, from the descriptors of every process. */
#include "backends/linux/linux_connection.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>

#include "backends/linux/linux_net.h"
#include "core/parse/linux_link.h"

enum {
  KERNEL_TCP_LAST = 11, /* up to here the kernel's numbers are those of sonde_connection_state */
  KERNEL_TCP_NEW = 12   /* NEW_SYN_RECV */
};

sonde_connection_state sondei_linux_connection_state(uint32_t kernel) {
  if (kernel >= 1 && kernel <= KERNEL_TCP_LAST) return (sonde_connection_state)kernel;
  return kernel == KERNEL_TCP_NEW ? SONDE_STATE_SYN_RECV : SONDE_STATE_UNKNOWN;
}

sonde_socket_type sondei_linux_connection_unix_type(uint32_t kernel) {
  if (kernel == SOCK_STREAM) return SONDE_SOCKET_STREAM;
  if (kernel == SOCK_DGRAM) return SONDE_SOCKET_DGRAM;
  return kernel == SOCK_SEQPACKET ? SONDE_SOCKET_SEQPACKET : SONDE_SOCKET_UNKNOWN;
}

bool sondei_linux_connection_is_nowhere(const sonde_address *address) {
  for (size_t i = 0; i < address->len; i++) {
    if (address->bytes[i] != 0) return false;
  }
  return address->port == 0;
}

void sondei_linux_connection_set_owner(sonde_connection *row, sonde_pid pid, uint64_t fd) {
  row->valid |= SONDE_CONNECTION_VALID_OWNER;
  row->pid = pid;
  row->fd = (int64_t)fd;
}

sonde_status sondei_linux_connection_add(const struct linux_connections *c, sonde_connection **out, uint64_t inode) {
  uint64_t fd = 0;
  *out = NULL;
  if (c->held != NULL && !sondei_linux_inodes_find(c->held, inode, &fd)) return SONDE_OK;
  sonde_connection *const row = sonde_fill_row(c->out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if (c->held != NULL) sondei_linux_connection_set_owner(row, c->pid, fd);
  *out = row;
  return SONDE_OK;
}

/* ---- Inodes: open addressing ------------------------------------------------------------------------------------ */

sonde_status sondei_linux_inodes_make(struct sonde_env *env, struct linux_inodes *out, struct sonde_buffer *buffer,
                                      size_t count) {
  size_t size = 16;
  if (count > SIZE_MAX / 4 / sizeof *out->slots) return SONDE_ERR_NO_MEMORY;
  while (size < count * 2) size *= 2;
  const sonde_status status = sonde_env_grow(env, buffer, size * sizeof *out->slots);
  if (status != SONDE_OK) return status;
  void *const data = buffer->data;
  memset(data, 0, size * sizeof *out->slots);
  out->slots = data;
  out->mask = size - 1;
  return SONDE_OK;
}

/* The slot of the inode, or the free one where it would be. */
static struct linux_inode *linux_inodes_slot(const struct linux_inodes *inodes, uint64_t inode) {
  for (size_t at = (size_t)((inode * UINT64_C(0x9e3779b97f4a7c15)) >> 32);; at++) {
    struct linux_inode *const slot = &inodes->slots[at & inodes->mask];
    if (slot->inode == inode || slot->inode == 0) return slot;
  }
}

void sondei_linux_inodes_add(struct linux_inodes *inodes, uint64_t inode, uint64_t value) {
  struct linux_inode *const slot = linux_inodes_slot(inodes, inode);
  if (slot->inode != 0) return;
  slot->inode = inode;
  slot->value = value;
}

bool sondei_linux_inodes_find(const struct linux_inodes *inodes, uint64_t inode, uint64_t *out) {
  if (inode == 0) return false;
  const struct linux_inode *const slot = linux_inodes_slot(inodes, inode);
  *out = slot->value;
  return slot->inode != 0;
}

/* ---- Owners -------------------------------------------------------------------------------------------------------
 */

static bool linux_connection_number(const char *name, uint64_t *out) {
  sondei_span span = sondei_span_text(name);
  return sondei_span_u64(&span, out, INT64_MAX) && span.len == 0;
}

struct linux_owners {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_fill *rows;
  struct linux_inodes numbers; /* of the rows */
};

/* Looks at one descriptor: at the link alone, never at what it leads to. */
static sonde_status linux_owners_look(const struct linux_owners *o, const struct linux_walk *fds, const char *name,
                                      uint64_t pid) {
  const struct linux_place place = {fds->fd, fds->path};
  sondei_span target;
  struct sondei_linux_link link;
  uint64_t fd = 0;
  uint64_t number = 0;
  if (!linux_connection_number(name, &fd)) return SONDE_OK;
  const int code = sondei_linux_try_read_link(o->env, o->state, &target, fds->fd, name);
  if (sondei_linux_code_is_exhaustion(code)) return sondei_linux_fail(o->env, code, "readlink", place, name);
  if (code != 0 || !sondei_span_starts_with(target, "socket:")) return SONDE_OK;
  if (sondei_linux_parse_link(&link, NULL, target) != SONDE_OK) return SONDE_OK;
  if (!sondei_linux_inodes_find(&o->numbers, link.inode, &number)) return SONDE_OK;
  sonde_connection *const row = sonde_fill_at(o->rows, (size_t)number);
  /* The kernel lists both in ascending order, a recording in any. */
  const bool has_owner = (row->valid & SONDE_CONNECTION_VALID_OWNER) != 0;
  const bool is_lower = row->pid > (sonde_pid)pid || (row->pid == (sonde_pid)pid && row->fd > (int64_t)fd);
  if (!has_owner || is_lower) sondei_linux_connection_set_owner(row, (sonde_pid)pid, fd);
  return SONDE_OK;
}

/* A process that ends meanwhile, or may not be looked into, owns nothing that could be told. */
static sonde_status linux_owners_look_at_process(const struct linux_owners *o, const char *process, uint64_t pid) {
  struct sonde_env *const env = o->env;
  struct linux_state *const state = o->state;
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
    status = linux_owners_look(o, &walk, name, pid);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status linux_connection_find_owners(struct sonde_env *env, struct linux_state *state,
                                                 struct sonde_fill *rows) {
  const size_t count = sonde_fill_count(rows);
  struct linux_owners owners = {.env = env, .state = state, .rows = rows};
  struct linux_walk walk;
  const char *name = NULL;
  sonde_status status = sondei_linux_inodes_make(env, &owners.numbers, &state->inodes, count);
  if (status != SONDE_OK) return status;
  for (size_t i = 0; i < count; i++) {
    const sonde_connection *const row = sonde_fill_at(rows, i);
    if (row->inode != 0) sondei_linux_inodes_add(&owners.numbers, row->inode, i);
  }
  status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->procfs), "");
  if (status != SONDE_OK) return status;
  for (;;) {
    uint64_t pid = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!linux_connection_number(name, &pid)) continue;
    status = linux_owners_look_at_process(&owners, name, pid);
    if (status != SONDE_OK) break;
  }
  sondei_linux_walk_close(state, &walk);
  return status;
}

/* ---- Sources ------------------------------------------------------------------------------------------------------
 */

static const struct linux_connection_table linux_connection_tables[] = {
    {SONDE_CONNECTION_TCP4, "tcp", AF_INET, IPPROTO_TCP, SONDE_SOCKET_STREAM},
    {SONDE_CONNECTION_TCP6, "tcp6", AF_INET6, IPPROTO_TCP, SONDE_SOCKET_STREAM},
    {SONDE_CONNECTION_UDP4, "udp", AF_INET, IPPROTO_UDP, SONDE_SOCKET_DGRAM},
    {SONDE_CONNECTION_UDP6, "udp6", AF_INET6, IPPROTO_UDP, SONDE_SOCKET_DGRAM},
    {SONDE_CONNECTION_RAW4, "raw", AF_INET, IPPROTO_RAW, SONDE_SOCKET_RAW},
    {SONDE_CONNECTION_RAW6, "raw6", AF_INET6, IPPROTO_RAW, SONDE_SOCKET_RAW},
    {SONDE_CONNECTION_UNIX, "unix", AF_UNIX, 0, SONDE_SOCKET_UNKNOWN},
};

static void linux_connection_rewind(struct sonde_fill *rows, size_t count) {
  while (sonde_fill_count(rows) > count) sonde_fill_drop_row(rows);
}

/* Asks for each kind; `dump` may be NULL. What sock_diag cannot tell, for whatever reason, the table in /proc may. */
static sonde_status linux_connection_ask(const struct linux_connections *c, struct linux_dump *dump) {
  bool is_any_told = false;
  bool is_any_missing = false;
  for (size_t i = 0; i < sizeof linux_connection_tables / sizeof linux_connection_tables[0]; i++) {
    const struct linux_connection_table *const table = &linux_connection_tables[i];
    const size_t count = sonde_fill_count(c->out);
    sonde_status status = SONDE_ERR_UNSUPPORTED;
    if ((c->kinds & table->kind) == 0) continue;
    if (dump != NULL) {
      status = sondei_linux_connection_from_diag(c, dump, table);
      if (status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(c->env))) return status;
      if (!dump->at_end) dump = NULL; /* it was left in the middle of an answer, or does not answer at all */
    }
    if (status != SONDE_OK) {
      linux_connection_rewind(c->out, count);
      status = sondei_linux_connection_from_proc(c, table);
      if (status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && !sondei_linux_is_missing(c->env))) return status;
    }
    is_any_told |= status == SONDE_OK;
    is_any_missing |= status != SONDE_OK;
  }
  if (is_any_told || !is_any_missing) return SONDE_OK;
  /* A kernel without IPv6 has no such tables, and no such sockets. But one has to see some of /proc/net to know. */
  const char *path = NULL;
  struct linux_place place;
  sondei_span text;
  return sondei_linux_connection_read(c, &text, &place, &path, "dev");
}

static const char linux_connection_what[] = "netlink sock_diag";

sonde_status sondei_linux_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint32_t kinds) {
  struct linux_state *const state = opaque;
  const struct linux_connections c = {.env = env, .state = state, .out = out, .kinds = kinds};
  struct linux_dump dump;
  bool is_open = false;
  sonde_status status = SONDE_OK;
  if (env->live) {
    status = sondei_linux_dump_open(env, state, &dump, NETLINK_SOCK_DIAG, linux_connection_what);
    is_open = status == SONDE_OK;
    if (!is_open && sondei_linux_is_exhausted(env)) return status;
  }
  status = linux_connection_ask(&c, is_open ? &dump : NULL);
  if (is_open) sondei_linux_dump_close(state, &dump);
  if (status != SONDE_OK) return status;
  return (kinds & SONDE_CONNECTION_OWNER) != 0 ? linux_connection_find_owners(env, state, out) : SONDE_OK;
}

/* ---- One process --------------------------------------------------------------------------------------------------
 */

enum linux_namespace {
  LINUX_NAMESPACE_SAME,
  LINUX_NAMESPACE_OTHER,
  LINUX_NAMESPACE_UNKNOWN
};

/* The number of the network namespace that a link names; 0, and the reason recorded, where it cannot be told. */
static sonde_status linux_connection_namespace(const struct linux_connections *c, uint64_t *out,
                                               struct linux_place place, const char *path) {
  struct sondei_linux_link link;
  sondei_parse_error err;
  sondei_span target;
  *out = 0;
  const sonde_status status = sondei_linux_read_link(c->env, c->state, &target, place, path);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(c->env) ? status : SONDE_OK;
  if (sondei_linux_parse_link(&link, &err, target) == SONDE_OK) {
    *out = link.inode;
  } else {
    sondei_linux_fail_parse(c->env, &err, place, path);
  }
  return SONDE_OK;
}

/* Whether the process's network namespace is that of the calling thread. */
static sonde_status linux_connection_compare(const struct linux_connections *c, enum linux_namespace *out) {
  const struct linux_place procfs = sondei_linux_root(c->env->procfs);
  uint64_t own = 0;
  uint64_t other = 0;
  sonde_status status = linux_connection_namespace(c, &own, procfs, "thread-self/ns/net");
  if (status == SONDE_OK && own == 0) status = linux_connection_namespace(c, &own, procfs, "self/ns/net"); /* < 3.17 */
  if (status == SONDE_OK && own != 0) status = linux_connection_namespace(c, &other, c->process, "ns/net");
  *out = own == 0 || other == 0 ? LINUX_NAMESPACE_UNKNOWN : own == other ? LINUX_NAMESPACE_SAME : LINUX_NAMESPACE_OTHER;
  return status;
}

static sonde_status linux_connection_open_elsewhere(const struct linux_connections *c, struct linux_dump *out) {
  int ns = -1;
  const int code = sondei_linux_try_open(c->state, &ns, c->process.fd, "ns/net", O_RDONLY | O_CLOEXEC);
  if (code != 0) return sondei_linux_fail(c->env, code, "open", c->process, "ns/net");
  const sonde_status status =
      sondei_linux_dump_open_in(c->env, c->state, out, NETLINK_SOCK_DIAG, linux_connection_what, ns);
  c->state->os->close(ns);
  return status;
}

sonde_status sondei_linux_connections_of_process(struct linux_connections *c) {
  enum linux_namespace where = LINUX_NAMESPACE_UNKNOWN;
  struct linux_dump dump;
  bool is_open = false;
  sonde_status status = SONDE_OK;
  if (c->env->live) {
    status = linux_connection_compare(c, &where);
    if (status != SONDE_OK) return status;
    if (where == LINUX_NAMESPACE_SAME) {
      status = sondei_linux_dump_open(c->env, c->state, &dump, NETLINK_SOCK_DIAG, linux_connection_what);
    } else if (where == LINUX_NAMESPACE_OTHER) {
      status = linux_connection_open_elsewhere(c, &dump);
    }
    is_open = where != LINUX_NAMESPACE_UNKNOWN && status == SONDE_OK;
    if (status != SONDE_OK && sondei_linux_is_exhausted(c->env)) return status;
  }
  status = linux_connection_ask(c, is_open ? &dump : NULL);
  if (is_open) sondei_linux_dump_close(c->state, &dump);
  return status;
}
