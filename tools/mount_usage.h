/* SPDX-License-Identifier: MIT */
/*
 * mount_usage.h - how full the mounted file systems are, without hanging on a dead one.
 */
#ifndef SONDE_TOOLS_MOUNT_USAGE_H
#define SONDE_TOOLS_MOUNT_USAGE_H

#include "tools/report.h"

struct mount_usage {
  bool asked; /* and told: usage is filled */
  sonde_status status;
  sonde_disk_usage usage;
};

/* One entry per row, to be freed. Each mount has --timeout seconds (1) to answer. Network and automount file systems
 * are not asked, unless --all is given. What failed, but for SONDE_ERR_UNSUPPORTED, is said on err. */
struct mount_usage *mount_usages(struct session *session, const sonde_disk_partition_list *list);

/* The partitions, each with its usage, as JSON: disk_partition_list. */
void mount_usages_report_json(struct session *session);

#endif /* SONDE_TOOLS_MOUNT_USAGE_H */
