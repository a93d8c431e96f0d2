/* SPDX-License-Identifier: MIT */
/* linux_powercap.h - the names of power zones in /sys/class/powercap: "intel-rapl:0", and "intel-rapl:0:1" inside it.
 */
#ifndef SONDE_CORE_PARSE_LINUX_POWERCAP_H
#define SONDE_CORE_PARSE_LINUX_POWERCAP_H

#include "core/parse/span.h"

/* Takes the control type "intel-rapl" of a zone's name. False, and *out untouched: it is no zone ("intel-rapl" itself).
 */
bool sondei_linux_powercap_type_of(sondei_span *out, sondei_span zone);

/* The zones that `zone` lies in, from the outermost to itself: "intel-rapl:0", then "intel-rapl:0:1". *level: 0 at
 * first. False: no more. */
bool sondei_linux_next_powercap_zone(sondei_span *out, sondei_span zone, size_t *level);

#endif /* SONDE_CORE_PARSE_LINUX_POWERCAP_H */
