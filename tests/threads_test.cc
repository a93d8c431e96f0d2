// SPDX-License-Identifier: MIT
// Contexts share nothing: 16 threads, each with its own, call everything at the same time. For ThreadSanitizer
// (--config=tsan); without it, only crashes would show.
#include <gtest/gtest.h>
#include <sonde/sonde_backend.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "tests/support/context.h"
#include "tests/support/fake_backend.h"

namespace sonde_test {
namespace {

constexpr int kThreads = 16;

// Whether a status is one that a healthy call may return on this machine.
void Expect(sonde_status status, std::atomic<int> *wrong) {
  switch (status) {
    case SONDE_OK:
    case SONDE_ERR_UNSUPPORTED:
    case SONDE_ERR_ACCESS:
    case SONDE_ERR_OS:
    case SONDE_ERR_NO_PROCESS:
    case SONDE_ERR_TIMEOUT:
      return;
    default:
      wrong->fetch_add(1);
  }
}

struct Lists {
  List<sonde_cpu_times_list> cpu_times;
  List<sonde_cpu_freq_list> cpu_freq;
  List<sonde_cpu_topology_list> topology;
  List<sonde_cpu_cache_list> caches;
  List<sonde_cpu_info_list> cpu_info;
  List<sonde_cpu_interrupt_list> interrupts;
  List<sonde_swap_device_list> swaps;
  List<sonde_numa_node_list> nodes;
  List<sonde_memory_stat_list> memory_stats;
  List<sonde_disk_partition_list> partitions;
  List<sonde_disk_io_list> disk_io;
  List<sonde_disk_device_list> disks;
  List<sonde_net_io_list> net_io;
  List<sonde_net_if_addr_list> addresses;
  List<sonde_net_if_stats_list> interfaces;
  List<sonde_connection_list> connections;
  List<sonde_net_protocol_list> protocols;
  List<sonde_sensor_list> sensors;
  List<sonde_battery_list> batteries;
  List<sonde_gpu_list> gpus;
  List<sonde_host_info> host;
  List<sonde_user_list> users;
  List<sonde_service_list> services;
  List<sonde_service_list> service;
  List<sonde_cgroup> cgroup;
  List<sonde_pressure_list> pressure;
  List<sonde_pid_list> pids;
  List<sonde_process_table> processes;
  List<sonde_process_table> process;
  List<sonde_thread_list> threads;
  List<sonde_open_file_list> files;
  List<sonde_map_list> maps;
  List<sonde_environ_list> environment;
  List<sonde_limit_list> limits;
  List<sonde_cpu_list> affinity;
};

void CallEverything(sonde *s, Lists *l, std::atomic<int> *wrong) {
  sonde_cpu_times times;
  sonde_cpu_count count;
  sonde_cpu_stats stats;
  sonde_load_average load;
  sonde_virtual_memory memory;
  sonde_swap_memory swap;
  sonde_disk_usage usage;
  sonde_host_times host_times;
  bool yes = false;
  const sonde_status statuses[] = {
      sonde_cpu_times_get(s, &times),
      sonde_cpu_times_list_get(s, &l->cpu_times),
      sonde_cpu_count_get(s, &count),
      sonde_cpu_stats_get(s, &stats),
      sonde_cpu_freq_list_get(s, &l->cpu_freq),
      sonde_load_average_get(s, &load),
      sonde_cpu_topology_list_get(s, &l->topology),
      sonde_cpu_cache_list_get(s, &l->caches),
      sonde_cpu_info_list_get(s, &l->cpu_info),
      sonde_cpu_interrupt_list_get(s, &l->interrupts),
      sonde_virtual_memory_get(s, &memory),
      sonde_swap_memory_get(s, &swap),
      sonde_swap_device_list_get(s, &l->swaps),
      sonde_numa_node_list_get(s, &l->nodes),
      sonde_memory_stat_list_get(s, &l->memory_stats),
      sonde_disk_partition_list_get(s, &l->partitions, true),
      sonde_disk_usage_get(s, &usage, "/", SONDE_NO_TIMEOUT),
      sonde_disk_io_list_get(s, &l->disk_io),
      sonde_disk_device_list_get(s, &l->disks),
      sonde_net_io_list_get(s, &l->net_io),
      sonde_net_if_addr_list_get(s, &l->addresses),
      sonde_net_if_stats_list_get(s, &l->interfaces),
      sonde_connection_list_get(s, &l->connections, SONDE_CONNECTION_ALL),
      sonde_net_protocol_list_get(s, &l->protocols),
      sonde_sensor_list_get(s, &l->sensors, SONDE_SENSOR_ALL, nullptr),
      sonde_battery_list_get(s, &l->batteries),
      sonde_gpu_list_get(s, &l->gpus),
      sonde_host_info_get(s, &l->host),
      sonde_host_times_get(s, &host_times),
      sonde_user_list_get(s, &l->users),
      sonde_service_list_get(s, &l->services),
      sonde_service_get(s, &l->service, "RpcSs"),
      sonde_cgroup_get(s, &l->cgroup, 0),
      sonde_pressure_list_get(s, &l->pressure, nullptr),
      sonde_pid_list_get(s, &l->pids),
      sonde_pid_exists(s, &yes, 1),
      sonde_process_table_refresh(s, &l->processes, SONDE_PROCESS_STAT | SONDE_PROCESS_STATUS | SONDE_PROCESS_CMDLINE),
      sonde_process_get(s, &l->process, getpid(), SONDE_PROCESS_ALL),
  };
  for (sonde_status status : statuses) Expect(status, wrong);
  sonde_process_handle *p = nullptr;
  if (sonde_process_open(s, &p, getpid()) == SONDE_OK) {
    sonde_exit how;
    const sonde_status of_process[] = {
        sonde_process_is_running(p, &yes),
        sonde_process_read(p, &l->process, SONDE_PROCESS_ALL),
        sonde_thread_list_get(p, &l->threads),
        sonde_open_file_list_get(p, &l->files, false),
        sonde_map_list_get(p, &l->maps, false),
        sonde_process_connections_get(p, &l->connections, SONDE_CONNECTION_ALL),
        sonde_environ_list_get(p, &l->environment),
        sonde_limit_list_get(p, &l->limits),
        sonde_process_affinity_get(p, &l->affinity),
        sonde_process_signal(p, 0),
        sonde_process_wait(p, &how, 0),
    };
    for (sonde_status status : of_process) Expect(status, wrong);
  }
  sonde_process_close(p);
  sonde_error error;
  sonde_last_error(s, &error);
  if (error.text.data[error.text.len] != '\0') wrong->fetch_add(1);
}

void InThreads(const sonde_options *options, int rounds) {
  std::atomic<int> wrong{0};
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; i++) {
    threads.emplace_back([&] {
      ready.fetch_add(1);
      while (ready.load() < kThreads) std::this_thread::yield();
      for (int round = 0; round < rounds; round++) {
        sonde *context = nullptr;  // one for each round: opening and closing meet calls, too
        if (sonde_open(&context, options) != SONDE_OK) {
          wrong.fetch_add(1);
          return;
        }
        Lists lists;
        for (int again = 0; again < 2; again++) CallEverything(context, &lists, &wrong);
        sonde_close(context);
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
  EXPECT_EQ(wrong.load(), 0);
}

TEST(Threads, TheBackendOfThisSystem) { InThreads(nullptr, 1); }

TEST(Threads, MadeUpAnswers) {
  const sonde_backend *const fake = fake_backend();
  sonde_options options = {};
  options.backends = &fake;
  options.num_backends = 1;
  InThreads(&options, 20);
}

// A list may go from one thread's context to another's, as long as only one uses it at a time.
TEST(Threads, AListIsHandedOn) {
  List<sonde_pid_list> pids;
  const sonde_backend *const fake = fake_backend();
  sonde_options options = {};
  options.backends = &fake;
  options.num_backends = 1;
  for (int i = 0; i < 10; i++) {
    std::thread([&] {
      const Context context(&options);
      EXPECT_EQ(sonde_pid_list_get(context, &pids), SONDE_OK);
    }).join();
    EXPECT_EQ(pids.count, 3u);
  }
}

}  // namespace
}  // namespace sonde_test
