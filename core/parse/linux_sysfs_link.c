/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_sysfs_link.h"

bool sondei_linux_link_parent(sondei_span *out, sondei_span target) {
  size_t end = 0;
  if (!sondei_span_find_last(target, '/', &end) || end + 1 == target.len) return false;
  sondei_span folder = sondei_span_of(target.data, end);
  size_t slash = 0;
  if (sondei_span_find_last(folder, '/', &slash)) sondei_span_advance(&folder, slash + 1);
  if (folder.len == 0 || sondei_span_equals(folder, ".") || sondei_span_equals(folder, "..")) return false;
  *out = folder;
  return true;
}
