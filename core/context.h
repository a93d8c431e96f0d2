/* SPDX-License-Identifier: MIT */
/* context.h - what a context holds, for the files of core/ only. */
#ifndef SONDE_CORE_CONTEXT_H
#define SONDE_CORE_CONTEXT_H

#include "core/list.h"

/* One backend of the context's stack. */
struct sondei_layer {
  const struct sonde_backend *backend;
  struct sonde_env env;
  void *state; /* backend->state_size bytes */
};

enum {
  SONDEI_SUBJECT_MAX = 4096
};

/* The latest failure, not yet put into words: most failures are never looked at. */
struct sondei_failure {
  sonde_status status;
  int64_t os_code;
  uint64_t position;
  const char *os_name;
  const char *operation;
  char subject[SONDEI_SUBJECT_MAX + 1];
  size_t subject_len;
  char text[SONDEI_SUBJECT_MAX + 512]; /* written by sonde_last_error */
};

struct sonde {
  sonde_allocator allocator;
  sonde_log_function log;
  void *log_user;
  char *roots[5]; /* procfs, sysfs, etc, dev, rootfs: owned copies */
  size_t root_sizes[5];
  bool live;                   /* all roots are the usual ones */
  struct sondei_layer *layers; /* by descending rank; only those that opened */
  size_t num_layers;
  size_t max_layers;
  struct sondei_failure failure;
};

void sondei_context_forget(sonde *context);

void *sondei_allocate(sonde *context, size_t size); /* zeroed; NULL: no memory */
void sondei_deallocate(sonde *context, void *block, size_t size);

/* Records a failure that the core itself found, and returns status. operation is a constant string. */
sonde_status sondei_context_fail(sonde *context, sonde_status status, const char *operation);

/* Every public call that asks a backend begins with this: forgets the latest failure. False when context is NULL or the
 * other arguments are not sound: the call is then SONDE_ERR_INVALID. */
static inline bool sondei_context_begin(sonde *context, bool arguments_are_sound) {
  if (context == NULL) return false;
  sondei_context_forget(context);
  if (!arguments_are_sound) sondei_context_fail(context, SONDE_ERR_INVALID, "arguments");
  return arguments_are_sound;
}

/* registry.c: the registered and built-in backends by descending rank, at most SONDE_BACKENDS_MAX. */
size_t sondei_registry_list(const struct sonde_backend **out);
/* Whether the core can use it. */
bool sondei_backend_is_sound(const struct sonde_backend *backend);

#endif /* SONDE_CORE_CONTEXT_H */
