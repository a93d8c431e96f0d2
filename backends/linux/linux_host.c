/* SPDX-License-Identifier: MIT */
/* The host: names, what it runs on and in, times, users. */
#include "backends/linux/linux_backend.h"

#include <errno.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "core/parse/linux_container.h"
#include "core/parse/linux_cpuinfo.h"
#include "core/parse/linux_os_release.h"
#include "core/parse/linux_stat.h"
#include "core/parse/linux_uptime.h"
#include "core/parse/linux_utmp.h"
#include "core/parse/linux_virtualization.h"

/* What host_info fills. In its functions: not SONDE_OK: the call is over; a string that could not be read is empty. */
struct host_question {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_fill *fill;
  sonde_host_info *out;
};

static sonde_status host_soften(const struct host_question *q, sonde_status status) {
  if (status == SONDE_OK || status == SONDE_ERR_NO_MEMORY) return status;
  return sondei_linux_is_exhausted(q->env) ? status : SONDE_OK;
}

/* The first line of a file, unless there is a string already. */
static sonde_status host_take_line(const struct host_question *q, sonde_string *out, const char *root,
                                   const char *path) {
  if (out->len > 0) return SONDE_OK;
  return host_soften(q, sondei_linux_read_string(q->env, q->state, q->fill, out, sondei_linux_root(root), path));
}

static sonde_status host_take_text(const struct host_question *q, sonde_string *out, const char *text) {
  if (out->len > 0 || text == NULL) return SONDE_OK;
  return sonde_fill_string(q->fill, out, text, strlen(text));
}

/* A whole file in state->text; empty when it cannot be read. */
static sonde_status host_read(const struct host_question *q, sondei_span *out, const char *root, const char *path) {
  const sonde_status status = sondei_linux_read(q->env, q->state, out, sondei_linux_root(root), path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) *out = sondei_span_text("");
  return host_soften(q, status);
}

/* Whether a file is there: that it cannot be read is as good. */
static sonde_status host_has_file(const struct host_question *q, bool *out, const char *root, const char *path) {
  sondei_span text = {NULL, 0};
  const sonde_status status =
      sondei_linux_read(q->env, q->state, &text, sondei_linux_root(root), path, LINUX_UNTIL_EOF);
  *out = status == SONDE_OK || !sondei_linux_is_missing(q->env);
  return host_soften(q, status);
}

static sonde_status host_has_directory(const struct host_question *q, bool *out, const char *root, const char *path) {
  struct linux_place place = {-1, ""};
  const sonde_status status = sondei_linux_open_place(q->env, q->state, &place, sondei_linux_root(root), path);
  *out = status == SONDE_OK;
  sondei_linux_close_place(q->state, &place);
  return host_soften(q, status);
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

static sonde_status host_fill_kernel(const struct host_question *q) {
  const char *const procfs = q->env->procfs;
  sonde_host_info *const out = q->out;
  const struct {
    sonde_string *member;
    const char *path;
  } files[] = {
      {&out->hostname, "sys/kernel/hostname"},        {&out->kernel_name, "sys/kernel/ostype"},
      {&out->kernel_release, "sys/kernel/osrelease"}, {&out->kernel_version, "sys/kernel/version"},
      {&out->architecture, "sys/kernel/arch"}, /* 6.1 */
      {&out->boot_id, "sys/kernel/random/boot_id"},
  };
  for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
    const sonde_status status = host_take_line(q, files[i].member, procfs, files[i].path);
    if (status != SONDE_OK) return status;
  }
  struct utsname names;
  if (q->env->live && q->state->os->uname(&names) == 0) {
    const struct {
      sonde_string *member;
      const char *text;
    } rest[] = {
        {&out->hostname, names.nodename},      {&out->kernel_name, names.sysname},
        {&out->kernel_release, names.release}, {&out->kernel_version, names.version},
        {&out->architecture, names.machine},
    };
    for (size_t i = 0; i < sizeof rest / sizeof rest[0]; i++) {
      const sonde_status status = host_take_text(q, rest[i].member, rest[i].text);
      if (status != SONDE_OK) return status;
    }
  }
  return host_take_line(q, &out->hostname, q->env->etc, "hostname");
}

static sonde_status host_take_value(const struct host_question *q, sonde_string *out, sondei_span value) {
  const sonde_status status = sonde_env_grow(q->env, &q->state->path, value.len);
  if (status != SONDE_OK) return status;
  const size_t len = sondei_linux_unquote_os_release(q->state->path.data, value);
  return sonde_fill_string(q->fill, out, q->state->path.data, len);
}

static sonde_status host_fill_distribution(const struct host_question *q) {
  sonde_host_info *const out = q->out;
  const struct {
    const char *key;
    sonde_string *member;
    const char *otherwise; /* what os-release(5) says of a key that is missing */
  } keys[] = {
      {"NAME", &out->os_name, "Linux"},
      {"ID", &out->os_id, "linux"},
      {"VERSION_ID", &out->os_version, NULL},
      {"PRETTY_NAME", &out->os_pretty_name, "Linux"},
  };
  sondei_span text = {NULL, 0};
  sonde_status status = host_read(q, &text, q->env->etc, "os-release");
  if (status == SONDE_OK && text.len == 0) status = host_read(q, &text, q->env->rootfs, "/usr/lib/os-release");
  if (status != SONDE_OK || text.len == 0) return status;
  struct sondei_linux_os_release row;
  sondei_parse_error err;
  while (sondei_linux_next_os_release(&row, &err, &text)) {
    for (size_t i = 0; err.expected == NULL && i < sizeof keys / sizeof keys[0]; i++) {
      if (!sondei_span_equals(row.key, keys[i].key)) continue;
      status = host_take_value(q, keys[i].member, row.value);
      if (status != SONDE_OK) return status;
    }
  }
  for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
    status = host_take_text(q, keys[i].member, keys[i].otherwise);
    if (status != SONDE_OK) return status;
  }
  return SONDE_OK;
}

static sonde_status host_fill_machine_id(const struct host_question *q) {
  static const char unset[] = "uninitialized"; /* machine-id(5): during the first boot */
  sonde_string *const id = &q->out->machine_id;
  sonde_status status = host_take_line(q, id, q->env->etc, "machine-id");
  if (status != SONDE_OK) return status;
  if (id->len == sizeof unset - 1 && memcmp(id->data, unset, id->len) == 0) {
    id->data = "";
    id->len = 0;
  }
  return host_take_line(q, id, q->env->rootfs, "/var/lib/dbus/machine-id");
}

/* ---- What it runs on --------------------------------------------------------------------------------------------- */

/* The firmware's words, one after the other, as each file takes the place of the last in state->text. */
static sonde_status host_ask_firmware(const struct host_question *q, const char **out) {
  static const char *const paths[] = {"class/dmi/id/sys_vendor", "class/dmi/id/product_name",
                                      "class/dmi/id/board_vendor", "class/dmi/id/bios_vendor"};
  const sondei_span none = sondei_span_text("");
  sondei_span words[4] = {none, none, none, none};
  for (size_t i = 0; i < 4; i++) {
    sonde_string line = {"", 0};
    const sonde_status status = host_take_line(q, &line, q->env->sysfs, paths[i]);
    if (status != SONDE_OK) return status;
    words[i] = sondei_span_of(line.data, line.len);
  }
  *out = sondei_linux_virtualization_of_dmi(words[0], words[1], words[2]);
  if (*out == NULL) *out = sondei_linux_virtualization_of_dmi(none, none, words[3]);
  return SONDE_OK;
}

static sonde_status host_ask_xen(const struct host_question *q, const char **out, bool *is_told) {
  sondei_span text = {NULL, 0};
  sonde_status status = host_read(q, &text, q->env->sysfs, "hypervisor/type");
  if (status != SONDE_OK || !sondei_span_starts_with(text, "xen")) return status;
  status = host_read(q, &text, q->env->procfs, "xen/capabilities");
  if (status != SONDE_OK) return status;
  *is_told = true;
  if (!sondei_linux_is_xen_control_domain(text)) *out = "xen";
  return SONDE_OK;
}

static sonde_status host_ask_cpuinfo(const struct host_question *q, const char **out) {
  sondei_span text = {NULL, 0};
  struct sondei_linux_cpuinfo cpu;
  sondei_parse_error err;
  const sonde_status status = host_read(q, &text, q->env->procfs, "cpuinfo");
  if (status != SONDE_OK || !sondei_linux_next_cpuinfo(&cpu, &err, &text)) return status;
  if (sondei_span_equals(cpu.vendor, "User Mode Linux")) *out = "uml";
  if (sondei_linux_has_hypervisor_flag(cpu.features)) *out = "vm";
  return SONDE_OK;
}

static sonde_status host_fill_virtualization(const struct host_question *q) {
  const char *name = NULL;
  bool is_told = false;
  sondei_span text = {NULL, 0};
  sonde_status status = host_ask_xen(q, &name, &is_told);
  if (status != SONDE_OK || is_told)
    return status != SONDE_OK ? status : host_take_text(q, &q->out->virtualization, name);
  const char *firmware = NULL;
  status = host_ask_firmware(q, &firmware);
  if (status != SONDE_OK) return status;
  if (firmware != NULL && !sondei_span_equals(sondei_span_text(firmware), "qemu")) {
    return host_take_text(q, &q->out->virtualization, firmware);
  }
  static const char *const trees[] = {"device-tree/hypervisor/compatible", "device-tree/compatible"};
  for (size_t i = 0; i < 2 && name == NULL; i++) {
    status = host_read(q, &text, q->env->procfs, trees[i]);
    if (status != SONDE_OK) return status;
    name = sondei_linux_virtualization_of_device_tree(text);
  }
  if (name == NULL) {
    status = host_read(q, &text, q->env->procfs, "sysinfo");
    if (status != SONDE_OK) return status;
    name = sondei_linux_virtualization_of_sysinfo(text);
  }
  if (name == NULL) {
    status = host_read(q, &text, q->env->sysfs, "devices/system/clocksource/clocksource0/available_clocksource");
    if (status != SONDE_OK) return status;
    name = sondei_linux_virtualization_of_clocksources(text);
  }
  if (name == NULL) name = firmware;
  if (name == NULL) {
    status = host_ask_cpuinfo(q, &name);
    if (status != SONDE_OK) return status;
  }
  return host_take_text(q, &q->out->virtualization, name);
}

/* ---- What it runs in --------------------------------------------------------------------------------------------- */

static sonde_status host_ask_init(const struct host_question *q) {
  sondei_span text = {NULL, 0};
  sondei_span value = {NULL, 0};
  const sonde_status status = host_read(q, &text, q->env->procfs, "1/environ");
  if (status != SONDE_OK || !sondei_linux_container_of_environ(&value, text)) return status;
  return sonde_fill_string(q->fill, &q->out->container, value.data, value.len);
}

static sonde_status host_ask_cgroups(const struct host_question *q) {
  static const char *const paths[] = {"self/cgroup", "1/cgroup"};
  for (size_t i = 0; i < 2; i++) {
    sondei_span text = {NULL, 0};
    sonde_status status = host_read(q, &text, q->env->procfs, paths[i]);
    if (status != SONDE_OK) return status;
    status = host_take_text(q, &q->out->container, sondei_linux_container_of_cgroup(text));
    if (status != SONDE_OK || q->out->container.len > 0) return status;
  }
  return SONDE_OK;
}

static sonde_status host_fill_container(const struct host_question *q) {
  static const struct {
    const char *path;
    const char *name;
  } marks[] = {{"/run/.containerenv", "podman"}, {"/.dockerenv", "docker"}};
  sonde_string *const container = &q->out->container;
  sonde_status status = SONDE_OK;
  bool is_there = false;
  for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
    status = host_has_file(q, &is_there, q->env->rootfs, marks[i].path);
    if (status != SONDE_OK) return status;
    if (is_there) return host_take_text(q, container, marks[i].name);
  }
  status = host_take_line(q, container, q->env->rootfs, "/run/systemd/container");
  if (status == SONDE_OK && container->len == 0) status = host_ask_init(q);
  if (status == SONDE_OK && container->len == 0) status = host_ask_cgroups(q);
  if (status != SONDE_OK || container->len > 0) return status;
  const sonde_string release = q->out->kernel_release;
  status = host_take_text(q, container, sondei_linux_container_of_kernel(sondei_span_of(release.data, release.len)));
  if (status != SONDE_OK || container->len > 0) return status;
  /* OpenVZ shows its own /proc/vz in containers, and /proc/bc on the host only. */
  bool is_host = false;
  status = host_has_directory(q, &is_there, q->env->procfs, "vz");
  if (status != SONDE_OK || !is_there) return status;
  status = host_has_directory(q, &is_host, q->env->procfs, "bc");
  if (status != SONDE_OK || is_host) return status;
  return host_take_text(q, container, "openvz");
}

static bool host_is_empty(const sonde_host_info *out) {
  return out->hostname.len + out->kernel_name.len + out->kernel_release.len + out->kernel_version.len +
             out->architecture.len + out->os_name.len + out->machine_id.len + out->boot_id.len ==
         0;
}

static sonde_status host_info(struct sonde_env *env, void *opaque, sonde_host_info *out, struct sonde_fill *memory) {
  const struct host_question q = {env, opaque, memory, out};
  sonde_status status = host_fill_kernel(&q);
  if (status == SONDE_OK) status = host_fill_distribution(&q);
  if (status == SONDE_OK) status = host_fill_machine_id(&q);
  /* No roots at all: the reason is the latest failure to read one of its files. */
  if (status == SONDE_OK && host_is_empty(out)) status = sonde_env_failed_status(env);
  if (status == SONDE_OK) status = host_fill_virtualization(&q);
  if (status == SONDE_OK) status = host_fill_container(&q);
  return status;
}

/* ---- Times ------------------------------------------------------------------------------------------------------- */

static bool host_read_clock(struct sonde_env *env, struct linux_state *state, uint64_t *out, clockid_t clock) {
  struct timespec now = {0};
  if (state->os->clock_gettime(clock, &now) != 0) {
    sonde_env_fail(env, SONDE_ERR_OS, errno, sondei_linux_errno_name(errno), "clock_gettime", "", 0);
    return false;
  }
  if (now.tv_sec < 0) return false;
  if ((uint64_t)now.tv_sec >= UINT64_MAX / SONDE_NSEC_PER_SEC) return false;
  *out = (uint64_t)now.tv_sec * SONDE_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
  return true;
}

static sonde_status host_read_boot_time(struct sonde_env *env, struct linux_state *state, sonde_host_times *out) {
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  struct sondei_linux_stat stat = {0};
  sondei_parse_error err = {0, NULL};
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, "stat", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (sondei_linux_parse_stat(&stat, &err, text) != SONDE_OK || err.expected != NULL) {
    (void)sondei_linux_fail_parse(env, &err, procfs, "stat");
  }
  if ((stat.valid & SONDEI_LINUX_STAT_BTIME) == 0 || stat.btime > UINT64_MAX / SONDE_NSEC_PER_SEC) return SONDE_OK;
  out->boot_time = stat.btime * SONDE_NSEC_PER_SEC;
  out->valid |= SONDE_HOST_TIMES_BOOT_TIME;
  return SONDE_OK;
}

static sonde_status host_read_uptime(struct sonde_env *env, struct linux_state *state, sonde_host_times *out) {
  const struct linux_place procfs = sondei_linux_root(env->procfs);
  struct sondei_linux_uptime uptime = {0};
  sondei_parse_error err = {0, NULL};
  sondei_span text = {NULL, 0};
  const sonde_status status = sondei_linux_read(env, state, &text, procfs, "uptime", LINUX_ONE_RECORD);
  if (status != SONDE_OK) return sondei_linux_is_exhausted(env) ? status : SONDE_OK;
  if (sondei_linux_parse_uptime(&uptime, &err, text) != SONDE_OK) {
    (void)sondei_linux_fail_parse(env, &err, procfs, "uptime");
    return SONDE_OK;
  }
  out->uptime = uptime.uptime;
  out->valid |= SONDE_HOST_TIMES_UPTIME;
  return SONDE_OK;
}

static void host_read_clocks(struct sonde_env *env, struct linux_state *state, sonde_host_times *out) {
  uint64_t since_boot = 0;
  if (host_read_clock(env, state, &out->now, CLOCK_REALTIME)) out->valid |= SONDE_HOST_TIMES_NOW;
  if (host_read_clock(env, state, &out->monotonic, CLOCK_MONOTONIC)) out->valid |= SONDE_HOST_TIMES_MONOTONIC;
  /* For where /proc may not be read (Android). */
  if (!host_read_clock(env, state, &since_boot, CLOCK_BOOTTIME)) return;
  if ((out->valid & SONDE_HOST_TIMES_UPTIME) == 0) {
    out->uptime = since_boot;
    out->valid |= SONDE_HOST_TIMES_UPTIME;
  }
  if ((out->valid & SONDE_HOST_TIMES_BOOT_TIME) == 0 && (out->valid & SONDE_HOST_TIMES_NOW) != 0 &&
      out->now >= since_boot) {
    out->boot_time = out->now - since_boot;
    out->valid |= SONDE_HOST_TIMES_BOOT_TIME;
  }
}

static sonde_status host_times(struct sonde_env *env, void *opaque, sonde_host_times *out) {
  struct linux_state *const state = opaque;
  sonde_status status = host_read_boot_time(env, state, out);
  if (status == SONDE_OK) status = host_read_uptime(env, state, out);
  if (status != SONDE_OK) return status;
  if (env->live) host_read_clocks(env, state, out);
  return out->valid != 0 ? SONDE_OK : sonde_env_failed_status(env);
}

/* ---- Users ------------------------------------------------------------------------------------------------------- */

/* The C library's choice for this machine (linux_utmp.h). */
#if defined(__aarch64__) || defined(__s390x__) || defined(__loongarch__) || defined(__alpha__) || defined(__ia64__)
#define USUAL_UTMP_SIZE SONDEI_LINUX_UTMP_SIZE_64
#else
#define USUAL_UTMP_SIZE SONDEI_LINUX_UTMP_SIZE_32
#endif

static sonde_status user_fill_string(struct sonde_fill *out, sonde_string *member, sondei_span text) {
  return sonde_fill_string(out, member, text.data, text.len);
}

static sonde_status user_fill_row(struct sonde_fill *out, const struct sondei_linux_utmp *session) {
  sonde_user *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if (session->pid > 0) {
    row->pid = session->pid;
    row->valid |= SONDE_USER_PID;
  }
  if (session->has_time) {
    row->started = session->time;
    row->valid |= SONDE_USER_STARTED;
  }
  sonde_status status = user_fill_string(out, &row->name, session->user);
  if (status == SONDE_OK) status = user_fill_string(out, &row->terminal, session->line);
  if (status == SONDE_OK) status = user_fill_string(out, &row->host, session->host);
  return status;
}

static sonde_status user_list_of_utmp(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      const char *path) {
  const struct linux_place rootfs = sondei_linux_root(env->rootfs);
  struct sondei_linux_utmp session;
  sondei_parse_error err;
  sondei_span text = {NULL, 0};
  sonde_status status = sondei_linux_read(env, state, &text, rootfs, path, LINUX_UNTIL_EOF);
  if (status != SONDE_OK) return status;
  sondei_span rest = text;
  const size_t record_size = sondei_linux_utmp_record_size(text.len, USUAL_UTMP_SIZE);
  while (sondei_linux_next_utmp(&session, &err, &rest, record_size, state->byte_order)) {
    if (err.expected == NULL) {
      if (session.type != SONDEI_LINUX_UTMP_USER_PROCESS) continue;
      status = user_fill_row(out, &session);
      if (status != SONDE_OK) return status;
      continue;
    }
    sonde_user *const row = sonde_fill_row(out);
    if (row == NULL) return SONDE_ERR_NO_MEMORY;
    err.position = text.len; /* only the last can be cut short */
    row->status = sondei_linux_fail_parse(env, &err, rootfs, path);
  }
  return SONDE_OK;
}

/* A session of systemd-logind, by its file in /run/systemd/sessions. */
struct user_session {
  sondei_span name; /* all quoted as in os-release */
  sondei_span terminal;
  sondei_span host;
  sondei_span kind;
  sondei_span state;
  uint64_t leader;
  uint64_t microseconds; /* since the epoch */
};

static void user_parse_session(struct user_session *out, sondei_span text) {
  struct sondei_linux_os_release row;
  sondei_parse_error err;
  const sondei_span none = sondei_span_of(text.data, 0);
  const struct user_session empty = {none, none, none, none, none, 0, 0};
  *out = empty;
  const struct {
    const char *key;
    sondei_span *member;
  } keys[] = {{"USER", &out->name},
              {"TTY", &out->terminal},
              {"REMOTE_HOST", &out->host},
              {"CLASS", &out->kind},
              {"STATE", &out->state}};
  while (sondei_linux_next_os_release(&row, &err, &text)) {
    if (err.expected != NULL) continue;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
      if (sondei_span_equals(row.key, keys[i].key)) *keys[i].member = row.value;
    }
    if (sondei_span_equals(row.key, "LEADER")) sondei_span_whole_u64(row.value, &out->leader);
    if (sondei_span_equals(row.key, "REALTIME")) sondei_span_whole_u64(row.value, &out->microseconds);
  }
}

static sonde_status user_fill_value(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                    sonde_string *member, sondei_span value) {
  const sonde_status status = sonde_env_grow(env, &state->path, value.len);
  if (status != SONDE_OK) return status;
  const size_t len = sondei_linux_unquote_os_release(state->path.data, value);
  return sonde_fill_string(out, member, state->path.data, len);
}

static sonde_status user_fill_session(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      const struct user_session *session) {
  sonde_user *const row = sonde_fill_row(out);
  if (row == NULL) return SONDE_ERR_NO_MEMORY;
  if (session->leader > 0 && session->leader <= INT32_MAX) {
    row->pid = (sonde_pid)session->leader;
    row->valid |= SONDE_USER_PID;
  }
  if (session->microseconds > 0 && session->microseconds <= UINT64_MAX / 1000) {
    row->started = session->microseconds * 1000;
    row->valid |= SONDE_USER_STARTED;
  }
  sonde_status status = user_fill_value(env, state, out, &row->name, session->name);
  if (status == SONDE_OK) status = user_fill_value(env, state, out, &row->terminal, session->terminal);
  if (status == SONDE_OK) status = user_fill_value(env, state, out, &row->host, session->host);
  return status;
}

static sonde_status user_add_sessions(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                      struct linux_walk *walk, const char *directory) {
  const struct linux_place rootfs = sondei_linux_root(env->rootfs);
  for (;;) {
    const char *name = NULL;
    const char *path = NULL;
    sondei_span text = {NULL, 0};
    struct user_session session;
    sonde_status status = sondei_linux_walk_next(env, state, walk, &name);
    if (status != SONDE_OK || name == NULL) return status;
    size_t dot = 0;
    if (sondei_span_find(sondei_span_text(name), '.', &dot))
      continue; /* "c1.ref": a FIFO that its session holds open */
    status = sondei_linux_path(env, state, &path, directory, "/", name, NULL);
    if (status != SONDE_OK) return status;
    status = sondei_linux_read(env, state, &text, rootfs, path, LINUX_UNTIL_EOF);
    if (status != SONDE_OK) {
      if (sondei_linux_is_missing(env)) continue; /* it ended just now */
      if (sondei_linux_is_exhausted(env)) return status;
      sonde_user *const row = sonde_fill_row(out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      row->status = status;
      continue;
    }
    user_parse_session(&session, text);
    /* Greeters, lock screens and managers are no users. */
    if (!sondei_span_starts_with(session.kind, "user") || sondei_span_equals(session.state, "closing")) continue;
    status = user_fill_session(env, state, out, &session);
    if (status != SONDE_OK) return status;
  }
}

/* For systems without utmp, which cannot tell times after 2038. */
static sonde_status user_list_of_logind(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out) {
  static const char directory[] = "/run/systemd/sessions";
  struct linux_walk walk;
  sonde_status status =
      sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->rootfs), directory);
  if (status != SONDE_OK) return status;
  status = user_add_sessions(env, state, out, &walk, directory);
  sondei_linux_walk_close(state, &walk);
  return status;
}

static sonde_status user_list(struct sonde_env *env, void *opaque, struct sonde_fill *out) {
  struct linux_state *const state = opaque;
  sonde_status status = user_list_of_utmp(env, state, out, "/run/utmp");
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  status = user_list_of_utmp(env, state, out, "/var/run/utmp");
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  status = user_list_of_logind(env, state, out);
  if (status == SONDE_OK || !sondei_linux_is_missing(env)) return status;
  static const char subject[] = "/run/utmp";
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, ENOENT, "ENOENT", "open", subject, sizeof subject - 1);
}

const struct sonde_host_ops sondei_linux_host_ops = {
    .info = host_info,
    .times = host_times,
    .user_list = user_list,
};
