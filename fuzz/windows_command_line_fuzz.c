/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_command_line.h"

#include <stdlib.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct sondei_windows_command_line line = {sondei_span_of((const char *)data, size), false};
  char *const room = malloc(size > 0 ? size : 1);
  sondei_span argument;
  sondei_parse_error err;
  size_t bytes = 0;
  if (room == NULL) return 0;
  for (sondei_span before = line.rest; sondei_windows_next_argument(&argument, &err, &line, room); before = line.rest) {
    const size_t taken = before.len - line.rest.len;
    CHECK(check_progress(before, line.rest, &err) && err.expected == NULL);
    CHECK(argument.data == room && argument.len % 2 == 0 && argument.len <= taken);
    bytes += argument.len;
    for (size_t at = 0; at < argument.len; at += 2) CHECK(room[at] != 0 || room[at + 1] != 0);
  }
  CHECK(bytes <= size);
  CHECK(line.rest.len < 2 || (line.rest.data[0] == 0 && line.rest.data[1] == 0));
  free(room);
  return 0;
}
