/* SPDX-License-Identifier: MIT */
/* linux_snmp6.h - the rows of /proc/net/snmp6. */
#ifndef SONDE_CORE_PARSE_LINUX_SNMP6_H
#define SONDE_CORE_PARSE_LINUX_SNMP6_H

#include "core/parse/span.h"

/* "Ip6InReceives 12". */
struct sondei_linux_snmp6 {
  sondei_span protocol; /* up to the first '6': "Ip6", "UdpLite6"; empty when there is none */
  sondei_span name;     /* what follows: "InReceives" */
  int64_t value;        /* 0 in a bad row */
};

/* Takes the next row off; blank lines are no rows. A row that is not understood: err->expected says what is wrong. */
bool sondei_linux_next_snmp6(struct sondei_linux_snmp6 *out, sondei_parse_error *err, sondei_span *in);

#endif /* SONDE_CORE_PARSE_LINUX_SNMP6_H */
