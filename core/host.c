/* SPDX-License-Identifier: MIT */
/* The host: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_host_info empty_host_info = {
    .hostname = SONDEI_EMPTY_STRING,
    .os_name = SONDEI_EMPTY_STRING,
    .os_id = SONDEI_EMPTY_STRING,
    .os_version = SONDEI_EMPTY_STRING,
    .os_pretty_name = SONDEI_EMPTY_STRING,
    .kernel_name = SONDEI_EMPTY_STRING,
    .kernel_release = SONDEI_EMPTY_STRING,
    .kernel_version = SONDEI_EMPTY_STRING,
    .architecture = SONDEI_EMPTY_STRING,
    .machine_id = SONDEI_EMPTY_STRING,
    .boot_id = SONDEI_EMPTY_STRING,
    .virtualization = SONDEI_EMPTY_STRING,
    .container = SONDEI_EMPTY_STRING,
};
SONDEI_DEFINE_FREE(sonde_host_info);

sonde_status sonde_host_info_get(sonde *context, sonde_host_info *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD_WITH_MEMORY(status, context, HOST_INFO, sonde_host_info, out, &empty_host_info,
                                layer->backend->host->info(SONDEI_LAYER, &filled, fill));
  return status;
}

static const sonde_host_times empty_host_times;

sonde_status sonde_host_times_get(sonde *context, sonde_host_times *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, HOST_TIMES, sonde_host_times, out, &empty_host_times,
                    layer->backend->host->times(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_user empty_user = {
    .name = SONDEI_EMPTY_STRING,
    .terminal = SONDEI_EMPTY_STRING,
    .host = SONDEI_EMPTY_STRING,
    .pid = SONDE_PID_UNKNOWN,
};
SONDEI_ROW_TYPE(type_user, sonde_user, empty_user);
SONDEI_DEFINE_FREE(sonde_user_list);

sonde_status sonde_user_list_get(sonde *context, sonde_user_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, USERS, out, &type_user, layer->backend->host->user_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_service empty_service = {
    .name = SONDEI_EMPTY_STRING,
    .display_name = SONDEI_EMPTY_STRING,
    .binpath = SONDEI_EMPTY_STRING,
    .username = SONDEI_EMPTY_STRING,
    .description = SONDEI_EMPTY_STRING,
    .pid = SONDE_PID_UNKNOWN,
};
SONDEI_ROW_TYPE(type_service, sonde_service, empty_service);
SONDEI_DEFINE_FREE(sonde_service_list);

sonde_status sonde_service_list_get(sonde *context, sonde_service_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, SERVICES, out, &type_service,
                  layer->backend->host->service_list(SONDEI_LAYER, fill));
  return status;
}

sonde_status sonde_service_get(sonde *context, sonde_service_list *out, const char *name) {
  if (!sondei_context_begin(context, out != NULL && name != NULL && name[0] != '\0')) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, SERVICE_GET, out, &type_service,
                  layer->backend->host->service(SONDEI_LAYER, fill, name));
  return status;
}
