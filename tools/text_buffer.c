/* SPDX-License-Identifier: MIT */
#include "tools/text_buffer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/output.h"
#include "tools/text_escape.h"

void text_buffer_free(struct text_buffer *self) {
  free(self->data);
  memset(self, 0, sizeof *self);
}

/* Makes room for len more bytes, and returns where they go. */
static char *extend(struct text_buffer *self, size_t len) {
  if (len > self->capacity - self->len) {
    const size_t capacity = self->capacity > len ? self->capacity * 2 : self->capacity + len + 64;
    self->data = allocate_or_exit(self->data, capacity, 1);
    self->capacity = capacity;
  }
  char *const end = self->data + self->len;
  self->len += len;
  return end;
}

static void add(struct text_buffer *self, const char *data, size_t len) {
  if (len > 0) memcpy(extend(self, len), data, len);
}

void text_add(struct text_buffer *self, const char *text) { add(self, text, strlen(text)); }

void text_add_printable(struct text_buffer *self, const char *data, size_t len) { add(self, data, len); }

void text_add_escaped(struct text_buffer *self, const char *data, size_t len) {
  char few[256];
  const size_t needed = text_escape(few, sizeof few, data, len);
  if (needed < sizeof few) {
    add(self, few, needed);
  } else {
    (void)text_escape(extend(self, needed + 1), needed + 1, data, len);
    self->len--; /* the NUL */
  }
}

#ifdef __GNUC__
__attribute__((format(__printf__, 2, 3)))
#endif
static void
add_format(struct text_buffer *self, const char *format, ...) {
  char text[400]; /* the longest number is the largest double, with 308 digits */
  va_list arguments;
  va_start(arguments, format);
  const int len = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (len > 0) add(self, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

void text_add_u64(struct text_buffer *self, uint64_t value) { add_format(self, "%" PRIu64, value); }
void text_add_i64(struct text_buffer *self, int64_t value) { add_format(self, "%" PRId64, value); }
void text_add_hex(struct text_buffer *self, uint64_t value) { add_format(self, "0x%" PRIx64, value); }
void text_add_octal(struct text_buffer *self, uint64_t value) { add_format(self, "%04" PRIo64, value); }
void text_add_double(struct text_buffer *self, double value, int decimals) {
  add_format(self, "%.*f", decimals, value);
}
void text_add_percent(struct text_buffer *self, double percent) { add_format(self, "%.1f%%", percent); }

static void add_scaled(struct text_buffer *self, double value, double step, const char *const units[], size_t num_units,
                       int decimals) {
  size_t unit = 0;
  /* What would be rounded up to a whole step is shown in the next unit. */
  while (unit + 1 < num_units && value >= step - (unit == 0 ? 0.5 : 0.05)) {
    value /= step;
    unit++;
  }
  add_format(self, "%.*f%s", unit == 0 ? 0 : decimals, value, units[unit]);
}

static const char *const byte_units[] = {"B", "K", "M", "G", "T", "P", "E"};

void text_add_bytes(struct text_buffer *self, uint64_t bytes) {
  if (bytes == SONDE_UNLIMITED) {
    text_add(self, "unlimited");
  } else {
    add_scaled(self, (double)bytes, 1024.0, byte_units, sizeof byte_units / sizeof byte_units[0], 1);
  }
}

void text_add_byte_rate(struct text_buffer *self, double bytes_per_second) {
  add_scaled(self, bytes_per_second, 1024.0, byte_units, sizeof byte_units / sizeof byte_units[0], 1);
  text_add(self, "/s");
}

void text_add_hertz(struct text_buffer *self, uint64_t hertz) {
  static const char *const units[] = {"Hz", "kHz", "MHz", "GHz", "THz"};
  add_scaled(self, (double)hertz, 1000.0, units, sizeof units / sizeof units[0], 2);
}

void text_add_bit_rate(struct text_buffer *self, uint64_t bits_per_second) {
  static const char *const units[] = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};
  add_scaled(self, (double)bits_per_second, 1000.0, units, sizeof units / sizeof units[0], 1);
}

void text_add_duration(struct text_buffer *self, uint64_t nanoseconds) {
  const uint64_t seconds = nanoseconds / SONDE_NSEC_PER_SEC;
  if (nanoseconds == SONDE_UNLIMITED) {
    text_add(self, "unlimited");
  } else if (nanoseconds < 1000) {
    add_format(self, "%uns", (unsigned)nanoseconds);
  } else if (nanoseconds < 1000000) {
    add_format(self, "%.1fus", (double)nanoseconds / 1e3);
  } else if (seconds == 0) {
    add_format(self, "%.1fms", (double)nanoseconds / 1e6);
  } else if (seconds < 60) {
    add_format(self, "%u.%02us", (unsigned)seconds, (unsigned)(nanoseconds % SONDE_NSEC_PER_SEC / 10000000));
  } else {
    if (seconds >= 86400) add_format(self, "%" PRIu64 "d ", seconds / 86400);
    const unsigned of_day = (unsigned)(seconds % 86400);
    add_format(self, "%u:%02u:%02u", of_day / 3600, of_day / 60 % 60, of_day % 60);
  }
}

/* Days since 1970 to a date of the Gregorian calendar: counted in eras of 400 years, each year from March on. */
void text_add_moment(struct text_buffer *self, uint64_t nanoseconds) {
  const uint64_t seconds = nanoseconds / SONDE_NSEC_PER_SEC;
  const uint64_t days = seconds / 86400 + 719468; /* since 0000-03-01 */
  const uint64_t of_era = days % 146097;
  const uint64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const uint64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const uint64_t from_march = (5 * of_year + 2) / 153;
  const uint64_t day = of_year - (153 * from_march + 2) / 5 + 1;
  const uint64_t month = from_march < 10 ? from_march + 3 : from_march - 9;
  const uint64_t year = days / 146097 * 400 + year_of_era + (month <= 2 ? 1 : 0);
  const unsigned of_day = (unsigned)(seconds % 86400);
  add_format(self, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year, (unsigned)month, (unsigned)day, of_day / 3600,
             of_day / 60 % 60, of_day % 60);
}
