/* SPDX-License-Identifier: MIT */
#include "tools/command.h"

bool command_pids(struct session *session) {
  sonde_pid_list list = {0};
  const sonde_status status = sonde_pid_list_get(session->context, &list);
  if (status != SONDE_OK) {
    (void)report_status(session, "pid_list", status);
  } else if (command_has_processes(session, list.count)) {
    session->num_shown++;
    yyjson_mut_val *const array = session->doc != NULL ? json_array(session->doc) : NULL;
    for (size_t i = 0; i < list.count; i++) {
      if (array != NULL) {
        json_append(array, json_i64(session->doc, list.rows[i]));
      } else {
        output_number(&session->out, (uint64_t)list.rows[i]);
        output_text(&session->out, "\n");
      }
    }
    if (array != NULL) json_add(session->doc, report_root(session), "pid_list", array);
  }
  sonde_pid_list_free(&list);
  return true;
}

/* Where the system opens no processes, by pid alone. */
static sonde_status read_process(struct session *session, sonde_process_table *out, sonde_process_handle *process,
                                 sonde_pid pid, uint64_t fields) {
  return process != NULL ? sonde_process_read(process, out, fields)
                         : sonde_process_get(session->context, out, pid, fields);
}

/* The record. False when there is none to tell more of. *is_zombie:
 * it has ended. */
static bool report_process(struct session *session, bool *is_zombie, sonde_process_handle *process, sonde_pid pid) {
  sonde_process_table table = {0};
  sonde_status status = read_process(session, &table, process, pid, SONDE_PROCESS_ALL);
  /* Linux tells them to root alone, also of one's own processes: that is no flaw of the answer. */
  if (status == SONDE_OK && table.count == 1 && table.rows[0].denied == SONDE_PROCESS_DELAYS) {
    status = read_process(session, &table, process, pid, SONDE_PROCESS_ALL & ~SONDE_PROCESS_DELAYS);
  }
  const bool is_there = status == SONDE_OK && table.count == 1;
  if (!is_there) {
    (void)report_status(session, "process", status);
  } else {
    report_bad_rows(session, "process", &record_process, table.rows, table.count);
    report_record(session, "Process", &record_process, &table.rows[0], SONDE_OK);
    *is_zombie = table.rows[0].state == SONDE_PROCESS_STATE_ZOMBIE;
  }
  sonde_process_table_free(&table);
  return is_there;
}

/* It may end at any time. */
static sonde_status unless_zombie(sonde_status status) {
  return status == SONDE_ERR_ZOMBIE ? SONDE_ERR_UNSUPPORTED : status;
}

static void report_parts(struct session *session, sonde_process_handle *process) {
  sonde_thread_list threads = {0};
  sonde_status status = unless_zombie(sonde_thread_list_get(process, &threads));
  REPORT_LIST(session, "thread_list", "Threads", &record_thread, threads, status);
  sonde_thread_list_free(&threads);

  sonde_limit_list limits = {0};
  status = unless_zombie(sonde_limit_list_get(process, &limits));
  REPORT_LIST(session, "limit_list", "Limits", &record_limit, limits, status);
  sonde_limit_list_free(&limits);
}

/* What a zombie has no more. */
static void report_living_parts(struct session *session, sonde_process_handle *process) {
  sonde_open_file_list files = {0};
  sonde_status status = unless_zombie(sonde_open_file_list_get(process, &files, false));
  REPORT_LIST(session, "open_file_list", "Open files", &record_open_file, files, status);
  sonde_open_file_list_free(&files);

  sonde_connection_list connections = {0};
  status = unless_zombie(sonde_process_connections_get(process, &connections, SONDE_CONNECTION_ALL));
  REPORT_LIST(session, "connection_list", "Connections", &record_connection, connections, status);
  sonde_connection_list_free(&connections);

  if ((session->line->given & OPTION_ALL) == 0) return;
  sonde_environ_list environment = {0};
  status = unless_zombie(sonde_environ_list_get(process, &environment));
  REPORT_LIST(session, "environ_list", "Environment", &record_environ, environment, status);
  sonde_environ_list_free(&environment);

  sonde_map_list maps = {0};
  status = unless_zombie(sonde_map_list_get(process, &maps, true));
  REPORT_LIST(session, "map_list", "Mappings", &record_map, maps, status);
  sonde_map_list_free(&maps);
}

bool command_process(struct session *session) {
  sonde_pid pid = 0;
  if (!command_read_pid(session, &pid)) return false;
  sonde_process_handle *process = NULL;
  const sonde_status status = sonde_process_open(session->context, &process, pid);
  if (status != SONDE_OK && status != SONDE_ERR_UNSUPPORTED) {
    (void)report_status(session, "process", status);
    return true;
  }
  bool is_zombie = false;
  if (report_process(session, &is_zombie, process, pid) && process != NULL) {
    report_parts(session, process);
    if (!is_zombie) report_living_parts(session, process);
  }
  sonde_process_close(process);
  return true;
}
