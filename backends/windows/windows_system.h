/* SPDX-License-Identifier: MIT */
/* windows_system.h - asking for what may not fit: buffers that grow until it does. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_SYSTEM_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_SYSTEM_H

#include "backends/windows/windows_backend.h"

/* How often a buffer grows before what is asked for counts as growing for ever: to 64 MiB where the OS does not tell
 * how much it needs. */
#define WINDOWS_GROW_TRIES 12

/* How large it becomes where the OS does not tell what it needs. */
#define WINDOWS_GROW_UNTOLD ((size_t)1 << 26)

/* Makes the buffer larger than it is, and larger by some slack than what the OS has told that it needs (0: not told):
 * the answer may have grown by the next time. *tries, 0 at first, counts. False after WINDOWS_GROW_TRIES, or when it is
 * that large: the caller fails with the code that made it ask. *status is SONDE_ERR_NO_MEMORY where there is none, else
 * SONDE_OK. */
bool sondei_windows_grow_more(struct sonde_env *env, struct sonde_buffer *buffer, size_t told, unsigned *tries,
                              sonde_status *status);

/* The whole answer of NtQuerySystemInformation for one class, in the buffer; *out is what was filled. name is the
 * class's, for errors. */
sonde_status sondei_windows_query_system(struct sonde_env *env, struct windows_state *state,
                                         struct sonde_buffer *buffer, struct sondei_windows_block *out, unsigned kind,
                                         const char *name);

/* The same of one processor group, by NtQuerySystemInformationEx; of no group (NULL) by the other. */
sonde_status sondei_windows_query_group(struct sonde_env *env, struct windows_state *state, struct sonde_buffer *buffer,
                                        struct sondei_windows_block *out, unsigned kind, const char *name,
                                        const USHORT *group);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_SYSTEM_H */
