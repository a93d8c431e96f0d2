/* SPDX-License-Identifier: MIT */
#include "tools/report.h"

#include <stdlib.h>
#include <string.h>

#include "tools/field_text.h"
#include "tools/terminal.h"
#include "tools/text_width.h"

yyjson_mut_val *report_root(struct session *self) { return yyjson_mut_doc_get_root(self->doc); }

static void begin_message(struct session *self) {
  output_text(&self->err, "sonde: ");
  if (self->command[0] == '\0') return;
  output_text(&self->err, self->command);
  output_text(&self->err, ": ");
}

void report_message(struct session *self, const char *text) {
  begin_message(self);
  output_text(&self->err, text);
  output_text(&self->err, "\n");
}

/* The words of the library for the latest failure, or those for the status. */
static void add_reason(struct session *self, sonde_status status) {
  sonde_error error;
  sonde_last_error(self->context, &error);
  if (error.text.len > 0) {
    output_string(&self->err, error.text);
  } else {
    output_text(&self->err, sonde_strerror(status));
  }
  output_text(&self->err, "\n");
}

bool report_status(struct session *self, const char *what, sonde_status status) {
  if (status == SONDE_OK) {
    self->num_shown++;
    return true;
  }
  if (status == SONDE_ERR_UNSUPPORTED) {
    self->num_unsupported++;
    return false;
  }
  begin_message(self);
  output_text(&self->err, what);
  output_text(&self->err, ": ");
  add_reason(self, status);
  self->failed = true;
  return false;
}

void report_title(struct session *self, const char *title) {
  if (self->num_shown > 1) output_text(&self->out, "\n");
  output_colour(&self->out, COLOUR_TITLE);
  output_text(&self->out, title);
  output_colour(&self->out, COLOUR_NONE);
  output_text(&self->out, "\n");
}

static void print_field(struct session *self, const char *prefix, const struct field *field, const void *data,
                        size_t width) {
  struct text_buffer value = {NULL, 0, 0};
  field_text(&value, field, data);
  const size_t used = strlen(prefix) + (prefix[0] != '\0' ? 1 : 0) + strlen(field->name);
  output_text(&self->out, "  ");
  output_colour(&self->out, COLOUR_HEADING);
  output_text(&self->out, prefix);
  if (prefix[0] != '\0') output_text(&self->out, ".");
  output_text(&self->out, field->name);
  output_colour(&self->out, COLOUR_NONE);
  if (value.len > 0) {
    output_blanks(&self->out, width > used ? width - used + 2 : 2);
    output_printable(&self->out, value.data, value.len);
  }
  output_text(&self->out, "\n");
  text_buffer_free(&value);
}

static bool is_shown(const struct record *record, const struct field *field, const void *data) {
  if ((field->flags & FIELD_JSON_ONLY) != 0 || !field_is_told(record, field, data)) return false;
  if (field->type == FIELD_STATUS) return record_status(record, data) != SONDE_OK;
  if (field->type == FIELD_FLAGS64) return field_u64(field, data) != 0;
  return true;
}

void report_fields(struct session *self, const struct record *record, const void *data) {
  size_t width = 0;
  for (size_t i = 0; i < record->num_fields; i++) {
    const struct field *const field = &record->fields[i];
    if (!is_shown(record, field, data)) continue;
    size_t len = strlen(field->name);
    if (field->record != NULL) {
      size_t inner = 0;
      for (size_t k = 0; k < field->record->num_fields; k++) {
        if (strlen(field->record->fields[k].name) > inner) inner = strlen(field->record->fields[k].name);
      }
      len += 1 + inner;
    }
    if (len > width) width = len;
  }
  for (size_t i = 0; i < record->num_fields; i++) {
    const struct field *const field = &record->fields[i];
    if (!is_shown(record, field, data)) continue;
    if (field->record == NULL) {
      print_field(self, "", field, data, width);
      continue;
    }
    const void *const inside = field_record(field, data);
    for (size_t k = 0; k < field->record->num_fields; k++) {
      const struct field *const part = &field->record->fields[k];
      if (is_shown(field->record, part, inside)) print_field(self, field->name, part, inside, width);
    }
  }
}

static const char *without_prefix(const char *name) { return name + strlen("sonde_"); }

void report_record(struct session *self, const char *title, const struct record *record, const void *data,
                   sonde_status status) {
  const char *const key = without_prefix(record->name);
  if (!report_status(self, key, status)) return;
  if (self->doc != NULL) {
    json_add(self->doc, report_root(self), key, json_record(self->doc, record, data, NULL));
    return;
  }
  report_title(self, title);
  report_fields(self, record, data);
}

void report_bad_rows(struct session *self, const char *key, const struct record *record, const void *rows,
                     size_t count) {
  size_t bad = 0;
  sonde_status worst = SONDE_OK;
  for (size_t i = 0; i < count; i++) {
    const sonde_status status = record_status(record, (const char *)rows + i * record->size);
    /* That a process ends while others are read is nobody's fault. */
    if (status == SONDE_OK || status == SONDE_ERR_NO_PROCESS) continue;
    worst = status;
    bad++;
  }
  if (bad == 0) return;
  begin_message(self);
  output_text(&self->err, key);
  output_text(&self->err, ": ");
  output_number(&self->err, bad);
  output_text(&self->err, " of ");
  output_number(&self->err, count);
  output_text(&self->err,
              bad == 1 ? " rows is incomplete; the last reason: " : " rows are incomplete; the last reason: ");
  add_reason(self, worst);
}

/* A cell of a table: empty when there is nothing to say. */
static void add_cell(struct text_table *table, const struct record *record, const struct field *field,
                     const void *data) {
  struct text_buffer *const cell = text_table_cell_begin(table);
  const bool is_fine = data != NULL && field->type == FIELD_STATUS && record_status(record, data) == SONDE_OK;
  if (data != NULL && !is_fine && field_is_told(record, field, data)) field_text(cell, field, data);
  text_table_cell_end(table, field->type == FIELD_STATUS ? COLOUR_BAD : COLOUR_NONE);
}

static bool fits_in_table(const struct field *field) {
  return (field->flags & (FIELD_DETAIL | FIELD_JSON_ONLY)) == 0 && field->record == NULL;
}

static void print_rows(struct session *self, const struct record *record, const char *rows, size_t count,
                       const struct field_choice *choice) {
  struct text_table table;
  memset(&table, 0, sizeof table);
  const size_t num_fields = choice != NULL ? choice->count : record->num_fields;
  for (size_t i = 0; i < num_fields; i++) {
    const struct field *const field = choice != NULL ? choice->fields[i] : &record->fields[i];
    if (choice != NULL || fits_in_table(field)) text_table_column(&table, field->name, field_is_number(field));
  }
  for (size_t row = 0; row < count; row++) {
    for (size_t i = 0; i < num_fields; i++) {
      const struct field *const field = choice != NULL ? choice->fields[i] : &record->fields[i];
      if (choice != NULL || fits_in_table(field)) add_cell(&table, record, field, rows + row * record->size);
    }
  }
  text_table_print(&table, &self->out, true);
  text_table_free(&table);
}

void report_rows(struct session *self, const char *key, const char *title, const struct record *record,
                 const void *rows, size_t count, const struct field_choice *choice, sonde_status status) {
  if (!report_status(self, key, status)) return;
  report_bad_rows(self, key, record, rows, count);
  if (self->doc != NULL) {
    yyjson_mut_val *const array = json_array(self->doc);
    for (size_t i = 0; i < count; i++) {
      json_append(array, json_record(self->doc, record, (const char *)rows + i * record->size, choice));
    }
    json_add(self->doc, report_root(self), key, array);
    return;
  }
  if (title != NULL) report_title(self, title);
  if (count == 0) {
    if (title != NULL) output_text(&self->out, "  none\n");
  } else {
    print_rows(self, record, rows, count, choice);
  }
}

void report_pairs(struct session *self, const char *key, const char *title, const struct record *record,
                  const void *rows, const char *const names[], const struct record *second, const void *seconds,
                  const bool *told, size_t count) {
  if (self->doc != NULL) {
    yyjson_mut_val *const array = json_array(self->doc);
    for (size_t i = 0; i < count; i++) {
      yyjson_mut_val *const row = json_record(self->doc, record, (const char *)rows + i * record->size, NULL);
      if (told[i]) {
        const void *const data = (const char *)seconds + i * second->size;
        json_add(self->doc, row, without_prefix(second->name), json_record(self->doc, second, data, NULL));
      }
      json_append(array, row);
    }
    json_add(self->doc, report_root(self), key, array);
    return;
  }
  report_title(self, title);
  struct text_table table;
  memset(&table, 0, sizeof table);
  for (size_t i = 0; names[i] != NULL; i++) {
    text_table_column(&table, names[i], field_is_number(record_find(record, names[i])));
  }
  for (size_t i = 0; i < second->num_fields; i++) {
    text_table_column(&table, second->fields[i].name, field_is_number(&second->fields[i]));
  }
  for (size_t row = 0; row < count; row++) {
    for (size_t i = 0; names[i] != NULL; i++) {
      add_cell(&table, record, record_find(record, names[i]), (const char *)rows + row * record->size);
    }
    for (size_t i = 0; i < second->num_fields; i++) {
      add_cell(&table, second, &second->fields[i], told[row] ? (const char *)seconds + row * second->size : NULL);
    }
  }
  text_table_print(&table, &self->out, true);
  text_table_free(&table);
}

int report_finish(struct session *self) {
  const bool nothing = self->num_shown == 0 && !self->failed;
  if (nothing) {
    report_message(self, sonde_strerror(SONDE_ERR_UNSUPPORTED));
    self->failed = true;
  }
  if (self->doc != NULL) {
    if (self->num_shown > 0) {
      json_print(self->doc, &self->out, self->kept != NULL);
    } else {
      yyjson_mut_doc_free(self->doc);
    }
    self->doc = NULL;
  }
  if (!output_flush(&self->out)) {
    self->failed = true;
    if (!terminal_reader_is_gone(self->out.error)) {
      begin_message(self);
      output_text(&self->err, "standard output: ");
      const char *const reason = strerror(self->out.error);
      output_escaped(&self->err, reason, strlen(reason));
      output_text(&self->err, "\n");
    }
  }
  (void)output_flush(&self->err);
  return self->failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
