// SPDX-License-Identifier: MIT
// What tests of every system need of child.h, descriptors.h and tree.h, on Windows.
#include "tests/support/windows_child.h"  // first

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <utility>
#include <vector>

#include "tests/support/child.h"
#include "tests/support/descriptors.h"
#include "tests/support/tree.h"

namespace sonde_test {

namespace {

std::map<pid_t, WindowsChild> &children() {
  static std::map<pid_t, WindowsChild> all;
  return all;
}

pid_t start(const char *order) {
  WindowsChild child = WindowsChild::start();
  if (order != nullptr) child.ask(order);
  const pid_t pid = static_cast<pid_t>(child.pid());
  children().emplace(pid, std::move(child));
  return pid;
}

}  // namespace

Child Child::sleeping() { return Child(start(nullptr)); }

Child Child::busy() { return Child(start("spin")); }

Child Child::zombie() {
  Child child(start("exit 0"));
  WaitForSingleObject(children().at(child.pid_).process(), INFINITE);
  return child;
}

int Child::end() {
  if (pid_ <= 0) return -1;
  children().erase(pid_);
  pid_ = -1;
  return 0;
}

pid_t Child::release() { return std::exchange(pid_, -1); }

// The answer of SystemHandleInformation: a count, and rows.
struct SystemHandle {
  ULONG pid;
  UCHAR type, flags;
  USHORT handle;
  void *object;
  ULONG access;
};

std::map<int, std::string> open_descriptors() {
  std::vector<unsigned char> answer(1 << 16);
  const auto kind = static_cast<SYSTEM_INFORMATION_CLASS>(0x10);
  ULONG told = 0;
  while (NtQuerySystemInformation(kind, answer.data(), static_cast<ULONG>(answer.size()), &told) ==
         STATUS_INFO_LENGTH_MISMATCH) {
    answer.resize(answer.size() * 2);
  }
  ULONG count;
  std::memcpy(&count, answer.data(), sizeof count);
  std::map<int, std::string> own;
  for (ULONG i = 0; i < count; i++) {
    SystemHandle row;
    std::memcpy(&row, answer.data() + sizeof(void *) + i * sizeof row, sizeof row);
    if (row.pid == GetCurrentProcessId()) own[row.handle] = "type " + std::to_string(row.type);
  }
  return own;
}

size_t count_descriptors() { return open_descriptors().size(); }

Tree::Tree() {
  static int number;
  top_ = std::filesystem::temp_directory_path().generic_string() + "/tree." + std::to_string(GetCurrentProcessId()) +
         "." + std::to_string(++number);
  if (!std::filesystem::create_directory(top_)) {
    std::fprintf(stderr, "tree: cannot make %s\n", top_.c_str());
    std::abort();
  }
  options_.size = sizeof options_;
  options_.rootfs = top_.c_str();
}

Tree::~Tree() { std::filesystem::remove_all(top_); }

std::string Tree::at(std::string_view path) const { return path.empty() ? top_ : top_ + "/" + std::string(path); }

}  // namespace sonde_test
