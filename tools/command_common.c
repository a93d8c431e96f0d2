/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tools/command.h"

bool command_read_pid(struct session *session, sonde_pid *out) {
  *out = 0;
  if (session->line->num_words < 2) return true;
  const char *const word = session->line->words[1];
  uint64_t pid = 0;
  if (read_number(&pid, word, INT64_MAX)) {
    *out = (sonde_pid)pid;
    return true;
  }
  output_text(&session->err, "sonde: ");
  output_text(&session->err, session->command);
  output_text(&session->err, ": a pid is a number, not '");
  output_escaped(&session->err, word, strlen(word));
  output_text(&session->err, "'\n");
  return false;
}

uint64_t command_interval(const struct session *session, uint64_t by_default) {
  return (session->line->given & OPTION_INTERVAL) != 0 ? session->line->interval : by_default;
}

uint64_t command_elapsed(const sonde_host_times *before, const sonde_host_times *after, uint64_t waited) {
  if ((before->valid & after->valid & SONDE_HOST_TIMES_MONOTONIC) != 0) return after->monotonic - before->monotonic;
  if ((before->valid & after->valid & SONDE_HOST_TIMES_UPTIME) != 0 && after->uptime > before->uptime) {
    return after->uptime - before->uptime;
  }
  return waited;
}
