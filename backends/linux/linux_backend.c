/* SPDX-License-Identifier: MIT */
#include "backends/linux/linux_backend.h"

#include <unistd.h>

#include "backends/linux/linux_file.h"
#include "backends/linux/linux_usage.h"

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
  return SONDE_OK;
}

static void linux_close(struct sonde_env *env, void *opaque) {
  struct linux_state *const state = opaque;
  sondei_linux_reap_helpers(state);
  sonde_env_release(env, &state->text);
  sonde_env_release(env, &state->path);
  sonde_env_release(env, &state->entries);
  sonde_env_release(env, &state->mounts);
  sonde_env_release(env, &state->chips);
  sonde_env_release(env, &state->inputs);
  sonde_env_release(env, &state->inner_entries);
  sonde_env_release(env, &state->passwd);
  sonde_env_release(env, &state->cpus);
  sonde_env_release(env, &state->kinds);
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
