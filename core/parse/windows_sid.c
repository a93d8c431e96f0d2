/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_sid.h"

enum {
  HEAD = 8 /* revision, number of parts, authority */
};

static sonde_status fail(sondei_parse_error *err, size_t position, const char *expected) {
  err->position = position;
  err->expected = expected;
  return SONDE_ERR_PARSE;
}

sonde_status sondei_windows_parse_sid(struct sondei_windows_sid *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_windows_sid found = {.num_parts = 0};
  uint64_t value = 0;
  if (in.len < HEAD) return fail(err, in.len, "a whole SID");
  if (in.data[0] != 1) return fail(err, 0, "revision 1");
  found.num_parts = (unsigned char)in.data[1];
  if (found.num_parts > SONDEI_WINDOWS_SID_PARTS) return fail(err, 1, "at most 15 parts");
  if (!sondei_span_read_ordered(in, 2, HEAD - 2, SONDEI_BIG_ENDIAN, &found.authority)) {
    return fail(err, 2, "an authority");
  }
  for (size_t i = 0; i < found.num_parts; i++) {
    if (!sondei_span_read_ordered(in, HEAD + 4 * i, 4, SONDEI_LITTLE_ENDIAN, &value)) {
      return fail(err, in.len, "as many parts as it says");
    }
    found.parts[i] = (uint32_t)value;
  }
  found.bytes = sondei_span_of(in.data, HEAD + 4 * found.num_parts);
  *out = found;
  return SONDE_OK;
}

static size_t put_number(char *out, uint64_t value, unsigned base, size_t least) {
  char digits[20];
  size_t count = 0;
  do {
    digits[count++] = "0123456789ABCDEF"[value % base];
    value /= base;
  } while (value > 0 || count < least);
  for (size_t i = 0; i < count; i++) out[i] = digits[count - 1 - i];
  return count;
}

size_t sondei_windows_sid_text(char *out, const struct sondei_windows_sid *sid) {
  static const char head[] = "S-1-";
  size_t len = 0;
  for (const char *c = head; *c != '\0'; c++) out[len++] = *c;
  if (sid->authority > UINT32_MAX) {
    /* As ConvertSidToStringSid writes it. */
    out[len++] = '0';
    out[len++] = 'x';
    len += put_number(out + len, sid->authority, 16, 12);
  } else {
    len += put_number(out + len, sid->authority, 10, 1);
  }
  for (size_t i = 0; i < sid->num_parts; i++) {
    out[len++] = '-';
    len += put_number(out + len, sid->parts[i], 10, 1);
  }
  out[len] = '\0';
  return len;
}
