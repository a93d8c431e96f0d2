/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_dump.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <string.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_helper.h"

enum {
  RECEIVE_SIZE = 65536, /* the kernel makes no datagram over 32 KiB */
  BODY_MAX = 64,
  LOSSES_MAX = 16
};

static sonde_status linux_dump_fail(struct sonde_env *env, int code, const char *operation,
                                    const struct linux_dump *dump) {
  const struct linux_place place = {AT_FDCWD, dump->what};
  return sondei_linux_fail(env, code, operation, place, "");
}

static void linux_dump_begin(struct linux_dump *out, const char *what) {
  memset(out, 0, sizeof *out);
  out->fd = -1;
  out->what = what;
}

static sonde_status linux_dump_fail_open(struct sonde_env *env, int code, const char *operation,
                                         const struct linux_dump *dump) {
  if (code != EAFNOSUPPORT && code != EPROTONOSUPPORT && code != ENOSYS) {
    return linux_dump_fail(env, code, operation, dump);
  }
  return sonde_env_fail(env, SONDE_ERR_UNSUPPORTED, code, sondei_linux_errno_name(code), operation, dump->what,
                        strlen(dump->what));
}

sonde_status sondei_linux_dump_open(struct sonde_env *env, struct linux_state *state, struct linux_dump *out,
                                    int protocol, const char *what) {
  linux_dump_begin(out, what);
  out->fd = state->os->socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
  return out->fd >= 0 ? SONDE_OK : linux_dump_fail_open(env, errno, "socket", out);
}

sonde_status sondei_linux_dump_open_in(struct sonde_env *env, struct linux_state *state, struct linux_dump *out,
                                       int protocol, const char *what, int ns) {
  const char *operation = NULL;
  linux_dump_begin(out, what);
  const int code =
      sondei_linux_socket_in(state->os, &out->fd, ns, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol, &operation);
  return code == 0 ? SONDE_OK : linux_dump_fail_open(env, code, operation, out);
}

void sondei_linux_dump_close(struct linux_state *state, struct linux_dump *dump) {
  if (dump->fd >= 0) state->os->close(dump->fd);
  dump->fd = -1;
}

sonde_status sondei_linux_dump_ask(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                   uint16_t type, const void *body, size_t body_len) {
  struct {
    struct nlmsghdr header;
    unsigned char body[BODY_MAX];
  } request;
  memset(&request, 0, sizeof request);
  dump->sequence++;
  dump->is_interrupted = false;
  dump->at_end = false;
  dump->losses = 0;
  dump->rest = sondei_span_of(NULL, 0);
  request.header.nlmsg_len = (uint32_t)(sizeof request.header + body_len);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.header.nlmsg_seq = dump->sequence;
  memcpy(request.body, body, body_len);
  struct sockaddr_nl kernel;
  memset(&kernel, 0, sizeof kernel);
  kernel.nl_family = AF_NETLINK;
  ssize_t sent = 0;
  do {
    sent = state->os->sendto(dump->fd, &request, request.header.nlmsg_len, 0, (const struct sockaddr *)&kernel,
                             sizeof kernel);
  } while (sent < 0 && errno == EINTR);
  return sent < 0 ? linux_dump_fail(env, errno, "sendto", dump) : SONDE_OK;
}

static sonde_status linux_dump_receive(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump) {
  const sonde_status status = sonde_env_grow(env, &state->text, RECEIVE_SIZE);
  if (status != SONDE_OK) return status;
  for (;;) {
    struct sockaddr_nl from;
    socklen_t from_len = sizeof from;
    memset(&from, 0, sizeof from);
    const ssize_t got = state->os->recvfrom(dump->fd, state->text.data, state->text.capacity, MSG_DONTWAIT | MSG_TRUNC,
                                            (struct sockaddr *)&from, &from_len);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == ENOBUFS && dump->losses < LOSSES_MAX) {
      dump->losses++;
      dump->is_interrupted = true;
      continue;
    }
    if (got < 0) return linux_dump_fail(env, errno, "recvfrom", dump);
    if (from_len != sizeof from || from.nl_pid != 0) continue;        /* a process sent it */
    if (got == 0) return linux_dump_fail(env, EIO, "recvfrom", dump); /* an end that is none of netlink's */
    if ((size_t)got > state->text.capacity) return linux_dump_fail(env, EOVERFLOW, "recvfrom", dump);
    dump->rest = sondei_span_of(state->text.data, (size_t)got);
    return SONDE_OK;
  }
}

sonde_status sondei_linux_dump_next(struct sonde_env *env, struct linux_state *state, struct linux_dump *dump,
                                    struct sondei_linux_netlink_message *out, bool *out_end) {
  for (;;) {
    if (dump->rest.len == 0) {
      const sonde_status status = linux_dump_receive(env, state, dump);
      if (status != SONDE_OK) return status;
    }
    sondei_parse_error err;
    struct sondei_linux_netlink_message message;
    if (!sondei_linux_next_netlink_message(&message, &err, &dump->rest)) {
      return sonde_env_fail_parse(env, err.expected, err.position, dump->what, strlen(dump->what));
    }
    if (message.sequence != dump->sequence) continue;
    if ((message.flags & SONDEI_NETLINK_DUMP_INTERRUPTED) != 0) dump->is_interrupted = true;
    *out_end = message.type == SONDEI_NETLINK_DONE;
    if (*out_end || message.type == SONDEI_NETLINK_ERROR) {
      const int code = sondei_linux_netlink_errno(message.payload);
      dump->at_end = *out_end || code != 0;
      if (code != 0) return linux_dump_fail(env, code > 0 ? code : EIO, "netlink", dump);
      if (*out_end) return SONDE_OK;
      continue;
    }
    *out = message;
    return SONDE_OK;
  }
}
