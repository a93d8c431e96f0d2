// SPDX-License-Identifier: MIT
// Pids, one process, handles, and pids that are used again.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::Tree;

TEST(LinuxProcess, Pids) {
  const Child child = Child::sleeping();
  const Child zombie = Child::zombie();
  const Context context;
  List<sonde_pid_list> pids;
  ASSERT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK) << context.error();
  const std::set<sonde_pid> told(pids.begin(), pids.end());
  EXPECT_EQ(told.size(), pids.count);
  EXPECT_EQ(told.count(getpid()), 1u);
  EXPECT_EQ(told.count(child.pid()), 1u);
  EXPECT_EQ(told.count(zombie.pid()), 1u);
}

TEST(LinuxProcess, PidsOfAMadeUpMachine) {
  Tree tree;
  for (const char *name :
       {"1", "42", "4194304", "self", "0", "01", "1a", "a1", "-1", "99999999999", "sys", "2147483648"}) {
    tree.mkdir(std::string("proc/") + name);
  }
  const Context context(tree.options());
  List<sonde_pid_list> pids;
  ASSERT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK);
  EXPECT_EQ(std::set<sonde_pid>(pids.begin(), pids.end()), (std::set<sonde_pid>{1, 42, 4194304}));
}

TEST(LinuxProcess, MorePidsThanOneReadTakes) {
  Tree tree;
  tree.mkdir("proc");
  for (int pid = 1; pid <= 1500; pid++) ASSERT_EQ(mkdir(tree.at("proc/" + std::to_string(pid)).c_str(), 0755), 0);
  const Context context(tree.options());
  List<sonde_pid_list> pids;
  ASSERT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK);
  EXPECT_EQ(pids.count, 1500u);
  EXPECT_EQ(std::set<sonde_pid>(pids.begin(), pids.end()).size(), 1500u);
}

TEST(LinuxProcess, Exists) {
  Child child = Child::sleeping();
  const Child zombie = Child::zombie();
  const Context context;
  bool exists = false;
  ASSERT_EQ(sonde_pid_exists(context, &exists, child.pid()), SONDE_OK);
  EXPECT_TRUE(exists);
  ASSERT_EQ(sonde_pid_exists(context, &exists, zombie.pid()), SONDE_OK);
  EXPECT_TRUE(exists);
  const pid_t pid = child.pid();
  child.end();
  for (const sonde_pid none : {static_cast<sonde_pid>(pid), sonde_pid{0}, sonde_pid{-1}, sonde_pid{INT32_MAX},
                               sonde_pid{1} << 32, INT64_MAX}) {
    exists = true;
    ASSERT_EQ(sonde_pid_exists(context, &exists, none), SONDE_OK) << none;
    EXPECT_FALSE(exists) << none;
  }
}

TEST(LinuxProcess, AThreadIsNoProcess) {
  std::atomic<pid_t> id{0};
  std::atomic<bool> stop{false};
  std::thread thread([&] {
    id = static_cast<pid_t>(syscall(SYS_gettid));
    while (!stop) usleep(1000);
  });
  while (id == 0) usleep(1000);
  const Context context;
  bool exists = true;
  EXPECT_EQ(sonde_pid_exists(context, &exists, id), SONDE_OK);
  EXPECT_FALSE(exists);
  List<sonde_process_table> table;
  EXPECT_EQ(sonde_process_get(context, &table, id, SONDE_PROCESS_STAT), SONDE_ERR_NO_PROCESS);
  sonde_process_handle *handle = nullptr;
  EXPECT_EQ(sonde_process_open(context, &handle, id), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(handle, nullptr);
  stop = true;
  thread.join();
}

TEST(LinuxProcess, AHandleKnowsItsProcess) {
  Child child = Child::sleeping();
  const Context context;
  const auto before = sonde_test::open_descriptors();
  {
    Handle handle(context, child.pid());
    EXPECT_LE(sonde_test::count_descriptors(), before.size() + 2);
    EXPECT_EQ(sonde_process_pid(handle), child.pid());
    bool running = false;
    EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
    EXPECT_TRUE(running);
    List<sonde_process_table> table;
    ASSERT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_STAT), SONDE_OK) << context.error();
    EXPECT_EQ(table[0].start_id, sonde_process_start_id(handle));
    kill(child.pid(), SIGKILL);
    child.wait_for_state('Z');
    EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
    EXPECT_TRUE(running) << "a zombie";
    child.end();
    EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
    EXPECT_FALSE(running);
    EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_STAT), SONDE_ERR_NO_PROCESS);
    EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_ALL), SONDE_ERR_NO_PROCESS);
    EXPECT_EQ(sonde_process_read(handle, &table, 0), SONDE_ERR_NO_PROCESS);
  }
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

TEST(LinuxProcess, OpeningFailsWithoutLeavingAnything) {
  const Context context;
  const auto before = sonde_test::open_descriptors();
  sonde_process_handle *handle = nullptr;
  for (const sonde_pid none : {sonde_pid{0}, sonde_pid{-1}, sonde_pid{INT32_MAX}, INT64_MAX}) {
    EXPECT_EQ(sonde_process_open(context, &handle, none), SONDE_ERR_NO_PROCESS) << none;
  }
  EXPECT_EQ(handle, nullptr);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
}

TEST(LinuxProcess, AHandleOfARecordedProcess) {
  Tree tree;
  tree.write("proc/7/stat", "7 (a) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 1\n");
  tree.write("proc/7/status", "Name:\ta\nTgid:\t7\nUid:\t5\t5\t5\t5\n");
  const Context context(tree.options());
  Handle handle(context, 7);
  EXPECT_FALSE(sonde_process_is_exact(handle));
  EXPECT_EQ(sonde_process_start_id(handle), 4711u);
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_UIDS), SONDE_OK);
  EXPECT_EQ(table[0].uids.real, 5u);
  EXPECT_EQ(sonde_process_signal(handle, 0), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_process_kill(handle), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_process_set_nice(handle, 1), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(sonde_process_set_ionice(handle, 2, 1), SONDE_ERR_UNSUPPORTED);
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_ERR_UNSUPPORTED);
  List<sonde_cpu_list> cpus;
  EXPECT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_ERR_UNSUPPORTED);
  tree.write("proc/7/status", "Name:\ta\nCpus_allowed_list:\t0-2,8\n");
  ASSERT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_OK) << context.error();
  EXPECT_EQ(std::vector<uint32_t>(cpus.begin(), cpus.end()), (std::vector<uint32_t>{0, 1, 2, 8}));
  tree.write("proc/7/status", "Name:\ta\nCpus_allowed_list:\t2-0\n");
  EXPECT_EQ(sonde_process_affinity_get(handle, &cpus), SONDE_ERR_PARSE);
}

// prometheus/client_golang #289, dotnet/runtime #108959, psutil #2521: btime is made anew at every read, and moves by a
// second as the clock is set. Who a process is must not move with it.
TEST(LinuxProcess, AClockThatIsSetChangesNoIdentity) {
  Tree tree;
  const std::string stat = "7 (a) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 1\n";
  tree.write("proc/stat", "cpu 1 2 3 4\nbtime 1000\n").write("proc/7/stat", stat);
  const Context context(tree.options());
  const Handle handle(context, 7);
  List<sonde_process_table> before, after;
  ASSERT_EQ(sonde_process_read(handle, &before, SONDE_PROCESS_STAT), SONDE_OK);
  tree.write("proc/stat", "cpu 1 2 3 4\nbtime 1001\n");
  ASSERT_EQ(sonde_process_read(handle, &after, SONDE_PROCESS_STAT), SONDE_OK);
  EXPECT_EQ(after[0].start_time, before[0].start_time + SONDE_NSEC_PER_SEC);
  EXPECT_EQ(after[0].start_id, before[0].start_id);
  bool is_running = false;
  ASSERT_EQ(sonde_process_is_running(handle, &is_running), SONDE_OK);
  EXPECT_TRUE(is_running);
  const Handle again(context, 7);
  EXPECT_EQ(sonde_process_start_id(again), sonde_process_start_id(handle));
}

// ---- A pid that is used again ---------------------------------------------------------------------------------------

int NoPidfd(pid_t, unsigned) {
  errno = ENOSYS;
  return -1;
}

// A sleeping child with the pid that the test chose; -1 when the kernel gave another.
pid_t ForkAs(pid_t pid) {
  std::ofstream(std::string("/proc/sys/kernel/ns_last_pid")) << pid - 1 << std::flush;
  const pid_t got = fork();
  if (got == 0) {
    for (;;) pause();
  }
  if (got == pid) return got;
  kill(got, SIGKILL);
  waitpid(got, nullptr, 0);
  return -1;
}

constexpr int kSkip = 77;

void UseAPidTwice(const sonde_options *options) {
  const Context context(options);
  const pid_t pid = ForkAs(200);
  if (pid < 0) _exit(kSkip);
  Handle handle(context, pid);
  const uint64_t first = sonde_process_start_id(handle);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
  usleep(20000);  // another tick: the start times differ
  ASSERT_EQ(ForkAs(pid), pid);
  Handle second(context, pid);
  EXPECT_NE(first, sonde_process_start_id(second));

  bool running = true;
  EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
  EXPECT_FALSE(running);
  List<sonde_process_table> table;
  for (const uint64_t fields : {UINT64_C(0), SONDE_PROCESS_STAT, SONDE_PROCESS_ALL, SONDE_PROCESS_IONICE}) {
    EXPECT_EQ(sonde_process_read(handle, &table, fields), SONDE_ERR_NO_PROCESS) << fields;
  }
  for (const int signal_number : {0, SIGTERM, SIGSTOP, SIGKILL}) {
    EXPECT_EQ(sonde_process_signal(handle, signal_number), SONDE_ERR_NO_PROCESS) << signal_number;
  }
  EXPECT_EQ(sonde_process_kill(handle), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_nice(handle, 9), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(sonde_process_set_ionice(handle, 3, 0), SONDE_ERR_NO_PROCESS);
  const uint32_t cpu = 0;
  EXPECT_EQ(sonde_process_set_affinity(handle, &cpu, 1), SONDE_ERR_NO_PROCESS);
  const sonde_limit limit = {SONDE_OK, SONDE_LIMIT_CORE, 0, 0};
  EXPECT_EQ(sonde_process_set_limit(handle, &limit), SONDE_ERR_NO_PROCESS);
  List<sonde_thread_list> threads;
  EXPECT_EQ(sonde_thread_list_get(handle, &threads), SONDE_ERR_NO_PROCESS);
  List<sonde_open_file_list> files;
  EXPECT_EQ(sonde_open_file_list_get(handle, &files, false), SONDE_ERR_NO_PROCESS);
  List<sonde_map_list> maps;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_NO_PROCESS);
  List<sonde_environ_list> variables;
  EXPECT_EQ(sonde_environ_list_get(handle, &variables), SONDE_ERR_NO_PROCESS);
  List<sonde_limit_list> limits;
  EXPECT_EQ(sonde_limit_list_get(handle, &limits), SONDE_ERR_NO_PROCESS);
  sonde_exit how;
  EXPECT_EQ(sonde_process_wait(handle, &how, 0), SONDE_OK) << "it has ended";
  EXPECT_EQ(how.valid, 0u);

  // Nothing of it reached the second owner of the pid.
  EXPECT_EQ(kill(pid, 0), 0);
  EXPECT_EQ(getpriority(PRIO_PROCESS, static_cast<id_t>(pid)), getpriority(PRIO_PROCESS, 0));
  ASSERT_EQ(sonde_process_read(second, &table, SONDE_PROCESS_STATE | SONDE_PROCESS_START_TIME), SONDE_OK);
  EXPECT_NE(table[0].state, SONDE_PROCESS_STATE_STOPPED);
  EXPECT_NE(table[0].state, SONDE_PROCESS_STATE_ZOMBIE);
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

// Runs body as the first process of a pid namespace with a procfs of its own; what it expects is this test's.
void InPidNamespace(const std::function<void()> &body) {
  fflush(nullptr);
  const pid_t outer = fork();
  if (outer == 0) {
    if (unshare(CLONE_NEWPID | CLONE_NEWNS) != 0) _exit(kSkip);
    const pid_t inner = fork();
    if (inner == 0) {
      if (mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0) _exit(kSkip);
      if (mount("proc", "/proc", "proc", 0, nullptr) != 0) _exit(kSkip);
      if (access("/proc/sys/kernel/ns_last_pid", W_OK) != 0) _exit(kSkip);
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
  if (WEXITSTATUS(status) == kSkip) GTEST_SKIP() << "no pid namespace in which pids can be chosen";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LinuxProcess, ARecycledPidFoolsNoHandle) {
  InPidNamespace([] { UseAPidTwice(nullptr); });
}

TEST(LinuxProcess, ARecycledPidFoolsNoHandleWithoutPidfd) {
  InPidNamespace([] {
    struct linux_os os = sondei_linux_os;
    os.pidfd_open = NoPidfd;
    const struct sonde_os_override override = {"linux", &os};
    sonde_options options = {};
    options.os_override = &override;
    UseAPidTwice(&options);
  });
}

}  // namespace
