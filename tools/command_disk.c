/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"
#include "tools/field_text.h"
#include "tools/mount_usage.h"

static void add_text_cell(struct text_table *table, sonde_string string) {
  text_add_escaped(text_table_cell_begin(table), string.data, string.len);
  text_table_cell_end(table, COLOUR_NONE);
}

static void add_bytes_cell(struct text_table *table, bool told, uint64_t bytes) {
  struct text_buffer *const cell = text_table_cell_begin(table);
  if (told) text_add_bytes(cell, bytes);
  text_table_cell_end(table, COLOUR_NONE);
}

static void print_partitions(struct session *session, const sonde_disk_partition_list *list,
                             const struct mount_usage *usages) {
  static const char *const titles[] = {"mountpoint", "fstype",  "total",  "used",  "free",
                                       "used%",      "inodes%", "device", "status"};
  struct text_table table;
  memset(&table, 0, sizeof table);
  for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
    text_table_column(&table, titles[i], i >= 2 && i <= 6);
  }
  for (size_t i = 0; i < list->count; i++) {
    const sonde_disk_partition *const row = &list->rows[i];
    const sonde_disk_usage *const usage = &usages[i].usage;
    const bool has_space = usages[i].asked && (usage->valid & SONDE_DISK_USAGE_SPACE) != 0;
    add_text_cell(&table, row->mountpoint);
    add_text_cell(&table, row->fstype);
    add_bytes_cell(&table, has_space, usage->total);
    add_bytes_cell(&table, has_space, usage->used);
    add_bytes_cell(&table, has_space, usage->free);
    struct text_buffer *cell = text_table_cell_begin(&table);
    if (has_space && usage->total > 0) text_add_percent(cell, sonde_disk_usage_percent(usage));
    text_table_cell_end(&table, COLOUR_NONE);
    cell = text_table_cell_begin(&table);
    if (usages[i].asked && (usage->valid & SONDE_DISK_USAGE_INODES) != 0 && usage->inodes > 0) {
      text_add_percent(cell, (double)usage->inodes_used / (double)usage->inodes * 100.0);
    }
    text_table_cell_end(&table, COLOUR_NONE);
    add_text_cell(&table, row->device);
    cell = text_table_cell_begin(&table);
    if (row->status != SONDE_OK) {
      text_add(cell, status_word(row->status));
    } else if (usages[i].status != SONDE_OK) {
      text_add(cell, status_word(usages[i].status));
    }
    text_table_cell_end(&table, COLOUR_BAD);
  }
  text_table_print(&table, &session->out, true);
  text_table_free(&table);
}

static void report_partitions(struct session *session) {
  static const char key[] = "disk_partition_list";
  sonde_disk_partition_list list = {0};
  const bool all = (session->line->given & OPTION_ALL) != 0;
  if (report_status(session, key, sonde_disk_partition_list_get(session->context, &list, all))) {
    report_bad_rows(session, key, &record_disk_partition, list.rows, list.count);
    struct mount_usage *const usages = mount_usages(session, &list);
    report_title(session, "Mounted");
    if (list.count == 0) output_text(&session->out, "  none\n");
    print_partitions(session, &list, usages);
    free(usages);
  }
  sonde_disk_partition_list_free(&list);
}

static const sonde_disk_io *find_disk(const sonde_disk_io_list *list, const sonde_disk_io *like) {
  for (size_t i = 0; i < list->count; i++) {
    const sonde_string name = list->rows[i].name;
    if (name.len == like->name.len && memcmp(name.data, like->name.data, name.len) == 0) return &list->rows[i];
  }
  return NULL;
}

static void report_io(struct session *session) {
  static const char key[] = "disk_io_list";
  const uint64_t interval = command_interval(session, 0);
  struct sample first = {0};
  struct sample after = {0};
  const bool has_first = interval > 0 && command_recall(session, &first);
  sonde_status status = has_first ? SONDE_OK : sonde_disk_io_list_get(session->context, &first.disk);
  if (interval == 0 || status != SONDE_OK) {
    REPORT_LIST(session, key, "Work since boot", &record_disk_io, first.disk, status);
    command_free_sample(&first);
    return;
  }
  if (!has_first) (void)sonde_host_times_get(session->context, &first.times);
  command_wait(session, interval);
  status = sonde_disk_io_list_get(session->context, &after.disk);
  if (report_status(session, key, status)) {
    (void)sonde_host_times_get(session->context, &after.times);
    const uint64_t elapsed = command_elapsed(&first.times, &after.times, interval);
    const sonde_disk_io_list *const rows = &after.disk;
    report_bad_rows(session, key, &record_disk_io, rows->rows, rows->count);
    sonde_disk_io_rate *const rates = allocate_or_exit(NULL, rows->count, sizeof rates[0]);
    bool *const told = allocate_or_exit(NULL, rows->count, sizeof told[0]);
    for (size_t i = 0; i < rows->count; i++) {
      const sonde_disk_io *const before = find_disk(&first.disk, &rows->rows[i]);
      told[i] = before != NULL && before->status == SONDE_OK && rows->rows[i].status == SONDE_OK;
      if (told[i]) sonde_disk_io_rate_between(&rates[i], before, &rows->rows[i], elapsed);
    }
    static const char *const names[] = {"name", "status", NULL};
    report_pairs(session, key, "Work per second", &record_disk_io, rows->rows, names, &record_disk_io_rate, rates, told,
                 rows->count);
    free(rates);
    free(told);
  }
  command_free_sample(&first);
  if (status == SONDE_OK) {
    command_keep(session, &after);
  } else {
    command_free_sample(&after);
  }
}

bool command_disk(struct session *session) {
  if (session->doc != NULL) {
    mount_usages_report_json(session);
  } else {
    report_partitions(session);
  }
  report_io(session);
  sonde_disk_device_list devices = {0};
  const sonde_status status = sonde_disk_device_list_get(session->context, &devices);
  REPORT_LIST(session, "disk_device_list", "Devices", &record_disk_device, devices, status);
  sonde_disk_device_list_free(&devices);
  return true;
}
