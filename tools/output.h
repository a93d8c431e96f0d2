/* SPDX-License-Identifier: MIT */
/*
 * output.h - the one writer that everything the command prints goes through.
 *
 * Bytes that come from outside (the OS's strings, arguments, file names) are only ever written escaped. The writer
 * remembers the first error, and writes nothing after it.
 */
#ifndef SONDE_TOOLS_OUTPUT_H
#define SONDE_TOOLS_OUTPUT_H

#include <sonde/sonde.h>
#include <stdio.h>

typedef enum text_colour {
  COLOUR_NONE,
  COLOUR_TITLE,   /* the name of a section */
  COLOUR_HEADING, /* of a column */
  COLOUR_FAINT,
  COLOUR_GOOD,
  COLOUR_MIDDLING,
  COLOUR_BAD
} text_colour;

struct output {
  FILE *stream;
  bool has_colour;
  size_t width;       /* of the terminal; 0: none, lines are as long as they are */
  bool fits;          /* cut lines at width */
  size_t column;      /* where the line stands */
  const char *before; /* lines of our own that come before what is written next; NULL: none */
  int error;          /* errno of the first write that failed; 0: none */
};

/* For stdout or stderr. */
void output_open(struct output *self, FILE *stream);

/* The command's own words: constant, printable UTF-8, and '\n'. */
void output_text(struct output *self, const char *text);
/* Bytes from outside, as text_escape writes them. */
void output_escaped(struct output *self, const char *data, size_t len);
void output_string(struct output *self, sonde_string string);
/* What has been escaped already. */
void output_printable(struct output *self, const char *data, size_t len);
void output_blanks(struct output *self, size_t count);
void output_number(struct output *self, uint64_t value);
/* What follows is in that colour, until COLOUR_NONE. */
void output_colour(struct output *self, text_colour colour);

/* Writes out what is kept. False when anything failed; error says why. */
bool output_flush(struct output *self);

/* data as sonde_escape writes it, to be freed by the caller. Never NULL: ends the command when there is no memory. */
char *escape_copy(const char *data, size_t len, size_t *out_len);

/* As realloc for an array; ends the command, saying so, when there is no memory. */
void *allocate_or_exit(void *old, size_t count, size_t size);

#endif /* SONDE_TOOLS_OUTPUT_H */
