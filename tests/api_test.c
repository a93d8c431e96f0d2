/* SPDX-License-Identifier: MIT */
/* Calls every function of sonde.h once from plain C, over the null backend and over that of this system: it links, and
 * every status is one that the function may return. Runs on every target. */
#include <sonde/sonde_backend.h>
#include <stdio.h>
#include <string.h>

#if defined(_WIN32)
#include <process.h>
#define own_pid() ((sonde_pid)_getpid())
#else
#include <unistd.h>
#define own_pid() ((sonde_pid)getpid())
#endif

extern const struct sonde_backend sondei_backend_null;

static int failures;
static int calls;

#define CHECK(condition)                                     \
  do {                                                       \
    if (!(condition)) {                                      \
      printf("%s:%d: %s\n", __FILE__, __LINE__, #condition); \
      failures++;                                            \
    }                                                        \
  } while (0)

/* OK only where a backend fills the slot; where none does, UNSUPPORTED and nothing else; and a failure has words. */
static bool answered(sonde *s, sonde_capability capability, sonde_status status, const char *call) {
  sonde_error error;
  calls++;
  bool known = false;
#define KNOWN(name, value, message) known = known || status == SONDE_##name;
  SONDE_STATUS_MAP(KNOWN)
#undef KNOWN
  sonde_last_error(s, &error);
  const bool is_right = known && status != SONDE_ERR_INVALID &&
                        (sonde_supports(s, capability) || status == SONDE_ERR_UNSUPPORTED) &&
                        (status == SONDE_OK || (error.status == status && error.text.len > 0));
  if (!is_right) {
    printf("%s: %s (%s)\n", call, sonde_status_name(status), error.text.data);
    failures++;
  }
  return status == SONDE_OK;
}

#define RECORD(CAP, type, call)                                 \
  do {                                                          \
    type out;                                                   \
    memset(&out, 0, sizeof out);                                \
    if (answered(s, SONDE_CAP_##CAP, (call), #call)) (void)out; \
  } while (0)

#define LIST(CAP, type, call)                          \
  do {                                                 \
    type out;                                          \
    memset(&out, 0, sizeof out);                       \
    if (answered(s, SONDE_CAP_##CAP, (call), #call)) { \
      CHECK(out.bad <= out.count);                     \
      CHECK(out.count == 0 || out.rows != NULL);       \
    }                                                  \
    type##_free(&out);                                 \
  } while (0)

#define MEMORY_RECORD(CAP, type, call)           \
  do {                                           \
    type out;                                    \
    memset(&out, 0, sizeof out);                 \
    answered(s, SONDE_CAP_##CAP, (call), #call); \
    type##_free(&out);                           \
  } while (0)

static void call_system(sonde *s) {
  RECORD(CPU_TIMES, sonde_cpu_times, sonde_cpu_times_get(s, &out));
  LIST(CPU_TIMES_LIST, sonde_cpu_times_list, sonde_cpu_times_list_get(s, &out));
  RECORD(CPU_COUNT, sonde_cpu_count, sonde_cpu_count_get(s, &out));
  RECORD(CPU_STATS, sonde_cpu_stats, sonde_cpu_stats_get(s, &out));
  LIST(CPU_FREQ, sonde_cpu_freq_list, sonde_cpu_freq_list_get(s, &out));
  RECORD(LOAD_AVERAGE, sonde_load_average, sonde_load_average_get(s, &out));
  LIST(CPU_TOPOLOGY, sonde_cpu_topology_list, sonde_cpu_topology_list_get(s, &out));
  LIST(CPU_CACHE, sonde_cpu_cache_list, sonde_cpu_cache_list_get(s, &out));
  LIST(CPU_INFO, sonde_cpu_info_list, sonde_cpu_info_list_get(s, &out));
  LIST(CPU_INTERRUPTS, sonde_cpu_interrupt_list, sonde_cpu_interrupt_list_get(s, &out));
  LIST(CPU_SCHEDSTAT, sonde_cpu_schedstat_list, sonde_cpu_schedstat_list_get(s, &out));
  LIST(CPU_THROTTLE, sonde_cpu_throttle_list, sonde_cpu_throttle_list_get(s, &out));
  LIST(CPU_VULNERABILITIES, sonde_cpu_vulnerability_list, sonde_cpu_vulnerability_list_get(s, &out));
  RECORD(VIRTUAL_MEMORY, sonde_virtual_memory, sonde_virtual_memory_get(s, &out));
  RECORD(SWAP_MEMORY, sonde_swap_memory, sonde_swap_memory_get(s, &out));
  LIST(SWAP_DEVICES, sonde_swap_device_list, sonde_swap_device_list_get(s, &out));
  LIST(NUMA_NODES, sonde_numa_node_list, sonde_numa_node_list_get(s, &out));
  LIST(MEMORY_STATS, sonde_memory_stat_list, sonde_memory_stat_list_get(s, &out));
  LIST(HUGEPAGES, sonde_hugepages_list, sonde_hugepages_list_get(s, &out));
  RECORD(HEAP_INFO, sonde_heap_info, sonde_heap_info_get(s, &out));
  answered(s, SONDE_CAP_HEAP_TRIM, sonde_heap_trim(s), "sonde_heap_trim");
  LIST(DISK_PARTITIONS, sonde_disk_partition_list, sonde_disk_partition_list_get(s, &out, false));
  RECORD(DISK_USAGE, sonde_disk_usage, sonde_disk_usage_get(s, &out, "/", SONDE_NO_TIMEOUT));
  LIST(DISK_IO, sonde_disk_io_list, sonde_disk_io_list_get(s, &out));
  LIST(DISK_DEVICES, sonde_disk_device_list, sonde_disk_device_list_get(s, &out));
  LIST(NET_IO, sonde_net_io_list, sonde_net_io_list_get(s, &out));
  LIST(NET_IF_ADDRS, sonde_net_if_addr_list, sonde_net_if_addr_list_get(s, &out));
  LIST(NET_IF_STATS, sonde_net_if_stats_list, sonde_net_if_stats_list_get(s, &out));
  LIST(NET_CONNECTIONS, sonde_connection_list, sonde_connection_list_get(s, &out, SONDE_CONNECTION_ALL));
  LIST(NET_PROTOCOLS, sonde_net_protocol_list, sonde_net_protocol_list_get(s, &out));
  LIST(NET_ERRORS, sonde_net_error_list, sonde_net_error_list_get(s, &out));
  LIST(SENSORS, sonde_sensor_list, sonde_sensor_list_get(s, &out, SONDE_SENSOR_ALL, NULL));
  LIST(BATTERIES, sonde_battery_list, sonde_battery_list_get(s, &out));
  LIST(GPUS, sonde_gpu_list, sonde_gpu_list_get(s, &out));
  MEMORY_RECORD(HOST_INFO, sonde_host_info, sonde_host_info_get(s, &out));
  RECORD(HOST_TIMES, sonde_host_times, sonde_host_times_get(s, &out));
  LIST(USERS, sonde_user_list, sonde_user_list_get(s, &out));
  LIST(SERVICES, sonde_service_list, sonde_service_list_get(s, &out));
  LIST(SERVICE_GET, sonde_service_list, sonde_service_get(s, &out, "RpcSs")); /* every Windows has it */
  MEMORY_RECORD(CGROUP, sonde_cgroup, sonde_cgroup_get(s, &out, 0));
  LIST(PRESSURE, sonde_pressure_list, sonde_pressure_list_get(s, &out, NULL));
  LIST(PIDS, sonde_pid_list, sonde_pid_list_get(s, &out));
  RECORD(PID_EXISTS, bool, sonde_pid_exists(s, &out, own_pid()));
  LIST(PROCESS_GET, sonde_process_table, sonde_process_get(s, &out, own_pid(), SONDE_PROCESS_ALL));
}

static void call_table(sonde *s) {
  sonde_process_table table = {NULL, 0, 0, NULL};
  const sonde_status status = sonde_process_table_refresh(s, &table, SONDE_PROCESS_STAT);
  if (answered(s, SONDE_CAP_PROCESS_TABLE, status, "sonde_process_table_refresh")) {
    CHECK(table.count > 0);
    size_t count = 0;
    const sonde_pid first = table.count > 0 ? table.rows[0].pid : 0;
    CHECK(sonde_process_table_find(&table, first) == 0);
    CHECK(sonde_process_table_parent(&table, table.count) == SIZE_MAX);
    const sonde_status children = sonde_process_table_children(&table, NULL, 0, &count, first, true);
    CHECK(children == (count == 0 ? SONDE_OK : SONDE_ERR_INVALID));
  }
  size_t order[1];
  size_t scratch[1];
  uint32_t depth[1];
  const sonde_process_table empty = {NULL, 0, 0, NULL};
  sonde_process_table_tree(&empty, order, depth, scratch);
  sonde_process_table_free(&table);
}

static void call_handle(sonde *s) {
  sonde_process_handle *p = NULL;
  const sonde_status status = sonde_process_open(s, &p, own_pid());
  if (answered(s, SONDE_CAP_PROCESS_OPEN, status, "sonde_process_open")) {
    CHECK(sonde_process_pid(p) == own_pid());
    CHECK(sonde_process_start_id(p) != 0);
    sonde_process_is_exact(p);
    RECORD(PROCESS_OPEN, bool, sonde_process_is_running(p, &out));
    LIST(PROCESS_OPEN, sonde_process_table, sonde_process_read(p, &out, SONDE_PROCESS_ALL));
    LIST(PROCESS_THREADS, sonde_thread_list, sonde_thread_list_get(p, &out));
    LIST(PROCESS_OPEN_FILES, sonde_open_file_list, sonde_open_file_list_get(p, &out, false));
    LIST(PROCESS_MAPS, sonde_map_list, sonde_map_list_get(p, &out, false));
    LIST(PROCESS_CONNECTIONS, sonde_connection_list, sonde_process_connections_get(p, &out, SONDE_CONNECTION_ALL));
    LIST(PROCESS_ENVIRON, sonde_environ_list, sonde_environ_list_get(p, &out));
    LIST(PROCESS_LIMITS, sonde_limit_list, sonde_limit_list_get(p, &out));
    LIST(PROCESS_AFFINITY, sonde_cpu_list, sonde_process_affinity_get(p, &out));
    answered(s, SONDE_CAP_PROCESS_SIGNAL, sonde_process_signal(p, 0), "sonde_process_signal");
    /* A process that waits for itself. */
    sonde_exit how;
    bool ended = true;
    size_t gone = 0;
    answered(s, SONDE_CAP_PROCESS_WAIT, sonde_process_wait(p, &how, 0), "sonde_process_wait");
    const sonde_status many = sonde_process_wait_many(&p, 1, &ended, NULL, &gone, false, 0);
    answered(s, SONDE_CAP_PROCESS_WAIT, many, "sonde_process_wait_many");
  }
  sonde_process_close(p);
}

/* What would do something to this process: called without one. */
static void call_actions(void) {
  const sonde_limit limit = {SONDE_OK, SONDE_LIMIT_NOFILE, 1, 1};
  const uint32_t cpu = 0;
  CHECK(sonde_process_suspend(NULL) == SONDE_ERR_INVALID);
  CHECK(sonde_process_resume(NULL) == SONDE_ERR_INVALID);
  CHECK(sonde_process_terminate(NULL) == SONDE_ERR_INVALID);
  CHECK(sonde_process_kill(NULL) == SONDE_ERR_INVALID);
  CHECK(sonde_process_set_nice(NULL, 0) == SONDE_ERR_INVALID);
  CHECK(sonde_process_set_ionice(NULL, 0, 0) == SONDE_ERR_INVALID);
  CHECK(sonde_process_set_affinity(NULL, &cpu, 1) == SONDE_ERR_INVALID);
  CHECK(sonde_process_set_limit(NULL, &limit) == SONDE_ERR_INVALID);
}

static void call_samplers(sonde *s) {
  sonde_cpu_sampler *cpus = NULL;
  sonde_process_sampler *processes = NULL;
  const double *percents = NULL;
  CHECK(sonde_cpu_sampler_open(s, &cpus) == SONDE_OK);
  CHECK(sonde_process_sampler_open(s, &processes) == SONDE_OK);
  RECORD(CPU_TIMES, sonde_cpu_percents, sonde_cpu_sampler_percents(cpus, &out));
  if (sonde_supports(s, SONDE_CAP_HOST_TIMES) || !sonde_supports(s, SONDE_CAP_PROCESS_TABLE)) {
    LIST(PROCESS_TABLE, sonde_process_table, sonde_process_sampler_refresh(processes, &out, &percents, 0));
  }
  sonde_process_sampler_close(processes);
  sonde_cpu_sampler_close(cpus);
}

static void call_pure_functions(void) {
  char text[SONDE_ADDRESS_TEXT_MAX];
  sonde_address address;
  memset(&address, 0, sizeof address);
  address.family = SONDE_FAMILY_INET6;
  address.len = 16;
  address.bytes[15] = 1;
  address.port = 443;
  CHECK(sonde_address_format(text, sizeof text, &address) == 9 && strcmp(text, "[::1]:443") == 0);
  CHECK(sonde_escape(text, sizeof text, "a\033\n", 3) == 7 && strcmp(text, "a\\x1b\\n") == 0);
  CHECK(strcmp(sonde_version(), SONDE_VERSION_STRING) == 0);
  CHECK(strcmp(sonde_strerror(SONDE_OK), "success") == 0);
  CHECK(strcmp(sonde_status_name(SONDE_ERR_ACCESS), "SONDE_ERR_ACCESS") == 0);
  CHECK(strcmp(sonde_capability_name(SONDE_CAP_CPU_TIMES), "cpu.times") == 0);
  CHECK(strcmp(sonde_process_field_name(SONDE_PROCESS_UIDS), "uids") == 0);
  CHECK(strcmp(sonde_limit_name(SONDE_LIMIT_NOFILE), "nofile") == 0);

  bool reset = false;
  CHECK(sonde_counter_delta(UINT32_MAX, 4, 32, &reset) == 5 && !reset);
  CHECK(sonde_counter_delta(UINT64_MAX, 4, 64, &reset) == 4 && reset);
  CHECK(sonde_counter_rate(0, 8, 0, 2 * SONDE_NSEC_PER_SEC) * 2 >= 7.999);

  sonde_cpu_times before, after;
  sonde_cpu_percents percents;
  memset(&before, 0, sizeof before);
  memset(&after, 0, sizeof after);
  before.valid = after.valid = SONDE_CPU_TIMES_USER | SONDE_CPU_TIMES_IDLE;
  after.user = after.idle = 10;
  sonde_cpu_percents_between(&percents, &before, &after);
  CHECK(percents.user > 49.9 && percents.user < 50.1);
  CHECK(sonde_cpu_percent(&before, &after) > 49.9);

  sonde_process process;
  memset(&process, 0, sizeof process);
  CHECK(!(sonde_process_cpu_percent(&process, &process, 1) > 0));
  sonde_virtual_memory memory;
  memset(&memory, 0, sizeof memory);
  CHECK(!(sonde_virtual_memory_percent(&memory) > 0));
  CHECK(!(sonde_process_memory_percent(&process, &memory) > 0));
  sonde_swap_memory swap;
  memset(&swap, 0, sizeof swap);
  CHECK(!(sonde_swap_memory_percent(&swap) > 0));
  sonde_disk_usage usage;
  memset(&usage, 0, sizeof usage);
  CHECK(!(sonde_disk_usage_percent(&usage) > 0));

  sonde_disk_io disk;
  const sonde_disk_io_list disks = {NULL, 0, 0, NULL};
  sonde_disk_io_rate disk_rate;
  sonde_disk_io_sum(&disk, &disks);
  sonde_disk_io_rate_between(&disk_rate, &disk, &disk, 1);
  CHECK(disk.valid == 0 && !(disk_rate.read_bytes > 0));
  sonde_net_io net;
  const sonde_net_io_list nets = {NULL, 0, 0, NULL};
  sonde_net_io_rate net_rate;
  sonde_net_io_sum(&net, &nets);
  sonde_net_io_rate_between(&net_rate, &net, &net, 1);
  CHECK(net.valid == 0 && !(net_rate.bytes_sent > 0));
}

static void call_everything(const sonde_options *options) {
  sonde *s = NULL;
  const sonde_status status = sonde_open(&s, options);
  CHECK(status == SONDE_OK || (options == NULL && status == SONDE_ERR_UNSUPPORTED));
  if (s == NULL) return;
  const char *const name = sonde_backend_of(s, SONDE_CAP_CPU_TIMES);
  CHECK((name != NULL) == sonde_supports(s, SONDE_CAP_CPU_TIMES));
  call_system(s);
  call_table(s);
  call_handle(s);
  call_samplers(s);
  sonde_close(s);
}

int main(void) {
  const struct sonde_backend *const null = &sondei_backend_null;
  sonde_options options;
  memset(&options, 0, sizeof options);
  options.size = sizeof options;
  options.backends = &null;
  options.num_backends = 1;
  call_everything(&options);
  call_everything(NULL);
  call_actions();
  call_pure_functions();
  CHECK(sonde_backend_register(null) == SONDE_OK);
  (void)sonde_backend_unregister(null); /* INVALID where it is the built-in one */
  printf("%d calls, %d failures\n", calls, failures);
  return failures == 0 ? 0 : 1;
}
