// SPDX-License-Identifier: MIT
#include "backends/linux/linux_os.h"  // first

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde_backend.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "tests/support/command.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Context;
using sonde_test::Tree;

constexpr uint64_t kMs = 1000000;
constexpr uint64_t kSecond = 1000 * kMs;

uint64_t Now() {
  return static_cast<uint64_t>(std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

// A mount namespace of its own, for this process; "" or why not.
std::string OwnMounts() {
  if (unshare(CLONE_NEWNS) != 0) return std::string("SKIP: unshare: ") + strerror(errno);
  if (mount("none", "/", "", MS_REC | MS_PRIVATE, nullptr) != 0) return std::string("SKIP: mount: ") + strerror(errno);
  return "";
}

// A file system whose program never answers; "" or why not. *fd keeps it.
std::string HangingMount(const std::string &folder, int *fd) {
  *fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (*fd < 0) return std::string("SKIP: /dev/fuse: ") + strerror(errno);
  const std::string options = "fd=" + std::to_string(*fd) + ",rootmode=40000,user_id=0,group_id=0";
  if (mount("test", folder.c_str(), "fuse", 0, options.c_str()) != 0)
    return std::string("SKIP: mount fuse: ") + strerror(errno);
  return "";
}

// The library reaps its helpers; at most the last ones, where they are slow to end (a loaded machine, valgrind), are
// left to a later call.
bool NoChildIsLeft() {
  int left = 0;
  for (pid_t got = 0; (got = waitpid(-1, nullptr, __WALL)) > 0;) left++;
  return errno == ECHILD && left <= 2;
}

// Live, and yet with calls of the test's own.
struct Live {
  explicit Live(const struct linux_os *os) : override{"linux", os} { options.os_override = &override; }
  struct sonde_os_override override;
  sonde_options options = {};
};

TEST(LinuxUsage, IsThatOfStatvfs) {
  Context context;
  for (const uint64_t timeout : {SONDE_NO_TIMEOUT, 30 * kSecond}) {
    sonde_disk_usage usage;
    struct statvfs before, after;
    bool at_rest = false;
    // Others may be writing: until one answer comes while they are not.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!at_rest && std::chrono::steady_clock::now() < end) {
      ASSERT_EQ(statvfs("/", &before), 0);
      ASSERT_EQ(sonde_disk_usage_get(context, &usage, "/", timeout), SONDE_OK) << context.error();
      ASSERT_EQ(statvfs("/", &after), 0);
      at_rest = before.f_bfree == after.f_bfree && usage.free == before.f_bavail * before.f_frsize &&
                usage.used == (before.f_blocks - before.f_bfree) * before.f_frsize;
    }
    EXPECT_TRUE(at_rest) << "used " << usage.used << ", free " << usage.free;
    EXPECT_EQ(usage.total, before.f_blocks * before.f_frsize);
    EXPECT_EQ(usage.read_only, (before.f_flag & ST_RDONLY) != 0);
    EXPECT_EQ(usage.block_size, before.f_bsize);
    EXPECT_EQ(usage.total, usage.used + usage.free + usage.reserved);
    EXPECT_EQ((usage.valid & SONDE_DISK_USAGE_INODES) != 0, before.f_files > 0);
    EXPECT_EQ(usage.inodes, before.f_files);
  }
}

TEST(LinuxUsage, WhatIsNotThere) {
  Context context;
  for (const uint64_t timeout : {SONDE_NO_TIMEOUT, 30 * kSecond}) {
    sonde_disk_usage usage = {};
    usage.total = 4711;
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/no/such/path", timeout), SONDE_ERR_OS);
    EXPECT_EQ(usage.total, 4711u);
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.os_code, ENOENT);
    EXPECT_EQ(sonde_test::text(error.subject), "/no/such/path");
    EXPECT_EQ(sonde_test::text(error.operation), "statvfs");
  }
}

TEST(LinuxUsage, BelowRootfs) {
  Tree tree;
  tree.mkdir("data");
  Context context(tree.options());
  sonde_disk_usage usage;
  struct statvfs expected;
  ASSERT_EQ(statvfs(tree.at("data").c_str(), &expected), 0);
  for (const uint64_t timeout : {SONDE_NO_TIMEOUT, 30 * kSecond}) {
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/data", timeout), SONDE_OK) << context.error();
    EXPECT_EQ(usage.total, expected.f_blocks * expected.f_frsize);
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, "data", timeout), SONDE_OK) << context.error();
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/etc", timeout), SONDE_ERR_OS);
  }
}

TEST(LinuxUsage, OfARecordingWithoutFilesIsNotThisMachines) {
  Tree tree;
  sonde_options options = {};
  const std::string proc = tree.at("proc");
  options.procfs = proc.c_str();
  Context context(&options);
  sonde_disk_usage usage;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/", SONDE_NO_TIMEOUT), SONDE_ERR_UNSUPPORTED);
}

TEST(LinuxUsage, OfAMountMadeForIt) {
  Tree tree;
  tree.mkdir("a b");
  const std::string folder = tree.at("a b");
  SONDE_EXPECT_IN_CHILD([&]() -> std::string {
    std::string why = OwnMounts();
    if (!why.empty()) return why;
    if (mount("test", folder.c_str(), "tmpfs", 0, "size=1m,nr_inodes=100") != 0)
      return std::string("SKIP: mount tmpfs: ") + strerror(errno);
    const int fd = open((folder + "/file").c_str(), O_CREAT | O_WRONLY, 0600);
    const std::string block(65536, 'x');
    if (write(fd, block.data(), block.size()) != 65536) return "write failed";
    close(fd);
    if (mount("test", folder.c_str(), "", MS_REMOUNT | MS_RDONLY, nullptr) != 0) return "remount failed";
    Context context;
    for (const uint64_t timeout : {SONDE_NO_TIMEOUT, 30 * kSecond}) {
      sonde_disk_usage usage;
      if (sonde_disk_usage_get(context, &usage, folder.c_str(), timeout) != SONDE_OK) return context.error();
      if (usage.total != 1 << 20 || usage.used != 65536 || usage.free != (1 << 20) - 65536 || usage.reserved != 0) {
        return "sizes: " + std::to_string(usage.total) + " " + std::to_string(usage.used) + " " +
               std::to_string(usage.free);
      }
      if (usage.inodes != 100 || usage.inodes_used != 2 || usage.inodes_free != 98)
        return "inodes " + std::to_string(usage.inodes_used);
      if (!usage.read_only) return "not read-only";
    }
    sonde_test::List<sonde_disk_partition_list> list;
    if (sonde_disk_partition_list_get(context, &list, true) != SONDE_OK) return context.error();
    for (const sonde_disk_partition &row : list) {
      if (sonde_test::text(row.mountpoint) != folder) continue;
      const bool right = sonde_test::text(row.fstype) == "tmpfs" && sonde_test::text(row.device) == "test" &&
                         row.flags == (SONDE_MOUNT_READ_ONLY | SONDE_MOUNT_VIRTUAL);
      return right ? "" : "the mount is listed wrongly";
    }
    return "the mount is not listed";
  });
}

TEST(LinuxUsage, AMountThatHangsCostsTheTimeout) {
  Tree tree;
  tree.mkdir("dead").mkdir("link");
  const std::string folder = tree.at("dead");
  SONDE_EXPECT_IN_CHILD([&]() -> std::string {
    std::string why = OwnMounts();
    int fuse = -1;
    if (why.empty()) why = HangingMount(folder, &fuse);
    if (!why.empty()) return why;
    Context context;
    sonde_test::List<sonde_disk_partition_list> list;
    const auto descriptors = sonde_test::open_descriptors();
    /* Listing looks at no mount. */
    if (sonde_disk_partition_list_get(context, &list, true) != SONDE_OK) return context.error();
    for (int i = 0; i < 3; i++) {
      sonde_disk_usage usage = {};
      usage.total = 4711;
      const uint64_t start = Now();
      const sonde_status status = sonde_disk_usage_get(context, &usage, (folder + "/x").c_str(), 200 * kMs);
      const uint64_t took = Now() - start;
      if (status != SONDE_ERR_TIMEOUT) return "not a timeout: " + context.error();
      if (usage.total != 4711) return "out was touched";
      if (took < 200 * kMs) return "gave up after " + std::to_string(took / kMs) + " ms";
      if (took > 2 * kSecond) return "took " + std::to_string(took / kMs) + " ms";
      if (sonde_disk_usage_get(context, &usage, "/", 30 * kSecond) != SONDE_OK) return "/: " + context.error();
    }
    if (sonde_test::open_descriptors() != descriptors) return "descriptors stayed open";
    if (!NoChildIsLeft()) return "a child is left";
    /* The program answers at last: with its death. */
    close(fuse);
    sonde_disk_usage usage;
    const sonde_status status = sonde_disk_usage_get(context, &usage, folder.c_str(), 30 * kSecond);
    sonde_error error;
    sonde_last_error(context, &error);
    /* The kernel gives zeros for a file system that is gone, or ENOTCONN. */
    if (status != SONDE_OK && error.os_code != ENOTCONN && error.os_code != ECONNABORTED) return context.error();
    umount2(folder.c_str(), MNT_DETACH);
    if (sonde_disk_usage_get(context, &usage, folder.c_str(), 30 * kSecond) != SONDE_OK) return context.error();
    return "";
  });
}

// The caller's way with SIGCHLD makes no difference, and nothing is raised.
int reaped_by_the_caller = 0;

void ReapAll(int) {
  while (waitpid(-1, nullptr, WNOHANG) > 0) reaped_by_the_caller++;
  reaped_by_the_caller += 1000;
}

TEST(LinuxUsage, RaisesNoSigchld) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = ReapAll;
    sigaction(SIGCHLD, &action, nullptr);
    Context context;
    sonde_disk_usage usage;
    for (int i = 0; i < 50; i++) {
      if (sonde_disk_usage_get(context, &usage, "/", 30 * kSecond) != SONDE_OK) return context.error();
    }
    if (reaped_by_the_caller != 0) return "SIGCHLD was raised";
    signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 50; i++) {
      if (sonde_disk_usage_get(context, &usage, "/", 30 * kSecond) != SONDE_OK) return context.error();
    }
    if (!NoChildIsLeft()) return "a child is left";
    sigset_t mask;
    sigprocmask(SIG_SETMASK, nullptr, &mask);
    for (int number = 1; number < 32; number++) {
      if (sigismember(&mask, number) == 1) return "signal " + std::to_string(number) + " stayed blocked";
    }
    return "";
  });
}

TEST(LinuxUsage, SignalsDoNotCutTheWaiting) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = [](int) {};
    sigaction(SIGALRM, &action, nullptr);
    struct itimerval timer = {{0, 200}, {0, 200}};
    setitimer(ITIMER_REAL, &timer, nullptr);
    Context context;
    sonde_disk_usage usage;
    for (int i = 0; i < 200; i++) {
      if (sonde_disk_usage_get(context, &usage, "/", 30 * kSecond) != SONDE_OK) return context.error();
    }
    return "";
  });
}

// ---- Helpers that do not even die: made up, as no test can wedge a disk.

struct {
  int forks, kills;
  bool may_end;
  pid_t last;
} wedged;

pid_t WedgedFork() {
  wedged.forks++;
  return wedged.last = 1000000000 + wedged.forks;
}
int WedgedKill(pid_t, int signal_number) {
  wedged.kills += signal_number == SIGKILL;
  return 0;
}
pid_t WedgedWaitpid(pid_t pid, int *, int) { return wedged.may_end ? pid : 0; }
int WedgedPoll(struct pollfd *, nfds_t, int) { return 0; }
int64_t wedged_ns;
int WedgedClock(clockid_t, struct timespec *out) {
  wedged_ns += 1000000;
  out->tv_sec = static_cast<time_t>(wedged_ns / 1000000000);
  out->tv_nsec = static_cast<long>(wedged_ns % 1000000000);
  return 0;
}
int WedgedSleep(const struct timespec *) { return 0; }

struct linux_os Wedged() {
  struct linux_os os = sondei_linux_os;
  os.fork = WedgedFork;
  os.kill = WedgedKill;
  os.waitpid = WedgedWaitpid;
  os.poll = WedgedPoll;
  os.clock_gettime = WedgedClock;
  os.nanosleep = WedgedSleep;
  wedged = {};
  return os;
}

TEST(LinuxUsage, NoSecondHelperIsSentWhereOneHangs) {
  const struct linux_os os = Wedged();
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/a", 5 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(wedged.forks, 1);
  EXPECT_EQ(wedged.kills, 1);
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/a", 5 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(wedged.forks, 1) << "the same path";
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/b", 5 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(wedged.forks, 2) << "another path, on a mount that answers by itself";
  wedged.may_end = true;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/a", 5 * kMs), SONDE_ERR_TIMEOUT);
  EXPECT_EQ(wedged.forks, 3) << "the first has ended";
}

ssize_t WedgedRead(int, void *buffer, size_t size) {
  memset(buffer, 0, size);
  return static_cast<ssize_t>(size);
}
int WedgedAnswer(struct pollfd *, nfds_t, int) { return 1; }

TEST(LinuxUsage, AHelperThatAnsweredAndIsSlowToEndHindersNobody) {
  struct linux_os os = Wedged();
  os.poll = WedgedAnswer;
  os.read = WedgedRead;
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/a", kSecond), SONDE_OK);
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/a", kSecond), SONDE_OK);
  EXPECT_EQ(wedged.forks, 2);
}

TEST(LinuxUsage, OnlySoManyHelpersMayHang) {
  const struct linux_os os = Wedged();
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  for (int i = 0; i < 100; i++) {
    const std::string path = "/" + std::to_string(i);
    EXPECT_EQ(sonde_disk_usage_get(context, &usage, path.c_str(), 5 * kMs), SONDE_ERR_TIMEOUT);
  }
  EXPECT_EQ(wedged.forks, 32);
}

TEST(LinuxUsage, OneHelperForAMountThatMayHang) {
  Tree tree;
  tree.mkdir("dead");
  const std::string folder = tree.at("dead");
  SONDE_EXPECT_IN_CHILD([&]() -> std::string {
    std::string why = OwnMounts();
    int fuse = -1;
    if (why.empty()) why = HangingMount(folder, &fuse);
    if (!why.empty()) return why;
    const struct linux_os os = Wedged();
    Live live(&os);
    Context context(&live.options);
    sonde_disk_usage usage;
    sonde_disk_usage_get(context, &usage, (folder + "/a").c_str(), 5 * kMs);
    sonde_disk_usage_get(context, &usage, (folder + "/b/c").c_str(), 5 * kMs);
    sonde_disk_usage_get(context, &usage, folder.c_str(), 5 * kMs);
    if (wedged.forks != 1) return "helpers sent: " + std::to_string(wedged.forks);
    sonde_disk_usage_get(context, &usage, (folder + "er").c_str(), 5 * kMs);
    return wedged.forks == 2 ? "" : "a path that only begins alike was held for the same";
  });
}

// ---- Calls that fail

int failing_errno;
int FailingPipe(int[2], int) {
  errno = failing_errno;
  return -1;
}
pid_t FailingFork() {
  errno = failing_errno;
  return -1;
}

TEST(LinuxUsage, NoHelperCanBeMade) {
  sonde_disk_usage usage;
  struct linux_os os = sondei_linux_os;
  os.pipe2 = FailingPipe;
  Live no_pipe(&os);
  Context without_pipe(&no_pipe.options);
  failing_errno = EMFILE;
  EXPECT_EQ(sonde_disk_usage_get(without_pipe, &usage, "/", kSecond), SONDE_ERR_OS);
  EXPECT_EQ(without_pipe.error(), "SONDE_ERR_OS: pipe2 /: EMFILE (the operating system reported an error)");
  os = sondei_linux_os;
  os.fork = FailingFork;
  Live no_fork(&os);
  Context without_fork(&no_fork.options);
  const auto before = sonde_test::open_descriptors();
  failing_errno = EAGAIN;
  EXPECT_EQ(sonde_disk_usage_get(without_fork, &usage, "/", kSecond), SONDE_ERR_OS);
  failing_errno = ENOMEM;
  EXPECT_EQ(sonde_disk_usage_get(without_fork, &usage, "/", kSecond), SONDE_ERR_NO_MEMORY);
  EXPECT_EQ(sonde_test::open_descriptors(), before);
  EXPECT_EQ(sonde_disk_usage_get(without_fork, &usage, "/", SONDE_NO_TIMEOUT), SONDE_OK) << "needs no helper";
}

int FailingPoll(struct pollfd *, nfds_t, int) {
  errno = failing_errno;
  return -1;
}

TEST(LinuxUsage, WithoutPollADeadMountStillBlocksNobody) {
  Tree tree;
  tree.mkdir("dead");
  const std::string folder = tree.at("dead");
  SONDE_EXPECT_IN_CHILD([&]() -> std::string {
    std::string why = OwnMounts();
    int fuse = -1;
    if (why.empty()) why = HangingMount(folder, &fuse);
    if (!why.empty()) return why;
    struct linux_os os = sondei_linux_os;
    os.poll = FailingPoll;
    Live live(&os);
    Context context(&live.options);
    failing_errno = ENOSYS;
    sonde_disk_usage usage;
    const uint64_t start = Now();
    if (sonde_disk_usage_get(context, &usage, folder.c_str(), kSecond) != SONDE_ERR_OS) return context.error();
    if (Now() - start > 10 * kSecond) return "it blocked";
    if (context.error().find("poll") == std::string::npos) return context.error();
    return NoChildIsLeft() ? "" : "a child is left";
  });
}

int FailingSigprocmask(int how, const sigset_t *set, sigset_t *old) {
  static int calls = 0;
  if (calls++ > 0) return sigprocmask(how, set, old);
  errno = failing_errno;
  return -1;
}

TEST(LinuxUsage, AMaskThatCannotBeSetIsLeftAlone) {
  SONDE_EXPECT_IN_CHILD([]() -> std::string {
    struct linux_os os = sondei_linux_os;
    os.sigprocmask = FailingSigprocmask;
    Live live(&os);
    Context context(&live.options);
    failing_errno = EPERM;
    sonde_disk_usage usage;
    if (sonde_disk_usage_get(context, &usage, "/", kSecond) != SONDE_ERR_ACCESS) return context.error();
    sigset_t mask;
    sigprocmask(SIG_SETMASK, nullptr, &mask);
    for (int number = 1; number < 32; number++) {
      if (sigismember(&mask, number) == 1) return "signal " + std::to_string(number) + " is blocked";
    }
    return NoChildIsLeft() ? "" : "a child is left";
  });
}

ssize_t OneByteRead(int fd, void *buffer, size_t) { return read(fd, buffer, 1); }

TEST(LinuxUsage, AnAnswerInPiecesIsReadWhole) {
  struct linux_os os = sondei_linux_os;
  os.read = OneByteRead;
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "/", 30 * kSecond), SONDE_OK) << context.error();
  struct statvfs expected;
  ASSERT_EQ(statvfs("/", &expected), 0);
  EXPECT_EQ(usage.total, expected.f_blocks * expected.f_frsize);
}

// A helper that is killed by somebody else.
int StatvfsThatDies(const char *, struct statvfs *) {
  raise(SIGKILL);
  return 0;
}

TEST(LinuxUsage, AHelperThatIsKilled) {
  struct linux_os os = sondei_linux_os;
  os.statvfs = StatvfsThatDies;
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/", 30 * kSecond), SONDE_ERR_OS);
  EXPECT_TRUE(NoChildIsLeft());
}

// What no real file system says.
struct statvfs odd;
int OddStatvfs(const char *, struct statvfs *out) {
  *out = odd;
  return 0;
}

TEST(LinuxUsage, OddNumbers) {
  struct linux_os os = sondei_linux_os;
  os.statvfs = OddStatvfs;
  Live live(&os);
  Context context(&live.options);
  sonde_disk_usage usage;
  memset(&odd, 0, sizeof odd);
  odd.f_bsize = 4096, odd.f_frsize = 1024, odd.f_blocks = 10, odd.f_bfree = 12, odd.f_bavail = 20;
  odd.f_files = 5, odd.f_ffree = 7, odd.f_favail = 9;
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "/", 30 * kSecond), SONDE_OK);
  EXPECT_EQ(usage.total, 10240u);
  EXPECT_EQ(usage.used, 0u);
  EXPECT_EQ(usage.free, 10240u);
  EXPECT_EQ(usage.reserved, 0u);
  EXPECT_EQ(usage.inodes_used, 0u);
  EXPECT_EQ(usage.inodes_free, 5u);
  odd.f_bfree = 4, odd.f_bavail = 1, odd.f_files = 0;
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "/", SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(usage.used, 6144u);
  EXPECT_EQ(usage.free, 1024u);
  EXPECT_EQ(usage.reserved, 3072u);
  EXPECT_EQ(usage.valid, uint64_t{SONDE_DISK_USAGE_SPACE | SONDE_DISK_USAGE_READ_ONLY});
  odd.f_frsize = 0;
  ASSERT_EQ(sonde_disk_usage_get(context, &usage, "/", SONDE_NO_TIMEOUT), SONDE_OK);
  EXPECT_EQ(usage.total, 40960u);
  odd.f_blocks = UINT64_MAX / 4096 + 1;
  EXPECT_EQ(sonde_disk_usage_get(context, &usage, "/", SONDE_NO_TIMEOUT), SONDE_ERR_OS);
}

}  // namespace
