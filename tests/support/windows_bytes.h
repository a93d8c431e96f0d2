// SPDX-License-Identifier: MIT
// windows_bytes.h - what Windows would write to memory.
#ifndef SONDE_TESTS_SUPPORT_WINDOWS_BYTES_H
#define SONDE_TESTS_SUPPORT_WINDOWS_BYTES_H

extern "C" {
#include "core/parse/span.h"
#include "core/parse/windows_utf16.h"
}

#include <string>

// UTF-16, the lower byte first.
inline std::string Utf16(const std::u16string &text) {
  std::string bytes;
  for (const char16_t unit : text) {
    bytes.push_back(static_cast<char>(unit & 0xff));
    bytes.push_back(static_cast<char>(unit >> 8));
  }
  return bytes;
}

// A number of `size` bytes, the lowest first.
inline std::string LittleEndian(uint64_t value, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++) out.push_back(static_cast<char>(value >> 8 * i & 0xff));
  return out;
}

// A UNICODE_STRING of that many bytes.
inline std::string UnicodeStringBytes(size_t pointer_size, size_t len, uint64_t address) {
  std::string out = LittleEndian(len, 2) + LittleEndian(len, 2);
  out.resize(pointer_size);
  return out + LittleEndian(address, pointer_size);
}

inline sondei_span SpanOf(const std::string &bytes) { return sondei_span_of(bytes.data(), bytes.size()); }

// UTF-16 as UTF-8.
inline std::string Utf8(sondei_span utf16) {
  std::string out(sondei_windows_utf8_size(utf16), '?');
  sondei_windows_utf8_write(out.data(), utf16);
  return out;
}

#endif  // SONDE_TESTS_SUPPORT_WINDOWS_BYTES_H
