/* SPDX-License-Identifier: MIT */
/* The rows of the table in the order in which they are shown. */
#include <stdlib.h>
#include <string.h>

#include "tools/top.h"

static const char *const sort_names[TOP_NUM_SORTS] = {"cpu", "memory", "time", "pid", "name"};

const char *top_sort_name(enum top_sort sort) { return sort_names[sort]; }

static void make_room(struct top *self, size_t count) {
  if (count <= self->max_rows) return;
  const size_t room = count + count / 4;
  self->rows = allocate_or_exit(self->rows, room, sizeof self->rows[0]);
  self->scratch = allocate_or_exit(self->scratch, room, sizeof self->scratch[0]);
  self->order = allocate_or_exit(self->order, room, sizeof self->order[0]);
  self->depths = allocate_or_exit(self->depths, room, sizeof self->depths[0]);
  self->more = allocate_or_exit(self->more, room, sizeof self->more[0]);
  self->max_rows = room;
}

static int compare_u64(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int compare_strings(sonde_string a, sonde_string b) {
  const size_t shorter = a.len < b.len ? a.len : b.len;
  const int order = shorter > 0 ? memcmp(a.data, b.data, shorter) : 0;
  return order != 0 ? order : compare_u64(a.len, b.len);
}

/* Whether row a stands before row b: numbers from the largest down, pids and names upwards; equal ones by pid. */
static bool comes_before(const struct top *self, size_t a, size_t b) {
  const sonde_process *const left = &self->table.rows[a];
  const sonde_process *const right = &self->table.rows[b];
  int order = 0;
  switch (self->sort) {
    case TOP_BY_CPU:
      if (self->percents != NULL) {
        order = (self->percents[b] > self->percents[a]) - (self->percents[b] < self->percents[a]);
        break;
      }
      order = compare_u64(right->user_time + right->system_time, left->user_time + left->system_time);
      break;
    case TOP_BY_MEMORY:
      order = compare_u64(right->rss, left->rss);
      break;
    case TOP_BY_TIME:
      order = compare_u64(right->user_time + right->system_time, left->user_time + left->system_time);
      break;
    case TOP_BY_NAME:
      order = compare_strings(left->name, right->name);
      break;
    default:
      break;
  }
  if (order == 0) order = (left->pid > right->pid) - (left->pid < right->pid);
  return self->reversed ? order > 0 : order < 0;
}

static void merge(const struct top *self, size_t *out, const size_t *rows, size_t start, size_t middle, size_t end) {
  size_t left = start;
  size_t right = middle;
  for (size_t i = start; i < end; i++) {
    const bool from_right = left == middle || (right < end && comes_before(self, rows[right], rows[left]));
    out[i] = from_right ? rows[right++] : rows[left++];
  }
}

/* Merge sort, as qsort takes no argument for its comparison, and may allocate. */
static void sort_rows(struct top *self) {
  const size_t count = self->num_rows;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t start = 0; start < count; start += 2 * width) {
      const size_t middle = count - start > width ? start + width : count;
      const size_t end = count - start > 2 * width ? start + 2 * width : count;
      merge(self, self->scratch, self->rows, start, middle, end);
    }
    size_t *const sorted = self->scratch;
    self->scratch = self->rows;
    self->rows = sorted;
  }
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c; }

static bool holds(const char *text, size_t len, const struct text_buffer *part) {
  for (size_t i = 0; part->len <= len && i <= len - part->len; i++) {
    size_t k = 0;
    while (k < part->len && lower(text[i + k]) == lower(part->data[k])) k++;
    if (k == part->len) return true;
  }
  return false;
}

static bool is_wanted(const struct top *self, const sonde_process *process) {
  if (holds(process->name.data, process->name.len, &self->filter) ||
      holds(process->username.data, process->username.len, &self->filter)) {
    return true;
  }
  for (size_t i = 0; i < process->num_args; i++) {
    if (holds(process->args[i].data, process->args[i].len, &self->filter)) return true;
  }
  char digits[20] = {0};
  size_t at = sizeof digits;
  for (uint64_t rest = (uint64_t)process->pid; at > 0; rest /= 10) {
    digits[--at] = (char)('0' + rest % 10);
    if (rest < 10) break;
  }
  return holds(digits + at, sizeof digits - at, &self->filter);
}

/* Takes out what the filter does not want; of a tree, ancestors of what it wants are kept. */
static void filter_rows(struct top *self) {
  if (self->filter.len == 0) return;
  uint32_t above = 0; /* ancestors of less than this depth are wanted */
  for (size_t i = self->num_rows; i > 0; i--) {
    const size_t at = i - 1;
    const bool is_ancestor = self->as_tree && self->depths[at] < above;
    const bool is_kept = is_ancestor || is_wanted(self, &self->table.rows[self->rows[at]]);
    if (is_kept && self->as_tree) above = self->depths[at];
    self->more[at] = is_kept;
  }
  size_t kept = 0;
  for (size_t i = 0; i < self->num_rows; i++) {
    if (!self->more[i]) continue;
    self->rows[kept] = self->rows[i];
    self->depths[kept++] = self->depths[i];
  }
  self->num_rows = kept;
}

/* Tree order keeps the order of siblings in the table: so it is made of a sorted copy. */
static void make_tree(struct top *self) {
  const size_t count = self->num_rows;
  if (count > self->max_sorted) {
    self->sorted = allocate_or_exit(self->sorted, self->max_rows, sizeof self->sorted[0]);
    self->max_sorted = self->max_rows;
  }
  for (size_t i = 0; i < count; i++) self->sorted[i] = self->table.rows[self->rows[i]];
  sonde_process_table view = {0};
  view.rows = self->sorted;
  view.count = count;
  sonde_process_table_tree(&view, self->order, self->depths, self->scratch);
  for (size_t i = 0; i < count; i++) self->scratch[i] = self->rows[self->order[i]];
  size_t *const rows = self->scratch;
  self->scratch = self->rows;
  self->rows = rows;
}

void top_arrange(struct top *self) {
  const size_t count = self->table.count;
  make_room(self, count);
  for (size_t i = 0; i < count; i++) self->rows[i] = i;
  self->num_rows = count;
  sort_rows(self);
  if (self->as_tree) make_tree(self);
  filter_rows(self);
  if (self->as_tree) tree_branches_look_ahead(&self->branches, self->more, self->depths, self->num_rows);
}

bool top_find(const struct top *self, struct top_identity who, size_t *out) {
  for (size_t i = 0; i < self->num_rows && who.pid != SONDE_PID_UNKNOWN; i++) {
    const sonde_process *const row = &self->table.rows[self->rows[i]];
    if (row->pid != who.pid || row->start_id != who.start_id) continue;
    *out = i;
    return true;
  }
  return false;
}
