/* SPDX-License-Identifier: MIT */
#include "backends/windows/windows_groups.h"

#include "backends/windows/windows_error.h"

sonde_status sondei_windows_groups(struct sonde_env *env, struct windows_state *state,
                                   struct sondei_windows_processor_groups *out) {
  struct sondei_windows_processor_groups groups = {0};
  const WORD count = state->os->GetMaximumProcessorGroupCount();
  if (count == 0) return sondei_windows_fail(env, GetLastError(), "GetMaximumProcessorGroupCount", "");
  for (WORD i = 0; i < count; i++) {
    const DWORD maximum = state->os->GetMaximumProcessorCount(i);
    if (maximum == 0) return sondei_windows_fail(env, GetLastError(), "GetMaximumProcessorCount", "");
    if (!sondei_windows_add_group(&groups, maximum)) {
      return sonde_env_fail_parse(env, "no more CPUs than any Windows has", 0, "", 0);
    }
  }
  *out = groups;
  return SONDE_OK;
}
