// SPDX-License-Identifier: MIT
// recording.h - recorded machines: text files that tools/record writes (its --help has the form), and people, too.
#ifndef SONDE_TESTS_SUPPORT_RECORDING_H
#define SONDE_TESTS_SUPPORT_RECORDING_H

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/tree.h"

namespace sonde_test {

// The names of the recorded machines in tests/fixtures, sorted.
std::vector<std::string> recorded_machines();

// The path of a file in tests/fixtures.
std::string fixture_path(std::string_view name);

std::string read_file(const std::string &path);

// What could not be opened on that machine, and why: errnos by path, as in Tree.
using Refusals = std::map<std::string, int>;

// Unpacks a recording into a tree. What is wrong with it, with its line; empty: nothing.
std::string unpack_recording(Tree *tree, std::string_view text, Refusals *refusals = nullptr);

// Unpacks a recorded machine; ends the program if that fails.
void unpack_machine(Tree *tree, std::string_view name, Refusals *refusals = nullptr);

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_RECORDING_H
