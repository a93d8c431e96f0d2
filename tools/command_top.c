/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/terminal.h"
#include "tools/top.h"

static bool read_sort(struct session *session, enum top_sort *out) {
  const char *const word = session->line->sort;
  if (word == NULL) return true;
  for (int i = 0; i < TOP_NUM_SORTS; i++) {
    if (strcmp(word, top_sort_name((enum top_sort)i)) != 0) continue;
    *out = (enum top_sort)i;
    return true;
  }
  output_text(&session->err, "sonde: top: --sort takes cpu, memory, time, pid and name, not '");
  output_escaped(&session->err, word, strlen(word));
  output_text(&session->err, "'\n");
  return false;
}

static void print_screen(struct session *session, struct top *top, struct top_line *header) {
  struct output *const out = &session->out;
  const size_t width = out->width > 0 ? out->width : 120;
  const size_t num_header = top_header(top, header, TOP_MAX_HEADER, width);
  for (size_t i = 0; i < num_header; i++) top_line_print(&header[i], out);
  output_text(out, "\n");
  const size_t columns = out->width > 0 ? out->width : SIZE_MAX;
  struct top_line *const line = &header[0];
  top_heading(top, line, columns);
  top_line_print(line, out);
  const bool is_limited = (session->line->given & OPTION_LIMIT) != 0 && session->line->limit < top->num_rows;
  const size_t count = is_limited ? (size_t)session->line->limit : top->num_rows;
  for (size_t i = 0; i < count; i++) {
    top_process(top, line, i, columns, 0);
    top_line_print(line, out);
  }
}

static void write_batch(struct session *session, struct top *top, uint64_t interval) {
  const bool is_counted = (session->line->given & OPTION_COUNT) != 0;
  struct output *const out = &session->out;
  struct top_line *const header = allocate_or_exit(NULL, TOP_MAX_HEADER, sizeof header[0]);
  memset(header, 0, TOP_MAX_HEADER * sizeof header[0]);
  terminal_catch_end();
  top->all_details = (session->line->given & OPTION_LIMIT) == 0;
  top->branches.ascii = (session->line->given & OPTION_ASCII) != 0 || !terminal_is_utf8();
  out->fits = true;
  top_refresh(top);
  /* Shares since each process began say little: the first interval is short. */
  uint64_t next = interval < COMMAND_HALF_A_SECOND ? interval : COMMAND_HALF_A_SECOND;
  for (uint64_t i = 0; !is_counted || i < session->line->count; i++) {
    terminal_sleep(next);
    if (terminal_is_ended()) break;
    next = interval;
    top_refresh(top);
    if (!report_status(session, "process_table", top->status)) break;
    if (i > 0) output_text(out, "\n");
    print_screen(session, top, header);
    if (!output_flush(out)) break;
  }
  session->num_shown++;
  out->fits = false;
  for (size_t i = 0; i < TOP_MAX_HEADER; i++) top_line_free(&header[i]);
  free(header);
}

bool command_top(struct session *session) {
  const struct command_line *const line = session->line;
  const uint64_t interval = command_interval(session, 2 * SONDE_NSEC_PER_SEC);
  enum top_sort sort = TOP_BY_CPU;
  if (!read_sort(session, &sort)) return false;
  if (line->json) {
    report_message(session, "there is no JSON of a screen; sonde watch ps --json has the same again and again");
    return false;
  }
  if (interval < TOP_LEAST_INTERVAL) {
    report_message(session, "an interval is at least 0.1 seconds");
    return false;
  }
  struct top top;
  memset(&top, 0, sizeof top);
  top_open(&top, session->context);
  top.sort = sort;
  top.as_tree = (line->given & OPTION_TREE) != 0;
  if (line->filter != NULL) text_add_printable(&top.filter, line->filter, strlen(line->filter));
  bool is_fine = true;
  if ((line->given & OPTION_BATCH) != 0) {
    write_batch(session, &top, interval);
  } else {
    is_fine = top_full_screen(session, &top, interval);
  }
  top_close(&top);
  return is_fine;
}
