// SPDX-License-Identifier: MIT
#include "tests/support/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace sonde_test {

namespace {

constexpr char kPause[] = "SONDE_TEST_PAUSE";

[[noreturn]] void die(const char *what) {
  std::perror(what);
  std::abort();
}

[[noreturn]] void sleep_for_ever() {
  for (;;) pause();
}

void tell(int fd) {
  const char ready = '!';
  while (write(fd, &ready, 1) < 0 && errno == EINTR) {
  }
  close(fd);
}

// Before main of the program that `executing` starts: the descriptor to tell is in the environment.
__attribute__((constructor)) void pause_when_told() {
  const char *const fd = std::getenv(kPause);
  if (fd == nullptr) return;
  tell(std::atoi(fd));
  sleep_for_ever();
}

// body runs in the child with the descriptor to tell.
pid_t start(const std::function<void(int)> &body) {
  int ready[2];
  if (pipe2(ready, O_CLOEXEC) != 0) die("child: pipe2");
  std::fflush(nullptr);
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) die("child: fork");
  if (pid == 0) {
    close(ready[0]);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    body(ready[1]);
    sleep_for_ever();
  }
  close(ready[1]);
  char byte;
  ssize_t got;
  do {
    got = read(ready[0], &byte, 1);
  } while (got < 0 && errno == EINTR);
  close(ready[0]);  // got == 0: the body ended the process
  return pid;
}

}  // namespace

Child Child::running(const std::function<void()> &body) {
  return Child(start([&](int fd) {
    body();
    tell(fd);
  }));
}

Child Child::sleeping() {
  Child child(start(tell));
  child.wait_for_state('S');
  return child;
}

Child Child::stopped() {
  Child child(start(tell));
  kill(child.pid(), SIGSTOP);
  child.wait_for_state('T');
  return child;
}

Child Child::zombie() {
  Child child(start([](int) { _exit(0); }));
  child.wait_for_state('Z');
  return child;
}

Child Child::busy() {
  return Child(start([](int fd) {
    tell(fd);
    for (volatile unsigned long count = 0;; count = count + 1) {
    }
  }));
}

Child Child::named(std::string_view name) {
  const std::string copy(name);
  Child child(start([&](int fd) {
    prctl(PR_SET_NAME, copy.c_str());
    tell(fd);
  }));
  child.wait_for_state('S');
  return child;
}

Child Child::executing(const std::vector<std::string> &argv, const std::vector<std::string> &environment) {
  Child child(start([&](int fd) {
    const std::string told = std::string(kPause) + "=" + std::to_string(fd);
    std::vector<char *> arguments, variables;
    for (const std::string &argument : argv) arguments.push_back(const_cast<char *>(argument.c_str()));
    for (const std::string &variable : environment) variables.push_back(const_cast<char *>(variable.c_str()));
    variables.push_back(const_cast<char *>(told.c_str()));
    arguments.push_back(nullptr);
    variables.push_back(nullptr);
    fcntl(fd, F_SETFD, 0);
    char self[4096];  // valgrind answers readlink with this program, but would itself be what the link opens
    const ssize_t self_len = readlink("/proc/self/exe", self, sizeof self - 1);
    if (self_len < 0) _exit(127);
    self[self_len] = '\0';
    execve(self, arguments.data(), variables.data());
    _exit(127);
  }));
  child.wait_for_state('S');
  return child;
}

void Child::wait_for_state(char state) const {
  char path[64];
  std::snprintf(path, sizeof path, "/proc/%d/stat", static_cast<int>(pid_));
  for (int tries = 0; tries < 10000; tries++) {
    char line[1024];
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t len = fd < 0 ? -1 : read(fd, line, sizeof line - 1);
    if (fd >= 0) close(fd);
    if (len > 0) {
      line[len] = '\0';
      const char *const end = std::strrchr(line, ')');
      if (end != nullptr && end[1] == ' ' && end[2] == state) return;
    }
    const timespec moment = {0, 1000000};
    nanosleep(&moment, nullptr);
  }
  std::fprintf(stderr, "child %d: never in state %c\n", static_cast<int>(pid_), state);
  std::abort();
}

int Child::end() {
  if (pid_ <= 0) return -1;
  kill(pid_, SIGKILL);
  int status = -1;
  pid_t got;
  do {
    got = waitpid(pid_, &status, 0);
  } while (got < 0 && errno == EINTR);
  pid_ = -1;
  return got < 0 ? -1 : status;
}

pid_t Child::release() {
  const pid_t pid = pid_;
  pid_ = -1;
  return pid;
}

}  // namespace sonde_test
