/* SPDX-License-Identifier: MIT */
/*
 * field_text.h - the fields of a record as text for people.
 */
#ifndef SONDE_TOOLS_FIELD_TEXT_H
#define SONDE_TOOLS_FIELD_TEXT_H

#include "tools/fields.h"
#include "tools/text_buffer.h"

/* Adds the field of `data`, which must be told (field_is_told). A record inside is
 * "real=0,effective=0". */
void field_text(struct text_buffer *out, const struct field *field, const void *data);

/* Numbers stand on the right of a column. */
bool field_is_number(const struct field *field);

/* "ERR_ACCESS": the name of a status without SONDE_. */
const char *status_word(sonde_status status);

#endif /* SONDE_TOOLS_FIELD_TEXT_H */
