/* SPDX-License-Identifier: MIT */
/* `sonde top` on the whole screen: what is drawn where, and what keys do. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tools/terminal.h"
#include "tools/text_width.h"
#include "tools/top.h"
#include "tools/top_screen.h"
#include "tools/top_signal.h"

enum mode {
  MODE_LIST,
  MODE_HELP,
  MODE_FILTER,
  MODE_INTERVAL,
  MODE_SIGNAL,
  MODE_CONFIRM,
  MODE_END
};

struct interactive {
  struct top *top;
  enum mode mode;
  bool is_paused;
  uint64_t interval;
  uint64_t next; /* refresh */

  size_t first;               /* the row at the top of the list */
  size_t selected;            /* the row that is chosen, as long as `chosen` is nobody */
  struct top_identity chosen; /* once the user has moved */
  size_t page;                /* rows on the screen */
  size_t skip;                /* columns of the command to the left of the screen */
  size_t help_first;

  struct text_buffer input;   /* what has been typed at a prompt */
  struct text_buffer message; /* in the last line, until the next key */

  /* MODE_SIGNAL and MODE_CONFIRM: opened when the row was chosen, so that no later process of that pid is reached. */
  sonde_process_handle *target;
  struct text_buffer target_name;
  int signal_number;

  struct top_line header[TOP_MAX_HEADER];
  struct top_line line;
};

static const char *const help_lines[] = {
    "Up Down PgUp PgDn Home End   choose a process",
    "Left Right                   see more of the command",
    "P M T N C                    sort by CPU, memory, time, pid, name",
    "< >  F6                      sort by the column before, after",
    "I  R                         reverse the order",
    "t  F5                        processes as a tree",
    "c                            arguments or names",
    "/  F4                        filter: pid, user, name, arguments",
    "Esc                          no filter",
    "k  F9                        send a signal to the chosen process",
    "Z  p                         pause",
    "Space                        refresh now",
    "d  s                         interval",
    "Ctrl-L                       draw the screen anew",
    "h  ?  F1                     this help",
    "q  F10                       end",
};

enum {
  NUM_HELP_LINES = sizeof help_lines / sizeof help_lines[0]
};

static void say(struct interactive *self, const char *text) {
  self->message.len = 0;
  text_add(&self->message, text);
}

/* The words of the library for what has just failed. */
static void say_failure(struct interactive *self, const char *what, sonde_status status) {
  sonde_error error;
  sonde_last_error(self->top->context, &error);
  say(self, what);
  if (self->target_name.len > 0) {
    text_add_printable(&self->message, self->target_name.data, self->target_name.len);
    text_add(&self->message, ": ");
  }
  if (status != SONDE_ERR_NO_PROCESS && error.text.len > 0) {
    text_add_escaped(&self->message, error.text.data, error.text.len);
  } else {
    text_add(&self->message, sonde_strerror(status));
  }
}

/* ---- Drawing ---- */

static void draw_line(struct interactive *self, size_t y, text_colour colour) {
  top_line_colour(&self->line, colour);
  top_screen_line(y, &self->line, TOP_STYLE_PLAIN);
}

/* The list follows the chosen process; where that has ended, another takes its place on the screen. */
static void scroll(struct interactive *self) {
  const size_t count = self->top->num_rows;
  size_t at = 0;
  if (top_find(self->top, self->chosen, &at)) {
    self->selected = at;
  } else if (self->selected >= count) {
    self->selected = count > 0 ? count - 1 : 0;
  }
  if (self->selected < self->first) self->first = self->selected;
  if (self->page > 0 && self->selected >= self->first + self->page) self->first = self->selected - self->page + 1;
  if (self->page > 0 && self->first + self->page > count) self->first = count > self->page ? count - self->page : 0;
}

static void draw_processes(struct interactive *self, size_t y, size_t width) {
  struct top *const top = self->top;
  scroll(self);
  for (size_t i = 0; i < self->page; i++) {
    const size_t at = self->first + i;
    if (at < top->num_rows) {
      top_process(top, &self->line, at, width, self->skip);
      top_screen_line(y + i, &self->line, at == self->selected ? TOP_STYLE_SELECTED : TOP_STYLE_PLAIN);
      continue;
    }
    top_line_clear(&self->line);
    if (i == 0 && top->status != SONDE_OK) {
      text_add(&self->line.text, "no processes: ");
      text_add(&self->line.text, sonde_strerror(top->status));
    } else if (i == 0) {
      text_add(&self->line.text, "no process that the filter lets through");
    }
    draw_line(self, y + i, COLOUR_BAD);
  }
}

static void draw_help(struct interactive *self, size_t y, size_t num_lines) {
  if (self->help_first + num_lines > NUM_HELP_LINES) {
    self->help_first = NUM_HELP_LINES > num_lines ? NUM_HELP_LINES - num_lines : 0;
  }
  for (size_t i = 0; i < num_lines; i++) {
    top_line_clear(&self->line);
    if (self->help_first + i < NUM_HELP_LINES) text_add(&self->line.text, help_lines[self->help_first + i]);
    draw_line(self, y + i, COLOUR_NONE);
  }
}

/* The state of things, and the most important keys. */
static void add_hints(struct interactive *self) {
  struct top_line *const line = &self->line;
  if (self->is_paused) {
    text_add(&line->text, "PAUSED  ");
    top_line_colour(line, COLOUR_BAD);
  }
  if (self->top->filter.len > 0) {
    text_add(&line->text, "filter: ");
    text_add_escaped(&line->text, self->top->filter.data, self->top->filter.len);
    text_add(&line->text, "  ");
    top_line_colour(line, COLOUR_MIDDLING);
  }
  if (self->mode == MODE_HELP) {
    text_add(&line->text, "Up Down to see more, any other key to go back");
  } else {
    text_add(&line->text, "h help  / filter  t tree  k kill  q quit  sort: ");
    text_add(&line->text, top_sort_name(self->top->sort));
    if (self->top->reversed) text_add(&line->text, ", reversed");
  }
  top_line_colour(line, COLOUR_FAINT);
}

static void add_prompt(struct interactive *self) {
  struct text_buffer *const text = &self->line.text;
  const char *const name = top_signal_name(self->signal_number);
  switch (self->mode) {
    case MODE_FILTER:
      text_add(text, "Filter: ");
      break;
    case MODE_INTERVAL:
      text_add(text, "Interval in seconds: ");
      break;
    case MODE_SIGNAL:
      text_add(text, "Signal for ");
      text_add_printable(text, self->target_name.data, self->target_name.len);
      text_add(text, ", number or name (TERM): ");
      break;
    default:
      text_add(text, "Send ");
      if (name != NULL) text_add(text, name);
      if (name == NULL) text_add(text, "signal ");
      if (name == NULL) text_add_i64(text, self->signal_number);
      text_add(text, " to ");
      text_add_printable(text, self->target_name.data, self->target_name.len);
      text_add(text, "? y/n ");
      break;
  }
  if (self->input.len > 0) text_add_escaped(text, self->input.data, self->input.len);
}

/* Returns the column of the cursor. Of a prompt that is too long, the end is seen. */
static size_t draw_last_line(struct interactive *self, size_t y, size_t width) {
  struct top_line *const line = &self->line;
  top_line_clear(line);
  if (self->mode == MODE_LIST || self->mode == MODE_HELP) {
    if (self->message.len > 0) {
      text_add_printable(&line->text, self->message.data, self->message.len);
      top_line_colour(line, COLOUR_MIDDLING);
    } else {
      add_hints(self);
    }
    top_screen_line(y, line, TOP_STYLE_PLAIN);
    return SIZE_MAX;
  }
  add_prompt(self);
  size_t columns = text_width(line->text.data, line->text.len);
  while (columns >= width && line->text.len > 0) {
    const size_t skipped = text_cut(line->text.data, line->text.len, columns - width + 1, NULL);
    const size_t some = skipped > 0 ? skipped : 1;
    memmove(line->text.data, line->text.data + some, line->text.len - some);
    line->text.len -= some;
    columns = line->text.len > 0 ? text_width(line->text.data, line->text.len) : 0;
  }
  draw_line(self, y, COLOUR_TITLE);
  return columns;
}

static void draw(struct interactive *self) {
  size_t width = 0;
  size_t height = 0;
  top_screen_size(&width, &height);
  size_t for_header = height >= 4 ? 1 : 0;
  if (height >= 8) for_header = height / 2 < height - 6 ? height / 2 : height - 6;
  const size_t num_header = top_header(self->top, self->header, for_header, width);
  size_t y = 0;
  for (; y < num_header; y++) top_screen_line(y, &self->header[y], TOP_STYLE_PLAIN);
  const bool has_heading = height >= 3;
  const bool has_last_line = height >= 2;
  if (has_heading) {
    top_heading(self->top, &self->line, width);
    top_screen_line(y++, &self->line, TOP_STYLE_BAR);
  }
  self->page = height - y - (has_last_line ? 1 : 0);
  if (self->mode == MODE_HELP) {
    draw_help(self, y, self->page);
  } else {
    draw_processes(self, y, width);
  }
  const size_t cursor = has_last_line ? draw_last_line(self, height - 1, width) : SIZE_MAX;
  top_screen_show(height - 1, cursor);
}

/* ---- Keys ---- */

static void refresh_now(struct interactive *self) {
  top_refresh(self->top);
  self->next = terminal_clock() + self->interval;
}

static void move_to(struct interactive *self, size_t at) {
  const struct top *const top = self->top;
  if (top->num_rows == 0) return;
  self->selected = at < top->num_rows ? at : top->num_rows - 1;
  self->chosen = top_identity_of(&top->table.rows[top->rows[self->selected]]);
}

static void sort_by(struct interactive *self, enum top_sort sort) {
  self->top->sort = sort;
  self->top->reversed = false;
  top_arrange(self->top);
}

static void close_target(struct interactive *self) {
  sonde_process_close(self->target);
  self->target = NULL;
  self->target_name.len = 0;
}

/* The handle is opened now, and must be of the process that the screen shows: the same pid and the same start. */
static void begin_signal(struct interactive *self) {
  const struct top *const top = self->top;
  if (top->num_rows == 0) return;
  move_to(self, self->selected);
  const sonde_process *const process = &top->table.rows[top->rows[self->selected]];
  close_target(self);
  text_add_escaped(&self->target_name, process->name.data, process->name.len);
  text_add(&self->target_name, " ");
  text_add_i64(&self->target_name, process->pid);
  sonde_status status = sonde_process_open(top->context, &self->target, process->pid);
  if (status == SONDE_OK && sonde_process_start_id(self->target) != process->start_id) status = SONDE_ERR_NO_PROCESS;
  if (status != SONDE_OK) {
    say_failure(self, "", status);
    close_target(self);
    return;
  }
  self->input.len = 0;
  self->mode = MODE_SIGNAL;
}

static void send_signal(struct interactive *self) {
  const sonde_status status = sonde_process_signal(self->target, self->signal_number);
  if (status != SONDE_OK) {
    say_failure(self, "not sent to ", status);
  } else {
    say(self, "sent to ");
    text_add_printable(&self->message, self->target_name.data, self->target_name.len);
  }
}

static void on_list_key(struct interactive *self, int32_t key) {
  struct top *const top = self->top;
  switch (key) {
    case TOP_KEY_UP:
      move_to(self, self->selected > 0 ? self->selected - 1 : 0);
      break;
    case TOP_KEY_DOWN:
      move_to(self, self->selected + 1);
      break;
    case TOP_KEY_PAGE_UP:
      move_to(self, self->selected > self->page ? self->selected - self->page : 0);
      break;
    case TOP_KEY_PAGE_DOWN:
      move_to(self, self->selected + self->page);
      break;
    case TOP_KEY_HOME:
      move_to(self, 0);
      break;
    case TOP_KEY_LAST:
      move_to(self, SIZE_MAX);
      break;
    case TOP_KEY_LEFT:
      self->skip = self->skip > 8 ? self->skip - 8 : 0;
      break;
    case TOP_KEY_RIGHT:
      if (self->skip < 100000) self->skip += 8;
      break;
    case 'P':
      sort_by(self, TOP_BY_CPU);
      break;
    case 'M':
      sort_by(self, TOP_BY_MEMORY);
      break;
    case 'T':
      sort_by(self, TOP_BY_TIME);
      break;
    case 'N':
      sort_by(self, TOP_BY_PID);
      break;
    case 'C':
      sort_by(self, TOP_BY_NAME);
      break;
    case '>':
    case TOP_KEY_F0 + 6:
      sort_by(self, (enum top_sort)(((int)top->sort + 1) % TOP_NUM_SORTS));
      break;
    case '<':
      sort_by(self, (enum top_sort)(((int)top->sort + TOP_NUM_SORTS - 1) % TOP_NUM_SORTS));
      break;
    case 'I':
    case 'R':
      top->reversed = !top->reversed;
      top_arrange(top);
      break;
    case 't':
    case 'V':
    case TOP_KEY_F0 + 5:
      top->as_tree = !top->as_tree;
      top_arrange(top);
      break;
    case 'c':
      top->with_args = !top->with_args;
      break;
    case '/':
    case '\\':
    case TOP_KEY_F0 + 3:
    case TOP_KEY_F0 + 4:
      self->input.len = 0;
      text_add_printable(&self->input, top->filter.data, top->filter.len);
      top->all_details = true;
      self->mode = MODE_FILTER;
      break;
    case TOP_KEY_ESCAPE:
      top->filter.len = 0;
      top_arrange(top);
      break;
    case 'd':
    case 's':
      self->input.len = 0;
      self->mode = MODE_INTERVAL;
      break;
    case 'Z':
    case 'p':
      self->is_paused = !self->is_paused;
      if (!self->is_paused) refresh_now(self);
      break;
    case ' ':
      refresh_now(self);
      break;
    case 'k':
    case TOP_KEY_F0 + 9:
      begin_signal(self);
      break;
    case 'h':
    case '?':
    case TOP_KEY_F0 + 1:
      self->help_first = 0;
      self->mode = MODE_HELP;
      break;
    case 'q':
    case 'Q':
    case TOP_KEY_F0 + 10:
      self->mode = MODE_END;
      break;
    default:
      break;
  }
}

static void on_help_key(struct interactive *self, int32_t key) {
  if (key == TOP_KEY_DOWN) {
    self->help_first++;
  } else if (key == TOP_KEY_UP) {
    self->help_first -= self->help_first > 0 ? 1 : 0;
  } else {
    self->mode = MODE_LIST;
  }
}

/* A code point as UTF-8. */
static void add_character(struct text_buffer *out, int32_t c) {
  char bytes[5] = "";
  if (c < 0x80) {
    bytes[0] = (char)c;
  } else if (c < 0x800) {
    bytes[0] = (char)(0xc0 | c >> 6);
    bytes[1] = (char)(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    bytes[0] = (char)(0xe0 | c >> 12);
    bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
    bytes[2] = (char)(0x80 | (c & 0x3f));
  } else {
    bytes[0] = (char)(0xf0 | c >> 18);
    bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
    bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
    bytes[3] = (char)(0x80 | (c & 0x3f));
  }
  text_add(out, bytes);
}

/* Edits what is typed at a prompt. True for Enter. */
static bool edit(struct interactive *self, int32_t key) {
  enum {
    most = 200
  };
  struct text_buffer *const input = &self->input;
  if (key == TOP_KEY_BACKSPACE) {
    bool is_inside = input->len > 0; /* a character of several bytes */
    while (is_inside && input->len > 0) {
      input->len--;
      is_inside = ((unsigned char)input->data[input->len] & 0xc0) == 0x80;
    }
  } else if (key == 'U' - '@') { /* Ctrl-U */
    input->len = 0;
  } else if (key >= 0x20 && key < 0x110000 && input->len < most) {
    add_character(input, key);
  }
  return key == TOP_KEY_ENTER;
}

static void set_filter(struct interactive *self) {
  self->top->filter.len = 0;
  text_add_printable(&self->top->filter, self->input.data, self->input.len);
  top_arrange(self->top);
}

static void on_filter_key(struct interactive *self, int32_t key) {
  if (key == TOP_KEY_ESCAPE) {
    self->input.len = 0;
    self->mode = MODE_LIST;
  } else if (edit(self, key)) {
    self->mode = MODE_LIST;
  }
  set_filter(self);
  if (self->mode == MODE_FILTER) return;
  self->top->all_details = false;
  if (self->top->filter.len > 0 && !self->top->has_all_details) refresh_now(self);
}

static void on_interval_key(struct interactive *self, int32_t key) {
  if (key == TOP_KEY_ESCAPE) self->mode = MODE_LIST;
  if (!edit(self, key)) return;
  self->mode = MODE_LIST;
  text_add(&self->input, " ");
  self->input.data[--self->input.len] = '\0';
  uint64_t interval = 0;
  if (!command_line_read_seconds(&interval, self->input.data) || interval < TOP_LEAST_INTERVAL) {
    say(self, "an interval is a number of seconds, at least 0.1");
    return;
  }
  self->interval = interval;
  self->next = terminal_clock() + interval;
}

static void on_signal_key(struct interactive *self, int32_t key) {
  if (key == TOP_KEY_ESCAPE) {
    self->mode = MODE_LIST;
    close_target(self);
    return;
  }
  if (!edit(self, key)) return;
  self->signal_number = SIGTERM;
  if (self->input.len > 0 && !top_signal_read(&self->signal_number, self->input.data, self->input.len)) {
    say(self, "there is no signal '");
    text_add_escaped(&self->message, self->input.data, self->input.len);
    text_add(&self->message, "'");
    self->mode = MODE_LIST;
    close_target(self);
    return;
  }
  self->input.len = 0;
  self->mode = MODE_CONFIRM;
}

static void on_confirm_key(struct interactive *self, int32_t key) {
  self->mode = MODE_LIST;
  if (key == 'y' || key == 'Y') {
    send_signal(self);
  } else {
    say(self, "nothing was sent");
  }
  close_target(self);
}

static void on_key(struct interactive *self, int32_t key) {
  if (key == TOP_KEY_END) {
    self->mode = MODE_END;
    return;
  }
  if (key == TOP_KEY_RESIZE) return;
  self->message.len = 0;
  switch (self->mode) {
    case MODE_HELP:
      on_help_key(self, key);
      break;
    case MODE_FILTER:
      on_filter_key(self, key);
      break;
    case MODE_INTERVAL:
      on_interval_key(self, key);
      break;
    case MODE_SIGNAL:
      on_signal_key(self, key);
      break;
    case MODE_CONFIRM:
      on_confirm_key(self, key);
      break;
    default:
      on_list_key(self, key);
      break;
  }
}

static void run(struct interactive *self) {
  top_refresh(self->top);
  /* Shares since each process began say little: the first interval is short. */
  self->next = terminal_clock() + (self->interval < COMMAND_HALF_A_SECOND ? self->interval : COMMAND_HALF_A_SECOND);
  while (self->mode != MODE_END) {
    draw(self);
    const uint64_t now = terminal_clock();
    const uint64_t left = self->next > now ? self->next - now : 0;
    const int32_t key =
        left == 0 && !self->is_paused ? TOP_KEY_NONE : top_screen_wait(self->is_paused ? UINT64_MAX : left);
    if (key == TOP_KEY_NONE) {
      refresh_now(self);
    } else {
      on_key(self, key);
    }
  }
}

static bool complain(struct session *session, const char *text) {
  report_message(session, text);
  return false;
}

bool top_full_screen(struct session *session, struct top *top, uint64_t interval) {
  switch (top_screen_open()) {
    case TOP_SCREEN_NO_LIBRARY:
      return complain(session, "this build has no terminal library; --batch writes text");
    case TOP_SCREEN_NO_TERMINAL:
      return complain(session, "standard input and output are no terminal; --batch writes text");
    case TOP_SCREEN_UNKNOWN_TERMINAL:
      return complain(session, "TERM names no terminal that can be drawn on; --batch writes text");
    default:
      break;
  }
  struct interactive *const self = allocate_or_exit(NULL, 1, sizeof *self);
  memset(self, 0, sizeof *self);
  self->top = top;
  self->interval = interval;
  self->chosen.pid = SONDE_PID_UNKNOWN;
  top->branches.ascii = (session->line->given & OPTION_ASCII) != 0 || !top_screen_is_utf8();
  run(self);
  top_screen_close();
  close_target(self);
  for (size_t i = 0; i < TOP_MAX_HEADER; i++) top_line_free(&self->header[i]);
  top_line_free(&self->line);
  text_buffer_free(&self->input);
  text_buffer_free(&self->message);
  text_buffer_free(&self->target_name);
  free(self);
  session->num_shown++;
  return true;
}
