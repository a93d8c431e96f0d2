// SPDX-License-Identifier: MIT
// refusing_os.h - the real calls of the Linux backend, but for files that cannot be opened: Android's /proc/stat, say.
#ifndef SONDE_TESTS_SUPPORT_REFUSING_OS_H
#define SONDE_TESTS_SUPPORT_REFUSING_OS_H

extern "C" {
#include "backends/linux/linux_os.h"
}

#include <sonde/sonde_backend.h>

#include <cerrno>
#include <map>
#include <string>

namespace sonde_test {

// One at a time, as the calls have no place for a pointer of ours.
class RefusingOs {
 public:
  RefusingOs() : calls_(sondei_linux_os) {
    refused().clear();
    calls_.openat = openat;
  }
  RefusingOs(const RefusingOs &) = delete;
  RefusingOs &operator=(const RefusingOs &) = delete;

  // Opening a path that ends in `suffix` fails with `code`.
  RefusingOs &refuse(const std::string &suffix, int code) {
    refused()[suffix] = code;
    return *this;
  }

  struct linux_os *calls() { return &calls_; }
  const struct sonde_os_override * override() const { return &override_; }

 private:
  static std::map<std::string, int> &refused() {
    static std::map<std::string, int> suffixes;
    return suffixes;
  }

  static int openat(int dirfd, const char *path, int flags) {
    const std::string name = path;
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
