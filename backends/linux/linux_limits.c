/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_limits.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_cgroup.h"
#include "core/parse/linux_cgroup_files.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_keyed.h"
#include "core/parse/linux_mountinfo.h"

/* For "PID/cgroup". */
enum {
  PID_PATH_SIZE = 32
};

/* What is known of a process's cgroups before any is opened. */
struct limits_view {
  sondei_span rows;   /* /proc/PID/cgroup, in state->entries */
  sondei_span mounts; /* mountinfo, in state->mounts; empty when there is none */
};

/* The cgroup of a process in one hierarchy, or the nearest ancestor that is there. The place's name lies in
 * state->path. */
struct limits_group {
  struct linux_place place;
  size_t levels; /* how many ancestors can be seen */
  bool is_exact; /* the process's own: what it says of usage is the process's */
  bool is_v2;
};

/* Whether a failure to read one file ends the call: else only what the file tells is missing. */
static bool limits_is_fatal(struct sonde_env *env, sonde_status status) {
  return status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env));
}

static sonde_status limits_unsupported(struct sonde_env *env, const char *subject) {
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "open", subject, strlen(subject));
}

/* The mounts seen from where the roots lead to: on another machine's procfs, "self" is still the caller, so its first
 * process is asked. */
static sonde_status limits_read_mounts(struct sonde_env *env, struct linux_state *state, sondei_span *out) {
  static const char *const paths[] = {"self/mountinfo", "1/mountinfo"};
  *out = sondei_span_text("");
  for (size_t i = 0; i < 2; i++) {
    const sonde_status status = sondei_linux_read_into(env, state, out, &state->mounts, sondei_linux_root(env->procfs),
                                                       paths[env->live ? i : 1 - i], LINUX_UNTIL_EOF);
    if (status == SONDE_OK || limits_is_fatal(env, status)) return status;
  }
  *out = sondei_span_text("");
  return SONDE_OK;
}

static sonde_status limits_read_view(struct sonde_env *env, struct linux_state *state, struct limits_view *out,
                                     sonde_pid pid) {
  char path[PID_PATH_SIZE] = "self";
  const size_t len = pid == 0 ? 4 : sondei_linux_decimal(path, (uint64_t)pid);
  memcpy(path + len, "/cgroup", sizeof "/cgroup");
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  sonde_status status = sondei_linux_read_into(env, state, &out->rows, &state->entries, procfs, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) {
    if (limits_is_fatal(env, status) || !sondei_linux_is_missing(env)) return status;
    if (pid == 0) return limits_unsupported(env, path);
    /* No such process, or a kernel without cgroups. */
    path[len] = '\0';
    struct linux_place process;
    status = sondei_linux_open_place(env, state, &process, procfs, path);
    if (status == SONDE_OK) {
      sondei_linux_close_place(state, &process);
      return limits_unsupported(env, "/proc/PID/cgroup");
    }
    return sondei_linux_is_missing(env) ? sonde_env_fail(env, SONDE_ERR_NO_PROCESS, ENOENT, "ENOENT", "open", path, len)
                                        : status;
  }
  return limits_read_mounts(env, state, &out->mounts);
}

/* The row of a controller: of version 1 if the controller is bound there, else of version 2. */
static bool limits_find_row(struct sondei_linux_cgroup *out, const struct limits_view *view, const char *controller) {
  bool found = false;
  sondei_span rest = view->rows;
  struct sondei_linux_cgroup row;
  sondei_parse_error err;
  while (sondei_linux_next_cgroup(&row, &err, &rest)) {
    if (err.expected != NULL) continue;
    const bool is_v2 = row.hierarchy == 0 && row.controllers.len == 0;
    if (!is_v2 && !(controller != NULL && sondei_linux_list_has(row.controllers, controller))) continue;
    *out = row;
    found = true;
    if (!is_v2) break;
  }
  return found;
}

/* Makes the path of a cgroup in state->path, given where its hierarchy is mounted, as mountinfo escapes it. What lies
 * below /sys there lies below our sysfs. */
static sonde_status limits_make_path(struct sonde_env *env, struct linux_state *state, struct linux_place *root,
                                     sondei_span mountpoint, sondei_span below) {
  sondei_span rest = mountpoint;
  const bool in_sysfs = sondei_span_take_text(&rest, "/sys") && (rest.len == 0 || rest.data[0] == '/');
  *root = sondei_linux_root(in_sysfs ? env->sysfs : env->rootfs);
  if (!in_sysfs) rest = mountpoint;
  const sonde_status status = sonde_env_grow(env, &state->path, rest.len + below.len + 2);
  if (status != SONDE_OK) return status;
  char *at = state->path.data;
  at += sondei_linux_unescape(at, rest);
  if (below.len > 0) {
    *at++ = '/';
    memcpy(at, below.data, below.len);
    at += below.len;
  }
  *at = '\0';
  return SONDE_OK;
}

/* Cuts the last part off a path. */
static void limits_cut(char *path, size_t len) {
  while (len > 0 && path[len - 1] == '/') len--;
  while (len > 0 && path[len - 1] != '/') len--;
  while (len > 1 && path[len - 1] == '/') len--;
  path[len] = '\0';
}

static size_t limits_count_parts(sondei_span path) {
  size_t count = 0;
  sondei_span part;
  while (sondei_span_take_until(&path, '/', &part)) count += part.len > 0;
  return count;
}

/* Opens the cgroup of a row's path, through the mount of its hierarchy that shows most of its ancestors. *found false:
 * it cannot be seen. */
static sonde_status limits_open_row(struct sonde_env *env, struct linux_state *state, struct limits_group *out,
                                    bool *found, sondei_span mounts, const struct sondei_linux_cgroup *row,
                                    const char *controller) {
  const bool is_v2 = row->controllers.len == 0;
  sondei_span mountpoint = sondei_span_text("");
  sondei_span below = sondei_span_text("");
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  *found = false;
  while (sondei_linux_next_mount(&mount, &err, &mounts)) {
    if (err.expected != NULL || !mount.has_ids) continue;
    if (is_v2
            ? !sondei_span_equals(mount.fstype, "cgroup2")
            : !sondei_span_equals(mount.fstype, "cgroup") || !sondei_linux_list_has(mount.super_options, controller)) {
      continue;
    }
    const sonde_status status = sonde_env_grow(env, &state->path, mount.root.len + 1);
    if (status != SONDE_OK) return status;
    const size_t root_len = sondei_linux_unescape(state->path.data, mount.root);
    sondei_span candidate;
    if (!sondei_linux_cgroup_below(&candidate, sondei_span_of(state->path.data, root_len), row->path)) continue;
    if (*found && candidate.len <= below.len) continue;
    *found = true;
    below = candidate;
    mountpoint = mount.mountpoint;
  }
  if (!*found) return SONDE_OK;

  struct linux_place root;
  sonde_status status = limits_make_path(env, state, &root, mountpoint, below);
  if (status != SONDE_OK) return status;
  out->levels = limits_count_parts(below);
  out->is_exact = true;
  out->is_v2 = is_v2;
  for (;;) {
    status = sondei_linux_open_place(env, state, &out->place, root, state->path.data);
    if (status == SONDE_OK) return SONDE_OK;
    if (limits_is_fatal(env, status)) return status;
    if (!sondei_linux_is_missing(env) || out->levels == 0) break;
    /* Already removed, or never recorded: its ancestors' limits hold all the same. */
    out->is_exact = false;
    out->levels--;
    limits_cut(state->path.data, strlen(state->path.data));
  }
  *found = false;
  return SONDE_OK;
}

static sonde_status limits_open_group(struct sonde_env *env, struct linux_state *state, struct limits_group *out,
                                      bool *found, const struct limits_view *view, const char *controller) {
  struct sondei_linux_cgroup row;
  *found = false;
  if (!limits_find_row(&row, view, controller)) return SONDE_OK;
  return limits_open_row(env, state, out, found, view->mounts, &row, controller);
}

static void limits_close_group(struct linux_state *state, struct limits_group *group) {
  sondei_linux_close_place(state, &group->place);
}

/* Goes to the parent. *found false: there is none, and the group stays where it is. */
static sonde_status limits_go_up(struct sonde_env *env, struct linux_state *state, struct limits_group *group,
                                 bool *found) {
  *found = false;
  if (group->levels == 0) return SONDE_OK;
  struct linux_place parent;
  const sonde_status status = sondei_linux_open_place(env, state, &parent, group->place, "..");
  if (status != SONDE_OK) return limits_is_fatal(env, status) ? status : SONDE_OK;
  limits_close_group(state, group);
  limits_cut(state->path.data, strlen(state->path.data));
  group->place.fd = parent.fd;
  group->place.name = state->path.data;
  group->levels--;
  *found = true;
  return SONDE_OK;
}

/* Reads a file of a cgroup. *found false: it is not there (at the root; a controller that is not enabled), or cannot be
 * read, which is recorded. Not SONDE_OK: the call is over. */
static sonde_status limits_read_file(struct sonde_env *env, struct linux_state *state, sondei_span *out, bool *found,
                                     const struct limits_group *group, const char *file) {
  const sonde_status status = sondei_linux_read(env, state, out, group->place, file, LINUX_UNTIL_EOF);
  *found = status == SONDE_OK;
  return limits_is_fatal(env, status) ? status : SONDE_OK;
}

static sonde_status limits_read_value(struct sonde_env *env, struct linux_state *state, uint64_t *out, bool *found,
                                      const struct limits_group *group, const char *file) {
  sondei_span text;
  sonde_status status = limits_read_file(env, state, &text, found, group, file);
  if (status != SONDE_OK || !*found) return status;
  sondei_parse_error err = {0, "a number"};
  if (!sondei_span_whole_u64(text, out)) {
    *found = false;
    (void)sondei_linux_fail_parse(env, &err, group->place, file);
  }
  return SONDE_OK;
}

/* The quota and the period of one cgroup. */
static sonde_status limits_read_quota(struct sonde_env *env, struct linux_state *state,
                                      struct sondei_linux_cpu_max *out, const struct limits_group *group) {
  const char *const file = group->is_v2 ? "cpu.max" : "cpu.cfs_quota_us";
  sondei_span text;
  bool found = false;
  sondei_parse_error err;
  struct sondei_linux_cpu_max limit = {SONDE_UNLIMITED, 1};
  sonde_status status = limits_read_file(env, state, &text, &found, group, file);
  if (status != SONDE_OK || !found) return status;
  status = group->is_v2 ? sondei_linux_parse_cpu_max(&limit, &err, text)
                        : sondei_linux_parse_cfs_quota(&limit.quota, &err, text);
  if (status != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, group->place, file);
    return SONDE_OK;
  }
  if (!group->is_v2 && limit.quota != SONDE_UNLIMITED) {
    status = limits_read_value(env, state, &limit.period, &found, group, "cpu.cfs_period_us");
    if (status != SONDE_OK || !found || limit.period == 0) return status;
  }
  *out = limit;
  return SONDE_OK;
}

static sonde_status limits_climb_cpu(struct sonde_env *env, struct linux_state *state, struct limits_group *group,
                                     double *out, bool *is_limited) {
  for (;;) {
    struct sondei_linux_cpu_max limit = {SONDE_UNLIMITED, 1};
    sonde_status status = limits_read_quota(env, state, &limit, group);
    if (status != SONDE_OK) return status;
    if (limit.quota != SONDE_UNLIMITED) {
      const double cpus = (double)limit.quota / (double)limit.period;
      if (!*is_limited || cpus < *out) *out = cpus;
      *is_limited = true;
    }
    bool found = false;
    status = limits_go_up(env, state, group, &found);
    if (status != SONDE_OK || !found) return status;
  }
}

sonde_status sondei_linux_cgroup_cpu_limit(struct sonde_env *env, struct linux_state *state, double *out,
                                           bool *is_limited) {
  struct limits_view view;
  struct limits_group group;
  bool found = false;
  *is_limited = false;
  sonde_status status = limits_read_view(env, state, &view, 0);
  if (status != SONDE_OK) return limits_is_fatal(env, status) ? status : SONDE_OK;
  status = limits_open_group(env, state, &group, &found, &view, "cpu");
  if (status != SONDE_OK || !found) return status;
  status = limits_climb_cpu(env, state, &group, out, is_limited);
  limits_close_group(state, &group);
  return status;
}

const struct sonde_limits_ops sondei_linux_limits_ops = {0};
