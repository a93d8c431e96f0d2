/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/resource.h>

#include "core/parse/linux_cpulist.h"
#include "core/parse/linux_pid_stat.h"
#include "core/parse/linux_pid_status.h"

#ifndef IOPRIO_WHO_PROCESS
#define IOPRIO_WHO_PROCESS 1
#endif
/* Not in every C library's <sys/wait.h>; an enumerator there, so that it cannot be asked for. */
#define LINUX_P_PIDFD ((idtype_t)3)

/* A call that is not the process's fault: its status, or SONDE_ERR_INVALID for a value that the kernel refuses. */
static sonde_status fail_action(struct sonde_env *env, struct linux_state *state,
                                const struct linux_process_opened *opened, sonde_pid pid, int code,
                                const char *operation) {
  const sonde_status status = sondei_linux_process_fail(env, state, opened->dir, pid, code, operation, "");
  if (code == EINVAL) {
    return sonde_env_fail(env, SONDE_ERR_INVALID, code, sondei_linux_errno_name(code), operation, "", 0);
  }
  return status;
}

static sonde_status fail_unsupported(struct sonde_env *env) {
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "reach a process of a recorded machine", "", 0);
}

/* Begins an action by pid: the process is there. */
static sonde_status begin_action(struct sonde_env *env, struct linux_state *state, struct linux_process_opened *out,
                                 const struct sonde_process_ref *ref) {
  if (!env->live) return fail_unsupported(env);
  const sonde_status status = sondei_linux_process_enter(env, state, out, ref);
  if (status != SONDE_OK) return status;
  if (out->own.is_foreign) {
    sondei_linux_process_leave(state, out);
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "reach a process of another pid namespace", "", 0);
  }
  int code = 0;
  if (sondei_linux_process_is_there(state, out->dir, &code) && code == 0) return SONDE_OK;
  const sonde_status failure =
      sondei_linux_process_fail(env, state, out->dir, ref->pid, code == 0 ? ESRCH : code, "fstatat", "stat");
  sondei_linux_process_leave(state, out);
  return failure;
}

/* Ends an action by pid that returned `result`: when the process has its pid still, nobody else had it meanwhile.
 * Otherwise the kernel may have applied the call to a new owner of the pid: there is no call that takes a pidfd. */
static sonde_status end_action(struct sonde_env *env, struct linux_state *state, struct linux_process_opened *opened,
                               const struct sonde_process_ref *ref, int result, const char *operation) {
  const int code = result < 0 ? errno : 0;
  int there_code = 0;
  sonde_status status = SONDE_OK;
  if (code != 0) {
    status = fail_action(env, state, opened, ref->pid, code, operation);
  } else if (!sondei_linux_process_is_there(state, opened->dir, &there_code)) {
    status = sondei_linux_process_fail(env, state, opened->dir, ref->pid, ESRCH, operation, "");
  }
  sondei_linux_process_leave(state, opened);
  return status;
}

sonde_status sondei_linux_signal(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                 int signal_number) {
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  const char *operation = "pidfd_send_signal";
  int result = -1;
  if (opened.pidfd >= 0) {
    result = state->os->pidfd_send_signal(opened.pidfd, signal_number);
  }
  if (opened.pidfd < 0 || (result < 0 && errno == ENOSYS)) {
    operation = "kill"; /* microseconds after the process was seen to be there */
    result = state->os->kill((pid_t)ref->pid, signal_number);
  }
  if (result < 0) status = fail_action(env, state, &opened, ref->pid, errno, operation);
  sondei_linux_process_leave(state, &opened);
  return status;
}

sonde_status sondei_linux_suspend(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  return sondei_linux_signal(env, opaque, ref, SIGSTOP);
}

sonde_status sondei_linux_resume(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  return sondei_linux_signal(env, opaque, ref, SIGCONT);
}

sonde_status sondei_linux_terminate(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  return sondei_linux_signal(env, opaque, ref, SIGTERM);
}

sonde_status sondei_linux_kill(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref) {
  return sondei_linux_signal(env, opaque, ref, SIGKILL);
}

sonde_status sondei_linux_set_nice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref, int nice) {
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  /* The kernel would take the nearest value that it knows. */
  if (nice < -20 || nice > 19) return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "setpriority", "", 0);
  const sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  const int result = state->os->setpriority(PRIO_PROCESS, (int)ref->pid, nice);
  return end_action(env, state, &opened, ref, result, "setpriority");
}

sonde_status sondei_linux_set_ionice(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                     int ionice_class, int ionice_value) {
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  if (ionice_class < 0 || ionice_class > 3 || ionice_value < 0 || ionice_value > 7) {
    return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "ioprio_set", "", 0);
  }
  const sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  const int result =
      state->os->ioprio_set(IOPRIO_WHO_PROCESS, (int)ref->pid, (int)((unsigned)ionice_class << 13) | ionice_value);
  return end_action(env, state, &opened, ref, result, "ioprio_set");
}

sonde_status sondei_linux_set_limit(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                    const sonde_limit *limit) {
  static const int resources[] = {
      [SONDE_LIMIT_CPU] = RLIMIT_CPU,           [SONDE_LIMIT_FSIZE] = RLIMIT_FSIZE,
      [SONDE_LIMIT_DATA] = RLIMIT_DATA,         [SONDE_LIMIT_STACK] = RLIMIT_STACK,
      [SONDE_LIMIT_CORE] = RLIMIT_CORE,         [SONDE_LIMIT_RSS] = RLIMIT_RSS,
      [SONDE_LIMIT_NPROC] = RLIMIT_NPROC,       [SONDE_LIMIT_NOFILE] = RLIMIT_NOFILE,
      [SONDE_LIMIT_MEMLOCK] = RLIMIT_MEMLOCK,   [SONDE_LIMIT_AS] = RLIMIT_AS,
      [SONDE_LIMIT_LOCKS] = RLIMIT_LOCKS,       [SONDE_LIMIT_SIGPENDING] = RLIMIT_SIGPENDING,
      [SONDE_LIMIT_MSGQUEUE] = RLIMIT_MSGQUEUE, [SONDE_LIMIT_NICE] = RLIMIT_NICE,
      [SONDE_LIMIT_RTPRIO] = RLIMIT_RTPRIO,     [SONDE_LIMIT_RTTIME] = RLIMIT_RTTIME,
  };
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  if ((size_t)limit->kind >= sizeof resources / sizeof resources[0]) {
    return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "prlimit64", "", 0);
  }
  const sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  const struct linux_rlimit set = {limit->soft, limit->hard};
  const int result = state->os->prlimit64((pid_t)ref->pid, resources[limit->kind], &set, NULL);
  return end_action(env, state, &opened, ref, result, "prlimit64");
}

/* ---- Affinity -----------------------------------------------------------------------------------------------------
 */

enum {
  AFFINITY_FIRST = 128,       /* bytes: 1,024 CPUs */
  AFFINITY_LARGEST = 1 << 20, /* 8 million CPUs: the kernel is not asked for ever */
  BITS_PER_WORD = CHAR_BIT * sizeof(unsigned long)
};

/* Of a recorded machine, or another pid namespace: as status tells it. */
static sonde_status affinity_of_status(struct sonde_env *env, struct linux_state *state, struct sonde_fill *out,
                                       const struct sonde_process_ref *ref) {
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  sonde_status status = sondei_linux_process_enter(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  sondei_span text;
  const char *operation = NULL;
  const int code =
      sondei_linux_try_read(env, state, &text, &state->text, opened.dir, "status", LINUX_ONE_RECORD, &operation);
  if (code != 0) {
    status = sondei_linux_process_fail(env, state, opened.dir, ref->pid, code, operation, "status");
    goto done;
  }
  struct sondei_linux_pid_status from;
  struct sondei_linux_cpulist list;
  sondei_parse_error err;
  if (sondei_linux_parse_pid_status(&from, &err, text) != SONDE_OK) {
    status = sondei_linux_process_fail_parse(env, &err, ref->pid, "status");
    goto done;
  }
  if ((from.valid & SONDEI_LINUX_STATUS_CPUS_ALLOWED_LIST) == 0) {
    status = sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, 0, NULL, "find Cpus_allowed_list", "", 0);
    goto done;
  }
  if (sondei_linux_parse_cpulist(&list, &err, from.cpus_allowed_list) != SONDE_OK) {
    status = sondei_linux_process_fail_parse(env, &err, ref->pid, "status");
    goto done;
  }
  struct sondei_linux_cpu_range range;
  while (sondei_linux_next_cpu_range(&range, &err, &from.cpus_allowed_list)) {
    for (uint64_t cpu = range.first; cpu <= range.last; cpu++) {
      uint32_t *const row = sonde_fill_row(out);
      if (row == NULL) {
        status = SONDE_ERR_NO_MEMORY;
        goto done;
      }
      *row = (uint32_t)cpu;
    }
  }
  status = SONDE_OK;
done:
  sondei_linux_process_leave(state, &opened);
  return status;
}

/* The mask of a process, in state->entries; its bytes, or -1 and errno. A mask that is smaller than the kernel's own is
 * EINVAL. */
static int read_mask(struct sonde_env *env, struct linux_state *state, sonde_pid pid) {
  for (size_t size = AFFINITY_FIRST; size <= AFFINITY_LARGEST; size *= 2) {
    if (sonde_env_grow(env, &state->entries, size) != SONDE_OK) {
      errno = ENOMEM;
      return -1;
    }
    const int result = state->os->sched_getaffinity((pid_t)pid, size, state->entries.data);
    if (result >= 0 || errno != EINVAL) return result;
  }
  return -1;
}

sonde_status sondei_linux_affinity(struct sonde_env *env, void *opaque, struct sonde_fill *out,
                                   struct sonde_process_ref *ref) {
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  const struct linux_process_own *const own = ref->own;
  if (!env->live || (own != NULL && own->is_foreign)) return affinity_of_status(env, state, out, ref);
  sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  const int result = read_mask(env, state, ref->pid);
  const size_t bytes = result > 0 ? (size_t)result : 0;
  status = end_action(env, state, &opened, ref, result, "sched_getaffinity");
  for (size_t i = 0; status == SONDE_OK && (i + 1) * sizeof(unsigned long) <= bytes; i++) {
    unsigned long word = 0;
    memcpy(&word, state->entries.data + i * sizeof word, sizeof word);
    for (size_t bit = 0; bit < BITS_PER_WORD; bit++) {
      if ((word >> bit & 1) == 0) continue;
      uint32_t *const row = sonde_fill_row(out);
      if (row == NULL) return SONDE_ERR_NO_MEMORY;
      *row = (uint32_t)(i * BITS_PER_WORD + bit);
    }
  }
  return status;
}

sonde_status sondei_linux_set_affinity(struct sonde_env *env, void *opaque, struct sonde_process_ref *ref,
                                       const uint32_t *cpus, size_t num_cpus) {
  struct linux_state *const state = opaque;
  struct linux_process_opened opened = {.dir = -1, .pidfd = -1};
  sonde_status status = begin_action(env, state, &opened, ref);
  if (status != SONDE_OK) return status;
  /* As long as the kernel's own masks: it would pass over CPUs beyond that without a word. */
  int result = read_mask(env, state, ref->pid);
  if (result < 0) return end_action(env, state, &opened, ref, result, "sched_getaffinity");
  const size_t size = (size_t)result / sizeof(unsigned long) * sizeof(unsigned long);
  memset(state->entries.data, 0, size);
  for (size_t i = 0; i < num_cpus; i++) {
    if (cpus[i] / CHAR_BIT >= size) {
      char number[LINUX_PROCESS_PATH];
      const size_t len = sondei_linux_decimal(number, cpus[i]);
      sondei_linux_process_leave(state, &opened);
      return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "find CPU", number, len);
    }
    char *const at = state->entries.data + cpus[i] / BITS_PER_WORD * sizeof(unsigned long);
    unsigned long word = 0;
    memcpy(&word, at, sizeof word);
    word |= 1UL << cpus[i] % BITS_PER_WORD;
    memcpy(at, &word, sizeof word);
  }
  result = state->os->sched_setaffinity((pid_t)ref->pid, size, state->entries.data);
  return end_action(env, state, &opened, ref, result, "sched_setaffinity");
}

/* ---- Waiting ------------------------------------------------------------------------------------------------------
 */

static sonde_status fail_waiting(struct sonde_env *env, int code, const char *operation) {
  const struct linux_place nowhere = {-1, ""};
  return sondei_linux_fail(env, code, operation, nowhere, "");
}

static sonde_status now_of(struct sonde_env *env, struct linux_state *state, uint64_t *out) {
  struct timespec now;
  if (state->os->clock_gettime(CLOCK_MONOTONIC, &now) != 0) return fail_waiting(env, errno, "clock_gettime");
  *out = (uint64_t)now.tv_sec * SONDE_NSEC_PER_SEC + (uint64_t)now.tv_nsec;
  return SONDE_OK;
}

/* What is being waited for. */
struct linux_wait {
  struct sonde_env *env;
  struct linux_state *state;
  struct sonde_process_ref *const *refs;
  size_t count;
  bool *ended;
  sonde_exit *exits;
  size_t num_ended;  /* in this call */
  size_t num_pidfds; /* of those that have not ended, in the array that poll takes */
  size_t num_others; /* those without */
};

/* Whether it has ended. A zombie whose other threads run on has not: its main thread has. */
static bool has_ended(struct linux_wait *w, int dir, bool *is_zombie) {
  sondei_span text;
  const char *operation = NULL;
  struct sondei_linux_pid_stat stat;
  int unused = 0;
  *is_zombie = false;
  const int code =
      sondei_linux_try_read(w->env, w->state, &text, &w->state->text, dir, "stat", LINUX_ONE_RECORD, &operation);
  if (code != 0 || sondei_linux_parse_pid_stat(&stat, NULL, text) != SONDE_OK) {
    return !sondei_linux_process_is_there(w->state, dir, &unused);
  }
  *is_zombie = sondei_linux_process_state(stat.state) == SONDE_PROCESS_STATE_ZOMBIE && stat.num_threads <= 1;
  return *is_zombie;
}

/* Takes the exit of a child that has ended; what is no child, or is reaped by somebody else, tells nothing. */
static void reap(struct sonde_env *env, struct linux_state *state, const struct linux_process_own *own, sonde_pid pid,
                 bool is_zombie, sonde_exit *out) {
  siginfo_t info;
  int result = -1;
  int code = 0;
  memset(out, 0, sizeof *out);
  memset(&info, 0, sizeof info);
  if (own->pidfd_plus_1 > 0) {
    result = state->os->waitid(LINUX_P_PIDFD, (id_t)(own->pidfd_plus_1 - 1), &info, WEXITED | WNOHANG);
    code = result < 0 ? errno : 0;
  }
  /* EINVAL: Linux 5.3 */
  if (result < 0 && (code == 0 || code == EINVAL) && is_zombie) {
    result = state->os->waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG);
    code = result < 0 ? errno : 0;
  }
  if (code != 0 && code != ECHILD) fail_waiting(env, code, "waitid");
  if (result < 0 || info.si_pid == 0) return;
  if (info.si_code == CLD_EXITED) {
    out->valid = SONDE_EXIT_CODE;
    out->code = info.si_status;
  } else if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED) {
    out->valid = SONDE_EXIT_SIGNAL;
    out->signal_number = info.si_status;
    out->core_dumped = info.si_code == CLD_DUMPED;
  }
}

/* Looks at the processes without pidfd, and writes the array for those with one. */
static sonde_status look(struct linux_wait *w) {
  struct linux_state *const state = w->state;
  if (w->count > SIZE_MAX / sizeof(struct pollfd)) return SONDE_ERR_NO_MEMORY;
  const sonde_status status = sonde_env_grow(w->env, &state->entries, w->count * sizeof(struct pollfd));
  if (status != SONDE_OK) return status;
  w->num_pidfds = w->num_others = 0;
  for (size_t i = 0; i < w->count; i++) {
    const struct linux_process_own *const own = w->refs[i]->own;
    if (w->ended[i]) continue;
    if (own->pidfd_plus_1 > 0) {
      const struct pollfd entry = {own->pidfd_plus_1 - 1, POLLIN, 0};
      memcpy(state->entries.data + w->num_pidfds++ * sizeof entry, &entry, sizeof entry);
      continue;
    }
    bool is_zombie = false;
    if (has_ended(w, own->dir_plus_1 - 1, &is_zombie)) {
      reap(w->env, state, own, w->refs[i]->pid, is_zombie && !own->is_foreign, &w->exits[i]);
      w->ended[i] = true;
      w->num_ended++;
    } else {
      w->num_others++;
    }
  }
  return SONDE_OK;
}

/* Books those that poll found to have ended. */
static sonde_status take(struct linux_wait *w) {
  size_t at = 0;
  for (size_t i = 0; i < w->count; i++) {
    const struct linux_process_own *const own = w->refs[i]->own;
    if (w->ended[i] || own->pidfd_plus_1 == 0) continue;
    struct pollfd entry;
    memcpy(&entry, w->state->entries.data + at++ * sizeof entry, sizeof entry);
    if (entry.revents & POLLNVAL) {
      return sonde_env_fail(w->env, SONDE_ERR_OS, EBADF, sondei_linux_errno_name(EBADF), "poll", "", 0);
    }
    if (entry.revents == 0) continue;
    reap(w->env, w->state, own, w->refs[i]->pid, true, &w->exits[i]);
    w->ended[i] = true;
    w->num_ended++;
  }
  return SONDE_OK;
}

/* Waits for the pidfds, at most pause ns; without any it sleeps. */
static sonde_status pause_for(struct linux_wait *w, uint64_t pause) {
  struct linux_state *const state = w->state;
  if (w->num_pidfds == 0) {
    const struct timespec duration = {(time_t)(pause / SONDE_NSEC_PER_SEC), (long)(pause % SONDE_NSEC_PER_SEC)};
    if (pause > 0) state->os->nanosleep(&duration);
    return SONDE_OK;
  }
  const uint64_t rounded = pause / 1000000 + (pause % 1000000 != 0);
  const int timeout_ms = pause == SONDE_NO_TIMEOUT ? -1 : rounded > INT_MAX ? INT_MAX : (int)rounded;
  void *const array = state->entries.data;
  const int result = state->os->poll(array, (nfds_t)w->num_pidfds, timeout_ms);
  if (result > 0) return take(w);
  if (result == 0 || errno == EINTR) return SONDE_OK;
  return fail_waiting(w->env, errno, "poll");
}

sonde_status sondei_linux_wait(struct sonde_env *env, void *opaque, struct sonde_process_ref *const *refs, size_t count,
                               bool *ended, sonde_exit *exits, uint64_t timeout) {
  static const uint64_t first_interval = 1000000;
  static const uint64_t last_interval = 40000000;
  struct linux_wait w = {env, opaque, refs, count, ended, exits, 0, 0, 0};
  if (!env->live) return fail_unsupported(env);
  for (size_t i = 0; i < count; i++) {
    if (refs[i]->own == NULL) return fail_unsupported(env);
  }
  uint64_t now = 0;
  sonde_status status = now_of(env, w.state, &now);
  if (status != SONDE_OK) return status;
  const uint64_t deadline = timeout > UINT64_MAX - now ? SONDE_NO_TIMEOUT : now + timeout;
  uint64_t interval = first_interval;
  for (;;) {
    status = look(&w);
    if (status != SONDE_OK) return status;
    if (w.num_pidfds == 0 && w.num_others == 0) return SONDE_OK;
    uint64_t pause = deadline == SONDE_NO_TIMEOUT ? SONDE_NO_TIMEOUT : deadline > now ? deadline - now : 0;
    const bool is_last = pause == 0;
    if (w.num_others > 0 && pause > interval) {
      pause = interval;
      interval = interval * 2 > last_interval ? last_interval : interval * 2;
    }
    if (w.num_ended > 0) pause = 0; /* those with a pidfd that have ended as well are told, too */
    status = pause_for(&w, pause);
    if (status != SONDE_OK) return status;
    if (w.num_ended > 0) return SONDE_OK;
    if (is_last) return sonde_env_fail(env, SONDE_ERR_TIMEOUT, 0, NULL, "wait", "", 0);
    status = now_of(env, w.state, &now);
    if (status != SONDE_OK) return status;
  }
}
