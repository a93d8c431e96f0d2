/* SPDX-License-Identifier: MIT */
#include "tools/top_signal.h"

#include <signal.h>
#include <string.h>

struct named_signal {
  int number;
  const char *name;
};

static const struct named_signal signals[] = {
#ifdef SIGHUP
    {SIGHUP, "SIGHUP"},
#endif
    {SIGINT, "SIGINT"},
#ifdef SIGQUIT
    {SIGQUIT, "SIGQUIT"},
#endif
    {SIGABRT, "SIGABRT"},
#ifdef SIGKILL
    {SIGKILL, "SIGKILL"},
#endif
#ifdef SIGALRM
    {SIGALRM, "SIGALRM"},
#endif
    {SIGTERM, "SIGTERM"},
#ifdef SIGUSR1
    {SIGUSR1, "SIGUSR1"},   {SIGUSR2, "SIGUSR2"},
#endif
#ifdef SIGPIPE
    {SIGPIPE, "SIGPIPE"},
#endif
#ifdef SIGCONT
    {SIGCONT, "SIGCONT"},   {SIGSTOP, "SIGSTOP"}, {SIGTSTP, "SIGTSTP"},
#endif
#ifdef SIGWINCH
    {SIGWINCH, "SIGWINCH"},
#endif
    {SIGSEGV, "SIGSEGV"},
};

static char upper(char c) { return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c; }

static bool is_same(const char *name, const char *word, size_t len) {
  if (strlen(name) != len) return false;
  for (size_t i = 0; i < len; i++) {
    if (upper(word[i]) != name[i]) return false;
  }
  return true;
}

bool top_signal_read(int *out, const char *word, size_t len) {
  int number = 0;
  size_t digits = 0;
  while (digits < len && digits < 3 && word[digits] >= '0' && word[digits] <= '9') {
    number = number * 10 + (word[digits++] - '0');
  }
  if (len > 0 && digits == len && number >= 1 && number <= 64) {
    *out = number;
    return true;
  }
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    if (!is_same(signals[i].name, word, len) && !is_same(signals[i].name + 3, word, len)) continue;
    *out = signals[i].number;
    return true;
  }
  return false;
}

const char *top_signal_name(int number) {
  for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
    if (signals[i].number == number) return signals[i].name;
  }
  return NULL;
}
