/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"

/* The shares of each CPU since the list `before`; since boot for one that was not in it. */
static void shares_of(sonde_cpu_percents *out, bool *told, const sonde_cpu_times_list *before,
                      const sonde_cpu_times_list *after) {
  for (size_t i = 0; i < after->count; i++) {
    sonde_cpu_times none;
    memset(&none, 0, sizeof none);
    none.cpu = after->rows[i].cpu;
    none.valid = UINT64_MAX;
    const sonde_cpu_times *earlier = &none;
    for (size_t k = 0; k < before->count; k++) {
      const size_t guess = (i + k) % before->count;
      if (before->rows[guess].cpu != after->rows[i].cpu) continue;
      if (before->rows[guess].status == SONDE_OK) earlier = &before->rows[guess];
      break;
    }
    told[i] = after->rows[i].status == SONDE_OK;
    if (told[i]) sonde_cpu_percents_between(&out[i], earlier, &after->rows[i]);
  }
}

static void report_times(struct session *session) {
  const uint64_t interval = command_interval(session, COMMAND_HALF_A_SECOND);
  struct sample before = {0};
  struct sample after = {0};
  sonde_status status = SONDE_OK;
  if (interval == 0) {
    before.total.cpu = SONDE_CPU_TOTAL; /* boot: nothing has been counted */
    before.total.valid = UINT64_MAX;
  } else {
    if (!command_recall(session, &before)) {
      status = sonde_cpu_times_get(session->context, &before.total);
      if (status == SONDE_OK) (void)sonde_cpu_times_list_get(session->context, &before.cpus);
    }
    if (status == SONDE_OK) command_wait(session, interval);
  }
  if (status == SONDE_OK) status = sonde_cpu_times_get(session->context, &after.total);
  const bool has_total = status == SONDE_OK;
  report_record(session, "Times since boot", &record_cpu_times, &after.total, status);
  if (has_total) {
    sonde_cpu_percents percents;
    sonde_cpu_percents_between(&percents, &before.total, &after.total);
    report_record(session, interval > 0 ? "Shares over the interval" : "Shares since boot", &record_cpu_percents,
                  &percents, SONDE_OK);
  }
  status = sonde_cpu_times_list_get(session->context, &after.cpus);
  if (report_status(session, "cpu_times_list", status)) {
    const size_t count = after.cpus.count;
    sonde_cpu_percents *const shares = allocate_or_exit(NULL, count, sizeof shares[0]);
    bool *const told = allocate_or_exit(NULL, count, sizeof told[0]);
    static const char *const names[] = {"cpu", "status", NULL};
    report_bad_rows(session, "cpu_times_list", &record_cpu_times, after.cpus.rows, count);
    shares_of(shares, told, &before.cpus, &after.cpus);
    report_pairs(session, "cpu_times_list", interval > 0 ? "Each CPU, over the interval" : "Each CPU, since boot",
                 &record_cpu_times, after.cpus.rows, names, &record_cpu_percents, shares, told, count);
    free(shares);
    free(told);
  }
  command_free_sample(&before);
  if (has_total && interval > 0) {
    command_keep(session, &after);
  } else {
    command_free_sample(&after);
  }
}

bool command_cpu(struct session *session) {
  sonde *const context = session->context;
  report_times(session);

  sonde_cpu_count count;
  sonde_status status = sonde_cpu_count_get(context, &count);
  report_record(session, "Count", &record_cpu_count, &count, status);

  sonde_load_average load;
  status = sonde_load_average_get(context, &load);
  report_record(session, "Load average", &record_load_average, &load, status);

  sonde_cpu_stats stats;
  status = sonde_cpu_stats_get(context, &stats);
  report_record(session, "Counters since boot", &record_cpu_stats, &stats, status);

  sonde_cpu_info_list info = {0};
  status = sonde_cpu_info_list_get(context, &info);
  REPORT_LIST(session, "cpu_info_list", "Models", &record_cpu_info, info, status);
  sonde_cpu_info_list_free(&info);

  sonde_cpu_freq_list freq = {0};
  status = sonde_cpu_freq_list_get(context, &freq);
  REPORT_LIST(session, "cpu_freq_list", "Frequencies", &record_cpu_freq, freq, status);
  sonde_cpu_freq_list_free(&freq);

  sonde_cpu_cache_list cache = {0};
  status = sonde_cpu_cache_list_get(context, &cache);
  REPORT_LIST(session, "cpu_cache_list", "Caches", &record_cpu_cache, cache, status);
  sonde_cpu_cache_list_free(&cache);

  sonde_cpu_vulnerability_list vulnerabilities = {0};
  status = sonde_cpu_vulnerability_list_get(context, &vulnerabilities);
  REPORT_LIST(session, "cpu_vulnerability_list", "Vulnerabilities", &record_cpu_vulnerability, vulnerabilities, status);
  sonde_cpu_vulnerability_list_free(&vulnerabilities);

  if ((session->line->given & OPTION_ALL) == 0) return true;
  sonde_cpu_topology_list topology = {0};
  status = sonde_cpu_topology_list_get(context, &topology);
  REPORT_LIST(session, "cpu_topology_list", "Topology", &record_cpu_topology, topology, status);
  sonde_cpu_topology_list_free(&topology);

  sonde_cpu_schedstat_list schedstat = {0};
  status = sonde_cpu_schedstat_list_get(context, &schedstat);
  REPORT_LIST(session, "cpu_schedstat_list", "Scheduler since boot", &record_cpu_schedstat, schedstat, status);
  sonde_cpu_schedstat_list_free(&schedstat);

  sonde_cpu_throttle_list throttle = {0};
  status = sonde_cpu_throttle_list_get(context, &throttle);
  REPORT_LIST(session, "cpu_throttle_list", "Slowed down for heat since boot", &record_cpu_throttle, throttle, status);
  sonde_cpu_throttle_list_free(&throttle);

  sonde_cpu_interrupt_list interrupts = {0};
  status = sonde_cpu_interrupt_list_get(context, &interrupts);
  REPORT_LIST(session, "cpu_interrupt_list", "Interrupts since boot", &record_cpu_interrupt, interrupts, status);
  sonde_cpu_interrupt_list_free(&interrupts);
  return true;
}
