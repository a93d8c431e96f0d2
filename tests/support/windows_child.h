// SPDX-License-Identifier: MIT
// windows_child.h - a process of either bitness in a state that the test chose, on Windows (tests/windows/child.c).
//
//   WINDOWS_CHILD(child, WindowsChildOptions(32).with_command_line(L"a \"b c\""));
//   const uint64_t handle = child.number("file Z:\\tmp\\x");
//
// WINDOWS_CHILD defines `child`, or skips the test where no program of these bits can be run. A helper that is no test
// calls WindowsChild::start.
//
// Orders, for `ask` and the like; each returns when it is done, or ends the program with the call that failed:
//   spin [N]            N threads (1) that count for ever            threads N   N threads that wait for ever
//   file PATH           opens a file or folder: the handle           write N PATH   makes a file of N bytes: the handle
//   map PATH            maps a file: the address                     load NAME   loads a library: its address
//   pipe NAME           the client's end of a new pipe, with a thread blocked in reading it: the handle
//   event [NAME]        the handle                                   close HANDLE
//   open tcp4|tcp6|udp4|udp6   a listening (tcp) or bound (udp) socket of the loopback: the port
//   connect PORT        connects to a listener on 127.0.0.1: the own port
//   allocate BYTES      committed and touched: the address           child       starts another process: its pid
//   tell command_line|directory|image|environment   what it sees itself (use `told`)
//   exit CODE           ends, with that code
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_CHILD_H
#define SONDE_TESTS_SUPPORT_WINDOWS_CHILD_H

#include "backends/windows/windows_os.h"  // first

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonde_test {

constexpr int kOwnBits = static_cast<int>(8 * sizeof(void *));

struct WindowsChildOptions {
  WindowsChildOptions(int own_bits = kOwnBits) : bits(own_bits) {}

  int bits;                                              // 32 or 64
  std::wstring command_line;                             // all of it; empty: the program's path, in quotes
  std::optional<std::vector<std::wstring>> environment;  // "NAME=value"; none: that of this process
  std::wstring directory;                                // empty: that of this process
  std::wstring image;  // the program's path: it is copied there first (and stays); empty: where it is
  DWORD flags = 0;     // for CreateProcessW. With CREATE_SUSPENDED it is not waited for: call `resume` before any order

  WindowsChildOptions &with_command_line(const std::wstring &value) { return command_line = value, *this; }
  WindowsChildOptions &with_environment(const std::vector<std::wstring> &value) { return environment = value, *this; }
  WindowsChildOptions &with_directory(const std::wstring &value) { return directory = value, *this; }
  WindowsChildOptions &with_image(const std::wstring &value) { return image = value, *this; }
  WindowsChildOptions &with_flags(DWORD value) { return flags = value, *this; }
};

class WindowsChild {
 public:
  // Returns when the child takes orders. A child ends with the test program (one that is suspended or stuck does not,
  // but for the end of Wine), and is ended by the destructor.
  static WindowsChild start(const WindowsChildOptions &options = {});
  // Whether programs of this bitness run here at all (Debian 12's Wine has 64 bits only).
  static bool can_run(int bits);

  WindowsChild(WindowsChild &&other) noexcept;
  WindowsChild(const WindowsChild &) = delete;
  WindowsChild &operator=(const WindowsChild &) = delete;
  WindowsChild &operator=(WindowsChild &&) = delete;
  ~WindowsChild();

  DWORD pid() const { return pid_; }
  DWORD thread_id() const { return thread_id_; }
  HANDLE process() const { return process_; }  // with all rights, until the destructor
  HANDLE thread() const { return thread_; }    // the first one
  void resume();                               // of CREATE_SUSPENDED

  std::string ask(const std::string &order);  // what stands after "ok "
  std::uint64_t number(const std::string &order);
  std::wstring told(const std::string &what);  // "tell WHAT"; an environment has a NUL after each string

  // Ends it now, unless it has ended: its exit code (1 when it is this that ends it). Its handles stay open.
  DWORD end();

 private:
  WindowsChild() = default;
  std::string line();
  HANDLE process_ = nullptr, thread_ = nullptr, input_ = nullptr, output_ = nullptr;
  DWORD pid_ = 0, thread_id_ = 0;
};

#define WINDOWS_CHILD(name, ...)                                                        \
  const ::sonde_test::WindowsChildOptions name##_options = __VA_ARGS__;                 \
  if (!::sonde_test::WindowsChild::can_run(name##_options.bits))                        \
    GTEST_SKIP() << "no program of " << name##_options.bits << " bits can be run here"; \
  ::sonde_test::WindowsChild name = ::sonde_test::WindowsChild::start(name##_options)

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_CHILD_H
