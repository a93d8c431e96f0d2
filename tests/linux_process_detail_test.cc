// SPDX-License-Identifier: MIT
// Threads, limits, environment, open files and mappings of one process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/fuse.h>
#include <sched.h>
#include <signal.h>
#include <sonde/sonde.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
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
#include <string>
#include <thread>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/tree.h"

namespace {

using sonde_test::Child;
using sonde_test::Context;
using sonde_test::Handle;
using sonde_test::List;
using sonde_test::text;
using sonde_test::Tree;
using namespace std::string_literals;

// ---- Threads --------------------------------------------------------------------------------------------------------

TEST(LinuxProcessDetail, Threads) {
  const std::string names[] = {"a) R 1 2 3", "plain", "x\ny"};
  const Child child = Child::running([&] {
    std::atomic<int> ready{0};
    for (const std::string &name : names) {
      std::thread([&] {
        prctl(PR_SET_NAME, name.c_str());
        ready++;
        for (;;) pause();
      }).detach();
    }
    while (ready < 3) usleep(1000);
    setpriority(PRIO_PROCESS, 0, 3);
    prctl(PR_SET_NAME, "leader");
  });
  child.wait_for_state('S');
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_thread_list> threads;
  ASSERT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK) << context.error();
  EXPECT_EQ(threads.count, 4u);
  EXPECT_EQ(threads.bad, 0u);
  std::set<std::string> told;
  List<sonde_process_table> table;
  ASSERT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_START_TIME), SONDE_OK);
  for (const sonde_thread &thread : threads) {
    told.insert(text(thread.name));
    EXPECT_EQ(thread.valid & SONDE_THREAD_NAME, static_cast<uint64_t>(SONDE_THREAD_NAME));
    if (thread.id == child.pid()) {
      EXPECT_EQ(text(thread.name), "leader");
      EXPECT_EQ(thread.nice, 3);
      EXPECT_EQ(thread.priority, 23);
      EXPECT_EQ(thread.start_time / 2000000000, table[0].start_time / 2000000000);
    } else {
      EXPECT_EQ(thread.nice, getpriority(PRIO_PROCESS, static_cast<id_t>(thread.id)));
    }
    struct stat info;
    EXPECT_EQ(stat(("/proc/" + std::to_string(child.pid()) + "/task/" + std::to_string(thread.id)).c_str(), &info), 0);
  }
  EXPECT_EQ(told, (std::set<std::string>{"a) R 1 2 3", "plain", "x\ny", "leader"}));
}

TEST(LinuxProcessDetail, ThreadsOfAZombie) {
  const Child child = Child::zombie();
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_thread_list> threads;
  ASSERT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK);
  ASSERT_EQ(threads.count, 1u);
  EXPECT_EQ(threads[0].state, SONDE_PROCESS_STATE_ZOMBIE);
}

constexpr char kStat[] = "7 (a) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 1000 1 1\n";

TEST(LinuxProcessDetail, RecordedThreads) {
  Tree tree;
  tree.write("proc/7/stat", kStat).write("proc/7/task/7/stat", kStat).write("proc/7/task/8/stat", "8 (b\n");
  tree.write("proc/7/task/9/stat", "9 (c) R 1 7 7 0 -1 0 1 2 3 4 50 60\n")
      .mkdir("proc/7/task/10")
      .mkdir("proc/7/task/x");
  const Context context(tree.options());
  Handle handle(context, 7);
  List<sonde_thread_list> threads;
  ASSERT_EQ(sonde_thread_list_get(handle, &threads), SONDE_OK) << context.error();
  ASSERT_EQ(threads.count, 3u);
  EXPECT_EQ(threads.bad, 1u);
  const auto tick = 1000000000 / static_cast<uint64_t>(sysconf(_SC_CLK_TCK));
  for (const sonde_thread &thread : threads) {
    if (thread.id == 8) {
      EXPECT_EQ(thread.status, SONDE_ERR_PARSE);
      EXPECT_EQ(thread.valid, 0u);
    }
    if (thread.id == 9) {
      EXPECT_EQ(thread.state, SONDE_PROCESS_STATE_RUNNING);
      EXPECT_EQ(thread.user_time, 50 * tick);
      EXPECT_EQ(thread.system_time, 60 * tick);
      EXPECT_EQ(thread.valid, static_cast<uint64_t>(SONDE_THREAD_NAME | SONDE_THREAD_STATE | SONDE_THREAD_TIMES));
    }
  }
}

// ---- Limits and environment -----------------------------------------------------------------------------------------

TEST(LinuxProcessDetail, LimitsAreWhatPrlimitSays) {
  const Child child = Child::running([] {
    struct rlimit limit;
    getrlimit(RLIMIT_CPU, &limit);
    limit.rlim_cur = 12345;
    setrlimit(RLIMIT_CPU, &limit);
  });
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_limit_list> limits;
  ASSERT_EQ(sonde_limit_list_get(handle, &limits), SONDE_OK) << context.error();
  const std::map<sonde_limit_kind, int> resources = {
      {SONDE_LIMIT_CPU, RLIMIT_CPU},           {SONDE_LIMIT_FSIZE, RLIMIT_FSIZE},
      {SONDE_LIMIT_DATA, RLIMIT_DATA},         {SONDE_LIMIT_STACK, RLIMIT_STACK},
      {SONDE_LIMIT_CORE, RLIMIT_CORE},         {SONDE_LIMIT_RSS, RLIMIT_RSS},
      {SONDE_LIMIT_NPROC, RLIMIT_NPROC},       {SONDE_LIMIT_NOFILE, RLIMIT_NOFILE},
      {SONDE_LIMIT_MEMLOCK, RLIMIT_MEMLOCK},   {SONDE_LIMIT_AS, RLIMIT_AS},
      {SONDE_LIMIT_LOCKS, RLIMIT_LOCKS},       {SONDE_LIMIT_SIGPENDING, RLIMIT_SIGPENDING},
      {SONDE_LIMIT_MSGQUEUE, RLIMIT_MSGQUEUE}, {SONDE_LIMIT_NICE, RLIMIT_NICE},
      {SONDE_LIMIT_RTPRIO, RLIMIT_RTPRIO},     {SONDE_LIMIT_RTTIME, RLIMIT_RTTIME},
  };
  EXPECT_EQ(limits.count, resources.size());
  for (const sonde_limit &limit : limits) {
    struct rlimit expected;
    ASSERT_EQ(prlimit(child.pid(), static_cast<__rlimit_resource>(resources.at(limit.kind)), nullptr, &expected), 0);
    EXPECT_EQ(limit.soft, expected.rlim_cur == RLIM_INFINITY ? SONDE_UNLIMITED : expected.rlim_cur);
    EXPECT_EQ(limit.hard, expected.rlim_max == RLIM_INFINITY ? SONDE_UNLIMITED : expected.rlim_max);
    if (limit.kind == SONDE_LIMIT_CPU) {
      EXPECT_EQ(limit.soft, 12345u);
    }
  }
}

TEST(LinuxProcessDetail, Environment) {
  const Child child = Child::executing({"a"}, {"A=1", "B=x=y", "EMPTY=", "NONE", "N=a\nb", "\xff=\xfe"});
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_environ_list> variables;
  ASSERT_EQ(sonde_environ_list_get(handle, &variables), SONDE_OK) << context.error();
  std::vector<std::string> told;
  for (const sonde_environ &variable : variables) {
    told.push_back(text(variable.name) + (variable.has_value ? "|=|" : "||") + text(variable.value));
  }
  ASSERT_GE(told.size(), 6u);
  told.resize(6);
  EXPECT_EQ(told, (std::vector<std::string>{"A|=|1", "B|=|x=y", "EMPTY|=|", "NONE||", "N|=|a\nb", "\xff|=|\xfe"}));
}

TEST(LinuxProcessDetail, AZombieHasNothingToTell) {
  const Child child = Child::zombie();
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_environ_list> variables;
  EXPECT_EQ(sonde_environ_list_get(handle, &variables), SONDE_ERR_ZOMBIE) << context.error();
  List<sonde_map_list> maps;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_ERR_ZOMBIE) << context.error();
  EXPECT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_ERR_ZOMBIE) << context.error();
  List<sonde_open_file_list> files;
  EXPECT_EQ(sonde_open_file_list_get(handle, &files, false), SONDE_ERR_ZOMBIE) << context.error();
}

// ---- Open files -----------------------------------------------------------------------------------------------------

TEST(LinuxProcessDetail, OpenFiles) {
  Tree tree;
  tree.write("plain", "0123456789").write("with (deleted)", "x").write("gone", "x").mkdir("folder");
  const std::string plain = tree.at("plain"), named = tree.at("with (deleted)"), gone = tree.at("gone"),
                    folder = tree.at("folder");
  tree.fifo("queue").write("linked", "x");
  const std::string queue = tree.at("queue"), linked = tree.at("linked");
  enum {
    kPlain = 100,
    kAppend,
    kNamed,
    kGone,
    kLinked,
    kTemporary,
    kMemory,
    kFolder,
    kFolderPlain,
    kNull,
    kQueue,
    kPipe,
    kSocket,
    kEvent
  };
  const Child child = Child::running([&] {
    int ends[2];
    dup2(open(plain.c_str(), O_RDWR), kPlain);
    lseek(kPlain, 4, SEEK_SET);
    dup2(open(plain.c_str(), O_WRONLY | O_APPEND), kAppend);
    dup2(open(named.c_str(), O_RDONLY), kNamed);
    dup2(open(gone.c_str(), O_RDONLY), kGone);
    unlink(gone.c_str());
    dup2(open(linked.c_str(), O_RDWR | O_APPEND), kLinked);
    EXPECT_EQ(link(linked.c_str(), (linked + "2").c_str()), 0);
    unlink(linked.c_str());
    const int temporary = open(folder.c_str(), O_TMPFILE | O_RDWR, 0600);
    dup2(temporary < 0 ? kGone : temporary, kTemporary);
    dup2(static_cast<int>(syscall(SYS_memfd_create, "some", 0)), kMemory);
    dup2(open(folder.c_str(), O_RDONLY), kFolderPlain);
    dup2(open(queue.c_str(), O_RDWR), kQueue);
    dup2(open(folder.c_str(), O_RDONLY | O_DIRECTORY), kFolder);
    dup2(open("/dev/null", O_WRONLY), kNull);
    if (pipe(ends) == 0) dup2(ends[0], kPipe);
    dup2(socket(AF_UNIX, SOCK_STREAM, 0), kSocket);
    dup2(eventfd(0, 0), kEvent);
  });
  const Context context;
  Handle handle(context, child.pid());
  List<sonde_open_file_list> files;
  ASSERT_EQ(sonde_open_file_list_get(handle, &files, false), SONDE_OK) << context.error();
  std::map<int64_t, const sonde_open_file *> by_fd;
  for (const sonde_open_file &file : files) {
    EXPECT_EQ(file.status, SONDE_OK);
    by_fd[file.fd] = &file;
  }
  for (int fd = kPlain; fd <= kEvent; fd++) ASSERT_EQ(by_fd.count(fd), 1u) << fd;
  const auto name_of = [&](int fd) {
    char target[4096];
    const std::string link = "/proc/" + std::to_string(child.pid()) + "/fd/" + std::to_string(fd);
    const ssize_t len = readlink(link.c_str(), target, sizeof target);
    return std::string(target, len < 0 ? 0 : static_cast<size_t>(len));
  };
  EXPECT_EQ(text(by_fd[kPlain]->path), plain);
  EXPECT_EQ(by_fd[kPlain]->position, 4u);
  EXPECT_STREQ(by_fd[kPlain]->mode, "r+");
  EXPECT_EQ(by_fd[kPlain]->flags & O_ACCMODE, static_cast<uint32_t>(O_RDWR));
  EXPECT_STREQ(by_fd[kAppend]->mode, "a");
  EXPECT_STREQ(by_fd[kGone]->mode, "r");
  EXPECT_EQ(text(by_fd[kGone]->path), gone);
  EXPECT_TRUE(by_fd[kGone]->deleted);
  EXPECT_FALSE(by_fd[kPlain]->deleted);
  struct stat info;
  ASSERT_EQ(stat(plain.c_str(), &info), 0);
  EXPECT_EQ(by_fd[kPlain]->inode, info.st_ino);
  EXPECT_EQ(by_fd[kPlain]->kind, SONDE_FILE_REGULAR);
  EXPECT_EQ(text(by_fd[kNamed]->path), named) << "the file is named so";
  EXPECT_FALSE(by_fd[kNamed]->deleted);
  EXPECT_EQ(text(by_fd[kLinked]->path), linked);
  EXPECT_TRUE(by_fd[kLinked]->deleted) << "another name of it is left, but not this one";
  EXPECT_STREQ(by_fd[kLinked]->mode, "a+");
  EXPECT_TRUE(by_fd[kTemporary]->deleted);
  EXPECT_EQ(by_fd[kTemporary]->kind, SONDE_FILE_REGULAR);
  EXPECT_EQ(text(by_fd[kMemory]->path), "/memfd:some");
  EXPECT_TRUE(by_fd[kMemory]->deleted);
  EXPECT_EQ(by_fd[kMemory]->kind, SONDE_FILE_REGULAR);
  EXPECT_EQ(by_fd[kFolderPlain]->kind, SONDE_FILE_DIRECTORY) << "opened without saying so";
  EXPECT_EQ(by_fd[kQueue]->kind, SONDE_FILE_PIPE);
  EXPECT_EQ(text(by_fd[kQueue]->path), queue);
  EXPECT_EQ(by_fd[kFolder]->kind, SONDE_FILE_DIRECTORY);
  EXPECT_EQ(by_fd[kNull]->kind, SONDE_FILE_CHARACTER_DEVICE);
  EXPECT_STREQ(by_fd[kNull]->mode, "w");
  EXPECT_EQ(by_fd[kPipe]->kind, SONDE_FILE_PIPE);
  EXPECT_EQ(text(by_fd[kPipe]->path), name_of(kPipe));
  EXPECT_EQ(text(by_fd[kPipe]->path), "pipe:[" + std::to_string(by_fd[kPipe]->inode) + "]");
  EXPECT_EQ(by_fd[kSocket]->kind, SONDE_FILE_SOCKET);
  EXPECT_EQ(text(by_fd[kSocket]->path), "socket:[" + std::to_string(by_fd[kSocket]->inode) + "]");
  EXPECT_EQ(by_fd[kEvent]->kind, SONDE_FILE_OTHER);

  ASSERT_EQ(sonde_open_file_list_get(handle, &files, true), SONDE_OK);
  std::set<int64_t> regular;
  for (const sonde_open_file &file : files) {
    if (file.fd >= kPlain && file.fd <= kEvent) regular.insert(file.fd);
  }
  EXPECT_EQ(regular, (std::set<int64_t>{kPlain, kAppend, kNamed, kGone, kLinked, kTemporary, kMemory}));
}

// mnt_id, pos and flags are those of fdinfo, for every way to open a file.
TEST(LinuxProcessDetail, OpenFilesOfEveryMode) {
  Tree tree;
  tree.write("file", std::string(10000, 'x'));
  const std::string path = tree.at("file");
  const struct {
    int flags;
    off_t position;
    const char *mode;
  } rows[] = {{O_RDONLY, 0, "r"},
              {O_RDONLY | O_CLOEXEC, 1, "r"},
              {O_WRONLY, 2, "w"},
              {O_WRONLY | O_APPEND, 3, "a"},
              {O_RDWR | O_NONBLOCK, 4096, "r+"},
              {O_RDWR | O_APPEND | O_SYNC, 9999, "a+"},
              {O_RDONLY | O_APPEND, 20000, "r"}};
  int fd = 200;
  std::vector<int> fds;
  for (const auto &row : rows) {
    fds.push_back(fcntl(open(path.c_str(), row.flags), (row.flags & O_CLOEXEC) != 0 ? F_DUPFD_CLOEXEC : F_DUPFD, fd++));
    ASSERT_EQ(lseek(fds.back(), row.position, SEEK_SET), row.position);
  }
  const Context context;
  Handle handle(context, getpid());
  List<sonde_open_file_list> files;
  ASSERT_EQ(sonde_open_file_list_get(handle, &files, true), SONDE_OK) << context.error();
  size_t found = 0;
  for (const sonde_open_file &file : files) {
    for (size_t i = 0; i < fds.size(); i++) {
      if (file.fd != fds[i]) continue;
      found++;
      EXPECT_EQ(text(file.path), path);
      EXPECT_EQ(file.position, static_cast<uint64_t>(rows[i].position));
      EXPECT_STREQ(file.mode, rows[i].mode) << i;
      std::ifstream in("/proc/self/fdinfo/" + std::to_string(fds[i]));
      std::map<std::string, std::string> lines;
      for (std::string key, value; in >> key >> value;) lines[key] = value;
      EXPECT_EQ(file.flags, std::stoul(lines["flags:"], nullptr, 8)) << i;
      if (lines.count("mnt_id:") != 0) {
        EXPECT_EQ(std::to_string(file.mount_id), lines["mnt_id:"]);
        EXPECT_NE(file.valid & SONDE_OPEN_FILE_MOUNT_ID, 0u);
      }
    }
  }
  EXPECT_EQ(found, fds.size());
  for (const int each : fds) close(each);
}

// A FUSE program that stops answering once a file of it is open: asking for that file's attributes would hang for ever.
[[noreturn]] void ServeUntilOpen(int fuse, int told) {
  static char request[1 << 17];
  for (;;) {
    const ssize_t got = read(fuse, request, sizeof request);
    if (got < 0 && errno == EPERM) {
      usleep(1000);  // not mounted yet
      continue;
    }
    if (got < 0) _exit(1);
    struct fuse_in_header in;
    memcpy(&in, request, sizeof in);
    std::string body;
    const auto put = [&body](const auto &value) { body.assign(reinterpret_cast<const char *>(&value), sizeof value); };
    if (in.opcode == FUSE_INIT) {
      struct fuse_init_out out = {};
      out.major = 7;
      out.minor = 31;
      out.max_write = 4096;
      put(out);
    } else if (in.opcode == FUSE_LOOKUP) {
      struct fuse_entry_out out = {};
      out.nodeid = out.attr.ino = 2;
      out.attr.mode = S_IFREG | 0644;
      out.attr.nlink = 1;
      put(out);
    } else if (in.opcode == FUSE_GETATTR) {
      struct fuse_attr_out out = {};
      out.attr.ino = in.nodeid;
      out.attr.mode = in.nodeid == 1 ? S_IFDIR | 0755 : S_IFREG | 0644;
      out.attr.nlink = 1;
      put(out);
    } else if (in.opcode == FUSE_OPEN) {
      put(fuse_open_out());
    }
    struct fuse_out_header header = {};
    header.len = static_cast<uint32_t>(sizeof header + body.size());
    header.error = body.empty() ? -ENOSYS : 0;
    header.unique = in.unique;
    body.insert(0, reinterpret_cast<const char *>(&header), sizeof header);
    if (write(fuse, body.data(), body.size()) < 0) _exit(1);
    if (in.opcode != FUSE_OPEN) continue;
    if (write(told, "!", 1) != 1) _exit(1);
    for (;;) pause();
  }
}

TEST(LinuxProcessDetail, AnOpenFileOnADeadMountDoesNotHang) {
  Tree tree;
  tree.mkdir("dead").write("alive", "x");
  const std::string mountpoint = tree.at("dead"), alive = tree.at("alive");
  int told[2];
  ASSERT_EQ(pipe(told), 0);
  const int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
  if (fuse < 0) GTEST_SKIP() << "no FUSE here";
  const pid_t program = fork();
  if (program == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ServeUntilOpen(fuse, told[1]);
  }
  // It is ready when the file is open, in a mount namespace of its own. It must not close a descriptor of that file:
  // that asks the program, too.
  Child child = Child::running([&] {
    if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", "none", MS_REC | MS_PRIVATE, nullptr) != 0) _exit(77);
    const std::string options = "fd=" + std::to_string(fuse) + ",rootmode=40000,user_id=0,group_id=0";
    if (mount("dead", mountpoint.c_str(), "fuse", 0, options.c_str()) != 0) _exit(77);
    close(fuse);
    dup2(open((mountpoint + "/file").c_str(), O_RDONLY), 100);
    dup2(open(alive.c_str(), O_RDONLY), 101);
  });
  close(fuse);
  // The program ends before the child does, whatever fails below: the end of the child would wait for it.
  struct Stopper {
    pid_t pid;
    ~Stopper() {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
  } const stopper = {program};
  int status = 0;
  if (waitpid(child.pid(), &status, WNOHANG) == child.pid()) {
    child.release();
    GTEST_SKIP() << "FUSE cannot be mounted here";
  }
  char byte;
  ASSERT_EQ(read(told[0], &byte, 1), 1);
  close(told[0]);
  close(told[1]);
  const Context context;
  Handle handle(context, child.pid());
  for (const bool regular_only : {false, true}) {
    List<sonde_open_file_list> files;
    ASSERT_EQ(sonde_open_file_list_get(handle, &files, regular_only), SONDE_OK) << context.error();
    bool found = false;
    for (const sonde_open_file &file : files) {
      if (file.fd == 101) {
        EXPECT_EQ(file.kind, SONDE_FILE_REGULAR) << "in another mount namespace";
      }
      if (file.fd != 100) continue;
      found = true;
      EXPECT_EQ(file.status, SONDE_OK);
      EXPECT_EQ(text(file.path), mountpoint + "/file");
      EXPECT_EQ(file.valid & SONDE_OPEN_FILE_KIND, 0u);
      EXPECT_STREQ(file.mode, "r");
    }
    EXPECT_TRUE(found);
  }
  List<sonde_map_list> maps;
  EXPECT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK);
  List<sonde_process_table> table;
  EXPECT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_ALL), SONDE_OK);
}

// ---- Mappings -------------------------------------------------------------------------------------------------------

TEST(LinuxProcessDetail, Maps) {
  Tree tree;
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  tree.write("a b\nc", std::string(4 * page, 'x'));
  const std::string path = tree.at("a b\nc");
  const int fd = open(path.c_str(), O_RDONLY);
  ASSERT_GE(fd, 0);
  void *const at = mmap(nullptr, 3 * page, PROT_READ, MAP_PRIVATE, fd, static_cast<off_t>(page));
  ASSERT_NE(at, MAP_FAILED);
  volatile char touched = *static_cast<char *>(at);
  (void)touched;
  struct stat info;
  ASSERT_EQ(fstat(fd, &info), 0);
  const Context context;
  Handle handle(context, getpid());
  for (const bool sizes : {false, true}) {
    List<sonde_map_list> maps;
    ASSERT_EQ(sonde_map_list_get(handle, &maps, sizes), SONDE_OK) << context.error();
    EXPECT_EQ(maps.bad, 0u);
    int found = 0;
    bool stack = false;
    for (const sonde_map &map : maps) {
      EXPECT_LT(map.start, map.end);
      stack = stack || text(map.path) == "[stack]";
      if (map.start != reinterpret_cast<uintptr_t>(at)) continue;
      found++;
      EXPECT_EQ(map.end - map.start, 3 * page);
      EXPECT_EQ(text(map.path), path);
      EXPECT_STREQ(map.perms, "r--p");
      EXPECT_EQ(map.offset, page);
      EXPECT_EQ(map.inode, info.st_ino);
      EXPECT_FALSE(map.deleted);
      EXPECT_NE(map.valid & SONDE_MAP_FILE, 0u);
      EXPECT_EQ((map.valid & SONDE_MAP_RSS) != 0, sizes);
      if (sizes) {
        EXPECT_GE(map.rss, page);
        EXPECT_LE(map.rss, 3 * page);
        EXPECT_LE(map.pss, map.rss);
      }
    }
    EXPECT_EQ(found, 1);
    EXPECT_TRUE(stack);
  }
  munmap(at, 3 * page);
  close(fd);
}

TEST(LinuxProcessDetail, SizesOfARecordedMap) {
  Tree tree;
  tree.write("proc/7/stat", kStat);
  tree.write("proc/7/smaps",
             "0-1000 r-xp 00000000 08:01 12 /lib/x\nRss: 1 kB\nPss: 2 kB\nShared_Clean: 3 kB\nShared_Dirty: 4 kB\n"
             "Private_Clean: 5 kB\nPrivate_Dirty: 6 kB\nReferenced: 7 kB\nAnonymous: 8 kB\nSwap: 9 kB\nLocked: 10 kB\n"
             "1000-2000 r-xp 00000000 00:00 0\nRss: 11 kB\n");
  const Context context(tree.options());
  Handle handle(context, 7);
  List<sonde_map_list> maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK) << context.error();
  ASSERT_EQ(maps.count, 2u);
  const sonde_map &all = maps[0];
  EXPECT_EQ(all.valid, uint64_t{SONDE_MAP_FILE | SONDE_MAP_RSS | SONDE_MAP_PSS | SONDE_MAP_SHARED | SONDE_MAP_PRIVATE |
                                SONDE_MAP_REFERENCED | SONDE_MAP_ANONYMOUS | SONDE_MAP_SWAP | SONDE_MAP_LOCKED});
  EXPECT_EQ(all.rss, 1024u);
  EXPECT_EQ(all.pss, 2 * 1024u);
  EXPECT_EQ(all.shared_clean, 3 * 1024u);
  EXPECT_EQ(all.shared_dirty, 4 * 1024u);
  EXPECT_EQ(all.private_clean, 5 * 1024u);
  EXPECT_EQ(all.private_dirty, 6 * 1024u);
  EXPECT_EQ(all.referenced, 7 * 1024u);
  EXPECT_EQ(all.anonymous, 8 * 1024u);
  EXPECT_EQ(all.swap, 9 * 1024u);
  EXPECT_EQ(all.locked, 10 * 1024u);
  EXPECT_EQ(maps[1].valid, uint64_t{SONDE_MAP_RSS});
  EXPECT_EQ(maps[1].rss, 11 * 1024u);
}

TEST(LinuxProcessDetail, RecordedOpenFiles) {
  Tree tree;
  tree.write("proc/7/stat", kStat)
      .link("proc/7/fd/0", "/a b (deleted)")
      .link("proc/7/fd/1", "pipe:[4711]")
      .link("proc/7/fd/2", "/old")
      .link("proc/7/fd/3", "/odd")
      .link("proc/7/fd/x", "/none")
      .write("proc/7/fdinfo/0", "pos:\t5\nflags:\t0100002\nmnt_id:\t24\nino:\t99\n")
      .write("proc/7/fdinfo/1", "pos:\t0\nflags:\t00\nino:\t12\n")
      .write("proc/7/fdinfo/3", "pos:\tx\n");
  const Context context(tree.options());
  Handle handle(context, 7);
  List<sonde_open_file_list> files;
  ASSERT_EQ(sonde_open_file_list_get(handle, &files, false), SONDE_OK) << context.error();
  std::map<int64_t, const sonde_open_file *> by_fd;
  for (const sonde_open_file &file : files) by_fd[file.fd] = &file;
  ASSERT_EQ(by_fd.size(), 4u);
  EXPECT_EQ(files.count, 4u);
  EXPECT_EQ(files.bad, 1u);

  EXPECT_EQ(text(by_fd[0]->path), "/a b");
  EXPECT_TRUE(by_fd[0]->deleted);
  EXPECT_EQ(by_fd[0]->position, 5u);
  EXPECT_EQ(by_fd[0]->flags, 0100002u);
  EXPECT_STREQ(by_fd[0]->mode, "r+");
  EXPECT_EQ(by_fd[0]->mount_id, 24u);
  EXPECT_EQ(by_fd[0]->inode, 99u);
  EXPECT_EQ(
      by_fd[0]->valid & ~uint64_t{SONDE_OPEN_FILE_KIND},
      uint64_t{SONDE_OPEN_FILE_INODE | SONDE_OPEN_FILE_POSITION | SONDE_OPEN_FILE_FLAGS | SONDE_OPEN_FILE_MOUNT_ID});

  EXPECT_EQ(by_fd[1]->kind, SONDE_FILE_PIPE);
  EXPECT_EQ(by_fd[1]->inode, 4711u) << "the link's";
  EXPECT_STREQ(by_fd[1]->mode, "r");
  EXPECT_EQ(by_fd[1]->valid,
            uint64_t{SONDE_OPEN_FILE_KIND | SONDE_OPEN_FILE_INODE | SONDE_OPEN_FILE_POSITION | SONDE_OPEN_FILE_FLAGS});

  EXPECT_EQ(text(by_fd[2]->path), "/old");
  EXPECT_EQ(by_fd[2]->status, SONDE_OK);
  EXPECT_EQ(by_fd[2]->valid & ~uint64_t{SONDE_OPEN_FILE_KIND}, 0u) << "a kernel without fdinfo";

  EXPECT_EQ(text(by_fd[3]->path), "/odd");
  EXPECT_EQ(by_fd[3]->status, SONDE_ERR_PARSE);
}

TEST(LinuxProcessDetail, RecordedMaps) {
  Tree tree;
  tree.write("proc/7/stat", kStat);
  tree.write("proc/7/maps",
             "0-1000 r-xp 00000000 08:01 12 /lib/x (deleted)\nodd\n1000-2000 rw-p 00000000 00:00 0\n"
             "2000-3000 rw-p 00000000 00:00 0 [heap]\n");
  tree.write("proc/7/smaps", "0-1000 r-xp 00000000 08:01 12 /lib/x\nRss: 4 kB\nPss: x kB\n");
  const Context context(tree.options());
  Handle handle(context, 7);
  List<sonde_map_list> maps;
  ASSERT_EQ(sonde_map_list_get(handle, &maps, false), SONDE_OK);
  ASSERT_EQ(maps.count, 4u);
  EXPECT_EQ(maps.bad, 1u);
  EXPECT_EQ(text(maps[0].path), "/lib/x");
  EXPECT_TRUE(maps[0].deleted);
  EXPECT_EQ(maps[1].status, SONDE_ERR_PARSE);
  EXPECT_EQ(maps[2].path.len, 0u);
  EXPECT_EQ(text(maps[3].path), "[heap]");
  EXPECT_EQ(maps[3].valid, 0u);
  ASSERT_EQ(sonde_map_list_get(handle, &maps, true), SONDE_OK);
  ASSERT_EQ(maps.count, 1u);
  EXPECT_EQ(maps[0].status, SONDE_ERR_PARSE);
  EXPECT_EQ(maps[0].rss, 4096u);
}

}  // namespace
