/* SPDX-License-Identifier: MIT */
/*
 * linux_file.h - reads files, links and directories for the whole Linux backend: loops over short reads and EINTR, and
 * puts failures into words.
 *
 * Paths are given as a root (one of env's) and a path below it, or as an open directory and a path below that. Every
 * failure is recorded in env, but for SONDE_ERR_NO_MEMORY from a fill.
 *
 * Statuses of an errno: EACCES, EPERM: SONDE_ERR_ACCESS. ESRCH: SONDE_ERR_NO_PROCESS. ENOMEM: SONDE_ERR_NO_MEMORY. All
 * else: SONDE_ERR_OS, and ENOENT among them: sondei_linux_is_missing tells.
 */
#ifndef SONDE_BACKENDS_LINUX_LINUX_FILE_H
#define SONDE_BACKENDS_LINUX_LINUX_FILE_H

#include "backends/linux/linux_backend.h"
#include "core/parse/span.h"

/* A place in the file tree: directory `fd` (AT_FDCWD for the roots), whose name, for messages, is `name`. */
struct linux_place {
  int fd;
  const char *name;
};

/* The place of a root: env->procfs, env->sysfs, env->etc, env->dev or env->rootfs. */
struct linux_place sondei_linux_root(const char *root);

/* Whether a read may be the last without the OS having said so. */
enum linux_reading {
  LINUX_UNTIL_EOF, /* read until the OS says there is no more: right for every file */
  LINUX_ONE_RECORD /* the kernel makes the whole text for the first read: a short read that ends with a line end is all.
                      Right for /proc/PID/{stat,status,statm,io}, /proc/{stat,meminfo,loadavg,uptime}, sysfs attributes
                    */
};

/* Reads a whole file into `buffer`; *out are its bytes, valid until the buffer is used again. */
sonde_status sondei_linux_read_into(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                    struct sonde_buffer *buffer, struct linux_place place, const char *path,
                                    enum linux_reading reading);

/* The same into state->text. */
sonde_status sondei_linux_read(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                               struct linux_place place, const char *path, enum linux_reading reading);

/* Reads a file that holds one number. SONDE_ERR_PARSE when it holds something else. */
sonde_status sondei_linux_read_u64(struct sonde_env *env, struct linux_state *state, uint64_t *out,
                                   struct linux_place place, const char *path);

/* Reads a file that holds one line, into the fill: without the line end and blanks around it. */
sonde_status sondei_linux_read_string(struct sonde_env *env, struct linux_state *state, struct sonde_fill *fill,
                                      sonde_string *out, struct linux_place place, const char *path);

/* The target of a link, whole, in state->text. */
sonde_status sondei_linux_read_link(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                                    struct linux_place place, const char *path);

/* The lean way, for files of which there are thousands and whose absence is normal: below an open directory. Nothing is
 * recorded. Returns 0, or the errno of the call that *operation then names; ENOMEM also when there is no memory here.
 */
int sondei_linux_try_open(struct linux_state *state, int *out, int dirfd, const char *path, int flags);
int sondei_linux_try_read(struct sonde_env *env, struct linux_state *state, sondei_span *out,
                          struct sonde_buffer *buffer, int dirfd, const char *path, enum linux_reading reading,
                          const char **operation);
int sondei_linux_try_read_link(struct sonde_env *env, struct linux_state *state, sondei_span *out, int dirfd,
                               const char *path);

/* Opens a directory, as a place; closed by sondei_linux_close_place. `path` must live as long, as the place's name. */
sonde_status sondei_linux_open_place(struct sonde_env *env, struct linux_state *state, struct linux_place *out,
                                     struct linux_place place, const char *path);
void sondei_linux_close_place(struct linux_state *state, struct linux_place *place);

/* A walk over the names in a directory, "." and ".." left out. */
struct linux_walk {
  int fd;
  struct linux_place place;
  const char *path;
  struct sonde_buffer *buffer; /* where the entries are read to */
  sondei_span rest;
  bool at_end;
};

/* Starts a walk. buffer: state->entries for the outermost walk; a walk inside another needs one of its own. */
sonde_status sondei_linux_walk_open(struct sonde_env *env, struct linux_state *state, struct linux_walk *out,
                                    struct sonde_buffer *buffer, struct linux_place place, const char *path);
/* The next name: NUL-terminated, valid until the next call. *out NULL: no more. */
sonde_status sondei_linux_walk_next(struct sonde_env *env, struct linux_state *state, struct linux_walk *walk,
                                    const char **out);
void sondei_linux_walk_close(struct linux_state *state, struct linux_walk *walk);

/* The numbers N of all names "prefixN" in a directory of /sys, ascending, as uint32_t in `buffer`. None when there is
 * no such directory. Uses state->entries. */
sonde_status sondei_linux_numbered_entries(struct sonde_env *env, struct linux_state *state, size_t *count,
                                           struct sonde_buffer *buffer, const char *path, const char *prefix);

/* Makes a path of up to four parts in state->path: "class/net/" + "eth0" + "/speed" + NULL. Valid until the next call.
 */
sonde_status sondei_linux_path(struct sonde_env *env, struct linux_state *state, const char **out, const char *a,
                               const char *b, const char *c, const char *d);

/* Writes a number in decimal and a NUL; room for 21 bytes. Returns the length. */
size_t sondei_linux_decimal(char *out, uint64_t value);

/* Whether an errno says that descriptors or memory ran out: it fails the call. */
bool sondei_linux_code_is_exhaustion(int code);

/* Records a failed call on place/path, and returns its status. */
sonde_status sondei_linux_fail(struct sonde_env *env, int code, const char *operation, struct linux_place place,
                               const char *path);

/* Records what a parser did not understand in place/path. */
sonde_status sondei_linux_fail_parse(struct sonde_env *env, const sondei_parse_error *err, struct linux_place place,
                                     const char *path);

/* Whether the latest failure of this context was that a file, or the thing behind it, does not exist (ENOENT, ENOTDIR,
 * ENODEV, ENXIO). To be asked right after the failure. */
bool sondei_linux_is_missing(struct sonde_env *env);

/* Whether the latest failure was that the caller's process ran out of descriptors: no row's fault, it fails the call.
 */
bool sondei_linux_is_exhausted(struct sonde_env *env);

#endif /* SONDE_BACKENDS_LINUX_LINUX_FILE_H */
