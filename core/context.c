/* SPDX-License-Identifier: MIT */
#include "core/context.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
  ROOT_PROCFS,
  ROOT_SYSFS,
  ROOT_ETC,
  ROOT_DEV,
  ROOT_ROOTFS,
  NUM_ROOTS
};

static void *reallocate_by_malloc(void *user, void *block, size_t old_size, size_t new_size) {
  (void)user;
  (void)old_size;
  if (new_size == 0) {
    free(block);
    return NULL;
  }
  return realloc(block, new_size);
}

void *sondei_allocate(sonde *context, size_t size) {
  if (size == 0) size = 1;
  void *const block = context->allocator.reallocate(context->allocator.user, NULL, 0, size);
  if (block != NULL) memset(block, 0, size);
  return block;
}

void sondei_deallocate(sonde *context, void *block, size_t size) {
  if (block != NULL) context->allocator.reallocate(context->allocator.user, block, size == 0 ? 1 : size, 0);
}

/* rootfs + name, or the root that was given, without slashes at the end. */
static bool set_root(sonde *context, int which, const char *given, const char *rootfs, const char *name) {
  const char *const prefix = given != NULL ? "" : rootfs;
  const char *const path = given != NULL ? given : name;
  const size_t prefix_len = strlen(prefix);
  size_t path_len = strlen(path);
  char *const root = sondei_allocate(context, prefix_len + path_len + 1);
  if (root == NULL) return false;
  memcpy(root, prefix, prefix_len);
  memcpy(root + prefix_len, path, path_len);
  size_t len = prefix_len + path_len;
  while (len > 0 && root[len - 1] == '/') len--;
  /* The size that is freed must be the size that was asked for: keep the block full length. */
  memset(root + len, 0, prefix_len + path_len - len);
  context->roots[which] = root;
  context->root_sizes[which] = prefix_len + path_len + 1;
  return true;
}

static bool set_roots(sonde *context, const sonde_options *options) {
  static const char *const names[NUM_ROOTS] = {"/proc", "/sys", "/etc", "/dev", ""};
  const char *const given[NUM_ROOTS] = {options->procfs, options->sysfs, options->etc, options->dev, options->rootfs};
  if (!set_root(context, ROOT_ROOTFS, given[ROOT_ROOTFS], "", "")) return false;
  for (int i = 0; i < ROOT_ROOTFS; i++) {
    if (!set_root(context, i, given[i], context->roots[ROOT_ROOTFS], names[i])) return false;
  }
  context->live = true;
  for (int i = 0; i < NUM_ROOTS; i++) {
    if (strcmp(context->roots[i], names[i]) != 0) context->live = false;
  }
  return true;
}

static sonde_status open_layer(sonde *context, const struct sonde_backend *backend, const sonde_options *options) {
  struct sondei_layer *const layer = &context->layers[context->num_layers];
  memset(layer, 0, sizeof *layer);
  layer->backend = backend;
  layer->env.context = context;
  layer->env.procfs = context->roots[ROOT_PROCFS];
  layer->env.sysfs = context->roots[ROOT_SYSFS];
  layer->env.etc = context->roots[ROOT_ETC];
  layer->env.dev = context->roots[ROOT_DEV];
  layer->env.rootfs = context->roots[ROOT_ROOTFS];
  layer->env.live = context->live;
  layer->env.max_handles = options->max_handles;
  const struct sonde_os_override *const override = options->os_override;
  if (override != NULL && override->backend != NULL && strcmp(override->backend, backend->name) == 0) {
    layer->env.os_calls = override->calls;
  }
  layer->state = sondei_allocate(context, backend->state_size);
  if (layer->state == NULL) return SONDE_ERR_NO_MEMORY;
  const sonde_status status = backend->open == NULL ? SONDE_OK : backend->open(&layer->env, layer->state);
  if (status == SONDE_OK) {
    context->num_layers++;
    return SONDE_OK;
  }
  sondei_deallocate(context, layer->state, backend->state_size);
  return status == SONDE_ERR_UNSUPPORTED ? SONDE_OK : status;
}

static sonde_status open_layers(sonde *context, const sonde_options *options) {
  const struct sonde_backend *registered[SONDE_BACKENDS_MAX];
  const struct sonde_backend *const *backends = options->backends;
  size_t count = options->num_backends;
  if (backends == NULL) {
    count = sondei_registry_list(registered);
    backends = registered;
  }
  if (count > SIZE_MAX / sizeof context->layers[0]) return SONDE_ERR_INVALID;
  for (size_t i = 0; i < count; i++) {
    if (!sondei_backend_is_sound(backends[i])) return SONDE_ERR_INVALID;
  }
  context->max_layers = count;
  context->layers = sondei_allocate(context, count * sizeof context->layers[0]);
  if (context->layers == NULL) return SONDE_ERR_NO_MEMORY;
  for (size_t i = 0; i < count; i++) {
    const sonde_status status = open_layer(context, backends[i], options);
    if (status != SONDE_OK) return status;
  }
  return context->num_layers > 0 ? SONDE_OK : SONDE_ERR_UNSUPPORTED;
}

/* sonde_options of version 0.1 ends with this member. */
enum {
  OPTIONS_SIZE_0_1 = offsetof(sonde_options, os_override) + sizeof(void *)
};

/* Options of an older header lack what came later; those of a newer one may only hold more if it is all 0, since
 * nobody here knows what it means. */
static bool copy_options(sonde_options *out, const sonde_options *options) {
  memset(out, 0, sizeof *out);
  if (options == NULL) return true;
  const size_t size = options->size == 0 ? OPTIONS_SIZE_0_1 : options->size;
  if (size < OPTIONS_SIZE_0_1) return false;
  const unsigned char *const bytes = (const unsigned char *)options;
  for (size_t i = sizeof *out; i < size; i++) {
    if (bytes[i] != 0) return false;
  }
  memcpy(out, options, size < sizeof *out ? size : sizeof *out);
  return true;
}

static bool options_are_sound(const sonde_options *options) {
  const char *const roots[] = {options->procfs, options->sysfs, options->etc, options->dev};
  for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
    if (roots[i] != NULL && roots[i][0] == '\0') return false;
  }
  return options->backends != NULL || options->num_backends == 0;
}

/* The context is gone when the caller hears of it, so this is told to the log alone. */
static void log_failure(sonde *context) {
  sonde_error error;
  sonde_last_error(context, &error);
  if (context->log != NULL && error.status != SONDE_OK) {
    context->log(context->log_user, SONDE_LOG_WARNING, error.text.data, error.text.len);
  }
}

sonde_status sonde_open(sonde **out, const sonde_options *options) {
  sonde_options chosen;
  if (out == NULL || !copy_options(&chosen, options) || !options_are_sound(&chosen)) return SONDE_ERR_INVALID;
  if (chosen.allocator.reallocate == NULL) chosen.allocator.reallocate = reallocate_by_malloc;
  sonde *const context = chosen.allocator.reallocate(chosen.allocator.user, NULL, 0, sizeof *context);
  if (context == NULL) return SONDE_ERR_NO_MEMORY;
  memset(context, 0, sizeof *context);
  context->allocator = chosen.allocator;
  context->log = chosen.log;
  context->log_user = chosen.log_user;
  sonde_status status = SONDE_ERR_NO_MEMORY;
  if (set_roots(context, &chosen)) status = open_layers(context, &chosen);
  if (status != SONDE_OK) {
    log_failure(context);
    sonde_close(context);
    return status;
  }
  sondei_context_forget(context);
  *out = context;
  return SONDE_OK;
}

void sonde_close(sonde *context) {
  if (context == NULL) return;
  for (size_t i = context->num_layers; i > 0; i--) {
    struct sondei_layer *const layer = &context->layers[i - 1];
    if (layer->backend->close != NULL) layer->backend->close(&layer->env, layer->state);
    sondei_deallocate(context, layer->state, layer->backend->state_size);
  }
  sondei_deallocate(context, context->layers, context->max_layers * sizeof context->layers[0]);
  for (int i = 0; i < NUM_ROOTS; i++) sondei_deallocate(context, context->roots[i], context->root_sizes[i]);
  const sonde_allocator allocator = context->allocator;
  allocator.reallocate(allocator.user, context, sizeof *context, 0);
}

sonde_status sonde_env_grow(struct sonde_env *env, struct sonde_buffer *buffer, size_t needed) {
  if (needed <= buffer->capacity) return SONDE_OK;
  size_t capacity = buffer->capacity < 256 ? 256 : buffer->capacity;
  while (capacity < needed) capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
  const sonde_allocator *const allocator = &env->context->allocator;
  char *const data = allocator->reallocate(allocator->user, buffer->data, buffer->capacity, capacity);
  if (data == NULL) return sondei_context_fail(env->context, SONDE_ERR_NO_MEMORY, "allocate");
  buffer->data = data;
  buffer->capacity = capacity;
  return SONDE_OK;
}

void sonde_env_release(struct sonde_env *env, struct sonde_buffer *buffer) {
  if (buffer->data != NULL) sondei_deallocate(env->context, buffer->data, buffer->capacity);
  buffer->data = NULL;
  buffer->capacity = 0;
}

void sonde_env_log(struct sonde_env *env, sonde_log_level level, const char *message) {
  const sonde *const context = env->context;
  if (context->log != NULL) context->log(context->log_user, level, message, strlen(message));
}
