// SPDX-License-Identifier: MIT
// valgrind.h - whether valgrind runs the program: it has signal masks, threads and an allocator of its own.
#ifndef SONDE_TESTS_SUPPORT_VALGRIND_H
#define SONDE_TESTS_SUPPORT_VALGRIND_H

#include <cstdlib>
#include <string>

namespace sonde_test {

inline bool is_under_valgrind() {
  const char *const preload = getenv("LD_PRELOAD");
  return preload != nullptr && std::string(preload).find("vgpreload") != std::string::npos;
}

}  // namespace sonde_test

#define SONDE_SKIP_UNDER_VALGRIND(why) \
  if (sonde_test::is_under_valgrind()) GTEST_SKIP() << "under valgrind: " << (why)

#endif  // SONDE_TESTS_SUPPORT_VALGRIND_H
