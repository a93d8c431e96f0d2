/* SPDX-License-Identifier: MIT */
/* isatty, ioctl and nanosleep are no C11: each system has its own word to ask for them. */
#define _DEFAULT_SOURCE 1
#define _DARWIN_C_SOURCE 1
#define __BSD_VISIBLE 1
#define __EXTENSIONS__ 1

#include "tools/terminal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_set(const char *variable) {
  const char *const value = getenv(variable);
  return value != NULL && value[0] != '\0';
}

#ifdef _WIN32

#include <fcntl.h>
#include <io.h>
#include <windows.h>
/* after windows.h */
#include <shellapi.h>

#ifndef ENABLE_VIRTUAL_TERMINAL_PROCESSING
#define ENABLE_VIRTUAL_TERMINAL_PROCESSING 0x0004
#endif

static HANDLE console_of(FILE *stream) { return GetStdHandle(stream == stderr ? STD_ERROR_HANDLE : STD_OUTPUT_HANDLE); }

static UINT code_page_before;

static void restore_code_page(void) { (void)SetConsoleOutputCP(code_page_before); }

void terminal_prepare(void) {
  (void)_setmode(_fileno(stdout), _O_BINARY);
  (void)_setmode(_fileno(stderr), _O_BINARY);
  code_page_before = GetConsoleOutputCP();
  if (code_page_before != 0 && SetConsoleOutputCP(CP_UTF8) != 0) (void)atexit(restore_code_page);
}

/* main's own are in the code page of the system, which lacks most characters. */
char **terminal_arguments(int argc, char **argv) {
  int count = 0;
  wchar_t **const wide = CommandLineToArgvW(GetCommandLineW(), &count);
  if (wide == NULL || count != argc) return argv;
  char **const all = calloc((size_t)count + 1, sizeof *all);
  for (int i = 0; all != NULL && i < count; i++) {
    const int size = WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, NULL, 0, NULL, NULL);
    all[i] = size > 0 ? malloc((size_t)size) : NULL;
    if (all[i] == NULL) return argv;
    (void)WideCharToMultiByte(CP_UTF8, 0, wide[i], -1, all[i], size, NULL, NULL);
  }
  (void)LocalFree(wide);
  return all != NULL ? all : argv;
}

bool terminal_is_utf8(void) { return true; }

bool terminal_is(FILE *stream) {
  DWORD mode = 0;
  return GetConsoleMode(console_of(stream), &mode) != 0;
}

bool terminal_has_colour(FILE *stream) {
  DWORD mode = 0;
  const HANDLE console = console_of(stream);
  if (GetConsoleMode(console, &mode) == 0 || is_set("NO_COLOR")) return false;
  return SetConsoleMode(console, mode | ENABLE_VIRTUAL_TERMINAL_PROCESSING) != 0;
}

size_t terminal_width(FILE *stream) {
  CONSOLE_SCREEN_BUFFER_INFO info;
  if (GetConsoleScreenBufferInfo(console_of(stream), &info) == 0) return 0;
  /* One column less: a console of before VT mode goes to the next line when the last one is written. */
  const int width = info.srWindow.Right - info.srWindow.Left;
  return width > 0 ? (size_t)width : 0;
}

/* The C library has no EPIPE for ERROR_NO_DATA: it says EINVAL. */
bool terminal_reader_is_gone(int error) { return error == EPIPE || error == EINVAL; }

uint64_t terminal_clock(void) { return (uint64_t)GetTickCount64() * 1000000; }

void terminal_sleep(uint64_t nanoseconds) {
  uint64_t milliseconds = nanoseconds / 1000000 + (nanoseconds % 1000000 != 0 ? 1 : 0);
  for (; milliseconds > 1000000; milliseconds -= 1000000) Sleep(1000000);
  Sleep((DWORD)milliseconds);
}

void terminal_catch_end(void) {}
bool terminal_is_ended(void) { return false; }

#else

#include <signal.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <time.h>
#include <unistd.h>

#ifdef __sun
#include <sys/termios.h>
#endif

void terminal_prepare(void) {}

char **terminal_arguments(int argc, char **argv) {
  (void)argc;
  return argv;
}

bool terminal_is_utf8(void) {
  static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
  for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
    const char *const locale = getenv(variables[i]);
    if (locale == NULL || locale[0] == '\0') continue;
    const char *const charset = strchr(locale, '.');
    return charset != NULL && (strncmp(charset, ".UTF-8", 6) == 0 || strncmp(charset, ".utf8", 5) == 0 ||
                               strncmp(charset, ".utf-8", 6) == 0 || strncmp(charset, ".UTF8", 5) == 0);
  }
  return false;
}

bool terminal_is(FILE *stream) {
  const int descriptor = fileno(stream);
  return descriptor >= 0 && isatty(descriptor) == 1;
}

bool terminal_has_colour(FILE *stream) {
  if (!terminal_is(stream) || is_set("NO_COLOR")) return false;
  const char *const terminal = getenv("TERM");
  return terminal != NULL && terminal[0] != '\0' && strcmp(terminal, "dumb") != 0;
}

size_t terminal_width(FILE *stream) {
  struct winsize size;
  memset(&size, 0, sizeof size);
  if (!terminal_is(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

bool terminal_reader_is_gone(int error) { return error == EPIPE; }

uint64_t terminal_clock(void) {
  struct timespec now;
  memset(&now, 0, sizeof now);
  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static volatile sig_atomic_t was_ended;
static sigset_t unblocked; /* the signals as they were before terminal_catch_end */
static bool catches_end;

static void on_end(int number) {
  (void)number;
  was_ended = 1;
}

void terminal_catch_end(void) {
  struct sigaction action;
  sigset_t ends;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_end;
  (void)sigemptyset(&action.sa_mask);
  (void)sigemptyset(&ends);
  (void)sigaddset(&ends, SIGINT);
  (void)sigaddset(&ends, SIGTERM);
  /* They come only while it sleeps, so that none is missed between a look and a sleep. */
  (void)sigprocmask(SIG_BLOCK, &ends, &unblocked);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
  catches_end = true;
}

bool terminal_is_ended(void) { return was_ended != 0; }

void terminal_sleep(uint64_t nanoseconds) {
  const uint64_t start = terminal_clock();
  sigset_t current;
  (void)sigprocmask(SIG_BLOCK, NULL, &current);
  for (;;) {
    const uint64_t passed = terminal_clock() - start;
    const uint64_t left = nanoseconds > passed ? nanoseconds - passed : 0;
    struct timespec limit;
    limit.tv_sec = (time_t)(left / 1000000000);
    limit.tv_nsec = (long)(left % 1000000000);
    const int result = pselect(0, NULL, NULL, NULL, &limit, catches_end ? &unblocked : &current);
    if (was_ended || left == 0 || (result < 0 && errno != EINTR)) return;
  }
}

#endif
