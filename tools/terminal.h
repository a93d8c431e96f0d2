/* SPDX-License-Identifier: MIT */
/*
 * terminal.h - all that the command asks of the operating system by itself: terminals, and waiting.
 */
#ifndef SONDE_TOOLS_TERMINAL_H
#define SONDE_TOOLS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* To be called once, first: standard output takes bytes as they are; a Windows console UTF-8 and colours. */
void terminal_prepare(void);

/* The arguments in UTF-8: argv, or on Windows a copy that lives until the command ends. */
char **terminal_arguments(int argc, char **argv);

/* Whether the stream goes to a terminal. */
bool terminal_is(FILE *stream);

/* Whether the stream wants colours: it is a terminal, NO_COLOR is not set (or empty), and TERM names a terminal that is
 * not "dumb". */
bool terminal_has_colour(FILE *stream);

/* How many columns the terminal behind the stream has; 0: it is none, or does not tell. */
size_t terminal_width(FILE *stream);

/* Whether the terminal is said to show UTF-8: by LC_ALL, LC_CTYPE or LANG, the first of them that is set. */
bool terminal_is_utf8(void);

/* Whether this errno of a write says that the reader has gone away. */
bool terminal_reader_is_gone(int error);

/* ns of a clock that only goes forward. */
uint64_t terminal_clock(void);

/* Waits that long, or until the command is to end: see terminal_catch_end. */
void terminal_sleep(uint64_t nanoseconds);

/* From now on SIGINT and SIGTERM do not end the command by themselves: terminal_is_ended says that one came. Not on
 * Windows. */
void terminal_catch_end(void);
bool terminal_is_ended(void);

#endif /* SONDE_TOOLS_TERMINAL_H */
