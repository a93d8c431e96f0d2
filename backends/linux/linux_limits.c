/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_limits.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_process.h"
#include "core/parse/linux_cgroup.h"
#include "core/parse/linux_cgroup_files.h"
#include "core/parse/linux_cpulist.h"
#include "core/parse/linux_escape.h"
#include "core/parse/linux_keyed.h"
#include "core/parse/linux_mountinfo.h"
#include "core/parse/linux_pressure.h"

enum {
  PID_PATH_SIZE = 32, /* for "PID/cgroup" */
  NS_PER_US = 1000
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
    status = sondei_linux_process_find(env, state, pid);
    return status == SONDE_OK ? limits_unsupported(env, "/proc/PID/cgroup") : status;
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
static sonde_status limits_make_path(struct sonde_env *env, struct linux_state *state, sondei_span mountpoint,
                                     sondei_span below) {
  sondei_span rest = mountpoint;
  const bool in_sysfs = sondei_span_take_text(&rest, "/sys") && (rest.len == 0 || rest.data[0] == '/');
  const sondei_span root = sondei_span_text(in_sysfs ? env->sysfs : env->rootfs);
  if (!in_sysfs) rest = mountpoint;
  const sonde_status status = sonde_env_grow(env, &state->path, root.len + rest.len + below.len + 2);
  if (status != SONDE_OK) return status;
  char *at = state->path.data;
  memcpy(at, root.data, root.len);
  at += root.len;
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

  sonde_status status = limits_make_path(env, state, mountpoint, below);
  if (status != SONDE_OK) return status;
  out->levels = limits_count_parts(below);
  out->is_exact = true;
  out->is_v2 = is_v2;
  for (;;) {
    status = sondei_linux_open_place(env, state, &out->place, sondei_linux_root(state->path.data), "");
    if (status == SONDE_OK) {
      out->place.name = state->path.data;
      return SONDE_OK;
    }
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

/* Lowers *lowest to the limit in the file, if there is one. */
static sonde_status limits_lower(struct sonde_env *env, struct linux_state *state, uint64_t *lowest,
                                 const struct limits_group *group, const char *file) {
  sondei_span text;
  bool found = false;
  const sonde_status status = limits_read_file(env, state, &text, &found, group, file);
  if (status != SONDE_OK || !found) return status;
  uint64_t limit = SONDE_UNLIMITED;
  sondei_parse_error err;
  if (sondei_linux_parse_cgroup_limit(&limit, &err, text) != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, group->place, file);
  } else if (limit < *lowest) {
    *lowest = limit;
  }
  return SONDE_OK;
}

/* One file and the limit it lowers. */
struct limits_lowest {
  const char *file;
  uint64_t *lowest;
};

/* Lowers the limits by the group and all its ancestors; leaves the group at the topmost. */
static sonde_status limits_climb(struct sonde_env *env, struct linux_state *state, struct limits_group *group,
                                 const struct limits_lowest *limits, size_t count) {
  for (;;) {
    for (size_t i = 0; i < count; i++) {
      const sonde_status status = limits_lower(env, state, limits[i].lowest, group, limits[i].file);
      if (status != SONDE_OK) return status;
    }
    bool found = false;
    const sonde_status status = limits_go_up(env, state, group, &found);
    if (status != SONDE_OK || !found) return status;
  }
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

/* ---- One cgroup ------------------------------------------------------------------------------------------------- */

/* Reads the keys of a flat keyed file, if it is there. */
static sonde_status limits_read_keys(struct sonde_env *env, struct linux_state *state, struct sondei_linux_key *keys,
                                     size_t count, const struct limits_group *group, const char *file) {
  sondei_span text;
  bool found = false;
  const sonde_status status = limits_read_file(env, state, &text, &found, group, file);
  if (status == SONDE_OK && found) sondei_linux_find_keys(keys, count, text);
  return status;
}

static void limits_set(sonde_cgroup *out, uint64_t bit, uint64_t *field, uint64_t value) {
  *field = value;
  out->valid |= bit;
}

/* A limit is told when there is one. */
static void limits_set_limit(sonde_cgroup *out, uint64_t bit, uint64_t *field, uint64_t lowest) {
  if (lowest != SONDE_UNLIMITED) limits_set(out, bit, field, lowest);
}

static void limits_set_memory_detail(sonde_cgroup *out, const struct sondei_linux_key *anon,
                                     const struct sondei_linux_key *file, const struct sondei_linux_key *inactive) {
  if (!anon->found || !file->found || !inactive->found) return;
  out->memory_anon = anon->value;
  out->memory_file = file->value;
  out->memory_inactive_file = inactive->value;
  out->valid |= SONDE_CGROUP_MEMORY_DETAIL;
}

static sonde_status limits_fill_memory_v2(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                          struct limits_group *group) {
  sonde_status status = SONDE_OK;
  if (group->is_exact) {
    bool found = false;
    uint64_t value = 0;
    status = limits_read_value(env, state, &value, &found, group, "memory.current");
    if (status != SONDE_OK) return status;
    if (found) limits_set(out, SONDE_CGROUP_MEMORY_USAGE, &out->memory_usage, value);
    status = limits_read_value(env, state, &value, &found, group, "memory.swap.current");
    if (status != SONDE_OK) return status;
    if (found) limits_set(out, SONDE_CGROUP_SWAP_USAGE, &out->swap_usage, value);

    struct sondei_linux_key stat[] = {{"anon", 0, false}, {"file", 0, false}, {"inactive_file", 0, false}};
    status = limits_read_keys(env, state, stat, 3, group, "memory.stat");
    if (status != SONDE_OK) return status;
    limits_set_memory_detail(out, &stat[0], &stat[1], &stat[2]);

    struct sondei_linux_key oom = {"oom_kill", 0, false};
    status = limits_read_keys(env, state, &oom, 1, group, "memory.events");
    if (status != SONDE_OK) return status;
    if (oom.found) limits_set(out, SONDE_CGROUP_OOM_KILLS, &out->oom_kills, oom.value);
  }
  uint64_t limit = SONDE_UNLIMITED;
  uint64_t high = SONDE_UNLIMITED;
  uint64_t swap_limit = SONDE_UNLIMITED;
  const struct limits_lowest limits[] = {
      {"memory.max", &limit}, {"memory.high", &high}, {"memory.swap.max", &swap_limit}};
  status = limits_climb(env, state, group, limits, 3);
  limits_set_limit(out, SONDE_CGROUP_MEMORY_LIMIT, &out->memory_limit, limit);
  limits_set_limit(out, SONDE_CGROUP_MEMORY_HIGH, &out->memory_high, high);
  limits_set_limit(out, SONDE_CGROUP_SWAP_LIMIT, &out->swap_limit, swap_limit);
  return status;
}

static sonde_status limits_fill_memory_v1(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                          struct limits_group *group) {
  enum {
    ANON,
    FILE_,
    INACTIVE,
    SWAP,
    OWN_ANON,
    OWN_FILE,
    OWN_INACTIVE,
    LIMIT,
    BOTH_LIMIT,
    NUM_KEYS
  };
  struct sondei_linux_key stat[NUM_KEYS] = {
      [ANON] = {"total_rss", 0, false},
      [FILE_] = {"total_cache", 0, false},
      [INACTIVE] = {"total_inactive_file", 0, false},
      [SWAP] = {"total_swap", 0, false},
      [OWN_ANON] = {"rss", 0, false},
      [OWN_FILE] = {"cache", 0, false},
      [OWN_INACTIVE] = {"inactive_file", 0, false},
      [LIMIT] = {"hierarchical_memory_limit", 0, false},
      [BOTH_LIMIT] = {"hierarchical_memsw_limit", 0, false},
  };
  sonde_status status = limits_read_keys(env, state, stat, NUM_KEYS, group, "memory.stat");
  if (status != SONDE_OK) return status;
  if (group->is_exact) {
    bool found = false;
    uint64_t value = 0;
    status = limits_read_value(env, state, &value, &found, group, "memory.usage_in_bytes");
    if (status != SONDE_OK) return status;
    if (found) limits_set(out, SONDE_CGROUP_MEMORY_USAGE, &out->memory_usage, value);
    if (stat[SWAP].found) limits_set(out, SONDE_CGROUP_SWAP_USAGE, &out->swap_usage, stat[SWAP].value);
    limits_set_memory_detail(out, &stat[ANON], &stat[FILE_], &stat[INACTIVE]);
    if ((out->valid & SONDE_CGROUP_MEMORY_DETAIL) == 0) {
      limits_set_memory_detail(out, &stat[OWN_ANON], &stat[OWN_FILE], &stat[OWN_INACTIVE]);
    }
    struct sondei_linux_key oom = {"oom_kill", 0, false}; /* Linux 4.13 */
    status = limits_read_keys(env, state, &oom, 1, group, "memory.oom_control");
    if (status != SONDE_OK) return status;
    if (oom.found) limits_set(out, SONDE_CGROUP_OOM_KILLS, &out->oom_kills, oom.value);
  }

  /* The kernel's own minimum: it knows whether ancestors count (memory.use_hierarchy), and those that nobody sees. */
  uint64_t limit = SONDE_UNLIMITED;
  uint64_t both = SONDE_UNLIMITED;
  if (stat[LIMIT].found) {
    limit = sondei_linux_cgroup_limit_v1(stat[LIMIT].value);
    both = stat[BOTH_LIMIT].found ? sondei_linux_cgroup_limit_v1(stat[BOTH_LIMIT].value) : SONDE_UNLIMITED;
  } else {
    const struct limits_lowest limits[] = {{"memory.limit_in_bytes", &limit}, {"memory.memsw.limit_in_bytes", &both}};
    status = limits_climb(env, state, group, limits, 2);
  }
  limits_set_limit(out, SONDE_CGROUP_MEMORY_LIMIT, &out->memory_limit, limit);
  /* Version 1 limits memory and swap together. */
  if (both != SONDE_UNLIMITED) {
    const bool is_split = limit != SONDE_UNLIMITED && limit <= both;
    limits_set(out, SONDE_CGROUP_SWAP_LIMIT, &out->swap_limit, is_split ? both - limit : both);
  }
  return status;
}

static sonde_status limits_fill_cpu(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                    struct limits_group *group) {
  enum {
    PERIODS,
    THROTTLED,
    NS,
    US,
    USAGE,
    USER,
    SYSTEM,
    NUM_KEYS
  };
  struct sondei_linux_key stat[NUM_KEYS] = {
      [PERIODS] = {"nr_periods", 0, false}, [THROTTLED] = {"nr_throttled", 0, false},
      [NS] = {"throttled_time", 0, false},  [US] = {"throttled_usec", 0, false},
      [USAGE] = {"usage_usec", 0, false},   [USER] = {"user_usec", 0, false},
      [SYSTEM] = {"system_usec", 0, false},
  };
  sonde_status status = SONDE_OK;
  if (group->is_exact) {
    status = limits_read_keys(env, state, stat, NUM_KEYS, group, "cpu.stat");
    if (status != SONDE_OK) return status;
  }
  const uint64_t max_us = UINT64_MAX / NS_PER_US;
  struct sondei_linux_key throttled_time = stat[NS];
  if (stat[US].found && stat[US].value <= max_us) {
    throttled_time.found = true;
    throttled_time.value = stat[US].value * NS_PER_US;
  }
  if (stat[PERIODS].found && stat[THROTTLED].found && throttled_time.found) {
    out->cpu_periods = stat[PERIODS].value;
    out->cpu_throttled_periods = stat[THROTTLED].value;
    out->cpu_throttled_time = throttled_time.value;
    out->valid |= SONDE_CGROUP_CPU_THROTTLED;
  }
  if (group->is_v2 && stat[USAGE].found && stat[USAGE].value <= max_us) {
    out->cpu_usage = stat[USAGE].value * NS_PER_US;
    if (stat[USER].found && stat[USER].value <= max_us) out->cpu_user = stat[USER].value * NS_PER_US;
    if (stat[SYSTEM].found && stat[SYSTEM].value <= max_us) out->cpu_system = stat[SYSTEM].value * NS_PER_US;
    out->valid |= SONDE_CGROUP_CPU_USAGE;
  }
  bool is_limited = false;
  status = limits_climb_cpu(env, state, group, &out->cpu_limit, &is_limited);
  if (is_limited) out->valid |= SONDE_CGROUP_CPU_LIMIT;
  return status;
}

static sonde_status limits_fill_cpuacct(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                        struct limits_group *group) {
  if (group->is_v2 || !group->is_exact) return SONDE_OK; /* version 2: in cpu.stat */
  bool found = false;
  uint64_t value = 0;
  sonde_status status = limits_read_value(env, state, &value, &found, group, "cpuacct.usage");
  if (status != SONDE_OK || !found) return status;
  limits_set(out, SONDE_CGROUP_CPU_USAGE, &out->cpu_usage, value);
  struct sondei_linux_key stat[] = {{"user", 0, false}, {"system", 0, false}};
  status = limits_read_keys(env, state, stat, 2, group, "cpuacct.stat");
  if (status != SONDE_OK) return status;
  const uint64_t max_ticks = UINT64_MAX / state->ns_per_tick;
  if (stat[0].found && stat[0].value <= max_ticks) out->cpu_user = stat[0].value * state->ns_per_tick;
  if (stat[1].found && stat[1].value <= max_ticks) out->cpu_system = stat[1].value * state->ns_per_tick;
  return SONDE_OK;
}

static sonde_status limits_fill_pids(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                     struct limits_group *group) {
  if (group->is_exact) {
    bool found = false;
    uint64_t value = 0;
    const sonde_status status = limits_read_value(env, state, &value, &found, group, "pids.current");
    if (status != SONDE_OK) return status;
    if (found) limits_set(out, SONDE_CGROUP_PIDS_CURRENT, &out->pids_current, value);
  }
  uint64_t limit = SONDE_UNLIMITED;
  const struct limits_lowest limits[] = {{"pids.max", &limit}};
  const sonde_status status = limits_climb(env, state, group, limits, 1);
  limits_set_limit(out, SONDE_CGROUP_PIDS_LIMIT, &out->pids_limit, limit);
  return status;
}

/* The CPUs of the nearest cgroup that says: where the controller is not enabled, the ancestor's count. */
static sonde_status limits_fill_cpuset(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                       struct sonde_fill *memory, struct limits_group *group) {
  static const char *const v1_files[] = {"cpuset.effective_cpus", "cpuset.cpus"}; /* the former from Linux 3.17 on */
  static const char *const v2_files[] = {"cpuset.cpus.effective"};
  const char *const *const files = group->is_v2 ? v2_files : v1_files;
  const size_t num_files = group->is_v2 ? 1 : 2;
  for (;;) {
    bool found = false;
    for (size_t i = 0; i < num_files; i++) {
      sondei_span text;
      sonde_status status = limits_read_file(env, state, &text, &found, group, files[i]);
      if (status != SONDE_OK) return status;
      if (!found) continue;
      struct sondei_linux_cpulist list;
      sondei_parse_error err;
      if (sondei_linux_parse_cpulist(&list, &err, text) != SONDE_OK) {
        (void)sondei_linux_fail_parse(env, &err, group->place, files[i]);
        return SONDE_OK;
      }
      if (list.count == 0) continue;
      uint32_t *const cpus = sonde_fill_array(memory, list.count, sizeof *cpus);
      if (cpus == NULL) return SONDE_ERR_NO_MEMORY;
      out->cpuset_len = sondei_linux_fill_cpulist(cpus, list.count, text);
      out->cpuset = cpus;
      out->valid |= SONDE_CGROUP_CPUSET;
      return SONDE_OK;
    }
    const sonde_status status = limits_go_up(env, state, group, &found);
    if (status != SONDE_OK || !found) return status;
  }
}

/* Sums that say whether they still fit. */
static void limits_add(uint64_t *sum, bool *fits, uint64_t value) {
  if (value > UINT64_MAX - *sum) *fits = false;
  *sum += value;
}

static sonde_status limits_fill_io_v2(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                      const struct limits_group *group) {
  sondei_span text;
  bool found = false;
  bool is_whole = true;
  const sonde_status status = limits_read_file(env, state, &text, &found, group, "io.stat");
  if (status != SONDE_OK || !found) return status;
  sonde_cgroup sum = {0};
  struct sondei_linux_io_stat row;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_io_stat(&row, &err, &text); at = len - text.len) {
    if (err.expected != NULL) {
      err.position += at;
      is_whole = false;
      (void)sondei_linux_fail_parse(env, &err, group->place, "io.stat");
    }
    limits_add(&sum.io_read_bytes, &is_whole, row.read_bytes);
    limits_add(&sum.io_write_bytes, &is_whole, row.write_bytes);
    limits_add(&sum.io_read_count, &is_whole, row.read_count);
    limits_add(&sum.io_write_count, &is_whole, row.write_count);
  }
  if (!is_whole) return SONDE_OK;
  out->io_read_bytes = sum.io_read_bytes;
  out->io_write_bytes = sum.io_write_bytes;
  out->io_read_count = sum.io_read_count;
  out->io_write_count = sum.io_write_count;
  out->valid |= SONDE_CGROUP_IO;
  return SONDE_OK;
}

/* Sums up one of version 1's files: with all descendants where the kernel (5.0) tells that. */
static sonde_status limits_sum_blkio(struct sonde_env *env, struct linux_state *state, uint64_t *reads,
                                     uint64_t *writes, bool *is_whole, const struct limits_group *group,
                                     const char *recursive_file, const char *file) {
  sondei_span text;
  bool found = false;
  sonde_status status = limits_read_file(env, state, &text, &found, group, recursive_file);
  if (status == SONDE_OK && !found) {
    recursive_file = file;
    status = limits_read_file(env, state, &text, &found, group, file);
  }
  if (!found) *is_whole = false;
  if (status != SONDE_OK || !found) return status;
  struct sondei_linux_blkio row;
  sondei_parse_error err;
  const size_t len = text.len;
  for (size_t at = 0; sondei_linux_next_blkio(&row, &err, &text); at = len - text.len) {
    if (err.expected != NULL) {
      err.position += at;
      *is_whole = false;
      (void)sondei_linux_fail_parse(env, &err, group->place, recursive_file);
    }
    if (row.device.len == 0) continue;
    if (sondei_span_equals(row.operation, "Read")) limits_add(reads, is_whole, row.value);
    if (sondei_span_equals(row.operation, "Write")) limits_add(writes, is_whole, row.value);
  }
  return SONDE_OK;
}

static sonde_status limits_fill_io(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                   struct limits_group *group) {
  if (!group->is_exact) return SONDE_OK;
  if (group->is_v2) return limits_fill_io_v2(env, state, out, group);
  uint64_t read_bytes = 0;
  uint64_t write_bytes = 0;
  uint64_t reads = 0;
  uint64_t writes = 0;
  bool is_whole = true;
  sonde_status status =
      limits_sum_blkio(env, state, &read_bytes, &write_bytes, &is_whole, group,
                       "blkio.throttle.io_service_bytes_recursive", "blkio.throttle.io_service_bytes");
  if (status != SONDE_OK || !is_whole) return status;
  status = limits_sum_blkio(env, state, &reads, &writes, &is_whole, group, "blkio.throttle.io_serviced_recursive",
                            "blkio.throttle.io_serviced");
  if (status != SONDE_OK || !is_whole) return status;
  out->io_read_bytes = read_bytes;
  out->io_write_bytes = write_bytes;
  out->io_read_count = reads;
  out->io_write_count = writes;
  out->valid |= SONDE_CGROUP_IO;
  return SONDE_OK;
}

static sonde_status limits_fill_controller(struct sonde_env *env, struct linux_state *state, sonde_cgroup *out,
                                           struct sonde_fill *memory, struct limits_group *group,
                                           const char *controller) {
  const sondei_span name = sondei_span_text(controller);
  if (sondei_span_equals(name, "memory")) {
    return group->is_v2 ? limits_fill_memory_v2(env, state, out, group) : limits_fill_memory_v1(env, state, out, group);
  }
  if (sondei_span_equals(name, "cpu")) return limits_fill_cpu(env, state, out, group);
  if (sondei_span_equals(name, "cpuacct")) return limits_fill_cpuacct(env, state, out, group);
  if (sondei_span_equals(name, "pids")) return limits_fill_pids(env, state, out, group);
  if (sondei_span_equals(name, "cpuset")) return limits_fill_cpuset(env, state, out, memory, group);
  return limits_fill_io(env, state, out, group);
}

static sonde_status linux_cgroup(struct sonde_env *env, void *opaque, sonde_cgroup *out, struct sonde_fill *memory,
                                 sonde_pid pid) {
  /* Version 1's names; what they are called in version 2 does not matter, as all are in one hierarchy there. */
  static const char *const controllers[] = {"memory", "cpu", "cpuacct", "pids", "cpuset", "blkio"};
  struct linux_state *const state = opaque;
  struct limits_view view;
  sonde_status status = limits_read_view(env, state, &view, pid);
  if (status != SONDE_OK) return status;
  struct sondei_linux_cgroup_summary summary;
  if (!sondei_linux_cgroup_path_of(&summary, view.rows)) return limits_unsupported(env, "cgroup");
  out->version = summary.version;
  status = sonde_fill_string(memory, &out->path, summary.path.data, summary.path.len);
  for (size_t i = 0; status == SONDE_OK && i < sizeof controllers / sizeof controllers[0]; i++) {
    struct limits_group group;
    bool found = false;
    status = limits_open_group(env, state, &group, &found, &view, controllers[i]);
    if (status != SONDE_OK || !found) continue;
    status = limits_fill_controller(env, state, out, memory, &group, controllers[i]);
    limits_close_group(state, &group);
  }
  return status;
}

/* ---- Pressure --------------------------------------------------------------------------------------------------- */

static double limits_ratio(uint64_t hundredths) { return (double)hundredths / 10000.0; }

static void limits_set_pressure(sonde_pressure *row, const struct sondei_linux_pressure *told) {
  if (told->some.is_told) {
    row->some_avg10_ratio = limits_ratio(told->some.avg10);
    row->some_avg60_ratio = limits_ratio(told->some.avg60);
    row->some_avg300_ratio = limits_ratio(told->some.avg300);
    row->some_total = told->some.total;
    row->valid |= SONDE_PRESSURE_SOME;
  }
  if (told->full.is_told) {
    row->full_avg10_ratio = limits_ratio(told->full.avg10);
    row->full_avg60_ratio = limits_ratio(told->full.avg60);
    row->full_avg300_ratio = limits_ratio(told->full.avg300);
    row->full_total = told->full.total;
    row->valid |= SONDE_PRESSURE_FULL;
  }
}

/* The resources' files below a place. */
static sonde_status limits_fill_pressure(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                         struct linux_place place, const char *const *files) {
  static const sonde_pressure_resource resources[] = {SONDE_PRESSURE_CPU, SONDE_PRESSURE_MEMORY, SONDE_PRESSURE_IO,
                                                      SONDE_PRESSURE_IRQ};
  for (size_t i = 0; i < sizeof resources / sizeof resources[0]; i++) {
    sondei_span text;
    sonde_status status = sondei_linux_read(env, state, &text, place, files[i], LINUX_UNTIL_EOF);
    if (limits_is_fatal(env, status)) return status;
    /* EOPNOTSUPP: the kernel knows it but was told not to count (psi=0). */
    if (status != SONDE_OK && (sondei_linux_is_missing(env) || sonde_env_failed_code(env) == EOPNOTSUPP)) continue;
    sonde_pressure *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    row->resource = resources[i];
    struct sondei_linux_pressure told;
    sondei_parse_error err;
    if (status == SONDE_OK) {
      status = sondei_linux_parse_pressure(&told, &err, text);
      if (status != SONDE_OK) (void)sondei_linux_fail_parse(env, &err, place, files[i]);
    }
    row->status = status;
    if (status == SONDE_OK) limits_set_pressure(row, &told);
  }
  return sonde_fill_count(out) > 0 ? SONDE_OK : limits_unsupported(env, files[0]);
}

static sonde_status linux_pressure_list(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                        const char *cgroup) {
  static const char *const system_files[] = {"pressure/cpu", "pressure/memory", "pressure/io", "pressure/irq"};
  static const char *const cgroup_files[] = {"cpu.pressure", "memory.pressure", "io.pressure", "irq.pressure"};
  struct linux_state *const state = opaque;
  if (cgroup == NULL) {
    return limits_fill_pressure(env, state, out, sondei_linux_root(env->procfs), system_files);
  }
  const struct sondei_linux_cgroup row = {0, sondei_span_text(""), sondei_span_text(cgroup)};
  sondei_span below;
  if (cgroup[0] != '/' || !sondei_linux_cgroup_below(&below, sondei_span_text("/"), row.path)) {
    return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "cgroup", cgroup, strlen(cgroup));
  }
  sondei_span mounts;
  struct limits_group group;
  bool found = false;
  sonde_status status = limits_read_mounts(env, state, &mounts);
  if (status == SONDE_OK) status = limits_open_row(env, state, &group, &found, mounts, &row, NULL);
  if (status != SONDE_OK) return status;
  /* Mounts that may not be read are no hierarchy that is missing. */
  if (!found) {
    status = sonde_env_failed_status(env);
    return status != SONDE_OK && !sondei_linux_is_missing(env) ? status : limits_unsupported(env, cgroup);
  }
  if (group.is_exact) {
    status = limits_fill_pressure(env, state, out, group.place, cgroup_files);
  } else {
    status = sonde_env_fail(env, SONDE_ERR_OS, ENOENT, "ENOENT", "open", cgroup, strlen(cgroup));
  }
  limits_close_group(state, &group);
  return status;
}

const struct sonde_limits_ops sondei_linux_limits_ops = {
    .cgroup = linux_cgroup,
    .pressure_list = linux_pressure_list,
};
