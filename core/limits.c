/* SPDX-License-Identifier: MIT */
/* Limits and pressure: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_cgroup empty_cgroup = {
    .path = SONDEI_EMPTY_STRING,
};
SONDEI_DEFINE_FREE(sonde_cgroup);

sonde_status sonde_cgroup_get(sonde *context, sonde_cgroup *out, sonde_pid pid) {
  if (context == NULL || out == NULL || pid < 0) return SONDE_ERR_INVALID;
  sondei_context_begin(context);
  struct sonde_fill *fill = NULL;
  sonde_status status = sondei_list_begin(&fill, &out->memory, &context->allocator, NULL);
  if (status != SONDE_OK) return status;
  sonde_cgroup filled = empty_cgroup;
  SONDEI_ASK(status, context, CGROUP,
             (sondei_list_rewind(fill), filled = empty_cgroup,
              layer->backend->limits->cgroup(SONDEI_LAYER, &filled, fill, pid)));
  if (status != SONDE_OK) return status;
  sondei_record_commit(out->memory);
  filled.memory = out->memory;
  *out = filled;
  return SONDE_OK;
}

static const sonde_pressure empty_pressure;
SONDEI_ROW_TYPE(type_pressure, sonde_pressure, empty_pressure);
SONDEI_DEFINE_FREE(sonde_pressure_list);

sonde_status sonde_pressure_list_get(sonde *context, sonde_pressure_list *out, const char *cgroup) {
  if (context == NULL || out == NULL) return SONDE_ERR_INVALID;
  sondei_context_begin(context);
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, PRESSURE, out, &type_pressure,
                  layer->backend->limits->pressure_list(SONDEI_LAYER, fill, cgroup));
  return status;
}
