/* SPDX-License-Identifier: MIT */
/*
 * linux_process.h - what the process files of the Linux backend share.
 *
 *   linux_process.c         the slots; pids, one process, handles
 *   linux_process_table.c   all processes
 *   linux_process_row.c     one row: which files the asked fields need, and reading them
 *   linux_process_detail.c  threads, limits, environment, open files, mappings of an opened process
 *   linux_process_action.c  what is done to an opened process, and waiting for it
 */
#ifndef SONDE_BACKENDS_LINUX_LINUX_PROCESS_H
#define SONDE_BACKENDS_LINUX_LINUX_PROCESS_H

#include "backends/linux/linux_delays.h"
#include "backends/linux/linux_file.h"

/* ---- Rows ------------------------------------------------------------------------------------------------------- */

enum {
  LINUX_PROCESS_CACHE = 32 /* a power of two */
};

/* A string of the fill that several rows share. */
struct linux_process_name {
  bool is_set;
  uint32_t key; /* uid, or device number */
  sonde_string text;
};

/* What one call keeps from row to row; nothing of it outlives the call. */
struct linux_process_call {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_fill *fill;
  uint64_t fields;
  uint64_t from_stat;   /* of fields: those that stat is to tell */
  uint64_t from_status; /* the same for status */
  uint64_t from_statm;  /* the same for statm */
  bool is_one_file;     /* one file tells them all: no directory need be held */
  bool has_boot_time;
  uint64_t boot_time; /* ns since the epoch; 0: unknown */
  bool has_passwd;    /* it was tried */
  sondei_span passwd; /* in state->passwd */
  int passwd_code;    /* why it could not be read */
  int has_own_pids;   /* the pids are those of the caller's namespace: 1, 0, -1 not known yet */
  int has_fd_sizes;   /* st_size of PID/fd is the number of descriptors: 1, 0, -1 not known yet */
  struct linux_delays delays;
  struct linux_process_name users[LINUX_PROCESS_CACHE];
  struct linux_process_name terminals[LINUX_PROCESS_CACHE];
};

/* Starts a call. */
void sondei_linux_process_begin(struct linux_process_call *out, struct sonde_env *env, struct linux_state *state,
                                struct sonde_fill *fill, uint64_t fields);

/* Ends it, on success and on failure. */
void sondei_linux_process_end(struct linux_process_call *call);

/* Adds the row of a process. dir: its own directory, or (in_procfs) the procfs directory that has it as `pid`. No row
 * is added when the process ended before anything of it was read. A failure fails the whole call. */
sonde_status sondei_linux_process_add_row(struct linux_process_call *call, sonde_pid pid, int dir, bool in_procfs);

/* Records that the procfs directory has no process in it: the caller is one, so that no procfs is mounted there. */
sonde_status sondei_linux_process_none(struct sonde_env *env);

/* ns since the epoch at which the ticks since boot began; *out 0 where nothing tells. Running out of descriptors or
 * memory is a failure. */
sonde_status sondei_linux_process_boot_time(struct sonde_env *env, struct linux_state *state, uint64_t *out);

/* ---- Handles ---------------------------------------------------------------------------------------------------- */

/* sonde_process_ref.own. Descriptors plus one, so that zeroed memory holds none. */
struct linux_process_own {
  int dir_plus_1;   /* /proc/PID: of this very process, whoever has its pid later */
  int pidfd_plus_1; /* 0: the kernel has none (before 5.3), or this is a recording */
  bool is_foreign;  /* its pid is none of the caller's namespace: it must not be given to the kernel */
};

/* SONDE_OK when procfs has a process with that pid. */
sonde_status sondei_linux_process_find(struct sonde_env *env, struct linux_state *state, sonde_pid pid);

/* *out: procfs numbers processes as the kernel does for the caller: it may be that of another pid namespace (unshare
 * --pid without a mount of its own), or of another machine. Fails only for want of descriptors or memory. */
sonde_status sondei_linux_process_pids_are_ours(struct sonde_env *env, struct linux_state *state, bool *out);

/* An opened process, whichever backend opened it. */
struct linux_process_opened {
  struct linux_process_own own;
  bool is_temporary;
  int dir;
  int pidfd; /* -1: none */
};

/* Opens a process: its directory and, where there are any, its pidfd, and the start id of that very process. */
sonde_status sondei_linux_process_open(struct sonde_env *env, struct linux_state *state, struct linux_process_own *own,
                                       uint64_t *start_id, sonde_pid pid);
void sondei_linux_process_close(struct linux_state *state, struct linux_process_own *own);

/* What ref->own holds, or, when another backend opened it, the process opened anew and its start id compared. */
sonde_status sondei_linux_process_enter(struct sonde_env *env, struct linux_state *state,
                                        struct linux_process_opened *out, const struct sonde_process_ref *ref);
void sondei_linux_process_leave(struct linux_state *state, struct linux_process_opened *opened);

/* Whether the process still has its pid, as a zombie too. False, with *code 0: it has ended. */
bool sondei_linux_process_is_there(struct linux_state *state, int dir, int *code);

/* Records a failure about a file of the process and returns its status: SONDE_ERR_NO_PROCESS when the process has
 * ended. */
sonde_status sondei_linux_process_fail(struct sonde_env *env, struct linux_state *state, int dir, sonde_pid pid,
                                       int code, const char *operation, const char *file);
/* The same for bytes that were not understood. */
sonde_status sondei_linux_process_fail_parse(struct sonde_env *env, const sondei_parse_error *err, sonde_pid pid,
                                             const char *file);

/* Whether a name in /proc or in task is a process's or thread's id. */
bool sondei_linux_process_pid(const char *name, sonde_pid *out);

/* Whether it is a zombie now. */
bool sondei_linux_process_is_zombie(struct sonde_env *env, struct linux_state *state, int dir);

/* "PID/file" for messages and for paths below procfs; out has room for LINUX_PROCESS_PATH. */
enum {
  LINUX_PROCESS_PATH = 64
};
void sondei_linux_process_path(char *out, sonde_pid pid, const char *file);

/* ---- The slots -------------------------------------------------------------------------------------------------- */

/* As in sonde_backend.h. */
sonde_status sondei_linux_process_table(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint64_t fields);

sonde_status sondei_linux_thread_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                      struct sonde_process_ref *ref);
sonde_status sondei_linux_open_file_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref, bool regular_only);
sonde_status sondei_linux_map_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                   struct sonde_process_ref *ref, bool sizes);
sonde_status sondei_linux_process_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                                  struct sonde_process_ref *ref, uint32_t kinds);
sonde_status sondei_linux_environ_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                       struct sonde_process_ref *ref);
sonde_status sondei_linux_limit_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref);

sonde_status sondei_linux_set_limit(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                    const sonde_limit *limit);
sonde_status sondei_linux_signal(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref, int signal_number);
sonde_status sondei_linux_suspend(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_linux_resume(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_linux_terminate(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_linux_kill(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_linux_set_nice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref, int nice);
sonde_status sondei_linux_set_ionice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                     int ionice_class, int ionice_value);
sonde_status sondei_linux_affinity(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                   struct sonde_process_ref *ref);
sonde_status sondei_linux_set_affinity(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                       const uint32_t *cpus, size_t num_cpus);
sonde_status sondei_linux_wait(struct sonde_env *env, void *opaque, struct sonde_process_ref *const *refs, size_t count,
                               bool *ended, sonde_exit *exits, uint64_t timeout);

#endif /* SONDE_BACKENDS_LINUX_LINUX_PROCESS_H */
