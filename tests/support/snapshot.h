// SPDX-License-Identifier: MIT
// snapshot.h - the answer of any call in one form, for tests that treat all calls alike: to be compared, or written as
// JSON.
#ifndef SONDE_TESTS_SUPPORT_SNAPSHOT_H
#define SONDE_TESTS_SUPPORT_SNAPSHOT_H

#include <sonde/sonde.h>

#include <string>
#include <string_view>
#include <vector>

namespace sonde_test {

struct Field {
  const char *name;
  std::string value;  // as JSON
  bool empty;         // 0, false, "", null, []: what a field holds that was not told
};

struct Row {
  std::string key;  // what this row is about, as far as it is known: "cpu 3", "pid 4711"
  sonde_status status = SONDE_OK;
  uint64_t valid = 0, denied = 0, failed = 0;
  std::vector<Field> fields;  // those told; the same ones in the same order for the same `valid`

  const Field *find(std::string_view name) const;
};

struct Snapshot {
  sonde_status status = SONDE_OK;
  std::vector<Row> rows;  // a record is one row
  size_t bad = 0;
  // Promises of the header that the answer breaks: a field outside valid that is not 0, a string without a NUL, a wrong
  // count of bad rows.
  std::vector<std::string> broken;

  // What sonde_last_error said right after the call.
  sonde_status last_status = SONDE_OK;
  int64_t last_code = 0;
  std::string last_text;

  std::string json() const;  // status and rows, a line for each row
};

// JSON text for any bytes: those that are not printable ASCII become \u00XX.
std::string json_string(std::string_view bytes);

// Each appends rows to out->rows.
#define SONDE_TEST_RECORD_TYPES(XX) \
  XX(sonde_cpu_times)               \
  XX(sonde_cpu_count)               \
  XX(sonde_cpu_stats)               \
  XX(sonde_cpu_freq)                \
  XX(sonde_load_average)            \
  XX(sonde_cpu_topology)            \
  XX(sonde_cpu_cache)               \
  XX(sonde_cpu_info)                \
  XX(sonde_cpu_interrupt)           \
  XX(sonde_cpu_schedstat)           \
  XX(sonde_cpu_throttle)            \
  XX(sonde_cpu_vulnerability)       \
  XX(sonde_cpu_percents)            \
  XX(sonde_virtual_memory)          \
  XX(sonde_swap_memory)             \
  XX(sonde_swap_device)             \
  XX(sonde_numa_node)               \
  XX(sonde_memory_stat)             \
  XX(sonde_hugepages)               \
  XX(sonde_heap_info)               \
  XX(sonde_disk_partition)          \
  XX(sonde_disk_usage)              \
  XX(sonde_disk_io)                 \
  XX(sonde_disk_device)             \
  XX(sonde_net_io)                  \
  XX(sonde_net_if_addr)             \
  XX(sonde_net_if_stats)            \
  XX(sonde_connection)              \
  XX(sonde_net_protocol)            \
  XX(sonde_net_error)               \
  XX(sonde_sensor)                  \
  XX(sonde_battery)                 \
  XX(sonde_gpu)                     \
  XX(sonde_host_info)               \
  XX(sonde_host_times)              \
  XX(sonde_user)                    \
  XX(sonde_service)                 \
  XX(sonde_cgroup)                  \
  XX(sonde_pressure)                \
  XX(sonde_process)                 \
  XX(sonde_thread)                  \
  XX(sonde_open_file)               \
  XX(sonde_map)                     \
  XX(sonde_environ)                 \
  XX(sonde_limit)                   \
  XX(sonde_exit)

#define SONDE_TEST_DESCRIBE(type) void describe(Snapshot *out, const type &record);
SONDE_TEST_RECORD_TYPES(SONDE_TEST_DESCRIBE)
#undef SONDE_TEST_DESCRIBE
void describe(Snapshot *out, sonde_pid pid);
void describe(Snapshot *out, uint32_t cpu);
void describe(Snapshot *out, bool answer);
void describe(Snapshot *out, double number);

// Every row of a list, and its count of bad ones.
template <typename List>
void describe_list(Snapshot *out, const List &list) {
  for (size_t i = 0; i < list.count; i++) describe(out, list.rows[i]);
  out->bad = list.bad;
  size_t bad = 0;
  for (const Row &row : out->rows) bad += row.status != SONDE_OK;
  if (bad != list.bad) out->broken.push_back("bad is " + std::to_string(list.bad) + ", not " + std::to_string(bad));
}

}  // namespace sonde_test

#endif  // SONDE_TESTS_SUPPORT_SNAPSHOT_H
