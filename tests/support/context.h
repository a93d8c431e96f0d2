// SPDX-License-Identifier: MIT
// context.h - contexts, process handles and lists that free themselves.
#ifndef SONDE_TESTS_SUPPORT_CONTEXT_H
#define SONDE_TESTS_SUPPORT_CONTEXT_H

#include <gtest/gtest.h>
#include <sonde/sonde.h>

#include <string>
#include <string_view>

namespace sonde_test {

// "ERR_ACCESS: open /proc/1/io: EACCES (not permitted)": for failure messages.
inline std::string last_error(sonde *context) {
  sonde_error error;
  sonde_last_error(context, &error);
  return std::string(sonde_status_name(error.status)) + ": " + std::string(error.text.data, error.text.len);
}

inline std::string_view view(const sonde_string &string) { return {string.data, string.len}; }
inline std::string text(const sonde_string &string) { return {string.data, string.len}; }

// Opens a context; that it opens is part of the test.
class Context {
 public:
  explicit Context(const sonde_options *options = nullptr) {
    const sonde_status status = sonde_open(&context_, options);
    EXPECT_EQ(status, SONDE_OK) << sonde_status_name(status);
  }
  ~Context() { sonde_close(context_); }
  Context(const Context &) = delete;
  Context &operator=(const Context &) = delete;

  operator sonde *() const { return context_; }
  sonde *get() const { return context_; }
  std::string error() const { return last_error(context_); }

 private:
  sonde *context_ = nullptr;
};

// Opens a process; that it opens is part of the test.
class Handle {
 public:
  Handle(sonde *context, sonde_pid pid) {
    const sonde_status status = sonde_process_open(context, &handle_, pid);
    EXPECT_EQ(status, SONDE_OK) << last_error(context);
  }
  ~Handle() { sonde_process_close(handle_); }
  Handle(const Handle &) = delete;
  Handle &operator=(const Handle &) = delete;

  operator sonde_process_handle *() const { return handle_; }
  sonde_process_handle *get() const { return handle_; }

 private:
  sonde_process_handle *handle_ = nullptr;
};

#define SONDE_TEST_FREED_TYPES(XX) \
  XX(sonde_cpu_times_list)         \
  XX(sonde_cpu_freq_list)          \
  XX(sonde_cpu_topology_list)      \
  XX(sonde_cpu_cache_list)         \
  XX(sonde_cpu_info_list)          \
  XX(sonde_cpu_interrupt_list)     \
  XX(sonde_cpu_schedstat_list)     \
  XX(sonde_cpu_throttle_list)      \
  XX(sonde_cpu_vulnerability_list) \
  XX(sonde_swap_device_list)       \
  XX(sonde_numa_node_list)         \
  XX(sonde_memory_stat_list)       \
  XX(sonde_hugepages_list)         \
  XX(sonde_disk_partition_list)    \
  XX(sonde_disk_io_list)           \
  XX(sonde_disk_device_list)       \
  XX(sonde_net_io_list)            \
  XX(sonde_net_if_addr_list)       \
  XX(sonde_net_if_stats_list)      \
  XX(sonde_connection_list)        \
  XX(sonde_net_protocol_list)      \
  XX(sonde_net_error_list)         \
  XX(sonde_sensor_list)            \
  XX(sonde_battery_list)           \
  XX(sonde_gpu_list)               \
  XX(sonde_host_info)              \
  XX(sonde_user_list)              \
  XX(sonde_service_list)           \
  XX(sonde_cgroup)                 \
  XX(sonde_pressure_list)          \
  XX(sonde_process_table)          \
  XX(sonde_pid_list)               \
  XX(sonde_thread_list)            \
  XX(sonde_open_file_list)         \
  XX(sonde_map_list)               \
  XX(sonde_environ_list)           \
  XX(sonde_limit_list)             \
  XX(sonde_cpu_list)

#define SONDE_TEST_RELEASE(type) \
  inline void release(type *self) { type##_free(self); }
SONDE_TEST_FREED_TYPES(SONDE_TEST_RELEASE)
#undef SONDE_TEST_RELEASE

// List<sonde_pid_list> pids; sonde_pid_list_get(context, &pids); for (sonde_pid pid : pids) ...
template <typename T>
class List : public T {
 public:
  List() : T{} {}
  ~List() { release(this); }
  List(const List &) = delete;
  List &operator=(const List &) = delete;

  auto begin() const { return this->rows; }
  auto end() const { return this->rows + this->count; }
  const auto &operator[](size_t index) const { return this->rows[index]; }
};

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_CONTEXT_H
