/* SPDX-License-Identifier: MIT */
/*
 * The registry: which backends there are. The built-in ones stand in an explicit table, since a linker drops an archive
 * member that nobody names.
 */
#include <string.h>

#include "core/context.h"

extern const struct sonde_backend sondei_backend_linux;
extern const struct sonde_backend sondei_backend_windows;
extern const struct sonde_backend sondei_backend_macos;
extern const struct sonde_backend sondei_backend_freebsd;
extern const struct sonde_backend sondei_backend_sunos;
extern const struct sonde_backend sondei_backend_null;

static const struct sonde_backend *const built_in[] = {
#if defined(__linux__)
    &sondei_backend_linux,
#elif defined(_WIN32)
    &sondei_backend_windows,
#elif defined(__APPLE__)
    &sondei_backend_macos,
#elif defined(__FreeBSD__)
    &sondei_backend_freebsd,
#elif defined(__sun)
    &sondei_backend_sunos,
#else
    &sondei_backend_null,
#endif
};

enum {
  NUM_BUILT_IN = sizeof built_in / sizeof built_in[0],
  MAX_ADDED = SONDE_BACKENDS_MAX - NUM_BUILT_IN
};

/* The only state outside contexts. */
static const struct sonde_backend *added[MAX_ADDED];
static size_t num_added;

/* Slots that only make sense together. */
static bool process_ops_are_sound(const struct sonde_process_ops *ops) {
  if (ops == NULL) return true;
  const bool opens = ops->open != NULL;
  return (ops->close != NULL) == opens && (ops->is_running != NULL) == opens && (ops->read != NULL) == opens &&
         (ops->handle_size == 0 || opens);
}

bool sondei_backend_is_sound(const struct sonde_backend *backend) {
  return backend != NULL && backend->abi >= 1 && backend->abi <= SONDE_BACKEND_ABI && backend->name != NULL &&
         backend->name[0] != '\0' && (backend->close == NULL || backend->open != NULL || backend->state_size > 0) &&
         process_ops_are_sound(backend->process);
}

sonde_status sonde_backend_register(const struct sonde_backend *backend) {
  if (!sondei_backend_is_sound(backend)) return SONDE_ERR_INVALID;
  for (size_t i = 0; i < NUM_BUILT_IN; i++) {
    if (built_in[i] == backend) return SONDE_OK;
  }
  for (size_t i = 0; i < num_added; i++) {
    if (added[i] == backend) return SONDE_OK;
  }
  if (num_added == MAX_ADDED) return SONDE_ERR_NO_MEMORY;
  added[num_added++] = backend;
  return SONDE_OK;
}

sonde_status sonde_backend_unregister(const struct sonde_backend *backend) {
  for (size_t i = 0; i < num_added; i++) {
    if (added[i] != backend) continue;
    memmove(&added[i], &added[i + 1], (num_added - i - 1) * sizeof added[0]);
    num_added--;
    return SONDE_OK;
  }
  return SONDE_ERR_INVALID;
}

size_t sondei_registry_list(const struct sonde_backend **out) {
  size_t count = 0;
  /* Insertion by rank; of equals the one that was registered last comes first, so that it can take the other's place.
   */
  for (size_t i = 0; i < NUM_BUILT_IN + num_added; i++) {
    const struct sonde_backend *const next = i < NUM_BUILT_IN ? built_in[i] : added[i - NUM_BUILT_IN];
    size_t at = 0;
    while (at < count && out[at]->priority > next->priority) at++;
    memmove(&out[at + 1], &out[at], (count - at) * sizeof out[0]);
    out[at] = next;
    count++;
  }
  return count;
}
