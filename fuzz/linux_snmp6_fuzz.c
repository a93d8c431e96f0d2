/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_snmp6.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_snmp6 counter;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_snmp6(&counter, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(counter.protocol, data, size) && check_inside(counter.name, data, size));
    CHECK(err.expected == NULL ? counter.name.len > 0 : counter.value == 0);
    CHECK(counter.protocol.len == 0 || counter.protocol.data[counter.protocol.len - 1] == '6');
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
