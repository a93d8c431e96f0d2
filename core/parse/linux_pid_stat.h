/* SPDX-License-Identifier: MIT */
/*
 * linux_pid_stat.h - /proc/PID/stat and /proc/PID/task/TID/stat: one line of numbers, with a name in it that the
 * process chose and that may hold anything, ") R 1 2 3" and newlines too.
 */
#ifndef SONDE_CORE_PARSE_LINUX_PID_STAT_H
#define SONDE_CORE_PARSE_LINUX_PID_STAT_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum {
  SONDEI_LINUX_PID_STAT_COLUMNS = 52
};

/* Members are named as in proc(5), with their column. Columns beyond num_columns are 0. Those that nobody uses are not
 * kept. Times are in ticks, rss in pages. */
struct sondei_linux_pid_stat {
  unsigned num_columns; /* 4 to 52: how many there were, of those known. Older kernels have fewer */
  sondei_span comm;     /* 2. Between the first '(' and the last ')': may be empty, may hold any byte */
  char state;           /* 3. '0' in rows that a container runtime zeroed */
  int32_t pid;          /* 1 */
  int32_t ppid;         /* 4 */
  int32_t pgrp;         /* 5 */
  int32_t session;      /* 6 */
  uint32_t tty_nr;      /* 7. In the encoding of st_rdev; 0: none */
  int32_t tpgid;        /* 8. -1: none */
  uint64_t flags;       /* 9 */
  uint64_t minflt;      /* 10 */
  uint64_t cminflt;     /* 11 */
  uint64_t majflt;      /* 12 */
  uint64_t cmajflt;     /* 13 */
  uint64_t utime;       /* 14 */
  uint64_t stime;       /* 15 */
  uint64_t cutime;      /* 16 */
  uint64_t cstime;      /* 17 */
  int32_t priority;     /* 18 */
  int32_t nice;         /* 19 */
  uint64_t num_threads; /* 20 */
  uint64_t starttime;   /* 22. Since boot */
  uint64_t vsize;       /* 23. Bytes */
  uint64_t rss;         /* 24 */
  int32_t exit_signal;  /* 38 */
  int32_t processor;    /* 39 */
  uint32_t rt_priority; /* 40 */
  uint32_t policy;      /* 41 */
  uint64_t blkio_ticks; /* 42 */
  uint64_t guest_time;  /* 43 */
  uint64_t cguest_time; /* 44 */
  int32_t exit_code;    /* 52 */
};

/* in: the whole file. A row that ends before column 4, or a column that is kept and is no number, is
 * SONDE_ERR_PARSE. */
sonde_status sondei_linux_parse_pid_stat(struct sondei_linux_pid_stat *out, sondei_parse_error *err, sondei_span in);

/* The state that a letter means, in stat and status; UNKNOWN for one that is new. */
sonde_process_state sondei_linux_process_state(char letter);

#endif /* SONDE_CORE_PARSE_LINUX_PID_STAT_H */
