/* SPDX-License-Identifier: MIT */
/* windows_net.h - the network. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_NET_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_NET_H

#include "backends/windows/windows_backend.h"

extern const struct sonde_net_ops sondei_windows_net_ops;

/* One call of iphlpapi that fills out, of *size bytes, and tells in *size how many it would need. NO_ERROR or its code.
 */
typedef ULONG windows_table_call(const struct windows_os *os, void *out, ULONG *size, const void *what);

/* The whole answer of the call, in state->data; *out is what there was room for. Where it fails, *code is why, and
 * nothing is recorded unless there is no memory (*code 0). */
sonde_status sondei_windows_query_table(struct sonde_env *env, struct windows_state *state, sondei_span *out,
                                        DWORD *code, windows_table_call *call, const void *what);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_NET_H */
