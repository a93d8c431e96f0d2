/* SPDX-License-Identifier: MIT */
/*
 * windows_utf16.h - the text of Windows, UTF-16 with the lower byte first, to UTF-8 and back.
 *
 * Windows lets lone surrogates stand in names. They become three bytes as if they were characters (WTF-8), and come
 * back as what they were: every name of Windows has one spelling, and no two have the same.
 */
#ifndef SONDE_CORE_PARSE_WINDOWS_UTF16_H
#define SONDE_CORE_PARSE_WINDOWS_UTF16_H

#include "core/parse/span.h"

/* How long the UTF-8 text is. A last byte that is half a unit is dropped. */
size_t sondei_windows_utf8_size(sondei_span utf16);

/* Writes it, without a NUL, and returns how long it is. out has room for it. */
size_t sondei_windows_utf8_write(char *out, sondei_span utf16);

/* The way back: how many bytes the UTF-16 text has. False: the bytes are not WTF-8 (nor UTF-8), which have no spelling
 * in Windows. */
bool sondei_windows_utf16_size(size_t *out, sondei_span utf8);

/* Writes it, without a NUL; utf8 is one of which sondei_windows_utf16_size told the size. */
void sondei_windows_utf16_write(char *out, sondei_span utf8);

#endif /* SONDE_CORE_PARSE_WINDOWS_UTF16_H */
