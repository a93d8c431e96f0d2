// SPDX-License-Identifier: MIT
#include "tests/support/observation.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "tests/support/calls.h"
#include "tests/support/command.h"

namespace sonde_test {

namespace {

constexpr char kRecordEnd = '\x1e', kFieldEnd = '\x1f', kItemEnd = '\x1d';

bool has_prefix(const std::string &text, const std::string &prefix) { return text.rfind(prefix, 0) == 0; }

std::string short_name(const char *name) { return std::string(name).substr(sizeof "sonde_" - 1); }

bool is_of_all_processes(const std::string &name) {
  return has_prefix(name, "process_table_refresh") || has_prefix(name, "process_sampler") ||
         has_prefix(name, "pid_list");
}

bool is_of_pid(const std::string &name) {
  return name == "process_get" || name == "pid_exists" || name == "cgroup_get";
}

// Their rows are the machine's, which come and go, and what can be told of one cannot of another.
bool has_steady_rows(const std::string &name) {
  return !has_prefix(name, "connection_list") && !has_prefix(name, "user_list") && !has_prefix(name, "disk_partition");
}

std::string status_text(sonde_status status) { return std::string(sonde_status_name(status)).substr(6); }

void add_bits(std::set<std::string> *out, uint64_t bits) {
  for (int i = 0; i < 64; i++) {
    const char *const name = (bits >> i & 1) != 0 ? sonde_process_field_name(UINT64_C(1) << i) : nullptr;
    if (name != nullptr) out->insert(name);
  }
}

void add_row(Seen *out, const Row &row, bool is_process) {
  std::string key = row.key;
  for (char &c : key) {
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  }
  out->rows.insert(key);
  if (row.status != SONDE_OK) out->bad.insert(status_text(row.status));
  if (is_process) {
    add_bits(&out->fields, row.valid);
    add_bits(&out->denied, row.denied);
    add_bits(&out->failed, row.failed);
    return;
  }
  for (const Field &field : row.fields) {
    const std::string name = field.name;
    out->fields.insert(name == "answer" ? name + "=" + field.value : name);
  }
}

// What the answer says; of all processes only this one.
Seen seen_of(const Snapshot &answer, sonde *context, const std::string &name, pid_t only) {
  Seen seen;
  seen.status = status_text(answer.status);
  sonde_error error;
  sonde_last_error(context, &error);
  if (answer.status != SONDE_OK && error.os_name.len > 0) {
    seen.status += " " + std::string(error.os_name.data, error.os_name.len);
  }
  seen.is_silent = error.status == SONDE_OK;
  seen.broken = answer.broken;
  const bool is_process = has_prefix(name, "process_table") || has_prefix(name, "process_sampler") ||
                          name == "process_get" || name == "process_read";
  const std::string key = "pid " + std::to_string(only);
  for (const Row &row : answer.rows) {
    if (is_of_all_processes(name) && row.key != key) continue;
    Row of_it = row;
    if (is_process || has_prefix(name, "pid_list")) of_it.key = "pid";
    if (has_prefix(name, "thread_list")) of_it.key = "thread";
    add_row(&seen, of_it, is_process);
  }
  if (!has_steady_rows(name)) seen.fields.clear();
  return seen;
}

std::string pack_set(const std::set<std::string> &items) {
  std::string text;
  for (const std::string &item : items) text += item + kItemEnd;
  return text + kFieldEnd;
}

std::set<std::string> unpack_set(const std::string &text) {
  std::set<std::string> items;
  for (const std::string &item : fields_of(text, kItemEnd)) items.insert(item);
  items.erase("");
  return items;
}

std::set<std::string> without(const std::set<std::string> &items, const std::set<std::string> &others) {
  std::set<std::string> rest;
  std::set_difference(items.begin(), items.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
  return rest;
}

std::set<std::string> common(const std::set<std::string> &items, const std::set<std::string> &others) {
  std::set<std::string> rest;
  std::set_intersection(items.begin(), items.end(), others.begin(), others.end(), std::inserter(rest, rest.end()));
  return rest;
}

void add_part(std::string *text, const std::string &part) { *text += (text->empty() ? "" : "; ") + part; }

void add_names(std::string *text, const char *what, const std::set<std::string> &names) {
  if (names.empty()) return;
  std::string part = what;
  for (const std::string &name : names) part += (part == what ? " " : ", ") + name;
  add_part(text, part);
}

const char *const kNoHandle = "no handle";

}  // namespace

std::string pack(const Observation &observation) {
  std::string text;
  for (const auto &[name, seen] : observation) {
    text += name + kFieldEnd + seen.status + kFieldEnd + (seen.is_silent ? "silent" : "") + kFieldEnd;
    for (const auto *items : {&seen.rows, &seen.fields, &seen.denied, &seen.failed, &seen.bad})
      text += pack_set(*items);
    text += pack_set({seen.broken.begin(), seen.broken.end()}) + kRecordEnd;
  }
  return text;
}

Observation unpack(const std::string &text) {
  Observation observation;
  for (const std::string &record : fields_of(text, kRecordEnd)) {
    const std::vector<std::string> parts = fields_of(record, kFieldEnd);
    if (parts.size() < 9) continue;
    Seen &seen = observation[parts[0]];
    seen.status = parts[1];
    seen.is_silent = parts[2] == "silent";
    seen.rows = unpack_set(parts[3]);
    seen.fields = unpack_set(parts[4]);
    seen.denied = unpack_set(parts[5]);
    seen.failed = unpack_set(parts[6]);
    seen.bad = unpack_set(parts[7]);
    const std::set<std::string> broken = unpack_set(parts[8]);
    seen.broken.assign(broken.begin(), broken.end());
  }
  return observation;
}

Opened::Opened(const Subjects &subjects, const sonde_options *options) : status(sonde_open(&context, options)) {
  if (status != SONDE_OK) return;
  for (const pid_t pid :
       {subjects.own, subjects.own_to_end, subjects.own_to_kill, subjects.other, subjects.other_to_kill}) {
    sonde_process_handle *handle = nullptr;
    if (pid != 0 && sonde_process_open(context, &handle, pid) == SONDE_OK) handles[pid] = handle;
  }
}

Opened::~Opened() {
  for (const auto &[pid, handle] : handles) sonde_process_close(handle);
  sonde_close(context);
}

Observation observe(const Opened &opened, const Subjects &subjects,
                    const std::function<void(const std::string &name)> &begin) {
  Observation observation;
  const auto handle_of = [&](pid_t pid) {
    const auto found = opened.handles.find(pid);
    return found != opened.handles.end() ? found->second : nullptr;
  };
  const auto ask = [&](const Call &call, const std::string &name, pid_t pid, const std::string &suffix) {
    if (pid == 0) return;
    Subject subject;
    subject.context = opened.context;
    subject.pid = pid;
    subject.handle = handle_of(pid);
    if (begin) begin(name);
    if (call.kind != CallKind::kSystem && subject.handle == nullptr && name != "process_open") {
      observation[name + suffix].status = kNoHandle;
      return;
    }
    const std::unique_ptr<Caller> caller = call.make();
    const Snapshot answer = caller->call(subject);
    observation[name + suffix] = seen_of(answer, opened.context, name, pid);
    if (is_of_all_processes(name) && suffix.empty() && subjects.other != 0) {
      observation[name + "/other"] = seen_of(answer, opened.context, name, subjects.other);
    }
    if (call.kind != CallKind::kEnd || !suffix.empty()) return;
    sonde_exit how;
    const std::string then = name + "+wait";
    if (begin) begin(then);
    Snapshot end;
    end.status = sonde_process_wait(subject.handle, &how, answer.status == SONDE_OK ? 10 * SONDE_NSEC_PER_SEC : 0);
    if (end.status == SONDE_OK) describe(&end, how);
    observation[then] = seen_of(end, opened.context, then, pid);
  };
  for (const Call &call : all_calls()) {
    const std::string name = short_name(call.name);
    pid_t own = subjects.own, other = subjects.other;
    if (call.kind == CallKind::kEnd) {
      own = name == "process_kill" ? subjects.own_to_kill : subjects.own_to_end;
      other = name == "process_kill" ? subjects.other_to_kill : 0;
    }
    ask(call, name, own, "");
    if (call.kind != CallKind::kSystem || is_of_pid(name)) ask(call, name, other, "/other");
  }
  return observation;
}

namespace {

struct Difference {
  std::string status;  // empty: the same
  bool no_rows = false, fewer_rows = false, is_silent = false;
  std::set<std::string> lacks, gains, denied, failed, bad;

  std::string text() const;
};

std::string Difference::text() const {
  std::string text = status;
  if (no_rows) add_part(&text, "no rows");
  if (fewer_rows) add_part(&text, "fewer rows");
  add_names(&text, "bad", bad);
  add_names(&text, "denied", denied);
  add_names(&text, "failed", failed);
  add_names(&text, "lacks", lacks);
  add_names(&text, "gains", gains);
  if (is_silent) add_part(&text, "silent");
  return text.empty() ? "same" : text;
}

Difference difference_of(const std::string &name, const Seen &seen, const Seen &usual) {
  Difference different;
  if (seen.status != usual.status) different.status = seen.status;
  if (seen.status != "OK" || usual.status != "OK") return different;
  different.no_rows = seen.rows.empty() && !usual.rows.empty();
  different.denied = without(seen.denied, usual.denied);
  different.failed = without(seen.failed, usual.failed);
  different.bad = without(seen.bad, usual.bad);
  different.gains = without(seen.fields, usual.fields);
  if (!different.no_rows) {
    different.lacks = without(without(without(usual.fields, seen.fields), seen.denied), seen.failed);
    // A sanitizer maps memory as it goes.
    different.fewer_rows =
        has_steady_rows(name) && !has_prefix(name, "map_list") && !without(usual.rows, seen.rows).empty();
  }
  different.is_silent = seen.is_silent && different.bad.empty() &&
                        (different.no_rows || different.fewer_rows || !different.lacks.empty());
  return different;
}

Difference parse(const std::string &text) {
  Difference different;
  if (text == "same") return different;
  std::string rest = text;
  while (!rest.empty()) {
    const size_t end = rest.find("; ");
    const std::string part = rest.substr(0, end);
    rest = end == std::string::npos ? "" : rest.substr(end + 2);
    const size_t blank = part.find(' ');
    const std::string word = part.substr(0, blank);
    std::set<std::string> *const names = word == "bad"      ? &different.bad
                                         : word == "denied" ? &different.denied
                                         : word == "failed" ? &different.failed
                                         : word == "lacks"  ? &different.lacks
                                         : word == "gains"  ? &different.gains
                                                            : nullptr;
    if (names != nullptr) {
      std::string list = part.substr(blank + 1);
      for (size_t comma = 0; (comma = list.find(", ")) != std::string::npos; list = list.substr(comma + 2)) {
        names->insert(list.substr(0, comma));
      }
      names->insert(list);
    } else if (part == "no rows") {
      different.no_rows = true;
    } else if (part == "fewer rows") {
      different.fewer_rows = true;
    } else if (part == "silent") {
      different.is_silent = true;
    } else {
      different.status = part;
    }
  }
  return different;
}

}  // namespace

std::string difference(const std::string &name, const Seen &seen, const Seen &usual) {
  return difference_of(name, seen, usual).text();
}

bool holds(const std::string &written, const std::string &name, const Seen &seen, const Seen &usual) {
  const std::string found = difference(name, seen, usual);
  if (found == written) return true;
  // Where there is nothing to tell, or where the sessions are kept depends on the machine.
  if (found == "same" && (usual.status != "OK" || usual.rows.empty() || has_prefix(name, "user_list"))) return true;
  Difference expected = parse(written);
  if (usual.status != "OK" || !expected.status.empty()) return false;
  expected.lacks = common(expected.lacks, usual.fields);
  // What does not exist here may still be refused; what is refused anyway is not refused for this.
  const std::set<std::string> denied = without(seen.denied, usual.denied), failed = without(seen.failed, usual.failed);
  expected.denied = without(expected.denied, without(without(expected.denied, usual.fields), denied));
  expected.failed = without(expected.failed, without(without(expected.failed, usual.fields), failed));
  expected.no_rows = expected.no_rows && !usual.rows.empty();
  expected.bad = without(expected.bad, usual.bad);
  if (usual.rows.empty()) expected.bad.clear();
  if (expected.lacks.empty() && !expected.no_rows) expected.is_silent = false;
  // What is missing as usual has its reason, which may not be met here.
  if (!usual.is_silent) expected.is_silent = difference_of(name, seen, usual).is_silent;
  return expected.text() == found;
}

}  // namespace sonde_test
