/* SPDX-License-Identifier: MIT */
/* linux_dump.h - asks the kernel for a table through a netlink socket, and pulls its messages. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_DUMP_H
#define SONDE_BACKENDS_LINUX_LINUX_DUMP_H

#include "backends/linux/linux_backend.h"
#include "core/parse/linux_netlink.h"

/* The answer to a request, message by message; they lie in state->text. */
struct linux_dump {
  int fd;
  const char *what;    /* a constant, for messages: "netlink route" */
  uint32_t sequence;   /* of the latest request */
  sondei_span rest;    /* of what was received last */
  bool is_interrupted; /* the table changed meanwhile, or messages were lost: ask again */
  bool at_end;         /* the latest answer was pulled to its end, be that an error: another request may be sent */
  unsigned losses;     /* how often messages of this answer were lost */
};

/* Opens a socket of a netlink protocol (NETLINK_ROUTE, NETLINK_SOCK_DIAG), in the caller's network namespace. */
sonde_status sondei_linux_dump_open(struct sonde_env *env, struct linux_state *state, struct linux_dump *out,
                                    int protocol, const char *what);
/* The same in the network namespace that the descriptor `ns` leads to: sondei_linux_socket_in. */
sonde_status sondei_linux_dump_open_in(struct sonde_env *env, struct linux_state *state, struct linux_dump *out,
                                       int protocol, const char *what, int ns);
void sondei_linux_dump_close(struct linux_state *state, struct linux_dump *dump);

/* Asks for a table: body follows the message's header; at most 64 bytes. Once the answer to the last request was pulled
 * to its end, another may be sent. */
sonde_status sondei_linux_dump_ask(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                   uint16_t type, const void *body, size_t body_len);

/* The next message of the answer. *out_end: that was all. Never waits: the kernel has the answer ready. What others
 * than the kernel send is passed over. */
sonde_status sondei_linux_dump_next(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                    struct sondei_linux_netlink_message *out, bool *out_end);

#endif /* SONDE_BACKENDS_LINUX_LINUX_DUMP_H */
