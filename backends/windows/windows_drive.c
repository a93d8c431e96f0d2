/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_drive.h"

#include "backends/windows/windows_text.h"
#include "core/parse/windows_utf16.h"

enum {
  WINDOWS_DRIVE_PLACES = SONDEI_WINDOWS_DRIVES + 1, /* the last: where Windows is */
  WINDOWS_DRIVE_UNITS = 32768                       /* no name of the kernel has more */
};

/* Asks for one place; 0: it is refused. */
static DWORD windows_ask(const struct windows_os *os, wchar_t *out, size_t place) {
  const wchar_t name[] = {(wchar_t)(L'A' + place), L':', L'\0'};
  if (place < SONDEI_WINDOWS_DRIVES) return os->QueryDosDeviceW(name, out, WINDOWS_DRIVE_UNITS);
  return os->GetSystemWindowsDirectoryW(out, WINDOWS_DRIVE_UNITS);
}

/* Letters that are refused stand for nothing: their paths stay as the kernel has them. */
static sonde_status windows_ask_drives(struct sonde_env *env, struct windows_state *state,
                                       struct windows_drives *drives) {
  /* Lengths: the buffer moves while it grows. */
  size_t lengths[WINDOWS_DRIVE_PLACES] = {0};
  size_t used = 0;
  const DWORD letters = state->os->GetLogicalDrives();
  for (size_t i = 0; i < WINDOWS_DRIVE_PLACES; i++) {
    if (i < SONDEI_WINDOWS_DRIVES && (letters >> i & 1) == 0) continue;
    const sonde_status status = sonde_env_grow(env, &state->drives, used + WINDOWS_DRIVE_UNITS * sizeof(wchar_t));
    if (status != SONDE_OK) return status;
    wchar_t *const room = (wchar_t *)(void *)(state->drives.data + used);
    const DWORD told = windows_ask(state->os, room, i);
    if (told == 0 || told >= WINDOWS_DRIVE_UNITS) continue;
    room[told] = L'\0';
    lengths[i] = sondei_windows_wide_text(room).len;
    used += lengths[i];
  }
  const char *at = state->drives.data;
  for (size_t i = 0; i < WINDOWS_DRIVE_PLACES; at += lengths[i++]) {
    sondei_span *const out = i < SONDEI_WINDOWS_DRIVES ? &drives->table.devices[i] : &drives->table.system_root;
    *out = sondei_span_of(at, lengths[i]);
  }
  drives->is_known = true;
  return SONDE_OK;
}

sonde_status sondei_windows_drive_path(struct sonde_env *env, struct windows_state *state,
                                       struct windows_drives *drives, struct sonde_fill *fill, sonde_string *out,
                                       sondei_span utf16) {
  sonde_status status = drives->is_known ? SONDE_OK : windows_ask_drives(env, state, drives);
  if (status != SONDE_OK) return status;
  struct sondei_windows_path path;
  sondei_windows_map_path(&path, utf16, &drives->table);
  const size_t len = sondei_windows_utf8_size(path.prefix) + sondei_windows_utf8_size(path.rest);
  status = sonde_env_grow(env, &state->text, len + 1);
  if (status != SONDE_OK) return status;
  const size_t begun = sondei_windows_utf8_write(state->text.data, path.prefix);
  sondei_windows_utf8_write(state->text.data + begun, path.rest);
  return sonde_fill_string(fill, out, state->text.data, len);
}
