/* SPDX-License-Identifier: MIT */
/* What a context can do: read off the slots, never kept beside them. */
#include "core/dispatch.h"

static bool fills(const struct sonde_backend *backend, sonde_capability capability) {
  switch (capability) {
#define FILLS(name, domain, slot) \
  case SONDE_CAP_##name:          \
    return backend->domain != NULL && backend->domain->slot != NULL;
    SONDE_CAPABILITY_MAP(FILLS)
#undef FILLS
    case SONDE_CAP_COUNT:
      break;
  }
  return false;
}

struct sondei_layer *sondei_next_layer(sonde *context, sonde_capability capability, size_t *cursor) {
  while (*cursor < context->num_layers) {
    struct sondei_layer *const layer = &context->layers[(*cursor)++];
    if (fills(layer->backend, capability)) {
      sondei_context_forget(context);
      return layer;
    }
  }
  return NULL;
}

void sondei_settle(sonde *context, sonde_status status, sonde_capability capability) {
  struct sondei_failure *const failure = &context->failure;
  if (status == SONDE_OK) return;
  /* Memory runs out in sonde_fill_row and its like, which have no context to record it in. */
  if (failure->status == SONDE_OK || (status == SONDE_ERR_NO_MEMORY && failure->status != status)) {
    sondei_context_fail(context, status, sonde_capability_name(capability));
  }
  failure->status = status;
}

const char *sonde_backend_of(const sonde *context, sonde_capability capability) {
  if (context == NULL) return NULL;
  for (size_t i = 0; i < context->num_layers; i++) {
    if (fills(context->layers[i].backend, capability)) return context->layers[i].backend->name;
  }
  return NULL;
}

bool sonde_supports(const sonde *context, sonde_capability capability) {
  return sonde_backend_of(context, capability) != NULL;
}

const char *sonde_capability_name(sonde_capability capability) {
  switch (capability) {
#define NAME(name, domain, slot) \
  case SONDE_CAP_##name:         \
    return #domain "." #slot;
    SONDE_CAPABILITY_MAP(NAME)
#undef NAME
    case SONDE_CAP_COUNT:
      break;
  }
  return NULL;
}
