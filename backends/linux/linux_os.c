/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_os.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Numbers that the C library's headers may be too old to know; the same on every architecture. */
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* MemorySanitizer cannot see what the kernel writes for a raw system call. */
#if defined(__has_feature)
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define OS_WROTE(data, size) __msan_unpoison((data), (size))
#endif
#endif
#ifndef OS_WROTE
#define OS_WROTE(data, size) ((void)(data), (void)(size))
#endif

static int os_openat(int dirfd, const char *path, int flags) { return openat(dirfd, path, flags); }

static ssize_t os_getdents64(int fd, void *buffer, size_t size) {
  const long written = syscall(SYS_getdents64, fd, buffer, size);
  if (written > 0) OS_WROTE(buffer, (size_t)written);
  return (ssize_t)written;
}

/* The C library's own wrappers hide how many bytes the kernel wrote. */
static int os_sched_getaffinity(pid_t pid, size_t size, void *mask) {
  const long written = syscall(SYS_sched_getaffinity, pid, size, mask);
  if (written > 0) OS_WROTE(mask, (size_t)written);
  return (int)written;
}

static int os_sched_setaffinity(pid_t pid, size_t size, const void *mask) {
  return (int)syscall(SYS_sched_setaffinity, pid, size, mask);
}

static int os_pidfd_open(pid_t pid, unsigned flags) { return (int)syscall(SYS_pidfd_open, pid, flags); }

static int os_pidfd_send_signal(int pidfd, int signal_number) {
  return (int)syscall(SYS_pidfd_send_signal, pidfd, signal_number, NULL, 0);
}

static int os_getpriority(int which, int who) { return (int)syscall(SYS_getpriority, which, who); }

static int os_setpriority(int which, int who, int nice) { return (int)syscall(SYS_setpriority, which, who, nice); }

static int os_ioprio_get(int which, int who) { return (int)syscall(SYS_ioprio_get, which, who); }

static int os_ioprio_set(int which, int who, int value) { return (int)syscall(SYS_ioprio_set, which, who, value); }

static int os_prlimit64(pid_t pid, int resource, const struct linux_rlimit *set, struct linux_rlimit *out) {
  const int result = (int)syscall(SYS_prlimit64, pid, resource, set, out);
  if (result == 0 && out != NULL) OS_WROTE(out, sizeof *out);
  return result;
}

static int os_nanosleep(const struct timespec *duration) { return nanosleep(duration, NULL); }

/* With all arguments 0 their order, which differs between architectures, does not matter. */
static pid_t os_fork(void) {
  const pid_t pid = (pid_t)syscall(SYS_clone, 0L, 0L, 0L, 0L, 0L);
  return pid < 0 && errno == EINVAL ? fork() : pid; /* qemu-user wants an exit signal */
}

static int os_close_range(unsigned first, unsigned last) { return (int)syscall(SYS_close_range, first, last, 0); }

const struct linux_os sondei_linux_os = {
    .openat = os_openat,
    .read = read,
    .write = write,
    .close = close,
    .readlinkat = readlinkat,
    .getdents64 = os_getdents64,
    .fstatat = fstatat,
    .statvfs = statvfs,
    .uname = uname,
    .clock_gettime = clock_gettime,
    .sysconf = sysconf,
    .sched_getaffinity = os_sched_getaffinity,
    .sched_setaffinity = os_sched_setaffinity,
    .getpid = getpid,
    .kill = kill,
    .pidfd_open = os_pidfd_open,
    .pidfd_send_signal = os_pidfd_send_signal,
    .poll = poll,
    .waitid = waitid,
    .getpriority = os_getpriority,
    .setpriority = os_setpriority,
    .ioprio_get = os_ioprio_get,
    .ioprio_set = os_ioprio_set,
    .prlimit64 = os_prlimit64,
    .nanosleep = os_nanosleep,
    .fork = os_fork,
    .waitpid = waitpid,
    .sigprocmask = sigprocmask,
    .close_range = os_close_range,
    .exit_now = _exit,
    .pipe2 = pipe2,
    .socket = socket,
    .sendto = sendto,
    .recv = recv,
    .recvfrom = recvfrom,
    .socketpair = socketpair,
    .setns = setns,
    .sendmsg = sendmsg,
    .recvmsg = recvmsg,
};

const char *sondei_linux_errno_name(int code) {
  static const struct {
    int code;
    const char *name;
  } names[] = {
      {EPERM, "EPERM"},
      {ENOENT, "ENOENT"},
      {ESRCH, "ESRCH"},
      {EINTR, "EINTR"},
      {EIO, "EIO"},
      {ENXIO, "ENXIO"},
      {E2BIG, "E2BIG"},
      {EBADF, "EBADF"},
      {ECHILD, "ECHILD"},
      {EAGAIN, "EAGAIN"},
      {ENOMEM, "ENOMEM"},
      {EACCES, "EACCES"},
      {EFAULT, "EFAULT"},
      {EBUSY, "EBUSY"},
      {EEXIST, "EEXIST"},
      {EXDEV, "EXDEV"},
      {ENODEV, "ENODEV"},
      {ENOTDIR, "ENOTDIR"},
      {EISDIR, "EISDIR"},
      {EINVAL, "EINVAL"},
      {ENFILE, "ENFILE"},
      {EMFILE, "EMFILE"},
      {ENOTTY, "ENOTTY"},
      {EFBIG, "EFBIG"},
      {ENOSPC, "ENOSPC"},
      {ESPIPE, "ESPIPE"},
      {EROFS, "EROFS"},
      {EPIPE, "EPIPE"},
      {ERANGE, "ERANGE"},
      {EDEADLK, "EDEADLK"},
      {ENAMETOOLONG, "ENAMETOOLONG"},
      {ENOSYS, "ENOSYS"},
      {ELOOP, "ELOOP"},
      {ENODATA, "ENODATA"},
      {EOVERFLOW, "EOVERFLOW"},
      {EOPNOTSUPP, "EOPNOTSUPP"},
      {ENOBUFS, "ENOBUFS"},
      {ETIMEDOUT, "ETIMEDOUT"},
      {ESTALE, "ESTALE"},
      {ENOTCONN, "ENOTCONN"},
      {EAFNOSUPPORT, "EAFNOSUPPORT"},
      {EPROTONOSUPPORT, "EPROTONOSUPPORT"},
      {EREMOTEIO, "EREMOTEIO"},
      {ECONNREFUSED, "ECONNREFUSED"},
      {EHOSTDOWN, "EHOSTDOWN"},
      {ECANCELED, "ECANCELED"},
  };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    if (names[i].code == code) return names[i].name;
  }
  return NULL;
}
