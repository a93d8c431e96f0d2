// SPDX-License-Identifier: MIT
// calls.h - every public function that asks a backend, as a table: what must hold for all of them is tested over it.
#ifndef SONDE_TESTS_SUPPORT_CALLS_H
#define SONDE_TESTS_SUPPORT_CALLS_H

#include <sonde/sonde.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/support/snapshot.h"

namespace sonde_test {

// What the calls are made on.
struct Subject {
  sonde *context = nullptr;
  const sonde_options *options = nullptr;  // those that context was opened with
  sonde_process_handle *handle = nullptr;  // of pid; for kProcess and beyond
  sonde_pid pid = 0;
  std::string path = "/";    // for sonde_disk_usage_get
  const char *cgroup = "/";  // for sonde_pressure_list_get
};

enum class CallKind {
  kSystem,   // wants a context
  kProcess,  // and a process
  kChange,   // and changes it, so that it can be changed again
  kEnd       // and ends it
};

// Makes one call again and again. Keeps its list between the calls, as a caller would, and checks what the header
// promises of every call: on failure the out parameter is untouched and the list keeps its rows, and sonde_last_error
// tells of that failure. What is broken goes into Snapshot.broken.
class Caller {
 public:
  virtual ~Caller() = default;
  virtual Snapshot call(const Subject &subject) = 0;
  // Frees what is kept.
  virtual void reset() = 0;
};

struct Call {
  const char *name;  // "sonde_cpu_times_get", with "(...)" where a function stands here more than once
  CallKind kind;
  std::unique_ptr<Caller> (*make)();
};

const std::vector<Call> &all_calls();

// False: it answers, even of a recorded machine, with what moves all the time: the free space of the file system that
// the recording lies on, the heap of this process.
bool is_steady_on_a_recording(const Call &call);

// The name of a GoogleTest case for call number `index`: letters, digits and underscores.
std::string call_test_name(size_t index);

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_CALLS_H
