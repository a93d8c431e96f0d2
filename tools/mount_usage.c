/* SPDX-License-Identifier: MIT */
#include "tools/mount_usage.h"

#include <stdlib.h>
#include <string.h>

struct mount_usage *mount_usages(struct session *session, const sonde_disk_partition_list *list) {
  const bool all = (session->line->given & OPTION_ALL) != 0;
  const uint64_t timeout = (session->line->given & OPTION_TIMEOUT) != 0 ? session->line->timeout : SONDE_NSEC_PER_SEC;
  struct mount_usage *const usages = allocate_or_exit(NULL, list->count, sizeof usages[0]);
  for (size_t i = 0; i < list->count; i++) {
    const sonde_disk_partition *const row = &list->rows[i];
    struct mount_usage *const out = &usages[i];
    memset(out, 0, sizeof *out);
    if (row->status != SONDE_OK || row->mountpoint.len == 0) continue;
    if (!all && (row->flags & (SONDE_MOUNT_REMOTE | SONDE_MOUNT_AUTO)) != 0) continue;
    out->status = sonde_disk_usage_get(session->context, &out->usage, row->mountpoint.data, timeout);
    out->asked = out->status == SONDE_OK;
    if (out->asked || out->status == SONDE_ERR_UNSUPPORTED) {
      out->status = SONDE_OK;
      continue;
    }
    sonde_error error;
    sonde_last_error(session->context, &error);
    output_text(&session->err, "sonde: disk_usage of ");
    output_string(&session->err, row->mountpoint);
    output_text(&session->err, ": ");
    if (error.text.len > 0) {
      output_string(&session->err, error.text);
    } else {
      output_text(&session->err, sonde_strerror(out->status));
    }
    output_text(&session->err, "\n");
  }
  return usages;
}

void mount_usages_report_json(struct session *session) {
  static const char key[] = "disk_partition_list";
  sonde_disk_partition_list list = {0};
  const bool all = (session->line->given & OPTION_ALL) != 0;
  if (report_status(session, key, sonde_disk_partition_list_get(session->context, &list, all))) {
    report_bad_rows(session, key, &record_disk_partition, list.rows, list.count);
    struct mount_usage *const usages = mount_usages(session, &list);
    yyjson_mut_val *const array = json_array(session->doc);
    for (size_t i = 0; i < list.count; i++) {
      yyjson_mut_val *const row = json_record(session->doc, &record_disk_partition, &list.rows[i], NULL);
      if (usages[i].asked) {
        json_add(session->doc, row, "disk_usage",
                 json_record(session->doc, &record_disk_usage, &usages[i].usage, NULL));
      } else if (usages[i].status != SONDE_OK) {
        json_add(session->doc, row, "disk_usage", json_status(session->doc, usages[i].status));
      }
      json_append(array, row);
    }
    json_add(session->doc, report_root(session), key, array);
    free(usages);
  }
  sonde_disk_partition_list_free(&list);
}
