// SPDX-License-Identifier: MIT
extern "C" {
#include "backends/linux/linux_helper.h"
}

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "tests/support/child.h"
#include "tests/support/descriptors.h"
#include "tests/support/own_sockets.h"

namespace {

using sonde_test::Child;

// Of a process, or ("self") of this one.
int OpenNamespace(const std::string &process) {
  return open(("/proc/" + process + "/ns/net").c_str(), O_RDONLY | O_CLOEXEC);
}

uint64_t Cookie(int fd) {  // one for each network namespace, since Linux 5.14
  uint64_t cookie = 0;
  socklen_t len = sizeof cookie;
  const int kNetnsCookie = 71;
  return getsockopt(fd, SOL_SOCKET, kNetnsCookie, &cookie, &len) == 0 ? cookie : 0;
}

// "setns EPERM", or "" and a socket.
std::string SocketIn(const struct linux_os &os, int *out, int ns, int domain = AF_INET) {
  const char *operation = nullptr;
  const int code = sondei_linux_socket_in(&os, out, ns, domain, SOCK_DGRAM | SOCK_CLOEXEC, 0, &operation);
  const char *const name = sondei_linux_errno_name(code);
  return code == 0 ? "" : std::string(operation) + " " + (name != nullptr ? name : std::to_string(code));
}

void ExpectNothingLeft() {
  errno = 0;
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG | __WALL), -1);
  EXPECT_EQ(errno, ECHILD) << "a helper is left";
}

volatile sig_atomic_t g_signals;
void CountSignal(int) { g_signals = g_signals + 1; }

TEST(LinuxHelper, ASocketOfAnotherNamespace) {
  Child child = Child::running([] {
    if (!sonde_test::enter_own_network().empty()) _exit(1);
  });
  const int ns = OpenNamespace(std::to_string(child.pid())), own = OpenNamespace("self");
  struct stat there, here;
  if (ns < 0 || fstat(ns, &there) != 0 || fstat(own, &here) != 0 || there.st_ino == here.st_ino) {
    GTEST_SKIP() << "no network namespace of its own";
  }
  child.end(); /* the descriptor keeps it */
  const auto old = signal(SIGCHLD, CountSignal);
  g_signals = 0;
  const auto before = sonde_test::open_descriptors();
  int fd = -1, fd_here = -1;
  ASSERT_EQ(SocketIn(sondei_linux_os, &fd, ns), "");
  ASSERT_EQ(SocketIn(sondei_linux_os, &fd_here, own), "");
  const sonde_test::OwnSocket far(fd), near(fd_here), plain(AF_INET, SOCK_DGRAM);
  EXPECT_EQ(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(Cookie(near.fd()), Cookie(plain.fd()));
  if (Cookie(plain.fd()) != 0) {
    EXPECT_NE(Cookie(far.fd()), Cookie(plain.fd()));
  }
  EXPECT_EQ(sonde_test::open_descriptors().size(), before.size() + 3);
  EXPECT_EQ(g_signals, 0) << "SIGCHLD";
  signal(SIGCHLD, old);
  close(ns);
  close(own);
  ExpectNothingLeft();
}

TEST(LinuxHelper, Failures) {
  const int own = OpenNamespace("self");
  ASSERT_GE(own, 0);
  struct linux_os os = sondei_linux_os;
  int fd = 4711;
  const auto before = sonde_test::open_descriptors();
  os.setns = [](int, int) {
    errno = EPERM;
    return -1;
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "setns EPERM");
  os.setns = [](int, int) { return 0; };
  EXPECT_EQ(SocketIn(os, &fd, own, 4711), "socket EAFNOSUPPORT");
  os.setns = [](int, int) {
    raise(SIGKILL);
    return 0;
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "recvmsg EIO") << "the helper was killed";
  os.setns = [](int, int) { return 0; };
  os.recvmsg = [](int from, struct msghdr *message, int flags) -> ssize_t {
    message->msg_control = nullptr; /* as where no descriptor is left to take it */
    message->msg_controllen = 0;
    return recvmsg(from, message, flags);
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "recvmsg EMFILE");
  os = sondei_linux_os;
  os.socketpair = [](int, int, int, int *) {
    errno = EMFILE;
    return -1;
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "socketpair EMFILE");
  os = sondei_linux_os;
  os.fork = [] {
    errno = EAGAIN;
    return static_cast<pid_t>(-1);
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "clone EAGAIN");
  os = sondei_linux_os;
  os.sigprocmask = [](int, const sigset_t *, sigset_t *) {
    errno = EINVAL;
    return -1;
  };
  EXPECT_EQ(SocketIn(os, &fd, own), "sigprocmask EINVAL");
  EXPECT_EQ(fd, 4711);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
  close(own);
  ExpectNothingLeft();
}

TEST(LinuxHelper, NoHandlerOfTheCallerRunsInIt) {
  static pid_t s_self;
  s_self = getpid();
  static int s_pipe[2];
  ASSERT_EQ(pipe(s_pipe), 0);
  const auto old = signal(SIGUSR1, [](int) {
    if (getpid() == s_self) return;
    const ssize_t unused = write(s_pipe[1], "!", 1);
    (void)unused;
  });
  const char *operation = nullptr;
  pid_t pid = 0;
  int argument = 1;
  ASSERT_EQ(sondei_linux_start_helper(
                &sondei_linux_os, &pid, [](const struct linux_os *, void *) { raise(SIGUSR1); }, &argument, &operation),
            0);
  int status = -1;
  ASSERT_EQ(waitpid(pid, &status, __WALL), pid);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  close(s_pipe[1]);
  char byte;
  EXPECT_EQ(read(s_pipe[0], &byte, 1), 0);
  close(s_pipe[0]);
  signal(SIGUSR1, old);
  sigset_t mask;
  ASSERT_EQ(sigprocmask(SIG_SETMASK, nullptr, &mask), 0);
  EXPECT_EQ(sigismember(&mask, SIGUSR1), 0) << "the caller's mask is back";
}

}  // namespace
