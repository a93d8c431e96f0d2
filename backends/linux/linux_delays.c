/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_delays.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>

#include "core/parse/linux_genetlink.h"
#include "core/parse/linux_netlink.h"

enum {
  ANSWER_SIZE = 8192, /* the largest is under 1 KiB */
  ATTRIBUTE_MAX = 16
};

/* One request and its answer: its payload, in state->text. */
static int delays_exchange(struct sonde_env *env, struct linux_state *state, struct linux_delays *delays,
                           sondei_span *out, uint16_t type, uint8_t command, uint16_t attribute, const void *value,
                           size_t value_len, sondei_parse_error *err, const char **operation) {
  struct {
    struct nlmsghdr header;
    uint8_t command[SONDEI_GENETLINK_HEADER];
    struct nlattr attribute;
    char value[ATTRIBUTE_MAX];
  } request;
  memset(&request, 0, sizeof request);
  const size_t len = sizeof request.attribute + value_len;
  request.header.nlmsg_len = (uint32_t)(sizeof request.header + sizeof request.command + (len + 3) / 4 * 4);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST;
  request.header.nlmsg_seq = ++delays->sequence;
  request.command[0] = command;
  request.command[1] = 1; /* version */
  request.attribute.nla_len = (uint16_t)len;
  request.attribute.nla_type = attribute;
  memcpy(request.value, value, value_len);
  struct sockaddr_nl kernel;
  memset(&kernel, 0, sizeof kernel);
  kernel.nl_family = AF_NETLINK;
  *operation = "sendto";
  ssize_t count = 0;
  do {
    count = state->os->sendto(delays->fd, &request, request.header.nlmsg_len, 0, (const struct sockaddr *)&kernel,
                              sizeof kernel);
  } while (count < 0 && errno == EINTR);
  if (count < 0) return errno;
  if (sonde_env_grow(env, &state->text, ANSWER_SIZE) != SONDE_OK) return ENOMEM;
  for (;;) {
    *operation = "recv";
    do {
      count = state->os->recv(delays->fd, state->text.data, state->text.capacity, MSG_DONTWAIT | MSG_TRUNC);
    } while (count < 0 && errno == EINTR);
    if (count < 0) return errno;
    if (count == 0) return EIO; /* an end that is none of netlink's */
    if ((size_t)count > state->text.capacity) return EOVERFLOW;
    *operation = "netlink";
    sondei_span rest = sondei_span_of(state->text.data, (size_t)count);
    struct sondei_linux_netlink_message message;
    while (sondei_linux_next_netlink_message(&message, err, &rest)) {
      if (message.sequence != delays->sequence) continue;
      *out = message.payload;
      if (message.type != SONDEI_NETLINK_ERROR) return 0;
      const int code = sondei_linux_netlink_errno(message.payload);
      return code > 0 ? code : EIO;
    }
    if (err->expected != NULL) return EBADMSG;
  }
}

/* Before 5.14 there is no such file, and everything is counted, unless the machine was started otherwise: then nothing
 * is, and that shows. */
static int delays_find_setting(struct sonde_env *env, struct linux_state *state, struct linux_delays *delays,
                               const char **operation) {
  const char *path = NULL;
  sondei_span text;
  uint64_t is_on = 1;
  if (sondei_linux_path(env, state, &path, env->procfs, "/sys/kernel/task_delayacct", NULL, NULL) != SONDE_OK) {
    return ENOMEM;
  }
  const int code = sondei_linux_try_read(env, state, &text, &state->text, AT_FDCWD, path, LINUX_ONE_RECORD, operation);
  if (sondei_linux_code_is_exhaustion(code)) return code;
  delays->counts_cpu_only = code == 0 && sondei_span_whole_u64(text, &is_on) && is_on == 0;
  return 0;
}

static int delays_open(struct sonde_env *env, struct linux_state *state, struct linux_delays *delays,
                       sondei_parse_error *err, const char **operation) {
  static const char name[] = "TASKSTATS";
  int code = delays_find_setting(env, state, delays, operation);
  if (code != 0) return code;
  *operation = "socket";
  delays->fd = state->os->socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  if (delays->fd < 0) {
    code = errno;
    return code == EAFNOSUPPORT || code == EPROTONOSUPPORT || code == ENOSYS ? ENOENT : code;
  }
  sondei_span answer = sondei_span_of(NULL, 0);
  code = delays_exchange(env, state, delays, &answer, SONDEI_GENETLINK_CONTROLLER, SONDEI_GENETLINK_GET_FAMILY,
                         SONDEI_GENETLINK_FAMILY_NAME, name, sizeof name, err, operation);
  if (code == 0 && sondei_linux_parse_genetlink_family(&delays->family, err, answer) != SONDE_OK) code = EBADMSG;
  return code;
}

int sondei_linux_delays_ask(struct sonde_env *env, struct linux_state *state, struct linux_delays *delays,
                            sonde_process_delays *out, sonde_pid pid, sondei_parse_error *err, const char **operation) {
  err->position = 0;
  err->expected = NULL;
  if (!delays->is_open) {
    delays->fd = -1;
    delays->is_open = true;
    delays->code = delays_open(env, state, delays, err, operation);
  }
  if (delays->code != 0) {
    if (delays->code == EBADMSG && err->expected == NULL) err->expected = "the family TASKSTATS";
    *operation = "netlink generic";
    return delays->code;
  }
  sondei_span answer = sondei_span_of(NULL, 0);
  struct sondei_linux_taskstats stats;
  const uint32_t id = (uint32_t)pid;
  const int code = delays_exchange(env, state, delays, &answer, delays->family, SONDEI_TASKSTATS_GET,
                                   SONDEI_TASKSTATS_ATTRIBUTE_TGID, &id, sizeof id, err, operation);
  if (code != 0) return code;
  if (sondei_linux_parse_taskstats(&stats, err, answer) != SONDE_OK) return EBADMSG;
  if (!stats.is_group || stats.pid != id) {
    err->expected = "statistics of the process";
    return EBADMSG;
  }
  *out = stats.delays;
  if (delays->counts_cpu_only) {
    memset(out, 0, sizeof *out);
    out->valid = stats.delays.valid & SONDE_DELAYS_CPU;
    out->cpu_count = stats.delays.cpu_count;
    out->cpu_total = stats.delays.cpu_total;
  }
  return 0;
}

void sondei_linux_delays_close(struct linux_state *state, struct linux_delays *delays) {
  if (delays->is_open && delays->fd >= 0) state->os->close(delays->fd);
  delays->is_open = false;
}
