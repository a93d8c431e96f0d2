/* SPDX-License-Identifier: MIT */
/*
 * json_out.h - records as JSON, by yyjson.
 *
 * Keys are the field names of sonde.h. A field that is not told is absent. Numbers are those of the header, in its
 * units; enums, statuses and bits are words; addresses are text. A string that is valid UTF-8 is itself; any other is
 * given as sonde_escape writes it. The text is plain ASCII, so that it is fit for a terminal too.
 */
#ifndef SONDE_TOOLS_JSON_OUT_H
#define SONDE_TOOLS_JSON_OUT_H

#include <yyjson.h>

#include "tools/fields.h"
#include "tools/output.h"

/* A document whose root is an empty object. Like all here, ends the command when there is no memory. */
yyjson_mut_doc *json_open(void);

/* Adds a value to an object, under a key that lives as long as the document. */
void json_add(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, yyjson_mut_val *value);

/* The fields of data that are told: the picked ones, or with NULL all. */
yyjson_mut_val *json_record(yyjson_mut_doc *doc, const struct record *record, const void *data,
                            const struct field_choice *choice);
/* An object that holds nothing but a status. */
yyjson_mut_val *json_status(yyjson_mut_doc *doc, sonde_status status);
yyjson_mut_val *json_object(yyjson_mut_doc *doc);
yyjson_mut_val *json_array(yyjson_mut_doc *doc);
yyjson_mut_val *json_bool(yyjson_mut_doc *doc, bool value);
yyjson_mut_val *json_i64(yyjson_mut_doc *doc, int64_t value);
void json_append(yyjson_mut_val *array, yyjson_mut_val *value);

/* Writes the document, in_one_line or in many, and frees it. */
void json_print(yyjson_mut_doc *doc, struct output *out, bool in_one_line);

#endif /* SONDE_TOOLS_JSON_OUT_H */
