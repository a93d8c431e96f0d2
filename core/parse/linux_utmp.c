/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_utmp.h"

#include <string.h>

/* struct utmp: i16 type, i32 pid, char line[32], id[4], user[32], host[256], i16 exit[2]; then either i32 session, i32
 * seconds, i32 microseconds or the same in 64 bits; the address and spare room. */
enum {
  AT_TYPE = 0,
  AT_PID = 4,
  AT_LINE = 8,
  LINE_SIZE = 32,
  AT_USER = 44,
  USER_SIZE = 32,
  AT_HOST = 76,
  HOST_SIZE = 256,
  AT_SECONDS_32 = 340,
  AT_MICROSECONDS_32 = 344,
  AT_SECONDS_64 = 344,
  AT_MICROSECONDS_64 = 352
};

#define NS_PER_SECOND UINT64_C(1000000000)
#define MICROSECONDS_PER_SECOND UINT64_C(1000000)

size_t sondei_linux_utmp_record_size(size_t file_len, size_t usual) {
  const bool fits_32 = file_len % SONDEI_LINUX_UTMP_SIZE_32 == 0;
  const bool fits_64 = file_len % SONDEI_LINUX_UTMP_SIZE_64 == 0;
  if (fits_32 == fits_64) return usual;
  return fits_32 ? SONDEI_LINUX_UTMP_SIZE_32 : SONDEI_LINUX_UTMP_SIZE_64;
}

static sondei_span field(sondei_span record, size_t at, size_t size) {
  sondei_span text = sondei_span_of(record.data + at, size);
  sondei_span_find(text, '\0', &text.len);
  return text;
}

static bool read_time(uint64_t *out, sondei_span record, sondei_byte_order order) {
  uint64_t seconds = 0;
  uint64_t microseconds = 0;
  if (record.len == SONDEI_LINUX_UTMP_SIZE_64) {
    sondei_span_read_ordered(record, AT_SECONDS_64, 8, order, &seconds);
    sondei_span_read_ordered(record, AT_MICROSECONDS_64, 8, order, &microseconds);
  } else {
    sondei_span_read_ordered(record, AT_SECONDS_32, 4, order, &seconds);
    sondei_span_read_ordered(record, AT_MICROSECONDS_32, 4, order, &microseconds);
  }
  /* The last second that fits does not fit whole. */
  if (seconds >= UINT64_MAX / NS_PER_SECOND || microseconds >= MICROSECONDS_PER_SECOND) return false;
  *out = seconds * NS_PER_SECOND + microseconds * 1000;
  return true;
}

bool sondei_linux_next_utmp(struct sondei_linux_utmp *out, sondei_parse_error *err, sondei_span *in, size_t record_size,
                            sondei_byte_order order) {
  err->position = 0;
  err->expected = NULL;
  if (in->len == 0) return false;
  const sondei_span record = sondei_span_of(in->data, in->len < record_size ? in->len : record_size);
  sondei_span_advance(in, record.len);
  memset(out, 0, sizeof *out);
  out->line = out->user = out->host = sondei_span_of(record.data, 0);
  if (record.len < record_size) {
    err->position = record.len;
    err->expected = "a whole record";
    return true;
  }
  uint64_t wide_type = 0;
  uint64_t wide_pid = 0;
  sondei_span_read_ordered(record, AT_TYPE, 2, order, &wide_type);
  sondei_span_read_ordered(record, AT_PID, 4, order, &wide_pid);
  const uint16_t type = (uint16_t)wide_type;
  const uint32_t pid = (uint32_t)wide_pid;
  /* memcpy: the sign, without what the standard leaves open. */
  memcpy(&out->type, &type, sizeof out->type);
  memcpy(&out->pid, &pid, sizeof out->pid);
  out->line = field(record, AT_LINE, LINE_SIZE);
  out->user = field(record, AT_USER, USER_SIZE);
  out->host = field(record, AT_HOST, HOST_SIZE);
  out->has_time = read_time(&out->time, record, order);
  return true;
}
