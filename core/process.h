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
  bool has_ended; /* sonde_process_wait has seen it end: a child can be reaped only once, so the answer is kept */
  sonde_exit exit;
};

/* sondei_context_begin for calls on a handle, which may be NULL. */
static inline bool sondei_process_begin(sonde_process_handle *process, bool arguments_are_sound) {
  return process != NULL && sondei_context_begin(process->context, arguments_are_sound);
}

/* The ref that a layer is given: with `own` only when it opened the process. */
struct sonde_process_ref sondei_process_ref_for(const sonde_process_handle *process, const struct sondei_layer *layer);

#endif /* SONDE_CORE_PROCESS_H */
