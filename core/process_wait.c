/* SPDX-License-Identifier: MIT */
/* Waiting for processes to end. */
#include "core/dispatch.h"
#include "core/process.h"

/* What the wait slot is given, in one block: it may reach more processes than are told before a failure. */
struct wait_set {
  struct sonde_process_ref *refs;
  struct sonde_process_ref **ref_pointers;
  sonde_exit *exits;
  bool *ended;
};

enum {
  WAIT_BYTES = sizeof(struct sonde_process_ref) + sizeof(struct sonde_process_ref *) + sizeof(sonde_exit) + sizeof(bool)
};

static void place_wait_set(struct wait_set *set, void *block, size_t count) {
  /* By descending alignment. */
  char *const bytes = block;
  const size_t exits_at = count * sizeof set->refs[0];
  const size_t pointers_at = exits_at + count * sizeof set->exits[0];
  const size_t ended_at = pointers_at + count * sizeof set->ref_pointers[0];
  void *const exits = bytes + exits_at;
  void *const pointers = bytes + pointers_at;
  void *const ended = bytes + ended_at;
  set->refs = block;
  set->exits = exits;
  set->ref_pointers = pointers;
  set->ended = ended;
}

static sonde_status wait_clock(sonde *context, uint64_t *out) {
  static const sonde_host_times none;
  sonde_host_times times = none;
  sonde_status status = SONDE_OK;
  SONDEI_ASK(status, context, HOST_TIMES, (times = none, layer->backend->host->times(SONDEI_LAYER, &times)));
  if (status != SONDE_OK) return status;
  if ((times.valid & SONDE_HOST_TIMES_MONOTONIC) == 0) {
    return sondei_context_fail(context, SONDE_ERR_UNSUPPORTED, "monotonic clock");
  }
  *out = times.monotonic;
  return SONDE_OK;
}

/* One call of the slot; what ended is kept in the handles. */
static sonde_status wait_once(sonde_process_handle *const *processes, size_t count, const struct wait_set *set,
                              uint64_t timeout) {
  sonde *const context = processes[0]->context;
  sonde_status status = SONDE_OK;
  size_t cursor = 0;
  struct sondei_layer *layer = NULL;
  status = SONDE_ERR_UNSUPPORTED;
  while (status == SONDE_ERR_UNSUPPORTED &&
         (layer = sondei_next_layer(context, SONDE_CAP_PROCESS_WAIT, &cursor)) != NULL) {
    for (size_t i = 0; i < count; i++) {
      set->refs[i] = sondei_process_ref_for(processes[i], layer);
      set->ref_pointers[i] = &set->refs[i];
      set->ended[i] = processes[i]->has_ended;
      memset(&set->exits[i], 0, sizeof set->exits[i]);
    }
    status = layer->backend->process->wait(SONDEI_LAYER, set->ref_pointers, count, set->ended, set->exits, timeout);
  }
  sondei_settle(context, status, SONDE_CAP_PROCESS_WAIT);
  for (size_t i = 0; i < count; i++) {
    if (status == SONDE_ERR_UNSUPPORTED || processes[i]->has_ended || !set->ended[i]) continue;
    processes[i]->has_ended = true;
    processes[i]->exit = set->exits[i];
  }
  return status;
}

static size_t count_ended(sonde_process_handle *const *processes, size_t count) {
  size_t ended = 0;
  for (size_t i = 0; i < count; i++) ended += processes[i]->has_ended;
  return ended;
}

static sonde_status wait_for(sonde_process_handle *const *processes, size_t count, const struct wait_set *set, bool any,
                             uint64_t timeout) {
  sonde *const context = processes[0]->context;
  const size_t wanted = any ? 1 : count;
  /* Nothing to be measured when the slot is asked only once. */
  const bool is_timed = timeout != 0 && timeout != SONDE_NO_TIMEOUT && wanted > 1;
  uint64_t start = 0;
  uint64_t left = timeout;
  sonde_status status = SONDE_OK;
  if (is_timed) {
    status = wait_clock(context, &start);
    if (status != SONDE_OK) return status;
  }
  size_t ended = count_ended(processes, count);
  /* With any, those that have ended already still leave a look at the others. */
  if (ended == count) return SONDE_OK;
  if (ended >= wanted) left = 0;
  for (;;) {
    status = wait_once(processes, count, set, left);
    const size_t before = ended;
    ended = count_ended(processes, count);
    if (ended >= wanted && (status == SONDE_OK || status == SONDE_ERR_TIMEOUT)) {
      sondei_context_forget(context);
      return SONDE_OK;
    }
    if (status != SONDE_OK) return status;
    /* A backend that answers without an end would be asked for ever. */
    if (ended == before) return sondei_context_fail(context, SONDE_ERR_OS, "wait");
    if (timeout == 0) return sondei_context_fail(context, SONDE_ERR_TIMEOUT, "wait");
    if (is_timed) {
      uint64_t now = 0;
      status = wait_clock(context, &now);
      if (status != SONDE_OK) return status;
      const uint64_t elapsed = now > start ? now - start : 0;
      if (elapsed >= timeout) return sondei_context_fail(context, SONDE_ERR_TIMEOUT, "wait");
      left = timeout - elapsed;
    }
  }
}

sonde_status sonde_process_wait(sonde_process_handle *process, sonde_exit *out, uint64_t timeout) {
  if (!sondei_process_begin(process, out != NULL)) return SONDE_ERR_INVALID;
  struct sonde_process_ref ref;
  struct sonde_process_ref *ref_pointer = &ref;
  sonde_exit how;
  bool ended = false;
  const struct wait_set set = {&ref, &ref_pointer, &how, &ended};
  const sonde_status status = wait_for(&process, 1, &set, false, timeout);
  if (status == SONDE_OK) *out = process->exit;
  return status;
}

/* One context, and one backend that opened them all. */
static bool wait_is_sound(sonde_process_handle *const *processes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (processes[i] == NULL || processes[i]->owner != processes[0]->owner) return false;
  }
  return true;
}

sonde_status sonde_process_wait_many(sonde_process_handle *const *processes, size_t count, bool *ended,
                                     sonde_exit *exits, size_t *out_gone, bool any, uint64_t timeout) {
  if (processes == NULL || ended == NULL || out_gone == NULL) return SONDE_ERR_INVALID;
  if (count == 0) {
    *out_gone = 0;
    return SONDE_OK;
  }
  if (!sondei_process_begin(processes[0], wait_is_sound(processes, count))) return SONDE_ERR_INVALID;
  sonde *const context = processes[0]->context;
  if (count > SIZE_MAX / WAIT_BYTES) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  void *const block = sondei_allocate(context, count * WAIT_BYTES);
  if (block == NULL) return sondei_context_fail(context, SONDE_ERR_NO_MEMORY, "allocate");
  struct wait_set set;
  place_wait_set(&set, block, count);
  const sonde_status status = wait_for(processes, count, &set, any, timeout);
  if (status == SONDE_OK || status == SONDE_ERR_TIMEOUT) {
    for (size_t i = 0; i < count; i++) {
      ended[i] = processes[i]->has_ended;
      if (exits != NULL) exits[i] = processes[i]->exit;
    }
    *out_gone = count_ended(processes, count);
  }
  sondei_deallocate(context, block, count * WAIT_BYTES);
  return status;
}
