/* SPDX-License-Identifier: MIT */
/*
 * sonde.h - what a machine and its processes are doing.
 *
 * The whole public interface: one header, one static archive, no dependency but the C library.
 *
 *   sonde *s = NULL;
 *   if (sonde_open(&s, NULL) != SONDE_OK) return 1;
 *   sonde_process_table table = {0};
 *   sonde_status status = sonde_process_table_refresh(s, &table, SONDE_PROCESS_STAT | SONDE_PROCESS_CMDLINE);
 *   for (size_t i = 0; status == SONDE_OK && i < table.count; i++) {
 *     const sonde_process *p = &table.rows[i];
 *     printf("%lld %s %llu\n", (long long)p->pid, p->name.data, (unsigned long long)p->rss);
 *   }
 *   sonde_process_table_free(&table);
 *   sonde_close(s);
 *
 * Conventions, which hold for every function and are not repeated at each:
 *
 * Calls. A function returns a sonde_status; data goes through the out parameters, which stand right after the
 *   context and are untouched on failure. T_get fills a T. The out parameter of a call is never NULL.
 * Errors. Every function may return SONDE_ERR_INVALID (a NULL or impossible argument), SONDE_ERR_NO_MEMORY,
 *   SONDE_ERR_UNSUPPORTED (this OS cannot tell), SONDE_ERR_ACCESS (the OS refused), SONDE_ERR_OS (anything else that
 *   the OS said; sonde_last_error has its code) and SONDE_ERR_PARSE (the OS answered with what nobody understands).
 *   Only further errors, or special causes of these, are named at a function.
 * Rows. Plural results are lists owned by the caller: `= {0}` at first, refilled by each call, freed once with their
 *   _free function. Rows and their strings live in the list's own memory, which is kept between calls: no allocation
 *   once it has grown. They are valid until the next successful call on the same list. One bad row never loses the
 *   call: each row has a `status`, and `bad` counts the rows whose status is not SONDE_OK.
 * Fields. A field that this OS, or this kernel, cannot tell is not 0 by accident: `valid` has one bit for each field
 * (or group of fields) that was told. Fields outside `valid` are 0, pids SONDE_PID_UNKNOWN. Strings. Bytes as the OS
 * gave them (UTF-8 on Windows), of any value: `len` counts them, and a NUL follows. sonde_escape makes them fit for a
 * terminal. Never NULL in a returned row: an absent string has len 0. Units. Bytes, hertz, bits per second; durations
 * in nanoseconds; moments in nanoseconds since the Unix epoch. All 64-bit, on every system. Counters count from boot
 * (or from the birth of the thing counted). Threads. A context is used by one thread at a time; contexts are
 * independent of each other. Blocking. No function waits for anything unless its comment says "Blocks". Tags. "OS:" the
 * systems that can tell: L Linux, W Windows, M macOS, F FreeBSD, S SunOS (illumos and Solaris). "Privilege:" what is
 * needed to see everything; where there is none, everybody sees everything. "Cost:" system calls on Linux, with nothing
 * kept. "Source:" where the numbers come from.
 */
#ifndef SONDE_SONDE_H
#define SONDE_SONDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Version ---------------------------------------------------------------------------------------------------- */

#define SONDE_VERSION_MAJOR 0
#define SONDE_VERSION_MINOR 1
#define SONDE_VERSION_PATCH 0
#define SONDE_VERSION_STRING "0.1.0"

/* The version of the archive, SONDE_VERSION_STRING when header and archive match. */
const char *sonde_version(void);

/* ---- Statuses --------------------------------------------------------------------------------------------------- */

/* Every status: name, value, message. Values never change and are never used again. */
#define SONDE_STATUS_MAP(XX)                                           \
  XX(OK, 0, "success")                                                 \
  XX(ERR_INVALID, -1, "invalid argument")                              \
  XX(ERR_NO_MEMORY, -2, "out of memory")                               \
  XX(ERR_NO_PROCESS, -3, "no such process")                            \
  XX(ERR_ZOMBIE, -4, "the process has ended and awaits its parent")    \
  XX(ERR_ACCESS, -5, "not permitted")                                  \
  XX(ERR_UNSUPPORTED, -6, "not supported by this operating system")    \
  XX(ERR_TIMEOUT, -7, "deadline passed")                               \
  XX(ERR_PARSE, -8, "the operating system's answer is not understood") \
  XX(ERR_OS, -9, "the operating system reported an error")

typedef enum sonde_status {
#define SONDE_STATUS_ENUM(name, value, message) SONDE_##name = value,
  SONDE_STATUS_MAP(SONDE_STATUS_ENUM)
#undef SONDE_STATUS_ENUM
  SONDE_STATUS_FORCE_INT = 0x7fffffff /* not a status: keeps the enum an int for every compiler */
} sonde_status;

/* The message of a status, in English; "unknown status" for any other number. Never NULL. */
const char *sonde_strerror(sonde_status status);

/* The name of a status, such as "SONDE_ERR_ACCESS"; "SONDE_?" for any other number. Never NULL. */
const char *sonde_status_name(sonde_status status);

/* ---- Strings and moments ---------------------------------------------------------------------------------------- */

/* Bytes of a known length, followed by a NUL. May hold any byte, NUL too. */
typedef struct sonde_string {
  const char *data;
  size_t len;
} sonde_string;

/* Writes in as printable UTF-8 to out and ends it with NUL: valid printable UTF-8 stays as it is; backslash, control
 * characters (C0, C1, DEL), bidirectional and line-separating controls, and bytes that are no UTF-8 become \\, \n, \t
 * or
 * \xHH per byte. Returns the length that the whole text needs, without NUL: when that is out_size or more, the text was
 * cut at a whole character. out may be NULL when out_size is 0. Allocates nothing. */
size_t sonde_escape(char *out, size_t out_size, const char *in, size_t in_len);

#define SONDE_NSEC_PER_SEC UINT64_C(1000000000)

/* As a deadline: wait for ever. */
#define SONDE_NO_TIMEOUT UINT64_MAX

/* As a limit: the OS sets none. */
#define SONDE_UNLIMITED UINT64_MAX

/* A process id. -1: unknown. */
typedef int64_t sonde_pid;
#define SONDE_PID_UNKNOWN ((sonde_pid) - 1)

/* ---- Context ---------------------------------------------------------------------------------------------------- */

/* A context: everything the library remembers. There is no other state. */
typedef struct sonde sonde;

/* Memory hooks. block NULL: allocate new_size bytes; new_size 0: free block and return NULL; else resize, keeping the
 * contents. old_size is what was asked for when block was made, 0 for none. Returns NULL when there is no memory (block
 * is untouched then). Memory is aligned as by malloc. */
typedef struct sonde_allocator {
  void *(*reallocate)(void *user, void *block, size_t old_size, size_t new_size);
  void *user;
} sonde_allocator;

typedef enum sonde_log_level {
  SONDE_LOG_DEBUG = 0,
  SONDE_LOG_INFO = 1,
  SONDE_LOG_WARNING = 2
} sonde_log_level;

/* Called with one line without a line end, while a call is under way; must not call the library. */
typedef void (*sonde_log_function)(void *user, sonde_log_level level, const char *message, size_t message_len);

struct sonde_backend; /* sonde_backend.h */
struct sonde_os_override;

typedef struct sonde_options {
  size_t size;               /* sizeof(sonde_options) of the caller's header, or 0 for that of version 0.1 */
  sonde_allocator allocator; /* {0}: malloc's family */
  sonde_log_function log;    /* NULL: nobody listens */
  void *log_user;
  /* Roots: where the OS's file trees are mounted. NULL: the usual place, below rootfs when that is given. Pointing any
   * of them elsewhere makes the library look at another machine (a host seen from a container, a recording): questions
   * that only the running kernel could answer for itself are then SONDE_ERR_UNSUPPORTED. Linux: page size, clock tick
   * and byte order of that machine are read, when the context is opened, from procfs/self/auxv or procfs/1/auxv; where
   * neither can be read, they are taken to be those of the running kernel. The strings are copied. */
  const char *procfs; /* "/proc" */
  const char *sysfs;  /* "/sys" */
  const char *etc;    /* "/etc" */
  const char *dev;    /* "/dev" */
  const char *rootfs; /* "/": also where mount points and /run, /var are looked up */
  /* How many OS handles may stay open between calls. 0: the few that the backend needs. Handles that sonde_process_open
   * gave are not counted: each holds up to two. */
  uint32_t max_handles;
  /* For tests and plug-ins: the backends to use in place of the built-in and registered ones, by descending rank. */
  const struct sonde_backend *const *backends;
  size_t num_backends;
  /* For tests and sandboxes: other OS calls for one backend (sonde_backend.h); NULL: the real ones. Not copied. */
  const struct sonde_os_override *os_override;
} sonde_options;

/* Opens a context. options NULL: all defaults. A backend that cannot work here stands down; that none can is
 * SONDE_ERR_UNSUPPORTED. On failure *out is untouched. */
sonde_status sonde_open(sonde **out, const sonde_options *options);

/* Closes a context and all it kept. Lists filled through it stay valid and are still freed by the caller; process
 * handles must be closed before. NULL is fine. */
void sonde_close(sonde *context);

/* What went wrong. Strings live in the context until its next call. */
typedef struct sonde_error {
  sonde_status status;
  int64_t os_code;        /* errno, GetLastError, NTSTATUS, kern_return_t; 0: the OS was not at fault */
  sonde_string os_name;   /* "ENOENT"; empty when unknown */
  sonde_string operation; /* the OS call: "open", "sysctl"; for SONDE_ERR_PARSE what was expected */
  sonde_string subject;   /* what it was about: "/proc/1/io" */
  uint64_t position;      /* SONDE_ERR_PARSE: byte position in subject */
  sonde_string text;      /* all of it: "open /proc/1/io: EACCES (not permitted)" */
} sonde_error;

/* The latest failure that the last call on this context met: why it failed or, when it succeeded with bad rows or
 * missing fields, why the last of these is bad or missing. status is SONDE_OK when there was none. */
void sonde_last_error(sonde *context, sonde_error *out);

/* ---- Capabilities ----------------------------------------------------------------------------------------------- */

/* Every capability: name, domain, slot. A capability is a slot of the backends' tables (sonde_backend.h). */
#define SONDE_CAPABILITY_MAP(XX)                    \
  XX(CPU_TIMES, cpu, times)                         \
  XX(CPU_TIMES_LIST, cpu, times_list)               \
  XX(CPU_COUNT, cpu, count)                         \
  XX(CPU_STATS, cpu, stats)                         \
  XX(CPU_FREQ, cpu, freq_list)                      \
  XX(LOAD_AVERAGE, cpu, load_average)               \
  XX(CPU_TOPOLOGY, cpu, topology_list)              \
  XX(CPU_CACHE, cpu, cache_list)                    \
  XX(CPU_INFO, cpu, info_list)                      \
  XX(CPU_INTERRUPTS, cpu, interrupt_list)           \
  XX(CPU_SCHEDSTAT, cpu, schedstat_list)            \
  XX(CPU_THROTTLE, cpu, throttle_list)              \
  XX(CPU_VULNERABILITIES, cpu, vulnerability_list)  \
  XX(VIRTUAL_MEMORY, memory, virtual_memory)        \
  XX(SWAP_MEMORY, memory, swap_memory)              \
  XX(SWAP_DEVICES, memory, swap_device_list)        \
  XX(NUMA_NODES, memory, numa_node_list)            \
  XX(MEMORY_STATS, memory, stat_list)               \
  XX(HUGEPAGES, memory, hugepages_list)             \
  XX(HEAP_INFO, memory, heap_info)                  \
  XX(HEAP_TRIM, memory, heap_trim)                  \
  XX(DISK_PARTITIONS, disk, partition_list)         \
  XX(DISK_USAGE, disk, usage)                       \
  XX(DISK_IO, disk, io_list)                        \
  XX(DISK_DEVICES, disk, device_list)               \
  XX(NET_IO, net, io_list)                          \
  XX(NET_IF_ADDRS, net, if_addr_list)               \
  XX(NET_IF_STATS, net, if_stats_list)              \
  XX(NET_CONNECTIONS, net, connection_list)         \
  XX(NET_PROTOCOLS, net, protocol_list)             \
  XX(NET_ERRORS, net, error_list)                   \
  XX(SENSORS, sensor, sensor_list)                  \
  XX(BATTERIES, sensor, battery_list)               \
  XX(GPUS, sensor, gpu_list)                        \
  XX(HOST_INFO, host, info)                         \
  XX(HOST_TIMES, host, times)                       \
  XX(USERS, host, user_list)                        \
  XX(SERVICES, host, service_list)                  \
  XX(SERVICE_GET, host, service)                    \
  XX(CGROUP, limits, cgroup)                        \
  XX(PRESSURE, limits, pressure_list)               \
  XX(PIDS, process, pid_list)                       \
  XX(PID_EXISTS, process, pid_exists)               \
  XX(PROCESS_TABLE, process, table)                 \
  XX(PROCESS_GET, process, get)                     \
  XX(PROCESS_OPEN, process, open)                   \
  XX(PROCESS_THREADS, process, thread_list)         \
  XX(PROCESS_OPEN_FILES, process, open_file_list)   \
  XX(PROCESS_MAPS, process, map_list)               \
  XX(PROCESS_CONNECTIONS, process, connection_list) \
  XX(PROCESS_ENVIRON, process, environ_list)        \
  XX(PROCESS_LIMITS, process, limit_list)           \
  XX(PROCESS_SET_LIMIT, process, set_limit)         \
  XX(PROCESS_SIGNAL, process, signal)               \
  XX(PROCESS_SUSPEND, process, suspend)             \
  XX(PROCESS_RESUME, process, resume)               \
  XX(PROCESS_TERMINATE, process, terminate)         \
  XX(PROCESS_KILL, process, kill)                   \
  XX(PROCESS_SET_NICE, process, set_nice)           \
  XX(PROCESS_SET_IONICE, process, set_ionice)       \
  XX(PROCESS_AFFINITY, process, affinity)           \
  XX(PROCESS_SET_AFFINITY, process, set_affinity)   \
  XX(PROCESS_WAIT, process, wait)

typedef enum sonde_capability {
#define SONDE_CAPABILITY_ENUM(name, domain, slot) SONDE_CAP_##name,
  SONDE_CAPABILITY_MAP(SONDE_CAPABILITY_ENUM)
#undef SONDE_CAPABILITY_ENUM
  SONDE_CAP_COUNT /* how many there are */
} sonde_capability;

/* True when some backend of this context fills the slot. The call may still say SONDE_ERR_UNSUPPORTED where the kernel
 * is too old or the machine is a recording. */
bool sonde_supports(const sonde *context, sonde_capability capability);

/* The name of the backend that is asked first: "linux"; NULL when none fills the slot. */
const char *sonde_backend_of(const sonde *context, sonde_capability capability);

/* "cpu.times", or NULL for a number that is no capability. */
const char *sonde_capability_name(sonde_capability capability);

/* ---- Lists ------------------------------------------------------------------------------------------------------ */

struct sonde_memory_block; /* private: what a list keeps between calls */

/* Declares a list of rows and its free function. Freeing an empty list, or NULL, is fine; the list is {0} afterwards
 * and may be used again. */
#define SONDE_DECLARE_LIST(list, row)                         \
  typedef struct list {                                       \
    row *rows;                                                \
    size_t count; /* of rows */                               \
    size_t bad;   /* how many have a status that is not OK */ \
    struct sonde_memory_block *memory;                        \
  } list;                                                     \
  void list##_free(list *self)

/* ---- CPU -------------------------------------------------------------------------------------------------------- */

#define SONDE_CPU_TOTAL UINT32_MAX /* as a CPU's id: the sum of all */

enum {
  SONDE_CPU_TIMES_USER = 1 << 0,
  SONDE_CPU_TIMES_SYSTEM = 1 << 1,
  SONDE_CPU_TIMES_IDLE = 1 << 2,
  SONDE_CPU_TIMES_NICE = 1 << 3,
  SONDE_CPU_TIMES_IOWAIT = 1 << 4,
  SONDE_CPU_TIMES_IRQ = 1 << 5,
  SONDE_CPU_TIMES_SOFTIRQ = 1 << 6,
  SONDE_CPU_TIMES_STEAL = 1 << 7,
  SONDE_CPU_TIMES_GUEST = 1 << 8,
  SONDE_CPU_TIMES_GUEST_NICE = 1 << 9,
  SONDE_CPU_TIMES_DPC = 1 << 10
};

/* Time a CPU, or all of them, spent since boot, in nanoseconds (the resolution is the OS's tick, often 10 ms). */
typedef struct sonde_cpu_times {
  uint32_t cpu; /* the OS's own number: there may be gaps where CPUs are offline; SONDE_CPU_TOTAL for the sum */
  sonde_status status;
  uint64_t valid;      /* SONDE_CPU_TIMES_* */
  uint64_t user;       /* L W M F S. Without nice. On Linux guest is inside, as the kernel counts it */
  uint64_t system;     /* L W M F S. In the kernel; on Windows without idle */
  uint64_t idle;       /* L W M F S. On Linux may decrease, as iowait and steal may */
  uint64_t nice;       /* L M F. User mode, niced */
  uint64_t iowait;     /* L S. Idle with I/O outstanding: unreliable by nature */
  uint64_t irq;        /* L W F. Interrupts; on Windows part of system */
  uint64_t softirq;    /* L */
  uint64_t steal;      /* L. Run by the hypervisor for others */
  uint64_t guest;      /* L. Virtual CPUs; part of user */
  uint64_t guest_nice; /* L. Part of nice */
  uint64_t dpc;        /* W. Deferred procedure calls; part of system */
} sonde_cpu_times;
SONDE_DECLARE_LIST(sonde_cpu_times_list, sonde_cpu_times);

/* The sum over all CPUs. It wraps at 2^64 ns, 584 years of one CPU: 4,096 CPUs idle so long in 52 days, 192 in 3 years;
 * sonde_cpu_percents_between knows, and each CPU of the list is far from it. OS: L W M F S. Cost: 3. Source:
 * /proc/stat; SystemProcessorPerformanceInformation of each processor group. */
sonde_status sonde_cpu_times_get(sonde *context, sonde_cpu_times *out);

/* Each CPU that is online, by ascending id. Windows: the id is the number of CPUs that the processor groups before can
 * ever have, plus the number within its group. OS: L W M F S. Cost: 3. Source: as sonde_cpu_times_get. */
sonde_status sonde_cpu_times_list_get(sonde *context, sonde_cpu_times_list *out);

enum {
  SONDE_CPU_COUNT_LOGICAL = 1 << 0,
  SONDE_CPU_COUNT_PHYSICAL = 1 << 1,
  SONDE_CPU_COUNT_PACKAGES = 1 << 2,
  SONDE_CPU_COUNT_CONFIGURED = 1 << 3,
  SONDE_CPU_COUNT_USABLE = 1 << 4,
  SONDE_CPU_COUNT_LIMIT = 1 << 5
};

typedef struct sonde_cpu_count {
  uint64_t valid;      /* SONDE_CPU_COUNT_* */
  uint32_t logical;    /* L W M F S. Online hardware threads */
  uint32_t physical;   /* L W M F S. Cores of those */
  uint32_t packages;   /* L W M F S. Sockets of those */
  uint32_t configured; /* L W M F S. Hardware threads present, online or not; Windows: that there can ever be */
  uint32_t usable; /* L W F S. On which the calling thread may run: its affinity; Windows: within its processor group,
                      and not told to a 32-bit process where a group can have more than 32 */
  double limit;    /* L. CPUs' worth of time that the cgroup and its ancestors grant: 0.5 is half of one CPU; not valid
                      where nothing limits */
} sonde_cpu_count;

/* OS: L W M F S. Cost: 6 per CPU for topology. Source: /sys/devices/system/cpu, sched_getaffinity, cgroup files;
 * GetActiveProcessorCount, GetMaximumProcessorCount, GetLogicalProcessorInformationEx, GetThreadGroupAffinity. */
sonde_status sonde_cpu_count_get(sonde *context, sonde_cpu_count *out);

enum {
  SONDE_CPU_STATS_CTX_SWITCHES = 1 << 0,
  SONDE_CPU_STATS_INTERRUPTS = 1 << 1,
  SONDE_CPU_STATS_SOFT_INTERRUPTS = 1 << 2,
  SONDE_CPU_STATS_SYSCALLS = 1 << 3,
  SONDE_CPU_STATS_TRAPS = 1 << 4,
  SONDE_CPU_STATS_PROCS_CREATED = 1 << 5,
  SONDE_CPU_STATS_PROCS_RUNNING = 1 << 6,
  SONDE_CPU_STATS_PROCS_BLOCKED = 1 << 7
};

/* Counts since boot, over all CPUs. Where the OS keeps 32 bits (F, W) they wrap: see sonde_counter_delta. */
typedef struct sonde_cpu_stats {
  uint64_t valid;           /* SONDE_CPU_STATS_* */
  uint64_t ctx_switches;    /* L W F S */
  uint64_t interrupts;      /* L W F S */
  uint64_t soft_interrupts; /* L F */
  uint64_t syscalls;        /* W F S */
  uint64_t traps;           /* F S */
  uint64_t procs_created;   /* L F S. Processes and threads created since boot */
  uint64_t procs_running;   /* L F S. Runnable now */
  uint64_t procs_blocked;   /* L F S. Waiting for I/O now */
} sonde_cpu_stats;

/* Windows: a counter that stands at 0 is not kept (under Wine), and not told. OS: L W F S. Cost: 3. Source: /proc/stat;
 * SystemPerformanceInformation, SystemProcessorPerformanceInformation. */
sonde_status sonde_cpu_stats_get(sonde *context, sonde_cpu_stats *out);

enum {
  SONDE_CPU_FREQ_CURRENT = 1 << 0,
  SONDE_CPU_FREQ_MIN = 1 << 1,
  SONDE_CPU_FREQ_MAX = 1 << 2,
  SONDE_CPU_FREQ_BASE = 1 << 3
};

typedef struct sonde_cpu_freq {
  uint32_t cpu;
  sonde_status status;
  uint64_t valid;        /* SONDE_CPU_FREQ_* */
  uint64_t current;      /* L W M F S, hertz (as min, max and base) */
  uint64_t min;          /* L M F */
  uint64_t max;          /* L W M F S */
  uint64_t base;         /* L. What the maker prints on the box */
  sonde_string governor; /* L */
} sonde_cpu_freq;
SONDE_DECLARE_LIST(sonde_cpu_freq_list, sonde_cpu_freq);

/* Each online CPU, by ascending id. A machine that does not tell (many virtual ones) gives rows with no valid bit, or
 * no rows. Windows with several processor groups: told only where the answer is for all of them. OS: L W M F S. Cost:
 * up to 21 per CPU. Source: cpufreq in /sys, /proc/cpuinfo; NtPowerInformation(ProcessorInformation). */
sonde_status sonde_cpu_freq_list_get(sonde *context, sonde_cpu_freq_list *out);

enum {
  SONDE_LOAD_AVERAGE_LOAD = 1 << 0,
  SONDE_LOAD_AVERAGE_TASKS = 1 << 1
};

typedef struct sonde_load_average {
  uint64_t valid;
  double load1;         /* L M F S. LOAD. Over 1 minute; Windows keeps none, and sonde does not make one up: how busy
                           the CPUs are tells sonde_cpu_percent there */
  double load5;         /* over 5 */
  double load15;        /* over 15 */
  uint64_t running;     /* L. TASKS. Runnable tasks now */
  uint64_t total_tasks; /* L. TASKS. Processes and threads now */
} sonde_load_average;

/* OS: L M F S. Cost: 3. Source: /proc/loadavg. */
sonde_status sonde_load_average_get(sonde *context, sonde_load_average *out);

enum {
  SONDE_CPU_TOPOLOGY_PACKAGE = 1 << 0,
  SONDE_CPU_TOPOLOGY_DIE = 1 << 1,
  SONDE_CPU_TOPOLOGY_CLUSTER = 1 << 2,
  SONDE_CPU_TOPOLOGY_CORE = 1 << 3,
  SONDE_CPU_TOPOLOGY_NUMA_NODE = 1 << 4,
  SONDE_CPU_TOPOLOGY_EFFICIENCY_CLASS = 1 << 5,
  SONDE_CPU_TOPOLOGY_CAPACITY = 1 << 6,
  SONDE_CPU_TOPOLOGY_GROUP = 1 << 7
};

/* Where a hardware thread sits. Two rows with the same package, die and core are siblings. */
typedef struct sonde_cpu_topology {
  uint32_t cpu;
  sonde_status status;
  uint64_t valid;            /* SONDE_CPU_TOPOLOGY_* */
  bool online;               /* offline CPUs tell only this */
  uint32_t package;          /* L W M F S */
  uint32_t die;              /* L W */
  uint32_t cluster;          /* L W (11, Server 2022). Cores that share a cache of their own; Windows: a module */
  uint32_t core;             /* L W M F S. Unique within its package and die */
  uint32_t numa_node;        /* L W F S */
  uint32_t efficiency_class; /* L W M. 0 is the most efficient kind, higher is faster; all 0 where cores are alike */
  uint32_t capacity;         /* L (arm, riscv). 1024 is the fastest core */
  uint32_t group;            /* W. Processor group */
} sonde_cpu_topology;
SONDE_DECLARE_LIST(sonde_cpu_topology_list, sonde_cpu_topology);

/* Each CPU that is present; Windows: that is online. Windows has no numbers but those of groups and nodes: the others
 * are counted, over the whole machine. It tells a 32-bit process no more than groups where one can have more than 32
 * CPUs. OS: L W M F S. Cost: up to 18 per CPU. Source: /sys/devices/system/{cpu,node};
 * GetLogicalProcessorInformationEx. */
sonde_status sonde_cpu_topology_list_get(sonde *context, sonde_cpu_topology_list *out);

typedef enum sonde_cpu_cache_type {
  SONDE_CACHE_UNKNOWN = 0,
  SONDE_CACHE_DATA = 1,
  SONDE_CACHE_INSTRUCTION = 2,
  SONDE_CACHE_UNIFIED = 3
} sonde_cpu_cache_type;

enum {
  SONDE_CPU_CACHE_SIZE = 1 << 0,
  SONDE_CPU_CACHE_LINE_SIZE = 1 << 1,
  SONDE_CPU_CACHE_WAYS = 1 << 2,
  SONDE_CPU_CACHE_SETS = 1 << 3,
  SONDE_CPU_CACHE_CPUS = 1 << 4
};

/* One cache, once, whoever shares it. */
typedef struct sonde_cpu_cache {
  sonde_status status;
  uint64_t valid; /* SONDE_CPU_CACHE_* */
  uint32_t level; /* 1, 2, 3 ... */
  sonde_cpu_cache_type type;
  uint64_t size;        /* L W M F S, bytes */
  uint32_t line_size;   /* L W M F */
  uint32_t ways;        /* L W. 0: fully associative */
  uint32_t sets;        /* L */
  const uint32_t *cpus; /* L W F. CPUs that share it, ascending */
  size_t num_cpus;
} sonde_cpu_cache;
SONDE_DECLARE_LIST(sonde_cpu_cache_list, sonde_cpu_cache);

/* OS: L W M F. Cost: some 24 per CPU. Source: /sys/devices/system/cpu/cpuN/cache; GetLogicalProcessorInformationEx. */
sonde_status sonde_cpu_cache_list_get(sonde *context, sonde_cpu_cache_list *out);

enum {
  SONDE_CPU_INFO_FAMILY = 1 << 0,
  SONDE_CPU_INFO_MODEL = 1 << 1,
  SONDE_CPU_INFO_STEPPING = 1 << 2,
  SONDE_CPU_INFO_FEATURES = 1 << 3,
  SONDE_CPU_INFO_VENDOR = 1 << 4,
  SONDE_CPU_INFO_MODEL_NAME = 1 << 5,
  SONDE_CPU_INFO_MICROCODE = 1 << 6
};

/* One kind of CPU in this machine (two on a machine with big and little cores). */
typedef struct sonde_cpu_info {
  sonde_status status;
  uint64_t valid;          /* SONDE_CPU_INFO_* */
  uint32_t first_cpu;      /* the lowest id of this kind */
  uint32_t num_cpus;       /* how many are of this kind */
  sonde_string vendor;     /* L W M F S. "GenuineIntel"; on arm the implementer's number "0x41", Windows: its name */
  sonde_string model_name; /* L W M F S. As the OS words it */
  sonde_string microcode;  /* L. "0x2b000603" */
  uint32_t family;         /* L W M S. On arm the architecture version */
  uint32_t model;          /* L W M S. On arm the part number */
  uint32_t stepping;       /* L W M S. On arm the revision, Windows: with the variant in front, 0x301 for r3p1 */
  const sonde_string *features; /* L M. Flags, in the OS's order */
  size_t num_features;
} sonde_cpu_info;
SONDE_DECLARE_LIST(sonde_cpu_info_list, sonde_cpu_info);

/* OS: L W M F S. Cost: 3 or more: the text grows with the CPUs. Source: /proc/cpuinfo;
 * HARDWARE\DESCRIPTION\System\CentralProcessor in the registry. */
sonde_status sonde_cpu_info_list_get(sonde *context, sonde_cpu_info_list *out);

/* One interrupt source, since boot. */
typedef struct sonde_cpu_interrupt {
  sonde_status status;
  sonde_string name;        /* "24", "NMI"; soft interrupts "TIMER" */
  sonde_string description; /* what stands behind the counts; may be empty */
  bool soft;                /* a soft interrupt */
  uint64_t count;           /* over all CPUs */
  const uint32_t *cpus;     /* L. The CPUs that took any, ascending; none where the OS does not tell them apart */
  const uint64_t *counts;   /* L. How many each of these took */
  size_t num_cpus;          /* of both */
} sonde_cpu_interrupt;
SONDE_DECLARE_LIST(sonde_cpu_interrupt_list, sonde_cpu_interrupt);

/* OS: L F S. Cost: 6 or more: the text grows with CPUs and sources. Source: /proc/interrupts, /proc/softirqs. */
sonde_status sonde_cpu_interrupt_list_get(sonde *context, sonde_cpu_interrupt_list *out);

enum {
  SONDE_CPU_SCHEDSTAT_RUN_TIME = 1 << 0,
  SONDE_CPU_SCHEDSTAT_WAIT_TIME = 1 << 1,
  SONDE_CPU_SCHEDSTAT_TIMESLICES = 1 << 2
};

/* What the scheduler counted on one CPU since boot: by its own clock, finer than sonde_cpu_times. */
typedef struct sonde_cpu_schedstat {
  uint32_t cpu;
  sonde_status status;
  uint64_t valid;      /* SONDE_CPU_SCHEDSTAT_* */
  uint64_t run_time;   /* L. Tasks ran, ns */
  uint64_t wait_time;  /* L. Tasks were ready to run and waited for this CPU, summed over the tasks, ns */
  uint64_t timeslices; /* L. How often a task got the CPU */
} sonde_cpu_schedstat;
SONDE_DECLARE_LIST(sonde_cpu_schedstat_list, sonde_cpu_schedstat);

/* Each CPU that is online, by ascending id. SONDE_ERR_UNSUPPORTED: a kernel that was built without it. OS: L. Cost: 3.
 * Source: /proc/schedstat. */
sonde_status sonde_cpu_schedstat_list_get(sonde *context, sonde_cpu_schedstat_list *out);

enum {
  SONDE_CPU_THROTTLE_CORE_COUNT = 1 << 0,
  SONDE_CPU_THROTTLE_CORE_TIME = 1 << 1,
  SONDE_CPU_THROTTLE_PACKAGE_COUNT = 1 << 2,
  SONDE_CPU_THROTTLE_PACKAGE_TIME = 1 << 3
};

/* How often, and how long, a CPU was slowed down because it was too hot, since boot. Siblings tell the same of their
 * core, and all CPUs of a package the same of that. */
typedef struct sonde_cpu_throttle {
  uint32_t cpu;
  sonde_status status;
  uint64_t valid;         /* SONDE_CPU_THROTTLE_* */
  uint64_t core_count;    /* L (x86) */
  uint64_t core_time;     /* L 5.3 (x86). ns */
  uint64_t package_count; /* L (x86) */
  uint64_t package_time;  /* L 5.3 (x86). ns */
} sonde_cpu_throttle;
SONDE_DECLARE_LIST(sonde_cpu_throttle_list, sonde_cpu_throttle);

/* Each CPU that is online, by ascending id. SONDE_ERR_UNSUPPORTED where the CPUs do not tell (most virtual ones). OS:
 * L. Cost: 12 per CPU. Source: /sys/devices/system/cpu/cpuN/thermal_throttle. */
sonde_status sonde_cpu_throttle_list_get(sonde *context, sonde_cpu_throttle_list *out);

typedef enum sonde_vulnerability_state {
  SONDE_VULNERABILITY_UNKNOWN = 0,
  SONDE_VULNERABILITY_NOT_AFFECTED = 1,
  SONDE_VULNERABILITY_VULNERABLE = 2,
  SONDE_VULNERABILITY_MITIGATED = 3
} sonde_vulnerability_state;

/* A flaw of CPUs that the kernel knows, and what this machine has against it. */
typedef struct sonde_cpu_vulnerability {
  sonde_status status;
  sonde_string name; /* "meltdown", "spectre_v2" */
  sonde_vulnerability_state state;
  sonde_string description; /* as the kernel words it: "Mitigation: PTI" */
} sonde_cpu_vulnerability;
SONDE_DECLARE_LIST(sonde_cpu_vulnerability_list, sonde_cpu_vulnerability);

/* By ascending name. OS: L 4.15. Cost: 3 per row. Source: /sys/devices/system/cpu/vulnerabilities. */
sonde_status sonde_cpu_vulnerability_list_get(sonde *context, sonde_cpu_vulnerability_list *out);

/* ---- Memory ----------------------------------------------------------------------------------------------------- */

enum {
  SONDE_MEMORY_TOTAL = 1 << 0,
  SONDE_MEMORY_AVAILABLE = 1 << 1,
  SONDE_MEMORY_USED = 1 << 2,
  SONDE_MEMORY_FREE = 1 << 3,
  SONDE_MEMORY_ACTIVE = 1 << 4,
  SONDE_MEMORY_INACTIVE = 1 << 5,
  SONDE_MEMORY_BUFFERS = 1 << 6,
  SONDE_MEMORY_CACHED = 1 << 7,
  SONDE_MEMORY_SHARED = 1 << 8,
  SONDE_MEMORY_SLAB = 1 << 9,
  SONDE_MEMORY_WIRED = 1 << 10,
  SONDE_MEMORY_COMPRESSED = 1 << 11,
  SONDE_MEMORY_LAUNDRY = 1 << 12,
  SONDE_MEMORY_ARC = 1 << 13,
  SONDE_MEMORY_DIRTY = 1 << 14,
  SONDE_MEMORY_COMMITTED = 1 << 15,
  SONDE_MEMORY_COMMIT_LIMIT = 1 << 16,
  SONDE_MEMORY_SLAB_RECLAIMABLE = 1 << 17,
  SONDE_MEMORY_PAGE_TABLES = 1 << 18,
  SONDE_MEMORY_HUGEPAGES = 1 << 19
};

/* Physical memory of the machine (not of the container: see sonde_cgroup), in bytes. */
typedef struct sonde_virtual_memory {
  uint64_t valid;        /* SONDE_MEMORY_* */
  uint64_t total;        /* L W M F S */
  uint64_t available;    /* L W M F S. What programs can get without swapping. Linux: MemAvailable; where it is missing,
                            0 or more than total, computed as the kernel does, or free */
  uint64_t used;         /* L W M F S. total - available */
  uint64_t free;         /* L W M F S. Used for nothing at all; Windows: as available, standby pages included */
  uint64_t active;       /* L M F */
  uint64_t inactive;     /* L M F */
  uint64_t buffers;      /* L F */
  uint64_t cached;       /* L W M F. Linux: with reclaimable slab; Windows: the system's working set of files */
  uint64_t shared;       /* L F */
  uint64_t slab;         /* L */
  uint64_t wired;        /* W M F. Windows: the nonpaged pool */
  uint64_t compressed;   /* M, L (zswap) */
  uint64_t laundry;      /* F */
  uint64_t arc;          /* L F S. ZFS cache: counted as available as far as it can shrink */
  uint64_t dirty;        /* L */
  uint64_t committed;    /* L W */
  uint64_t commit_limit; /* L W */
  uint64_t slab_reclaimable; /* L */
  uint64_t page_tables;      /* L */
  uint64_t hugepages_total;  /* L. HUGEPAGES, in bytes, of the default size */
  uint64_t hugepages_free;   /* L */
  uint64_t page_size;        /* always */
} sonde_virtual_memory;

/* OS: L W M F S. Cost: 4. Source: /proc/meminfo, /proc/spl/kstat/zfs/arcstats; GetPerformanceInfo. */
sonde_status sonde_virtual_memory_get(sonde *context, sonde_virtual_memory *out);

enum {
  SONDE_SWAP_TOTAL = 1 << 0,
  SONDE_SWAP_USED = 1 << 1,
  SONDE_SWAP_FREE = 1 << 2,
  SONDE_SWAP_SIN = 1 << 3,
  SONDE_SWAP_SOUT = 1 << 4
};

typedef struct sonde_swap_memory {
  uint64_t valid; /* SONDE_SWAP_* */
  uint64_t total; /* L W M F S, bytes as all of these */
  uint64_t used;
  uint64_t free;
  uint64_t sin;  /* L M F S. Read back from swap since boot */
  uint64_t sout; /* L M F S. Written to swap since boot */
} sonde_swap_memory;

/* Windows: the page files; where they are not told (under Wine) only a total, what can be committed beyond physical
 * memory. Its page reads are of all files, not of these: sin and sout are not told. OS: L W M F S. Cost: 6. Source:
 * /proc/meminfo, /proc/vmstat; SystemPageFileInformation. */
sonde_status sonde_swap_memory_get(sonde *context, sonde_swap_memory *out);

enum {
  SONDE_SWAP_DEVICE_USED = 1 << 0,
  SONDE_SWAP_DEVICE_PRIORITY = 1 << 1,
  SONDE_SWAP_DEVICE_PEAK = 1 << 2
};

typedef struct sonde_swap_device {
  sonde_status status;
  uint64_t valid;    /* SONDE_SWAP_DEVICE_* */
  sonde_string name; /* path */
  sonde_string type; /* "partition", "file", "zram" ... */
  uint64_t total;
  uint64_t used;
  uint64_t peak;    /* W */
  int64_t priority; /* L */
} sonde_swap_device;
SONDE_DECLARE_LIST(sonde_swap_device_list, sonde_swap_device);

/* OS: L W F S. Cost: 3. Source: /proc/swaps; SystemPageFileInformation. */
sonde_status sonde_swap_device_list_get(sonde *context, sonde_swap_device_list *out);

enum {
  SONDE_NUMA_NODE_TOTAL = 1 << 0,
  SONDE_NUMA_NODE_FREE = 1 << 1,
  SONDE_NUMA_NODE_CPUS = 1 << 2
};

typedef struct sonde_numa_node {
  uint32_t node;
  sonde_status status;
  uint64_t valid;       /* SONDE_NUMA_NODE_* */
  uint64_t total;       /* L F S, bytes */
  uint64_t free;        /* L W F S */
  const uint32_t *cpus; /* L W F S */
  size_t num_cpus;
} sonde_numa_node;
SONDE_DECLARE_LIST(sonde_numa_node_list, sonde_numa_node);

/* A machine with one memory has one node. OS: L W F S. Cost: 9 per node. Source: /sys/devices/system/node;
 * GetLogicalProcessorInformationEx, GetNumaAvailableMemoryNodeEx. */
sonde_status sonde_numa_node_list_get(sonde *context, sonde_numa_node_list *out);

typedef enum sonde_unit {
  SONDE_UNIT_COUNT = 0,
  SONDE_UNIT_BYTES = 1,
  SONDE_UNIT_PAGES = 2,
  SONDE_UNIT_NANOSECONDS = 3
} sonde_unit;

/* One of the OS's own counters, under its own name. */
typedef struct sonde_memory_stat {
  sonde_status status;
  sonde_string source; /* "meminfo", "vmstat", "ksm", "zram0", "node1", "vm.stats.vm", "SystemPerformanceInformation" */
  sonde_string name;   /* "MemTotal", "pgfault", "PageFaultCount" */
  uint64_t value;
  sonde_unit unit;
} sonde_memory_stat;
SONDE_DECLARE_LIST(sonde_memory_stat_list, sonde_memory_stat);

/* Everything the OS tells about its memory, as it tells it. Linux: with what the page merger (ksm), each compressed
 * block device in memory (zramN) and each NUMA node (nodeN) count; of zswap what stands in meminfo and vmstat. Not what
 * the kernel must stop its allocators for: slabinfo, buddyinfo, zoneinfo. Windows: GetPerformanceInfo
 * ("PerformanceInfo"), SystemPerformanceInformation, SystemFileCacheInformation and SystemMemoryListInformation, as far
 * as this version has them; counters of 32 bits wrap. OS: L W M F S. Cost: some 60, and 6 per node
 * and zram device. Source: /proc/meminfo, /proc/vmstat, /sys/kernel/mm/ksm, /sys/block/zramN/mm_stat,
 * /sys/devices/system/node/nodeN/{meminfo,numastat}. */
sonde_status sonde_memory_stat_list_get(sonde *context, sonde_memory_stat_list *out);

#define SONDE_NUMA_ALL UINT32_MAX /* as a node: the whole machine */

enum {
  SONDE_HUGEPAGES_TOTAL = 1 << 0,
  SONDE_HUGEPAGES_FREE = 1 << 1,
  SONDE_HUGEPAGES_RESERVED = 1 << 2,
  SONDE_HUGEPAGES_SURPLUS = 1 << 3,
  SONDE_HUGEPAGES_OVERCOMMIT = 1 << 4
};

/* Huge pages of one size that are set aside: of the machine, or of one of its NUMA nodes. Numbers of pages. */
typedef struct sonde_hugepages {
  uint32_t node; /* SONDE_NUMA_ALL: the machine */
  sonde_status status;
  uint64_t valid;      /* SONDE_HUGEPAGES_* */
  uint64_t page_size;  /* bytes */
  uint64_t total;      /* L F. In the pool */
  uint64_t free;       /* L F */
  uint64_t reserved;   /* L. Free, but promised. Of the machine alone */
  uint64_t surplus;    /* L. Of the total, beyond what was configured */
  uint64_t overcommit; /* L. How many surplus pages there may be. Of the machine alone */
} sonde_hugepages;
SONDE_DECLARE_LIST(sonde_hugepages_list, sonde_hugepages);

/* The machine, then each node, each by ascending size. SONDE_ERR_UNSUPPORTED: a kernel without. OS: L. Cost: 15 per
 * size, 9 per size and node. Source: /sys/kernel/mm/hugepages, /sys/devices/system/node/nodeN/hugepages. */
sonde_status sonde_hugepages_list_get(sonde *context, sonde_hugepages_list *out);

enum {
  SONDE_HEAP_USED = 1 << 0,
  SONDE_HEAP_MMAP_USED = 1 << 1,
  SONDE_HEAP_COUNT = 1 << 2
};

/* The C allocator of the calling process. Windows: the heaps of the process and of the C library, for others may be
 * destroyed by their owners while they are looked at; mmap_used is all that VirtualAlloc committed, heaps and stacks
 * too. */
typedef struct sonde_heap_info {
  uint64_t valid;      /* SONDE_HEAP_* */
  uint64_t heap_used;  /* L (glibc) W M F */
  uint64_t mmap_used;  /* L (glibc) W M F */
  uint64_t heap_count; /* W. All heaps of the process */
} sonde_heap_info;

/* Windows: visits each block of these heaps, and keeps them locked meanwhile. OS: L (glibc) W M F. Cost: 0. Source: the
 * C library; HeapWalk, VirtualQuery, GetProcessHeaps. */
sonde_status sonde_heap_info_get(sonde *context, sonde_heap_info *out);

/* Gives unused heap memory back to the OS. OS: L (glibc) W M F. */
sonde_status sonde_heap_trim(sonde *context);

/* ---- Disks ------------------------------------------------------------------------------------------------------ */

enum {
  SONDE_PARTITION_DEV = 1 << 0,
  SONDE_PARTITION_MOUNT_ID = 1 << 1,
  SONDE_PARTITION_ROOT = 1 << 2
};

enum {
  SONDE_MOUNT_READ_ONLY = 1 << 0,
  SONDE_MOUNT_REMOTE = 1 << 1,  /* over a network: looking at it may block */
  SONDE_MOUNT_VIRTUAL = 1 << 2, /* no storage behind it: proc, sysfs, tmpfs ... */
  SONDE_MOUNT_AUTO = 1 << 3     /* an automount point: looking at it may mount something */
};

/* A mounted file system. */
typedef struct sonde_disk_partition {
  sonde_status status;
  uint64_t valid;      /* SONDE_PARTITION_* for the fields that name it; the others are always told */
  sonde_string device; /* Windows: the volume, \\?\Volume{...}\; a share, \\server\share; where there is neither: C:\ */
  sonde_string mountpoint;
  sonde_string fstype;
  sonde_string opts;  /* comma-separated, mount and file system together; Windows: rw or ro, compressed, and fixed,
                         removable, remote, cdrom, ramdisk */
  sonde_string root;  /* ROOT. L. What of the file system is mounted here: "/" unless a bind mount or subvolume */
  uint32_t flags;     /* SONDE_MOUNT_* */
  uint64_t mount_id;  /* MOUNT_ID. L */
  uint64_t parent_id; /* MOUNT_ID. L. The mount it is mounted on */
  uint32_t dev_major; /* DEV. L F S */
  uint32_t dev_minor; /* DEV */
} sonde_disk_partition;
SONDE_DECLARE_LIST(sonde_disk_partition_list, sonde_disk_partition);

/* The mounts that the calling process sees. all false: only those with storage or a server behind them, the usual
 * meaning of "disks". No mount is looked at: a dead one cannot block this. Windows: the drives, then the folders on
 * which volumes are mounted; only local drives are asked for their file system (one that sleeps wakes for it), those
 * for removable media only while there is a medium (without one they are rows of all only), floppy drives and network
 * drives never: fstype is empty then. OS: L W M F S. Cost: 3 (6 unless all). Source: /proc/self/mountinfo,
 * /proc/filesystems; GetLogicalDriveStrings, GetVolumeInformation, FindFirstVolume. */
sonde_status sonde_disk_partition_list_get(sonde *context, sonde_disk_partition_list *out, bool all);

enum {
  SONDE_DISK_USAGE_SPACE = 1 << 0,
  SONDE_DISK_USAGE_INODES = 1 << 1,
  SONDE_DISK_USAGE_READ_ONLY = 1 << 2
};

typedef struct sonde_disk_usage {
  uint64_t valid;       /* SONDE_DISK_USAGE_* */
  uint64_t total;       /* L W M F S. SPACE, bytes as all */
  uint64_t used;        /* by files; on APFS of this volume alone */
  uint64_t free;        /* to the caller: without what is reserved for root */
  uint64_t reserved;    /* total - used - free */
  uint64_t inodes;      /* L M F S. INODES. Total */
  uint64_t inodes_used; /* */
  uint64_t inodes_free; /* to the caller */
  uint64_t block_size;  /* SPACE. Of allocation */
  bool read_only;       /* L W M F S. READ_ONLY */
} sonde_disk_usage;

/* The file system on which path lies (below rootfs). Blocks: with timeout SONDE_NO_TIMEOUT as long as the mount takes
 * to answer (for ever on a dead one); else never longer than timeout nanoseconds and the 20 ms that a killed helper may
 * take to end, then SONDE_ERR_TIMEOUT: a helper process asks, and while one hangs on a mount no second one is sent
 * there. When roots are given, but no rootfs: SONDE_ERR_UNSUPPORTED. Windows: a network drive with a timeout is
 * SONDE_ERR_UNSUPPORTED, since only a thread, of which this library starts none, could give up on it; a local drive is
 * asked without a helper, and one that sleeps may take longer than timeout to wake. Cost: 1; with a timeout about 15.
 * OS: L W M F S. Source: statvfs; NtQueryVolumeInformationFile. */
sonde_status sonde_disk_usage_get(sonde *context, sonde_disk_usage *out, const char *path, uint64_t timeout);

enum {
  SONDE_DISK_IO_COUNTS = 1 << 0,
  SONDE_DISK_IO_BYTES = 1 << 1,
  SONDE_DISK_IO_TIMES = 1 << 2,
  SONDE_DISK_IO_MERGED = 1 << 3,
  SONDE_DISK_IO_BUSY_TIME = 1 << 4,
  SONDE_DISK_IO_WEIGHTED_TIME = 1 << 5,
  SONDE_DISK_IO_IN_FLIGHT = 1 << 6,
  SONDE_DISK_IO_DISCARD = 1 << 7,
  SONDE_DISK_IO_FLUSH = 1 << 8
};

/* A disk's, or partition's, work since boot (or since it was plugged in: then the counters start again). */
typedef struct sonde_disk_io {
  sonde_status status;
  uint64_t valid; /* SONDE_DISK_IO_* */
  sonde_string name;
  bool partition;          /* part of another row; partition rows are left out of sonde_disk_io_sum */
  uint64_t read_count;     /* L W M F S. COUNTS. Requests completed */
  uint64_t write_count;    /* COUNTS */
  uint64_t read_bytes;     /* L W M F S. BYTES */
  uint64_t write_bytes;    /* BYTES */
  uint64_t read_time;      /* L W M F. TIMES. Sum over the requests, ns */
  uint64_t write_time;     /* TIMES */
  uint64_t read_merged;    /* L. MERGED */
  uint64_t write_merged;   /* MERGED */
  uint64_t busy_time;      /* L F S. Time with at least one request under way, ns */
  uint64_t weighted_time;  /* L S. Requests under way x time, ns */
  uint64_t in_flight;      /* L W F S. Now */
  uint64_t discard_count;  /* L 4.18. DISCARD */
  uint64_t discard_bytes;  /* DISCARD */
  uint64_t discard_merged; /* DISCARD */
  uint64_t discard_time;   /* DISCARD, ns */
  uint64_t flush_count;    /* L 5.5. FLUSH */
  uint64_t flush_time;     /* FLUSH, ns */
} sonde_disk_io;
SONDE_DECLARE_LIST(sonde_disk_io_list, sonde_disk_io);

/* On Linux the times are 32-bit milliseconds in the kernel: they wrap after 49.7 days of work. Windows: whole disks
 * ("PhysicalDrive0") only; counts have 32 bits; the status of a disk whose counters are switched off, as they may be on
 * servers (diskperf -y), is SONDE_ERR_UNSUPPORTED. OS: L W M F S. Cost: 3, and one per name to tell partitions. Source:
 * /proc/diskstats, or /sys/block/X/stat where that is missing; IOCTL_DISK_PERFORMANCE. */
sonde_status sonde_disk_io_list_get(sonde *context, sonde_disk_io_list *out);

typedef enum sonde_disk_kind {
  SONDE_DISK_KIND_UNKNOWN = 0,
  SONDE_DISK_KIND_HDD = 1,
  SONDE_DISK_KIND_SSD = 2,
  SONDE_DISK_KIND_OPTICAL = 3,
  SONDE_DISK_KIND_FLOPPY = 4,
  SONDE_DISK_KIND_RAM = 5,
  SONDE_DISK_KIND_VIRTUAL = 6 /* made of other disks or of files: loop, device mapper, md */
} sonde_disk_kind;

enum {
  SONDE_DISK_DEVICE_SIZE = 1 << 0,
  SONDE_DISK_DEVICE_KIND = 1 << 1,
  SONDE_DISK_DEVICE_REMOVABLE = 1 << 2,
  SONDE_DISK_DEVICE_READ_ONLY = 1 << 3,
  SONDE_DISK_DEVICE_BLOCK_SIZES = 1 << 4,
  SONDE_DISK_DEVICE_DEV = 1 << 5
};

/* A block device. */
typedef struct sonde_disk_device {
  sonde_status status;
  uint64_t valid; /* SONDE_DISK_DEVICE_* */
  sonde_string name;
  sonde_string parent; /* of a partition: its disk; else empty */
  sonde_string vendor; /* the strings are empty where the device does not tell */
  sonde_string model;
  sonde_string serial;
  sonde_string firmware;
  sonde_string wwn;
  uint64_t size; /* bytes */
  sonde_disk_kind kind;
  bool removable;
  bool read_only;
  uint32_t logical_block_size; /* BLOCK_SIZES */
  uint32_t physical_block_size;
  uint32_t dev_major; /* DEV */
  uint32_t dev_minor;
  sonde_string
      type; /* L W. "disk", "part", "rom", "loop"; of what is made of others "lvm", "crypt", "mpath", "raid1" ... */
  sonde_string mapped_name;    /* L. Of the device mapper: "vg-root", as in /dev/mapper; else empty */
  sonde_string backing_file;   /* L. Of a loop device in use: the path of its file; else empty */
  const sonde_string *members; /* L. The devices that it is made of, ascending: of LVM, dm-crypt, md, multipath ... */
  size_t num_members;
  sonde_string label; /* L. Of the file system on it, where udev has looked; else empty */
  sonde_string uuid;  /* L. The same: its serial number */
} sonde_disk_device;
SONDE_DECLARE_LIST(sonde_disk_device_list, sonde_disk_device);

/* Windows: disks ("PhysicalDrive0") with their partitions ("Harddisk0Partition1"), and CD drives ("CdRom0"). OS: L W M
 * F S. Privilege: some serial numbers want root (L). Cost: some 36 per device, 1 per file system. Source:
 * /sys/class/block, /dev/disk; IOCTL_STORAGE_QUERY_PROPERTY, IOCTL_DISK_GET_DRIVE_GEOMETRY_EX,
 * IOCTL_DISK_GET_DRIVE_LAYOUT_EX. */
sonde_status sonde_disk_device_list_get(sonde *context, sonde_disk_device_list *out);

/* ---- Network ---------------------------------------------------------------------------------------------------- */

typedef enum sonde_family {
  SONDE_FAMILY_NONE = 0,
  SONDE_FAMILY_INET = 1,
  SONDE_FAMILY_INET6 = 2,
  SONDE_FAMILY_UNIX = 3,
  SONDE_FAMILY_LINK = 4 /* hardware address */
} sonde_family;

#define SONDE_ADDRESS_MAX 32

/* An address, of an interface or of an endpoint. */
typedef struct sonde_address {
  sonde_family family;              /* NONE: there is none, and all else is 0 */
  uint8_t bytes[SONDE_ADDRESS_MAX]; /* in network order */
  uint8_t len;                      /* 4, 16, or that of the hardware address */
  uint16_t port;                    /* host order; 0 where there is none */
  uint32_t scope_id;                /* IPv6: the interface a link-local address belongs to */
} sonde_address;

#define SONDE_ADDRESS_TEXT_MAX 128

/* Writes "192.0.2.1", "fe80::1%2" or "52:54:00:12:34:56", with "[...]:port" or ":port" when there is a port, and a NUL.
 * Returns the length without it; 0 for family NONE or when out_size is too small (SONDE_ADDRESS_TEXT_MAX never is). */
size_t sonde_address_format(char *out, size_t out_size, const sonde_address *address);

enum {
  SONDE_NET_IO_BYTES = 1 << 0,
  SONDE_NET_IO_PACKETS = 1 << 1,
  SONDE_NET_IO_ERRIN = 1 << 2,
  SONDE_NET_IO_ERROUT = 1 << 3,
  SONDE_NET_IO_DROPIN = 1 << 4,
  SONDE_NET_IO_DROPOUT = 1 << 5,
  SONDE_NET_IO_MULTICAST = 1 << 6,
  SONDE_NET_IO_COLLISIONS = 1 << 7,
  SONDE_NET_IO_DETAIL = 1 << 8
};

/* A network interface's traffic since it came up. */
typedef struct sonde_net_io {
  sonde_status status;
  uint64_t valid; /* SONDE_NET_IO_* */
  sonde_string name;
  uint64_t bytes_sent;     /* L W M F S */
  uint64_t bytes_recv;     /* L W M F S */
  uint64_t packets_sent;   /* L W M F S */
  uint64_t packets_recv;   /* L W M F S */
  uint64_t errin;          /* L W M F S */
  uint64_t errout;         /* L W M F S */
  uint64_t dropin;         /* L W M F */
  uint64_t dropout;        /* L W F */
  uint64_t multicast;      /* L M F S. Received */
  uint64_t collisions;     /* L M F S */
  uint64_t fifo_in;        /* L. DETAIL, as what follows */
  uint64_t fifo_out;       /* */
  uint64_t frame;          /* received, badly framed: too long or short, checksum, alignment (sonde_net_error_list) */
  uint64_t carrier;        /* sent in vain: carrier, aborted, heartbeat, late collision */
  uint64_t compressed_in;  /* */
  uint64_t compressed_out; /* */
} sonde_net_io;
SONDE_DECLARE_LIST(sonde_net_io_list, sonde_net_io);

/* Windows: the interfaces that speak IP, under the names that its users know ("Ethernet"): no filter drivers. OS: L W M
 * F S. Cost: 3 (W 1, and 1 per interface). Source: /proc/self/net/dev; GetAdaptersAddresses, GetIfEntry2. */
sonde_status sonde_net_io_list_get(sonde *context, sonde_net_io_list *out);

enum {
  SONDE_NET_ERROR_COUNTS = 1 << 0,
  SONDE_NET_ERROR_NO_HANDLER = 1 << 1,
  SONDE_NET_ERROR_OTHER_HOST = 1 << 2
};

/* What went wrong at a network interface since it came up, kind by kind: errin, errout and dropin of sonde_net_io in
 * parts. */
typedef struct sonde_net_error {
  sonde_status status;
  uint64_t valid; /* SONDE_NET_ERROR_* */
  sonde_string name;
  uint32_t index;
  uint64_t rx_length;     /* L. COUNTS, as what follows. Received with a wrong length */
  uint64_t rx_over;       /* the ring was full */
  uint64_t rx_crc;        /* wrong checksum */
  uint64_t rx_frame;      /* wrong alignment */
  uint64_t rx_fifo;       /* the device's own memory was full */
  uint64_t rx_missed;     /* the host was too slow; counted as dropin, too */
  uint64_t tx_aborted;    /* sending was given up */
  uint64_t tx_carrier;    /* carrier lost */
  uint64_t tx_fifo;       /* the device's own memory was empty */
  uint64_t tx_heartbeat;  /* */
  uint64_t tx_window;     /* late collision */
  uint64_t rx_no_handler; /* L 4.6, W. NO_HANDLER. Of a protocol that nobody speaks here, or on an inactive device */
  uint64_t rx_other_host; /* L 5.19. OTHER_HOST. For another host, and dropped */
} sonde_net_error;
SONDE_DECLARE_LIST(sonde_net_error_list, sonde_net_error);

/* OS: L W. Cost: some 5 (W 1, and 1 per interface). Source: rtnetlink; GetIfEntry2, of which only packets of unknown
 * protocols are a kind of error of their own. */
sonde_status sonde_net_error_list_get(sonde *context, sonde_net_error_list *out);

enum {
  SONDE_NET_IF_UP = 1 << 0,
  SONDE_NET_IF_BROADCAST = 1 << 1,
  SONDE_NET_IF_LOOPBACK = 1 << 2,
  SONDE_NET_IF_POINTOPOINT = 1 << 3,
  SONDE_NET_IF_RUNNING = 1 << 4,
  SONDE_NET_IF_PROMISC = 1 << 5,
  SONDE_NET_IF_MULTICAST = 1 << 6,
  SONDE_NET_IF_NOARP = 1 << 7
};

/* One address of one interface; an interface with none has one row of family NONE. */
typedef struct sonde_net_if_addr {
  sonde_status status;
  sonde_string name;
  uint32_t index;
  sonde_address address;
  sonde_address netmask;   /* NONE for hardware addresses */
  sonde_address broadcast; /* NONE where there is none */
  sonde_address ptp;       /* the other end of a point-to-point link */
  uint32_t prefix_len;
} sonde_net_if_addr;
SONDE_DECLARE_LIST(sonde_net_if_addr_list, sonde_net_if_addr);

/* Windows: hardware addresses longer than 8 bytes are rows that are bad; broadcast addresses are computed, for
 * interfaces that have such; addresses that are tentative or duplicate are listed too. OS: L W M F S. Cost: some 8 (W
 * 1). Source: rtnetlink; GetAdaptersAddresses. Of a recording SONDE_ERR_UNSUPPORTED on Linux: no file says which
 * interface has an IPv4 address, and a list of the others alone would be short. */
sonde_status sonde_net_if_addr_list_get(sonde *context, sonde_net_if_addr_list *out);

typedef enum sonde_duplex {
  SONDE_DUPLEX_UNKNOWN = 0,
  SONDE_DUPLEX_HALF = 1,
  SONDE_DUPLEX_FULL = 2
} sonde_duplex;

enum {
  SONDE_NET_IF_STATS_ISUP = 1 << 0,
  SONDE_NET_IF_STATS_DUPLEX = 1 << 1,
  SONDE_NET_IF_STATS_SPEED = 1 << 2,
  SONDE_NET_IF_STATS_MTU = 1 << 3,
  SONDE_NET_IF_STATS_FLAGS = 1 << 4,
  SONDE_NET_IF_STATS_INDEX = 1 << 5,
  SONDE_NET_IF_STATS_CARRIER_CHANGES = 1 << 6
};

typedef struct sonde_net_if_stats {
  sonde_status status;
  uint64_t valid; /* SONDE_NET_IF_STATS_*; a speed or duplex that the driver does not know is not valid */
  sonde_string name;
  uint32_t index;
  bool isup;                /* L W M F S. Up and with a carrier */
  sonde_duplex duplex;      /* L M F S */
  uint64_t speed;           /* L W M F S. Bits per second */
  uint64_t mtu;             /* L W M F S. Bytes */
  uint32_t flags;           /* L M F S. SONDE_NET_IF_* */
  sonde_string operstate;   /* L W. "up", "down", "dormant" ... */
  sonde_address hwaddr;     /* L W M F. NONE where there is none */
  uint64_t carrier_changes; /* L */
} sonde_net_if_stats;
SONDE_DECLARE_LIST(sonde_net_if_stats_list, sonde_net_if_stats);

/* On Linux /sys may be that of another network namespace: of an interface that is another one there speed and duplex
 * are not told. Windows: an MTU without limit, as of the loopback interface, is not valid; operstate has Linux' words.
 * OS: L W M F S. Cost: 5, and some 24 per interface (W 1, and 1 per interface). Source: /sys/class/net, rtnetlink;
 * GetAdaptersAddresses, GetIfEntry2. */
sonde_status sonde_net_if_stats_list_get(sonde *context, sonde_net_if_stats_list *out);

/* Kinds of sockets, to be or-ed. */
enum {
  SONDE_CONNECTION_TCP4 = 1 << 0,
  SONDE_CONNECTION_TCP6 = 1 << 1,
  SONDE_CONNECTION_UDP4 = 1 << 2,
  SONDE_CONNECTION_UDP6 = 1 << 3,
  SONDE_CONNECTION_UNIX = 1 << 4,
  SONDE_CONNECTION_RAW4 = 1 << 5, /* L */
  SONDE_CONNECTION_RAW6 = 1 << 6, /* L */
  SONDE_CONNECTION_TCP = (1 << 0) | (1 << 1),
  SONDE_CONNECTION_UDP = (1 << 2) | (1 << 3),
  SONDE_CONNECTION_RAW = (1 << 5) | (1 << 6),
  SONDE_CONNECTION_INET4 = (1 << 0) | (1 << 2),
  SONDE_CONNECTION_INET6 = (1 << 1) | (1 << 3),
  SONDE_CONNECTION_INET = 0xf, /* TCP and UDP */
  SONDE_CONNECTION_ALL = 0x7f,
  SONDE_CONNECTION_OWNER = 1 << 8,   /* also find pid and fd: costs a look at every descriptor of every process */
  SONDE_CONNECTION_TCP_INFO = 1 << 9 /* also fill tcp_info */
};

typedef enum sonde_socket_type {
  SONDE_SOCKET_UNKNOWN = 0,
  SONDE_SOCKET_STREAM = 1,
  SONDE_SOCKET_DGRAM = 2,
  SONDE_SOCKET_SEQPACKET = 3,
  SONDE_SOCKET_RAW = 4
} sonde_socket_type;

typedef enum sonde_connection_state {
  SONDE_STATE_NONE = 0, /* UDP, raw, and unix sockets that do not listen */
  SONDE_STATE_ESTABLISHED = 1,
  SONDE_STATE_SYN_SENT = 2,
  SONDE_STATE_SYN_RECV = 3,
  SONDE_STATE_FIN_WAIT1 = 4,
  SONDE_STATE_FIN_WAIT2 = 5,
  SONDE_STATE_TIME_WAIT = 6,
  SONDE_STATE_CLOSE = 7,
  SONDE_STATE_CLOSE_WAIT = 8,
  SONDE_STATE_LAST_ACK = 9,
  SONDE_STATE_LISTEN = 10,
  SONDE_STATE_CLOSING = 11,
  SONDE_STATE_DELETE_TCB = 12, /* W */
  SONDE_STATE_IDLE = 13,       /* S */
  SONDE_STATE_BOUND = 14,      /* S */
  SONDE_STATE_UNKNOWN = 15     /* a number that is new to the library */
} sonde_connection_state;

enum {
  SONDE_TCP_INFO_BYTES = 1 << 0,        /* since Linux 4.1 */
  SONDE_TCP_INFO_DELIVERY_RATE = 1 << 1 /* since Linux 4.9 */
};

/* What TCP knows of a connection (L). Durations in ns. */
typedef struct sonde_tcp_info {
  uint64_t valid; /* SONDE_TCP_INFO_*; what has no bit is always told */
  uint64_t rtt;
  uint64_t rttvar;
  uint64_t retransmits; /* segments, since the start */
  uint64_t lost;
  uint64_t snd_cwnd; /* segments */
  uint64_t snd_mss;
  uint64_t rcv_mss;
  uint64_t bytes_acked;    /* BYTES */
  uint64_t bytes_received; /* BYTES */
  uint64_t delivery_rate;  /* DELIVERY_RATE. Bytes per second */
} sonde_tcp_info;

enum {
  SONDE_CONNECTION_VALID_OWNER = 1 << 0,
  SONDE_CONNECTION_VALID_UID = 1 << 1,
  SONDE_CONNECTION_VALID_INODE = 1 << 2,
  SONDE_CONNECTION_VALID_QUEUES = 1 << 3,
  SONDE_CONNECTION_VALID_RETRANSMITS = 1 << 4,
  SONDE_CONNECTION_VALID_DROPS = 1 << 5,
  SONDE_CONNECTION_VALID_INTERFACE = 1 << 6
};

typedef struct sonde_connection {
  sonde_status status;
  uint64_t valid; /* SONDE_CONNECTION_VALID_* */
  sonde_family family;
  sonde_socket_type type;
  sonde_connection_state state;
  sonde_address laddr;            /* raw: the port is the number of the protocol */
  sonde_address raddr;            /* NONE: not connected */
  sonde_string lpath;             /* unix: any bytes; abstract names begin with NUL */
  sonde_string rpath;             /* unix: the peer's, where the OS tells */
  sonde_pid pid;                  /* OWNER. L W M F S. Of several owners the lowest pid */
  int64_t fd;                     /* OWNER. L M F. The lowest that this owner has; -1 where there is none to tell */
  uint32_t uid;                   /* L F. Who made it */
  uint64_t inode;                 /* L F. The OS's number for the socket */
  uint64_t recv_queue;            /* QUEUES. L F S. Bytes not read yet; of a listener: connections waiting */
  uint64_t send_queue;            /* QUEUES. Bytes not acknowledged yet; of a listener: the most that may wait */
  uint64_t retransmits;           /* L. TCP. Unanswered now */
  uint64_t drops;                 /* L. UDP and raw: received and thrown away */
  uint32_t interface_index;       /* L. INTERFACE. Bound to this one; 0: to none */
  const sonde_tcp_info *tcp_info; /* L. NULL unless asked for and told */
} sonde_connection;
SONDE_DECLARE_LIST(sonde_connection_list, sonde_connection);

/* The sockets of the calling thread's network namespace, of the or-ed kinds; TCP sockets once they listen or connect,
 * UDP sockets once they are bound. A socket without owner (TIME_WAIT, or another user's process that may not be looked
 * into) is listed with pid SONDE_PID_UNKNOWN and without the OWNER bit. The end of a TCP connection that the other side
 * has closed counts that as a byte not read; queues of UDP and raw sockets, and the send queue of unix sockets, are
 * memory, overhead included; the receive queue of a unix datagram socket is its first packet.
 *
 * OS: L W M F S. Privilege: owners of other users' sockets want root (L M F). Cost: 2, and per kind 3 and 1 per 150 to
 * 250 sockets; with OWNER 4 and 1 per descriptor for each process. Source: sock_diag (Linux 3.3; raw sockets 4.10), for
 * each kind that the kernel does not answer for (a module that is missing, a sandbox) or not understandably
 * /proc/net/{tcp,tcp6,udp,udp6,raw,raw6,unix}; of a recording only these. What these cannot tell is not valid: the
 * queues of TCP listeners, interface_index, and of unix sockets uid, queues and (empty then) rpath; tcp_info is NULL,
 * the scope of link-local addresses 0. They show an '@' for each NUL of an abstract name, so that a path that begins
 * with '@' is taken for abstract, and an '@' inside a name stays. They escape nothing: a unix path may hold lines that
 * read as further rows, so whoever may bind sockets can make up rows, but no owners for them. Only they list the ends
 * of unix connections that no process has accepted yet.
 *
 * Windows has unix and raw sockets but tells none: asked for alone they are SONDE_ERR_UNSUPPORTED; with others these
 * are listed, and sonde_last_error says what is missing. Owners cost nothing there; fd is -1. Cost: 1 per kind. Source:
 * GetExtendedTcpTable, GetExtendedUdpTable. */
sonde_status sonde_connection_list_get(sonde *context, sonde_connection_list *out, uint32_t kinds);

/* One counter of a protocol, under the OS's own name. */
typedef struct sonde_net_protocol {
  sonde_status status;
  sonde_string protocol; /* "Ip", "Tcp", "TcpExt", "Udp6", "conntrack", "softnet" ... */
  sonde_string name;     /* "ActiveOpens" */
  int64_t value;         /* signed: a few are limits, with -1 for none */
} sonde_net_protocol;
SONDE_DECLARE_LIST(sonde_net_protocol_list, sonde_net_protocol);

/* Linux: "softnet" is what the packet queues of all CPUs counted together: processed, dropped, time_squeeze,
 * received_rps, flow_limit. Windows: "Ip", "Icmp", "Tcp", "Udp", and "Ip6" and so on for IPv6; 64 bits where Windows
 * has them (TCP segments and UDP datagrams, since 10 1709), else 32 that wrap around. OS: L W M F S. Cost: 12 (W 8).
 * Source: /proc/self/net/{snmp,netstat,snmp6}, /proc/net/softnet_stat, nf_conntrack in /proc/sys; GetTcpStatisticsEx2
 * and the like. */
sonde_status sonde_net_protocol_list_get(sonde *context, sonde_net_protocol_list *out);

/* ---- Sensors ---------------------------------------------------------------------------------------------------- */

/* Kinds of sensors, to be or-ed. */
typedef enum sonde_sensor_kind {
  SONDE_SENSOR_TEMPERATURE = 1 << 0, /* degrees Celsius */
  SONDE_SENSOR_FAN = 1 << 1,         /* turns per minute */
  SONDE_SENSOR_VOLTAGE = 1 << 2,     /* volts */
  SONDE_SENSOR_CURRENT = 1 << 3,     /* amperes */
  SONDE_SENSOR_POWER = 1 << 4,       /* watts */
  SONDE_SENSOR_ENERGY = 1 << 5,      /* joules, counted up */
  SONDE_SENSOR_HUMIDITY = 1 << 6,    /* per cent */
  SONDE_SENSOR_ALL = 0x7f
} sonde_sensor_kind;

enum {
  SONDE_SENSOR_VALID_CURRENT = 1 << 0,
  SONDE_SENSOR_VALID_HIGH = 1 << 1,
  SONDE_SENSOR_VALID_CRITICAL = 1 << 2,
  SONDE_SENSOR_VALID_LOW = 1 << 3,
  SONDE_SENSOR_VALID_LOW_CRITICAL = 1 << 4,
  SONDE_SENSOR_VALID_ALARM = 1 << 5,
  SONDE_SENSOR_VALID_WRAP = 1 << 6
};

typedef struct sonde_sensor {
  /* Not SONDE_OK: only this row is lost, and `current` is not told. SONDE_ERR_OS: the chip did not answer, or says that
   * this sensor is faulty. SONDE_ERR_UNSUPPORTED: it is switched off. SONDE_ERR_TIMEOUT: its chip was too slow. */
  sonde_status status;
  uint64_t valid; /* SONDE_SENSOR_VALID_* */
  sonde_sensor_kind kind;
  sonde_string chip;  /* "coretemp" */
  sonde_string label; /* "Core 0"; may be empty */
  double current;
  double high;
  double critical;
  double low;
  double low_critical; /* L */
  double wrap;         /* L. Of a counter (energy): at this much it starts again at 0 */
  bool alarm;          /* L. The chip says that a limit was passed */
} sonde_sensor;
SONDE_DECLARE_LIST(sonde_sensor_list, sonde_sensor);

/* The or-ed kinds; chip NULL: of every chip, else only of the chip with that name (others are not even read). On Linux
 * thermal zones and power zones count as chips; a zone that a chip shows already is left out. Blocks: a slow chip can
 * take a good part of a second; after 5 seconds with one chip its other sensors are not asked: SONDE_ERR_TIMEOUT. OS: L
 * M F. Privilege: energy of the CPU wants root (since Linux 5.10). Cost: some 9 per sensor, 3 per limit and alarm.
 * Source: hwmon, thermal and powercap in /sys. */
sonde_status sonde_sensor_list_get(sonde *context, sonde_sensor_list *out, uint32_t kinds, const char *chip);

typedef enum sonde_battery_state {
  SONDE_BATTERY_UNKNOWN = 0,
  SONDE_BATTERY_CHARGING = 1,
  SONDE_BATTERY_DISCHARGING = 2,
  SONDE_BATTERY_FULL = 3,
  SONDE_BATTERY_NOT_CHARGING = 4
} sonde_battery_state;

enum {
  SONDE_BATTERY_VALID_PERCENT = 1 << 0,
  SONDE_BATTERY_VALID_TIME_LEFT = 1 << 1,
  SONDE_BATTERY_VALID_POWER_PLUGGED = 1 << 2,
  SONDE_BATTERY_VALID_ENERGY = 1 << 3,
  SONDE_BATTERY_VALID_POWER = 1 << 4,
  SONDE_BATTERY_VALID_VOLTAGE = 1 << 5,
  SONDE_BATTERY_VALID_CYCLES = 1 << 6
};

typedef struct sonde_battery {
  sonde_status status;
  uint64_t valid; /* SONDE_BATTERY_VALID_* */
  sonde_string name;
  sonde_battery_state state;
  double percent;       /* L W M F. 0..100 */
  uint64_t time_left;   /* L W M F. ns; SONDE_UNLIMITED while plugged in */
  bool power_plugged;   /* L W M F. The machine has mains power */
  double energy;        /* L M. ENERGY. Watt-hours, now */
  double energy_full;   /* L M. ENERGY. When last full */
  double energy_design; /* L M. ENERGY. When new */
  double power;         /* L W M. Watts, now */
  double voltage;       /* L M. Volts, now */
  uint64_t cycles;      /* L M */
} sonde_battery;
SONDE_DECLARE_LIST(sonde_battery_list, sonde_battery);

/* The machine's own: not those of a mouse or a headset, nor empty bays. A machine without a battery has no rows. OS:
 * L W M F S (Windows: all batteries together are one row, without a name). Cost: some 40 per battery. Source:
 * /sys/class/power_supply; GetSystemPowerStatus, NtPowerInformation. */
sonde_status sonde_battery_list_get(sonde *context, sonde_battery_list *out);

enum {
  SONDE_GPU_MEMORY = 1 << 0,
  SONDE_GPU_UTILIZATION = 1 << 1,
  SONDE_GPU_TEMPERATURE = 1 << 2,
  SONDE_GPU_POWER = 1 << 3,
  SONDE_GPU_FREQUENCY = 1 << 4
};

typedef struct sonde_gpu {
  sonde_status status;
  uint64_t valid;  /* SONDE_GPU_* */
  sonde_string id; /* PCI address or what the driver names it by */
  sonde_string name;
  sonde_string vendor;
  sonde_string driver;
  uint64_t memory_total;    /* MEMORY */
  uint64_t memory_used;     /* MEMORY */
  double utilization_ratio; /* 0..1 */
  double temperature;       /* degrees Celsius */
  double power;             /* watts */
  uint64_t frequency;       /* hertz */
} sonde_gpu;
SONDE_DECLARE_LIST(sonde_gpu_list, sonde_gpu);

/* For plug-in backends: the built-in ones do not fill it. */
sonde_status sonde_gpu_list_get(sonde *context, sonde_gpu_list *out);

/* ---- Host ------------------------------------------------------------------------------------------------------- */

/* Strings are empty where the OS does not tell. Freed with sonde_host_info_free. */
typedef struct sonde_host_info {
  sonde_string hostname;
  sonde_string os_name;        /* "Debian GNU/Linux", "Windows", "macOS", "FreeBSD", "OmniOS" */
  sonde_string os_id;          /* "debian", "windows", "macos", "freebsd", "omnios" */
  sonde_string os_version;     /* "12"; "10.0.22631.4460" */
  sonde_string os_pretty_name; /* "Debian GNU/Linux 12 (bookworm)", "Windows 11 Pro 23H2" */
  sonde_string kernel_name;    /* "Linux", "Windows NT" */
  sonde_string kernel_release; /* "6.1.0-18-amd64", "10.0.22631" */
  sonde_string kernel_version; /* "#1 SMP ..."; Windows: the laboratory's name for the build */
  sonde_string architecture;   /* of the kernel: "x86_64", "aarch64"; Windows of 32 bits: "x86" */
  sonde_string machine_id;
  sonde_string boot_id;        /* L M F. New at each boot */
  sonde_string virtualization; /* "kvm", "vmware", "hyperv", "xen" ...: what this machine runs on; "vm": some
                                  hypervisor; empty on bare metal or unknown */
  sonde_string container;      /* "docker", "lxc", "podman", "jail", "zone" ...: what the caller runs in */
  struct sonde_memory_block *memory;
} sonde_host_info;

/* OS: L W M F S. Cost: some 30. Source: uname, /proc/sys/kernel, os-release, machine-id, DMI in /sys, cpuinfo; Windows:
 * RtlGetVersion, GetComputerNameEx, IsWow64Process2, the registry (container is not told). */
sonde_status sonde_host_info_get(sonde *context, sonde_host_info *out);
void sonde_host_info_free(sonde_host_info *self);

enum {
  SONDE_HOST_TIMES_BOOT_TIME = 1 << 0,
  SONDE_HOST_TIMES_UPTIME = 1 << 1,
  SONDE_HOST_TIMES_NOW = 1 << 2,
  SONDE_HOST_TIMES_MONOTONIC = 1 << 3
};

typedef struct sonde_host_times {
  uint64_t valid;
  uint64_t boot_time; /* L W M F S. Moment; moves when the wall clock is set, so never compare it for identity */
  uint64_t uptime;    /* L W M F S. Duration, with time asleep */
  uint64_t now;       /* L W M F S. Moment, by the wall clock; not told of a recording */
  uint64_t monotonic; /* L W M F S. For differences only; not told of a recording */
} sonde_host_times;

/* OS: L W M F S. Cost: 6. Source: /proc/stat, /proc/uptime, clock_gettime; SystemTimeOfDayInformation, GetTickCount64,
 * GetSystemTimePreciseAsFileTime, QueryPerformanceCounter. */
sonde_status sonde_host_times_get(sonde *context, sonde_host_times *out);

enum {
  SONDE_USER_STARTED = 1 << 0,
  SONDE_USER_PID = 1 << 1
};

/* A login session. */
typedef struct sonde_user {
  sonde_status status;
  uint64_t valid;        /* SONDE_USER_* */
  sonde_string name;     /* Windows: DOMAIN\user, as sonde_process.username */
  sonde_string terminal; /* empty where there is none; Windows: the station, "Console", "RDP-Tcp#3" */
  sonde_string host;     /* from where; empty: here */
  uint64_t started;      /* moment */
  sonde_pid pid;         /* L M F S. Of the login process */
} sonde_user;
SONDE_DECLARE_LIST(sonde_user_list, sonde_user);

/* SONDE_ERR_UNSUPPORTED where nobody keeps a list (Windows: Nano Server). OS: L W M F S. Cost: 3 or more. Source:
 * /run/utmp; without it, the sessions of systemd-logind; WTSEnumerateSessions. */
sonde_status sonde_user_list_get(sonde *context, sonde_user_list *out);

typedef enum sonde_service_state {
  SONDE_SERVICE_UNKNOWN = 0,
  SONDE_SERVICE_STOPPED = 1,
  SONDE_SERVICE_START_PENDING = 2,
  SONDE_SERVICE_STOP_PENDING = 3,
  SONDE_SERVICE_RUNNING = 4,
  SONDE_SERVICE_CONTINUE_PENDING = 5,
  SONDE_SERVICE_PAUSE_PENDING = 6,
  SONDE_SERVICE_PAUSED = 7
} sonde_service_state;

typedef enum sonde_service_start_type {
  SONDE_SERVICE_START_UNKNOWN = 0,
  SONDE_SERVICE_AUTOMATIC = 1,
  SONDE_SERVICE_MANUAL = 2,
  SONDE_SERVICE_DISABLED = 3,
  SONDE_SERVICE_BOOT = 4,
  SONDE_SERVICE_SYSTEM = 5
} sonde_service_start_type;

/* A Windows service. */
typedef struct sonde_service {
  sonde_status status;
  sonde_string name;
  sonde_string display_name;
  sonde_string binpath;
  sonde_string username;
  sonde_string description;
  sonde_service_start_type start_type;
  sonde_service_state state;
  sonde_pid pid; /* SONDE_PID_UNKNOWN while stopped */
} sonde_service;
SONDE_DECLARE_LIST(sonde_service_list, sonde_service);

/* Every service that is a program (no drivers), in the order of the service control manager. A service that does not
 * let the caller see its configuration has a status, and what the list of the manager tells. OS: W. Privilege: some
 * services tell administrators only. Cost: 4 calls per service. Source: EnumServicesStatusEx, QueryServiceConfig(2). */
sonde_status sonde_service_list_get(sonde *context, sonde_service_list *out);

/* The same for one service: a list of one row, whose name is as given: upper and lower case are the same to Windows.
 * SONDE_ERR_OS when there is none with that name. OS: W. Cost: 7. */
sonde_status sonde_service_get(sonde *context, sonde_service_list *out, const char *name);

/* ---- Limits and pressure ---------------------------------------------------------------------------------------- */

enum {
  SONDE_CGROUP_MEMORY_USAGE = 1 << 0,
  SONDE_CGROUP_MEMORY_LIMIT = 1 << 1,
  SONDE_CGROUP_MEMORY_HIGH = 1 << 2,
  SONDE_CGROUP_SWAP_USAGE = 1 << 3,
  SONDE_CGROUP_SWAP_LIMIT = 1 << 4,
  SONDE_CGROUP_CPU_LIMIT = 1 << 5,
  SONDE_CGROUP_CPU_USAGE = 1 << 6,
  SONDE_CGROUP_CPU_THROTTLED = 1 << 7,
  SONDE_CGROUP_PIDS_CURRENT = 1 << 8,
  SONDE_CGROUP_PIDS_LIMIT = 1 << 9,
  SONDE_CGROUP_OOM_KILLS = 1 << 10,
  SONDE_CGROUP_CPUSET = 1 << 11,
  SONDE_CGROUP_MEMORY_DETAIL = 1 << 12,
  SONDE_CGROUP_IO = 1 << 13
};

/* What the control group of a process, and all its ancestors, grant and use. A limit is the lowest on the way up to the
 * root that the caller sees; not valid where nothing on the way limits. Freed with sonde_cgroup_free. */
typedef struct sonde_cgroup {
  uint64_t valid;    /* SONDE_CGROUP_* */
  uint32_t version;  /* 1, 2; 12: hybrid (limits of version 1 controllers, version 2 for naming) */
  sonde_string path; /* of the cgroup, as /proc/PID/cgroup names it */
  uint64_t memory_usage;
  uint64_t memory_limit;
  uint64_t memory_high;          /* v2 */
  uint64_t memory_anon;          /* MEMORY_DETAIL */
  uint64_t memory_file;          /* MEMORY_DETAIL. Page cache */
  uint64_t memory_inactive_file; /* MEMORY_DETAIL. usage less this is the working set */
  uint64_t swap_usage;
  uint64_t swap_limit;
  double cpu_limit;   /* CPUs' worth of time: 1.5 */
  uint64_t cpu_usage; /* ns, as all times here */
  uint64_t cpu_user;  /* with CPU_USAGE where told, else 0 */
  uint64_t cpu_system;
  uint64_t cpu_periods;           /* CPU_THROTTLED. Periods elapsed */
  uint64_t cpu_throttled_periods; /* CPU_THROTTLED */
  uint64_t cpu_throttled_time;    /* CPU_THROTTLED */
  uint64_t pids_current;
  uint64_t pids_limit;
  uint64_t oom_kills;
  const uint32_t *cpuset; /* CPUs that may be used, ascending */
  size_t cpuset_len;
  uint64_t io_read_bytes; /* IO. Summed over the devices */
  uint64_t io_write_bytes;
  uint64_t io_read_count;
  uint64_t io_write_count;
  struct sonde_memory_block *memory;
} sonde_cgroup;

/* pid 0: the calling process. OS: L. Cost: some 3 per file and level. Source: /proc/PID/cgroup, /proc/self/mountinfo,
 * the cgroup file systems. */
sonde_status sonde_cgroup_get(sonde *context, sonde_cgroup *out, sonde_pid pid);
void sonde_cgroup_free(sonde_cgroup *self);

typedef enum sonde_pressure_resource {
  SONDE_PRESSURE_CPU = 1,
  SONDE_PRESSURE_MEMORY = 2,
  SONDE_PRESSURE_IO = 3,
  SONDE_PRESSURE_IRQ = 4
} sonde_pressure_resource;

enum {
  SONDE_PRESSURE_SOME = 1 << 0,
  SONDE_PRESSURE_FULL = 1 << 1
};

/* Time in which tasks were held up for want of a resource. */
typedef struct sonde_pressure {
  sonde_status status;
  uint64_t valid; /* SONDE_PRESSURE_SOME, _FULL */
  sonde_pressure_resource resource;
  double some_avg10_ratio; /* 0..1 of the last 10 s in which at least one task was held up */
  double some_avg60_ratio;
  double some_avg300_ratio;
  uint64_t some_total;     /* ns since boot */
  double full_avg10_ratio; /* in which all were */
  double full_avg60_ratio;
  double full_avg300_ratio;
  uint64_t full_total;
} sonde_pressure;
SONDE_DECLARE_LIST(sonde_pressure_list, sonde_pressure);

/* cgroup NULL: of the whole system; else of the cgroup with that path (as sonde_cgroup.path). OS: L 4.20 with PSI
 * switched on, else SONDE_ERR_UNSUPPORTED. Cost: 3 per resource. Source: /proc/pressure, cgroup *.pressure. */
sonde_status sonde_pressure_list_get(sonde *context, sonde_pressure_list *out, const char *cgroup);

/* ---- Processes: the record -------------------------------------------------------------------------------------- */

typedef enum sonde_process_state {
  SONDE_PROCESS_STATE_UNKNOWN = 0, /* a letter that is new to the library */
  SONDE_PROCESS_STATE_RUNNING = 1,
  SONDE_PROCESS_STATE_SLEEPING = 2,
  SONDE_PROCESS_STATE_DISK_SLEEP = 3,
  SONDE_PROCESS_STATE_STOPPED = 4,
  SONDE_PROCESS_STATE_TRACING_STOP = 5,
  SONDE_PROCESS_STATE_ZOMBIE = 6,
  SONDE_PROCESS_STATE_DEAD = 7,
  SONDE_PROCESS_STATE_WAKE_KILL = 8,
  SONDE_PROCESS_STATE_WAKING = 9,
  SONDE_PROCESS_STATE_PARKED = 10,
  SONDE_PROCESS_STATE_IDLE = 11,
  SONDE_PROCESS_STATE_LOCKED = 12, /* F */
  SONDE_PROCESS_STATE_WAITING = 13 /* F S */
} sonde_process_state;

/* What may be asked for of a process, and what was told: the same bits for both. One system call sequence (open, read,
 * close of one file on Linux) gives a whole group: ask for a group rather than for its members. */
#define SONDE_PROCESS_FIELD_MAP(XX)                    \
  XX(NAME, 0, "name")                                  \
  XX(PPID, 1, "ppid")                                  \
  XX(STATE, 2, "state")                                \
  XX(START_TIME, 3, "start_time")                      \
  XX(CPU_TIMES, 4, "cpu_times")                        \
  XX(CHILDREN_TIMES, 5, "children_times")              \
  XX(IOWAIT_TIME, 6, "iowait_time")                    \
  XX(GUEST_TIME, 7, "guest_time")                      \
  XX(RSS, 8, "rss")                                    \
  XX(VMS, 9, "vms")                                    \
  XX(NUM_THREADS, 10, "num_threads")                   \
  XX(NICE, 11, "nice")                                 \
  XX(PRIORITY, 12, "priority")                         \
  XX(CPU_NUM, 13, "cpu_num")                           \
  XX(PAGE_FAULTS, 14, "page_faults")                   \
  XX(CHILDREN_PAGE_FAULTS, 15, "children_page_faults") \
  XX(PGRP, 16, "pgrp")                                 \
  XX(TTY, 17, "tty")                                   \
  XX(FLAGS, 18, "flags")                               \
  XX(UIDS, 19, "uids")                                 \
  XX(GIDS, 20, "gids")                                 \
  XX(CTX_SWITCHES, 21, "ctx_switches")                 \
  XX(MEMORY, 22, "memory")                             \
  XX(MEMORY_EX, 23, "memory_ex")                       \
  XX(IO, 24, "io")                                     \
  XX(NUM_FDS, 25, "num_fds")                           \
  XX(NUM_HANDLES, 26, "num_handles")                   \
  XX(CMDLINE, 27, "cmdline")                           \
  XX(EXE, 28, "exe")                                   \
  XX(CWD, 29, "cwd")                                   \
  XX(ROOT, 30, "root")                                 \
  XX(USERNAME, 31, "username")                         \
  XX(TERMINAL, 32, "terminal")                         \
  XX(CGROUP, 33, "cgroup")                             \
  XX(NAMESPACES, 34, "namespaces")                     \
  XX(CAPABILITIES, 35, "capabilities")                 \
  XX(SIGNALS, 36, "signals")                           \
  XX(GROUPS, 37, "groups")                             \
  XX(OOM, 38, "oom")                                   \
  XX(LABEL, 39, "label")                               \
  XX(FOOTPRINT, 40, "footprint")                       \
  XX(IONICE, 41, "ionice")                             \
  XX(LOGINUID, 42, "loginuid")                         \
  XX(RUN_DELAY, 43, "run_delay")                       \
  XX(UNIQUE_ID, 44, "unique_id")                       \
  XX(ZONE, 45, "zone")                                 \
  XX(BITNESS, 46, "bitness")                           \
  XX(ELEVATED, 47, "elevated")                         \
  XX(WCHAN, 48, "wchan")                               \
  XX(AUTOGROUP, 49, "autogroup")                       \
  XX(MICROSTATES, 50, "microstates")                   \
  XX(NS_PIDS, 51, "ns_pids")                           \
  XX(UMASK, 52, "umask")                               \
  XX(SECCOMP, 53, "seccomp")                           \
  XX(GPU, 54, "gpu")                                   \
  XX(DELAYS, 55, "delays")

#define SONDE_PROCESS_NAME (UINT64_C(1) << 0)
#define SONDE_PROCESS_PPID (UINT64_C(1) << 1)
#define SONDE_PROCESS_STATE (UINT64_C(1) << 2)
#define SONDE_PROCESS_START_TIME (UINT64_C(1) << 3)
#define SONDE_PROCESS_CPU_TIMES (UINT64_C(1) << 4)
#define SONDE_PROCESS_CHILDREN_TIMES (UINT64_C(1) << 5)
#define SONDE_PROCESS_IOWAIT_TIME (UINT64_C(1) << 6)
#define SONDE_PROCESS_GUEST_TIME (UINT64_C(1) << 7)
#define SONDE_PROCESS_RSS (UINT64_C(1) << 8)
#define SONDE_PROCESS_VMS (UINT64_C(1) << 9)
#define SONDE_PROCESS_NUM_THREADS (UINT64_C(1) << 10)
#define SONDE_PROCESS_NICE (UINT64_C(1) << 11)
#define SONDE_PROCESS_PRIORITY (UINT64_C(1) << 12)
#define SONDE_PROCESS_CPU_NUM (UINT64_C(1) << 13)
#define SONDE_PROCESS_PAGE_FAULTS (UINT64_C(1) << 14)
#define SONDE_PROCESS_CHILDREN_PAGE_FAULTS (UINT64_C(1) << 15)
#define SONDE_PROCESS_PGRP (UINT64_C(1) << 16)
#define SONDE_PROCESS_TTY (UINT64_C(1) << 17)
#define SONDE_PROCESS_FLAGS (UINT64_C(1) << 18)
#define SONDE_PROCESS_UIDS (UINT64_C(1) << 19)
#define SONDE_PROCESS_GIDS (UINT64_C(1) << 20)
#define SONDE_PROCESS_CTX_SWITCHES (UINT64_C(1) << 21)
#define SONDE_PROCESS_MEMORY (UINT64_C(1) << 22)
#define SONDE_PROCESS_MEMORY_EX (UINT64_C(1) << 23)
#define SONDE_PROCESS_IO (UINT64_C(1) << 24)
#define SONDE_PROCESS_NUM_FDS (UINT64_C(1) << 25)
#define SONDE_PROCESS_NUM_HANDLES (UINT64_C(1) << 26)
#define SONDE_PROCESS_CMDLINE (UINT64_C(1) << 27)
#define SONDE_PROCESS_EXE (UINT64_C(1) << 28)
#define SONDE_PROCESS_CWD (UINT64_C(1) << 29)
#define SONDE_PROCESS_ROOT (UINT64_C(1) << 30)
#define SONDE_PROCESS_USERNAME (UINT64_C(1) << 31)
#define SONDE_PROCESS_TERMINAL (UINT64_C(1) << 32)
#define SONDE_PROCESS_CGROUP (UINT64_C(1) << 33)
#define SONDE_PROCESS_NAMESPACES (UINT64_C(1) << 34)
#define SONDE_PROCESS_CAPABILITIES (UINT64_C(1) << 35)
#define SONDE_PROCESS_SIGNALS (UINT64_C(1) << 36)
#define SONDE_PROCESS_GROUPS (UINT64_C(1) << 37)
#define SONDE_PROCESS_OOM (UINT64_C(1) << 38)
#define SONDE_PROCESS_LABEL (UINT64_C(1) << 39)
#define SONDE_PROCESS_FOOTPRINT (UINT64_C(1) << 40)
#define SONDE_PROCESS_IONICE (UINT64_C(1) << 41)
#define SONDE_PROCESS_LOGINUID (UINT64_C(1) << 42)
#define SONDE_PROCESS_RUN_DELAY (UINT64_C(1) << 43)
#define SONDE_PROCESS_UNIQUE_ID (UINT64_C(1) << 44)
#define SONDE_PROCESS_ZONE (UINT64_C(1) << 45)
#define SONDE_PROCESS_BITNESS (UINT64_C(1) << 46)
#define SONDE_PROCESS_ELEVATED (UINT64_C(1) << 47)
#define SONDE_PROCESS_WCHAN (UINT64_C(1) << 48)
#define SONDE_PROCESS_AUTOGROUP (UINT64_C(1) << 49)
#define SONDE_PROCESS_MICROSTATES (UINT64_C(1) << 50)
#define SONDE_PROCESS_NS_PIDS (UINT64_C(1) << 51)
#define SONDE_PROCESS_UMASK (UINT64_C(1) << 52)
#define SONDE_PROCESS_SECCOMP (UINT64_C(1) << 53)
#define SONDE_PROCESS_GPU (UINT64_C(1) << 54)
#define SONDE_PROCESS_DELAYS (UINT64_C(1) << 55)

/* All of /proc/PID/stat: 3 system calls a process on Linux; on Windows 1 for all processes. */
#define SONDE_PROCESS_STAT                                                                                           \
  (SONDE_PROCESS_NAME | SONDE_PROCESS_PPID | SONDE_PROCESS_STATE | SONDE_PROCESS_START_TIME |                        \
   SONDE_PROCESS_CPU_TIMES | SONDE_PROCESS_CHILDREN_TIMES | SONDE_PROCESS_IOWAIT_TIME | SONDE_PROCESS_GUEST_TIME |   \
   SONDE_PROCESS_RSS | SONDE_PROCESS_VMS | SONDE_PROCESS_NUM_THREADS | SONDE_PROCESS_NICE | SONDE_PROCESS_PRIORITY | \
   SONDE_PROCESS_CPU_NUM | SONDE_PROCESS_PAGE_FAULTS | SONDE_PROCESS_CHILDREN_PAGE_FAULTS | SONDE_PROCESS_PGRP |     \
   SONDE_PROCESS_TTY | SONDE_PROCESS_FLAGS)
/* All of /proc/PID/status. */
#define SONDE_PROCESS_STATUS                                                                           \
  (SONDE_PROCESS_UIDS | SONDE_PROCESS_GIDS | SONDE_PROCESS_CTX_SWITCHES | SONDE_PROCESS_MEMORY_EX |    \
   SONDE_PROCESS_CAPABILITIES | SONDE_PROCESS_SIGNALS | SONDE_PROCESS_GROUPS | SONDE_PROCESS_NS_PIDS | \
   SONDE_PROCESS_UMASK | SONDE_PROCESS_SECCOMP)
/* Everything there is. */
#define SONDE_PROCESS_ALL ((UINT64_C(1) << 56) - 1)

/* "uids" for SONDE_PROCESS_UIDS; NULL unless exactly one known bit is set. */
const char *sonde_process_field_name(uint64_t field);

/* MEMORY_EX. Bytes. */
enum {
  SONDE_MEMORY_EX_PEAK_RSS = 1 << 0,
  SONDE_MEMORY_EX_PEAK_VMS = 1 << 1,
  SONDE_MEMORY_EX_RSS_SPLIT = 1 << 2,
  SONDE_MEMORY_EX_SWAP = 1 << 3,
  SONDE_MEMORY_EX_HUGETLB = 1 << 4,
  SONDE_MEMORY_EX_LOCKED = 1 << 5,
  SONDE_MEMORY_EX_PINNED = 1 << 6,
  SONDE_MEMORY_EX_STACK = 1 << 7,
  SONDE_MEMORY_EX_LIB = 1 << 8,
  SONDE_MEMORY_EX_PAGE_TABLES = 1 << 9,
  SONDE_MEMORY_EX_WIRED = 1 << 10,
  SONDE_MEMORY_EX_COMPRESSED = 1 << 11,
  SONDE_MEMORY_EX_PHYS_FOOTPRINT = 1 << 12,
  SONDE_MEMORY_EX_VIRTUAL = 1 << 13,
  SONDE_MEMORY_EX_POOLS = 1 << 14
};
typedef struct sonde_process_memory_ex {
  uint64_t valid;              /* SONDE_MEMORY_EX_* */
  uint64_t peak_rss;           /* L W M F */
  uint64_t peak_vms;           /* L W */
  uint64_t rss_anon;           /* L 4.5, M. RSS_SPLIT */
  uint64_t rss_file;           /* RSS_SPLIT */
  uint64_t rss_shmem;          /* RSS_SPLIT, L */
  uint64_t swap;               /* L */
  uint64_t hugetlb;            /* L 4.4 */
  uint64_t locked;             /* L S */
  uint64_t pinned;             /* L */
  uint64_t stack;              /* L F S */
  uint64_t lib;                /* L */
  uint64_t page_tables;        /* L */
  uint64_t wired;              /* M */
  uint64_t compressed;         /* M */
  uint64_t phys_footprint;     /* M */
  uint64_t virtual_size;       /* W. VIRTUAL */
  uint64_t peak_virtual_size;  /* W. VIRTUAL */
  uint64_t paged_pool;         /* W. POOLS */
  uint64_t nonpaged_pool;      /* W. POOLS */
  uint64_t peak_paged_pool;    /* W. POOLS */
  uint64_t peak_nonpaged_pool; /* W. POOLS */
} sonde_process_memory_ex;

/* FOOTPRINT. Bytes. What would be freed if the process ended now, and its fair share of what is shared. */
enum {
  SONDE_FOOTPRINT_USS = 1 << 0,
  SONDE_FOOTPRINT_PSS = 1 << 1,
  SONDE_FOOTPRINT_SWAP = 1 << 2
};
typedef struct sonde_process_footprint {
  uint64_t valid; /* SONDE_FOOTPRINT_* */
  uint64_t uss;   /* L W M */
  uint64_t pss;   /* L */
  uint64_t swap;  /* L */
} sonde_process_footprint;

/* CAPABILITIES (L). One bit per capability number. */
typedef struct sonde_process_capabilities {
  uint64_t inheritable;
  uint64_t permitted;
  uint64_t effective;
  uint64_t bounding;
  uint64_t ambient; /* 0 before 4.3 */
} sonde_process_capabilities;

/* SIGNALS (L F S). Bit n-1 for signal n. */
typedef struct sonde_process_signals {
  uint64_t pending;        /* of the thread */
  uint64_t shared_pending; /* of the process */
  uint64_t blocked;
  uint64_t ignored;
  uint64_t caught;
  uint64_t queued;       /* L. How many are queued for the user */
  uint64_t queued_limit; /* L */
} sonde_process_signals;

/* NAMESPACES (L). The inode number that identifies each; 0 where this kernel has no such kind. */
typedef struct sonde_process_namespaces {
  uint64_t cgroup, ipc, mnt, net, pid, pid_for_children, time, time_for_children, user, uts;
} sonde_process_namespaces;

/* MICROSTATES (S). ns. */
typedef struct sonde_process_microstates {
  uint64_t user, system, trap, text_fault, data_fault, kernel_fault, user_lock, sleep, cpu_wait, stopped;
} sonde_process_microstates;

/* DELAYS (L). What all threads of the process, those that have ended too, waited for: how often, and ns in all (which
 * wrap to 0 at 2^64). CPU is always counted; the others only where delay accounting is on: sysctl kernel.task_delayacct
 * (Linux 5.14; off unless the machine was started with "delayacct"; before, on unless "nodelayacct"), and from then on
 * of processes that start after it. */
enum {
  SONDE_DELAYS_CPU = 1 << 0,
  SONDE_DELAYS_BLKIO = 1 << 1,
  SONDE_DELAYS_SWAPIN = 1 << 2,
  SONDE_DELAYS_FREEPAGES = 1 << 3,
  SONDE_DELAYS_THRASHING = 1 << 4,
  SONDE_DELAYS_COMPACT = 1 << 5,
  SONDE_DELAYS_WPCOPY = 1 << 6,
  SONDE_DELAYS_IRQ = 1 << 7
};
typedef struct sonde_process_delays {
  uint64_t valid;           /* SONDE_DELAYS_*: each covers a count and a total */
  uint64_t cpu_count;       /* CPU. Runnable, without a CPU */
  uint64_t cpu_total;       /* CPU */
  uint64_t blkio_count;     /* BLKIO. Synchronous block I/O */
  uint64_t blkio_total;     /* BLKIO */
  uint64_t swapin_count;    /* SWAPIN. Pages from swap */
  uint64_t swapin_total;    /* SWAPIN */
  uint64_t freepages_count; /* FREEPAGES. Reclaim of memory. L 2.6.27 */
  uint64_t freepages_total; /* FREEPAGES */
  uint64_t thrashing_count; /* THRASHING. Pages that had been evicted shortly before. L 4.20 */
  uint64_t thrashing_total; /* THRASHING */
  uint64_t compact_count;   /* COMPACT. Memory compaction. L 5.17 */
  uint64_t compact_total;   /* COMPACT */
  uint64_t wpcopy_count;    /* WPCOPY. Copies on write. L 5.19 */
  uint64_t wpcopy_total;    /* WPCOPY */
  uint64_t irq_count;       /* IRQ. Interrupted. L 6.4 */
  uint64_t irq_total;       /* IRQ */
} sonde_process_delays;

typedef struct sonde_ids {
  uint32_t real, effective, saved, fs; /* fs: L; elsewhere the same as effective */
} sonde_ids;

/* A process. The name of the bit stands in capitals before the fields that it covers. Pointers are NULL unless their
 * bit is valid; what they point to lives in the table. */
typedef struct sonde_process {
  sonde_pid pid;
  /* OK: all that was asked for and exists for this kind of process is there. ERR_ACCESS: `denied` says what is missing.
   * ERR_NO_PROCESS: it ended while it was read; what was read before is there. ERR_PARSE, ERR_OS: see `failed`. */
  sonde_status status;
  /* STATE. L W M F S. W: of its threads: running where one is or could be, stopped where all are suspended, else what
   * the first does; a process without threads has none */
  sonde_process_state state;
  uint64_t valid;  /* SONDE_PROCESS_*: told */
  uint64_t denied; /* asked for, but the OS refused: more privilege would tell */
  uint64_t failed; /* asked for, and the answer was an error or not understood. What was asked for and is in none of
                      the three does not exist here: the exe of a kernel thread, a field this OS has not got */

  sonde_string name;   /* NAME. L W M F S. L: 15 bytes (more for kernel threads), chosen by the process itself; W: the
                          name of its file, "System Idle Process" for pid 0 */
  sonde_pid ppid;      /* PPID. L W M F S. W: which may be the pid of a later process than the one that began it */
  uint64_t start_time; /* START_TIME. L W M F S. Moment: moves with the wall clock on L M; W: boot's for pids 0, 4 */
  uint64_t start_id;   /* START_TIME. Never moves: (pid, start_id) is the process's identity while the machine is up */
  uint64_t unique_id;  /* UNIQUE_ID. L 6.9 (of the pidfd) W (10 1803) M: no other process since boot had it */

  uint64_t user_time;            /* CPU_TIMES. L W M F S. ns, as all times */
  uint64_t system_time;          /* CPU_TIMES */
  uint64_t children_user_time;   /* CHILDREN_TIMES. L F S. Of those waited for */
  uint64_t children_system_time; /* CHILDREN_TIMES */
  uint64_t iowait_time;          /* IOWAIT_TIME. L, where delay accounting is on */
  uint64_t guest_time;           /* GUEST_TIME. L. Part of user_time */
  uint64_t children_guest_time;  /* GUEST_TIME */
  uint64_t run_delay;            /* RUN_DELAY. L. Runnable, without a CPU */

  uint64_t rss;    /* RSS. L W M F S. L: exact with MEMORY, else off by some pages per CPU */
  uint64_t vms;    /* VMS. L W M F S. W: private bytes, what it has committed; its address space: memory_ex */
  uint64_t shared; /* MEMORY. L */
  uint64_t text;   /* MEMORY. L F */
  uint64_t data;   /* MEMORY. L F. With the stack */
  const sonde_process_memory_ex *memory_ex; /* MEMORY_EX. L W M F S */
  const sonde_process_footprint *footprint; /* FOOTPRINT. L W M. L: a walk of the whole address space; W:
                                               the private working set, which is counted all the time */

  uint64_t minor_faults;             /* PAGE_FAULTS. L W M F S. W: both wrap at 32 bits */
  uint64_t major_faults;             /* PAGE_FAULTS */
  uint64_t children_minor_faults;    /* CHILDREN_PAGE_FAULTS. L F */
  uint64_t children_major_faults;    /* CHILDREN_PAGE_FAULTS */
  uint64_t voluntary_ctx_switches;   /* CTX_SWITCHES. L W M F S. On W M all of them; W: of the threads that live, of
                                        each modulo 2^32: the sum goes back when one ends */
  uint64_t involuntary_ctx_switches; /* CTX_SWITCHES. L F S */

  uint64_t read_count;            /* IO. L W F S. System calls (L), operations (W), blocks (F) */
  uint64_t write_count;           /* IO */
  uint64_t read_bytes;            /* IO. L W M. L: from storage */
  uint64_t write_bytes;           /* IO */
  uint64_t read_chars;            /* IO. L S. With what came from caches, pipes and sockets */
  uint64_t write_chars;           /* IO. L S */
  uint64_t cancelled_write_bytes; /* IO. L */
  uint64_t other_count;           /* IO. W */
  uint64_t other_bytes;           /* IO. W */

  uint64_t num_threads;   /* NUM_THREADS. L W M F S */
  uint64_t num_fds;       /* NUM_FDS. L M F S */
  uint64_t num_handles;   /* NUM_HANDLES. W */
  int32_t nice;           /* NICE. L W M F S. W: of the priority class, see sonde_process_set_nice */
  int32_t priority;       /* PRIORITY. L W M F S. The scheduler's number; W: the base priority, 0 to 31 */
  uint32_t rt_priority;   /* PRIORITY. L */
  uint32_t policy;        /* PRIORITY. L F. SCHED_* of the OS */
  int32_t ionice_class;   /* IONICE. L W. L: 0 none, 1 real time, 2 best effort, 3 idle; W: 0 very low, 1 low, 2
                             normal, 3 high */
  int32_t ionice_value;   /* IONICE. L. 0 highest to 7; W: 0 */
  int32_t cpu_num;        /* CPU_NUM. L F S. The CPU it last ran on */
  int32_t autogroup_nice; /* AUTOGROUP. L */
  uint64_t autogroup;     /* AUTOGROUP. L */

  sonde_pid pgrp;        /* PGRP. L M F S */
  sonde_pid session;     /* PGRP */
  sonde_pid tpgid;       /* TTY. L M F. Foreground group of its terminal; -1: none */
  uint64_t tty;          /* TTY. L M F S. The terminal's device number; 0: none */
  sonde_string terminal; /* TERMINAL. L M F S. "/dev/pts/3"; empty: none */
  uint64_t os_flags;     /* FLAGS. L M F S. The kernel's own */
  int32_t exit_signal;   /* FLAGS. L */
  uint32_t umask;        /* UMASK. L 4.7, F */

  sonde_ids uids;         /* UIDS. L M F S */
  sonde_ids gids;         /* GIDS. L M F S */
  uint32_t loginuid;      /* LOGINUID. L. UINT32_MAX: never set */
  uint32_t bitness;       /* BITNESS. L W M F S. 32 or 64 */
  bool translated;        /* BITNESS. M. Under Rosetta */
  bool elevated;          /* ELEVATED. W */
  const uint32_t *groups; /* GROUPS. L F S. Supplementary */
  size_t num_groups;
  sonde_string username; /* USERNAME. L W M F S. From <etc>/passwd on Unix; of the real uid; empty when unknown there.
                            W: "DOMAIN\user", of its token; the SID, "S-1-5-...", of an account that has no name */

  sonde_string cmdline; /* CMDLINE. L W M F S. Raw: as the process keeps it, arguments ended by NUL each; W: one text */
  const sonde_string *args; /* CMDLINE. cmdline cut at each NUL; never at blanks. W: as CommandLineToArgvW cuts it, but
                               for an empty one, which has none */
  size_t num_args;
  sonde_string exe;          /* EXE. L W M F S. Path, as the OS tells it, without the mark of a deleted file */
  bool exe_deleted;          /* EXE. L. The file is gone from that path */
  sonde_string cwd;          /* CWD. L W M F S */
  sonde_string root;         /* ROOT. L F S */
  sonde_string cgroup;       /* CGROUP. L. Path in the v2 hierarchy, else of v1's memory controller */
  sonde_string container_id; /* CGROUP. L. As far as the path holds one, else empty */
  sonde_string label;        /* LABEL. L. SELinux, AppArmor, Smack */
  sonde_string wchan;        /* WCHAN. L F M. What it waits for */
  sonde_string zone;         /* ZONE. F: jail, S: zone. Name or number */

  const sonde_process_namespaces *namespaces;     /* NAMESPACES. L */
  const sonde_process_capabilities *capabilities; /* CAPABILITIES. L */
  const sonde_process_signals *signals;           /* SIGNALS. L F S */
  const sonde_process_microstates *microstates;   /* MICROSTATES. S */
  const sonde_pid *ns_pids;                       /* NS_PIDS. L 4.1. Its pids, from this pid namespace inwards */
  size_t num_ns_pids;
  int32_t oom_score;     /* OOM. L */
  int32_t oom_score_adj; /* OOM. L */
  uint32_t seccomp;      /* SECCOMP. L. 0 none, 1 strict, 2 filter */
  bool no_new_privs;     /* SECCOMP. L 4.10 */
  uint64_t gpu_time;     /* GPU. Plug-ins. ns */
  uint64_t gpu_memory;   /* GPU. Plug-ins */

  const sonde_process_delays *delays; /* DELAYS. L */
} sonde_process;
SONDE_DECLARE_LIST(sonde_process_table, sonde_process);

/* Every process that exists, in the OS's order, each with the fields asked for (SONDE_PROCESS_*; 0: pids only). A
 * process that ends before its first file is read is left out, since it no longer exists; the snapshot is not atomic.
 * Running out of descriptors or memory fails the call: it never makes the table short; and a procfs without any process
 * is SONDE_ERR_OS, since it is not mounted there. OS: L W M F S. Privilege: IO, EXE, CWD, ROOT, NUM_FDS, NAMESPACES,
 * FOOTPRINT and WCHAN of other users' processes want root (L); DELAYS wants CAP_NET_ADMIN, for one's own processes as
 * well. Cost: 3 plus 1 per some 40 processes for the pids; for each process 2 to share a directory when more than one
 * file is read, 3 per file (STAT, STATUS, MEMORY, IO, CMDLINE, ...), 1 per link (EXE, CWD, ROOT), 3 for DELAYS. Blocks:
 * CMDLINE may on kernels before 4.17, where it is a file mapping that does not answer. Source: /proc/PID; DELAYS:
 * taskstats by netlink.
 * W: EXE has the letter of its drive, or begins with "\\server\share"; on a volume without a letter it is as the kernel
 * has it, "\Device\HarddiskVolume9\...". Privilege: CWD of other users' processes, CMDLINE too before Windows 8.1,
 * wants PROCESS_VM_READ, which administrators who have switched SeDebugPrivilege on are granted; USERNAME and ELEVATED
 * of theirs TOKEN_QUERY; a protected process refuses both to everybody. Cost: 1 for what
 * NtQuerySystemInformation(SystemProcessInformation) tells of all, no handle needed, of NICE too where the base
 * priority is that of a class; what is not understood of its answer is a row with SONDE_ERR_PARSE; for each process 4
 * for a handle when CMDLINE, CWD, EXE, USERNAME, ELEVATED, BITNESS, UNIQUE_ID, NICE or IONICE is asked for, and then
 * CMDLINE 1, CWD 5, EXE 1, USERNAME and ELEVATED 3 each, and one look-up for each user. Blocks: USERNAME may, as long
 * as the server of a domain takes to answer or to be given up. Source: ProcessCommandLineInformation, else the memory
 * of the process, as for CWD; SystemProcessIdInformation. A 32-bit program sees 64-bit processes, too, but for
 * FOOTPRINT where the table does not tell it. */
sonde_status sonde_process_table_refresh(sonde *context, sonde_process_table *out, uint64_t fields);

/* The same for one process: a table of one row. SONDE_ERR_NO_PROCESS when there is none with that pid. pid 0 is a
 * process only where the OS has one. */
sonde_status sonde_process_get(sonde *context, sonde_process_table *out, sonde_pid pid, uint64_t fields);

/* A list of pids, in the OS's order. Has no per-row status. */
typedef struct sonde_pid_list {
  sonde_pid *rows;
  size_t count;
  size_t bad; /* always 0 */
  struct sonde_memory_block *memory;
} sonde_pid_list;
void sonde_pid_list_free(sonde_pid_list *self);

/* All pids (not thread ids). A procfs without any is SONDE_ERR_OS. OS: L W M F S. Cost: 3 and 1 per some 1,300
 * processes; W: 1. Source: /proc; NtQuerySystemInformation(SystemProcessInformation), which EnumProcesses asks, too. */
sonde_status sonde_pid_list_get(sonde *context, sonde_pid_list *out);

/* *out: whether a process with that pid exists, zombies too; a thread's id is none. W: one that has ended does not,
 * though somebody may still have a handle of it. OS: L W M F S. Cost: 5; W: 4, or 2 where it may not be opened. */
sonde_status sonde_pid_exists(sonde *context, bool *out, sonde_pid pid);

/* ---- Processes: tree -------------------------------------------------------------------------------------------- */

/* Pure functions of a table that was refreshed with SONDE_PROCESS_PPID and _START_TIME. A child that is older than its
 * parent is no child: its parent's pid was used again. */

/* The rows of one process's children, all descendants if recursive, in breadth-first order: *out_count row numbers in
 * out[], which has room for out_max; SONDE_ERR_INVALID when it is too small (*out_count then says what is needed).
 * SONDE_ERR_NO_PROCESS when pid is not in the table. A generation stands in the table's order. Time: count x depth
 * (times log count) when the pids ascend in the table, as they do on Linux; else, without room to sort them,
 * count x count x depth: of a large table in another order, take what follows the process in sonde_process_table_tree,
 * which is count x log count. */
sonde_status sonde_process_table_children(const sonde_process_table *table, size_t *out, size_t out_max,
                                          size_t *out_count, sonde_pid pid, bool recursive);

/* The row of the parent of a row, or SIZE_MAX. Time: count. */
size_t sonde_process_table_parent(const sonde_process_table *table, size_t row);

/* The row of a pid, or SIZE_MAX. Time: count. */
size_t sonde_process_table_find(const sonde_process_table *table, sonde_pid pid);

/* Row numbers in tree order, for printing: each process is followed by its descendants. depth[i] is the depth of
 * order[i]. Both have room for table->count entries, and so has scratch. Children keep the table's order. A cycle,
 * which the OS's answers can hold since a snapshot is not atomic, is cut: its first row is a root. Time: count x
 * log count. */
void sonde_process_table_tree(const sonde_process_table *table, size_t *order, uint32_t *depth, size_t *scratch);

/* ---- Processes: handles ----------------------------------------------------------------------------------------- */

/* A process that cannot be mistaken for another with the same pid. Belongs to its context. */
typedef struct sonde_process_handle sonde_process_handle;

/* Opens the process that has this pid now. SONDE_ERR_NO_PROCESS: there is none. Holds up to two OS handles until
 * closed: in a program that has closed its standard descriptors they take those numbers, as any open would. OS: L W M F
 * S (L: a pidfd, 5.3; before, the pid is checked against its start time right before each action, which leaves a window
 * of microseconds: sonde_process_is_exact tells). W: a handle, with as many rights as Windows grants now;
 * SONDE_ERR_ACCESS: not even PROCESS_QUERY_LIMITED_INFORMATION and SYNCHRONIZE, as pid 0 and protected processes. Cost:
 * 8; W: 4 to 9. */
sonde_status sonde_process_open(sonde *context, sonde_process_handle **out, sonde_pid pid);

/* NULL is fine. */
void sonde_process_close(sonde_process_handle *process);

sonde_pid sonde_process_pid(const sonde_process_handle *process);

/* As sonde_process.start_id. */
uint64_t sonde_process_start_id(const sonde_process_handle *process);

/* True when the OS itself keeps the handle apart from later users of the pid; false when only its start time does. */
bool sonde_process_is_exact(const sonde_process_handle *process);

/* *out: whether the process has not ended; a zombie still runs in this sense. Cost: 1. */
sonde_status sonde_process_is_running(sonde_process_handle *process, bool *out);

/* All that follows takes a handle and answers SONDE_ERR_NO_PROCESS when the process has ended, even if its pid is in
 * use again, and SONDE_ERR_ZOMBIE where a zombie has nothing to tell. */

/* As sonde_process_get. */
sonde_status sonde_process_read(sonde_process_handle *process, sonde_process_table *out, uint64_t fields);

enum {
  SONDE_THREAD_NAME = 1 << 0,
  SONDE_THREAD_STATE = 1 << 1,
  SONDE_THREAD_TIMES = 1 << 2,
  SONDE_THREAD_PRIORITY = 1 << 3,
  SONDE_THREAD_CPU_NUM = 1 << 4,
  SONDE_THREAD_START_TIME = 1 << 5
};

typedef struct sonde_thread {
  int64_t id;
  sonde_status status;
  uint64_t valid;            /* SONDE_THREAD_* */
  sonde_process_state state; /* L W M F S */
  sonde_string name;         /* L M F S */
  uint64_t user_time;        /* TIMES. L W M F S. ns */
  uint64_t system_time;      /* TIMES */
  uint64_t start_time;       /* L W. Moment */
  int32_t priority;          /* L W M F S. W: 0 to 31, at this moment */
  int32_t nice;              /* PRIORITY. L */
  int32_t cpu_num;           /* L F S */
} sonde_thread;
SONDE_DECLARE_LIST(sonde_thread_list, sonde_thread);

/* OS: L W M F S. Cost: 4 and 3 per thread; W: 1. Source: /proc/PID/task/TID/stat;
 * NtQuerySystemInformation(SystemProcessInformation). */
sonde_status sonde_thread_list_get(sonde_process_handle *process, sonde_thread_list *out);

typedef enum sonde_file_kind {
  SONDE_FILE_UNKNOWN = 0,
  SONDE_FILE_REGULAR = 1,
  SONDE_FILE_DIRECTORY = 2,
  SONDE_FILE_CHARACTER_DEVICE = 3,
  SONDE_FILE_BLOCK_DEVICE = 4,
  SONDE_FILE_PIPE = 5,
  SONDE_FILE_SOCKET = 6,
  SONDE_FILE_OTHER = 7 /* eventfd, epoll, anonymous inodes, kqueue */
} sonde_file_kind;

enum {
  SONDE_OPEN_FILE_POSITION = 1 << 0,
  SONDE_OPEN_FILE_FLAGS = 1 << 1,
  SONDE_OPEN_FILE_KIND = 1 << 2,
  SONDE_OPEN_FILE_MOUNT_ID = 1 << 3,
  SONDE_OPEN_FILE_INODE = 1 << 4
};

typedef struct sonde_open_file {
  int64_t fd; /* -1 on Windows */
  sonde_status status;
  uint64_t valid;    /* SONDE_OPEN_FILE_* */
  sonde_string path; /* "socket:[4711]", "pipe:[4711]", "anon_inode:[eventpoll]" where there is no path (L);
                        "\Device\NamedPipe\name", "\Device\Afd" (W) */
  bool deleted;      /* L. The path no longer names this file; the mark is not in path. A file that is really named
                        like the mark counts as deleted where its file system may hang: telling would touch it */
  sonde_file_kind kind;
  uint64_t position; /* L F */
  uint32_t flags;    /* L W F. L F: O_* of the OS, which differ between architectures; of a recording too, and its
                        directories are told as if it were of this one. W: the rights of the handle, FILE_READ_DATA and
                        others */
  char mode[4];      /* FLAGS. "r", "w", "a", "r+", "a+": as fopen takes it */
  uint64_t mount_id; /* L */
  uint64_t inode;    /* L F. L: before 5.14 of sockets, pipes and files on local file systems only */
} sonde_open_file;
SONDE_DECLARE_LIST(sonde_open_file_list, sonde_open_file);

/* Every descriptor; regular_only: only those of regular files, psutil's open_files, and of those whose kind cannot be
 * told. Nothing is touched that a server or a program must answer for (NFS, FUSE, file systems that are new to the
 * library, mounts that the process does not see): of these the kind is only told where the descriptor's flags or its
 * name do, and the mark of a deleted file is believed, so that a dead mount cannot block. OS: L W M F S. Privilege:
 * root for other users' processes. Cost: 7 and 4 per descriptor, 1 more per path. Source: /proc/PID/fd, fdinfo,
 * mountinfo.
 *
 * W: every handle of a file. One on which an operation is under way (a thread waits for a pipe, a console, a change in
 * a directory) is told as SONDE_ERR_TIMEOUT, without path and, unless it is a regular file, without kind: to ask it
 * would be to wait as long (docs/reliability.md). A regular file that is open for reading is asked by way of a section,
 * which does not wait; for that moment Windows refuses others to cut it short. Privilege: PROCESS_DUP_HANDLE and
 * PROCESS_QUERY_INFORMATION. Cost: 5 to 8 calls per handle. Source: ProcessHandleInformation, before Windows 8
 * SystemExtendedHandleInformation; NtQueryObject, NtQueryVirtualMemory. */
sonde_status sonde_open_file_list_get(sonde_process_handle *process, sonde_open_file_list *out, bool regular_only);

enum {
  SONDE_MAP_RSS = 1 << 0,
  SONDE_MAP_PSS = 1 << 1,
  SONDE_MAP_SHARED = 1 << 2,
  SONDE_MAP_PRIVATE = 1 << 3,
  SONDE_MAP_REFERENCED = 1 << 4,
  SONDE_MAP_ANONYMOUS = 1 << 5,
  SONDE_MAP_SWAP = 1 << 6,
  SONDE_MAP_LOCKED = 1 << 7,
  SONDE_MAP_FILE = 1 << 8
};

/* One mapping; sizes in bytes. */
typedef struct sonde_map {
  sonde_status status;
  uint64_t valid; /* SONDE_MAP_* */
  uint64_t start;
  uint64_t end;
  char perms[8];          /* "r-xp" */
  sonde_string path;      /* a path, "[heap]", "[stack]" ...; empty: anonymous */
  bool deleted;           /* L */
  uint64_t offset;        /* FILE. L F */
  uint64_t inode;         /* FILE. L F */
  uint64_t rss;           /* L W F S */
  uint64_t pss;           /* L */
  uint64_t shared_clean;  /* SHARED. L */
  uint64_t shared_dirty;  /* SHARED. L */
  uint64_t private_clean; /* PRIVATE. L */
  uint64_t private_dirty; /* PRIVATE. L */
  uint64_t referenced;    /* L */
  uint64_t anonymous;     /* L S */
  uint64_t swap;          /* L */
  uint64_t locked;        /* L S */
} sonde_map;
SONDE_DECLARE_LIST(sonde_map_list, sonde_map);

/* sizes false: only where and what (cheap); true: with the sizes (the kernel walks the page tables: milliseconds per
 * GiB). OS: L W F S. Privilege: root for other users' processes. Cost: 3 and 1 per 4 KiB of text. Source:
 * /proc/PID/maps, smaps. W: every region that is not free, those that are only reserved as "---p"; SONDE_ERR_ACCESS for
 * a 64-bit process seen from a 32-bit program. Privilege: PROCESS_QUERY_INFORMATION. Cost: 1 per region, 1 more per
 * file, and with sizes 1 per 2 MiB. Source: VirtualQueryEx, NtQueryVirtualMemory. */
sonde_status sonde_map_list_get(sonde_process_handle *process, sonde_map_list *out, bool sizes);

/* The sockets that the process holds, in its own network namespace: as sonde_connection_list_get, always with owner,
 * each socket once. What it brought with it from another namespace is not listed. OS: L W M F S. Privilege: another
 * user's process wants root (L M F). Cost: 6 and 1 per descriptor, and where any is a socket that of
 * sonde_connection_list_get without OWNER; in another namespace some 10 more. Source: as sonde_connection_list_get,
 * with /proc/PID/net. For a process in another namespace a child process of the caller's enters it to open the socket
 * to ask with, which wants CAP_SYS_ADMIN in both; without it /proc/PID/net alone is asked. No thread of the caller's
 * changes its namespace; the child ends before the call does, without SIGCHLD, and only waitpid with __WALL finds it.
 */
sonde_status sonde_process_connections_get(sonde_process_handle *process, sonde_connection_list *out, uint32_t kinds);

typedef struct sonde_environ {
  sonde_status status;
  sonde_string name;  /* up to the first '=', W: behind its first character ("=C:"); the whole entry when it has none */
  sonde_string value; /* */
  bool has_value;     /* there was a '=' */
} sonde_environ;
SONDE_DECLARE_LIST(sonde_environ_list, sonde_environ);

/* The environment as it was at exec; what the process changed since may or may not show. OS: L W M F S. Privilege: root
 * for other users' processes. Cost: 3. Blocks: as CMDLINE. Source: /proc/PID/environ. W: as it is now. Privilege:
 * PROCESS_VM_READ. Cost: 6. Source: the memory of the process. */
sonde_status sonde_environ_list_get(sonde_process_handle *process, sonde_environ_list *out);

typedef enum sonde_limit_kind {
  SONDE_LIMIT_CPU = 0, /* seconds, the only limit not in bytes or counts */
  SONDE_LIMIT_FSIZE = 1,
  SONDE_LIMIT_DATA = 2,
  SONDE_LIMIT_STACK = 3,
  SONDE_LIMIT_CORE = 4,
  SONDE_LIMIT_RSS = 5,
  SONDE_LIMIT_NPROC = 6,
  SONDE_LIMIT_NOFILE = 7,
  SONDE_LIMIT_MEMLOCK = 8,
  SONDE_LIMIT_AS = 9,
  SONDE_LIMIT_LOCKS = 10,      /* L */
  SONDE_LIMIT_SIGPENDING = 11, /* L */
  SONDE_LIMIT_MSGQUEUE = 12,   /* L */
  SONDE_LIMIT_NICE = 13,       /* L */
  SONDE_LIMIT_RTPRIO = 14,     /* L */
  SONDE_LIMIT_RTTIME = 15,     /* L. Microseconds */
  SONDE_LIMIT_SBSIZE = 16,     /* F */
  SONDE_LIMIT_SWAP = 17,       /* F */
  SONDE_LIMIT_NPTS = 18,       /* F */
  SONDE_LIMIT_KQUEUES = 19,    /* F */
  SONDE_LIMIT_UMTXP = 20,      /* F */
  SONDE_LIMIT_PIPEBUF = 21,    /* F */
  SONDE_LIMIT_KINDS = 22
} sonde_limit_kind;

typedef struct sonde_limit {
  sonde_status status;
  sonde_limit_kind kind;
  uint64_t soft; /* SONDE_UNLIMITED: none */
  uint64_t hard;
} sonde_limit;
SONDE_DECLARE_LIST(sonde_limit_list, sonde_limit);

/* Every resource limit of the process. OS: L F S. Privilege: root for other users' processes (L 3.x; since then
 * readable by all through /proc). Cost: 3. Source: /proc/PID/limits. */
sonde_status sonde_limit_list_get(sonde_process_handle *process, sonde_limit_list *out);

/* "nofile"; NULL for a number that is no kind. */
const char *sonde_limit_name(sonde_limit_kind kind);

/* Sets one limit. OS: L F. Privilege: the process's user; root to raise hard. Cost: 1. Source: prlimit. */
sonde_status sonde_process_set_limit(sonde_process_handle *process, const sonde_limit *limit);

/* ---- Processes: actions ----------------------------------------------------------------------------------------- */

/* Every action reaches the process that was opened, or nothing: SONDE_ERR_NO_PROCESS when it has ended. (L: a signal by
 * pidfd always does. Whatever takes a pid in the kernel (a signal before 5.3; nice, ionice, affinity and limits on
 * every version) is done right after the process was seen to be there; only if it ends, is reaped, and its pid goes
 * round and is given out again within these microseconds, can another process be met: for all but signals that is
 * noticed, and SONDE_ERR_NO_PROCESS too. A child of the caller that nobody reaps meanwhile is safe from it.)
 * SONDE_ERR_UNSUPPORTED where procfs is that of another pid namespace, whose pids mean nothing to the kernel.
 * W: every action is by the handle that was opened, which is the process itself; SONDE_ERR_ACCESS where Windows did not
 * grant its right when it was opened. Privilege: the same user, or root; W: PROCESS_TERMINATE, _SUSPEND_RESUME,
 * _SET_INFORMATION. */

/* Sends a signal of the OS's numbering. OS: L M F S. Cost: 1. Source: pidfd_send_signal, kill. */
sonde_status sonde_process_signal(sonde_process_handle *process, int signal_number);
/* Stops it until resumed: SIGSTOP; NtSuspendProcess, which counts: it runs again when it was resumed as often as
 * suspended. OS: L W M F S. */
sonde_status sonde_process_suspend(sonde_process_handle *process);
/* OS: L W M F S. */
sonde_status sonde_process_resume(sonde_process_handle *process);
/* Asks it to end: SIGTERM. On Windows, which has no such thing, the same as kill. OS: L W M F S. */
sonde_status sonde_process_terminate(sonde_process_handle *process);
/* Ends it: SIGKILL; NtTerminateProcess, with exit code 1. OS: L W M F S. */
sonde_status sonde_process_kill(sonde_process_handle *process);

/* -20 (most favoured) to 19. OS: L W M F S. Privilege: root to lower it.
 * W: a priority class, and what is told for it: -20 REALTIME (-20), -19 to -10 HIGH (-10), -9 to -1 ABOVE_NORMAL (-5),
 * 0 NORMAL (0), 1 to 9 BELOW_NORMAL (5), 10 to 19 IDLE (10). REALTIME wants SeIncreaseBasePriorityPrivilege; without it
 * Windows would take HIGH in silence: the class stays what it was, and that is SONDE_ERR_ACCESS. */
sonde_status sonde_process_set_nice(sonde_process_handle *process, int nice);
/* As sonde_process.ionice_class and _value. OS: L W. Privilege: root for real time; W: SeIncreaseBasePriorityPrivilege
 * for high. */
sonde_status sonde_process_set_ionice(sonde_process_handle *process, int ionice_class, int ionice_value);

/* A list of CPU ids, ascending. */
typedef struct sonde_cpu_list {
  uint32_t *rows;
  size_t count;
  size_t bad; /* always 0 */
  struct sonde_memory_block *memory;
} sonde_cpu_list;
void sonde_cpu_list_free(sonde_cpu_list *self);

/* The CPUs on which it may run. OS: L W F S. Cost: 1 or 2. Source: sched_getaffinity.
 * W: GetProcessAffinityMask. On a machine with several processor groups the CPU sets that the process was told to
 * prefer (Windows 11, Server 2022), else its mask in the one group where it has threads, else all CPUs of its groups.
 * SONDE_ERR_UNSUPPORTED in a 32-bit program where a group has more than 32 CPUs, which its masks cannot hold. */
sonde_status sonde_process_affinity_get(sonde_process_handle *process, sonde_cpu_list *out);
/* OS: L W F S. cpus need not be sorted. SONDE_ERR_INVALID: none is given, one is beyond those that the kernel could
 * ever have, or none of them is one on which the process may run (offline, not in its cpuset); of several, those on
 * which it may not are passed over. W: SetProcessAffinityMask; with several processor groups
 * SetProcessDefaultCpuSetMasks, which before Windows 11 and Server 2022 is missing: SONDE_ERR_UNSUPPORTED then unless
 * all are of the one group where the process has threads. */
sonde_status sonde_process_set_affinity(sonde_process_handle *process, const uint32_t *cpus, size_t num_cpus);

enum {
  SONDE_EXIT_CODE = 1 << 0,
  SONDE_EXIT_SIGNAL = 1 << 1
};

/* How a process ended: known for children of the caller, and on Windows. */
typedef struct sonde_exit {
  uint64_t valid; /* SONDE_EXIT_*: at most one of them */
  int64_t code;   /* W: 0 to 2^32-1: 0xC0000005, an access violation, is 3221225477 */
  int32_t signal_number;
  bool core_dumped; /* with SIGNAL */
} sonde_exit;

/* Waits until the process ends, at most timeout nanoseconds (0: only looks; SONDE_NO_TIMEOUT: for ever); then
 * SONDE_ERR_TIMEOUT. Already ended: SONDE_OK at once. A child is reaped, unless somebody else's debugger has yet to
 * take its end: how it ended is unknown then, as when another thread has reaped it, or SIGCHLD is ignored. Blocks. OS:
 * L W M F S. Source: pidfd and poll; before 5.3 the pid is looked at every 1 to 40 ms. W: WaitForMultipleObjects; of
 * more than 64 processes, all that it takes, each is looked at every 1 to 40 ms. */
sonde_status sonde_process_wait(sonde_process_handle *process, sonde_exit *out, uint64_t timeout);

/* Waits for many (of one context): until all have ended or, with any, the first has. *out_gone counts how many have
 * ended; ended[i] says so for process i, and exits[i], where exits is not NULL, how. SONDE_ERR_TIMEOUT when the
 * deadline passed first: the out parameters are then filled all the same. Blocks. */
sonde_status sonde_process_wait_many(sonde_process_handle *const *processes, size_t count, bool *ended,
                                     sonde_exit *exits, size_t *out_gone, bool any, uint64_t timeout);

/* ---- Differences and rates: pure functions of two samples -------------------------------------------------------- */

/* after - before of a counter that may have wrapped at 2^bits (32 or 64; 0: never wraps). A counter that went back
 * without being able to wrap (bits 0 or 64), or whose wrap would be more than half its range, was reset: then *reset
 * (may be NULL) is true and the result is `after`, what has been counted since. */
uint64_t sonde_counter_delta(uint64_t before, uint64_t after, unsigned bits, bool *reset);

/* A counter's delta per second over elapsed nanoseconds; 0 when none elapsed. Never NaN, infinite or negative. */
double sonde_counter_rate(uint64_t before, uint64_t after, unsigned bits, uint64_t elapsed);

/* Shares of the time between two samples of the same CPU, in per cent, each 0..100. Fields as in sonde_cpu_times. A
 * field that went back counts as 0. Guest time is counted once: in guest, not in user; so are irq and dpc where they
 * are part of system. All 0 when no time passed or the CPUs differ. */
typedef struct sonde_cpu_percents {
  uint64_t valid; /* SONDE_CPU_TIMES_*: those valid in both samples */
  double user, system, idle, nice, iowait, irq, softirq, steal, guest, guest_nice, dpc;
  double busy; /* all but idle and iowait */
} sonde_cpu_percents;
void sonde_cpu_percents_between(sonde_cpu_percents *out, const sonde_cpu_times *before, const sonde_cpu_times *after);

/* The busy share alone: psutil's cpu_percent. */
double sonde_cpu_percent(const sonde_cpu_times *before, const sonde_cpu_times *after);

/* CPU time of a process between two samples, in per cent of one CPU: over 100 with several threads. 0 when the samples
 * are of different processes (start_id), lack CPU_TIMES or no time elapsed. */
double sonde_process_cpu_percent(const sonde_process *before, const sonde_process *after, uint64_t elapsed);

/* used / total of physical memory, in per cent; 0 when unknown. */
double sonde_virtual_memory_percent(const sonde_virtual_memory *memory);
double sonde_swap_memory_percent(const sonde_swap_memory *swap);
/* used / (used + free): as df, which leaves the reserve out. */
double sonde_disk_usage_percent(const sonde_disk_usage *usage);
/* rss of a process in per cent of total. */
double sonde_process_memory_percent(const sonde_process *process, const sonde_virtual_memory *memory);

/* The sum over all rows that are OK and no partition. name is empty; valid is what is valid in every row. */
void sonde_disk_io_sum(sonde_disk_io *out, const sonde_disk_io_list *list);
/* The sum over all rows that are OK. */
void sonde_net_io_sum(sonde_net_io *out, const sonde_net_io_list *list);

/* Work per second between two samples of the same disk; a replugged disk counts from 0. bits is 64 inside. */
typedef struct sonde_disk_io_rate {
  double read_count, write_count; /* per second */
  double read_bytes, write_bytes;
  double busy_ratio; /* 0..1 of the time with requests under way */
} sonde_disk_io_rate;
void sonde_disk_io_rate_between(sonde_disk_io_rate *out, const sonde_disk_io *before, const sonde_disk_io *after,
                                uint64_t elapsed);

typedef struct sonde_net_io_rate {
  double bytes_sent, bytes_recv, packets_sent, packets_recv; /* per second */
} sonde_net_io_rate;
void sonde_net_io_rate_between(sonde_net_io_rate *out, const sonde_net_io *before, const sonde_net_io *after,
                               uint64_t elapsed);

/* Remembers the previous sample, for those who want psutil's cpu_percent(interval=None). */
typedef struct sonde_cpu_sampler sonde_cpu_sampler;
sonde_status sonde_cpu_sampler_open(sonde *context, sonde_cpu_sampler **out);
void sonde_cpu_sampler_close(sonde_cpu_sampler *sampler);
/* The shares since the last call on this sampler; the first call gives the shares since boot. */
sonde_status sonde_cpu_sampler_percents(sonde_cpu_sampler *sampler, sonde_cpu_percents *out);

/* Remembers the previous process table, and gives each row's CPU share since. */
typedef struct sonde_process_sampler sonde_process_sampler;
sonde_status sonde_process_sampler_open(sonde *context, sonde_process_sampler **out);
void sonde_process_sampler_close(sonde_process_sampler *sampler);
/* Refreshes *out as sonde_process_table_refresh with fields and STAT. *percents, valid until the next call on this
 * sampler, has one entry per row: per cent of one CPU since the last call, or since its start for a process that is
 * new. The first call gives the share since each process's start. */
sonde_status sonde_process_sampler_refresh(sonde_process_sampler *sampler, sonde_process_table *out,
                                           const double **percents, uint64_t fields);

#ifdef __cplusplus
}
#endif

#endif /* SONDE_SONDE_H */
