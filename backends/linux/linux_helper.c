/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_helper.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

int sondei_linux_start_helper(const struct linux_os *os, pid_t *out, void (*work)(const struct linux_os *os, void *),
                              void *argument, const char **operation) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  *operation = "sigprocmask";
  if (os->sigprocmask(SIG_SETMASK, &all, &before) != 0) return errno;
  *operation = "clone";
  const pid_t pid = os->fork();
  if (pid == 0) {
    work(os, argument);
    os->exit_now(0);
  }
  const int code = pid < 0 ? errno : 0;
  os->sigprocmask(SIG_SETMASK, &before, NULL);
  *out = pid;
  return code;
}

/* ---- A socket of another namespace --------------------------------------------------------------------------------
 */

enum {
  STEP_SETNS = 0, /* what failed, in the answer */
  STEP_SOCKET = 1
};

struct linux_socket_errand {
  int ns;
  int domain;
  int type;
  int protocol;
  int reply; /* where the answer goes */
};

struct linux_socket_answer {
  int code; /* 0: the socket comes along; else errno */
  int step;
};

/* Room for one descriptor in a message, aligned as the headers demand. */
union linux_socket_control {
  struct cmsghdr header;
  char bytes[CMSG_SPACE(sizeof(int))];
};

static void linux_socket_message(struct msghdr *out, struct iovec *part, struct linux_socket_answer *answer,
                                 union linux_socket_control *control) {
  memset(out, 0, sizeof *out);
  memset(control, 0, sizeof *control);
  part->iov_base = answer;
  part->iov_len = sizeof *answer;
  out->msg_iov = part;
  out->msg_iovlen = 1;
  out->msg_control = control->bytes;
  out->msg_controllen = sizeof control->bytes;
}

/* In the helper. */
static void linux_socket_errand_run(const struct linux_os *os, void *argument) {
  const struct linux_socket_errand *const errand = argument;
  struct linux_socket_answer answer = {0, STEP_SETNS};
  union linux_socket_control control;
  struct msghdr message;
  struct iovec part;
  int fd = -1;
  linux_socket_message(&message, &part, &answer, &control);
  if (os->setns(errand->ns, CLONE_NEWNET) != 0) {
    answer.code = errno;
  } else {
    answer.step = STEP_SOCKET;
    fd = os->socket(errand->domain, errand->type, errand->protocol);
    if (fd < 0) answer.code = errno;
  }
  if (fd < 0) {
    message.msg_control = NULL;
    message.msg_controllen = 0;
  } else {
    struct cmsghdr *const header = &control.header; /* where CMSG_FIRSTHDR points, which may be NULL in gcc's eyes */
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  while (os->sendmsg(errand->reply, &message, MSG_NOSIGNAL) < 0 && errno == EINTR) continue;
}

/* The helper's answer: 0 and its socket, or an errno. */
static int linux_socket_receive(const struct linux_os *os, int *out, int from, const char **operation) {
  struct linux_socket_answer answer = {0, STEP_SETNS};
  union linux_socket_control control;
  struct msghdr message;
  struct iovec part;
  ssize_t got = 0;
  linux_socket_message(&message, &part, &answer, &control);
  *operation = "recvmsg";
  do {
    got = os->recvmsg(from, &message, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return errno;
  if ((size_t)got != sizeof answer) return EIO;           /* it was killed */
  struct cmsghdr *const header = CMSG_FIRSTHDR(&message); /* not const: for the CMSG_DATA of musl */
  if (header != NULL && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
      header->cmsg_len == CMSG_LEN(sizeof *out)) {
    memcpy(out, CMSG_DATA(header), sizeof *out);
    return 0;
  }
  if (answer.code == 0) return EMFILE; /* there was no room in our table for what it sent */
  *operation = answer.step == STEP_SETNS ? "setns" : "socket";
  return answer.code;
}

int sondei_linux_socket_in(const struct linux_os *os, int *out, int ns, int domain, int type, int protocol,
                           const char **operation) {
  int ends[2] = {-1, -1};
  pid_t pid = -1;
  *operation = "socketpair";
  /* Datagrams: the answer comes in one piece. With SOCK_SEQPACKET a helper that dies ends the wait. */
  if (os->socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
  struct linux_socket_errand errand = {ns, domain, type, protocol, ends[1]};
  int code = sondei_linux_start_helper(os, &pid, linux_socket_errand_run, &errand, operation);
  os->close(ends[1]);
  if (code == 0) {
    code = linux_socket_receive(os, out, ends[0], operation);
    /* It has answered, and only ends; or it is of no use any more. */
    os->kill(pid, SIGKILL);
    while (os->waitpid(pid, NULL, __WALL) < 0 && errno == EINTR) continue;
  }
  os->close(ends[0]);
  return code;
}
