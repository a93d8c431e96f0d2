// SPDX-License-Identifier: MIT
#include "tests/support/scene.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <vector>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace sonde_test {

namespace {

constexpr size_t kReportSize = size_t{16} << 20;
constexpr unsigned kSeconds = 120;
constexpr uid_t kNobody = 65534;

constexpr char kSkipped[] = "SKIPPED ", kFailed[] = "FAILED ", kSeen[] = "SEEN ", kSucceeded[] = "SUCCEEDED";

// A regular file that every subject has open, and /dev/null.
int g_regular = -1, g_null = -1;

// A process that sleeps, until its parent ends; where that is allowed in a network namespace of its own. 0: it cannot
// be made.
pid_t start_sleeper(bool has_own_network = false) {
  int ready[2];
  if (pipe(ready) != 0) return 0;
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_DUMPABLE, 1);
    if (has_own_network) unshare(CLONE_NEWNET);
    const char byte = '!';
    dup2(ready[1], 1023);
    for (int fd = 0; fd < 3; fd++) dup2(fd == 1 ? g_regular : g_null, fd);
    for (int fd = 3; fd < 1023; fd++) close(fd);
    if (write(1023, &byte, 1) != 1) _exit(1);
    close(1023);
    for (;;) pause();
  }
  close(ready[1]);
  char byte = 0;
  const ssize_t got = pid > 0 ? read(ready[0], &byte, 1) : 0;
  close(ready[0]);
  return got == 1 ? pid : 0;
}

}  // namespace

void Scene::end(const std::string &text) {
  const size_t len = text.size() < kReportSize - 1 ? text.size() : kReportSize - 1;
  memcpy(shared_, text.data(), len);
  shared_[len] = '\0';
  opened_.reset();
  _exit(0);
}

void Scene::succeed() { end(kSucceeded); }
void Scene::skip(const std::string &why) { end(kSkipped + why); }
void Scene::fail(const std::string &why) { end(kFailed + why); }

void Scene::give_up(const std::string &what) {
  const int code = errno;
  const std::string why = what + ": " + strerror(code);
  const bool is_not_allowed = code == EPERM || code == EACCES || code == EINVAL || code == ENOSYS || code == ENOSPC ||
                              code == ENODEV || code == ENOENT || code == EUSERS;
  if (is_not_allowed) skip(why);
  fail(why);
}

void Scene::start_own() {
  for (pid_t *const pid : {&subjects_.own, &subjects_.own_to_end, &subjects_.own_to_kill}) {
    *pid = start_sleeper();
    if (*pid == 0) give_up("a child to be asked about");
  }
}

void Scene::start_own_on(const std::string &folder) {
  int ready[2];
  if (pipe(ready) != 0) give_up("pipe");
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (int fd = 0; fd < 3; fd++) dup2(fd == 1 ? g_regular : g_null, fd);
    const std::string path = folder + "/exe";
    const int fd = ::open(path.c_str(), O_RDONLY);
    const bool is_there =
        chdir(folder.c_str()) == 0 && fd >= 0 && mmap(nullptr, 4096, PROT_READ, MAP_PRIVATE, fd, 0) != MAP_FAILED;
    // child.cc: before main such a program tells by this descriptor that it is there, and sleeps.
    const std::string told = "SONDE_TEST_PAUSE=" + std::to_string(ready[1]);
    char *const arguments[] = {const_cast<char *>("exe"), nullptr};
    std::vector<char *> variables{const_cast<char *>(told.c_str())};
    for (char **variable = environ; *variable != nullptr; variable++) variables.push_back(*variable);
    variables.push_back(nullptr);
    if (is_there) execve(path.c_str(), arguments, variables.data());
    _exit(1);
  }
  close(ready[1]);
  char byte = 0;
  if (pid < 0 || read(ready[0], &byte, 1) != 1) give_up("a program on " + folder);
  close(ready[0]);
  subjects_.own = pid;
}

void Scene::start_other() {
  subjects_.other = start_sleeper(true);
  subjects_.other_to_kill = start_sleeper();
  if (subjects_.other == 0 || subjects_.other_to_kill == 0) give_up("another process to be asked about");
}

void Scene::take_pids_of_proc() {
  // In the order of their births, which is that of their pids here.
  std::ifstream children("/proc/thread-self/children");
  std::vector<pid_t> there;
  for (pid_t pid = 0; children >> pid;) there.push_back(pid);
  std::vector<pid_t *> here;
  for (pid_t *const pid :
       {&subjects_.own, &subjects_.own_to_end, &subjects_.own_to_kill, &subjects_.other, &subjects_.other_to_kill}) {
    if (*pid != 0) here.push_back(pid);
  }
  std::sort(here.begin(), here.end(), [](const pid_t *a, const pid_t *b) { return *a < *b; });
  if (there.size() != here.size()) skip("/proc does not tell the children of this process");
  for (size_t i = 0; i < here.size(); i++) *here[i] = there[i];
}

void Scene::enter(int namespaces) {
  if (unshare(namespaces) != 0) give_up("unshare");
  if ((namespaces & CLONE_NEWNS) != 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    give_up("make mounts private");
  }
  if ((namespaces & (CLONE_NEWPID | CLONE_NEWTIME)) == 0) return;
  const pid_t inner = fork();
  if (inner < 0) give_up("fork");
  if (inner == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    return;
  }
  int status = 0;
  while (waitpid(inner, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status)) raise(WTERMSIG(status));
  _exit(WEXITSTATUS(status));
}

void Scene::mount_over(const char *path, const char *type, const char *options) {
  if (mount(type, path, type, 0, options) != 0) give_up(std::string("mount ") + type + " on " + path);
}

void Scene::become_nobody() {
  if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0 ||
      setresuid(kNobody, kNobody, kNobody) != 0) {
    give_up("become another user");
  }
  prctl(PR_SET_DUMPABLE, 1);
}

void Scene::open(const sonde_options *options) { opened_ = std::make_unique<Opened>(subjects_, options); }

void Scene::observe() {
  if (opened_ == nullptr) open();
  if (opened_->status != SONDE_OK) fail("sonde_open failed");
  end(kSeen + pack(sonde_test::observe(*opened_, subjects_)));
}

SceneResult run_scene(const std::function<void(Scene &)> &body) {
  SceneResult result;
  void *const memory = mmap(nullptr, kReportSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) {
    result.failed = "mmap";
    return result;
  }
  char *const shared = static_cast<char *>(memory);
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(kSeconds);
    setpriority(PRIO_PROCESS, 0, 0);  // the calls set a nice value of 7, which only root can lower to
    g_regular = ::open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    g_null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    Scene scene;
    scene.shared_ = shared;
    body(scene);
    scene.end(kFailed + std::string("the scene made no calls"));
  }
  int status = 0;
  while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  const std::string text = shared;
  munmap(memory, kReportSize);
  if (pid < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    result.failed = "the child ended with status " + std::to_string(status);
  } else if (text.rfind(kSkipped, 0) == 0) {
    result.skipped = text.substr(sizeof kSkipped - 1);
  } else if (text.rfind(kSeen, 0) == 0) {
    result.seen = unpack(text.substr(sizeof kSeen - 1));
  } else if (text != kSucceeded) {
    result.failed = text.rfind(kFailed, 0) == 0 ? text.substr(sizeof kFailed - 1) : "no report";
  }
  return result;
}

}  // namespace sonde_test
