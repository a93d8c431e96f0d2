// SPDX-License-Identifier: MIT
// descriptors.h - which files this process has open.
#ifndef SONDE_TESTS_SUPPORT_DESCRIPTORS_H
#define SONDE_TESTS_SUPPORT_DESCRIPTORS_H

#include <map>
#include <string>

namespace sonde_test {

// Every open descriptor of this process, with what it leads to: two of these are equal when nothing was left open, or
// closed that was not the callee's.
std::map<int, std::string> open_descriptors();

// How many there are; cheaper, for loops.
size_t count_descriptors();

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_DESCRIPTORS_H
