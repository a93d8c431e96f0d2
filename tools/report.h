/* SPDX-License-Identifier: MIT */
/*
 * report.h - what every command does with an answer of the library: show it as text or JSON, or say why not.
 */
#ifndef SONDE_TOOLS_REPORT_H
#define SONDE_TOOLS_REPORT_H

#include "tools/command_line.h"
#include "tools/fields.h"
#include "tools/json_out.h"
#include "tools/output.h"
#include "tools/text_table.h"

struct kept; /* command.h */

/* One run of the command. */
struct session {
  sonde *context;
  const struct command_line *line;
  const char *command; /* "cpu"; "" for the overview */
  struct output out;
  struct output err;
  yyjson_mut_doc *doc; /* NULL: text */
  struct kept *kept;   /* NULL: the command runs once; else again and again, for `sonde watch` */
  size_t num_shown;    /* answers */
  size_t num_unsupported;
  bool failed;
};

/* False after a failure, which is then accounted for and, but for SONDE_ERR_UNSUPPORTED, said on err. To be called
 * right after the library's call. what: its name in sonde.h without sonde_, such as "cpu_times". */
bool report_status(struct session *self, const char *what, sonde_status status);

/* One record, when status is SONDE_OK: key by key under a title, or an object named as the record is. */
void report_record(struct session *self, const char *title, const struct record *record, const void *data,
                   sonde_status status);

/* Rows as a table, or an array of objects under `key`; a note on err says when some are bad. choice: which fields, NULL
 * for all that are no detail (in JSON: all). title NULL: none. */
void report_rows(struct session *self, const char *key, const char *title, const struct record *record,
                 const void *rows, size_t count, const struct field_choice *choice, sonde_status status);

/* Rows with a second record to each, such as a rate to each disk: in JSON inside the row, under that record's name; in
 * text a table of the fields `names` (ended by NULL) of the row and all of the second one. told[i]: there is a second
 * record for row i. For rows that report_rows need not show again. */
void report_pairs(struct session *self, const char *key, const char *title, const struct record *record,
                  const void *rows, const char *const names[], const struct record *second, const void *seconds,
                  const bool *told, size_t count);

#define REPORT_LIST(self, key, title, record, list, status) \
  report_rows((self), (key), (title), (record), (list).rows, (list).count, NULL, (status))

/* The note alone. */
void report_bad_rows(struct session *self, const char *key, const struct record *record, const void *rows,
                     size_t count);

/* A blank line, unless this is the first section, and a title. */
void report_title(struct session *self, const char *title);

/* The fields of one record, one in a line, without a title. */
void report_fields(struct session *self, const struct record *record, const void *data);

/* The object at the top of the JSON document. */
yyjson_mut_val *report_root(struct session *self);

/* One message on err: "sonde: cpu: text". */
void report_message(struct session *self, const char *text);

/* Writes out what there is. The exit status of the command: 0, or 1 after a failure or without any answer. */
int report_finish(struct session *self);

#endif /* SONDE_TOOLS_REPORT_H */
