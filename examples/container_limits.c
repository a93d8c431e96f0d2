/* SPDX-License-Identifier: MIT */
/* What the machine has, and what this process may use of it: in a container the two differ. */
#include <inttypes.h>
#include <sonde/sonde.h>
#include <stdio.h>

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) return 1;
  sonde_virtual_memory memory = {0};
  sonde_cpu_count count = {0};
  sonde_cgroup cgroup = {0};

  if (sonde_virtual_memory_get(s, &memory) == SONDE_OK) {
    printf("memory of the machine: %" PRIu64 " MiB\n", memory.total / 1048576);
  }
  if (sonde_cpu_count_get(s, &count) == SONDE_OK) {
    printf("CPUs of the machine: %" PRIu32 "\n", count.logical);
    if ((count.valid & SONDE_CPU_COUNT_USABLE) != 0) printf("CPUs that may be used: %" PRIu32 "\n", count.usable);
  }

  const sonde_status status = sonde_cgroup_get(s, &cgroup, 0);
  if (status == SONDE_ERR_UNSUPPORTED) puts("SKIP: this system has no control groups");
  if (status == SONDE_OK) {
    char path[512];
    (void)sonde_escape(path, sizeof path, cgroup.path.data, cgroup.path.len);
    printf("control group: %s (version %" PRIu32 ")\n", path, cgroup.version);
    if ((cgroup.valid & SONDE_CGROUP_MEMORY_LIMIT) != 0) {
      printf("memory limit: %" PRIu64 " MiB\n", cgroup.memory_limit / 1048576);
    } else {
      puts("memory limit: none");
    }
    if ((cgroup.valid & SONDE_CGROUP_MEMORY_USAGE) != 0) {
      printf("memory used: %" PRIu64 " MiB\n", cgroup.memory_usage / 1048576);
    }
    if ((cgroup.valid & SONDE_CGROUP_CPU_LIMIT) != 0) {
      printf("CPU limit: %.2f CPUs\n", cgroup.cpu_limit);
    } else {
      puts("CPU limit: none");
    }
  }
  sonde_cgroup_free(&cgroup);
  sonde_close(s);
  return status == SONDE_OK || status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}
