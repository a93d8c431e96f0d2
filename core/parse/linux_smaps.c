/* SPDX-License-Identifier: MIT */
#include "core/parse/linux_smaps.h"

#include <string.h>

/* Whether it begins like a mapping: no key begins with hexadecimal digits and '-'. */
static bool is_mapping(sondei_span line) {
  uint64_t start = 0;
  return sondei_span_hex64(&line, &start, UINT64_MAX) && sondei_span_take_char(&line, '-');
}

/* Returns what was expected where parsing stopped, NULL when all was understood. */
static const char *take_mapping(struct sondei_linux_mapping *out, sondei_span *line) {
  uint64_t dev_major = 0;
  uint64_t dev_minor = 0;
  if (!sondei_span_hex64(line, &out->start, UINT64_MAX) || !sondei_span_take_char(line, '-') ||
      !sondei_span_hex64(line, &out->end, UINT64_MAX)) {
    return "an address range";
  }
  if (!sondei_span_take_word(line, &out->perms)) return "permissions";
  sondei_span_skip_blanks(line);
  if (!sondei_span_hex64(line, &out->offset, UINT64_MAX)) return "an offset";
  sondei_span_skip_blanks(line);
  if (!sondei_span_hex64(line, &dev_major, UINT32_MAX) || !sondei_span_take_char(line, ':') ||
      !sondei_span_hex64(line, &dev_minor, UINT32_MAX)) {
    return "a device";
  }
  out->dev_major = (uint32_t)dev_major;
  out->dev_minor = (uint32_t)dev_minor;
  sondei_span_skip_blanks(line);
  if (!sondei_span_u64(line, &out->inode, UINT64_MAX)) return "an inode";
  sondei_span_skip_blanks(line);
  out->path = *line;
  return NULL;
}

static void put_error(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected) {
  if (err->expected != NULL) return;
  err->position = (size_t)(at.data - whole.data);
  err->expected = expected;
}

bool sondei_linux_next_mapping(struct sondei_linux_mapping *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (line.len == 0);
  memset(out, 0, sizeof *out);
  const char *const expected = take_mapping(out, &line);
  if (expected != NULL) put_error(err, whole, line, expected);
  return true;
}

static const struct {
  const char *key;
  uint32_t bit;
  size_t offset;
} sizes[] = {
    {"Rss:", SONDEI_LINUX_SMAPS_RSS, offsetof(struct sondei_linux_smaps, rss)},
    {"Pss:", SONDEI_LINUX_SMAPS_PSS, offsetof(struct sondei_linux_smaps, pss)},
    {"Shared_Clean:", SONDEI_LINUX_SMAPS_SHARED_CLEAN, offsetof(struct sondei_linux_smaps, shared_clean)},
    {"Shared_Dirty:", SONDEI_LINUX_SMAPS_SHARED_DIRTY, offsetof(struct sondei_linux_smaps, shared_dirty)},
    {"Private_Clean:", SONDEI_LINUX_SMAPS_PRIVATE_CLEAN, offsetof(struct sondei_linux_smaps, private_clean)},
    {"Private_Dirty:", SONDEI_LINUX_SMAPS_PRIVATE_DIRTY, offsetof(struct sondei_linux_smaps, private_dirty)},
    {"Referenced:", SONDEI_LINUX_SMAPS_REFERENCED, offsetof(struct sondei_linux_smaps, referenced)},
    {"Anonymous:", SONDEI_LINUX_SMAPS_ANONYMOUS, offsetof(struct sondei_linux_smaps, anonymous)},
    {"Swap:", SONDEI_LINUX_SMAPS_SWAP, offsetof(struct sondei_linux_smaps, swap)},
    {"Locked:", SONDEI_LINUX_SMAPS_LOCKED, offsetof(struct sondei_linux_smaps, locked)},
    {"Private_Hugetlb:", SONDEI_LINUX_SMAPS_PRIVATE_HUGETLB, offsetof(struct sondei_linux_smaps, private_hugetlb)},
};

/* False when the line's key is known and its value is no size. */
static bool take_size(struct sondei_linux_smaps *out, sondei_span *line) {
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    if (!sondei_span_take_text(line, sizes[i].key)) continue;
    uint64_t value = 0;
    sondei_span_skip_blanks(line);
    if (!sondei_span_u64(line, &value, UINT64_MAX / 1024)) return false;
    value *= 1024;
    memcpy((char *)out + sizes[i].offset, &value, sizeof value);
    out->valid |= sizes[i].bit;
    return true;
  }
  return true;
}

bool sondei_linux_next_smaps(struct sondei_linux_smaps *out, sondei_parse_error *err, sondei_span *in) {
  const sondei_span whole = *in;
  sondei_span line;
  err->position = 0;
  err->expected = NULL;
  do {
    if (!sondei_span_take_line(in, &line)) return false;
  } while (line.len == 0);
  memset(out, 0, sizeof *out);
  const char *const expected = take_mapping(&out->mapping, &line);
  if (expected != NULL) put_error(err, whole, line, expected);
  for (sondei_span rest = *in; sondei_span_take_line(&rest, &line); *in = rest) {
    if (is_mapping(line)) break;
    if (!take_size(out, &line)) put_error(err, whole, line, "a size");
  }
  return true;
}
