/* SPDX-License-Identifier: MIT */
/* Sensors: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_sensor empty_sensor = {
    .chip = SONDEI_EMPTY_STRING,
    .label = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_sensor, sonde_sensor, empty_sensor);
SONDEI_DEFINE_FREE(sonde_sensor_list);

sonde_status sonde_sensor_list_get(sonde *context, sonde_sensor_list *out, uint32_t kinds, const char *chip) {
  if (!sondei_context_begin(context, out != NULL && kinds != 0 && (kinds & ~(uint32_t)SONDE_SENSOR_ALL) == 0))
    return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, SENSORS, out, &type_sensor,
                  layer->backend->sensor->sensor_list(SONDEI_LAYER, fill, kinds, chip));
  return status;
}

static const sonde_battery empty_battery = {
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_battery, sonde_battery, empty_battery);
SONDEI_DEFINE_FREE(sonde_battery_list);

sonde_status sonde_battery_list_get(sonde *context, sonde_battery_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, BATTERIES, out, &type_battery,
                  layer->backend->sensor->battery_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_gpu empty_gpu = {
    .id = SONDEI_EMPTY_STRING,
    .name = SONDEI_EMPTY_STRING,
    .vendor = SONDEI_EMPTY_STRING,
    .driver = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_gpu, sonde_gpu, empty_gpu);
SONDEI_DEFINE_FREE(sonde_gpu_list);

sonde_status sonde_gpu_list_get(sonde *context, sonde_gpu_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, GPUS, out, &type_gpu, layer->backend->sensor->gpu_list(SONDEI_LAYER, fill));
  return status;
}
