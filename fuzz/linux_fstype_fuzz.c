/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_fstype.h"

#include "fuzz/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  /* A type, a source, and the text of /proc/filesystems. */
  sondei_span filesystems = sondei_span_of((const char *)data, size);
  sondei_span fstype = sondei_span_of(filesystems.data, 0);
  sondei_span source = fstype;
  sondei_span_take_line(&filesystems, &fstype);
  sondei_span_take_line(&filesystems, &source);
  const uint32_t flags = sondei_linux_mount_flags(fstype, source);
  CHECK((flags & ~(uint32_t)(SONDE_MOUNT_REMOTE | SONDE_MOUNT_VIRTUAL | SONDE_MOUNT_AUTO)) == 0);
  CHECK((flags & SONDE_MOUNT_REMOTE) == 0 || sondei_linux_mount_may_hang(fstype, source));
  CHECK((flags & SONDE_MOUNT_REMOTE) == 0 || sondei_linux_mount_is_storage(fstype, source, &filesystems));
  CHECK(!sondei_linux_mount_may_hang(fstype, source) || !sondei_linux_mount_is_local(fstype, source));
  const bool storage = sondei_linux_mount_is_storage(fstype, source, NULL);
  CHECK(!storage || (flags & (SONDE_MOUNT_VIRTUAL | SONDE_MOUNT_AUTO)) == 0 || (flags & SONDE_MOUNT_REMOTE) != 0);
  return 0;
}
