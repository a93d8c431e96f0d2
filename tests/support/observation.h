// SPDX-License-Identifier: MIT
// observation.h - what every public call answers here and now, without the values, and how that differs from what it
// answers elsewhere: in a form that can be written down, and that holds on other machines, too.
#ifndef SONDE_TESTS_SUPPORT_OBSERVATION_H
#define SONDE_TESTS_SUPPORT_OBSERVATION_H

#include <sonde/sonde.h>
#include <sys/types.h>

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace sonde_test {

// One call's answer.
struct Seen {
  std::string status;     // "OK", "ERR_ACCESS EPERM", "no handle"
  bool is_silent = true;  // sonde_last_error tells of no failure
  // Keys of rows, told fields (of any row), and for processes those denied and failed; statuses of bad rows.
  std::set<std::string> rows, fields, denied, failed, bad;
  std::vector<std::string> broken;
};

// By the call's name without "sonde_"; with "/other" behind it when asked about the other process.
using Observation = std::map<std::string, Seen>;

std::string pack(const Observation &observation);
Observation unpack(const std::string &text);

// Which processes are asked about, by handles and pids. 0: none.
struct Subjects {
  pid_t own = 0, own_to_end = 0, own_to_kill = 0;
  pid_t other = 0, other_to_kill = 0;
};

// A context, and handles of the subjects that can be opened.
class Opened {
 public:
  Opened(const Subjects &subjects, const sonde_options *options);
  ~Opened();
  Opened(const Opened &) = delete;
  Opened &operator=(const Opened &) = delete;

  sonde *context = nullptr;
  sonde_status status;  // of sonde_open
  std::map<pid_t, sonde_process_handle *> handles;
};

// Makes every call of calls.h once, and waits for the processes that were ended. begin(name) is called before each.
Observation observe(const Opened &opened, const Subjects &subjects,
                    const std::function<void(const std::string &name)> &begin = nullptr);

// What differs from the usual answer, which is that of the same machine, undisturbed: "same", "ERR_ACCESS EPERM",
// "denied exe, cwd; lacks uptime". "silent": something is missing, and sonde_last_error tells of no failure.
std::string difference(const std::string &name, const Seen &seen, const Seen &usual);

// Whether a difference that was written down, perhaps on another machine, is that between these two: what the usual
// answer here has not got cannot be missing.
bool holds(const std::string &written, const std::string &name, const Seen &seen, const Seen &usual);

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_OBSERVATION_H
