/* SPDX-License-Identifier: MIT */
#include "tools/json_out.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *made) {
  if (made == NULL) {
    (void)fputs("sonde: out of memory\n", stderr);
    exit(EXIT_FAILURE);
  }
  return made;
}

yyjson_mut_doc *json_open(void) {
  yyjson_mut_doc *const doc = checked(yyjson_mut_doc_new(NULL));
  yyjson_mut_doc_set_root(doc, json_object(doc));
  return doc;
}

void json_add(yyjson_mut_doc *doc, yyjson_mut_val *object, const char *key, yyjson_mut_val *value) {
  (void)yyjson_mut_obj_add(object, checked(yyjson_mut_str(doc, key)), value);
}

yyjson_mut_val *json_object(yyjson_mut_doc *doc) { return checked(yyjson_mut_obj(doc)); }
yyjson_mut_val *json_bool(yyjson_mut_doc *doc, bool value) { return checked(yyjson_mut_bool(doc, value)); }
yyjson_mut_val *json_i64(yyjson_mut_doc *doc, int64_t value) { return checked(yyjson_mut_sint(doc, value)); }
yyjson_mut_val *json_array(yyjson_mut_doc *doc) { return checked(yyjson_mut_arr(doc)); }

void json_append(yyjson_mut_val *array, yyjson_mut_val *value) { (void)yyjson_mut_arr_append(array, value); }

/* As RFC 3629 has it: no surrogates, no longer form than needed, nothing above U+10FFFF. */
static bool is_utf8(const char *data, size_t len) {
  const unsigned char *const bytes = (const unsigned char *)data;
  size_t i = 0;
  while (i < len) {
    const unsigned char first = bytes[i++];
    if (first < 0x80) continue;
    size_t more = 1;
    unsigned char low = 0x80;
    unsigned char high = 0xbf;
    if (first >= 0xf0) {
      more = 3;
      if (first == 0xf0) low = 0x90;
      if (first == 0xf4) high = 0x8f;
    } else if (first >= 0xe0) {
      more = 2;
      if (first == 0xe0) low = 0xa0;
      if (first == 0xed) high = 0x9f;
    }
    if (first < 0xc2 || first > 0xf4 || len - i < more) return false;
    for (; more > 0; more--) {
      if (bytes[i] < low || bytes[i] > high) return false;
      low = 0x80;
      high = 0xbf;
      i++;
    }
  }
  return true;
}

static yyjson_mut_val *json_string(yyjson_mut_doc *doc, const char *data, size_t len) {
  if (is_utf8(data, len)) return checked(yyjson_mut_strncpy(doc, data, len));
  size_t escaped_len = 0;
  char *const escaped = escape_copy(data, len, &escaped_len);
  yyjson_mut_val *const value = checked(yyjson_mut_strncpy(doc, escaped, escaped_len));
  free(escaped);
  return value;
}

static yyjson_mut_val *json_flags(yyjson_mut_doc *doc, const struct field *field, uint64_t flags) {
  yyjson_mut_val *const array = json_array(doc);
  for (unsigned bit = 0; bit < 64; bit++) {
    const uint64_t flag = UINT64_C(1) << bit;
    if ((flags & flag) == 0) continue;
    const char *const name = field_names_find(field->names, flag);
    json_append(array, checked(name != NULL ? yyjson_mut_str(doc, name) : yyjson_mut_uint(doc, flag)));
  }
  return array;
}

static yyjson_mut_val *json_elements(yyjson_mut_doc *doc, const struct field *field, const void *data) {
  yyjson_mut_val *const array = json_array(doc);
  const size_t count = field_count(field, data);
  for (size_t i = 0; i < count; i++) {
    yyjson_mut_val *value = NULL;
    if (field->type == FIELD_STRING_ARRAY) {
      const sonde_string string = field_string_at(field, data, i);
      value = json_string(doc, string.data, string.len);
    } else if (field->type == FIELD_U64_ARRAY) {
      value = checked(yyjson_mut_uint(doc, field_u64_at(field, data, i)));
    } else if (field->type == FIELD_I64_ARRAY) {
      value = checked(yyjson_mut_sint(doc, field_i64_at(field, data, i)));
    } else {
      value = checked(yyjson_mut_uint(doc, field_u32_at(field, data, i)));
    }
    json_append(array, value);
  }
  return array;
}

static yyjson_mut_val *json_leaf(yyjson_mut_doc *doc, const struct field *field, const void *data) {
  switch (field->type) {
    case FIELD_BOOL:
      return yyjson_mut_bool(doc, field_bool(field, data));
    case FIELD_U32:
    case FIELD_U64:
      return yyjson_mut_uint(doc, field_u64(field, data));
    case FIELD_I32:
    case FIELD_I64:
      return yyjson_mut_sint(doc, field_i64(field, data));
    case FIELD_DOUBLE: {
      /* JSON has no infinity, and no NaN. */
      const double value = field_double(field, data);
      return value >= -DBL_MAX && value <= DBL_MAX ? yyjson_mut_real(doc, value) : yyjson_mut_null(doc);
    }
    case FIELD_STRING:
    case FIELD_CHARS: {
      const sonde_string string = field_string(field, data);
      return json_string(doc, string.data, string.len);
    }
    case FIELD_ADDRESS: {
      const sonde_address address = field_address(field, data);
      char text[SONDE_ADDRESS_TEXT_MAX] = "";
      return json_string(doc, text, sonde_address_format(text, sizeof text, &address));
    }
    case FIELD_STATUS:
      return yyjson_mut_str(doc, sonde_status_name((sonde_status)field_i64(field, data)));
    case FIELD_ENUM: {
      const int64_t value = field_i64(field, data);
      const char *const name = field_names_find(field->names, (uint64_t)value);
      return name != NULL ? yyjson_mut_str(doc, name) : yyjson_mut_sint(doc, value);
    }
    case FIELD_FLAGS32:
    case FIELD_FLAGS64:
      return json_flags(doc, field, field_u64(field, data));
    default:
      return json_elements(doc, field, data);
  }
}

static void add_field(yyjson_mut_doc *doc, yyjson_mut_val *object, const struct record *record,
                      const struct field *field, const void *data) {
  if (!field_is_told(record, field, data)) return;
  if (field->record == NULL) {
    json_add(doc, object, field->name, checked(json_leaf(doc, field, data)));
    return;
  }
  /* No record inside holds another one. */
  yyjson_mut_val *const inner = json_object(doc);
  const void *const inside = field_record(field, data);
  for (size_t i = 0; i < field->record->num_fields; i++) {
    const struct field *const part = &field->record->fields[i];
    if (field_is_told(field->record, part, inside)) {
      json_add(doc, inner, part->name, checked(json_leaf(doc, part, inside)));
    }
  }
  json_add(doc, object, field->name, inner);
}

yyjson_mut_val *json_record(yyjson_mut_doc *doc, const struct record *record, const void *data,
                            const struct field_choice *choice) {
  yyjson_mut_val *const object = json_object(doc);
  if (choice == NULL) {
    for (size_t i = 0; i < record->num_fields; i++) add_field(doc, object, record, &record->fields[i], data);
  } else {
    for (size_t i = 0; i < choice->count; i++) add_field(doc, object, record, choice->fields[i], data);
  }
  return object;
}

yyjson_mut_val *json_status(yyjson_mut_doc *doc, sonde_status status) {
  yyjson_mut_val *const object = json_object(doc);
  json_add(doc, object, "status", checked(yyjson_mut_str(doc, sonde_status_name(status))));
  return object;
}

void json_print(yyjson_mut_doc *doc, struct output *out, bool in_one_line) {
  size_t len = 0;
  const yyjson_write_flag layout = in_one_line ? YYJSON_WRITE_NOFLAG : YYJSON_WRITE_PRETTY_TWO_SPACES;
  char *const text =
      checked(yyjson_mut_write(doc, layout | YYJSON_WRITE_ESCAPE_UNICODE | YYJSON_WRITE_NEWLINE_AT_END, &len));
  /* yyjson leaves DEL as it is. */
  const char *rest = text;
  const char *del = NULL;
  while ((del = memchr(rest, 0x7f, len)) != NULL) {
    output_printable(out, rest, (size_t)(del - rest));
    output_text(out, "\\u007f");
    len -= (size_t)(del - rest) + 1;
    rest = del + 1;
  }
  output_printable(out, rest, len);
  free(text);
  yyjson_mut_doc_free(doc);
}
