/* SPDX-License-Identifier: MIT */
/* Processes: checks arguments, keeps handles, and asks the backends. */
#include "core/process.h"
#include "core/dispatch.h"

static const sonde_process empty_process = {
    .name = SONDEI_EMPTY_STRING,
    .terminal = SONDEI_EMPTY_STRING,
    .username = SONDEI_EMPTY_STRING,
    .cmdline = SONDEI_EMPTY_STRING,
    .exe = SONDEI_EMPTY_STRING,
    .cwd = SONDEI_EMPTY_STRING,
    .root = SONDEI_EMPTY_STRING,
    .cgroup = SONDEI_EMPTY_STRING,
    .container_id = SONDEI_EMPTY_STRING,
    .label = SONDEI_EMPTY_STRING,
    .wchan = SONDEI_EMPTY_STRING,
    .zone = SONDEI_EMPTY_STRING,
    .pid = SONDE_PID_UNKNOWN,
    .ppid = SONDE_PID_UNKNOWN,
    .pgrp = SONDE_PID_UNKNOWN,
    .session = SONDE_PID_UNKNOWN,
    .tpgid = SONDE_PID_UNKNOWN,
};
const struct sondei_row_type sondei_process_type = {sizeof(sonde_process), offsetof(sonde_process, status),
                                                    &empty_process};
SONDEI_DEFINE_FREE(sonde_process_table);

static const sonde_pid no_pid = SONDE_PID_UNKNOWN;
static const struct sondei_row_type type_pid = {sizeof(sonde_pid), SIZE_MAX, &no_pid};
SONDEI_DEFINE_FREE(sonde_pid_list);

sonde_status sonde_pid_list_get(sonde *context, sonde_pid_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, PIDS, out, &type_pid, layer->backend->process->pid_list(SONDEI_LAYER, fill));
  return status;
}

sonde_status sonde_pid_exists(sonde *context, bool *out, sonde_pid pid) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  if (pid < 0) {
    *out = false;
    return SONDE_OK;
  }
  sonde_status status = SONDE_OK;
  static const bool absent = false;
  SONDEI_GET_RECORD(status, context, PID_EXISTS, bool, out, &absent,
                    layer->backend->process->pid_exists(SONDEI_LAYER, &filled, pid));
  return status;
}

sonde_status sonde_process_table_refresh(sonde *context, sonde_process_table *out, uint64_t fields) {
  if (!sondei_context_begin(context, out != NULL && (fields & ~SONDE_PROCESS_ALL) == 0)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, PROCESS_TABLE, out, &sondei_process_type,
                  layer->backend->process->table(SONDEI_LAYER, fill, fields));
  return status;
}

sonde_status sonde_process_get(sonde *context, sonde_process_table *out, sonde_pid pid, uint64_t fields) {
  if (!sondei_context_begin(context, out != NULL && (fields & ~SONDE_PROCESS_ALL) == 0)) return SONDE_ERR_INVALID;
  if (pid < 0) return sondei_context_fail(context, SONDE_ERR_NO_PROCESS, "negative pid");
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, PROCESS_GET, out, &sondei_process_type,
                  layer->backend->process->get(SONDEI_LAYER, fill, pid, fields));
  return status;
}

const char *sonde_process_field_name(uint64_t field) {
#define NAME(name, bit, text) \
  if (field == UINT64_C(1) << bit) return text;
  SONDE_PROCESS_FIELD_MAP(NAME)
#undef NAME
  return NULL;
}
