/* SPDX-License-Identifier: MIT */
/* The table of processes: its columns, and a line for each row. */
#include <string.h>

#include "tools/field_text.h"
#include "tools/text_width.h"
#include "tools/top.h"

enum column {
  COLUMN_PID,
  COLUMN_USER,
  COLUMN_PRIORITY,
  COLUMN_NICE,
  COLUMN_THREADS,
  COLUMN_VMS,
  COLUMN_RSS,
  COLUMN_STATE,
  COLUMN_CPU,
  COLUMN_MEMORY,
  COLUMN_TIME,
  NUM_COLUMNS
};

struct column_kind {
  const char *title;
  size_t width;
  int rank; /* where there is no room, those of the highest rank go first */
  bool is_word;
  enum top_sort sort; /* that goes by it; TOP_NUM_SORTS: none */
};

static const struct column_kind kinds[NUM_COLUMNS] = {
    {"PID", 5, 0, false, TOP_BY_PID},     {"USER", 8, 5, true, TOP_NUM_SORTS}, {"PRI", 3, 10, false, TOP_NUM_SORTS},
    {"NI", 3, 8, false, TOP_NUM_SORTS},   {"THR", 4, 9, false, TOP_NUM_SORTS}, {"VIRT", 7, 7, false, TOP_NUM_SORTS},
    {"RES", 7, 4, false, TOP_BY_MEMORY},  {"S", 1, 2, true, TOP_NUM_SORTS},    {"CPU%", 5, 1, false, TOP_BY_CPU},
    {"MEM%", 5, 3, false, TOP_NUM_SORTS}, {"TIME", 9, 6, false, TOP_BY_TIME},
};

/* How wide each column is; 0: left out. */
struct layout {
  size_t widths[NUM_COLUMNS];
  size_t command; /* columns before it */
};

static void make_layout(struct layout *out, const struct top *top, size_t width) {
  const size_t for_command = width < 20 ? 1 : width < 60 ? 8 : 16;
  memset(out, 0, sizeof *out);
  for (int rank = 0; rank <= NUM_COLUMNS; rank++) {
    for (size_t i = 0; i < NUM_COLUMNS; i++) {
      if (kinds[i].rank != rank) continue;
      const size_t wanted = i == COLUMN_PID ? top->pid_width : kinds[i].width;
      if (width < out->command + wanted + 1 + for_command) return;
      out->widths[i] = wanted;
      out->command += wanted + 1;
    }
  }
}

void top_heading(const struct top *self, struct top_line *out, size_t width) {
  struct layout layout;
  make_layout(&layout, self, width);
  top_line_clear(out);
  for (size_t i = 0; i < NUM_COLUMNS; i++) {
    if (layout.widths[i] == 0) continue;
    const text_colour colour = kinds[i].sort == self->sort ? COLOUR_TITLE : COLOUR_HEADING;
    text_add(top_line_begin(out), kinds[i].title);
    if (kinds[i].is_word) {
      top_line_end_word(out, layout.widths[i], colour);
    } else {
      top_line_end_number(out, layout.widths[i], colour);
    }
    text_add(&out->text, " ");
    top_line_colour(out, COLOUR_HEADING);
  }
  text_add(&out->text, self->with_args ? "COMMAND" : "NAME");
  top_line_colour(out, self->sort == TOP_BY_NAME ? COLOUR_TITLE : COLOUR_HEADING);
}

static const char *state_letter(const sonde_process *process) {
  static const char *const letters[] = {"?", "R", "S", "D", "T", "t", "Z", "X", "K", "W", "P", "I", "L", "w"};
  const size_t state = (size_t)process->state;
  if ((process->valid & SONDE_PROCESS_STATE) == 0 || state >= sizeof letters / sizeof letters[0]) return "?";
  return letters[state];
}

static text_colour state_colour(const sonde_process *process) {
  switch (process->state) {
    case SONDE_PROCESS_STATE_RUNNING:
      return COLOUR_GOOD;
    case SONDE_PROCESS_STATE_DISK_SLEEP:
      return COLOUR_MIDDLING;
    case SONDE_PROCESS_STATE_ZOMBIE:
      return COLOUR_BAD;
    default:
      return COLOUR_NONE;
  }
}

static void add_two_digits(struct text_buffer *out, uint64_t value) {
  if (value < 10) text_add(out, "0");
  text_add_u64(out, value);
}

/* 1:02.34, from 1000 minutes on 17h02m. */
static void add_time(struct text_buffer *out, uint64_t nanoseconds) {
  const uint64_t seconds = nanoseconds / SONDE_NSEC_PER_SEC;
  if (seconds < 60000) {
    text_add_u64(out, seconds / 60);
    text_add(out, ":");
    add_two_digits(out, seconds % 60);
    text_add(out, ".");
    add_two_digits(out, nanoseconds % SONDE_NSEC_PER_SEC / 10000000);
  } else {
    text_add_u64(out, seconds / 3600);
    text_add(out, "h");
    add_two_digits(out, seconds / 60 % 60);
    text_add(out, "m");
  }
}

static void add_percent(struct text_buffer *out, double percent) {
  text_add_double(out, percent, percent < 999.95 ? 1 : 0);
}

/* What of the row is told; else nothing: then "-" stands there. */
static void add_value(const struct top *top, struct text_buffer *out, size_t column, const sonde_process *process,
                      const sonde_process *details, size_t row) {
  const uint64_t valid = process->valid;
  switch (column) {
    case COLUMN_PID:
      text_add_i64(out, process->pid);
      break;
    case COLUMN_USER:
      if ((details->valid & SONDE_PROCESS_USERNAME) != 0 && details->username.len > 0) {
        text_add_escaped(out, details->username.data, details->username.len);
      } else if ((details->valid & SONDE_PROCESS_UIDS) != 0) {
        text_add_u64(out, details->uids.real);
      }
      break;
    case COLUMN_PRIORITY:
      if ((valid & SONDE_PROCESS_PRIORITY) != 0) text_add_i64(out, process->priority);
      break;
    case COLUMN_NICE:
      if ((valid & SONDE_PROCESS_NICE) != 0) text_add_i64(out, process->nice);
      break;
    case COLUMN_THREADS:
      if ((valid & SONDE_PROCESS_NUM_THREADS) != 0) text_add_u64(out, process->num_threads);
      break;
    case COLUMN_VMS:
      if ((valid & SONDE_PROCESS_VMS) != 0) text_add_bytes(out, process->vms);
      break;
    case COLUMN_RSS:
      if ((valid & SONDE_PROCESS_RSS) != 0) text_add_bytes(out, process->rss);
      break;
    case COLUMN_STATE:
      text_add(out, state_letter(process));
      break;
    case COLUMN_CPU:
      if (top->percents != NULL && (valid & SONDE_PROCESS_CPU_TIMES) != 0) add_percent(out, top->percents[row]);
      break;
    case COLUMN_MEMORY:
      if (top->has_memory && (valid & SONDE_PROCESS_RSS) != 0) {
        add_percent(out, sonde_process_memory_percent(process, &top->memory));
      }
      break;
    default:
      if ((valid & SONDE_PROCESS_CPU_TIMES) != 0) add_time(out, process->user_time + process->system_time);
      break;
  }
}

static void add_branches(struct top *top, struct top_line *out, size_t at, size_t max_columns) {
  if (at < top->branched) top->branched = 0;
  for (; top->branched < at; top->branched++) {
    tree_branches_pass(&top->branches, top->depths[top->branched], top->more[top->branched]);
  }
  top->branched = at + 1;
  tree_branches_add(&top->branches, &out->text, top->depths[at], top->more[at], max_columns);
  top_line_colour(out, COLOUR_FAINT);
}

/* Takes the first columns of the latest cell away. */
static void skip_columns(struct top_line *out, size_t skip) {
  const size_t len = out->text.len - out->started;
  if (skip == 0 || len == 0) return;
  char *const text = out->text.data + out->started;
  const size_t skipped = text_cut(text, len, skip, NULL);
  memmove(text, text + skipped, len - skipped);
  out->text.len -= skipped;
}

void top_process(struct top *self, struct top_line *out, size_t at, size_t width, size_t skip) {
  const size_t row = self->rows[at];
  const sonde_process *const process = &self->table.rows[row];
  const sonde_process *const details = top_details(self, row);
  struct layout layout;
  make_layout(&layout, self, width);
  top_line_clear(out);
  for (size_t i = 0; i < NUM_COLUMNS; i++) {
    if (layout.widths[i] == 0) continue;
    struct text_buffer *const cell = top_line_begin(out);
    add_value(self, cell, i, process, details, row);
    if (cell->len == out->started) text_add(cell, "-");
    const text_colour colour = i == COLUMN_STATE ? state_colour(process) : COLOUR_NONE;
    if (kinds[i].is_word) {
      top_line_end_word(out, layout.widths[i], colour);
    } else {
      top_line_end_number(out, layout.widths[i], colour);
    }
    text_add(&out->text, " ");
    top_line_colour(out, COLOUR_NONE);
  }
  if (self->as_tree) {
    const size_t room = width > layout.command ? width - layout.command : 0;
    add_branches(self, out, at, room > 48 ? room - 24 : room / 2);
  }
  (void)top_line_begin(out);
  /* Without its details, the process has ended since: its name is still known. */
  const bool has_details = details != process || self->has_all_details;
  command_add_process_words(&out->text, details, self->with_args && has_details);
  skip_columns(out, skip);
  top_line_colour(out, COLOUR_NONE);
  const sonde_status status = process->status != SONDE_OK ? process->status : details->status;
  if (status != SONDE_OK) {
    text_add(&out->text, " (");
    text_add(&out->text, status_word(status));
    text_add(&out->text, ")");
    top_line_colour(out, COLOUR_BAD);
  }
}
