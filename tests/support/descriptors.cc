// SPDX-License-Identifier: MIT
#include "tests/support/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace sonde_test {

namespace {

template <typename Each>
void for_each_descriptor(Each each) {
  DIR *const directory = opendir("/proc/self/fd");
  if (directory == nullptr) {
    std::perror("/proc/self/fd");
    std::abort();
  }
  const int own = dirfd(directory);
  while (const dirent *entry = readdir(directory)) {
    if (entry->d_name[0] == '.') continue;
    const int fd = std::atoi(entry->d_name);
    if (fd != own) each(own, fd, entry->d_name);
  }
  closedir(directory);
}

}  // namespace

std::map<int, std::string> open_descriptors() {
  std::map<int, std::string> found;
  for_each_descriptor([&](int directory, int fd, const char *name) {
    char target[4096];
    const ssize_t len = readlinkat(directory, name, target, sizeof target);
    found[fd] = len < 0 ? std::string("?") : std::string(target, static_cast<size_t>(len));
  });
  return found;
}

size_t count_descriptors() {
  size_t count = 0;
  for_each_descriptor([&](int, int, const char *) { count++; });
  return count;
}

FewDescriptors::FewDescriptors(int spare) {
  getrlimit(RLIMIT_NOFILE, &before_);
  int highest = 0;
  for (const auto &open : open_descriptors()) highest = std::max(highest, open.first);
  for (int fd = open("/dev/null", O_RDONLY | O_CLOEXEC); fd >= 0; fd = open("/dev/null", O_RDONLY | O_CLOEXEC)) {
    if (fd > highest) {
      close(fd);
      break;
    }
    taken_.push_back(fd);
  }
  rlimit few = before_;
  few.rlim_cur = static_cast<rlim_t>(highest + 1 + spare);
  setrlimit(RLIMIT_NOFILE, &few);
}

FewDescriptors::~FewDescriptors() {
  setrlimit(RLIMIT_NOFILE, &before_);
  for (const int fd : taken_) close(fd);
}

}  // namespace sonde_test
