/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mountinfo.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  sondei_span in = sondei_span_of((const char *)data, size);
  struct sondei_linux_mount mount;
  sondei_parse_error err;
  sondei_span before = in;
  while (sondei_linux_next_mount(&mount, &err, &in)) {
    CHECK(check_progress(before, in, &err));
    const sondei_span spans[] = {mount.root,   mount.mountpoint, mount.options,      mount.optional,
                                 mount.fstype, mount.source,     mount.super_options};
    for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++) CHECK(check_inside(spans[i], data, size));
    if (err.expected == NULL) CHECK(mount.mountpoint.len > 0 && mount.fstype.len > 0);
    before = in;
  }
  CHECK(in.len == 0 && err.expected == NULL);
  return 0;
}
