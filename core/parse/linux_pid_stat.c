/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_stat.h"

/* The columns after the state, as they stand there: read in one go, since this is the hottest loop of the library. */
struct columns {
  uint64_t values[SONDEI_LINUX_PID_STAT_COLUMNS + 1]; /* magnitudes, by number */
  uint64_t negative;                                  /* bit n: column n has a minus */
  uint64_t odd;                                       /* bit n: it is no number, or none of 64 bits */
  unsigned count;                                     /* the number of the last one */
};

/* Reads a number of up to 19 digits, which cannot overflow; false for everything else. */
static inline bool take_digits(const char **at, const char *end, uint64_t *out) {
  const char *p = *at;
  const char *const safe = end - p > 19 ? p + 19 : end;
  uint64_t value = 0;
  for (; p < safe; p++) {
    const unsigned digit = (unsigned)(unsigned char)*p - (unsigned)'0';
    if (digit > 9) break;
    value = value * 10 + digit;
  }
  if (p == *at || (p < end && *p != ' ' && *p != '\n')) return false;
  *at = p;
  *out = value;
  return true;
}

/* The rest of a column that is longer, or odd. */
static bool take_word(const char **at, const char *end, uint64_t *out) {
  sondei_span rest = sondei_span_of(*at, (size_t)(end - *at));
  sondei_span word = sondei_span_of(*at, 0);
  sondei_span_take_word(&rest, &word);
  *at = word.data + word.len;
  return sondei_span_u64(&word, out, UINT64_MAX) && word.len == 0;
}

/* 21, 25 to 37 and 45 to 51 are not kept. */
static const uint64_t unused_columns =
    UINT64_C(1) << 21 | ((UINT64_C(1) << 38) - (UINT64_C(1) << 25)) | ((UINT64_C(1) << 52) - (UINT64_C(1) << 45));

static void take_columns(struct columns *out, const char *at, const char *end) {
  out->negative = out->odd = 0;
  out->count = 3;
  for (unsigned column = 4; column <= SONDEI_LINUX_PID_STAT_COLUMNS; column++) {
    while (at < end && (*at == ' ' || *at == '\t')) at++;
    if (at == end || *at == '\n') return;
    out->count = column;
    if (unused_columns >> column & 1) {
      while (at < end && *at != ' ' && *at != '\t' && *at != '\n') at++;
      continue;
    }
    if (*at == '-') {
      out->negative |= UINT64_C(1) << column;
      at++;
    }
    if (!take_digits(&at, end, &out->values[column]) && !take_word(&at, end, &out->values[column])) {
      out->odd |= UINT64_C(1) << column;
    }
  }
}

static bool fits_i32(const struct columns *columns, unsigned column, uint64_t largest) {
  const bool is_negative = (columns->negative >> column & 1) != 0;
  return column > columns->count || columns->values[column] <= (is_negative ? UINT64_C(1) << 31 : largest);
}

/* The first column that is kept and cannot be; 0: none. */
static unsigned find_odd(const struct columns *columns) {
  static const unsigned char signed_columns[] = {4, 5, 6, 8, 18, 19, 38, 39, 52};
  static const unsigned char unsigned_columns[] = {40, 41};
  const uint64_t odd = columns->odd;
  for (unsigned column = 4; odd != 0 && column <= SONDEI_LINUX_PID_STAT_COLUMNS; column++) {
    if (odd >> column & 1) return column;
  }
  for (size_t i = 0; i < sizeof signed_columns; i++) {
    if (!fits_i32(columns, signed_columns[i], INT32_MAX)) return signed_columns[i];
  }
  for (size_t i = 0; i < sizeof unsigned_columns; i++) {
    if (!fits_i32(columns, unsigned_columns[i], UINT32_MAX)) return unsigned_columns[i];
  }
  return fits_i32(columns, 7, UINT32_MAX) ? 0 : 7;
}

static int32_t signed_of(const struct columns *columns, unsigned column) {
  if (column > columns->count) return 0;
  const int64_t magnitude = (int64_t)columns->values[column];
  return (int32_t)((columns->negative >> column & 1) != 0 ? -magnitude : magnitude);
}

/* Some kernels print signed types: what went below zero counts as none. */
static uint64_t unsigned_of(const struct columns *columns, unsigned column) {
  return column > columns->count || (columns->negative >> column & 1) != 0 ? 0 : columns->values[column];
}

static void put_columns(struct sondei_linux_pid_stat *out, const struct columns *from) {
  out->num_columns = from->count;
  out->ppid = signed_of(from, 4);
  out->pgrp = signed_of(from, 5);
  out->session = signed_of(from, 6);
  /* Printed as an int, so that large minor numbers look negative. */
  out->tty_nr = (from->negative >> 7 & 1) != 0 ? (uint32_t)signed_of(from, 7) : (uint32_t)unsigned_of(from, 7);
  out->tpgid = signed_of(from, 8);
  out->flags = unsigned_of(from, 9);
  out->minflt = unsigned_of(from, 10);
  out->cminflt = unsigned_of(from, 11);
  out->majflt = unsigned_of(from, 12);
  out->cmajflt = unsigned_of(from, 13);
  out->utime = unsigned_of(from, 14);
  out->stime = unsigned_of(from, 15);
  out->cutime = unsigned_of(from, 16);
  out->cstime = unsigned_of(from, 17);
  out->priority = signed_of(from, 18);
  out->nice = signed_of(from, 19);
  out->num_threads = unsigned_of(from, 20);
  out->starttime = unsigned_of(from, 22);
  out->vsize = unsigned_of(from, 23);
  out->rss = unsigned_of(from, 24);
  out->exit_signal = signed_of(from, 38);
  out->processor = signed_of(from, 39);
  out->rt_priority = (uint32_t)unsigned_of(from, 40);
  out->policy = (uint32_t)unsigned_of(from, 41);
  out->blkio_ticks = unsigned_of(from, 42);
  out->guest_time = unsigned_of(from, 43);
  out->cguest_time = unsigned_of(from, 44);
  out->exit_code = signed_of(from, 52);
}

/* The last ')' of all: searched forwards, since what follows the name is longer than the name. */
static bool find_end_of_name(sondei_span in, size_t *out) {
  size_t at = 0;
  if (!sondei_span_find(in, ')', &at)) return false;
  for (;;) {
    size_t next = 0;
    if (!sondei_span_find(sondei_span_of(in.data + at + 1, in.len - at - 1), ')', &next)) break;
    at += next + 1;
  }
  *out = at;
  return true;
}

/* Where a column begins, for the error. */
static sondei_span skip_to(sondei_span rest, unsigned column) {
  sondei_span word;
  for (unsigned i = 4; i < column; i++) sondei_span_take_word(&rest, &word);
  sondei_span_skip_blanks(&rest);
  return rest;
}

sonde_status sondei_linux_parse_pid_stat(struct sondei_linux_pid_stat *out, sondei_parse_error *err, sondei_span in) {
  sondei_span rest = in;
  const char *expected = "a process id";
  int64_t pid = 0;
  if (!sondei_span_i64(&rest, &pid, 0, INT32_MAX)) goto fail;
  sondei_span_skip_blanks(&rest);
  expected = "a name in parentheses";
  size_t end = 0;
  if (!sondei_span_take_char(&rest, '(') || !find_end_of_name(rest, &end)) goto fail;
  const sondei_span comm = sondei_span_of(rest.data, end);
  sondei_span_advance(&rest, end + 1);
  expected = "a state";
  sondei_span state;
  if (!sondei_span_take_word(&rest, &state)) goto fail;
  struct columns columns;
  take_columns(&columns, rest.data, rest.data + rest.len);
  const unsigned odd = find_odd(&columns);
  if (odd != 0) {
    rest = skip_to(rest, odd);
    expected = "a number";
    goto fail;
  }
  expected = "a parent's process id";
  if (columns.count < 4) goto fail;
  out->comm = comm;
  out->state = '?';
  if (state.len == 1) out->state = state.data[0];
  out->pid = (int32_t)pid;
  put_columns(out, &columns);
  return SONDE_OK;
fail:
  sondei_parse_fail(err, in, rest, expected);
  return SONDE_ERR_PARSE;
}

sonde_process_state sondei_linux_process_state(char letter) {
  switch (letter) {
    case 'R':
      return SONDE_PROCESS_STATE_RUNNING;
    case 'S':
      return SONDE_PROCESS_STATE_SLEEPING;
    case 'D':
      return SONDE_PROCESS_STATE_DISK_SLEEP;
    case 'T':
      return SONDE_PROCESS_STATE_STOPPED;
    case 't':
      return SONDE_PROCESS_STATE_TRACING_STOP;
    case 'Z':
      return SONDE_PROCESS_STATE_ZOMBIE;
    case 'X':
    case 'x':
      return SONDE_PROCESS_STATE_DEAD;
    case 'K':
      return SONDE_PROCESS_STATE_WAKE_KILL;
    case 'W':
      return SONDE_PROCESS_STATE_WAKING;
    case 'P':
      return SONDE_PROCESS_STATE_PARKED;
    case 'I':
      return SONDE_PROCESS_STATE_IDLE;
    default:
      return SONDE_PROCESS_STATE_UNKNOWN;
  }
}
