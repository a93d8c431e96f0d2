/* SPDX-License-Identifier: MIT */
/* The network: checks arguments and asks the backends. */
#include "core/net.h"
#include "core/dispatch.h"

static const sonde_net_io empty_net_io = {
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_net_io, sonde_net_io, empty_net_io);
SONDEI_DEFINE_FREE(sonde_net_io_list);

sonde_status sonde_net_io_list_get(sonde *context, sonde_net_io_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_IO, out, &type_net_io, layer->backend->net->io_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_net_if_addr empty_net_if_addr = {
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_net_if_addr, sonde_net_if_addr, empty_net_if_addr);
SONDEI_DEFINE_FREE(sonde_net_if_addr_list);

sonde_status sonde_net_if_addr_list_get(sonde *context, sonde_net_if_addr_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_IF_ADDRS, out, &type_net_if_addr,
                  layer->backend->net->if_addr_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_net_if_stats empty_net_if_stats = {
    .name = SONDEI_EMPTY_STRING,
    .operstate = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_net_if_stats, sonde_net_if_stats, empty_net_if_stats);
SONDEI_DEFINE_FREE(sonde_net_if_stats_list);

sonde_status sonde_net_if_stats_list_get(sonde *context, sonde_net_if_stats_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_IF_STATS, out, &type_net_if_stats,
                  layer->backend->net->if_stats_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_connection empty_connection = {
    .lpath = SONDEI_EMPTY_STRING,
    .rpath = SONDEI_EMPTY_STRING,
    .pid = SONDE_PID_UNKNOWN,
    .fd = -1,
};
const struct sondei_row_type sondei_connection_type = {sizeof(sonde_connection), offsetof(sonde_connection, status),
                                                       &empty_connection};
SONDEI_DEFINE_FREE(sonde_connection_list);

bool sondei_connection_kinds_are_sound(uint32_t kinds) {
  const uint32_t known = SONDE_CONNECTION_ALL | SONDE_CONNECTION_OWNER | SONDE_CONNECTION_TCP_INFO;
  return (kinds & SONDE_CONNECTION_ALL) != 0 && (kinds & ~known) == 0;
}

sonde_status sonde_connection_list_get(sonde *context, sonde_connection_list *out, uint32_t kinds) {
  if (!sondei_context_begin(context, out != NULL && sondei_connection_kinds_are_sound(kinds))) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_CONNECTIONS, out, &sondei_connection_type,
                  layer->backend->net->connection_list(SONDEI_LAYER, fill, kinds));
  return status;
}

static const sonde_net_protocol empty_net_protocol = {
    .protocol = SONDEI_EMPTY_STRING,
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_net_protocol, sonde_net_protocol, empty_net_protocol);
SONDEI_DEFINE_FREE(sonde_net_protocol_list);

sonde_status sonde_net_protocol_list_get(sonde *context, sonde_net_protocol_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_PROTOCOLS, out, &type_net_protocol,
                  layer->backend->net->protocol_list(SONDEI_LAYER, fill));
  return status;
}

static const sonde_net_error empty_net_error = {
    .name = SONDEI_EMPTY_STRING,
};
SONDEI_ROW_TYPE(type_net_error, sonde_net_error, empty_net_error);
SONDEI_DEFINE_FREE(sonde_net_error_list);

sonde_status sonde_net_error_list_get(sonde *context, sonde_net_error_list *out) {
  if (!sondei_context_begin(context, out != NULL)) return SONDE_ERR_INVALID;
  sonde_status status = SONDE_OK;
  SONDEI_GET_LIST(status, context, NET_ERRORS, out, &type_net_error,
                  layer->backend->net->error_list(SONDEI_LAYER, fill));
  return status;
}
