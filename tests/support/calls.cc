// SPDX-License-Identifier: MIT
#include "tests/support/calls.h"

#include <cstring>

#include "tests/support/context.h"

namespace sonde_test {

namespace {

void note_error(const Subject &subject, Snapshot *out) {
  sonde_error error;
  sonde_last_error(subject.context, &error);
  out->last_status = error.status;
  out->last_code = error.os_code;
  out->last_text.assign(error.text.data, error.text.len);
  if (out->status != SONDE_OK && error.status != out->status) {
    out->broken.push_back(std::string("sonde_last_error says ") + sonde_status_name(error.status) + " (" +
                          out->last_text + "), the call said " + sonde_status_name(out->status));
  }
}

// For records without memory.
template <typename T, typename Function>
class RecordCaller : public Caller {
 public:
  Snapshot call(const Subject &subject) override {
    Snapshot result;
    unsigned char untouched[sizeof(T)];
    alignas(T) unsigned char bytes[sizeof(T)];
    std::memset(untouched, 0xA5, sizeof untouched);
    std::memset(bytes, 0xA5, sizeof bytes);
    T *const record = reinterpret_cast<T *>(bytes);
    result.status = Function()(subject, record);
    if (result.status == SONDE_OK) {
      describe(&result, *record);
    } else if (std::memcmp(bytes, untouched, sizeof bytes) != 0) {
      result.broken.push_back("out changed on failure");
    }
    note_error(subject, &result);
    return result;
  }
  void reset() override {}
};

// For calls that answer by their status alone.
template <typename Function>
class ActionCaller : public Caller {
 public:
  Snapshot call(const Subject &subject) override {
    Snapshot result;
    result.status = Function()(subject);
    note_error(subject, &result);
    return result;
  }
  void reset() override {}
};

template <typename T>
void describe_kept(Snapshot *out, const T &list) {
  describe_list(out, list);
}
void describe_kept(Snapshot *out, const sonde_host_info &record) { describe(out, record); }
void describe_kept(Snapshot *out, const sonde_cgroup &record) { describe(out, record); }

// For lists, and records with memory.
template <typename T, typename Function>
class ListCaller : public Caller {
 public:
  ListCaller() { std::memset(&list_, 0, sizeof list_); }
  ~ListCaller() override { release(&list_); }

  Snapshot call(const Subject &subject) override {
    Snapshot result;
    T before;
    std::memcpy(&before, &list_, sizeof list_);
    result.status = Function()(subject, &list_);
    if (result.status == SONDE_OK) {
      describe_kept(&result, list_);
      kept_ = result.rows.empty() ? "" : result.json();
      filled_ = true;
    } else if (filled_) {
      // The memory behind the list may have been made or grown; the rows, or the record, may not have changed.
      Snapshot again;
      describe_kept(&again, list_);
      if ((again.rows.empty() ? "" : again.json()) != kept_) result.broken.push_back("the list changed on failure");
    } else {
      before.memory = list_.memory;
      if (std::memcmp(&before, &list_, sizeof list_) != 0) result.broken.push_back("out changed on failure");
    }
    note_error(subject, &result);
    return result;
  }
  void reset() override {
    release(&list_);
    filled_ = false;
    kept_.clear();
  }

 private:
  T list_;
  bool filled_ = false;
  std::string kept_;
};

template <template <typename, typename> class Kind, typename T, typename Function>
Call of(const char *name, CallKind kind, Function) {
  return {name, kind, [] { return std::unique_ptr<Caller>(new Kind<T, Function>()); }};
}

template <typename Function>
Call action(const char *name, CallKind kind, Function) {
  return {name, kind, [] { return std::unique_ptr<Caller>(new ActionCaller<Function>()); }};
}

// A lambda's type cannot make an object before C++20: so each call is a struct of its own.
#define RECORD(list, kind, type, name, ...)                                              \
  {                                                                                      \
    struct Function {                                                                    \
      sonde_status operator()(const Subject &s, type *out) const { return __VA_ARGS__; } \
    };                                                                                   \
    list.push_back(of<RecordCaller, type>(name, kind, Function()));                      \
  }
#define LIST(list, kind, type, name, ...)                                                \
  {                                                                                      \
    struct Function {                                                                    \
      sonde_status operator()(const Subject &s, type *out) const { return __VA_ARGS__; } \
    };                                                                                   \
    list.push_back(of<ListCaller, type>(name, kind, Function()));                        \
  }
#define ACTION(list, kind, name, ...)                                         \
  {                                                                           \
    struct Function {                                                         \
      sonde_status operator()(const Subject &s) const { return __VA_ARGS__; } \
    };                                                                        \
    list.push_back(action(name, kind, Function()));                           \
  }

sonde_status open_process(const Subject &s) {
  sonde_process_handle *handle = nullptr;
  const sonde_status status = sonde_process_open(s.context, &handle, s.pid);
  if (status != SONDE_OK && handle != nullptr) return SONDE_STATUS_FORCE_INT;
  sonde_process_close(handle);
  return status;
}

sonde_status sample_cpu(const Subject &s, sonde_cpu_percents *out) {
  sonde_cpu_sampler *sampler = nullptr;
  sonde_status status = sonde_cpu_sampler_open(s.context, &sampler);
  if (status == SONDE_OK) status = sonde_cpu_sampler_percents(sampler, out);
  sonde_cpu_sampler_close(sampler);
  return status;
}

sonde_status sample_processes(const Subject &s, sonde_process_table *out) {
  sonde_process_sampler *sampler = nullptr;
  const double *percents = nullptr;
  sonde_status status = sonde_process_sampler_open(s.context, &sampler);
  if (status == SONDE_OK) status = sonde_process_sampler_refresh(sampler, out, &percents, SONDE_PROCESS_STAT);
  sonde_process_sampler_close(sampler);
  return status;
}

sonde_status limit_files(const Subject &s) {
  sonde_limit limit = {};
  limit.kind = SONDE_LIMIT_NOFILE;
  limit.soft = 100;
  limit.hard = 1000;
  return sonde_process_set_limit(s.handle, &limit);
}

sonde_status pin(const Subject &s) {
  List<sonde_cpu_list> cpus;
  const sonde_status status = sonde_process_affinity_get(s.handle, &cpus);
  if (status != SONDE_OK) return status;
  return sonde_process_set_affinity(s.handle, cpus.rows, cpus.count);
}

sonde_status wait_many(const Subject &s) {
  bool ended = false;
  size_t gone = 0;
  return sonde_process_wait_many(&s.handle, 1, &ended, nullptr, &gone, true, 0);
}

std::vector<Call> make_calls() {
  std::vector<Call> c;
  const CallKind kSystem = CallKind::kSystem, kProcess = CallKind::kProcess, kChange = CallKind::kChange,
                 kEnd = CallKind::kEnd;

  RECORD(c, kSystem, sonde_cpu_times, "sonde_cpu_times_get", sonde_cpu_times_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_times_list, "sonde_cpu_times_list_get", sonde_cpu_times_list_get(s.context, out))
  RECORD(c, kSystem, sonde_cpu_count, "sonde_cpu_count_get", sonde_cpu_count_get(s.context, out))
  RECORD(c, kSystem, sonde_cpu_stats, "sonde_cpu_stats_get", sonde_cpu_stats_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_freq_list, "sonde_cpu_freq_list_get", sonde_cpu_freq_list_get(s.context, out))
  RECORD(c, kSystem, sonde_load_average, "sonde_load_average_get", sonde_load_average_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_topology_list, "sonde_cpu_topology_list_get", sonde_cpu_topology_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_cache_list, "sonde_cpu_cache_list_get", sonde_cpu_cache_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_info_list, "sonde_cpu_info_list_get", sonde_cpu_info_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_interrupt_list, "sonde_cpu_interrupt_list_get",
       sonde_cpu_interrupt_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_schedstat_list, "sonde_cpu_schedstat_list_get",
       sonde_cpu_schedstat_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_throttle_list, "sonde_cpu_throttle_list_get", sonde_cpu_throttle_list_get(s.context, out))
  LIST(c, kSystem, sonde_cpu_vulnerability_list, "sonde_cpu_vulnerability_list_get",
       sonde_cpu_vulnerability_list_get(s.context, out))
  RECORD(c, kSystem, sonde_cpu_percents, "sonde_cpu_sampler_percents", sample_cpu(s, out))

  RECORD(c, kSystem, sonde_virtual_memory, "sonde_virtual_memory_get", sonde_virtual_memory_get(s.context, out))
  RECORD(c, kSystem, sonde_swap_memory, "sonde_swap_memory_get", sonde_swap_memory_get(s.context, out))
  LIST(c, kSystem, sonde_swap_device_list, "sonde_swap_device_list_get", sonde_swap_device_list_get(s.context, out))
  LIST(c, kSystem, sonde_numa_node_list, "sonde_numa_node_list_get", sonde_numa_node_list_get(s.context, out))
  LIST(c, kSystem, sonde_memory_stat_list, "sonde_memory_stat_list_get", sonde_memory_stat_list_get(s.context, out))
  LIST(c, kSystem, sonde_hugepages_list, "sonde_hugepages_list_get", sonde_hugepages_list_get(s.context, out))
  RECORD(c, kSystem, sonde_heap_info, "sonde_heap_info_get", sonde_heap_info_get(s.context, out))
  ACTION(c, kSystem, "sonde_heap_trim", sonde_heap_trim(s.context))

  LIST(c, kSystem, sonde_disk_partition_list, "sonde_disk_partition_list_get(all)",
       sonde_disk_partition_list_get(s.context, out, true))
  LIST(c, kSystem, sonde_disk_partition_list, "sonde_disk_partition_list_get",
       sonde_disk_partition_list_get(s.context, out, false))
  RECORD(c, kSystem, sonde_disk_usage, "sonde_disk_usage_get",
         sonde_disk_usage_get(s.context, out, s.path.c_str(), SONDE_NO_TIMEOUT))
  RECORD(c, kSystem, sonde_disk_usage, "sonde_disk_usage_get(timeout)",
         sonde_disk_usage_get(s.context, out, s.path.c_str(), 30 * SONDE_NSEC_PER_SEC))
  LIST(c, kSystem, sonde_disk_io_list, "sonde_disk_io_list_get", sonde_disk_io_list_get(s.context, out))
  LIST(c, kSystem, sonde_disk_device_list, "sonde_disk_device_list_get", sonde_disk_device_list_get(s.context, out))

  LIST(c, kSystem, sonde_net_io_list, "sonde_net_io_list_get", sonde_net_io_list_get(s.context, out))
  LIST(c, kSystem, sonde_net_if_addr_list, "sonde_net_if_addr_list_get", sonde_net_if_addr_list_get(s.context, out))
  LIST(c, kSystem, sonde_net_if_stats_list, "sonde_net_if_stats_list_get", sonde_net_if_stats_list_get(s.context, out))
  LIST(c, kSystem, sonde_connection_list, "sonde_connection_list_get",
       sonde_connection_list_get(s.context, out, SONDE_CONNECTION_ALL))
  LIST(c, kSystem, sonde_connection_list, "sonde_connection_list_get(owner)",
       sonde_connection_list_get(s.context, out,
                                 SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER | SONDE_CONNECTION_TCP_INFO))
  LIST(c, kSystem, sonde_net_protocol_list, "sonde_net_protocol_list_get", sonde_net_protocol_list_get(s.context, out))
  LIST(c, kSystem, sonde_net_error_list, "sonde_net_error_list_get", sonde_net_error_list_get(s.context, out))

  LIST(c, kSystem, sonde_sensor_list, "sonde_sensor_list_get",
       sonde_sensor_list_get(s.context, out, SONDE_SENSOR_ALL, nullptr))
  LIST(c, kSystem, sonde_battery_list, "sonde_battery_list_get", sonde_battery_list_get(s.context, out))
  LIST(c, kSystem, sonde_gpu_list, "sonde_gpu_list_get", sonde_gpu_list_get(s.context, out))

  LIST(c, kSystem, sonde_host_info, "sonde_host_info_get", sonde_host_info_get(s.context, out))
  RECORD(c, kSystem, sonde_host_times, "sonde_host_times_get", sonde_host_times_get(s.context, out))
  LIST(c, kSystem, sonde_user_list, "sonde_user_list_get", sonde_user_list_get(s.context, out))
  LIST(c, kSystem, sonde_service_list, "sonde_service_list_get", sonde_service_list_get(s.context, out))
  LIST(c, kSystem, sonde_service_list, "sonde_service_get", sonde_service_get(s.context, out, "RpcSs"))

  LIST(c, kSystem, sonde_cgroup, "sonde_cgroup_get(self)", sonde_cgroup_get(s.context, out, 0))
  LIST(c, kSystem, sonde_cgroup, "sonde_cgroup_get", sonde_cgroup_get(s.context, out, s.pid))
  LIST(c, kSystem, sonde_pressure_list, "sonde_pressure_list_get", sonde_pressure_list_get(s.context, out, nullptr))
  LIST(c, kSystem, sonde_pressure_list, "sonde_pressure_list_get(cgroup)",
       sonde_pressure_list_get(s.context, out, s.cgroup))

  LIST(c, kSystem, sonde_pid_list, "sonde_pid_list_get", sonde_pid_list_get(s.context, out))
  RECORD(c, kSystem, bool, "sonde_pid_exists", sonde_pid_exists(s.context, out, s.pid))
  LIST(c, kSystem, sonde_process_table, "sonde_process_table_refresh(pids)",
       sonde_process_table_refresh(s.context, out, 0))
  LIST(c, kSystem, sonde_process_table, "sonde_process_table_refresh(stat)",
       sonde_process_table_refresh(s.context, out, SONDE_PROCESS_STAT))
  LIST(c, kSystem, sonde_process_table, "sonde_process_table_refresh(all)",
       sonde_process_table_refresh(s.context, out, SONDE_PROCESS_ALL))
  LIST(c, kSystem, sonde_process_table, "sonde_process_get",
       sonde_process_get(s.context, out, s.pid, SONDE_PROCESS_ALL))
  LIST(c, kSystem, sonde_process_table, "sonde_process_sampler_refresh", sample_processes(s, out))

  ACTION(c, kProcess, "sonde_process_open", open_process(s))
  RECORD(c, kProcess, bool, "sonde_process_is_running", sonde_process_is_running(s.handle, out))
  LIST(c, kProcess, sonde_process_table, "sonde_process_read", sonde_process_read(s.handle, out, SONDE_PROCESS_ALL))
  LIST(c, kProcess, sonde_thread_list, "sonde_thread_list_get", sonde_thread_list_get(s.handle, out))
  LIST(c, kProcess, sonde_open_file_list, "sonde_open_file_list_get", sonde_open_file_list_get(s.handle, out, false))
  LIST(c, kProcess, sonde_open_file_list, "sonde_open_file_list_get(regular)",
       sonde_open_file_list_get(s.handle, out, true))
  LIST(c, kProcess, sonde_map_list, "sonde_map_list_get", sonde_map_list_get(s.handle, out, false))
  LIST(c, kProcess, sonde_map_list, "sonde_map_list_get(sizes)", sonde_map_list_get(s.handle, out, true))
  LIST(c, kProcess, sonde_connection_list, "sonde_process_connections_get",
       sonde_process_connections_get(s.handle, out, SONDE_CONNECTION_ALL))
  LIST(c, kProcess, sonde_environ_list, "sonde_environ_list_get", sonde_environ_list_get(s.handle, out))
  LIST(c, kProcess, sonde_limit_list, "sonde_limit_list_get", sonde_limit_list_get(s.handle, out))
  LIST(c, kProcess, sonde_cpu_list, "sonde_process_affinity_get", sonde_process_affinity_get(s.handle, out))
  RECORD(c, kProcess, sonde_exit, "sonde_process_wait", sonde_process_wait(s.handle, out, 0))
  ACTION(c, kProcess, "sonde_process_wait_many", wait_many(s))

  ACTION(c, kChange, "sonde_process_signal", sonde_process_signal(s.handle, 0))
  ACTION(c, kChange, "sonde_process_suspend", sonde_process_suspend(s.handle))
  ACTION(c, kChange, "sonde_process_resume", sonde_process_resume(s.handle))
  ACTION(c, kChange, "sonde_process_set_nice", sonde_process_set_nice(s.handle, 7))
  ACTION(c, kChange, "sonde_process_set_ionice", sonde_process_set_ionice(s.handle, 2, 5))
  ACTION(c, kChange, "sonde_process_set_affinity", pin(s))
  ACTION(c, kChange, "sonde_process_set_limit", limit_files(s))
  ACTION(c, kEnd, "sonde_process_terminate", sonde_process_terminate(s.handle))
  ACTION(c, kEnd, "sonde_process_kill", sonde_process_kill(s.handle))
  return c;
}

}  // namespace

const std::vector<Call> &all_calls() {
  static const std::vector<Call> calls = make_calls();
  return calls;
}

bool is_steady_on_a_recording(const Call &call) {
  const std::string name = call.name;
  return name.rfind("sonde_disk_usage", 0) != 0 && name.rfind("sonde_heap", 0) != 0;
}

std::string call_test_name(size_t index) {
  std::string name = all_calls()[index].name;
  for (char &c : name) {
    const bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!is_fine) c = '_';
  }
  return name;
}

}  // namespace sonde_test
