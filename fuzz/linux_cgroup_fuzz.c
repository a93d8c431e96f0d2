/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_cgroup.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const sondei_span whole = sondei_span_of((const char *)data, size);
  sondei_span in = whole;
  struct sondei_linux_cgroup row;
  sondei_parse_error err;
  sondei_span before = in;
  size_t understood = 0;
  while (sondei_linux_next_cgroup(&row, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    before = in;
    if (err.expected != NULL) continue;
    understood++;
    CHECK(check_inside(row.controllers, data, size) && check_inside(row.path, data, size));
    CHECK(row.path.len > 0 && row.path.data[0] == '/');
    sondei_span below;
    CHECK(sondei_linux_cgroup_below(&below, row.path, row.path) && below.len == 0);
    /* What lies below the root never leads out of it. */
    if (sondei_linux_cgroup_below(&below, sondei_span_text("/"), row.path)) {
      CHECK(check_inside(below, data, size));
      CHECK(below.len == 0 || below.data[0] != '/');
      sondei_span part;
      while (sondei_span_take_until(&below, '/', &part)) CHECK(!sondei_span_equals(part, ".."));
    }
  }
  CHECK(in.len == 0 && err.expected == NULL);

  struct sondei_linux_cgroup_summary summary;
  CHECK(sondei_linux_cgroup_path_of(&summary, whole) == (understood > 0));
  if (understood > 0) {
    CHECK(summary.version == 1 || summary.version == 2 || summary.version == 12);
    CHECK(check_inside(summary.path, data, size) && (summary.engine != NULL) == (summary.container_id.len > 0));
    CHECK(summary.engine == NULL || check_inside(summary.container_id, data, size));
  }
  return 0;
}
