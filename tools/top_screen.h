/* SPDX-License-Identifier: MIT */
/*
 * top_screen.h - the terminal as a screen of lines, and its keys: ncurses, where the command was built with it.
 *
 * While it is open, the terminal is in a state of its own. It is put back by top_screen_close, when the command exits
 * in any other way, and before a fatal signal ends it.
 */
#ifndef SONDE_TOOLS_TOP_SCREEN_H
#define SONDE_TOOLS_TOP_SCREEN_H

#include "tools/top_line.h"

enum top_screen_status {
  TOP_SCREEN_OK,
  TOP_SCREEN_NO_LIBRARY,      /* the command was built without */
  TOP_SCREEN_NO_TERMINAL,     /* standard input and output are no terminal */
  TOP_SCREEN_UNKNOWN_TERMINAL /* TERM names none that can be drawn on */
};

/* What top_screen_wait returns, if it is no character. */
enum top_key {
  TOP_KEY_NONE = 0x200000, /* the time is over */
  TOP_KEY_END,             /* SIGINT, SIGTERM, SIGHUP, SIGQUIT, or the terminal has gone away */
  TOP_KEY_RESIZE,          /* the size has changed, or the screen was put back after a stop: draw all of it */
  TOP_KEY_UP,
  TOP_KEY_DOWN,
  TOP_KEY_LEFT,
  TOP_KEY_RIGHT,
  TOP_KEY_PAGE_UP,
  TOP_KEY_PAGE_DOWN,
  TOP_KEY_HOME,
  TOP_KEY_LAST, /* the key End */
  TOP_KEY_ENTER,
  TOP_KEY_ESCAPE,
  TOP_KEY_BACKSPACE,
  TOP_KEY_OTHER,
  TOP_KEY_F0 /* F1 is one more, and so on */
};

enum top_style {
  TOP_STYLE_PLAIN,
  TOP_STYLE_BAR,     /* a heading: reversed */
  TOP_STYLE_SELECTED /* the row that is chosen: reversed */
};

enum top_screen_status top_screen_open(void);
void top_screen_close(void);

/* Whether it shows more than ASCII; what it does not show is drawn as '?'. */
bool top_screen_is_utf8(void);

void top_screen_size(size_t *columns, size_t *lines);

/* Draws a line, cut at the right edge. What is drawn is seen after top_screen_show. */
void top_screen_line(size_t y, const struct top_line *line, enum top_style style);
void top_screen_blank(size_t y);
/* cursor: the column of line y where the cursor stands; SIZE_MAX: it is hidden. */
void top_screen_show(size_t y, size_t cursor);

/* The next key: a character (a Unicode code point) or one of enum top_key. Waits at most that many ns. A stop (SIGTSTP)
 * and what follows happens inside. */
int32_t top_screen_wait(uint64_t timeout);

#endif /* SONDE_TOOLS_TOP_SCREEN_H */
