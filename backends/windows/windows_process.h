/* SPDX-License-Identifier: MIT */
/*
 * windows_process.h - what the process files of the Windows backend share.
 *
 *   windows_process.c         the table of slots
 *   windows_process_table.c   pids, all processes, one process, threads
 *   windows_process_row.c     one row: from its entry in the chain, and by a handle where a field costs one
 *   windows_process_handle.c  processes that were opened
 *   windows_process_detail.c  what is read from an opened process: the fields that cost a handle, environment, mappings
 *   windows_process_action.c  what is done to an opened process, waiting for it
 *   windows_open_file.c       its open files
 */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_PROCESS_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_PROCESS_H

#include "backends/windows/windows_backend.h" /* first */

#include "backends/windows/windows_drive.h"
#include "core/parse/windows_process_chain.h"
#include "core/parse/windows_sid.h"

extern const struct sonde_process_ops sondei_windows_process_ops;

/* ---- The chain of processes ------------------------------------------------------------------------------------- */

/* Asks for all processes with their threads: one call. *out lies in state->processes until the next call. */
sonde_status sondei_windows_process_chain(struct sonde_env *env, struct windows_state *state,
                                          struct sondei_windows_block *out);

/* The process that has this pid now; with start_id (NULL: any) only if it is that very process. SONDE_ERR_NO_PROCESS:
 * there is none. *out lies in state->processes, and *err says what of it is not understood. */
sonde_status sondei_windows_process_find(struct sonde_env *env, struct windows_state *state,
                                         struct sondei_windows_process *out, sondei_parse_error *err, sonde_pid pid,
                                         const uint64_t *start_id);

/* Records what the parser of the chain did not understand. Returns SONDE_ERR_PARSE. */
sonde_status sondei_windows_process_fail_parse(struct sonde_env *env, const sondei_parse_error *err);

/* Records that no process has this pid (any more), and returns SONDE_ERR_NO_PROCESS. */
sonde_status sondei_windows_no_process(struct sonde_env *env, sonde_pid pid);

/* "process 4711", for errors. out has room for WINDOWS_PROCESS_SUBJECT bytes. Returns out. */
enum {
  WINDOWS_PROCESS_SUBJECT = 32
};
const char *sondei_windows_process_subject(char *out, sonde_pid pid);

/* ---- Rows ------------------------------------------------------------------------------------------------------- */

enum {
  WINDOWS_PROCESS_USERS = 32
};

/* Whom a SID stands for, as several rows share it. */
struct windows_process_user {
  size_t sid_len; /* 0: nobody yet */
  char sid[SONDEI_WINDOWS_SID_BYTES];
  sonde_status status; /* of looking it up */
  sonde_string name;   /* in the memory of the table */
};

/* What one call keeps from row to row; nothing of it outlives the call. */
struct windows_process_call {
  struct sonde_env *env;
  struct windows_state *state;
  struct sonde_fill *fill;
  uint64_t fields;
  bool has_boot_time;
  uint64_t boot_time; /* 0: unknown */
  struct windows_drives drives;
  size_t num_users; /* that were looked up */
  struct windows_process_user users[WINDOWS_PROCESS_USERS];
};

/* Starts a call. Nothing need be done to end it. */
void sondei_windows_process_begin(struct windows_process_call *out, struct sonde_env *env, struct windows_state *state,
                                  struct sonde_fill *fill, uint64_t fields);

/* Adds the row of an entry of the chain. err: what sondei_windows_next_process said of it. process: a handle of that
 * very process with the rights that the readers need, or NULL: one is opened if a field asks for it. A failure fails
 * the whole call. */
sonde_status sondei_windows_process_add_row(struct windows_process_call *call,
                                            const struct sondei_windows_process *entry, const sondei_parse_error *err,
                                            HANDLE process);

/* What a thread does. */
sonde_process_state sondei_windows_thread_state(const struct sondei_windows_thread *thread);

/* Fills one field, by a handle: what stands in the table of windows_process_row.c, one line for each.
 *
 *   process has PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE and, where the reader's line says WANTS_MEMORY and
 * the OS grants it, PROCESS_QUERY_INFORMATION and PROCESS_VM_READ. It is NULL where the OS grants nothing at all: only
 * a reader whose line says GOES_BY_PID is then called, and asks by row->pid. It is never called for pid 0. row->pid is
 * set. The reader sets the members of its field, but none of the masks.
 *
 * SONDE_OK: the field is told. SONDE_ERR_UNSUPPORTED: this process, or this Windows, has no such thing.
 * SONDE_ERR_ACCESS: refused. SONDE_ERR_NO_PROCESS: it has ended. SONDE_ERR_NO_MEMORY fails the whole call. Any other:
 * the field failed. Every failure is recorded (sondei_windows_fail). */
typedef sonde_status (*windows_process_reader)(struct windows_process_call *call, sonde_process *row, HANDLE process);

/* windows_process_detail.c */
sonde_status sondei_windows_read_cmdline(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_cwd(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_exe(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_username(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_elevated(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_bitness(struct windows_process_call *call, sonde_process *row, HANDLE process);
/* For a Windows whose chain does not tell the private working set. */
sonde_status sondei_windows_read_footprint(struct windows_process_call *call, sonde_process *row, HANDLE process);

/* windows_process_action.c */
sonde_status sondei_windows_read_nice(struct windows_process_call *call, sonde_process *row, HANDLE process);
sonde_status sondei_windows_read_ionice(struct windows_process_call *call, sonde_process *row, HANDLE process);
/* The nice value of a process with this base priority. False: no priority class gives a process just that one. */
bool sondei_windows_nice_of_base_priority(int32_t *out, int32_t base_priority);

/* ---- Handles ---------------------------------------------------------------------------------------------------- */

/* sonde_process_ref.own: the handle is the identity. As long as it is open its process keeps its pid, even when it has
 * ended. It is opened once, and never anew. */
struct windows_process_own {
  HANDLE process;
  DWORD rights; /* PROCESS_*: those it was opened with; at least PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE */
};

/* The handle, whose process may have ended; NULL: another backend opened it. */
HANDLE sondei_windows_process_handle(const struct sonde_process_ref *ref);

/* *out: whether it has not ended. */
sonde_status sondei_windows_process_is_alive(struct sonde_env *env, struct windows_state *state, bool *out,
                                             HANDLE process, sonde_pid pid);

/* ---- Slots: as in sonde_backend.h ------------------------------------------------------------------------------- */

/* windows_process_table.c */
sonde_status sondei_windows_pid_list(struct sonde_env *env, void *opaque, struct sonde_fill *out);
sonde_status sondei_windows_pid_exists(struct sonde_env *env, void *opaque, bool *out, sonde_pid pid);
sonde_status sondei_windows_process_table(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint64_t fields);
sonde_status sondei_windows_process_get(struct sonde_env *env, void *opaque, struct sonde_fill *out, sonde_pid pid,
                                        uint64_t fields);
sonde_status sondei_windows_thread_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                        struct sonde_process_ref *ref);

/* windows_process_handle.c */
sonde_status sondei_windows_process_open(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
void sondei_windows_process_close(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_windows_process_is_running(struct sonde_env *env, void *opaque, bool *out,
                                               struct sonde_process_ref *ref);
sonde_status sondei_windows_process_read(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref, uint64_t fields);

/* windows_process_detail.c */
sonde_status sondei_windows_environ_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref);
sonde_status sondei_windows_map_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref, bool sizes);

/* windows_process_action.c */
sonde_status sondei_windows_suspend(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_windows_resume(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_windows_kill(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref);
sonde_status sondei_windows_set_nice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref, int nice);
sonde_status sondei_windows_set_ionice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                       int ionice_class, int ionice_value);
sonde_status sondei_windows_affinity(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref);
sonde_status sondei_windows_set_affinity(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                         const uint32_t *cpus, size_t num_cpus);
sonde_status sondei_windows_wait(struct sonde_env *env, void *opaque, struct sonde_process_ref *const *refs,
                                 size_t count, bool *ended, sonde_exit *exits, uint64_t timeout);

/* windows_open_file.c */
sonde_status sondei_windows_open_file_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                           struct sonde_process_ref *ref, bool regular_only);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_PROCESS_H */
