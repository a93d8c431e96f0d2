// SPDX-License-Identifier: MIT
// A hostile, or merely unlucky, machine: no descriptors left, no /proc, signals all the time, names that mean harm,
// another locale, and more processes than usual.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <locale.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/calls.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/recording.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Call;
using sonde_test::CallKind;
using sonde_test::Child;
using sonde_test::Context;
using sonde_test::FewDescriptors;
using sonde_test::List;
using sonde_test::Snapshot;
using sonde_test::Subject;
using sonde_test::Tree;

Tree &machine() {
  static Tree tree;
  static const bool is_unpacked = (sonde_test::unpack_machine(&tree, "debian12_vm"), true);
  (void)is_unpacked;
  return tree;
}

// The answers of every call about a recorded machine.
std::vector<Snapshot> ask_all(sonde *context, const std::vector<std::unique_ptr<sonde_test::Caller>> &callers) {
  Subject subject;
  subject.context = context;
  subject.pid = 1;
  std::vector<Snapshot> answers;
  for (const auto &caller : callers) answers.push_back(caller->call(subject));
  return answers;
}

std::vector<std::unique_ptr<sonde_test::Caller>> make_callers(std::vector<const char *> *names) {
  std::vector<std::unique_ptr<sonde_test::Caller>> callers;
  for (const Call &call : sonde_test::all_calls()) {
    if (call.kind != CallKind::kSystem || !sonde_test::is_steady_on_a_recording(call)) continue;
    callers.push_back(call.make());
    names->push_back(call.name);
  }
  return callers;
}

TEST(Descriptors, WithFourToSpareNothingChanges) {
  Context context(machine().options());
  std::vector<const char *> names;
  const auto callers = make_callers(&names);
  const std::vector<Snapshot> clean = ask_all(context, callers);
  std::vector<Snapshot> scarce;
  {
    const FewDescriptors few(4);
    scarce = ask_all(context, callers);
  }
  for (size_t i = 0; i < clean.size(); i++) EXPECT_EQ(scarce[i].json(), clean[i].json()) << names[i];
}

TEST(Descriptors, WithoutAnyEachCallFailsOrIsWhole) {
  Context context(machine().options());
  std::vector<const char *> names;
  const auto callers = make_callers(&names);
  const std::vector<Snapshot> clean = ask_all(context, callers);
  for (int spare = 0; spare < 4; spare++) {
    std::vector<Snapshot> scarce;
    {
      const FewDescriptors few(spare);
      scarce = ask_all(context, callers);
    }
    for (size_t i = 0; i < clean.size(); i++) {
      if (scarce[i].status == clean[i].status) {
        EXPECT_EQ(scarce[i].json(), clean[i].json())
            << names[i] << ", " << spare << " to spare: " << scarce[i].last_text;
      } else {
        EXPECT_EQ(scarce[i].last_code, EMFILE) << names[i] << ", " << spare << " to spare: " << scarce[i].last_text;
      }
    }
  }
  const std::vector<Snapshot> after = ask_all(context, callers);
  for (size_t i = 0; i < clean.size(); i++) EXPECT_EQ(after[i].json(), clean[i].json()) << names[i];
}

TEST(NoProc, EveryCallSaysSo) {
  Tree tree;
  tree.mkdir("proc").mkdir("sys");
  Context context(tree.options());
  List<sonde_process_table> table;
  EXPECT_NE(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT), SONDE_OK);
  sonde_virtual_memory memory;
  EXPECT_NE(sonde_virtual_memory_get(context, &memory), SONDE_OK);
  sonde_cpu_times times;
  EXPECT_NE(sonde_cpu_times_get(context, &times), SONDE_OK);
  tree.remove("proc");
  List<sonde_pid_list> pids;
  EXPECT_NE(sonde_pid_list_get(context, &pids), SONDE_OK);
  EXPECT_NE(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT), SONDE_OK);
}

TEST(Names, AreBytes) {
  const std::vector<std::string> names = {") R 1 1", "a b", "new\nline", "\x1b]0;pwn\x07", "\xff\xfe",
                                          "(((",     "",    "\\n",       "123456789012345"};
  std::vector<Child> children;
  for (const std::string &name : names) children.push_back(Child::named(name));
  Context context;
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS), SONDE_OK);
  for (size_t i = 0; i < names.size(); i++) {
    const size_t row = sonde_process_table_find(&table, children[i].pid());
    ASSERT_NE(row, SIZE_MAX) << names[i];
    EXPECT_EQ(sonde_test::text(table[row].name), names[i]);
    EXPECT_EQ(table[row].ppid, getpid()) << names[i];
    EXPECT_EQ(table[row].state, SONDE_PROCESS_STATE_SLEEPING) << names[i];
    EXPECT_EQ(table[row].uids.real, getuid()) << names[i];
    EXPECT_EQ(table[row].status, SONDE_OK) << names[i];
  }
}

volatile sig_atomic_t g_signals = 0;

TEST(Signals, TenThousandASecondChangeNothing) {
  Context context(machine().options());
  std::vector<const char *> names;
  const auto callers = make_callers(&names);
  const std::vector<Snapshot> clean = ask_all(context, callers);
  struct sigaction action = {}, old = {};
  action.sa_handler = [](int) { g_signals = g_signals + 1; };  // without SA_RESTART
  sigaction(SIGALRM, &action, &old);
  itimerval storm = {};
  storm.it_interval.tv_usec = storm.it_value.tv_usec = 100;
  setitimer(ITIMER_REAL, &storm, nullptr);
  for (int round = 0; round < 20; round++) {
    const std::vector<Snapshot> stormy = ask_all(context, callers);
    for (size_t i = 0; i < clean.size(); i++) EXPECT_EQ(stormy[i].json(), clean[i].json()) << names[i];
  }
  storm = {};
  setitimer(ITIMER_REAL, &storm, nullptr);
  sigaction(SIGALRM, &old, nullptr);
  EXPECT_GT(g_signals, 0);
}

TEST(Locale, IsNotLookedAt) {
  Context context(machine().options());
  std::vector<const char *> names;
  const auto callers = make_callers(&names);
  const std::vector<Snapshot> clean = ask_all(context, callers);
  if (setlocale(LC_ALL, "de_DE.UTF-8") == nullptr && setlocale(LC_ALL, "de_DE") == nullptr) {
    GTEST_SKIP() << "no German locale here";
  }
  const std::vector<Snapshot> german = ask_all(context, callers);
  setlocale(LC_ALL, "C");
  for (size_t i = 0; i < clean.size(); i++) EXPECT_EQ(german[i].json(), clean[i].json()) << names[i];
}

// Some 10,000 processes take no more than a few times what ten times fewer take, each.
TEST(Many, TimeIsLinear) {
  const auto seconds_each = [](int count) {
    Tree tree;
    const std::string rest =
        ") S 1 1 1 0 -1 4194304 0 0 0 0 1 2 0 0 20 0 1 0 100 1000 10 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0\n";
    tree.write("proc/stat", "cpu  1 2 3 4 5 6 7\nbtime 1700000000\n");
    for (int pid = 1; pid <= count; pid++) {
      tree.write("proc/" + std::to_string(pid) + "/stat", std::to_string(pid) + " (p" + rest);
    }
    Context context(tree.options());
    List<sonde_process_table> table;
    double best = 1e9;
    for (int round = 0; round < 5; round++) {
      timespec before, after;
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
      EXPECT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT), SONDE_OK);
      clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
      EXPECT_EQ(table.count, static_cast<size_t>(count));
      EXPECT_EQ(table.bad, 0U);
      best = std::min(best, static_cast<double>(after.tv_sec - before.tv_sec) +
                                static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e9);
    }
    return best / count;
  };
  EXPECT_LT(seconds_each(10000), 5 * seconds_each(1000));
}

// All values of a byte, in names of 15 bytes: by stat, and by status, which escapes some of them.
TEST(Names, OfEveryByte) {
  std::vector<std::string> names;
  for (int byte = 1; byte < 256; byte++) {
    if (names.empty() || names.back().size() == 15) names.emplace_back();
    names.back() += static_cast<char>(byte);
  }
  std::vector<Child> children;
  for (const std::string &name : names) children.push_back(Child::named(name));
  Context context;
  List<sonde_process_table> table;
  for (const uint64_t fields : {uint64_t{SONDE_PROCESS_STAT}, SONDE_PROCESS_NAME | SONDE_PROCESS_UIDS}) {
    ASSERT_EQ(sonde_process_table_refresh(context, &table, fields), SONDE_OK);
    for (size_t i = 0; i < names.size(); i++) {
      const size_t row = sonde_process_table_find(&table, children[i].pid());
      ASSERT_NE(row, SIZE_MAX) << i;
      EXPECT_EQ(sonde_test::text(table[row].name), names[i]);
      EXPECT_EQ(table[row].status, SONDE_OK) << i;
    }
  }
}

// As many groups as the kernel takes: some 700 KB of status.
TEST(Many, Groups) {
  constexpr size_t kMost = 65536;
  constexpr gid_t kFirst = 4000000000U;
  if (geteuid() != 0) GTEST_SKIP() << "only root can take groups";
  std::vector<gid_t> groups(kMost);
  for (size_t i = 0; i < kMost; i++) groups[i] = kFirst + static_cast<gid_t>(i);
  const Child child = Child::running([&] {
    if (setgroups(groups.size(), groups.data()) != 0) _exit(1);
  });
  Context context;
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_get(context, &table, child.pid(), SONDE_PROCESS_STATUS), SONDE_OK) << context.error();
  if (table[0].state == SONDE_PROCESS_STATE_ZOMBIE || table[0].num_groups == 0) GTEST_SKIP() << "setgroups is refused";
  ASSERT_EQ(table[0].num_groups, kMost);
  for (size_t i = 0; i < kMost; i++) ASSERT_EQ(table[0].groups[i], groups[i]);
  EXPECT_EQ(table[0].status, SONDE_OK);
  EXPECT_NE(table[0].valid & SONDE_PROCESS_SECCOMP, 0U) << "which stands behind the groups";
}

// More than any kernel's, and a line behind them.
TEST(Many, StatusOfMegabytes) {
  constexpr uint32_t kCount = 400000;
  std::string status = "Name:\tx\nState:\tS (sleeping)\nTgid:\t7\nPid:\t7\nPPid:\t1\nUid:\t0\t0\t0\t0\nGroups:\t";
  for (uint32_t i = 0; i < kCount; i++) status += std::to_string(i) + " ";
  status += "\nSeccomp:\t2\n";
  Tree tree;
  tree.write("proc/7/status", status).write("proc/7/stat", "");
  Context context(tree.options());
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_get(context, &table, 7, SONDE_PROCESS_GROUPS | SONDE_PROCESS_SECCOMP), SONDE_OK);
  ASSERT_EQ(table[0].num_groups, kCount);
  EXPECT_EQ(table[0].groups[kCount - 1], kCount - 1);
  EXPECT_EQ(table[0].seccomp, 2U);
}

// A process whose directory goes away before the n-th file is opened: it has ended, for every n, and nobody else.
Tree *g_vanishing = nullptr;
int g_opens_left = 0;

int vanishing_openat(int dirfd, const char *path, int flags) {
  if (g_opens_left-- == 0) g_vanishing->remove("proc/7");
  return sondei_linux_os.openat(dirfd, path, flags);
}

TEST(Vanishing, AtEveryFile) {
  struct linux_os os = sondei_linux_os;
  os.openat = vanishing_openat;
  const sonde_os_override override = {"linux", &os};
  const std::string stat =
      " (x) S 1 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 100 1000 10 0 0 0 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0\n";
  int ended = 0, whole = 0;
  for (int n = 0; n < 40; n++) {
    Tree tree;
    tree.write("proc/stat", "btime 1700000000\n");
    for (const std::string pid : {"7", "8"}) {
      tree.write("proc/" + pid + "/stat", pid + stat).write("proc/" + pid + "/statm", "1 2 3 4 5 6 7\n");
      tree.write("proc/" + pid + "/status", "Name:\tx\nUid:\t0\t0\t0\t0\n").write("proc/" + pid + "/io", "rchar: 1\n");
      tree.write("proc/" + pid + "/cmdline", std::string("x\0", 2)).write("proc/" + pid + "/oom_score", "1\n");
      tree.write("proc/" + pid + "/oom_score_adj", "0\n").write("proc/" + pid + "/loginuid", "0\n");
    }
    g_vanishing = &tree;
    tree.options()->os_override = &override;
    Context context(tree.options());
    List<sonde_process_table> table;
    g_opens_left = n;
    ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK) << n << context.error();
    const size_t other = sonde_process_table_find(&table, 8);
    ASSERT_NE(other, SIZE_MAX) << n;
    EXPECT_EQ(table[other].status, SONDE_OK) << n;
    const size_t row = sonde_process_table_find(&table, 7);
    if (row == SIZE_MAX) {
      ended++;
      continue;
    }
    EXPECT_TRUE(table[row].status == SONDE_OK || table[row].status == SONDE_ERR_NO_PROCESS) << n;
    EXPECT_EQ(table[row].failed | table[row].denied, 0U) << n;
    whole += table[row].status == SONDE_OK;
    ended += table[row].status == SONDE_ERR_NO_PROCESS;
  }
  EXPECT_GT(ended, 3);
  EXPECT_GT(whole, 0);
}

}  // namespace
