/* SPDX-License-Identifier: MIT */
#include "tools/command_line.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* Long options without a letter have numbers above all characters. */
enum {
  LONG_PROCFS = 256,
  LONG_SYSFS,
  LONG_ETC,
  LONG_DEV,
  LONG_ROOTFS,
  LONG_INTERVAL,
  LONG_TIMEOUT,
  LONG_SORT,
  LONG_FIELDS,
  LONG_LIMIT,
  LONG_ALL_FIELDS,
  LONG_ARGS,
  LONG_THREADS,
  LONG_ASCII,
  LONG_FILTER,
  LONG_TREE,
  LONG_TCP_INFO
};

static const struct option long_options[] = {
    {"all", no_argument, NULL, 'a'},
    {"all-fields", no_argument, NULL, LONG_ALL_FIELDS},
    {"args", no_argument, NULL, LONG_ARGS},
    {"ascii", no_argument, NULL, LONG_ASCII},
    {"batch", no_argument, NULL, 'b'},
    {"count", required_argument, NULL, 'n'},
    {"dev", required_argument, NULL, LONG_DEV},
    {"etc", required_argument, NULL, LONG_ETC},
    {"fields", required_argument, NULL, LONG_FIELDS},
    {"filter", required_argument, NULL, LONG_FILTER},
    {"help", no_argument, NULL, 'h'},
    {"interval", required_argument, NULL, LONG_INTERVAL},
    {"json", no_argument, NULL, 'j'},
    {"limit", required_argument, NULL, LONG_LIMIT},
    {"procfs", required_argument, NULL, LONG_PROCFS},
    {"rootfs", required_argument, NULL, LONG_ROOTFS},
    {"sort", required_argument, NULL, LONG_SORT},
    {"sysfs", required_argument, NULL, LONG_SYSFS},
    {"tcp-info", no_argument, NULL, LONG_TCP_INFO},
    {"threads", no_argument, NULL, LONG_THREADS},
    {"timeout", required_argument, NULL, LONG_TIMEOUT},
    {"tree", no_argument, NULL, LONG_TREE},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0},
};

const char *command_line_option_name(unsigned option) {
  switch (option) {
    case OPTION_ALL:
      return "--all";
    case OPTION_INTERVAL:
      return "--interval";
    case OPTION_TIMEOUT:
      return "--timeout";
    case OPTION_SORT:
      return "--sort";
    case OPTION_FIELDS:
      return "--fields";
    case OPTION_LIMIT:
      return "--limit";
    case OPTION_BATCH:
      return "--batch";
    case OPTION_COUNT:
      return "--count";
    case OPTION_FILTER:
      return "--filter";
    case OPTION_TREE:
      return "--tree";
    case OPTION_TCP_INFO:
      return "--tcp-info";
    case OPTION_ARGS:
      return "--args";
    case OPTION_THREADS:
      return "--threads";
    case OPTION_ASCII:
      return "--ascii";
    default:
      return "--all-fields";
  }
}

bool read_number(uint64_t *out, const char *text, uint64_t max) {
  uint64_t value = 0;
  if (*text == '\0') return false;
  for (; *text != '\0'; text++) {
    if (*text < '0' || *text > '9') return false;
    const uint64_t digit = (uint64_t)(*text - '0');
    if (value > (max - digit) / 10 || digit > max) return false;
    value = value * 10 + digit;
  }
  *out = value;
  return true;
}

bool command_line_read_seconds(uint64_t *out, const char *text) {
  char digits[32];
  size_t len = strlen(text);
  if (len > 1 && text[len - 1] == 's') len--;
  if (len >= sizeof digits) return false;
  memcpy(digits, text, len);
  digits[len] = '\0';
  const size_t whole = strcspn(digits, ".");
  const bool has_fraction = digits[whole] == '.';
  digits[whole] = '\0';
  uint64_t seconds = 0;
  if (!read_number(&seconds, digits, 1000000)) return false;
  uint64_t nanoseconds = 0;
  if (has_fraction) {
    const size_t decimals = len - whole - 1;
    if (decimals > 9 || !read_number(&nanoseconds, digits + whole + 1, 999999999)) return false;
    for (size_t i = decimals; i < 9; i++) nanoseconds *= 10;
  }
  *out = seconds * SONDE_NSEC_PER_SEC + nanoseconds;
  return true;
}

static bool complain(struct output *err, const char *what, const char *word) {
  output_text(err, "sonde: ");
  output_text(err, what);
  if (word != NULL) {
    output_text(err, " '");
    output_escaped(err, word, strlen(word));
    output_text(err, "'");
  }
  output_text(err, "\n");
  return false;
}

static bool apply(struct command_line *self, struct output *err, int option) {
  switch (option) {
    case 'a':
      self->given |= OPTION_ALL;
      return true;
    case 'h':
      self->help = true;
      return true;
    case 'j':
      self->json = true;
      return true;
    case 'V':
      self->version = true;
      return true;
    case LONG_PROCFS:
      self->roots.procfs = optarg;
      return true;
    case LONG_SYSFS:
      self->roots.sysfs = optarg;
      return true;
    case LONG_ETC:
      self->roots.etc = optarg;
      return true;
    case LONG_DEV:
      self->roots.dev = optarg;
      return true;
    case LONG_ROOTFS:
      self->roots.rootfs = optarg;
      return true;
    case LONG_TCP_INFO:
      self->given |= OPTION_TCP_INFO;
      return true;
    case LONG_ALL_FIELDS:
      self->given |= OPTION_ALL_FIELDS;
      return true;
    case 'b':
      self->given |= OPTION_BATCH;
      return true;
    case 'n':
      self->given |= OPTION_COUNT;
      return read_number(&self->count, optarg, UINT64_MAX) || complain(err, "--count wants a number, not", optarg);
    case LONG_FILTER:
      self->given |= OPTION_FILTER;
      self->filter = optarg;
      return true;
    case LONG_TREE:
      self->given |= OPTION_TREE;
      return true;
    case LONG_ARGS:
      self->given |= OPTION_ARGS;
      return true;
    case LONG_THREADS:
      self->given |= OPTION_THREADS;
      return true;
    case LONG_ASCII:
      self->given |= OPTION_ASCII;
      return true;
    case LONG_SORT:
      self->given |= OPTION_SORT;
      self->sort = optarg;
      return true;
    case LONG_FIELDS:
      self->given |= OPTION_FIELDS;
      self->fields = optarg;
      return true;
    case LONG_LIMIT:
      self->given |= OPTION_LIMIT;
      return read_number(&self->limit, optarg, UINT64_MAX) || complain(err, "--limit wants a number, not", optarg);
    case LONG_INTERVAL:
      self->given |= OPTION_INTERVAL;
      return command_line_read_seconds(&self->interval, optarg) ||
             complain(err, "--interval wants seconds, not", optarg);
    default:
      self->given |= OPTION_TIMEOUT;
      return command_line_read_seconds(&self->timeout, optarg) || complain(err, "--timeout wants seconds, not", optarg);
  }
}

/* Whether some option has that letter. */
static bool is_known(int option) {
  for (size_t i = 0; long_options[i].name != NULL; i++) {
    if (long_options[i].val == option) return true;
  }
  return false;
}

bool command_line_read(struct command_line *self, struct output *err, int argc, char **argv) {
  memset(self, 0, sizeof *self);
  self->words = allocate_or_exit(NULL, (size_t)argc + 1, sizeof self->words[0]);
  opterr = 0;
  /* "+": stop at each word, so that words and options may be mixed in the same way on every system. */
  while (optind < argc) {
    const int before = optind;
    const int option = getopt_long(argc, argv, "+:abhjn:V", long_options, NULL);
    if (option == -1) {
      const bool is_end = optind == before + 1 && strcmp(argv[before], "--") == 0;
      do {
        if (optind < argc) self->words[self->num_words++] = argv[optind++];
      } while (is_end && optind < argc);
    } else if (option == ':') {
      return complain(err, "a value is missing after", argv[optind - 1]);
    } else if (option == '?') {
      /* optopt is the letter, or the number of a long option that got a value it does not take, or 0. */
      if (optopt > 0 && optopt < 256 && !is_known(optopt)) {
        const char letter[] = {'-', (char)optopt, '\0'};
        return complain(err, "there is no option", letter);
      }
      return complain(err, optopt != 0 ? "no value goes with" : "there is no option, or there are several, called",
                      argv[optind - 1]);
    } else if (!apply(self, err, option)) {
      return false;
    }
  }
  return true;
}

void command_line_free(struct command_line *self) {
  free(self->words);
  self->words = NULL;
}
