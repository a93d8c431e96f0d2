/* SPDX-License-Identifier: MIT */
/*
 * command.h - the commands of `sonde`. Each asks the library and reports what it said.
 */
#ifndef SONDE_TOOLS_COMMAND_H
#define SONDE_TOOLS_COMMAND_H

#include "tools/report.h"

/* False after a mistake in the arguments, which was said: exit status 2. What the library said is in the session. */
typedef bool (*command_function)(struct session *session);

bool command_overview(struct session *session);
bool command_cpu(struct session *session);
bool command_memory(struct session *session);
bool command_disk(struct session *session);
bool command_net(struct session *session);
bool command_sensors(struct session *session);
bool command_host(struct session *session);
bool command_users(struct session *session);
bool command_services(struct session *session);
bool command_cgroup(struct session *session);
bool command_pids(struct session *session);
bool command_ps(struct session *session);
bool command_process(struct session *session);
bool command_connections(struct session *session);
bool command_supports(struct session *session);
bool command_top(struct session *session);
bool command_tree(struct session *session);

/* The names of all fields that `ps --fields` takes, for its help. */
void command_ps_help(struct output *out);

/* The operand as a pid; 0 without one. False, after saying so, when it is none. */
bool command_read_pid(struct session *session, sonde_pid *out);

/* The interval to measure over: what was given, else the default. */
uint64_t command_interval(const struct session *session, uint64_t by_default);

/* What is measured twice. {0}: nothing was. */
struct sample {
  sonde_cpu_times total;
  sonde_status total_status;
  sonde_cpu_times_list cpus;
  sonde_net_io_list net;
  sonde_disk_io_list disk;
  sonde_host_times times;
};
void command_free_sample(struct sample *sample);

/* What stays between two runs of a command by `sonde watch`: so that each measures since the one before. */
struct kept {
  uint64_t interval;
  uint64_t next;   /* by terminal_clock: when the interval is over */
  bool has_waited; /* the command itself has */
  bool has_sample;
  struct sample sample;
  sonde_process_sampler *sampler; /* NULL: none yet */
};

/* Takes over the sample that was kept; false: there is none, take one. */
bool command_recall(struct session *session, struct sample *out);
/* Keeps the sample for the next run, or frees it when there is none. *sample is {0} then. */
void command_keep(struct session *session, struct sample *sample);

/* A sampler: that of the run before, or a new one that has seen nothing (*is_new). */
sonde_status command_open_sampler(struct session *session, sonde_process_sampler **out, bool *is_new);
void command_close_sampler(struct session *session, sonde_process_sampler *sampler);

/* Waits until the interval is over; of several runs, one after the other, it begins when that of the run before ended.
 */
void command_wait(struct session *session, uint64_t interval);

/* ns that passed between two answers of sonde_host_times_get; `waited` where the clock is not told. */
uint64_t command_elapsed(const sonde_host_times *before, const sonde_host_times *after, uint64_t waited);

#define COMMAND_HALF_A_SECOND (SONDE_NSEC_PER_SEC / 2)

/* Fills a table, with the share of the CPU of each row: measured over the interval or, when that is 0, since each
 * process began. *percents is NULL where the system tells no times to measure by; it lives as long as the sampler. */
sonde_status command_sample_processes(struct session *session, sonde_process_table *table, const double **percents,
                                      sonde_process_sampler *sampler, uint64_t fields);

/* False, and a message, when a table or list of processes is empty: there is no system without any. */
bool command_has_processes(struct session *session, size_t count);

/* A table of processes in words, for `ps` and the overview: percents[i] goes with rows[i]; order holds the numbers of
 * the `count` rows to show. percents and memory may be NULL. */
void command_print_processes(struct session *session, const sonde_process_table *table, const double *percents,
                             const sonde_virtual_memory *memory, const size_t *order, size_t count);

/* The name; or with_args the arguments and, for a process that has none, such as a kernel thread, the name in brackets.
 */
void command_add_process_words(struct text_buffer *out, const sonde_process *process, bool with_args);

/* What command_print_processes shows. */
#define COMMAND_PROCESS_FIELDS (SONDE_PROCESS_STAT | SONDE_PROCESS_CMDLINE | SONDE_PROCESS_USERNAME)

/* How the rows of a process table are put in order: by a field, or (NULL) by percents; where those are NULL too, by the
 * time that a process has had a CPU. */
struct process_order {
  const sonde_process_table *table;
  const double *percents;
  const struct field *field;
};

/* Fills order with 0..count-1, sorted: numbers from the largest down, pids and words upwards, what is not told last;
 * equal ones by pid. */
void command_sort_processes(size_t *order, const struct process_order *how);

#endif /* SONDE_TOOLS_COMMAND_H */
