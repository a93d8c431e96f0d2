/* SPDX-License-Identifier: MIT */
/* delta.h - what the samplers share with the pure functions of two samples. */
#ifndef SONDE_CORE_DELTA_H
#define SONDE_CORE_DELTA_H

#include <sonde/sonde.h>

/* sonde_process_cpu_percent for a caller that kept the CPU times of the sample before, and knows that it is the same
 * process. */
double sondei_process_cpu_percent(uint64_t user_before, uint64_t system_before, const sonde_process *after,
                                  uint64_t elapsed);

#endif /* SONDE_CORE_DELTA_H */
