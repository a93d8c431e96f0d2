/* SPDX-License-Identifier: MIT */
/* linux_snmp.h - the tables of /proc/net/snmp and /proc/net/netstat: a line of names, then a line of numbers, both with
 * the protocol in front. */
#ifndef SONDE_CORE_PARSE_LINUX_SNMP_H
#define SONDE_CORE_PARSE_LINUX_SNMP_H

#include "core/parse/span.h"

/* A pair of lines. */
struct sondei_linux_snmp_table {
  sondei_span protocol; /* "Tcp", "TcpExt" */
  sondei_span names;    /* what follows the colon: to be taken off by sondei_linux_next_snmp_counter */
  sondei_span values;
};

/* Takes the next pair of lines off; blank lines are passed over. A line without its fellow: err->expected says so, and
 * names or values are empty. */
bool sondei_linux_next_snmp_table(struct sondei_linux_snmp_table *out, sondei_parse_error *err, sondei_span *in);

struct sondei_linux_snmp_counter {
  sondei_span name;
  int64_t value; /* "-1" for no limit; 0 in a bad row */
};

/* Takes the next name off, and its number. A name without a number, or with one that does not fit: err->expected says
 * so, and err->position is that of the number in table->values. Numbers without a name are left over. */
bool sondei_linux_next_snmp_counter(struct sondei_linux_snmp_counter *out, sondei_parse_error *err,
                                    struct sondei_linux_snmp_table *table);

#endif /* SONDE_CORE_PARSE_LINUX_SNMP_H */
