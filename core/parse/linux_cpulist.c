/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpulist.h"

static void skip_space(sondei_span *span) {
  do {
    sondei_span_skip_blanks(span);
  } while (sondei_span_take_char(span, '\n'));
}

/* Leaves *rest where it gave up. */
static const char *parse_range(struct sondei_linux_cpu_range *out, sondei_span *rest) {
  if (!sondei_span_u32(rest, &out->first)) return "a CPU number";
  out->last = out->first;
  if (sondei_span_take_char(rest, '-')) {
    sondei_span end = *rest;
    uint32_t last = 0;
    if (!sondei_span_u32(&end, &last) || last < out->first) return "the end of a range";
    out->last = last;
    *rest = end;
  }
  skip_space(rest);
  return rest->len == 0 || rest->data[0] == ',' ? NULL : "a comma";
}

bool sondei_linux_next_cpu_range(struct sondei_linux_cpu_range *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span item;
  err->position = 0;
  err->expected = NULL;
  skip_space(in);
  if (in->len == 0) return false;
  struct sondei_linux_cpu_range range = {0, 0};
  sondei_span rest = *in;
  err->expected = parse_range(&range, &rest);
  if (err->expected != NULL) err->position = (size_t)(rest.data - whole.data);
  *out = range;
  *in = rest;
  sondei_span_take_until(in, ',', &item);
  return true;
}

sonde_status sondei_linux_parse_cpulist(struct sondei_linux_cpulist *out, sondei_parse_error *err, sondei_span in) {
  struct sondei_linux_cpulist list = {0, 0, 0};
  struct sondei_linux_cpu_range range;
  const sondei_span whole = in;
  sondei_span item = in;
  while (sondei_linux_next_cpu_range(&range, err, &in)) {
    err->position += (size_t)(item.data - whole.data);
    item = in;
    if (err->expected != NULL) return SONDE_ERR_PARSE;
    if (list.count > 0 && range.first <= list.last) {
      err->expected = "CPU numbers that ascend";
      return SONDE_ERR_PARSE;
    }
    if (range.last - range.first >= SONDEI_LINUX_CPUS_MAX - list.count) {
      err->expected = "no more CPUs than any kernel knows";
      return SONDE_ERR_PARSE;
    }
    if (list.count == 0) list.first = range.first;
    list.last = range.last;
    list.count += range.last - range.first + 1;
  }
  *out = list;
  return SONDE_OK;
}

size_t sondei_linux_fill_cpulist(uint32_t *out, size_t count, sondei_span in) {
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  size_t filled = 0;
  while (filled < count && sondei_linux_next_cpu_range(&range, &err, &in)) {
    if (err.expected != NULL) continue;
    for (uint64_t cpu = range.first; cpu <= range.last && filled < count; cpu++) out[filled++] = (uint32_t)cpu;
  }
  return filled;
}
