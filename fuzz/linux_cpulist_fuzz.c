/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cpulist.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_span in = whole;
  struct sondei_linux_cpu_range range;
  sondei_parse_error err;
  sondei_span before = in;
  uint64_t total = 0;
  bool bad = false;
  while (sondei_linux_next_cpu_range(&range, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    CHECK(range.first <= range.last);
    bad = bad || err.expected != NULL;
    total += (uint64_t)range.last - range.first + 1;
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);

  struct sondei_linux_cpulist list = {1, 2, 3};
  if (sondei_linux_parse_cpulist(&list, &err, whole) != SONDE_OK) {
    CHECK(list.count == 1 && list.first == 2 && list.last == 3);
    CHECK(err.expected != NULL && err.position <= size);
    return 0;
  }
  CHECK(!bad && list.count == total && list.count <= SONDEI_LINUX_CPUS_MAX);
  uint32_t cpus[256];
  const size_t room = list.count < 256 ? list.count : 256;
  CHECK(sondei_linux_fill_cpulist(cpus, room, whole) == room);
  for (size_t i = 1; i < room; i++) CHECK(cpus[i - 1] < cpus[i]);
  if (room > 0) CHECK(cpus[0] == list.first && (list.count > room || cpus[room - 1] == list.last));
  return 0;
}
