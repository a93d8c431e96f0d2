// SPDX-License-Identifier: MIT
// refusing_os.h - the real calls of the Linux backend, but for files that cannot be opened: Android's /proc/stat, say.
#ifndef SONDE_TESTS_SUPPORT_REFUSING_OS_H
#define SONDE_TESTS_SUPPORT_REFUSING_OS_H

extern "C" {
#include "backends/linux/linux_os.h"
}

#include <sonde/sonde_backend.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <string>

namespace sonde_test {

// One at a time, as the calls have no place for a pointer of ours.
class RefusingOs {
 public:
  RefusingOs() : calls_(sondei_linux_os) {
    refused().clear();
    refused_paths().clear();
    calls_.openat = openat;
    calls_.readlinkat = readlinkat;
  }
  RefusingOs(const RefusingOs &) = delete;
  RefusingOs &operator=(const RefusingOs &) = delete;

  // Opening a path that ends in `suffix` fails with `code`.
  RefusingOs &refuse(const std::string &suffix, int code) {
    refused()[suffix] = code;
    return *this;
  }

  // Opening exactly this absolute path, or reading it as a link, fails with `code`, however it is named.
  RefusingOs &refuse_path(const std::string &path, int code) {
    refused_paths()[path] = code;
    return *this;
  }

  struct linux_os *calls() { return &calls_; }
  const struct sonde_os_override * override() const { return &override_; }

 private:
  static std::map<std::string, int> &refused() {
    static std::map<std::string, int> suffixes;
    return suffixes;
  }

  static std::map<std::string, int> &refused_paths() {
    static std::map<std::string, int> paths;
    return paths;
  }

  // 0: the path is not refused.
  static int code_of(int dirfd, const std::string &path) {
    if (refused_paths().empty()) return 0;
    std::string full = path;
    if (path[0] != '/' && dirfd >= 0) {
      char directory[4096];
      const ssize_t len = ::readlink(("/proc/self/fd/" + std::to_string(dirfd)).c_str(), directory, sizeof directory);
      if (len > 0) full = std::string(directory, static_cast<size_t>(len)) + "/" + path;
    }
    const auto found = refused_paths().find(full);
    return found == refused_paths().end() ? 0 : found->second;
  }

  static ssize_t readlinkat(int dirfd, const char *path, char *out, size_t size) {
    const int code = code_of(dirfd, path);
    if (code == 0) return sondei_linux_os.readlinkat(dirfd, path, out, size);
    errno = code;
    return -1;
  }

  static int openat(int dirfd, const char *path, int flags) {
    const std::string name = path;
    if (const int code = code_of(dirfd, name); code != 0) {
      errno = code;
      return -1;
    }
    for (const auto &[suffix, code] : refused()) {
      if (name.size() < suffix.size() || name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0) {
        continue;
      }
      errno = code;
      return -1;
    }
    return sondei_linux_os.openat(dirfd, path, flags);
  }

  struct linux_os calls_;
  const struct sonde_os_override override_ = {"linux", &calls_};
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_REFUSING_OS_H
