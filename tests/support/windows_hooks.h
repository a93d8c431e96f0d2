// SPDX-License-Identifier: MIT
// windows_hooks.h - other answers to some of the calls that the Windows backend makes.
//
//   WindowsHooks hooks;
//   hooks.set<&windows_os::OpenProcess>([](DWORD, BOOL, DWORD) { return fail_with<HANDLE>(ERROR_ACCESS_DENIED); });
//   Context context(hooks.options());
//
// Calls without a hook are the real ones. One object at a time.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_HOOKS_H
#define SONDE_TESTS_SUPPORT_WINDOWS_HOOKS_H

#include "backends/windows/windows_os.h"  // first

#include <sonde/sonde_backend.h>

#include <functional>
#include <vector>

namespace sonde_test {

template <auto Member>
struct WindowsHook;

template <typename Result, typename... Args, Result (WINAPI *windows_os::*Member)(Args...)>
struct WindowsHook<Member> {
  static inline std::function<Result(Args...)> call;
  static Result WINAPI run(Args... args) { return call(args...); }
};

class WindowsHooks {
 public:
  WindowsHooks() = default;
  WindowsHooks(const WindowsHooks &) = delete;
  WindowsHooks &operator=(const WindowsHooks &) = delete;
  ~WindowsHooks() {
    for (const auto &undo : undo_) undo();
  }

  template <auto Member, typename Function>
  void set(Function function) {
    WindowsHook<Member>::call = function;
    os_.*Member = &WindowsHook<Member>::run;
    undo_.push_back([] { WindowsHook<Member>::call = nullptr; });
  }
  // The real call again.
  template <auto Member>
  void clear() {
    os_.*Member = sondei_windows_os.*Member;
  }

  sonde_options *options() { return &options_; }

 private:
  windows_os os_ = sondei_windows_os;
  sonde_os_override override_ = {"windows", &os_};
  sonde_options options_ = [this] {
    sonde_options options = {};
    options.os_override = &override_;
    return options;
  }();
  std::vector<std::function<void()>> undo_;
};

// What a call returns that fails with that code.
template <typename Result>
Result fail_with(DWORD code, Result result = {}) {
  SetLastError(code);
  return result;
}

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_HOOKS_H
