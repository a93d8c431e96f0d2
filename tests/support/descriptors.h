// SPDX-License-Identifier: MIT
// descriptors.h - which files (on Windows: handles) this process has open, and how many it may have.
#ifndef SONDE_TESTS_SUPPORT_DESCRIPTORS_H
#define SONDE_TESTS_SUPPORT_DESCRIPTORS_H

#ifndef _WIN32
#include <sys/resource.h>
#endif

#include <map>
#include <string>
#include <vector>

namespace sonde_test {

// Every open descriptor of this process, with what it leads to: two of these are equal when nothing was left open, or
// closed that was not the callee's.
std::map<int, std::string> open_descriptors();

// How many there are; cheaper, for loops.
size_t count_descriptors();

#ifndef _WIN32
// The soft limit of descriptors while this object lives: those that are open, and `spare` more. Descriptors below the
// highest open one that are free are taken, as the limit counts them.
class FewDescriptors {
 public:
  explicit FewDescriptors(int spare);
  ~FewDescriptors();
  FewDescriptors(const FewDescriptors &) = delete;
  FewDescriptors &operator=(const FewDescriptors &) = delete;

 private:
  rlimit before_;
  std::vector<int> taken_;
};
#endif

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_DESCRIPTORS_H
