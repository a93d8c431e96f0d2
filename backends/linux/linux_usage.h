/* SPDX-License-Identifier: MIT */
/*
 * linux_usage.h - asks a file system for its sizes, which a dead server or FUSE program may never answer.
 *
 * With a timeout a helper process asks, and answers through a pipe; when the deadline passes it is killed. A helper
 * that even so does not end (a dead disk, an old NFS client) is remembered in the context, and as long as it hangs
 * there nobody else is sent to the same path or, where the mount is one that may hang, to the same mount.
 *
 * The helper is the caller's child, but ends without SIGCHLD and cannot be waited for without __WALL; it runs none of
 * the caller's code, and closes the descriptors that it was born with (Linux 5.9).
 */
#ifndef SONDE_BACKENDS_LINUX_LINUX_USAGE_H
#define SONDE_BACKENDS_LINUX_LINUX_USAGE_H

#include "backends/linux/linux_file.h"

/* statvfs(3) of path; timeout in ns, SONDE_NO_TIMEOUT: asks by itself, as long as it takes. SONDE_ERR_TIMEOUT: no
 * answer in time, or a helper hangs there, or LINUX_HELPERS_MAX hang. path must not lie in state->text or
 * state->entries. */
sonde_status sondei_linux_statvfs(struct sonde_env *env, struct linux_state *state, struct statvfs *out,
                                  const char *path, uint64_t timeout);

struct linux_mount {
  bool is_found;
  bool may_hang; /* it has a server or a program behind it, which may be dead */
  uint64_t id;
};

/* The mount on which path lies, by a mountinfo file read into buffer: without a look at the path, which must not lie in
 * buffer. Nothing is found where the file cannot be read, which is recorded. */
sonde_status sondei_linux_find_mount(struct sonde_env *env, struct linux_state *state, struct linux_mount *out,
                                     struct sonde_buffer *buffer, struct linux_place place, const char *file,
                                     const char *path);

/* Reaps the helpers that have ended meanwhile. */
void sondei_linux_reap_helpers(struct linux_state *state);

#endif /* SONDE_BACKENDS_LINUX_LINUX_USAGE_H */
