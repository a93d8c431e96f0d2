/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/overview.h"

static void take_sample(struct session *session, struct sample *out) {
  sonde *const context = session->context;
  (void)sonde_host_times_get(context, &out->times);
  (void)sonde_net_io_list_get(context, &out->net);
  (void)sonde_cpu_times_list_get(context, &out->cpus);
  out->total_status = sonde_cpu_times_get(context, &out->total);
}

bool overview_net_rate(sonde_net_io_rate *out, const struct overview *overview, const sonde_net_io *now) {
  const sonde_net_io_list *const list = &overview->before.net;
  if (overview->elapsed == 0 || now->status != SONDE_OK) return false;
  for (size_t i = 0; i < list->count; i++) {
    const sonde_string name = list->rows[i].name;
    if (name.len != now->name.len || memcmp(name.data, now->name.data, name.len) != 0) continue;
    if (list->rows[i].status != SONDE_OK) return false;
    sonde_net_io_rate_between(out, &list->rows[i], now, overview->elapsed);
    return true;
  }
  return false;
}

void overview_shares(sonde_cpu_percents *out, const struct overview *overview, const sonde_cpu_times *now) {
  const struct sample *const before = &overview->before;
  sonde_cpu_times boot;
  memset(&boot, 0, sizeof boot);
  boot.cpu = now->cpu;
  boot.valid = UINT64_MAX;
  const sonde_cpu_times *earlier = &boot;
  if (now->cpu == SONDE_CPU_TOTAL && before->total.valid != 0) earlier = &before->total;
  for (size_t i = 0; i < before->cpus.count; i++) {
    if (before->cpus.rows[i].cpu == now->cpu) earlier = &before->cpus.rows[i];
  }
  sonde_cpu_percents_between(out, earlier, now);
}

bool command_overview(struct session *session) {
  const uint64_t interval = command_interval(session, COMMAND_HALF_A_SECOND);
  sonde_process_sampler *sampler = NULL;
  struct overview overview;
  memset(&overview, 0, sizeof overview);

  bool is_new = false;
  sonde_status status = command_open_sampler(session, &sampler, &is_new);
  if (interval > 0 && status == SONDE_OK) {
    if (is_new) {
      status = command_sample_processes(session, &overview.table, &overview.percents, sampler, SONDE_PROCESS_STAT);
    }
    if (!command_recall(session, &overview.before)) take_sample(session, &overview.before);
    if (overview.before.total_status == SONDE_OK || status == SONDE_OK) command_wait(session, interval);
  }
  take_sample(session, &overview.after);
  overview.elapsed = command_elapsed(&overview.before.times, &overview.after.times, 0);
  if (status == SONDE_OK) {
    status = command_sample_processes(session, &overview.table, &overview.percents, sampler, COMMAND_PROCESS_FIELDS);
  }
  if (report_status(session, "process_table", status) && command_has_processes(session, overview.table.count)) {
    const struct process_order how = {&overview.table, overview.percents, NULL};
    const uint64_t limit = (session->line->given & OPTION_LIMIT) != 0 ? session->line->limit : 10;
    overview.order = allocate_or_exit(NULL, overview.table.count, sizeof overview.order[0]);
    command_sort_processes(overview.order, &how);
    overview.num_shown = overview.table.count < limit ? overview.table.count : (size_t)limit;
  }
  if (session->doc != NULL) {
    overview_print_json(session, &overview);
  } else {
    session->out.fits = true;
    overview_print_text(session, &overview);
    session->out.fits = false;
  }
  free(overview.order);
  command_free_sample(&overview.before);
  command_keep(session, &overview.after);
  command_close_sampler(session, sampler);
  sonde_process_table_free(&overview.table);
  return true;
}
