/* SPDX-License-Identifier: MIT */
/* The lines above the processes: what the machine as a whole does. */
#include <string.h>

#include "tools/text_width.h"
#include "tools/top.h"

/* Lines that are being made. */
struct header {
  struct top *top;
  struct top_line *lines;
  size_t count;
  size_t max;
  size_t width;
};

static struct top_line *next_line(struct header *header) {
  struct top_line *const line = &header->lines[header->count++];
  top_line_clear(line);
  return line;
}

static size_t room_of(const struct header *header) { return header->max - header->count; }

static void add_label(struct top_line *line, const char *label) {
  text_add(&line->text, label);
  top_line_colour(line, COLOUR_TITLE);
}

static size_t cpu_parts(struct top_bar_part *out, const sonde_cpu_percents *shares) {
  const struct top_bar_part user = {shares->user + shares->nice + shares->guest + shares->guest_nice, COLOUR_GOOD};
  const struct top_bar_part system = {shares->system + shares->irq + shares->softirq + shares->dpc, COLOUR_MIDDLING};
  const struct top_bar_part steal = {shares->steal, COLOUR_BAD};
  out[0] = user;
  out[1] = system;
  out[2] = steal;
  return 3;
}

/* The words, ended by NUL. */
static const char *text_of(struct text_buffer *words) {
  text_add(words, " ");
  words->data[--words->len] = '\0';
  return words->data;
}

static void add_cpu_bar(struct header *header, struct top_line *line, const char *label,
                        const sonde_cpu_percents *shares, size_t width) {
  struct text_buffer *const words = &header->top->words;
  struct top_bar_part parts[3];
  const size_t num_parts = cpu_parts(parts, shares);
  words->len = 0;
  if (shares->valid != 0) text_add_percent(words, shares->busy);
  if (shares->valid == 0) text_add(words, "?");
  top_line_bar(line, label, width, parts, num_parts, text_of(words));
}

static void add_memory_bar(struct header *header, struct top_line *line, const char *label, double percent,
                           uint64_t used, uint64_t total, size_t width) {
  struct text_buffer *const words = &header->top->words;
  const struct top_bar_part part = {percent, percent >= 90   ? COLOUR_BAD
                                             : percent >= 70 ? COLOUR_MIDDLING
                                                             : COLOUR_GOOD};
  words->len = 0;
  text_add_bytes(words, used);
  text_add(words, "/");
  text_add_bytes(words, total);
  top_line_bar(line, label, width, &part, 1, text_of(words));
}

static void add_uptime_and_load(struct top_line *line, const struct top *top) {
  if ((top->times.valid & SONDE_HOST_TIMES_UPTIME) != 0) {
    add_label(line, "up ");
    text_add_duration(&line->text, top->times.uptime / SONDE_NSEC_PER_SEC * SONDE_NSEC_PER_SEC);
    text_add(&line->text, "  ");
  }
  if (top->has_load && (top->load.valid & SONDE_LOAD_AVERAGE_LOAD) != 0) {
    top_line_colour(line, COLOUR_NONE);
    add_label(line, "load ");
    text_add_double(&line->text, top->load.load1, 2);
    text_add(&line->text, " ");
    text_add_double(&line->text, top->load.load5, 2);
    text_add(&line->text, " ");
    text_add_double(&line->text, top->load.load15, 2);
    text_add(&line->text, "  ");
  }
  top_line_colour(line, COLOUR_NONE);
}

static void add_count(struct top_line *line, size_t count, const char *what, bool always, text_colour colour) {
  if (count == 0 && !always) return;
  text_add(&line->text, ", ");
  text_add_u64(&line->text, count);
  text_add(&line->text, what);
  top_line_colour(line, colour);
}

static void add_tasks(struct top_line *line, const struct top *top) {
  const size_t *const by = top->by_state;
  const size_t running = by[SONDE_PROCESS_STATE_RUNNING];
  const size_t disk = by[SONDE_PROCESS_STATE_DISK_SLEEP];
  const size_t stopped = by[SONDE_PROCESS_STATE_STOPPED] + by[SONDE_PROCESS_STATE_TRACING_STOP];
  const size_t zombies = by[SONDE_PROCESS_STATE_ZOMBIE];
  const size_t unknown = by[SONDE_PROCESS_STATE_UNKNOWN];
  const size_t total = top->table.count;
  add_label(line, "tasks ");
  text_add_u64(&line->text, total);
  top_line_colour(line, COLOUR_NONE);
  add_count(line, running, " running", true, COLOUR_NONE);
  add_count(line, total - running - disk - stopped - zombies - unknown, " sleeping", true, COLOUR_NONE);
  add_count(line, disk, " in disk sleep", false, COLOUR_MIDDLING);
  add_count(line, stopped, " stopped", false, COLOUR_NONE);
  add_count(line, zombies, " zombie", false, COLOUR_BAD);
  add_count(line, unknown, " unknown", false, COLOUR_BAD);
}

static void add_share(struct top_line *line, const char *word, double percent) {
  text_add(&line->text, word);
  text_add_double(&line->text, percent, 1);
}

static void add_cpu_words(struct top_line *line, const sonde_cpu_percents *shares) {
  if (shares->valid == 0) return;
  add_share(line, "  user ", shares->user + shares->nice + shares->guest + shares->guest_nice);
  add_share(line, " system ", shares->system + shares->irq + shares->softirq + shares->dpc);
  if ((shares->valid & SONDE_CPU_TIMES_IOWAIT) != 0) add_share(line, " iowait ", shares->iowait);
  if (shares->steal >= 0.05) add_share(line, " steal ", shares->steal);
  top_line_colour(line, COLOUR_NONE);
}

static void add_rate(struct top_line *line, const char *label, const struct top_rate *rate, const char *in,
                     const char *out) {
  if (!rate->told) return;
  add_label(line, label);
  text_add(&line->text, in);
  text_add_byte_rate(&line->text, rate->in);
  text_add(&line->text, out);
  text_add_byte_rate(&line->text, rate->out);
  text_add(&line->text, "  ");
  top_line_colour(line, COLOUR_NONE);
}

/* All in one line, for a terminal of few lines. */
static void make_compact(struct header *header) {
  const struct top *const top = header->top;
  struct top_line *const line = next_line(header);
  add_label(line, "CPU ");
  if (top->shares.valid != 0) text_add_percent(&line->text, top->shares.busy);
  text_add(&line->text, " ");
  if (top->has_memory) {
    top_line_colour(line, COLOUR_NONE);
    add_label(line, "MEM ");
    text_add_percent(&line->text, sonde_virtual_memory_percent(&top->memory));
    text_add(&line->text, "  ");
  }
  top_line_colour(line, COLOUR_NONE);
  add_uptime_and_load(line, top);
}

static void make_memory(struct header *header) {
  const struct top *const top = header->top;
  const double memory = top->has_memory ? sonde_virtual_memory_percent(&top->memory) : 0;
  const double swap = top->has_swap ? sonde_swap_memory_percent(&top->swap) : 0;
  const bool side_by_side = header->width >= 60;
  const size_t width = side_by_side ? (header->width - 2) / 2 : header->width;
  struct top_line *line = NULL;
  if (top->has_memory) {
    line = next_line(header);
    add_memory_bar(header, line, "Mem", memory, top->memory.used, top->memory.total, width);
  }
  if (!top->has_swap || (!side_by_side && room_of(header) == 0)) return;
  if (line == NULL || !side_by_side) {
    line = next_line(header);
  } else {
    top_line_pad(line, width + 2);
  }
  add_memory_bar(header, line, "Swp", swap, top->swap.used, top->swap.total, width);
}

/* The bars of each CPU, in as few columns as the lines allow; what does not fit is counted. */
static void make_each_cpu(struct header *header, size_t max_lines) {
  enum {
    least_width = 16
  };
  const struct top *const top = header->top;
  const sonde_cpu_times_list *const cpus = &top->samples[top->latest].cpus;
  if (cpus->count < 2 || max_lines == 0 || header->width < least_width) return;
  const size_t most_columns = header->width / least_width;
  size_t columns = (cpus->count + max_lines - 1) / max_lines;
  if (columns < 4) columns = 4;
  if (columns > most_columns) columns = most_columns;
  const size_t num_lines = (cpus->count + columns - 1) / columns;
  const size_t shown_lines = num_lines < max_lines ? num_lines : max_lines;
  size_t shown = shown_lines * columns;
  if (shown < cpus->count) shown--; /* there stands how many more there are */
  const size_t width = header->width / columns;
  for (size_t y = 0; y < shown_lines; y++) {
    struct top_line *const line = next_line(header);
    for (size_t x = 0; x < columns; x++) {
      /* From top to bottom, then to the right. */
      const size_t i = x * shown_lines + y;
      top_line_pad(line, x * width);
      if (i < cpus->count && i < shown) {
        if (cpus->rows[i].cpu < 100) text_add(&line->text, cpus->rows[i].cpu < 10 ? "  " : " ");
        text_add_u64(&line->text, cpus->rows[i].cpu);
        top_line_colour(line, COLOUR_TITLE);
        add_cpu_bar(header, line, "", &top->each_cpu[i], width - 1 - (cpus->rows[i].cpu < 1000 ? 3 : 4));
      } else if (i < cpus->count && i == shown) {
        text_add(&line->text, "+");
        text_add_u64(&line->text, cpus->count - shown);
        text_add(&line->text, " CPUs");
        top_line_colour(line, COLOUR_FAINT);
      }
    }
  }
}

size_t top_header(struct top *self, struct top_line *lines, size_t max_lines, size_t width) {
  struct header header = {self, lines, 0, max_lines < TOP_MAX_HEADER ? max_lines : TOP_MAX_HEADER, width};
  if (header.max == 0) return 0;
  if (header.max == 1 || width < 16) {
    make_compact(&header);
    return header.count;
  }
  const bool is_wide = width >= 60;
  struct top_line *line = NULL;
  if (header.max >= 4) {
    line = next_line(&header);
    add_uptime_and_load(line, self);
    if (width < 100 && header.max >= 6) line = next_line(&header);
    add_tasks(line, self);
  }
  line = next_line(&header);
  add_cpu_bar(&header, line, "CPU", &self->shares, is_wide ? (width - 2) / 2 : width);
  if (is_wide) add_cpu_words(line, &self->shares);
  if (room_of(&header) > 0) make_memory(&header);
  if (room_of(&header) > 0 && (self->net.told || self->disk.told)) {
    line = next_line(&header);
    add_rate(line, "net ", &self->net, "in ", " out ");
    add_rate(line, "disk ", &self->disk, "read ", " write ");
  }
  make_each_cpu(&header, room_of(&header));
  return header.count;
}
