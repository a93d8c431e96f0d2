/* SPDX-License-Identifier: MIT */
/* Memory: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_virtual_memory empty_virtual_memory;

sonde_status sonde_virtual_memory_get(sonde *context, sonde_virtual_memory *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, VIRTUAL_MEMORY, sonde_virtual_memory, out, &empty_virtual_memory,
                    layer->backend->memory->virtual_memory(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_swap_memory empty_swap_memory;

sonde_status sonde_swap_memory_get(sonde *context, sonde_swap_memory *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, SWAP_MEMORY, sonde_swap_memory, out, &empty_swap_memory,
                    layer->backend->memory->swap_memory(SONDEI_LAYER, &filled));
  return status;
}

static const sonde_swap_device empty_swap_device = {
    .name = SONDEI_EMPTY_STRING,
    .type = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_swap_device, sonde_swap_device, empty_swap_device);
SONDEI_DEFINE_FREE(sonde_swap_device_list);

sonde_status sonde_swap_device_list_get(sonde *context, sonde_swap_device_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, SWAP_DEVICES, out, &type_swap_device,
                  layer->backend->memory->swap_device_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_numa_node empty_numa_node;
SONDEI_ROW_TYPE(type_numa_node, sonde_numa_node, empty_numa_node);
SONDEI_DEFINE_FREE(sonde_numa_node_list);

sonde_status sonde_numa_node_list_get(sonde *context, sonde_numa_node_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NUMA_NODES, out, &type_numa_node,
                  layer->backend->memory->numa_node_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_memory_stat empty_memory_stat = {
    .source = SONDEI_EMPTY_STRING,
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_memory_stat, sonde_memory_stat, empty_memory_stat);
SONDEI_DEFINE_FREE(sonde_memory_stat_list);

sonde_status sonde_memory_stat_list_get(sonde *context, sonde_memory_stat_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, MEMORY_STATS, out, &type_memory_stat,
                  layer->backend->memory->stat_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_heap_info empty_heap_info;

sonde_status sonde_heap_info_get(sonde *context, sonde_heap_info *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, HEAP_INFO, sonde_heap_info, out, &empty_heap_info,
                    layer->backend->memory->heap_info(SONDEI_LAYER, &filled));
  return status;
}

sonde_status sonde_heap_trim(sonde *context) {
  if (!sondei_context_begin(context, true)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_ASK(status, context, HEAP_TRIM, layer->backend->memory->heap_trim(SONDEI_LAYER));
  return status;
}

static const sonde_hugepages empty_hugepages;
SONDEI_ROW_TYPE(type_hugepages, sonde_hugepages, empty_hugepages);
SONDEI_DEFINE_FREE(sonde_hugepages_list);

sonde_status sonde_hugepages_list_get(sonde *context, sonde_hugepages_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, HUGEPAGES, out, &type_hugepages,
                  layer->backend->memory->hugepages_list(SONDEI_LAYER, fill));
  return status;
}
