/* SPDX-License-Identifier: MIT */
/* windows_text.h - between the text of Windows, UTF-16, and that of the library, UTF-8: core/parse/windows_utf16.h. */
#ifndef SONDE_BACKENDS_WINDOWS_WINDOWS_TEXT_H
#define SONDE_BACKENDS_WINDOWS_WINDOWS_TEXT_H

#include "backends/windows/windows_backend.h"

/* The bytes of `units` UTF-16 units; of a text that a NUL ends (NULL: empty). */
sondei_span sondei_windows_wide_span(const wchar_t *text, size_t units);
sondei_span sondei_windows_wide_text(const wchar_t *text);

/* The text in the memory of the list or record. */
sonde_status sondei_windows_string(struct sonde_env *env, struct windows_state *state, struct sonde_fill *fill,
                                   sonde_string *out, sondei_span utf16);

/* The text with a NUL in state->text, until the next call: for subjects of errors. "" where there is no memory. */
const char *sondei_windows_subject(struct sonde_env *env, struct windows_state *state, sondei_span utf16);

/* The other way round, with a NUL, in state->wide, until the next call. SONDE_ERR_INVALID: it is not UTF-8, so that
 * nothing can have this name. */
sonde_status sondei_windows_wide(struct sonde_env *env, struct windows_state *state, const wchar_t **out,
                                 const char *utf8);

#endif /* SONDE_BACKENDS_WINDOWS_WINDOWS_TEXT_H */
