/* SPDX-License-Identifier: MIT */
#include "tools/text_width.h"

#include <stdint.h>

struct range {
  uint32_t first;
  uint32_t last;
};

/* Combining marks and other characters without a width of their own (Unicode classes Mn, Me, Cf). */
static const struct range narrow[] = {
    {0x0300, 0x036f}, {0x0483, 0x0489}, {0x0591, 0x05bd}, {0x0610, 0x061a},   {0x064b, 0x065f},
    {0x06d6, 0x06dc}, {0x0900, 0x0902}, {0x093c, 0x093c}, {0x0941, 0x0948},   {0x0e31, 0x0e31},
    {0x0e34, 0x0e3a}, {0x0e47, 0x0e4e}, {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff},   {0x200b, 0x200f},
    {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef},
};

/* East Asian Width W and F. */
static const struct range wide[] = {
    {0x1100, 0x115f},   {0x231a, 0x231b},   {0x23e9, 0x23ec},   {0x2614, 0x2615},   {0x26a1, 0x26a1},
    {0x2705, 0x2705},   {0x274c, 0x274c},   {0x2e80, 0x303e},   {0x3041, 0x33ff},   {0x3400, 0x4dbf},
    {0x4e00, 0x9fff},   {0xa000, 0xa4cf},   {0xa960, 0xa97f},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},
    {0xfe30, 0xfe6f},   {0xff00, 0xff60},   {0xffe0, 0xffe6},   {0x16fe0, 0x18aff}, {0x1b000, 0x1b2ff},
    {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x1fa70, 0x1faff}, {0x20000, 0x3fffd},
};

static int contains(const struct range *ranges, size_t count, uint32_t c) {
  size_t low = 0;
  size_t high = count;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (c > ranges[middle].last) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low < count && c >= ranges[low].first;
}

/* The length of the first character, and its code. */
static size_t first_character(const unsigned char *text, size_t len, uint32_t *out) {
  size_t needed = 1;
  uint32_t c = text[0];
  if (c >= 0xf0) {
    needed = 4;
    c &= 0x07;
  } else if (c >= 0xe0) {
    needed = 3;
    c &= 0x0f;
  } else if (c >= 0xc0) {
    needed = 2;
    c &= 0x1f;
  }
  for (size_t i = 1; i < needed; i++) {
    if (i >= len || (text[i] & 0xc0) != 0x80) {
      *out = text[0];
      return 1;
    }
    c = c << 6 | (text[i] & 0x3fu);
  }
  *out = c;
  return needed;
}

size_t text_cut(const char *text, size_t len, size_t columns, size_t *out_columns) {
  size_t taken = 0;
  size_t used = 0;
  while (taken < len) {
    uint32_t c = 0;
    const size_t bytes = first_character((const unsigned char *)text + taken, len - taken, &c);
    size_t width = 1;
    if (c >= 0x300) {
      if (contains(narrow, sizeof narrow / sizeof narrow[0], c)) width = 0;
      if (contains(wide, sizeof wide / sizeof wide[0], c)) width = 2;
    }
    if (width > columns - used) break;
    used += width;
    taken += bytes;
  }
  if (out_columns != NULL) *out_columns = used;
  return taken;
}

size_t text_width(const char *text, size_t len) {
  size_t columns = 0;
  (void)text_cut(text, len, SIZE_MAX, &columns);
  return columns;
}
