// SPDX-License-Identifier: MIT
// What processes waited for: as this kernel tells it, and as others would.
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/netlink_bytes.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::attribute;
using sonde_test::bytes_of;
using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::message;
using sonde_test::Tree;
using namespace std::string_literals;

using Table = List<sonde_process_table>;

// ---- This kernel ----------------------------------------------------------------------------------------------------

bool IsOn() {
  std::string text;
  std::ifstream("/proc/sys/kernel/task_delayacct") >> text;
  return text != "0";
}

TEST(LinuxDelays, CpuIsWhatSchedstatSays) {
  const Child child = Child::stopped();
  const Context context;
  Table table;
  ASSERT_EQ(sonde_process_get(context, &table, child.pid(), SONDE_PROCESS_DELAYS), SONDE_OK) << context.error();
  const sonde_process &p = table[0];
  if (p.denied != 0) GTEST_SKIP() << "this wants CAP_NET_ADMIN: " << context.error();
  if (p.delays == nullptr) GTEST_SKIP() << "this kernel has no taskstats, or does not count";
  EXPECT_EQ(p.status, SONDE_OK);
  uint64_t run_time = 0, run_delay = 0, run_count = 0;
  std::ifstream("/proc/" + std::to_string(child.pid()) + "/schedstat") >> run_time >> run_delay >> run_count;
  EXPECT_EQ(p.delays->cpu_count, run_count);
  EXPECT_EQ(p.delays->cpu_total, run_delay);
  EXPECT_EQ((p.delays->valid & SONDE_DELAYS_BLKIO) != 0, IsOn());
  if (!IsOn()) {
    EXPECT_EQ(p.delays->valid, static_cast<uint64_t>(SONDE_DELAYS_CPU));
  }
}

TEST(LinuxDelays, EveryProcessOfATable) {
  const Child child = Child::stopped();
  const Context context;
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_DELAYS | SONDE_PROCESS_STATE), SONDE_OK);
  bool found = false;
  for (const sonde_process &p : table) {
    if (p.denied != 0) GTEST_SKIP() << "this wants CAP_NET_ADMIN: " << context.error();
    if (p.pid != child.pid()) continue;
    if (p.delays == nullptr) GTEST_SKIP() << "this kernel has no taskstats, or does not count";
    EXPECT_EQ(p.status, SONDE_OK);
    found = true;
    Table alone;
    const Handle handle(context, child.pid());
    ASSERT_EQ(sonde_process_read(handle, &alone, SONDE_PROCESS_DELAYS), SONDE_OK);
    EXPECT_EQ(alone[0].delays->cpu_count, p.delays->cpu_count);
    EXPECT_EQ(alone[0].delays->cpu_total, p.delays->cpu_total);
  }
  EXPECT_TRUE(found);
}

TEST(LinuxDelays, WithoutPrivilegeTheyAreDenied) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can become somebody else";
  const Context before;
  Table table;
  ASSERT_EQ(sonde_process_get(before, &table, getpid(), SONDE_PROCESS_DELAYS), SONDE_OK);
  if (table[0].delays == nullptr) GTEST_SKIP() << "this kernel has no taskstats, or root may not ask here";
  const Child child = Child::sleeping();
  fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    if (setresgid(65534, 65534, 65534) != 0 || setresuid(65534, 65534, 65534) != 0) _exit(100);
    {
      const Context context;
      EXPECT_EQ(sonde_process_get(context, &table, child.pid(), SONDE_PROCESS_DELAYS | SONDE_PROCESS_NAME), SONDE_OK);
      EXPECT_EQ(table[0].status, SONDE_ERR_ACCESS);
      EXPECT_EQ(table[0].denied, SONDE_PROCESS_DELAYS);
      EXPECT_EQ(table[0].valid, SONDE_PROCESS_NAME);
      EXPECT_EQ(table[0].delays, nullptr);
    }
    fflush(nullptr);
    _exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(pid, &status, 0), pid);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(LinuxDelays, ARecordedMachineHasNone) {
  Tree tree;
  tree.write("proc/7/stat", "7 (a) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1000 1 1\n");
  const Context context(tree.options());
  Table table;
  ASSERT_EQ(sonde_process_get(context, &table, 7, SONDE_PROCESS_DELAYS | SONDE_PROCESS_PPID), SONDE_OK);
  EXPECT_EQ(table[0].valid, SONDE_PROCESS_PPID);
  EXPECT_EQ(table[0].status, SONDE_OK);
}

// ---- Other kernels --------------------------------------------------------------------------------------------------

constexpr uint16_t kFamily = 31;

// What the made-up kernel answers, one request after another; what it was asked, and how often a socket was made.
struct World {
  std::vector<std::string> answers;  // "" : EAGAIN
  size_t next = 0;
  std::string asked;
  uint32_t sequence = 0;
  int sockets = 0, closed = 0, socket_code = 0;
  std::string setting;  // of task_delayacct; empty: no such file
  int pid = 0;
} world;

constexpr int kSocket = 900;

std::string FamilyAnswer() { return message(16, "\1\2\0\0"s + attribute(1, bytes_of(kFamily))); }

// cpu 5 times, 500 ns; blkio 6, 600; and so on to irq 12, 1200.
std::string StatsAnswer(uint32_t pid, uint64_t cpu_count = 5, uint16_t version = 14, size_t len = 432) {
  std::string stats(len, '\0');
  const size_t offsets[] = {16, 32, 48, 312, 328, 352, 400, 416};
  uint64_t count = 5;
  stats.replace(0, 2, bytes_of(version));
  for (const size_t at : offsets) {
    if (at + 16 > len) break;
    stats.replace(at, 16, bytes_of(at == 16 ? cpu_count : count) + bytes_of(count * 100));
    count++;
  }
  return message(kFamily, "\2\1\0\0"s + attribute(5, attribute(2, bytes_of(pid)) + attribute(3, stats)));
}

std::string ErrorAnswer(int code) { return message(2, bytes_of(static_cast<int32_t>(-code)) + std::string(16, '\0')); }

class LinuxDelaysOf : public testing::Test {
 protected:
  LinuxDelaysOf() : os_(sondei_linux_os), override_{"linux", &os_}, child_(Child::sleeping()) {
    world = World();
    world.pid = child_.pid();
    os_.socket = [](int domain, int type, int protocol) {
      EXPECT_EQ(domain, AF_NETLINK);
      EXPECT_NE(type & SOCK_CLOEXEC, 0);
      EXPECT_EQ(protocol, 16);
      world.sockets++;
      errno = world.socket_code;
      return world.socket_code == 0 ? kSocket : -1;
    };
    os_.close = [](int fd) {
      if (fd != kSocket) return sondei_linux_os.close(fd);
      world.closed++;
      return 0;
    };
    os_.sendto = [](int, const void *buffer, size_t size, int, const struct sockaddr *, socklen_t) {
      world.asked.append(static_cast<const char *>(buffer), size);
      memcpy(&world.sequence, static_cast<const char *>(buffer) + 8, 4);
      return static_cast<ssize_t>(size);
    };
    os_.recv = [](int, void *buffer, size_t size, int flags) -> ssize_t {
      EXPECT_NE(flags & MSG_DONTWAIT, 0);
      const std::string answer = world.next < world.answers.size() ? world.answers[world.next] : "";
      world.next++;
      if (answer.empty()) {
        errno = EAGAIN;
        return -1;
      }
      const size_t len = answer.size() < size ? answer.size() : size;
      memcpy(buffer, answer.data(), len);
      if (len >= 12 && memcmp(answer.data() + 8, "\xff\xff\xff\xff", 4) != 0) {
        memcpy(static_cast<char *>(buffer) + 8, &world.sequence, 4);
      }
      return static_cast<ssize_t>(answer.size());
    };
    os_.openat = [](int dirfd, const char *path, int flags) {
      if (std::string(path) != "/proc/sys/kernel/task_delayacct") return sondei_linux_os.openat(dirfd, path, flags);
      if (!world.setting.empty()) return sondei_linux_os.openat(dirfd, world.setting.c_str(), flags);
      errno = ENOENT;
      return -1;
    };
    options_.os_override = &override_;
  }

  // The row of the child.
  const sonde_process *Ask(const Context &context) {
    EXPECT_EQ(sonde_process_get(context, &table_, child_.pid(), SONDE_PROCESS_DELAYS | SONDE_PROCESS_PPID), SONDE_OK)
        << context.error();
    EXPECT_EQ(world.closed, world.socket_code == 0 ? world.sockets : 0);
    return table_.rows;
  }
  uint32_t pid() const { return static_cast<uint32_t>(child_.pid()); }

  struct linux_os os_;
  struct sonde_os_override override_;
  sonde_options options_ = {};
  const Child child_;
  Table table_;
};

TEST_F(LinuxDelaysOf, AllThatIsCounted) {
  world.answers = {FamilyAnswer(), StatsAnswer(pid())};
  const Context context(&options_);
  const sonde_process *p = Ask(context);
  EXPECT_EQ(p->status, SONDE_OK);
  ASSERT_NE(p->delays, nullptr);
  EXPECT_EQ(p->delays->valid, 0xffu);
  EXPECT_EQ(p->delays->cpu_count, 5u);
  EXPECT_EQ(p->delays->cpu_total, 500u);
  EXPECT_EQ(p->delays->blkio_count, 6u);
  EXPECT_EQ(p->delays->swapin_total, 700u);
  EXPECT_EQ(p->delays->freepages_count, 8u);
  EXPECT_EQ(p->delays->thrashing_total, 900u);
  EXPECT_EQ(p->delays->compact_count, 10u);
  EXPECT_EQ(p->delays->wpcopy_total, 1100u);
  EXPECT_EQ(p->delays->irq_count, 12u);
  EXPECT_EQ(p->delays->irq_total, 1200u);
  // What was asked, byte for byte: nlmsghdr (but for its sequence), genlmsghdr, one attribute.
  const auto request = [](uint16_t type, uint32_t sequence, const std::string &body) {
    return message(type, body, sequence, 1);
  };
  EXPECT_EQ(world.asked, request(16, 1, "\3\1\0\0"s + attribute(2, "TASKSTATS\0"s)) +
                             request(kFamily, 2, "\1\1\0\0"s + attribute(2, bytes_of(pid()))));
}

TEST_F(LinuxDelaysOf, AnOldKernel) {
  world.answers = {FamilyAnswer(), StatsAnswer(pid(), 5, 8, 328)};
  const Context context(&options_);
  const sonde_process *p = Ask(context);
  ASSERT_NE(p->delays, nullptr);
  EXPECT_EQ(p->delays->valid, 0xfu);
  EXPECT_EQ(p->delays->freepages_total, 800u);
  EXPECT_EQ(p->delays->irq_count, 0u);
}

TEST_F(LinuxDelaysOf, AccountingThatIsOffTellsOfTheCpuOnly) {
  Tree tree;
  tree.write("off", "0\n").write("on", "1\n").write("odd", "?\n");
  const std::string off = tree.at("off"), on = tree.at("on"), odd = tree.at("odd");
  const Context context(&options_);
  for (const std::string &path : {off, on, odd}) {
    world.setting = path;
    world.next = 0;
    world.answers = {FamilyAnswer(), StatsAnswer(pid())};
    const sonde_process *p = Ask(context);
    ASSERT_NE(p->delays, nullptr);
    EXPECT_EQ(p->delays->valid, path == off ? 1u : 0xffu);
    EXPECT_EQ(p->delays->cpu_count, 5u);
    EXPECT_EQ(p->delays->blkio_count, path == off ? 0u : 6u);
    EXPECT_EQ(p->delays->irq_total, path == off ? 0u : 1200u);
  }
}

TEST_F(LinuxDelaysOf, AKernelThatDoesNotCountTellsNothing) {
  world.answers = {FamilyAnswer(), StatsAnswer(pid(), 0)};
  const Context context(&options_);
  const sonde_process *p = Ask(context);
  EXPECT_EQ(p->status, SONDE_OK);
  EXPECT_EQ(p->valid, SONDE_PROCESS_PPID);
  EXPECT_EQ(p->delays, nullptr);
}

TEST_F(LinuxDelaysOf, Statuses) {
  std::string stranger = StatsAnswer(pid());
  stranger.replace(8, 4, "\xff\xff\xff\xff");
  const struct {
    const char *origin;
    int socket_code;
    std::vector<std::string> answers;
    sonde_status status;
    uint64_t valid, denied, failed;
  } rows[] = {
      {"no netlink", EPROTONOSUPPORT, {}, SONDE_OK, 0, 0, 0},
      {"a sandbox without socket", ENOSYS, {}, SONDE_OK, 0, 0, 0},
      {"a sandbox that refuses socket", EPERM, {}, SONDE_ERR_ACCESS, 0, SONDE_PROCESS_DELAYS, 0},
      {"no TASKSTATS", 0, {ErrorAnswer(ENOENT)}, SONDE_OK, 0, 0, 0},
      {"no CAP_NET_ADMIN", 0, {FamilyAnswer(), ErrorAnswer(EPERM)}, SONDE_ERR_ACCESS, 0, SONDE_PROCESS_DELAYS, 0},
      {"a process of another namespace", 0, {FamilyAnswer(), ErrorAnswer(ESRCH)}, SONDE_OK, 0, 0, 0},
      {"an answer to somebody else first",
       0,
       {FamilyAnswer(), stranger, StatsAnswer(pid())},
       SONDE_OK,
       SONDE_PROCESS_DELAYS,
       0,
       0},
      {"no answer", 0, {FamilyAnswer()}, SONDE_ERR_OS, 0, 0, SONDE_PROCESS_DELAYS},
      {"no answer at all", 0, {}, SONDE_ERR_OS, 0, 0, SONDE_PROCESS_DELAYS},
      {"an error that is none", 0, {FamilyAnswer(), ErrorAnswer(0)}, SONDE_ERR_OS, 0, 0, SONDE_PROCESS_DELAYS},
      {"of another process", 0, {FamilyAnswer(), StatsAnswer(1)}, SONDE_ERR_PARSE, 0, 0, SONDE_PROCESS_DELAYS},
      {"garbage", 0, {FamilyAnswer(), "garbage"}, SONDE_ERR_PARSE, 0, 0, SONDE_PROCESS_DELAYS},
      {"a garbled family", 0, {message(16, "\1\2\0\0"s)}, SONDE_ERR_PARSE, 0, 0, SONDE_PROCESS_DELAYS},
      {"an answer that is too long",
       0,
       {FamilyAnswer(), message(kFamily, std::string(70000, 'x'))},
       SONDE_ERR_OS,
       0,
       0,
       SONDE_PROCESS_DELAYS},
  };
  const Context context(&options_);
  for (const auto &row : rows) {
    const int pid = world.pid;
    world = World();
    world.pid = pid;
    world.socket_code = row.socket_code;
    world.answers = row.answers;
    const sonde_process *p = Ask(context);
    EXPECT_EQ(p->status, row.status) << row.origin << ": " << context.error();
    EXPECT_EQ(p->valid, row.valid | SONDE_PROCESS_PPID) << row.origin;
    EXPECT_EQ(p->denied, row.denied) << row.origin;
    EXPECT_EQ(p->failed, row.failed) << row.origin;
    EXPECT_EQ(p->delays != nullptr, row.valid != 0) << row.origin;
  }
}

TEST_F(LinuxDelaysOf, WithoutDescriptorsTheCallFails) {
  world.socket_code = EMFILE;
  const Context context(&options_);
  EXPECT_EQ(sonde_process_get(context, &table_, child_.pid(), SONDE_PROCESS_DELAYS), SONDE_ERR_OS);
  EXPECT_EQ(sonde_process_table_refresh(context, &table_, SONDE_PROCESS_DELAYS), SONDE_ERR_OS);
}

TEST_F(LinuxDelaysOf, OneSocketForAllProcesses) {
  os_.recv = [](int, void *buffer, size_t, int) -> ssize_t {
    uint32_t pid = 0;
    if (world.asked.size() >= 4) memcpy(&pid, world.asked.data() + world.asked.size() - 4, 4);
    const std::string answer = world.sequence == 1 ? FamilyAnswer() : StatsAnswer(pid);
    memcpy(buffer, answer.data(), answer.size());
    memcpy(static_cast<char *>(buffer) + 8, &world.sequence, 4);
    return static_cast<ssize_t>(answer.size());
  };
  const Child another = Child::sleeping();
  const Context context(&options_);
  ASSERT_EQ(sonde_process_table_refresh(context, &table_, SONDE_PROCESS_DELAYS), SONDE_OK) << context.error();
  ASSERT_GE(table_.count, 3u);
  for (const sonde_process &p : table_) EXPECT_TRUE(p.delays != nullptr || p.status == SONDE_ERR_NO_PROCESS) << p.pid;
  EXPECT_EQ(world.sockets, 1);
  EXPECT_EQ(world.closed, 1);
  world.asked.clear();
  ASSERT_EQ(sonde_process_table_refresh(context, &table_, SONDE_PROCESS_PPID), SONDE_OK);
  EXPECT_EQ(world.sockets, 1) << "only where it is asked for";
}

}  // namespace
