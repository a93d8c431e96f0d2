/* SPDX-License-Identifier: MIT */
#include "tools/field_text.h"

#include <string.h>

bool field_is_number(const struct field *field) {
  switch (field->type) {
    case FIELD_U32:
    case FIELD_I32:
    case FIELD_U64:
    case FIELD_I64:
    case FIELD_DOUBLE:
      return true;
    default:
      return false;
  }
}

const char *status_word(sonde_status status) {
  static const char prefix[] = "SONDE_";
  const char *const name = sonde_status_name(status);
  return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : name;
}

static void add_u64(struct text_buffer *out, field_unit unit, uint64_t value) {
  switch (unit) {
    case UNIT_BYTES:
      text_add_bytes(out, value);
      break;
    case UNIT_BYTE_RATE:
      text_add_byte_rate(out, (double)value);
      break;
    case UNIT_DURATION:
      text_add_duration(out, value);
      break;
    case UNIT_MOMENT:
      text_add_moment(out, value);
      break;
    case UNIT_HERTZ:
      text_add_hertz(out, value);
      break;
    case UNIT_BIT_RATE:
      text_add_bit_rate(out, value);
      break;
    case UNIT_HEX:
      text_add_hex(out, value);
      break;
    case UNIT_OCTAL:
      text_add_octal(out, value);
      break;
    case UNIT_CPU:
      if (value == SONDE_CPU_TOTAL) {
        text_add(out, "all");
      } else {
        text_add_u64(out, value);
      }
      break;
    default:
      if (value == SONDE_UNLIMITED) {
        text_add(out, "unlimited");
      } else {
        text_add_u64(out, value);
      }
      break;
  }
}

static void add_double(struct text_buffer *out, field_unit unit, double value) {
  switch (unit) {
    case UNIT_RATIO:
      text_add_percent(out, value * 100.0);
      break;
    case UNIT_PERCENT:
      text_add_percent(out, value);
      break;
    case UNIT_BYTE_RATE:
      text_add_byte_rate(out, value);
      break;
    default:
      text_add_double(out, value, 2);
      break;
  }
}

static void add_flags(struct text_buffer *out, const struct field *field, uint64_t flags) {
  const size_t start = out->len;
  for (unsigned bit = 0; bit < 64; bit++) {
    const uint64_t flag = UINT64_C(1) << bit;
    if ((flags & flag) == 0) continue;
    if (out->len > start) text_add(out, ",");
    const char *const name = field_names_find(field->names, flag);
    if (name != NULL) {
      text_add(out, name);
    } else {
      text_add_hex(out, flag);
    }
  }
}

static void add_array(struct text_buffer *out, const struct field *field, const void *data) {
  const size_t count = field_count(field, data);
  for (size_t i = 0; i < count; i++) {
    if (i > 0) text_add(out, field->type == FIELD_STRING_ARRAY ? " " : ",");
    if (field->type == FIELD_STRING_ARRAY) {
      const sonde_string string = field_string_at(field, data, i);
      text_add_escaped(out, string.data, string.len);
    } else if (field->type == FIELD_U64_ARRAY) {
      text_add_u64(out, field_u64_at(field, data, i));
    } else if (field->type == FIELD_I64_ARRAY) {
      text_add_i64(out, field_i64_at(field, data, i));
    } else {
      /* Consecutive numbers as a range: 0-3,8 */
      const uint64_t first = field_u32_at(field, data, i);
      size_t last = i;
      while (last + 1 < count && field_u32_at(field, data, last + 1) == field_u32_at(field, data, last) + 1) last++;
      text_add_u64(out, first);
      if (last > i + 1) {
        text_add(out, "-");
        text_add_u64(out, field_u32_at(field, data, last));
        i = last;
      }
    }
  }
}

static void add_record(struct text_buffer *out, const struct record *record, const void *data) {
  const size_t start = out->len;
  for (size_t i = 0; i < record->num_fields; i++) {
    if (!field_is_told(record, &record->fields[i], data)) continue;
    if (out->len > start) text_add(out, ",");
    text_add(out, record->fields[i].name);
    text_add(out, "=");
    field_text(out, &record->fields[i], data);
  }
}

void field_text(struct text_buffer *out, const struct field *field, const void *data) {
  switch (field->type) {
    case FIELD_BOOL:
      text_add(out, field_bool(field, data) ? "yes" : "no");
      break;
    case FIELD_U32:
    case FIELD_U64:
      add_u64(out, field->unit, field_u64(field, data));
      break;
    case FIELD_I32:
    case FIELD_I64:
      text_add_i64(out, field_i64(field, data));
      break;
    case FIELD_DOUBLE:
      add_double(out, field->unit, field_double(field, data));
      break;
    case FIELD_STRING:
    case FIELD_CHARS: {
      const sonde_string string = field_string(field, data);
      text_add_escaped(out, string.data, string.len);
      break;
    }
    case FIELD_ADDRESS: {
      const sonde_address address = field_address(field, data);
      char text[SONDE_ADDRESS_TEXT_MAX] = "";
      text_add_escaped(out, text, sonde_address_format(text, sizeof text, &address));
      break;
    }
    case FIELD_STATUS:
      text_add(out, status_word((sonde_status)field_i64(field, data)));
      break;
    case FIELD_ENUM: {
      const int64_t value = field_i64(field, data);
      const char *const name = field_names_find(field->names, (uint64_t)value);
      if (name != NULL) {
        text_add(out, name);
      } else {
        text_add_i64(out, value);
      }
      break;
    }
    case FIELD_FLAGS32:
    case FIELD_FLAGS64:
      add_flags(out, field, field_u64(field, data));
      break;
    case FIELD_U32_ARRAY:
    case FIELD_U64_ARRAY:
    case FIELD_I64_ARRAY:
    case FIELD_STRING_ARRAY:
      add_array(out, field, data);
      break;
    case FIELD_RECORD:
    case FIELD_RECORD_POINTER:
      add_record(out, field->record, field_record(field, data));
      break;
  }
}
