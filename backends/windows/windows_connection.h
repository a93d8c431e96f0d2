/* SPDX-License-Identifier: MIT */
/* windows_connection.h - sockets and their owners. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_CONNECTION_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_CONNECTION_H

#include "backends/windows/windows_backend.h"

/* The slots connection_list of sonde_net_ops and of sonde_process_ops. */
sonde_status sondei_windows_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                            uint32_t kinds);
sonde_status sondei_windows_process_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                                    struct sonde_process_ref *ref, uint32_t kinds);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_CONNECTION_H */
