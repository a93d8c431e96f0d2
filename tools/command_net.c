/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"

static const sonde_net_io *find_interface(const sonde_net_io_list *list, const sonde_net_io *like) {
  for (size_t i = 0; i < list->count; i++) {
    const sonde_string name = list->rows[i].name;
    if (name.len == like->name.len && memcmp(name.data, like->name.data, name.len) == 0) return &list->rows[i];
  }
  return NULL;
}

static void report_io(struct session *session) {
  static const char key[] = "net_io_list";
  const uint64_t interval = command_interval(session, 0);
  struct sample first = {0};
  struct sample after = {0};
  const bool has_first = interval > 0 && command_recall(session, &first);
  sonde_status status = has_first ? SONDE_OK : sonde_net_io_list_get(session->context, &first.net);
  if (interval == 0 || status != SONDE_OK) {
    REPORT_LIST(session, key, "Traffic since the interface came up", &record_net_io, first.net, status);
    command_free_sample(&first);
    return;
  }
  if (!has_first) (void)sonde_host_times_get(session->context, &first.times);
  command_wait(session, interval);
  status = sonde_net_io_list_get(session->context, &after.net);
  if (report_status(session, key, status)) {
    (void)sonde_host_times_get(session->context, &after.times);
    const uint64_t elapsed = command_elapsed(&first.times, &after.times, interval);
    const sonde_net_io_list *const rows = &after.net;
    report_bad_rows(session, key, &record_net_io, rows->rows, rows->count);
    sonde_net_io_rate *const rates = allocate_or_exit(NULL, rows->count, sizeof rates[0]);
    bool *const told = allocate_or_exit(NULL, rows->count, sizeof told[0]);
    for (size_t i = 0; i < rows->count; i++) {
      const sonde_net_io *const before = find_interface(&first.net, &rows->rows[i]);
      told[i] = before != NULL && before->status == SONDE_OK && rows->rows[i].status == SONDE_OK;
      if (told[i]) sonde_net_io_rate_between(&rates[i], before, &rows->rows[i], elapsed);
    }
    static const char *const names[] = {"name", "status", NULL};
    report_pairs(session, key, "Traffic per second", &record_net_io, rows->rows, names, &record_net_io_rate, rates,
                 told, rows->count);
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

bool command_net(struct session *session) {
  sonde *const context = session->context;
  sonde_net_if_stats_list stats = {0};
  sonde_status status = sonde_net_if_stats_list_get(context, &stats);
  REPORT_LIST(session, "net_if_stats_list", "Interfaces", &record_net_if_stats, stats, status);
  sonde_net_if_stats_list_free(&stats);

  sonde_net_if_addr_list addrs = {0};
  status = sonde_net_if_addr_list_get(context, &addrs);
  REPORT_LIST(session, "net_if_addr_list", "Addresses", &record_net_if_addr, addrs, status);
  sonde_net_if_addr_list_free(&addrs);

  report_io(session);

  if ((session->line->given & OPTION_ALL) == 0) return true;
  sonde_connection_list connections = {0};
  const uint32_t kinds = (uint32_t)SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER | SONDE_CONNECTION_TCP_INFO;
  status = sonde_connection_list_get(context, &connections, kinds);
  REPORT_LIST(session, "connection_list", "Connections", &record_connection, connections, status);
  sonde_connection_list_free(&connections);

  sonde_net_error_list errors = {0};
  status = sonde_net_error_list_get(context, &errors);
  REPORT_LIST(session, "net_error_list", "Errors since the interface came up", &record_net_error, errors, status);
  sonde_net_error_list_free(&errors);

  sonde_net_protocol_list protocols = {0};
  status = sonde_net_protocol_list_get(context, &protocols);
  REPORT_LIST(session, "net_protocol_list", "Counters of the protocols", &record_net_protocol, protocols, status);
  sonde_net_protocol_list_free(&protocols);
  return true;
}
