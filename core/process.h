/* SPDX-License-Identifier: MIT */
/* process.h - what the process files of core/ share. */
#ifndef SONDE_CORE_PROCESS_H
#define SONDE_CORE_PROCESS_H

#include "core/context.h"

/* Row type sonde_process. */
extern const struct sondei_row_type sondei_process_type;

struct sonde_process_handle {
  sonde *context;
  struct sondei_layer *owner; /* whose open slot filled ref */
  struct sonde_process_ref ref;
};

/* The ref that a layer is given: with `own` only when it opened the process. */
struct sonde_process_ref sondei_process_ref_for(const sonde_process_handle *process, const struct sondei_layer *layer);

#endif /* SONDE_CORE_PROCESS_H */
