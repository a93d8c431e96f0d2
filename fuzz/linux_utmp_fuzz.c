/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_utmp.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_file(const uint8_t *data, size_t size, size_t record_size, sondei_byte_order order) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_utmp row;
  sondei_parse_error err;
  sondei_span before = in;
  size_t count = 0;
  while (sondei_linux_next_utmp(&row, &err, &in, record_size, order)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(row.line, data, size) && check_inside(row.user, data, size) &&
          check_inside(row.host, data, size));
    CHECK(row.line.len <= 32 && row.user.len <= 32 && row.host.len <= 256);
    CHECK(row.has_time || row.time == 0);
    CHECK((err.expected == NULL) == (before.len >= record_size));
    count++;
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL && count == (size + record_size - 1) / record_size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_file(data, size, SONDEI_LINUX_UTMP_SIZE_32, SONDEI_LITTLE_ENDIAN);
  check_file(data, size, SONDEI_LINUX_UTMP_SIZE_64, SONDEI_BIG_ENDIAN);
  const size_t record_size = sondei_linux_utmp_record_size(size, SONDEI_LINUX_UTMP_SIZE_32);
  CHECK(record_size == SONDEI_LINUX_UTMP_SIZE_32 || record_size == SONDEI_LINUX_UTMP_SIZE_64);
  return 0;
}
