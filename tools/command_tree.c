/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"
#include "tools/field_text.h"
#include "tools/terminal.h"
#include "tools/tree_branches.h"

/* One line of the tree: a process, or a thread. */
struct line {
  int64_t id;
  size_t label_end; /* in `labels`: it begins where that of the line before ends */
  text_colour colour;
};

struct tree {
  const sonde_process_table *table;
  const size_t *order; /* rows in tree order */
  const uint32_t *depths;
  size_t count;
  struct text_buffer labels;
  struct line *lines;
  uint32_t *line_depths;
  size_t num_lines;
  size_t max_lines;
};

/* The row's place in the order, and how many descendants follow it there. */
static bool find_branch(const struct tree *tree, sonde_pid pid, size_t *out_first, size_t *out_count) {
  for (size_t i = 0; i < tree->count; i++) {
    if (tree->table->rows[tree->order[i]].pid != pid) continue;
    size_t end = i + 1;
    while (end < tree->count && tree->depths[end] > tree->depths[i]) end++;
    *out_first = i;
    *out_count = end - i;
    return true;
  }
  return false;
}

static void end_line(struct tree *tree, int64_t id, uint32_t depth, text_colour colour) {
  if (tree->num_lines == tree->max_lines) {
    tree->max_lines = tree->max_lines * 2 + 256;
    tree->lines = allocate_or_exit(tree->lines, tree->max_lines, sizeof tree->lines[0]);
    tree->line_depths = allocate_or_exit(tree->line_depths, tree->max_lines, sizeof tree->line_depths[0]);
  }
  const struct line line = {id, tree->labels.len, colour};
  tree->line_depths[tree->num_lines] = depth;
  tree->lines[tree->num_lines++] = line;
}

static void add_process(struct tree *tree, const sonde_process *process, uint32_t depth, bool with_args) {
  text_colour colour = COLOUR_NONE;
  command_add_process_words(&tree->labels, process, with_args);
  if (process->status != SONDE_OK && process->status != SONDE_ERR_ACCESS) {
    text_add(&tree->labels, " (");
    text_add(&tree->labels, status_word(process->status));
    text_add(&tree->labels, ")");
    colour = COLOUR_BAD;
  } else if ((process->valid & SONDE_PROCESS_STATE) != 0 && process->state == SONDE_PROCESS_STATE_ZOMBIE) {
    text_add(&tree->labels, " (zombie)");
    colour = COLOUR_BAD;
  }
  end_line(tree, process->pid, depth, colour);
}

/* The threads, when there are others than the first, which has the process's own name. A process may have ended. */
static void add_threads(struct tree *tree, struct session *session, sonde_thread_list *threads, sonde_pid pid,
                        uint32_t depth) {
  sonde_process_handle *handle = NULL;
  if (sonde_process_open(session->context, &handle, pid) != SONDE_OK) return;
  if (sonde_thread_list_get(handle, threads) == SONDE_OK && threads->count > 1) {
    for (size_t i = 0; i < threads->count; i++) {
      text_add(&tree->labels, "{");
      text_add_escaped(&tree->labels, threads->rows[i].name.data, threads->rows[i].name.len);
      text_add(&tree->labels, "}");
      end_line(tree, threads->rows[i].id, depth, COLOUR_FAINT);
    }
  }
  sonde_process_close(handle);
}

static void print_lines(struct session *session, struct tree *tree) {
  struct output *const out = &session->out;
  struct tree_branches branches = {0};
  struct text_buffer text = {NULL, 0, 0};
  bool *const more = allocate_or_exit(NULL, tree->num_lines, sizeof more[0]);
  size_t id_width = 3;
  for (size_t i = 0; i < tree->num_lines; i++) {
    text.len = 0;
    text_add_i64(&text, tree->lines[i].id);
    if (text.len > id_width) id_width = text.len;
  }
  /* Where lines are cut, the name is to have some room. */
  enum {
    most_columns = 360,
    columns_of_name = 24
  };
  const size_t taken = id_width + 2 + columns_of_name;
  size_t max_columns = most_columns;
  if (out->width > 0) max_columns = out->width > taken ? out->width - taken : 0;
  if (max_columns > most_columns) max_columns = most_columns;

  branches.ascii = (session->line->given & OPTION_ASCII) != 0 || !terminal_is_utf8();
  tree_branches_look_ahead(&branches, more, tree->line_depths, tree->num_lines);
  out->fits = true;
  output_blanks(out, id_width - 3);
  output_colour(out, COLOUR_HEADING);
  output_text(out, "pid  command\n");
  output_colour(out, COLOUR_NONE);
  size_t start = 0;
  for (size_t i = 0; i < tree->num_lines; i++) {
    const struct line *const line = &tree->lines[i];
    text.len = 0;
    text_add_i64(&text, line->id);
    output_blanks(out, id_width - text.len);
    output_printable(out, text.data, text.len);
    output_blanks(out, 2);
    text.len = 0;
    tree_branches_add(&branches, &text, tree->line_depths[i], more[i], max_columns);
    if (text.len > 0) {
      output_colour(out, COLOUR_FAINT);
      output_printable(out, text.data, text.len);
      output_colour(out, COLOUR_NONE);
    }
    if (line->colour != COLOUR_NONE) output_colour(out, line->colour);
    if (line->label_end > start) output_printable(out, tree->labels.data + start, line->label_end - start);
    if (line->colour != COLOUR_NONE) output_colour(out, COLOUR_NONE);
    output_text(out, "\n");
    start = line->label_end;
  }
  out->fits = false;
  free(more);
  text_buffer_free(&text);
  tree_branches_free(&branches);
}

static void print_tree(struct session *session, struct tree *tree, size_t first, size_t count) {
  sonde_thread_list threads = {0};
  for (size_t i = first; i < first + count; i++) {
    const sonde_process *const process = &tree->table->rows[tree->order[i]];
    const uint32_t depth = tree->depths[i] - tree->depths[first];
    add_process(tree, process, depth, (session->line->given & OPTION_ARGS) != 0);
    if ((session->line->given & OPTION_THREADS) != 0) {
      add_threads(tree, session, &threads, process->pid, depth + 1);
    }
  }
  sonde_thread_list_free(&threads);
  print_lines(session, tree);
}

static yyjson_mut_val *threads_of(struct session *session, sonde_pid pid) {
  sonde_process_handle *handle = NULL;
  sonde_thread_list threads = {0};
  yyjson_mut_val *const array = json_array(session->doc);
  if (sonde_process_open(session->context, &handle, pid) == SONDE_OK &&
      sonde_thread_list_get(handle, &threads) == SONDE_OK) {
    for (size_t i = 0; i < threads.count; i++) {
      json_append(array, json_record(session->doc, &record_thread, &threads.rows[i], NULL));
    }
  }
  sonde_thread_list_free(&threads);
  sonde_process_close(handle);
  return array;
}

static void report_json(struct session *session, const struct tree *tree, size_t first, size_t count) {
  yyjson_mut_val *const array = json_array(session->doc);
  for (size_t i = first; i < first + count; i++) {
    const sonde_process *const process = &tree->table->rows[tree->order[i]];
    yyjson_mut_val *const row = json_record(session->doc, &record_process, process, NULL);
    json_add(session->doc, row, "depth", json_i64(session->doc, tree->depths[i] - tree->depths[first]));
    if ((session->line->given & OPTION_THREADS) != 0) {
      json_add(session->doc, row, "thread_list", threads_of(session, process->pid));
    }
    json_append(array, row);
  }
  json_add(session->doc, report_root(session), "process_table", array);
}

static int compare_pids(const void *a, const void *b) {
  const sonde_process *const left = a;
  const sonde_process *const right = b;
  return (left->pid > right->pid) - (left->pid < right->pid);
}

bool command_tree(struct session *session) {
  sonde_pid pid = 0;
  if (!command_read_pid(session, &pid)) return false;
  const bool with_args = (session->line->given & OPTION_ARGS) != 0;
  sonde_process_table table = {0};
  size_t *order = NULL;
  size_t *scratch = NULL;
  uint32_t *depths = NULL;
  struct tree tree;
  memset(&tree, 0, sizeof tree);
  const uint64_t fields = SONDE_PROCESS_STAT | (with_args ? SONDE_PROCESS_CMDLINE : 0);
  const sonde_status status = sonde_process_table_refresh(session->context, &table, fields);
  if (status != SONDE_OK) {
    (void)report_status(session, "process_table", status);
    goto done;
  }
  if (!command_has_processes(session, table.count)) goto done;
  qsort(table.rows, table.count, sizeof table.rows[0], compare_pids);
  order = allocate_or_exit(NULL, table.count, sizeof order[0]);
  scratch = allocate_or_exit(NULL, table.count, sizeof scratch[0]);
  depths = allocate_or_exit(NULL, table.count, sizeof depths[0]);
  sonde_process_table_tree(&table, order, depths, scratch);
  tree.table = &table;
  tree.order = order;
  tree.depths = depths;
  tree.count = table.count;
  size_t first = 0;
  size_t count = table.count;
  if (session->line->num_words > 1 && !find_branch(&tree, pid, &first, &count)) {
    report_message(session, sonde_strerror(SONDE_ERR_NO_PROCESS));
    session->failed = true;
    goto done;
  }
  session->num_shown++;
  report_bad_rows(session, "process_table", &record_process, table.rows, table.count);
  if (session->doc != NULL) {
    report_json(session, &tree, first, count);
  } else {
    print_tree(session, &tree, first, count);
  }
done:
  free(order);
  free(scratch);
  free(depths);
  free(tree.lines);
  free(tree.line_depths);
  text_buffer_free(&tree.labels);
  sonde_process_table_free(&table);
  return true;
}
