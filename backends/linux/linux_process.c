/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "core/parse/linux_dirent.h"
#include "core/parse/linux_pid_stat.h"
#include "core/parse/linux_pid_status.h"

void sondei_linux_process_path(char *out, sonde_pid pid, const char *file) {
  size_t len = sondei_linux_decimal(out, (uint64_t)pid);
  out[len++] = '/';
  const size_t room = LINUX_PROCESS_PATH - 1 - len;
  size_t file_len = strlen(file);
  if (file_len > room) file_len = room;
  memcpy(out + len, file, file_len);
  out[len + file_len] = '\0';
}

bool sondei_linux_process_is_there(struct linux_state *state, int dir, int *code) {
  struct stat info;
  *code = 0;
  if (state->os->fstatat(dir, "stat", &info, 0) == 0) return true;
  if (errno != ENOENT && errno != ESRCH) *code = errno;
  return *code != 0;
}

sonde_status sondei_linux_process_fail(struct sonde_env *env, struct linux_state *state, int dir, sonde_pid pid,
                                       int code, const char *operation, const char *file) {
  char path[LINUX_PROCESS_PATH];
  int unused = 0;
  sondei_linux_process_path(path, pid, file);
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  if ((code == ENOENT || code == ESRCH) && !sondei_linux_process_is_there(state, dir, &unused)) code = ESRCH;
  return sondei_linux_fail(env, code, operation, procfs, path);
}

sonde_status sondei_linux_process_fail_parse(struct sonde_env *env, const sondei_parse_error *err, sonde_pid pid,
                                             const char *file) {
  char path[LINUX_PROCESS_PATH];
  sondei_linux_process_path(path, pid, file);
  return sondei_linux_fail_parse(env, err, sondei_linux_root(env->procfs), path);
}

/* ---- Which processes there are ------------------------------------------------------------------------------------
 */

static sonde_status linux_pid_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  struct linux_walk walk;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->procfs), "");
  if (status != SONDE_OK) return status;
  for (;;) {
    const char *name = NULL;
    sonde_pid pid = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!sondei_linux_process_pid(name, &pid)) continue;
    sonde_pid *const row = sonde_fill_row(out);
    if (row == NULL) {
      status = SONDE_ERR_NO_MEMORY;
      break;
    }
    *row = pid;
  }
  sondei_linux_walk_close(state, &walk);
  return status == SONDE_OK && sonde_fill_count(out) == 0 ? sondei_linux_process_none(env) : status;
}

static sonde_status linux_no_process(struct sonde_env *env, sonde_pid pid) {
  char path[LINUX_PROCESS_PATH];
  sondei_linux_process_path(path, pid, "");
  return sondei_linux_fail(env, ESRCH, "open", sondei_linux_root(env->procfs), path);
}

/* Why there is no such directory: there is no such process, or procfs is not mounted. */
static sonde_status linux_process_missing(struct sonde_env *env, struct linux_state *state, sonde_pid pid) {
  struct linux_walk walk;
  const char *name = NULL;
  sonde_pid other = 0;
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->inner_entries, sondei_linux_root(env->procfs), "");
  if (status != SONDE_OK) return status;
  do {
    status = sondei_linux_walk_next(env, state, &walk, &name);
  } while (status == SONDE_OK && name != NULL && !sondei_linux_process_pid(name, &other));
  sondei_linux_walk_close(state, &walk);
  if (status != SONDE_OK) return status;
  return name != NULL ? linux_no_process(env, pid) : sondei_linux_process_none(env);
}

/* Opens /proc/PID; that may be a thread's. */
static sonde_status linux_process_open_dir(struct sonde_env *env, struct linux_state *state, int *out, sonde_pid pid) {
  struct linux_place dir;
  char path[LINUX_PROCESS_PATH];
  /* 0 would be no process, and a larger number no pid, whatever a directory is called. */
  if (pid == 0 || pid > INT32_MAX) return linux_no_process(env, pid);
  sondei_linux_process_path(path, pid, "");
  path[strlen(path) - 1] = '\0';
  const sonde_status status = sondei_linux_open_place(env, state, &dir, sondei_linux_root(env->procfs), path);
  if (status != SONDE_OK) return sondei_linux_is_missing(env) ? linux_process_missing(env, state, pid) : status;
  *out = dir.fd;
  return SONDE_OK;
}

sonde_status sondei_linux_process_find(struct sonde_env *env, struct linux_state *state, sonde_pid pid) {
  int dir = -1;
  int unused = 0;
  const sonde_status status = linux_process_open_dir(env, state, &dir, pid);
  if (status != SONDE_OK) return status;
  /* With hidepid=2 the directory of another user's process can be opened, though nothing in it can be seen. */
  const bool is_there = sondei_linux_process_is_there(state, dir, &unused);
  state->os->close(dir);
  return is_there ? SONDE_OK : linux_no_process(env, pid);
}

/* SONDE_ERR_NO_PROCESS for a thread, whose id leads to a directory as well: only Tgid in its status tells. What cannot
 * be read is taken for a process. */
static sonde_status linux_process_is_leader(struct sonde_env *env, struct linux_state *state, int dir, sonde_pid pid) {
  sondei_span text;
  const char *operation = NULL;
  const int code = sondei_linux_try_read(env, state, &text, &state->text, dir, "status", LINUX_ONE_RECORD, &operation);
  if (sondei_linux_code_is_exhaustion(code)) {
    return sondei_linux_process_fail(env, state, dir, pid, code, operation, "status");
  }
  if (code == ESRCH || code == ENOENT) {
    int unused = 0;
    return sondei_linux_process_is_there(state, dir, &unused) ? SONDE_OK : linux_no_process(env, pid);
  }
  struct sondei_linux_pid_status from;
  const bool is_thread = code == 0 && sondei_linux_parse_pid_status(&from, NULL, text) == SONDE_OK &&
                         (from.valid & SONDEI_LINUX_STATUS_TGID) != 0 && from.tgid != pid;
  return is_thread ? linux_no_process(env, pid) : SONDE_OK;
}

/* Opens /proc/PID of a process. */
static sonde_status linux_process_open_leader(struct sonde_env *env, struct linux_state *state, int *out,
                                              sonde_pid pid) {
  int dir = -1;
  sonde_status status = linux_process_open_dir(env, state, &dir, pid);
  if (status != SONDE_OK) return status;
  status = linux_process_is_leader(env, state, dir, pid);
  if (status != SONDE_OK) {
    state->os->close(dir);
    return status;
  }
  *out = dir;
  return SONDE_OK;
}

static sonde_status linux_pid_exists(struct sonde_env *env, void *opaque, bool *out, sonde_pid pid) {
  struct linux_state *const state = opaque;
  int dir = -1;
  const sonde_status status = linux_process_open_leader(env, state, &dir, pid);
  if (status == SONDE_ERR_NO_PROCESS) {
    *out = false;
    return SONDE_OK;
  }
  if (status != SONDE_OK) return status;
  state->os->close(dir);
  *out = true;
  return SONDE_OK;
}

static sonde_status linux_get(struct sonde_env *env, void *opaque, struct sonde_fill *out, sonde_pid pid,
                              uint64_t fields) {
  struct linux_state *const state = opaque;
  int dir = -1;
  sonde_status status = linux_process_open_leader(env, state, &dir, pid);
  if (status != SONDE_OK) return status;
  struct linux_process_call call;
  sondei_linux_process_begin(&call, env, state, out, fields);
  status = sondei_linux_process_add_row(&call, pid, dir, false);
  sondei_linux_process_end(&call);
  state->os->close(dir);
  if (status == SONDE_OK && sonde_fill_count(out) == 0) return linux_no_process(env, pid);
  return status;
}

/* ---- Handles ------------------------------------------------------------------------------------------------------
 */

sonde_status sondei_linux_process_pids_are_ours(struct sonde_env *env, struct linux_state *state, bool *out) {
  sondei_span text;
  struct sondei_linux_pid_status from;
  *out = false;
  if (!env->live) return SONDE_OK;
  const sonde_status status =
      sondei_linux_read(env, state, &text, sondei_linux_root(env->procfs), "self/status", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (sondei_linux_parse_pid_status(&from, NULL, text) != SONDE_OK || (from.valid & SONDEI_LINUX_STATUS_TGID) == 0 ||
      from.tgid != state->os->getpid()) {
    return SONDE_OK;
  }
  /* The same number may be a coincidence: there is one for each namespace from that of procfs to the caller's (Linux
   * 4.1). */
  sondei_parse_error err;
  uint32_t number = 0;
  size_t count = 0;
  if (from.valid & SONDEI_LINUX_STATUS_NSPID) {
    while (sondei_linux_next_pid_status_number(&number, &err, &from.nspid)) count++;
  }
  *out = count <= 1;
  return SONDE_OK;
}

sonde_status sondei_linux_process_open(struct sonde_env *env, struct linux_state *state, struct linux_process_own *own,
                                       uint64_t *start_id, sonde_pid pid) {
  int dir = -1;
  int pidfd = -1;
  bool is_ours = false;
  sonde_status status = linux_process_open_dir(env, state, &dir, pid);
  if (status != SONDE_OK) return status;
  status = sondei_linux_process_pids_are_ours(env, state, &is_ours);
  if (status != SONDE_OK) goto done;
  const bool is_foreign = env->live && !is_ours;
  if (is_ours) {
    pidfd = state->os->pidfd_open((pid_t)pid, 0);
    if (pidfd < 0) {
      const int code = errno;
      /* Before Linux 5.3, or a sandbox that knows no pidfd: do without. EINVAL and ENOENT: a thread's id. */
      if (code == ESRCH || code == EINVAL || code == ENOENT) {
        status = linux_no_process(env, pid);
        goto done;
      }
      if (sondei_linux_code_is_exhaustion(code)) {
        status = sondei_linux_process_fail(env, state, dir, pid, code, "pidfd_open", "");
        goto done;
      }
    }
  }
  if (pidfd < 0) {
    status = linux_process_is_leader(env, state, dir, pid);
    if (status != SONDE_OK) goto done;
  }
  /* The directory is read after the pidfd was made: if its process lives now, it had the pid all the time between. */
  sondei_span text;
  const char *operation = NULL;
  const int code = sondei_linux_try_read(env, state, &text, &state->text, dir, "stat", LINUX_ONE_RECORD, &operation);
  if (code != 0) {
    status = sondei_linux_process_fail(env, state, dir, pid, code, operation, "stat");
    goto done;
  }
  struct sondei_linux_pid_stat stat;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_stat(&stat, &err, text) != SONDE_OK) {
    status = sondei_linux_process_fail_parse(env, &err, pid, "stat");
    goto done;
  }
  *start_id = stat.starttime;
  own->dir_plus_1 = dir + 1;
  own->pidfd_plus_1 = pidfd + 1;
  own->is_foreign = is_foreign;
  dir = pidfd = -1;
  status = SONDE_OK;
done:
  if (pidfd >= 0) state->os->close(pidfd);
  if (dir >= 0) state->os->close(dir);
  return status;
}

void sondei_linux_process_close(struct linux_state *state, struct linux_process_own *own) {
  if (own->pidfd_plus_1 > 0) state->os->close(own->pidfd_plus_1 - 1);
  if (own->dir_plus_1 > 0) state->os->close(own->dir_plus_1 - 1);
  own->pidfd_plus_1 = own->dir_plus_1 = 0;
}

sonde_status sondei_linux_process_enter(struct sonde_env *env, struct linux_state *state,
                                        struct linux_process_opened *out, const struct sonde_process_ref *ref) {
  memset(out, 0, sizeof *out);
  if (ref->own != NULL) {
    memcpy(&out->own, ref->own, sizeof out->own);
  } else {
    uint64_t start_id = 0;
    const sonde_status status = sondei_linux_process_open(env, state, &out->own, &start_id, ref->pid);
    if (status != SONDE_OK) return status;
    if (start_id != ref->start_id) {
      sondei_linux_process_close(state, &out->own);
      return linux_no_process(env, ref->pid);
    }
    out->is_temporary = true;
  }
  out->dir = out->own.dir_plus_1 - 1;
  out->pidfd = out->own.pidfd_plus_1 - 1;
  return SONDE_OK;
}

void sondei_linux_process_leave(struct linux_state *state, struct linux_process_opened *opened) {
  if (opened->is_temporary) sondei_linux_process_close(state, &opened->own);
}

bool sondei_linux_process_is_zombie(struct sonde_env *env, struct linux_state *state, int dir) {
  sondei_span text;
  const char *operation = NULL;
  struct sondei_linux_pid_stat stat;
  return sondei_linux_try_read(env, state, &text, &state->text, dir, "stat", LINUX_ONE_RECORD, &operation) == 0 &&
         sondei_linux_parse_pid_stat(&stat, NULL, text) == SONDE_OK &&
         sondei_linux_process_state(stat.state) == SONDE_PROCESS_STATE_ZOMBIE;
}

static sonde_status linux_process_slot_open(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  struct linux_process_own *const own = ref->own;
  const sonde_status status = sondei_linux_process_open(env, opaque, own, &ref->start_id, ref->pid);
  ref->exact = status == SONDE_OK && own->pidfd_plus_1 > 0;
  return status;
}

static void linux_process_slot_close(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  (void)env;
  sondei_linux_process_close(opaque, ref->own);
}

static sonde_status linux_is_running(struct sonde_env *env, void *opaque, bool *out, struct sonde_process_ref *ref) {
  struct linux_state *const state = opaque;
  const struct linux_process_own *const own = ref->own;
  int code = 0;
  *out = sondei_linux_process_is_there(state, own->dir_plus_1 - 1, &code);
  if (code == 0) return SONDE_OK;
  return sondei_linux_process_fail(env, state, own->dir_plus_1 - 1, ref->pid, code, "fstatat", "stat");
}

static sonde_status linux_process_read(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                       struct sonde_process_ref *ref, uint64_t fields) {
  struct linux_state *const state = opaque;
  const struct linux_process_own *const own = ref->own;
  const int dir = own->dir_plus_1 - 1;
  int code = 0;
  if (fields == 0 && !sondei_linux_process_is_there(state, dir, &code)) return linux_no_process(env, ref->pid);
  struct linux_process_call call;
  sondei_linux_process_begin(&call, env, state, out, fields);
  const sonde_status status = sondei_linux_process_add_row(&call, ref->pid, dir, false);
  sondei_linux_process_end(&call);
  if (status == SONDE_OK && sonde_fill_count(out) == 0) return linux_no_process(env, ref->pid);
  return status;
}

const struct sonde_process_ops sondei_linux_process_ops = {
    .pid_list = linux_pid_list,
    .pid_exists = linux_pid_exists,
    .table = sondei_linux_process_table,
    .get = linux_get,
    .handle_size = sizeof(struct linux_process_own),
    .open = linux_process_slot_open,
    .close = linux_process_slot_close,
    .is_running = linux_is_running,
    .read = linux_process_read,
    .thread_list = sondei_linux_thread_list,
    .open_file_list = sondei_linux_open_file_list,
    .map_list = sondei_linux_map_list,
    .connection_list = sondei_linux_process_connection_list,
    .environ_list = sondei_linux_environ_list,
    .limit_list = sondei_linux_limit_list,
    .set_limit = sondei_linux_set_limit,
    .signal = sondei_linux_signal,
    .suspend = sondei_linux_suspend,
    .resume = sondei_linux_resume,
    .terminate = sondei_linux_terminate,
    .kill = sondei_linux_kill,
    .set_nice = sondei_linux_set_nice,
    .set_ionice = sondei_linux_set_ionice,
    .affinity = sondei_linux_affinity,
    .set_affinity = sondei_linux_set_affinity,
    .wait = sondei_linux_wait,
};
