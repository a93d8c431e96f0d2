/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_process.h"

#include <string.h>

bool sondei_linux_process_pid(const char *name, sonde_pid *out) {
  uint64_t pid = 0;
  sondei_span span = sondei_span_text(name);
  if (span.len == 0 || span.data[0] < '1' || span.data[0] > '9') return false;
  if (!sondei_span_u64(&span, &pid, INT32_MAX) || span.len > 0) return false;
  *out = (sonde_pid)pid;
  return true;
}

sonde_status sondei_linux_process_none(struct sonde_env *env) {
  return sonde_env_fail(env, SONDE_ERR_OS, 0, NULL, "find a process in", env->procfs, strlen(env->procfs));
}

sonde_status sondei_linux_process_table(struct sonde_env *env, void *opaque, struct sonde_fill *out, uint64_t fields) {
  struct linux_state *const state = opaque;
  struct linux_walk walk;
  sonde_status status = sondei_linux_walk_open(env, state, &walk, &state->entries, sondei_linux_root(env->procfs), "");
  if (status != SONDE_OK) return status;
  struct linux_process_call call;
  sondei_linux_process_begin(&call, env, state, out, fields);
  bool has_any = false;
  for (;;) {
    const char *name = NULL;
    sonde_pid pid = 0;
    status = sondei_linux_walk_next(env, state, &walk, &name);
    if (status != SONDE_OK || name == NULL) break;
    if (!sondei_linux_process_pid(name, &pid)) continue;
    has_any = true;
    status = sondei_linux_process_add_row(&call, pid, walk.fd, true);
    if (status != SONDE_OK) break;
  }
  sondei_linux_process_end(&call);
  sondei_linux_walk_close(state, &walk);
  return status == SONDE_OK && !has_any ? sondei_linux_process_none(env) : status;
}
