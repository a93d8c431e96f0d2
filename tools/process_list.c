/* SPDX-License-Identifier: MIT */
/* Processes in order, and in words. */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"
#include "tools/field_text.h"

/* qsort has no argument for what to compare by: so each row's key is made first. */
struct sort_key {
  size_t row;
  sonde_pid pid;
  bool told;
  bool upwards;
  double real;
  uint64_t number;
  sonde_string string;
};

static int compare_keys(const void *a, const void *b) {
  const struct sort_key *const left = a;
  const struct sort_key *const right = b;
  int order = 0;
  if (left->told != right->told) return left->told ? -1 : 1;
  if (left->string.data != NULL && right->string.data != NULL) {
    const size_t shorter = left->string.len < right->string.len ? left->string.len : right->string.len;
    order = memcmp(left->string.data, right->string.data, shorter);
    if (order == 0) order = (left->string.len > right->string.len) - (left->string.len < right->string.len);
  } else {
    order = (left->real > right->real) - (left->real < right->real);
    if (order == 0) order = (left->number > right->number) - (left->number < right->number);
    if (!left->upwards) order = -order;
  }
  if (order == 0) order = (left->pid > right->pid) - (left->pid < right->pid);
  return order;
}

static void make_key(struct sort_key *out, const struct process_order *how, size_t row) {
  const sonde_process *const process = &how->table->rows[row];
  const struct field *const field = how->field;
  memset(out, 0, sizeof *out);
  out->row = row;
  out->pid = process->pid;
  out->told = true;
  if (field == NULL) {
    if (how->percents != NULL) out->real = how->percents[row];
    if (how->percents == NULL) out->number = process->user_time + process->system_time;
    return;
  }
  out->told = field_is_told(&record_process, field, process);
  if (!out->told) return;
  switch (field->type) {
    case FIELD_STRING:
      out->string = field_string(field, process);
      break;
    case FIELD_ENUM: {
      const char *const name = field_names_find(field->names, field_u64(field, process));
      if (name != NULL) out->string.data = name;
      if (name != NULL) out->string.len = strlen(name);
      break;
    }
    case FIELD_BOOL:
      out->number = field_bool(field, process) ? 1 : 0;
      break;
    case FIELD_I32:
    case FIELD_I64:
      out->upwards = field->unit == UNIT_NONE && strstr(field->name, "pid") != NULL;
      /* So that the order of signed numbers is that of unsigned ones. */
      out->number = (uint64_t)field_i64(field, process) ^ UINT64_C(1) << 63;
      break;
    case FIELD_U32:
    case FIELD_U64:
      out->number = field_u64(field, process);
      break;
    default:
      break;
  }
}

void command_sort_processes(size_t *order, const struct process_order *how) {
  const size_t count = how->table->count;
  struct sort_key *const keys = allocate_or_exit(NULL, count, sizeof keys[0]);
  for (size_t i = 0; i < count; i++) make_key(&keys[i], how, i);
  if (count > 1) qsort(keys, count, sizeof keys[0], compare_keys);
  for (size_t i = 0; i < count; i++) order[i] = keys[i].row;
  free(keys);
}

sonde_status command_sample_processes(struct session *session, sonde_process_table *table, const double **percents,
                                      sonde_process_sampler *sampler, uint64_t fields) {
  const sonde_status status = sonde_process_sampler_refresh(sampler, table, percents, fields);
  if (status != SONDE_ERR_UNSUPPORTED) return status;
  *percents = NULL;
  return sonde_process_table_refresh(session->context, table, fields);
}

bool command_has_processes(struct session *session, size_t count) {
  if (count > 0) return true;
  report_message(session, "there are no processes: this is no procfs");
  session->failed = true;
  return false;
}

static void add_state(struct text_table *table, const sonde_process *process) {
  struct text_buffer *const cell = text_table_cell_begin(table);
  text_colour colour = COLOUR_NONE;
  if (process->status != SONDE_OK && process->status != SONDE_ERR_ACCESS) {
    text_add(cell, status_word(process->status));
    colour = COLOUR_BAD;
  } else if ((process->valid & SONDE_PROCESS_STATE) != 0) {
    const char *const word = field_names_find(&names_process_state, (uint64_t)process->state);
    text_add(cell, word != NULL ? word : "unknown");
    if (process->state == SONDE_PROCESS_STATE_RUNNING) colour = COLOUR_GOOD;
    if (process->state == SONDE_PROCESS_STATE_ZOMBIE) colour = COLOUR_BAD;
    if (process->state == SONDE_PROCESS_STATE_DISK_SLEEP) colour = COLOUR_MIDDLING;
  }
  text_table_cell_end(table, colour);
}

void command_add_process_words(struct text_buffer *out, const sonde_process *process, bool with_args) {
  for (size_t i = 0; with_args && i < process->num_args; i++) {
    if (i > 0) text_add(out, " ");
    text_add_escaped(out, process->args[i].data, process->args[i].len);
  }
  if ((with_args && process->num_args > 0) || (process->valid & SONDE_PROCESS_NAME) == 0) return;
  if (with_args) text_add(out, "[");
  text_add_escaped(out, process->name.data, process->name.len);
  if (with_args) text_add(out, "]");
}

void command_print_processes(struct session *session, const sonde_process_table *table, const double *percents,
                             const sonde_virtual_memory *memory, const size_t *order, size_t count) {
  static const char *const titles[] = {"pid", "username", "state", "cpu%", "mem%", "rss", "time", "command"};
  struct text_table text;
  memset(&text, 0, sizeof text);
  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
    text_table_column(&text, titles[i], i == 0 || (i >= 3 && i <= 6));
  }
  for (size_t i = 0; i < count; i++) {
    const sonde_process *const process = &table->rows[order[i]];
    text_add_i64(text_table_cell_begin(&text), process->pid);
    text_table_cell_end(&text, COLOUR_NONE);
    struct text_buffer *cell = text_table_cell_begin(&text);
    if ((process->valid & SONDE_PROCESS_USERNAME) != 0) {
      text_add_escaped(cell, process->username.data, process->username.len);
    }
    text_table_cell_end(&text, COLOUR_NONE);
    add_state(&text, process);
    cell = text_table_cell_begin(&text);
    const bool has_times = (process->valid & SONDE_PROCESS_CPU_TIMES) != 0;
    if (has_times && percents != NULL) text_add_double(cell, percents[order[i]], 1);
    text_table_cell_end(&text, COLOUR_NONE);
    cell = text_table_cell_begin(&text);
    const bool has_rss = (process->valid & SONDE_PROCESS_RSS) != 0;
    if (has_rss && memory != NULL) text_add_double(cell, sonde_process_memory_percent(process, memory), 1);
    text_table_cell_end(&text, COLOUR_NONE);
    cell = text_table_cell_begin(&text);
    if (has_rss) text_add_bytes(cell, process->rss);
    text_table_cell_end(&text, COLOUR_NONE);
    cell = text_table_cell_begin(&text);
    if (has_times) text_add_duration(cell, process->user_time + process->system_time);
    text_table_cell_end(&text, COLOUR_NONE);
    command_add_process_words(text_table_cell_begin(&text), process, true);
    text_table_cell_end(&text, COLOUR_NONE);
  }
  text_table_print(&text, &session->out, true);
  text_table_free(&text);
}
