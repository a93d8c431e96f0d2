// SPDX-License-Identifier: MIT
// What is done to a process, and waiting for it, with pidfds and as on a kernel that has none.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;

constexpr uint64_t kMs = 1000000;

uint64_t Now() {
  return static_cast<uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

int NoPidfdOpen(pid_t, unsigned) {
  errno = ENOSYS;
  return -1;
}

int NoPidfdSendSignal(int, int) {
  errno = ENOSYS;
  return -1;
}

int NoWaitidOfPidfd(idtype_t type, id_t id, siginfo_t *out, int options) {
  if (type != P_PID) {
    errno = EINVAL;
    return -1;
  }
  return sondei_linux_os.waitid(type, id, out, options);
}

// Kernels by what they have: everything; pidfds with the calls of 5.3 only; none.
class LinuxProcessAction : public testing::TestWithParam<int> {
 protected:
  LinuxProcessAction() : os_(sondei_linux_os), override_{"linux", &os_} {
    if (GetParam() == 1) {
      os_.pidfd_send_signal = NoPidfdSendSignal;
      os_.waitid = NoWaitidOfPidfd;
    }
    if (GetParam() == 2) os_.pidfd_open = NoPidfdOpen;
    options_.os_override = &override_;
  }
  const sonde_options *options() const { return &options_; }
  struct linux_os os_;

 private:
  struct sonde_os_override override_;
  sonde_options options_ = {};
};

INSTANTIATE_TEST_SUITE_P(Kernels, LinuxProcessAction, testing::Values(0, 1, 2));

TEST_P(LinuxProcessAction, Exact) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  const int pidfd = static_cast<int>(syscall(434, child.pid(), 0));
  EXPECT_EQ(sonde_process_is_exact(handle), GetParam() != 2 && pidfd >= 0);
  if (pidfd >= 0) close(pidfd);
}

TEST_P(LinuxProcessAction, SuspendResumeTerminateKill) {
  const Context context(options());
  {
    Child child = Child::sleeping();
    Handle handle(context, child.pid());
    EXPECT_EQ(sonde_process_suspend(handle), SONDE_OK) << context.error();
    child.wait_for_state('T');
    EXPECT_EQ(sonde_process_resume(handle), SONDE_OK);
    child.wait_for_state('S');
    EXPECT_EQ(sonde_process_signal(handle, 0), SONDE_OK);
    EXPECT_EQ(sonde_process_terminate(handle), SONDE_OK);
    child.wait_for_state('Z');
    EXPECT_EQ(sonde_process_signal(handle, SIGTERM), SONDE_OK) << "a zombie takes signals, to no effect";
    const int status = child.end();
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), SIGTERM);
    EXPECT_EQ(sonde_process_signal(handle, 0), SONDE_ERR_NO_PROCESS);
    EXPECT_EQ(sonde_process_kill(handle), SONDE_ERR_NO_PROCESS);
  }
  Child child = Child::stopped();
  Handle handle(context, child.pid());
  EXPECT_EQ(sonde_process_kill(handle), SONDE_OK);
  child.wait_for_state('Z');
  EXPECT_EQ(WTERMSIG(child.end()), SIGKILL);
}

TEST_P(LinuxProcessAction, ASignalThatIsNone) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  EXPECT_EQ(sonde_process_signal(handle, 1000), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_signal(handle, -1), SONDE_ERR_INVALID);
}

TEST_P(LinuxProcessAction, NotAllowed) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const Child child = Child::sleeping();
  fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    if (setresuid(65534, 65534, 65534) != 0) _exit(100);
    {
      const Context context(options());
      Handle handle(context, child.pid());
      EXPECT_EQ(sonde_process_signal(handle, SIGTERM), SONDE_ERR_ACCESS);
      EXPECT_EQ(sonde_process_set_nice(handle, 5), SONDE_ERR_ACCESS);
      const uint32_t cpu = 0;
      EXPECT_EQ(sonde_process_set_affinity(handle, &cpu, 1), SONDE_ERR_ACCESS);
      bool running = false;
      EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
      EXPECT_TRUE(running);
    }
    fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_P(LinuxProcessAction, Nice) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  EXPECT_EQ(sonde_process_set_nice(handle, 7), SONDE_OK) << context.error();
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(child.pid())), 7);
  EXPECT_EQ(sonde_process_set_nice(handle, 20), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_nice(handle, -21), SONDE_ERR_INVALID);
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(child.pid())), 7);
}

TEST_P(LinuxProcessAction, Ionice) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  const sonde_status status = sonde_process_set_ionice(handle, 2, 5);
  if (status == SONDE_ERR_OS) GTEST_SKIP() << "no I/O priorities here: " << context.error();
  ASSERT_EQ(status, SONDE_OK) << context.error();
  EXPECT_EQ(syscall(SYS_ioprio_get, 1, child.pid()), 2 << 13 | 5);
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_IONICE), SONDE_OK);
  EXPECT_EQ(table[0].ionice_class, 2);
  EXPECT_EQ(table[0].ionice_value, 5);
  EXPECT_EQ(sonde_process_set_ionice(handle, 4, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_ionice(handle, 2, 8), SONDE_ERR_INVALID);
}

TEST_P(LinuxProcessAction, Affinity) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  cpu_set_t set;
  ASSERT_EQ(sched_getaffinity(child.pid(), sizeof set, &set), 0);
  std::vector<uint32_t> expected;
  for (uint32_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &set)) expected.push_back(cpu);
  }
  List<sonde_cpu_list> cpus;
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << context.error();
  EXPECT_EQ(std::vector<uint32_t>(cpus.begin(), cpus.end()), expected);
  const uint32_t one = expected.back();
  ASSERT_EQ(sonde_process_set_affinity(handle, &one, 1), SONDE_OK) << context.error();
  ASSERT_EQ(sched_getaffinity(child.pid(), sizeof set, &set), 0);
  EXPECT_EQ(CPU_COUNT(&set), 1);
  EXPECT_TRUE(CPU_ISSET(one, &set));
  std::reverse(expected.begin(), expected.end());
  expected.push_back(100000);  // the kernel passes over CPUs that it has not got
  ASSERT_EQ(sonde_process_set_affinity(handle, expected.data(), expected.size()), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK);
  EXPECT_EQ(cpus.count, expected.size() - 1);
  const uint32_t none = 100000;
  EXPECT_EQ(sonde_process_set_affinity(handle, &none, 1), SONDE_ERR_INVALID);
  const uint32_t wild = UINT32_MAX;
  EXPECT_EQ(sonde_process_set_affinity(handle, &wild, 1), SONDE_ERR_INVALID);
}

// A machine with 5,000 CPUs: the kernel refuses masks of fewer bytes than it needs.
int ManyCpus(pid_t, size_t size, void *mask) {
  constexpr size_t kBytes = 640;
  if (size < kBytes) {
    errno = EINVAL;
    return -1;
  }
  memset(mask, 0, kBytes);
  unsigned long word = 1UL << (4999 % (8 * sizeof word));
  memcpy(static_cast<char *>(mask) + 4999 / (8 * sizeof word) * sizeof word, &word, sizeof word);
  word = 1;
  memcpy(mask, &word, sizeof word);
  return kBytes;
}

TEST_P(LinuxProcessAction, AffinityOnMoreThan1024Cpus) {
  const Child child = Child::sleeping();
  os_.sched_getaffinity = ManyCpus;
  const Context context(options());
  Handle handle(context, child.pid());
  List<sonde_cpu_list> cpus;
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << context.error();
  EXPECT_EQ(std::vector<uint32_t>(cpus.begin(), cpus.end()), (std::vector<uint32_t>{0, 4999}));
  os_.sched_getaffinity = [](pid_t, size_t, void *) {
    errno = EINVAL;
    return -1;
  };
  EXPECT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_ERR_INVALID) << "not for ever";
}

TEST_P(LinuxProcessAction, SetLimit) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  struct rlimit before;
  ASSERT_EQ(prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &before), 0);
  const sonde_limit limit = {SONDE_OK, SONDE_LIMIT_NOFILE, 77, before.rlim_max};
  ASSERT_EQ(sonde_process_set_limit(handle, &limit), SONDE_OK) << context.error();
  struct rlimit after;
  ASSERT_EQ(prlimit(child.pid(), RLIMIT_NOFILE, nullptr, &after), 0);
  EXPECT_EQ(after.rlim_cur, 77u);
  EXPECT_EQ(after.rlim_max, before.rlim_max);
  ASSERT_EQ(prlimit(child.pid(), RLIMIT_CORE, nullptr, &before), 0);
  if (before.rlim_max == RLIM_INFINITY) {
    const sonde_limit unlimited = {SONDE_OK, SONDE_LIMIT_CORE, SONDE_UNLIMITED, SONDE_UNLIMITED};
    ASSERT_EQ(sonde_process_set_limit(handle, &unlimited), SONDE_OK);
    ASSERT_EQ(prlimit(child.pid(), RLIMIT_CORE, nullptr, &after), 0);
    EXPECT_EQ(after.rlim_cur, RLIM_INFINITY);
  }
  const sonde_limit foreign = {SONDE_OK, SONDE_LIMIT_KQUEUES, 1, 1};
  EXPECT_EQ(sonde_process_set_limit(handle, &foreign), SONDE_ERR_UNSUPPORTED);
}

// ---- Waiting --------------------------------------------------------------------------------------------------------

TEST_P(LinuxProcessAction, WaitTellsHowAChildEnded) {
  const Context context(options());
  sonde_exit how = {};
  {
    Child child = Child::running([] { _exit(42); });
    Handle handle(context, child.pid());
    EXPECT_EQ(sonde_process_wait(handle, &how, SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
    EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_CODE));
    EXPECT_EQ(how.code, 42);
    EXPECT_EQ(waitpid(child.release(), nullptr, WNOHANG), -1) << "it was reaped";
    EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_OK) << "it has ended already";
    EXPECT_EQ(how.code, 42) << "the handle remembers";
  }
  Child child = Child::sleeping();
  Handle handle(context, child.pid());
  kill(child.pid(), SIGKILL);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK);
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_SIGNAL));
  EXPECT_EQ(how.signal_number, SIGKILL);
  EXPECT_FALSE(how.core_dumped);
  child.release();
}

TEST_P(LinuxProcessAction, WaitKeepsItsDeadline) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_ERR_TIMEOUT);
  const uint64_t start = Now();
  EXPECT_EQ(sonde_process_wait(handle, &how, 100 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_GE(Now() - start, 100 * kMs);
  EXPECT_LT(Now() - start, 5000 * kMs);
  EXPECT_EQ(how.valid, 0u);
}

TEST_P(LinuxProcessAction, SignalsDoNotEndAWait) {
  static int num_signals;
  num_signals = 0;
  struct sigaction action = {};
  action.sa_handler = [](int) { num_signals++; };
  ASSERT_EQ(sigaction(SIGALRM, &action, nullptr), 0);
  const struct itimerval storm = {{0, 10000}, {0, 10000}}, calm = {};
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  sonde_exit how = {};
  setitimer(ITIMER_REAL, &storm, nullptr);
  const uint64_t start = Now();
  EXPECT_EQ(sonde_process_wait(handle, &how, 200 * kMs), SONDE_ERR_TIMEOUT);
  const uint64_t elapsed = Now() - start;
  setitimer(ITIMER_REAL, &calm, nullptr);
  EXPECT_GE(elapsed, 200 * kMs);
  EXPECT_LT(elapsed, 5000 * kMs);
  EXPECT_GE(num_signals, 3);
}

TEST_P(LinuxProcessAction, WaitForOneThatIsNoChild) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const Child parent = Child::running([&] {
    const pid_t pid = fork();
    if (pid == 0) {
      for (;;) pause();
    }
    const ssize_t told = write(ends[1], &pid, sizeof pid);
    if (told != sizeof pid) _exit(1);
    signal(SIGCHLD, SIG_IGN);  // its end leaves no zombie
  });
  pid_t pid = 0;
  ASSERT_EQ(read(ends[0], &pid, sizeof pid), static_cast<ssize_t>(sizeof pid));
  close(ends[0]);
  close(ends[1]);
  const Context context(options());
  Handle handle(context, pid);
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_ERR_TIMEOUT);
  kill(pid, SIGKILL);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, 0u);
}

TEST_P(LinuxProcessAction, WaitForMany) {
  Child first = Child::running([] { _exit(1); });
  Child second = Child::sleeping();
  Child third = Child::running([] { _exit(3); });
  first.wait_for_state('Z');
  third.wait_for_state('Z');
  const Context context(options());
  if (!sonde_supports(context, SONDE_CAP_HOST_TIMES)) GTEST_SKIP() << "no clock";
  Handle a(context, first.pid()), b(context, second.pid()), c(context, third.pid());
  sonde_process_handle *const handles[] = {a, b, c};
  bool ended[3] = {};
  sonde_exit exits[3] = {};
  size_t gone = 0;
  EXPECT_EQ(sonde_process_wait_many(handles, 3, ended, exits, &gone, false, 50 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 2u);
  EXPECT_TRUE(ended[0] && !ended[1] && ended[2]);
  EXPECT_EQ(exits[0].code, 1);
  EXPECT_EQ(exits[2].code, 3);
  kill(second.pid(), SIGTERM);
  first.release();
  third.release();
  EXPECT_EQ(sonde_process_wait_many(handles, 3, ended, exits, &gone, false, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(gone, 3u);
  EXPECT_EQ(exits[1].signal_number, SIGTERM);
  second.release();
}

}  // namespace
