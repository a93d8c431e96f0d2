/* SPDX-License-Identifier: MIT */
/*
 * top.h - what `sonde top` knows: two samples of the machine, and the processes in the order in which they are shown.
 *
 * Filled again and again by top_refresh. All memory is kept from sample to sample.
 */
#ifndef SONDE_TOOLS_TOP_H
#define SONDE_TOOLS_TOP_H

#include "tools/command.h"
#include "tools/top_line.h"
#include "tools/tree_branches.h"

enum top_sort {
  TOP_BY_CPU,
  TOP_BY_MEMORY,
  TOP_BY_TIME,
  TOP_BY_PID,
  TOP_BY_NAME,
  TOP_NUM_SORTS
};

enum {
  TOP_MAX_HEADER = 48 /* lines */
};

/* What is measured twice; rates are the difference. */
struct top_sample {
  sonde_cpu_times total;
  sonde_status total_status;
  sonde_cpu_times_list cpus;
  sonde_net_io_list net;
  sonde_disk_io_list disk;
  uint64_t clock; /* ns */
};

/* Bytes per second of all disks, or of all interfaces but the loopback. */
struct top_rate {
  bool told;
  double in;  /* read, received */
  double out; /* written, sent */
};

/* Who is chosen: a process, and not a place in the list. */
struct top_identity {
  sonde_pid pid; /* SONDE_PID_UNKNOWN: nobody */
  uint64_t start_id;
};

struct top {
  sonde *context;
  sonde_process_sampler *sampler;
  sonde_status status; /* of the latest refresh of the table */

  int latest;      /* sample */
  bool has_two;    /* samples: there are rates */
  bool has_memory; /* which of the following were told */
  bool has_swap;
  bool has_load;
  bool has_all_details; /* of the table */

  /* How to show the processes. */
  bool reversed;
  bool as_tree;
  bool with_args;
  bool all_details; /* ask for the details of every process, not only of those on the screen */
  enum top_sort sort;
  struct text_buffer filter; /* only processes whose pid, user, name or arguments hold this, whatever the case */

  struct top_sample samples[2];
  sonde_cpu_percents shares;    /* of all CPUs; valid 0: not told */
  sonde_cpu_percents *each_cpu; /* for each row of the latest list of CPUs */
  size_t max_cpus;
  sonde_virtual_memory memory;
  sonde_swap_memory swap;
  sonde_load_average load;
  sonde_host_times times;
  struct top_rate net;
  struct top_rate disk;

  sonde_process_table table;
  sonde_process_table one; /* the details of a row on the screen */
  const double *percents;  /* NULL: not told */
  size_t pid_width;        /* of the largest, at least 5 */
  size_t by_state[SONDE_PROCESS_STATE_WAITING + 1];

  /* Numbers of the table's rows, in the order shown. */
  size_t *rows;
  size_t num_rows;
  uint32_t *depths; /* of a tree */
  bool *more;
  size_t *scratch;       /* of the same size as rows */
  size_t *order;         /* the same */
  sonde_process *sorted; /* a tree is made of these: copies of the rows, their strings are the table's */
  size_t max_rows;
  size_t max_sorted;
  struct tree_branches branches;
  size_t branched; /* rows that the branches have seen */
  struct text_buffer words;
};

/* The word for --sort and the heading: "cpu". */
const char *top_sort_name(enum top_sort sort);

/* Zeroed, then opened. */
void top_open(struct top *self, sonde *context);
void top_close(struct top *self);

/* Takes a sample, and arranges the rows. status says whether there are processes. */
void top_refresh(struct top *self);

/* Sorts, filters and makes the tree of what is there, after a choice has changed. */
void top_arrange(struct top *self);

/* The fields of a row that are read only for rows that are shown: the row itself where the table has them or the
 * process has ended, else a fresh one, valid until the next call. */
const sonde_process *top_details(struct top *self, size_t row);

/* The place of a process among the rows shown; false: it is not there. */
bool top_find(const struct top *self, struct top_identity who, size_t *out);
struct top_identity top_identity_of(const sonde_process *process);

/* The header: at most max_lines lines of that width. Returns how many. */
size_t top_header(struct top *self, struct top_line *lines, size_t max_lines, size_t width);

/* The headings of the columns, and a process below them: rows[at]. skip: columns of the command left out. */
void top_heading(const struct top *self, struct top_line *out, size_t width);
void top_process(struct top *self, struct top_line *out, size_t at, size_t width, size_t skip);

#define TOP_LEAST_INTERVAL (SONDE_NSEC_PER_SEC / 10)

/* The whole screen in the terminal, until the user ends it. False after a mistake (no terminal), which was said. */
bool top_full_screen(struct session *session, struct top *self, uint64_t interval);

#endif /* SONDE_TOOLS_TOP_H */
