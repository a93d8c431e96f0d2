/* SPDX-License-Identifier: MIT */
/* linux_net.h - what the network's files of the Linux backend share. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_NET_H
#define SONDE_BACKENDS_LINUX_LINUX_NET_H

#include "backends/linux/linux_backend.h"
#include "core/parse/span.h"

/* Reads a file of /proc/PID/net into state->text: when live the caller's own; of a recording, or a host seen from a
 * container, that of the first process. *path: below procfs, in state->path. */
sonde_status sondei_linux_read_net(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                   const char **path, const char *name);

/* Records what a parser did not understand of the row that begins at row_at in path, and returns SONDE_ERR_PARSE. */
sonde_status sondei_linux_fail_net_row(struct sonde_env *env, sondei_parse_error *err, size_t row_at, const char *path);

/* The slot connection_list; opaque is the state. */
sonde_status sondei_linux_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint32_t kinds);

#endif /* SONDE_BACKENDS_LINUX_LINUX_NET_H */
