/* SPDX-License-Identifier: MIT */
/* linux_backend.h - what the files of the Linux backend share: the state of a context, and the slots of each domain. */
#ifndef SONDE_BACKENDS_LINUX_LINUX_BACKEND_H
#define SONDE_BACKENDS_LINUX_LINUX_BACKEND_H

#include "backends/linux/linux_os.h" /* first */

#include <sonde/sonde_backend.h>

#include "core/parse/span.h"

#if defined(__mips__)
#define LINUX_RUNS_ON_MIPS true
#else
#define LINUX_RUNS_ON_MIPS false
#endif

/* How many helper processes may hang at a time. */
#define LINUX_HELPERS_MAX 32

/* A helper process that hangs, and where: linux_usage.h. */
struct linux_helper {
  pid_t pid;     /* 0: no helper */
  bool is_stuck; /* it has not answered; else it has, and is only slow to end */
  bool has_mount;
  uint64_t mount_id;
  uint64_t path_hash;
};

struct linux_state {
  const struct linux_os *os;
  uint64_t page_size;                /* bytes; this and the next three are those of the machine behind the roots */
  uint64_t ns_per_tick;              /* of the times in /proc: USER_HZ */
  sondei_byte_order byte_order;      /* of the numbers in /proc/net and utmp */
  bool is_mips;                      /* it numbers socket types and O_APPEND as MIPS does, unlike all others */
  struct sonde_buffer text;          /* the file that was read last: linux_file.h */
  struct sonde_buffer path;          /* the path that was made last */
  struct sonde_buffer entries;       /* directory entries of the outermost walk */
  struct sonde_buffer inner_entries; /* of a walk inside it */
  struct sonde_buffer passwd;        /* <etc>/passwd, while users are named */
  struct sonde_buffer mounts;        /* mountinfo, while cgroups are looked for in it */
  struct sonde_buffer cpus;          /* CPU numbers, while files of each are read */
  struct sonde_buffer kinds;         /* kinds of CPUs, while they are counted */
  struct sonde_buffer numbers;       /* of sensor chips, or of NUMA nodes, while each is read */
  struct sonde_buffer inputs;        /* the sensors of one chip, while they are read */
  struct sonde_buffer names;         /* of chips that have a temperature, or of the disks that one is made of */
  struct sonde_buffer sockets;       /* sockets of a process or, of unix sockets, their peers */
  struct sonde_buffer inodes;        /* numbers of sockets, to be found by */
  struct sonde_buffer peers;         /* the same of unix sockets */
  struct linux_helper helpers[LINUX_HELPERS_MAX];
};

extern const struct sonde_cpu_ops sondei_linux_cpu_ops;
extern const struct sonde_memory_ops sondei_linux_memory_ops;
extern const struct sonde_disk_ops sondei_linux_disk_ops;
extern const struct sonde_net_ops sondei_linux_net_ops;
extern const struct sonde_sensor_ops sondei_linux_sensor_ops;
extern const struct sonde_host_ops sondei_linux_host_ops;
extern const struct sonde_limits_ops sondei_linux_limits_ops;
extern const struct sonde_process_ops sondei_linux_process_ops;

extern const struct sonde_backend sondei_backend_linux;

#endif /* SONDE_BACKENDS_LINUX_LINUX_BACKEND_H */
