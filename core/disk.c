/* SPDX-License-Identifier: MIT */
/* Disks: checks arguments and asks the backends. */
#include "core/dispatch.h"

static const sonde_disk_partition empty_disk_partition = {
    .device = SONDEI_EMPTY_STRING,
    .mountpoint = SONDEI_EMPTY_STRING,
    .fstype = SONDEI_EMPTY_STRING,
    .opts = SONDEI_EMPTY_STRING,
    .root = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_disk_partition, sonde_disk_partition, empty_disk_partition);
SONDEI_DEFINE_FREE(sonde_disk_partition_list);

sonde_status sonde_disk_partition_list_get(sonde *context, sonde_disk_partition_list *out, bool all) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, DISK_PARTITIONS, out, &type_disk_partition,
                  layer->backend->disk->partition_list(SONDEI_LAYER, fill, all));
  return status;
}

static const sonde_disk_usage empty_disk_usage;

sonde_status sonde_disk_usage_get(sonde *context, sonde_disk_usage *out, const char *path, uint64_t timeout) {
  if (!sondei_context_begin(context, out != NULL && path != NULL && path[0] != '\0')) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_RECORD(status, context, DISK_USAGE, sonde_disk_usage, out, &empty_disk_usage,
                    layer->backend->disk->usage(SONDEI_LAYER, &filled, path, timeout));
  return status;
}

static const sonde_disk_io empty_disk_io = {
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_disk_io, sonde_disk_io, empty_disk_io);
SONDEI_DEFINE_FREE(sonde_disk_io_list);

sonde_status sonde_disk_io_list_get(sonde *context, sonde_disk_io_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, DISK_IO, out, &type_disk_io, layer->backend->disk->io_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_disk_device empty_disk_device = {
    .name = SONDEI_EMPTY_STRING,
    .parent = SONDEI_EMPTY_STRING,
    .vendor = SONDEI_EMPTY_STRING,
    .model = SONDEI_EMPTY_STRING,
    .serial = SONDEI_EMPTY_STRING,
    .firmware = SONDEI_EMPTY_STRING,
    .wwn = SONDEI_EMPTY_STRING,
    .type = SONDEI_EMPTY_STRING,
    .mapped_name = SONDEI_EMPTY_STRING,
    .backing_file = SONDEI_EMPTY_STRING,
    .label = SONDEI_EMPTY_STRING,
    .uuid = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_disk_device, sonde_disk_device, empty_disk_device);
SONDEI_DEFINE_FREE(sonde_disk_device_list);

sonde_status sonde_disk_device_list_get(sonde *context, sonde_disk_device_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, DISK_DEVICES, out, &type_disk_device,
                  layer->backend->disk->device_list(SONDEI_LAYER, fill));
  return status;
}
