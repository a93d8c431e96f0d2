// SPDX-License-Identifier: MIT
// system_calls.h - which system calls the members of struct linux_os come to, found by tracing; and a filter that
// refuses some of them.
#ifndef SONDE_TESTS_SUPPORT_SYSTEM_CALLS_H
#define SONDE_TESTS_SUPPORT_SYSTEM_CALLS_H

#include <sonde/sonde_backend.h>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace sonde_test {

// By the member's name the numbers of the system calls.
using SystemCalls = std::map<std::string, std::set<long>>;

// Runs body in a traced child, with an override whose calls are the real ones, and notes which system calls they make
// there and in the helpers that they start. What the C library answers without the kernel (a clock) is not there.
// Empty, with *why: tracing does not work here.
SystemCalls trace_system_calls(const std::function<void(const struct sonde_os_override *)> &body, std::string *why);

// From now on these system calls fail in this process and its children with `code`. Empty, or why it cannot be.
std::string refuse_system_calls(const std::set<long> &numbers, int code);

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_SYSTEM_CALLS_H
