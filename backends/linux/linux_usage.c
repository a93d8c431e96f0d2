/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_usage.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_helper.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_fstype.h"
#include "core/parse/linux_mountinfo.h"

enum {
  GRACE_NS = 20 * 1000 * 1000, /* for a killed helper to end */
  NAP_NS = 100 * 1000
};

/* What the helper writes: less than PIPE_BUF, so in one piece. */
struct linux_usage_answer {
  int code; /* 0, or errno */
  struct statvfs stat;
};

static sonde_status linux_usage_fail(struct sonde_env *env, int code, const char *operation, const char *path) {
  const struct linux_place whole = {AT_FDCWD, path};
  return sondei_linux_fail(env, code, operation, whole, "");
}

static int linux_usage_ask(const struct linux_os *os, struct statvfs *out, const char *path) {
  while (os->statvfs(path, out) != 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

/* 0 or an errno. */
static int linux_usage_now(const struct linux_os *os, uint64_t *out) {
  struct timespec now;
  if (os->clock_gettime(CLOCK_MONOTONIC, &now) != 0) return errno;
  *out = (uint64_t)now.tv_sec * SONDE_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
  return 0;
}

/* FNV-1a. */
static uint64_t linux_usage_hash(const char *path) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (; *path != '\0'; path++) hash = (hash ^ (unsigned char)*path) * UINT64_C(0x100000001b3);
  return hash;
}

static bool linux_usage_lies_below(const char *path, const char *folder, size_t folder_len) {
  while (folder_len > 0 && folder[folder_len - 1] == '/') folder_len--;
  return strlen(path) >= folder_len && memcmp(path, folder, folder_len) == 0 &&
         (path[folder_len] == '/' || path[folder_len] == '\0');
}

sonde_status sondei_linux_find_mount(struct sonde_env *env, struct linux_state *state, struct linux_mount *out,
                                     struct sonde_buffer *buffer, struct linux_place place, const char *file,
                                     const char *path) {
  sondei_span text;
  memset(out, 0, sizeof *out);
  if (sondei_linux_read_into(env, state, &text, buffer, place, file, LINUX_UNTIL_EOF) != SONDE_OK) {
    return sondei_linux_is_exhausted(env) ? sonde_env_failed_status(env) : SONDE_OK;
  }
  size_t best = 0;
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  while (sondei_linux_next_mount(&mount, &err, &text)) {
    if (err.expected != NULL) continue;
    /* In its place: it is never longer without its escapes. */
    char *const mountpoint = buffer->data + (mount.mountpoint.data - buffer->data);
    const size_t len = sondei_linux_unescape(mountpoint, mount.mountpoint);
    if (len < best || !linux_usage_lies_below(path, mountpoint, len)) continue;
    best = len;
    out->is_found = true;
    out->may_hang = sondei_linux_mount_may_hang(mount.fstype, mount.source);
    out->id = mount.id;
  }
  return SONDE_OK;
}

/* The mount that path names, if it is one that may hang. */
static sonde_status linux_usage_find_mount(struct sonde_env *env, struct linux_state *state, struct linux_helper *out,
                                           const char *path) {
  struct linux_mount mount;
  if (!env->live) return SONDE_OK; /* another machine's table */
  const sonde_status status =
      sondei_linux_find_mount(env, state, &mount, &state->text, sondei_linux_root(env->procfs), "self/mountinfo", path);
  out->has_mount = mount.may_hang;
  out->mount_id = mount.id;
  return status;
}

void sondei_linux_reap_helpers(struct linux_state *state) {
  for (size_t i = 0; i < LINUX_HELPERS_MAX; i++) {
    struct linux_helper *const helper = &state->helpers[i];
    if (helper->pid == 0) continue;
    const pid_t got = state->os->waitpid(helper->pid, NULL, WNOHANG | __WALL);
    if (got > 0 || (got < 0 && errno != EINTR)) helper->pid = 0; /* in a child of the caller it was never ours */
  }
}

/* Whether a helper hangs where `wanted` would go; *slot: one that is free, or NULL. */
static bool linux_usage_is_stuck(struct linux_state *state, const struct linux_helper *wanted,
                                 struct linux_helper **slot) {
  *slot = NULL;
  for (size_t i = 0; i < LINUX_HELPERS_MAX; i++) {
    struct linux_helper *const helper = &state->helpers[i];
    if (helper->pid == 0) {
      *slot = helper;
    } else if (helper->is_stuck && (helper->path_hash == wanted->path_hash ||
                                    (helper->has_mount && wanted->has_mount && helper->mount_id == wanted->mount_id))) {
      return true;
    }
  }
  return false;
}

static bool linux_usage_any_hangs(const struct linux_state *state) {
  for (size_t i = 0; i < LINUX_HELPERS_MAX; i++) {
    if (state->helpers[i].pid != 0 && state->helpers[i].is_stuck) return true;
  }
  return false;
}

struct linux_usage_errand {
  int fd; /* where the answer goes */
  const char *path;
};

/* In the helper. */
static void linux_usage_answer(const struct linux_os *os, void *argument) {
  const struct linux_usage_errand *const errand = argument;
  struct linux_usage_answer answer;
  memset(&answer, 0, sizeof answer);
  if (errand->fd > 0) os->close_range(0, (unsigned)errand->fd - 1);
  os->close_range((unsigned)errand->fd + 1, UINT_MAX);
  answer.code = linux_usage_ask(os, &answer.stat, errand->path);
  while (os->write(errand->fd, &answer, sizeof answer) < 0 && errno == EINTR) continue;
}

/* Waits until the helper has written or ended: 0, ETIMEDOUT when the deadline passed, or the errno of the call that
 * *operation then names. */
static int linux_usage_await(const struct linux_os *os, int fd, uint64_t deadline, const char **operation) {
  for (;;) {
    uint64_t now = 0;
    *operation = "clock_gettime";
    const int code = linux_usage_now(os, &now);
    if (code != 0) return code;
    const uint64_t left_ms = now >= deadline ? 0 : (deadline - now + 999999) / 1000000;
    struct pollfd wanted = {fd, POLLIN, 0};
    *operation = "poll";
    const int got = os->poll(&wanted, 1, left_ms > INT_MAX ? INT_MAX : (int)left_ms);
    if (got > 0) return 0;
    if (got < 0 && errno != EINTR && errno != EAGAIN) return errno;
    if (left_ms == 0) return ETIMEDOUT;
  }
}

/* Reads the whole answer. 0 or an errno; EIO: the helper was killed. */
static int linux_usage_receive(const struct linux_os *os, struct linux_usage_answer *out, int fd) {
  size_t used = 0;
  while (used < sizeof *out) {
    const ssize_t got = os->read(fd, (char *)out + used, sizeof *out - used);
    if (got == 0) return EIO;
    if (got > 0) used += (size_t)got;
    if (got < 0 && errno != EINTR) return errno;
  }
  return 0;
}

/* Ends the helper and reaps it. It cannot be another process: only we can wait for it. False: it hangs. */
static bool linux_usage_end(const struct linux_os *os, pid_t pid) {
  const struct timespec nap = {0, NAP_NS};
  uint64_t now = 0;
  const bool has_clock = linux_usage_now(os, &now) == 0;
  const uint64_t deadline = now + GRACE_NS;
  os->kill(pid, SIGKILL);
  for (int naps = 0;; naps++) {
    const pid_t got = os->waitpid(pid, NULL, WNOHANG | __WALL);
    if (got > 0 || (got < 0 && errno != EINTR)) return true;
    const bool has_time = has_clock && linux_usage_now(os, &now) == 0;
    if (has_time ? now >= deadline : naps >= GRACE_NS / NAP_NS) return false;
    os->nanosleep(&nap);
  }
}

static sonde_status linux_usage_time_out(struct sonde_env *env, const char *path) {
  return sonde_env_fail(env, SONDE_ERR_TIMEOUT, 0, NULL, "statvfs", path, strlen(path));
}

static sonde_status linux_usage_by_helper(struct sonde_env *env, struct linux_state *state, struct statvfs *out,
                                          const char *path, uint64_t timeout) {
  const struct linux_os *const os = state->os;
  struct linux_helper wanted = {.pid = 0, .path_hash = linux_usage_hash(path)};
  struct linux_helper *slot = NULL;
  struct linux_usage_answer answer;
  const char *operation = "clock_gettime";
  int fds[2] = {-1, -1};
  uint64_t start = 0;
  pid_t pid = -1;

  int code = linux_usage_now(os, &start);
  if (code != 0) return linux_usage_fail(env, code, operation, path);
  const uint64_t deadline = timeout > UINT64_MAX - start ? UINT64_MAX : start + timeout;
  sonde_status status = SONDE_OK;
  sondei_linux_reap_helpers(state);
  if (linux_usage_any_hangs(state)) status = linux_usage_find_mount(env, state, &wanted, path);
  if (status != SONDE_OK) return status;
  if (linux_usage_is_stuck(state, &wanted, &slot) || slot == NULL) return linux_usage_time_out(env, path);

  if (os->pipe2(fds, O_CLOEXEC) != 0) return linux_usage_fail(env, errno, "pipe2", path);
  struct linux_usage_errand errand = {fds[1], path};
  code = sondei_linux_start_helper(os, &pid, linux_usage_answer, &errand, &operation);
  if (code != 0) {
    status = linux_usage_fail(env, code, operation, path);
    goto done;
  }
  os->close(fds[1]);
  fds[1] = -1;
  code = linux_usage_await(os, fds[0], deadline, &operation);
  const bool in_time = code == 0;
  if (in_time) {
    operation = "read";
    code = linux_usage_receive(os, &answer, fds[0]);
  }
  if (!linux_usage_end(os, pid)) {
    wanted.is_stuck = !in_time;
    if (wanted.is_stuck) status = linux_usage_find_mount(env, state, &wanted, path);
    wanted.pid = pid;
    *slot = wanted;
    if (status != SONDE_OK) goto done;
  }
  if (!in_time && code == ETIMEDOUT) {
    status = linux_usage_time_out(env, path);
  } else if (code != 0) {
    status = linux_usage_fail(env, code, operation, path);
  } else if (answer.code != 0) {
    status = linux_usage_fail(env, answer.code, "statvfs", path);
  } else {
    *out = answer.stat;
    status = SONDE_OK;
  }
done:
  os->close(fds[0]);
  if (fds[1] >= 0) os->close(fds[1]);
  return status;
}

sonde_status sondei_linux_statvfs(struct sonde_env *env, struct linux_state *state, struct statvfs *out,
                                  const char *path, uint64_t timeout) {
  if (timeout != SONDE_NO_TIMEOUT) return linux_usage_by_helper(env, state, out, path, timeout);
  const int code = linux_usage_ask(state->os, out, path);
  return code == 0 ? SONDE_OK : linux_usage_fail(env, code, "statvfs", path);
}
