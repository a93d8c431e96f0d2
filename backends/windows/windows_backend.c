/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_backend.h"

#include "backends/windows/windows_cpu.h"
#include "backends/windows/windows_memory.h"
#include "backends/windows/windows_net.h"
#include "backends/windows/windows_process.h"

static sonde_status windows_open(struct sonde_env *env, void *opaque) {
  struct windows_state *const state = opaque;
  if (!env->live) return SONDE_ERR_UNSUPPORTED; /* there are no files that tell of another machine */
  state->os = env->os_calls != NULL ? env->os_calls : &sondei_windows_os;
  return SONDE_OK;
}

static void windows_close(struct sonde_env *env, void *opaque) {
  struct windows_state *const state = opaque;
  sonde_env_release(env, &state->text);
  sonde_env_release(env, &state->wide);
  sonde_env_release(env, &state->data);
  sonde_env_release(env, &state->drives);
  sonde_env_release(env, &state->processes);
  sonde_env_release(env, &state->services);
  sonde_env_release(env, &state->handles);
  sonde_env_release(env, &state->object_name);
}

const struct sonde_backend sondei_backend_windows = {
    .abi = SONDE_BACKEND_ABI,
    .name = "windows",
    .state_size = sizeof(struct windows_state),
    .open = windows_open,
    .close = windows_close,
    .cpu = &sondei_windows_cpu_ops,
    .memory = &sondei_windows_memory_ops,
    .disk = &sondei_windows_disk_ops,
    .net = &sondei_windows_net_ops,
    .sensor = &sondei_windows_sensor_ops,
    .host = &sondei_windows_host_ops,
    .process = &sondei_windows_process_ops,
};
