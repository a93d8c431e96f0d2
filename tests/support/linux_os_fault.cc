// SPDX-License-Identifier: MIT
#include "tests/support/linux_os_fault.h"

#include <algorithm>
#include <cerrno>

namespace sonde_test {

namespace {

thread_local LinuxOsFault *t_fault = nullptr;

const struct linux_os &real() { return sondei_linux_os; }

bool fails(OsCall call) { return t_fault != nullptr && t_fault->fails(call); }

#define FAILS(name) fails(OsCall::k_##name)

// Those that misbehave in no other way than by failing.
template <OsCall kCall, auto kMember>
struct Plain;
template <OsCall kCall, typename Result, typename... Arguments, Result (*linux_os::*kMember)(Arguments...)>
struct Plain<kCall, kMember> {
  static Result call(Arguments... arguments) {
    if (fails(kCall)) return -1;
    return (real().*kMember)(arguments...);
  }
};

int faulty_close(int fd) {
  const int result = real().close(fd);
  return FAILS(close) ? -1 : result;
}

ssize_t faulty_read(int fd, void *buffer, size_t size) {
  if (FAILS(read)) return -1;
  const size_t some = t_fault == nullptr ? size : t_fault->limit(size);
  if (size > 0 && some == 0) return 0;
  ssize_t got = real().read(fd, buffer, some);
  // The kernel ends a short read of /proc at the end of a line only where the file ends.
  while (some < size && got > 0 && static_cast<size_t>(got) < size && static_cast<char *>(buffer)[got - 1] == '\n') {
    const ssize_t more = real().read(fd, static_cast<char *>(buffer) + got, 1);
    if (more <= 0) break;
    got += more;
  }
  return got;
}

ssize_t faulty_getdents64(int fd, void *buffer, size_t size) {
  if (FAILS(getdents64)) return -1;
  // Entries do not come in parts: only "none" is possible here.
  if (t_fault != nullptr && t_fault->limit(size) == 0) return 0;
  return real().getdents64(fd, buffer, size);
}

ssize_t faulty_readlinkat(int dirfd, const char *path, char *buffer, size_t size) {
  if (FAILS(readlinkat)) return -1;
  if (t_fault != nullptr && t_fault->limit(size) == 0) return 0;
  return real().readlinkat(dirfd, path, buffer, size);
}

ssize_t faulty_recv(int fd, void *buffer, size_t size, int flags) {
  if (FAILS(recv)) return -1;
  if (t_fault != nullptr && t_fault->limit(size) == 0) return 0;
  return real().recv(fd, buffer, size, flags);
}

ssize_t faulty_recvfrom(int fd, void *buffer, size_t size, int flags, struct sockaddr *from, socklen_t *from_len) {
  if (FAILS(recvfrom)) return -1;
  if (t_fault != nullptr && t_fault->limit(size) == 0) return 0;
  return real().recvfrom(fd, buffer, size, flags, from, from_len);
}

const struct linux_os &faulty() {
  static const struct linux_os table = [] {
    struct linux_os os = real();
    os.openat = Plain<OsCall::k_openat, &linux_os::openat>::call;
    os.read = faulty_read;
    os.write = Plain<OsCall::k_write, &linux_os::write>::call;
    os.close = faulty_close;
    os.readlinkat = faulty_readlinkat;
    os.getdents64 = faulty_getdents64;
    os.fstatat = Plain<OsCall::k_fstatat, &linux_os::fstatat>::call;
    os.statvfs = Plain<OsCall::k_statvfs, &linux_os::statvfs>::call;
    os.uname = Plain<OsCall::k_uname, &linux_os::uname>::call;
    os.clock_gettime = Plain<OsCall::k_clock_gettime, &linux_os::clock_gettime>::call;
    os.sysconf = Plain<OsCall::k_sysconf, &linux_os::sysconf>::call;
    os.sched_getaffinity = Plain<OsCall::k_sched_getaffinity, &linux_os::sched_getaffinity>::call;
    os.sched_setaffinity = Plain<OsCall::k_sched_setaffinity, &linux_os::sched_setaffinity>::call;
    os.kill = Plain<OsCall::k_kill, &linux_os::kill>::call;
    os.pidfd_open = Plain<OsCall::k_pidfd_open, &linux_os::pidfd_open>::call;
    os.pidfd_send_signal = Plain<OsCall::k_pidfd_send_signal, &linux_os::pidfd_send_signal>::call;
    os.poll = Plain<OsCall::k_poll, &linux_os::poll>::call;
    os.waitid = Plain<OsCall::k_waitid, &linux_os::waitid>::call;
    os.getpriority = Plain<OsCall::k_getpriority, &linux_os::getpriority>::call;
    os.setpriority = Plain<OsCall::k_setpriority, &linux_os::setpriority>::call;
    os.ioprio_get = Plain<OsCall::k_ioprio_get, &linux_os::ioprio_get>::call;
    os.ioprio_set = Plain<OsCall::k_ioprio_set, &linux_os::ioprio_set>::call;
    os.prlimit64 = Plain<OsCall::k_prlimit64, &linux_os::prlimit64>::call;
    os.nanosleep = Plain<OsCall::k_nanosleep, &linux_os::nanosleep>::call;
    os.fork = Plain<OsCall::k_fork, &linux_os::fork>::call;
    os.waitpid = Plain<OsCall::k_waitpid, &linux_os::waitpid>::call;
    os.sigprocmask = Plain<OsCall::k_sigprocmask, &linux_os::sigprocmask>::call;
    os.close_range = Plain<OsCall::k_close_range, &linux_os::close_range>::call;
    os.pipe2 = Plain<OsCall::k_pipe2, &linux_os::pipe2>::call;
    os.socket = Plain<OsCall::k_socket, &linux_os::socket>::call;
    os.sendto = Plain<OsCall::k_sendto, &linux_os::sendto>::call;
    os.recv = faulty_recv;
    os.recvfrom = faulty_recvfrom;
    os.socketpair = Plain<OsCall::k_socketpair, &linux_os::socketpair>::call;
    os.setns = Plain<OsCall::k_setns, &linux_os::setns>::call;
    os.sendmsg = Plain<OsCall::k_sendmsg, &linux_os::sendmsg>::call;
    os.recvmsg = Plain<OsCall::k_recvmsg, &linux_os::recvmsg>::call;
    return os;
  }();
  return table;
}

}  // namespace

const char *os_call_name(OsCall call) {
  static const char *const names[] = {
#define NAME(name) #name,
      SONDE_TEST_LINUX_OS_MAP(NAME)
#undef NAME
  };
  return call < OsCall::kCount ? names[static_cast<size_t>(call)] : "?";
}

LinuxOsFault::LinuxOsFault() : override_{"linux", &faulty()}, previous_(t_fault) { t_fault = this; }

LinuxOsFault::~LinuxOsFault() { t_fault = previous_; }

void LinuxOsFault::begin(Misbehaviour how, uint64_t n, int error) {
  calls_.clear();
  how_ = how;
  at_ = n;
  error_ = error;
  done_ = false;
  kind_ = OsCall::kCount;
}

bool LinuxOsFault::end() {
  how_ = Misbehaviour::kNone;
  return done_;
}

uint64_t LinuxOsFault::calls(OsCall call) const {
  return static_cast<uint64_t>(std::count(calls_.begin(), calls_.end(), call));
}

bool LinuxOsFault::fails(OsCall call) {
  calls_.push_back(call);
  if (calls_.size() == at_) kind_ = call;
  const bool due = how_ == Misbehaviour::kErrno         ? calls_.size() == at_
                   : how_ == Misbehaviour::kErrnoAlways ? calls_.size() >= at_ && call == kind_
                                                        : false;
  if (due) {
    done_ = true;
    errno = error_;
  }
  return due;
}

size_t LinuxOsFault::limit(size_t size) {
  if (how_ == Misbehaviour::kZero && calls_.size() == at_) {
    done_ = true;
    return 0;
  }
  if (how_ == Misbehaviour::kShort && calls_.size() >= at_) {
    done_ = true;
    return std::min<size_t>(size, 1);
  }
  return size;
}

}  // namespace sonde_test
