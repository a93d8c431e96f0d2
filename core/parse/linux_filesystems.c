/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_filesystems.h"

bool sondei_linux_next_filesystem(struct sondei_linux_filesystem *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (sondei_span_trim(line).len == 0);
  /* "nodev\tproc", "\text4" */
  const sondei_span start = line;
  sondei_span flag;
  out->nodev = false;
  out->name = sondei_span_of(line.data, 0);
  if (!sondei_span_take_until(&line, '\t', &flag) || (flag.len > 0 && !sondei_span_equals(flag, "nodev"))) {
    err->expected = "\"nodev\" or nothing, and a tab";
  } else {
    out->nodev = flag.len > 0;
    if (!sondei_span_take_word(&line, &out->name)) err->expected = "a name";
  }
  if (err->expected != NULL) err->position = (size_t)(start.data - whole.data) + (start.len - line.len);
  return true;
}
