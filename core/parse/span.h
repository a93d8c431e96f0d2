/* SPDX-License-Identifier: MIT */
/*
 * span.h - the cursor that every parser reads through.
 *
 * A span is bytes in memory that belong to someone else; it is not NUL-terminated. Functions take bytes off its front.
 * On failure (false) they leave the span and the outputs alone. None reads outside the span, allocates, or looks at the
 * locale. All run in time linear in the bytes they take.
 */
#ifndef SONDE_CORE_PARSE_SPAN_H
#define SONDE_CORE_PARSE_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sondei_span {
  const char *data;
  size_t len;
} sondei_span;

/* Where and why a parser gave up. */
typedef struct sondei_parse_error {
  size_t position;      /* byte offset into the span that the parser was given */
  const char *expected; /* a constant string */
} sondei_parse_error;

sondei_span sondei_span_of(const char *data, size_t len);
/* Of a NUL-terminated constant. */
sondei_span sondei_span_text(const char *text);

bool sondei_span_equals(sondei_span span, const char *text);
bool sondei_span_starts_with(sondei_span span, const char *text);
bool sondei_span_ends_with(sondei_span span, const char *text);
/* Offset of the first, the last byte c; false when there is none. */
bool sondei_span_find(sondei_span span, char c, size_t *out);
bool sondei_span_find_last(sondei_span span, char c, size_t *out);

/* Takes n bytes off, all there are if fewer. */
void sondei_span_advance(sondei_span *span, size_t n);

/* Takes the text, or the byte, off the front if it is there. */
bool sondei_span_take_text(sondei_span *span, const char *text);
bool sondei_span_take_char(sondei_span *span, char c);

/* Takes blanks (space and tab) off. */
void sondei_span_skip_blanks(sondei_span *span);
/* Takes blanks off both ends. */
sondei_span sondei_span_trim(sondei_span span);

/* Takes the next line off, without its '\n'; the last line need not end in one. False at the end of the span. */
bool sondei_span_take_line(sondei_span *span, sondei_span *out);

/* Takes what stands before the next byte c, and c; or all that is left when there is no c. False at the end. */
bool sondei_span_take_until(sondei_span *span, char c, sondei_span *out);

/* Skips blanks and takes the bytes up to the next blank (space, tab) or line end. False when there are none. */
bool sondei_span_take_word(sondei_span *span, sondei_span *out);

/* A decimal number without a sign, at most max. Needs a digit; stops at the first other byte. */
bool sondei_span_u64(sondei_span *span, uint64_t *out, uint64_t max);
bool sondei_span_u32(sondei_span *span, uint32_t *out);
/* With an optional '-', between min and max. */
bool sondei_span_i64(sondei_span *span, int64_t *out, int64_t min, int64_t max);
/* Hexadecimal digits of either case, without a prefix. */
bool sondei_span_hex64(sondei_span *span, uint64_t *out, uint64_t max);
bool sondei_span_octal64(sondei_span *span, uint64_t *out, uint64_t max);
/* A decimal with an optional fraction: 12.34 with scale 1000 is 12340; further digits are dropped. scale is a power of
 * ten. */
bool sondei_span_fixed(sondei_span *span, uint64_t *out, uint64_t scale, uint64_t max);

/* As sondei_span_u64, but the number must be the whole span apart from blanks and line ends around it: for files that
 * hold one number. */
bool sondei_span_whole_u64(sondei_span span, uint64_t *out);
bool sondei_span_whole_i64(sondei_span span, int64_t *out);

/* The order of the bytes of a number in memory. */
typedef enum sondei_byte_order {
  SONDEI_LITTLE_ENDIAN,
  SONDEI_BIG_ENDIAN
} sondei_byte_order;

/* That of the machine that runs this. */
sondei_byte_order sondei_host_byte_order(void);

/* An unsigned number of `size` bytes, 1 to 8, at data + offset, in that order. False when it does not fit in the span.
 */
bool sondei_span_read_ordered(sondei_span span, size_t offset, size_t size, sondei_byte_order order, uint64_t *out);

/* An unsigned number whose bytes lie at data + offset in the order of the machine that runs this (the kernel's own
 * order). False when it does not fit in the span. */
bool sondei_span_read_u16(sondei_span span, size_t offset, uint16_t *out);
bool sondei_span_read_u32(sondei_span span, size_t offset, uint32_t *out);
bool sondei_span_read_u64(sondei_span span, size_t offset, uint64_t *out);

/* Fills err (which may be NULL) with where `at` stands in `whole`, and returns false. */
bool sondei_parse_fail(sondei_parse_error *err, sondei_span whole, sondei_span at, const char *expected);

#endif /* SONDE_CORE_PARSE_SPAN_H */
