/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cgroup_files.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_parse_error err = {0, NULL};

  uint64_t limit = 4711;
  if (sondei_linux_parse_cgroup_limit(&limit, &err, whole) != SONDE_OK) {
    CHECK(limit == 4711 && err.position <= size && err.expected != NULL);
  }
  struct sondei_linux_cpu_max cpu = {4711, 4711};
  if (sondei_linux_parse_cpu_max(&cpu, &err, whole) == SONDE_OK) {
    CHECK(cpu.period > 0);
  } else {
    CHECK(cpu.quota == 4711 && cpu.period == 4711 && err.position <= size && err.expected != NULL);
  }
  uint64_t quota = 4711;
  if (sondei_linux_parse_cfs_quota(&quota, &err, whole) != SONDE_OK) CHECK(quota == 4711);

  sondei_span in = whole;
  sondei_span before = in;
  struct sondei_linux_io_stat io;
  while (sondei_linux_next_io_stat(&io, &err, &in)) {
    CHECK(check_progress(before, in, &err) && check_inside(io.device, data, size));
    CHECK(err.expected != NULL || io.device.len > 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);

  in = whole;
  before = in;
  struct sondei_linux_blkio blkio;
  while (sondei_linux_next_blkio(&blkio, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(check_inside(blkio.device, data, size) && check_inside(blkio.operation, data, size));
    CHECK(err.expected == NULL ? blkio.operation.len > 0 : blkio.value == 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
