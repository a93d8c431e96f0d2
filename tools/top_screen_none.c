/* SPDX-License-Identifier: MIT */
#include "tools/top_screen.h"

/* Where there is no ncurses: top_screen_curses.c has the other half. */
#ifndef SONDE_HAS_CURSES

enum top_screen_status top_screen_open(void) { return TOP_SCREEN_NO_LIBRARY; }

void top_screen_close(void) {}

bool top_screen_is_utf8(void) { return false; }

void top_screen_size(size_t *columns, size_t *lines) {
  *columns = 0;
  *lines = 0;
}

void top_screen_line(size_t y, const struct top_line *line, enum top_style style) {
  (void)y;
  (void)line;
  (void)style;
}

void top_screen_blank(size_t y) { (void)y; }

void top_screen_show(size_t y, size_t cursor) {
  (void)y;
  (void)cursor;
}

int32_t top_screen_wait(uint64_t timeout) {
  (void)timeout;
  return TOP_KEY_END;
}

#endif
