// SPDX-License-Identifier: MIT
#include "tests/support/windows_child.h"

#include <cstdio>
#include <cstdlib>
#include <utility>

namespace sonde_test {

namespace {

[[noreturn]] void die(const std::string &what) {
  std::fprintf(stderr, "windows_child: %s (error %lu)\n", what.c_str(), GetLastError());
  std::fflush(nullptr);
  std::abort();
}

// From the working directory of tests, or from where SONDE_TEST_CHILDREN says, for programs built without Bazel.
std::wstring program(int bits) {
  std::wstring folder(32768, L'\0');
  const DWORD len = GetEnvironmentVariableW(L"SONDE_TEST_CHILDREN", folder.data(), static_cast<DWORD>(folder.size()));
  folder = len > 0 ? folder.substr(0, len) : L"tests";
  const std::wstring relative = folder + (bits == 64 ? L"\\windows_child_x86_64.exe" : L"\\windows_child_i686.exe");
  wchar_t path[32768];
  if (GetFullPathNameW(relative.c_str(), 32768, path, nullptr) == 0) die("GetFullPathNameW");
  return path;
}

// CreateProcessW wants them sorted; a test's own order is taken as it is.
std::wstring block_of(const std::vector<std::wstring> &variables) {
  std::wstring block;
  for (const std::wstring &variable : variables) block += variable + L'\0';
  if (variables.empty()) block += L'\0';
  return block + L'\0';
}

}  // namespace

WindowsChild::WindowsChild(WindowsChild &&other) noexcept
    : process_(std::exchange(other.process_, nullptr)),
      thread_(std::exchange(other.thread_, nullptr)),
      input_(std::exchange(other.input_, nullptr)),
      output_(std::exchange(other.output_, nullptr)),
      pid_(other.pid_),
      thread_id_(other.thread_id_) {}

bool WindowsChild::can_run(int bits) {
  static const bool can_32 = [] {
    STARTUPINFOW start = {};
    start.cb = sizeof start;
    PROCESS_INFORMATION made;
    const std::wstring path = program(32);
    if (!CreateProcessW(path.c_str(), nullptr, nullptr, nullptr, FALSE, CREATE_SUSPENDED, nullptr, nullptr, &start,
                        &made)) {
      return false;
    }
    TerminateProcess(made.hProcess, 0);
    CloseHandle(made.hThread);
    CloseHandle(made.hProcess);
    return true;
  }();
  return bits == 64 || can_32;
}

WindowsChild WindowsChild::start(const WindowsChildOptions &options) {
  WindowsChild child;
  std::wstring image = program(options.bits);
  if (!options.image.empty()) {
    if (!CopyFileW(image.c_str(), options.image.c_str(), FALSE)) die("CopyFileW");
    image = options.image;
  }
  std::wstring line = options.command_line.empty() ? L'"' + image + L'"' : options.command_line;
  std::wstring block;
  if (options.environment) block = block_of(*options.environment);

  SECURITY_ATTRIBUTES inherit = {};
  inherit.nLength = sizeof inherit;
  inherit.bInheritHandle = TRUE;
  STARTUPINFOW start = {};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  if (!CreatePipe(&start.hStdInput, &child.input_, &inherit, 0) ||
      !CreatePipe(&child.output_, &start.hStdOutput, &inherit, 0) ||
      !SetHandleInformation(child.input_, HANDLE_FLAG_INHERIT, 0) ||
      !SetHandleInformation(child.output_, HANDLE_FLAG_INHERIT, 0)) {
    die("CreatePipe");
  }
  PROCESS_INFORMATION made;
  if (!CreateProcessW(image.c_str(), line.data(), nullptr, nullptr, TRUE, options.flags | CREATE_UNICODE_ENVIRONMENT,
                      options.environment ? block.data() : nullptr,
                      options.directory.empty() ? nullptr : options.directory.c_str(), &start, &made)) {
    die("CreateProcessW");
  }
  CloseHandle(start.hStdInput);
  CloseHandle(start.hStdOutput);
  child.process_ = made.hProcess;
  child.thread_ = made.hThread;
  child.pid_ = made.dwProcessId;
  child.thread_id_ = made.dwThreadId;
  if ((options.flags & CREATE_SUSPENDED) == 0) child.line();
  return child;
}

void WindowsChild::resume() {
  if (ResumeThread(thread_) == static_cast<DWORD>(-1)) die("ResumeThread");
  line();
}

std::string WindowsChild::line() {
  std::string text;
  for (;;) {
    char byte;
    DWORD done = 0;
    if (!ReadFile(output_, &byte, 1, &done, nullptr) || done == 0) die("the child has ended");
    if (byte == '\n') break;
    text += byte;
  }
  if (text.compare(0, 2, "ok") != 0) die(text);
  return text.size() > 3 ? text.substr(3) : "";
}

std::string WindowsChild::ask(const std::string &order) {
  const std::string sent = order + "\n";
  DWORD done = 0;
  if (!WriteFile(input_, sent.data(), static_cast<DWORD>(sent.size()), &done, nullptr) || done != sent.size()) {
    die("WriteFile");
  }
  return line();
}

std::uint64_t WindowsChild::number(const std::string &order) { return std::strtoull(ask(order).c_str(), nullptr, 10); }

std::wstring WindowsChild::told(const std::string &what) {
  const std::string hex = ask("tell " + what);
  std::wstring text;
  for (std::size_t at = 0; at + 4 <= hex.size(); at += 4) {
    text += static_cast<wchar_t>(std::strtoul(hex.substr(at, 4).c_str(), nullptr, 16));
  }
  return text;
}

WindowsChild::~WindowsChild() {
  if (process_ == nullptr) return;
  end();
  CloseHandle(input_);
  CloseHandle(output_);
  CloseHandle(thread_);
  CloseHandle(process_);
}

DWORD WindowsChild::end() {
  DWORD code = 0;
  TerminateProcess(process_, 1);  // no effect on one that has ended
  WaitForSingleObject(process_, INFINITE);
  GetExitCodeProcess(process_, &code);
  return code;
}

}  // namespace sonde_test
