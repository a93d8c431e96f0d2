/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_mount_options.h"

#include <stdlib.h>

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* The first line is the mount's, the rest the file system's. */
  sondei_span super = sondei_span_of((const char *)data, size);
  sondei_span mount = sondei_span_of(super.data, 0);
  sondei_span_take_line(&super, &mount);
  const size_t room = mount.len + super.len + 1;
  char *const out = malloc(room);
  if (out == NULL) return 0;
  const size_t len = sondei_linux_merge_options(out, mount, super);
  CHECK(len <= room);
  const sondei_span merged = sondei_span_of(out, len);
  const bool ro = sondei_linux_has_option(mount, "ro") || sondei_linux_has_option(super, "ro");
  const bool rw = sondei_linux_has_option(mount, "rw") || sondei_linux_has_option(super, "rw");
  CHECK(sondei_linux_has_option(merged, "ro") == ro);
  CHECK(sondei_linux_has_option(merged, "rw") == (rw && !ro));
  CHECK(len == 0 || (out[0] != ',' && out[len - 1] != ','));
  free(out);
  return 0;
}
