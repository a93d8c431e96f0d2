/* SPDX-License-Identifier: MIT */
/* Signals, pselect and wcwidth are no C11. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define __BSD_VISIBLE 1
#define NCURSES_WIDECHAR 1

#include "tools/top_screen.h"

/* Where there is none: top_screen_none.c has the other half. */
#ifdef SONDE_HAS_CURSES

/* clang-format off: term.h needs curses.h before it. */
#include <curses.h>
#include <term.h>
/* clang-format on */
#undef columns
#undef lines
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "tools/terminal.h"

enum {
  MAX_SIGNALS = 16,
  MAX_IDLE_READS = 8
};

static struct {
  SCREEN *curses; /* NULL: it is closed */
  bool is_utf8;
  bool has_colour;
  int idle_reads;       /* in a row: something can be read, and nothing comes */
  struct termios modes; /* before it was opened */
  sigset_t mask;        /* before it was opened */
  sigset_t waiting;     /* while it waits for a key: the signals below come only then */
  struct sigaction actions[MAX_SIGNALS];
  int signals[MAX_SIGNALS];
  size_t num_signals;
  char restore[256]; /* what puts the terminal back */
  size_t restore_len;
  wchar_t *wide; /* a line that is drawn */
  size_t max_wide;
} screen;

static volatile sig_atomic_t was_ended;
static volatile sig_atomic_t was_resized;
static volatile sig_atomic_t was_stopped;
static volatile sig_atomic_t was_continued;

static void on_signal(int number) {
  switch (number) {
    case SIGWINCH:
      was_resized = 1;
      break;
    case SIGTSTP:
      was_stopped = 1;
      break;
    case SIGCONT:
      was_continued = 1;
      break;
    default:
      was_ended = 1;
      break;
  }
}

/* Only what a signal handler may do: so not endwin. The signal comes again, and ends the command as it would have. */
static void on_crash(int number) {
  const ssize_t ignored = write(STDOUT_FILENO, screen.restore, screen.restore_len);
  (void)ignored;
  (void)tcsetattr(STDIN_FILENO, TCSANOW, &screen.modes);
  (void)raise(number);
}

/* A signal that is ignored stays so; one that someone else handles, too, unless always. */
static void handle(int number, void (*handler)(int), int flags, bool always) {
  struct sigaction action;
  struct sigaction before;
  memset(&action, 0, sizeof action);
  action.sa_handler = handler;
  action.sa_flags = flags;
  (void)sigemptyset(&action.sa_mask);
  if (screen.num_signals == MAX_SIGNALS || sigaction(number, NULL, &before) != 0) return;
  if (before.sa_handler == SIG_IGN || (!always && before.sa_handler != SIG_DFL)) return;
  if (sigaction(number, &action, NULL) != 0) return;
  screen.actions[screen.num_signals] = before;
  screen.signals[screen.num_signals++] = number;
}

static void take_signals(void) {
  static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
  static const int expected[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT};
  sigset_t blocked;
  (void)sigemptyset(&blocked);
  was_ended = 0;
  was_resized = 0;
  was_stopped = 0;
  was_continued = 0;
  screen.num_signals = 0;
  for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
    handle(crashes[i], on_crash, (int)SA_RESETHAND, false);
  }
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) {
    handle(expected[i], on_signal, 0, true);
    (void)sigaddset(&blocked, expected[i]);
  }
  (void)sigprocmask(SIG_BLOCK, &blocked, &screen.mask);
  screen.waiting = screen.mask;
  for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++) (void)sigdelset(&screen.waiting, expected[i]);
}

static void give_signals_back(void) {
  for (size_t i = 0; i < screen.num_signals; i++) (void)sigaction(screen.signals[i], &screen.actions[i], NULL);
  (void)sigprocmask(SIG_SETMASK, &screen.mask, NULL);
}

static int keep_character(int c) {
  if (screen.restore_len < sizeof screen.restore) screen.restore[screen.restore_len++] = (char)c;
  return c;
}

/* Whether this terminal can place its cursor; keeps what puts it back. */
static bool learn_terminal(void) {
  static const char *const names[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
  int error = 0;
  if (setupterm(NULL, STDOUT_FILENO, &error) != OK) return false;
  const bool can_move = tigetstr("cup") != NULL;
  screen.restore_len = 0;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    const char *const string = tigetstr(names[i]);
    if (string != NULL) (void)tputs(string, 1, keep_character);
  }
  (void)del_curterm(cur_term);
  return can_move;
}

static void choose_locale(void) {
  bool is_set = setlocale(LC_CTYPE, "") != NULL;
  screen.is_utf8 = is_set && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  /* A locale that is named and not installed. */
  if (screen.is_utf8 || !terminal_is_utf8()) return;
  is_set = setlocale(LC_CTYPE, "C.UTF-8") != NULL;
  screen.is_utf8 = is_set && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static void choose_colours(void) {
  screen.has_colour = terminal_has_colour(stdout) && has_colors();
  if (!screen.has_colour) return;
  (void)start_color();
  const short background = use_default_colors() == OK ? -1 : COLOR_BLACK;
  (void)init_pair(1, COLOR_CYAN, background);
  (void)init_pair(2, COLOR_GREEN, background);
  (void)init_pair(3, COLOR_YELLOW, background);
  (void)init_pair(4, COLOR_RED, background);
}

enum top_screen_status top_screen_open(void) {
  static bool is_registered = false;
  if (!terminal_is(stdout) || isatty(STDIN_FILENO) != 1 || tcgetattr(STDIN_FILENO, &screen.modes) != 0) {
    return TOP_SCREEN_NO_TERMINAL;
  }
  if (!learn_terminal()) return TOP_SCREEN_UNKNOWN_TERMINAL;
  choose_locale();
  take_signals(); /* before ncurses would */
  (void)use_tioctl(TRUE);
  screen.curses = newterm(NULL, stdout, stdin);
  if (screen.curses == NULL) {
    give_signals_back();
    return TOP_SCREEN_UNKNOWN_TERMINAL;
  }
  if (!is_registered) (void)atexit(top_screen_close);
  is_registered = true;
  (void)cbreak(); /* and not raw: the keys for signals send them */
  (void)noecho();
  (void)nonl();
  (void)keypad(stdscr, TRUE);
  (void)nodelay(stdscr, TRUE);
  (void)set_escdelay(25);
  (void)curs_set(0);
  choose_colours();
  screen.idle_reads = 0;
  return TOP_SCREEN_OK;
}

void top_screen_close(void) {
  if (screen.curses == NULL) return;
  (void)endwin();
  delscreen(screen.curses);
  screen.curses = NULL;
  free(screen.wide);
  screen.wide = NULL;
  screen.max_wide = 0;
  give_signals_back();
}

bool top_screen_is_utf8(void) { return screen.is_utf8; }

void top_screen_size(size_t *columns, size_t *lines) {
  int y = 0;
  int x = 0;
  getmaxyx(stdscr, y, x);
  *columns = x > 0 ? (size_t)x : 0;
  *lines = y > 0 ? (size_t)y : 0;
}

static attr_t attributes_of(text_colour colour) {
  switch (colour) {
    case COLOUR_TITLE:
      return A_BOLD | (screen.has_colour ? COLOR_PAIR(1) : A_NORMAL);
    case COLOUR_HEADING:
      return A_BOLD;
    case COLOUR_FAINT:
      return A_DIM;
    case COLOUR_GOOD:
      return screen.has_colour ? COLOR_PAIR(2) : A_NORMAL;
    case COLOUR_MIDDLING:
      return screen.has_colour ? COLOR_PAIR(3) : A_NORMAL;
    case COLOUR_BAD:
      return A_BOLD | (screen.has_colour ? COLOR_PAIR(4) : A_NORMAL);
    default:
      return A_NORMAL;
  }
}

/* The first character of valid UTF-8, and its length in bytes. */
static size_t decode(const char *text, size_t len, wchar_t *out) {
  const unsigned char first = (unsigned char)text[0];
  const size_t needed = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (needed > len) {
    *out = L'?';
    return len;
  }
  uint32_t c = needed == 1 ? first : first & (0xffu >> (needed + 1));
  for (size_t i = 1; i < needed; i++) c = c << 6 | ((unsigned char)text[i] & 0x3fu);
  *out = (wchar_t)c;
  return needed;
}

/* Draws what fits into the columns, and returns how many it took. */
static size_t draw(const char *text, size_t len, size_t room) {
  size_t count = 0;
  size_t used = 0;
  if (len > screen.max_wide) {
    screen.wide = allocate_or_exit(screen.wide, len * 2, sizeof screen.wide[0]);
    screen.max_wide = len * 2;
  }
  while (len > 0) {
    wchar_t c = L'?';
    const size_t bytes = decode(text, len, &c);
    int width = c < 0x7f || screen.is_utf8 ? wcwidth(c) : -1;
    if (width < 0) {
      c = L'?';
      width = 1;
    }
    if ((size_t)width > room - used) break;
    used += (size_t)width;
    screen.wide[count++] = c;
    text += bytes;
    len -= bytes;
  }
  if (count > 0) (void)addnwstr(screen.wide, (int)count); /* says ERR when it has filled the last corner */
  return used;
}

void top_screen_line(size_t y, const struct top_line *line, enum top_style style) {
  size_t columns = 0;
  size_t lines = 0;
  top_screen_size(&columns, &lines);
  if (y >= lines) return;
  const attr_t all = style == TOP_STYLE_PLAIN ? A_NORMAL : A_REVERSE;
  size_t used = 0;
  size_t start = 0;
  (void)move((int)y, 0);
  for (size_t i = 0; i < line->num_spans && used < columns; i++) {
    const struct top_span *const span = &line->spans[i];
    (void)attrset((int)((style == TOP_STYLE_PLAIN ? attributes_of(span->colour) : A_NORMAL) | all));
    used += draw(line->text.data + start, span->end - start, columns - used);
    start = span->end;
  }
  (void)attrset((int)all);
  if (style == TOP_STYLE_PLAIN) {
    if (used < columns) (void)clrtoeol();
  } else {
    for (; used < columns; used++) (void)addnwstr(L" ", 1);
  }
  (void)attrset(A_NORMAL);
}

void top_screen_blank(size_t y) {
  (void)move((int)y, 0);
  (void)clrtoeol();
}

void top_screen_show(size_t y, size_t cursor) {
  (void)curs_set(cursor == SIZE_MAX ? 0 : 1);
  if (cursor != SIZE_MAX) (void)move((int)y, (int)cursor);
  (void)refresh();
}

/* As after a stop: the terminal may have been used by others. */
static void put_back(void) {
  (void)endwin();
  (void)clearok(curscr, TRUE);
  (void)refresh();
}

static void take_size(void) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
    (void)resizeterm(size.ws_row, size.ws_col);
  }
}

/* Stops as the command would without a handler; goes on here when it is continued. */
static void stop(void) {
  struct sigaction action;
  struct sigaction ours;
  sigset_t only;
  memset(&action, 0, sizeof action);
  action.sa_handler = SIG_DFL;
  (void)sigemptyset(&action.sa_mask);
  (void)sigemptyset(&only);
  (void)sigaddset(&only, SIGTSTP);
  (void)endwin();
  (void)sigaction(SIGTSTP, &action, &ours);
  (void)raise(SIGTSTP); /* it is blocked, so it comes with the next line */
  (void)sigprocmask(SIG_UNBLOCK, &only, NULL);
  (void)sigprocmask(SIG_BLOCK, &only, NULL);
  (void)sigaction(SIGTSTP, &ours, NULL);
  was_continued = 0;
}

static int32_t code_of(wint_t key) {
  switch (key) {
    case KEY_UP:
      return TOP_KEY_UP;
    case KEY_DOWN:
      return TOP_KEY_DOWN;
    case KEY_LEFT:
      return TOP_KEY_LEFT;
    case KEY_RIGHT:
      return TOP_KEY_RIGHT;
    case KEY_PPAGE:
      return TOP_KEY_PAGE_UP;
    case KEY_NPAGE:
      return TOP_KEY_PAGE_DOWN;
    case KEY_HOME:
      return TOP_KEY_HOME;
    case KEY_END:
      return TOP_KEY_LAST;
    case KEY_ENTER:
      return TOP_KEY_ENTER;
    case KEY_BACKSPACE:
      return TOP_KEY_BACKSPACE;
    case KEY_RESIZE:
      return TOP_KEY_RESIZE;
    default:
      return key > KEY_F0 && key <= KEY_F0 + 12 ? TOP_KEY_F0 + (int32_t)(key - KEY_F0) : TOP_KEY_OTHER;
  }
}

static int32_t read_key(void) {
  wint_t key = 0;
  const int kind = get_wch(&key);
  if (kind == ERR) return TOP_KEY_NONE;
  if (kind == KEY_CODE_YES) return code_of(key);
  switch (key) {
    case '\r':
    case '\n':
      return TOP_KEY_ENTER;
    case 27:
      return TOP_KEY_ESCAPE;
    case 8:
    case 127:
      return TOP_KEY_BACKSPACE;
    default:
      return key < 0x110000 ? (int32_t)key : TOP_KEY_OTHER;
  }
}

/* What signals have asked for, or TOP_KEY_NONE. */
static int32_t answer_signals(void) {
  if (was_ended) return TOP_KEY_END;
  if (was_stopped || was_continued) {
    if (was_stopped) stop();
    was_stopped = 0;
    was_continued = 0;
    was_resized = 0;
    put_back();
    take_size();
    return TOP_KEY_RESIZE;
  }
  if (was_resized) {
    was_resized = 0;
    take_size();
    return TOP_KEY_RESIZE;
  }
  return TOP_KEY_NONE;
}

int32_t top_screen_wait(uint64_t timeout) {
  const uint64_t start = terminal_clock();
  for (;;) {
    int32_t key = answer_signals();
    if (key == TOP_KEY_NONE) key = read_key();
    if (key != TOP_KEY_NONE) {
      screen.idle_reads = 0;
      return key;
    }
    const uint64_t passed = terminal_clock() - start;
    const uint64_t left = timeout > passed ? timeout - passed : 0;
    struct timespec limit;
    limit.tv_sec = (time_t)(left / SONDE_NSEC_PER_SEC);
    limit.tv_nsec = (long)(left % SONDE_NSEC_PER_SEC);
    fd_set input;
    FD_ZERO(&input);
    FD_SET(STDIN_FILENO, &input);
    const int ready =
        pselect(STDIN_FILENO + 1, &input, NULL, NULL, timeout == UINT64_MAX ? NULL : &limit, &screen.waiting);
    if (ready == 0) return TOP_KEY_NONE;
    if (ready < 0 && errno != EINTR) return TOP_KEY_END;
    if (ready > 0 && ++screen.idle_reads > MAX_IDLE_READS) return TOP_KEY_END; /* the terminal has gone away */
  }
}

#endif
