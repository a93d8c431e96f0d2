// SPDX-License-Identifier: MIT
// What Linux tells of processes whose state the test chose, field by field.
#include "backends/linux/linux_os.h"  // first

#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/linux_os_fault.h"
#include "tests/support/refusing_os.h"
#include "tests/support/tree.h"
#include "tests/support/valgrind.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;
using namespace std::string_literals;

using Table = List<sonde_process_table>;

const sonde_process *Get(const Context &context, Table *table, pid_t pid, uint64_t fields) {
  EXPECT_EQ(sonde_process_get(context, table, pid, fields), SONDE_OK) << context.error();
  return table->rows;
}

std::string Read(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string Proc(pid_t pid, const std::string &file) { return "/proc/" + std::to_string(pid) + "/" + file; }

std::string Link(const std::string &path) {
  char target[4096];
  const ssize_t len = readlink(path.c_str(), target, sizeof target);
  return len < 0 ? "" : std::string(target, static_cast<size_t>(len));
}

bool Write(const std::string &path, const std::string &bytes) {
  const int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool done = write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  close(fd);
  return done;
}

// ---- Limits, scheduling ---------------------------------------------------------------------------------------------

TEST(ProcessState, EveryLimitIsSetAndTold) {
  const struct {
    sonde_limit_kind kind;
    int resource;
  } rows[] = {{SONDE_LIMIT_CPU, RLIMIT_CPU},           {SONDE_LIMIT_FSIZE, RLIMIT_FSIZE},
              {SONDE_LIMIT_DATA, RLIMIT_DATA},         {SONDE_LIMIT_STACK, RLIMIT_STACK},
              {SONDE_LIMIT_CORE, RLIMIT_CORE},         {SONDE_LIMIT_RSS, RLIMIT_RSS},
              {SONDE_LIMIT_NPROC, RLIMIT_NPROC},       {SONDE_LIMIT_NOFILE, RLIMIT_NOFILE},
              {SONDE_LIMIT_MEMLOCK, RLIMIT_MEMLOCK},   {SONDE_LIMIT_AS, RLIMIT_AS},
              {SONDE_LIMIT_LOCKS, RLIMIT_LOCKS},       {SONDE_LIMIT_SIGPENDING, RLIMIT_SIGPENDING},
              {SONDE_LIMIT_MSGQUEUE, RLIMIT_MSGQUEUE}, {SONDE_LIMIT_NICE, RLIMIT_NICE},
              {SONDE_LIMIT_RTPRIO, RLIMIT_RTPRIO},     {SONDE_LIMIT_RTTIME, RLIMIT_RTTIME}};
  const Child child = Child::stopped();
  const Context context;
  Handle handle(context, child.pid());
  uint64_t value = 1;
  for (const auto &row : rows) {
    const auto resource = static_cast<__rlimit_resource>(row.resource);
    struct rlimit before, after;
    ASSERT_EQ(prlimit(child.pid(), resource, nullptr, &before), 0);
    // No two are the same, and all are small enough to be lowered to: only root may raise.
    const uint64_t hard = before.rlim_max < 2 * value ? before.rlim_max : 2 * value;
    const uint64_t soft = hard < value ? hard : value;
    value += 7;
    sonde_limit set = {SONDE_OK, row.kind, soft, hard};
    ASSERT_EQ(sonde_process_set_limit(handle, &set), SONDE_OK) << row.resource << context.error();
    ASSERT_EQ(prlimit(child.pid(), resource, nullptr, &after), 0);
    EXPECT_EQ(after.rlim_cur, soft);
    EXPECT_EQ(after.rlim_max, hard);
    List<sonde_limit_list> limits;
    ASSERT_EQ(sonde_limit_list_get(handle, &limits), SONDE_OK) << context.error();
    bool found = false;
    for (const sonde_limit &limit : limits) {
      if (limit.kind != row.kind) continue;
      found = true;
      EXPECT_EQ(limit.soft, soft) << row.resource;
      EXPECT_EQ(limit.hard, hard) << row.resource;
    }
    EXPECT_TRUE(found) << row.resource;
    set.soft = hard + 1;
    EXPECT_EQ(sonde_process_set_limit(handle, &set), SONDE_ERR_INVALID) << "soft above hard";
  }
}

struct SchedAttributes {
  uint32_t size, policy;
  uint64_t flags;
  int32_t nice;
  uint32_t priority;
  uint64_t runtime, deadline, period;
};

TEST(ProcessState, SchedulingPolicies) {
  const struct {
    uint32_t policy, priority;
  } rows[] = {{SCHED_OTHER, 0}, {SCHED_FIFO, 1}, {SCHED_FIFO, 99}, {SCHED_RR, 50}, {SCHED_BATCH, 0},
              {SCHED_IDLE, 0},  {6, 0}};  // 6: SCHED_DEADLINE
  const Context context;
  int tried = 0;
  for (const auto &row : rows) {
    const Child child = Child::running([&] {
      SchedAttributes attributes = {sizeof attributes, row.policy, 0, 0, row.priority, 0, 0, 0};
      if (row.policy == 6) {
        attributes.runtime = 1000000;
        attributes.deadline = attributes.period = 100000000;
      }
      if (syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) _exit(1);
    });
    if (sched_getscheduler(child.pid()) < 0 || sched_getscheduler(child.pid()) != static_cast<int>(row.policy))
      continue;
    tried++;
    Table table;
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_PRIORITY);
    EXPECT_EQ(p->policy, row.policy);
    EXPECT_EQ(p->rt_priority, row.priority);
    const bool is_realtime = row.policy == SCHED_FIFO || row.policy == SCHED_RR;
    if (is_realtime) {
      EXPECT_EQ(p->priority, -1 - static_cast<int>(row.priority));
    }
  }
  EXPECT_GE(tried, 3) << "everybody may be SCHED_OTHER, _BATCH and _IDLE";
}

TEST(ProcessState, IoPriorities) {
  const Context context;
  const int classes[][2] = {{0, 0}, {2, 0}, {2, 7}, {3, 0}, {1, 0}, {1, 7}};
  for (const auto &row : classes) {
    const Child child = Child::sleeping();
    Handle handle(context, child.pid());
    const sonde_status status = sonde_process_set_ionice(handle, row[0], row[1]);
    if (row[0] == 1 && status == SONDE_ERR_ACCESS) continue;  // real time wants privilege
    if (status == SONDE_ERR_OS) GTEST_SKIP() << "no I/O priorities here: " << context.error();
    ASSERT_EQ(status, SONDE_OK) << context.error();
    const long told = syscall(SYS_ioprio_get, 1, child.pid());
    Table table;
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_IONICE);
    EXPECT_EQ(p->ionice_class, told >> 13 & 7);
    EXPECT_EQ(p->ionice_value, told & 7);
    if (row[0] != 0) {
      EXPECT_EQ(p->ionice_class, row[0]);
      EXPECT_EQ(p->ionice_value, row[1]);
    }
  }
}

TEST(ProcessState, OomAdjustmentAndAutogroup) {
  const Child child = Child::running([] {
    setsid();
    EXPECT_TRUE(Write("/proc/self/oom_score_adj", "321"));
    Write("/proc/self/autogroup", "5");
  });
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_OOM | SONDE_PROCESS_AUTOGROUP);
  ASSERT_NE(p->valid & SONDE_PROCESS_OOM, 0u);
  EXPECT_EQ(p->oom_score_adj, 321);
  EXPECT_NEAR(p->oom_score, std::stoi(Read(Proc(child.pid(), "oom_score"))), 5);
  const std::string autogroup = Read(Proc(child.pid(), "autogroup"));
  EXPECT_EQ((p->valid & SONDE_PROCESS_AUTOGROUP) != 0, !autogroup.empty());
  if (!autogroup.empty()) {
    EXPECT_EQ("/autogroup-" + std::to_string(p->autogroup) + " nice " + std::to_string(p->autogroup_nice) + "\n",
              autogroup);
  }
}

// ---- Namespaces, cgroups --------------------------------------------------------------------------------------------

TEST(ProcessState, EachNewNamespace) {
  const struct {
    int flag;
    const char *file;
    uint64_t sonde_process_namespaces::*inode;
  } rows[] = {{CLONE_NEWNS, "mnt", &sonde_process_namespaces::mnt},
              {CLONE_NEWUTS, "uts", &sonde_process_namespaces::uts},
              {CLONE_NEWIPC, "ipc", &sonde_process_namespaces::ipc},
              {CLONE_NEWNET, "net", &sonde_process_namespaces::net},
              {CLONE_NEWUSER, "user", &sonde_process_namespaces::user},
              {CLONE_NEWCGROUP, "cgroup", &sonde_process_namespaces::cgroup},
              {CLONE_NEWPID, "pid_for_children", &sonde_process_namespaces::pid_for_children},
              {0x80, "time_for_children", &sonde_process_namespaces::time_for_children}};  // CLONE_NEWTIME
  const Context context;
  Table ours, table;
  const sonde_process_namespaces *mine = Get(context, &ours, getpid(), SONDE_PROCESS_NAMESPACES)->namespaces;
  ASSERT_NE(mine, nullptr);
  int tried = 0;
  for (const auto &row : rows) {
    Child child = Child::running([&] {
      if (unshare(row.flag) != 0) _exit(1);
    });
    if (waitpid(child.pid(), nullptr, WNOHANG) != 0) {
      child.release();
      continue;
    }
    tried++;
    const sonde_process_namespaces *theirs = Get(context, &table, child.pid(), SONDE_PROCESS_NAMESPACES)->namespaces;
    ASSERT_NE(theirs, nullptr) << row.file;
    for (const auto &other : rows) {
      const std::string target = Link(Proc(child.pid(), "ns/"s + other.file));
      const uint64_t inode = theirs->*other.inode;
      if (target.empty()) {
        // A kind that this kernel lacks, or that has no member yet (pid_for_children before its first process).
        EXPECT_EQ(inode, 0u) << row.file << " " << other.file;
        continue;
      }
      EXPECT_EQ(target.substr(target.find('[')), "[" + std::to_string(inode) + "]") << row.file << " " << other.file;
      EXPECT_EQ(inode != mine->*other.inode, other.flag == row.flag) << row.file << " " << other.file;
    }
  }
  if (tried == 0) GTEST_SKIP() << "no namespaces here";
}

TEST(ProcessState, PidsInNestedNamespaces) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  // A process two pid namespaces further in: 1 in the innermost, whatever it is in the one between.
  Child outer = Child::running([&] {
    if (unshare(CLONE_NEWPID) != 0) _exit(1);
    if (fork() == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);  // with it, the first of its namespace, all others end
      if (fork() == 0) pause();          // takes pid 2
      if (unshare(CLONE_NEWPID) != 0) _exit(1);
      const pid_t inner = fork();
      if (inner == 0) pause();
      if (write(ends[1], &inner, sizeof inner) != static_cast<ssize_t>(sizeof inner)) _exit(1);
      pause();
    }
    close(ends[1]);
  });
  close(ends[1]);
  pid_t between = 0;
  if (read(ends[0], &between, sizeof between) != static_cast<ssize_t>(sizeof between)) {
    close(ends[0]);
    GTEST_SKIP() << "no pid namespaces here";
  }
  close(ends[0]);
  const Context context;
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NS_PIDS | SONDE_PROCESS_PPID), SONDE_OK);
  // The innermost is told by three pids that end in (between, 1).
  bool found = false;
  for (const sonde_process &p : table) {
    if (p.num_ns_pids < 3 || p.ns_pids[p.num_ns_pids - 1] != 1 || p.ns_pids[p.num_ns_pids - 2] != between) continue;
    size_t at = sonde_process_table_find(&table, p.ppid);
    if (at == SIZE_MAX || table[at].ppid != outer.pid()) continue;
    found = true;
    EXPECT_EQ(p.num_ns_pids, 3u);
    EXPECT_EQ(p.ns_pids[0], p.pid);
  }
  EXPECT_TRUE(found);
}

TEST(ProcessState, CgroupAndContainer) {
  const std::string id(64, 'b');
  Tree tree;
  tree.mkdir("groups");
  const std::string root = tree.at("groups");
  const std::string folder = "/sonde_test_" + std::to_string(getpid()), leaf = folder + "/docker-" + id + ".scope";
  if (mount("none", root.c_str(), "cgroup2", 0, nullptr) != 0) GTEST_SKIP() << "cgroup v2 cannot be mounted here";
  struct Unmounter {
    const std::string &path;
    ~Unmounter() { umount2(path.c_str(), MNT_DETACH); }
  } const unmounter = {root};
  if (mkdir((root + folder).c_str(), 0755) != 0) GTEST_SKIP() << "no control groups can be made here";
  ASSERT_EQ(mkdir((root + leaf).c_str(), 0755), 0);
  {
    const Child child = Child::sleeping();
    EXPECT_TRUE(Write(root + leaf + "/cgroup.procs", std::to_string(child.pid())));
    const Context context;
    Table table;
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_CGROUP);
    EXPECT_EQ(text(p->cgroup), leaf) << Read(Proc(child.pid(), "cgroup"));
    EXPECT_EQ(text(p->container_id), id);
  }
  EXPECT_EQ(rmdir((root + leaf).c_str()), 0);
  EXPECT_EQ(rmdir((root + folder).c_str()), 0);
}

// ---- Who it is and what it may --------------------------------------------------------------------------------------

TEST(ProcessState, CapabilitiesThatTheTestChose) {
  if (geteuid() != 0) GTEST_SKIP() << "only root has some to drop";
  constexpr uint64_t kKept = 1 << CAP_KILL | 1 << CAP_NET_BIND_SERVICE | 1 << CAP_SETPCAP;
  Child child = Child::running([&] {
    if (prctl(PR_CAPBSET_DROP, CAP_SYS_TIME, 0, 0, 0) != 0) _exit(1);
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {};
    data[0].effective = 1 << CAP_KILL;
    data[0].permitted = static_cast<uint32_t>(kKept);
    data[0].inheritable = 1 << CAP_NET_BIND_SERVICE;
    if (syscall(SYS_capset, &header, data) != 0) _exit(1);
    prctl(47, 2, CAP_NET_BIND_SERVICE, 0, 0);  // PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE: Linux 4.3
  });
  if (waitpid(child.pid(), nullptr, WNOHANG) != 0) {
    child.release();
    GTEST_SKIP() << "capabilities cannot be dropped here";
  }
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, child.pid()};
  struct __user_cap_data_struct data[2] = {};
  ASSERT_EQ(syscall(SYS_capget, &header, data), 0);
  const Context context;
  Table table;
  const sonde_process_capabilities *told = Get(context, &table, child.pid(), SONDE_PROCESS_CAPABILITIES)->capabilities;
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->effective, uint64_t{1} << CAP_KILL);
  EXPECT_EQ(told->permitted, kKept);
  EXPECT_EQ(told->inheritable, uint64_t{1} << CAP_NET_BIND_SERVICE);
  EXPECT_EQ(told->ambient, uint64_t{1} << CAP_NET_BIND_SERVICE);
  EXPECT_EQ(told->effective, data[0].effective | static_cast<uint64_t>(data[1].effective) << 32);
  uint64_t bounding = 0;
  for (unsigned capability = 0; capability < 64; capability++) {
    const int has = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (has == 1 && capability != CAP_SYS_TIME) bounding |= uint64_t{1} << capability;
  }
  EXPECT_EQ(told->bounding, bounding);
}

TEST(ProcessState, AsManyGroupsAsThereCanBe) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can change its groups";
  const Context context;
  for (const size_t count : {size_t{0}, size_t{1000}, size_t{65536}}) {
    std::vector<gid_t> groups(count);
    for (size_t i = 0; i < count; i++) groups[i] = static_cast<gid_t>(3 * i + (i > 60000 ? 4000000000u : 7));
    const Child child = Child::running([&] {
      if (setgroups(count, groups.data()) != 0) _exit(1);
    });
    Table table;
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_GROUPS | SONDE_PROCESS_UIDS);
    EXPECT_EQ(p->status, SONDE_OK) << context.error();
    ASSERT_EQ(p->num_groups, count);
    for (size_t i = 0; i < count; i++) ASSERT_EQ(p->groups[i], groups[i]) << i;
  }
}

TEST(ProcessState, LoginUidLabelAndWchan) {
  const Child child = Child::running([] { Write("/proc/self/loginuid", "4711"); });  // may be refused
  kill(child.pid(), SIGSTOP);
  child.wait_for_state('T');
  const Context context;
  Table table;
  const sonde_process *p =
      Get(context, &table, child.pid(), SONDE_PROCESS_LOGINUID | SONDE_PROCESS_LABEL | SONDE_PROCESS_WCHAN);
  const std::string loginuid = Read(Proc(child.pid(), "loginuid"));
  EXPECT_EQ((p->valid & SONDE_PROCESS_LOGINUID) != 0, !loginuid.empty());
  if (!loginuid.empty()) {
    EXPECT_EQ(std::to_string(p->loginuid), loginuid);
  }
  std::string label = Read(Proc(child.pid(), "attr/current"));
  while (!label.empty() && (label.back() == '\n' || label.back() == '\0')) label.pop_back();
  EXPECT_EQ(text(p->label), label);
  const std::string wchan = Read(Proc(child.pid(), "wchan"));
  EXPECT_EQ(text(p->wchan), wchan == "0" ? "" : wchan);
}

TEST(ProcessState, SignalMasks) {
  SONDE_SKIP_UNDER_VALGRIND("it has masks of its own");
  const auto bit = [](int number) { return uint64_t{1} << (number - 1); };
  const Child child = Child::running([] {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int number : {SIGUSR1, SIGUSR2, SIGHUP, SIGRTMIN + 3, 64}) sigaddset(&blocked, number);
    sigprocmask(SIG_BLOCK, &blocked, nullptr);
    signal(SIGTERM, SIG_IGN);
    signal(SIGWINCH, [](int) {});
    signal(64, [](int) {});
    raise(SIGUSR1);  // to the thread
    kill(getpid(), SIGUSR2);
    for (int i = 0; i < 3; i++) sigqueue(getpid(), SIGRTMIN + 3, {});
  });
  const Context context;
  Table table;
  const sonde_process_signals *told = Get(context, &table, child.pid(), SONDE_PROCESS_SIGNALS)->signals;
  ASSERT_NE(told, nullptr);
  EXPECT_EQ(told->blocked & (bit(SIGUSR1) | bit(SIGUSR2) | bit(SIGHUP) | bit(SIGRTMIN + 3) | bit(64) | bit(SIGINT)),
            bit(SIGUSR1) | bit(SIGUSR2) | bit(SIGHUP) | bit(SIGRTMIN + 3) | bit(64));
  EXPECT_EQ(told->ignored & (bit(SIGTERM) | bit(SIGWINCH) | bit(SIGHUP)), bit(SIGTERM));
  EXPECT_EQ(told->caught & (bit(SIGTERM) | bit(SIGWINCH) | bit(64)), bit(SIGWINCH) | bit(64));
  EXPECT_EQ(told->pending, bit(SIGUSR1));
  EXPECT_EQ(told->shared_pending, bit(SIGUSR2) | bit(SIGRTMIN + 3));
  EXPECT_GE(told->queued, 5u);
  struct rlimit limit;
  ASSERT_EQ(prlimit(child.pid(), RLIMIT_SIGPENDING, nullptr, &limit), 0);
  EXPECT_EQ(told->queued_limit, limit.rlim_cur);
}

TEST(ProcessState, UmaskAndSeccomp) {
  SONDE_SKIP_UNDER_VALGRIND("it makes calls that the filter refuses");
  const Context context;
  Table table;
  const uint64_t fields = SONDE_PROCESS_UMASK | SONDE_PROCESS_SECCOMP;
  {
    const Child child = Child::running([] { umask(0123); });
    const sonde_process *p = Get(context, &table, child.pid(), fields);
    EXPECT_EQ(p->umask, 0123u);
    EXPECT_EQ(p->seccomp, static_cast<uint32_t>(prctl(PR_GET_SECCOMP)));
    EXPECT_EQ(p->no_new_privs, prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1);
  }
  const Child filtered = Child::running([] {
    const struct sock_filter code[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
    struct sock_fprog program = {1, const_cast<struct sock_filter *>(code)};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
      _exit(1);
    }
  });
  const sonde_process *p = Get(context, &table, filtered.pid(), fields);
  if (p->state == SONDE_PROCESS_STATE_ZOMBIE || (p->valid & SONDE_PROCESS_SECCOMP) == 0) {
    GTEST_SKIP() << "no seccomp here";
  }
  EXPECT_EQ(p->seccomp, 2u);
  EXPECT_TRUE(p->no_new_privs);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  fflush(nullptr);
  const pid_t strict = fork();
  if (strict == 0) {
    char byte;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(ends[1]);
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT) != 0) _exit(1);
    const ssize_t got = read(ends[0], &byte, 1);  // one of the four calls that it has left
    syscall(SYS_exit, static_cast<int>(got));
  }
  close(ends[0]);
  for (int i = 0; i < 10000; i++) {
    p = Get(context, &table, strict, fields);
    if (p->seccomp == 1) break;
    usleep(1000);
  }
  EXPECT_EQ(p->seccomp, 1u);
  close(ends[1]);
  waitpid(strict, nullptr, 0);
}

TEST(ProcessState, UniqueIdIsThatOfThePidfd) {
  const Child first = Child::sleeping(), second = Child::sleeping();
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, first.pid(), SONDE_PROCESS_UNIQUE_ID);
  if (p->valid == 0) GTEST_SKIP() << "not before Linux 6.9";
  const uint64_t id = p->unique_id;
  struct stat info;
  const int pidfd = static_cast<int>(syscall(434, first.pid(), 0));
  ASSERT_EQ(fstat(pidfd, &info), 0);
  close(pidfd);
  EXPECT_EQ(id, info.st_ino);
  EXPECT_NE(Get(context, &table, second.pid(), SONDE_PROCESS_UNIQUE_ID)->unique_id, id);
  EXPECT_EQ(Get(context, &table, first.pid(), SONDE_PROCESS_UNIQUE_ID)->unique_id, id);
}

TEST(ProcessState, BitnessIsNotLostWhereReadsAreShort) {
  sonde_test::LinuxOsFault fault;
  sonde_options options = {};
  options.os_override = fault.override();
  const Context context(&options);
  Table table;
  const sonde_process *p = Get(context, &table, getpid(), SONDE_PROCESS_BITNESS);
  if (p->valid == 0) GTEST_SKIP() << "programs cannot be read";
  EXPECT_EQ(p->bitness, 8 * sizeof(void *));
  fault.begin(sonde_test::Misbehaviour::kShort, 1);
  p = Get(context, &table, getpid(), SONDE_PROCESS_BITNESS);
  fault.end();
  EXPECT_EQ(p->valid, SONDE_PROCESS_BITNESS);
  EXPECT_EQ(p->bitness, 8 * sizeof(void *));
}

// ---- Arguments and environment --------------------------------------------------------------------------------------

TEST(ProcessState, HugeArgumentsAndEnvironment) {
  std::vector<std::string> arguments = {"a"}, variables;
  std::string raw = "a\0"s;
  for (int i = 0; i < 5; i++) {
    arguments.push_back(std::string(100000, static_cast<char>('b' + i)));
    raw += arguments.back() + '\0';
    variables.push_back("V" + std::to_string(i) + "=" + std::string(120000, static_cast<char>('A' + i)));
  }
  const Child child = Child::executing(arguments, variables);
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_CMDLINE);
  EXPECT_EQ(text(p->cmdline), raw);
  ASSERT_EQ(p->num_args, arguments.size());
  for (size_t i = 0; i < arguments.size(); i++) EXPECT_EQ(text(p->args[i]), arguments[i]);
  Handle handle(context, child.pid());
  List<sonde_environ_list> told;
  ASSERT_EQ(sonde_environ_list_get(handle, &told), SONDE_OK) << context.error();
  ASSERT_EQ(told.count, variables.size() + 1);
  for (size_t i = 0; i < variables.size(); i++) {
    EXPECT_EQ(text(told[i].name) + "=" + text(told[i].value), variables[i]);
  }
}

TEST(ProcessState, NoArgumentsAtAll) {
  const Child child = Child::executing({});
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_CMDLINE);
  const std::string raw = Read(Proc(child.pid(), "cmdline"));  // Linux 5.18 makes one, empty
  EXPECT_EQ(text(p->cmdline), raw);
  EXPECT_EQ(p->num_args, raw.size());
  EXPECT_EQ(p->status, SONDE_OK);
  Handle handle(context, child.pid());
  List<sonde_environ_list> variables;
  ASSERT_EQ(sonde_environ_list_get(handle, &variables), SONDE_OK) << context.error();
  ASSERT_EQ(variables.count, 1u);
  EXPECT_EQ(text(variables[0].name), "SONDE_TEST_PAUSE");
}

// Where the kernel says that a process keeps its arguments or environment: a column of stat.
char *Column(size_t column) {
  const std::string stat = Read("/proc/self/stat");
  std::istringstream rest(stat.substr(stat.rfind(')') + 2));
  std::string word;
  for (size_t i = 3; i <= column && rest >> word;) i++;
  return word.empty() ? nullptr : reinterpret_cast<char *>(std::stoull(word));
}

TEST(ProcessState, RewrittenArgumentsAndEnvironment) {
  constexpr size_t kArgStart = 48, kArgEnd = 49, kEnvStart = 50, kEnvEnd = 51;
  // As setproctitle does: blanks between, and behind it what is left of the old arguments, cleared.
  const std::string title = "daemon: working on it";
  const Child child = Child::running([&] {
    char *const arguments = Column(kArgStart), *const arguments_end = Column(kArgEnd);
    char *const variables = Column(kEnvStart), *const variables_end = Column(kEnvEnd);
    if (arguments == nullptr || variables_end - variables < 8) _exit(1);
    const auto room = static_cast<size_t>(arguments_end - arguments);
    if (room > title.size()) {
      memset(arguments, 0, room);
      memcpy(arguments, title.data(), title.size());
    }
    memset(variables, 0, static_cast<size_t>(variables_end - variables));
    memcpy(variables, "X=new", 5);
  });
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_CMDLINE);
  const std::string raw = Read(Proc(child.pid(), "cmdline"));
  EXPECT_EQ(text(p->cmdline), raw);
  if (raw.compare(0, title.size(), title) == 0) {
    EXPECT_EQ(text(p->args[0]), title) << "cut at NUL, not at blanks";
  }
  Handle handle(context, child.pid());
  List<sonde_environ_list> variables;
  ASSERT_EQ(sonde_environ_list_get(handle, &variables), SONDE_OK) << context.error();
  if (variables.count == 0) GTEST_SKIP() << "the program was started without an environment";
  EXPECT_EQ(text(variables[0].name), "X");
  EXPECT_EQ(text(variables[0].value), "new");
}

// ---- Threads and memory ---------------------------------------------------------------------------------------------

TEST(ProcessState, AThousandThreads) {
  SONDE_SKIP_UNDER_VALGRIND("it knows 500 threads at most");
  constexpr size_t kCount = 1000;
  Child child = Child::running([] {
    static std::atomic<size_t> ready;
    for (size_t i = 1; i < kCount; i++) {
      pthread_attr_t attributes;
      pthread_attr_init(&attributes);
      pthread_attr_setstacksize(&attributes, 65536);
      pthread_t thread;
      const auto body = [](void *number) -> void * {
        prctl(PR_SET_NAME, ("t) R " + std::to_string(reinterpret_cast<uintptr_t>(number))).c_str());
        ready++;
        for (;;) pause();
      };
      if (pthread_create(&thread, &attributes, body, reinterpret_cast<void *>(i)) != 0) _exit(1);
    }
    while (ready < kCount - 1) usleep(1000);
  });
  if (waitpid(child.pid(), nullptr, WNOHANG) != 0) {
    child.release();
    GTEST_SKIP() << "not so many threads here";
  }
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_thread_list> threads;
  ASSERT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK) << context.error();
  EXPECT_EQ(threads.count, kCount);
  EXPECT_EQ(threads.bad, 0u);
  std::set<std::string> names, expected;
  std::set<int64_t> ids;
  for (const sonde_thread &thread : threads) {
    ids.insert(thread.id);
    if (thread.id != child.pid()) names.insert(text(thread.name));
  }
  for (size_t i = 1; i < kCount; i++) expected.insert("t) R " + std::to_string(i));
  EXPECT_EQ(names, expected);
  EXPECT_EQ(ids.size(), kCount);
}

TEST(ProcessState, TimesOfThreads) {
  constexpr uint64_t kTime = 120000000, kTick = 10000000;
  const Child child = Child::running([] {
    static std::atomic<bool> done;
    std::thread([] {
      prctl(PR_SET_NAME, "busy) R 1 1 1");
      timespec now = {};
      do {
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
      } while (static_cast<uint64_t>(now.tv_sec) * SONDE_NSEC_PER_SEC + static_cast<uint64_t>(now.tv_nsec) < kTime);
      done = true;
      for (;;) pause();
    }).detach();
    while (!done) usleep(1000);
  });
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_thread_list> threads;
  ASSERT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK) << context.error();
  ASSERT_EQ(threads.count, 2u);
  for (const sonde_thread &thread : threads) {
    if (thread.id == child.pid()) continue;
    EXPECT_EQ(text(thread.name), "busy) R 1 1 1");
    EXPECT_GE(thread.user_time + thread.system_time, kTime - 3 * kTick);
    EXPECT_LE(thread.user_time + thread.system_time, kTime + 8 * kTick);
  }
}

// The sums of smaps, by other means: key -> bytes; and of each mapping.
struct Sums {
  std::map<std::string, uint64_t> all;
  std::vector<std::map<std::string, uint64_t>> each;
};

Sums SumOf(const std::string &path) {
  Sums sums;
  std::istringstream in(Read(path));
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string key, unit;
    uint64_t value = 0;
    words >> key;
    if (key.empty()) continue;
    if (key.back() != ':') {
      sums.each.emplace_back();
    } else if (words >> value >> unit && unit == "kB") {
      key.pop_back();
      sums.all[key] += value * 1024;
      if (!sums.each.empty()) sums.each.back()[key] += value * 1024;
    }
  }
  return sums;
}

TEST(ProcessState, MappingsAreTheSumsOfSmaps) {
  Tree tree;
  tree.write("gone", std::string(20000, 'x'));
  const std::string path = tree.at("gone");
  const Child child = Child::running([&] {
    const int fd = open(path.c_str(), O_RDWR);
    auto *const file = static_cast<volatile char *>(mmap(nullptr, 20000, PROT_READ, MAP_SHARED, fd, 0));
    auto *const mine = static_cast<volatile char *>(
        mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    char sum = file[0];
    for (int at = 0; at < 1 << 20; at += 4096) mine[at] = sum;
    unlink(path.c_str());
  });
  const Context context;
  Handle handle(context, child.pid());
  // Pages that it shares with others change while others live and end: what is told must lie between two readings, in
  // one of many tries. A wrong value lies there in none.
  std::string wrong = "never tried";
  for (int tries = 0; tries < 100 && !wrong.empty(); tries++) {
    const Sums before = SumOf(Proc(child.pid(), "smaps"));
    List<sonde_map_list> maps;
    Table table;
    ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK);
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_FOOTPRINT);
    ASSERT_NE(p->footprint, nullptr);
    const Sums after = SumOf(Proc(child.pid(), "smaps"));
    wrong.clear();
    ASSERT_EQ(maps.count, before.each.size());
    ASSERT_EQ(maps.count, after.each.size());
    const auto compare = [&wrong](const std::string &what, uint64_t ours, uint64_t one, uint64_t other,
                                  uint64_t slack) {
      if (ours >= std::min(one, other) && ours <= std::max(one, other) + slack) return;
      wrong +=
          what + ": " + std::to_string(ours) + " is not " + std::to_string(one) + ".." + std::to_string(other) + "\n";
    };
    for (size_t i = 0; i < maps.count; i++) {
      const sonde_map &map = maps[i];
      const std::pair<const char *, uint64_t> told[] = {
          {"Rss", map.rss},
          {"Pss", map.pss},
          {"Shared_Clean", map.shared_clean},
          {"Shared_Dirty", map.shared_dirty},
          {"Private_Clean", map.private_clean},
          {"Private_Dirty", map.private_dirty},
          {"Referenced", map.referenced},
          {"Anonymous", map.anonymous},
          {"Swap", map.swap},
          {"Locked", map.locked},
      };
      for (const auto &[key, ours] : told) {
        compare(std::to_string(i) + " " + key, ours, before.each[i].at(key), after.each[i].at(key), 0);
      }
    }
    const auto uss = [](const Sums &sums) {
      return sums.all.at("Private_Clean") + sums.all.at("Private_Dirty") + sums.all.at("Private_Hugetlb");
    };
    EXPECT_GE(p->footprint->uss, uint64_t{1} << 20);
    compare("uss", p->footprint->uss, uss(before), uss(after), 0);
    compare("swap", p->footprint->swap, before.all.at("Swap"), after.all.at("Swap"), 0);
    // smaps rounds the share of each mapping down to a KiB, smaps_rollup their sum.
    compare("pss", p->footprint->pss, before.all.at("Pss"), after.all.at("Pss"), 1024 * maps.count);
    const auto *const gone =
        std::find_if(maps.begin(), maps.end(), [&](const sonde_map &map) { return text(map.path) == path; });
    ASSERT_NE(gone, maps.end());
    EXPECT_TRUE(gone->deleted);
    EXPECT_EQ(gone->end - gone->start, 20480u);
  }
  EXPECT_EQ(wrong, "");
}

TEST(ProcessState, SmapsIsReadWhereTheRollupFails) {
  const Child child = Child::executing({"a"});
  const Context context;
  Table table, again;
  for (const int code : {ENOENT, ESRCH}) {
    sonde_test::RefusingOs os;
    os.refuse("smaps_rollup", code);
    sonde_options options = {};
    options.os_override = os.override();
    const Context refused(&options);
    const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_FOOTPRINT);
    const sonde_process *q = Get(refused, &again, child.pid(), SONDE_PROCESS_FOOTPRINT);
    ASSERT_NE(p->footprint, nullptr);
    ASSERT_NE(q->footprint, nullptr) << code;
    EXPECT_EQ(q->footprint->uss, p->footprint->uss);
    EXPECT_EQ(q->footprint->swap, p->footprint->swap);
    EXPECT_LE(q->footprint->pss, p->footprint->pss + 65536);
  }
  sonde_test::RefusingOs os;
  os.refuse("smaps_rollup", EACCES);
  sonde_options options = {};
  options.os_override = os.override();
  const Context refused(&options);
  EXPECT_EQ(Get(refused, &again, child.pid(), SONDE_PROCESS_FOOTPRINT)->denied, SONDE_PROCESS_FOOTPRINT);
}

}  // namespace
