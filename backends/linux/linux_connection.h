/* SPDX-License-Identifier: MIT */
/*
 * linux_connection.h - what the files that list sockets share.
 *
 *   linux_connection.c       the slot of the host; which source each kind is asked of; owners
 *   linux_connection_diag.c  sock_diag
 *   linux_connection_proc.c  the tables of /proc/PID/net
 */
#ifndef SONDE_BACKENDS_LINUX_LINUX_CONNECTION_H
#define SONDE_BACKENDS_LINUX_LINUX_CONNECTION_H

#include "backends/linux/linux_dump.h"
#include "backends/linux/linux_file.h"

/* A number for each inode; made once, never taken out of. */
struct linux_inodes {
  struct linux_inode *slots;
  size_t mask;
};
struct linux_inode {
  uint64_t inode; /* 0: free */
  uint64_t value;
};

/* An empty one in buffer, with room for count inodes. */
sonde_status sondei_linux_inodes_make(struct sonde_env *env, struct linux_inodes *out, struct sonde_buffer *buffer,
                                      size_t count);
/* Adds an inode that is not 0; of one that is there already the value stays. */
void sondei_linux_inodes_add(struct linux_inodes *inodes, uint64_t inode, uint64_t value);
/* False: it is not there. */
bool sondei_linux_inodes_find(const struct linux_inodes *inodes, uint64_t inode, uint64_t *out);

/* What to list. */
struct linux_connections {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_fill *out;
  uint32_t kinds;
  const struct linux_inodes *held; /* only these sockets: the descriptor of each in process `pid`; NULL: all */
  sonde_pid pid;
  struct linux_place process; /* with `held`: its directory, with whose tables to go on where there is no sock_diag */
};

/* A kind of sockets. */
struct linux_connection_table {
  uint32_t kind;
  const char *name; /* in /proc/PID/net */
  uint8_t family;   /* AF_* */
  uint8_t protocol; /* IPPROTO_*; unix: 0 */
  sonde_socket_type type;
};

/* A new row, unless the socket is none of those held: *out NULL then. */
sonde_status sondei_linux_connection_add(const struct linux_connections *c, sonde_connection **out, uint64_t inode);

void sondei_linux_connection_set_owner(sonde_connection *row, sonde_pid pid, uint64_t fd);

/* From the kernel's numbers. */
sonde_connection_state sondei_linux_connection_state(uint32_t kernel);
sonde_socket_type sondei_linux_connection_unix_type(uint32_t kernel);
/* Whether the address is all 0, the port too: that of a socket that is not connected. */
bool sondei_linux_connection_is_nowhere(const sonde_address *address);

/* Lists the sockets of one kind as sock_diag tells them; bad rows have a status of their own. On failure there may be
 * new rows. dump->at_end: it may be asked for other kinds. */
sonde_status sondei_linux_connection_from_diag(const struct linux_connections *c, struct linux_dump *dump,
                                               const struct linux_connection_table *table);

/* The same from the table in /proc. */
sonde_status sondei_linux_connection_from_proc(const struct linux_connections *c,
                                               const struct linux_connection_table *table);

/* Reads a file of the /proc/PID/net that is to be looked at into state->text; *place and *path, for messages. */
sonde_status sondei_linux_connection_read(const struct linux_connections *c, sondei_span *out,
                                          struct linux_place *place, const char **path, const char *name);

/* The sockets that a process holds: those of c->held, in the namespace of c->process. */
sonde_status sondei_linux_connections_of_process(struct linux_connections *c);

#endif /* SONDE_BACKENDS_LINUX_LINUX_CONNECTION_H */
