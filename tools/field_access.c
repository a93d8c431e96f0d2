/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "tools/fields.h"

static const char *member(const struct field *field, const void *data) { return (const char *)data + field->offset; }

uint64_t field_u64(const struct field *field, const void *data) {
  if (field->size == sizeof(uint32_t)) {
    uint32_t small = 0;
    memcpy(&small, member(field, data), sizeof small);
    return small;
  }
  uint64_t value = 0;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

int64_t field_i64(const struct field *field, const void *data) {
  if (field->size == sizeof(int32_t)) {
    int32_t small = 0;
    memcpy(&small, member(field, data), sizeof small);
    return small;
  }
  int64_t value = 0;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

double field_double(const struct field *field, const void *data) {
  double value = 0;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

bool field_bool(const struct field *field, const void *data) {
  bool value = false;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

sonde_string field_string(const struct field *field, const void *data) {
  sonde_string value = {"", 0};
  if (field->type == FIELD_CHARS) {
    value.data = member(field, data);
    while (value.len < field->size && value.data[value.len] != '\0') value.len++;
  } else {
    memcpy(&value, member(field, data), sizeof value);
  }
  return value;
}

sonde_address field_address(const struct field *field, const void *data) {
  sonde_address value;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

static const void *pointer(const struct field *field, const void *data) {
  const void *value = NULL;
  memcpy(&value, member(field, data), sizeof value);
  return value;
}

const void *field_record(const struct field *field, const void *data) {
  return field->type == FIELD_RECORD ? member(field, data) : pointer(field, data);
}

size_t field_count(const struct field *field, const void *data) {
  size_t value = 0;
  memcpy(&value, (const char *)data + field->count_offset, sizeof value);
  return value;
}

uint64_t field_u32_at(const struct field *field, const void *data, size_t index) {
  const uint32_t *const elements = pointer(field, data);
  return elements[index];
}

uint64_t field_u64_at(const struct field *field, const void *data, size_t index) {
  const uint64_t *const elements = pointer(field, data);
  return elements[index];
}

int64_t field_i64_at(const struct field *field, const void *data, size_t index) {
  const int64_t *const elements = pointer(field, data);
  return elements[index];
}

sonde_string field_string_at(const struct field *field, const void *data, size_t index) {
  const sonde_string *const elements = pointer(field, data);
  return elements[index];
}

static bool is_zero(const struct field *field, const void *data) {
  const char *const bytes = member(field, data);
  for (size_t i = 0; i < field->size; i++) {
    if (bytes[i] != 0) return false;
  }
  return true;
}

sonde_status record_status(const struct record *record, const void *data) {
  if (record->status_offset == RECORD_HAS_NONE) return SONDE_OK;
  sonde_status status = SONDE_OK;
  memcpy(&status, (const char *)data + record->status_offset, sizeof status);
  return status;
}

bool field_is_told(const struct record *record, const struct field *field, const void *data) {
  if (field->bit != 0) {
    uint64_t valid = 0;
    memcpy(&valid, (const char *)data + record->valid_offset, sizeof valid);
    if ((valid & field->bit) == 0) return false;
  } else {
    if (field->type == FIELD_STRING && field_string(field, data).len == 0) return false;
    const bool names_row = (field->flags & FIELD_IDENTITY) != 0;
    if (!names_row && record_status(record, data) != SONDE_OK && is_zero(field, data)) return false;
  }
  if (field->type == FIELD_ADDRESS) return field_address(field, data).family != SONDE_FAMILY_NONE;
  if (field->type == FIELD_RECORD_POINTER) return pointer(field, data) != NULL;
  return true;
}

const struct field *record_find(const struct record *record, const char *name) {
  for (size_t i = 0; i < record->num_fields; i++) {
    if (strcmp(record->fields[i].name, name) == 0) return &record->fields[i];
  }
  return NULL;
}
