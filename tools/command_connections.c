/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "tools/command.h"

static const struct {
  const char *name;
  uint32_t kinds;
} kind_words[] = {
    {"all", SONDE_CONNECTION_ALL},     {"inet", SONDE_CONNECTION_INET}, {"inet4", SONDE_CONNECTION_INET4},
    {"inet6", SONDE_CONNECTION_INET6}, {"tcp", SONDE_CONNECTION_TCP},   {"tcp4", SONDE_CONNECTION_TCP4},
    {"tcp6", SONDE_CONNECTION_TCP6},   {"udp", SONDE_CONNECTION_UDP},   {"udp4", SONDE_CONNECTION_UDP4},
    {"udp6", SONDE_CONNECTION_UDP6},   {"unix", SONDE_CONNECTION_UNIX}, {"raw", SONDE_CONNECTION_RAW},
    {"raw4", SONDE_CONNECTION_RAW4},   {"raw6", SONDE_CONNECTION_RAW6},
};

static uint32_t kinds_of(const char *word) {
  for (size_t i = 0; i < sizeof kind_words / sizeof kind_words[0]; i++) {
    if (strcmp(kind_words[i].name, word) == 0) return kind_words[i].kinds;
  }
  return 0;
}

/* The operands: kinds, or-ed, and one pid. */
static bool read_operands(struct session *session, uint32_t *kinds, sonde_pid *pid, bool *has_pid) {
  const struct command_line *const line = session->line;
  *kinds = 0;
  *has_pid = false;
  for (size_t i = 1; i < line->num_words; i++) {
    const char *const word = line->words[i];
    const uint32_t named = kinds_of(word);
    uint64_t number = 0;
    if (named != 0) {
      *kinds |= named;
    } else if (!*has_pid && read_number(&number, word, INT64_MAX)) {
      *has_pid = true;
      *pid = (sonde_pid)number;
    } else {
      output_text(&session->err, "sonde: connections: neither a pid nor a kind: '");
      output_escaped(&session->err, word, strlen(word));
      output_text(&session->err, "'\n");
      return false;
    }
  }
  if (*kinds == 0) *kinds = SONDE_CONNECTION_ALL;
  return true;
}

static sonde_status list_connections(struct session *session, sonde_connection_list *out, uint32_t kinds,
                                     const sonde_pid *pid) {
  if (pid == NULL) return sonde_connection_list_get(session->context, out, kinds | SONDE_CONNECTION_OWNER);
  sonde_process_handle *process = NULL;
  sonde_status status = sonde_process_open(session->context, &process, *pid);
  if (status != SONDE_OK) return status;
  status = sonde_process_connections_get(process, out, kinds);
  sonde_process_close(process);
  return status;
}

static const char key[] = "connection_list";
static const char title[] = "Connections";

/* Queues stand in the way of no other column here, as they do in `sonde net`. */
static void show(struct session *session, const sonde_connection_list *list, sonde_status status) {
  static const char *const names[] = {"status", "family", "type",  "state", "recv_queue", "send_queue", "laddr",
                                      "raddr",  "lpath",  "rpath", "pid",   "fd",         "uid"};
  const struct field *fields[sizeof names / sizeof names[0]];
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) fields[i] = record_find(&record_connection, names[i]);
  const struct field_choice choice = {fields, sizeof names / sizeof names[0]};
  const bool is_json = session->doc != NULL;
  report_rows(session, key, title, &record_connection, list->rows, list->count, is_json ? NULL : &choice, status);
}

/* What TCP knows of each, a column for each field. */
static void show_tcp_info(struct session *session, const sonde_connection_list *list) {
  static const char *const names[] = {"status", "state", "laddr", "raddr", "pid", NULL};
  sonde_tcp_info *const infos = allocate_or_exit(NULL, list->count, sizeof infos[0]);
  bool *const told = allocate_or_exit(NULL, list->count, sizeof told[0]);
  for (size_t i = 0; i < list->count; i++) {
    told[i] = list->rows[i].tcp_info != NULL;
    if (told[i]) infos[i] = *list->rows[i].tcp_info;
  }
  report_bad_rows(session, key, &record_connection, list->rows, list->count);
  report_pairs(session, key, title, &record_connection, list->rows, names, &record_tcp_info, infos, told, list->count);
  free(infos);
  free(told);
}

bool command_connections(struct session *session) {
  uint32_t kinds = 0;
  sonde_pid pid = 0;
  bool has_pid = false;
  if (!read_operands(session, &kinds, &pid, &has_pid)) return false;
  const bool with_info = (session->line->given & OPTION_TCP_INFO) != 0;
  if (with_info) kinds |= SONDE_CONNECTION_TCP_INFO;
  sonde_connection_list list = {0};
  const sonde_status status = list_connections(session, &list, kinds, has_pid ? &pid : NULL);
  if (with_info && session->doc == NULL && status == SONDE_OK && list.count > 0) {
    (void)report_status(session, key, status);
    show_tcp_info(session, &list);
  } else {
    show(session, &list, status);
  }
  sonde_connection_list_free(&list);
  return true;
}
