/* SPDX-License-Identifier: MIT */
/* How full the disks are, never waiting longer than a second for one whose server is dead. */
#include <inttypes.h>
#include <sonde/sonde.h>
#include <stdio.h>

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) return 1;
  sonde_disk_partition_list list = {0};
  const sonde_status status = sonde_disk_partition_list_get(s, &list, false);
  if (status == SONDE_ERR_UNSUPPORTED) puts("SKIP: this system does not tell its mounts");

  for (size_t i = 0; i < list.count; i++) {
    const sonde_disk_partition *const row = &list.rows[i];
    char mountpoint[512];
    (void)sonde_escape(mountpoint, sizeof mountpoint, row->mountpoint.data, row->mountpoint.len);
    if ((row->flags & SONDE_MOUNT_AUTO) != 0) {
      printf("%-30s not asked: that would mount it\n", mountpoint);
      continue;
    }
    sonde_disk_usage usage = {0};
    const sonde_status answer = sonde_disk_usage_get(s, &usage, row->mountpoint.data, SONDE_NSEC_PER_SEC);
    if (answer != SONDE_OK) {
      printf("%-30s %s\n", mountpoint, sonde_strerror(answer));
    } else {
      printf("%-30s %5.1f%% of %" PRIu64 " MiB\n", mountpoint, sonde_disk_usage_percent(&usage), usage.total / 1048576);
    }
  }
  sonde_disk_partition_list_free(&list);
  sonde_close(s);
  return status == SONDE_OK || status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}
