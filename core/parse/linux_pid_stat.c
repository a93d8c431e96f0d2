/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_stat.h"

static bool take_i32(sondei_span *in, int32_t *out) {
  int64_t value = 0;
  if (!sondei_span_i64(in, &value, INT32_MIN, INT32_MAX)) return false;
  *out = (int32_t)value;
  return true;
}

static bool take_u64(sondei_span *in, uint64_t *out) {
  /* Some kernels print signed types: what went below zero counts as none. */
  int64_t negative = 0;
  if (in->len > 0 && in->data[0] == '-') {
    if (!sondei_span_i64(in, &negative, INT64_MIN, INT64_MAX)) return false;
    *out = 0;
    return true;
  }
  return sondei_span_u64(in, out, UINT64_MAX);
}

/* tty_nr is printed as an int, so that large minor numbers look negative. */
static bool take_device(sondei_span *in, uint32_t *out) {
  int64_t value = 0;
  if (!sondei_span_i64(in, &value, INT32_MIN, UINT32_MAX)) return false;
  *out = (uint32_t)(uint64_t)value;
  return true;
}

static bool take_column(struct sondei_linux_pid_stat *out, sondei_span *in, unsigned column) {
  switch (column) {
    case 4:
      return take_i32(in, &out->ppid);
    case 5:
      return take_i32(in, &out->pgrp);
    case 6:
      return take_i32(in, &out->session);
    case 7:
      return take_device(in, &out->tty_nr);
    case 8:
      return take_i32(in, &out->tpgid);
    case 9:
      return take_u64(in, &out->flags);
    case 10:
      return take_u64(in, &out->minflt);
    case 11:
      return take_u64(in, &out->cminflt);
    case 12:
      return take_u64(in, &out->majflt);
    case 13:
      return take_u64(in, &out->cmajflt);
    case 14:
      return take_u64(in, &out->utime);
    case 15:
      return take_u64(in, &out->stime);
    case 16:
      return take_u64(in, &out->cutime);
    case 17:
      return take_u64(in, &out->cstime);
    case 18:
      return take_i32(in, &out->priority);
    case 19:
      return take_i32(in, &out->nice);
    case 20:
      return take_u64(in, &out->num_threads);
    case 22:
      return take_u64(in, &out->starttime);
    case 23:
      return take_u64(in, &out->vsize);
    case 24:
      return take_u64(in, &out->rss);
    case 38:
      return take_i32(in, &out->exit_signal);
    case 39:
      return take_i32(in, &out->processor);
    case 40:
      return sondei_span_u32(in, &out->rt_priority);
    case 41:
      return sondei_span_u32(in, &out->policy);
    case 42:
      return take_u64(in, &out->blkio_ticks);
    case 43:
      return take_u64(in, &out->guest_time);
    case 44:
      return take_u64(in, &out->cguest_time);
    case 52:
      return take_i32(in, &out->exit_code);
    default: {
      sondei_span word;
      return sondei_span_take_word(in, &word);
    }
  }
}

static bool is_end(sondei_span rest) { return rest.len == 0 || rest.data[0] == '\n'; }

sonde_status sondei_linux_parse_pid_stat(struct sondei_linux_pid_stat *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_pid_stat row = {0};
  sondei_span rest = in;
  const char *expected = "a process id";
  if (!take_i32(&rest, &row.pid) || row.pid < 0) goto fail;
  sondei_span_skip_blanks(&rest);
  expected = "a name in parentheses";
  size_t end = 0;
  if (!sondei_span_take_char(&rest, '(') || !sondei_span_find_last(rest, ')', &end)) goto fail;
  row.comm = sondei_span_of(rest.data, end);
  sondei_span_advance(&rest, end + 1);
  expected = "a state";
  sondei_span state;
  if (!sondei_span_take_word(&rest, &state)) goto fail;
  row.state = state.len == 1 ? state.data[0] : '?';
  row.num_columns = 3;
  while (row.num_columns < SONDEI_LINUX_PID_STAT_COLUMNS) {
    sondei_span_skip_blanks(&rest);
    if (is_end(rest)) break;
    sondei_span column = rest;
    expected = "a number";
    if (!take_column(&row, &column, row.num_columns + 1)) goto fail;
    if (!is_end(column) && column.data[0] != ' ' && column.data[0] != '\t') goto fail;
    rest = column;
    row.num_columns++;
  }
  expected = "a parent's process id";
  if (row.num_columns < 4) goto fail;
  *out = row;
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
