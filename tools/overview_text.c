/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "tools/mount_usage.h"
#include "tools/overview.h"

static const size_t most_rows = 12; /* of disks, and of interfaces */

/* One line of the overview, put together in a buffer. */
static void print_line(struct output *out, const char *label, struct text_buffer *line) {
  output_colour(out, COLOUR_TITLE);
  output_text(out, label);
  output_colour(out, COLOUR_NONE);
  if (line->len > 0) output_printable(out, line->data, line->len);
  output_text(out, "\n");
  line->len = 0;
}

static void print_bar(struct output *out, const char *label, double percent) {
  enum {
    width = 20
  };
  const double clean = percent >= 0 && percent <= 100 ? percent : 0;
  const size_t filled = (size_t)(clean / 100.0 * (double)width + 0.5);
  output_colour(out, COLOUR_TITLE);
  output_text(out, label);
  output_colour(out, COLOUR_NONE);
  output_text(out, "[");
  output_colour(out, clean >= 90 ? COLOUR_BAD : clean >= 70 ? COLOUR_MIDDLING : COLOUR_GOOD);
  for (size_t i = 0; i < width; i++) output_text(out, i < filled ? "#" : "-");
  output_colour(out, COLOUR_NONE);
  output_text(out, "] ");
  struct text_buffer number = {NULL, 0, 0};
  text_add_percent(&number, clean);
  output_blanks(out, number.len < 6 ? 6 - number.len : 0);
  output_printable(out, number.data, number.len);
  text_buffer_free(&number);
}

static void add_words(struct text_buffer *line, const char *before, sonde_string string) {
  if (string.len == 0) return;
  if (line->len > 0) text_add(line, before);
  text_add_escaped(line, string.data, string.len);
}

static void print_host(struct session *session, struct text_buffer *line) {
  sonde_host_info info = {0};
  if (report_status(session, "host_info", sonde_host_info_get(session->context, &info))) {
    add_words(line, "", info.hostname);
    add_words(line, "  ", info.os_pretty_name);
    add_words(line, "  ", info.kernel_name);
    add_words(line, " ", info.kernel_release);
    add_words(line, " ", info.architecture);
    add_words(line, "  on ", info.virtualization);
    add_words(line, "  in ", info.container);
    print_line(&session->out, "Host  ", line);
  }
  sonde_host_info_free(&info);
}

static void print_state(struct session *session, const struct overview *overview, struct text_buffer *line) {
  const sonde_host_times *const times = &overview->after.times;
  if ((times->valid & SONDE_HOST_TIMES_UPTIME) != 0) {
    text_add(line, "up ");
    text_add_duration(line, times->uptime);
  }
  sonde_load_average load;
  if (sonde_load_average_get(session->context, &load) == SONDE_OK && (load.valid & SONDE_LOAD_AVERAGE_LOAD) != 0) {
    text_add(line, line->len > 0 ? "  load " : "load ");
    text_add_double(line, load.load1, 2);
    text_add(line, " ");
    text_add_double(line, load.load5, 2);
    text_add(line, " ");
    text_add_double(line, load.load15, 2);
  }
  sonde_user_list users = {0};
  if (sonde_user_list_get(session->context, &users) == SONDE_OK) {
    text_add(line, line->len > 0 ? "  " : "");
    text_add_u64(line, users.count);
    text_add(line, users.count == 1 ? " user" : " users");
  }
  sonde_user_list_free(&users);
  const sonde_process_table *const table = &overview->table;
  if (table->count > 0) {
    size_t running = 0;
    for (size_t i = 0; i < table->count; i++) running += table->rows[i].state == SONDE_PROCESS_STATE_RUNNING;
    text_add(line, line->len > 0 ? "  " : "");
    text_add_u64(line, table->count);
    text_add(line, " processes, ");
    text_add_u64(line, running);
    text_add(line, " running");
  }
  if (line->len > 0) print_line(&session->out, "      ", line);
}

/* Where a list ends that is too long for an overview. */
static void print_rest(struct session *session, size_t more, const char *where, struct text_buffer *line) {
  if (more == 0) return;
  text_add(line, "and ");
  text_add_u64(line, more);
  text_add(line, where);
  print_line(&session->out, "      ", line);
}

static void add_share(struct text_buffer *line, const char *word, double percent) {
  text_add(line, word);
  text_add_percent(line, percent);
}

/* The share of each CPU, eight in a line. */
static void print_cpus(struct session *session, const struct overview *overview, struct text_buffer *line) {
  const size_t most = 64;
  const size_t in_a_line = 8;
  const size_t count = overview->after.cpus.count;
  if (count < 2) return;
  for (size_t i = 0; i < count && i < most; i++) {
    const sonde_cpu_times *const now = &overview->after.cpus.rows[i];
    sonde_cpu_percents shares;
    overview_shares(&shares, overview, now);
    text_add(line, "cpu");
    text_add_u64(line, now->cpu);
    text_add(line, " ");
    text_add_percent(line, shares.busy);
    if (i % in_a_line == in_a_line - 1 || i + 1 == count || i + 1 == most) {
      print_line(&session->out, "      ", line);
    } else {
      text_add(line, "  ");
    }
  }
  print_rest(session, count > most ? count - most : 0, " more: sonde cpu", line);
}

static void print_cpu(struct session *session, const struct overview *overview, struct text_buffer *line) {
  if (!report_status(session, "cpu_times", overview->after.total_status)) return;
  sonde_cpu_percents shares;
  overview_shares(&shares, overview, &overview->after.total);
  print_bar(&session->out, "CPU   ", shares.busy);
  add_share(line, "  user ", shares.user);
  add_share(line, "  system ", shares.system);
  if ((shares.valid & SONDE_CPU_TIMES_IOWAIT) != 0) add_share(line, "  iowait ", shares.iowait);
  /* These are said only when there is something to say: 0.05 is what is not rounded to 0.0. */
  if (shares.nice >= 0.05) add_share(line, "  nice ", shares.nice);
  if (shares.irq + shares.softirq >= 0.05) add_share(line, "  irq ", shares.irq + shares.softirq);
  if (shares.steal >= 0.05) add_share(line, "  steal ", shares.steal);
  sonde_cpu_info_list info = {0};
  if (sonde_cpu_info_list_get(session->context, &info) == SONDE_OK) {
    for (size_t i = 0; i < info.count; i++) {
      text_add(line, "  ");
      text_add_u64(line, info.rows[i].num_cpus);
      text_add(line, " x ");
      text_add_escaped(line, info.rows[i].model_name.data, info.rows[i].model_name.len);
    }
  }
  sonde_cpu_info_list_free(&info);
  print_line(&session->out, "", line);
  print_cpus(session, overview, line);
}

static bool print_memory(struct session *session, sonde_virtual_memory *memory, struct text_buffer *line) {
  const bool is_there = report_status(session, "virtual_memory", sonde_virtual_memory_get(session->context, memory));
  if (is_there) {
    print_bar(&session->out, "Mem   ", sonde_virtual_memory_percent(memory));
    text_add(line, "  ");
    text_add_bytes(line, memory->used);
    text_add(line, " of ");
    text_add_bytes(line, memory->total);
    text_add(line, "  available ");
    text_add_bytes(line, memory->available);
    print_line(&session->out, "", line);
  }
  sonde_swap_memory swap;
  if (report_status(session, "swap_memory", sonde_swap_memory_get(session->context, &swap))) {
    print_bar(&session->out, "Swap  ", sonde_swap_memory_percent(&swap));
    text_add(line, "  ");
    text_add_bytes(line, swap.used);
    text_add(line, " of ");
    text_add_bytes(line, swap.total);
    print_line(&session->out, "", line);
  }
  return is_there;
}

/* What a container, or another control group, may use. */
static void print_limits(struct session *session, struct text_buffer *line) {
  sonde_cgroup cgroup = {0};
  if (sonde_cgroup_get(session->context, &cgroup, 0) == SONDE_OK) {
    if ((cgroup.valid & SONDE_CGROUP_MEMORY_LIMIT) != 0) {
      text_add(line, "memory ");
      text_add_bytes(line, cgroup.memory_usage);
      text_add(line, " of ");
      text_add_bytes(line, cgroup.memory_limit);
    }
    if ((cgroup.valid & SONDE_CGROUP_CPU_LIMIT) != 0) {
      text_add(line, line->len > 0 ? "  CPUs " : "CPUs ");
      text_add_double(line, cgroup.cpu_limit, 2);
    }
    if (line->len > 0) print_line(&session->out, "Limit ", line);
  }
  sonde_cgroup_free(&cgroup);
}

static void print_disks(struct session *session, struct text_buffer *line) {
  sonde_disk_partition_list list = {0};
  if (report_status(session, "disk_partition_list", sonde_disk_partition_list_get(session->context, &list, false))) {
    struct mount_usage *const usages = mount_usages(session, &list);
    for (size_t i = 0; i < list.count && i < most_rows; i++) {
      const sonde_disk_partition *const row = &list.rows[i];
      if (usages[i].asked && usages[i].usage.total > 0) {
        print_bar(&session->out, "Disk  ", sonde_disk_usage_percent(&usages[i].usage));
        text_add(line, "  ");
        text_add_bytes(line, usages[i].usage.used);
        text_add(line, " of ");
        text_add_bytes(line, usages[i].usage.total);
      } else {
        output_colour(&session->out, COLOUR_TITLE);
        output_text(&session->out, "Disk  ");
        output_colour(&session->out, COLOUR_NONE);
        text_add(line, usages[i].status == SONDE_ERR_TIMEOUT ? "does not answer" : "not asked");
      }
      text_add(line, "  ");
      text_add_escaped(line, row->mountpoint.data, row->mountpoint.len);
      text_add(line, "  ");
      text_add_escaped(line, row->fstype.data, row->fstype.len);
      print_line(&session->out, "", line);
    }
    print_rest(session, list.count > most_rows ? list.count - most_rows : 0, " more: sonde disk", line);
    free(usages);
  }
  sonde_disk_partition_list_free(&list);
}

static void print_net(struct session *session, const struct overview *overview, struct text_buffer *line) {
  size_t shown = 0;
  size_t more = 0;
  for (size_t i = 0; i < overview->after.net.count; i++) {
    const sonde_net_io *const now = &overview->after.net.rows[i];
    if (now->status != SONDE_OK || (now->valid & SONDE_NET_IO_BYTES) == 0) continue;
    session->num_shown++;
    if (shown == most_rows || (now->bytes_recv == 0 && now->bytes_sent == 0)) {
      more++;
      continue;
    }
    shown++;
    text_add_escaped(line, now->name.data, now->name.len);
    sonde_net_io_rate rate;
    if (overview_net_rate(&rate, overview, now)) {
      text_add(line, "  in ");
      text_add_byte_rate(line, rate.bytes_recv);
      text_add(line, "  out ");
      text_add_byte_rate(line, rate.bytes_sent);
    }
    text_add(line, "  received ");
    text_add_bytes(line, now->bytes_recv);
    text_add(line, "  sent ");
    text_add_bytes(line, now->bytes_sent);
    print_line(&session->out, "Net   ", line);
  }
  print_rest(session, more, " more: sonde net", line);
}

void overview_print_text(struct session *session, const struct overview *overview) {
  struct text_buffer line = {NULL, 0, 0};
  sonde_virtual_memory memory;
  print_host(session, &line);
  print_state(session, overview, &line);
  print_cpu(session, overview, &line);
  const bool has_memory = print_memory(session, &memory, &line);
  print_limits(session, &line);
  print_disks(session, &line);
  print_net(session, overview, &line);
  if (overview->order != NULL) {
    output_text(&session->out, "\n");
    command_print_processes(session, &overview->table, overview->percents, has_memory ? &memory : NULL, overview->order,
                            overview->num_shown);
  }
  text_buffer_free(&line);
}
