/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"

/* Short words for what processes are most often sorted by. */
struct sort_alias {
  const char *word;
  const char *field; /* NULL: the share of the CPU */
};
static const struct sort_alias sort_aliases[] = {
    {"cpu", NULL},
    {"memory", "rss"},
    {"user", "username"},
    {"start", "start_time"},
};

static void complain_about_field(struct session *session, const char *option, const char *word, size_t len) {
  output_text(&session->err, "sonde: ps: ");
  output_text(&session->err, option);
  output_text(&session->err, ": there is no field '");
  output_escaped(&session->err, word, len);
  output_text(&session->err, "'; sonde ps --help names them\n");
}

static bool is_word(const char *name, const char *word, size_t len) {
  return strlen(name) == len && memcmp(name, word, len) == 0;
}

static bool is_picked(const struct field_choice *choice, const struct field *field) {
  for (size_t i = 0; i < choice->count; i++) {
    if (choice->fields[i] == field) return true;
  }
  return false;
}

static void pick(struct field_choice *choice, uint64_t *bits, const struct field *field) {
  *bits |= field->bit;
  if (!is_picked(choice, field)) choice->fields[choice->count++] = field;
}

/* Picks the fields that a word names: one field, or all that go with one bit. *bits: what to ask the library for. */
static bool pick_named(struct field_choice *choice, uint64_t *bits, const char *word, size_t len) {
  bool found = false;
  for (size_t i = 0; i < record_process.num_fields && !found; i++) {
    if (!is_word(record_process.fields[i].name, word, len)) continue;
    pick(choice, bits, &record_process.fields[i]);
    found = true;
  }
  for (size_t k = 0; k < names_process_field.count && !found; k++) {
    if (!is_word(names_process_field.names[k].name, word, len)) continue;
    for (size_t i = 0; i < record_process.num_fields; i++) {
      if (record_process.fields[i].bit == names_process_field.names[k].value) {
        pick(choice, bits, &record_process.fields[i]);
      }
    }
    found = true;
  }
  return found;
}

static bool pick_all(struct session *session, struct field_choice *choice, uint64_t *bits, const char *list) {
  for (;;) {
    const size_t len = strcspn(list, ",");
    if (!pick_named(choice, bits, list, len)) {
      complain_about_field(session, "--fields", list, len);
      return false;
    }
    if (list[len] == '\0') return true;
    list += len + 1;
  }
}

/* What to sort by; *by_cpu: the share of the CPU. */
static bool find_sort_field(struct session *session, const struct field **out, bool *by_cpu) {
  const char *word = session->line->sort;
  *out = record_find(&record_process, "pid");
  *by_cpu = false;
  if (word == NULL) return true;
  for (size_t i = 0; i < sizeof sort_aliases / sizeof sort_aliases[0]; i++) {
    if (strcmp(word, sort_aliases[i].word) != 0) continue;
    *by_cpu = sort_aliases[i].field == NULL;
    if (*by_cpu) return true;
    word = sort_aliases[i].field;
    break;
  }
  *out = record_find(&record_process, word);
  if (*out != NULL && (*out)->record == NULL && (*out)->count_name == NULL) return true;
  complain_about_field(session, "--sort", word, strlen(word));
  return false;
}

/* Picked fields, or all of them: every process as a row of its own table, or as JSON. */
static void report_picked(struct session *session, const sonde_process_table *table, const size_t *order, size_t count,
                          const struct field_choice *choice) {
  sonde_process *const rows = allocate_or_exit(NULL, count, sizeof rows[0]);
  for (size_t i = 0; i < count; i++) rows[i] = table->rows[order[i]];
  if (session->doc == NULL && choice == NULL) {
    for (size_t i = 0; i < count; i++) {
      if (i > 0) output_text(&session->out, "\n");
      report_fields(session, &record_process, &rows[i]);
    }
    session->num_shown++;
    report_bad_rows(session, "process_table", &record_process, rows, count);
  } else {
    report_rows(session, "process_table", NULL, &record_process, rows, count, choice, SONDE_OK);
  }
  free(rows);
}

static void report_table(struct session *session, const struct field *sort_field, bool by_cpu, uint64_t bits,
                         const struct field_choice *choice) {
  sonde *const context = session->context;
  const bool in_words = choice == NULL && session->doc == NULL && (session->line->given & OPTION_ALL_FIELDS) == 0;
  const uint64_t interval = command_interval(session, 0);
  sonde_process_table table = {0};
  const double *percents = NULL;
  size_t *order = NULL;
  sonde_process_sampler *sampler = NULL;
  sonde_status status = SONDE_OK;
  if (in_words || by_cpu) {
    bool is_new = false;
    status = command_open_sampler(session, &sampler, &is_new);
    if (status == SONDE_OK && interval > 0) {
      if (is_new) status = command_sample_processes(session, &table, &percents, sampler, SONDE_PROCESS_STAT);
      if (status == SONDE_OK) command_wait(session, interval);
    }
    if (status == SONDE_OK) status = command_sample_processes(session, &table, &percents, sampler, bits);
  } else {
    status = sonde_process_table_refresh(context, &table, bits);
  }
  if (status != SONDE_OK) {
    (void)report_status(session, "process_table", status);
    goto done;
  }
  if (!command_has_processes(session, table.count)) goto done;
  order = allocate_or_exit(NULL, table.count, sizeof order[0]);
  const struct process_order how = {&table, percents, by_cpu ? NULL : sort_field};
  command_sort_processes(order, &how);
  size_t count = table.count;
  if ((session->line->given & OPTION_LIMIT) != 0 && session->line->limit < count) count = (size_t)session->line->limit;
  if (in_words) {
    session->num_shown++;
    report_bad_rows(session, "process_table", &record_process, table.rows, table.count);
    sonde_virtual_memory memory;
    const bool has_memory = sonde_virtual_memory_get(context, &memory) == SONDE_OK;
    command_print_processes(session, &table, percents, has_memory ? &memory : NULL, order, count);
  } else {
    report_picked(session, &table, order, count, choice);
  }
done:
  free(order);
  command_close_sampler(session, sampler);
  sonde_process_table_free(&table);
}

bool command_ps(struct session *session) {
  const struct command_line *const line = session->line;
  struct field_choice choice = {NULL, 0};
  uint64_t bits = 0;
  bool by_cpu = false;
  const struct field *sort_field = NULL;
  bool is_fine = false;
  choice.fields = allocate_or_exit(NULL, record_process.num_fields, sizeof choice.fields[0]);
  if (!find_sort_field(session, &sort_field, &by_cpu)) goto done;
  if (line->fields != NULL && !pick_all(session, &choice, &bits, line->fields)) goto done;
  if ((line->given & OPTION_ALL_FIELDS) != 0) {
    bits = SONDE_PROCESS_ALL;
    choice.count = 0;
  } else if (line->fields == NULL) {
    bits = COMMAND_PROCESS_FIELDS;
  }
  bits |= sort_field->bit;
  report_table(session, sort_field, by_cpu, bits, choice.count > 0 ? &choice : NULL);
  is_fine = true;
done:
  free((void *)choice.fields);
  return is_fine;
}

static void print_words(struct output *out, const char *const *words, size_t count) {
  size_t column = 0;
  for (size_t i = 0; i < count; i++) {
    const size_t len = strlen(words[i]);
    if (column == 0 || column + 1 + len > 78) {
      output_text(out, column == 0 ? "  " : "\n  ");
      column = 2;
    } else {
      output_text(out, " ");
      column++;
    }
    output_text(out, words[i]);
    column += len;
  }
  output_text(out, "\n");
}

void command_ps_help(struct output *out) {
  const size_t count = record_process.num_fields;
  const char **const words = allocate_or_exit(NULL, count, sizeof words[0]);
  for (size_t i = 0; i < count; i++) words[i] = record_process.fields[i].name;
  output_text(out, "\nFields:\n");
  print_words(out, words, count);
  size_t num_groups = 0;
  for (size_t i = 0; i < names_process_field.count; i++) {
    const char *const name = names_process_field.names[i].name;
    if (record_find(&record_process, name) == NULL) words[num_groups++] = name;
  }
  output_text(out, "\nGroups, each for several fields:\n");
  print_words(out, words, num_groups);
  output_text(out,
              "\nTo sort by, also: cpu memory user start. Numbers go from the largest down, pids and words upwards.\n");
  free((void *)words);
}
