// SPDX-License-Identifier: MIT
// linux_os_fault.h - the table of OS calls of the Linux backend, with each call counted, and any of them made to fail.
//
// One such object is at work at a time in a thread: the newest that was made there.
#ifndef SONDE_TESTS_SUPPORT_LINUX_OS_FAULT_H
#define SONDE_TESTS_SUPPORT_LINUX_OS_FAULT_H

#include "backends/linux/linux_os.h"  // first

#include <sonde/sonde_backend.h>

#include <cstdint>
#include <vector>

namespace sonde_test {

// The calls that can be counted and made to fail: all of struct linux_os but getpid and exit_now, which cannot fail.
#define SONDE_TEST_LINUX_OS_MAP(XX) \
  XX(openat)                        \
  XX(read)                          \
  XX(write)                         \
  XX(close)                         \
  XX(readlinkat)                    \
  XX(getdents64)                    \
  XX(fstatat)                       \
  XX(statvfs)                       \
  XX(uname)                         \
  XX(clock_gettime)                 \
  XX(sysconf)                       \
  XX(sched_getaffinity)             \
  XX(sched_setaffinity)             \
  XX(kill)                          \
  XX(pidfd_open)                    \
  XX(pidfd_send_signal)             \
  XX(poll)                          \
  XX(waitid)                        \
  XX(getpriority)                   \
  XX(setpriority)                   \
  XX(ioprio_get)                    \
  XX(ioprio_set)                    \
  XX(prlimit64)                     \
  XX(nanosleep)                     \
  XX(fork)                          \
  XX(waitpid)                       \
  XX(sigprocmask)                   \
  XX(close_range)                   \
  XX(pipe2)                         \
  XX(socket)                        \
  XX(sendto)                        \
  XX(recv)                          \
  XX(recvfrom)                      \
  XX(socketpair)                    \
  XX(setns)                         \
  XX(sendmsg)                       \
  XX(recvmsg)

enum class OsCall {
#define SONDE_TEST_OS_CALL(name) k_##name,
  SONDE_TEST_LINUX_OS_MAP(SONDE_TEST_OS_CALL)
#undef SONDE_TEST_OS_CALL
  kCount
};

// "openat"
const char *os_call_name(OsCall call);

enum class Misbehaviour {
  kNone,
  kErrno,        // call number n fails with the errno; a close closes all the same, as in the kernel
  kErrnoAlways,  // call number n and all later ones of its kind
  kZero,         // call number n, if it is a read, getdents64, recv, recvfrom or readlinkat, gives 0 bytes
  kShort         // from call number n on, reads give one byte at a time (never a line end alone)
};

class LinuxOsFault {
 public:
  LinuxOsFault();
  ~LinuxOsFault();
  LinuxOsFault(const LinuxOsFault &) = delete;
  LinuxOsFault &operator=(const LinuxOsFault &) = delete;

  // For sonde_options.os_override; valid as long as this object.
  const sonde_os_override * override() const { return &override_; }

  // Starts counting from 0, with call number n (1: the first) to misbehave.
  void begin(Misbehaviour how = Misbehaviour::kNone, uint64_t n = 0, int error = 0);
  // Nothing misbehaves any more. Whether something did since begin.
  bool end();

  uint64_t calls() const { return calls_.size(); }                // since begin
  uint64_t calls(OsCall call) const;                              // of this kind
  const std::vector<OsCall> &recorded() const { return calls_; }  // in their order

  // For the wrappers. Counts the call; whether it is to fail, and with what: errno is set then.
  bool fails(OsCall call);
  // How many bytes it may ask for: 0: it is to return 0.
  size_t limit(size_t size);

 private:
  struct sonde_os_override override_;
  LinuxOsFault *previous_;
  std::vector<OsCall> calls_;
  Misbehaviour how_ = Misbehaviour::kNone;
  uint64_t at_ = 0;
  int error_ = 0;
  bool done_ = false;
  OsCall kind_ = OsCall::kCount;
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_LINUX_OS_FAULT_H
