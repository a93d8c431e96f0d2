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

/* The next layer, from *cursor on, that fills the slot; NULL: no more. What the layer before recorded is forgotten: it
 * did not support the question, and this one answers. */
struct sondei_layer *sondei_next_layer(sonde *context, sonde_capability capability, size_t *cursor);

/* Ends what sondei_context_begin began: a failure that nobody recorded is recorded as that of the capability. */
void sondei_settle(sonde *context, sonde_status status, sonde_capability capability);

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
    sondei_settle((context), (status), SONDE_CAP_##capability);                                \
  } while (0)

/* Fills a record without strings: call fills `filled`, which begins as *empty; *out changes only on success. */
#define SONDEI_GET_RECORD(status, context, capability, type, out, empty, call) \
  do {                                                                         \
    type filled = *(empty);                                                    \
    SONDEI_ASK(status, context, capability, (filled = *(empty), (call)));      \
    if ((status) == SONDE_OK) *(out) = filled;                                 \
  } while (0)

/* Fills a list: call fills `fill`; *list changes only on success. row_type is a struct sondei_row_type *. */
#define SONDEI_GET_LIST(status, context, capability, list, row_type, call)            \
  do {                                                                                \
    struct sonde_memory_block *memory_ = (list)->memory;                              \
    struct sonde_fill *fill = NULL;                                                   \
    (status) = sondei_list_begin(&fill, &memory_, &(context)->allocator, (row_type)); \
    if ((status) == SONDE_OK) {                                                       \
      SONDEI_ASK(status, context, capability, (sondei_list_rewind(fill), (call)));    \
    }                                                                                 \
    SONDEI_END_LIST(status, context, capability, list, memory_, row_type);            \
  } while (0)

/* Shows the caller what was filled in memory, or forgets it. */
#define SONDEI_END_LIST(status, context, capability, list, memory_, row_type) \
  do {                                                                        \
    if ((status) == SONDE_OK) {                                               \
      struct sondei_list view_ = {NULL, 0, 0, (memory_)};                     \
      sondei_list_commit(&view_, (row_type));                                 \
      (list)->rows = view_.rows;                                              \
      (list)->count = view_.count;                                            \
      (list)->bad = view_.bad;                                                \
      (list)->memory = (memory_);                                             \
    } else {                                                                  \
      sondei_settle((context), (status), SONDE_CAP_##capability);             \
      if ((memory_) != (list)->memory) sondei_memory_free(memory_);           \
    }                                                                         \
  } while (0)

/* Fills a record with strings: call fills `filled`, which begins as *empty, and `fill`. *out changes only on success.
 */
#define SONDEI_GET_RECORD_WITH_MEMORY(status, context, capability, type, out, empty, call)            \
  do {                                                                                                \
    struct sonde_memory_block *memory_ = (out)->memory;                                               \
    struct sonde_fill *fill = NULL;                                                                   \
    type filled = *(empty);                                                                           \
    (status) = sondei_list_begin(&fill, &memory_, &(context)->allocator, NULL);                       \
    if ((status) == SONDE_OK) {                                                                       \
      SONDEI_ASK(status, context, capability, (sondei_list_rewind(fill), filled = *(empty), (call))); \
    }                                                                                                 \
    if ((status) == SONDE_OK) {                                                                       \
      sondei_record_commit(memory_);                                                                  \
      filled.memory = memory_;                                                                        \
      *(out) = filled;                                                                                \
    } else {                                                                                          \
      sondei_settle((context), (status), SONDE_CAP_##capability);                                     \
      if (memory_ != (out)->memory) sondei_memory_free(memory_);                                      \
    }                                                                                                 \
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
