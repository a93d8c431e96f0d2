/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "tools/mount_usage.h"
#include "tools/overview.h"

static void report_cpus(struct session *session, const struct overview *overview) {
  const sonde_cpu_times_list *const cpus = &overview->after.cpus;
  report_record(session, NULL, &record_cpu_times, &overview->after.total, overview->after.total_status);
  if (overview->after.total_status == SONDE_OK) {
    sonde_cpu_percents shares;
    overview_shares(&shares, overview, &overview->after.total);
    report_record(session, NULL, &record_cpu_percents, &shares, SONDE_OK);
  }
  if (cpus->count == 0) return;
  sonde_cpu_percents *const shares = allocate_or_exit(NULL, cpus->count, sizeof shares[0]);
  bool *const told = allocate_or_exit(NULL, cpus->count, sizeof told[0]);
  for (size_t i = 0; i < cpus->count; i++) {
    told[i] = cpus->rows[i].status == SONDE_OK;
    if (told[i]) overview_shares(&shares[i], overview, &cpus->rows[i]);
  }
  report_pairs(session, "cpu_times_list", NULL, &record_cpu_times, cpus->rows, NULL, &record_cpu_percents, shares, told,
               cpus->count);
  free(shares);
  free(told);
}

static void report_interfaces(struct session *session, const struct overview *overview) {
  const sonde_net_io_list *const net = &overview->after.net;
  if (net->count == 0) return;
  sonde_net_io_rate *const rates = allocate_or_exit(NULL, net->count, sizeof rates[0]);
  bool *const told = allocate_or_exit(NULL, net->count, sizeof told[0]);
  for (size_t i = 0; i < net->count; i++) told[i] = overview_net_rate(&rates[i], overview, &net->rows[i]);
  report_pairs(session, "net_io_list", NULL, &record_net_io, net->rows, NULL, &record_net_io_rate, rates, told,
               net->count);
  free(rates);
  free(told);
}

void overview_print_json(struct session *session, const struct overview *overview) {
  sonde *const context = session->context;
  sonde_host_info info = {0};
  sonde_status status = sonde_host_info_get(context, &info);
  report_record(session, NULL, &record_host_info, &info, status);
  sonde_host_info_free(&info);
  sonde_host_times times;
  status = sonde_host_times_get(context, &times);
  report_record(session, NULL, &record_host_times, &times, status);
  sonde_load_average load;
  status = sonde_load_average_get(context, &load);
  report_record(session, NULL, &record_load_average, &load, status);
  report_cpus(session, overview);
  sonde_virtual_memory memory;
  status = sonde_virtual_memory_get(context, &memory);
  report_record(session, NULL, &record_virtual_memory, &memory, status);
  sonde_swap_memory swap;
  status = sonde_swap_memory_get(context, &swap);
  report_record(session, NULL, &record_swap_memory, &swap, status);
  mount_usages_report_json(session);
  report_interfaces(session, overview);
  if (overview->order == NULL) return;
  yyjson_mut_val *const array = json_array(session->doc);
  for (size_t i = 0; i < overview->num_shown; i++) {
    const sonde_process *const row = &overview->table.rows[overview->order[i]];
    json_append(array, json_record(session->doc, &record_process, row, NULL));
  }
  json_add(session->doc, report_root(session), "process_table", array);
}
