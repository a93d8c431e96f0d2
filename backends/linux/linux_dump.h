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
  bool is_interrupted; /* the table changed meanwhile: ask again */
};

/* Opens a socket of a netlink protocol (NETLINK_ROUTE, NETLINK_SOCK_DIAG). */
sonde_status sondei_linux_dump_open(struct sonde_env *env, struct linux_state *state, struct linux_dump *out,
                                    int protocol, const char *what);
void sondei_linux_dump_close(struct linux_state *state, struct linux_dump *dump);

/* Asks for a table: body follows the message's header; at most 64 bytes. Once the answer to the last request was pulled
 * to its end, another may be sent. */
sonde_status sondei_linux_dump_ask(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                   uint16_t type, const void *body, size_t body_len);

/* The next message of the answer. *out_end: that was all. Never waits: the kernel has the answer ready. */
sonde_status sondei_linux_dump_next(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                    struct sondei_linux_netlink_message *out, bool *out_end);

#endif /* SONDE_BACKENDS_LINUX_LINUX_DUMP_H */
