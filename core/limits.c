/* SPDX-License-Identifier: MIT */
/* Limits and pressure: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_cgroup empty_cgroup = {
    .path = SONDEI_EMPTY_STRING,
};
SONDEI_DEFINE_FREE(sonde_cgroup);

sonde_status sonde_cgroup_get(sonde *context, sonde_cgroup *out, sonde_pid pid) {
  if (!sondei_context_begin(context, out != NULL && pid >= 0)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD_WITH_MEMORY(status, context, CGROUP, sonde_cgroup, out, &empty_cgroup,
                                layer->backend->limits->cgroup(SONDEI_LAYER, &filled, fill, pid));
  return status;
}

static const sonde_pressure empty_pressure;
SONDEI_ROW_TYPE(type_pressure, sonde_pressure, empty_pressure);
SONDEI_DEFINE_FREE(sonde_pressure_list);

sonde_status sonde_pressure_list_get(sonde *context, sonde_pressure_list *out, const char *cgroup) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, PRESSURE, out, &type_pressure,
                  layer->backend->limits->pressure_list(SONDEI_LAYER, fill, cgroup));
  return status;
}
