// SPDX-License-Identifier: MIT
// Each hostile circumstance is made for real around a child program, which makes every call: what differs from the
// undisturbed machine is written down in tests/fixtures/hostile_matrix.txt, and holds.
//
// hostile_matrix_test --update FILE writes what was found, in that form, to be compared and reviewed.
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/fuse_server.h"
#include "tests/support/observation.h"
#include "tests/support/recording.h"
#include "tests/support/scene.h"
#include "tests/support/system_calls.h"
#include "tests/support/tree.h"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

namespace {

using sonde_test::Child;
using sonde_test::Observation;
using sonde_test::Scene;
using sonde_test::SceneResult;
using sonde_test::Seen;
using sonde_test::Subjects;
using sonde_test::SystemCalls;
using sonde_test::Tree;

// A sanitizer needs much address space, descriptors and system calls of its own.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kIsSanitized = true;
#elif defined(__has_feature)
constexpr bool kIsSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||
                              __has_feature(memory_sanitizer) || __has_feature(undefined_behavior_sanitizer);
#else
constexpr bool kIsSanitized = false;
#endif

#define SKIP_IF_SANITIZED() \
  if (kIsSanitized) GTEST_SKIP() << "the sanitizer itself needs what is refused here"

// ---- The table

// By circumstance and call the difference that is expected; what is not there is the same.
using Table = std::map<std::string, std::map<std::string, std::string>>;

Table read_table() {
  Table table;
  std::string circumstance, difference;
  for (const std::string &line :
       sonde_test::lines_of(sonde_test::read_file(sonde_test::fixture_path("hostile_matrix.txt")))) {
    if (line.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      circumstance = line.substr(1, line.find(']') - 1);
      table[circumstance];
    } else if (line[0] == ' ') {
      for (const std::string &call : sonde_test::fields_of(line)) {
        if (!call.empty()) table[circumstance][call] = difference;
      }
    } else {
      difference = line;
    }
  }
  return table;
}

const Table &table() {
  static const Table read = read_table();
  return read;
}

// The section [calls] lists those that were there when the table was written.
const std::set<std::string> &known_calls() {
  static const std::set<std::string> known = [] {
    std::set<std::string> names;
    const auto section = table().find("calls");
    if (section == table().end()) return names;
    for (const auto &[name, difference] : section->second) names.insert(name);
    return names;
  }();
  return known;
}

FILE *g_update = nullptr;

void write_section(const std::string &circumstance, const std::map<std::string, std::string> &differences) {
  std::map<std::string, std::vector<std::string>> calls;
  for (const auto &[call, difference] : differences) calls[difference].push_back(call);
  fprintf(g_update, "\n[%s]\n", circumstance.c_str());
  for (const auto &[difference, names] : calls) {
    fprintf(g_update, "%s\n", difference.c_str());
    std::string line = "   ";
    for (const std::string &name : names) {
      if (line.size() + 1 + name.size() > 118) {
        fprintf(g_update, "%s\n", line.c_str());
        line = "   ";
      }
      line += " " + name;
    }
    fprintf(g_update, "%s\n", line.c_str());
  }
}

void start_all(Scene &scene) {
  scene.start_own();
  scene.start_other();
}

// What the undisturbed machine answers.
const Observation &usual() {
  static const Observation observation = [] {
    const SceneResult result = sonde_test::run_scene([](Scene &scene) {
      start_all(scene);
      scene.observe();
    });
    EXPECT_EQ(result.failed, "");
    EXPECT_EQ(result.skipped, "");
    return result.seen;
  }();
  return observation;
}

// Every call's answer is the usual one, but for what the table says.
void compare(const std::string &circumstance, const Observation &seen) {
  ASSERT_FALSE(seen.empty());
  std::map<std::string, std::string> differences;
  const auto found_section = table().find(circumstance);
  const std::map<std::string, std::string> none;
  const auto &section = found_section != table().end() ? found_section->second : none;
  for (const auto &[name, answer] : seen) {
    for (const std::string &broken : answer.broken) ADD_FAILURE() << circumstance << ": " << name << ": " << broken;
    const auto before = usual().find(name);
    if (before == usual().end()) {
      ADD_FAILURE() << name << " was not asked undisturbed";
      continue;
    }
    const std::string found = sonde_test::difference(name, answer, before->second);
    if (found != "same") differences[name] = found;
    if (g_update != nullptr) continue;
    if (known_calls().count(name) == 0) continue;  // said by EveryCallIsInTheTable
    const auto written = section.find(name);
    const std::string expected = written != section.end() ? written->second : "same";
    EXPECT_TRUE(sonde_test::holds(expected, name, answer, before->second))
        << "[" << circumstance << "] " << name << "\n  expected: " << expected << "\n  found:    " << found;
  }
  if (g_update != nullptr && !differences.empty()) write_section(circumstance, differences);
}

void check(const std::string &circumstance, const std::function<void(Scene &)> &body) {
  const SceneResult result = sonde_test::run_scene(body);
  if (!result.skipped.empty()) GTEST_SKIP() << circumstance << ": " << result.skipped;
  ASSERT_EQ(result.failed, "") << circumstance;
  compare(circumstance, result.seen);
}

#define SKIP_UNLESS_ROOT() \
  if (geteuid() != 0) GTEST_SKIP() << "only root can do this"

// A new call is one more row, which --update writes.
TEST(Hostile, EveryCallIsInTheTable) {
  std::map<std::string, std::string> all;
  for (const auto &[name, answer] : usual()) {
    all[name] = "all calls";
    if (g_update == nullptr) {
      EXPECT_EQ(known_calls().count(name), 1u) << name << " is not in the table";
    }
  }
  if (g_update != nullptr) write_section("calls", all);
}

TEST(Hostile, Undisturbed) {
  check("undisturbed", [](Scene &scene) {
    start_all(scene);
    scene.observe();
  });
}

// ---- What others hide

TEST(Hostile, AnotherUser) {
  SKIP_UNLESS_ROOT();
  const Child other = Child::sleeping();
  check("another user", [&](Scene &scene) {
    scene.use_other(other.pid());
    scene.become_nobody();
    scene.start_own();
    scene.observe();
  });
}

// In a pid namespace of its own, so that there is a procfs of its own.
void check_procfs(const std::string &circumstance, const char *options, bool as_nobody) {
  SKIP_UNLESS_ROOT();
  check(circumstance, [&](Scene &scene) {
    scene.enter(CLONE_NEWNS | CLONE_NEWPID);
    scene.mount_over("/proc", "proc", options);
    scene.start_other();
    if (as_nobody) scene.become_nobody();
    scene.start_own();
    scene.observe();
  });
}

TEST(Hostile, Hidepid0) { check_procfs("hidepid=0, another user", "hidepid=0", true); }
TEST(Hostile, Hidepid1) { check_procfs("hidepid=1, another user", "hidepid=1", true); }
TEST(Hostile, Hidepid2) { check_procfs("hidepid=2, another user", "hidepid=2", true); }
TEST(Hostile, Hidepid4) { check_procfs("hidepid=4, another user", "hidepid=4", true); }
TEST(Hostile, Hidepid2AsRoot) { check_procfs("hidepid=2, root", "hidepid=2", false); }
TEST(Hostile, SubsetPid) { check_procfs("subset=pid", "subset=pid", false); }

// ---- What is not there

void check_covered(const std::string &circumstance, const char *path, bool opened_before) {
  check(circumstance, [&](Scene &scene) {
    scene.enter(CLONE_NEWNS);
    start_all(scene);
    if (opened_before) scene.open();
    scene.mount_over(path, "tmpfs", "size=4k");
    scene.observe();
  });
}

TEST(Hostile, NoProc) { check_covered("no /proc", "/proc", false); }
TEST(Hostile, NoProcAnyMore) { check_covered("no /proc any more: opened before", "/proc", true); }
TEST(Hostile, NoSys) { check_covered("no /sys", "/sys", false); }

void check_chroot(const std::string &circumstance, bool opened_before) {
  SKIP_UNLESS_ROOT();
  Tree tree;
  check(circumstance, [&](Scene &scene) {
    start_all(scene);
    if (opened_before) scene.open();
    if (chroot(tree.path().c_str()) != 0 || chdir("/") != 0) scene.give_up("chroot");
    scene.observe();
  });
}

TEST(Hostile, EmptyChroot) { check_chroot("empty chroot", false); }
TEST(Hostile, EmptyChrootOpenedBefore) { check_chroot("empty chroot, opened before", true); }

// ---- Limits

TEST(Hostile, FourSpareDescriptors) {
  check("4 spare descriptors", [](Scene &scene) {
    start_all(scene);
    scene.open();
    const sonde_test::FewDescriptors few(4);
    scene.observe();
  });
}

TEST(Hostile, NoSpareDescriptors) {
  SKIP_IF_SANITIZED();
  check("no spare descriptors", [](Scene &scene) {
    start_all(scene);
    scene.open();
    const sonde_test::FewDescriptors few(0);
    scene.observe();
  });
}

TEST(Hostile, LittleAddressSpace) {
  SKIP_IF_SANITIZED();
  check("64 MB of address space", [](Scene &scene) {
    start_all(scene);
    const rlimit limit = {rlim_t{64} << 20, rlim_t{64} << 20};
    if (setrlimit(RLIMIT_AS, &limit) != 0) scene.give_up("RLIMIT_AS");
    scene.observe();
  });
}

TEST(Hostile, NoMoreProcesses) {
  SKIP_UNLESS_ROOT();  // which is exempt from the limit, and becomes somebody else
  check("RLIMIT_NPROC 0, another user", [](Scene &scene) {
    scene.become_nobody();
    scene.start_own();
    const rlimit limit = {0, 0};
    if (setrlimit(RLIMIT_NPROC, &limit) != 0) scene.give_up("RLIMIT_NPROC");
    scene.observe();
  });
}

TEST(Hostile, NoStandardDescriptors) {
  check("no stdin, stdout and stderr", [](Scene &scene) {
    start_all(scene);
    for (int fd = 0; fd < 3; fd++) close(fd);
    scene.observe();
  });
}

TEST(Hostile, ReadOnlyRoot) {
  check("read-only /", [](Scene &scene) {
    scene.enter(CLONE_NEWNS);
    start_all(scene);
    if (mount("none", "/", nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) != 0) scene.give_up("remount");
    scene.observe();
  });
}

// ---- Namespaces

void check_namespaces(const std::string &circumstance, int namespaces) {
  check(circumstance, [&](Scene &scene) {
    scene.enter(namespaces);
    start_all(scene);
    scene.observe();
  });
}

TEST(Hostile, PidNamespaceUnderTheHostsProc) {
  check("pid namespace, the host's /proc", [](Scene &scene) {
    scene.enter(CLONE_NEWPID);
    start_all(scene);
    scene.take_pids_of_proc();
    scene.observe();
  });
}

// The pids that /proc shows there are others' pids in the namespace: an action would reach the wrong process.
TEST(Hostile, PidNamespaceUnderTheHostsProcReachesNobody) {
  const SceneResult result = sonde_test::run_scene([](Scene &scene) {
    scene.enter(CLONE_NEWPID);
    scene.start_own();
    const pid_t victim = scene.subjects().own;
    struct stat host;
    if (stat(("/proc/" + std::to_string(victim)).c_str(), &host) != 0) scene.skip("the host has no such pid");
    sonde *context = nullptr;
    sonde_process_handle *handle = nullptr;
    sonde_open(&context, nullptr);
    if (sonde_process_open(context, &handle, victim) != SONDE_OK) scene.fail(sonde_test::last_error(context));
    if (sonde_process_is_exact(handle)) scene.fail("a pidfd is held of somebody else");
    const sonde_limit limit = {SONDE_OK, SONDE_LIMIT_CORE, 0, 0};
    const uint32_t cpu = 0;
    for (const sonde_status status :
         {sonde_process_signal(handle, SIGKILL), sonde_process_kill(handle), sonde_process_set_nice(handle, 5),
          sonde_process_set_ionice(handle, 3, 0), sonde_process_set_limit(handle, &limit),
          sonde_process_set_affinity(handle, &cpu, 1)}) {
      if (status != SONDE_ERR_UNSUPPORTED) scene.fail(sonde_status_name(status) + std::string(" for an action"));
    }
    sonde_exit how;
    if (sonde_process_wait(handle, &how, 0) != SONDE_ERR_TIMEOUT) scene.fail("waited for the wrong one");
    if (waitpid(victim, nullptr, WNOHANG) != 0) scene.fail("the child of that pid has ended");
    scene.succeed();
  });
  if (!result.skipped.empty()) GTEST_SKIP() << result.skipped;
  EXPECT_EQ(result.failed, "");
}
TEST(Hostile, PidNamespace) {
  check("pid namespace, its own /proc", [](Scene &scene) {
    scene.enter(CLONE_NEWNS | CLONE_NEWPID);
    scene.mount_over("/proc", "proc", "");
    start_all(scene);
    scene.observe();
  });
}
TEST(Hostile, NetworkNamespace) { check_namespaces("network namespace", CLONE_NEWNET); }
TEST(Hostile, TimeNamespace) { check_namespaces("time namespace", CLONE_NEWTIME); }
TEST(Hostile, UtsNamespace) { check_namespaces("uts namespace", CLONE_NEWUTS); }
TEST(Hostile, IpcNamespace) { check_namespaces("ipc namespace", CLONE_NEWIPC); }
TEST(Hostile, MountNamespace) { check_namespaces("mount namespace", CLONE_NEWNS); }
TEST(Hostile, CgroupNamespace) { check_namespaces("cgroup namespace", CLONE_NEWCGROUP); }

TEST(Hostile, UserNamespace) {
  const Child other = Child::running([] { setpriority(PRIO_PROCESS, 0, 0); });
  check("user namespace", [&](Scene &scene) {
    scene.use_other(other.pid());
    scene.enter(CLONE_NEWUSER);
    scene.start_own();
    scene.observe();
  });
}

// ---- What the program itself does

volatile sig_atomic_t g_signals = 0;

TEST(Hostile, SignalStorm) {
  check("10,000 signals a second", [](Scene &scene) {
    start_all(scene);
    struct sigaction action = {};
    action.sa_handler = [](int) { g_signals = g_signals + 1; };  // without SA_RESTART
    sigaction(SIGALRM, &action, nullptr);
    itimerval storm = {};
    storm.it_interval.tv_usec = storm.it_value.tv_usec = 100;
    setitimer(ITIMER_REAL, &storm, nullptr);
    scene.observe();
  });
}

// Threads hold the locks of malloc and of the C library, and their descriptors come and go, while helpers are made.
TEST(Hostile, ThreadsAndHelpers) {
  check("helpers made in a program with threads", [](Scene &scene) {
    start_all(scene);
    scene.open();
    static std::atomic<bool> is_wrong{false};
    for (int i = 0; i < 4; i++) {
      std::thread([i] {
        sonde *context = nullptr;
        if (sonde_open(&context, nullptr) != SONDE_OK) is_wrong = true;
        for (size_t size = 1; !is_wrong; size = size * 7 % 100003) {
          const std::string block(size, 'x');
          sonde_disk_usage usage;
          if (i % 2 == 0 && sonde_disk_usage_get(context, &usage, "/", 60 * SONDE_NSEC_PER_SEC) != SONDE_OK) {
            is_wrong = true;
          }
        }
      }).detach();
    }
    for (int round = 0; round < 20; round++) {
      sonde_disk_usage usage;
      if (sonde_disk_usage_get(scene.opened()->context, &usage, "/", 60 * SONDE_NSEC_PER_SEC) != SONDE_OK || is_wrong) {
        scene.fail("usage failed");
      }
    }
    scene.observe();
  });
}

// A locale made for this test: decimal commas, and a dotless i.
void check_locale(const std::string &name) {
  Tree tree;
  const std::string folder = tree.at(name + ".UTF-8");
  sonde_test::command_output("localedef --no-archive -i " + name + " -f UTF-8 " + folder);
  check("locale " + name, [&](Scene &scene) {
    setenv("LOCPATH", tree.path().c_str(), 1);
    if (setlocale(LC_ALL, (name + ".UTF-8").c_str()) == nullptr) {
      scene.skip("localedef could not make it: the package locales is missing");
    }
    if (strtod("0,5", nullptr) != 0.5) scene.fail("the locale is not in force");
    start_all(scene);
    scene.observe();
  });
}

TEST(Hostile, GermanLocale) { check_locale("de_DE"); }
TEST(Hostile, TurkishLocale) { check_locale("tr_TR"); }

// ---- A dead mount under a process

TEST(Hostile, DeadFuseMount) {
  SKIP_UNLESS_ROOT();
  Tree tree;
  tree.mkdir("dead");
  const std::string folder = tree.at("dead");
  check("a program, its files and its directory on a FUSE mount that died", [&](Scene &scene) {
    scene.enter(CLONE_NEWNS);
    sonde_test::FuseServer server;
    const std::string why = server.start(folder, "/proc/self/exe");
    if (!why.empty()) scene.skip(why);
    start_all(scene);
    scene.start_own_on(folder);
    server.die();
    scene.observe();
  });
}

// ---- Another machine's files in the usual places

TEST(Hostile, RecordingInPlaceOfProc) {
  SKIP_UNLESS_ROOT();
  Tree tree;
  sonde_test::unpack_machine(&tree, "debian12_vm");
  SceneResult result = sonde_test::run_scene([&](Scene &scene) {
    scene.enter(CLONE_NEWNS);
    scene.start_own();
    const pid_t victim = scene.subjects().own;
    const std::string folder = "proc/" + std::to_string(victim);
    tree.write(folder + "/stat", std::to_string(victim) + " (else) S 1 1 1 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 1 0 100 " +
                                     "1000 10 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0\n");
    if (mount(tree.at("proc").c_str(), "/proc", nullptr, MS_BIND, nullptr) != 0) scene.give_up("bind mount");
    sonde *context = nullptr;
    sonde_process_handle *handle = nullptr;
    sonde_open(&context, nullptr);
    if (sonde_process_open(context, &handle, victim) != SONDE_OK) scene.fail(sonde_test::last_error(context));
    if (sonde_process_kill(handle) != SONDE_ERR_UNSUPPORTED) scene.fail("kill: " + sonde_test::last_error(context));
    if (waitpid(victim, nullptr, WNOHANG) != 0) scene.fail("the process that has this pid here has ended");
    sonde_process_table table = {};
    if (sonde_process_get(context, &table, victim, SONDE_PROCESS_ALL) != SONDE_OK) {
      scene.fail(sonde_test::last_error(context));
    }
    const uint64_t by_calls = SONDE_PROCESS_IONICE | SONDE_PROCESS_UNIQUE_ID | SONDE_PROCESS_DELAYS;
    if ((table.rows[0].valid & by_calls) != 0) scene.fail("fields of the process that has this pid here");
    if (sonde_test::text(table.rows[0].name) != "else") scene.fail("not the recorded one");
    scene.succeed();
  });
  if (!result.skipped.empty()) GTEST_SKIP() << result.skipped;
  EXPECT_EQ(result.failed, "");
}

// ---- What is true in a namespace

TEST(Hostile, TimesInATimeNamespace) {
  SceneResult result = sonde_test::run_scene([](Scene &scene) {
    constexpr uint64_t kOffset = 864000;  // seconds: ten days
    sonde *context = nullptr;
    sonde_host_times outside, inside;
    sonde_open(&context, nullptr);
    if (sonde_host_times_get(context, &outside) != SONDE_OK) scene.fail(sonde_test::last_error(context));
    if (unshare(CLONE_NEWTIME) != 0) scene.give_up("unshare");
    std::ofstream offsets("/proc/self/timens_offsets");
    offsets << "boottime " << kOffset << " 0\nmonotonic " << kOffset << " 0\n" << std::flush;
    if (!offsets) scene.skip("the offsets cannot be set");
    scene.enter(CLONE_NEWTIME);
    scene.start_own();
    sonde_process_table table = {};
    if (sonde_host_times_get(context, &inside) != SONDE_OK ||
        sonde_process_get(context, &table, scene.subjects().own, SONDE_PROCESS_STAT) != SONDE_OK) {
      scene.fail(sonde_test::last_error(context));
    }
    const auto near = [](uint64_t a, uint64_t b) { return (a > b ? a - b : b - a) < 60 * SONDE_NSEC_PER_SEC; };
    const uint64_t shift = kOffset * SONDE_NSEC_PER_SEC;
    // All that counts from boot is shifted alike: moments are right, and so are differences.
    if (!near(inside.uptime, outside.uptime + shift)) scene.fail("uptime");
    if (!near(inside.boot_time, outside.boot_time - shift)) scene.fail("boot_time");
    if (!near(inside.boot_time + inside.uptime, inside.now)) scene.fail("boot_time and uptime disagree");
    if (!near(inside.monotonic, outside.monotonic + shift)) scene.fail("monotonic");
    if (!near(table.rows[0].start_time, inside.now)) scene.fail("start_time of a new process");
    scene.succeed();
  });
  if (!result.skipped.empty()) GTEST_SKIP() << result.skipped;
  EXPECT_EQ(result.failed, "");
}

// /sys is still that of the namespace in which it was mounted; the interface is not.
TEST(Hostile, InterfacesInANetworkNamespace) {
  SceneResult result = sonde_test::run_scene([](Scene &scene) {
    scene.enter(CLONE_NEWNET);
    sonde *context = nullptr;
    sonde_net_if_stats_list list = {};
    sonde_open(&context, nullptr);
    if (sonde_net_if_stats_list_get(context, &list) != SONDE_OK) scene.fail(sonde_test::last_error(context));
    if (list.count < 1 || sonde_test::text(list.rows[0].name) != "lo") scene.fail("lo is not the first");
    if ((list.rows[0].valid & SONDE_NET_IF_STATS_ISUP) != 0 && list.rows[0].isup) scene.fail("lo is not up here");
    if ((list.rows[0].flags & SONDE_NET_IF_UP) != 0) scene.fail("lo has the flags of another namespace");
    scene.succeed();
  });
  if (!result.skipped.empty()) GTEST_SKIP() << result.skipped;
  EXPECT_EQ(result.failed, "");
}

// ---- System calls that are refused

const SystemCalls &system_calls(std::string *why) {
  static std::string reason;
  static const SystemCalls found = [] {
    // The subjects are not traced.
    Subjects subjects;
    const Child own = Child::sleeping(), to_end = Child::sleeping(), to_kill = Child::sleeping();
    const Child other = Child::running([] { unshare(CLONE_NEWNET); });
    subjects.own = own.pid();
    subjects.own_to_end = to_end.pid();
    subjects.own_to_kill = to_kill.pid();
    subjects.other = other.pid();
    return sonde_test::trace_system_calls(
        [&](const struct sonde_os_override *override) {
          sonde_options options = {};
          options.os_override = override;
          const sonde_test::Opened opened(subjects, &options);
          sonde_test::observe(opened, subjects);
        },
        &reason);
  }();
  *why = reason;
  return found;
}

void check_refused(int code, const char *code_name) {
  SKIP_IF_SANITIZED();
  std::string why;
  const SystemCalls &calls = system_calls(&why);
  if (calls.empty()) GTEST_SKIP() << "the system calls cannot be listed here: " << why;
  std::string members;
  for (const auto &[member, numbers] : calls) members += " " + member;
  printf("%zu calls to the OS are refused in turn:%s\n", calls.size(), members.c_str());
  for (const auto &[member, numbers] : calls) {
    const SceneResult result = sonde_test::run_scene([&, &refused = numbers](Scene &scene) {
      start_all(scene);
      const std::string refusal = sonde_test::refuse_system_calls(refused, code);
      if (!refusal.empty()) scene.skip(refusal);
      scene.observe();
    });
    if (!result.skipped.empty()) GTEST_SKIP() << result.skipped;
    EXPECT_EQ(result.failed, "") << member;
    if (!result.failed.empty()) continue;
    // Whoever cannot close runs out of descriptors: when depends on how many processes there are.
    const bool runs_out = member == "close";
    for (const auto &[name, answer] : result.seen) {
      if (!runs_out || answer.status == "ERR_OS EMFILE") continue;
      EXPECT_EQ(sonde_test::difference(name, answer, usual().at(name)), "same") << name << " without close";
    }
    if (!runs_out) compare("seccomp: " + member + " " + code_name, result.seen);
  }
}

TEST(Hostile, RefusedWithEPERM) { check_refused(EPERM, "EPERM"); }
TEST(Hostile, RefusedWithENOSYS) { check_refused(ENOSYS, "ENOSYS"); }

}  // namespace

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc > 2 && strcmp(argv[1], "--update") == 0) g_update = fopen(argv[2], "w");
  return RUN_ALL_TESTS();
}
