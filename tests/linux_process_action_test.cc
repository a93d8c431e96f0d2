// SPDX-License-Identifier: MIT
// What is done to a process, and waiting for it, with pidfds and as on a kernel that has none.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/tree.h"
#include "tests/support/valgrind.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

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
  ASSERT_EQ(sonde_process_set_affinity(handle, expected.data(), expected.size()), SONDE_OK) << context.error();
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK);
  EXPECT_EQ(cpus.count, expected.size());
}

TEST_P(LinuxProcessAction, CpusThatThereAreNot) {
  const Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  List<sonde_cpu_list> before, after;
  ASSERT_EQ(sonde_process_affinity_get(handle, &before), SONDE_OK);
  const uint32_t mixed[] = {before[0], 100000}, wild[] = {UINT32_MAX, before[0]};
  EXPECT_EQ(sonde_process_set_affinity(handle, mixed, 2), SONDE_ERR_INVALID);
  EXPECT_NE(context.error().find("CPU 100000"), std::string::npos) << context.error();
  EXPECT_EQ(sonde_process_set_affinity(handle, mixed + 1, 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_affinity(handle, wild, 2), SONDE_ERR_INVALID);
  EXPECT_NE(context.error().find("CPU 4294967295"), std::string::npos) << context.error();
  EXPECT_EQ(sonde_process_set_affinity(handle, mixed, 0), SONDE_ERR_INVALID) << "none";
  EXPECT_EQ(sonde_process_set_affinity(handle, nullptr, 1), SONDE_ERR_INVALID);
  ASSERT_EQ(sonde_process_affinity_get(handle, &after), SONDE_OK);
  EXPECT_EQ(std::vector<uint32_t>(before.begin(), before.end()), std::vector<uint32_t>(after.begin(), after.end()));
  // One that could be, but is not.
  const long configured = sysconf(_SC_NPROCESSORS_CONF);
  if (configured < 63) {
    const uint32_t absent[] = {63};
    EXPECT_EQ(sonde_process_set_affinity(handle, absent, 1), SONDE_ERR_INVALID) << context.error();
  }
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

// A kernel of 4,096 CPUs, with what it was given last.
std::vector<char> given_mask;

int Get4096(pid_t, size_t size, void *mask) {
  if (size < 512) {
    errno = EINVAL;
    return -1;
  }
  memset(mask, 0xff, 512);
  return 512;
}

int Set4096(pid_t, size_t size, const void *mask) {
  given_mask.assign(static_cast<const char *>(mask), static_cast<const char *>(mask) + size);
  return 0;
}

TEST_P(LinuxProcessAction, SetAffinityOnMoreThan1024Cpus) {
  const Child child = Child::sleeping();
  os_.sched_getaffinity = Get4096;
  os_.sched_setaffinity = Set4096;
  const Context context(options());
  Handle handle(context, child.pid());
  List<sonde_cpu_list> cpus;
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << context.error();
  ASSERT_EQ(cpus.count, 4096u);
  for (uint32_t cpu = 0; cpu < 4096; cpu++) EXPECT_EQ(cpus[cpu], cpu);
  const uint32_t some[] = {4095, 1024, 3000, 0, 1023, 3000};
  ASSERT_EQ(sonde_process_set_affinity(handle, some, 6), SONDE_OK) << context.error();
  ASSERT_EQ(given_mask.size(), 512u);
  std::vector<uint32_t> told;
  for (uint32_t cpu = 0; cpu < 4096; cpu++) {
    unsigned long word;
    memcpy(&word, given_mask.data() + cpu / (8 * sizeof word) * sizeof word, sizeof word);
    if (word >> cpu % (8 * sizeof word) & 1) told.push_back(cpu);
  }
  EXPECT_EQ(told, (std::vector<uint32_t>{0, 1023, 1024, 3000, 4095}));
  ASSERT_EQ(sonde_process_set_affinity(handle, cpus.rows, cpus.count), SONDE_OK);
  EXPECT_EQ(given_mask, std::vector<char>(512, '\xff'));
  const uint32_t beyond = 4096;
  EXPECT_EQ(sonde_process_set_affinity(handle, &beyond, 1), SONDE_ERR_INVALID);
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

// Whether a core is dumped is the machine's choice: here the kernel's answer is made to say so.
TEST_P(LinuxProcessAction, WaitTellsThatACoreWasDumped) {
  os_.waitid = [](idtype_t type, id_t id, siginfo_t *out, int options) {
    const int result = sondei_linux_os.waitid(type, id, out, options);
    if (result == 0 && out->si_code == CLD_KILLED) out->si_code = CLD_DUMPED;
    return result;
  };
  const Context context(options());
  Child child = Child::sleeping();
  Handle handle(context, child.pid());
  kill(child.pid(), SIGKILL);
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_SIGNAL));
  EXPECT_EQ(how.signal_number, SIGKILL);
  EXPECT_TRUE(how.core_dumped);
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

// Ends its main thread; another goes on until the test lets it end with exit code 5.
TEST_P(LinuxProcessAction, AMainThreadThatEndedIsNoProcessThatEnded) {
  SONDE_SKIP_UNDER_VALGRIND("the main thread ends otherwise");
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Child child = Child::running([&] {
    // The child tells that it is ready when this returns: the main thread ends after that.
    std::thread([&] {
      char byte;
      close(ends[1]);
      const ssize_t got = read(ends[0], &byte, 1);
      _exit(got == 0 ? 5 : 6);
    }).detach();
    signal(SIGUSR1, [](int) {
      if (syscall(SYS_gettid) == getpid()) syscall(SYS_exit, 0);  // the thread only
    });
  });
  syscall(SYS_tgkill, child.pid(), child.pid(), SIGUSR1);
  child.wait_for_state('Z');
  const Context context(options());
  Handle handle(context, child.pid());
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 20 * kMs), SONDE_ERR_TIMEOUT);
  bool running = false;
  EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
  EXPECT_TRUE(running);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_CODE));
  EXPECT_EQ(how.code, 5);
  child.release();
}

TEST_P(LinuxProcessAction, WaitTellsOfACoreDump) {
  const sonde_test::Tree tree;
  const std::string folder = tree.path();
  Child child = Child::running([&] {
    const struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_CORE, &limit);
    EXPECT_EQ(chdir(folder.c_str()), 0);
  });
  const Context context(options());
  Handle handle(context, child.pid());
  kill(child.pid(), SIGQUIT);
  siginfo_t info = {};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(child.pid()), &info, WEXITED | WNOWAIT), 0);
  sonde_exit how = {};
  ASSERT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_SIGNAL));
  EXPECT_EQ(how.signal_number, SIGQUIT);
  EXPECT_EQ(how.core_dumped, info.si_code == CLD_DUMPED);
  child.release();
}

TEST_P(LinuxProcessAction, WaitForAChildThatSomebodyElseReaped) {
  Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  child.end();
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, SONDE_NO_TIMEOUT), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, 0u);
}

TEST_P(LinuxProcessAction, WaitWhereEndsAreIgnored) {
  struct sigaction ignore = {}, before = {};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(sigaction(SIGCHLD, &ignore, &before), 0);
  Child child = Child::sleeping();
  const Context context(options());
  Handle handle(context, child.pid());
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_ERR_TIMEOUT);
  kill(child.pid(), SIGKILL);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, 0u);
  sigaction(SIGCHLD, &before, nullptr);
  child.release();
}

// A child of this test whose debugger is another process: until that has taken its end, nobody else can.
TEST_P(LinuxProcessAction, WaitForAChildThatIsTraced) {
  Child child = Child::sleeping();
  const pid_t pid = child.pid();
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY);
  Child tracer = Child::running([&] {
    if (ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0) _exit(1);
  });
  int status = 0;
  if (waitpid(tracer.pid(), &status, WNOHANG) != 0) {
    tracer.release();
    GTEST_SKIP() << "no ptrace here";
  }
  const Context context(options());
  Handle handle(context, pid);
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 5 * kMs), SONDE_ERR_TIMEOUT);
  kill(pid, SIGKILL);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, 0u) << "only the debugger could tell";
  tracer.end();
  const int ended = child.end();
  EXPECT_TRUE(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL) << "its parent can reap it afterwards";
}

TEST_P(LinuxProcessAction, WaitForOneThatThisProcessTraces) {
  Child child = Child::sleeping();
  if (ptrace(PTRACE_SEIZE, child.pid(), nullptr, nullptr) != 0) GTEST_SKIP() << "no ptrace here";
  const Context context(options());
  Handle handle(context, child.pid());
  sonde_exit how = {};
  EXPECT_EQ(sonde_process_wait(handle, &how, 5 * kMs), SONDE_ERR_TIMEOUT);
  kill(child.pid(), SIGKILL);
  EXPECT_EQ(sonde_process_wait(handle, &how, 10000 * kMs), SONDE_OK) << context.error();
  EXPECT_EQ(how.valid, static_cast<uint64_t>(SONDE_EXIT_SIGNAL));
  EXPECT_EQ(how.signal_number, SIGKILL);
  child.release();
}

TEST_P(LinuxProcessAction, WaitForThousands) {
#ifdef IS_SANITIZED
  const size_t kCount = 200;  // each fork copies the shadow
#else
  const size_t kCount = GetParam() == 0 ? 2000 : 500;
#endif
  struct rlimit limit, before;
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  limit = before;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur < 2 * kCount + 100) GTEST_SKIP() << "too few descriptors";
  const Context context(options());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  std::vector<sonde_process_handle *> handles;
  fflush(nullptr);
  for (size_t i = 0; i < kCount; i++) {
    const pid_t pid = fork();
    ASSERT_GE(pid, 0);
    if (pid == 0) {  // ends when the test closes the pipe
      char byte;
      close(ends[1]);
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      const ssize_t got = read(ends[0], &byte, 1);
      _exit(static_cast<int>(i % 100) + (got == 0 ? 0 : 100));
    }
    sonde_process_handle *handle = nullptr;
    ASSERT_EQ(sonde_process_open(context, &handle, pid), SONDE_OK) << context.error();
    handles.push_back(handle);
  }
  const std::unique_ptr<bool[]> ended(new bool[kCount]);
  std::vector<sonde_exit> exits(kCount);
  size_t gone = 1;
  EXPECT_EQ(sonde_process_wait_many(handles.data(), kCount, ended.get(), exits.data(), &gone, false, 0),
            SONDE_ERR_TIMEOUT);
  EXPECT_EQ(gone, 0u);
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(sonde_process_wait_many(handles.data(), kCount, ended.get(), exits.data(), &gone, true, 60000 * kMs),
            SONDE_OK);
  EXPECT_GE(gone, 1u);
  EXPECT_EQ(sonde_process_wait_many(handles.data(), kCount, ended.get(), exits.data(), &gone, false, 60000 * kMs),
            SONDE_OK)
      << context.error();
  EXPECT_EQ(gone, kCount);
  for (size_t i = 0; i < kCount; i++) {
    EXPECT_TRUE(ended[i]);
    EXPECT_EQ(exits[i].valid, static_cast<uint64_t>(SONDE_EXIT_CODE)) << i;
    EXPECT_EQ(exits[i].code, static_cast<int64_t>(i % 100)) << i;
    sonde_process_close(handles[i]);
  }
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "each was reaped";
  setrlimit(RLIMIT_NOFILE, &before);
}

// A kernel that knows no pidfds, as a sandbox makes it: by seccomp, and not by the library's own table.
TEST(LinuxProcessSandbox, WithoutPidfdsAllGoesOn) {
  const Child target = Child::sleeping();
  for (const uint32_t refusal : {static_cast<uint32_t>(ENOSYS), static_cast<uint32_t>(EPERM)}) {
    fflush(nullptr);
    const pid_t pid = fork();
    if (pid == 0) {
      constexpr uint32_t kOpen = 434, kSendSignal = 424;
      const struct sock_filter code[] = {
          {BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
          {BPF_JMP | BPF_JEQ | BPF_K, 2, 0, kOpen},
          {BPF_JMP | BPF_JEQ | BPF_K, 1, 0, kSendSignal},
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | refusal},
      };
      struct sock_fprog program = {sizeof code / sizeof code[0], const_cast<struct sock_filter *>(code)};
      if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
        _exit(77);
      }
      {
        const Context context;
        Handle handle(context, target.pid());
        EXPECT_FALSE(sonde_process_is_exact(handle));
        EXPECT_EQ(sonde_process_signal(handle, 0), SONDE_OK) << context.error();
        sonde_exit how = {};
        EXPECT_EQ(sonde_process_wait(handle, &how, 3 * kMs), SONDE_ERR_TIMEOUT);
        Child child = Child::sleeping();
        Handle own(context, child.pid());
        EXPECT_EQ(sonde_process_terminate(own), SONDE_OK) << context.error();
        EXPECT_EQ(sonde_process_wait(own, &how, 10000 * kMs), SONDE_OK) << context.error();
        EXPECT_EQ(how.signal_number, SIGTERM);
        child.release();
      }
      fflush(nullptr);
      _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(pid, &status, 0), pid);
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no seccomp here";
    EXPECT_EQ(status, 0) << refusal;
  }
}

// The procfs of another pid namespace: its pids would mean others to the kernel.
TEST(LinuxProcessSandbox, PidsOfAnotherNamespaceAreNotGivenToTheKernel) {
  const Child target = Child::sleeping();
  const pid_t other = target.pid();
  fflush(nullptr);
  const pid_t outer = fork();
  if (outer == 0) {
    if (unshare(CLONE_NEWPID) != 0) _exit(77);
    const pid_t inner = fork();
    if (inner == 0) {
      {
        const Context context;  // /proc is still the outer one
        const sonde_pid pids[] = {other, 1, getpid()};
        for (const sonde_pid pid : pids) {
          Handle handle(context, pid);
          EXPECT_FALSE(sonde_process_is_exact(handle));
          EXPECT_EQ(sonde_process_signal(handle, 0), SONDE_ERR_UNSUPPORTED) << context.error();
          EXPECT_EQ(sonde_process_set_nice(handle, 5), SONDE_ERR_UNSUPPORTED);
          const uint32_t cpu = 0;
          EXPECT_EQ(sonde_process_set_affinity(handle, &cpu, 1), SONDE_ERR_UNSUPPORTED);
          List<sonde_process_table> table;
          const uint64_t by_pid = SONDE_PROCESS_IONICE | SONDE_PROCESS_UNIQUE_ID | SONDE_PROCESS_DELAYS;
          EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_NAME | by_pid), SONDE_OK);
          EXPECT_EQ(table[0].valid, SONDE_PROCESS_NAME);
          EXPECT_EQ(table[0].status, SONDE_OK);
          List<sonde_cpu_list> cpus;
          EXPECT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << "/proc tells";
        }
        Handle handle(context, other);
        EXPECT_EQ(sonde_process_kill(handle), SONDE_ERR_UNSUPPORTED);
        sonde_exit how = {};
        EXPECT_EQ(sonde_process_wait(handle, &how, 3 * kMs), SONDE_ERR_TIMEOUT);
      }
      fflush(nullptr);
      _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(inner, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(outer, &status, 0), outer);
  if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no pid namespaces here";
  EXPECT_EQ(status, 0);
  EXPECT_EQ(kill(other, 0), 0);
}

}  // namespace
