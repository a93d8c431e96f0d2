// SPDX-License-Identifier: MIT
// processes.h - many idle processes, cheaply: they share this program's memory.
#ifndef SONDE_BENCH_PROCESSES_H
#define SONDE_BENCH_PROCESSES_H

#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <vector>

namespace sonde_bench {

class IdleProcesses {
 public:
  explicit IdleProcesses(size_t count) : stacks_size_(count * kStack) {
    if (count == 0) return;
    stacks_ = mmap(nullptr, stacks_size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (stacks_ == MAP_FAILED) die("mmap");
    for (size_t i = 0; i < count; i++) {
      const pid_t pid = clone(idle, static_cast<char *>(stacks_) + (i + 1) * kStack, CLONE_VM | SIGCHLD, nullptr);
      if (pid < 0) die("clone");
      pids_.push_back(pid);
    }
  }
  ~IdleProcesses() {
    for (const pid_t pid : pids_) kill(pid, SIGKILL);
    for (const pid_t pid : pids_) waitpid(pid, nullptr, 0);
    if (stacks_size_ > 0) munmap(stacks_, stacks_size_);
  }
  IdleProcesses(const IdleProcesses &) = delete;
  IdleProcesses &operator=(const IdleProcesses &) = delete;

 private:
  static constexpr size_t kStack = 16384;
  [[noreturn]] static void die(const char *what) {
    std::perror(what);
    std::exit(1);
  }
  static int idle(void *) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (;;) pause();
  }

  size_t stacks_size_;
  void *stacks_ = nullptr;
  std::vector<pid_t> pids_;
};

}  // namespace sonde_bench

#endif  // SONDE_BENCH_PROCESSES_H
