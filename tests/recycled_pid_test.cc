// SPDX-License-Identifier: MIT
// No action on a handle reaches a later owner of its pid, in pid namespaces so small that each process that ends gives
// its pid to the next.
//
// SONDE_TEST_HANDLE_OPERATIONS in the environment: how many operations (else 1,000,000, with a sanitizer 50,000; a
// fifth of it where processes end meanwhile).
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/context.h"

namespace {

using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;

constexpr int kSkip = 77;
constexpr uint64_t kTakenEnough = 10;  // pids, to say that something was tested
constexpr int kFirstPid = 300;         // those below are for the first processes of a namespace only

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(memory_sanitizer)
#define IS_SANITIZED 1
#endif
#endif

uint64_t Operations() {
  const char *const told = getenv("SONDE_TEST_HANDLE_OPERATIONS");
  if (told != nullptr) return std::strtoull(told, nullptr, 10);
#ifdef IS_SANITIZED
  return 50000;  // each fork copies the shadow
#else
  return 1000000;
#endif
}

// What the processes of the namespace and this test share.
struct Shared {
  std::atomic<uint64_t> misdirected;  // signals that an innocent process got
  std::atomic<bool> stop;
  uint64_t operations, handles, recycled, innocents;
  bool has_own_pid_max;
};
Shared *shared;

// Whom a process is, for its signal handler; set before it is forked.
bool is_innocent;

void Record(int) { shared->misdirected += is_innocent; }

void RecordSignals() {
  for (const int number : {SIGUSR1, SIGTERM, SIGCONT}) {
    struct sigaction action = {};
    action.sa_handler = Record;
    sigaction(number, &action, nullptr);
  }
}

bool KernelIsAtLeast(int major_number, int minor_number) {
  struct utsname name;
  int told[2] = {0, 0};
  uname(&name);
  const char *at = name.release;
  told[0] = static_cast<int>(strtol(at, const_cast<char **>(&at), 10));
  if (*at == '.') told[1] = static_cast<int>(strtol(at + 1, nullptr, 10));
  return told[0] > major_number || (told[0] == major_number && told[1] >= minor_number);
}

// Makes the next fork take the lowest pid that is free, where the namespace has no limit of its own.
void Aim() {
  if (shared->has_own_pid_max) return;
  const int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  const ssize_t written = write(fd, "299", 3);
  (void)written;
  close(fd);
}

// Runs body as the first process of a small pid namespace with a procfs of its own; what it expects is this test's.
void InSmallPidNamespace(int num_pids, const std::function<void()> &body) {
  void *const memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(memory, MAP_FAILED);
  shared = new (memory) Shared();
  fflush(nullptr);
  const pid_t outer = fork();
  if (outer == 0) {
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) _exit(kSkip);
    const pid_t inner = fork();
    if (inner == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0) _exit(kSkip);
      if (mount("proc", "/proc", "proc", 0, nullptr) != 0) _exit(kSkip);
      // Before Linux 6.14 this would be the limit of the whole machine.
      if (KernelIsAtLeast(6, 14)) {
        std::ofstream limit("/proc/sys/kernel/pid_max");
        limit << kFirstPid + num_pids << std::flush;
        shared->has_own_pid_max = limit.good();
      }
      if (!shared->has_own_pid_max && access("/proc/sys/kernel/ns_last_pid", W_OK) != 0) _exit(kSkip);
      body();
      fflush(nullptr);
      _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    waitpid(inner, &status, 0);
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 2);
  }
  int status = 0;
  ASSERT_EQ(waitpid(outer, &status, 0), outer);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) != kSkip) {
    EXPECT_EQ(WEXITSTATUS(status), 0);
    std::printf("%llu operations on %llu handles, %llu pids taken over by %llu innocent processes, %llu reached\n",
                static_cast<unsigned long long>(shared->operations), static_cast<unsigned long long>(shared->handles),
                static_cast<unsigned long long>(shared->recycled), static_cast<unsigned long long>(shared->innocents),
                static_cast<unsigned long long>(shared->misdirected.load()));
    EXPECT_EQ(shared->misdirected, 0u);
    EXPECT_GT(shared->recycled, 0u) << "nothing was tested";
  }
  const bool skip = WEXITSTATUS(status) == kSkip;
  munmap(memory, sizeof(Shared));
  if (skip) GTEST_SKIP() << "no pid namespace whose pids are few";
}

pid_t Fork(const std::function<void()> &body) {
  Aim();
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    body();
    _exit(0);
  }
  return pid;
}

// ---- Handles of processes that have ended, whose pids are others' now -----------------------------------------------

struct Innocent {
  pid_t pid;
  int nice, ionice;
  size_t cpus;
  struct rlimit files;
};

Innocent Look(pid_t pid) {
  Innocent now = {
      pid, getpriority(PRIO_PROCESS, static_cast<id_t>(pid)), static_cast<int>(syscall(SYS_ioprio_get, 1, pid)), 0, {}};
  cpu_set_t set;
  CPU_ZERO(&set);
  sched_getaffinity(pid, sizeof set, &set);
  now.cpus = static_cast<size_t>(CPU_COUNT(&set));
  prlimit(pid, RLIMIT_NOFILE, nullptr, &now.files);
  return now;
}

void ExpectUnharmed(const Innocent &before) {
  int status = 0;
  // Not ended, stopped or continued.
  ASSERT_EQ(waitpid(before.pid, &status, WNOHANG | WUNTRACED | WCONTINUED), 0) << status;
  const Innocent now = Look(before.pid);
  EXPECT_EQ(now.nice, before.nice);
  EXPECT_EQ(now.ionice, before.ionice);
  EXPECT_EQ(now.cpus, before.cpus);
  EXPECT_EQ(now.files.rlim_cur, before.files.rlim_cur);
}

struct Lists {
  List<sonde_process_table> table;
  List<sonde_thread_list> threads;
  List<sonde_open_file_list> files;
  List<sonde_map_list> maps;
  List<sonde_environ_list> variables;
  List<sonde_limit_list> limits;
  List<sonde_cpu_list> cpus;
  List<sonde_connection_list> connections;
};

// Everything that a handle can be asked or told, one after the other.
void Operate(sonde_process_handle *handle, Lists *lists, const Context &context) {
  const uint32_t cpu = 0;
  const sonde_limit limit = {SONDE_OK, SONDE_LIMIT_NOFILE, 17, 17};
  const sonde_status told[] = {
      sonde_process_signal(handle, 0),
      sonde_process_signal(handle, SIGUSR1),
      sonde_process_suspend(handle),
      sonde_process_resume(handle),
      sonde_process_terminate(handle),
      sonde_process_kill(handle),
      sonde_process_set_nice(handle, 9),
      sonde_process_set_ionice(handle, 3, 0),
      sonde_process_set_affinity(handle, &cpu, 1),
      sonde_process_set_limit(handle, &limit),
      sonde_process_affinity_get(handle, &lists->cpus),
      sonde_process_read(handle, &lists->table, SONDE_PROCESS_STAT),
      sonde_process_read(handle, &lists->table, SONDE_PROCESS_IONICE | SONDE_PROCESS_UNIQUE_ID | SONDE_PROCESS_DELAYS),
      sonde_process_read(handle, &lists->table, 0),
      sonde_thread_list_get(handle, &lists->threads),
      sonde_open_file_list_get(handle, &lists->files, false),
      sonde_map_list_get(handle, &lists->maps, false),
      sonde_environ_list_get(handle, &lists->variables),
      sonde_limit_list_get(handle, &lists->limits),
  };
  for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
    EXPECT_EQ(told[i], SONDE_ERR_NO_PROCESS) << "operation " << i << ": " << context.error();
  }
  shared->operations += sizeof told / sizeof told[0];
  bool running = true;
  EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
  EXPECT_FALSE(running);
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_OK);
  EXPECT_EQ(how.valid, 0u);
  shared->operations += 2;
}

void OperateOnTheDead(const sonde_options *options) {
  constexpr size_t kProcesses = 8;
  const Context context(options);
  Lists lists;
  RecordSignals();
  while (shared->operations < Operations() && !testing::Test::HasFailure()) {
    is_innocent = false;
    std::vector<pid_t> dead;
    std::vector<sonde_process_handle *> handles;
    for (size_t i = 0; i < kProcesses; i++) {
      const pid_t pid = Fork([] {});
      ASSERT_GT(pid, 0);
      sonde_process_handle *handle = nullptr;
      ASSERT_EQ(sonde_process_open(context, &handle, pid), SONDE_OK) << context.error();
      dead.push_back(pid);
      handles.push_back(handle);
      shared->handles++;
    }
    for (const pid_t pid : dead) ASSERT_EQ(waitpid(pid, nullptr, 0), pid);
    is_innocent = true;
    std::vector<Innocent> innocents;
    std::set<pid_t> taken;
    // As many as pids are left: they take those of the dead.
    while (innocents.size() < 2 * kProcesses && taken.size() < 2 * kProcesses) {
      const pid_t pid = Fork([] {
        for (;;) pause();
      });
      ASSERT_GT(pid, 0);
      innocents.push_back(Look(pid));
      taken.insert(pid);
    }
    shared->innocents += innocents.size();
    for (size_t i = 0; i < kProcesses; i++) shared->recycled += taken.count(dead[i]);
    for (int again = 0; again < 4; again++) {
      for (sonde_process_handle *handle : handles) Operate(handle, &lists, context);
    }
    for (sonde_process_handle *handle : handles) sonde_process_close(handle);
    for (const Innocent &innocent : innocents) ExpectUnharmed(innocent);
    for (const Innocent &innocent : innocents) kill(innocent.pid, SIGKILL);
    for (const Innocent &innocent : innocents) {
      int status = 0;
      ASSERT_EQ(waitpid(innocent.pid, &status, 0), innocent.pid);
      EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << status;
    }
  }
}

int NoPidfd(pid_t, unsigned) {
  errno = ENOSYS;
  return -1;
}

TEST(RecycledPid, HandlesOfTheDeadReachNobody) {
  InSmallPidNamespace(16, [] { OperateOnTheDead(nullptr); });
}

TEST(RecycledPid, HandlesOfTheDeadReachNobodyWithoutPidfd) {
  InSmallPidNamespace(16, [] {
    struct linux_os os = sondei_linux_os;
    os.pidfd_open = NoPidfd;
    const struct sonde_os_override override = {"linux", &os};
    sonde_options options = {};
    options.os_override = &override;
    OperateOnTheDead(&options);
  });
}

// ---- Signals while the process ends and its pid is taken ------------------------------------------------------------

// Takes each pid that gets free at once, for a short life.
void TakePids() {
  is_innocent = true;
  signal(SIGCHLD, SIG_IGN);
  while (!shared->stop) {
    if (Fork([] { usleep(200); }) > 0) {
      shared->innocents++;
    }
  }
}

TEST(RecycledPid, SignalsThatRaceWithTheEndReachNobodyElse) {
  InSmallPidNamespace(4, [] {
    const Context context;
    RecordSignals();
    signal(SIGCHLD, SIG_IGN);  // pids get free the moment their processes end
    is_innocent = true;
    const pid_t taker = Fork(TakePids);
    ASSERT_GT(taker, 0);
    is_innocent = false;
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    bool is_exact = true;
    // A machine that is slow to fork gets through its operations before the first pid is another's: they go on then.
    const auto is_done = [] {
      return shared->operations >= Operations() / 5 &&
             (shared->recycled >= kTakenEnough || shared->operations >= 100 * Operations());
    };
    while (!is_done() && is_exact) {
      const pid_t victim = Fork([&] {
        char byte;
        signal(SIGUSR1, SIG_IGN);
        const ssize_t got = read(ends[0], &byte, 1);
        (void)got;
      });
      if (victim < 0) continue;  // there is no pid left for it
      Handle handle(context, victim);
      shared->handles++;
      is_exact = sonde_process_is_exact(handle);
      sonde_status status = SONDE_OK;
      ASSERT_EQ(write(ends[1], "!", 1), 1);
      while (is_exact && status == SONDE_OK) {
        status = sonde_process_signal(handle, SIGUSR1);
        shared->operations++;
        sched_yield();  // where others want the CPU, the process is to come to its end
      }
      EXPECT_TRUE(status == SONDE_ERR_NO_PROCESS || !is_exact) << context.error();
      // The pid is another's now, or is about to be.
      bool is_taken = false;
      for (int again = 0, after = 0; is_exact && again < 1000 && after < 16; again++) {
        EXPECT_EQ(sonde_process_signal(handle, SIGUSR1), SONDE_ERR_NO_PROCESS);
        EXPECT_EQ(sonde_process_kill(handle), SONDE_ERR_NO_PROCESS);
        shared->operations += 2;
        is_taken = is_taken || kill(victim, 0) == 0;
        sched_yield();
        after += is_taken;
      }
      shared->recycled += is_taken;
    }
    shared->stop = true;
    kill(taker, SIGKILL);
    if (!is_exact) _exit(kSkip);
  });
}

}  // namespace
