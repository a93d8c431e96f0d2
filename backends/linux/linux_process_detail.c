/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "backends/linux/linux_connection.h"
#include "core/parse/linux_cmdline.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_fdinfo.h"
#include "core/parse/linux_fstype.h"
#include "core/parse/linux_link.h"
#include "core/parse/linux_mountinfo.h"
#include "core/parse/linux_pid_limits.h"
#include "core/parse/linux_pid_stat.h"
#include "core/parse/linux_smaps.h"

/* What each list begins with: an opened process, and for the failures its pid. */
struct linux_detail {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_fill *fill;
  sonde_pid pid;
  struct linux_process_opened opened;
};

static sonde_status begin_detail(struct linux_detail *out, struct sonde_env *env, void *state, struct sonde_fill *fill,
                                 const struct sonde_process_ref *ref) {
  out->env = env;
  out->state = state;
  out->fill = fill;
  out->pid = ref->pid;
  return sondei_linux_process_enter(env, out->state, &out->opened, ref);
}

static sonde_status end_detail(struct linux_detail *d, sonde_status status) {
  sondei_linux_process_leave(d->state, &d->opened);
  return status;
}

static sonde_status fail_zombie(struct linux_detail *d, const char *file) {
  char path[LINUX_PROCESS_PATH];
  sondei_linux_process_path(path, d->pid, file);
  return sonde_env_fail(d->env, SONDE_ERR_ZOMBIE, 0, NULL, "read", path, strlen(path));
}

static sonde_status fail_detail(struct linux_detail *d, int code, const char *operation, const char *file) {
  /* The files of a zombie belong to root, whoever it belonged to: its own user is refused what is not there anyway. */
  if (code == EACCES && sondei_linux_process_is_zombie(d->env, d->state, d->opened.dir)) return fail_zombie(d, file);
  return sondei_linux_process_fail(d->env, d->state, d->opened.dir, d->pid, code, operation, file);
}

/* Why there is nothing to tell: SONDE_OK when there is no reason. */
static sonde_status explain_nothing(struct linux_detail *d, const char *file) {
  int unused = 0;
  if (sondei_linux_process_is_zombie(d->env, d->state, d->opened.dir)) return fail_zombie(d, file);
  if (!sondei_linux_process_is_there(d->state, d->opened.dir, &unused)) return fail_detail(d, ESRCH, "read", file);
  return SONDE_OK;
}

/* Reads one of its files whole. Empty where it has nothing to tell, as a kernel thread has no environment; a zombie
 * then is SONDE_ERR_ZOMBIE. */
static sonde_status read_detail(struct linux_detail *d, sondei_span *out, const char *file) {
  const char *operation = NULL;
  const int code =
      sondei_linux_try_read(d->env, d->state, out, &d->state->text, d->opened.dir, file, LINUX_UNTIL_EOF, &operation);
  /* ESRCH: it has ended, or it has no address space. */
  if (code != 0 && code != ESRCH) return fail_detail(d, code, operation, file);
  if (code == 0 && out->len > 0) return SONDE_OK;
  *out = sondei_span_of("", 0);
  return explain_nothing(d, file);
}

/* ---- Limits and environment ---------------------------------------------------------------------------------------
 */

sonde_status sondei_linux_limit_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                     struct sonde_process_ref *ref) {
  struct linux_detail d;
  sondei_span text;
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  status = read_detail(&d, &text, "limits");
  struct sondei_linux_pid_limit limit;
  sondei_parse_error err;
  while (status == SONDE_OK && sondei_linux_next_pid_limit(&limit, &err, &text)) {
    sonde_limit *const row = sonde_fill_row(out);
    if (row == NULL) return end_detail(&d, SONDE_ERR_NO_MEMORY);
    row->kind = limit.kind;
    row->soft = limit.soft;
    row->hard = limit.hard;
    if (err.expected != NULL) row->status = sondei_linux_process_fail_parse(env, &err, d.pid, "limits");
  }
  return end_detail(&d, status);
}

sonde_status sondei_linux_environ_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                       struct sonde_process_ref *ref) {
  struct linux_detail d;
  sondei_span text;
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  status = read_detail(&d, &text, "environ");
  struct sondei_linux_variable variable;
  sondei_parse_error err;
  while (status == SONDE_OK && sondei_linux_next_variable(&variable, &err, &text)) {
    sonde_environ *const row = sonde_fill_row(out);
    if (row == NULL) return end_detail(&d, SONDE_ERR_NO_MEMORY);
    row->has_value = variable.has_value;
    status = sonde_fill_string(out, &row->name, variable.name.data, variable.name.len);
    if (status == SONDE_OK && variable.value.len > 0) {
      status = sonde_fill_string(out, &row->value, variable.value.data, variable.value.len);
    }
  }
  return end_detail(&d, status);
}

/* ---- Threads ------------------------------------------------------------------------------------------------------
 */

static uint64_t linux_ticks(const struct linux_state *state, uint64_t ticks, sondei_parse_error *err) {
  if (ticks <= UINT64_MAX / state->ns_per_tick) return ticks * state->ns_per_tick;
  err->position = 0;
  err->expected = "a smaller number";
  return 0;
}

static sonde_status fill_thread(struct linux_detail *d, sonde_thread *row, const struct sondei_linux_pid_stat *stat,
                                uint64_t boot_time, sondei_parse_error *err) {
  row->valid = SONDE_THREAD_NAME | SONDE_THREAD_STATE;
  row->state = sondei_linux_process_state(stat->state);
  if (stat->num_columns >= 15) {
    row->user_time = linux_ticks(d->state, stat->utime, err);
    row->system_time = linux_ticks(d->state, stat->stime, err);
    row->valid |= SONDE_THREAD_TIMES;
  }
  if (stat->num_columns >= 19) {
    row->priority = stat->priority;
    row->nice = stat->nice;
    row->valid |= SONDE_THREAD_PRIORITY;
  }
  if (stat->num_columns >= 22 && boot_time != 0) {
    const uint64_t since_boot = linux_ticks(d->state, stat->starttime, err);
    if (since_boot <= UINT64_MAX - boot_time) {
      row->start_time = boot_time + since_boot;
      row->valid |= SONDE_THREAD_START_TIME;
    }
  }
  if (stat->num_columns >= 39) {
    row->cpu_num = stat->processor;
    row->valid |= SONDE_THREAD_CPU_NUM;
  }
  return sonde_fill_string(d->fill, &row->name, stat->comm.data, stat->comm.len);
}

/* One thread; none is added when it has ended meanwhile. */
static sonde_status add_thread(struct linux_detail *d, int task, sonde_pid id, uint64_t boot_time) {
  char path[LINUX_PROCESS_PATH];
  char full[LINUX_PROCESS_PATH];
  static const char folder[] = "task/";
  sondei_span text;
  const char *operation = NULL;
  sondei_linux_process_path(path, id, "stat");
  memcpy(full, folder, sizeof folder - 1);
  sondei_linux_process_path(full + sizeof folder - 1, id, "stat");
  const int code =
      sondei_linux_try_read(d->env, d->state, &text, &d->state->text, task, path, LINUX_ONE_RECORD, &operation);
  if (code == ENOENT || code == ESRCH) return SONDE_OK;
  if (sondei_linux_code_is_exhaustion(code)) return fail_detail(d, code, operation, full);
  sonde_thread *const row = sonde_fill_row(d->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->id = id;
  if (code != 0) {
    row->status = fail_detail(d, code, operation, full);
    return SONDE_OK;
  }
  struct sondei_linux_pid_stat stat;
  sondei_parse_error err = {0, NULL};
  if (sondei_linux_parse_pid_stat(&stat, &err, text) == SONDE_OK) {
    const sonde_status status = fill_thread(d, row, &stat, boot_time, &err);
    if (status != SONDE_OK) return status;
  }
  if (err.expected != NULL) row->status = sondei_linux_process_fail_parse(d->env, &err, d->pid, full);
  return SONDE_OK;
}

sonde_status sondei_linux_thread_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                      struct sonde_process_ref *ref) {
  struct linux_detail d;
  uint64_t boot_time = 0;
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  status = sondei_linux_process_boot_time(env, d.state, &boot_time);
  if (status != SONDE_OK) return end_detail(&d, status);
  struct linux_walk walk;
  const struct linux_place place = {d.opened.dir, ""};
  status = sondei_linux_walk_open(env, d.state, &walk, &d.state->entries, place, "task");
  if (status != SONDE_OK) {
    const int code = (int)sonde_env_failed_code(env);
    return end_detail(&d, code == 0 ? status : fail_detail(&d, code, "open", "task"));
  }
  const char *name = NULL;
  while ((status = sondei_linux_walk_next(env, d.state, &walk, &name)) == SONDE_OK && name != NULL) {
    sonde_pid id = 0;
    if (!sondei_linux_process_pid(name, &id)) continue;
    status = add_thread(&d, walk.fd, id, boot_time);
    if (status != SONDE_OK) break;
  }
  if (status == SONDE_ERR_OS && (int)sonde_env_failed_code(env) == ENOENT) status = SONDE_OK; /* none are left */
  sondei_linux_walk_close(d.state, &walk);
  int unused = 0;
  if (status == SONDE_OK && sonde_fill_count(out) == 0 &&
      !sondei_linux_process_is_there(d.state, d.opened.dir, &unused)) {
    status = fail_detail(&d, ESRCH, "read", "task");
  }
  return end_detail(&d, status);
}

/* ---- Open files ---------------------------------------------------------------------------------------------------
 */

enum {
  LINUX_MOUNTS_KNOWN = 16
};

/* What one call keeps from descriptor to descriptor. */
struct linux_open_files {
  struct linux_detail *d;
  bool has_mounts;    /* they were read */
  sondei_span mounts; /* mountinfo of the process, in state->mounts */
  struct {
    uint64_t id;
    bool is_set;
    bool is_local;
  } known[LINUX_MOUNTS_KNOWN];
};

/* What the target of a link and the flags tell of the file's kind. */
static sonde_file_kind kind_of(sondei_span target, uint64_t flags, uint64_t *inode) {
  struct sondei_linux_link link;
  if (sondei_linux_parse_link(&link, NULL, target) == SONDE_OK) {
    *inode = link.inode;
    if (sondei_span_equals(link.kind, "socket")) return SONDE_FILE_SOCKET;
    if (sondei_span_equals(link.kind, "pipe")) return SONDE_FILE_PIPE;
    return SONDE_FILE_OTHER;
  }
  if (sondei_span_starts_with(target, "anon_inode:")) return SONDE_FILE_OTHER;
  if (sondei_span_starts_with(target, "/memfd:")) return SONDE_FILE_REGULAR;
  if (flags & O_DIRECTORY) return SONDE_FILE_DIRECTORY;
  /* Block devices stand in /dev, too, but few processes have one open, and they have no folder of their own. */
  if (sondei_span_starts_with(target, "/dev/") && !sondei_span_starts_with(target, "/dev/shm/") &&
      !sondei_span_starts_with(target, "/dev/hugepages/") && !sondei_span_starts_with(target, "/dev/mqueue/")) {
    return SONDE_FILE_CHARACTER_DEVICE;
  }
  return SONDE_FILE_UNKNOWN;
}

static bool find_is_local(struct linux_open_files *f, uint64_t id) {
  sondei_span rest = f->mounts;
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  while (sondei_linux_next_mount(&mount, &err, &rest)) {
    if (err.expected != NULL || !mount.has_ids || mount.id != id) continue;
    return sondei_linux_mount_is_local(mount.fstype, mount.source);
  }
  return false; /* of another namespace, or unmounted */
}

/* Whether files of the mount may be touched: one that a server or a program must answer for could hang the caller. */
static sonde_status is_local(struct linux_open_files *f, bool *out, uint64_t id) {
  struct linux_detail *const d = f->d;
  if (!f->has_mounts) {
    const char *operation = NULL;
    const int code = sondei_linux_try_read(d->env, d->state, &f->mounts, &d->state->mounts, d->opened.dir, "mountinfo",
                                           LINUX_UNTIL_EOF, &operation);
    if (sondei_linux_code_is_exhaustion(code)) return fail_detail(d, code, operation, "mountinfo");
    if (code != 0) {
      /* Why kinds are missing. */
      (void)sondei_linux_process_fail(d->env, d->state, d->opened.dir, d->pid, code, operation, "mountinfo");
      f->mounts = sondei_span_of(NULL, 0);
    }
    f->has_mounts = true;
  }
  const size_t at = id % LINUX_MOUNTS_KNOWN;
  if (!f->known[at].is_set || f->known[at].id != id) {
    f->known[at].is_local = find_is_local(f, id);
    f->known[at].id = id;
    f->known[at].is_set = true;
  }
  *out = f->known[at].is_local;
  return SONDE_OK;
}

static sonde_file_kind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode)) return SONDE_FILE_REGULAR;
  if (S_ISDIR(mode)) return SONDE_FILE_DIRECTORY;
  if (S_ISCHR(mode)) return SONDE_FILE_CHARACTER_DEVICE;
  if (S_ISBLK(mode)) return SONDE_FILE_BLOCK_DEVICE;
  if (S_ISFIFO(mode)) return SONDE_FILE_PIPE;
  return S_ISSOCK(mode) ? SONDE_FILE_SOCKET : SONDE_FILE_OTHER;
}

/* Whether the path, in state->text, is that of the open file, mark and all: a file may be named "x (deleted)". It is
 * looked up where the process would. */
static bool is_named_so(struct linux_detail *d, const struct stat *file, sondei_span path) {
  struct stat named;
  const char *full = NULL;
  if (file->st_nlink == 0) return false;
  d->state->text.data[path.len] = '\0'; /* try_read_link leaves room for it */
  return sondei_linux_path(d->env, d->state, &full, "root", path.data, NULL, NULL) == SONDE_OK &&
         d->state->os->fstatat(d->opened.dir, full, &named, AT_NO_AUTOMOUNT) == 0 && named.st_dev == file->st_dev &&
         named.st_ino == file->st_ino;
}

static void put_mode(char *out, uint64_t flags, bool is_mips) {
  enum {
    APPEND_MIPS = 010,
    APPEND = 02000
  };
  const uint64_t append = is_mips == LINUX_RUNS_ON_MIPS ? O_APPEND : is_mips ? APPEND_MIPS : APPEND;
  const bool appends = (flags & append) != 0;
  const char *mode = "r";
  if ((flags & O_ACCMODE) == O_WRONLY) mode = appends ? "a" : "w";
  if ((flags & O_ACCMODE) == O_RDWR) mode = appends ? "a+" : "r+";
  memcpy(out, mode, strlen(mode) + 1);
}

static sonde_status add_open_file(struct linux_open_files *f, const char *name, bool regular_only) {
  struct linux_detail *const d = f->d;
  char link[LINUX_PROCESS_PATH] = "fd/";
  char info[LINUX_PROCESS_PATH] = "fdinfo/";
  sonde_pid fd = 0;
  sondei_span text;
  const char *operation = "readlink";
  sondei_parse_error err = {0, NULL};
  if (sondei_span_equals(sondei_span_text(name), "0")) {
    fd = 0;
  } else if (!sondei_linux_process_pid(name, &fd)) {
    return SONDE_OK;
  }
  sondei_linux_decimal(link + strlen(link), (uint64_t)fd);
  sondei_linux_decimal(info + strlen(info), (uint64_t)fd);
  struct sondei_linux_fdinfo from = {0};
  int code =
      sondei_linux_try_read(d->env, d->state, &text, &d->state->text, d->opened.dir, info, LINUX_UNTIL_EOF, &operation);
  if (sondei_linux_code_is_exhaustion(code)) return fail_detail(d, code, operation, info);
  if (code == 0) sondei_linux_parse_fdinfo(&from, &err, text);
  const int info_code = code;
  const char *const info_operation = operation;
  code = sondei_linux_try_read_link(d->env, d->state, &text, d->opened.dir, link);
  if (code == ENOENT || code == ESRCH) return SONDE_OK; /* closed meanwhile */
  if (sondei_linux_code_is_exhaustion(code)) return fail_detail(d, code, "readlink", link);
  uint64_t inode = (from.valid & SONDEI_LINUX_FDINFO_INO) != 0 ? from.ino : 0;
  sonde_file_kind kind = SONDE_FILE_UNKNOWN;
  bool is_deleted = false;
  if (code == 0) {
    const bool is_path = text.len > 0 && text.data[0] == '/';
    bool may_touch = false;
    struct stat file;
    kind = kind_of(text, from.flags, &inode);
    if (is_path && d->env->live && (from.valid & SONDEI_LINUX_FDINFO_MNT_ID) != 0) {
      const sonde_status status = is_local(f, &may_touch, from.mnt_id);
      if (status != SONDE_OK) return status;
    }
    const bool is_known = may_touch && d->state->os->fstatat(d->opened.dir, link, &file, AT_NO_AUTOMOUNT) == 0;
    if (may_touch && !is_known) {
      const int stat_code = errno;
      const sonde_status status =
          sondei_linux_process_fail(d->env, d->state, d->opened.dir, d->pid, stat_code, "fstatat", link);
      if (sondei_linux_code_is_exhaustion(stat_code)) return status;
    }
    if (is_known) {
      kind = kind_of_mode(file.st_mode);
      inode = (uint64_t)file.st_ino;
    }
    if (regular_only && (!is_path || (kind != SONDE_FILE_UNKNOWN && kind != SONDE_FILE_REGULAR))) return SONDE_OK;
    sondei_span path = text;
    if (is_path && sondei_linux_take_deleted(&path) && !(is_known && is_named_so(d, &file, text))) {
      text = path;
      is_deleted = true;
    }
  }
  sonde_open_file *const row = sonde_fill_row(d->fill);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  row->fd = fd;
  if (code != 0) {
    row->status = fail_detail(d, code, "readlink", link);
    return SONDE_OK;
  }
  row->deleted = is_deleted;
  row->kind = kind;
  row->inode = inode;
  if (kind != SONDE_FILE_UNKNOWN) row->valid |= SONDE_OPEN_FILE_KIND;
  if (row->inode != 0) row->valid |= SONDE_OPEN_FILE_INODE;
  if (from.valid & SONDEI_LINUX_FDINFO_POS) {
    row->position = from.pos;
    row->valid |= SONDE_OPEN_FILE_POSITION;
  }
  if ((from.valid & SONDEI_LINUX_FDINFO_FLAGS) != 0 && from.flags <= UINT32_MAX) {
    row->flags = (uint32_t)from.flags;
    put_mode(row->mode, from.flags, d->state->is_mips);
    row->valid |= SONDE_OPEN_FILE_FLAGS;
  }
  if (from.valid & SONDEI_LINUX_FDINFO_MNT_ID) {
    row->mount_id = from.mnt_id;
    row->valid |= SONDE_OPEN_FILE_MOUNT_ID;
  }
  const sonde_status status = sonde_fill_string(d->fill, &row->path, text.data, text.len);
  if (err.expected != NULL) row->status = sondei_linux_process_fail_parse(d->env, &err, d->pid, info);
  if (info_code != 0 && info_code != ENOENT && info_code != ESRCH) {
    row->status = fail_detail(d, info_code, info_operation, info);
  }
  return status;
}

sonde_status sondei_linux_open_file_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                         struct sonde_process_ref *ref, bool regular_only) {
  struct linux_detail d;
  struct linux_open_files files;
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  memset(&files, 0, sizeof files);
  files.d = &d;
  struct linux_walk walk;
  const struct linux_place place = {d.opened.dir, ""};
  status = sondei_linux_walk_open(env, d.state, &walk, &d.state->entries, place, "fd");
  if (status != SONDE_OK) {
    const int code = (int)sonde_env_failed_code(env);
    return end_detail(&d, code == 0 ? status : fail_detail(&d, code, "open", "fd"));
  }
  const char *name = NULL;
  while ((status = sondei_linux_walk_next(env, d.state, &walk, &name)) == SONDE_OK && name != NULL) {
    status = add_open_file(&files, name, regular_only);
    if (status != SONDE_OK) break;
  }
  if (status == SONDE_ERR_OS && (int)sonde_env_failed_code(env) == ENOENT) status = SONDE_OK; /* none are left */
  sondei_linux_walk_close(d.state, &walk);
  if (status == SONDE_OK && sonde_fill_count(out) == 0) status = explain_nothing(&d, "fd");
  return end_detail(&d, status);
}

/* ---- Sockets ------------------------------------------------------------------------------------------------------
 */

/* Notes the socket that a descriptor leads to, if it is one, as number *count of state->sockets. */
static sonde_status note_socket(struct linux_detail *d, const struct linux_walk *fds, const char *name, size_t *count) {
  char path[LINUX_PROCESS_PATH] = "fd/";
  sondei_span text;
  sondei_span number = sondei_span_text(name);
  struct linux_inode note = {0, 0};
  struct sondei_linux_link link;
  if (!sondei_span_u64(&number, &note.value, INT64_MAX) || number.len > 0) return SONDE_OK;
  const int code = sondei_linux_try_read_link(d->env, d->state, &text, fds->fd, name);
  if (code == ENOENT || code == ESRCH) return SONDE_OK; /* closed meanwhile */
  if (code != 0) {
    sondei_linux_decimal(path + strlen(path), note.value);
    return fail_detail(d, code, "readlink", path);
  }
  if (!sondei_span_starts_with(text, "socket:") || sondei_linux_parse_link(&link, NULL, text) != SONDE_OK ||
      link.inode == 0) {
    return SONDE_OK;
  }
  note.inode = link.inode;
  const sonde_status status = sonde_env_grow(d->env, &d->state->sockets, (*count + 1) * sizeof note);
  if (status != SONDE_OK) return status;
  memcpy(d->state->sockets.data + *count * sizeof note, &note, sizeof note);
  ++*count;
  return SONDE_OK;
}

/* The sockets that its descriptors lead to, in state->sockets. *has_any: it has descriptors at all. */
static sonde_status find_sockets(struct linux_detail *d, size_t *count, bool *has_any) {
  struct linux_walk walk;
  const struct linux_place place = {d->opened.dir, ""};
  *count = 0;
  *has_any = false;
  sonde_status status = sondei_linux_walk_open(d->env, d->state, &walk, &d->state->entries, place, "fd");
  if (status != SONDE_OK) {
    const int code = (int)sonde_env_failed_code(d->env);
    return code == 0 ? status : fail_detail(d, code, "open", "fd");
  }
  const char *name = NULL;
  while ((status = sondei_linux_walk_next(d->env, d->state, &walk, &name)) == SONDE_OK && name != NULL) {
    *has_any = true;
    status = note_socket(d, &walk, name, count);
    if (status != SONDE_OK) break;
  }
  if (status == SONDE_ERR_OS && (int)sonde_env_failed_code(d->env) == ENOENT) status = SONDE_OK; /* none are left */
  sondei_linux_walk_close(d->state, &walk);
  return status;
}

sonde_status sondei_linux_process_connection_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                                  struct sonde_process_ref *ref, uint32_t kinds) {
  struct linux_detail d;
  struct linux_inodes held;
  char name[LINUX_PROCESS_PATH];
  size_t count = 0;
  bool has_any = false;
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  status = find_sockets(&d, &count, &has_any);
  if (status == SONDE_OK && !has_any) status = explain_nothing(&d, "fd");
  if (status != SONDE_OK || count == 0) return end_detail(&d, status);
  status = sondei_linux_inodes_make(env, &held, &d.state->inodes, count);
  if (status != SONDE_OK) return end_detail(&d, status);
  for (size_t i = 0; i < count; i++) {
    struct linux_inode note;
    memcpy(&note, d.state->sockets.data + i * sizeof note, sizeof note);
    sondei_linux_inodes_add(&held, note.inode, note.value);
  }
  sondei_linux_process_path(name, d.pid, "");
  struct linux_connections c = {.env = env, .state = d.state, .out = out, .kinds = kinds, .held = &held, .pid = d.pid};
  c.process.fd = d.opened.dir;
  c.process.name = name;
  status = sondei_linux_connections_of_process(&c);
  int unused = 0;
  if (status != SONDE_OK && sondei_linux_is_missing(env) &&
      !sondei_linux_process_is_there(d.state, d.opened.dir, &unused)) {
    status = fail_detail(&d, ESRCH, "read", "net");
  }
  return end_detail(&d, status);
}

/* ---- Mappings -----------------------------------------------------------------------------------------------------
 */

static sonde_status fill_map(struct linux_detail *d, sonde_map *row, const struct sondei_linux_mapping *from) {
  row->start = from->start;
  row->end = from->end;
  row->offset = from->offset;
  row->inode = from->inode;
  size_t len = from->perms.len;
  if (len >= sizeof row->perms) len = sizeof row->perms - 1;
  if (len > 0) memcpy(row->perms, from->perms.data, len);
  if (from->path.len == 0) return SONDE_OK;
  /* The text lies in state->text, which is ours to write to: the path is never longer without its escapes. */
  const size_t offset = (size_t)(from->path.data - d->state->text.data);
  char *const path = d->state->text.data + offset;
  sondei_span plain = sondei_span_of(path, sondei_linux_unescape(path, from->path));
  if (plain.data[0] == '/') {
    row->deleted = sondei_linux_take_deleted(&plain);
    row->valid |= SONDE_MAP_FILE;
  }
  return sonde_fill_string(d->fill, &row->path, plain.data, plain.len);
}

static sonde_status fill_sizes(struct linux_detail *d, sonde_map *row, const struct sondei_linux_smaps *from) {
  static const struct {
    uint32_t from_bit;
    uint64_t to_bit;
  } bits[] = {
      {SONDEI_LINUX_SMAPS_RSS, SONDE_MAP_RSS},
      {SONDEI_LINUX_SMAPS_PSS, SONDE_MAP_PSS},
      {SONDEI_LINUX_SMAPS_SHARED_CLEAN, SONDE_MAP_SHARED},
      {SONDEI_LINUX_SMAPS_PRIVATE_CLEAN, SONDE_MAP_PRIVATE},
      {SONDEI_LINUX_SMAPS_REFERENCED, SONDE_MAP_REFERENCED},
      {SONDEI_LINUX_SMAPS_ANONYMOUS, SONDE_MAP_ANONYMOUS},
      {SONDEI_LINUX_SMAPS_SWAP, SONDE_MAP_SWAP},
      {SONDEI_LINUX_SMAPS_LOCKED, SONDE_MAP_LOCKED},
  };
  for (size_t i = 0; i < sizeof bits / sizeof bits[0]; i++) {
    if (from->valid & bits[i].from_bit) row->valid |= bits[i].to_bit;
  }
  row->rss = from->rss;
  row->pss = from->pss;
  if (row->valid & SONDE_MAP_SHARED) {
    row->shared_clean = from->shared_clean;
    row->shared_dirty = from->shared_dirty;
  }
  if (row->valid & SONDE_MAP_PRIVATE) {
    row->private_clean = from->private_clean;
    row->private_dirty = from->private_dirty;
  }
  row->referenced = from->referenced;
  row->anonymous = from->anonymous;
  row->swap = from->swap;
  row->locked = from->locked;
  return fill_map(d, row, &from->mapping);
}

sonde_status sondei_linux_map_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                   struct sonde_process_ref *ref, bool sizes) {
  struct linux_detail d;
  sondei_span text;
  const char *const file = sizes ? "smaps" : "maps";
  sonde_status status = begin_detail(&d, env, opaque, out, ref);
  if (status != SONDE_OK) return status;
  status = read_detail(&d, &text, file);
  while (status == SONDE_OK) {
    struct sondei_linux_smaps from;
    sondei_parse_error err;
    if (sizes ? !sondei_linux_next_smaps(&from, &err, &text) : !sondei_linux_next_mapping(&from.mapping, &err, &text)) {
      break;
    }
    sonde_map *const row = sonde_fill_row(out);
    if (row == NULL) {
      status = SONDE_ERR_NO_MEMORY;
      break;
    }
    status = sizes ? fill_sizes(&d, row, &from) : fill_map(&d, row, &from.mapping);
    if (err.expected != NULL) row->status = sondei_linux_process_fail_parse(env, &err, d.pid, file);
  }
  return end_detail(&d, status);
}
