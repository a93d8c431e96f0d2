/* SPDX-License-Identifier: MIT */
/* How busy the CPUs are over an interval: two samples, and a pure function of them. */
#include <inttypes.h>
#include <sonde/sonde.h>
#include <stdio.h>

/* Lets a fifth of a second pass, computing. A real program sleeps, or does its work, in the meantime. */
static void pass_time(sonde *s) {
  sonde_host_times start = {0};
  sonde_host_times now = {0};
  volatile uint64_t sum = 0;
  if (sonde_host_times_get(s, &start) != SONDE_OK) return;
  do {
    for (unsigned i = 0; i < 1000000; i++) sum = sum + i;
  } while (sonde_host_times_get(s, &now) == SONDE_OK && now.monotonic - start.monotonic < SONDE_NSEC_PER_SEC / 5);
}

int main(void) {
  sonde *s = NULL;
  if (sonde_open(&s, NULL) != SONDE_OK) return 1;
  sonde_cpu_times before = {0};
  sonde_cpu_times after = {0};
  sonde_cpu_times_list each_before = {0};
  sonde_cpu_times_list each_after = {0};

  sonde_status status = sonde_cpu_times_get(s, &before);
  if (status == SONDE_OK) status = sonde_cpu_times_list_get(s, &each_before);
  if (status == SONDE_OK) pass_time(s);
  if (status == SONDE_OK) status = sonde_cpu_times_get(s, &after);
  if (status == SONDE_OK) status = sonde_cpu_times_list_get(s, &each_after);

  if (status == SONDE_OK) {
    sonde_cpu_percents shares;
    sonde_cpu_percents_between(&shares, &before, &after);
    printf("all   busy %5.1f%%  user %5.1f%%  system %5.1f%%\n", shares.busy, shares.user, shares.system);
    for (size_t i = 0; i < each_after.count; i++) {
      /* A CPU may have come or gone: only rows of the same one are compared. */
      for (size_t k = 0; k < each_before.count; k++) {
        if (each_before.rows[k].cpu != each_after.rows[i].cpu) continue;
        printf("%-5" PRIu32 " busy %5.1f%%\n", each_after.rows[i].cpu,
               sonde_cpu_percent(&each_before.rows[k], &each_after.rows[i]));
      }
    }
  } else if (status == SONDE_ERR_UNSUPPORTED) {
    puts("SKIP: this system does not tell the times of its CPUs");
  }
  sonde_cpu_times_list_free(&each_before);
  sonde_cpu_times_list_free(&each_after);
  sonde_close(s);
  return status == SONDE_OK || status == SONDE_ERR_UNSUPPORTED ? 0 : 1;
}
