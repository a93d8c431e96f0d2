// SPDX-License-Identifier: MIT
// What sonde.h promises of every function, held against every backend in this binary. A new capability is one line in
// kEntries.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>

#include <cstring>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include "tests/support/allocator.h"
#include "tests/support/child.h"
#include "tests/support/context.h"
#include "tests/support/describe.h"
#include "tests/support/descriptors.h"
#include "tests/support/fake_backend.h"
#include "tests/support/tree.h"

extern "C" const struct sonde_backend sondei_backend_null;

namespace sonde_test {
namespace {

// ---- What is looked at ----------------------------------------------------------------------------------------------

enum class Kind {
  kLive,
  kNull,
  kFake,
  kFakeAboveLive,
  kEmptyMachine
};

struct Subject {
  sonde *context = nullptr;
  sonde_process_handle *process = nullptr;
  sonde_pid pid = 0;
  Allocator *allocator = nullptr;
};

// A context of one kind and, for what needs one, a process.
class Stage {
 public:
  explicit Stage(Kind kind) {
    sonde_options options = {};
    if (kind == Kind::kEmptyMachine) options = *tree_.options();
    if (kind == Kind::kNull) backends_ = {&sondei_backend_null};
    if (kind == Kind::kFake) backends_ = {fake_backend()};
    if (kind == Kind::kFakeAboveLive) {
      // A plug-in that fills only what it knows: the OS backend answers the rest.
      static sonde_backend sensors_only = *fake_backend();
      sensors_only.cpu = nullptr, sensors_only.memory = nullptr, sensors_only.disk = nullptr,
      sensors_only.net = nullptr;
      sensors_only.host = nullptr, sensors_only.limits = nullptr, sensors_only.process = nullptr;
      sensors_only.priority = 10;
      plug_in_ = &sensors_only;
      EXPECT_EQ(sonde_backend_register(plug_in_), SONDE_OK);
    }
    if (!backends_.empty()) {
      options.backends = backends_.data();
      options.num_backends = backends_.size();
    }
    options.allocator = allocator_.hooks();
    EXPECT_EQ(sonde_open(&subject_.context, &options), SONDE_OK);
    subject_.allocator = &allocator_;
  }

  ~Stage() {
    sonde_process_close(subject_.process);
    sonde_close(subject_.context);
    if (plug_in_ != nullptr) {
      EXPECT_EQ(sonde_backend_unregister(plug_in_), SONDE_OK);
    }
    EXPECT_EQ(allocator_.live_blocks(), 0u);
    EXPECT_EQ(allocator_.live_bytes(), 0u);
  }

  // A child, opened when this context can.
  void add_process() {
    child_ = std::make_unique<Child>(Child::sleeping());
    subject_.pid = child_->pid();
    if (!sonde_supports(subject_.context, SONDE_CAP_PROCESS_OPEN)) return;
    const sonde_status status = sonde_process_open(subject_.context, &subject_.process, subject_.pid);
    if (status != SONDE_OK) {
      EXPECT_EQ(subject_.process, nullptr);
    }
  }

  Subject &subject() { return subject_; }

 private:
  Tree tree_;
  std::vector<const sonde_backend *> backends_;
  const sonde_backend *plug_in_ = nullptr;
  Allocator allocator_;
  std::unique_ptr<Child> child_;
  Subject subject_;
};

// ---- What holds for every record
// -------------------------------------------------------------------------------------

class Checker {
 public:
  sonde_status row_status() const { return status_; }

  void status(const sonde_status &status) {
    status_ = status;
    EXPECT_STRNE(sonde_status_name(status), "SONDE_?");
  }

  void valid(const uint64_t &mask, uint64_t all) {
    EXPECT_EQ(mask & ~all, 0u) << "unknown bits";
    valid_ = mask;
  }

  template <class T>
  void field(const char *name, uint64_t bit, const T &value) {
    static const T zero = {};
    if (!is_told(bit)) {
      EXPECT_EQ(memcmp(&value, &zero, sizeof value), 0) << name << " is not valid, but not 0";
    }
  }

  template <class T>
  void pid(const char *name, uint64_t bit, const T &value) {
    if (!is_told(bit)) {
      EXPECT_EQ(value, static_cast<T>(-1)) << name;
    }
  }

  void string(const char *name, uint64_t bit, const sonde_string &value) {
    ASSERT_NE(value.data, nullptr) << name;
    EXPECT_EQ(value.data[value.len], '\0') << name;
    if (!is_told(bit)) {
      EXPECT_EQ(value.len, 0u) << name;
    }
  }

  template <class T>
  void array(const char *name, uint64_t bit, const T *const &pointer, const size_t &count) {
    if (!is_told(bit)) {
      EXPECT_EQ(pointer, nullptr) << name;
      EXPECT_EQ(count, 0u) << name;
    } else if (count > 0) {
      ASSERT_NE(pointer, nullptr) << name;
      EXPECT_EQ(reinterpret_cast<uintptr_t>(pointer) % alignof(T), 0u) << name;
    }
    for (size_t i = 0; i < count; i++) {
      if constexpr (std::is_same_v<T, sonde_string>) string(name, 0, pointer[i]);
    }
  }

  template <class T>
  void record(const char *name, uint64_t bit, const T *const &pointer) {
    if (bit != 0) {
      EXPECT_EQ(pointer != nullptr, is_told(bit)) << name;
    }
    if (pointer == nullptr) return;
    EXPECT_EQ(reinterpret_cast<uintptr_t>(pointer) % alignof(T), 0u) << name;
    Checker inside;
    describe(*pointer, inside);
  }

 private:
  bool is_told(uint64_t bit) const { return bit == 0 || (valid_ & bit) != 0; }

  sonde_status status_ = SONDE_OK;
  uint64_t valid_ = 0;
};

template <class Row>
void check_rows(const Row *rows, size_t count, size_t bad) {
  size_t not_ok = 0;
  for (size_t i = 0; i < count; i++) {
    SCOPED_TRACE("row " + std::to_string(i));
    if constexpr (!std::is_arithmetic_v<Row>) {
      Checker checker;
      describe(rows[i], checker);
      if (checker.row_status() != SONDE_OK) not_ok++;
    }
    if (testing::Test::HasFatalFailure() || testing::Test::HasNonfatalFailure()) return;
  }
  EXPECT_EQ(bad, not_ok);
}

// Anything but success leaves *out as it was, and says why.
template <class T>
void expect_untouched(const T &before, const T &after, sonde *context, sonde_status status) {
  EXPECT_EQ(memcmp(&before, &after, sizeof before), 0) << "out was touched";
  sonde_error error;
  sonde_last_error(context, &error);
  EXPECT_STREQ(sonde_status_name(error.status), sonde_status_name(status));
  EXPECT_GT(error.text.len, 0u);
}

template <class T>
using Call = sonde_status (*)(Subject &, T *);

struct Entry {
  const char *name;
  sonde_capability capability;
  bool needs_process;
  void (*check)(const Entry &, Subject &, void (*call)());
  void (*call)();
};

// Whether there is anything to look at; when not, that it is told in the right way.
bool is_answered(const Entry &entry, Subject &subject, sonde_status status) {
  if (!sonde_supports(subject.context, entry.capability)) {
    EXPECT_EQ(status, SONDE_ERR_UNSUPPORTED);
    return false;
  }
  return status == SONDE_OK;
}

bool has_process(const Entry &entry, const Subject &subject) {
  return !entry.needs_process || subject.process != nullptr;
}

template <class T>
void expect_invalid(Subject &subject, Call<T> call) {
  T out;
  memset(&out, 0, sizeof out);
  const T before = out;
  Subject nobody;
  EXPECT_EQ(call(nobody, &out), SONDE_ERR_INVALID) << "no context";
  EXPECT_EQ(memcmp(&before, &out, sizeof out), 0);
  if (subject.context == nullptr) return;
  EXPECT_EQ(call(subject, nullptr), SONDE_ERR_INVALID) << "no out";
}

template <class T>
void pattern(T *out) {
  memset(out, 1, sizeof *out);  // of which every byte is a bool
}

// Descriptors and memory are the same before and after the third call; the first two may grow what is kept.
template <class T, class Again>
void expect_steady(Subject &subject, T *out, Again again) {
  uint64_t allocations = 1;
  // The machine may grow in between: then another round.
  for (int round = 0; round < 5 && allocations > 0; round++) {
    sonde_status status = SONDE_OK;
    for (int i = 0; i < 2 && status == SONDE_OK; i++) status = again(out);
    const auto descriptors = open_descriptors();
    const uint64_t before = subject.allocator->requests();
    if (status == SONDE_OK) status = again(out);
    allocations = subject.allocator->requests() - before;
    EXPECT_EQ(open_descriptors(), descriptors);
    if (status != SONDE_OK) return;  // e.g. a process that was looked at ended
  }
  EXPECT_EQ(allocations, 0u) << "in the steady state";
}

template <class List>
void check_list(const Entry &entry, Subject &subject, void (*opaque)()) {
  const auto call = reinterpret_cast<Call<List>>(opaque);
  if (!has_process(entry, subject)) return expect_invalid(subject, call);
  expect_invalid(subject, call);
  List list;
  pattern(&list);
  list.memory = nullptr;
  const List before = list;
  const size_t blocks = subject.allocator->live_blocks();
  const sonde_status status = call(subject, &list);
  if (!is_answered(entry, subject, status)) return expect_untouched(before, list, subject.context, status);
  ASSERT_NE(list.memory, nullptr);
  check_rows(list.rows, list.count, list.bad);
  expect_steady(subject, &list, [&](List *out) { return call(subject, out); });
  check_rows(list.rows, list.count, list.bad);
  release(&list);
  List empty;
  memset(&empty, 0, sizeof empty);
  EXPECT_EQ(memcmp(&list, &empty, sizeof list), 0);
  release(&list);
  EXPECT_GE(subject.allocator->live_blocks(), blocks);  // what the backend keeps may have grown
}

template <class Record>
void check_record(const Entry &entry, Subject &subject, void (*opaque)()) {
  const auto call = reinterpret_cast<Call<Record>>(opaque);
  expect_invalid(subject, call);
  if (!has_process(entry, subject)) return;
  Record out;
  pattern(&out);
  const Record before = out;
  const sonde_status status = call(subject, &out);
  if (!is_answered(entry, subject, status)) return expect_untouched(before, out, subject.context, status);
  if constexpr (!std::is_arithmetic_v<Record>) check_rows(&out, 1, 0);
  expect_steady(subject, &out, [&](Record *again) { return call(subject, again); });
}

template <class Record>
void check_record_with_memory(const Entry &entry, Subject &subject, void (*opaque)()) {
  const auto call = reinterpret_cast<Call<Record>>(opaque);
  expect_invalid(subject, call);
  Record out;
  pattern(&out);
  out.memory = nullptr;
  const Record before = out;
  const sonde_status status = call(subject, &out);
  if (!is_answered(entry, subject, status)) return expect_untouched(before, out, subject.context, status);
  check_rows(&out, 1, 0);
  expect_steady(subject, &out, [&](Record *again) { return call(subject, again); });
  release(&out);
}

using Action = sonde_status (*)(Subject &);

void check_action(const Entry &entry, Subject &subject, void (*opaque)()) {
  const auto call = reinterpret_cast<Action>(opaque);
  Subject nobody;
  EXPECT_EQ(call(nobody), SONDE_ERR_INVALID);
  if (!has_process(entry, subject)) return;
  const auto descriptors = open_descriptors();
  const sonde_status status = call(subject);
  EXPECT_EQ(open_descriptors(), descriptors);
  if (!is_answered(entry, subject, status)) {
    sonde_error error;
    sonde_last_error(subject.context, &error);
    EXPECT_STREQ(sonde_status_name(error.status), sonde_status_name(status));
  }
}

void check_open(const Entry &entry, Subject &subject, void (*)()) {
  sonde_process_handle *handle = nullptr;
  EXPECT_EQ(sonde_process_open(nullptr, &handle, 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_open(subject.context, nullptr, 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_open(subject.context, &handle, -1), SONDE_ERR_NO_PROCESS);
  EXPECT_EQ(handle, nullptr);
  bool running = false;
  sonde_process_table table = {};
  EXPECT_EQ(sonde_process_is_running(nullptr, &running), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_read(nullptr, &table, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_pid(nullptr), SONDE_PID_UNKNOWN);
  EXPECT_EQ(sonde_process_start_id(nullptr), 0u);
  EXPECT_FALSE(sonde_process_is_exact(nullptr));
  sonde_process_close(nullptr);

  const auto descriptors = open_descriptors();
  const size_t blocks = subject.allocator->live_blocks();
  const sonde_status status = sonde_process_open(subject.context, &handle, subject.pid);
  if (!is_answered(entry, subject, status)) {
    EXPECT_EQ(handle, nullptr);
    return;
  }
  EXPECT_EQ(sonde_process_pid(handle), subject.pid);
  EXPECT_LE(open_descriptors().size(), descriptors.size() + 2);
  EXPECT_EQ(sonde_process_is_running(handle, nullptr), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_is_running(handle, &running), SONDE_OK);
  EXPECT_TRUE(running);
  EXPECT_EQ(sonde_process_read(handle, nullptr, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_read(handle, &table, UINT64_C(1) << 63), SONDE_ERR_INVALID);
  ASSERT_EQ(sonde_process_read(handle, &table, SONDE_PROCESS_ALL), SONDE_OK) << last_error(subject.context);
  ASSERT_EQ(table.count, 1u);
  EXPECT_EQ(table.rows[0].pid, subject.pid);
  check_rows(table.rows, table.count, table.bad);
  expect_steady(subject, &table,
                [&](sonde_process_table *out) { return sonde_process_read(handle, out, SONDE_PROCESS_ALL); });
  sonde_process_table_free(&table);
  sonde_process_close(handle);
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_GE(subject.allocator->live_blocks(), blocks);
}

// ---- One line per capability
// -----------------------------------------------------------------------------------------

#define LIST(CAP, T, expression)                \
  {#CAP, SONDE_CAP_##CAP, false, check_list<T>, \
   reinterpret_cast<void (*)()>(static_cast<Call<T>>([](Subject &s, T *out) { return expression; }))}
#define PROCESS_LIST(CAP, T, expression)       \
  {#CAP, SONDE_CAP_##CAP, true, check_list<T>, \
   reinterpret_cast<void (*)()>(static_cast<Call<T>>([](Subject &s, T *out) { return expression; }))}
#define RECORD(CAP, T, expression)                \
  {#CAP, SONDE_CAP_##CAP, false, check_record<T>, \
   reinterpret_cast<void (*)()>(static_cast<Call<T>>([](Subject &s, T *out) { return expression; }))}
#define PROCESS_RECORD(CAP, T, expression)       \
  {#CAP, SONDE_CAP_##CAP, true, check_record<T>, \
   reinterpret_cast<void (*)()>(static_cast<Call<T>>([](Subject &s, T *out) { return expression; }))}
#define RECORD_WITH_MEMORY(CAP, T, expression)                \
  {#CAP, SONDE_CAP_##CAP, false, check_record_with_memory<T>, \
   reinterpret_cast<void (*)()>(static_cast<Call<T>>([](Subject &s, T *out) { return expression; }))}
#define ACTION(CAP, needs_process, expression)         \
  {#CAP, SONDE_CAP_##CAP, needs_process, check_action, \
   reinterpret_cast<void (*)()>(static_cast<Action>([](Subject &s) { return expression; }))}

const uint32_t kCpus[] = {0};
const sonde_limit kLimit = {SONDE_OK, SONDE_LIMIT_NOFILE, 64, 64};

const Entry kEntries[] = {
    RECORD(CPU_TIMES, sonde_cpu_times, sonde_cpu_times_get(s.context, out)),
    LIST(CPU_TIMES_LIST, sonde_cpu_times_list, sonde_cpu_times_list_get(s.context, out)),
    RECORD(CPU_COUNT, sonde_cpu_count, sonde_cpu_count_get(s.context, out)),
    RECORD(CPU_STATS, sonde_cpu_stats, sonde_cpu_stats_get(s.context, out)),
    LIST(CPU_FREQ, sonde_cpu_freq_list, sonde_cpu_freq_list_get(s.context, out)),
    RECORD(LOAD_AVERAGE, sonde_load_average, sonde_load_average_get(s.context, out)),
    LIST(CPU_TOPOLOGY, sonde_cpu_topology_list, sonde_cpu_topology_list_get(s.context, out)),
    LIST(CPU_CACHE, sonde_cpu_cache_list, sonde_cpu_cache_list_get(s.context, out)),
    LIST(CPU_INFO, sonde_cpu_info_list, sonde_cpu_info_list_get(s.context, out)),
    LIST(CPU_INTERRUPTS, sonde_cpu_interrupt_list, sonde_cpu_interrupt_list_get(s.context, out)),
    LIST(CPU_SCHEDSTAT, sonde_cpu_schedstat_list, sonde_cpu_schedstat_list_get(s.context, out)),
    LIST(CPU_THROTTLE, sonde_cpu_throttle_list, sonde_cpu_throttle_list_get(s.context, out)),
    LIST(CPU_VULNERABILITIES, sonde_cpu_vulnerability_list, sonde_cpu_vulnerability_list_get(s.context, out)),
    RECORD(VIRTUAL_MEMORY, sonde_virtual_memory, sonde_virtual_memory_get(s.context, out)),
    RECORD(SWAP_MEMORY, sonde_swap_memory, sonde_swap_memory_get(s.context, out)),
    LIST(SWAP_DEVICES, sonde_swap_device_list, sonde_swap_device_list_get(s.context, out)),
    LIST(NUMA_NODES, sonde_numa_node_list, sonde_numa_node_list_get(s.context, out)),
    LIST(MEMORY_STATS, sonde_memory_stat_list, sonde_memory_stat_list_get(s.context, out)),
    LIST(HUGEPAGES, sonde_hugepages_list, sonde_hugepages_list_get(s.context, out)),
    RECORD(HEAP_INFO, sonde_heap_info, sonde_heap_info_get(s.context, out)),
    ACTION(HEAP_TRIM, false, sonde_heap_trim(s.context)),
    LIST(DISK_PARTITIONS, sonde_disk_partition_list, sonde_disk_partition_list_get(s.context, out, true)),
    RECORD(DISK_USAGE, sonde_disk_usage, sonde_disk_usage_get(s.context, out, "/", SONDE_NO_TIMEOUT)),
    LIST(DISK_IO, sonde_disk_io_list, sonde_disk_io_list_get(s.context, out)),
    LIST(DISK_DEVICES, sonde_disk_device_list, sonde_disk_device_list_get(s.context, out)),
    LIST(NET_IO, sonde_net_io_list, sonde_net_io_list_get(s.context, out)),
    LIST(NET_IF_ADDRS, sonde_net_if_addr_list, sonde_net_if_addr_list_get(s.context, out)),
    LIST(NET_IF_STATS, sonde_net_if_stats_list, sonde_net_if_stats_list_get(s.context, out)),
    LIST(NET_CONNECTIONS, sonde_connection_list,
         sonde_connection_list_get(s.context, out,
                                   SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER | SONDE_CONNECTION_TCP_INFO)),
    LIST(NET_PROTOCOLS, sonde_net_protocol_list, sonde_net_protocol_list_get(s.context, out)),
    LIST(NET_ERRORS, sonde_net_error_list, sonde_net_error_list_get(s.context, out)),
    LIST(SENSORS, sonde_sensor_list, sonde_sensor_list_get(s.context, out, SONDE_SENSOR_ALL, nullptr)),
    LIST(BATTERIES, sonde_battery_list, sonde_battery_list_get(s.context, out)),
    LIST(GPUS, sonde_gpu_list, sonde_gpu_list_get(s.context, out)),
    RECORD_WITH_MEMORY(HOST_INFO, sonde_host_info, sonde_host_info_get(s.context, out)),
    RECORD(HOST_TIMES, sonde_host_times, sonde_host_times_get(s.context, out)),
    LIST(USERS, sonde_user_list, sonde_user_list_get(s.context, out)),
    LIST(SERVICES, sonde_service_list, sonde_service_list_get(s.context, out)),
    LIST(SERVICE_GET, sonde_service_list, sonde_service_get(s.context, out, "RpcSs")),  // every Windows has it
    RECORD_WITH_MEMORY(CGROUP, sonde_cgroup, sonde_cgroup_get(s.context, out, 0)),
    LIST(PRESSURE, sonde_pressure_list, sonde_pressure_list_get(s.context, out, nullptr)),
    LIST(PIDS, sonde_pid_list, sonde_pid_list_get(s.context, out)),
    RECORD(PID_EXISTS, bool, sonde_pid_exists(s.context, out, 1)),
    // All but the walk through every address space, which takes seconds on a machine with large processes.
    LIST(PROCESS_TABLE, sonde_process_table,
         sonde_process_table_refresh(s.context, out, SONDE_PROCESS_ALL & ~SONDE_PROCESS_FOOTPRINT)),
    LIST(PROCESS_GET, sonde_process_table, sonde_process_get(s.context, out, s.pid, SONDE_PROCESS_ALL)),
    {"PROCESS_OPEN", SONDE_CAP_PROCESS_OPEN, false, check_open, nullptr},
    PROCESS_LIST(PROCESS_THREADS, sonde_thread_list, sonde_thread_list_get(s.process, out)),
    PROCESS_LIST(PROCESS_OPEN_FILES, sonde_open_file_list, sonde_open_file_list_get(s.process, out, false)),
    PROCESS_LIST(PROCESS_MAPS, sonde_map_list, sonde_map_list_get(s.process, out, true)),
    PROCESS_LIST(PROCESS_CONNECTIONS, sonde_connection_list,
                 sonde_process_connections_get(s.process, out, SONDE_CONNECTION_ALL)),
    PROCESS_LIST(PROCESS_ENVIRON, sonde_environ_list, sonde_environ_list_get(s.process, out)),
    PROCESS_LIST(PROCESS_LIMITS, sonde_limit_list, sonde_limit_list_get(s.process, out)),
    ACTION(PROCESS_SET_LIMIT, true, sonde_process_set_limit(s.process, &kLimit)),
    ACTION(PROCESS_SIGNAL, true, sonde_process_signal(s.process, 0)),
    ACTION(PROCESS_SUSPEND, true, sonde_process_suspend(s.process)),
    ACTION(PROCESS_RESUME, true, sonde_process_resume(s.process)),
    ACTION(PROCESS_TERMINATE, true, sonde_process_terminate(s.process)),
    ACTION(PROCESS_KILL, true, sonde_process_kill(s.process)),
    ACTION(PROCESS_SET_NICE, true, sonde_process_set_nice(s.process, 5)),
    ACTION(PROCESS_SET_IONICE, true, sonde_process_set_ionice(s.process, 3, 0)),
    PROCESS_LIST(PROCESS_AFFINITY, sonde_cpu_list, sonde_process_affinity_get(s.process, out)),
    ACTION(PROCESS_SET_AFFINITY, true, sonde_process_set_affinity(s.process, kCpus, 1)),
    PROCESS_RECORD(PROCESS_WAIT, sonde_exit, sonde_process_wait(s.process, out, 0)),
};

struct Case {
  Kind kind;
  const char *kind_name;
  size_t entry;
};

void PrintTo(const Case &the_case, std::ostream *out) {
  *out << the_case.kind_name << " " << kEntries[the_case.entry].name;
}

std::vector<Case> all_cases() {
  const struct {
    Kind kind;
    const char *name;
  } kinds[] = {{Kind::kLive, "live"},
               {Kind::kNull, "null"},
               {Kind::kFake, "fake"},
               {Kind::kFakeAboveLive, "fake_above_live"},
               {Kind::kEmptyMachine, "empty_machine"}};
  std::vector<Case> cases;
  for (const auto &kind : kinds) {
#ifdef _WIN32
    if (kind.kind == Kind::kEmptyMachine) continue;  // no folder can stand for this machine
#endif
    for (size_t i = 0; i < sizeof kEntries / sizeof kEntries[0]; i++) cases.push_back({kind.kind, kind.name, i});
  }
  return cases;
}

#ifdef _WIN32
// No files tell of a Windows.
TEST(ContractOfWindows, AMachineOfFilesHasNoBackend) {
  Tree tree;
  sonde *context = nullptr;
  EXPECT_EQ(sonde_open(&context, tree.options()), SONDE_ERR_UNSUPPORTED);
  EXPECT_EQ(context, nullptr);
}
#endif

class Contract : public testing::TestWithParam<Case> {};

TEST_P(Contract, Holds) {
  const Entry &entry = kEntries[GetParam().entry];
  const auto descriptors = open_descriptors();
  {
    Stage stage(GetParam().kind);
    stage.add_process();
    if (GetParam().kind == Kind::kFake) {
      EXPECT_TRUE(sonde_supports(stage.subject().context, entry.capability));
    }
    if (GetParam().kind == Kind::kNull) {
      EXPECT_FALSE(sonde_supports(stage.subject().context, entry.capability));
    }
    entry.check(entry, stage.subject(), entry.call);
  }
  EXPECT_EQ(open_descriptors(), descriptors);
}

INSTANTIATE_TEST_SUITE_P(Every, Contract, testing::ValuesIn(all_cases()),
                         [](const testing::TestParamInfo<Case> &the_case) {
                           return std::string(the_case.param.kind_name) + "_" + kEntries[the_case.param.entry].name;
                         });

TEST(ContractTable, NamesEveryCapabilityOnce) {
  std::map<sonde_capability, int> seen;
  for (const Entry &entry : kEntries) seen[entry.capability]++;
#define XX(name, domain, slot) EXPECT_EQ(seen[SONDE_CAP_##name], 1) << #name;
  SONDE_CAPABILITY_MAP(XX)
#undef XX
  EXPECT_EQ(seen.size(), static_cast<size_t>(SONDE_CAP_COUNT));
}

// Arguments that can never be right, of functions that take more than context and out.
TEST(ContractArguments, AreChecked) {
  Stage stage(Kind::kFake);
  stage.add_process();
  sonde *const c = stage.subject().context;
  sonde_process_handle *const p = stage.subject().process;
  ASSERT_NE(p, nullptr);
  sonde_disk_usage usage;
  EXPECT_EQ(sonde_disk_usage_get(c, &usage, nullptr, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_disk_usage_get(c, &usage, "", 0), SONDE_ERR_INVALID);
  sonde_connection_list connections = {};
  for (uint32_t kinds : {0u, 0x300u, 0x80u, 0x401u, 0x80000001u}) {
    EXPECT_EQ(sonde_connection_list_get(c, &connections, kinds), SONDE_ERR_INVALID) << kinds;
    EXPECT_EQ(sonde_process_connections_get(p, &connections, kinds), SONDE_ERR_INVALID) << kinds;
  }
  sonde_sensor_list sensors = {};
  EXPECT_EQ(sonde_sensor_list_get(c, &sensors, 0, nullptr), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_sensor_list_get(c, &sensors, 0x80, nullptr), SONDE_ERR_INVALID);
  sonde_service_list services = {};
  EXPECT_EQ(sonde_service_get(c, &services, nullptr), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_service_get(c, &services, ""), SONDE_ERR_INVALID);
  sonde_cgroup cgroup = {};
  EXPECT_EQ(sonde_cgroup_get(c, &cgroup, -1), SONDE_ERR_INVALID);
  sonde_process_table table = {};
  EXPECT_EQ(sonde_process_table_refresh(c, &table, SONDE_PROCESS_ALL + 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_get(c, &table, 1, SONDE_PROCESS_ALL + 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_get(c, &table, -1, 0), SONDE_ERR_NO_PROCESS);
  bool exists = true;
  EXPECT_EQ(sonde_pid_exists(c, &exists, -1), SONDE_OK);
  EXPECT_FALSE(exists);
  EXPECT_EQ(sonde_process_signal(p, -1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_affinity(p, nullptr, 1), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_affinity(p, kCpus, 0), SONDE_ERR_INVALID);
  EXPECT_EQ(sonde_process_set_limit(p, nullptr), SONDE_ERR_INVALID);
  const sonde_limit upside_down = {SONDE_OK, SONDE_LIMIT_NOFILE, 65, 64};
  EXPECT_EQ(sonde_process_set_limit(p, &upside_down), SONDE_ERR_INVALID);
  const sonde_limit no_kind = {SONDE_OK, SONDE_LIMIT_KINDS, 1, 1};
  EXPECT_EQ(sonde_process_set_limit(p, &no_kind), SONDE_ERR_INVALID);
  // INVALID is a failure as any other: the context says so, and forgets the one before.
  sonde_error error;
  sonde_last_error(c, &error);
  EXPECT_EQ(error.status, SONDE_ERR_INVALID);
  sonde_load_average load;
  EXPECT_EQ(sonde_load_average_get(c, &load), SONDE_OK);
  sonde_last_error(c, &error);
  EXPECT_EQ(error.status, SONDE_OK);
}

TEST(ContractNames, OfFieldsAndLimits) {
  std::set<std::string> names;
#define XX(name, bit, text)                                           \
  EXPECT_EQ(SONDE_PROCESS_##name, UINT64_C(1) << bit);                \
  EXPECT_STREQ(sonde_process_field_name(SONDE_PROCESS_##name), text); \
  names.insert(text);
  SONDE_PROCESS_FIELD_MAP(XX)
#undef XX
  EXPECT_EQ(names.size(), 56u);
  EXPECT_EQ(SONDE_PROCESS_ALL, (UINT64_C(1) << names.size()) - 1);
  for (uint64_t none : {UINT64_C(0), UINT64_C(3), UINT64_C(1) << 56, UINT64_C(1) << 63, UINT64_MAX}) {
    EXPECT_EQ(sonde_process_field_name(none), nullptr);
  }
  EXPECT_STREQ(sonde_limit_name(SONDE_LIMIT_CPU), "cpu");
  EXPECT_STREQ(sonde_limit_name(SONDE_LIMIT_NOFILE), "nofile");
  EXPECT_STREQ(sonde_limit_name(SONDE_LIMIT_RTTIME), "rttime");
  EXPECT_STREQ(sonde_limit_name(SONDE_LIMIT_PIPEBUF), "pipebuf");
  EXPECT_EQ(sonde_limit_name(SONDE_LIMIT_KINDS), nullptr);
}

}  // namespace
}  // namespace sonde_test
