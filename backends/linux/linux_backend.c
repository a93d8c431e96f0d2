/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

#include <unistd.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_usage.h"
#include "core/parse/linux_auxv.h"
#include "core/parse/linux_cpuinfo.h"

/* Another machine may count in other pages and ticks, and in another byte order: the auxiliary vector of any of its
 * processes tells. That of process 1 is for root only. */
static sonde_status linux_read_units(struct sonde_env *env, struct linux_state *state) {
  static const char *const paths[] = {"self/auxv", "1/auxv"};
  for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
    sondei_span bytes;
    sondei_parse_error err;
    struct sondei_linux_auxv auxv;
    const sonde_status status =
        sondei_linux_read(env, state, &bytes, sondei_linux_root(env->procfs), paths[i], LINUX_UNTIL_EOF);
    if (status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env))) return status;
    if (status != SONDE_OK || sondei_linux_parse_auxv(&auxv, &err, bytes) != SONDE_OK) continue;
    state->page_size = auxv.page_size;
    state->byte_order = auxv.order;
    if (auxv.ticks_per_second != 0) state->ns_per_tick = SONDE_NSEC_PER_SEC / auxv.ticks_per_second;
    break;
  }
  sondei_span text;
  const sonde_status status =
      sondei_linux_read(env, state, &text, sondei_linux_root(env->procfs), "cpuinfo", LINUX_UNTIL_EOF);
  if (status == SONDE_OK) state->is_mips = sondei_linux_cpuinfo_is_mips(text);
  return status == SONDE_ERR_NO_MEMORY || (status != SONDE_OK && sondei_linux_is_exhausted(env)) ? status : SONDE_OK;
}

static void linux_release(struct sonde_env *env, struct linux_state *state) {
  sonde_env_release(env, &state->text);
  sonde_env_release(env, &state->path);
  sonde_env_release(env, &state->entries);
  sonde_env_release(env, &state->mounts);
  sonde_env_release(env, &state->numbers);
  sonde_env_release(env, &state->names);
  sonde_env_release(env, &state->inputs);
  sonde_env_release(env, &state->inner_entries);
  sonde_env_release(env, &state->passwd);
  sonde_env_release(env, &state->cpus);
  sonde_env_release(env, &state->kinds);
  sonde_env_release(env, &state->sockets);
  sonde_env_release(env, &state->inodes);
  sonde_env_release(env, &state->peers);
}

static sonde_status linux_open(struct sonde_env *env, void *opaque) {
  struct linux_state *const state = opaque;
  state->os = env->os_calls != NULL ? env->os_calls : &sondei_linux_os;
  const long page_size = state->os->sysconf(_SC_PAGESIZE);
  const long ticks = state->os->sysconf(_SC_CLK_TCK);
  if (page_size <= 0 || ticks <= 0) {
    return sonde_env_fail(env, SONDE_ERR_OS, 0, NULL, "sysconf", "", 0);
  }
  state->page_size = (uint64_t)page_size;
  state->ns_per_tick = SONDE_NSEC_PER_SEC / (uint64_t)ticks;
  state->byte_order = sondei_host_byte_order();
  state->is_mips = LINUX_RUNS_ON_MIPS;
  const sonde_status status = env->live ? SONDE_OK : linux_read_units(env, state);
  if (status != SONDE_OK) linux_release(env, state); /* who stands down is not closed */
  return status;
}

static void linux_close(struct sonde_env *env, void *opaque) {
  struct linux_state *const state = opaque;
  sondei_linux_reap_helpers(state);
  linux_release(env, state);
}

const struct sonde_backend sondei_backend_linux = {
    .abi = SONDE_BACKEND_ABI,
    .name = "linux",
    .state_size = sizeof(struct linux_state),
    .open = linux_open,
    .close = linux_close,
    .cpu = &sondei_linux_cpu_ops,
    .memory = &sondei_linux_memory_ops,
    .disk = &sondei_linux_disk_ops,
    .net = &sondei_linux_net_ops,
    .sensor = &sondei_linux_sensor_ops,
    .host = &sondei_linux_host_ops,
    .limits = &sondei_linux_limits_ops,
    .process = &sondei_linux_process_ops,
};
