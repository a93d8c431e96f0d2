/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "core/parse/linux_pid_stat.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_pid_stat out;
  struct sondei_linux_pid_stat untouched;
  sondei_parse_error err = {0, NULL};
  memset(&out, 0x5a, sizeof out);
  untouched = out;
  const sonde_status status = sondei_linux_parse_pid_stat(&out, &err, in);
  if (status != SONDE_OK) {
    CHECK(status == SONDE_ERR_PARSE);
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(memcmp(&out, &untouched, sizeof out) == 0);
    return 0;
  }
  CHECK(out.num_columns >= 4 && out.num_columns <= SONDEI_LINUX_PID_STAT_COLUMNS);
  CHECK(check_inside(out.comm, data, size));
  /* The name ends at the last parenthesis of all. */
  CHECK(out.comm.data[out.comm.len] == ')');
  const sondei_span behind = sondei_span_of(out.comm.data + out.comm.len + 1,
                                            size - (size_t)(out.comm.data + out.comm.len + 1 - (const char *)data));
  size_t at = 0;
  CHECK(!sondei_span_find(behind, ')', &at));
  CHECK(out.comm.data[-1] == '(');
  sondei_linux_process_state(out.state);
  return 0;
}
