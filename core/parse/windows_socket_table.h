/* SPDX-License-Identifier: MIT */
/* windows_socket_table.h - TCP and UDP sockets with their owners, as GetExtendedTcpTable and GetExtendedUdpTable tell
 * them: MIB_{TCP,TCP6,UDP,UDP6}TABLE_OWNER_PID. */
#ifndef SONDE_CORE_PARSE_WINDOWS_SOCKET_TABLE_H
#define SONDE_CORE_PARSE_WINDOWS_SOCKET_TABLE_H

#include <sonde/sonde.h>

#include "core/parse/span.h"

enum sondei_windows_socket_kind {
  SONDEI_WINDOWS_TCP4,
  SONDEI_WINDOWS_TCP6,
  SONDEI_WINDOWS_UDP4,
  SONDEI_WINDOWS_UDP6
};

/* The rows that are still to be pulled. */
struct sondei_windows_socket_table {
  enum sondei_windows_socket_kind kind;
  sondei_span rows;
};

struct sondei_windows_socket {
  sonde_address local;  /* with its port. IPv6 link-local: scope_id is the index of the interface */
  sonde_address remote; /* NONE: not connected. UDP sockets never tell */
  sonde_connection_state state;
  uint32_t pid; /* 0: no process has it any more */
};

/* SONDE_OK, or SONDE_ERR_PARSE where there are fewer rows than the table counts. What follows them is passed over. */
sonde_status sondei_windows_parse_socket_table(struct sondei_windows_socket_table *out, sondei_parse_error *err,
                                               enum sondei_windows_socket_kind kind, sondei_span in);

/* The next row; there is nothing in one that is not understood. */
bool sondei_windows_next_socket(struct sondei_windows_socket *out, struct sondei_windows_socket_table *in);

#endif /* SONDE_CORE_PARSE_WINDOWS_SOCKET_TABLE_H */
