/* SPDX-License-Identifier: MIT */
#include "tools/watch.h"

#include <stdlib.h>
#include <string.h>

#include "tools/terminal.h"

/* When this run was begun, in `words`: written once the run writes something. Where the clock is not told, nothing. */
static void report_moment(struct session *session, struct text_buffer *words, bool is_first) {
  sonde_host_times times;
  const bool is_told =
      sonde_host_times_get(session->context, &times) == SONDE_OK && (times.valid & SONDE_HOST_TIMES_NOW) != 0;
  if (session->doc != NULL) {
    if (is_told) json_add(session->doc, report_root(session), "now", json_i64(session->doc, (int64_t)times.now));
    return;
  }
  words->len = 0;
  if (!is_first) text_add(words, "\n");
  if (is_told) {
    text_add_moment(words, times.now);
    text_add(words, "\n");
  }
  text_add_printable(words, "", 1); /* NUL */
  session->out.before = words->data;
}

int watch_run(struct session *session, command_function run, uint64_t interval, uint64_t count) {
  struct text_buffer moment = {NULL, 0, 0};
  struct kept *const kept = allocate_or_exit(NULL, 1, sizeof *kept);
  memset(kept, 0, sizeof *kept);
  kept->interval = interval;
  kept->next = terminal_clock() + interval;
  session->kept = kept;
  terminal_catch_end();
  int result = EXIT_SUCCESS;
  for (uint64_t i = 0; i < count && !terminal_is_ended(); i++) {
    session->num_shown = 0;
    session->num_unsupported = 0;
    session->doc = session->line->json ? json_open() : NULL;
    kept->has_waited = false;
    report_moment(session, &moment, i == 0);
    if (!run(session)) {
      yyjson_mut_doc_free(session->doc);
      result = 2;
      break;
    }
    result = report_finish(session);
    if (result != EXIT_SUCCESS) break;
    if (!kept->has_waited && i + 1 < count) command_wait(session, interval);
  }
  command_free_sample(&kept->sample);
  sonde_process_sampler_close(kept->sampler);
  session->kept = NULL;
  free(kept);
  session->out.before = NULL;
  text_buffer_free(&moment);
  return result;
}
