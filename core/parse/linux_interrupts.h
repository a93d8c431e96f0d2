/* SPDX-License-Identifier: MIT */
/*
 * linux_interrupts.h - /proc/interrupts and /proc/softirqs (proc_interrupts(5)): a line of CPU names, then a line per
 * source with a count for each of these CPUs.
 */
#ifndef SONDE_CORE_PARSE_LINUX_INTERRUPTS_H
#define SONDE_CORE_PARSE_LINUX_INTERRUPTS_H

#include "core/parse/span.h"

/* Takes the line of CPU names ("CPU0       CPU1") off, with blank lines before it, and returns how many there are;
 * *header is that line. 0, and nothing taken, when there is no such line. */
size_t sondei_linux_take_interrupt_columns(sondei_span *in, sondei_span *header);

/* The CPUs of that line: takes the next number off. False at the end, or at a word that is no CPU.
 */
bool sondei_linux_next_interrupt_cpu(uint32_t *out, sondei_span *header);

struct sondei_linux_interrupt {
  sondei_span name;        /* what stands before the colon: "24", "NMI", "IPI0", "TIMER" */
  sondei_span description; /* what stands behind the counts: "IO-APIC 2-edge timer"; may be empty */
  uint64_t count;          /* the sum over the CPUs */
  sondei_span counts;      /* the text of the counts, one for each CPU in the order of the first line */
  size_t num_counts;       /* of those */
};

/* Takes the next count off `counts`. False at the end. */
bool sondei_linux_next_interrupt_count(uint64_t *out, sondei_span *counts);

/* Takes the next row off. columns: what sondei_linux_take_interrupt_columns returned. At most so many numbers are
 * counts; rows with fewer ("ERR: 0") are fine. Blank lines are passed over. True: a row; err->expected says what is
 * wrong with it, or is NULL. False: the end. */
bool sondei_linux_next_interrupt(struct sondei_linux_interrupt *out, sondei_parse_error *err, sondei_span *in,
                                 size_t columns);

#endif /* SONDE_CORE_PARSE_LINUX_INTERRUPTS_H */
