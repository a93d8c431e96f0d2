/* SPDX-License-Identifier: MIT */
/* The `sonde` command: what it was asked for, and who does it. */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"
#include "tools/terminal.h"
#include "tools/watch.h"

enum {
  EXIT_USAGE = 2
};

struct command {
  const char *name;
  const char *operands; /* "PID" */
  size_t min_operands;
  size_t max_operands;
  unsigned options; /* OPTION_* that it takes */
  const char *summary;
  const char *more; /* more of the help, or "" */
  command_function run;
};

static const struct command commands[] = {
    {"cpu", "", 0, 0, OPTION_ALL | OPTION_INTERVAL,
     "times, shares, counts, load, models, frequencies, caches, vulnerabilities",
     "The shares are measured over the interval (0.5 seconds); 0 gives those since boot.\n"
     "--all adds topology, scheduler, throttling and interrupts.\n",
     command_cpu},
    {"memory", "", 0, 0, OPTION_ALL, "memory, swap, NUMA nodes, huge pages",
     "--all adds all counters that the system keeps about its memory.\n", command_memory},
    {"disk", "", 0, 0, OPTION_ALL | OPTION_INTERVAL | OPTION_TIMEOUT,
     "mounted file systems, work of the disks, devices",
     "Network and automount file systems are not asked how full they are; --all asks them, too,\n"
     "and adds what has no storage. With an interval, the work per second is measured.\n",
     command_disk},
    {"net", "", 0, 0, OPTION_ALL | OPTION_INTERVAL, "interfaces, addresses, traffic",
     "With an interval, the traffic per second is measured.\n"
     "--all adds connections, with their owners, errors by kind, and the counters of the protocols.\n",
     command_net},
    {"connections", "[PID] [KIND]...", 0, 16, OPTION_TCP_INFO, "sockets and their owners, of all or of PID",
     "KIND: all (default), inet, inet4, inet6, tcp, tcp4, tcp6, udp, udp4, udp6, unix, raw, raw4, raw6; several add\n"
     "up. Of PID: what it holds, in its own network namespace.\n",
     command_connections},
    {"sensors", "", 0, 0, 0, "temperatures, fans, voltages, energy, batteries, GPUs", "", command_sensors},
    {"host", "", 0, 0, 0, "name, system, kernel, uptime", "", command_host},
    {"users", "", 0, 0, 0, "who is logged in", "", command_users},
    {"services", "", 0, 0, 0, "services of Windows", "", command_services},
    {"cgroup", "[PID]", 0, 1, 0, "limits and use of a control group, and pressure",
     "Without PID: the control group of this command.\n", command_cgroup},
    {"pids", "", 0, 0, 0, "the ids of all processes", "", command_pids},
    {"ps", "", 0, 0, OPTION_INTERVAL | OPTION_SORT | OPTION_FIELDS | OPTION_LIMIT | OPTION_ALL_FIELDS, "all processes",
     "cpu% is the share of one CPU since the process began, or with an interval during that.\n", command_ps},
    {"process", "PID", 1, 1, OPTION_ALL, "one process: every field, threads, open files, connections, limits",
     "--all adds the environment and the mappings.\n", command_process},
    {"top", "", 0, 0,
     OPTION_BATCH | OPTION_COUNT | OPTION_INTERVAL | OPTION_SORT | OPTION_FILTER | OPTION_TREE | OPTION_LIMIT |
         OPTION_ASCII,
     "the machine and its busiest processes, again and again",
     "On a terminal: the whole screen, until q is pressed; h shows the keys. --sort takes cpu, memory, time, pid\n"
     "and name. With --batch: text, for pipes and files, N times or until it is ended.\n",
     command_top},
    {"tree", "[PID]", 0, 1, OPTION_ARGS | OPTION_THREADS | OPTION_ASCII,
     "who started whom: all processes, or PID's branch",
     "Branches are drawn in Unicode where LC_ALL, LC_CTYPE or LANG says UTF-8, else in ASCII.\n", command_tree},
    {"watch", "[COMMAND [PID]]", 0, SIZE_MAX, OPTION_COUNT | OPTION_INTERVAL,
     "another command, or the overview, again and again",
     "Takes the options of that command, too. Shares and rates are those of each interval (1 second). With\n"
     "--json, each time is one line. SIGINT and SIGTERM end it after what is under way.\n",
     NULL},
    {"supports", "", 0, 0, 0, "which questions this system answers", "", command_supports},
};

static const struct command overview = {"",
                                        "",
                                        0,
                                        0,
                                        OPTION_INTERVAL | OPTION_LIMIT | OPTION_TIMEOUT,
                                        "an overview, and the busiest processes",
                                        "",
                                        command_overview};

struct option_help {
  unsigned option; /* 0: of every command */
  const char *text;
};
static const struct option_help option_helps[] = {
    {OPTION_ALL, "  -a, --all             also what is long or slow"},
    {OPTION_INTERVAL, "      --interval SECS   how long to measure"},
    {OPTION_TIMEOUT, "      --timeout SECS    how long to wait for a file system (1)"},
    {OPTION_SORT, "      --sort FIELD      in this order (pid)"},
    {OPTION_FIELDS, "      --fields LIST     only these fields, with commas between"},
    {OPTION_ALL_FIELDS, "      --all-fields      every field"},
    {OPTION_BATCH, "  -b, --batch           write text"},
    {OPTION_COUNT, "  -n, --count N         N times, then end"},
    {OPTION_FILTER, "      --filter TEXT     only processes with TEXT in pid, user, name or arguments"},
    {OPTION_TCP_INFO, "      --tcp-info        what TCP knows of each connection: round trips, losses, rates"},
    {OPTION_TREE, "      --tree            processes as a tree"},
    {OPTION_ARGS, "      --args            with the arguments of each process"},
    {OPTION_THREADS, "      --threads         with the threads of each process"},
    {OPTION_ASCII, "      --ascii           draw in ASCII"},
    {OPTION_LIMIT, "      --limit N         only the first N processes"},
    {0, "  -j, --json            as JSON, with the field names of sonde.h"},
    {0, "      --procfs DIR      look at DIR in place of /proc"},
    {0, "      --sysfs DIR       ... in place of /sys"},
    {0, "      --etc DIR         ... in place of /etc"},
    {0, "      --dev DIR         ... in place of /dev"},
    {0, "      --rootfs DIR      ... in place of /; the others are then below it, unless given"},
    {0, "  -h, --help            this text"},
    {0, "  -V, --version         the version"},
};

static void print_help(struct output *out, const struct command *command) {
  const bool is_overview = command == &overview;
  output_text(out, "Usage: sonde ");
  output_text(out, is_overview ? "[COMMAND]" : command->name);
  output_text(out, command->operands[0] != '\0' ? " " : "");
  output_text(out, command->operands);
  output_text(out, " [OPTION]...\n\n");
  output_text(out, is_overview ? "What this machine and its processes are doing. Without COMMAND: " : "");
  output_text(out, command->summary);
  output_text(out, is_overview ? ".\n\nCommands (sonde COMMAND --help tells more):\n" : "\n");
  if (is_overview) {
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
      output_text(out, "  ");
      output_text(out, commands[i].name);
      const size_t used = strlen(commands[i].name);
      output_blanks(out, used < 13 ? 13 - used : 1);
      output_text(out, commands[i].summary);
      output_text(out, "\n");
    }
  }
  output_text(out, command->more);
  output_text(out, "\nOptions:\n");
  for (size_t i = 0; i < sizeof option_helps / sizeof option_helps[0]; i++) {
    const unsigned option = option_helps[i].option;
    if (option != 0 && (command->options & option) == 0) continue;
    output_text(out, option_helps[i].text);
    output_text(out, "\n");
  }
  if (command->run == command_ps) command_ps_help(out);
}

static bool usage_mistake(struct output *err, const struct command *command, const char *what, const char *word) {
  output_text(err, "sonde: ");
  if (command != NULL && command->name[0] != '\0') {
    output_text(err, command->name);
    output_text(err, ": ");
  }
  output_text(err, what);
  if (word != NULL) {
    output_text(err, " '");
    output_escaped(err, word, strlen(word));
    output_text(err, "'");
  }
  output_text(err, "\n");
  return false;
}

static const struct command *find_command(const struct command_line *line) {
  if (line->num_words == 0) return &overview;
  for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
    if (strcmp(commands[i].name, line->words[0]) == 0) return &commands[i];
  }
  return NULL;
}

static bool check_arguments(struct output *err, const struct command *command, const struct command_line *line) {
  const size_t operands = line->num_words > 0 ? line->num_words - 1 : 0;
  if (operands < command->min_operands) return usage_mistake(err, command, "PID is missing", NULL);
  if (operands > command->max_operands) {
    return usage_mistake(err, command, "there is a word too many:", line->words[command->max_operands + 1]);
  }
  const unsigned foreign = line->given & ~command->options;
  for (unsigned option = 1; option <= foreign; option <<= 1) {
    if ((foreign & option) == 0) continue;
    return usage_mistake(err, command, "this command takes no", command_line_option_name(option));
  }
  return true;
}

/* What is watched: the rest of the line, as if it stood alone. */
static bool find_watched(struct output *err, const struct command_line *line, struct command_line *out,
                         const struct command **out_command) {
  *out = *line;
  out->words++;
  out->num_words--;
  const struct command *const command = find_command(out);
  if (command == NULL || command->run == NULL || command->run == command_top) {
    return usage_mistake(err, NULL,
                         command == NULL ? "there is no command" : "watch: this is no command for it:", out->words[0]);
  }
  if ((line->given & OPTION_INTERVAL) == 0) out->interval = SONDE_NSEC_PER_SEC;
  if (out->interval < SONDE_NSEC_PER_SEC / 100) {
    return usage_mistake(err, NULL, "watch: an interval is at least 0.01 seconds", NULL);
  }
  out->given &= ~(unsigned)(OPTION_COUNT | OPTION_INTERVAL);
  if ((command->options & OPTION_INTERVAL) != 0) out->given |= OPTION_INTERVAL;
  *out_command = command;
  return check_arguments(err, command, out);
}

/* What the library says while no context can tell. */
static int fail_to_open(struct session *session, sonde_status status) {
  output_text(&session->err, "sonde: ");
  output_text(&session->err, sonde_strerror(status));
  output_text(&session->err, "\n");
  return EXIT_FAILURE;
}

/* given: the options of `sonde watch`; 0: the command runs once. */
static int run(struct session *session, const struct command *command, bool repeat, unsigned given) {
  session->command = command->name;
  if (repeat) {
    const uint64_t count = (given & OPTION_COUNT) != 0 ? session->line->count : UINT64_MAX;
    return watch_run(session, command->run, session->line->interval, count);
  }
  if (session->line->json) session->doc = json_open();
  const bool is_fine = command->run(session);
  if (!is_fine) {
    yyjson_mut_doc_free(session->doc);
    return EXIT_USAGE;
  }
  return report_finish(session);
}

int main(int argc, char **argv) {
  terminal_prepare();
  struct session session;
  memset(&session, 0, sizeof session);
  output_open(&session.out, stdout);
  output_open(&session.err, stderr);
  session.command = "";
  int result = EXIT_USAGE;

  struct command_line line;
  const bool is_read = command_line_read(&line, &session.err, argc, terminal_arguments(argc, argv));
  const struct command *const command = is_read ? find_command(&line) : NULL;
  session.line = &line;
  if (is_read && command == NULL) (void)usage_mistake(&session.err, NULL, "there is no command", line.words[0]);
  if (command != NULL && line.help) {
    print_help(&session.out, command);
    session.num_shown = 1;
    result = report_finish(&session);
  } else if (command != NULL && line.version) {
    output_text(&session.out, "sonde ");
    output_text(&session.out, sonde_version());
    output_text(&session.out, "\n");
    session.num_shown = 1;
    result = report_finish(&session);
  } else if (command != NULL) {
    const bool repeat = command->run == NULL;
    const struct command *runs = command;
    struct command_line watched;
    const bool is_sound =
        repeat ? find_watched(&session.err, &line, &watched, &runs) : check_arguments(&session.err, command, &line);
    if (is_sound) {
      if (repeat) session.line = &watched;
      const sonde_status status = sonde_open(&session.context, &line.roots);
      result = status == SONDE_OK ? run(&session, runs, repeat, line.given) : fail_to_open(&session, status);
      sonde_close(session.context);
    }
  }
  if (result == EXIT_USAGE) output_text(&session.err, "sonde --help tells how to use it\n");
  command_line_free(&line);
  return result;
}
