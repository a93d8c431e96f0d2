/* SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <string.h>

#include "core/parse/linux_pid_status.h"
#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_pid_status out;
  struct sondei_linux_pid_status untouched;
  sondei_parse_error err = {0, NULL};
  memset(&out, 0x5a, sizeof out);
  untouched = out;
  const sonde_status status = sondei_linux_parse_pid_status(&out, &err, in);
  if (status != SONDE_OK) {
    CHECK(status == SONDE_ERR_PARSE);
    CHECK(err.expected != NULL && err.position <= size);
    CHECK(memcmp(&out, &untouched, sizeof out) == 0);
    return 0;
  }
  CHECK((out.valid & out.bad) == 0 && (out.valid | out.bad) != 0);
  CHECK((out.bad != 0) <= (err.expected != NULL) && err.position <= size);
  if (out.valid & SONDEI_LINUX_STATUS_NAME) {
    CHECK(check_inside(out.name, data, size));
    char name[64];
    if (out.name.len <= sizeof name) CHECK(sondei_linux_unescape_pid_status_name(name, out.name) <= out.name.len);
  }
  if (out.valid & SONDEI_LINUX_STATUS_GROUPS) CHECK(check_inside(out.groups, data, size));
  if (out.valid & SONDEI_LINUX_STATUS_CPUS_ALLOWED_LIST) CHECK(check_inside(out.cpus_allowed_list, data, size));
  if (out.valid & SONDEI_LINUX_STATUS_NSPID) {
    CHECK(check_inside(out.nspid, data, size));
    uint32_t number = 0;
    for (size_t last = out.nspid.len + 1; sondei_linux_next_pid_status_number(&number, &err, &out.nspid);) {
      CHECK(out.nspid.len < last);
      last = out.nspid.len;
    }
  }
  return 0;
}
