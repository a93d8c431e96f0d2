/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_snmp.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_snmp_table table;
  struct sondei_linux_snmp_counter counter;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_snmp_table(&table, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(table.protocol, data, size));
    CHECK(check_inside(table.names, data, size) && check_inside(table.values, data, size));
    before = in;
    if (err.expected != NULL) continue;
    CHECK(table.protocol.len > 0);
    for (size_t names = table.names.len; sondei_linux_next_snmp_counter(&counter, &err, &table);) {
      CHECK(table.names.len < names && counter.name.len > 0 && check_inside(counter.name, data, size));
      CHECK(err.expected == NULL || counter.value == 0);
      names = table.names.len;
    }
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
