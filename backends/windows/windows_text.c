/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_text.h"

#include <string.h>

#include "core/parse/windows_utf16.h"

_Static_assert(sizeof(wchar_t) == 2, "wide text is UTF-16");

sondei_span sondei_windows_wide_span(const wchar_t *text, size_t units) {
  return sondei_span_of((const char *)text, units * sizeof *text);
}

sondei_span sondei_windows_wide_text(const wchar_t *text) {
  size_t units = 0;
  if (text == NULL) return sondei_windows_wide_span(L"", 0);
  while (text[units] != 0) units++;
  return sondei_windows_wide_span(text, units);
}

static sonde_status windows_convert(struct sonde_env *env, struct windows_state *state, size_t *len,
                                    sondei_span utf16) {
  *len = sondei_windows_utf8_size(utf16);
  const sonde_status status = sonde_env_grow(env, &state->text, *len + 1);
  if (status != SONDE_OK) return status;
  sondei_windows_utf8_write(state->text.data, utf16);
  state->text.data[*len] = '\0';
  return SONDE_OK;
}

sonde_status sondei_windows_string(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                   sonde_string *out, sondei_span utf16) {
  size_t len = 0;
  const sonde_status status = windows_convert(env, state, &len, utf16);
  return status == SONDE_OK ? sonde_fill_string(fill, out, state->text.data, len) : status;
}

const char *sondei_windows_subject(struct sonde_env *env, struct windows_state *state, sondei_span utf16) {
  size_t len = 0;
  return windows_convert(env, state, &len, utf16) == SONDE_OK ? state->text.data : "";
}

sonde_status sondei_windows_wide(struct sonde_env *env, struct windows_state *state, const wchar_t **out,
                                 const char *utf8) {
  const sondei_span text = sondei_span_text(utf8);
  size_t size = 0;
  if (!sondei_windows_utf16_size(&size, text)) {
    return sonde_env_fail(env, SONDE_ERR_INVALID, 0, NULL, "UTF-8", utf8, text.len);
  }
  const sonde_status status = sonde_env_grow(env, &state->wide, size + sizeof(wchar_t));
  if (status != SONDE_OK) return status;
  sondei_windows_utf16_write(state->wide.data, text);
  memset(state->wide.data + size, 0, sizeof(wchar_t));
  *out = (const wchar_t *)(const void *)state->wide.data;
  return SONDE_OK;
}
