/* SPDX-License-Identifier: MIT */
/*
 * sonde_backend.h - what an OS backend, or a plug-in, implements: the vtable.
 *
 * The only header that the author of a backend needs. A backend is one const struct sonde_backend with a table of slots
 * for each domain. The core finds the slot, checks the caller's arguments before it calls, and does all arithmetic and
 * memory; a slot asks the OS and fills.
 *
 * What every slot may rely on: pointers it is given are not NULL unless said; it runs in one thread at a time for its
 * context; `state` is the same zeroed block of state_size bytes that `open` was given; a record *out holds 0 and empty
 * strings; a fill is empty.
 *
 * What every slot promises: it returns SONDE_OK only when *out or the fill holds the whole answer (rows that could not
 * be read have their own status); it never blocks unless its comment says so; it prints nothing, ends nothing, starts
 * no thread, and changes nothing process-wide; it leaves no OS handle open that it did not have before, but for those
 * env->max_handles allows and those in its state. Any status may be returned; before it returns a failure it calls
 * sonde_env_fail once, so that the caller can see why. SONDE_ERR_UNSUPPORTED lets the next backend answer.
 */
#ifndef SONDE_SONDE_BACKEND_H
#define SONDE_SONDE_BACKEND_H

#include <sonde/sonde.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of these tables. Slots are only ever added at the end of a table, and then this grows. */
#define SONDE_BACKEND_ABI 1u

/* ---- What the core lends ---------------------------------------------------------------------------------------- */

/* Other OS calls for one backend, given in sonde_options: `calls` points to that backend's table, such as struct
 * linux_os of backends/linux/linux_os.h. */
struct sonde_os_override {
  const char *backend; /* the name of the backend */
  const void *calls;
};

/* One per context and backend. Read-only to the backend. */
struct sonde_env {
  sonde *context;
  const char *procfs; /* roots, never NULL, without a slash at the end ("/" alone is "") */
  const char *sysfs;
  const char *etc;
  const char *dev;
  const char *rootfs; /* "" for the usual one: a path below it is rootfs + path */
  bool live; /* no root was given: the trees are those of the running kernel. When false, a slot that would ask the
                kernel itself (not a file below the roots) returns SONDE_ERR_UNSUPPORTED */
  uint32_t max_handles; /* OS handles that may be kept open between calls; 0: only what the backend cannot do without */
  const void *os_calls; /* NULL: the real ones */
};

/* Records what failed, for sonde_last_error, and returns status. operation is a constant string; subject is copied
 * (what does not fit in some 4,000 bytes is replaced by "..."). os_code 0: the OS is not at fault. os_name is the
 * code's constant name or NULL. */
sonde_status sonde_env_fail(struct sonde_env *env, sonde_status status, int64_t os_code, const char *os_name,
                            const char *operation, const char *subject, size_t subject_len);

/* The same for bytes that a parser did not understand: position in subject, and what was expected (a constant string).
 * Returns SONDE_ERR_PARSE. */
sonde_status sonde_env_fail_parse(struct sonde_env *env, const char *expected, uint64_t position, const char *subject,
                                  size_t subject_len);

/* The os_code and status of the failure that was recorded last: sonde_last_error without its words. */
int64_t sonde_env_failed_code(const struct sonde_env *env);
sonde_status sonde_env_failed_status(const struct sonde_env *env);

/* To the caller's log function, if any. message is a constant string. */
void sonde_env_log(struct sonde_env *env, sonde_log_level level, const char *message);

/* Memory that a backend keeps in its state between calls; {0} at first. */
struct sonde_buffer {
  char *data;
  size_t capacity;
};

/* Makes room for at least `needed` bytes, keeping the contents; what is there already is enough most of the time. The
 * new bytes are not cleared. */
sonde_status sonde_env_grow(struct sonde_env *env, struct sonde_buffer *buffer, size_t needed);

/* Gives the memory back; {0} afterwards. To be called for each buffer in `close`. */
void sonde_env_release(struct sonde_env *env, struct sonde_buffer *buffer);

/* The rows and strings of the list or record that a slot fills: the list's own memory. */
struct sonde_fill;

/* A new row at the end: all 0, all strings empty (data not NULL), status SONDE_OK. NULL: no memory (return
 * SONDE_ERR_NO_MEMORY). Invalidates pointers to earlier rows. */
void *sonde_fill_row(struct sonde_fill *fill);

/* Takes the last row back. */
void sonde_fill_drop_row(struct sonde_fill *fill);

/* How many rows there are, and row number `index` of them. */
size_t sonde_fill_count(const struct sonde_fill *fill);
void *sonde_fill_at(struct sonde_fill *fill, size_t index);

/* Copies len bytes and a NUL into the list's memory. Never moves afterwards. SONDE_OK or SONDE_ERR_NO_MEMORY. */
sonde_status sonde_fill_string(struct sonde_fill *fill, sonde_string *out, const char *data, size_t len);

/* count x size zeroed bytes, aligned for any type, that never move. NULL: no memory, or the product overflows. count 0
 * is fine and gives a valid pointer. */
void *sonde_fill_array(struct sonde_fill *fill, size_t count, size_t size);

/* ---- The slots -------------------------------------------------------------------------------------------------- */

/* What the fields mean, their units and which are optional: at the record in sonde.h. "rows:" names the row type of a
 * fill. */

struct sonde_cpu_ops {
  /* out->cpu is SONDE_CPU_TOTAL already. */
  sonde_status (*times)(struct sonde_env *env, void *state, sonde_cpu_times *out);
  /* rows: sonde_cpu_times, ascending by cpu. */
  sonde_status (*times_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  sonde_status (*count)(struct sonde_env *env, void *state, sonde_cpu_count *out);
  sonde_status (*stats)(struct sonde_env *env, void *state, sonde_cpu_stats *out);
  /* rows: sonde_cpu_freq, ascending by cpu. */
  sonde_status (*freq_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  sonde_status (*load_average)(struct sonde_env *env, void *state, sonde_load_average *out);
  /* rows: sonde_cpu_topology, ascending by cpu. */
  sonde_status (*topology_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_cache, each cache once. */
  sonde_status (*cache_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_info. */
  sonde_status (*info_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_interrupt. */
  sonde_status (*interrupt_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_schedstat, ascending by cpu. */
  sonde_status (*schedstat_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_throttle, ascending by cpu. */
  sonde_status (*throttle_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_cpu_vulnerability, ascending by name. */
  sonde_status (*vulnerability_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
};

struct sonde_memory_ops {
  sonde_status (*virtual_memory)(struct sonde_env *env, void *state, sonde_virtual_memory *out);
  sonde_status (*swap_memory)(struct sonde_env *env, void *state, sonde_swap_memory *out);
  /* rows: sonde_swap_device. */
  sonde_status (*swap_device_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_numa_node, ascending. */
  sonde_status (*numa_node_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_memory_stat. */
  sonde_status (*stat_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  sonde_status (*heap_info)(struct sonde_env *env, void *state, sonde_heap_info *out);
  sonde_status (*heap_trim)(struct sonde_env *env, void *state);
  /* rows: sonde_hugepages: the machine, then each node, by ascending size. */
  sonde_status (*hugepages_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
};

struct sonde_disk_ops {
  /* rows: sonde_disk_partition. Must not touch any mount. */
  sonde_status (*partition_list)(struct sonde_env *env, void *state, struct sonde_fill *out, bool all);
  /* May block for timeout ns; see sonde_disk_usage_get. path is not below rootfs yet. */
  sonde_status (*usage)(struct sonde_env *env, void *state, sonde_disk_usage *out, const char *path, uint64_t timeout);
  /* rows: sonde_disk_io. */
  sonde_status (*io_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_disk_device. */
  sonde_status (*device_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
};

struct sonde_net_ops {
  /* rows: sonde_net_io. */
  sonde_status (*io_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_net_if_addr. */
  sonde_status (*if_addr_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_net_if_stats. */
  sonde_status (*if_stats_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_connection. kinds holds at least one kind and no unknown bit. */
  sonde_status (*connection_list)(struct sonde_env *env, void *state, struct sonde_fill *out, uint32_t kinds);
  /* rows: sonde_net_protocol. */
  sonde_status (*protocol_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_net_error. */
  sonde_status (*error_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
};

struct sonde_sensor_ops {
  /* rows: sonde_sensor. May block as long as a chip takes. chip may be NULL. */
  sonde_status (*sensor_list)(struct sonde_env *env, void *state, struct sonde_fill *out, uint32_t kinds,
                              const char *chip);
  /* rows: sonde_battery. */
  sonde_status (*battery_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_gpu. */
  sonde_status (*gpu_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
};

struct sonde_host_ops {
  /* Strings of *out live in memory. */
  sonde_status (*info)(struct sonde_env *env, void *state, sonde_host_info *out, struct sonde_fill *memory);
  sonde_status (*times)(struct sonde_env *env, void *state, sonde_host_times *out);
  /* rows: sonde_user. */
  sonde_status (*user_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: sonde_service. */
  sonde_status (*service_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  /* rows: one sonde_service. */
  sonde_status (*service)(struct sonde_env *env, void *state, struct sonde_fill *out, const char *name);
};

struct sonde_limits_ops {
  /* pid 0: the caller. Strings and arrays of *out live in memory. */
  sonde_status (*cgroup)(struct sonde_env *env, void *state, sonde_cgroup *out, struct sonde_fill *memory,
                         sonde_pid pid);
  /* rows: sonde_pressure. cgroup may be NULL: the system. */
  sonde_status (*pressure_list)(struct sonde_env *env, void *state, struct sonde_fill *out, const char *cgroup);
};

/* A process that sonde_process_open opened. */
struct sonde_process_ref {
  sonde_pid pid;
  uint64_t start_id;
  bool exact; /* open sets it: see sonde_process_is_exact */
  void *own;  /* handle_size zeroed bytes of the backend that opened it; NULL for every other backend */
};

struct sonde_process_ops {
  /* rows: sonde_pid. */
  sonde_status (*pid_list)(struct sonde_env *env, void *state, struct sonde_fill *out);
  sonde_status (*pid_exists)(struct sonde_env *env, void *state, bool *out, sonde_pid pid);
  /* rows: sonde_process; fields as in sonde_process_table_refresh. A row sets pid, status, valid, denied and failed. */
  sonde_status (*table)(struct sonde_env *env, void *state, struct sonde_fill *out, uint64_t fields);
  /* rows: one sonde_process. */
  sonde_status (*get)(struct sonde_env *env, void *state, struct sonde_fill *out, sonde_pid pid, uint64_t fields);

  /* Handles. open has ref->pid and a zeroed ref->own, and sets start_id and exact; the bytes at own are the backend's
   * until close. Whoever fills open fills close, is_running and read too. */
  size_t handle_size;
  sonde_status (*open)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  void (*close)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  sonde_status (*is_running)(struct sonde_env *env, void *state, bool *out, struct sonde_process_ref *ref);
  /* rows: one sonde_process. */
  sonde_status (*read)(struct sonde_env *env, void *state, struct sonde_fill *out, struct sonde_process_ref *ref,
                       uint64_t fields);

  /* rows: sonde_thread. */
  sonde_status (*thread_list)(struct sonde_env *env, void *state, struct sonde_fill *out,
                              struct sonde_process_ref *ref);
  /* rows: sonde_open_file. Must not touch the files. */
  sonde_status (*open_file_list)(struct sonde_env *env, void *state, struct sonde_fill *out,
                                 struct sonde_process_ref *ref, bool regular_only);
  /* rows: sonde_map. */
  sonde_status (*map_list)(struct sonde_env *env, void *state, struct sonde_fill *out, struct sonde_process_ref *ref,
                           bool sizes);
  /* rows: sonde_connection. */
  sonde_status (*connection_list)(struct sonde_env *env, void *state, struct sonde_fill *out,
                                  struct sonde_process_ref *ref, uint32_t kinds);
  /* rows: sonde_environ. */
  sonde_status (*environ_list)(struct sonde_env *env, void *state, struct sonde_fill *out,
                               struct sonde_process_ref *ref);
  /* rows: sonde_limit. */
  sonde_status (*limit_list)(struct sonde_env *env, void *state, struct sonde_fill *out, struct sonde_process_ref *ref);
  sonde_status (*set_limit)(struct sonde_env *env, void *state, struct sonde_process_ref *ref,
                            const sonde_limit *limit);

  /* Actions reach the process of ref or nothing. */
  sonde_status (*signal)(struct sonde_env *env, void *state, struct sonde_process_ref *ref, int signal_number);
  sonde_status (*suspend)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  sonde_status (*resume)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  sonde_status (*terminate)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  sonde_status (*kill)(struct sonde_env *env, void *state, struct sonde_process_ref *ref);
  sonde_status (*set_nice)(struct sonde_env *env, void *state, struct sonde_process_ref *ref, int nice);
  sonde_status (*set_ionice)(struct sonde_env *env, void *state, struct sonde_process_ref *ref, int ionice_class,
                             int ionice_value);
  /* rows: uint32_t, ascending. */
  sonde_status (*affinity)(struct sonde_env *env, void *state, struct sonde_fill *out, struct sonde_process_ref *ref);
  sonde_status (*set_affinity)(struct sonde_env *env, void *state, struct sonde_process_ref *ref, const uint32_t *cpus,
                               size_t num_cpus);
  /* Waits until one of the processes whose ended[i] is false has ended, at most timeout ns, and sets ended[i] and
   * exits[i] for each that has; SONDE_ERR_TIMEOUT when none has. Blocks. */
  sonde_status (*wait)(struct sonde_env *env, void *state, struct sonde_process_ref *const *refs, size_t count,
                       bool *ended, sonde_exit *exits, uint64_t timeout);
};

/* A NULL table, or a NULL slot: this backend does not provide it. */
struct sonde_backend {
  uint32_t abi;      /* SONDE_BACKEND_ABI of the header it was compiled with */
  const char *name;  /* "linux"; as in backends/<name>/ */
  int priority;      /* higher is asked first; built-in OS backends have 0 */
  size_t state_size; /* zeroed bytes that the core reserves for each context, aligned for any type */
  /* Called once per context, before any slot. SONDE_ERR_UNSUPPORTED: this backend stands down, the others go on; any
   * other failure fails sonde_open. May be NULL. */
  sonde_status (*open)(struct sonde_env *env, void *state);
  /* Called once for each open that returned SONDE_OK. May be NULL. */
  void (*close)(struct sonde_env *env, void *state);
  const struct sonde_cpu_ops *cpu;
  const struct sonde_memory_ops *memory;
  const struct sonde_disk_ops *disk;
  const struct sonde_net_ops *net;
  const struct sonde_sensor_ops *sensor;
  const struct sonde_host_ops *host;
  const struct sonde_limits_ops *limits;
  const struct sonde_process_ops *process;
};

/* Adds a backend to the registry, for every context that is opened afterwards; the built-in ones are there already. Not
 * thread-safe: register before other threads open contexts. backend must stay valid. Registering the same one again is
 * fine and changes nothing. SONDE_ERR_INVALID: an abi newer than the library's, no name, or companion slots of which
 * one is missing. SONDE_ERR_NO_MEMORY: SONDE_BACKENDS_MAX are registered. */
#define SONDE_BACKENDS_MAX 16
sonde_status sonde_backend_register(const struct sonde_backend *backend);

/* Takes it out again; open contexts keep it. SONDE_ERR_INVALID: it is not registered, or built in. */
sonde_status sonde_backend_unregister(const struct sonde_backend *backend);

#ifdef __cplusplus
}
#endif

#endif /* SONDE_SONDE_BACKEND_H */
