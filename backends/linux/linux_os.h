/* SPDX-License-Identifier: MIT */
/*
 * linux_os.h - every call that the Linux backend makes to the OS.
 *
 * The list is also the list for a sandbox policy. A test puts another table in its place with sonde_options.os_override
 * (backend "linux"): each call can then be made to fail, or a machine be made up.
 *
 * Each member is the system call of that name, with the C library's convention: -1 and errno on failure. Members whose
 * names are followed by "(C library)" are no system calls.
 */
#ifndef SONDE_BACKENDS_LINUX_LINUX_OS_H
#define SONDE_BACKENDS_LINUX_LINUX_OS_H

/* Before any header of the system: this one is to be included first. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#ifndef _FILE_OFFSET_BITS
#define _FILE_OFFSET_BITS 64
#endif

#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>

/* As the kernel has it, on 32-bit systems too. UINT64_MAX: unlimited. */
struct linux_rlimit {
  uint64_t soft;
  uint64_t hard;
};

struct linux_os {
  /* Files. All flags hold O_CLOEXEC. */
  int (*openat)(int dirfd, const char *path, int flags);
  ssize_t (*read)(int fd, void *buffer, size_t size);
  ssize_t (*write)(int fd, const void *buffer, size_t size);
  int (*close)(int fd);
  ssize_t (*readlinkat)(int dirfd, const char *path, char *buffer, size_t size);
  ssize_t (*getdents64)(int fd, void *buffer, size_t size);
  int (*fstatat)(int dirfd, const char *path, struct stat *out, int flags);
  int (*statvfs)(const char *path, struct statvfs *out);

  /* The machine. */
  int (*uname)(struct utsname *out);
  int (*clock_gettime)(clockid_t clock, struct timespec *out);
  long (*sysconf)(int name); /* (C library) page size and tick rate, from the auxiliary vector */
  int (*sched_getaffinity)(pid_t pid, size_t size, void *mask); /* the raw call: returns the bytes written */
  int (*sched_setaffinity)(pid_t pid, size_t size, const void *mask);

  /* Processes. */
  pid_t (*getpid)(void);
  int (*kill)(pid_t pid, int signal_number);
  int (*pidfd_open)(pid_t pid, unsigned flags);
  int (*pidfd_send_signal)(int pidfd, int signal_number);
  int (*poll)(struct pollfd *fds, nfds_t count, int timeout_ms);
  int (*waitid)(idtype_t type, id_t id, siginfo_t *out, int options);
  int (*getpriority)(int which, int who); /* the raw call: returns 20 - nice */
  int (*setpriority)(int which, int who, int nice);
  int (*ioprio_get)(int which, int who);
  int (*ioprio_set)(int which, int who, int value);
  int (*prlimit64)(pid_t pid, int resource, const struct linux_rlimit *set, struct linux_rlimit *out);
  int (*nanosleep)(const struct timespec *duration);

  /* A helper process, for questions that may never be answered. */
  pid_t (*fork)(void); /* by clone without an exit signal: the caller gets no SIGCHLD, and cannot reap it by chance */
  pid_t (*waitpid)(pid_t pid, int *status, int options);
  int (*sigprocmask)(int how, const sigset_t *set, sigset_t *old);
  int (*close_range)(unsigned first, unsigned last); /* Linux 5.9 */
  void (*exit_now)(int code);                        /* _exit */
  int (*pipe2)(int fds[2], int flags);

  /* Netlink. */
  int (*socket)(int domain, int type, int protocol);
  ssize_t (*sendto)(int fd, const void *buffer, size_t size, int flags, const struct sockaddr *to, socklen_t to_len);
  ssize_t (*recv)(int fd, void *buffer, size_t size, int flags);
  ssize_t (*recvfrom)(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *from_len);

  /* By a helper process: a socket in another network namespace. */
  int (*socketpair)(int domain, int type, int protocol, int fds[2]);
  int (*setns)(int fd, int kind); /* in the helper */
  ssize_t (*sendmsg)(int fd, const struct msghdr *message, int flags);
  ssize_t (*recvmsg)(int fd, struct msghdr *message, int flags);
};

/* The real calls. */
extern const struct linux_os sondei_linux_os;

/* "ENOENT"; NULL for a number that is not in the list. */
const char *sondei_linux_errno_name(int code);

#endif /* SONDE_BACKENDS_LINUX_LINUX_OS_H */
