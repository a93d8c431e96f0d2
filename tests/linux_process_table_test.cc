// SPDX-License-Identifier: MIT
#include "backends/linux/linux_os.h"  // first

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;

using Table = List<sonde_process_table>;

std::set<sonde_pid> PidsInProc() {
  std::set<sonde_pid> pids;
  DIR *const folder = opendir("/proc");
  while (const dirent *entry = readdir(folder)) {
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9') pids.insert(std::stoll(entry->d_name));
  }
  closedir(folder);
  return pids;
}

// Calls of the OS that are watched: what was opened below which descriptor, and what fails.
struct Watch {
  std::vector<std::string> calls;  // "openat 3 1/stat"
  std::map<int, std::string> names;
  std::map<std::string, int> open_fails;  // the path as given: errno
  std::map<std::string, int> read_fails;
  int opens_left = -1;  // then EMFILE
};
Watch *watch;

std::string NameOf(int dirfd) {
  if (dirfd == AT_FDCWD) return "";
  const auto at = watch->names.find(dirfd);
  return at == watch->names.end() ? "?" : at->second;
}

int WatchedOpenat(int dirfd, const char *path, int flags) {
  const std::string name = NameOf(dirfd).empty() ? path : NameOf(dirfd) + "|" + path;
  watch->calls.push_back("openat " + name);
  const auto failure = watch->open_fails.find(path);
  if (failure != watch->open_fails.end()) {
    errno = failure->second;
    return -1;
  }
  if (watch->opens_left == 0) {
    errno = EMFILE;
    return -1;
  }
  if (watch->opens_left > 0) watch->opens_left--;
  const int fd = sondei_linux_os.openat(dirfd, path, flags);
  if (fd >= 0) watch->names[fd] = name;
  return fd;
}

ssize_t WatchedRead(int fd, void *buffer, size_t size) {
  const std::string name = NameOf(fd);
  for (const auto &failure : watch->read_fails) {
    if (name.size() < failure.first.size()) continue;
    if (name.compare(name.size() - failure.first.size(), std::string::npos, failure.first) == 0) {
      errno = failure.second;
      return -1;
    }
  }
  return sondei_linux_os.read(fd, buffer, size);
}

ssize_t WatchedReadlinkat(int dirfd, const char *path, char *buffer, size_t size) {
  watch->calls.push_back("readlinkat " + NameOf(dirfd) + "|" + path);
  return sondei_linux_os.readlinkat(dirfd, path, buffer, size);
}

int WatchedFstatat(int dirfd, const char *path, struct stat *out, int flags) {
  watch->calls.push_back("fstatat " + NameOf(dirfd) + "|" + path);
  return sondei_linux_os.fstatat(dirfd, path, out, flags);
}

// A context whose calls are watched, of a made-up machine or of this one.
class Watched {
 public:
  explicit Watched(sonde_options *options) {
    watch = &watch_;
    os_ = sondei_linux_os;
    os_.openat = WatchedOpenat;
    os_.read = WatchedRead;
    os_.readlinkat = WatchedReadlinkat;
    os_.fstatat = WatchedFstatat;
    override_ = {"linux", &os_};
    options->os_override = &override_;
  }
  ~Watched() { watch = nullptr; }
  Watch *operator->() { return &watch_; }

 private:
  Watch watch_;
  struct linux_os os_;
  struct sonde_os_override override_;
};

constexpr char kStat[] = " S 1 7 7 0 -1 256 1 2 3 4 50 60 7 8 20 0 1 0 1000 4096 1\n";

// Processes 7 and 8.
void Fill(Tree *tree) {
  tree->write("proc/stat", "btime 1000000000\n").mkdir("proc/sys").write("proc/uptime", "1 1\n").write("proc/09", "");
  for (const std::string pid : {"7", "8"}) {
    const std::string folder = "proc/" + pid + "/";
    tree->write(folder + "stat", pid + " (p" + pid + ")" + kStat);
    tree->write(folder + "status", "Name:\tp" + pid + "\nTgid:\t" + pid + "\nUid:\t" + pid + "\t0\t0\t0\n");
    tree->write(folder + "statm", "10 5 2 1 0 3 0\n").write(folder + "io", "rchar: 1\n");
    tree->write(folder + "cmdline", std::string("a\0", 2)).link(folder + "exe", "/bin/p" + pid);
  }
}

TEST(LinuxProcessTable, HasEveryProcess) {
  const Child child = Child::sleeping();
  const Context context;
  const std::set<sonde_pid> before = PidsInProc();
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_STAT), SONDE_OK) << context.error();
  const std::set<sonde_pid> after = PidsInProc();
  std::set<sonde_pid> told;
  for (const sonde_process &p : table) EXPECT_TRUE(told.insert(p.pid).second) << p.pid;
  EXPECT_EQ(told.count(child.pid()), 1u);
  for (const sonde_pid pid : before) {
    if (after.count(pid) != 0) {
      EXPECT_EQ(told.count(pid), 1u) << pid;
    }
  }
}

TEST(LinuxProcessTable, OfAMadeUpMachine) {
  Tree tree;
  Fill(&tree);
  const Context context(tree.options());
  Table table;
  for (const uint64_t fields : {UINT64_C(0), SONDE_PROCESS_STAT, SONDE_PROCESS_STATUS, SONDE_PROCESS_MEMORY,
                                SONDE_PROCESS_IO, SONDE_PROCESS_CMDLINE, SONDE_PROCESS_EXE, SONDE_PROCESS_ALL}) {
    ASSERT_EQ(sonde_process_table_refresh(context, &table, fields), SONDE_OK) << context.error();
    std::set<sonde_pid> told;
    for (const sonde_process &p : table) {
      told.insert(p.pid);
      EXPECT_EQ(p.status, SONDE_OK);
      EXPECT_EQ(p.valid & ~fields, 0u);
      EXPECT_EQ(p.valid == 0, fields == 0);
      if (p.valid & SONDE_PROCESS_NAME) {
        EXPECT_EQ(text(p.name), "p" + std::to_string(p.pid));
      }
      if (p.valid & SONDE_PROCESS_EXE) {
        EXPECT_EQ(text(p.exe), "/bin/p" + std::to_string(p.pid));
      }
    }
    EXPECT_EQ(told, (std::set<sonde_pid>{7, 8}));
  }
}

TEST(LinuxProcessTable, OneFileIsReadWithoutADirectory) {
  Tree tree;
  Fill(&tree);
  Watched watched(tree.options());
  const Context context(tree.options());
  Table table;
  const struct {
    uint64_t fields;
    const char *file;
  } rows[] = {
      {SONDE_PROCESS_STAT & ~SONDE_PROCESS_START_TIME, "stat"},
      {SONDE_PROCESS_NAME, "stat"},
      {SONDE_PROCESS_STATUS, "status"},
      {SONDE_PROCESS_UIDS | SONDE_PROCESS_NAME | SONDE_PROCESS_STATE | SONDE_PROCESS_PPID, "status"},
      {SONDE_PROCESS_MEMORY | SONDE_PROCESS_RSS | SONDE_PROCESS_VMS, "statm"},
      {SONDE_PROCESS_IO, "io"},
      {SONDE_PROCESS_CMDLINE, "cmdline"},
  };
  for (const auto &row : rows) {
    watched->calls.clear();
    ASSERT_EQ(sonde_process_table_refresh(context, &table, row.fields), SONDE_OK);
    const std::string proc = "openat " + tree.at("proc") + "/";
    std::sort(watched->calls.begin(), watched->calls.end());
    std::vector<std::string> expected = {proc, proc + "|7/" + row.file, proc + "|8/" + row.file};
    // The procfs directory itself is opened by its name, with or without a slash.
    for (std::string &call : watched->calls) {
      const std::string bare = "openat " + tree.at("proc");
      if (call == bare || call.compare(0, bare.size() + 1, bare + "|") == 0) call.insert(bare.size(), "/");
    }
    EXPECT_EQ(watched->calls, expected) << row.file;
  }
}

TEST(LinuxProcessTable, SeveralFilesAreReadBelowOneDirectoryOfTheProcess) {
  const Child child = Child::sleeping();
  sonde_options options = {};
  Watched watched(&options);
  const Context context(&options);
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
  const std::string pid = std::to_string(child.pid());
  size_t opened = 0, below = 0;
  for (const std::string &call : watched->calls) {
    // Its directory, once; everything else below that.
    if (call.find("|" + pid + "|") != std::string::npos) {
      below++;
    } else if (call.size() > pid.size() &&
               call.compare(call.size() - pid.size() - 1, std::string::npos, "|" + pid) == 0) {
      EXPECT_EQ(call.compare(0, 7, "openat "), 0) << call;
      opened++;
    } else {
      EXPECT_EQ(call.find("/" + pid + "/"), std::string::npos) << call;
      EXPECT_EQ(call.find("|" + pid + "/"), std::string::npos) << call;
    }
  }
  EXPECT_EQ(opened, 1u);
  EXPECT_GE(below, 20u);
}

TEST(LinuxProcessTable, AProcessThatEndsBeforeItIsReadIsLeftOut) {
  Tree tree;
  Fill(&tree);
  tree.mkdir("proc/9");
  Watched watched(tree.options());
  const Context context(tree.options());
  Table table;
  for (const uint64_t fields : {SONDE_PROCESS_STAT, SONDE_PROCESS_STATUS | SONDE_PROCESS_IO, SONDE_PROCESS_EXE}) {
    ASSERT_EQ(sonde_process_table_refresh(context, &table, fields), SONDE_OK);
    EXPECT_EQ(table.count, 2u);
    EXPECT_EQ(table.bad, 0u);
    sonde_error error;
    sonde_last_error(context, &error);
    EXPECT_EQ(error.status, SONDE_OK);
  }
  watched->open_fails["7"] = ENOENT;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
  EXPECT_EQ(table.count, 2u) << "the made-up directory is still there";
}

TEST(LinuxProcessTable, AProcessThatEndsMidwayKeepsWhatWasRead) {
  Tree tree;
  Fill(&tree);
  Watched watched(tree.options());
  static Tree *machine;
  machine = &tree;
  struct linux_os os = *static_cast<const struct linux_os *>(tree.options()->os_override->calls);
  // As the kernel does it: with the process go all its files.
  os.openat = [](int dirfd, const char *path, int flags) {
    if (NameOf(dirfd).find("|7") != std::string::npos && std::string(path) == "io") machine->remove("proc/7");
    return WatchedOpenat(dirfd, path, flags);
  };
  const struct sonde_os_override override = {"linux", &os};
  tree.options()->os_override = &override;
  const Context context(tree.options());
  Table table;
  ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NAME | SONDE_PROCESS_IO | SONDE_PROCESS_EXE),
            SONDE_OK);
  ASSERT_EQ(table.count, 2u);
  EXPECT_EQ(table.bad, 1u);
  for (const sonde_process &p : table) {
    if (p.pid != 7) continue;
    EXPECT_EQ(p.status, SONDE_ERR_NO_PROCESS);
    EXPECT_EQ(p.valid, SONDE_PROCESS_NAME);
    EXPECT_EQ(text(p.name), "p7");
  }
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.os_code, ESRCH);
}

TEST(LinuxProcessTable, ErrorsOfOneProcessAreItsOwn) {
  Tree tree;
  Fill(&tree);
  Watched watched(tree.options());
  const Context context(tree.options());
  Table table;
  const struct {
    int code;
    sonde_status status;
    uint64_t denied, failed;
  } rows[] = {
      {EACCES, SONDE_ERR_ACCESS, SONDE_PROCESS_IO, 0},
      {EPERM, SONDE_ERR_ACCESS, SONDE_PROCESS_IO, 0},
      {EIO, SONDE_ERR_OS, 0, SONDE_PROCESS_IO},
      {EINVAL, SONDE_ERR_OS, 0, SONDE_PROCESS_IO},
      {ENOENT, SONDE_OK, 0, 0},
      {ESRCH, SONDE_OK, 0, 0},
  };
  for (const auto &row : rows) {
    for (auto *failures : {&watched->open_fails, &watched->read_fails}) {
      (*failures)[failures == &watched->open_fails ? "io" : "7|io"] = row.code;
      ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NAME | SONDE_PROCESS_IO), SONDE_OK);
      ASSERT_EQ(table.count, 2u);
      for (const sonde_process &p : table) {
        if (p.pid != 7) continue;
        EXPECT_EQ(p.status, row.status) << row.code;
        EXPECT_EQ(p.valid, SONDE_PROCESS_NAME) << row.code;
        EXPECT_EQ(p.denied, row.denied) << row.code;
        EXPECT_EQ(p.failed, row.failed) << row.code;
      }
      failures->clear();
    }
  }
}

// SELinux refuses /proc/1/stat, say, which everybody else may read.
TEST(LinuxProcessTable, AStatThatIsRefusedLosesNoRow) {
  Tree tree;
  Fill(&tree);
  Watched watched(tree.options());
  const Context context(tree.options());
  for (const int code : {EACCES, EPERM}) {
    watched->open_fails["7/stat"] = code;
    Table table;
    ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_NAME | SONDE_PROCESS_PPID), SONDE_OK);
    ASSERT_EQ(table.count, 2u);
    EXPECT_EQ(table.bad, 1u);
    for (const sonde_process &p : table) {
      const bool is_refused = p.pid == 7;
      EXPECT_EQ(p.status, is_refused ? SONDE_ERR_ACCESS : SONDE_OK) << code;
      EXPECT_EQ(p.denied, is_refused ? SONDE_PROCESS_NAME | SONDE_PROCESS_PPID : 0u) << code;
      EXPECT_EQ(p.valid, is_refused ? 0u : SONDE_PROCESS_NAME | SONDE_PROCESS_PPID) << code;
    }
    bool exists = false;
    EXPECT_EQ(sonde_pid_exists(context, &exists, 7), SONDE_OK);
    EXPECT_TRUE(exists);
    List<sonde_pid_list> pids;
    EXPECT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK);
    EXPECT_EQ(pids.count, 2u);
  }
}

TEST(LinuxProcessTable, RunningOutOfDescriptorsIsNeverAShortTable) {
  Tree tree;
  Fill(&tree);
  Watched watched(tree.options());
  const Context context(tree.options());
  for (const uint64_t fields : {SONDE_PROCESS_STAT, SONDE_PROCESS_EXE, SONDE_PROCESS_ALL}) {
    Table table;
    int failed = 0;
    for (int n = 0;; n++) {
      watched->opens_left = n;
      const auto before = sonde_test::open_descriptors();
      const sonde_status status = sonde_process_table_refresh(context, &table, fields);
      EXPECT_EQ(sonde_test::open_descriptors(), before);
      if (status == SONDE_OK) break;
      EXPECT_EQ(status, SONDE_ERR_OS);
      EXPECT_EQ(table.count, 0u);
      sonde_error error;
      sonde_last_error(context, &error);
      EXPECT_EQ(error.os_code, EMFILE);
      failed++;
    }
    EXPECT_EQ(table.count, 2u);
    EXPECT_GE(failed, 3);
  }
}

TEST(LinuxProcessTable, NothingIsAllocatedOnceItHasGrown) {
  Tree tree;
  Fill(&tree);
  static uint64_t requests;
  requests = 0;
  tree.options()->allocator.reallocate = [](void *, void *block, size_t, size_t size) -> void * {
    if (size == 0) {
      free(block);
      return nullptr;
    }
    requests++;
    return realloc(block, size);
  };
  const Context context(tree.options());
  Table table;
  for (int i = 0; i < 3; i++) ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
  const uint64_t before = requests;
  for (int i = 0; i < 10; i++) ASSERT_EQ(sonde_process_table_refresh(context, &table, SONDE_PROCESS_ALL), SONDE_OK);
  EXPECT_EQ(requests, before);
}

TEST(LinuxProcessTable, StartTimesWithoutBtime) {
  // A procfs that shows processes only: mount option subset=pid.
  sonde_options options = {};
  Watched watched(&options);
  const Context context(&options);
  Table with, without;
  ASSERT_EQ(sonde_process_get(context, &with, getpid(), SONDE_PROCESS_START_TIME), SONDE_OK);
  watched->open_fails["/proc/stat"] = ENOENT;
  ASSERT_EQ(sonde_process_get(context, &without, getpid(), SONDE_PROCESS_START_TIME), SONDE_OK);
  EXPECT_EQ(without[0].status, SONDE_OK);
  EXPECT_EQ(without[0].start_id, with[0].start_id);
  EXPECT_LE(without[0].start_time, with[0].start_time + 2000000000);
  EXPECT_GE(without[0].start_time + 2000000000, with[0].start_time);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_EQ(error.status, SONDE_OK);
}

TEST(LinuxProcessTable, NoProcfsIsAnError) {
  Tree tree;
  const Context context(tree.options());
  Table table;
  EXPECT_EQ(sonde_process_table_refresh(context, &table, 0), SONDE_ERR_OS);
  tree.mkdir("proc");
  EXPECT_EQ(sonde_process_table_refresh(context, &table, 0), SONDE_ERR_OS);
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_STREQ(error.operation.data, "find a process in");
  EXPECT_EQ(std::string(error.subject.data), tree.path() + "/proc");
  sonde_pid_list pids = {};
  EXPECT_EQ(sonde_pid_list_get(context, &pids), SONDE_ERR_OS);
  sonde_pid_list_free(&pids);
}

}  // namespace
