/* SPDX-License-Identifier: MIT */
/*
 * command_line.h - the options and words that `sonde` was called with.
 */
#ifndef SONDE_TOOLS_COMMAND_LINE_H
#define SONDE_TOOLS_COMMAND_LINE_H

#include "tools/output.h"

/* Options that only some commands take. */
enum {
  OPTION_ALL = 1 << 0,
  OPTION_INTERVAL = 1 << 1,
  OPTION_TIMEOUT = 1 << 2,
  OPTION_SORT = 1 << 3,
  OPTION_FIELDS = 1 << 4,
  OPTION_LIMIT = 1 << 5,
  OPTION_ALL_FIELDS = 1 << 6,
  OPTION_ARGS = 1 << 7,
  OPTION_THREADS = 1 << 8,
  OPTION_ASCII = 1 << 9,
  OPTION_BATCH = 1 << 10,
  OPTION_COUNT = 1 << 11,
  OPTION_FILTER = 1 << 12,
  OPTION_TREE = 1 << 13,
  OPTION_TCP_INFO = 1 << 14
};

struct command_line {
  bool json;
  bool help;
  bool version;
  unsigned given;      /* OPTION_* */
  uint64_t interval;   /* ns */
  uint64_t timeout;    /* ns */
  uint64_t limit;      /* rows */
  uint64_t count;      /* documents */
  const char *filter;  /* NULL: not given */
  const char *sort;    /* a field's name; NULL: not given */
  const char *fields;  /* comma-separated */
  const char **words;  /* the command and its operands; they point into argv */
  size_t num_words;    /* */
  sonde_options roots; /* procfs and so on; the rest is 0 */
};

/* Reads argv, options and words in any order. False after a mistake, which was said on err. To be freed either way. */
bool command_line_read(struct command_line *self, struct output *err, int argc, char **argv);
void command_line_free(struct command_line *self);

/* The long name of one OPTION_*: "--sort". */
const char *command_line_option_name(unsigned option);

/* Seconds with an optional fraction and an optional "s", as nanoseconds. */
bool command_line_read_seconds(uint64_t *out, const char *text);

/* A decimal number and nothing else; false when it is none or greater than max. */
bool read_number(uint64_t *out, const char *text, uint64_t max);

#endif /* SONDE_TOOLS_COMMAND_LINE_H */
