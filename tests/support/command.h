// SPDX-License-Identifier: MIT
// command.h - what other programs say, and code that runs in a process of its own.
#ifndef SONDE_TESTS_SUPPORT_COMMAND_H
#define SONDE_TESTS_SUPPORT_COMMAND_H

#include <functional>
#include <string>
#include <vector>

namespace sonde_test {

// What a shell command wrote to its standard output; empty when it failed or is not there. Its errors are dropped.
std::string command_output(const std::string &command);

// Parts of a text: its lines, without the line ends; its words, parted by one blank each.
std::vector<std::string> lines_of(const std::string &text);
std::vector<std::string> fields_of(const std::string &line, char separator = ' ');

// Runs body in a child process, for what would change this one (namespaces, signal handlers), and returns what it
// returns: an empty text when all is well, else what is wrong. A text that begins with "SKIP: " is a reason to skip.
std::string in_child(const std::function<std::string()> &body);

}  // namespace sonde_test

// Runs a body (a lambda) in a child, and fails or skips the test by what it returns.
#define SONDE_EXPECT_IN_CHILD(...)                                      \
  do {                                                                  \
    const std::string said_ = ::sonde_test::in_child(__VA_ARGS__);      \
    if (said_.rfind("SKIP: ", 0) == 0) GTEST_SKIP() << said_.substr(6); \
    EXPECT_EQ(said_, "");                                               \
  } while (0)

#endif  // SONDE_TESTS_SUPPORT_COMMAND_H
