/* SPDX-License-Identifier: MIT */
/*
 * dispatch.h - asks the backends: the one place where they stack.
 *
 * For each slot the backend of the highest rank that fills it answers; when it says SONDE_ERR_UNSUPPORTED, the next
 * does.
 */
#ifndef SONDE_CORE_DISPATCH_H
#define SONDE_CORE_DISPATCH_H

#include <string.h>

#include "core/context.h"

/* The next layer, from *cursor on, that fills the slot; NULL: no more. */
struct sondei_layer *sondei_next_layer(sonde *context, sonde_capability capability, size_t *cursor);

/* The first arguments of every slot, inside the `call` of the macros below. */
#define SONDEI_LAYER &layer->env, layer->state

/* Evaluates call, which names the slot through `layer`, for each layer that fills it until one supports it. */
#define SONDEI_ASK(status, context, capability, call)                                          \
  do {                                                                                         \
    size_t cursor_ = 0;                                                                        \
    struct sondei_layer *layer = NULL;                                                         \
    (status) = SONDE_ERR_UNSUPPORTED;                                                          \
    while ((status) == SONDE_ERR_UNSUPPORTED &&                                                \
           (layer = sondei_next_layer((context), SONDE_CAP_##capability, &cursor_)) != NULL) { \
      (status) = (call);                                                                       \
    }                                                                                          \
  } while (0)

/* Fills a record without strings: call fills `filled`, which begins as *empty; *out changes only on success. */
#define SONDEI_GET_RECORD(status, context, capability, type, out, empty, call) \
  do {                                                                         \
    type filled = *(empty);                                                    \
    SONDEI_ASK(status, context, capability, (filled = *(empty), (call)));      \
    if ((status) == SONDE_OK) *(out) = filled;                                 \
  } while (0)

/* Fills a list: call fills `fill`; *list changes only on success. row_type is a struct sondei_row_type *. */
#define SONDEI_GET_LIST(status, context, capability, list, row_type, call)                   \
  do {                                                                                       \
    struct sonde_fill *fill = NULL;                                                          \
    (status) = sondei_list_begin(&fill, &(list)->memory, &(context)->allocator, (row_type)); \
    if ((status) == SONDE_OK) {                                                              \
      SONDEI_ASK(status, context, capability, (sondei_list_rewind(fill), (call)));           \
    }                                                                                        \
    if ((status) == SONDE_OK) SONDEI_COMMIT_LIST(list, row_type);                            \
  } while (0)

/* Shows the caller what was filled. */
#define SONDEI_COMMIT_LIST(list, row_type)                   \
  do {                                                       \
    struct sondei_list view_ = {NULL, 0, 0, (list)->memory}; \
    sondei_list_commit(&view_, (row_type));                  \
    (list)->rows = view_.rows;                               \
    (list)->count = view_.count;                             \
    (list)->bad = view_.bad;                                 \
  } while (0)

/* Defines T_free of a list or of a record with memory. */
#define SONDEI_DEFINE_FREE(T)         \
  void T##_free(T *self) {            \
    if (self == NULL) return;         \
    sondei_memory_free(self->memory); \
    memset(self, 0, sizeof *self);    \
  }                                   \
  struct sondei_semicolon_##T /* so that a semicolon may follow */

/* Defines the struct sondei_row_type `name` of row type T, whose rows begin as the static constant `empty_row`. */
#define SONDEI_ROW_TYPE(name, T, empty_row) \
  static const struct sondei_row_type name = {sizeof(T), offsetof(T, status), &(empty_row)}

#endif /* SONDE_CORE_DISPATCH_H */
