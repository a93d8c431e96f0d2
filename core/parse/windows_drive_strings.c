/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_drive_strings.h"

/* The unit number i of the text, which has so many. */
static unsigned windows_unit(sondei_span text, size_t i) {
  return (unsigned)(unsigned char)text.data[2 * i] | (unsigned)(unsigned char)text.data[2 * i + 1] << 8;
}

static size_t windows_units(sondei_span text) { return text.len / 2; }

static unsigned windows_lower(unsigned unit) { return unit >= 'A' && unit <= 'Z' ? unit - 'A' + 'a' : unit; }

/* text is in lower case. */
static bool windows_take_prefix(sondei_span *in, const char *text) {
  size_t n = 0;
  for (; text[n] != '\0'; n++) {
    if (n >= windows_units(*in) || windows_lower(windows_unit(*in, n)) != (unsigned)(unsigned char)text[n]) {
      return false;
    }
  }
  sondei_span_advance(in, 2 * n);
  return true;
}

/* The whole text is a number. */
static bool windows_take_number(sondei_span in, uint32_t *out) {
  uint32_t number = 0;
  if (windows_units(in) == 0) return false;
  for (size_t i = 0; i < windows_units(in); i++) {
    const unsigned unit = windows_unit(in, i);
    if (unit < '0' || unit > '9') return false;
    if (number > (UINT32_MAX - (unit - '0')) / 10) return false;
    number = number * 10 + (unit - '0');
  }
  *out = number;
  return true;
}

bool sondei_windows_next_drive_string(sondei_span *out, sondei_parse_error *err, sondei_span *in) {
  err->position = 0;
  err->expected = NULL;
  for (size_t i = 0; i < windows_units(*in); i++) {
    if (windows_unit(*in, i) != 0) continue;
    *out = sondei_span_of(in->data, 2 * i);
    sondei_span_advance(in, i > 0 ? 2 * i + 2 : in->len);
    return i > 0;
  }
  if (in->len == 0) return false;
  *out = *in;
  sondei_span_advance(in, in->len);
  return !sondei_parse_fail(err, *out, *in, "a NUL that ends the name");
}

sondei_windows_drive_kind sondei_windows_drive_kind_of(sondei_span name, uint32_t *number) {
  sondei_span rest = name;
  if (windows_take_prefix(&rest, "physicaldrive")) {
    return windows_take_number(rest, number) ? SONDEI_WINDOWS_DRIVE_DISK : SONDEI_WINDOWS_DRIVE_OTHER;
  }
  if (windows_take_prefix(&rest, "cdrom")) {
    return windows_take_number(rest, number) ? SONDEI_WINDOWS_DRIVE_CDROM : SONDEI_WINDOWS_DRIVE_OTHER;
  }
  if (windows_units(name) != 2 || windows_unit(name, 1) != ':') return SONDEI_WINDOWS_DRIVE_OTHER;
  const unsigned letter = windows_lower(windows_unit(name, 0));
  if (letter < 'a' || letter > 'z') return SONDEI_WINDOWS_DRIVE_OTHER;
  *number = letter - 'a';
  return SONDEI_WINDOWS_DRIVE_LETTER;
}

bool sondei_windows_is_floppy(sondei_span device) { return windows_take_prefix(&device, "\\device\\floppy"); }
