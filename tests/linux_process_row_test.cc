// SPDX-License-Identifier: MIT
// One row: children whose state the test chose, and made-up machines.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;
using namespace std::string_literals;

using Table = List<sonde_process_table>;

const sonde_process *Get(const Context &context, Table *table, pid_t pid, uint64_t fields) {
  EXPECT_EQ(sonde_process_get(context, table, pid, fields), SONDE_OK) << context.error();
  return table->count == 1 ? table->rows : nullptr;
}

std::string Read(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string Link(const std::string &path) {
  char target[4096];
  const ssize_t len = readlink(path.c_str(), target, sizeof target);
  return len < 0 ? "" : std::string(target, static_cast<size_t>(len));
}

std::string Proc(pid_t pid, const char *file) { return "/proc/" + std::to_string(pid) + "/" + file; }

// A line of status: what stands behind the key.
std::string StatusLine(pid_t pid, const std::string &key) {
  std::istringstream in(Read(Proc(pid, "status")));
  for (std::string line; std::getline(in, line);) {
    if (line.compare(0, key.size() + 1, key + ":") == 0) {
      const size_t at = line.find_first_not_of(" \t", key.size() + 1);
      return at == std::string::npos ? "" : line.substr(at);
    }
  }
  return "";
}

TEST(LinuxProcessRow, ASleepingChildIsToldWhole) {
  const Child child = Child::sleeping();
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_OK);
  EXPECT_EQ(p->pid, child.pid());
  EXPECT_EQ(p->ppid, getpid());
  EXPECT_EQ(p->state, SONDE_PROCESS_STATE_SLEEPING);
  EXPECT_EQ(p->pgrp, getpgid(child.pid()));
  EXPECT_EQ(p->session, getsid(child.pid()));
  EXPECT_EQ(p->nice, getpriority(PRIO_PROCESS, static_cast<id_t>(child.pid())));
  EXPECT_EQ(p->policy, static_cast<uint32_t>(sched_getscheduler(child.pid())));
  EXPECT_EQ(p->num_threads, 1u);
  EXPECT_EQ(p->exit_signal, SIGCHLD);
  EXPECT_EQ(p->uids.real, getuid());
  EXPECT_EQ(p->uids.effective, geteuid());
  EXPECT_EQ(p->gids.real, getgid());
  EXPECT_EQ(p->gids.fs, getegid());
  const mode_t mask = umask(0);
  umask(mask);
  EXPECT_EQ(p->umask, mask);
  EXPECT_EQ(text(p->name) + "\n", Read(Proc(child.pid(), "comm")));
  ASSERT_NE(p->capabilities, nullptr);
  EXPECT_EQ(p->capabilities->effective, std::stoull(StatusLine(child.pid(), "CapEff"), nullptr, 16));
  EXPECT_EQ(p->capabilities->bounding, std::stoull(StatusLine(child.pid(), "CapBnd"), nullptr, 16));
  ASSERT_NE(p->signals, nullptr);
  EXPECT_EQ(p->signals->ignored, std::stoull(StatusLine(child.pid(), "SigIgn"), nullptr, 16));
  ASSERT_NE(p->memory_ex, nullptr);
  EXPECT_EQ(p->memory_ex->peak_rss, std::stoull(StatusLine(child.pid(), "VmHWM")) * 1024);
  EXPECT_EQ(p->memory_ex->peak_vms, std::stoull(StatusLine(child.pid(), "VmPeak")) * 1024);
  EXPECT_EQ(p->vms, std::stoull(StatusLine(child.pid(), "VmSize")) * 1024);
  EXPECT_EQ(p->valid & p->denied, 0u);
  EXPECT_EQ(p->failed, 0u);
  EXPECT_EQ(p->valid, SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS);
}

TEST(LinuxProcessRow, StartTimeLiesBetweenTwoLooksAtTheClock) {
  timespec before, after;
  clock_gettime(CLOCK_REALTIME, &before);
  const Child child = Child::sleeping();
  clock_gettime(CLOCK_REALTIME, &after);
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_START_TIME);
  ASSERT_NE(p, nullptr);
  // btime is in whole seconds, and moves by one when the clock is adjusted.
  EXPECT_GE(p->start_time + 2000000000, static_cast<uint64_t>(before.tv_sec) * 1000000000);
  EXPECT_LE(p->start_time, (static_cast<uint64_t>(after.tv_sec) + 2) * 1000000000);
  const std::string stat = Read(Proc(child.pid(), "stat"));
  std::istringstream rest(stat.substr(stat.rfind(')') + 2));
  std::vector<std::string> columns;
  for (std::string word; rest >> word;) columns.push_back(word);
  EXPECT_EQ(std::to_string(p->start_id), columns.at(22 - 3));
}

TEST(LinuxProcessRow, NamesThatLookLikeAnswersFoolNobody) {
  const std::string names[] = {"Uid:\t9\t9\t9\t9",
                               "Gid:\t8\t8\t8",
                               "Threads:\t99",
                               "a) R 1 2 3",
                               ") Z 0 0 0 0 0",
                               "x\n) Z 0",
                               "a\nUid:\t9\t9",
                               "((((",
                               "\xff\xfe\x01",
                               "\x1b]0;pwn\x07",
                               ""};
  const Context context;
  for (const std::string &name : names) {
    const Child child = Child::named(name);
    Table table;
    for (const uint64_t fields : {SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS,
                                  // These are all read from status alone.
                                  SONDE_PROCESS_NAME | SONDE_PROCESS_STATE | SONDE_PROCESS_PPID |
                                      SONDE_PROCESS_NUM_THREADS | SONDE_PROCESS_UIDS | SONDE_PROCESS_GIDS}) {
      const sonde_process *p = Get(context, &table, child.pid(), fields);
      ASSERT_NE(p, nullptr);
      EXPECT_EQ(p->status, SONDE_OK);
      EXPECT_EQ(text(p->name), name);
      EXPECT_EQ(p->state, SONDE_PROCESS_STATE_SLEEPING) << name;
      EXPECT_EQ(p->ppid, getpid()) << name;
      EXPECT_EQ(p->uids.real, getuid()) << name;
      EXPECT_EQ(p->gids.real, getgid()) << name;
      EXPECT_EQ(p->num_threads, 1u) << name;
    }
  }
}

TEST(LinuxProcessRow, AZombieHasNoPathsAndIsNotDenied) {
  const Child child = Child::zombie();
  const Context context;
  Table table;
  const uint64_t none = SONDE_PROCESS_CMDLINE | SONDE_PROCESS_EXE | SONDE_PROCESS_CWD | SONDE_PROCESS_ROOT |
                        SONDE_PROCESS_MEMORY_EX | SONDE_PROCESS_FOOTPRINT | SONDE_PROCESS_BITNESS;
  const sonde_process *p = Get(context, &table, child.pid(), none | SONDE_PROCESS_STAT | SONDE_PROCESS_NUM_FDS);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_OK) << context.error();
  EXPECT_EQ(p->state, SONDE_PROCESS_STATE_ZOMBIE);
  EXPECT_EQ(p->valid & none, 0u);
  EXPECT_EQ(p->denied, 0u);
  EXPECT_EQ(p->failed, 0u);
  EXPECT_EQ(p->num_fds, 0u);
  EXPECT_EQ(p->exe.len, 0u);
  EXPECT_EQ(p->rss, 0u);
}

TEST(LinuxProcessRow, StatesAndNicenessThatTheTestChose) {
  const Context context;
  Table table;
  const Child stopped = Child::stopped();
  EXPECT_EQ(Get(context, &table, stopped.pid(), SONDE_PROCESS_STATE)->state, SONDE_PROCESS_STATE_STOPPED);
  const Child niced = Child::running([] { EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 7), 0); });
  const sonde_process *p = Get(context, &table, niced.pid(), SONDE_PROCESS_NICE | SONDE_PROCESS_PRIORITY);
  EXPECT_EQ(p->nice, 7);
  EXPECT_EQ(p->priority, 27);
  const Child busy = Child::busy();
  uint64_t last = 0;
  for (int i = 0; i < 2000 && last == 0; i++) {
    p = Get(context, &table, busy.pid(), SONDE_PROCESS_STATE | SONDE_PROCESS_CPU_TIMES);
    EXPECT_EQ(p->state, SONDE_PROCESS_STATE_RUNNING);
    last = p->user_time;
    usleep(10000);
  }
  EXPECT_GT(last, 0u);
  EXPECT_EQ(last % 10000000, 0u);
}

TEST(LinuxProcessRow, ThreadsAreCounted) {
  const Child child = Child::running([] {
    for (int i = 0; i < 9; i++) std::thread([] { pause(); }).detach();
  });
  const Context context;
  Table table;
  EXPECT_EQ(Get(context, &table, child.pid(), SONDE_PROCESS_NUM_THREADS)->num_threads, 10u);
}

TEST(LinuxProcessRow, ArgumentsAreCutAtNulAndNowhereElse) {
  const std::vector<std::string> argv = {"only one arg", "", "a\nb", "\xff\xfe", "--x=1", ""};
  const Child child = Child::executing(argv);
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_CMDLINE);
  ASSERT_NE(p, nullptr);
  std::string raw;
  for (const std::string &argument : argv) raw += argument + '\0';
  EXPECT_EQ(text(p->cmdline), raw);
  ASSERT_EQ(p->num_args, argv.size());
  for (size_t i = 0; i < argv.size(); i++) {
    EXPECT_EQ(text(p->args[i]), argv[i]) << i;
    EXPECT_EQ(p->args[i].data[p->args[i].len], '\0');
  }
}

TEST(LinuxProcessRow, Links) {
  const Tree tree;
  tree.at("");
  const std::string folder = tree.path();
  const Child child = Child::running([&] { EXPECT_EQ(chdir(folder.c_str()), 0); });
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(),
                               SONDE_PROCESS_EXE | SONDE_PROCESS_CWD | SONDE_PROCESS_ROOT | SONDE_PROCESS_NAMESPACES);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(text(p->exe), Link(Proc(child.pid(), "exe")));
  EXPECT_FALSE(p->exe_deleted);
  EXPECT_EQ(text(p->cwd), Link(Proc(child.pid(), "cwd")));
  EXPECT_EQ(text(p->root), "/");
  ASSERT_NE(p->namespaces, nullptr);
  EXPECT_EQ("mnt:[" + std::to_string(p->namespaces->mnt) + "]", Link(Proc(child.pid(), "ns/mnt")));
  EXPECT_EQ("net:[" + std::to_string(p->namespaces->net) + "]", Link(Proc(child.pid(), "ns/net")));
  EXPECT_EQ("pid:[" + std::to_string(p->namespaces->pid) + "]", Link(Proc(child.pid(), "ns/pid")));
}

// A copy of this program under another name, which sleeps.
Child RunCopy(const std::string &path) {
  return Child::running([&] {
    int ready[2];
    if (pipe(ready) != 0) _exit(1);
    // The program says that it runs by closing the pipe at exec.
    const pid_t pid = fork();
    if (pid == 0) {
      close(ready[0]);
      fcntl(ready[1], F_SETFD, FD_CLOEXEC);
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      execl(path.c_str(), "sleep", "1000", nullptr);
      _exit(1);
    }
    close(ready[1]);
    char byte;
    while (read(ready[0], &byte, 1) < 0 && errno == EINTR) {
    }
    std::ofstream(path + ".pid") << pid << std::flush;
  });
}

pid_t PidOf(const std::string &path) { return std::stoi(Read(path + ".pid")); }

TEST(LinuxProcessRow, AProgramThatWasDeletedIsToldApartFromOneThatIsNamedSo) {
  const Tree tree;
  const std::string sleep_program = Read("/bin/sleep");
  if (sleep_program.empty()) GTEST_SKIP() << "/bin/sleep cannot be read";
  const Context context;
  Table table;
  const std::string gone = tree.at("gone");
  const std::string named = tree.at("named (deleted)");
  for (const std::string &path : {gone, named}) {
    std::ofstream(path, std::ios::binary) << sleep_program;
    ASSERT_EQ(chmod(path.c_str(), 0755), 0);
  }
  const Child of_gone = RunCopy(gone);
  const Child of_named = RunCopy(named);
  if (Link(Proc(PidOf(gone), "exe")) != gone) GTEST_SKIP() << "programs cannot be run from " << tree.path();
  ASSERT_EQ(unlink(gone.c_str()), 0);
  const sonde_process *p = Get(context, &table, PidOf(gone), SONDE_PROCESS_EXE | SONDE_PROCESS_BITNESS);
  EXPECT_EQ(text(p->exe), gone);
  EXPECT_TRUE(p->exe_deleted);
  EXPECT_EQ(p->bitness, sizeof(void *) * 8);
  p = Get(context, &table, PidOf(named), SONDE_PROCESS_EXE);
  EXPECT_EQ(text(p->exe), named);
  EXPECT_FALSE(p->exe_deleted);
  ASSERT_EQ(unlink(named.c_str()), 0);
  p = Get(context, &table, PidOf(named), SONDE_PROCESS_EXE);
  EXPECT_EQ(text(p->exe), named);
  EXPECT_TRUE(p->exe_deleted);
  kill(PidOf(gone), SIGKILL);
  kill(PidOf(named), SIGKILL);
}

TEST(LinuxProcessRow, IdsThatTheTestSet) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can change its ids";
  const Child child = Child::running([] {
    const gid_t groups[] = {4, 24, 27};
    EXPECT_EQ(setgroups(3, groups), 0);
    EXPECT_EQ(setresgid(11, 12, 13), 0);
    EXPECT_EQ(setresuid(1, 2, 3), 0);
  });
  Tree tree;
  tree.write("etc/passwd", "root:x:0:0::/:/bin/sh\nnothing\none:x:1:1::/:/bin/sh\nalias:x:1:1::/:/bin/sh\n");
  const Context live;
  Table table;
  const sonde_process *p =
      Get(live, &table, child.pid(), SONDE_PROCESS_UIDS | SONDE_PROCESS_GIDS | SONDE_PROCESS_GROUPS);
  EXPECT_EQ(p->uids.real, 1u);
  EXPECT_EQ(p->uids.effective, 2u);
  EXPECT_EQ(p->uids.saved, 3u);
  EXPECT_EQ(p->uids.fs, 2u);
  EXPECT_EQ(p->gids.real, 11u);
  EXPECT_EQ(p->gids.effective, 12u);
  EXPECT_EQ(p->gids.saved, 13u);
  EXPECT_EQ(p->gids.fs, 12u);
  EXPECT_EQ(std::vector<uint32_t>(p->groups, p->groups + p->num_groups), (std::vector<uint32_t>{4, 24, 27}));
  sonde_options options = {};
  const std::string etc = tree.at("etc");
  options.etc = etc.c_str();
  const Context context(&options);
  p = Get(context, &table, child.pid(), SONDE_PROCESS_USERNAME);
  EXPECT_EQ(text(p->username), "one");
  tree.write("etc/passwd", "root:x:0:0::/:/bin/sh\n");
  p = Get(context, &table, child.pid(), SONDE_PROCESS_USERNAME);
  EXPECT_EQ(p->valid, SONDE_PROCESS_USERNAME);
  EXPECT_EQ(p->username.len, 0u);
  tree.remove("etc/passwd");
  p = Get(context, &table, child.pid(), SONDE_PROCESS_USERNAME);
  EXPECT_EQ(p->valid, 0u);
  EXPECT_EQ(p->status, SONDE_OK);
}

TEST(LinuxProcessRow, DescriptorsAreCounted) {
  const Child child = Child::running([] {
    for (int fd = 100; fd < 150; fd++) dup2(0, fd);
  });
  child.wait_for_state('S');
  DIR *const folder = opendir(Proc(child.pid(), "fd").c_str());
  ASSERT_NE(folder, nullptr);
  size_t expected = 0;
  while (const dirent *entry = readdir(folder)) expected += entry->d_name[0] != '.';
  closedir(folder);
  const Context context;
  Table table;
  EXPECT_EQ(Get(context, &table, child.pid(), SONDE_PROCESS_NUM_FDS)->num_fds, expected);
  EXPECT_GE(expected, 50u);
}

TEST(LinuxProcessRow, OtherFilesAsReadByOtherMeans) {
  const Child child = Child::sleeping();
  const pid_t pid = child.pid();
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, pid, SONDE_PROCESS_ALL);
  ASSERT_NE(p, nullptr);
  std::istringstream statm(Read(Proc(pid, "statm")));
  uint64_t size = 0, resident = 0, shared = 0, code = 0, lib = 0, data = 0;
  statm >> size >> resident >> shared >> code >> lib >> data;
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(p->text, code * page);
  EXPECT_EQ(p->data, data * page);
  EXPECT_EQ(p->vms, size * page);
  if (p->valid & SONDE_PROCESS_OOM) {
    EXPECT_EQ(std::to_string(p->oom_score_adj) + "\n", Read(Proc(pid, "oom_score_adj")));
  }
  if (p->valid & SONDE_PROCESS_LOGINUID) {
    EXPECT_EQ(std::to_string(p->loginuid), Read(Proc(pid, "loginuid")));
  }
  if (p->valid & SONDE_PROCESS_UNIQUE_ID) {
    EXPECT_GT(p->unique_id, 0u);
  }
  if (p->valid & SONDE_PROCESS_CGROUP) {
    EXPECT_NE(Read(Proc(pid, "cgroup")).find(":" + text(p->cgroup) + "\n"), std::string::npos);
  }
  ASSERT_NE(p->footprint, nullptr);
  EXPECT_GT(p->footprint->pss, 0u);
  EXPECT_LE(p->footprint->uss, p->rss + 1024 * 1024);
  EXPECT_EQ(p->ns_pids[0], pid);
  EXPECT_EQ(p->ionice_class, 0);
  EXPECT_EQ(p->status, SONDE_OK) << context.error();
}

TEST(LinuxProcessRow, AsPsSeesIt) {
  const Child child = Child::running([] { EXPECT_EQ(setpriority(PRIO_PROCESS, 0, 4), 0); });
  child.wait_for_state('S');
  const std::string command =
      "ps -o ppid=,pgid=,sess=,ni=,nlwp=,uid=,rgid=,vsz=,psr= -p " + std::to_string(child.pid());
  FILE *const ps = popen(command.c_str(), "r");
  ASSERT_NE(ps, nullptr);
  long long told[9];
  int fields = 0;
  while (fields < 9 && fscanf(ps, "%lld", &told[fields]) == 1) fields++;
  if (pclose(ps) != 0 || fields != 9) GTEST_SKIP() << "no ps that knows these fields";
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, child.pid(), SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS);
  EXPECT_EQ(p->ppid, told[0]);
  EXPECT_EQ(p->pgrp, told[1]);
  EXPECT_EQ(p->session, told[2]);
  EXPECT_EQ(p->nice, told[3]);
  EXPECT_EQ(p->num_threads, static_cast<uint64_t>(told[4]));
  EXPECT_EQ(p->uids.effective, told[5]);
  EXPECT_EQ(p->gids.real, told[6]);
  EXPECT_EQ(p->vms, static_cast<uint64_t>(told[7]) * 1024);
  EXPECT_EQ(p->cpu_num, told[8]);
}

TEST(LinuxProcessRow, APipeIsNoTerminalAndAPseudoTerminalIsOne) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) GTEST_SKIP() << "no pseudo terminals here";
  const std::string name = ptsname(master);
  const Child with = Child::running([&] {
    setsid();
    EXPECT_GE(open(name.c_str(), O_RDWR), 0);  // becomes the controlling terminal
  });
  const Child without = Child::running([] { setsid(); });
  struct stat info;
  ASSERT_EQ(stat(name.c_str(), &info), 0);
  const Context context;
  Table table;
  const sonde_process *p = Get(context, &table, with.pid(), SONDE_PROCESS_TTY | SONDE_PROCESS_TERMINAL);
  EXPECT_EQ(p->tty, info.st_rdev);
  EXPECT_EQ(text(p->terminal), name);
  p = Get(context, &table, without.pid(), SONDE_PROCESS_TTY | SONDE_PROCESS_TERMINAL);
  EXPECT_EQ(p->tty, 0u);
  EXPECT_EQ(p->valid, SONDE_PROCESS_TTY | SONDE_PROCESS_TERMINAL);
  EXPECT_EQ(p->terminal.len, 0u);
  close(master);
}

TEST(LinuxProcessRow, OtherUsersAreDeniedNotAbsent) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const Child other = Child::sleeping();
  const pid_t pid = fork();
  if (pid == 0) {
    if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) _exit(100);
    sonde *context = nullptr;
    sonde_process_table table = {};
    if (sonde_open(&context, nullptr) != SONDE_OK) _exit(101);
    const uint64_t fields = SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS | SONDE_PROCESS_IO | SONDE_PROCESS_EXE |
                            SONDE_PROCESS_CWD | SONDE_PROCESS_NAMESPACES | SONDE_PROCESS_FOOTPRINT;
    const uint64_t denied =
        SONDE_PROCESS_IO | SONDE_PROCESS_EXE | SONDE_PROCESS_CWD | SONDE_PROCESS_NAMESPACES | SONDE_PROCESS_FOOTPRINT;
    if (sonde_process_get(context, &table, other.pid(), fields) != SONDE_OK) _exit(102);
    const sonde_process *p = table.rows;
    if (p->status != SONDE_ERR_ACCESS) _exit(103);
    if (p->denied != denied) _exit(104);
    if (p->valid != (SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS)) _exit(105);
    if (p->failed != 0) _exit(106);
    sonde_error error;
    sonde_last_error(context, &error);
    if (error.os_code != EACCES && error.os_code != EPERM) _exit(107);
    sonde_process_table_free(&table);
    sonde_close(context);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

// ---- Made-up machines -----------------------------------------------------------------------------------------------

constexpr char kOldStat[] = "7 (init) S 1 7 7 0 -1 256 1 2 3 4 50 60 7 8 9 0 1 0 1000 4096 1\n";

TEST(LinuxProcessRow, AnOldKernelTellsLess) {
  Tree tree;
  tree.write("proc/stat", "cpu 1 2 3 4\nbtime 1000000000\n").write("proc/7/stat", kOldStat);
  tree.write("proc/7/status",
             "Name:\tinit\nState:\tS (sleeping)\nTgid:\t7\nUid:\t0\t0\t0\t0\nGid:\t1\t1\t1\t1\nGroups:\t\n");
  tree.write("proc/7/cmdline", "init\0"s).write("proc/7/statm", "10 5 2 1 0 3 0\n").link("proc/7/exe", "/sbin/init");
  tree.mkdir("proc/7/fd").write("proc/7/fd/0", "").write("proc/7/fd/1", "").write("proc/7/fd/2", "");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_ALL);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_OK) << context.error();
  EXPECT_EQ(p->denied | p->failed, 0u);
  const auto tick = 1000000000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  EXPECT_EQ(p->start_id, 1000u);
  EXPECT_EQ(p->start_time, 1000000000 * UINT64_C(1000000000) + 1000 * tick);
  EXPECT_EQ(p->user_time, 50 * tick);
  EXPECT_EQ(p->rss, 5 * static_cast<uint64_t>(sysconf(_SC_PAGESIZE)));  // of statm
  EXPECT_EQ(text(p->name), "init");
  EXPECT_EQ(text(p->exe), "/sbin/init");
  EXPECT_EQ(p->num_fds, 3u);
  EXPECT_EQ(p->num_groups, 0u);
  EXPECT_EQ(p->valid, (SONDE_PROCESS_STAT & ~(SONDE_PROCESS_FLAGS | SONDE_PROCESS_CPU_NUM | SONDE_PROCESS_PRIORITY |
                                              SONDE_PROCESS_IOWAIT_TIME | SONDE_PROCESS_GUEST_TIME)) |
                          SONDE_PROCESS_TERMINAL | SONDE_PROCESS_UIDS | SONDE_PROCESS_GIDS | SONDE_PROCESS_GROUPS |
                          SONDE_PROCESS_CMDLINE | SONDE_PROCESS_MEMORY | SONDE_PROCESS_EXE | SONDE_PROCESS_NUM_FDS);
}

TEST(LinuxProcessRow, EveryFileOfARecordedProcess) {
  const std::string id(64, 'd');
  Tree tree;
  tree.write("proc/stat", "btime 1000000000\n");
  tree.write("proc/7/stat",
             "7 (a) b) S 1 2 3 34818 5 6 7 8 9 10 11 12 13 14 -51 -10 16 0 17 18 19 20 0 0 0 0 0 0 0 0 0 0 0 0 17 3 60 "
             "2 21 22 23 0 0 0 0 0 0 0 0\n");
  tree.write(
      "proc/7/status",
      "Name:\ta) b\nUmask:\t0027\nTgid:\t7\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t9 10 \nNSpid:\t7\t2\t1\n"
      "VmPeak:\t30 kB\nVmLck:\t31 kB\nVmPin:\t32 kB\nVmHWM:\t33 kB\nRssAnon:\t34 kB\nRssFile:\t35 kB\n"
      "RssShmem:\t36 kB\nVmStk:\t37 kB\nVmLib:\t38 kB\nVmPTE:\t39 kB\nVmSwap:\t40 kB\nHugetlbPages:\t41 kB\n"
      "Threads:\t16\nSigQ:\t42/43\nSigPnd:\t1\nShdPnd:\t2\nSigBlk:\t4\nSigIgn:\t8\nSigCgt:\t10\nCapInh:\t1\n"
      "CapPrm:\t2\nCapEff:\t3\nCapBnd:\t4\nCapAmb:\t5\nNoNewPrivs:\t1\nSeccomp:\t2\n"
      "voluntary_ctxt_switches:\t44\nnonvoluntary_ctxt_switches:\t45\n");
  tree.write(
      "proc/7/io",
      "rchar: 50\nwchar: 51\nsyscr: 52\nsyscw: 53\nread_bytes: 54\nwrite_bytes: 55\ncancelled_write_bytes: 56\n");
  tree.write("proc/7/statm", "1 2 3 4 0 5 0\n").write("proc/7/schedstat", "60 61 62\n");
  tree.write("proc/7/attr/current", "system_u:system_r:init_t:s0\0"s).write("proc/7/wchan", "do_wait");
  tree.write("proc/7/cgroup", "0::/system.slice/docker-" + id + ".scope\n")
      .write("proc/7/autogroup", "/autogroup-63 nice -4\n");
  tree.write("proc/7/oom_score", "666\n").write("proc/7/oom_score_adj", "-17\n").write("proc/7/loginuid", "4294967295");
  tree.link("proc/7/cwd", "/a b")
      .link("proc/7/root", "/r")
      .link("proc/7/exe", "/e")
      .write("etc/passwd", "one:x:1:1:::\n");
  const char *const namespaces[] = {
      "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"};
  for (int i = 0; i < 10; i++) {
    tree.link(std::string("proc/7/ns/") + namespaces[i],
              std::string(namespaces[i]) + ":[" + std::to_string(70 + i) + "]");
  }
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_ALL);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_OK) << context.error();
  EXPECT_EQ(text(p->name), "a) b");
  const auto tick = 1000000000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  const auto page = static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
  EXPECT_EQ(p->ppid, 1);
  EXPECT_EQ(p->pgrp, 2);
  EXPECT_EQ(p->session, 3);
  EXPECT_EQ(p->tty, 34818u);
  EXPECT_EQ(p->tpgid, 5);
  EXPECT_EQ(p->os_flags, 6u);
  EXPECT_EQ(p->minor_faults, 7u);
  EXPECT_EQ(p->children_minor_faults, 8u);
  EXPECT_EQ(p->major_faults, 9u);
  EXPECT_EQ(p->children_major_faults, 10u);
  EXPECT_EQ(p->user_time, 11 * tick);
  EXPECT_EQ(p->system_time, 12 * tick);
  EXPECT_EQ(p->children_user_time, 13 * tick);
  EXPECT_EQ(p->children_system_time, 14 * tick);
  EXPECT_EQ(p->priority, -51);
  EXPECT_EQ(p->nice, -10);
  EXPECT_EQ(p->num_threads, 16u);
  EXPECT_EQ(p->start_id, 17u);
  EXPECT_EQ(p->vms, 18u);
  EXPECT_EQ(p->rss, 2 * page);  // statm is exact, stat says 19
  EXPECT_EQ(p->exit_signal, 17);
  EXPECT_EQ(p->cpu_num, 3);
  EXPECT_EQ(p->rt_priority, 60u);
  EXPECT_EQ(p->policy, 2u);
  EXPECT_EQ(p->iowait_time, 21 * tick);
  EXPECT_EQ(p->guest_time, 22 * tick);
  EXPECT_EQ(p->children_guest_time, 23 * tick);
  EXPECT_EQ(p->umask, 027u);
  EXPECT_EQ(p->uids.fs, 4u);
  EXPECT_EQ(p->gids.saved, 7u);
  EXPECT_EQ(std::vector<uint32_t>(p->groups, p->groups + p->num_groups), (std::vector<uint32_t>{9, 10}));
  EXPECT_EQ(std::vector<sonde_pid>(p->ns_pids, p->ns_pids + p->num_ns_pids), (std::vector<sonde_pid>{7, 2, 1}));
  ASSERT_NE(p->memory_ex, nullptr);
  EXPECT_EQ(p->memory_ex->valid, (uint64_t{1} << 10) - 1);
  EXPECT_EQ(p->memory_ex->peak_vms, 30u * 1024);
  EXPECT_EQ(p->memory_ex->locked, 31u * 1024);
  EXPECT_EQ(p->memory_ex->pinned, 32u * 1024);
  EXPECT_EQ(p->memory_ex->peak_rss, 33u * 1024);
  EXPECT_EQ(p->memory_ex->rss_anon, 34u * 1024);
  EXPECT_EQ(p->memory_ex->rss_file, 35u * 1024);
  EXPECT_EQ(p->memory_ex->rss_shmem, 36u * 1024);
  EXPECT_EQ(p->memory_ex->stack, 37u * 1024);
  EXPECT_EQ(p->memory_ex->lib, 38u * 1024);
  EXPECT_EQ(p->memory_ex->page_tables, 39u * 1024);
  EXPECT_EQ(p->memory_ex->swap, 40u * 1024);
  EXPECT_EQ(p->memory_ex->hugetlb, 41u * 1024);
  ASSERT_NE(p->signals, nullptr);
  EXPECT_EQ(p->signals->queued, 42u);
  EXPECT_EQ(p->signals->queued_limit, 43u);
  EXPECT_EQ(p->signals->pending, 1u);
  EXPECT_EQ(p->signals->shared_pending, 2u);
  EXPECT_EQ(p->signals->blocked, 4u);
  EXPECT_EQ(p->signals->ignored, 8u);
  EXPECT_EQ(p->signals->caught, 16u);
  ASSERT_NE(p->capabilities, nullptr);
  EXPECT_EQ(p->capabilities->inheritable, 1u);
  EXPECT_EQ(p->capabilities->permitted, 2u);
  EXPECT_EQ(p->capabilities->effective, 3u);
  EXPECT_EQ(p->capabilities->bounding, 4u);
  EXPECT_EQ(p->capabilities->ambient, 5u);
  EXPECT_TRUE(p->no_new_privs);
  EXPECT_EQ(p->seccomp, 2u);
  EXPECT_EQ(p->voluntary_ctx_switches, 44u);
  EXPECT_EQ(p->involuntary_ctx_switches, 45u);
  EXPECT_EQ(p->read_chars, 50u);
  EXPECT_EQ(p->write_chars, 51u);
  EXPECT_EQ(p->read_count, 52u);
  EXPECT_EQ(p->write_count, 53u);
  EXPECT_EQ(p->read_bytes, 54u);
  EXPECT_EQ(p->write_bytes, 55u);
  EXPECT_EQ(p->cancelled_write_bytes, 56u);
  EXPECT_EQ(p->shared, 3 * page);
  EXPECT_EQ(p->text, 4 * page);
  EXPECT_EQ(p->data, 5 * page);
  EXPECT_EQ(p->run_delay, 61u);
  EXPECT_EQ(text(p->label), "system_u:system_r:init_t:s0");
  EXPECT_EQ(text(p->wchan), "do_wait");
  EXPECT_EQ(text(p->cgroup), "/system.slice/docker-" + id + ".scope");
  EXPECT_EQ(text(p->container_id), id);
  EXPECT_EQ(p->autogroup, 63u);
  EXPECT_EQ(p->autogroup_nice, -4);
  EXPECT_EQ(p->oom_score, 666);
  EXPECT_EQ(p->oom_score_adj, -17);
  EXPECT_EQ(p->loginuid, UINT32_MAX);
  EXPECT_EQ(text(p->cwd), "/a b");
  EXPECT_EQ(text(p->root), "/r");
  EXPECT_EQ(text(p->username), "one");
  ASSERT_NE(p->namespaces, nullptr);
  const sonde_process_namespaces &ns = *p->namespaces;
  EXPECT_EQ((std::vector<uint64_t>{ns.cgroup, ns.ipc, ns.mnt, ns.net, ns.pid, ns.pid_for_children, ns.time,
                                   ns.time_for_children, ns.user, ns.uts}),
            (std::vector<uint64_t>{70, 71, 72, 73, 74, 75, 76, 77, 78, 79}));
  const uint64_t only_live = SONDE_PROCESS_IONICE | SONDE_PROCESS_UNIQUE_ID;
  EXPECT_EQ(p->valid & only_live, 0u);
}

TEST(LinuxProcessRow, ARecordedMarkIsBelieved) {
  Tree tree;
  tree.write("proc/7/stat", kOldStat).link("proc/7/exe", "/bin/sh (deleted)");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_EXE);
  EXPECT_EQ(text(p->exe), "/bin/sh");
  EXPECT_TRUE(p->exe_deleted);
}

TEST(LinuxProcessRow, WhatIsNotUnderstoodFailsItsFieldsOnly) {
  Tree tree;
  tree.write("proc/7/stat", "7 (init S 1\n").write("proc/7/status", "Name:\tinit\nUid:\tx\nGid:\t1\t1\t1\t1\n");
  tree.write("proc/7/statm", "1 2\n").write("proc/7/io", "rchar: x\n").write("proc/7/cmdline", "a\0"s);
  tree.write("proc/7/schedstat", "1\n").write("proc/7/oom_score", "x\n").write("proc/7/smaps_rollup", "x\n");
  tree.write("proc/7/autogroup", "x\n").link("proc/7/ns/mnt", "x").write("proc/7/cgroup", "x\n");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_ALL);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_ERR_PARSE);
  EXPECT_EQ(table.bad, 1u);
  EXPECT_EQ(p->denied, 0u);
  EXPECT_EQ(p->valid, SONDE_PROCESS_GIDS | SONDE_PROCESS_CMDLINE);
  EXPECT_EQ(p->failed, SONDE_PROCESS_STAT | SONDE_PROCESS_TERMINAL | SONDE_PROCESS_UIDS | SONDE_PROCESS_USERNAME |
                           SONDE_PROCESS_MEMORY | SONDE_PROCESS_IO | SONDE_PROCESS_RUN_DELAY | SONDE_PROCESS_OOM |
                           SONDE_PROCESS_FOOTPRINT | SONDE_PROCESS_AUTOGROUP | SONDE_PROCESS_NAMESPACES |
                           SONDE_PROCESS_CGROUP);
}

TEST(LinuxProcessRow, ATerminalThatIsNotInDevHasNoName) {
  Tree tree;
  tree.write("proc/7/stat", "7 (a) S 1 7 7 34818 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1000 1 1\n").mkdir("dev/pts");
  tree.write("dev/pts/ptmx", "").write("dev/tty1", "");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_STAT | SONDE_PROCESS_TERMINAL);
  ASSERT_NE(p, nullptr);
  EXPECT_EQ(p->status, SONDE_OK) << context.error();
  EXPECT_EQ(p->tty, 34818u);
  EXPECT_EQ(p->terminal.len, 0u) << text(p->terminal);
}

// Files of one number: what does not fit in the field is no number.
TEST(LinuxProcessRow, NumbersThatDoNotFit) {
  const struct {
    const char *file, *bytes;
    uint64_t field;
    bool fits;
  } rows[] = {
      {"oom_score_adj", "2147483647\n", SONDE_PROCESS_OOM, true},
      {"oom_score_adj", "-2147483648\n", SONDE_PROCESS_OOM, true},
      {"oom_score_adj", "2147483648\n", SONDE_PROCESS_OOM, false},
      {"oom_score_adj", "-2147483649\n", SONDE_PROCESS_OOM, false},
      {"loginuid", "4294967295", SONDE_PROCESS_LOGINUID, true},
      {"loginuid", "4294967296", SONDE_PROCESS_LOGINUID, false},
  };
  for (const auto &row : rows) {
    Tree tree;
    tree.write("proc/7/stat", kOldStat).write("proc/7/oom_score", "1\n").write("proc/7/oom_score_adj", "1\n");
    tree.write(std::string("proc/7/") + row.file, row.bytes);
    const Context context(tree.options());
    Table table;
    const sonde_process *p = Get(context, &table, 7, row.field);
    ASSERT_NE(p, nullptr);
    EXPECT_EQ(p->valid, row.fits ? row.field : 0) << row.file << " " << row.bytes;
    EXPECT_EQ(p->failed, row.fits ? 0 : row.field) << row.file << " " << row.bytes;
  }
}

TEST(LinuxProcessRow, ATimeTooLargeForNanosecondsFailsItsField) {
  Tree tree;
  tree.write("proc/7/stat", "7 (a) S 1 7 7 0 -1 0 1 2 3 4 18446744073709551615 6 7 8 20 0 1 0 1000 1 1\n");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_CPU_TIMES | SONDE_PROCESS_PPID);
  EXPECT_EQ(p->status, SONDE_ERR_PARSE);
  EXPECT_EQ(p->failed, SONDE_PROCESS_CPU_TIMES);
  EXPECT_EQ(p->valid, SONDE_PROCESS_PPID);
  EXPECT_EQ(p->user_time + p->system_time, 0u);
}

TEST(LinuxProcessRow, AStartTooLateForTheCalendarFailsItsField) {
  Tree tree;
  tree.write("proc/stat", "btime 1000000000\n");
  tree.write("proc/7/stat", "7 (a) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1844674407370 1 1\n");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_START_TIME | SONDE_PROCESS_PPID);
  EXPECT_EQ(p->status, SONDE_ERR_PARSE);
  EXPECT_EQ(p->failed, SONDE_PROCESS_START_TIME);
  EXPECT_EQ(p->start_time, 0u);
  EXPECT_EQ(p->start_id, 0u);
}

TEST(LinuxProcessRow, SmapsWhereThereIsNoRollup) {
  Tree tree;
  tree.write("proc/7/stat", kOldStat);
  tree.write("proc/7/smaps",
             "0-1 r--p 0 0:0 5 /a\nPss: 3 kB\nPrivate_Clean: 1 kB\nPrivate_Dirty: 2 kB\nSwap: 5 kB\n"
             "1-2 r--p 0 0:0 6 Rss: 99 kB\nPss: 4 kB\nPrivate_Clean: 1 kB\nPrivate_Hugetlb: 7 kB\nSwap: 1 kB\n");
  const Context context(tree.options());
  Table table;
  const sonde_process *p = Get(context, &table, 7, SONDE_PROCESS_FOOTPRINT);
  ASSERT_NE(p->footprint, nullptr);
  EXPECT_EQ(p->footprint->uss, 11u * 1024);
  EXPECT_EQ(p->footprint->pss, 7u * 1024);
  EXPECT_EQ(p->footprint->swap, 6u * 1024);
}

}  // namespace
