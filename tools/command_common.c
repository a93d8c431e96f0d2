/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tools/command.h"
#include "tools/terminal.h"

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

void command_free_sample(struct sample *sample) {
  sonde_cpu_times_list_free(&sample->cpus);
  sonde_net_io_list_free(&sample->net);
  sonde_disk_io_list_free(&sample->disk);
  memset(sample, 0, sizeof *sample);
}

bool command_recall(struct session *session, struct sample *out) {
  struct kept *const kept = session->kept;
  if (kept == NULL || !kept->has_sample) return false;
  *out = kept->sample;
  memset(&kept->sample, 0, sizeof kept->sample);
  kept->has_sample = false;
  return true;
}

void command_keep(struct session *session, struct sample *sample) {
  struct kept *const kept = session->kept;
  if (kept == NULL) {
    command_free_sample(sample);
    return;
  }
  command_free_sample(&kept->sample);
  kept->sample = *sample;
  kept->has_sample = true;
  memset(sample, 0, sizeof *sample);
}

sonde_status command_open_sampler(struct session *session, sonde_process_sampler **out, bool *is_new) {
  struct kept *const kept = session->kept;
  *is_new = kept == NULL || kept->sampler == NULL;
  if (!*is_new) {
    *out = kept->sampler;
    return SONDE_OK;
  }
  const sonde_status status = sonde_process_sampler_open(session->context, out);
  if (kept != NULL && status == SONDE_OK) kept->sampler = *out;
  return status;
}

void command_close_sampler(struct session *session, sonde_process_sampler *sampler) {
  if (session->kept == NULL) sonde_process_sampler_close(sampler);
}

void command_wait(struct session *session, uint64_t interval) {
  struct kept *const kept = session->kept;
  if (kept == NULL) {
    terminal_sleep(interval);
    return;
  }
  const uint64_t now = terminal_clock();
  if (kept->next > now) terminal_sleep(kept->next - now);
  /* Where a run took longer than the interval, the next one waits all the same. */
  kept->next += kept->interval;
  if (kept->next <= now) kept->next = now + kept->interval;
  kept->has_waited = true;
}

uint64_t command_elapsed(const sonde_host_times *before, const sonde_host_times *after, uint64_t waited) {
  if ((before->valid & after->valid & SONDE_HOST_TIMES_MONOTONIC) != 0) return after->monotonic - before->monotonic;
  if ((before->valid & after->valid & SONDE_HOST_TIMES_UPTIME) != 0 && after->uptime > before->uptime) {
    return after->uptime - before->uptime;
  }
  return waited;
}
