/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_pid_limits.h"

static const struct {
  const char *name;
  sonde_limit_kind kind;
} limits[] = {
    {"Max cpu time ", SONDE_LIMIT_CPU},
    {"Max file size ", SONDE_LIMIT_FSIZE},
    {"Max data size ", SONDE_LIMIT_DATA},
    {"Max stack size ", SONDE_LIMIT_STACK},
    {"Max core file size ", SONDE_LIMIT_CORE},
    {"Max resident set ", SONDE_LIMIT_RSS},
    {"Max processes ", SONDE_LIMIT_NPROC},
    {"Max open files ", SONDE_LIMIT_NOFILE},
    {"Max locked memory ", SONDE_LIMIT_MEMLOCK},
    {"Max address space ", SONDE_LIMIT_AS},
    {"Max file locks ", SONDE_LIMIT_LOCKS},
    {"Max pending signals ", SONDE_LIMIT_SIGPENDING},
    {"Max msgqueue size ", SONDE_LIMIT_MSGQUEUE},
    {"Max nice priority ", SONDE_LIMIT_NICE},
    {"Max realtime priority ", SONDE_LIMIT_RTPRIO},
    {"Max realtime timeout ", SONDE_LIMIT_RTTIME},
};

static bool take_limit(sondei_span *in, uint64_t *out) {
  sondei_span word;
  if (!sondei_span_take_word(in, &word)) return false;
  if (sondei_span_equals(word, "unlimited")) {
    *out = UINT64_MAX;
    return true;
  }
  return sondei_span_whole_u64(word, out);
}

bool sondei_linux_next_pid_limit(struct sondei_linux_pid_limit *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  while (sondei_span_take_line(in, &line)) {
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
      if (!sondei_span_take_text(&line, limits[i].name)) continue;
      struct sondei_linux_pid_limit row = {limits[i].kind, 0, 0};
      if (!take_limit(&line, &row.soft) || !take_limit(&line, &row.hard)) {
        row.soft = row.hard = 0;
        err->position = (size_t)(line.data - whole.data);
        err->expected = "a number or \"unlimited\"";
      }
      *out = row;
      return true;
    }
  }
  return false;
}
