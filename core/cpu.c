/* SPDX-License-Identifier: MIT */
/* CPUs: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_cpu_times empty_cpu_times;
static const sonde_cpu_times empty_total = {.cpu = SONDE_CPU_TOTAL};

sonde_status sonde_cpu_times_get(sonde *context, sonde_cpu_times *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, CPU_TIMES, sonde_cpu_times, out, &empty_total,
                    layer->backend->cpu->times(SONDEI_LAYER, &filled));
  return status;
}

SONDEI_ROW_TYPE(type_cpu_times, sonde_cpu_times, empty_cpu_times);
SONDEI_DEFINE_FREE(sonde_cpu_times_list);

sonde_status sonde_cpu_times_list_get(sonde *context, sonde_cpu_times_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_TIMES_LIST, out, &type_cpu_times,
                  layer->backend->cpu->times_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_count empty_cpu_count;

sonde_status sonde_cpu_count_get(sonde *context, sonde_cpu_count *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, CPU_COUNT, sonde_cpu_count, out, &empty_cpu_count,
                    layer->backend->cpu->count(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_cpu_stats empty_cpu_stats;

sonde_status sonde_cpu_stats_get(sonde *context, sonde_cpu_stats *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, CPU_STATS, sonde_cpu_stats, out, &empty_cpu_stats,
                    layer->backend->cpu->stats(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_cpu_freq empty_cpu_freq = {
    .governor = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_cpu_freq, sonde_cpu_freq, empty_cpu_freq);
SONDEI_DEFINE_FREE(sonde_cpu_freq_list);

sonde_status sonde_cpu_freq_list_get(sonde *context, sonde_cpu_freq_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_FREQ, out, &type_cpu_freq, layer->backend->cpu->freq_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_load_average empty_load_average;

sonde_status sonde_load_average_get(sonde *context, sonde_load_average *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, LOAD_AVERAGE, sonde_load_average, out, &empty_load_average,
                    layer->backend->cpu->load_average(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_cpu_topology empty_cpu_topology;
SONDEI_ROW_TYPE(type_cpu_topology, sonde_cpu_topology, empty_cpu_topology);
SONDEI_DEFINE_FREE(sonde_cpu_topology_list);

sonde_status sonde_cpu_topology_list_get(sonde *context, sonde_cpu_topology_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_TOPOLOGY, out, &type_cpu_topology,
                  layer->backend->cpu->topology_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_cache empty_cpu_cache;
SONDEI_ROW_TYPE(type_cpu_cache, sonde_cpu_cache, empty_cpu_cache);
SONDEI_DEFINE_FREE(sonde_cpu_cache_list);

sonde_status sonde_cpu_cache_list_get(sonde *context, sonde_cpu_cache_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_CACHE, out, &type_cpu_cache,
                  layer->backend->cpu->cache_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_info empty_cpu_info = {
    .vendor = SONDEI_EMPTY_STRING,
    .model_name = SONDEI_EMPTY_STRING,
    .microcode = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_cpu_info, sonde_cpu_info, empty_cpu_info);
SONDEI_DEFINE_FREE(sonde_cpu_info_list);

sonde_status sonde_cpu_info_list_get(sonde *context, sonde_cpu_info_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_INFO, out, &type_cpu_info, layer->backend->cpu->info_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_interrupt empty_cpu_interrupt = {
    .name = SONDEI_EMPTY_STRING,
    .description = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_cpu_interrupt, sonde_cpu_interrupt, empty_cpu_interrupt);
SONDEI_DEFINE_FREE(sonde_cpu_interrupt_list);

sonde_status sonde_cpu_interrupt_list_get(sonde *context, sonde_cpu_interrupt_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_INTERRUPTS, out, &type_cpu_interrupt,
                  layer->backend->cpu->interrupt_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_schedstat empty_cpu_schedstat;
SONDEI_ROW_TYPE(type_cpu_schedstat, sonde_cpu_schedstat, empty_cpu_schedstat);
SONDEI_DEFINE_FREE(sonde_cpu_schedstat_list);

sonde_status sonde_cpu_schedstat_list_get(sonde *context, sonde_cpu_schedstat_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_SCHEDSTAT, out, &type_cpu_schedstat,
                  layer->backend->cpu->schedstat_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_throttle empty_cpu_throttle;
SONDEI_ROW_TYPE(type_cpu_throttle, sonde_cpu_throttle, empty_cpu_throttle);
SONDEI_DEFINE_FREE(sonde_cpu_throttle_list);

sonde_status sonde_cpu_throttle_list_get(sonde *context, sonde_cpu_throttle_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_THROTTLE, out, &type_cpu_throttle,
                  layer->backend->cpu->throttle_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_cpu_vulnerability empty_cpu_vulnerability = {
    .name = SONDEI_EMPTY_STRING,
    .description = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_cpu_vulnerability, sonde_cpu_vulnerability, empty_cpu_vulnerability);
SONDEI_DEFINE_FREE(sonde_cpu_vulnerability_list);

sonde_status sonde_cpu_vulnerability_list_get(sonde *context, sonde_cpu_vulnerability_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, CPU_VULNERABILITIES, out, &type_cpu_vulnerability,
                  layer->backend->cpu->vulnerability_list(SONDEI_LAYER, fill));
  return status;
}
