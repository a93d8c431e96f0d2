// SPDX-License-Identifier: MIT
// child.h - a child process in a state that the test chose. When a function here returns, the child is in that state;
// it dies with the test program, and is killed and reaped by the destructor. Windows has sleeping, zombie (ended, with
// a handle left) and busy ones.
#ifndef SONDE_TESTS_SUPPORT_CHILD_H
#define SONDE_TESTS_SUPPORT_CHILD_H

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sonde_test {

class Child {
 public:
  static Child sleeping();
  static Child stopped();
  static Child zombie();  // ended with exit code 0, not reaped
  static Child busy();    // counts for ever
  // Sleeps under this name (PR_SET_NAME: at most 15 bytes, no NUL).
  static Child named(std::string_view name);
  // Another program image (this test program, which then only sleeps) with this argv and environment; argv and its
  // strings may be empty. The environment ends with a variable SONDE_TEST_PAUSE, which this needs.
  static Child executing(const std::vector<std::string> &argv, const std::vector<std::string> &environment = {});
  // Does what the test says, and then sleeps. If body ends the process, it is a zombie (see wait_for_state).
  static Child running(const std::function<void()> &body);

  Child(Child &&other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
  Child(const Child &) = delete;
  Child &operator=(const Child &) = delete;
  Child &operator=(Child &&) = delete;
  ~Child() { end(); }

  pid_t pid() const { return pid_; }
  // Waits (up to 10 s, else the program is ended) until the kernel gives this state letter: 'S', 'T', 'Z', 'R'.
  void wait_for_state(char state) const;
  // Kills and reaps it now; its wait status, or -1 if there was nothing to reap.
  int end();
  // The test reaps it, or has.
  pid_t release();

 private:
  explicit Child(pid_t pid) : pid_(pid) {}
  pid_t pid_;
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_CHILD_H
