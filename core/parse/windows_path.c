/* SPDX-License-Identifier: MIT */
#include "core/parse/windows_path.h"

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool is_unit(sondei_span utf16, size_t unit, char c) {
  const size_t at = unit * 2;
  return at + 2 <= utf16.len && lower(utf16.data[at]) == lower(c) && utf16.data[at + 1] == 0;
}

/* Takes the text off the front if it is there. */
static bool take_text(sondei_span *utf16, const char *text) {
  size_t units = 0;
  for (; text[units] != '\0'; units++) {
    if (!is_unit(*utf16, units, text[units])) return false;
  }
  sondei_span_advance(utf16, units * 2);
  return true;
}

static bool is_component_end(sondei_span utf16) { return utf16.len < 2 || is_unit(utf16, 0, '\\'); }

/* The same when it ends where a component of the path does. */
static bool take_components(sondei_span *utf16, const char *text) {
  sondei_span rest = *utf16;
  if (!take_text(&rest, text) || !is_component_end(rest)) return false;
  *utf16 = rest;
  return true;
}

static bool take_device(sondei_span *utf16, sondei_span device) {
  if (device.len < 2 || device.len > utf16->len) return false;
  for (size_t i = 0; i + 1 < device.len; i += 2) {
    if (utf16->data[i + 1] != device.data[i + 1]) return false;
    if (utf16->data[i] == device.data[i]) continue;
    if (device.data[i + 1] != 0 || lower(utf16->data[i]) != lower(device.data[i])) return false;
  }
  sondei_span rest = *utf16;
  sondei_span_advance(&rest, device.len & ~(size_t)1);
  if (!is_component_end(rest)) return false;
  *utf16 = rest;
  return true;
}

static bool is_drive(sondei_span utf16) {
  return utf16.len >= 4 && lower(utf16.data[0]) >= 'a' && lower(utf16.data[0]) <= 'z' && utf16.data[1] == 0 &&
         is_unit(utf16, 1, ':');
}

/* Behind the name of a redirector: "\;Z:00000000000abcde" and the like, each a component of its own. */
static void skip_marks(sondei_span *rest) {
  while (is_unit(*rest, 0, '\\') && is_unit(*rest, 1, ';')) {
    sondei_span_advance(rest, 4);
    while (!is_component_end(*rest)) sondei_span_advance(rest, 2);
  }
}

static bool take_redirector(sondei_span *rest) {
  static const char *const names[] = {"\\Device\\Mup", "\\Device\\LanmanRedirector", "\\Device\\WebDavRedirector"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    sondei_span behind = *rest;
    if (!take_components(&behind, names[i])) continue;
    skip_marks(&behind);
    if (behind.len < 4) return false;
    *rest = behind;
    return true;
  }
  return false;
}

void sondei_windows_map_path(struct sondei_windows_path *out, sondei_span utf16,
                             const struct sondei_windows_drives *drives) {
  static const char letters[] =
      "A\0:\0B\0:\0C\0:\0D\0:\0E\0:\0F\0:\0G\0:\0H\0:\0I\0:\0J\0:\0K\0:\0L\0:\0M\0:\0"
      "N\0:\0O\0:\0P\0:\0Q\0:\0R\0:\0S\0:\0T\0:\0U\0:\0V\0:\0W\0:\0X\0:\0Y\0:\0Z\0:\0";
  static const char long_prefix[] = "\\\0\\\0?\0\\\0";
  static const char backslash[] = "\\\0";
  out->prefix = sondei_span_of(letters, 0);
  out->rest = utf16;
  sondei_span rest = utf16;
  const bool is_object = take_text(&rest, "\\??\\");
  if (is_object || take_text(&rest, "\\\\?\\")) {
    if (is_drive(rest)) {
      out->rest = rest;
    } else if (take_components(&rest, "UNC") && rest.len >= 4) {
      out->prefix = sondei_span_of(backslash, 2);
      out->rest = rest;
    } else if (is_object) {
      out->prefix = sondei_span_of(long_prefix, 8);
      out->rest = utf16;
      sondei_span_advance(&out->rest, 8);
    }
    return;
  }
  if (drives->system_root.len > 0 && take_components(&rest, "\\SystemRoot")) {
    out->prefix = drives->system_root;
    out->rest = rest;
    return;
  }
  for (size_t i = 0; i < SONDEI_WINDOWS_DRIVES; i++) {
    rest = utf16;
    if (!take_device(&rest, drives->devices[i]) || rest.len >= out->rest.len) continue;
    out->prefix = sondei_span_of(letters + 4 * i, 4);
    out->rest = rest;
  }
  if (out->prefix.len == 0 && take_redirector(&rest)) {
    out->prefix = sondei_span_of(backslash, 2);
    out->rest = rest;
  }
}
