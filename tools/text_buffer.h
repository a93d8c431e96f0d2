/* SPDX-License-Identifier: MIT */
/*
 * text_buffer.h - text that grows, and the ways in which the command words numbers.
 *
 * Holds printable UTF-8 only: what comes from outside is escaped as it is added. Ends the command when there is no
 * memory.
 */
#ifndef SONDE_TOOLS_TEXT_BUFFER_H
#define SONDE_TOOLS_TEXT_BUFFER_H

#include <sonde/sonde.h>

struct text_buffer {
  char *data; /* not NUL-terminated; NULL while nothing was ever added */
  size_t len;
  size_t capacity;
};

void text_buffer_free(struct text_buffer *self);

/* The command's own words. */
void text_add(struct text_buffer *self, const char *text);
/* What is printable already. */
void text_add_printable(struct text_buffer *self, const char *data, size_t len);
/* As text_escape writes it. */
void text_add_escaped(struct text_buffer *self, const char *data, size_t len);

void text_add_u64(struct text_buffer *self, uint64_t value);
void text_add_i64(struct text_buffer *self, int64_t value);
void text_add_hex(struct text_buffer *self, uint64_t value);   /* 0x1f */
void text_add_octal(struct text_buffer *self, uint64_t value); /* 0022 */
void text_add_double(struct text_buffer *self, double value, int decimals);

/* 512B 1.5K 12.0M 3.2G: powers of 1024. SONDE_UNLIMITED is "unlimited", here and for durations. */
void text_add_bytes(struct text_buffer *self, uint64_t bytes);
/* The same of a double that is not negative. */
void text_add_byte_rate(struct text_buffer *self, double bytes_per_second); /* 1.5K/s */
/* 15ns 1.5us 1.5ms 1.50s, from a minute on 0:01:30, from a day on 2d 10:01:30. */
void text_add_duration(struct text_buffer *self, uint64_t nanoseconds);
/* 2026-11-22T15:58:40Z */
void text_add_moment(struct text_buffer *self, uint64_t nanoseconds);
/* 2.40GHz, 1Gbit/s: powers of 1000. */
void text_add_hertz(struct text_buffer *self, uint64_t hertz);
void text_add_bit_rate(struct text_buffer *self, uint64_t bits_per_second);
/* 12.3% */
void text_add_percent(struct text_buffer *self, double percent);

#endif /* SONDE_TOOLS_TEXT_BUFFER_H */
